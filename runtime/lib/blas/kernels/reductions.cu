// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions of level 1: each thread goes over its share, a block joins its threads' states in a
// tree, and one more block those of the blocks. The order depends on n alone, so results do not
// change from run to run.
#include "runtime/lib/blas/kernels/launch.cuh"
#include "runtime/lib/blas/kernels/level1.h"

#include <cfloat>
#include <cmath>

namespace acc::blas {
namespace {

constexpr unsigned kThreads = 256;
constexpr int64_t kEach = 4096;
constexpr int64_t kMostBlocks = 256;

/// Sum of products; Conj: of the first factor's conjugate.
template <class X, bool Conj>
struct Dot {
    using State = Compute<X>;
    __device__ static State start() { return zero<State>(); }
    __device__ static void add_element(State& state, const X* x, const X* y, int64_t) {
        state = multiply_add(conjugate_if(Conj, load(*x)), load(*y), state);
    }
    __device__ static State join(State a, State b) { return add(a, b); }
    template <class R>
    __device__ static R result(State state) {
        return R(state);
    }
};

template <class X>
struct Asum {
    using State = Real<X>;
    __device__ static State start() { return 0; }
    __device__ static void add_element(State& state, const X* x, const X*, int64_t) {
        state += size1(load(*x));
    }
    __device__ static State join(State a, State b) { return a + b; }
    template <class R>
    __device__ static R result(State state) {
        return R(state);
    }
};

/// The square of a float is a double, which never overflows.
template <class X>
struct FloatNorm {
    using State = double;
    __device__ static State start() { return 0; }
    __device__ static void add_element(State& state, const X* x, const X*, int64_t) {
        const auto value = load(*x);
        if constexpr (is_complex<X>)
            state += double(value.x) * value.x + double(value.y) * value.y;
        else
            state += double(value) * value;
    }
    __device__ static State join(State a, State b) { return a + b; }
    template <class R>
    __device__ static R result(State state) {
        return R(sqrt(state));
    }
};

/// Blue's algorithm: three sums of squares, of what is small, ordinary and big, the outer two
/// scaled. J. L. Blue, A portable Fortran program to find the Euclidean norm of a vector, ACM TOMS
/// 4 (1978).
struct BlueSums {
    double small, ordinary, big;
};

template <class X>
struct DoubleNorm {
    using State = BlueSums;
    static constexpr double kSmall = 0x1p-511, kBig = 0x1p486;           // limits of the ordinary
    static constexpr double kSmallScale = 0x1p537, kBigScale = 0x1p-538; // what the others are
                                                                         // multiplied by
    __device__ static State start() { return {0, 0, 0}; }
    __device__ static void add_real(State& state, double value) {
        const double size = fabs(value);
        if (size > kBig)
            state.big += (size * kBigScale) * (size * kBigScale);
        else if (size < kSmall)
            state.small += (size * kSmallScale) * (size * kSmallScale);
        else
            state.ordinary += size * size; // NaN, too
    }
    __device__ static void add_element(State& state, const X* x, const X*, int64_t) {
        if constexpr (is_complex<X>) {
            add_real(state, x->x);
            add_real(state, x->y);
        } else {
            add_real(state, *x);
        }
    }
    __device__ static State join(State a, State b) {
        return {a.small + b.small, a.ordinary + b.ordinary, a.big + b.big};
    }
    template <class R>
    __device__ static R result(State state) {
        if (state.big > 0) {
            if (state.ordinary > 0 || state.ordinary != state.ordinary)
                state.big += (state.ordinary * kBigScale) * kBigScale;
            return R(sqrt(state.big) / kBigScale);
        }
        if (state.small > 0) {
            if (!(state.ordinary > 0) && state.ordinary == state.ordinary)
                return R(sqrt(state.small) / kSmallScale);
            const double a = sqrt(state.ordinary), b = sqrt(state.small) / kSmallScale;
            return R(a > b    ? a * sqrt(1 + (b / a) * (b / a))
                     : a == a ? b * sqrt(1 + (a / b) * (a / b))
                              : a);
        }
        return R(sqrt(state.ordinary));
    }
};

/// The first place of the largest (smallest) size1, counted from one. A NaN is chosen only where
/// there is nothing else.
template <class X, bool Largest>
struct Extreme {
    struct State {
        Real<X> value;
        int64_t index; ///< -1: none yet
    };
    __device__ static State start() { return {0, -1}; }
    __device__ static void add_element(State& state, const X* x, const X*, int64_t i) {
        state = join(state, {size1(load(*x)), i});
    }
    __device__ static bool better(const State& a, const State& b) {
        if (a.index < 0 || b.index < 0) return b.index < 0;
        const bool a_nan = a.value != a.value, b_nan = b.value != b.value;
        if (a_nan || b_nan) return a_nan && b_nan ? a.index < b.index : b_nan;
        if (a.value == b.value) return a.index < b.index;
        return Largest ? a.value > b.value : a.value < b.value;
    }
    __device__ static State join(State a, State b) { return better(a, b) ? a : b; }
    template <class R>
    __device__ static R result(State state) {
        return R(state.index + 1);
    }
};

/// Joins the states of the block's threads; thread 0 has the result.
template <class Op>
__device__ typename Op::State join_block(typename Op::State mine) {
    __shared__ typename Op::State states[kThreads];
    states[threadIdx.x] = mine;
    __syncthreads();
    for (unsigned width = kThreads / 2; width > 0; width /= 2) {
        if (threadIdx.x < width)
            states[threadIdx.x] = Op::join(states[threadIdx.x], states[threadIdx.x + width]);
        __syncthreads();
    }
    return states[0];
}

template <class Op, class X, class R>
__global__ void reduce_kernel(int64_t n, const X* x, int64_t incx, const X* y, int64_t incy,
                              typename Op::State* partial, R* result) {
    typename Op::State mine = Op::start();
    const int64_t step = int64_t(gridDim.x) * kThreads;
    for (int64_t i = int64_t(blockIdx.x) * kThreads + threadIdx.x; i < n; i += step)
        Op::add_element(mine, x + i * incx, y + i * incy, i);
    const typename Op::State all = join_block<Op>(mine);
    if (threadIdx.x != 0) return;
    if (gridDim.x == 1)
        *result = Op::template result<R>(all);
    else
        partial[blockIdx.x] = all;
}

template <class Op, class R>
__global__ void join_kernel(unsigned count, const typename Op::State* partial, R* result) {
    const typename Op::State mine = threadIdx.x < count ? partial[threadIdx.x] : Op::start();
    const typename Op::State all = join_block<Op>(mine);
    if (threadIdx.x == 0) *result = Op::template result<R>(all);
}

template <class Op, class X, class R>
cublasStatus_t reduce(Context& context, int64_t n, const X* x, int64_t incx, const X* y,
                      int64_t incy, R* result) {
    using State = typename Op::State;
    static_assert(kMostBlocks <= kThreads && kMostBlocks * sizeof(State) <= kScratchSize);
    auto* partial = static_cast<State*>(context.scratch);
    const unsigned blocks = blocks_for(n, kEach, kMostBlocks);
    const cublasStatus_t status = launch(reduce_kernel<Op, X, R>, blocks, kThreads, context.stream,
                                         n, first(x, n, incx), incx, first(y, n, incy), incy,
                                         partial, result);
    if (status != CUBLAS_STATUS_SUCCESS || blocks == 1) return status;
    return launch(join_kernel<Op, R>, 1, kThreads, context.stream, blocks, partial, result);
}

template <class X>
struct NormOf {
    using Op = FloatNorm<X>;
};
template <>
struct NormOf<double> {
    using Op = DoubleNorm<double>;
};
template <>
struct NormOf<cuDoubleComplex> {
    using Op = DoubleNorm<cuDoubleComplex>;
};

} // namespace

template <class X, class R>
cublasStatus_t launch_reduction(Context& context, Reduction what, int64_t n, const X* x,
                                int64_t incx, const X* y, int64_t incy, R* result) {
    if constexpr (std::is_same_v<R, int64_t> || std::is_same_v<R, int>) {
        if (what == Reduction::Amax)
            return reduce<Extreme<X, true>>(context, n, x, incx, y, incy, result);
        return reduce<Extreme<X, false>>(context, n, x, incx, y, incy, result);
    } else if constexpr (std::is_same_v<R, Real<X>> || sizeof(R) == 2) {
        if (what == Reduction::Asum) return reduce<Asum<X>>(context, n, x, incx, y, incy, result);
        if (what == Reduction::Nrm2)
            return reduce<typename NormOf<X>::Op>(context, n, x, incx, y, incy, result);
        if constexpr (!is_complex<X>)
            return reduce<Dot<X, false>>(context, n, x, incx, y, incy, result);
    } else if constexpr (is_complex<R>) {
        if (what == Reduction::DotC)
            return reduce<Dot<X, true>>(context, n, x, incx, y, incy, result);
        return reduce<Dot<X, false>>(context, n, x, incx, y, incy, result);
    }
    return CUBLAS_STATUS_INTERNAL_ERROR;
}

#define ACC_FOR(X, R)                                                                              \
    template cublasStatus_t launch_reduction<X, R>(Context&, Reduction, int64_t, const X*,         \
                                                   int64_t, const X*, int64_t, R*);
#define ACC_FOR_ALL(X)                                                                             \
    ACC_FOR(X, Real<X>)                                                                            \
    ACC_FOR(X, int)                                                                                \
    ACC_FOR(X, int64_t)
ACC_FOR_ALL(float)
ACC_FOR_ALL(double)
ACC_FOR_ALL(cuComplex)
ACC_FOR_ALL(cuDoubleComplex)
ACC_FOR_ALL(__half)
ACC_FOR_ALL(__nv_bfloat16)
ACC_FOR(__half, __half)
ACC_FOR(__nv_bfloat16, __nv_bfloat16)
ACC_FOR(cuComplex, cuComplex)
ACC_FOR(cuDoubleComplex, cuDoubleComplex)

} // namespace acc::blas
