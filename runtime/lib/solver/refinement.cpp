// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The solvers with iterative refinement: LU factors of the main precision, no iteration.
#include "runtime/lib/common/api.h"
#include "runtime/lib/solver/generic.h"

#include <new>

struct cusolverDnIRSParams {
    cusolverIRSRefinement_t solver = CUSOLVER_IRS_REFINE_NOT_SET;
    cusolverPrecType_t main = cusolverPrecType_t(0), lowest = cusolverPrecType_t(0);
    int iterations = 50, inner_iterations = 50;
};
struct cusolverDnIRSInfos {
    int iterations = 0, most = 50;
};

using namespace acc::solver;

namespace {

constexpr auto kNoParams = CUSOLVER_STATUS_IRS_PARAMS_NOT_INITIALIZED;
constexpr auto kNoInfos = CUSOLVER_STATUS_IRS_INFOS_NOT_INITIALIZED;

bool is_main(cusolverPrecType_t type) {
    return type == CUSOLVER_R_64F || type == CUSOLVER_R_32F || type == CUSOLVER_C_64F ||
           type == CUSOLVER_C_32F;
}
bool is_lowest(cusolverPrecType_t type) {
    return (type >= CUSOLVER_R_64F && type <= CUSOLVER_R_AP) ||
           (type >= CUSOLVER_C_64F && type <= CUSOLVER_C_AP);
}
cudaDataType data_type(cusolverPrecType_t type) {
    switch (type) {
    case CUSOLVER_R_32F: return CUDA_R_32F;
    case CUSOLVER_C_64F: return CUDA_C_64F;
    case CUSOLVER_C_32F: return CUDA_C_32F;
    default: return CUDA_R_64F;
    }
}

template <class T>
cusolverStatus_t create(T** place) {
    if (place == nullptr) return kBad;
    *place = new (std::nothrow) T;
    return *place == nullptr ? CUSOLVER_STATUS_ALLOC_FAILED : kOk;
}

template <class F>
cusolverStatus_t set(cusolverDnIRSParams* params, bool valid, cusolverStatus_t otherwise, F f) {
    if (params == nullptr) return kNoParams;
    if (!valid) return otherwise;
    f();
    return kOk;
}

cusolverStatus_t get(cusolverDnIRSInfos* infos, int value, int* place) {
    if (infos == nullptr) return kNoInfos;
    if (place == nullptr) return kBad;
    *place = value;
    return kOk;
}

/// The factors, then the pivots.
size_t bytes_for(int64_t n, size_t element) {
    return size_t(n) * size_t(n) * element + size_t(n) * sizeof(int) + element;
}

template <class T>
cusolverStatus_t solve(const Context& context, int64_t n, int64_t nrhs, const T* a, int64_t lda,
                       const T* b, int64_t ldb, T* x, int64_t ldx, T* work, int* info) {
    if (n == 0 || nrhs == 0) return status_of(launch_no_info(context.stream, info, 1));
    if (a == nullptr || b == nullptr || x == nullptr || work == nullptr) return kBad;
    const Pivots pivots{work + n * n, false};
    cudaError_t error = launch_copy(context.stream, false, n, n, a, lda, work, n);
    if (error == cudaSuccess) error = launch_copy(context.stream, false, n, nrhs, b, ldb, x, ldx);
    if (error != cudaSuccess) return status_of(error);
    const cusolverStatus_t status = getrf(context, n, n, work, n, pivots, info);
    if (status != kOk) return status;
    return getrs(context, CUBLAS_OP_N, n, nrhs, work, n, pivots, x, ldx, nullptr);
}

} // namespace

#define ACC_API(NAME) ACC_LIBRARY_API cusolverStatus_t cusolverDnIRS##NAME
#define ACC_BODY(...) return guard(__func__, [&]() -> cusolverStatus_t { __VA_ARGS__ });

