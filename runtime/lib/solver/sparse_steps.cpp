// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSOLVER for sparse matrices, step by step: LU, QR and Cholesky on the host, Cholesky on the
// device.
#include "runtime/lib/common/api.h"
#include "runtime/lib/solver/sparse.h"
#include "runtime/lib/solver/sparse_band.h"
#include "runtime/lib/solver/sparse_lu.h"

#include <algorithm>
#include <any>

using namespace acc::solver;

struct csrluInfoHost {
    Structure structure;
    std::any factors; ///< LuFactors of the type
    int nnz_l = 0, nnz_u = 0;
};

namespace {

/// Factors of a band on the host, as DeviceBand on the device.
struct HostBand {
    Structure structure;
    BandShape shape{};
    Order inverse;
    std::any band, tau, pivots; ///< vectors of the type

    void analyse(Structure a, bool hermitian) {
        inverse = inverse_of(narrow_order(a));
        const Band b = band_of(a, inverse);
        shape = {a.n, hermitian ? std::max(b.lower, b.upper) : b.lower, b.upper, hermitian};
        structure = std::move(a);
    }
    template <class T>
    static std::vector<T>& of(std::any& values) {
        want(std::any_cast<std::vector<T>>(&values) != nullptr);
        return *std::any_cast<std::vector<T>>(&values);
    }
    template <class T>
    void fill(const T* values, T mu) {
        band = band_values(structure, values, inverse, shape, mu);
        tau = std::vector<T>(size_t(shape.n));
        pivots = std::vector<Real<T>>(size_t(shape.n));
    }
    template <class T>
    void factor() {
        if (shape.hermitian)
            band_cholesky(shape, of<T>(band).data(), of<Real<T>>(pivots).data());
        else
            band_qr(shape, of<T>(band).data(), of<T>(tau).data(), of<Real<T>>(pivots).data());
    }
    template <class T>
    void solve(const T* b, T* x) {
        std::vector<T> y(size_t(shape.n));
        for (size_t r = 0; r < y.size(); ++r)
            y[size_t(inverse[r])] = b[r];
        if (shape.hermitian)
            solve_band_cholesky(shape, of<T>(band).data(), y.data());
        else
            solve_band_qr(shape, of<T>(band).data(), of<T>(tau).data(), y.data());
        for (size_t r = 0; r < y.size(); ++r)
            x[r] = y[size_t(inverse[r])];
    }
};

} // namespace

struct csrqrInfoHost : HostBand {};
struct csrcholInfoHost : HostBand {};
struct csrcholInfo : DeviceBand {};

#define ACC_API(NAME) ACC_LIBRARY_API cusolverStatus_t cusolverSp##NAME
#define ACC_BODY(HANDLE, ...) return sparse_guard(__func__, HANDLE, [&] { __VA_ARGS__ });
#define ACC_PATTERN                                                                                \
    int n, int nnz, const cusparseMatDescr_t descriptor, const int *offsets, const int *columns
#define ACC_MATRIX(T)                                                                              \
    int n, int nnz, const cusparseMatDescr_t, const T *values, const int *offsets,                 \
        const int *columns
#define ACC_INFO(NAME, TYPE)                                                                       \
    ACC_API(Create##NAME)(TYPE##_t * info) {                                                       \
        ACC_BODY(info, *info = new TYPE;)                                                          \
    }                                                                                              \
    ACC_API(Destroy##NAME)(TYPE##_t info) {                                                        \
        ACC_BODY(info, delete info;)                                                               \
    }
ACC_INFO(CsrluInfoHost, csrluInfoHost)
ACC_INFO(CsrqrInfoHost, csrqrInfoHost)
ACC_INFO(CsrcholInfoHost, csrcholInfoHost)
ACC_INFO(CsrcholInfo, csrcholInfo)

