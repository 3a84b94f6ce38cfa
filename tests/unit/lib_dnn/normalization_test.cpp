// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Batch normalisation: inference, training with its statistics, gradients, what is fused with it.
#include "rig.h"

namespace dnn_test {
namespace {

using Normalization = Dnn;

constexpr double kEpsilon = 1e-3;

/// A batch with parameters and the statistics of each of them, on the host.
struct Batch {
    Batch(cudnnDataType_t data, cudnnBatchNormMode_t m, unsigned seed, Layout layout = Layout::Nchw)
        : mode(m), type(data == CUDNN_DATA_DOUBLE ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT),
          random(seed), sizes{3, 4, 5, 6},
          kept(m == CUDNN_BATCHNORM_PER_ACTIVATION ? Sizes{1, 4, 5, 6} : Sizes{1, 4, 1, 1}),
          x(data, sizes, layout, random), y(data, sizes, Layout::Gaps, random),
          dy(data, sizes, Layout::Nhwc, random), dx(data, sizes, Layout::Nchw, random),
          z(data, sizes, Layout::Nchw, random), scale(type, kept, Layout::Nchw, random),
          bias(type, kept, Layout::Nchw, random), mean(type, kept, Layout::Nchw, random),
          variance(type, kept), saved_mean(type, kept), saved_inverse(type, kept) {
        variance.fill([&] { return 1.5 + random(); });
        const size_t many = scale.read().size();
        means.resize(many), variances.resize(many), count = 0;
        each(sizes, [&](const Sizes& at) {
            means[place(at)] += x(at);
            ++count;
        });
        count /= 4 * (mode == CUDNN_BATCHNORM_PER_ACTIVATION ? 30 : 1);
        for (double& m : means)
            m /= count;
        each(sizes, [&](const Sizes& at) {
            variances[place(at)] += std::pow(x(at) - means[place(at)], 2) / count;
        });
    }
    Sizes row(const Sizes& at) const {
        return mode == CUDNN_BATCHNORM_PER_ACTIVATION ? Sizes{0, at[1], at[2], at[3]}
                                                      : Sizes{0, at[1], 0, 0};
    }
    size_t place(const Sizes& at) const { return scale.offset(row(at)); }
    double normal(const Sizes& at) const {
        return (x(at) - means[place(at)]) / std::sqrt(variances[place(at)] + kEpsilon);
    }

