// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Level 1 with types as arguments: the documented combinations are those of one type for
// everything, computed in it or, for f16 and bf16, in float, with scalars in either.
#include "runtime/lib/blas/kernels/level1.h"

#include "runtime/lib/blas/products.h"
#include "runtime/lib/blas/results.h"
#include "runtime/lib/blas/rotations.h"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

/// Calls `work` with a value of the type, which it takes as its template parameter.
template <class Work>
cublasStatus_t with_type(cudaDataType type, Work work) {
    switch (type) {
    case CUDA_R_32F: return work(float{});
    case CUDA_R_64F: return work(double{});
    case CUDA_C_32F: return work(cuComplex{});
    case CUDA_C_64F: return work(cuDoubleComplex{});
    case CUDA_R_16F: return work(__half{});
    case CUDA_R_16BF: return work(__nv_bfloat16{});
    default: return CUBLAS_STATUS_NOT_SUPPORTED;
    }
}

/// Whether `computing` is the type that elements of `type` are computed in.
bool computes_in(cudaDataType type, cudaDataType computing) {
    if (type == CUDA_R_16F || type == CUDA_R_16BF) return computing == CUDA_R_32F;
    return computing == type;
}

/// The real type of norms: of complex numbers the parts' type.
cudaDataType real_of(cudaDataType type) {
    return type == CUDA_C_32F ? CUDA_R_32F : type == CUDA_C_64F ? CUDA_R_64F : type;
}

/// A scalar of the program in the type that is computed in. On the device it must have that type.
template <class X>
bool read_scalar(const Context& context, const void* given, cudaDataType type,
                 Scalar<Compute<X>>& result) {
    const bool direct = type_of(type) == type_id<Compute<X>>();
    if (context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE) {
        result = {zero<Compute<X>>(), static_cast<const Compute<X>*>(given)};
        return direct;
    }
    const Factor read = factor(context, given, type_of(type));
    if constexpr (is_complex<X>)
        result.value = {Real<X>(read.value[0]), Real<X>(read.value[1])};
    else
        result.value = Compute<X>(read.value[0]);
    result.pointer = nullptr;
    return direct || type_of(type) == type_id<X>();
}

/// A reduction whose result is an R.
template <class X, class R>
cublasStatus_t reduce(Context& context, Reduction what, int64_t n, const void* x, int64_t incx,
                      const void* y, int64_t incy, void* result) {
    auto* to = static_cast<R*>(result);
    const auto* of_x = static_cast<const X*>(x);
    const auto* of_y = static_cast<const X*>(y);
    return with_result(context, to, [&](R* place) {
        return launch_reduction(context, what, n, of_x, incx, of_y, incy, place);
    });
}

/// The same, where the narrow types have a result of theirs.
template <class X>
cublasStatus_t reduce_real(Context& context, Reduction what, int64_t n, const void* x, int64_t incx,
                           cudaDataType result_type, void* result) {
    if constexpr (sizeof(X) == 2) {
        if (type_of(result_type) == type_id<X>())
            return reduce<X, X>(context, what, n, x, incx, x, incx, result);
    }
    return reduce<X, Real<X>>(context, what, n, x, incx, x, incx, result);
}

