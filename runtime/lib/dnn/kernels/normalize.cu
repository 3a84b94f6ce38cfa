// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/dnn/kernels/activation.cuh"
#include "runtime/lib/dnn/kernels/rows.cuh"

namespace acc::dnn {
namespace {

template <class Acc>
struct Statistics {
    Acc mean, variance;
};

/// In two passes, the second about the mean.
template <class Acc>
__device__ Statistics<Acc> statistics_of(const Box& inner, const Span& x, const Share& share,
                                         int64_t begin, bool centers) {
    Acc mean = 0;
    if (centers) {
        for (int64_t i = share.lane; i < inner.count; i += share.lanes)
            mean += get<Acc>(inner, x, begin, i);
        mean = sum(share, mean) / Acc(inner.count);
    }
    Acc squares = 0;
    for (int64_t i = share.lane; i < inner.count; i += share.lanes) {
        const Acc away = get<Acc>(inner, x, begin, i) - mean;
        squares += away * away;
    }
    return {mean, sum(share, squares) / Acc(inner.count)};
}

template <class Acc>
__device__ Acc of_row(const Box& outer, const Span& span, int64_t row) {
    return load<Acc>(span.array, offset_of(outer, span.outer, row));
}
template <class Acc>
__device__ void to_row(const Box& outer, const Span& span, int64_t row, Acc value) {
    if (span.array.data != nullptr) store(span.array, offset_of(outer, span.outer, row), value);
}

/// The moving averages; the variance's is the one of samples.
template <class Acc>
__device__ void update(const Normalization& n, int64_t row, Statistics<Acc> s) {
    const auto move = [&](const Span& from, const Span& to, Acc value) {
        if (to.array.data == nullptr) return;
        Acc kept = 0;
        if (from.array.data != nullptr && n.factor != 1)
            kept = Acc(1 - n.factor) * of_row<Acc>(n.outer, from, row);
        to_row(n.outer, to, row, kept + Acc(n.factor) * value);
    };
    const int64_t many = n.inner.count;
    move(n.running_mean, n.new_running_mean, s.mean);
    move(n.running_variance, n.new_running_variance,
         many > 1 ? s.variance * (Acc(many) / Acc(many - 1)) : s.variance);
}

template <class Acc>
__global__ void __launch_bounds__(kRowThreads)
    normalization_kernel(const __grid_constant__ Normalization n, int each) {
    const Share share(each);
    for (int64_t row = share.first; row < n.outer.count; row += share.step) {
        const int64_t x = offset_of(n.outer, n.x.outer, row),
                      y = offset_of(n.outer, n.y.outer, row),
                      z = offset_of(n.outer, n.z.outer, row),
                      scale = offset_of(n.outer, n.scale.outer, row),
                      bias = offset_of(n.outer, n.bias.outer, row);
        Acc mean = 0, inverse;
        if (n.uses_statistics) {
            if (n.mean.array.data != nullptr) mean = of_row<Acc>(n.outer, n.mean, row);
            const Acc variance = of_row<Acc>(n.outer, n.variance, row);
            inverse = n.given_inverse ? variance : 1 / sqrt(variance + Acc(n.epsilon));
        } else {
            const auto s = statistics_of<Acc>(n.inner, n.x, share, x, n.centers);
            mean = s.mean;
            inverse = 1 / sqrt(s.variance + Acc(n.epsilon));
            if (share.lane == 0) {
                to_row(n.outer, n.mean, row, mean);
                to_row(n.outer, n.variance, row, inverse);
                update(n, row, s);
            }
        }
        for (int64_t i = share.lane; i < n.inner.count; i += share.lanes) {
            Acc value = (get<Acc>(n.inner, n.x, x, i) - mean) * inverse;
            value = value * get<Acc>(n.inner, n.scale, scale, i, 1) +
                    get<Acc>(n.inner, n.bias, bias, i) + get<Acc>(n.inner, n.z, z, i);
            if (n.activation != Op::Identity)
                value = activate(n.activation, value, n.parameter, true);
            put(n.inner, n.y, y, i, Acc(n.alpha) * value, n.beta);
        }
    }
}

/// Where the arrays of a gradient have a row.
struct Begins {
    int64_t x, dy, dx, dz, y, scale;
    __device__ Begins(const NormalizationGradient& n, int64_t row)
        : x(offset_of(n.outer, n.x.outer, row)), dy(offset_of(n.outer, n.dy.outer, row)),
          dx(offset_of(n.outer, n.dx.outer, row)), dz(offset_of(n.outer, n.dz.outer, row)),
          y(offset_of(n.outer, n.y.outer, row)), scale(offset_of(n.outer, n.scale.outer, row)) {}
};

/// dy before the activation.
template <class Acc>
__device__ __forceinline__ Acc slope_of(const NormalizationGradient& n, const Begins& at,
                                        int64_t i) {
    const Acc dy = get<Acc>(n.inner, n.dy, at.dy, i);
    if (n.activation == Op::Identity) return dy;
    const Acc y = get<Acc>(n.inner, n.y, at.y, i);
    return dy * slope(n.activation, y, y, n.parameter);
}

/// The mean, and as variance what 1 / sqrt(variance + epsilon) is.
template <class Acc>
__device__ Statistics<Acc> saved(const NormalizationGradient& n, const Share& share, int64_t row,
                                 int64_t x) {
    if (n.inv_deviation.array.data != nullptr) {
        const Acc mean = n.mean.array.data != nullptr ? of_row<Acc>(n.outer, n.mean, row) : Acc(0);
        return {mean, of_row<Acc>(n.outer, n.inv_deviation, row)};
    }
    const auto s = statistics_of<Acc>(n.inner, n.x, share, x, n.centers);
    return {s.mean, 1 / sqrt(s.variance + Acc(n.epsilon))};
}

template <class Acc>
__global__ void __launch_bounds__(kRowThreads)
    gradient_kernel(const __grid_constant__ NormalizationGradient n, int each) {
    const Share share(each);
    for (int64_t row = share.first; row < n.outer.count; row += share.step) {
        const Begins at(n, row);
        const auto s = saved<Acc>(n, share, row, at.x);
        // Sums of dy and of dy times the normalised x, without and with the scale.
        Acc sum_dy = 0, sum_product = 0, scaled_dy = 0, scaled_product = 0;
        for (int64_t i = share.lane; i < n.inner.count; i += share.lanes) {
            const Acc dy = slope_of<Acc>(n, at, i);
            const Acc x = (get<Acc>(n.inner, n.x, at.x, i) - s.mean) * s.variance;
            const Acc scale = get<Acc>(n.inner, n.scale, at.scale, i, 1);
            sum_dy += dy;
            sum_product += dy * x;
            scaled_dy += dy * scale;
            scaled_product += dy * scale * x;
        }
        sum_dy = sum(share, sum_dy);
        sum_product = sum(share, sum_product);
        scaled_dy = n.centers ? sum(share, scaled_dy) / Acc(n.inner.count) : Acc(0);
        scaled_product = sum(share, scaled_product) / Acc(n.inner.count);
        for (int64_t i = share.lane; i < n.inner.count; i += share.lanes) {
            const Acc dy = slope_of<Acc>(n, at, i);
            const Acc x = (get<Acc>(n.inner, n.x, at.x, i) - s.mean) * s.variance;
            const Acc scale = get<Acc>(n.inner, n.scale, at.scale, i, 1);
            put(n.inner, n.dz, at.dz, i, dy, 0.0);
            put(n.inner, n.dx, at.dx, i,
                Acc(n.alpha) * s.variance * (dy * scale - scaled_dy - x * scaled_product), n.beta);
        }
        if (share.lane == 0 && n.dscale.inner.of[0] == 0) {
            const auto add = [&](const Span& to, Acc value) {
                if (to.array.data == nullptr) return;
                const int64_t place = offset_of(n.outer, to.outer, row);
                value *= Acc(n.alpha_params);
                if (n.beta_params != 0) value += Acc(n.beta_params) * load<Acc>(to.array, place);
                store(to.array, place, value);
            };
            add(n.dscale, sum_product);
            add(n.dbias, sum_dy);
        }
    }
}

/// A thread for each element of a row: sums over the rows. Needs saved statistics.
template <class Acc>
__global__ void __launch_bounds__(kRowThreads)
    scale_gradients_kernel(const __grid_constant__ NormalizationGradient n, int) {
    const Share alone(1);
    for (int64_t i = alone.first; i < n.inner.count; i += alone.step) {
        Acc sum_dy = 0, sum_product = 0;
        for (int64_t row = 0; row < n.outer.count; ++row) {
            const Begins at(n, row);
            const auto s = saved<Acc>(n, alone, row, at.x);
            const Acc dy = slope_of<Acc>(n, at, i);
            sum_dy += dy;
            sum_product += dy * (get<Acc>(n.inner, n.x, at.x, i) - s.mean) * s.variance;
        }
        put(n.inner, n.dscale, 0, i, Acc(n.alpha_params) * sum_product, n.beta_params);
        put(n.inner, n.dbias, 0, i, Acc(n.alpha_params) * sum_dy, n.beta_params);
    }
}

} // namespace

cudaError_t launch_normalization(cudaStream_t stream, const Normalization& n) {
    return launch_rows(is_wide(n.x.array.type) ? normalization_kernel<double>
                                               : normalization_kernel<float>,
                       stream, n, n.outer.count, n.inner.count);
}

cudaError_t launch_normalization_gradient(cudaStream_t stream, const NormalizationGradient& n) {
    return launch_rows(is_wide(n.x.array.type) ? gradient_kernel<double> : gradient_kernel<float>,
                       stream, n, n.outer.count, n.inner.count);
}

cudaError_t launch_scale_gradients(cudaStream_t stream, const NormalizationGradient& n) {
    return launch_rows(is_wide(n.x.array.type) ? scale_gradients_kernel<double>
                                               : scale_gradients_kernel<float>,
                       stream, n, n.inner.count, 1);
}

} // namespace acc::dnn
