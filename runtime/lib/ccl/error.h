// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How results become codes: inside the library a Failure is thrown, `guard` at its edge gives the
// code and keeps the text for ncclGetLastError.
#pragma once

#include <cuda_runtime.h>
#include <nccl.h>

#include <new>
#include <system_error>

namespace acc::ccl {

struct Failure {
    ncclResult_t result;
};

/// Keeps the text and logs it (ACC_LOG=debug, or NCCL_DEBUG=WARN and above); throws.
[[noreturn]] __attribute__((format(printf, 2, 3))) void fail(ncclResult_t result,
                                                             const char* format, ...);

/// Makes it the thread's text: what another thread did for it has failed.
void keep_error(const char* text);
/// The thread's text.
const char* kept_error();

inline void check(cudaError_t error, const char* what) {
    if (error != cudaSuccess)
        fail(ncclUnhandledCudaError, "%s: %s", what, cudaGetErrorString(error));
}

/// Runs body(), which returns nothing.
template <class Body>
ncclResult_t guard(Body body) noexcept {
    try {
        body();
        return ncclSuccess;
    } catch (const Failure& failure) {
        return failure.result;
    } catch (const std::bad_alloc&) {
        return ncclSystemError;
    } catch (const std::system_error&) { // no thread
        return ncclSystemError;
    } catch (...) {
        return ncclInternalError;
    }
}

} // namespace acc::ccl
