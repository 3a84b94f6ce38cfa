// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of a sparse and a dense vector.
#include "formats.h"

#include <algorithm>
#include <numeric>

namespace sparse_test {
namespace {

constexpr cudaDataType kTypes[] = {CUDA_R_32F, CUDA_R_64F,  CUDA_C_32F, CUDA_C_64F,
                                   CUDA_R_16F, CUDA_R_16BF, CUDA_C_16F, CUDA_C_16BF};

cudaDataType compute_of(cudaDataType type) {
    switch (type) {
    case CUDA_R_16F:
    case CUDA_R_16BF: return CUDA_R_32F;
    case CUDA_C_16F:
    case CUDA_C_16BF: return CUDA_C_32F;
    default: return type;
    }
}

/// A random pair: nnz places of n.
struct Pair {
    Pair(Random& random, cudaDataType type, int n, int nnz, cusparseIndexType_t index,
         cusparseIndexBase_t base)
        : places(size_t(n)), x(random.many(type, size_t(nnz))), y(random.many(type, size_t(n))),
          vy(y, type) {
        std::iota(places.begin(), places.end(), 0);
        for (int i = 0; i < nnz; ++i)
            std::swap(places[size_t(i)], places[size_t(i + random.below(n - i))]);
        places.resize(size_t(nnz));
        std::sort(places.begin(), places.end());
        std::vector<int64_t> given = places;
        for (int64_t& i : given)
            i += base == CUSPARSE_INDEX_BASE_ONE;
        indices = std::make_unique<Index>(index, given);
        values = std::make_unique<Array>(type, x);
        EXPECT_EQ(
            cusparseCreateSpVec(&vx, n, nnz, indices->data(), values->data(), index, base, type),
            CUSPARSE_STATUS_SUCCESS);
    }
    ~Pair() { cusparseDestroySpVec(vx); }