ACC_API(XcsrluAnalysisHost)(cusolverSpHandle_t handle, ACC_PATTERN, csrluInfoHost_t info) {
    ACC_BODY(handle, want(info != nullptr);
             info->structure = structure_of(n, nnz, descriptor, offsets, columns);)
}
ACC_API(XcsrluNnzHost)(cusolverSpHandle_t handle, int* nnz_l, int* nnz_u, csrluInfoHost_t info) {
    ACC_BODY(handle, want(info != nullptr && nnz_l != nullptr && nnz_u != nullptr);
             want(info->factors.has_value()); *nnz_l = info->nnz_l; *nnz_u = info->nnz_u;)
}
ACC_API(XcsrqrAnalysisHost)
(cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,
 const int* offsets, const int* columns, csrqrInfoHost_t info) {
    ACC_BODY(handle, want(info != nullptr && m >= 0); want(m == n, CUSOLVER_STATUS_NOT_SUPPORTED);
             info->analyse(structure_of(n, nnz, descriptor, offsets, columns), false);)
}
ACC_API(XcsrcholAnalysisHost)(cusolverSpHandle_t handle, ACC_PATTERN, csrcholInfoHost_t info) {
    ACC_BODY(handle, want(info != nullptr);
             info->analyse(structure_of(n, nnz, descriptor, offsets, columns), true);)
}
ACC_API(XcsrcholAnalysis)(cusolverSpHandle_t handle, ACC_PATTERN, csrcholInfo_t info) {
    ACC_BODY(handle, want(info != nullptr); info->analyse(
        handle->stream, structure_of(n, nnz, descriptor, offsets, columns, handle->stream),
        base_of(descriptor), true);)
}

namespace {

template <class T>
LuFactors<T>& factors_of(csrluInfoHost_t info) {
    want(info != nullptr && std::any_cast<LuFactors<T>>(&info->factors) != nullptr);
    return *std::any_cast<LuFactors<T>>(&info->factors);
}

/// Columns as rows, each sorted; `row_of` renames rows.
template <class T, class F>
void as_rows(int n, const typename LuFactors<T>::Columns& c, bool ones, F row_of, int base,
             T* values, int* offsets, int* columns) {
    std::vector<std::vector<std::pair<int, T>>> rows(static_cast<size_t>(n));
    for (int j = 0; j < n; ++j) {
        for (int k = c.offsets[size_t(j)]; k < c.offsets[size_t(j) + 1]; ++k)
            rows[size_t(row_of(c.rows[size_t(k)]))].emplace_back(j, c.values[size_t(k)]);
        if (ones) rows[size_t(j)].emplace_back(j, T(1));
    }
    int next = 0;
    for (int r = 0; r < n; ++r) {
        offsets[r] = next + base;
        for (const auto& [column, value] : rows[size_t(r)]) {
            columns[next] = column + base;
            values[next++] = value;
        }
    }
    offsets[n] = next + base;
}

void give_sizes(int64_t internal, size_t* internal_bytes, size_t* buffer_bytes) {
    want(internal_bytes != nullptr && buffer_bytes != nullptr);
    *internal_bytes = size_t(internal);
    *buffer_bytes = 1;
}

} // namespace