ACC_API(ParamsCreate)(cusolverDnIRSParams_t* params) {
    ACC_BODY(return create(params);)
}
ACC_API(ParamsDestroy)(cusolverDnIRSParams_t params) {
    ACC_BODY(if (params == nullptr) return kNoParams; delete params; return kOk;)
}
ACC_API(ParamsSetRefinementSolver)
(cusolverDnIRSParams_t params, cusolverIRSRefinement_t solver) {
    ACC_BODY(return set(params,
                        solver >= CUSOLVER_IRS_REFINE_NOT_SET &&
                            solver <= CUSOLVER_IRS_REFINE_GMRES_NOPCOND,
                        CUSOLVER_STATUS_IRS_PARAMS_INVALID_REFINE,
                        [&] { params->solver = solver; });)
}
ACC_API(ParamsSetSolverPrecisions)
(cusolverDnIRSParams_t params, cusolverPrecType_t main, cusolverPrecType_t lowest) {
    ACC_BODY(return set(params, is_main(main) && is_lowest(lowest),
                        CUSOLVER_STATUS_IRS_PARAMS_INVALID_PREC, [&] {
                            params->main = main;
                            params->lowest = lowest;
                        });)
}
ACC_API(ParamsSetSolverMainPrecision)(cusolverDnIRSParams_t params, cusolverPrecType_t main) {
    ACC_BODY(return set(params, is_main(main), CUSOLVER_STATUS_IRS_PARAMS_INVALID_PREC,
                        [&] { params->main = main; });)
}
ACC_API(ParamsSetSolverLowestPrecision)(cusolverDnIRSParams_t params, cusolverPrecType_t lowest) {
    ACC_BODY(return set(params, is_lowest(lowest), CUSOLVER_STATUS_IRS_PARAMS_INVALID_PREC,
                        [&] { params->lowest = lowest; });)
}
ACC_API(ParamsSetTol)(cusolverDnIRSParams_t params, double) {
    ACC_BODY(return set(params, true, kBad, [] {});)
}
ACC_API(ParamsSetTolInner)(cusolverDnIRSParams_t params, double) {
    ACC_BODY(return set(params, true, kBad, [] {});)
}
ACC_API(ParamsSetMaxIters)(cusolverDnIRSParams_t params, int iterations) {
    ACC_BODY(return set(params, iterations >= 0, CUSOLVER_STATUS_IRS_PARAMS_INVALID_MAXITER,
                        [&] { params->iterations = iterations; });)
}
ACC_API(ParamsSetMaxItersInner)(cusolverDnIRSParams_t params, int iterations) {
    ACC_BODY(return set(params, iterations >= 0, CUSOLVER_STATUS_IRS_PARAMS_INVALID_MAXITER,
                        [&] { params->inner_iterations = iterations; });)
}
ACC_API(ParamsGetMaxIters)(cusolverDnIRSParams_t params, int* iterations) {
    ACC_BODY(
        return set(params, iterations != nullptr, kBad, [&] { *iterations = params->iterations; });)
}
// There is nothing to fall back from.
ACC_API(ParamsEnableFallback)(cusolverDnIRSParams_t params) {
    ACC_BODY(return set(params, true, kBad, [] {});)
}
ACC_API(ParamsDisableFallback)(cusolverDnIRSParams_t params) {
    ACC_BODY(return set(params, true, kBad, [] {});)
}

ACC_API(InfosCreate)(cusolverDnIRSInfos_t* infos) {
    ACC_BODY(return create(infos);)
}
ACC_API(InfosDestroy)(cusolverDnIRSInfos_t infos) {
    ACC_BODY(if (infos == nullptr) return kNoInfos; delete infos; return kOk;)
}
ACC_API(InfosGetNiters)(cusolverDnIRSInfos_t infos, int* iterations) {
    ACC_BODY(return get(infos, infos ? infos->iterations : 0, iterations);)
}
ACC_API(InfosGetOuterNiters)(cusolverDnIRSInfos_t infos, int* iterations) {
    ACC_BODY(return get(infos, infos ? infos->iterations : 0, iterations);)
}
ACC_API(InfosGetMaxIters)(cusolverDnIRSInfos_t infos, int* iterations) {
    ACC_BODY(return get(infos, infos ? infos->most : 0, iterations);)
}

ACC_API(Xgesv_bufferSize)
(cusolverDnHandle_t handle, cusolverDnIRSParams_t params, int n, int nrhs, size_t* bytes) {
    return guard(__func__, handle, [&]() -> cusolverStatus_t {
        if (params == nullptr || !is_main(params->main)) return kNoParams;
        if (n < 0 || nrhs < 0 || bytes == nullptr) return kBad;
        *bytes = bytes_for(n, size_of(data_type(params->main)));
        return kOk;
    });
}

