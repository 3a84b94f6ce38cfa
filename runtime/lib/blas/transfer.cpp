// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vectors and matrices between host and device: copies of rows of a pitch.
#include "runtime/lib/common/api.h"

#include <cublas_v2.h>
#include <cuda_runtime_api.h>

namespace {

/// How a copy is done: with a stream, or waiting for it.
struct Copy {
    cudaMemcpyKind kind;
    bool waits;
    cudaStream_t stream;

    /// `rows` pieces of `width` bytes; the pitches are the distances between pieces.
    cublasStatus_t pieces(void* to, size_t to_pitch, const void* from, size_t from_pitch,
                          size_t width, size_t rows) const {
        cudaError_t error;
        if (width == to_pitch && width == from_pitch)
            error = waits ? cudaMemcpy(to, from, width * rows, kind)
                          : cudaMemcpyAsync(to, from, width * rows, kind, stream);
        else
            error = waits ? cudaMemcpy2D(to, to_pitch, from, from_pitch, width, rows, kind)
                          : cudaMemcpy2DAsync(to, to_pitch, from, from_pitch, width, rows, kind,
                                              stream);
        return error == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_MAPPING_ERROR;
    }

    cublasStatus_t vector(int64_t n, int64_t size, const void* x, int64_t incx, void* y,
                          int64_t incy) const {
        if (size <= 0 || incx <= 0 || incy <= 0) return CUBLAS_STATUS_INVALID_VALUE;
        if (n <= 0) return CUBLAS_STATUS_SUCCESS;
        return pieces(y, size_t(incy * size), x, size_t(incx * size), size_t(size), size_t(n));
    }

    cublasStatus_t matrix(int64_t rows, int64_t columns, int64_t size, const void* a, int64_t lda,
                          void* b, int64_t ldb) const {
        if (rows < 0 || columns < 0 || size <= 0 || lda <= 0 || ldb <= 0 || lda < rows ||
            ldb < rows)
            return CUBLAS_STATUS_INVALID_VALUE;
        if (rows == 0 || columns == 0) return CUBLAS_STATUS_SUCCESS;
        return pieces(b, size_t(ldb * size), a, size_t(lda * size), size_t(rows * size),
                      size_t(columns));
    }
};

constexpr Copy kSet = {cudaMemcpyHostToDevice, true, nullptr};
constexpr Copy kGet = {cudaMemcpyDeviceToHost, true, nullptr};

constexpr Copy set_in(cudaStream_t stream) {
    return {cudaMemcpyHostToDevice, false, stream};
}
constexpr Copy get_in(cudaStream_t stream) {
    return {cudaMemcpyDeviceToHost, false, stream};
}

} // namespace

// The same eight functions with int and with int64_t.
#define ACC_TRANSFERS(SUFFIX, INT)                                                                 \
    ACC_LIBRARY_API cublasStatus_t cublasSetVector##SUFFIX(INT n, INT size, const void* x,         \
                                                           INT incx, void* y, INT incy) {          \
        return kSet.vector(n, size, x, incx, y, incy);                                             \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasGetVector##SUFFIX(INT n, INT size, const void* x,         \
                                                           INT incx, void* y, INT incy) {          \
        return kGet.vector(n, size, x, incx, y, incy);                                             \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasSetMatrix##SUFFIX(                                        \
        INT rows, INT columns, INT size, const void* a, INT lda, void* b, INT ldb) {               \
        return kSet.matrix(rows, columns, size, a, lda, b, ldb);                                   \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasGetMatrix##SUFFIX(                                        \
        INT rows, INT columns, INT size, const void* a, INT lda, void* b, INT ldb) {               \
        return kGet.matrix(rows, columns, size, a, lda, b, ldb);                                   \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasSetVectorAsync##SUFFIX(                                   \
        INT n, INT size, const void* x, INT incx, void* y, INT incy, cudaStream_t stream) {        \
        return set_in(stream).vector(n, size, x, incx, y, incy);                                   \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasGetVectorAsync##SUFFIX(                                   \
        INT n, INT size, const void* x, INT incx, void* y, INT incy, cudaStream_t stream) {        \
        return get_in(stream).vector(n, size, x, incx, y, incy);                                   \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasSetMatrixAsync##SUFFIX(INT rows, INT columns, INT size,   \
                                                                const void* a, INT lda, void* b,   \
                                                                INT ldb, cudaStream_t stream) {    \
        return set_in(stream).matrix(rows, columns, size, a, lda, b, ldb);                         \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasGetMatrixAsync##SUFFIX(INT rows, INT columns, INT size,   \
                                                                const void* a, INT lda, void* b,   \
                                                                INT ldb, cudaStream_t stream) {    \
        return get_in(stream).matrix(rows, columns, size, a, lda, b, ldb);                         \
    }

ACC_TRANSFERS(, int)
ACC_TRANSFERS(_64, int64_t)
