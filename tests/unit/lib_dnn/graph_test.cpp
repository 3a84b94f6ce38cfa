// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operation graphs: chains of operations through virtual tensors, and what descriptors refuse.
#include "rig.h"

#include <algorithm>
#include <memory>

namespace dnn_test {
namespace {

/// A descriptor that is destroyed in the end.
class Node {
  public:
    explicit Node(cudnnBackendDescriptorType_t type) {
        EXPECT_EQ(cudnnBackendCreateDescriptor(type, &desc_), CUDNN_STATUS_SUCCESS) << type;
    }
    ~Node() { EXPECT_EQ(cudnnBackendDestroyDescriptor(desc_), CUDNN_STATUS_SUCCESS); }
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    operator cudnnBackendDescriptor_t() const { return desc_; }

    template <class T>
    Node& set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
              const std::vector<T>& values) {
        EXPECT_EQ(
            cudnnBackendSetAttribute(desc_, name, type, int64_t(values.size()), values.data()),
            CUDNN_STATUS_SUCCESS)
            << name;
        return *this;
    }
    template <class T>
    Node& one(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, T value) {
        EXPECT_EQ(cudnnBackendSetAttribute(desc_, name, type, 1, &value), CUDNN_STATUS_SUCCESS)
            << name;
        return *this;
    }
    Node& refer(cudnnBackendAttributeName_t name, const Node& other) {
        return one(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, cudnnBackendDescriptor_t(other));
    }
    Node& done() {
        char why[256] = "";
        const cudnnStatus_t status = cudnnBackendFinalize(desc_);
        cudnnGetLastErrorString(why, sizeof why);
        EXPECT_EQ(status, CUDNN_STATUS_SUCCESS) << why;
        return *this;
    }

  private:
    cudnnBackendDescriptor_t desc_ = nullptr;
};

std::vector<int64_t> wide(const Sizes& sizes) {
    return {sizes.begin(), sizes.end()};
}

/// A graph being made: its tensors, operations, and the pointers of a run.
class Graph {
  public:
    explicit Graph(cudnnHandle_t handle) : handle_(handle) {}

    Node& node(cudnnBackendDescriptorType_t type) {
        return *nodes_.emplace_back(std::make_unique<Node>(type));
    }
    Node& tensor(cudnnDataType_t type, const Sizes& sizes, const Sizes& strides, int64_t id) {
        return node(CUDNN_BACKEND_TENSOR_DESCRIPTOR)
            .one(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, type)
            .set(CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, wide(sizes))
            .set(CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, wide(strides))
            .one(CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, id)
            .one(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, int64_t(4));
    }
    /// One of the test's tensors, and the same with other sizes and strides.
    Node& of(const Tensor& t) { return as(t, t.sizes(), t.strides()); }
    Node& as(const Tensor& t, const Sizes& sizes, const Sizes& strides) {
        ids_.push_back(++id_);
        pointers_.push_back(t.data());
        return tensor(t.type(), sizes, strides, id_).done();
    }
    /// A float that is given by value.
    Node& number(const float* value) {
        ids_.push_back(++id_);
        pointers_.push_back(const_cast<float*>(value));
        return tensor(CUDNN_DATA_FLOAT, {1, 1, 1, 1}, {1, 1, 1, 1}, id_)
            .one(CUDNN_ATTR_TENSOR_IS_BY_VALUE, CUDNN_TYPE_BOOLEAN, true)
            .done();
    }
    Node& between(const Sizes& sizes) {
        Sizes strides(sizes.size(), 1);
        for (size_t d = sizes.size() - 1; d > 0; --d)
            strides[d - 1] = strides[d] * sizes[d];
        return tensor(CUDNN_DATA_FLOAT, sizes, strides, ++id_)
            .one(CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, true)
            .done();
    }
    /// Of all operations there are.
    Node& whole() {
        return node(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR)
            .set(CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, operations_)
            .one(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, handle_);
    }
    void add(Node& operation) { operations_.push_back(operation.done()); }
    void pointwise(cudnnPointwiseMode_t mode, const Node& x, const Node* b, const Node& y) {
        Node& what = node(CUDNN_BACKEND_POINTWISE_DESCRIPTOR)
                         .one(CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, mode)
                         .one(CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE,
                              CUDNN_DATA_FLOAT)
                         .done();
        Node& operation = node(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR)
                              .refer(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, what)
                              .refer(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, x)
                              .refer(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, y);
        if (b != nullptr) operation.refer(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, *b);
        add(operation);
    }
    void matmul(const Node& a, const Node& b, const Node& c) {
        Node& what = node(CUDNN_BACKEND_MATMUL_DESCRIPTOR)
                         .one(CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, CUDNN_DATA_FLOAT)
                         .done();
        add(node(CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR)
                .refer(CUDNN_ATTR_OPERATION_MATMUL_DESC, what)
                .refer(CUDNN_ATTR_OPERATION_MATMUL_ADESC, a)
                .refer(CUDNN_ATTR_OPERATION_MATMUL_BDESC, b)
                .refer(CUDNN_ATTR_OPERATION_MATMUL_CDESC, c));
    }
    void reduce(cudnnReduceTensorOp_t op, const Node& x, const Node& y) {
        Node& what = node(CUDNN_BACKEND_REDUCTION_DESCRIPTOR)
                         .one(CUDNN_ATTR_REDUCTION_OPERATOR, CUDNN_TYPE_REDUCTION_OPERATOR_TYPE, op)
                         .one(CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE,
                              CUDNN_DATA_FLOAT)
                         .done();
        add(node(CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR)
                .refer(CUDNN_ATTR_OPERATION_REDUCTION_DESC, what)
                .refer(CUDNN_ATTR_OPERATION_REDUCTION_XDESC, x)
                .refer(CUDNN_ATTR_OPERATION_REDUCTION_YDESC, y));
    }
    Node& convolution(const Sizes& padding) {
        const std::vector<int64_t> ones(padding.size(), 1);
        return node(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR)
            .one(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, CUDNN_DATA_FLOAT)
            .one(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE,
                 CUDNN_CROSS_CORRELATION)
            .one(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64, int64_t(padding.size()))
            .set(CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, ones)
            .set(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, ones)
            .set(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, wide(padding))
            .set(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, wide(padding))
            .done();
    }

