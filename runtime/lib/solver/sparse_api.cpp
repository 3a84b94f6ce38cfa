// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuSOLVER for sparse matrices: handles, orderings, solvers in one call, batches.
#include "runtime/lib/common/api.h"
#include "runtime/lib/solver/sparse.h"
#include "runtime/lib/solver/sparse_band.h"
#include "runtime/lib/solver/sparse_lu.h"

#include <set>

using namespace acc::solver;

struct csrqrInfo : DeviceBand {};

#define ACC_API(NAME) ACC_LIBRARY_API cusolverStatus_t cusolverSp##NAME
#define ACC_BODY(HANDLE, ...) return sparse_guard(__func__, HANDLE, [&] { __VA_ARGS__ });
#define ACC_PATTERN                                                                                \
    int n, int nnz, const cusparseMatDescr_t descriptor, const int *offsets, const int *columns

ACC_API(Create)(cusolverSpHandle_t* handle) {
    ACC_BODY(handle, int devices = 0;
             want(cudaGetDeviceCount(&devices) == cudaSuccess && devices > 0,
                  CUSOLVER_STATUS_NOT_INITIALIZED);
             *handle = new cusolverSpContext;)
}
ACC_API(Destroy)(cusolverSpHandle_t handle) {
    ACC_BODY(handle, delete handle;)
}
ACC_API(SetStream)(cusolverSpHandle_t handle, cudaStream_t stream) {
    ACC_BODY(handle, handle->stream = stream;)
}
ACC_API(GetStream)(cusolverSpHandle_t handle, cudaStream_t* stream) {
    ACC_BODY(handle, want(stream != nullptr); *stream = handle->stream;)
}

ACC_API(XcsrissymHost)
(cusolverSpHandle_t handle, int m, int nnz, const cusparseMatDescr_t descriptor, const int* offsets,
 const int* ends, const int* columns, int* symmetric) {
    ACC_BODY(handle, want(m >= 0 && nnz >= 0 && descriptor != nullptr && symmetric != nullptr);
             want(m == 0 || (offsets != nullptr && ends != nullptr && columns != nullptr));
             const int base = base_of(descriptor); std::set<std::pair<int, int>> places;
             for (int r = 0; r < m; ++r) for (int k = offsets[r] - base; k < ends[r] - base; ++k)
                 places.emplace(r, columns[k] - base);
             *symmetric = 1;
             for (const auto& [r, c] : places) if (!places.contains({c, r}))* symmetric = 0;)
}

namespace {
void give(const Order& order, int* p) {
    want(p != nullptr);
    std::copy(order.begin(), order.end(), p);
}
} // namespace

ACC_API(XcsrsymrcmHost)(cusolverSpHandle_t handle, ACC_PATTERN, int* p) {
    ACC_BODY(handle, give(narrow_order(structure_of(n, nnz, descriptor, offsets, columns)), p);)
}
ACC_API(XcsrsymmdqHost)(cusolverSpHandle_t handle, ACC_PATTERN, int* p) {
    ACC_BODY(handle,
             give(least_degree_order(structure_of(n, nnz, descriptor, offsets, columns)), p);)
}
ACC_API(XcsrsymamdHost)(cusolverSpHandle_t handle, ACC_PATTERN, int* p) {
    ACC_BODY(handle,
             give(least_degree_order(structure_of(n, nnz, descriptor, offsets, columns)), p);)
}
ACC_API(XcsrmetisndHost)(cusolverSpHandle_t handle, ACC_PATTERN, const int64_t*, int* p) {
    ACC_BODY(handle,
             give(least_degree_order(structure_of(n, nnz, descriptor, offsets, columns)), p);)
}

ACC_API(Xcsrperm_bufferSizeHost)
(cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,
 const int* offsets, const int* columns, const int* p, const int* q, size_t* bytes) {
    ACC_BODY(handle, want(m >= 0 && n >= 0 && nnz >= 0 && descriptor != nullptr);
             want(offsets != nullptr && columns != nullptr && p != nullptr && q != nullptr &&
                  bytes != nullptr);
             *bytes = 1;) // none is needed
}

