// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a cusolverDnHandle_t points to, and what every function returns through.
#pragma once

#include "runtime/lib/common/exceptions.h"
#include "runtime/lib/solver/kernels/dense.h"

#include <cuda_runtime_api.h>
#include <cusolverDn.h>

/// A handle: a stream and a mode. Used by one thread at a time, as documented.
struct cusolverDnContext {
    cudaStream_t stream = nullptr;
    cusolverDeterministicMode_t mode = CUSOLVER_DETERMINISTIC_RESULTS;
};
struct cusolverDnParams {};

namespace acc::solver {

using Context = cusolverDnContext;

/// Settings of a Jacobi method, and where the device writes what came out.
struct JacobiInfo {
    double tolerance = 0;
    int max_sweeps = 100;
    bool sort = true;
    JacobiResult* result = nullptr; ///< device memory
    bool single = false;            ///< the last call was for one matrix
};

cusolverStatus_t status_of(cudaError_t error);
/// What functions return through: a failure is a line of ACC_LOG=debug.
cusolverStatus_t finished(const char* function, cusolverStatus_t status);

/// A function's body: `code()` gives the status. No exception reaches the program.
template <class F>
cusolverStatus_t guard(const char* function, F code) {
    return finished(
        function, lib::without_exceptions<cusolverStatus_t>(CUSOLVER_STATUS_ALLOC_FAILED,
                                                            CUSOLVER_STATUS_INTERNAL_ERROR, code));
}
template <class F>
cusolverStatus_t guard(const char* function, cusolverDnHandle_t handle, F code) {
    return guard(function, [&]() -> cusolverStatus_t {
        return handle == nullptr ? CUSOLVER_STATUS_NOT_INITIALIZED : code();
    });
}

/// The kernels' type for the API's.
template <class T>
struct KernelType {
    using type = T;
};
template <>
struct KernelType<cuComplex> {
    using type = Complex<float>;
};
template <>
struct KernelType<cuDoubleComplex> {
    using type = Complex<double>;
};
template <class T>
auto* numbers(T* pointer) {
    return reinterpret_cast<typename KernelType<T>::type*>(pointer);
}
template <class T>
const auto* numbers(const T* pointer) {
    return reinterpret_cast<const typename KernelType<T>::type*>(pointer);
}
template <class T>
auto** numbers(T** pointer) {
    return reinterpret_cast<typename KernelType<T>::type**>(pointer);
}

} // namespace acc::solver

struct syevjInfo : acc::solver::JacobiInfo {};
struct gesvdjInfo : acc::solver::JacobiInfo {};
