// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/solver/handle.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"

#include <new>

namespace acc::solver {

cusolverStatus_t status_of(cudaError_t error) {
    switch (error) {
    case cudaSuccess: return CUSOLVER_STATUS_SUCCESS;
    case cudaErrorMemoryAllocation: return CUSOLVER_STATUS_ALLOC_FAILED;
    default: return CUSOLVER_STATUS_EXECUTION_FAILED;
    }
}

cusolverStatus_t finished(const char* function, cusolverStatus_t status) {
    if (status != CUSOLVER_STATUS_SUCCESS)
        lib::report(lib::Level::debug, "cusolver", "%s: status %d", function, int(status));
    return status;
}

namespace {

template <class T>
cusolverStatus_t create(T** place) {
    if (place == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;
    *place = new (std::nothrow) T;
    return *place == nullptr ? CUSOLVER_STATUS_ALLOC_FAILED : CUSOLVER_STATUS_SUCCESS;
}

template <class I>
cusolverStatus_t create_info(I** place) {
    const cusolverStatus_t status = create(place);
    if (status != CUSOLVER_STATUS_SUCCESS) return status;
    const cudaError_t error = cudaMalloc(reinterpret_cast<void**>(&(*place)->result),
                                         sizeof(JacobiResult));
    if (error == cudaSuccess) return CUSOLVER_STATUS_SUCCESS;
    delete *place;
    *place = nullptr;
    return CUSOLVER_STATUS_ALLOC_FAILED;
}

/// Waits for the stream.
cusolverStatus_t result_of(const Context& context, const JacobiInfo* info, JacobiResult* result) {
    if (info == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;
    if (!info->single) return CUSOLVER_STATUS_NOT_SUPPORTED;
    cudaError_t error = cudaStreamSynchronize(context.stream);
    if (error == cudaSuccess)
        error = cudaMemcpy(result, info->result, sizeof *result, cudaMemcpyDeviceToHost);
    return status_of(error);
}

} // namespace
} // namespace acc::solver

using namespace acc::solver;

ACC_LIBRARY_API cusolverStatus_t cusolverGetProperty(libraryPropertyType type, int* value) {
    if (value == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;
    switch (type) {
    case MAJOR_VERSION: *value = CUSOLVER_VER_MAJOR; return CUSOLVER_STATUS_SUCCESS;
    case MINOR_VERSION: *value = CUSOLVER_VER_MINOR; return CUSOLVER_STATUS_SUCCESS;
    case PATCH_LEVEL: *value = CUSOLVER_VER_PATCH; return CUSOLVER_STATUS_SUCCESS;
    default: return CUSOLVER_STATUS_INVALID_VALUE;
    }
}

ACC_LIBRARY_API cusolverStatus_t cusolverGetVersion(int* version) {
    if (version == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;
    *version = CUSOLVER_VERSION;
    return CUSOLVER_STATUS_SUCCESS;
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnCreate(cusolverDnHandle_t* handle) {
    return guard(__func__, [&] {
        int devices = 0;
        if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0)
            return CUSOLVER_STATUS_NOT_INITIALIZED;
        return create(handle);
    });
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnDestroy(cusolverDnHandle_t handle) {
    return guard(__func__, handle, [&] {
        delete handle;
        return CUSOLVER_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnSetStream(cusolverDnHandle_t handle,
                                                     cudaStream_t stream) {
    return guard(__func__, handle, [&] {
        handle->stream = stream;
        return CUSOLVER_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnGetStream(cusolverDnHandle_t handle,
                                                     cudaStream_t* stream) {
    return guard(__func__, handle, [&] {
        if (stream == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;
        *stream = handle->stream;
        return CUSOLVER_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnSetDeterministicMode(cusolverDnHandle_t handle,
                                                                cusolverDeterministicMode_t mode) {
    return guard(__func__, handle, [&] {
        if (mode != CUSOLVER_DETERMINISTIC_RESULTS &&
            mode != CUSOLVER_ALLOW_NON_DETERMINISTIC_RESULTS)
            return CUSOLVER_STATUS_INVALID_VALUE;
        handle->mode = mode;
        return CUSOLVER_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnGetDeterministicMode(cusolverDnHandle_t handle,
                                                                cusolverDeterministicMode_t* mode) {
    return guard(__func__, handle, [&] {
        if (mode == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;
        *mode = handle->mode;
        return CUSOLVER_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnCreateParams(cusolverDnParams_t* params) {
    return guard(__func__, [&] { return create(params); });
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnDestroyParams(cusolverDnParams_t params) {
    delete params;
    return CUSOLVER_STATUS_SUCCESS;
}

ACC_LIBRARY_API cusolverStatus_t cusolverDnSetAdvOptions(cusolverDnParams_t params,
                                                         cusolverDnFunction_t function,
                                                         cusolverAlgMode_t algorithm) {
    return guard(__func__, [&] {
        const bool known = function >= CUSOLVERDN_GETRF && function <= CUSOLVERDN_SYEVBATCHED &&
                           algorithm >= CUSOLVER_ALG_0 && algorithm <= CUSOLVER_ALG_2;
        return params == nullptr || !known ? CUSOLVER_STATUS_INVALID_VALUE
                                           : CUSOLVER_STATUS_SUCCESS;
    });
}

#define ACC_JACOBI(CREATED, NAME, TYPE)                                                            \
    ACC_LIBRARY_API cusolverStatus_t cusolverDnCreate##CREATED##Info(TYPE* info) {                 \
        return guard(__func__, [&] { return create_info(info); });                                 \
    }                                                                                              \
    ACC_LIBRARY_API cusolverStatus_t cusolverDnDestroy##CREATED##Info(TYPE info) {                 \
        if (info != nullptr) cudaFree(info->result);                                               \
        delete info;                                                                               \
        return CUSOLVER_STATUS_SUCCESS;                                                            \
    }                                                                                              \
    ACC_LIBRARY_API cusolverStatus_t cusolverDnX##NAME##SetTolerance(TYPE info,                    \
                                                                     double tolerance) {           \
        return guard(__func__, [&] {                                                               \
            if (info == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;                             \
            info->tolerance = tolerance;                                                           \
            return CUSOLVER_STATUS_SUCCESS;                                                        \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusolverStatus_t cusolverDnX##NAME##SetMaxSweeps(TYPE info, int sweeps) {      \
        return guard(__func__, [&] {                                                               \
            if (info == nullptr || sweeps < 0) return CUSOLVER_STATUS_INVALID_VALUE;               \
            info->max_sweeps = sweeps;                                                             \
            return CUSOLVER_STATUS_SUCCESS;                                                        \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusolverStatus_t cusolverDnX##NAME##SetSortEig(TYPE info, int sort) {          \
        return guard(__func__, [&] {                                                               \
            if (info == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;                             \
            info->sort = sort != 0;                                                                \
            return CUSOLVER_STATUS_SUCCESS;                                                        \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusolverStatus_t cusolverDnX##NAME##GetResidual(cusolverDnHandle_t handle,     \
                                                                    TYPE info, double* residual) { \
        return guard(__func__, handle, [&] {                                                       \
            if (residual == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;                         \
            JacobiResult result = {};                                                              \
            const cusolverStatus_t status = result_of(*handle, info, &result);                     \
            if (status == CUSOLVER_STATUS_SUCCESS) *residual = result.residual;                    \
            return status;                                                                         \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusolverStatus_t cusolverDnX##NAME##GetSweeps(cusolverDnHandle_t handle,       \
                                                                  TYPE info, int* sweeps) {        \
        return guard(__func__, handle, [&] {                                                       \
            if (sweeps == nullptr) return CUSOLVER_STATUS_INVALID_VALUE;                           \
            JacobiResult result = {};                                                              \
            const cusolverStatus_t status = result_of(*handle, info, &result);                     \
            if (status == CUSOLVER_STATUS_SUCCESS) *sweeps = result.sweeps;                        \
            return status;                                                                         \
        });                                                                                        \
    }
ACC_JACOBI(Syevj, syevj, syevjInfo_t)
ACC_JACOBI(Gesvdj, gesvdj, gesvdjInfo_t)