ACC_API(XcsrpermHost)
(cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,
 int* offsets, int* columns, const int* p, const int* q, int* map, void*) {
    ACC_BODY(
        handle, want(m >= 0 && n >= 0 && nnz >= 0 && descriptor != nullptr);
        want(offsets != nullptr && columns != nullptr && p != nullptr && q != nullptr &&
             map != nullptr);
        const int base = base_of(descriptor); Order inverse(static_cast<size_t>(n), -1);
        for (int j = 0; j < n; ++j) {
            want(q[j] >= 0 && q[j] < n && inverse[size_t(q[j])] < 0);
            inverse[size_t(q[j])] = j;
        } struct Place { int column, from; };
        std::vector<int> new_offsets(size_t(m) + 1, base), new_columns; std::vector<int> new_map;
        std::vector<Place> row; for (int i = 0; i < m; ++i) {
            want(p[i] >= 0 && p[i] < m);
            row.clear();
            for (int k = offsets[p[i]] - base; k < offsets[p[i] + 1] - base; ++k) {
                want(k >= 0 && k < nnz && columns[k] >= base && columns[k] - base < n);
                row.push_back({inverse[size_t(columns[k] - base)], k});
            }
            std::sort(row.begin(), row.end(),
                      [](const Place& x, const Place& y) { return x.column < y.column; });
            for (const Place& place : row) {
                new_columns.push_back(place.column + base);
                new_map.push_back(map[place.from]);
            }
            new_offsets[size_t(i) + 1] = int(new_columns.size()) + base;
        } want(int(new_columns.size()) == nnz);
        std::copy(new_offsets.begin(), new_offsets.end(), offsets);
        std::copy(new_columns.begin(), new_columns.end(), columns);
        std::copy(new_map.begin(), new_map.end(), map);)
}

namespace {

template <class T>
void check(int n, int nnz, const T* values, const T* b, const T* x, const int* singular) {
    want(singular != nullptr && (n == 0 || (b != nullptr && x != nullptr)) &&
         (nnz == 0 || values != nullptr));
}

template <class T>
void solve_lu(const Structure& a, const T* values, const T* b, Real<T> tolerance, bool reorder,
              T* x, int* singular) {
    // The columns in an order that keeps L and U sparse.
    const Order order = reorder ? least_degree_order(a) : Order();
    Structure turned = a;
    if (reorder) {
        const Order inverse = inverse_of(order);
        for (int& c : turned.columns)
            c = inverse[size_t(c)];
    }
    const LuFactors<T> factors = LuMaker<T>(a.n, 1).make(turned, values);
    *singular = factors.singular(tolerance);
    std::vector<T> y(static_cast<size_t>(a.n));
    factors.solve(b, y.data());
    for (int j = 0; j < a.n; ++j)
        x[reorder ? order[size_t(j)] : j] = y[size_t(j)];
}

template <class T>
void solve_band(bool hermitian, const Structure& a, const T* values, const T* b, Real<T> tolerance,
                T* x, int* singular) {
    const Order inverse = inverse_of(narrow_order(a));
    const Band w = band_of(a, inverse);
    const BandShape shape{a.n, hermitian ? std::max(w.lower, w.upper) : w.lower, w.upper,
                          hermitian};
    std::vector<T> band = band_values(a, values, inverse, shape, T(0));
    std::vector<T> tau(static_cast<size_t>(a.n)), y(static_cast<size_t>(a.n));
    std::vector<Real<T>> pivots(static_cast<size_t>(a.n));
    for (int r = 0; r < a.n; ++r)
        y[size_t(inverse[size_t(r)])] = b[r];
    if (hermitian) {
        band_cholesky(shape, band.data(), pivots.data());
        solve_band_cholesky(shape, band.data(), y.data());
    } else {
        band_qr(shape, band.data(), tau.data(), pivots.data());
        solve_band_qr(shape, band.data(), tau.data(), y.data());
    }
    *singular = first_small(pivots.data(), a.n, tolerance);
    for (int r = 0; r < a.n; ++r)
        x[r] = y[size_t(inverse[size_t(r)])];
}

template <class T>
void solve_on_device(cudaStream_t stream, bool hermitian, const Structure& a, int base,
                     const T* values, const int* offsets, const int* columns, const T* b,
                     Real<T> tolerance, T* x, int* singular) {
    *singular = -1;
    if (a.n == 0) return;
    DeviceBand band;
    band.analyse(stream, a, base, hermitian);
    band.make_room<T>(1);
    band.fill(stream, values, offsets, columns, T(0), 1);
    band.factor<T>(stream, 1);
    band.solve(stream, b, x, 1);
    *singular = band.singular<T>(stream, tolerance);
}

} // namespace

