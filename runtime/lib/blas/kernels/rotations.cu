// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/blas/rotations.h"

#include "runtime/lib/blas/kernels/launch.cuh"

#include <cfloat>
#include <cmath>

namespace acc::blas {
namespace {

/// Givens: [c s; -s c] [a; b] = [r; 0], and z from which c and s can be had again (Lawson et al.,
/// ACM TOMS 5, 1979).
template <class R>
__host__ __device__ void make_rotation(R* a, R* b, R* c, R* s) {
    const R size_a = *a < 0 ? -*a : *a, size_b = *b < 0 ? -*b : *b;
    const R scale = size_a + size_b;
    if (scale == 0) {
        *c = 1;
        *s = *a = *b = 0;
        return;
    }
    const R sign = (size_a > size_b ? *a : *b) < 0 ? R(-1) : R(1);
    const R x = *a / scale, y = *b / scale;
    const R r = sign * scale * sqrt(x * x + y * y);
    *c = *a / r;
    *s = *b / r;
    *b = size_a > size_b ? *s : *c != 0 ? 1 / *c : R(1);
    *a = r;
}

template <class X>
__host__ __device__ void make_complex_rotation(X* a, const X* b, Real<X>* c, X* s) {
    const Real<X> size_a = hypot(a->x, a->y);
    if (size_a == 0) {
        *c = 0;
        *s = {1, 0};
        *a = *b;
        return;
    }
    const Real<X> scale = size_a + hypot(b->x, b->y);
    const Real<X> norm = scale * hypot(size_a / scale, hypot(b->x / scale, b->y / scale));
    const X direction = {a->x / size_a, a->y / size_a};
    *c = size_a / norm;
    const X product = multiply(direction, conjugate(*b));
    *s = {product.x / norm, product.y / norm};
    *a = {direction.x * norm, direction.y * norm};
}

template <class X>
__host__ __device__ void make(X* a, X* b, Real<X>* c, X* s) {
    if constexpr (is_complex<X>)
        make_complex_rotation(a, b, c, s);
    else
        make_rotation(a, b, c, s);
}

/// The modified rotation while it is made: a matrix that the flag says how much of to keep, and
/// factors.
template <class R>
struct Modified {
    R flag, h11, h21, h12, h22;
    R d1, d2, x1;

    __host__ __device__ void clear() {
        flag = -1;
        h11 = h12 = h21 = h22 = d1 = d2 = x1 = 0;
    }

    /// From the short forms, which leave out ones, to the whole matrix.
    __host__ __device__ void spell_out() {
        if (flag == 0) h11 = h22 = 1;
        if (flag > 0) {
            h21 = -1;
            h12 = 1;
        }
        flag = -1;
    }

    /// Keeps d1 and d2 between 1/gamma^2 and gamma^2.
    __host__ __device__ void rescale() {
        constexpr R gamma = 4096, square = gamma * gamma;
        if (d1 != 0)
            while (d1 <= 1 / square || d1 >= square) {
                spell_out();
                const bool tiny = d1 <= 1 / square;
                d1 = tiny ? d1 * square : d1 / square;
                x1 = tiny ? x1 / gamma : x1 * gamma;
                h11 = tiny ? h11 / gamma : h11 * gamma;
                h12 = tiny ? h12 / gamma : h12 * gamma;
            }
        if (d2 != 0)
            while ((d2 < 0 ? -d2 : d2) <= 1 / square || (d2 < 0 ? -d2 : d2) >= square) {
                spell_out();
                const bool tiny = (d2 < 0 ? -d2 : d2) <= 1 / square;
                d2 = tiny ? d2 * square : d2 / square;
                h21 = tiny ? h21 / gamma : h21 * gamma;
                h22 = tiny ? h22 / gamma : h22 * gamma;
            }
    }

    /// What is written of the matrix depends on the flag.
    __host__ __device__ void write(R* param) const {
        param[0] = flag;
        if (flag <= 0 && flag != -2) {
            param[2] = h21;
            param[3] = h12;
        }
        if (flag < 0 && flag != -2) {
            param[1] = h11;
            param[4] = h22;
        }
        if (flag > 0) {
            param[1] = h11;
            param[4] = h22;
        }
    }
};

/// The modified Givens transformation of Lawson et al., with Hopkins' check (ACM TOMS 23, 1997) of
/// what rounding makes of it.
template <class R>
__host__ __device__ void make_modified(R* d1, R* d2, R* x1, R y1, R* param) {
    Modified<R> m = {0, 0, 0, 0, 0, *d1, *d2, *x1};
    const R p2 = m.d2 * y1;
    if (m.d1 < 0) {
        m.clear();
    } else if (p2 == 0) {
        param[0] = -2;
        return;
    } else {
        const R p1 = m.d1 * m.x1, q2 = p2 * y1, q1 = p1 * m.x1;
        if ((q1 < 0 ? -q1 : q1) > (q2 < 0 ? -q2 : q2)) {
            m.h21 = -y1 / m.x1;
            m.h12 = p2 / p1;
            const R u = 1 - m.h12 * m.h21;
            if (u > 0) {
                m.d1 /= u;
                m.d2 /= u;
                m.x1 *= u;
            } else {
                m.clear();
            }
        } else if (q2 < 0) {
            m.clear();
        } else {
            m.flag = 1;
            m.h11 = p1 / p2;
            m.h22 = m.x1 / y1;
            const R u = 1 + m.h11 * m.h22, old = m.d2 / u;
            m.d2 = m.d1 / u;
            m.d1 = old;
            m.x1 = y1 * u;
        }
        m.rescale();
    }
    *d1 = m.d1;
    *d2 = m.d2;
    *x1 = m.x1;
    m.write(param);
}

template <class X>
__global__ void rotg_kernel(X* a, X* b, Real<X>* c, X* s) {
    make(a, b, c, s);
}

template <class X>
__global__ void rotmg_kernel(X* d1, X* d2, X* x1, const X* y1, X* param) {
    make_modified(d1, d2, x1, *y1, param);
}

} // namespace

template <class X>
cublasStatus_t rotg(Context& context, X* a, X* b, Real<X>* c, X* s) {
    if (a == nullptr || b == nullptr || c == nullptr || s == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE)
        return launch(rotg_kernel<X>, 1, 1, context.stream, a, b, c, s);
    make(a, b, c, s);
    return CUBLAS_STATUS_SUCCESS;
}

template <class X>
cublasStatus_t rotmg(Context& context, X* d1, X* d2, X* x1, const X* y1, X* param) {
    if (d1 == nullptr || d2 == nullptr || x1 == nullptr || y1 == nullptr || param == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (context.pointer_mode == CUBLAS_POINTER_MODE_DEVICE)
        return launch(rotmg_kernel<X>, 1, 1, context.stream, d1, d2, x1, y1, param);
    make_modified(d1, d2, x1, *y1, param);
    return CUBLAS_STATUS_SUCCESS;
}

template cublasStatus_t rotg<float>(Context&, float*, float*, float*, float*);
template cublasStatus_t rotg<double>(Context&, double*, double*, double*, double*);
template cublasStatus_t rotg<cuComplex>(Context&, cuComplex*, cuComplex*, float*, cuComplex*);
template cublasStatus_t rotg<cuDoubleComplex>(Context&, cuDoubleComplex*, cuDoubleComplex*, double*,
                                              cuDoubleComplex*);
template cublasStatus_t rotmg<float>(Context&, float*, float*, float*, const float*, float*);
template cublasStatus_t rotmg<double>(Context&, double*, double*, double*, const double*, double*);

} // namespace acc::blas
