// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/dnn/kernels/rows.cuh"

namespace acc::dnn {
namespace {

/// A value and, of extremes, the number of what it is.
template <class Acc>
struct Found {
    Acc value;
    int64_t index; ///< -1: nothing yet
};

template <class Acc>
__device__ Acc first(Reduce op) {
    return op == Reduce::Mul || op == Reduce::MulNoZeros ? Acc(1) : Acc(0);
}

template <class Acc>
__device__ bool is_extreme(Reduce op) {
    return op == Reduce::Min || op == Reduce::Max || op == Reduce::AMax;
}

/// Of equals the first counts; a NaN that is propagated is before all numbers.
template <class Acc>
__device__ Found<Acc> better(const Reduction& r, Found<Acc> a, Found<Acc> b) {
    if (a.index < 0 || b.index < 0) return a.index < 0 ? b : a;
    const bool a_is_nan = a.value != a.value, b_is_nan = b.value != b.value;
    if (a_is_nan || b_is_nan) {
        if (a_is_nan && b_is_nan) return a.index < b.index ? a : b;
        return a_is_nan == r.propagates_nan ? a : b;
    }
    if (a.value == b.value) return a.index < b.index ? a : b;
    return (r.op == Reduce::Min ? a.value < b.value : a.value > b.value) ? a : b;
}

template <class Acc>
__device__ Found<Acc> joined(const Reduction& r, Found<Acc> a, Found<Acc> b) {
    if (is_extreme<Acc>(r.op)) return better(r, a, b);
    if (r.op == Reduce::Mul || r.op == Reduce::MulNoZeros) return {a.value * b.value, 0};
    return {a.value + b.value, 0};
}

/// What an element is in the sum, product or comparison.
template <class Acc>
__device__ Acc term(Reduce op, Acc x) {
    switch (op) {
    case Reduce::AMax:
    case Reduce::Norm1: return fabs(x);
    case Reduce::Norm2: return x * x;
    case Reduce::MulNoZeros: return x == 0 ? Acc(1) : x;
    default: return x;
    }
}

template <class Acc>
__global__ void __launch_bounds__(kRowThreads)
    reduction_kernel(const __grid_constant__ Reduction r, int each) {
    const Share share(each);
    for (int64_t row = share.first; row < r.outer.count; row += share.step) {
        const int64_t begin = offset_of(r.outer, r.in.outer, row);
        Found<Acc> found = {first<Acc>(r.op), -1};
        for (int64_t i = share.lane; i < r.inner.count; i += share.lanes)
            found = joined(r, found, {term(r.op, get<Acc>(r.inner, r.in, begin, i)), i});
        found = join(share, found, [&r](Found<Acc> a, Found<Acc> b) { return joined(r, a, b); });
        if (share.lane != 0) continue;
        Acc value = found.value;
        if (r.op == Reduce::Avg) value /= Acc(r.inner.count);
        if (r.op == Reduce::Norm2) value = sqrt(value);
        value *= Acc(r.alpha);
        const int64_t at = offset_of(r.outer, r.out.outer, row);
        if (r.beta != 0) value += Acc(r.beta) * load<Acc>(r.out.array, at);
        store(r.out.array, at, value);
        if (r.indices.data != nullptr) store(r.indices, row, double(found.index));
    }
}

} // namespace

cudaError_t launch_reduction(cudaStream_t stream, const Reduction& r) {
    const bool wide = is_wide(r.in.array.type) || is_wide(r.out.array.type);
    return launch_rows(wide ? reduction_kernel<double> : reduction_kernel<float>, stream, r,
                       r.outer.count, r.inner.count);
}

} // namespace acc::dnn