#define ACC_SOLVE(NAME, T, R, CALL)                                                                \
    ACC_API(NAME)                                                                                  \
    (cusolverSpHandle_t handle, int n, int nnz, const cusparseMatDescr_t descriptor,               \
     const T* values, const int* offsets, const int* columns, const T* b, R tolerance,             \
     int reorder, T* x, int* singular) {                                                           \
        (void)reorder;                                                                             \
        ACC_BODY(handle, check(n, nnz, values, b, x, singular); CALL)                              \
    }
#define ACC_ON_HOST structure_of(n, nnz, descriptor, offsets, columns), numbers(values), numbers(b)
#define ACC_ON_DEVICE(HERMITIAN)                                                                   \
    solve_on_device(handle->stream, HERMITIAN,                                                     \
                    structure_of(n, nnz, descriptor, offsets, columns, handle->stream),            \
                    base_of(descriptor), numbers(values), offsets, columns, numbers(b), tolerance, \
                    numbers(x), singular);
#define ACC_TYPE(L, T, R)                                                                          \
    ACC_SOLVE(L##csrlsvluHost, T, R,                                                               \
              solve_lu(ACC_ON_HOST, tolerance, reorder != 0, numbers(x), singular);)               \
    ACC_SOLVE(L##csrlsvqrHost, T, R,                                                               \
              solve_band(false, ACC_ON_HOST, tolerance, numbers(x), singular);)                    \
    ACC_SOLVE(L##csrlsvcholHost, T, R,                                                             \
              solve_band(true, ACC_ON_HOST, tolerance, numbers(x), singular);)                     \
    ACC_SOLVE(L##csrlsvqr, T, R, ACC_ON_DEVICE(false))                                             \
    ACC_SOLVE(L##csrlsvchol, T, R, ACC_ON_DEVICE(true))                                            \
    ACC_API(L##csrqrBufferInfoBatched)                                                             \
    (cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t, const T*,         \
     const int*, const int*, int count, csrqrInfo_t info, size_t* internal_bytes,                  \
     size_t* buffer_bytes) {                                                                       \
        ACC_BODY(handle, want(info != nullptr && count >= 0 && m == n && n == info->shape.n);      \
                 want(nnz == info->nnz && internal_bytes != nullptr && buffer_bytes != nullptr);   \
                 info->make_room<KernelType<T>::type>(count);                                      \
                 *internal_bytes = size_t((info->shape.size() + 3 * n) * count) * sizeof(T);       \
                 *buffer_bytes = 1;)                                                               \
    }                                                                                              \
    ACC_API(L##csrqrsvBatched)                                                                     \
    (cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t, const T* values,  \
     const int* offsets, const int* columns, const T* b, T* x, int count, csrqrInfo_t info,        \
     void*) {                                                                                      \
        ACC_BODY(handle, want(info != nullptr && m == n && n == info->shape.n && count >= 0);      \
                 want(nnz == info->nnz && info->band.as<void>() != nullptr);                       \
                 if (n == 0 || count == 0) return; using K = KernelType<T>::type;                  \
                 info->fill(handle->stream, numbers(values), offsets, columns, K(0), count);       \
                 info->factor<K>(handle->stream, count);                                           \
                 info->solve(handle->stream, numbers(b), numbers(x), count);)                      \
    }
ACC_TYPE(S, float, float)
ACC_TYPE(D, double, double)
ACC_TYPE(C, cuComplex, float)
ACC_TYPE(Z, cuDoubleComplex, double)

ACC_API(CreateCsrqrInfo)(csrqrInfo_t* info) {
    ACC_BODY(info, *info = new csrqrInfo;)
}
ACC_API(DestroyCsrqrInfo)(csrqrInfo_t info) {
    ACC_BODY(info, delete info;)
}
ACC_API(XcsrqrAnalysisBatched)
(cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,
 const int* offsets, const int* columns, csrqrInfo_t info) {
    ACC_BODY(handle, want(info != nullptr && m >= 0); want(m == n, CUSOLVER_STATUS_NOT_SUPPORTED);
             info->analyse(handle->stream,
                           structure_of(n, nnz, descriptor, offsets, columns, handle->stream),
                           base_of(descriptor), false);)
}

// Step by step.

ACC_API(XcsrqrAnalysis)
(cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,
 const int* offsets, const int* columns, csrqrInfo_t info) {
    return cusolverSpXcsrqrAnalysisBatched(handle, m, n, nnz, descriptor, offsets, columns, info);
}

#define ACC_STEPS(L, T, R)                                                                         \
    ACC_API(L##csrqrBufferInfo)                                                                    \
    (cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t descriptor,        \
     const T* values, const int* offsets, const int* columns, csrqrInfo_t info,                    \
     size_t* internal_bytes, size_t* buffer_bytes) {                                               \
        return cusolverSp##L##csrqrBufferInfoBatched(handle, m, n, nnz, descriptor, values,        \
                                                     offsets, columns, 1, info, internal_bytes,    \
                                                     buffer_bytes);                                \
    }                                                                                              \
    ACC_API(L##csrqrSetup)                                                                         \
    (cusolverSpHandle_t handle, int m, int n, int nnz, const cusparseMatDescr_t, const T* values,  \
     const int* offsets, const int* columns, T mu, csrqrInfo_t info) {                             \
        ACC_BODY(handle, want(info != nullptr && m == n && n == info->shape.n);                    \
                 want(nnz == info->nnz && info->band.as<void>() != nullptr); if (n == 0) return;   \
                 info->fill(handle->stream, numbers(values), offsets, columns, *numbers(&mu), 1);) \
    }                                                                                              \
    ACC_API(L##csrqrFactor)                                                                        \
    (cusolverSpHandle_t handle, int m, int n, int nnz, T* b, T* x, csrqrInfo_t info, void*) {      \
        using K = KernelType<T>::type;                                                             \
        ACC_BODY(handle, want(info != nullptr && m == n && n == info->shape.n);                    \
                 want(nnz == info->nnz && info->band.as<void>() != nullptr); if (n == 0) return;   \
                 info->factor<K>(handle->stream, 1);                                               \
                 if (b != nullptr && x != nullptr)                                                 \
                     info->solve<K>(handle->stream, numbers(b), numbers(x), 1);)                   \
    }                                                                                              \
    ACC_API(L##csrqrZeroPivot)                                                                     \
    (cusolverSpHandle_t handle, csrqrInfo_t info, R tolerance, int* position) {                    \
        ACC_BODY(handle, want(info != nullptr && position != nullptr);                             \
                 *position = info->singular<KernelType<T>::type>(handle->stream, tolerance);)      \
    }                                                                                              \
    ACC_API(L##csrqrSolve)                                                                         \
    (cusolverSpHandle_t handle, int m, int n, T* b, T* x, csrqrInfo_t info, void*) {               \
        ACC_BODY(handle, want(info != nullptr && m == n && n == info->shape.n);                    \
                 if (n == 0) return; want(b != nullptr && x != nullptr);                           \
                 info->solve<KernelType<T>::type>(handle->stream, numbers(b), numbers(x), 1);)     \
    }
ACC_STEPS(S, float, float)
ACC_STEPS(D, double, double)
ACC_STEPS(C, cuComplex, float)
ACC_STEPS(Z, cuDoubleComplex, double)
