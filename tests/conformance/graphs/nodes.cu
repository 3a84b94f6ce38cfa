// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Graphs built node by node: every kind of node, dependencies that cross, updates.
#include <algorithm>

#include "../common/check.h"

__device__ unsigned scale = 2;

__global__ void multiply(unsigned* data, unsigned n) {
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] *= scale;
}

__global__ void add(unsigned* to, const unsigned* from, unsigned n) {
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) to[i] += from[i];
}

constexpr unsigned kCount = 1000, kBytes = kCount * sizeof(unsigned);

static cudaGraphNode_t kernel_node(cudaGraph_t graph, std::vector<cudaGraphNode_t> before,
                                   void* function, void** arguments) {
    cudaKernelNodeParams params = {};
    params.func = function;
    params.gridDim = dim3((kCount + 127) / 128);
    params.blockDim = dim3(128);
    params.kernelParams = arguments;
    cudaGraphNode_t node;
    CHECK(cudaGraphAddKernelNode(&node, graph, before.data(), before.size(), &params));
    return node;
}

static void every_kind() {
    Buffer<unsigned> a(kCount), b(kCount);
    std::vector<unsigned> input(kCount), output(kCount);
    cudaGraph_t graph;
    CHECK(cudaGraphCreate(&graph, 0));
    unsigned factor = 3;
    static int calls = 0;
    cudaGraphNode_t symbol, copy, fill, host, result, joined;
    CHECK(cudaGraphAddMemcpyNodeToSymbol(&symbol, graph, nullptr, 0, scale, &factor, sizeof factor,
                                         0, cudaMemcpyHostToDevice));
    CHECK(cudaGraphAddMemcpyNode1D(&copy, graph, nullptr, 0, a.device(), input.data(), kBytes,
                                   cudaMemcpyHostToDevice));
    cudaMemsetParams filled = {};
    filled.dst = b.device();
    filled.value = 7;
    filled.elementSize = 4;
    filled.width = kCount;
    filled.height = 1;
    CHECK(cudaGraphAddMemsetNode(&fill, graph, nullptr, 0, &filled));
    unsigned *pa = a.device(), *pb = b.device(), n = kCount;
    void* of_a[] = {&pa, &n};
    void* of_both[] = {&pa, &pb, &n};
    const cudaGraphNode_t product = kernel_node(graph, {symbol, copy}, (void*)multiply, of_a);
    const cudaGraphNode_t sum = kernel_node(graph, {product, fill}, (void*)add, of_both);
    cudaHostNodeParams called = {[](void* counter) { ++*(int*)counter; }, &calls};
    CHECK(cudaGraphAddHostNode(&host, graph, &sum, 1, &called));
    CHECK(cudaGraphAddEmptyNode(&joined, graph, &host, 1));
    cudaMemcpy3DParms back = {};
    back.srcPtr = make_cudaPitchedPtr(a.device(), kBytes, kBytes, 1);
    back.dstPtr = make_cudaPitchedPtr(output.data(), kBytes, kBytes, 1);
    back.extent = make_cudaExtent(kBytes, 1, 1);
    back.kind = cudaMemcpyDeviceToHost;
    CHECK(cudaGraphAddMemcpyNode(&result, graph, &joined, 1, &back));
    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiate(&exec, graph, nullptr, nullptr, 0)); // as CUDA 11 has it
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    for (unsigned round = 0; round < 3; ++round) {
        for (unsigned i = 0; i < kCount; ++i)
            input[i] = i + round;
        CHECK(cudaGraphLaunch(exec, stream));
        CHECK(cudaStreamSynchronize(stream));
        for (unsigned i = 0; i < kCount; ++i)
            EXPECT(output[i] == (i + round) * 3 + 7, "round %u, %u: %u", round, i, output[i]);
    }
    EXPECT(calls == 3);
    // Another value of the fill, in the executable graph only.
    filled.value = 100;
    CHECK(cudaGraphExecMemsetNodeSetParams(exec, fill, &filled));
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(output[10] == 12 * 3 + 100);
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaStreamDestroy(stream));
}

/// A graph whose nodes each add the words of those before; the host computes the same.
__global__ void gather(unsigned* words, unsigned at, unsigned first, unsigned second) {
    words[at] = words[first] * 3 + words[second] * 5 + at;
}

static void a_web() {
    constexpr unsigned kNodes = 200;
    Buffer<unsigned> words(kNodes, 1u);
    std::vector<unsigned> expected(kNodes, 1u);
    std::vector<cudaGraphNode_t> nodes;
    cudaGraph_t graph;
    CHECK(cudaGraphCreate(&graph, 0));
    for (unsigned i = 0; i < kNodes; ++i) {
        const unsigned first = i < 2 ? i : (i * 7) % i, second = i < 2 ? i : (i * 13 + 5) % i;
        expected[i] = expected[first] * 3 + expected[second] * 5 + i;
        unsigned* p = words.device();
        unsigned at = i;
        void* arguments[] = {&p, &at, (void*)&first, (void*)&second};
        std::vector<cudaGraphNode_t> before;
        if (i >= 2) before.push_back(nodes[first]);
        if (i >= 2 && second != first) before.push_back(nodes[second]);
        cudaKernelNodeParams params = {};
        params.func = (void*)gather;
        params.gridDim = params.blockDim = dim3(1);
        params.kernelParams = arguments;
        cudaGraphNode_t node;
        CHECK(cudaGraphAddKernelNode(&node, graph, before.data(), before.size(), &params));
        nodes.push_back(node);
    }
    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiateWithFlags(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, 0));
    SYNC();
    EXPECT(words.download() == expected);
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
}

int main() {
    every_kind();
    a_web();
    return finish();
}
