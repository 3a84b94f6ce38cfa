// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Some of the eigenvalues: all are found, and those that are wanted come first.
#include "runtime/lib/common/api.h"
#include "runtime/lib/solver/generic.h"

#include <limits>
#include <vector>

using namespace acc::solver;

namespace {

/// What is wanted: all, by number (from one), or by value.
struct Wanted {
    cusolverEigRange_t range;
    double low, high;
    int64_t first, last;

    bool bad(int64_t n) const {
        switch (range) {
        case CUSOLVER_EIG_RANGE_ALL: return false;
        case CUSOLVER_EIG_RANGE_I: return n > 0 && (first < 1 || last < first || last > n);
        case CUSOLVER_EIG_RANGE_V: return !(low < high);
        default: return true;
        }
    }
};

/// The eigenvalues are in w, in order: the first that is wanted, from zero, and how many.
template <class R>
cudaError_t select(cudaStream_t stream, const Wanted& wanted, int64_t n, const R* w, int64_t* first,
                   int64_t* count) {
    *first = 0;
    *count = n;
    if (wanted.range == CUSOLVER_EIG_RANGE_I && n > 0) {
        *first = wanted.first - 1;
        *count = wanted.last - wanted.first + 1;
    }
    if (wanted.range != CUSOLVER_EIG_RANGE_V) return cudaSuccess;
    std::vector<R> values(static_cast<size_t>(n));
    cudaError_t error = cudaMemcpyAsync(values.data(), w, values.size() * sizeof(R),
                                        cudaMemcpyDeviceToHost, stream);
    if (error == cudaSuccess) error = cudaStreamSynchronize(stream);
    if (error != cudaSuccess) return error;
    while (*first < n && !(double(values[size_t(*first)]) > wanted.low))
        ++*first;
    *count = 0;
    while (*first + *count < n && double(values[size_t(*first + *count)]) <= wanted.high)
        ++*count;
    return cudaSuccess;
}

/// Behind a function that has found all: moves, and says how many there are.
template <class T, class I>
cusolverStatus_t keep(const Context& context, cusolverStatus_t status, const Wanted& wanted,
                      cusolverEigMode_t job, int64_t n, T* a, int64_t lda, Real<T>* w, I* found) {
    if (status != kOk) return status;
    int64_t first = 0, count = 0;
    cudaError_t error = select(context.stream, wanted, n, w, &first, &count);
    if (error == cudaSuccess) error = launch_shift_columns(context.stream, 1, count, first, w, 1);
    if (error == cudaSuccess && job == CUSOLVER_EIG_MODE_VECTOR)
        error = launch_shift_columns(context.stream, n, count, first, a, lda);
    if (error == cudaSuccess) *found = I(count);
    return status_of(error);
}

cusolverStatus_t give_int(int64_t size, bool bad_arguments, int* result) {
    if (bad_arguments || result == nullptr || size > std::numeric_limits<int>::max()) return kBad;
    *result = int(size < 1 ? 1 : size);
    return kOk;
}

} // namespace

#define ACC_API(NAME) ACC_LIBRARY_API cusolverStatus_t cusolverDn##NAME
#define ACC_BODY(...) return guard(__func__, handle, [&]() -> cusolverStatus_t { __VA_ARGS__ });
#define ACC_RANGE cusolverEigMode_t job, cusolverEigRange_t range, cublasFillMode_t uplo

