// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Singular values of which some are kept: gesvda, gesvdr; and gesvdp, whose V is not transposed.
// All are found by Jacobi's method.
#include "runtime/lib/common/api.h"
#include "runtime/lib/solver/generic.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace acc::solver;

namespace {

const JacobiOptions kOptions = {0, 100, true, true, nullptr};

int64_t least(int64_t m, int64_t n) {
    return std::min(m, n);
}

/// Work memory of a matrix, and a place for all its values.
int64_t truncated_work(int64_t m, int64_t n) {
    return singular_work(m, n) + least(m, n);
}

/// The first `rank` values and vectors of each matrix. `left` (host, may be null): what the others
/// amount to.
template <class T>
cusolverStatus_t truncated(const Context& context, bool vectors, int64_t rank, int64_t m, int64_t n,
                           Matrices<T> a, Real<T>* s, int64_t stride_s, Vectors<T> u, Vectors<T> v,
                           T* work, int64_t size, int* info, double* left) {
    using R = Real<T>;
    const int64_t all = least(m, n);
    if (bad_matrix(m, n, a.ld) || rank < 1 || rank > all || a.count < 0 ||
        size < truncated_work(m, n) * a.count ||
        (vectors && (bad_matrix(m, 0, u.ld) || bad_matrix(n, 0, v.ld))))
        return kBad;
    if (a.count == 0) return kOk;
    if (a.first == nullptr || s == nullptr || work == nullptr ||
        (vectors && (u.data == nullptr || v.data == nullptr)))
        return kBad;
    u.columns = v.columns = rank;
    if (!vectors) u = v = {};
    T* rest = work + singular_work(m, n) * a.count;
    R* values = reinterpret_cast<R*>(rest);
    cudaError_t error = launch_singular(context.stream, kOptions, m, n, a, values, u, v, work,
                                        info);
    if (error == cudaSuccess)
        error = launch_copy(context.stream, false, rank, a.count, values, all, s, stride_s);
    if (error != cudaSuccess || left == nullptr) return status_of(error);
    std::vector<R> there(size_t(all * a.count));
    error = cudaMemcpyAsync(there.data(), values, there.size() * sizeof(R), cudaMemcpyDeviceToHost,
                            context.stream);
    if (error == cudaSuccess) error = cudaStreamSynchronize(context.stream);
    for (int64_t i = 0; i < a.count && error == cudaSuccess; ++i) {
        left[i] = 0;
        for (int64_t k = rank; k < all; ++k)
            left[i] = std::hypot(left[i], double(there[size_t(i * all + k)]));
    }
    return status_of(error);
}

} // namespace

#define ACC_API(NAME) ACC_LIBRARY_API cusolverStatus_t cusolverDn##NAME
#define ACC_BODY(...) return guard(__func__, handle, [&]() -> cusolverStatus_t { __VA_ARGS__ });

