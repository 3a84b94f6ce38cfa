// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every entry point of this folder starts with: the public headers without their renames, the
// export attribute, and the edge between core's exceptions and the API's error codes.
#pragma once

// The per-thread renames of the headers must not touch our definitions.
#undef CUDA_API_PER_THREAD_DEFAULT_STREAM
#include "cuda_runtime_api.h"

#include <type_traits>
#include <utility>

#include "runtime/core/status.h"
#include "runtime/core/tracing.h"

/// In front of every entry point. The export map (scripts/gen/cuda_api.py) lists them by name.
#define ACC_API extern "C" __attribute__((visibility("default")))

namespace acc::cuda {

/// The runtime API's code of a status; one table (error.cpp).
cudaError_t to_cuda(rt::Status status);

/// What cudaGetLastError and cudaPeekAtLastError give in this thread.
void set_last_error(cudaError_t error) noexcept;

/// Inside a catch block: classifies the exception in flight, logs its text, remembers the code for
/// cudaGetLastError.
cudaError_t caught(const char* function) noexcept;
/// As above for errors that need no exception; cudaErrorNotReady is not remembered.
cudaError_t failed(cudaError_t error) noexcept;

/// Writes a call and its result to the log (level trace).
void trace_call(const char* function, const char* result) noexcept;
void trace_call(const char* function, cudaError_t result) noexcept;

/// The edge of the runtime API: runs `body`, whose exceptions become error codes. `body` returns
/// nothing or a cudaError_t.
template <typename F>
inline cudaError_t guard(const char* function, F&& body) noexcept {
    cudaError_t result = cudaSuccess;
    try {
        if constexpr (std::is_void_v<decltype(body())>) {
            std::forward<F>(body)();
        } else {
            result = std::forward<F>(body)();
            if (result != cudaSuccess) failed(result);
        }
    } catch (...) {
        result = caught(function);
    }
    if (rt::g_tracing) [[unlikely]]
        trace_call(function, result);
    return result;
}

/// Throws Error(InvalidValue) when `pointer` is null; `name` is the parameter's.
inline void require(const void* pointer, const char* name) {
    if (pointer == nullptr) rt::fail(rt::Status::InvalidValue, "{} is a null pointer", name);
}

/// Throws Error(InvalidValue) when `flags` has bits outside `known`.
inline void check_flags(unsigned long long flags, unsigned long long known, const char* what) {
    if ((flags & ~known) != 0)
        rt::fail(rt::Status::InvalidValue, "{}: unknown flags {:#x}", what, flags & ~known);
}

} // namespace acc::cuda