    cudnnBatchNormMode_t mode;
    cudnnDataType_t type;
    Random random;
    Sizes sizes, kept;
    Tensor x, y, dy, dx, z, scale, bias, mean, variance, saved_mean, saved_inverse;
    std::vector<double> means, variances;
    double count;
};

void each_batch(const std::function<void(Batch&, const std::string&, double)>& f) {
    for (cudnnDataType_t type : kFloats)
        for (auto mode : {CUDNN_BATCHNORM_PER_ACTIVATION, CUDNN_BATCHNORM_SPATIAL,
                          CUDNN_BATCHNORM_SPATIAL_PERSISTENT}) {
            Batch b(type, mode, 7, type == CUDNN_DATA_HALF ? Layout::Nhwc : Layout::Gaps);
            f(b, "mode " + std::to_string(mode) + " type " + std::to_string(type),
              8 * epsilon(type) + 200 * epsilon(b.type));
        }
}

TEST_F(Normalization, InferenceUsesWhatIsGiven) {
    each_batch([&](Batch& b, const std::string& where, double limit) {
        ACC_OK(cudnnBatchNormalizationForwardInference(
            handle_, b.mode, Scalar(b.type, 2), Scalar(b.type, 0.5), b.x.desc(), b.x.data(),
            b.y.desc(), b.y.data(), b.scale.desc(), b.scale.data(), b.bias.data(), b.mean.data(),
            b.variance.data(), kEpsilon));
        expect_near(
            b.y,
            [&](const Sizes& at) {
                const Sizes r = b.row(at);
                const double normal = (b.x(at) - b.mean(r)) / std::sqrt(b.variance(r) + kEpsilon);
                return 2 * (b.scale(r) * normal + b.bias(r)) + 0.5 * b.y(at);
            },
            limit, where);
    });
}

TEST_F(Normalization, TrainingTakesAndKeepsStatistics) {
    each_batch([&](Batch& b, const std::string& where, double limit) {
        ACC_OK(cudnnBatchNormalizationForwardTraining(
            handle_, b.mode, Scalar(b.type, 1), Scalar(b.type, 0), b.x.desc(), b.x.data(),
            b.y.desc(), b.y.data(), b.scale.desc(), b.scale.data(), b.bias.data(), 0.25,
            b.mean.data(), b.variance.data(), kEpsilon, b.saved_mean.data(),
            b.saved_inverse.data()));
        expect_near(
            b.y,
            [&](const Sizes& at) { return b.scale(b.row(at)) * b.normal(at) + b.bias(b.row(at)); },
            limit, where);
        const double stats = 200 * epsilon(b.type);
        expect_near(
            b.saved_mean, [&](const Sizes& at) { return b.means[b.scale.offset(at)]; }, stats,
            where + " mean");
        expect_near(
            b.saved_inverse,
            [&](const Sizes& at) {
                return 1 / std::sqrt(b.variances[b.scale.offset(at)] + kEpsilon);
            },
            stats, where + " inverse");
        expect_near(
            b.mean,
            [&](const Sizes& at) { return 0.75 * b.mean(at) + 0.25 * b.means[b.scale.offset(at)]; },
            stats, where + " running mean");
        expect_near(
            b.variance,
            [&](const Sizes& at) {
                return 0.75 * b.variance(at) +
                       0.25 * b.variances[b.scale.offset(at)] * b.count / (b.count - 1);
            },
            stats, where + " running variance");
    });
}

/// The gradient's definition with dy given by `slope`.
void expect_gradient(Batch& b, const std::function<double(const Sizes&)>& slope, double limit,
                     const std::string& where) {
    std::vector<double> sum(b.means.size()), product(b.means.size());
    each(b.sizes, [&](const Sizes& at) {
        sum[b.place(at)] += slope(at);
        product[b.place(at)] += slope(at) * b.normal(at);
    });
    expect_near(
        b.dx,
        [&](const Sizes& at) {
            const size_t i = b.place(at);
            return b.scale(b.row(at)) / std::sqrt(b.variances[i] + kEpsilon) *
                       (slope(at) - sum[i] / b.count - b.normal(at) * product[i] / b.count) +
                   0.5 * b.dx(at);
        },
        2 * limit, where + " dx");
    const double params = 2000 * epsilon(b.type);
    expect_near(
        b.mean, [&](const Sizes& at) { return 2 * product[b.scale.offset(at)] - b.mean(at); },
        params, where + " dscale");
    expect_near(
        b.variance, [&](const Sizes& at) { return 2 * sum[b.scale.offset(at)] - b.variance(at); },
        params, where + " dbias");
}

TEST_F(Normalization, GradientIsItsDefinition) {
    each_batch([&](Batch& b, const std::string& where, double limit) {
        const auto slope = [&](const Sizes& at) { return b.dy(at); };
        each(b.kept, [&](const Sizes& at) {
            const size_t i = b.scale.offset(at);
            b.saved_mean(at) = b.means[i];
            b.saved_inverse(at) = 1 / std::sqrt(b.variances[i] + kEpsilon);
        });
        b.saved_mean.upload();
        b.saved_inverse.upload();
        // Gradients of the parameters go where mean and variance were: with and without what
        // the forward pass saved.
        for (const bool saved : {false, true}) {
            b.dx.upload(), b.mean.upload(), b.variance.upload();
            ACC_OK(cudnnBatchNormalizationBackward(
                handle_, b.mode, Scalar(b.type, 1), Scalar(b.type, 0.5), Scalar(b.type, 2),
                Scalar(b.type, -1), b.x.desc(), b.x.data(), b.dy.desc(), b.dy.data(), b.dx.desc(),
                b.dx.data(), b.scale.desc(), b.scale.data(), b.mean.data(), b.variance.data(),
                kEpsilon, saved ? b.saved_mean.data() : nullptr,
                saved ? b.saved_inverse.data() : nullptr));
            expect_gradient(b, slope, limit, where);
        }
    });
}

TEST_F(Normalization, AddAndActivationAreFused) {
    Descriptor<cudnnActivationDescriptor_t> relu(cudnnCreateActivationDescriptor,
                                                 cudnnDestroyActivationDescriptor);
    ACC_OK(cudnnSetActivationDescriptor(relu, CUDNN_ACTIVATION_RELU, CUDNN_PROPAGATE_NAN, 0));
    for (auto ops : {CUDNN_BATCHNORM_OPS_BN_ACTIVATION, CUDNN_BATCHNORM_OPS_BN_ADD_ACTIVATION}) {
        Batch b(CUDNN_DATA_FLOAT, CUDNN_BATCHNORM_SPATIAL_PERSISTENT, 9);
        const bool adds = ops == CUDNN_BATCHNORM_OPS_BN_ADD_ACTIVATION;
        size_t size = 1;
        ACC_OK(cudnnGetBatchNormalizationForwardTrainingExWorkspaceSize(
            handle_, b.mode, ops, b.x.desc(), b.z.desc(), b.y.desc(), b.scale.desc(), relu, &size));
        EXPECT_EQ(size, 0u);
        ACC_OK(cudnnBatchNormalizationForwardTrainingEx(
            handle_, b.mode, ops, Scalar(b.type, 1), Scalar(b.type, 0), b.x.desc(), b.x.data(),
            adds ? b.z.desc() : nullptr, adds ? b.z.data() : nullptr, b.y.desc(), b.y.data(),
            b.scale.desc(), b.scale.data(), b.bias.data(), 1, nullptr, nullptr, kEpsilon, nullptr,
            nullptr, relu, nullptr, 0, nullptr, 0));
        const auto value = [&](const Sizes& at) {
            const double sum = b.scale(b.row(at)) * b.normal(at) + b.bias(b.row(at)) +
                               (adds ? b.z(at) : 0);
            return std::max(sum, 0.0);
        };
        expect_near(b.y, value, 1e-5, "forward");
        each(b.sizes, [&](const Sizes& at) { b.y(at) = value(at); });
        b.y.upload();
        const auto slope = [&](const Sizes& at) { return b.y(at) > 0 ? b.dy(at) : 0.0; };
        ACC_OK(cudnnBatchNormalizationBackwardEx(
            handle_, b.mode, ops, Scalar(b.type, 1), Scalar(b.type, 0.5), Scalar(b.type, 2),
            Scalar(b.type, -1), b.x.desc(), b.x.data(), b.y.desc(), b.y.data(), b.dy.desc(),
            b.dy.data(), adds ? b.z.desc() : nullptr, adds ? b.z.data() : nullptr, b.dx.desc(),
            b.dx.data(), b.scale.desc(), b.scale.data(), b.bias.data(), b.mean.data(),
            b.variance.data(), kEpsilon, nullptr, nullptr, relu, nullptr, 0, nullptr, 0));
        expect_gradient(b, slope, 1e-5, "fused");
        if (adds) expect_near(b.z, slope, 0, "dz");
    }
}

TEST_F(Normalization, TheLaterNamesDoTheSame) {
    Batch b(CUDNN_DATA_FLOAT, CUDNN_BATCHNORM_SPATIAL, 11);
    Descriptor<cudnnTensorDescriptor_t> of_scale(cudnnCreateTensorDescriptor,
                                                 cudnnDestroyTensorDescriptor),
        of_mean(cudnnCreateTensorDescriptor, cudnnDestroyTensorDescriptor);
    ACC_OK(
        cudnnDeriveNormTensorDescriptor(of_scale, of_mean, b.x.desc(), CUDNN_NORM_PER_CHANNEL, 1));
    ACC_OK(cudnnNormalizationForwardTraining(
        handle_, CUDNN_NORM_PER_CHANNEL, CUDNN_NORM_OPS_NORM, CUDNN_NORM_ALGO_STANDARD,
        Scalar(b.type, 1), Scalar(b.type, 0), b.x.desc(), b.x.data(), of_scale, b.scale.data(),
        b.bias.data(), 1, of_mean, nullptr, nullptr, kEpsilon, b.saved_mean.data(),
        b.saved_inverse.data(), nullptr, nullptr, nullptr, b.y.desc(), b.y.data(), nullptr, 0,
        nullptr, 0, 1));
    expect_near(
        b.y, [&](const Sizes& at) { return b.scale(b.row(at)) * b.normal(at) + b.bias(b.row(at)); },
        1e-5, "forward");
    ACC_OK(cudnnNormalizationBackward(
        handle_, CUDNN_NORM_PER_CHANNEL, CUDNN_NORM_OPS_NORM, CUDNN_NORM_ALGO_STANDARD,
        Scalar(b.type, 1), Scalar(b.type, 0.5), Scalar(b.type, 2), Scalar(b.type, -1), b.x.desc(),
        b.x.data(), nullptr, nullptr, b.dy.desc(), b.dy.data(), nullptr, nullptr, b.dx.desc(),
        b.dx.data(), of_scale, b.scale.data(), b.bias.data(), b.mean.data(), b.variance.data(),
        kEpsilon, of_mean, b.saved_mean.data(), b.saved_inverse.data(), nullptr, nullptr, 0,
        nullptr, 0, 1));
    expect_gradient(b, [&](const Sizes& at) { return b.dy(at); }, 1e-5, "backward");
}

TEST_F(Normalization, ArgumentsAreChecked) {
    Batch b(CUDNN_DATA_HALF, CUDNN_BATCHNORM_SPATIAL, 12);
    Descriptor<cudnnTensorDescriptor_t> derived(cudnnCreateTensorDescriptor,
                                                cudnnDestroyTensorDescriptor);
    ACC_OK(cudnnDeriveBNTensorDescriptor(derived, b.x.desc(), CUDNN_BATCHNORM_SPATIAL));
    cudnnDataType_t type;
    int dims, size[4], stride[4];
    ACC_OK(cudnnGetTensorNdDescriptor(derived, 4, &type, &dims, size, stride));
    EXPECT_EQ(type, CUDNN_DATA_FLOAT); // of half precision
    EXPECT_EQ(Sizes(size, size + 4), b.kept);
    ACC_OK(cudnnDeriveBNTensorDescriptor(derived, b.x.desc(), CUDNN_BATCHNORM_PER_ACTIVATION));
    ACC_OK(cudnnGetTensorNdDescriptor(derived, 4, &type, &dims, size, stride));
    EXPECT_EQ(Sizes(size, size + 4), (Sizes{1, 4, 5, 6}));
    const auto infer = [&](cudnnBatchNormMode_t mode, const Tensor& y, const Tensor& scale,
                           const void* bias, double epsilon) {
        return cudnnBatchNormalizationForwardInference(
            handle_, mode, Scalar(b.type, 1), Scalar(b.type, 0), b.x.desc(), b.x.data(), y.desc(),
            y.data(), scale.desc(), scale.data(), bias, b.mean.data(), b.variance.data(), epsilon);
    };
    Tensor other(CUDNN_DATA_FLOAT, {1, 3, 1, 1});
    ACC_BAD(infer(cudnnBatchNormMode_t(5), b.y, b.scale, b.bias.data(), 1e-3));
    ACC_BAD(infer(b.mode, other, b.scale, b.bias.data(), 1e-3));
    ACC_BAD(infer(b.mode, b.y, other, b.bias.data(), 1e-3));
    ACC_BAD(infer(b.mode, b.y, b.scale, nullptr, 1e-3));
    ACC_BAD(infer(b.mode, b.y, b.scale, b.bias.data(), -1));
}

} // namespace
} // namespace dnn_test
