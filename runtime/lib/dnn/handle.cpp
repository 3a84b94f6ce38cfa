// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Handles and versions.
#include "runtime/lib/dnn/handle.h"

#include "runtime/lib/common/api.h"

#include <new>

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t cudnnCreate(cudnnHandle_t* handle) {
    return guard(__func__, [&] {
        if (handle == nullptr) return null_pointer("handle");
        *handle = nullptr;
        int devices = 0;
        if (const cudaError_t error = cudaGetDeviceCount(&devices);
            error != cudaSuccess || devices == 0)
            return fail(CUDNN_STATUS_NOT_INITIALIZED, "no device: %s", cudaGetErrorString(error));
        *handle = new (std::nothrow) cudnnContext;
        return *handle == nullptr ? CUDNN_STATUS_ALLOC_FAILED : CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
    return guard(__func__, handle, [&] {
        delete handle;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
    return guard(__func__, handle, [&] {
        handle->stream = stream;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetStream(cudnnHandle_t handle, cudaStream_t* stream) {
    return guard(__func__, handle, [&] {
        if (stream == nullptr) return null_pointer("stream");
        *stream = handle->stream;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API size_t cudnnGetVersion() {
    return CUDNN_VERSION;
}
ACC_LIBRARY_API size_t cudnnGetMaxDeviceVersion() {
    return CUDNN_MAX_DEVICE_VERSION;
}
ACC_LIBRARY_API size_t cudnnGetCudartVersion() {
    return CUDART_VERSION;
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetProperty(libraryPropertyType type, int* value) {
    return guard(__func__, [&] {
        if (value == nullptr) return null_pointer("value");
        switch (type) {
        case MAJOR_VERSION: *value = CUDNN_MAJOR; return CUDNN_STATUS_SUCCESS;
        case MINOR_VERSION: *value = CUDNN_MINOR; return CUDNN_STATUS_SUCCESS;
        case PATCH_LEVEL: *value = CUDNN_PATCHLEVEL; return CUDNN_STATUS_SUCCESS;
        default: return fail(CUDNN_STATUS_INVALID_VALUE, "no property %d", int(type));
        }
    });
}

// There is one library; its parts are of one version.
ACC_LIBRARY_API cudnnStatus_t cudnnGraphVersionCheck() {
    return CUDNN_STATUS_SUCCESS;
}
ACC_LIBRARY_API cudnnStatus_t cudnnOpsVersionCheck() {
    return CUDNN_STATUS_SUCCESS;
}
ACC_LIBRARY_API cudnnStatus_t cudnnCnnVersionCheck() {
    return CUDNN_STATUS_SUCCESS;
}
ACC_LIBRARY_API cudnnStatus_t cudnnAdvVersionCheck() {
    return CUDNN_STATUS_SUCCESS;
}

/// Kernels leave no codes behind: an error of theirs is an error of the stream.
ACC_LIBRARY_API cudnnStatus_t cudnnQueryRuntimeError(cudnnHandle_t handle, cudnnStatus_t* rstatus,
                                                     cudnnErrQueryMode_t mode,
                                                     cudnnRuntimeTag_t* tag) {
    return guard(__func__, handle, [&] {
        if (rstatus == nullptr) return null_pointer("rstatus");
        if (tag != nullptr) return fail(CUDNN_STATUS_BAD_PARAM, "tag is reserved: null");
        *rstatus = CUDNN_STATUS_SUCCESS;
        cudaError_t error = cudaSuccess;
        switch (mode) {
        case CUDNN_ERRQUERY_RAWCODE: return CUDNN_STATUS_SUCCESS;
        case CUDNN_ERRQUERY_NONBLOCKING: error = cudaStreamQuery(handle->stream); break;
        case CUDNN_ERRQUERY_BLOCKING: error = cudaStreamSynchronize(handle->stream); break;
        default: return fail(CUDNN_STATUS_BAD_PARAM, "no mode %d", int(mode));
        }
        if (error == cudaErrorNotReady)
            *rstatus = CUDNN_STATUS_RUNTIME_IN_PROGRESS;
        else if (error != cudaSuccess)
            *rstatus = CUDNN_STATUS_EXECUTION_FAILED;
        return CUDNN_STATUS_SUCCESS;
    });
}
