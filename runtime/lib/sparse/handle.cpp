// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/sparse/handle.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"

#include <cstring>
#include <new>

namespace acc::sparse {

cusparseStatus_t status_of(cudaError_t error) {
    switch (error) {
    case cudaSuccess: return CUSPARSE_STATUS_SUCCESS;
    case cudaErrorMemoryAllocation: return CUSPARSE_STATUS_ALLOC_FAILED;
    default: return CUSPARSE_STATUS_EXECUTION_FAILED;
    }
}

AnyScalar scalar(const Context& context, Element type, const void* given) {
    AnyScalar result = {{0, 0}, nullptr};
    if (context.pointer_mode == CUSPARSE_POINTER_MODE_DEVICE)
        result.pointer = given;
    else
        std::memcpy(result.value, given, size_of(type));
    return result;
}

bool is_host_zero(const Context& context, Element type, const void* given) {
    if (context.pointer_mode == CUSPARSE_POINTER_MODE_DEVICE) return false;
    switch (type) {
    case Element::F32: return *static_cast<const float*>(given) == 0;
    case Element::F64: return *static_cast<const double*>(given) == 0;
    case Element::C32: {
        const auto* c = static_cast<const float*>(given);
        return c[0] == 0 && c[1] == 0;
    }
    case Element::C64: {
        const auto* c = static_cast<const double*>(given);
        return c[0] == 0 && c[1] == 0;
    }
    default: return *static_cast<const int*>(given) == 0;
    }
}

cusparseStatus_t fetch(const Context& context, const void* device, void* host, size_t size) {
    cudaError_t error = cudaMemcpyAsync(context.host_result, device, size, cudaMemcpyDefault,
                                        context.stream);
    if (error == cudaSuccess) error = cudaStreamSynchronize(context.stream);
    if (error == cudaSuccess) std::memcpy(host, context.host_result, size);
    return status_of(error);
}

} // namespace acc::sparse

using namespace acc::sparse;

ACC_LIBRARY_API cusparseStatus_t cusparseCreate(cusparseHandle_t* handle) {
    return guard(__func__, [&] {
        if (handle == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        *handle = nullptr;
        int devices = 0;
        if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0)
            return CUSPARSE_STATUS_NOT_INITIALIZED;
        auto* context = new (std::nothrow) cusparseContext;
        if (context == nullptr) return CUSPARSE_STATUS_ALLOC_FAILED;
        const cudaError_t error = cudaHostAlloc(&context->host_result, kHostResultSize,
                                                cudaHostAllocDefault);
        if (error != cudaSuccess) {
            acc::lib::report(acc::lib::Level::error, "cusparse", "cusparseCreate: %s",
                             cudaGetErrorString(error));
            delete context;
            return error == cudaErrorMemoryAllocation ? CUSPARSE_STATUS_ALLOC_FAILED
                                                      : CUSPARSE_STATUS_NOT_INITIALIZED;
        }
        *handle = context;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseDestroy(cusparseHandle_t handle) {
    return guard(__func__, handle, [&] {
        cudaFreeHost(handle->host_result);
        for (void* result : handle->captured_results)
            cudaFreeHost(result);
        delete handle;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseGetVersion(cusparseHandle_t handle, int* version) {
    return guard(__func__, handle, [&] {
        if (version == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        *version = CUSPARSE_VERSION;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseGetProperty(libraryPropertyType type, int* value) {
    return guard(__func__, [&] {
        if (value == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        switch (type) {
        case MAJOR_VERSION: *value = CUSPARSE_VER_MAJOR; return CUSPARSE_STATUS_SUCCESS;
        case MINOR_VERSION: *value = CUSPARSE_VER_MINOR; return CUSPARSE_STATUS_SUCCESS;
        case PATCH_LEVEL: *value = CUSPARSE_VER_PATCH; return CUSPARSE_STATUS_SUCCESS;
        default: return CUSPARSE_STATUS_INVALID_VALUE;
        }
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSetStream(cusparseHandle_t handle, cudaStream_t stream) {
    return guard(__func__, handle, [&] {
        handle->stream = stream;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseGetStream(cusparseHandle_t handle, cudaStream_t* stream) {
    return guard(__func__, handle, [&] {
        if (stream == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        *stream = handle->stream;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseGetPointerMode(cusparseHandle_t handle,
                                                        cusparsePointerMode_t* mode) {
    return guard(__func__, handle, [&] {
        if (mode == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
        *mode = handle->pointer_mode;
        return CUSPARSE_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusparseStatus_t cusparseSetPointerMode(cusparseHandle_t handle,
                                                        cusparsePointerMode_t mode) {
    return guard(__func__, handle, [&] {
        if (mode != CUSPARSE_POINTER_MODE_HOST && mode != CUSPARSE_POINTER_MODE_DEVICE)
            return CUSPARSE_STATUS_INVALID_VALUE;
        handle->pointer_mode = mode;
        return CUSPARSE_STATUS_SUCCESS;
    });
}
