// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/blas/handle.h"

#include "runtime/lib/blas/status_table.h"
#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"

#include <cublas_v2.h>

#include <new>

namespace acc::blas {
namespace {

constexpr size_t kScratchPerChunk = 64;

/// Memory for one more stream.
cudaError_t more_scratch(Context& context, void** place) {
    if (context.scratch_chunks.empty() || context.scratch_used == kScratchPerChunk) {
        void* chunk = nullptr;
        // Also while the thread captures a stream, which this memory is none of.
        cudaStreamCaptureMode mode = cudaStreamCaptureModeRelaxed;
        cudaThreadExchangeStreamCaptureMode(&mode);
        const cudaError_t error = cudaMalloc(&chunk, kScratchPerChunk * kScratchSize);
        cudaThreadExchangeStreamCaptureMode(&mode);
        if (error != cudaSuccess) return error;
        context.scratch_chunks.push_back(chunk);
        context.scratch_used = 0;
    }
    *place = static_cast<char*>(context.scratch_chunks.back()) +
             kScratchSize * context.scratch_used++;
    return cudaSuccess;
}

void free_all(Context& context) {
    for (void* chunk : context.scratch_chunks)
        cudaFree(chunk);
    cudaFreeHost(context.host_result);
}

bool known(cublasMath_t mode) {
    switch (int(mode) & ~int(CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION)) {
    case CUBLAS_DEFAULT_MATH:
    case CUBLAS_TENSOR_OP_MATH:
    case CUBLAS_PEDANTIC_MATH:
    case CUBLAS_TF32_TENSOR_OP_MATH:
    case CUBLAS_FP32_EMULATED_BF16X9_MATH:
    case CUBLAS_FP64_EMULATED_FIXEDPOINT_MATH: return true;
    default: return false;
    }
}

/// A getter: `value` into `*place`.
template <class T>
cublasStatus_t get(cublasHandle_t handle, T cublasContext::* member, T* place) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (place == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *place = handle->*member;
    return CUBLAS_STATUS_SUCCESS;
}

/// A setter of what may be any value for which `valid` holds.
template <class T>
cublasStatus_t set(cublasHandle_t handle, T cublasContext::* member, T value, bool valid) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (!valid) return CUBLAS_STATUS_INVALID_VALUE;
    handle->*member = value;
    return CUBLAS_STATUS_SUCCESS;
}

} // namespace

cublasStatus_t use_stream(Context& context, cudaStream_t stream) {
    const auto found = context.scratch_of_stream.find(stream);
    void* place = found == context.scratch_of_stream.end() ? nullptr : found->second;
    if (place == nullptr) {
        if (more_scratch(context, &place) != cudaSuccess) return CUBLAS_STATUS_ALLOC_FAILED;
        context.scratch_of_stream[stream] = place;
    }
    context.stream = stream;
    context.scratch = place;
    return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t finished(const Context&, const char* function, cublasStatus_t status) {
    log_call(function, status);
    return status;
}

} // namespace acc::blas

using namespace acc::blas;

ACC_LIBRARY_API cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
    if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *handle = nullptr;
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0)
        return CUBLAS_STATUS_NOT_INITIALIZED;
    auto* context = new (std::nothrow) cublasContext;
    if (context == nullptr) return CUBLAS_STATUS_ALLOC_FAILED;
    const cudaError_t error = cudaHostAlloc(&context->host_result, kHostResultSize,
                                            cudaHostAllocDefault);
    if (error != cudaSuccess || use_stream(*context, nullptr) != CUBLAS_STATUS_SUCCESS) {
        acc::lib::report(acc::lib::Level::error, "cublas", "cublasCreate: %s",
                         cudaGetErrorString(error != cudaSuccess ? error : cudaGetLastError()));
        free_all(*context);
        delete context;
        return error == cudaErrorMemoryAllocation ? CUBLAS_STATUS_ALLOC_FAILED
                                                  : CUBLAS_STATUS_NOT_INITIALIZED;
    }
    *handle = context;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    // Freeing waits for the device's work, as documented for this function.
    free_all(*handle);
    delete handle;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasGetVersion_v2(cublasHandle_t, int* version) {
    if (version == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *version = CUBLAS_VERSION;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasGetProperty(libraryPropertyType type, int* value) {
    if (value == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    switch (type) {
    case MAJOR_VERSION: *value = CUBLAS_VER_MAJOR; return CUBLAS_STATUS_SUCCESS;
    case MINOR_VERSION: *value = CUBLAS_VER_MINOR; return CUBLAS_STATUS_SUCCESS;
    case PATCH_LEVEL: *value = CUBLAS_VER_PATCH; return CUBLAS_STATUS_SUCCESS;
    default: return CUBLAS_STATUS_INVALID_VALUE;
    }
}

ACC_LIBRARY_API size_t cublasGetCudartVersion(void) {
    int version = 0;
    cudaRuntimeGetVersion(&version);
    return size_t(version);
}

ACC_LIBRARY_API cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    // As documented: a new stream takes the handle back to its own workspace.
    handle->workspace = nullptr;
    handle->workspace_size = 0;
    return use_stream(*handle, stream);
}

ACC_LIBRARY_API cublasStatus_t cublasGetStream_v2(cublasHandle_t handle, cudaStream_t* stream) {
    return get(handle, &cublasContext::stream, stream);
}

ACC_LIBRARY_API cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace,
                                                     size_t size) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (reinterpret_cast<uintptr_t>(workspace) % 256 != 0) return CUBLAS_STATUS_INVALID_VALUE;
    handle->workspace = workspace;
    handle->workspace_size = size;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasGetPointerMode_v2(cublasHandle_t handle,
                                                       cublasPointerMode_t* mode) {
    return get(handle, &cublasContext::pointer_mode, mode);
}

ACC_LIBRARY_API cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle,
                                                       cublasPointerMode_t mode) {
    return set(handle, &cublasContext::pointer_mode, mode,
               mode == CUBLAS_POINTER_MODE_HOST || mode == CUBLAS_POINTER_MODE_DEVICE);
}