ACC_API(Xgesv)
(cusolverDnHandle_t handle, cusolverDnIRSParams_t params, cusolverDnIRSInfos_t infos, int n,
 int nrhs, void* a, int lda, void* b, int ldb, void* x, int ldx, void* work, size_t bytes,
 int* iterations, int* info) {
    return guard(__func__, handle, [&]() -> cusolverStatus_t {
        if (params == nullptr || !is_main(params->main)) return kNoParams;
        if (infos == nullptr) return kNoInfos;
        const cudaDataType type = data_type(params->main);
        if (nrhs < 0 || bad_matrix(n, n, lda) || bad_matrix(n, nrhs, ldb) ||
            bad_matrix(n, nrhs, ldx) || iterations == nullptr)
            return kBad;
        if (bytes < bytes_for(n, size_of(type))) return CUSOLVER_STATUS_INVALID_WORKSPACE;
        *iterations = infos->iterations = 0;
        infos->most = params->iterations;
        ACC_TYPED(type, return solve(*handle, n, nrhs, at<T>(a), lda, at<T>(b), ldb, at<T>(x), ldx,
                                     at<T>(work), info);)
    });
}

namespace {
/// The typed functions, which give the pivots as well.
template <class T>
cusolverStatus_t gesv(const Context& context, int64_t n, int64_t nrhs, const T* a, int64_t lda,
                      int* pivots, const T* b, int64_t ldb, T* x, int64_t ldx, void* work,
                      size_t bytes, int* iterations, int* info) {
    if (nrhs < 0 || bad_matrix(n, n, lda) || bad_matrix(n, nrhs, ldb) || bad_matrix(n, nrhs, ldx) ||
        iterations == nullptr)
        return kBad;
    if (bytes < bytes_for(n, sizeof(T))) return CUSOLVER_STATUS_INVALID_WORKSPACE;
    *iterations = 0;
    T* factors = at<T>(work);
    const cusolverStatus_t status = solve(context, n, nrhs, a, lda, b, ldb, x, ldx, factors, info);
    if (status != kOk || pivots == nullptr || n == 0) return status;
    return status_of(cudaMemcpyAsync(pivots, factors + n * n, size_t(n) * sizeof(int),
                                     cudaMemcpyDeviceToDevice, context.stream));
}
} // namespace

#define ACC_GESV(NAME, T)                                                                          \
    ACC_LIBRARY_API cusolverStatus_t cusolverDn##NAME##gesv_bufferSize(                            \
        cusolverDnHandle_t handle, int n, int nrhs, T*, int lda, int*, T*, int ldb, T*, int ldx,   \
        void*, size_t* bytes) {                                                                    \
        return guard(__func__, handle, [&]() -> cusolverStatus_t {                                 \
            if (nrhs < 0 || bad_matrix(n, n, lda) || bad_matrix(n, nrhs, ldb) ||                   \
                bad_matrix(n, nrhs, ldx) || bytes == nullptr)                                      \
                return kBad;                                                                       \
            *bytes = bytes_for(n, sizeof(T));                                                      \
            return kOk;                                                                            \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cusolverStatus_t cusolverDn##NAME##gesv(                                       \
        cusolverDnHandle_t handle, int n, int nrhs, T* a, int lda, int* pivots, T* b, int ldb,     \
        T* x, int ldx, void* work, size_t bytes, int* iterations, int* info) {                     \
        return guard(__func__, handle, [&]() -> cusolverStatus_t {                                 \
            return gesv(*handle, n, nrhs, numbers(a), lda, pivots, numbers(b), ldb, numbers(x),    \
                        ldx, work, bytes, iterations, info);                                       \
        });                                                                                        \
    }
ACC_GESV(ZZ, cuDoubleComplex)
ACC_GESV(ZC, cuDoubleComplex)
ACC_GESV(ZK, cuDoubleComplex)
ACC_GESV(ZE, cuDoubleComplex)
ACC_GESV(ZY, cuDoubleComplex)
ACC_GESV(CC, cuComplex)
ACC_GESV(CK, cuComplex)
ACC_GESV(CE, cuComplex)
ACC_GESV(CY, cuComplex)
ACC_GESV(DD, double)
ACC_GESV(DS, double)
ACC_GESV(DH, double)
ACC_GESV(DB, double)
ACC_GESV(DX, double)
ACC_GESV(SS, float)
ACC_GESV(SH, float)
ACC_GESV(SB, float)
ACC_GESV(SX, float)
