// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Activations, softmax, what is done element by element, reductions, dropout.
#include "rig.h"

#include <algorithm>

namespace dnn_test {
namespace {

using Tensors = Dnn;

struct Function {
    cudnnActivationMode_t mode;
    double coefficient;
    std::function<double(double)> value;
    std::function<double(double, double)> slope; ///< of x, y
};

double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}

const Function kFunctions[] = {
    {CUDNN_ACTIVATION_SIGMOID, 0, logistic, [](double, double y) { return y * (1 - y); }},
    {CUDNN_ACTIVATION_RELU, 3, [](double x) { return std::max(x, 0.0); },
     [](double x, double) { return x > 0 ? 1.0 : 0.0; }},
    {CUDNN_ACTIVATION_TANH, 0, [](double x) { return std::tanh(x); },
     [](double, double y) { return 1 - y * y; }},
    {CUDNN_ACTIVATION_CLIPPED_RELU, 0.4, [](double x) { return std::min(std::max(x, 0.0), 0.4); },
     [](double x, double) { return x > 0 && x < 0.4 ? 1.0 : 0.0; }},
    {CUDNN_ACTIVATION_ELU, 0.7, [](double x) { return x > 0 ? x : 0.7 * (std::exp(x) - 1); },
     [](double x, double) { return x > 0 ? 1.0 : 0.7 * std::exp(x); }},
    {CUDNN_ACTIVATION_IDENTITY, 0, [](double x) { return x; }, [](double, double) { return 1.0; }},
    {CUDNN_ACTIVATION_SWISH, 0, [](double x) { return x * logistic(x); },
     [](double x, double) { return logistic(x) + x * logistic(x) * (1 - logistic(x)); }},
};

TEST_F(Tensors, ActivationsAndTheirGradients) {
    Random random(2);
    Descriptor<cudnnActivationDescriptor_t> a(cudnnCreateActivationDescriptor,
                                              cudnnDestroyActivationDescriptor);
    for (const Function& f : kFunctions)
        for (cudnnDataType_t type : kFloats) {
            const std::string where = std::to_string(f.mode) + " type " + std::to_string(type);
            const double limit = 8 * epsilon(type);
            Tensor x(type, {2, 3, 4, 5}, Layout::Gaps, random),
                y(type, {2, 3, 4, 5}, Layout::Nhwc, random),
                dy(type, {2, 3, 4, 5}, Layout::Nchw, random),
                dx(type, {2, 3, 4, 5}, Layout::Nchw, random);
            ACC_OK(cudnnSetActivationDescriptor(a, f.mode, CUDNN_PROPAGATE_NAN, f.coefficient));
            ACC_OK(cudnnActivationForward(handle_, a, Scalar(type, 2), x.desc(), x.data(),
                                          Scalar(type, -1), y.desc(), y.data()));
            expect_near(
                y, [&](const Sizes& at) { return 2 * f.value(x(at)) - y(at); }, limit, where);
            each(y.sizes(), [&](const Sizes& at) { y(at) = f.value(x(at)); });
            y.upload();
            ACC_OK(cudnnActivationBackward(handle_, a, Scalar(type, 1), y.desc(), y.data(),
                                           dy.desc(), dy.data(), x.desc(), x.data(),
                                           Scalar(type, 0.5), dx.desc(), dx.data()));
            expect_near(
                dx, [&](const Sizes& at) { return dy(at) * f.slope(x(at), y(at)) + 0.5 * dx(at); },
                limit, where + " gradient");
        }
}

TEST_F(Tensors, ActivationsMindNaN) {
    Descriptor<cudnnActivationDescriptor_t> a(cudnnCreateActivationDescriptor,
                                              cudnnDestroyActivationDescriptor);
    Tensor x(CUDNN_DATA_FLOAT, {1, 1, 1, 3}), y(CUDNN_DATA_FLOAT, {1, 1, 1, 3});
    x.fill([] { return kNaN; });
    const Scalar one(CUDNN_DATA_FLOAT, 1), zero(CUDNN_DATA_FLOAT, 0);
    for (auto nan : {CUDNN_PROPAGATE_NAN, CUDNN_NOT_PROPAGATE_NAN}) {
        ACC_OK(cudnnSetActivationDescriptor(a, CUDNN_ACTIVATION_RELU, nan, 0));
        ACC_OK(
            cudnnActivationForward(handle_, a, one, x.desc(), x.data(), zero, y.desc(), y.data()));
        expect_near(
            y, [&](const Sizes&) { return nan == CUDNN_PROPAGATE_NAN ? kNaN : 0.0; }, 0, "nan");
    }
    cudnnActivationMode_t mode;
    cudnnNanPropagation_t nan;
    double coefficient;
    ACC_OK(cudnnGetActivationDescriptor(a, &mode, &nan, &coefficient));
    EXPECT_EQ(mode, CUDNN_ACTIVATION_RELU);
    EXPECT_EQ(nan, CUDNN_NOT_PROPAGATE_NAN);
    ACC_BAD(cudnnSetActivationDescriptor(a, cudnnActivationMode_t(99), nan, 0));
    ACC_BAD(cudnnSetActivationDescriptor(nullptr, mode, nan, 0));
    Tensor other(CUDNN_DATA_FLOAT, {1, 1, 1, 4});
    ACC_BAD(cudnnActivationForward(handle_, a, one, x.desc(), x.data(), zero, other.desc(),
                                   other.data()));
}

TEST_F(Tensors, SoftmaxAndItsGradient) {
    Random random(4);
    for (cudnnDataType_t type : kFloats)
        for (auto algo : {CUDNN_SOFTMAX_FAST, CUDNN_SOFTMAX_ACCURATE, CUDNN_SOFTMAX_LOG})
            for (auto mode : {CUDNN_SOFTMAX_MODE_INSTANCE, CUDNN_SOFTMAX_MODE_CHANNEL}) {
                const std::string where = std::to_string(algo) + std::to_string(mode) + " type " +
                                          std::to_string(type);
                const Sizes sizes = type == CUDNN_DATA_FLOAT ? Sizes{2, 70, 2, 3}
                                                             : Sizes{2, 5, 2, 3};
                Tensor x(type, sizes, Layout::Gaps, random), y(type, sizes, Layout::Nhwc, random),
                    dy(type, sizes, Layout::Nchw, random), dx(type, sizes, Layout::Nchw, random);
                const bool shifted = algo != CUDNN_SOFTMAX_FAST && type == CUDNN_DATA_FLOAT;
                if (shifted) x.fill([&] { return 100 + 8 * random(); }); // exp(100) is too large
                // The number of an element's row.
                const auto row = [&](const Sizes& at) {
                    return mode == CUDNN_SOFTMAX_MODE_INSTANCE
                               ? size_t(at[0])
                               : size_t((at[0] * sizes[2] + at[2]) * sizes[3] + at[3]);
                };
                std::vector<double> total(12), largest(12, -1e30), sum(12);
                each(sizes, [&](const Sizes& at) {
                    largest[row(at)] = std::max(largest[row(at)], x(at));
                });
                each(sizes, [&](const Sizes& at) {
                    total[row(at)] += std::exp(x(at) - largest[row(at)]);
                });
                const auto wanted = [&](const Sizes& at) {
                    const double share = x(at) - largest[row(at)] - std::log(total[row(at)]);
                    return algo == CUDNN_SOFTMAX_LOG ? share : std::exp(share);
                };
                ACC_OK(cudnnSoftmaxForward(handle_, algo, mode, Scalar(type, 1), x.desc(), x.data(),
                                           Scalar(type, 0), y.desc(), y.data()));
                expect_near(y, wanted, 40 * epsilon(type), where);
                each(sizes, [&](const Sizes& at) { y(at) = wanted(at); });
                y.upload();
                each(sizes, [&](const Sizes& at) {
                    sum[row(at)] += algo == CUDNN_SOFTMAX_LOG ? dy(at) : dy(at) * y(at);
                });
                ACC_OK(cudnnSoftmaxBackward(handle_, algo, mode, Scalar(type, 2), y.desc(),
                                            y.data(), dy.desc(), dy.data(), Scalar(type, 1),
                                            dx.desc(), dx.data()));
                expect_near(
                    dx,
                    [&](const Sizes& at) {
                        const double slope = algo == CUDNN_SOFTMAX_LOG
                                                 ? dy(at) - std::exp(y(at)) * sum[row(at)]
                                                 : y(at) * (dy(at) - sum[row(at)]);
                        return 2 * slope + dx(at);
                    },
                    60 * epsilon(type), where + " gradient");
            }
}

TEST_F(Tensors, AddTensorSpreads) {
    Random random(6);
    for (cudnnDataType_t type : kFloats)
        for (const Sizes& sizes : {Sizes{1, 3, 1, 1}, Sizes{2, 3, 4, 5}, Sizes{1, 1, 4, 5}}) {
            Tensor a(type, sizes, Layout::Nchw, random),
                c(type, {2, 3, 4, 5}, Layout::Gaps, random);
            ACC_OK(cudnnAddTensor(handle_, Scalar(type, 3), a.desc(), a.data(), Scalar(type, 0.5),
                                  c.desc(), c.data()));
            expect_near(
                c,
                [&](const Sizes& at) {
                    Sizes from = at;
                    for (size_t d = 0; d < 4; ++d)
                        if (sizes[d] == 1) from[d] = 0;
                    return 3 * a(from) + 0.5 * c(at);
                },
                4 * epsilon(type), "add");
        }
    Tensor a(CUDNN_DATA_FLOAT, {1, 2, 1, 1}), c(CUDNN_DATA_FLOAT, {2, 3, 4, 5});
    ACC_BAD(cudnnAddTensor(handle_, Scalar(CUDNN_DATA_FLOAT, 1), a.desc(), a.data(),
                           Scalar(CUDNN_DATA_FLOAT, 1), c.desc(), c.data()));
}

TEST_F(Tensors, OpTensorIsEachOfItsOperations) {
    Random random(7);
    Descriptor<cudnnOpTensorDescriptor_t> op(cudnnCreateOpTensorDescriptor,
                                             cudnnDestroyOpTensorDescriptor);
    const std::function<double(double, double)> functions[] = {
        [](double a, double b) { return a + b; },
        [](double a, double b) { return a * b; },
        [](double a, double b) { return std::min(a, b); },
        [](double a, double b) { return std::max(a, b); },
        [](double a, double) { return std::sqrt(a); },
        [](double a, double) { return 1 - a; }};
    for (cudnnDataType_t type : {CUDNN_DATA_FLOAT, CUDNN_DATA_DOUBLE, CUDNN_DATA_HALF})
        for (int i = 0; i < 6; ++i) {
            Tensor a(type, {2, 3, 4, 5}, Layout::Nhwc, random),
                b(type, {1, 3, 1, 5}, Layout::Nchw, random),
                c(type, {2, 3, 4, 5}, Layout::Gaps, random);
            if (i == 4) a.fill([&] { return std::abs(random()); });
            ACC_OK(cudnnSetOpTensorDescriptor(op, cudnnOpTensorOp_t(i), CUDNN_DATA_FLOAT,
                                              CUDNN_PROPAGATE_NAN));
            ACC_OK(cudnnOpTensor(handle_, op, Scalar(type, 2), a.desc(), a.data(), Scalar(type, -1),
                                 b.desc(), b.data(), Scalar(type, 0.25), c.desc(), c.data()));
            expect_near(
                c,
                [&](const Sizes& at) {
                    return functions[i](2 * a(at), -b(0, at[1], 0, at[3])) + 0.25 * c(at);
                },
                4 * epsilon(type), "op " + std::to_string(i));
        }
}

TEST_F(Tensors, SetScaleAndTransform) {
    Random random(8);
    Tensor x(CUDNN_DATA_FLOAT, {2, 3, 4, 5}, Layout::Nchw, random),
        y(CUDNN_DATA_FLOAT, {2, 3, 4, 5}, Layout::Gaps, random), i(CUDNN_DATA_INT32, {1, 2, 3, 4});
    const float value = 2.5f, third = 0.25f, one = 1, zero = 0;
    const int number = 16777217; // not a float
    ACC_OK(cudnnTransformTensor(handle_, &one, x.desc(), x.data(), &zero, y.desc(), y.data()));
    expect_near(y, [&](const Sizes& at) { return x(at); }, 0, "transform");
    ACC_OK(cudnnScaleTensor(handle_, y.desc(), y.data(), &third));
    expect_near(y, [&](const Sizes& at) { return 0.25 * x(at); }, 0, "scale");
    ACC_OK(cudnnSetTensor(handle_, y.desc(), y.data(), &value));
    expect_near(y, [&](const Sizes&) { return 2.5; }, 0, "set");
    ACC_OK(cudnnSetTensor(handle_, i.desc(), i.data(), &number));
    expect_near(i, [&](const Sizes&) { return 16777217.0; }, 0, "set integers");
    Tensor half(CUDNN_DATA_HALF, {2, 3, 4, 5}); // a transform may convert
    ACC_OK(
        cudnnTransformTensor(handle_, &one, x.desc(), x.data(), &zero, half.desc(), half.data()));
    expect_near(half, [&](const Sizes& at) { return x(at); }, 5e-4, "convert");
    ACC_BAD(cudnnSetTensor(handle_, y.desc(), nullptr, &value));
}

double reduced(int op, const std::vector<double>& values, size_t& index) {
    double result = op == 1 || op == 8 ? 1 : op == 2 || op == 3 ? values[0] : 0;
    index = 0;
    for (size_t i = 0; i < values.size(); ++i) {
        const double v = values[i];
        if ((op == 2 && v < result) || (op == 3 && v > result) || (op == 4 && std::abs(v) > result))
            index = i;
        switch (op) {
        case 1: result *= v; break;
        case 2: result = std::min(result, v); break;
        case 3: result = std::max(result, v); break;
        case 4: result = std::max(result, std::abs(v)); break;
        case 6: result += std::abs(v); break;
        case 7: result += v * v; break;
        case 8: result *= v == 0 ? 1 : v; break;
        default: result += v;
        }
    }
    return op == 5 ? result / double(values.size()) : op == 7 ? std::sqrt(result) : result;
}

TEST_F(Tensors, ReductionsAlongAnyDimensions) {
    Random random(9);
    Descriptor<cudnnReduceTensorDescriptor_t> r(cudnnCreateReduceTensorDescriptor,
                                                cudnnDestroyReduceTensorDescriptor);
    for (int op = 0; op <= CUDNN_REDUCE_TENSOR_MUL_NO_ZEROS; ++op)
        for (const Sizes& sizes : {Sizes{1, 3, 1, 1}, Sizes{2, 1, 4, 1}, Sizes{1, 1, 1, 1}}) {
            Tensor a(CUDNN_DATA_FLOAT, {2, 3, 4, 9}, Layout::Gaps, random),
                c(CUDNN_DATA_FLOAT, sizes, Layout::Nchw, random);
            if (op == 8) a.fill([&] { return random() > 0.5 ? 0.0 : 1 + 0.1 * random(); });
            const bool indexed = op >= 2 && op <= 4;
            ACC_OK(cudnnSetReduceTensorDescriptor(
                r, cudnnReduceTensorOp_t(op), CUDNN_DATA_FLOAT, CUDNN_PROPAGATE_NAN,
                indexed ? CUDNN_REDUCE_TENSOR_FLATTENED_INDICES : CUDNN_REDUCE_TENSOR_NO_INDICES,
                CUDNN_32BIT_INDICES));
            size_t workspace = 1, bytes = 1;
            ACC_OK(cudnnGetReductionWorkspaceSize(handle_, r, a.desc(), c.desc(), &workspace));
            ACC_OK(cudnnGetReductionIndicesSize(handle_, r, a.desc(), c.desc(), &bytes));
            std::vector<int> indices(bytes / sizeof(int));
            EXPECT_EQ(indices.size(), indexed ? c.read().size() - 1 : 0u);
            void* on_device = nullptr;
            ASSERT_EQ(cudaMalloc(&on_device, bytes + 1), cudaSuccess);
            ACC_OK(cudnnReduceTensor(handle_, r, on_device, bytes, nullptr, workspace,
                                     Scalar(CUDNN_DATA_FLOAT, 2), a.desc(), a.data(),
                                     Scalar(CUDNN_DATA_FLOAT, 1), c.desc(), c.data()));
            std::vector<std::vector<double>> rows(c.read().size());
            each(a.sizes(), [&](const Sizes& at) {
                Sizes to = at;
                for (size_t d = 0; d < 4; ++d)
                    if (sizes[d] == 1) to[d] = 0;
                rows[c.offset(to)].push_back(a(at));
            });
            ASSERT_EQ(cudaMemcpy(indices.data(), on_device, bytes, cudaMemcpyDefault), cudaSuccess);
            cudaFree(on_device);
            expect_near(
                c,
                [&](const Sizes& at) {
                    size_t index = 0;
                    const double value = reduced(op, rows[c.offset(at)], index);
                    if (indexed) {
                        EXPECT_EQ(size_t(indices[c.offset(at)]), index) << op;
                    }
                    return 2 * value + c(at);
                },
                2e-5, "reduction " + std::to_string(op));
        }
}

TEST_F(Tensors, ReductionsMindNaN) {
    Descriptor<cudnnReduceTensorDescriptor_t> r(cudnnCreateReduceTensorDescriptor,
                                                cudnnDestroyReduceTensorDescriptor);
    Tensor a(CUDNN_DATA_FLOAT, {1, 1, 1, 100}), c(CUDNN_DATA_FLOAT, {1, 1, 1, 1});
    int i = 0;
    a.fill([&] { return ++i == 40 ? kNaN : double(i % 7); });
    for (auto nan : {CUDNN_PROPAGATE_NAN, CUDNN_NOT_PROPAGATE_NAN}) {
        ACC_OK(cudnnSetReduceTensorDescriptor(r, CUDNN_REDUCE_TENSOR_MAX, CUDNN_DATA_FLOAT, nan,
                                              CUDNN_REDUCE_TENSOR_NO_INDICES, CUDNN_32BIT_INDICES));
        ACC_OK(cudnnReduceTensor(handle_, r, nullptr, 0, nullptr, 0, Scalar(CUDNN_DATA_FLOAT, 1),
                                 a.desc(), a.data(), Scalar(CUDNN_DATA_FLOAT, 0), c.desc(),
                                 c.data()));
        expect_near(
            c, [&](const Sizes&) { return nan == CUDNN_PROPAGATE_NAN ? kNaN : 6.0; }, 0, "max");
    }
    Tensor wrong(CUDNN_DATA_FLOAT, {1, 1, 1, 3});
    ACC_BAD(cudnnReduceTensor(handle_, r, nullptr, 0, nullptr, 0, Scalar(CUDNN_DATA_FLOAT, 1),
                              a.desc(), a.data(), Scalar(CUDNN_DATA_FLOAT, 0), wrong.desc(),
                              wrong.data()));
}

TEST_F(Tensors, DropoutDropsAShareAndRemembersWhich) {
    Random random(10);
    Tensor x(CUDNN_DATA_FLOAT, {2, 5, 20, 20}, Layout::Nchw, random),
        y(CUDNN_DATA_FLOAT, {2, 5, 20, 20}, Layout::Nhwc), dx(CUDNN_DATA_FLOAT, {2, 5, 20, 20});
    size_t states_size = 0, reserve_size = 0;
    ACC_OK(cudnnDropoutGetStatesSize(handle_, &states_size));
    ACC_OK(cudnnDropoutGetReserveSpaceSize(x.desc(), &reserve_size));
    void *states, *reserve;
    ASSERT_EQ(cudaMalloc(&states, states_size), cudaSuccess);
    ASSERT_EQ(cudaMalloc(&reserve, reserve_size), cudaSuccess);
    Descriptor<cudnnDropoutDescriptor_t> d(cudnnCreateDropoutDescriptor,
                                           cudnnDestroyDropoutDescriptor);
    std::vector<double> runs[3];
    for (int run = 0; run < 3; ++run) {
        if (run != 1) {
            ACC_OK(cudnnSetDropoutDescriptor(d, handle_, 0.25f, states, states_size, 42));
        }
        ACC_OK(cudnnDropoutForward(handle_, d, x.desc(), x.data(), y.desc(), y.data(), reserve,
                                   reserve_size));
        runs[run] = y.read();
        int dropped = 0;
        expect_near(
            y,
            [&](const Sizes& at) {
                const bool is_dropped = runs[run][y.offset(at)] == 0;
                dropped += is_dropped;
                return is_dropped ? 0 : x(at) / 0.75;
            },
            1e-6, "forward");
        EXPECT_NEAR(dropped, 1000, 110); // four deviations
    }
    EXPECT_NE(runs[0], runs[1]); // other numbers,
    EXPECT_EQ(runs[0], runs[2]); // and the same ones from the seed again
    ACC_OK(cudnnDropoutBackward(handle_, d, x.desc(), x.data(), dx.desc(), dx.data(), reserve,
                                reserve_size));
    expect_near(
        dx, [&](const Sizes& at) { return runs[2][y.offset(at)] == 0 ? 0 : x(at) / 0.75; }, 1e-6,
        "backward");
    ACC_BAD(cudnnSetDropoutDescriptor(d, handle_, 1.5f, states, states_size, 1));
    EXPECT_EQ(cudnnSetDropoutDescriptor(d, handle_, 0.5f, states, 1, 1),
              CUDNN_STATUS_INVALID_VALUE);
    ACC_BAD(cudnnDropoutForward(handle_, d, x.desc(), x.data(), y.desc(), y.data(), reserve, 1));
    cudaFree(states);
    cudaFree(reserve);
}

} // namespace
} // namespace dnn_test