    /// Finds an engine for the graph, makes a plan, runs it. Operations are given from the last to
    /// the first.
    void run() {
        std::reverse(operations_.begin(), operations_.end());
        Node& graph = whole().done();
        Node& heuristic = node(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR)
                              .refer(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph)
                              .one(CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE,
                                   CUDNN_HEUR_MODE_A)
                              .done();
        Node& config = node(CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
        cudnnBackendDescriptor_t results[] = {config};
        int64_t count = 0;
        ACC_OK(cudnnBackendGetAttribute(heuristic, CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                        CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &count, results));
        ASSERT_EQ(count, 1);
        Node& plan = node(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR)
                         .one(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, handle_)
                         .refer(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, config)
                         .done();
        int64_t size = -1;
        ACC_OK(cudnnBackendGetAttribute(plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE,
                                        CUDNN_TYPE_INT64, 1, &count, &size));
        void* workspace = nullptr;
        ASSERT_EQ(cudaMalloc(&workspace, size_t(size) + 1), cudaSuccess);
        Node& pack = node(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)
                         .set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, ids_)
                         .set(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, pointers_)
                         .one(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, workspace)
                         .done();
        ACC_OK(cudnnBackendExecute(handle_, plan, pack));
        cudaFree(workspace);
    }

  private:
    cudnnHandle_t handle_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::vector<cudnnBackendDescriptor_t> operations_;
    std::vector<int64_t> ids_;
    std::vector<void*> pointers_;
    int64_t id_ = 0;
};

using OperationGraph = Dnn;

TEST_F(OperationGraph, ConvolutionBiasRelu) {
    Random random(1);
    for (const cudnnDataType_t type : {CUDNN_DATA_FLOAT, CUDNN_DATA_HALF}) {
        Tensor x(type, {2, 3, 6, 7}, Layout::Nhwc, random),
            w(type, {4, 3, 3, 3}, Layout::Nhwc, random),
            b(type, {1, 4, 1, 1}, Layout::Nchw, random), y(type, {2, 4, 6, 7}, Layout::Nhwc);
        Graph g(handle_);
        Node &sum = g.between({2, 4, 6, 7}), &biased = g.between({2, 4, 6, 7}), &bias = g.of(b);
        g.add(g.node(CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR)
                  .refer(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, g.convolution({1, 1}))
                  .refer(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, g.of(x))
                  .refer(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, g.of(w))
                  .refer(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, sum)
                  .one(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, CUDNN_TYPE_FLOAT, 1.f)
                  .one(CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA, CUDNN_TYPE_FLOAT, 0.f));
        g.pointwise(CUDNN_POINTWISE_ADD, sum, &bias, biased);
        g.pointwise(CUDNN_POINTWISE_RELU_FWD, biased, nullptr, g.of(y));
        g.run();
        expect_near(
            y,
            [&](const Sizes& at) {
                double value = b(0, at[1], 0, 0);
                each({3, 3, 3}, [&](const Sizes& tap) {
                    const int h = at[2] + tap[1] - 1, v = at[3] + tap[2] - 1;
                    if (h >= 0 && h < 6 && v >= 0 && v < 7)
                        value += x(at[0], tap[0], h, v) * w(at[1], tap[0], tap[1], tap[2]);
                });
                return std::max(value, 0.0);
            },
            1e-5 + epsilon(type), "conv, bias, relu");
    }
}

TEST_F(OperationGraph, AttentionIsProductsAndASoftmax) {
    constexpr int kBatch = 2, kHeads = 4, kOfKeys = 2, kQueries = 5, kKeys = 9, kDepth = 8;
    Random random(2);
    // Keys and values have fewer heads; heads lie beside each other in memory (queries, not keys).
    Tensor q(CUDNN_DATA_FLOAT, {kBatch, kHeads, kQueries, kDepth}, Layout::Nhwc, random),
        k(CUDNN_DATA_FLOAT, {kBatch, kOfKeys, kKeys, kDepth}, Layout::Nchw, random),
        v(CUDNN_DATA_FLOAT, {kBatch, kOfKeys, kKeys, kDepth}, Layout::Nchw, random),
        out(CUDNN_DATA_FLOAT, {kBatch, kHeads, kQueries, kDepth}, Layout::Gaps);
    const float scale = 0.35f;
    Graph g(handle_);
    const Sizes all = {kBatch, kHeads, kQueries, kKeys}, rows = {kBatch, kHeads, kQueries, 1};
    Node &scores = g.between(all), &scaled = g.between(all), &largest = g.between(rows),
         &shifted = g.between(all), &powers = g.between(all), &total = g.between(rows),
         &shares = g.between(all), &number = g.number(&scale);
    Node& transposed = g.as(k, {kBatch, kOfKeys, kDepth, kKeys},
                            {kOfKeys * kKeys * kDepth, kKeys * kDepth, 1, kDepth});
    g.matmul(g.of(q), transposed, scores);
    g.pointwise(CUDNN_POINTWISE_MUL, scores, &number, scaled);
    g.reduce(CUDNN_REDUCE_TENSOR_MAX, scaled, largest);
    g.pointwise(CUDNN_POINTWISE_SUB, scaled, &largest, shifted);
    g.pointwise(CUDNN_POINTWISE_EXP, shifted, nullptr, powers);
    g.reduce(CUDNN_REDUCE_TENSOR_ADD, powers, total);
    g.pointwise(CUDNN_POINTWISE_DIV, powers, &total, shares);
    g.matmul(shares, g.of(v), g.of(out));
    g.run();
    expect_near(
        out,
        [&](const Sizes& at) {
            double above = 0, below = 0;
            for (int j = 0; j < kKeys; ++j) {
                double score = 0;
                for (int d = 0; d < kDepth; ++d)
                    score += q(at[0], at[1], at[2], d) * k(at[0], at[1] / 2, j, d);
                const double share = std::exp(double(scale) * score);
                above += share * v(at[0], at[1] / 2, j, at[3]);
                below += share;
            }
            return above / below;
        },
        2e-5, "attention");
}

TEST_F(OperationGraph, LayersAreNormalisedAndGradientsFollow) {
    Random random(3);
    for (const auto mode : {CUDNN_LAYER_NORM, CUDNN_RMS_NORM}) {
        const bool centers = mode == CUDNN_LAYER_NORM;
        Tensor x(CUDNN_DATA_FLOAT, {6, 10, 1, 1}, Layout::Nchw, random),
            dy(CUDNN_DATA_FLOAT, {6, 10, 1, 1}, Layout::Nchw, random),
            y(CUDNN_DATA_FLOAT, {6, 10, 1, 1}), dx(CUDNN_DATA_FLOAT, {6, 10, 1, 1}),
            scale(CUDNN_DATA_FLOAT, {1, 10, 1, 1}, Layout::Nchw, random),
            bias(CUDNN_DATA_FLOAT, {1, 10, 1, 1}, Layout::Nchw, random),
            dscale(CUDNN_DATA_FLOAT, {1, 10, 1, 1}), dbias(CUDNN_DATA_FLOAT, {1, 10, 1, 1}),
            mean(CUDNN_DATA_FLOAT, {6, 1, 1, 1}), inverse(CUDNN_DATA_FLOAT, {6, 1, 1, 1});
        const float small = 1e-3f;
        {
            Graph g(handle_);
            Node& norm = g.node(CUDNN_BACKEND_OPERATION_NORM_FORWARD_DESCRIPTOR)
                             .one(CUDNN_ATTR_OPERATION_NORM_FWD_MODE, CUDNN_TYPE_NORM_MODE, mode)
                             .one(CUDNN_ATTR_OPERATION_NORM_FWD_PHASE, CUDNN_TYPE_NORM_FWD_PHASE,
                                  CUDNN_NORM_FWD_TRAINING)
                             .refer(CUDNN_ATTR_OPERATION_NORM_FWD_XDESC, g.of(x))
                             .refer(CUDNN_ATTR_OPERATION_NORM_FWD_SCALE_DESC, g.of(scale))
                             .refer(CUDNN_ATTR_OPERATION_NORM_FWD_BIAS_DESC, g.of(bias))
                             .refer(CUDNN_ATTR_OPERATION_NORM_FWD_EPSILON_DESC, g.number(&small))
                             .refer(CUDNN_ATTR_OPERATION_NORM_FWD_INV_VARIANCE_DESC, g.of(inverse))
                             .refer(CUDNN_ATTR_OPERATION_NORM_FWD_YDESC, g.of(y));
            if (centers) norm.refer(CUDNN_ATTR_OPERATION_NORM_FWD_MEAN_DESC, g.of(mean));
            g.add(norm);
            g.run();
        }
        {
            Graph g(handle_);
            Node& norm = g.node(CUDNN_BACKEND_OPERATION_NORM_BACKWARD_DESCRIPTOR)
                             .one(CUDNN_ATTR_OPERATION_NORM_BWD_MODE, CUDNN_TYPE_NORM_MODE, mode)
                             .refer(CUDNN_ATTR_OPERATION_NORM_BWD_XDESC, g.of(x))
                             .refer(CUDNN_ATTR_OPERATION_NORM_BWD_DYDESC, g.of(dy))
                             .refer(CUDNN_ATTR_OPERATION_NORM_BWD_SCALE_DESC, g.of(scale))
                             .refer(CUDNN_ATTR_OPERATION_NORM_BWD_INV_VARIANCE_DESC, g.of(inverse))
                             .refer(CUDNN_ATTR_OPERATION_NORM_BWD_DSCALE_DESC, g.of(dscale))
                             .refer(CUDNN_ATTR_OPERATION_NORM_BWD_DBIAS_DESC, g.of(dbias))
                             .refer(CUDNN_ATTR_OPERATION_NORM_BWD_DXDESC, g.of(dx));
            if (centers) norm.refer(CUDNN_ATTR_OPERATION_NORM_BWD_MEAN_DESC, g.of(mean));
            g.add(norm);
            g.run();
        }
        std::vector<double> means(6), inverses(6);
        for (int n = 0; n < 6; ++n) {
            double squares = 0;
            for (int c = 0; centers && c < 10; ++c)
                means[size_t(n)] += x(n, c, 0, 0) / 10;
            for (int c = 0; c < 10; ++c)
                squares += std::pow(x(n, c, 0, 0) - means[size_t(n)], 2) / 10;
            inverses[size_t(n)] = 1 / std::sqrt(squares + 1e-3);
        }
        const auto normal = [&](int n, int c) {
            return (x(n, c, 0, 0) - means[size_t(n)]) * inverses[size_t(n)];
        };
        expect_near(
            y,
            [&](const Sizes& at) {
                return normal(at[0], at[1]) * scale(0, at[1], 0, 0) + bias(0, at[1], 0, 0);
            },
            1e-5, "y");
        expect_near(
            dscale,
            [&](const Sizes& at) {
                double sum = 0;
                for (int n = 0; n < 6; ++n)
                    sum += dy(n, at[1], 0, 0) * normal(n, at[1]);
                return sum;
            },
            1e-5, "dscale");
        expect_near(
            dx,
            [&](const Sizes& at) {
                double sum = 0, product = 0;
                for (int c = 0; c < 10; ++c) {
                    const double slope = dy(at[0], c, 0, 0) * scale(0, c, 0, 0);
                    sum += centers ? slope / 10 : 0;
                    product += slope * normal(at[0], c) / 10;
                }
                return inverses[size_t(at[0])] *
                       (dy(at) * scale(0, at[1], 0, 0) - sum - normal(at[0], at[1]) * product);
            },
            1e-5, "dx");
    }
}

TEST_F(OperationGraph, DescriptorsRefuseWhatIsWrong) {
    cudnnBackendDescriptor_t none = nullptr;
    ACC_NONE(cudnnBackendCreateDescriptor(CUDNN_BACKEND_OPERATION_SIGNAL_DESCRIPTOR, &none));
    ACC_BAD(cudnnBackendCreateDescriptor(CUDNN_BACKEND_TENSOR_DESCRIPTOR, nullptr));
    Graph g(handle_);
    Node& t = g.tensor(CUDNN_DATA_FLOAT, {1, 2, 3}, {6, 3, 1}, 7);
    const int64_t id = 3;
    int64_t got = 0, count = 0;
    EXPECT_EQ(
        cudnnBackendGetAttribute(t, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, &count, &got),
        CUDNN_STATUS_NOT_INITIALIZED); // not finalized
    EXPECT_EQ(cudnnBackendSetAttribute(t, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_FLOAT, 1, &id),
              CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE);
    ACC_NONE(
        cudnnBackendSetAttribute(t, CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &id));
    ACC_BAD(cudnnBackendSetAttribute(t, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 0, &id));
    ACC_BAD(cudnnBackendSetAttribute(t, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64,
                                     int64_t(1) << 40, &id));
    t.done();
    EXPECT_EQ(cudnnBackendSetAttribute(t, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, &id),
              CUDNN_STATUS_NOT_INITIALIZED); // finalized already
    ACC_OK(cudnnBackendGetAttribute(t, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, &count,
                                    &got));
    EXPECT_EQ(got, 7);
    Node& half = g.node(CUDNN_BACKEND_MATMUL_DESCRIPTOR); // without its type
    ACC_BAD(cudnnBackendFinalize(half));
    Node& product = g.node(CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR);
    cudnnBackendDescriptor_t child = half;
    EXPECT_EQ(cudnnBackendSetAttribute(product, CUDNN_ATTR_OPERATION_MATMUL_DESC,
                                       CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &child),
              CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED);
    child = t;
    EXPECT_EQ(cudnnBackendSetAttribute(product, CUDNN_ATTR_OPERATION_MATMUL_DESC,
                                       CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &child),
              CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE);
    EXPECT_EQ(cudnnBackendExecute(handle_, t, t), CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE);
    ACC_BAD(cudnnBackendFinalize(g.tensor(CUDNN_DATA_FLOAT, {1, 2, 3}, {6, -3, 1}, 8)));
    ACC_NONE(cudnnBackendFinalize(
        g.tensor(CUDNN_DATA_FLOAT, {1, 65536, 65536}, {1, 1, 1}, 8))); // 2^32 elements
    ACC_NONE(cudnnBackendFinalize(
        g.tensor(CUDNN_DATA_FLOAT, {1, 5000, 5000}, {1, 2147483647, 2147483647}, 8)));
    ACC_BAD(
        cudnnBackendFinalize(g.tensor(CUDNN_DATA_FLOAT, {1, 1, 1}, {1, 1, 1}, 8)
                                 .one(CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, true)
                                 .one(CUDNN_ATTR_TENSOR_IS_BY_VALUE, CUDNN_TYPE_BOOLEAN, true)));
}

TEST_F(OperationGraph, TensorsOfOneIdAreOneTensor) {
    const auto tensor = [](Graph& g, const Sizes& sizes, int64_t id, bool is_virtual) -> Node& {
        return g.tensor(CUDNN_DATA_FLOAT, sizes, {6, 3, 1}, id)
            .one(CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, is_virtual)
            .done();
    };
    const Sizes sizes = {1, 2, 3}, fewer = {1, 1, 3};
    Graph good(handle_), no_place(handle_), smaller(handle_), number(handle_);
    for (Graph* g : {&good, &no_place, &smaller}) {
        const Sizes& read = g == &smaller ? fewer : sizes;
        g->pointwise(CUDNN_POINTWISE_RELU_FWD, tensor(*g, sizes, 1, false), nullptr,
                     tensor(*g, sizes, 2, g != &no_place));
        g->pointwise(CUDNN_POINTWISE_ABS, tensor(*g, read, 2, true), nullptr,
                     tensor(*g, read, 3, false));
    }
    good.whole().done();
    ACC_BAD(cudnnBackendFinalize(no_place.whole()));
    ACC_BAD(cudnnBackendFinalize(smaller.whole()));
    const float value = 1;
    Node& one = number.number(&value);
    number.matmul(one, one, one);
    ACC_NONE(cudnnBackendFinalize(number.whole()));
}

} // namespace
} // namespace dnn_test
