// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// NVTX: marks and ranges for a profiler. With no tool attached every function does nothing and
// returns what the documentation gives for that case; no tool of ours attaches yet.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define NVTX_VERSION 3
#define NVTX_NO_PUSH_POP_TRACKING ((int)-2)
#define NVTX_INVALID_RANGE_ID ((nvtxRangeId_t) - 1)

typedef uint64_t nvtxRangeId_t;
typedef struct nvtxDomainRegistration_st* nvtxDomainHandle_t;
typedef struct nvtxStringRegistration_st* nvtxStringHandle_t;
typedef struct nvtxResourceHandle_st* nvtxResourceHandle_t;

typedef enum nvtxColorType_t { NVTX_COLOR_UNKNOWN = 0, NVTX_COLOR_ARGB = 1 } nvtxColorType_t;

typedef enum nvtxMessageType_t {
    NVTX_MESSAGE_UNKNOWN = 0,
    NVTX_MESSAGE_TYPE_ASCII = 1,
    NVTX_MESSAGE_TYPE_UNICODE = 2,
    NVTX_MESSAGE_TYPE_REGISTERED = 3
} nvtxMessageType_t;

typedef enum nvtxPayloadType_t {
    NVTX_PAYLOAD_UNKNOWN = 0,
    NVTX_PAYLOAD_TYPE_UNSIGNED_INT64 = 1,
    NVTX_PAYLOAD_TYPE_INT64 = 2,
    NVTX_PAYLOAD_TYPE_DOUBLE = 3,
    NVTX_PAYLOAD_TYPE_UNSIGNED_INT32 = 4,
    NVTX_PAYLOAD_TYPE_INT32 = 5,
    NVTX_PAYLOAD_TYPE_FLOAT = 6
} nvtxPayloadType_t;

typedef union nvtxMessageValue_t {
    const char* ascii;
    const wchar_t* unicode;
    nvtxStringHandle_t registered;
} nvtxMessageValue_t;

/// What an event carries; `version` and `size` are NVTX_VERSION and NVTX_EVENT_ATTRIB_STRUCT_SIZE.
typedef struct nvtxEventAttributes_v2 {
    uint16_t version;
    uint16_t size;
    uint32_t category;
    int32_t colorType;
    uint32_t color;
    int32_t payloadType;
    int32_t reserved0;
    union payload_t {
        uint64_t ullValue;
        int64_t llValue;
        double dValue;
        uint32_t uiValue;
        int32_t iValue;
        float fValue;
    } payload;
    int32_t messageType;
    nvtxMessageValue_t message;
} nvtxEventAttributes_t;
#define NVTX_EVENT_ATTRIB_STRUCT_SIZE ((uint16_t)(sizeof(nvtxEventAttributes_t)))

typedef struct nvtxInitializationAttributes_v2 {
    uint16_t version;
    uint16_t size;
} nvtxInitializationAttributes_t;

#define __ACC_NVTX static __inline__

__ACC_NVTX void nvtxInitialize(const void* reserved) {
    (void)reserved;
}

__ACC_NVTX void nvtxMarkEx(const nvtxEventAttributes_t* event) {
    (void)event;
}
__ACC_NVTX void nvtxMarkA(const char* message) {
    (void)message;
}
__ACC_NVTX void nvtxMarkW(const wchar_t* message) {
    (void)message;
}

__ACC_NVTX nvtxRangeId_t nvtxRangeStartEx(const nvtxEventAttributes_t* event) {
    (void)event;
    return 0;
}
__ACC_NVTX nvtxRangeId_t nvtxRangeStartA(const char* message) {
    (void)message;
    return 0;
}
__ACC_NVTX nvtxRangeId_t nvtxRangeStartW(const wchar_t* message) {
    (void)message;
    return 0;
}
__ACC_NVTX void nvtxRangeEnd(nvtxRangeId_t id) {
    (void)id;
}

