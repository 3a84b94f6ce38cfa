// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the functions of cuSOLVER for sparse matrices share.
#pragma once

#include "runtime/lib/solver/handle.h"
#include "runtime/lib/solver/kernels/band.h"
#include "runtime/lib/solver/sparse_structure.h"

#include <cusolverSp_LOWLEVEL_PREVIEW.h>

#include <memory>
#include <new>
#include <numeric>

struct cusolverSpContext {
    cudaStream_t stream = nullptr;
};

namespace acc::solver {

/// Memory of the device that ends with its owner.
class Memory {
    void* data_ = nullptr;

  public:
    Memory() = default;
    ~Memory() { cudaFree(data_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    cudaError_t allocate(size_t bytes) {
        cudaFree(data_);
        data_ = nullptr;
        return cudaMalloc(&data_, bytes);
    }
    template <class T>
    T* as() const {
        return static_cast<T*>(data_);
    }
};

/// A failure on the way, as an exception within the library.
struct Failure {
    cusolverStatus_t status;
};
inline void want(bool true_, cusolverStatus_t otherwise = CUSOLVER_STATUS_INVALID_VALUE) {
    if (!true_) throw Failure{otherwise};
}
inline void want(cudaError_t error) {
    want(error == cudaSuccess, status_of(error));
}

/// A function's body, which may throw.
template <class F>
cusolverStatus_t sparse_guard(const char* function, const void* handle, F code) {
    if (handle == nullptr) return finished(function, CUSOLVER_STATUS_NOT_INITIALIZED);
    return guard(function, [&] {
        try {
            code();
            return CUSOLVER_STATUS_SUCCESS;
        } catch (const Failure& failure) {
            return failure.status;
        }
    });
}

inline int base_of(const cusparseMatDescr_t descriptor) {
    return cusparseGetMatIndexBase(descriptor) == CUSPARSE_INDEX_BASE_ONE ? 1 : 0;
}

/// The structure of a matrix on the host, or (`stream` given) on the device.
Structure structure_of(int n, int nnz, const cusparseMatDescr_t descriptor, const int* offsets,
                       const int* columns);
Structure structure_of(int n, int nnz, const cusparseMatDescr_t descriptor, const int* offsets,
                       const int* columns, cudaStream_t stream);

template <class T>
int first_small(const T* sizes, int64_t n, T tolerance) {
    for (int64_t i = 0; i < n; ++i)
        if (!(sizes[i] > tolerance)) return int(i);
    return -1;
}

/// Factors of a band on the device: what csrqrInfo and csrcholInfo hold.
struct DeviceBand {
    BandShape shape{};
    int base = 0;
    int64_t nnz = 0;
    Memory inverse, band, tau, pivots, work;
    /// What make_room made room for: the matrices and their numbers' sizes (whole, real part).
    int64_t room = 0;
    size_t element = 0, real_element = 0;

    void analyse(cudaStream_t stream, const Structure& a, int base_, bool hermitian);
    template <class T>
    void make_room(int64_t count);
    /// Calls of another type or for more matrices would go past the memory.
    template <class T>
    void want_room(int64_t count) const {
        want(count <= room && element == sizeof(T) && real_element == sizeof(Real<T>));
    }
    template <class T>
    void fill(cudaStream_t stream, const T* values, const int* offsets, const int* columns, T mu,
              int64_t count) {
        want_room<T>(count);
        want(launch_fill_band(stream, shape, int(nnz), values, offsets, columns, base,
                              inverse.as<int>(), mu, band.as<T>(), count));
    }
    template <class T>
    void factor(cudaStream_t stream, int64_t count) {
        want_room<T>(count);
        if (shape.hermitian)
            want(launch_band_cholesky(stream, shape, band.as<T>(), pivots.as<Real<T>>()));
        else
            want(launch_band_qr(stream, shape, band.as<T>(), tau.as<T>(), pivots.as<Real<T>>(),
                                count));
    }
    template <class T>
    void solve(cudaStream_t stream, const T* b, T* x, int64_t count) {
        want_room<T>(count);
        want(launch_band_solve(stream, shape, band.as<T>(), shape.hermitian ? nullptr : tau.as<T>(),
                               inverse.as<int>(), b, x, work.as<T>(), count));
    }
    /// Waits.
    template <class T>
    int singular(cudaStream_t stream, Real<T> tolerance);
};

} // namespace acc::solver