ACC_LIBRARY_API cublasStatus_t cublasGetAtomicsMode(cublasHandle_t handle,
                                                    cublasAtomicsMode_t* mode) {
    return get(handle, &cublasContext::atomics_mode, mode);
}

ACC_LIBRARY_API cublasStatus_t cublasSetAtomicsMode(cublasHandle_t handle,
                                                    cublasAtomicsMode_t mode) {
    return set(handle, &cublasContext::atomics_mode, mode,
               mode == CUBLAS_ATOMICS_ALLOWED || mode == CUBLAS_ATOMICS_NOT_ALLOWED);
}

ACC_LIBRARY_API cublasStatus_t cublasGetMathMode(cublasHandle_t handle, cublasMath_t* mode) {
    return get(handle, &cublasContext::math_mode, mode);
}

ACC_LIBRARY_API cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
    return set(handle, &cublasContext::math_mode, mode, known(mode));
}

ACC_LIBRARY_API cublasStatus_t cublasGetSmCountTarget(cublasHandle_t handle, int* target) {
    return get(handle, &cublasContext::sm_count_target, target);
}

ACC_LIBRARY_API cublasStatus_t cublasSetSmCountTarget(cublasHandle_t handle, int target) {
    return set(handle, &cublasContext::sm_count_target, target, target >= 0);
}

ACC_LIBRARY_API const char* cublasGetStatusName(cublasStatus_t status) {
    return name_of(status);
}

ACC_LIBRARY_API const char* cublasGetStatusString(cublasStatus_t status) {
    return text_of(status);
}

// Settings of emulated arithmetic are kept and given back; nothing here is emulated.
ACC_LIBRARY_API cublasStatus_t cublasGetEmulationStrategy(cublasHandle_t handle,
                                                          cublasEmulationStrategy_t* strategy) {
    return get(handle, &cublasContext::emulation_strategy, strategy);
}

ACC_LIBRARY_API cublasStatus_t cublasSetEmulationStrategy(cublasHandle_t handle,
                                                          cublasEmulationStrategy_t strategy) {
    return set(handle, &cublasContext::emulation_strategy, strategy,
               int(strategy) >= CUBLAS_EMULATION_STRATEGY_DEFAULT &&
                   int(strategy) <= CUBLAS_EMULATION_STRATEGY_EAGER);
}

ACC_LIBRARY_API cublasStatus_t cublasGetEmulationSpecialValuesSupport(
    cublasHandle_t handle, cudaEmulationSpecialValuesSupport* mask) {
    return get(handle, &cublasContext::emulation_special_values, mask);
}

ACC_LIBRARY_API cublasStatus_t cublasSetEmulationSpecialValuesSupport(
    cublasHandle_t handle, cudaEmulationSpecialValuesSupport mask) {
    return set(handle, &cublasContext::emulation_special_values, mask, true);
}

ACC_LIBRARY_API cublasStatus_t cublasGetFixedPointEmulationMantissaControl(
    cublasHandle_t handle, cudaEmulationMantissaControl* control) {
    return get(handle, &cublasContext::emulation_mantissa_control, control);
}

ACC_LIBRARY_API cublasStatus_t cublasSetFixedPointEmulationMantissaControl(
    cublasHandle_t handle, cudaEmulationMantissaControl control) {
    return set(handle, &cublasContext::emulation_mantissa_control, control,
               control == CUDA_EMULATION_MANTISSA_CONTROL_DYNAMIC ||
                   control == CUDA_EMULATION_MANTISSA_CONTROL_FIXED);
}

ACC_LIBRARY_API cublasStatus_t
cublasGetFixedPointEmulationMaxMantissaBitCount(cublasHandle_t handle, int* count) {
    return get(handle, &cublasContext::emulation_max_mantissa_bits, count);
}

ACC_LIBRARY_API cublasStatus_t
cublasSetFixedPointEmulationMaxMantissaBitCount(cublasHandle_t handle, int count) {
    return set(handle, &cublasContext::emulation_max_mantissa_bits, count, count >= 0);
}

ACC_LIBRARY_API cublasStatus_t cublasGetFixedPointEmulationMantissaBitOffset(cublasHandle_t handle,
                                                                             int* offset) {
    return get(handle, &cublasContext::emulation_mantissa_bit_offset, offset);
}

ACC_LIBRARY_API cublasStatus_t cublasSetFixedPointEmulationMantissaBitOffset(cublasHandle_t handle,
                                                                             int offset) {
    return set(handle, &cublasContext::emulation_mantissa_bit_offset, offset, true);
}

ACC_LIBRARY_API cublasStatus_t
cublasGetFixedPointEmulationMantissaBitCountPointer(cublasHandle_t handle, int** count) {
    return get(handle, &cublasContext::emulation_mantissa_bit_count, count);
}

ACC_LIBRARY_API cublasStatus_t
cublasSetFixedPointEmulationMantissaBitCountPointer(cublasHandle_t handle, int* count) {
    return set(handle, &cublasContext::emulation_mantissa_bit_count, count, true);
}
