// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions and their gradients against their definition, term by term in double.
#include "rig.h"

namespace dnn_test {
namespace {

struct Shape {
    std::string name;
    Sizes x, w; ///< w's inputs are those of a group
    Sizes padding, step, dilation;
    int groups = 1;
    cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
};

const Shape kShapes[] = {
    {"plain", {2, 3, 7, 9}, {4, 3, 3, 3}, {0, 0}, {1, 1}, {1, 1}},
    {"padded", {1, 3, 8, 6}, {5, 3, 3, 2}, {1, 2}, {1, 1}, {1, 1}},
    {"strided", {2, 2, 9, 10}, {3, 2, 3, 3}, {1, 1}, {2, 3}, {1, 1}},
    {"dilated", {1, 2, 11, 10}, {2, 2, 3, 3}, {2, 0}, {2, 1}, {2, 3}},
    {"turned", {2, 3, 6, 7}, {4, 3, 2, 3}, {1, 1}, {1, 2}, {1, 1}, 1, CUDNN_CONVOLUTION},
    {"groups", {2, 6, 5, 6}, {4, 3, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 2},
    {"depthwise", {2, 5, 8, 8}, {5, 1, 3, 3}, {1, 1}, {1, 1}, {1, 1}, 5, CUDNN_CONVOLUTION},
    {"points", {2, 20, 6, 6}, {70, 20, 1, 1}, {0, 0}, {1, 1}, {1, 1}},
    {"tiles", {3, 10, 9, 8}, {66, 10, 3, 3}, {1, 1}, {1, 1}, {1, 1}},
    {"3d", {2, 2, 4, 5, 6}, {3, 2, 2, 3, 3}, {0, 1, 1}, {1, 2, 1}, {1, 1, 2}},
    {"1d", {2, 3, 1, 20}, {4, 3, 1, 5}, {0, 2}, {1, 2}, {1, 1}},
    {"tiles by steps", {2, 16, 9, 8}, {40, 16, 3, 3}, {1, 1}, {2, 2}, {1, 1}},
    {"3d tiles", {1, 12, 3, 4, 5}, {16, 12, 2, 2, 2}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}},
};

/// Everything of one convolution: descriptors, and the three tensors with y's gradient.
class Problem {
  public:
    Problem(const Shape& shape, cudnnDataType_t type, Layout layout)
        : shape_(shape), random_(5), x(type, shape.x, layout, random_),
          w(type, shape.w, layout == Layout::Gaps ? Layout::Nchw : layout, random_),
          y(type, result(shape), layout, random_),
          conv(cudnnCreateConvolutionDescriptor, cudnnDestroyConvolutionDescriptor),
          filter(cudnnCreateFilterDescriptor, cudnnDestroyFilterDescriptor) {
        const int dims = int(shape.padding.size());
        EXPECT_EQ(cudnnSetConvolutionNdDescriptor(conv, dims, shape.padding.data(),
                                                  shape.step.data(), shape.dilation.data(),
                                                  shape.mode, type),
                  CUDNN_STATUS_SUCCESS);
        EXPECT_EQ(cudnnSetConvolutionGroupCount(conv, shape.groups), CUDNN_STATUS_SUCCESS);
        EXPECT_EQ(cudnnSetFilterNdDescriptor(
                      filter, type, layout == Layout::Nhwc ? CUDNN_TENSOR_NHWC : CUDNN_TENSOR_NCHW,
                      int(shape.w.size()), shape.w.data()),
                  CUDNN_STATUS_SUCCESS);
    }

    /// f(x's index, w's index, y's index) for each product that the convolution is made of.
    void each_term(const std::function<void(const Sizes&, const Sizes&, const Sizes&)>& f) const {
        each(shape_.w, [&](const Sizes& tap) {
            each(y.sizes(), [&](const Sizes& out) {
                if (out[1] != tap[0]) return;
                Sizes in = {out[0], tap[1] + out[1] / (shape_.w[0] / shape_.groups) * shape_.w[1]};
                for (size_t d = 0; d < shape_.padding.size(); ++d) {
                    const int at = shape_.mode == CUDNN_CONVOLUTION
                                       ? shape_.w[2 + d] - 1 - tap[2 + d]
                                       : tap[2 + d];
                    in.push_back(out[2 + d] * shape_.step[d] - shape_.padding[d] +
                                 at * shape_.dilation[d]);
                    if (in.back() < 0 || in.back() >= shape_.x[2 + d]) return;
                }
                f(in, tap, out);
            });
        });
    }