#define ACC_SELECTED(SY, T, R)                                                                     \
    ACC_API(SY##evdx_bufferSize)                                                                   \
    (cusolverDnHandle_t handle, ACC_RANGE, int n, const T*, int lda, R vl, R vu, int il, int iu,   \
     int*, const R*, int* size) {                                                                  \
        const Wanted wanted{range, vl, vu, il, iu};                                                \
        ACC_BODY(return give_int(eigen_work(n),                                                    \
                                 wanted.bad(n) || bad(job) || bad(uplo) || bad_matrix(n, n, lda),  \
                                 size);)                                                           \
    }                                                                                              \
    ACC_API(SY##evdx)                                                                              \
    (cusolverDnHandle_t handle, ACC_RANGE, int n, T* a, int lda, R vl, R vu, int il, int iu,       \
     int* found, R* w, T* work, int size, int* info) {                                             \
        const Wanted wanted{range, vl, vu, il, iu};                                                \
        ACC_BODY(if (wanted.bad(n) || found == nullptr) return kBad;                               \
                 return keep(*handle,                                                              \
                             eigen(*handle, kDefaults, job, uplo, n, one(numbers(a), lda), w,      \
                                   numbers(work), size, info),                                     \
                             wanted, job, n, numbers(a), lda, w, found);)                          \
    }                                                                                              \
    ACC_API(SY##gvdx_bufferSize)                                                                   \
    (cusolverDnHandle_t handle, cusolverEigType_t, ACC_RANGE, int n, const T*, int lda, const T*,  \
     int ldb, R vl, R vu, int il, int iu, int*, const R*, int* size) {                             \
        const Wanted wanted{range, vl, vu, il, iu};                                                \
        ACC_BODY(return give_int(generalised_work(n),                                              \
                                 wanted.bad(n) || bad(job) || bad(uplo) ||                         \
                                     bad_matrix(n, n, lda) || bad_matrix(n, n, ldb),               \
                                 size);)                                                           \
    }                                                                                              \
    ACC_API(SY##gvdx)                                                                              \
    (cusolverDnHandle_t handle, cusolverEigType_t type, ACC_RANGE, int n, T* a, int lda, T* b,     \
     int ldb, R vl, R vu, int il, int iu, int* found, R* w, T* work, int size, int* info) {        \
        const Wanted wanted{range, vl, vu, il, iu};                                                \
        ACC_BODY(if (wanted.bad(n) || found == nullptr) return kBad;                               \
                 return keep(*handle,                                                              \
                             generalised(*handle, kDefaults, type, job, uplo, n, numbers(a), lda,  \
                                         numbers(b), ldb, w, numbers(work), size, info),           \
                             wanted, job, n, numbers(a), lda, w, found);)                          \
    }
ACC_SELECTED(Ssy, float, float)
ACC_SELECTED(Dsy, double, double)
ACC_SELECTED(Che, cuComplex, float)
ACC_SELECTED(Zhe, cuDoubleComplex, double)

ACC_API(Xsyevdx_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, ACC_RANGE, int64_t n, cudaDataType type,
 const void*, int64_t lda, void*, void*, int64_t, int64_t, int64_t*, cudaDataType w_type,
 const void*, cudaDataType compute, size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(if (type != compute || w_type != real_of(type)) return kMixed;
             if (range < CUSOLVER_EIG_RANGE_ALL || range > CUSOLVER_EIG_RANGE_V) return kBad;
             return give(eigen_work(n), bad(job) || bad(uplo) || bad_matrix(n, n, lda), type,
                         device_bytes, host_bytes);)
}

ACC_API(Xsyevdx)
(cusolverDnHandle_t handle, cusolverDnParams_t, ACC_RANGE, int64_t n, cudaDataType type, void* a,
 int64_t lda, void* vl, void* vu, int64_t il, int64_t iu, int64_t* found, cudaDataType w_type,
 void* w, cudaDataType compute, void* work, size_t bytes, void*, size_t, int* info) {
    ACC_BODY(if (type != compute || w_type != real_of(type)) return kMixed; ACC_TYPED(
                 type, using R = Real<T>; Wanted wanted{range, 0, 0, il, iu};
                 if (range == CUSOLVER_EIG_RANGE_V) {
                     if (vl == nullptr || vu == nullptr) return kBad;
                     wanted.low = *at<R>(vl);
                     wanted.high = *at<R>(vu);
                 } if (wanted.bad(n) || found == nullptr) return kBad;
                 return keep(*handle,
                             eigen(*handle, kDefaults, job, uplo, n, one(at<T>(a), lda), at<R>(w),
                                   at<T>(work), int64_t(bytes / sizeof(T)), info),
                             wanted, job, n, at<T>(a), lda, at<R>(w), found);))
}