__ACC_NVTX int nvtxRangePushEx(const nvtxEventAttributes_t* event) {
    (void)event;
    return NVTX_NO_PUSH_POP_TRACKING;
}
__ACC_NVTX int nvtxRangePushA(const char* message) {
    (void)message;
    return NVTX_NO_PUSH_POP_TRACKING;
}
__ACC_NVTX int nvtxRangePushW(const wchar_t* message) {
    (void)message;
    return NVTX_NO_PUSH_POP_TRACKING;
}
__ACC_NVTX int nvtxRangePop(void) {
    return NVTX_NO_PUSH_POP_TRACKING;
}

__ACC_NVTX void nvtxNameCategoryA(uint32_t category, const char* name) {
    (void)category, (void)name;
}
__ACC_NVTX void nvtxNameCategoryW(uint32_t category, const wchar_t* name) {
    (void)category, (void)name;
}
__ACC_NVTX void nvtxNameOsThreadA(uint32_t thread, const char* name) {
    (void)thread, (void)name;
}
__ACC_NVTX void nvtxNameOsThreadW(uint32_t thread, const wchar_t* name) {
    (void)thread, (void)name;
}

// Domains.
__ACC_NVTX nvtxDomainHandle_t nvtxDomainCreateA(const char* name) {
    (void)name;
    return NULL;
}
__ACC_NVTX nvtxDomainHandle_t nvtxDomainCreateW(const wchar_t* name) {
    (void)name;
    return NULL;
}
__ACC_NVTX void nvtxDomainDestroy(nvtxDomainHandle_t domain) {
    (void)domain;
}
__ACC_NVTX void nvtxDomainMarkEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* event) {
    (void)domain, (void)event;
}
__ACC_NVTX nvtxRangeId_t nvtxDomainRangeStartEx(nvtxDomainHandle_t domain,
                                                const nvtxEventAttributes_t* event) {
    (void)domain, (void)event;
    return 0;
}
__ACC_NVTX void nvtxDomainRangeEnd(nvtxDomainHandle_t domain, nvtxRangeId_t id) {
    (void)domain, (void)id;
}
__ACC_NVTX int nvtxDomainRangePushEx(nvtxDomainHandle_t domain,
                                     const nvtxEventAttributes_t* event) {
    (void)domain, (void)event;
    return NVTX_NO_PUSH_POP_TRACKING;
}
__ACC_NVTX int nvtxDomainRangePop(nvtxDomainHandle_t domain) {
    (void)domain;
    return NVTX_NO_PUSH_POP_TRACKING;
}
__ACC_NVTX void nvtxDomainNameCategoryA(nvtxDomainHandle_t domain, uint32_t category,
                                        const char* name) {
    (void)domain, (void)category, (void)name;
}
__ACC_NVTX void nvtxDomainNameCategoryW(nvtxDomainHandle_t domain, uint32_t category,
                                        const wchar_t* name) {
    (void)domain, (void)category, (void)name;
}
__ACC_NVTX nvtxStringHandle_t nvtxDomainRegisterStringA(nvtxDomainHandle_t domain,
                                                        const char* text) {
    (void)domain, (void)text;
    return NULL;
}
__ACC_NVTX nvtxStringHandle_t nvtxDomainRegisterStringW(nvtxDomainHandle_t domain,
                                                        const wchar_t* text) {
    (void)domain, (void)text;
    return NULL;
}

#undef __ACC_NVTX

#if defined(UNICODE)
#define nvtxMark nvtxMarkW
#define nvtxRangeStart nvtxRangeStartW
#define nvtxRangePush nvtxRangePushW
#define nvtxNameCategory nvtxNameCategoryW
#define nvtxNameOsThread nvtxNameOsThreadW
#define nvtxDomainCreate nvtxDomainCreateW
#define nvtxDomainNameCategory nvtxDomainNameCategoryW
#define nvtxDomainRegisterString nvtxDomainRegisterStringW
#else
#define nvtxMark nvtxMarkA
#define nvtxRangeStart nvtxRangeStartA
#define nvtxRangePush nvtxRangePushA
#define nvtxNameCategory nvtxNameCategoryA
#define nvtxNameOsThread nvtxNameOsThreadA
#define nvtxDomainCreate nvtxDomainCreateA
#define nvtxDomainNameCategory nvtxDomainNameCategoryA
#define nvtxDomainRegisterString nvtxDomainRegisterStringA
#endif
