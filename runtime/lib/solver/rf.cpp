// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cusolverRf: L and U of one structure, computed again: cuSPARSE's incomplete factors on the
// structure of L + U, which for it are the complete ones, and its triangular solver.
#include "runtime/lib/common/api.h"
#include "runtime/lib/solver/sparse.h"

#include <cusolverRf.h>

#include <algorithm>

using namespace acc::solver;

struct cusolverRfCommon {
    cusolverRfMatrixFormat_t format = CUSOLVERRF_MATRIX_FORMAT_CSR;
    cusolverRfUnitDiagonal_t diagonal = CUSOLVERRF_UNIT_DIAGONAL_STORED_L;
    cusolverRfFactorization_t factorization = CUSOLVERRF_FACTORIZATION_ALG0;
    cusolverRfTriangularSolve_t solve = CUSOLVERRF_TRIANGULAR_SOLVE_ALG1;
    cusolverRfResetValuesFastMode_t fast = CUSOLVERRF_RESET_VALUES_FAST_MODE_OFF;
    double zero = 0, boost = 0, factored_boost = 0;
    cusparseHandle_t sparse = nullptr;
    cusparseMatDescr_t descriptor = nullptr;
    csrilu02Info_t info = nullptr;
    int n = -1, nnz = 0, nnz_a = 0;
    Memory offsets, columns, values, map, buffer;
    std::vector<int> pivots; ///< where U's lies in values
    bool analysed = false, factored = false;

    ~cusolverRfCommon() {
        if (info != nullptr) cusparseDestroyCsrilu02Info(info);
        if (descriptor != nullptr) cusparseDestroyMatDescr(descriptor);
        if (sparse != nullptr) cusparseDestroy(sparse);
    }
};

namespace {

void want_sparse(cusparseStatus_t status) {
    want(status == CUSPARSE_STATUS_SUCCESS, status == CUSPARSE_STATUS_ALLOC_FAILED
                                                ? CUSOLVER_STATUS_ALLOC_FAILED
                                                : CUSOLVER_STATUS_INTERNAL_ERROR);
}

template <class T>
void hold(Memory& memory, const std::vector<T>& values) {
    want(memory.allocate(values.size() * sizeof(T) + 8));
    want(cudaMemcpy(memory.as<T>(), values.data(), values.size() * sizeof(T),
                    cudaMemcpyHostToDevice));
}

/// Rows of L without its diagonal, and of U, in one matrix.
struct Merged {
    std::vector<int> offsets{0}, columns;