  private:
    static Sizes result(const Shape& s) {
        Sizes y = {s.x[0], s.w[0]};
        for (size_t d = 0; d < s.padding.size(); ++d)
            y.push_back((s.x[2 + d] + 2 * s.padding[d] - s.dilation[d] * (s.w[2 + d] - 1) - 1) /
                            s.step[d] +
                        1);
        return y;
    }
    const Shape& shape_;
    Random random_;

  public:
    Tensor x, w, y;
    Descriptor<cudnnConvolutionDescriptor_t> conv;
    Descriptor<cudnnFilterDescriptor_t> filter;
};

const char* name_of(Layout layout) {
    return layout == Layout::Nchw ? " nchw" : layout == Layout::Nhwc ? " nhwc" : " gaps";
}

/// Each shape in one layout, and the first ones in all; with a sum's terms as the error's scale.
void each_problem(const std::function<void(Problem&, const std::string&, double)>& f) {
    for (cudnnDataType_t type : kFloats) {
        int i = 0;
        for (const Shape& shape : kShapes) {
            ++i;
            if (type != CUDNN_DATA_FLOAT && i % 3 != int(type) % 3) continue;
            for (Layout layout : {Layout::Nchw, Layout::Nhwc, Layout::Gaps}) {
                if (i > 2 && int(layout) != i % 3) continue;
                Problem p(shape, type, layout);
                f(p, shape.name + name_of(layout) + " type " + std::to_string(type),
                  epsilon(type) + 60 * (type == CUDNN_DATA_DOUBLE ? 2.3e-16 : 1.2e-7));
            }
        }
    }
}

using Convolution = Dnn;

/// The sums of all terms, added to beta times what was there.
std::vector<double>
sums(const Problem& p, const Tensor& into, double alpha, double beta,
     const std::function<double(const Sizes&, const Sizes&, const Sizes&)>& term, int which) {
    std::vector<double> result(into.read().size(), 0.0);
    p.each_term([&](const Sizes& in, const Sizes& tap, const Sizes& out) {
        const Sizes& at = which == 0 ? in : which == 1 ? tap : out;
        result[into.offset(at)] += alpha * term(in, tap, out);
    });
    each(into.sizes(), [&](const Sizes& at) { result[into.offset(at)] += beta * into(at); });
    return result;
}

TEST_F(Convolution, ForwardIsItsDefinition) {
    each_problem([&](Problem& p, const std::string& where, double limit) {
        const auto wanted = sums(
            p, p.y, 1.5, -0.5,
            [&](const Sizes& in, const Sizes& tap, const Sizes&) { return p.x(in) * p.w(tap); }, 2);
        const cudnnDataType_t t = p.x.type();
        ACC_OK(cudnnConvolutionForward(handle_, Scalar(t, 1.5), p.x.desc(), p.x.data(), p.filter,
                                       p.w.data(), p.conv, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM,
                                       nullptr, 0, Scalar(t, -0.5), p.y.desc(), p.y.data()));
        expect_near(p.y, [&](const Sizes& at) { return wanted[p.y.offset(at)]; }, limit, where);
    });
}

TEST_F(Convolution, GradientToDataIsItsDefinition) {
    each_problem([&](Problem& p, const std::string& where, double limit) {
        const auto wanted = sums(
            p, p.x, 0.5, 0,
            [&](const Sizes&, const Sizes& tap, const Sizes& out) { return p.y(out) * p.w(tap); },
            0);
        const cudnnDataType_t t = p.x.type();
        ACC_OK(cudnnConvolutionBackwardData(
            handle_, Scalar(t, 0.5), p.filter, p.w.data(), p.y.desc(), p.y.data(), p.conv,
            CUDNN_CONVOLUTION_BWD_DATA_ALGO_1, nullptr, 0, Scalar(t, 0), p.x.desc(), p.x.data()));
        expect_near(p.x, [&](const Sizes& at) { return wanted[p.x.offset(at)]; }, limit, where);
    });
}

TEST_F(Convolution, GradientToTheFilterIsItsDefinition) {
    each_problem([&](Problem& p, const std::string& where, double limit) {
        const auto wanted = sums(
            p, p.w, 1, 2,
            [&](const Sizes& in, const Sizes&, const Sizes& out) { return p.x(in) * p.y(out); }, 1);
        const cudnnDataType_t t = p.x.type();
        ACC_OK(cudnnConvolutionBackwardFilter(
            handle_, Scalar(t, 1), p.x.desc(), p.x.data(), p.y.desc(), p.y.data(), p.conv,
            CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0, nullptr, 0, Scalar(t, 2), p.filter, p.w.data()));
        expect_near(p.w, [&](const Sizes& at) { return wanted[p.w.offset(at)]; }, limit, where);
    });
}

TEST_F(Convolution, WhereBetaIsZeroTheResultIsNotRead) {
    Problem p(kShapes[0], CUDNN_DATA_FLOAT, Layout::Nchw);
    p.y.fill([] { return kNaN; });
    ACC_OK(cudnnConvolutionForward(handle_, Scalar(CUDNN_DATA_FLOAT, 1), p.x.desc(), p.x.data(),
                                   p.filter, p.w.data(), p.conv, CUDNN_CONVOLUTION_FWD_ALGO_GEMM,
                                   nullptr, 0, Scalar(CUDNN_DATA_FLOAT, 0), p.y.desc(),
                                   p.y.data()));
    for (double value : p.y.read())
        EXPECT_FALSE(std::isnan(value));
}

TEST_F(Convolution, BiasAndActivationFollow) {
    for (const Shape* shape : {&kShapes[0], &kShapes[8]})
        for (const bool relu : {true, false}) {
            Problem p(*shape, CUDNN_DATA_FLOAT, Layout::Nchw);
            Random random(3);
            Tensor z(CUDNN_DATA_FLOAT, p.y.sizes(), Layout::Nhwc, random);
            Tensor bias(CUDNN_DATA_FLOAT, {1, p.y.sizes()[1], 1, 1}, Layout::Nchw, random);
            Descriptor<cudnnActivationDescriptor_t> activation(cudnnCreateActivationDescriptor,
                                                               cudnnDestroyActivationDescriptor);
            ACC_OK(cudnnSetActivationDescriptor(
                activation, relu ? CUDNN_ACTIVATION_RELU : CUDNN_ACTIVATION_IDENTITY,
                CUDNN_PROPAGATE_NAN, 0));
            const auto wanted = sums(
                p, p.y, 2, 0,
                [&](const Sizes& in, const Sizes& tap, const Sizes&) { return p.x(in) * p.w(tap); },
                2);
            ACC_OK(cudnnConvolutionBiasActivationForward(
                handle_, Scalar(CUDNN_DATA_FLOAT, 2), p.x.desc(), p.x.data(), p.filter, p.w.data(),
                p.conv, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM, nullptr, 0,
                Scalar(CUDNN_DATA_FLOAT, 0.5), z.desc(), z.data(), bias.desc(), bias.data(),
                activation, p.y.desc(), p.y.data()));
            expect_near(
                p.y,
                [&](const Sizes& at) {
                    const double value = wanted[p.y.offset(at)] + 0.5 * z(at) +
                                         bias(0, at[1], 0, 0);
                    return relu && value < 0 ? 0.0 : value;
                },
                1e-5, shape->name);
        }
}

TEST_F(Convolution, GradientToTheBiasAddsUpChannels) {
    Random random(1);
    for (cudnnDataType_t type : kFloats) {
        Tensor dy(type, {3, 4, 5, 6}, Layout::Gaps, random),
            db(type, {1, 4, 1, 1}, Layout::Nchw, random);
        std::vector<double> wanted(4);
        for (int c = 0; c < 4; ++c)
            wanted[size_t(c)] = -db(0, c, 0, 0);
        each(dy.sizes(), [&](const Sizes& at) { wanted[size_t(at[1])] += 2 * dy(at); });
        ACC_OK(cudnnConvolutionBackwardBias(handle_, Scalar(type, 2), dy.desc(), dy.data(),
                                            Scalar(type, -1), db.desc(), db.data()));
        expect_near(
            db, [&](const Sizes& at) { return wanted[size_t(at[1])]; },
            epsilon(type) + (type == CUDNN_DATA_DOUBLE ? 1e-14 : 1e-5), "bias");
    }
}

TEST_F(Convolution, AlgorithmsAreOffered) {
    Problem p(kShapes[2], CUDNN_DATA_FLOAT, Layout::Nchw);
    int most = 0, got = 0;
    ACC_OK(cudnnGetConvolutionForwardAlgorithmMaxCount(handle_, &most));
    std::vector<cudnnConvolutionFwdAlgoPerf_t> perf{size_t(most)};
    for (const bool find : {false, true}) {
        const auto ask = find ? cudnnFindConvolutionForwardAlgorithm
                              : cudnnGetConvolutionForwardAlgorithm_v7;
        ACC_OK(ask(handle_, p.x.desc(), p.filter, p.conv, p.y.desc(), most, &got, perf.data()));
        ASSERT_GE(got, 1);
        for (int i = 0; i < got; ++i) {
            EXPECT_EQ(perf[size_t(i)].status, CUDNN_STATUS_SUCCESS);
            EXPECT_EQ(perf[size_t(i)].time >= 0, find);
            size_t size = 99;
            ACC_OK(cudnnGetConvolutionForwardWorkspaceSize(
                handle_, p.x.desc(), p.filter, p.conv, p.y.desc(), perf[size_t(i)].algo, &size));
            EXPECT_EQ(size, perf[size_t(i)].memory);
        }
        ACC_BAD(ask(handle_, p.x.desc(), p.filter, p.conv, p.y.desc(), 0, &got, perf.data()));
    }
    cudnnConvolutionBwdDataAlgoPerf_t data;
    ACC_OK(cudnnGetConvolutionBackwardDataAlgorithm_v7(handle_, p.filter, p.y.desc(), p.conv,
                                                       p.x.desc(), 1, &got, &data));
    ACC_OK(cudnnFindConvolutionBackwardDataAlgorithm(handle_, p.filter, p.y.desc(), p.conv,
                                                     p.x.desc(), 1, &got, &data));
    cudnnConvolutionBwdFilterAlgoPerf_t filter;
    ACC_OK(cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle_, p.x.desc(), p.y.desc(), p.conv,
                                                         p.filter, 1, &got, &filter));
    ACC_OK(cudnnFindConvolutionBackwardFilterAlgorithmEx(handle_, p.x.desc(), p.x.data(),
                                                         p.y.desc(), p.y.data(), p.conv, p.filter,
                                                         p.w.data(), 1, &got, &filter, nullptr, 0));
    EXPECT_EQ(got, 1);
}

TEST_F(Convolution, DescriptorHoldsWhatIsSet) {
    Descriptor<cudnnConvolutionDescriptor_t> c(cudnnCreateConvolutionDescriptor,
                                               cudnnDestroyConvolutionDescriptor);
    ACC_OK(
        cudnnSetConvolution2dDescriptor(c, 1, 2, 3, 4, 5, 6, CUDNN_CONVOLUTION, CUDNN_DATA_FLOAT));
    int ph, pw, u, v, dh, dw, dims;
    cudnnConvolutionMode_t mode;
    cudnnDataType_t type;
    ACC_OK(cudnnGetConvolution2dDescriptor(c, &ph, &pw, &u, &v, &dh, &dw, &mode, &type));
    EXPECT_EQ((Sizes{ph, pw, u, v, dh, dw}), (Sizes{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(mode, CUDNN_CONVOLUTION);
    int pad[3], step[3], dilation[3];
    ACC_OK(cudnnGetConvolutionNdDescriptor(c, 3, &dims, pad, step, dilation, &mode, &type));
    EXPECT_EQ(dims, 2);
    EXPECT_EQ(dilation[1], 6);
    ACC_BAD(
        cudnnSetConvolution2dDescriptor(c, -1, 0, 1, 1, 1, 1, CUDNN_CONVOLUTION, CUDNN_DATA_FLOAT));
    ACC_BAD(
        cudnnSetConvolution2dDescriptor(c, 0, 0, 0, 1, 1, 1, CUDNN_CONVOLUTION, CUDNN_DATA_FLOAT));
    ACC_BAD(
        cudnnSetConvolution2dDescriptor(c, 0, 0, 1, 1, 1, 0, CUDNN_CONVOLUTION, CUDNN_DATA_FLOAT));
    ACC_BAD(cudnnSetConvolution2dDescriptor(c, 0, 0, 1, 1, 1, 1, cudnnConvolutionMode_t(2),
                                            CUDNN_DATA_FLOAT));
    ACC_BAD(cudnnSetConvolutionGroupCount(c, 0));
    ACC_OK(cudnnSetConvolutionMathType(c, CUDNN_TENSOR_OP_MATH));
    cudnnMathType_t math;
    ACC_OK(cudnnGetConvolutionMathType(c, &math));
    EXPECT_EQ(math, CUDNN_TENSOR_OP_MATH);
    ACC_BAD(cudnnSetConvolutionMathType(c, cudnnMathType_t(9)));
}

TEST_F(Convolution, OutputsHaveTheDocumentedSizes) {
    Problem p(kShapes[3], CUDNN_DATA_FLOAT, Layout::Nchw);
    int n, c, h, w, all[4];
    ACC_OK(cudnnGetConvolution2dForwardOutputDim(p.conv, p.x.desc(), p.filter, &n, &c, &h, &w));
    EXPECT_EQ((Sizes{n, c, h, w}), p.y.sizes());
    ACC_OK(cudnnGetConvolutionNdForwardOutputDim(p.conv, p.x.desc(), p.filter, 4, all));
    EXPECT_EQ(Sizes(all, all + 4), p.y.sizes());
    ACC_BAD(cudnnGetConvolutionNdForwardOutputDim(p.conv, p.x.desc(), p.filter, 3, all));
    Problem other(kShapes[1], CUDNN_DATA_FLOAT, Layout::Nchw); // three channels, not two
    ACC_BAD(
        cudnnGetConvolution2dForwardOutputDim(p.conv, p.x.desc(), other.filter, &n, &c, &h, &w));
}

TEST_F(Convolution, ArgumentsAreChecked) {
    Problem p(kShapes[0], CUDNN_DATA_FLOAT, Layout::Nchw),
        q(kShapes[1], CUDNN_DATA_FLOAT, Layout::Nchw);
    Problem wide(kShapes[0], CUDNN_DATA_DOUBLE, Layout::Nchw);
    const Scalar one(CUDNN_DATA_FLOAT, 1);
    const auto forward = [&](cudnnHandle_t handle, const void* alpha, const Tensor& x,
                             const void* data, cudnnConvolutionFwdAlgo_t algo, const Tensor& y) {
        return cudnnConvolutionForward(handle, alpha, x.desc(), data, p.filter, p.w.data(), p.conv,
                                       algo, nullptr, 0, one, y.desc(), y.data());
    };
    const auto gemm = CUDNN_CONVOLUTION_FWD_ALGO_GEMM;
    EXPECT_EQ(forward(nullptr, one, p.x, p.x.data(), gemm, p.y), CUDNN_STATUS_NOT_INITIALIZED);
    ACC_BAD(forward(handle_, nullptr, p.x, p.x.data(), gemm, p.y));
    ACC_BAD(forward(handle_, one, p.x, nullptr, gemm, p.y));
    ACC_BAD(forward(handle_, one, p.x, p.x.data(), gemm, q.y));
    ACC_BAD(forward(handle_, one, p.x, p.x.data(), cudnnConvolutionFwdAlgo_t(40), p.y));
    ACC_NONE(forward(handle_, one, p.x, p.x.data(), CUDNN_CONVOLUTION_FWD_ALGO_DIRECT, p.y));
    ACC_NONE(forward(handle_, one, wide.x, wide.x.data(), gemm, p.y));
}

} // namespace
} // namespace dnn_test
