// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLASXt: operands that the device does not reach are copied there as a whole, the function of
// cuBLAS is called, and what it writes is copied back. Every call waits.
#include "runtime/lib/blas/handle.h"
#include "runtime/lib/common/api.h"

#include <cublasXt.h>

#include <exception>
#include <initializer_list>
#include <new>
#include <type_traits>
#include <vector>

struct cublasXtContext {
    cublasHandle_t blas = nullptr; ///< of the selected device; null before
    int device = 0;
    int block = 2048;
    cublasXtPinnedMemMode_t pinning = CUBLASXT_PINNING_DISABLED;
};

namespace acc::blas {
namespace {

/// Work on the handle's device; the thread's device comes back.
class OnDevice {
    int before_ = 0;

  public:
    explicit OnDevice(int device) {
        cudaGetDevice(&before_);
        cudaSetDevice(device);
    }
    ~OnDevice() { cudaSetDevice(before_); }
    OnDevice(const OnDevice&) = delete;
    OnDevice& operator=(const OnDevice&) = delete;
};

struct Shape {
    size_t rows, columns;
};

/// A matrix where the current device reaches it.
class Operand {
    void* given_;
    void* copy_ = nullptr;
    size_t pitch_, width_, columns_;

    static bool is_reached(const void* pointer) {
        cudaPointerAttributes attributes = {};
        int device = 0;
        if (cudaPointerGetAttributes(&attributes, pointer) != cudaSuccess ||
            cudaGetDevice(&device) != cudaSuccess || attributes.type == cudaMemoryTypeUnregistered)
            return false;
        return attributes.type != cudaMemoryTypeDevice || attributes.device == device;
    }

  public:
    Operand(const void* given, Shape shape, size_t ld, size_t element)
        : given_(const_cast<void*>(given)), pitch_(ld * element), width_(shape.rows * element),
          columns_(shape.columns) {}
    ~Operand() { cudaFree(copy_); }
    Operand(const Operand&) = delete;
    Operand& operator=(const Operand&) = delete;