    Merged(const Structure& l, const Structure& u) {
        std::vector<int> row;
        for (int i = 0; i < l.n; ++i) {
            row.assign(l.columns.begin() + l.offsets[size_t(i)],
                       l.columns.begin() + l.offsets[size_t(i) + 1]);
            row.insert(row.end(), u.columns.begin() + u.offsets[size_t(i)],
                       u.columns.begin() + u.offsets[size_t(i) + 1]);
            std::sort(row.begin(), row.end());
            row.erase(std::unique(row.begin(), row.end()), row.end());
            columns.insert(columns.end(), row.begin(), row.end());
            offsets.push_back(int(columns.size()));
        }
    }
    /// -1: there is no such element.
    int place(int i, int j) const {
        const auto first = columns.begin() + offsets[size_t(i)],
                   last = columns.begin() + offsets[size_t(i) + 1],
                   found = std::lower_bound(first, last, j);
        return found != last && *found == j ? int(found - columns.begin()) : -1;
    }
};

void check_permutation(int n, const int* p) {
    std::vector<char> seen(static_cast<size_t>(n));
    for (int i = 0; i < n; ++i) {
        want(p[i] >= 0 && p[i] < n && !seen[size_t(p[i])]);
        seen[size_t(p[i])] = 1;
    }
}

void set_up(cusolverRfHandle_t h, const Structure& a, const Structure& l, const Structure& u,
            const std::vector<int>& p, const std::vector<int>& q, const double* values) {
    check_permutation(a.n, p.data());
    check_permutation(a.n, q.data());
    const Merged all(l, u);
    const Order row_of = inverse_of(p), column_of = inverse_of(q);
    std::vector<int> map(a.columns.size());
    for (int r = 0; r < a.n; ++r)
        for (int k = a.offsets[size_t(r)]; k < a.offsets[size_t(r) + 1]; ++k) {
            map[size_t(k)] = all.place(row_of[size_t(r)], column_of[size_t(a.columns[size_t(k)])]);
            want(map[size_t(k)] >= 0);
        }
    h->n = a.n;
    h->nnz = int(all.columns.size());
    h->nnz_a = int(a.columns.size());
    hold(h->offsets, all.offsets);
    hold(h->columns, all.columns);
    hold(h->map, map);
    std::vector<double> start(all.columns.size());
    for (size_t k = 0; k < map.size(); ++k)
        start[size_t(map[k])] = values[k];
    hold(h->values, start);
    h->pivots.clear();
    for (int i = 0; i < a.n; ++i)
        h->pivots.push_back(all.place(i, i));
    h->analysed = h->factored = false;
}

/// Numbers of an array wherever it lies.
template <class T>
std::vector<T> copied(const T* from, int count) {
    want(count >= 0 && (count == 0 || from != nullptr));
    std::vector<T> to(static_cast<size_t>(count));
    if (count > 0) want(cudaMemcpy(to.data(), from, to.size() * sizeof(T), cudaMemcpyDefault));
    return to;
}

Structure checked(int n, int nnz, const int* offsets, const int* columns) {
    const std::vector<int> o = copied(offsets, n + 1), c = copied(columns, nnz);
    Structure result;
    want(read_structure(n, nnz, o.data(), c.data(), 0, &result));
    return result;
}

/// Whether a pivot of the last factors is the boost: one that came out as just that number counts,
/// as the factors are the same.
bool was_boosted(cusolverRfHandle_t h) {
    if (!h->factored || h->factored_boost == 0) return false;
    const std::vector<double> values = copied(h->values.as<double>(), h->nnz);
    return std::any_of(h->pivots.begin(), h->pivots.end(), [&](int place) {
        return place >= 0 && values[size_t(place)] == h->factored_boost;
    });
}

/// One triangle of the factors.
void solve_triangle(cusolverRfHandle_t h, bool lower, int nrhs, double* x, int ld, double* y,
                    int ldy) {
    cusparseSpMatDescr_t a = nullptr;
    cusparseDnMatDescr_t b = nullptr, c = nullptr;
    cusparseSpSMDescr_t solver = nullptr;
    auto fill = lower ? CUSPARSE_FILL_MODE_LOWER : CUSPARSE_FILL_MODE_UPPER;
    auto diagonal = lower ? CUSPARSE_DIAG_TYPE_UNIT : CUSPARSE_DIAG_TYPE_NON_UNIT;
    const auto n_t = CUSPARSE_OPERATION_NON_TRANSPOSE;
    const double one = 1;
    size_t bytes = 0;
    Memory buffer;
    const auto run = [&] {
        want_sparse(cusparseCreateCsr(&a, h->n, h->n, h->nnz, h->offsets.as<int>(),
                                      h->columns.as<int>(), h->values.as<double>(),
                                      CUSPARSE_INDEX_32I, CUSPARSE_INDEX_32I,
                                      CUSPARSE_INDEX_BASE_ZERO, CUDA_R_64F));
        want_sparse(cusparseSpMatSetAttribute(a, CUSPARSE_SPMAT_FILL_MODE, &fill, sizeof fill));
        want_sparse(
            cusparseSpMatSetAttribute(a, CUSPARSE_SPMAT_DIAG_TYPE, &diagonal, sizeof diagonal));
        want_sparse(cusparseCreateDnMat(&b, h->n, nrhs, ld, x, CUDA_R_64F, CUSPARSE_ORDER_COL));
        want_sparse(cusparseCreateDnMat(&c, h->n, nrhs, ldy, y, CUDA_R_64F, CUSPARSE_ORDER_COL));
        want_sparse(cusparseSpSM_createDescr(&solver));
        want_sparse(cusparseSpSM_bufferSize(h->sparse, n_t, n_t, &one, a, b, c, CUDA_R_64F,
                                            CUSPARSE_SPSM_ALG_DEFAULT, solver, &bytes));
        want(buffer.allocate(bytes + 1));
        want_sparse(cusparseSpSM_analysis(h->sparse, n_t, n_t, &one, a, b, c, CUDA_R_64F,
                                          CUSPARSE_SPSM_ALG_DEFAULT, solver, buffer.as<void>()));
        want_sparse(cusparseSpSM_solve(h->sparse, n_t, n_t, &one, a, b, c, CUDA_R_64F,
                                       CUSPARSE_SPSM_ALG_DEFAULT, solver));
    };
    const auto destroy = [&] {
        if (solver != nullptr) cusparseSpSM_destroyDescr(solver);
        if (c != nullptr) cusparseDestroyDnMat(c);
        if (b != nullptr) cusparseDestroyDnMat(b);
        if (a != nullptr) cusparseDestroySpMat(a);
    };
    try {
        run();
    } catch (...) {
        destroy();
        throw;
    }
    destroy();
}

} // namespace

