// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gtsv2 and its relatives, gpsvInterleavedBatch.
#include "runtime/lib/common/api.h"
#include "runtime/lib/sparse/kernels/diagonals.h"
#include "runtime/lib/sparse/kernels/structure.h"
#include "runtime/lib/sparse/legacy.h"

using namespace acc::sparse;

namespace {

bool any_null_of(const Diagonals& a) {
    for (int d = 0; d <= 2 * a.below; ++d)
        if (a.given[d] == nullptr) return true;
    return false;
}

/// Sizes that a system cannot have; CUDA asks for three rows or more.
bool bad(const Diagonals& a, const RightSides& x) {
    return a.m < 3 || a.systems < 0 || x.columns < 0;
}

cusparseStatus_t size_of_memory(const Diagonals& a, const RightSides& x, Element type,
                                size_t* size) {
    if (size == nullptr || bad(a, x)) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(nullptr);
    pieces.take<char>(factor_size(a.m, a.systems, a.below) * int64_t(size_of(type)));
    *size = pieces.size();
    return CUSPARSE_STATUS_SUCCESS;
}

cusparseStatus_t solve(const Context& context, const Diagonals& a, const RightSides& x,
                       Element type, void* buffer) {
    if (bad(a, x)) return CUSPARSE_STATUS_INVALID_VALUE;
    if (a.systems == 0 || x.columns == 0) return CUSPARSE_STATUS_SUCCESS;
    if (any_null_of(a) || x.x == nullptr || buffer == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    Pieces pieces(buffer);
    return status_of(launch_diagonals(context.stream, type, a, x, pieces.take<char>(1)));
}

/// One matrix, n right sides in columns.
Diagonals one(int64_t m, const void* dl, const void* d, const void* du, bool pivoting) {
    return {{dl, d, du}, 1, m, 1, 0, 1, pivoting};
}
RightSides columns(void* b, int n, int ldb) {
    return {b, n, 0, ldb, 1};
}
bool bad_columns(int m, int ldb) {
    return ldb < (m > 1 ? m : 1);
}

/// Systems one behind the other, or side by side.
Diagonals strided(int64_t m, const void* dl, const void* d, const void* du, int count, int stride) {
    return {{dl, d, du}, 1, m, count, stride, 1, true};
}
Diagonals interleaved(int64_t m, const void* dl, const void* d, const void* du, int count) {
    return {{dl, d, du}, 1, m, count, 1, count, true};
}
Diagonals interleaved(int64_t m, const void* ds, const void* dl, const void* d, const void* du,
                      const void* dw, int count) {
    return {{ds, dl, d, du, dw}, 2, m, count, 1, count, true};
}

} // namespace

#define ACC_SIZE(NAME, PARAMETERS, BAD, A, X, E)                                                   \
    ACC_LIBRARY_API cusparseStatus_t cusparse##NAME##_bufferSizeExt PARAMETERS {                   \
        return guard(__func__, handle, [&] {                                                       \
            return (BAD) ? CUSPARSE_STATUS_INVALID_VALUE : size_of_memory(A, X, E, size);          \
        });                                                                                        \
    }
#define ACC_SOLVE(NAME, PARAMETERS, BAD, A, X, E)                                                  \
    ACC_LIBRARY_API cusparseStatus_t cusparse##NAME PARAMETERS {                                   \
        return guard(__func__, handle, [&] {                                                       \
            return (BAD) ? CUSPARSE_STATUS_INVALID_VALUE : solve(*handle, A, X, E, buffer);        \
        });                                                                                        \
    }

// An algorithm's number is looked at; each system is solved by elimination with pivoting.
#define ACC_COLUMNS(L, T, NAME, PIVOTING)                                                          \
    ACC_SIZE(L##NAME,                                                                              \
             (cusparseHandle_t handle, int m, int n, const T* dl, const T* d, const T* du,         \
              const T* b, int ldb, size_t* size),                                                  \
             bad_columns(m, ldb), one(m, dl, d, du, PIVOTING), columns(writable(b), n, ldb),       \
             TypeOf<T>::element)                                                                   \
    ACC_SOLVE(L##NAME,                                                                             \
              (cusparseHandle_t handle, int m, int n, const T* dl, const T* d, const T* du, T* b,  \
               int ldb, void* buffer),                                                             \
              bad_columns(m, ldb), one(m, dl, d, du, PIVOTING), columns(b, n, ldb),                \
              TypeOf<T>::element)
#define ACC_DIAGONALS(L, T)                                                                        \
    ACC_COLUMNS(L, T, gtsv2, true)                                                                 \
    ACC_COLUMNS(L, T, gtsv2_nopivot, false)                                                        \
    ACC_SIZE(L##gtsv2StridedBatch,                                                                 \
             (cusparseHandle_t handle, int m, const T* dl, const T* d, const T* du, const T* x,    \
              int count, int stride, size_t* size),                                                \
             stride < m, strided(m, dl, d, du, count, stride),                                     \
             (RightSides{writable(x), 1, stride, 0, 1}), TypeOf<T>::element)                       \
    ACC_SOLVE(L##gtsv2StridedBatch,                                                                \
              (cusparseHandle_t handle, int m, const T* dl, const T* d, const T* du, T* x,         \
               int count, int stride, void* buffer),                                               \
              stride < m, strided(m, dl, d, du, count, stride), (RightSides{x, 1, stride, 0, 1}),  \
              TypeOf<T>::element)                                                                  \
    ACC_SIZE(L##gtsvInterleavedBatch,                                                              \
             (cusparseHandle_t handle, int algorithm, int m, const T* dl, const T* d, const T* du, \
              const T* x, int count, size_t* size),                                                \
             algorithm < 0 || algorithm > 2, interleaved(m, dl, d, du, count),                     \
             (RightSides{writable(x), 1, 1, 0, count}), TypeOf<T>::element)                        \
    ACC_SOLVE(L##gtsvInterleavedBatch,                                                             \
              (cusparseHandle_t handle, int algorithm, int m, T* dl, T* d, T* du, T* x, int count, \
               void* buffer),                                                                      \
              algorithm < 0 || algorithm > 2, interleaved(m, dl, d, du, count),                    \
              (RightSides{x, 1, 1, 0, count}), TypeOf<T>::element)                                 \
    ACC_SIZE(L##gpsvInterleavedBatch,                                                              \
             (cusparseHandle_t handle, int algorithm, int m, const T* ds, const T* dl, const T* d, \
              const T* du, const T* dw, const T* x, int count, size_t* size),                      \
             algorithm != 0, interleaved(m, ds, dl, d, du, dw, count),                             \
             (RightSides{writable(x), 1, 1, 0, count}), TypeOf<T>::element)                        \
    ACC_SOLVE(L##gpsvInterleavedBatch,                                                             \
              (cusparseHandle_t handle, int algorithm, int m, T* ds, T* dl, T* d, T* du, T* dw,    \
               T* x, int count, void* buffer),                                                     \
              algorithm != 0, interleaved(m, ds, dl, d, du, dw, count),                            \
              (RightSides{x, 1, 1, 0, count}), TypeOf<T>::element)
ACC_DIAGONALS(S, float)
ACC_DIAGONALS(D, double)
ACC_DIAGONALS(C, cuComplex)
ACC_DIAGONALS(Z, cuDoubleComplex)
