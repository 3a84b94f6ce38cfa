// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pooling and local response normalisation.
#include "rig.h"

namespace dnn_test {
namespace {

using Windows = Dnn;

struct Shape {
    Sizes x, window, padding, step;
};
const Shape kShapes[] = {
    {{2, 3, 6, 7}, {2, 2}, {0, 0}, {2, 2}},
    {{1, 2, 7, 8}, {3, 3}, {1, 1}, {2, 1}},
    {{1, 2, 4, 5, 6}, {2, 3, 2}, {1, 1, 0}, {1, 2, 3}},
};
constexpr cudnnPoolingMode_t kModes[] = {
    CUDNN_POOLING_MAX, CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING,
    CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING, CUDNN_POOLING_MAX_DETERMINISTIC};

Sizes result_of(const Shape& s) {
    Sizes y = {s.x[0], s.x[1]};
    for (size_t d = 0; d < s.window.size(); ++d)
        y.push_back((s.x[2 + d] + 2 * s.padding[d] - s.window[d]) / s.step[d] + 1);
    return y;
}

/// The elements of a window, in order.
std::vector<Sizes> window_of(const Shape& s, const Sizes& out) {
    std::vector<Sizes> places;
    each(s.window, [&](const Sizes& tap) {
        Sizes in = {out[0], out[1]};
        for (size_t d = 0; d < tap.size(); ++d) {
            in.push_back(out[2 + d] * s.step[d] - s.padding[d] + tap[d]);
            if (in.back() < 0 || in.back() >= s.x[2 + d]) return;
        }
        places.push_back(in);
    });
    return places;
}

bool is_max(cudnnPoolingMode_t mode) {
    return mode == CUDNN_POOLING_MAX || mode == CUDNN_POOLING_MAX_DETERMINISTIC;
}

double divisor(const Shape& s, cudnnPoolingMode_t mode, size_t inside) {
    if (mode == CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING) return double(inside);
    double all = 1;
    for (int size : s.window)
        all *= size;
    return all;
}

TEST_F(Windows, PoolingAndItsGradient) {
    Random random(3);
    Descriptor<cudnnPoolingDescriptor_t> p(cudnnCreatePoolingDescriptor,
                                           cudnnDestroyPoolingDescriptor);
    for (const Shape& s : kShapes)
        for (cudnnPoolingMode_t mode : kModes)
            for (cudnnDataType_t type : kFloats) {
                const Layout layout = type == CUDNN_DATA_HALF ? Layout::Nhwc : Layout::Gaps;
                const std::string where = "mode " + std::to_string(mode) + " type " +
                                          std::to_string(type);
                Tensor x(type, s.x, layout, random), y(type, result_of(s), layout, random),
                    dx(type, s.x, Layout::Nchw, random);
                // Of equals the first counts.
                if (type == CUDNN_DATA_FLOAT) x.fill([&] { return std::floor(3 * random()); });
                ACC_OK(cudnnSetPoolingNdDescriptor(p, mode, CUDNN_PROPAGATE_NAN,
                                                   int(s.window.size()), s.window.data(),
                                                   s.padding.data(), s.step.data()));
                int sizes[5];
                ACC_OK(cudnnGetPoolingNdForwardOutputDim(p, x.desc(), int(s.x.size()), sizes));
                EXPECT_EQ(Sizes(sizes, sizes + s.x.size()), y.sizes());
                std::vector<double> gradient(dx.read().size()), wanted(y.read().size());
                each(y.sizes(), [&](const Sizes& out) {
                    const auto places = window_of(s, out);
                    const Sizes* best = &places[0];
                    double sum = 0;
                    for (const Sizes& at : places) {
                        sum += x(at);
                        if (x(at) > x(*best)) best = &at;
                    }
                    const double by = divisor(s, mode, places.size());
                    wanted[y.offset(out)] = is_max(mode) ? x(*best) : sum / by;
                    for (const Sizes& at : places)
                        gradient[dx.offset(at)] += is_max(mode) ? (&at == best ? y(out) : 0)
                                                                : y(out) / by;
                });
                // y's first values are its gradient.
                ACC_OK(cudnnPoolingBackward(handle_, p, Scalar(type, 2), y.desc(), y.data(),
                                            y.desc(), y.data(), x.desc(), x.data(), Scalar(type, 1),
                                            dx.desc(), dx.data()));
                expect_near(
                    dx, [&](const Sizes& at) { return 2 * gradient[dx.offset(at)] + dx(at); },
                    8 * epsilon(type), where + " gradient");
                ACC_OK(cudnnPoolingForward(handle_, p, Scalar(type, 3), x.desc(), x.data(),
                                           Scalar(type, -1), y.desc(), y.data()));
                expect_near(
                    y, [&](const Sizes& at) { return 3 * wanted[y.offset(at)] - y(at); },
                    8 * epsilon(type), where);
            }
}

TEST_F(Windows, PoolingMindsNaN) {
    Descriptor<cudnnPoolingDescriptor_t> p(cudnnCreatePoolingDescriptor,
                                           cudnnDestroyPoolingDescriptor);
    Tensor x(CUDNN_DATA_FLOAT, {1, 1, 2, 4}), y(CUDNN_DATA_FLOAT, {1, 1, 1, 2});
    int i = 0;
    x.fill([&] { return ++i == 2 ? kNaN : double(i); });
    for (auto nan : {CUDNN_PROPAGATE_NAN, CUDNN_NOT_PROPAGATE_NAN}) {
        ACC_OK(cudnnSetPooling2dDescriptor(p, CUDNN_POOLING_MAX, nan, 2, 2, 0, 0, 2, 2));
        ACC_OK(cudnnPoolingForward(handle_, p, Scalar(CUDNN_DATA_FLOAT, 1), x.desc(), x.data(),
                                   Scalar(CUDNN_DATA_FLOAT, 0), y.desc(), y.data()));
        expect_near(
            y,
            [&](const Sizes& at) {
                return at[3] == 1 ? 8.0 : nan == CUDNN_PROPAGATE_NAN ? kNaN : 6.0;
            },
            0, "nan");
    }
}

TEST_F(Windows, PoolingDescriptorsAreChecked) {
    Descriptor<cudnnPoolingDescriptor_t> p(cudnnCreatePoolingDescriptor,
                                           cudnnDestroyPoolingDescriptor);
    Tensor x(CUDNN_DATA_FLOAT, {1, 2, 5, 6});
    int n, c, h, w;
    ACC_BAD(cudnnGetPooling2dForwardOutputDim(p, x.desc(), &n, &c, &h, &w)); // not set yet
    ACC_OK(
        cudnnSetPooling2dDescriptor(p, CUDNN_POOLING_MAX, CUDNN_PROPAGATE_NAN, 3, 2, 1, 0, 2, 1));
    ACC_OK(cudnnGetPooling2dForwardOutputDim(p, x.desc(), &n, &c, &h, &w));
    EXPECT_EQ((Sizes{n, c, h, w}), (Sizes{1, 2, 3, 5}));
    cudnnPoolingMode_t mode;
    cudnnNanPropagation_t nan;
    int wh, ww, ph, pw, sh, sw;
    ACC_OK(cudnnGetPooling2dDescriptor(p, &mode, &nan, &wh, &ww, &ph, &pw, &sh, &sw));
    EXPECT_EQ((Sizes{wh, ww, ph, pw, sh, sw}), (Sizes{3, 2, 1, 0, 2, 1}));
    ACC_BAD(cudnnSetPooling2dDescriptor(p, CUDNN_POOLING_MAX, nan, 0, 2, 1, 0, 2, 1));
    ACC_BAD(cudnnSetPooling2dDescriptor(p, CUDNN_POOLING_MAX, nan, 3, 2, -1, 0, 2, 1));
    ACC_BAD(cudnnSetPooling2dDescriptor(p, cudnnPoolingMode_t(8), nan, 3, 2, 1, 0, 2, 1));
    Tensor y(CUDNN_DATA_FLOAT, {1, 2, 9, 5});
    ACC_BAD(cudnnPoolingForward(handle_, p, Scalar(CUDNN_DATA_FLOAT, 1), x.desc(), x.data(),
                                Scalar(CUDNN_DATA_FLOAT, 0), y.desc(), y.data()));
}

TEST_F(Windows, LocalResponseNormalisationAndItsGradient) {
    Random random(5);
    Descriptor<cudnnLRNDescriptor_t> l(cudnnCreateLRNDescriptor, cudnnDestroyLRNDescriptor);
    for (unsigned size : {5u, 4u, 1u})
        for (cudnnDataType_t type : {CUDNN_DATA_FLOAT, CUDNN_DATA_DOUBLE}) {
            const Sizes sizes = {2, 7, 2, 3};
            Tensor x(type, sizes, Layout::Gaps, random), y(type, sizes, Layout::Nchw, random),
                dy(type, sizes, Layout::Nhwc, random), dx(type, sizes, Layout::Nchw, random);
            const double alpha = 0.6, power = 0.75, k = 1.5;
            ACC_OK(cudnnSetLRNDescriptor(l, size, alpha, power, k));
            const int before = int(size - 1) / 2;
            const auto base = [&](Sizes at, int c) {
                double squares = 0;
                for (int i = c - before; i < c - before + int(size); ++i) {
                    at[1] = i;
                    if (i >= 0 && i < 7) squares += x(at) * x(at);
                }
                return k + alpha / size * squares;
            };
            ACC_OK(cudnnLRNCrossChannelBackward(
                handle_, l, CUDNN_LRN_CROSS_CHANNEL_DIM1, Scalar(type, 2), y.desc(), y.data(),
                dy.desc(), dy.data(), x.desc(), x.data(), Scalar(type, 1), dx.desc(), dx.data()));
            expect_near(
                dx,
                [&](const Sizes& at) {
                    double slope = dy(at) * std::pow(base(at, at[1]), -power);
                    Sizes other = at;
                    for (int c = 0; c < 7; ++c) { // whose window at is in
                        other[1] = c;
                        if (at[1] < c - before || at[1] >= c - before + int(size)) continue;
                        slope -= dy(other) * x(other) * power * 2 * alpha / size * x(at) *
                                 std::pow(base(at, c), -power - 1);
                    }
                    return 2 * slope + dx(at);
                },
                40 * epsilon(type), "gradient");
            ACC_OK(cudnnLRNCrossChannelForward(handle_, l, CUDNN_LRN_CROSS_CHANNEL_DIM1,
                                               Scalar(type, 1), x.desc(), x.data(), Scalar(type, 0),
                                               y.desc(), y.data()));
            expect_near(
                y, [&](const Sizes& at) { return x(at) * std::pow(base(at, at[1]), -power); },
                10 * epsilon(type), "forward");
        }
    unsigned n;
    double a, b, k;
    ACC_OK(cudnnGetLRNDescriptor(l, &n, &a, &b, &k));
    EXPECT_EQ(n, 1u);
    ACC_BAD(cudnnSetLRNDescriptor(l, 0, 1, 1, 1));
    ACC_BAD(cudnnSetLRNDescriptor(l, 17, 1, 1, 1));
    ACC_BAD(cudnnSetLRNDescriptor(l, 5, 1, 0.001, 1));
    ACC_BAD(cudnnSetLRNDescriptor(l, 5, 1, 1, 0));
}

} // namespace
} // namespace dnn_test