#define ACC_API(NAME) ACC_LIBRARY_API cusolverStatus_t cusolverRf##NAME
#define ACC_BODY(HANDLE, ...) return sparse_guard(__func__, HANDLE, [&] { __VA_ARGS__ });

ACC_API(Create)(cusolverRfHandle_t* handle) {
    ACC_BODY(handle, auto made = std::make_unique<cusolverRfCommon>();
             want_sparse(cusparseCreate(&made->sparse));
             want_sparse(cusparseCreateMatDescr(&made->descriptor));
             want_sparse(cusparseCreateCsrilu02Info(&made->info)); *handle = made.release();)
}
ACC_API(Destroy)(cusolverRfHandle_t handle) {
    ACC_BODY(handle, delete handle;)
}
ACC_API(SetMatrixFormat)
(cusolverRfHandle_t handle, cusolverRfMatrixFormat_t format, cusolverRfUnitDiagonal_t diagonal) {
    ACC_BODY(handle, want(format == CUSOLVERRF_MATRIX_FORMAT_CSR, CUSOLVER_STATUS_NOT_SUPPORTED);
             want(diagonal == CUSOLVERRF_UNIT_DIAGONAL_STORED_L ||
                      diagonal == CUSOLVERRF_UNIT_DIAGONAL_ASSUMED_L,
                  CUSOLVER_STATUS_NOT_SUPPORTED);
             handle->format = format; handle->diagonal = diagonal;)
}
ACC_API(GetMatrixFormat)
(cusolverRfHandle_t handle, cusolverRfMatrixFormat_t* format, cusolverRfUnitDiagonal_t* diagonal) {
    ACC_BODY(handle, want(format != nullptr && diagonal != nullptr); *format = handle->format;
             *diagonal = handle->diagonal;)
}
ACC_API(SetNumericProperties)(cusolverRfHandle_t handle, double zero, double boost) {
    ACC_BODY(handle, handle->zero = zero; handle->boost = boost;)
}
ACC_API(GetNumericProperties)(cusolverRfHandle_t handle, double* zero, double* boost) {
    ACC_BODY(handle, want(zero != nullptr && boost != nullptr); *zero = handle->zero;
             *boost = handle->boost;)
}
ACC_API(GetNumericBoostReport)
(cusolverRfHandle_t handle, cusolverRfNumericBoostReport_t* report) {
    ACC_BODY(handle, want(report != nullptr); *report = was_boosted(handle)
                                                            ? CUSOLVERRF_NUMERIC_BOOST_USED
                                                            : CUSOLVERRF_NUMERIC_BOOST_NOT_USED;)
}
ACC_API(SetAlgs)
(cusolverRfHandle_t handle, cusolverRfFactorization_t factorization,
 cusolverRfTriangularSolve_t solve) {
    ACC_BODY(handle, want(factorization >= CUSOLVERRF_FACTORIZATION_ALG0 &&
                          factorization <= CUSOLVERRF_FACTORIZATION_ALG2 &&
                          solve >= CUSOLVERRF_TRIANGULAR_SOLVE_ALG1 &&
                          solve <= CUSOLVERRF_TRIANGULAR_SOLVE_ALG3);
             handle->factorization = factorization; handle->solve = solve;)
}
ACC_API(GetAlgs)
(cusolverRfHandle_t handle, cusolverRfFactorization_t* factorization,
 cusolverRfTriangularSolve_t* solve) {
    ACC_BODY(handle, want(factorization != nullptr && solve != nullptr);
             *factorization = handle->factorization; *solve = handle->solve;)
}
ACC_API(GetResetValuesFastMode)
(cusolverRfHandle_t handle, cusolverRfResetValuesFastMode_t* mode) {
    ACC_BODY(handle, want(mode != nullptr); *mode = handle->fast;)
}
ACC_API(SetResetValuesFastMode)
(cusolverRfHandle_t handle, cusolverRfResetValuesFastMode_t mode) {
    ACC_BODY(handle, handle->fast = mode;)
}

