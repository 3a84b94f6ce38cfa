// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The edge of the driver API: like the runtime API's, with its own codes, and with the rules that
// cuInit must have been called and that a context must have been made current (none is made by
// itself).
#pragma once

#undef CUDA_API_PER_THREAD_DEFAULT_STREAM
#include "cuda.h"

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// Thrown for codes that no core status stands for.
struct DriverFailure {
    CUresult code;
};

/// The driver API's code of a status (driver_error.cpp).
CUresult to_driver(rt::Status status);
void trace_call(const char* function, CUresult result) noexcept;

/// Inside a catch block: classifies the exception in flight and logs its text.
CUresult caught_driver(const char* function) noexcept;
/// Throws DriverFailure(NOT_INITIALIZED) before cuInit; the runtime API's use counts as cuInit.
void require_init();

/// Runs `body`, whose exceptions become codes. `body` returns nothing or a CUresult.
template <typename F>
inline CUresult driver_guard(const char* function, F&& body) noexcept {
    CUresult result = CUDA_SUCCESS;
    try {
        require_init();
        if constexpr (std::is_void_v<decltype(body())>)
            std::forward<F>(body)();
        else
            result = std::forward<F>(body)();
    } catch (...) {
        result = caught_driver(function);
    }
    if (rt::g_tracing) [[unlikely]]
        trace_call(function, result);
    return result;
}

/// The thread's context. Throws DriverFailure(INVALID_CONTEXT) when none is current, Error(sticky).
ApiContext& driver_current();

/// The handle behind a CUcontext. Throws DriverFailure(INVALID_CONTEXT).
ContextHandle& handle_of(CUcontext context);
inline CUcontext handle_of(ContextHandle& context) {
    return reinterpret_cast<CUcontext>(&context);
}

inline void* pointer_of(CUdeviceptr address) {
    return reinterpret_cast<void*>(address);
}

} // namespace acc::cuda