cublasStatus_t one_vector(Context& context, Reduction what, int64_t n, const void* x,
                          cudaDataType type, int64_t incx, void* result, cudaDataType result_type,
                          cudaDataType computing) {
    if (result == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    const bool computes = computes_in(type, computing) || computing == real_of(type);
    if (!computes || result_type != real_of(type)) return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_type(type, [&](auto tag) {
        using X = decltype(tag);
        if (n <= 0 || incx <= 0) {
            if constexpr (sizeof(X) == 2)
                return give(context, static_cast<X*>(result), X(0.f));
            else
                return give(context, static_cast<Real<X>*>(result), Real<X>(0));
        }
        return reduce_real<X>(context, what, n, x, incx, result_type, result);
    });
}

cublasStatus_t nrm2_ex(Context& context, int64_t n, const void* x, cudaDataType type, int64_t incx,
                       void* result, cudaDataType result_type, cudaDataType computing) {
    return one_vector(context, Reduction::Nrm2, n, x, type, incx, result, result_type, computing);
}

cublasStatus_t asum_ex(Context& context, int64_t n, const void* x, cudaDataType type, int64_t incx,
                       void* result, cudaDataType result_type, cudaDataType computing) {
    return one_vector(context, Reduction::Asum, n, x, type, incx, result, result_type, computing);
}

cublasStatus_t dot(Context& context, Reduction what, int64_t n, const void* x, cudaDataType type,
                   int64_t incx, const void* y, cudaDataType y_type, int64_t incy, void* result,
                   cudaDataType result_type, cudaDataType computing) {
    if (result == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (y_type != type || result_type != type || !computes_in(type, computing))
        return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_type(type, [&](auto tag) {
        using X = decltype(tag);
        if (n <= 0) return give(context, static_cast<X*>(result), X{});
        return reduce<X, X>(context, what, n, x, incx, y, incy, result);
    });
}

cublasStatus_t dotu_ex(Context& context, int64_t n, const void* x, cudaDataType type, int64_t incx,
                       const void* y, cudaDataType y_type, int64_t incy, void* result,
                       cudaDataType result_type, cudaDataType computing) {
    return dot(context, Reduction::DotU, n, x, type, incx, y, y_type, incy, result, result_type,
               computing);
}

cublasStatus_t dotc_ex(Context& context, int64_t n, const void* x, cudaDataType type, int64_t incx,
                       const void* y, cudaDataType y_type, int64_t incy, void* result,
                       cudaDataType result_type, cudaDataType computing) {
    return dot(context, Reduction::DotC, n, x, type, incx, y, y_type, incy, result, result_type,
               computing);
}

template <class I>
cublasStatus_t place(Context& context, Reduction what, int64_t n, const void* x, cudaDataType type,
                     int64_t incx, I* result) {
    if (result == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    return with_type(type, [&](auto tag) {
        using X = decltype(tag);
        if (n <= 0 || incx <= 0) return give(context, result, I(0));
        return reduce<X, I>(context, what, n, x, incx, x, incx, result);
    });
}

template <class I>
cublasStatus_t amax_ex(Context& context, int64_t n, const void* x, cudaDataType type, int64_t incx,
                       I* result) {
    return place(context, Reduction::Amax, n, x, type, incx, result);
}

template <class I>
cublasStatus_t amin_ex(Context& context, int64_t n, const void* x, cudaDataType type, int64_t incx,
                       I* result) {
    return place(context, Reduction::Amin, n, x, type, incx, result);
}

cublasStatus_t scal_ex(Context& context, int64_t n, const void* alpha, cudaDataType alpha_type,
                       void* x, cudaDataType type, int64_t incx, cudaDataType computing) {
    if (alpha == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (!computes_in(type, computing)) return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_type(type, [&](auto tag) {
        using X = decltype(tag);
        Scalar<Compute<X>> factor;
        if (!read_scalar<X>(context, alpha, alpha_type, factor)) return CUBLAS_STATUS_NOT_SUPPORTED;
        if (n <= 0 || incx <= 0) return CUBLAS_STATUS_SUCCESS;
        return launch_scal(context, n, factor, static_cast<X*>(x), incx);
    });
}

cublasStatus_t axpy_ex(Context& context, int64_t n, const void* alpha, cudaDataType alpha_type,
                       const void* x, cudaDataType type, int64_t incx, void* y, cudaDataType y_type,
                       int64_t incy, cudaDataType computing) {
    if (alpha == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (y_type != type || !computes_in(type, computing)) return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_type(type, [&](auto tag) {
        using X = decltype(tag);
        Scalar<Compute<X>> factor;
        if (!read_scalar<X>(context, alpha, alpha_type, factor)) return CUBLAS_STATUS_NOT_SUPPORTED;
        if (n <= 0) return CUBLAS_STATUS_SUCCESS;
        return launch_axpy<X>(context, n, factor, static_cast<const X*>(x), incx,
                              static_cast<X*>(y), incy);
    });
}

cublasStatus_t copy_ex(Context& context, int64_t n, const void* x, cudaDataType type, int64_t incx,
                       void* y, cudaDataType y_type, int64_t incy) {
    if (y_type != type) return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_type(type, [&](auto tag) {
        return n <= 0 ? CUBLAS_STATUS_SUCCESS
                      : launch_copy(context, sizeof tag, n, x, incx, y, incy);
    });
}

cublasStatus_t swap_ex(Context& context, int64_t n, void* x, cudaDataType type, int64_t incx,
                       void* y, cudaDataType y_type, int64_t incy) {
    if (y_type != type) return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_type(type, [&](auto tag) {
        return n <= 0 ? CUBLAS_STATUS_SUCCESS
                      : launch_swap(context, sizeof tag, n, x, incx, y, incy);
    });
}

cublasStatus_t rot_ex(Context& context, int64_t n, void* x, cudaDataType type, int64_t incx,
                      void* y, cudaDataType y_type, int64_t incy, const void* c, const void* s,
                      cudaDataType scalar_type, cudaDataType computing) {
    if (c == nullptr || s == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (y_type != type || !computes_in(type, computing)) return CUBLAS_STATUS_NOT_SUPPORTED;
    const bool narrow = type == CUDA_R_16F || type == CUDA_R_16BF;
    return with_type(type, [&](auto tag) {
        using X = decltype(tag);
        auto* of_x = static_cast<X*>(x);
        auto* of_y = static_cast<X*>(y);
        if (n <= 0) return CUBLAS_STATUS_SUCCESS;
        if constexpr (sizeof(X) == 2) {
            Scalar<float> cosine, sine;
            if (!narrow || !read_scalar<X>(context, c, scalar_type, cosine) ||
                !read_scalar<X>(context, s, scalar_type, sine))
                return CUBLAS_STATUS_NOT_SUPPORTED;
            return launch_rot(context, n, of_x, incx, of_y, incy, cosine, sine);
        } else {
            const auto cosine = scalar(context, static_cast<const Real<X>*>(c));
            if (scalar_type == type)
                return launch_rot(context, n, of_x, incx, of_y, incy, cosine,
                                  scalar(context, static_cast<const X*>(s)));
            if constexpr (is_complex<X>) {
                if (scalar_type == real_of(type))
                    return launch_rot(context, n, of_x, incx, of_y, incy, cosine,
                                      scalar(context, static_cast<const Real<X>*>(s)));
            }
            return CUBLAS_STATUS_NOT_SUPPORTED;
        }
    });
}

/// float, double and their complex numbers, for what is made of scalars.
template <class Work>
cublasStatus_t with_wide_type(cudaDataType type, Work work) {
    return with_type(type, [&](auto tag) {
        if constexpr (sizeof tag == 2)
            return CUBLAS_STATUS_NOT_SUPPORTED;
        else
            return work(tag);
    });
}

cublasStatus_t rotg_ex(Context& context, void* a, void* b, cudaDataType type, void* c, void* s,
                       cudaDataType scalar_type, cudaDataType computing) {
    if (scalar_type != type || computing != type) return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_wide_type(type, [&](auto tag) {
        using X = decltype(tag);
        return rotg(context, static_cast<X*>(a), static_cast<X*>(b), static_cast<Real<X>*>(c),
                    static_cast<X*>(s));
    });
}

cublasStatus_t rotm_ex(Context& context, int64_t n, void* x, cudaDataType type, int64_t incx,
                       void* y, cudaDataType y_type, int64_t incy, const void* param,
                       cudaDataType param_type, cudaDataType computing) {
    if (param == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (y_type != type || param_type != type || computing != type)
        return CUBLAS_STATUS_NOT_SUPPORTED;
    const bool on_device = context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE;
    return with_wide_type(type, [&](auto tag) {
        using X = decltype(tag);
        if constexpr (is_complex<X>) {
            return CUBLAS_STATUS_NOT_SUPPORTED;
        } else {
            if (n <= 0) return CUBLAS_STATUS_SUCCESS;
            const auto* given = static_cast<const X*>(param);
            return launch_rotm(context, n, static_cast<X*>(x), incx, static_cast<X*>(y), incy,
                               on_device ? nullptr : given, on_device ? given : nullptr);
        }
    });
}

cublasStatus_t rotmg_ex(Context& context, void* d1, cudaDataType d1_type, void* d2,
                        cudaDataType d2_type, void* x1, cudaDataType x1_type, const void* y1,
                        cudaDataType y1_type, void* param, cudaDataType param_type,
                        cudaDataType computing) {
    for (cudaDataType type : {d2_type, x1_type, y1_type, param_type, computing})
        if (type != d1_type) return CUBLAS_STATUS_NOT_SUPPORTED;
    return with_wide_type(d1_type, [&](auto tag) {
        using X = decltype(tag);
        if constexpr (is_complex<X>)
            return CUBLAS_STATUS_NOT_SUPPORTED;
        else
            return rotmg(context, static_cast<X*>(d1), static_cast<X*>(d2), static_cast<X*>(x1),
                         static_cast<const X*>(y1), static_cast<X*>(param));
    });
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

#include "level1_ex_entries.inc"