ACC_API(SetupHost)
(int n, int nnz_a, int* offsets_a, int* columns_a, double* values_a, int nnz_l, int* offsets_l,
 int* columns_l, double*, int nnz_u, int* offsets_u, int* columns_u, double*, int* p, int* q,
 cusolverRfHandle_t handle) {
    ACC_BODY(handle, want(n >= 0 && nnz_a >= 0 && nnz_l >= 0 && nnz_u >= 0); set_up(
                 handle, checked(n, nnz_a, offsets_a, columns_a),
                 checked(n, nnz_l, offsets_l, columns_l), checked(n, nnz_u, offsets_u, columns_u),
                 copied(p, n), copied(q, n), copied(values_a, nnz_a).data());)
}
ACC_API(SetupDevice)
(int n, int nnz_a, int* offsets_a, int* columns_a, double* values_a, int nnz_l, int* offsets_l,
 int* columns_l, double* values_l, int nnz_u, int* offsets_u, int* columns_u, double* values_u,
 int* p, int* q, cusolverRfHandle_t handle) {
    return cusolverRfSetupHost(n, nnz_a, offsets_a, columns_a, values_a, nnz_l, offsets_l,
                               columns_l, values_l, nnz_u, offsets_u, columns_u, values_u, p, q,
                               handle);
}

ACC_API(ResetValues)
(int n, int nnz_a, int*, int*, double* values_a, int*, int*, cusolverRfHandle_t handle) {
    ACC_BODY(handle, want(n == handle->n && nnz_a == handle->nnz_a && values_a != nullptr);
             want(cudaMemsetAsync(handle->values.as<void>(), 0,
                                  size_t(handle->nnz) * sizeof(double), nullptr));
             want(launch_place(nullptr, nnz_a, handle->map.as<int>(), values_a,
                               handle->values.as<double>()));
             handle->factored = false;)
}

ACC_API(Analyze)(cusolverRfHandle_t handle) {
    ACC_BODY(
        handle, want(handle->n >= 0, CUSOLVER_STATUS_NOT_INITIALIZED); int bytes = 0;
        want_sparse(cusparseDcsrilu02_bufferSize(
            handle->sparse, handle->n, handle->nnz, handle->descriptor, handle->values.as<double>(),
            handle->offsets.as<int>(), handle->columns.as<int>(), handle->info, &bytes));
        want(handle->buffer.allocate(size_t(bytes) + 1)); want_sparse(cusparseDcsrilu02_analysis(
            handle->sparse, handle->n, handle->nnz, handle->descriptor, handle->values.as<double>(),
            handle->offsets.as<int>(), handle->columns.as<int>(), handle->info,
            CUSPARSE_SOLVE_POLICY_NO_LEVEL, handle->buffer.as<void>()));
        handle->analysed = true;)
}

ACC_API(Refactor)(cusolverRfHandle_t handle) {
    ACC_BODY(handle, want(handle->analysed, CUSOLVER_STATUS_NOT_INITIALIZED);
             want_sparse(cusparseDcsrilu02_numericBoost(
                 handle->sparse, handle->info, handle->boost != 0, &handle->zero, &handle->boost));
             want_sparse(cusparseDcsrilu02(
                 handle->sparse, handle->n, handle->nnz, handle->descriptor,
                 handle->values.as<double>(), handle->offsets.as<int>(), handle->columns.as<int>(),
                 handle->info, CUSPARSE_SOLVE_POLICY_NO_LEVEL, handle->buffer.as<void>()));
             int position = -1;
             want(cusparseXcsrilu02_zeroPivot(handle->sparse, handle->info, &position) !=
                      CUSPARSE_STATUS_ZERO_PIVOT,
                  CUSOLVER_STATUS_ZERO_PIVOT);
             handle->factored_boost = handle->boost; handle->factored = true;)
}

ACC_API(Solve)
(cusolverRfHandle_t handle, int* p, int* q, int nrhs, double* temp, int ldt, double* x, int ldx) {
    ACC_BODY(handle, want(handle->factored, CUSOLVER_STATUS_NOT_INITIALIZED);
             const int n = handle->n;
             want(nrhs >= 0 && ldt >= (n > 1 ? n : 1) && ldx >= (n > 1 ? n : 1));
             if (n == 0 || nrhs == 0) return;
             want(p != nullptr && q != nullptr && temp != nullptr && x != nullptr);
             want(launch_permute_rows(nullptr, false, n, nrhs, p, x, ldx, temp, ldt));
             solve_triangle(handle, true, nrhs, temp, ldt, x, ldx);
             solve_triangle(handle, false, nrhs, x, ldx, temp, ldt);
             want(launch_permute_rows(nullptr, true, n, nrhs, q, temp, ldt, x, ldx));)
}