#define ACC_APPROXIMATE(L, T, R)                                                                   \
    ACC_API(L##gesvdaStridedBatched_bufferSize)                                                    \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, int rank, int m, int n, const T*, int lda,  \
     long long int, const R*, long long int, const T*, int, long long int, const T*, int,          \
     long long int, int* size, int count) {                                                        \
        ACC_BODY(const int64_t wanted = truncated_work(m, n) * count;                              \
                 if (size == nullptr || bad(job) || bad_matrix(m, n, lda) || count < 0 ||          \
                     rank < 1 || rank > least(m, n) ||                                             \
                     wanted > std::numeric_limits<int>::max()) return kBad;                        \
                 *size = int(std::max<int64_t>(wanted, 1)); return kOk;)                           \
    }                                                                                              \
    ACC_API(L##gesvdaStridedBatched)                                                               \
    (cusolverDnHandle_t handle, cusolverEigMode_t job, int rank, int m, int n, const T* a,         \
     int lda, long long int stride_a, R* s, long long int stride_s, T* u, int ldu,                 \
     long long int stride_u, T* v, int ldv, long long int stride_v, T* work, int size, int* info,  \
     double* left, int count) {                                                                    \
        using K = KernelType<T>::type;                                                             \
        ACC_BODY(if (bad(job) || (count > 1 && stride_s < rank)) return kBad; return truncated<K>( \
                     *handle, job == CUSOLVER_EIG_MODE_VECTOR, rank, m, n,                         \
                     {const_cast<K*>(numbers(a)), nullptr, stride_a, lda, count}, s,               \
                     std::max<int64_t>(stride_s, rank), {numbers(u), ldu, stride_u, 0, false},     \
                     {numbers(v), ldv, stride_v, 0, false}, numbers(work), size, info, left);)     \
    }
ACC_APPROXIMATE(S, float, float)
ACC_APPROXIMATE(D, double, double)
ACC_APPROXIMATE(C, cuComplex, float)
ACC_APPROXIMATE(Z, cuDoubleComplex, double)

ACC_API(Xgesvdp_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, cusolverEigMode_t job, int, int64_t m, int64_t n,
 cudaDataType type, const void*, int64_t lda, cudaDataType s_type, const void*, cudaDataType u_type,
 const void*, int64_t, cudaDataType v_type, const void*, int64_t, cudaDataType compute,
 size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(if (type != compute || s_type != real_of(type) || u_type != type ||
                 v_type != type) return kMixed;
             return give(singular_work(m, n), bad(job) || bad_matrix(m, n, lda), type, device_bytes,
                         host_bytes);)
}

ACC_API(Xgesvdp)
(cusolverDnHandle_t handle, cusolverDnParams_t, cusolverEigMode_t job, int econ, int64_t m,
 int64_t n, cudaDataType type, void* a, int64_t lda, cudaDataType s_type, void* s,
 cudaDataType u_type, void* u, int64_t ldu, cudaDataType v_type, void* v, int64_t ldv,
 cudaDataType compute, void* work, size_t bytes, void*, size_t, int* info, double* error) {
    ACC_BODY(
        if (type != compute || s_type != real_of(type) || u_type != type ||
            v_type != type) return kMixed;
        if (error == nullptr) return kBad; *error = 0; // nothing is perturbed
        ACC_TYPED(type, return gesvdj(*handle, kDefaults, job, econ != 0, m, n, one(at<T>(a), lda),
                                      at<Real<T>>(s), {at<T>(u), ldu, 0, 0, false},
                                      {at<T>(v), ldv, 0, 0, false}, at<T>(work),
                                      int64_t(bytes / sizeof(T)), info);))
}

namespace {
bool bad_job(signed char job) {
    return job != 'S' && job != 'N';
}
} // namespace

ACC_API(Xgesvdr_bufferSize)
(cusolverDnHandle_t handle, cusolverDnParams_t, signed char job_u, signed char job_v, int64_t m,
 int64_t n, int64_t k, int64_t p, int64_t iterations, cudaDataType type, const void*, int64_t lda,
 cudaDataType s_type, const void*, cudaDataType u_type, const void*, int64_t, cudaDataType v_type,
 const void*, int64_t, cudaDataType compute, size_t* device_bytes, size_t* host_bytes) {
    ACC_BODY(if (type != compute || s_type != real_of(type) || u_type != type ||
                 v_type != type) return kMixed;
             // Memory for the vectors as well, which are found together.
             return give(truncated_work(m, n) + (m + n) * std::max<int64_t>(k, 0),
                         bad_job(job_u) || bad_job(job_v) || bad_matrix(m, n, lda) || k < 1 ||
                             p < 0 || iterations < 0 || k > least(m, n),
                         type, device_bytes, host_bytes);)
}

ACC_API(Xgesvdr)
(cusolverDnHandle_t handle, cusolverDnParams_t, signed char job_u, signed char job_v, int64_t m,
 int64_t n, int64_t k, int64_t p, int64_t iterations, cudaDataType type, void* a, int64_t lda,
 cudaDataType s_type, void* s, cudaDataType u_type, void* u, int64_t ldu, cudaDataType v_type,
 void* v, int64_t ldv, cudaDataType compute, void* work, size_t bytes, void*, size_t, int* info) {
    ACC_BODY(if (type != compute || s_type != real_of(type) || u_type != type ||
                 v_type != type) return kMixed;
             if (bad_job(job_u) || bad_job(job_v) || p < 0 || iterations < 0 || k < 1) return kBad;
             ACC_TYPED(type, int64_t size = int64_t(bytes / sizeof(T)) - (m + n) * k;
                       T* rest = at<T>(work); T* unwanted = rest + size;
                       Vectors<T> left = {at<T>(u), ldu, 0, 0, false};
                       Vectors<T> right = {at<T>(v), ldv, 0, 0, false};
                       if (size < 0 || work == nullptr) return kBad;
                       if (job_u == 'N') left = {unwanted, m, 0, 0, false};
                       if (job_v == 'N') right = {unwanted + m * k, n, 0, 0, false};
                       return truncated<T>(*handle, job_u == 'S' || job_v == 'S', k, m, n,
                                           one(at<T>(a), lda), at<Real<T>>(s), k, left, right, rest,
                                           size, info, nullptr);))
}