#define ACC_LU(L, T, R)                                                                            \
    ACC_API(L##csrluBufferInfoHost)                                                                \
    (cusolverSpHandle_t handle, ACC_MATRIX(T), csrluInfoHost_t info, size_t* internal_bytes,       \
     size_t* buffer_bytes) {                                                                       \
        ACC_BODY(handle, (void)values; (void)offsets; (void)columns;                               \
                 want(info != nullptr && n == info->structure.n &&                                 \
                      size_t(nnz) == info->structure.columns.size());                              \
                 give_sizes(int64_t(nnz) * 2 * int64_t(sizeof(T)), internal_bytes, buffer_bytes);) \
    }                                                                                              \
    ACC_API(L##csrluFactorHost)                                                                    \
    (cusolverSpHandle_t handle, ACC_MATRIX(T), csrluInfoHost_t info, R threshold, void*) {         \
        using K = KernelType<T>::type;                                                             \
        ACC_BODY(handle, (void)offsets; (void)columns;                                             \
                 want(info != nullptr && n == info->structure.n && threshold >= 0 &&               \
                      threshold <= 1 && size_t(nnz) == info->structure.columns.size());            \
                 info->factors = LuMaker<K>(n, double(threshold))                                  \
                                     .make(info->structure, numbers(values));                      \
                 const auto& f = factors_of<K>(info); info->nnz_l = int(f.l.rows.size()) + n;      \
                 info->nnz_u = int(f.u.rows.size());)                                              \
    }                                                                                              \
    ACC_API(L##csrluZeroPivotHost)                                                                 \
    (cusolverSpHandle_t handle, csrluInfoHost_t info, R tolerance, int* position) {                \
        ACC_BODY(handle, want(position != nullptr);                                                \
                 *position = factors_of<KernelType<T>::type>(info).singular(tolerance);)           \
    }                                                                                              \
    ACC_API(L##csrluSolveHost)                                                                     \
    (cusolverSpHandle_t handle, int n, const T* b, T* x, csrluInfoHost_t info, void*) {            \
        ACC_BODY(handle, auto& f = factors_of<KernelType<T>::type>(info);                          \
                 want(n == int(f.pivot.size()) && (n == 0 || (b != nullptr && x != nullptr)));     \
                 f.solve(numbers(b), numbers(x));)                                                 \
    }                                                                                              \
    ACC_API(L##csrluExtractHost)                                                                   \
    (cusolverSpHandle_t handle, int* p, int* q, const cusparseMatDescr_t descriptor_l,             \
     T* values_l, int* offsets_l, int* columns_l, const cusparseMatDescr_t descriptor_u,           \
     T* values_u, int* offsets_u, int* columns_u, csrluInfoHost_t info, void*) {                   \
        using K = KernelType<T>::type;                                                             \
        ACC_BODY(handle, const auto& f = factors_of<K>(info); const int n = int(f.pivot.size());   \
                 want(p != nullptr && q != nullptr && descriptor_l && descriptor_u && values_l &&  \
                      offsets_l && columns_l && values_u && offsets_u && columns_u);               \
                 std::copy(f.pivot.begin(), f.pivot.end(), p); std::iota(q, q + n, 0); as_rows<K>( \
                     n, f.l, true, [&](int r) { return f.place[size_t(r)]; },                      \
                     base_of(descriptor_l), numbers(values_l), offsets_l, columns_l);              \
                 as_rows<K>(                                                                       \
                     n, f.u, false, [](int r) { return r; }, base_of(descriptor_u),                \
                     numbers(values_u), offsets_u, columns_u);)                                    \
    }
ACC_LU(S, float, float)
ACC_LU(D, double, double)
ACC_LU(C, cuComplex, float)
ACC_LU(Z, cuDoubleComplex, double)

#define ACC_QR_HOST(L, T, R)                                                                       \
    ACC_API(L##csrqrBufferInfoHost)                                                                \
    (cusolverSpHandle_t handle, int m, ACC_MATRIX(T), csrqrInfoHost_t info,                        \
     size_t* internal_bytes, size_t* buffer_bytes) {                                               \
        ACC_BODY(handle, (void)values; (void)offsets; (void)columns; (void)nnz;                    \
                 want(info != nullptr && m == n && n == info->shape.n); give_sizes(                \
                     info->shape.size() * int64_t(sizeof(T)), internal_bytes, buffer_bytes);)      \
    }                                                                                              \
    ACC_API(L##csrqrSetupHost)                                                                     \
    (cusolverSpHandle_t handle, int m, ACC_MATRIX(T), T mu, csrqrInfoHost_t info) {                \
        ACC_BODY(handle, (void)offsets; (void)columns;                                             \
                 want(info != nullptr && m == n && n == info->shape.n &&                           \
                      size_t(nnz) == info->structure.columns.size());                              \
                 info->fill(numbers(values), *numbers(&mu));)                                      \
    }                                                                                              \
    ACC_API(L##csrqrFactorHost)                                                                    \
    (cusolverSpHandle_t handle, int m, int n, int, T* b, T* x, csrqrInfoHost_t info, void*) {      \
        using K = KernelType<T>::type;                                                             \
        ACC_BODY(handle, want(info != nullptr && m == n && n == info->shape.n); info->factor<K>(); \
                 if (b != nullptr && x != nullptr) info->solve<K>(numbers(b), numbers(x));)        \
    }                                                                                              \
    ACC_API(L##csrqrZeroPivotHost)                                                                 \
    (cusolverSpHandle_t handle, csrqrInfoHost_t info, R tolerance, int* position) {                \
        ACC_BODY(handle, want(info != nullptr && position != nullptr);                             \
                 *position = first_small(HostBand::of<R>(info->pivots).data(), info->shape.n,      \
                                         tolerance);)                                              \
    }                                                                                              \
    ACC_API(L##csrqrSolveHost)                                                                     \
    (cusolverSpHandle_t handle, int m, int n, T* b, T* x, csrqrInfoHost_t info, void*) {           \
        ACC_BODY(handle, want(info != nullptr && m == n && n == info->shape.n);                    \
                 want(n == 0 || (b != nullptr && x != nullptr));                                   \
                 info->solve<KernelType<T>::type>(numbers(b), numbers(x));)                        \
    }
ACC_QR_HOST(S, float, float)
ACC_QR_HOST(D, double, double)
ACC_QR_HOST(C, cuComplex, float)
ACC_QR_HOST(Z, cuDoubleComplex, double)

#define ACC_CHOL(L, T, R)                                                                          \
    ACC_API(L##csrcholBufferInfoHost)                                                              \
    (cusolverSpHandle_t handle, ACC_MATRIX(T), csrcholInfoHost_t info, size_t* internal_bytes,     \
     size_t* buffer_bytes) {                                                                       \
        ACC_BODY(handle, (void)values; (void)offsets; (void)columns; (void)nnz;                    \
                 want(info != nullptr && n == info->shape.n); give_sizes(                          \
                     info->shape.size() * int64_t(sizeof(T)), internal_bytes, buffer_bytes);)      \
    }                                                                                              \
    ACC_API(L##csrcholFactorHost)                                                                  \
    (cusolverSpHandle_t handle, ACC_MATRIX(T), csrcholInfoHost_t info, void*) {                    \
        using K = KernelType<T>::type;                                                             \
        ACC_BODY(handle, (void)offsets; (void)columns;                                             \
                 want(info != nullptr && n == info->shape.n &&                                     \
                      size_t(nnz) == info->structure.columns.size());                              \
                 info->fill(numbers(values), K(0)); info->factor<K>();)                            \
    }                                                                                              \
    ACC_API(L##csrcholZeroPivotHost)                                                               \
    (cusolverSpHandle_t handle, csrcholInfoHost_t info, R tolerance, int* position) {              \
        ACC_BODY(handle, want(info != nullptr && position != nullptr);                             \
                 *position = first_small(HostBand::of<R>(info->pivots).data(), info->shape.n,      \
                                         tolerance);)                                              \
    }                                                                                              \
    ACC_API(L##csrcholSolveHost)                                                                   \
    (cusolverSpHandle_t handle, int n, const T* b, T* x, csrcholInfoHost_t info, void*) {          \
        ACC_BODY(handle, want(info != nullptr && n == info->shape.n);                              \
                 want(n == 0 || (b != nullptr && x != nullptr));                                   \
                 info->solve<KernelType<T>::type>(numbers(b), numbers(x));)                        \
    }                                                                                              \
    ACC_API(L##csrcholBufferInfo)                                                                  \
    (cusolverSpHandle_t handle, ACC_MATRIX(T), csrcholInfo_t info, size_t* internal_bytes,         \
     size_t* buffer_bytes) {                                                                       \
        ACC_BODY(handle, (void)values; (void)offsets; (void)columns;                               \
                 want(info != nullptr && n == info->shape.n && nnz == info->nnz); give_sizes(      \
                     info->shape.size() * int64_t(sizeof(T)), internal_bytes, buffer_bytes);       \
                 if (n > 0) info->make_room<KernelType<T>::type>(1);)                              \
    }                                                                                              \
    ACC_API(L##csrcholFactor)                                                                      \
    (cusolverSpHandle_t handle, ACC_MATRIX(T), csrcholInfo_t info, void*) {                        \
        using K = KernelType<T>::type;                                                             \
        ACC_BODY(handle, want(info != nullptr && n == info->shape.n && nnz == info->nnz);          \
                 if (n == 0) return; want(info->band.as<void>() != nullptr);                       \
                 info->fill(handle->stream, numbers(values), offsets, columns, K(0), 1);           \
                 info->factor<K>(handle->stream, 1);)                                              \
    }                                                                                              \
    ACC_API(L##csrcholZeroPivot)                                                                   \
    (cusolverSpHandle_t handle, csrcholInfo_t info, R tolerance, int* position) {                  \
        ACC_BODY(handle, want(info != nullptr && position != nullptr);                             \
                 *position = info->singular<KernelType<T>::type>(handle->stream, tolerance);)      \
    }                                                                                              \
    ACC_API(L##csrcholSolve)                                                                       \
    (cusolverSpHandle_t handle, int n, const T* b, T* x, csrcholInfo_t info, void*) {              \
        ACC_BODY(handle, want(info != nullptr && n == info->shape.n); if (n == 0) return;          \
                 want(b != nullptr && x != nullptr);                                               \
                 info->solve<KernelType<T>::type>(handle->stream, numbers(b), numbers(x), 1);)     \
    }
ACC_CHOL(S, float, float)
ACC_CHOL(D, double, double)
ACC_CHOL(C, cuComplex, float)
ACC_CHOL(Z, cuDoubleComplex, double)