    bool valid() const { return pitch_ >= width_ && pitch_ > 0; }
    cudaError_t bring() {
        if (width_ == 0 || columns_ == 0 || given_ == nullptr || is_reached(given_))
            return cudaSuccess;
        const cudaError_t error = cudaMalloc(&copy_, width_ * columns_);
        if (error != cudaSuccess) return error;
        return cudaMemcpy2D(copy_, width_, given_, pitch_, width_, columns_, cudaMemcpyDefault);
    }
    cudaError_t give_back() {
        if (copy_ == nullptr) return cudaSuccess;
        return cudaMemcpy2D(given_, pitch_, copy_, width_, width_, columns_, cudaMemcpyDefault);
    }
    template <class T>
    T* data() const {
        return static_cast<T*>(copy_ != nullptr ? copy_ : given_);
    }
    template <class T>
    int64_t ld() const {
        return int64_t((copy_ != nullptr ? width_ : pitch_) / sizeof(T));
    }
};

/// Brings the operands, calls, and takes the last one back.
template <class Call>
cublasStatus_t run(cublasXtHandle_t handle, std::initializer_list<Operand*> operands, Call call) {
    if (handle == nullptr || handle->blas == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    Operand* last = nullptr;
    for (Operand* operand : operands) {
        if (!operand->valid()) return CUBLAS_STATUS_INVALID_VALUE;
        last = operand;
    }
    const OnDevice there(handle->device);
    for (Operand* operand : operands)
        if (const cudaError_t error = operand->bring(); error != cudaSuccess)
            return status_of(error);
    const cublasStatus_t status = call(handle->blas);
    if (status != CUBLAS_STATUS_SUCCESS) return status;
    if (const cudaError_t error = cudaStreamSynchronize(nullptr); error != cudaSuccess)
        return status_of(error);
    return status_of(last->give_back());
}

/// What is stored of a matrix op(X) of so many rows and columns.
Shape stored(cublasOperation_t op, size_t rows, size_t columns) {
    return op == CUBLAS_OP_N ? Shape{rows, columns} : Shape{columns, rows};
}
size_t order(cublasSideMode_t side, size_t m, size_t n) {
    return side == CUBLAS_SIDE_LEFT ? m : n;
}

/// The triangle that AP (of the host or a device) has column by column, in a full matrix.
template <class T>
cublasStatus_t unpack(const T* packed, bool upper, size_t n, std::vector<T>& full) try {
    if (n == 0) return CUBLAS_STATUS_SUCCESS;
    if (packed == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (n > size_t(1) << 31) return CUBLAS_STATUS_ALLOC_FAILED; // n * n is no size
    std::vector<T> triangle(n * (n + 1) / 2);
    full.resize(n * n);
    const cudaError_t error = cudaMemcpy(triangle.data(), packed, triangle.size() * sizeof(T),
                                         cudaMemcpyDefault);
    if (error != cudaSuccess) return status_of(error);
    const T* next = triangle.data();
    for (size_t j = 0; j < n; ++j)
        for (size_t i = upper ? 0 : j; i < (upper ? j + 1 : n); ++i)
            full[i + j * n] = *next++;
    return CUBLAS_STATUS_SUCCESS;
} catch (const std::exception&) { // bad_alloc, or more than a vector may hold
    return CUBLAS_STATUS_ALLOC_FAILED;
}

bool valid(cublasXtBlasOp_t op, cublasXtOpType_t type) {
    return op >= CUBLASXT_GEMM && op < CUBLASXT_ROUTINE_MAX && type >= CUBLASXT_FLOAT &&
           type <= CUBLASXT_DOUBLECOMPLEX;
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

ACC_LIBRARY_API cublasStatus_t cublasXtCreate(cublasXtHandle_t* handle) {
    if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0)
        return CUBLAS_STATUS_NOT_INITIALIZED;
    *handle = new (std::nothrow) cublasXtContext;
    return *handle == nullptr ? CUBLAS_STATUS_ALLOC_FAILED : CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasXtDestroy(cublasXtHandle_t handle) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (handle->blas != nullptr) cublasDestroy(handle->blas);
    delete handle;
    return CUBLAS_STATUS_SUCCESS;
}

/// Each device is a board of its own.
ACC_LIBRARY_API cublasStatus_t cublasXtGetNumBoards(int devices, int*, int* boards) {
    if (devices < 1 || boards == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *boards = devices;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasXtMaxBoards(int* boards) {
    if (boards == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    return status_of(cudaGetDeviceCount(boards));
}

ACC_LIBRARY_API cublasStatus_t cublasXtDeviceSelect(cublasXtHandle_t handle, int devices,
                                                    int* ids) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    int there = 0;
    if (devices < 1 || ids == nullptr || cudaGetDeviceCount(&there) != cudaSuccess)
        return CUBLAS_STATUS_INVALID_VALUE;
    for (int i = 0; i < devices; ++i)
        if (ids[i] < 0 || ids[i] >= there) return CUBLAS_STATUS_INVALID_VALUE;
    if (handle->blas != nullptr) cublasDestroy(handle->blas);
    handle->blas = nullptr;
    handle->device = ids[0];
    const OnDevice on(ids[0]);
    return cublasCreate(&handle->blas);
}

ACC_LIBRARY_API cublasStatus_t cublasXtSetBlockDim(cublasXtHandle_t handle, int block) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (block <= 0) return CUBLAS_STATUS_INVALID_VALUE;
    handle->block = block;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasXtGetBlockDim(cublasXtHandle_t handle, int* block) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (block == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *block = handle->block;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasXtSetPinningMemMode(cublasXtHandle_t handle,
                                                         cublasXtPinnedMemMode_t mode) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (mode != CUBLASXT_PINNING_DISABLED && mode != CUBLASXT_PINNING_ENABLED)
        return CUBLAS_STATUS_INVALID_VALUE;
    handle->pinning = mode;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasXtGetPinningMemMode(cublasXtHandle_t handle,
                                                         cublasXtPinnedMemMode_t* mode) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (mode == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *mode = handle->pinning;
    return CUBLAS_STATUS_SUCCESS;
}

// The host takes no share of the work, whatever the program offers.
ACC_LIBRARY_API cublasStatus_t cublasXtSetCpuRoutine(cublasXtHandle_t handle, cublasXtBlasOp_t op,
                                                     cublasXtOpType_t type, void*) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    return valid(op, type) ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

ACC_LIBRARY_API cublasStatus_t cublasXtSetCpuRatio(cublasXtHandle_t handle, cublasXtBlasOp_t op,
                                                   cublasXtOpType_t type, float ratio) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    return valid(op, type) && ratio >= 0 && ratio <= 1 ? CUBLAS_STATUS_SUCCESS
                                                       : CUBLAS_STATUS_INVALID_VALUE;
}

namespace {
/// C = alpha op(A) op(B) + beta C and its kin with two operands of n × k and a C of n × n.
template <class T, class S, class F>
cublasStatus_t rank_two(cublasXtHandle_t handle, F* function, cublasFillMode_t uplo,
                        cublasOperation_t trans, size_t n, size_t k, const T* alpha, const T* a,
                        size_t lda, const T* b, size_t ldb, const S* beta, T* c, size_t ldc) {
    Operand in_a(a, stored(trans, n, k), lda, sizeof(T)),
        in_b(b, stored(trans, n, k), ldb, sizeof(T)), out(c, {n, n}, ldc, sizeof(T));
    return run(handle, {&in_a, &in_b, &out}, [&](cublasHandle_t blas) {
        return function(blas, uplo, trans, int64_t(n), int64_t(k), alpha, in_a.data<T>(),
                        in_a.ld<T>(), in_b.data<T>(), in_b.ld<T>(), beta, out.data<T>(),
                        out.ld<T>());
    });
}
template <class T, class S, class F>
cublasStatus_t rank_one(cublasXtHandle_t handle, F* function, cublasFillMode_t uplo,
                        cublasOperation_t trans, size_t n, size_t k, const S* alpha, const T* a,
                        size_t lda, const S* beta, T* c, size_t ldc) {
    Operand in(a, stored(trans, n, k), lda, sizeof(T)), out(c, {n, n}, ldc, sizeof(T));
    return run(handle, {&in, &out}, [&](cublasHandle_t blas) {
        return function(blas, uplo, trans, int64_t(n), int64_t(k), alpha, in.data<T>(), in.ld<T>(),
                        beta, out.data<T>(), out.ld<T>());
    });
}
template <class T, class F>
cublasStatus_t symmetric(cublasXtHandle_t handle, F* function, cublasSideMode_t side,
                         cublasFillMode_t uplo, size_t m, size_t n, const T* alpha, const T* a,
                         size_t lda, const T* b, size_t ldb, const T* beta, T* c, size_t ldc) {
    const size_t order_a = order(side, m, n);
    Operand in_a(a, {order_a, order_a}, lda, sizeof(T)), in_b(b, {m, n}, ldb, sizeof(T)),
        out(c, {m, n}, ldc, sizeof(T));
    return run(handle, {&in_a, &in_b, &out}, [&](cublasHandle_t blas) {
        return function(blas, side, uplo, int64_t(m), int64_t(n), alpha, in_a.data<T>(),
                        in_a.ld<T>(), in_b.data<T>(), in_b.ld<T>(), beta, out.data<T>(),
                        out.ld<T>());
    });
}
} // namespace

#define ACC_XT(L, T)                                                                               \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##gemm(                                              \
        cublasXtHandle_t handle, cublasOperation_t op_a, cublasOperation_t op_b, size_t m,         \
        size_t n, size_t k, const T* alpha, const T* a, size_t lda, const T* b, size_t ldb,        \
        const T* beta, T* c, size_t ldc) {                                                         \
        Operand in_a(a, stored(op_a, m, k), lda, sizeof(T)),                                       \
            in_b(b, stored(op_b, k, n), ldb, sizeof(T)), out(c, {m, n}, ldc, sizeof(T));           \
        return run(handle, {&in_a, &in_b, &out}, [&](cublasHandle_t blas) {                        \
            return cublas##L##gemm_64(blas, op_a, op_b, int64_t(m), int64_t(n), int64_t(k), alpha, \
                                      in_a.data<T>(), in_a.ld<T>(), in_b.data<T>(), in_b.ld<T>(),  \
                                      beta, out.data<T>(), out.ld<T>());                           \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##syrk(                                              \
        cublasXtHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans, size_t n,         \
        size_t k, const T* alpha, const T* a, size_t lda, const T* beta, T* c, size_t ldc) {       \
        return rank_one(handle, cublas##L##syrk_64, uplo, trans, n, k, alpha, a, lda, beta, c,     \
                        ldc);                                                                      \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##syr2k(                                             \
        cublasXtHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans, size_t n,         \
        size_t k, const T* alpha, const T* a, size_t lda, const T* b, size_t ldb, const T* beta,   \
        T* c, size_t ldc) {                                                                        \
        return rank_two(handle, cublas##L##syr2k_64, uplo, trans, n, k, alpha, a, lda, b, ldb,     \
                        beta, c, ldc);                                                             \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##syrkx(                                             \
        cublasXtHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans, size_t n,         \
        size_t k, const T* alpha, const T* a, size_t lda, const T* b, size_t ldb, const T* beta,   \
        T* c, size_t ldc) {                                                                        \
        return rank_two(handle, cublas##L##syrkx_64, uplo, trans, n, k, alpha, a, lda, b, ldb,     \
                        beta, c, ldc);                                                             \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##symm(                                              \
        cublasXtHandle_t handle, cublasSideMode_t side, cublasFillMode_t uplo, size_t m, size_t n, \
        const T* alpha, const T* a, size_t lda, const T* b, size_t ldb, const T* beta, T* c,       \
        size_t ldc) {                                                                              \
        return symmetric(handle, cublas##L##symm_64, side, uplo, m, n, alpha, a, lda, b, ldb,      \
                         beta, c, ldc);                                                            \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##spmm(                                              \
        cublasXtHandle_t handle, cublasSideMode_t side, cublasFillMode_t uplo, size_t m, size_t n, \
        const T* alpha, const T* packed, const T* b, size_t ldb, const T* beta, T* c,              \
        size_t ldc) {                                                                              \
        const size_t of_a = order(side, m, n);                                                     \
        if (handle == nullptr || handle->blas == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;    \
        std::vector<T> full;                                                                       \
        const cublasStatus_t status = unpack(packed, uplo == CUBLAS_FILL_MODE_UPPER, of_a, full);  \
        if (status != CUBLAS_STATUS_SUCCESS) return status;                                        \
        return symmetric(handle, cublas##L##symm_64, side, uplo, m, n, alpha, full.data(),         \
                         of_a > 0 ? of_a : 1, b, ldb, beta, c, ldc);                               \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##trsm(                                              \
        cublasXtHandle_t handle, cublasSideMode_t side, cublasFillMode_t uplo,                     \
        cublasOperation_t trans, cublasDiagType_t diag, size_t m, size_t n, const T* alpha,        \
        const T* a, size_t lda, T* b, size_t ldb) {                                                \
        const size_t of_a = order(side, m, n);                                                     \
        Operand in(a, {of_a, of_a}, lda, sizeof(T)), out(b, {m, n}, ldb, sizeof(T));               \
        return run(handle, {&in, &out}, [&](cublasHandle_t blas) {                                 \
            return cublas##L##trsm_64(blas, side, uplo, trans, diag, int64_t(m), int64_t(n),       \
                                      alpha, in.data<T>(), in.ld<T>(), out.data<T>(),              \
                                      out.ld<T>());                                                \
        });                                                                                        \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##trmm(                                              \
        cublasXtHandle_t handle, cublasSideMode_t side, cublasFillMode_t uplo,                     \
        cublasOperation_t trans, cublasDiagType_t diag, size_t m, size_t n, const T* alpha,        \
        const T* a, size_t lda, const T* b, size_t ldb, T* c, size_t ldc) {                        \
        const size_t of_a = order(side, m, n);                                                     \
        Operand in_a(a, {of_a, of_a}, lda, sizeof(T)), in_b(b, {m, n}, ldb, sizeof(T)),            \
            out(c, {m, n}, ldc, sizeof(T));                                                        \
        return run(handle, {&in_a, &in_b, &out}, [&](cublasHandle_t blas) {                        \
            return cublas##L##trmm_64(blas, side, uplo, trans, diag, int64_t(m), int64_t(n),       \
                                      alpha, in_a.data<T>(), in_a.ld<T>(), in_b.data<T>(),         \
                                      in_b.ld<T>(), out.data<T>(), out.ld<T>());                   \
        });                                                                                        \
    }
ACC_XT(S, float)
ACC_XT(D, double)
ACC_XT(C, cuComplex)
ACC_XT(Z, cuDoubleComplex)

#define ACC_XT_COMPLEX(L, T, R)                                                                    \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##herk(                                              \
        cublasXtHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans, size_t n,         \
        size_t k, const R* alpha, const T* a, size_t lda, const R* beta, T* c, size_t ldc) {       \
        return rank_one(handle, cublas##L##herk_64, uplo, trans, n, k, alpha, a, lda, beta, c,     \
                        ldc);                                                                      \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##her2k(                                             \
        cublasXtHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans, size_t n,         \
        size_t k, const T* alpha, const T* a, size_t lda, const T* b, size_t ldb, const R* beta,   \
        T* c, size_t ldc) {                                                                        \
        return rank_two(handle, cublas##L##her2k_64, uplo, trans, n, k, alpha, a, lda, b, ldb,     \
                        beta, c, ldc);                                                             \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##herkx(                                             \
        cublasXtHandle_t handle, cublasFillMode_t uplo, cublasOperation_t trans, size_t n,         \
        size_t k, const T* alpha, const T* a, size_t lda, const T* b, size_t ldb, const R* beta,   \
        T* c, size_t ldc) {                                                                        \
        return rank_two(handle, cublas##L##herkx_64, uplo, trans, n, k, alpha, a, lda, b, ldb,     \
                        beta, c, ldc);                                                             \
    }                                                                                              \
    ACC_LIBRARY_API cublasStatus_t cublasXt##L##hemm(                                              \
        cublasXtHandle_t handle, cublasSideMode_t side, cublasFillMode_t uplo, size_t m, size_t n, \
        const T* alpha, const T* a, size_t lda, const T* b, size_t ldb, const T* beta, T* c,       \
        size_t ldc) {                                                                              \
        return symmetric(handle, cublas##L##hemm_64, side, uplo, m, n, alpha, a, lda, b, ldb,      \
                         beta, c, ldc);                                                            \
    }
ACC_XT_COMPLEX(C, cuComplex, float)
ACC_XT_COMPLEX(Z, cuDoubleComplex, double)
