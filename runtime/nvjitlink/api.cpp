// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of nvJitLink.h; each also under the names by which headers of CUDA 12.0 to 12.9 and
// 13.0 call them (__nvJitLinkCreate_12_9).
#include <cstring>
#include <fstream>
#include <iterator>

#include "common/handle_numbers/handle_numbers.h"
#include "runtime/nvjitlink/link.h"

using acc::jitlink::Link;

namespace {

/// Never destroyed: other static objects may link when the process ends.
acc::common::HandleNumbers<nvJitLinkHandle, Link>& links() {
    static auto& all = *new acc::common::HandleNumbers<nvJitLinkHandle, Link>;
    return all;
}

/// Nothing that C++ throws leaves a function of the API.
template <class Work>
nvJitLinkResult with(nvJitLinkHandle handle, Work work) {
    try {
        const std::shared_ptr<Link> link = links().find(handle);
        return link ? work(*link) : NVJITLINK_ERROR_INVALID_INPUT;
    } catch (...) {
        return NVJITLINK_ERROR_INTERNAL;
    }
}

nvJitLinkResult size_of(const std::string& text, size_t* size) {
    if (!size) return NVJITLINK_ERROR_NULL_INPUT;
    *size = text.size() + 1;
    return NVJITLINK_SUCCESS;
}

nvJitLinkResult copy_of(const std::string& text, char* to) {
    if (!to) return NVJITLINK_ERROR_NULL_INPUT;
    std::memcpy(to, text.c_str(), text.size() + 1);
    return NVJITLINK_SUCCESS;
}

} // namespace

// NAME(parameters), and its versions as aliases.
#define ACC_ALIAS(NAME, VERSION, PARAMETERS)                                                       \
    extern "C" __attribute__((visibility("default"),                                               \
                              alias(#NAME))) nvJitLinkResult __##NAME##_##VERSION PARAMETERS;
#define ACC_JITLINK(NAME, PARAMETERS)                                                              \
    extern "C" __attribute__((visibility("default"))) nvJitLinkResult NAME PARAMETERS;             \
    ACC_ALIAS(NAME, 12_0, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_1, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_2, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_3, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_4, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_5, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_6, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_7, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_8, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 12_9, PARAMETERS)                                                              \
    ACC_ALIAS(NAME, 13_0, PARAMETERS)                                                              \
    nvJitLinkResult NAME PARAMETERS

ACC_JITLINK(nvJitLinkCreate, (nvJitLinkHandle * handle, uint32_t count, const char** options)) {
    if (!handle || (count > 0 && !options)) return NVJITLINK_ERROR_NULL_INPUT;
    try {
        auto link = std::make_shared<Link>();
        std::vector<std::string> all;
        for (uint32_t i = 0; i < count; ++i) {
            if (!options[i]) return NVJITLINK_ERROR_NULL_INPUT;
            all.push_back(options[i]);
        }
        // The handle is there after an error, too: for the log.
        const nvJitLinkResult result = link->set_options(all);
        *handle = links().add(std::move(link));
        return result;
    } catch (...) {
        return NVJITLINK_ERROR_INTERNAL;
    }
}

ACC_JITLINK(nvJitLinkDestroy, (nvJitLinkHandle * handle)) {
    if (!handle) return NVJITLINK_ERROR_NULL_INPUT;
    if (!links().remove(*handle)) return NVJITLINK_ERROR_INVALID_INPUT;
    *handle = nullptr;
    return NVJITLINK_SUCCESS;
}

ACC_JITLINK(nvJitLinkAddData, (nvJitLinkHandle handle, nvJitLinkInputType type, const void* data,
                               size_t size, const char* name)) {
    return with(handle, [&](Link& link) {
        if (!data) return NVJITLINK_ERROR_NULL_INPUT;
        const auto* start = static_cast<const uint8_t*>(data);
        return link.add(type, {start, start + size}, name ? name : "<unnamed>");
    });
}

ACC_JITLINK(nvJitLinkAddFile, (nvJitLinkHandle handle, nvJitLinkInputType type, const char* path)) {
    return with(handle, [&](Link& link) {
        if (!path) return NVJITLINK_ERROR_NULL_INPUT;
        std::ifstream file(path, std::ios::binary);
        if (!file) {
            link.errors += std::string("nvJitLink fatal   : cannot open ") + path + "\n";
            return NVJITLINK_ERROR_INVALID_INPUT;
        }
        return link.add(type, {std::istreambuf_iterator<char>(file), {}}, path);
    });
}

ACC_JITLINK(nvJitLinkComplete, (nvJitLinkHandle handle)) {
    return with(handle, [](Link& link) { return link.complete(); });
}

ACC_JITLINK(nvJitLinkGetLinkedCubinSize, (nvJitLinkHandle handle, size_t* size)) {
    return with(handle, [&](Link& link) {
        if (!size) return NVJITLINK_ERROR_NULL_INPUT;
        *size = link.code().size();
        return NVJITLINK_SUCCESS;
    });
}

ACC_JITLINK(nvJitLinkGetLinkedCubin, (nvJitLinkHandle handle, void* to)) {
    return with(handle, [&](Link& link) {
        if (!to) return NVJITLINK_ERROR_NULL_INPUT;
        std::memcpy(to, link.code().data(), link.code().size());
        return NVJITLINK_SUCCESS;
    });
}

ACC_JITLINK(nvJitLinkGetLinkedPtxSize, (nvJitLinkHandle handle, size_t* size)) {
    return with(handle, [&](Link&) {
        return size ? NVJITLINK_ERROR_INTERNAL : NVJITLINK_ERROR_NULL_INPUT;
    });
}

ACC_JITLINK(nvJitLinkGetLinkedPtx, (nvJitLinkHandle handle, char* to)) {
    return with(handle,
                [&](Link&) { return to ? NVJITLINK_ERROR_INTERNAL : NVJITLINK_ERROR_NULL_INPUT; });
}

ACC_JITLINK(nvJitLinkGetErrorLogSize, (nvJitLinkHandle handle, size_t* size)) {
    return with(handle, [&](Link& link) { return size_of(link.errors, size); });
}
ACC_JITLINK(nvJitLinkGetErrorLog, (nvJitLinkHandle handle, char* log)) {
    return with(handle, [&](Link& link) { return copy_of(link.errors, log); });
}
ACC_JITLINK(nvJitLinkGetInfoLogSize, (nvJitLinkHandle handle, size_t* size)) {
    return with(handle, [&](Link& link) { return size_of(link.infos, size); });
}
ACC_JITLINK(nvJitLinkGetInfoLog, (nvJitLinkHandle handle, char* log)) {
    return with(handle, [&](Link& link) { return copy_of(link.infos, log); });
}

extern "C" __attribute__((visibility("default"))) nvJitLinkResult
nvJitLinkVersion(unsigned int* major, unsigned int* minor) {
    if (!major || !minor) return NVJITLINK_ERROR_NULL_INPUT;
    *major = 12;
    *minor = 9;
    return NVJITLINK_SUCCESS;
}
