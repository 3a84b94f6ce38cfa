// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a cublasHandle_t points to, and what every function does first and last.
#pragma once

#include <cublas_api.h>
#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

/// A handle: a stream, modes, and memory for the sums of blocks. Several threads may call with one
/// handle, as documented; changing its settings meanwhile is theirs to exclude.
struct cublasContext {
    cudaStream_t stream = nullptr;
    cublasPointerMode_t pointer_mode = CUBLAS_POINTER_MODE_HOST;
    cublasAtomicsMode_t atomics_mode = CUBLAS_ATOMICS_NOT_ALLOWED;
    cublasMath_t math_mode = CUBLAS_DEFAULT_MATH;
    void* workspace = nullptr; ///< the program's
    size_t workspace_size = 0;
    int sm_count_target = 0;

    cublasEmulationStrategy_t emulation_strategy = CUBLAS_EMULATION_STRATEGY_DEFAULT;
    cudaEmulationSpecialValuesSupport emulation_special_values =
        CUDA_EMULATION_SPECIAL_VALUES_SUPPORT_DEFAULT;
    cudaEmulationMantissaControl emulation_mantissa_control =
        CUDA_EMULATION_MANTISSA_CONTROL_DYNAMIC;
    int emulation_max_mantissa_bits = 0;
    int emulation_mantissa_bit_offset = 0;
    int* emulation_mantissa_bit_count = nullptr;

    /// Device memory of kScratchSize bytes that only work of the current stream uses.
    void* scratch = nullptr;
    /// Host memory that kernels reach, for a result that the host waits for.
    void* host_result = nullptr;
    std::mutex reducing; ///< protects scratch and host_result: kernels of a result stay together

    std::map<cudaStream_t, void*> scratch_of_stream;
    std::vector<void*> scratch_chunks;
    size_t scratch_used = 0; ///< of the last chunk
};

namespace acc::blas {

using Context = cublasContext;

inline constexpr size_t kScratchSize = 16384; ///< bytes for each stream
inline constexpr size_t kHostResultSize = 64;

/// Sets the stream and finds its scratch memory. Allocates when the stream is new and chunks are
/// full.
cublasStatus_t use_stream(Context& context, cudaStream_t stream);

/// The status of a launch or copy.
cublasStatus_t status_of(cudaError_t error);

/// What every function returns through: a failure is a line in the log.
cublasStatus_t finished(const Context& context, const char* function, cublasStatus_t status);

/// A line for the callback and the file of cublasLoggerConfigure.
void log_call(const char* function, cublasStatus_t status);

/// alpha or beta, read by kernels: the value, or where it lies on the device.
template <class T>
struct Scalar {
    T value;
    const T* pointer;
};

/// A scalar of the program, which may be a std::complex, aligned as its parts are.
template <class T>
T read(const void* given) {
    T value;
    std::memcpy(static_cast<void*>(&value), given, sizeof(T));
    return value;
}

template <class T>
Scalar<T> scalar(const Context& context, const T* given) {
    if (context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE) return {T{}, given};
    return {read<T>(given), nullptr};
}

} // namespace acc::blas