    std::vector<int64_t> places;
    std::vector<Number> x, y;
    std::unique_ptr<Index> indices;
    std::unique_ptr<Array> values;
    DescribedVector vy;
    cusparseSpVecDescr_t vx = nullptr;
};

class Vectors : public Sparse {
  protected:
    template <class F>
    void each(F f) {
        Random random(11);
        for (cudaDataType type : kTypes)
            for (auto index : {CUSPARSE_INDEX_32I, CUSPARSE_INDEX_64I})
                for (auto base : {CUSPARSE_INDEX_BASE_ZERO, CUSPARSE_INDEX_BASE_ONE})
                    for (int n : {1, 7, 300}) {
                        Pair pair(random, type, n, n == 300 ? 270 : n / 2, index, base);
                        f(random, type, pair);
                        if (HasFatalFailure()) return;
                    }
    }
};

TEST_F(Vectors, Axpby) {
    each([&](Random& random, cudaDataType type, Pair& p) {
        const cudaDataType c = compute_of(type);
        const Number alpha = random.one(c), beta = random.below(3) == 0 ? 0 : random.one(c);
        const Scalar a(c, alpha), b(c, beta);
        ACC_OK(cusparseAxpby(handle_, a.data(), p.vx, b.data(), p.vy));
        for (Number& y : p.y)
            y *= beta;
        for (size_t i = 0; i < p.places.size(); ++i)
            p.y[size_t(p.places[i])] += alpha * p.x[i];
        expect_near(p.vy.values(), p.y, 8 * epsilon(type), "axpby");
    });
}

TEST_F(Vectors, GatherAndScatter) {
    each([&](Random&, cudaDataType, Pair& p) {
        ACC_OK(cusparseScatter(handle_, p.vx, p.vy));
        for (size_t i = 0; i < p.places.size(); ++i)
            p.y[size_t(p.places[i])] = p.x[i];
        expect_near(p.vy.values(), p.y, 0, "scatter");
    });
    each([&](Random&, cudaDataType, Pair& p) {
        ACC_OK(cusparseGather(handle_, p.vy, p.vx));
        for (size_t i = 0; i < p.places.size(); ++i)
            p.x[i] = p.y[size_t(p.places[i])];
        expect_near(p.values->values(), p.x, 0, "gather");
    });
}

TEST_F(Vectors, Rot) {
    each([&](Random& random, cudaDataType type, Pair& p) {
        const cudaDataType t = compute_of(type);
        const Number c = random.one(t), s = random.one(t);
        const Scalar sc(t, c), ss(t, s);
        ACC_OK(cusparseRot(handle_, sc.data(), ss.data(), p.vx, p.vy));
        for (size_t i = 0; i < p.places.size(); ++i) {
            Number& y = p.y[size_t(p.places[i])];
            const Number x = p.x[i];
            p.x[i] = c * x + s * y;
            y = c * y - s * x;
        }
        expect_near(p.values->values(), p.x, 8 * epsilon(type), "rot x");
        expect_near(p.vy.values(), p.y, 8 * epsilon(type), "rot y");
    });
}

TEST_F(Vectors, SpVV) {
    each([&](Random&, cudaDataType type, Pair& p) {
        const cudaDataType t = compute_of(type);
        for (auto op : {kN, kC}) {
            Number sum = 0;
            for (size_t i = 0; i < p.places.size(); ++i)
                sum += (op == kC ? std::conj(p.x[i]) : p.x[i]) * p.y[size_t(p.places[i])];
            alignas(16) char result[16];
            size_t size = 77;
            ACC_OK(cusparseSpVV_bufferSize(handle_, op, p.vx, p.vy, result, t, &size));
            Memory buffer(size);
            ACC_OK(cusparseSpVV(handle_, op, p.vx, p.vy, result, t, buffer.data()));
            expect_near({get(t, result)}, {sum}, double(p.places.size() + 4) * 2 * epsilon(t),
                        "spvv");
        }
    });
}

TEST_F(Vectors, SpVVIsCapturedInPointerModeHost) {
    Random random(13);
    Pair p(random, CUDA_R_64F, 300, 200, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO);
    Number sum = 0;
    for (size_t i = 0; i < p.places.size(); ++i)
        sum += p.x[i] * p.y[size_t(p.places[i])];
    cudaStream_t stream;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    double result = -1, twice = -1;
    Pair other(random, CUDA_R_64F, 300, 200, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO);
    Number other_sum = 0;
    for (size_t i = 0; i < other.places.size(); ++i)
        other_sum += other.x[i] * other.y[size_t(other.places[i])];
    ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
    ACC_OK(cusparseSetStream(handle_, stream));
    ASSERT_EQ(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal), cudaSuccess);
    ACC_OK(cusparseSpVV(handle_, kN, p.vx, p.vy, &result, CUDA_R_64F, nullptr));
    // On a branch of its own: each captured call has a place of its own for its number.
    cudaStream_t branch;
    cudaEvent_t fork, join;
    ASSERT_EQ(cudaStreamCreate(&branch), cudaSuccess);
    ASSERT_EQ(cudaEventCreate(&fork), cudaSuccess);
    ASSERT_EQ(cudaEventCreate(&join), cudaSuccess);
    ASSERT_EQ(cudaEventRecord(fork, stream), cudaSuccess);
    ASSERT_EQ(cudaStreamWaitEvent(branch, fork, 0), cudaSuccess);
    ACC_OK(cusparseSetStream(handle_, branch));
    ACC_OK(cusparseSpVV(handle_, kN, other.vx, other.vy, &twice, CUDA_R_64F, nullptr));
    ASSERT_EQ(cudaEventRecord(join, branch), cudaSuccess);
    ASSERT_EQ(cudaStreamWaitEvent(stream, join, 0), cudaSuccess);
    ASSERT_EQ(cudaStreamEndCapture(stream, &graph), cudaSuccess);
    std::vector<const void*> copied;
    size_t nodes = 0;
    ASSERT_EQ(cudaGraphGetNodes(graph, nullptr, &nodes), cudaSuccess);
    std::vector<cudaGraphNode_t> all(nodes);
    ASSERT_EQ(cudaGraphGetNodes(graph, all.data(), &nodes), cudaSuccess);
    for (cudaGraphNode_t node : all) {
        cudaGraphNodeType type;
        cudaMemcpy3DParms copy = {};
        ASSERT_EQ(cudaGraphNodeGetType(node, &type), cudaSuccess);
        if (type != cudaGraphNodeTypeMemcpy) continue;
        ASSERT_EQ(cudaGraphMemcpyNodeGetParams(node, &copy), cudaSuccess);
        copied.push_back(copy.srcPtr.ptr);
    }
    ASSERT_EQ(copied.size(), 2u);
    EXPECT_NE(copied[0], copied[1]);
    EXPECT_EQ(result, -1);
    ASSERT_EQ(cudaGraphInstantiate(&exec, graph, 0), cudaSuccess);
    ASSERT_EQ(cudaGraphLaunch(exec, stream), cudaSuccess);
    ASSERT_EQ(cudaStreamSynchronize(stream), cudaSuccess);
    EXPECT_NEAR(result, sum.real(), 1e-12);
    EXPECT_NEAR(twice, other_sum.real(), 1e-12);
    cudaEventDestroy(fork);
    cudaEventDestroy(join);
    cudaStreamDestroy(branch);
    cudaGraphExecDestroy(exec);
    cudaGraphDestroy(graph);
    ACC_OK(cusparseSetStream(handle_, nullptr));
    cudaStreamDestroy(stream);
}

TEST_F(Vectors, SpVVOfIntegersAndIntoDeviceMemory) {
    Random random(12);
    Pair p(random, CUDA_R_8I, 300, 200, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO);
    Number sum = 0;
    for (size_t i = 0; i < p.places.size(); ++i)
        sum += p.x[i] * p.y[size_t(p.places[i])];
    ACC_OK(cusparseSetPointerMode(handle_, CUSPARSE_POINTER_MODE_DEVICE));
    Array as_int(CUDA_R_32I, {0.0}), as_float(CUDA_R_32F, {0.0});
    ACC_OK(cusparseSpVV(handle_, kN, p.vx, p.vy, as_int.data(), CUDA_R_32I, nullptr));
    ACC_OK(cusparseSpVV(handle_, kN, p.vx, p.vy, as_float.data(), CUDA_R_32F, nullptr));
    EXPECT_EQ(as_int.values()[0], sum);
    EXPECT_EQ(as_float.values()[0], sum);
}

TEST_F(Vectors, StatusesOfBadArguments) {
    Random random(13);
    Pair p(random, CUDA_R_32F, 7, 3, CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO);
    DescribedVector longer(std::vector<Number>(8), CUDA_R_32F),
        wide(std::vector<Number>(7), CUDA_R_64F);
    const float one = 1;
    float result;
    size_t size;
    const auto bad = CUSPARSE_STATUS_INVALID_VALUE, unsupported = CUSPARSE_STATUS_NOT_SUPPORTED,
               none = CUSPARSE_STATUS_NOT_INITIALIZED;
    EXPECT_EQ(cusparseAxpby(nullptr, &one, p.vx, &one, p.vy), none);
    EXPECT_EQ(cusparseAxpby(handle_, nullptr, p.vx, &one, p.vy), bad);
    EXPECT_EQ(cusparseAxpby(handle_, &one, nullptr, &one, p.vy), bad);
    EXPECT_EQ(cusparseAxpby(handle_, &one, p.vx, nullptr, p.vy), bad);
    EXPECT_EQ(cusparseAxpby(handle_, &one, p.vx, &one, nullptr), bad);
    EXPECT_EQ(cusparseAxpby(handle_, &one, p.vx, &one, longer), bad);
    EXPECT_EQ(cusparseAxpby(handle_, &one, p.vx, &one, wide), unsupported);
    EXPECT_EQ(cusparseGather(nullptr, p.vy, p.vx), none);
    EXPECT_EQ(cusparseGather(handle_, longer, p.vx), bad);
    EXPECT_EQ(cusparseGather(handle_, wide, p.vx), unsupported);
    EXPECT_EQ(cusparseScatter(nullptr, p.vx, p.vy), none);
    EXPECT_EQ(cusparseScatter(handle_, p.vx, nullptr), bad);
    EXPECT_EQ(cusparseRot(nullptr, &one, &one, p.vx, p.vy), none);
    EXPECT_EQ(cusparseRot(handle_, nullptr, &one, p.vx, p.vy), bad);
    EXPECT_EQ(cusparseRot(handle_, &one, &one, p.vx, wide), unsupported);
    EXPECT_EQ(cusparseSpVV(nullptr, kN, p.vx, p.vy, &result, CUDA_R_32F, nullptr), none);
    EXPECT_EQ(cusparseSpVV(handle_, kT, p.vx, p.vy, &result, CUDA_R_32F, nullptr), bad);
    EXPECT_EQ(cusparseSpVV(handle_, kN, p.vx, p.vy, nullptr, CUDA_R_32F, nullptr), bad);
    EXPECT_EQ(cusparseSpVV(handle_, kN, p.vx, p.vy, &result, CUDA_R_64F, nullptr), unsupported);
    EXPECT_EQ(cusparseSpVV_bufferSize(handle_, kN, p.vx, p.vy, &result, CUDA_R_32F, nullptr), bad);
    EXPECT_EQ(cusparseSpVV_bufferSize(handle_, kN, p.vx, longer, &result, CUDA_R_32F, &size), bad);
}

} // namespace
} // namespace sparse_test
