// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Streams that are captured: forks and joins, launches of every form, updates by capturing again.
// (Library calls in a capture: cub/device.)
#include <cooperative_groups.h>

#include "../common/check.h"

__global__ void scale(unsigned* data, unsigned n, unsigned by) {
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] *= by;
}

__global__ void rotate(unsigned* data, unsigned n) {
    // All blocks read before one writes.
    cooperative_groups::grid_group grid = cooperative_groups::this_grid();
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    const unsigned value = i < n ? data[(i + 1) % n] : 0;
    grid.sync();
    if (i < n) data[i] = value;
}

constexpr unsigned kCount = 4096;

static cudaGraphExec_t instantiate(cudaGraph_t graph) {
    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    return exec;
}

static void fork_and_join() {
    Buffer<unsigned> a(kCount, 1u), b(kCount, 1u);
    cudaStream_t first, second;
    cudaEvent_t fork, join;
    CHECK(cudaStreamCreate(&first));
    CHECK(cudaStreamCreate(&second));
    CHECK(cudaEventCreate(&fork));
    CHECK(cudaEventCreate(&join));
    cudaGraph_t graph;
    CHECK(cudaStreamBeginCapture(first, cudaStreamCaptureModeGlobal));
    scale<<<kCount / 256, 256, 0, first>>>(a.device(), kCount, 3);
    CHECK(cudaEventRecord(fork, first));
    CHECK(cudaStreamWaitEvent(second, fork, 0));
    CHECK(cudaMemcpyAsync(b.device(), a.device(), kCount * 4, cudaMemcpyDeviceToDevice, second));
    scale<<<kCount / 256, 256, 0, second>>>(b.device(), kCount, 5);
    CHECK(cudaEventRecord(join, second));
    CHECK(cudaStreamWaitEvent(first, join, 0));
    scale<<<kCount / 256, 256, 0, first>>>(a.device(), kCount, 7);
    unsigned *pa = a.device(), n = kCount;
    void* arguments[] = {&pa, &n};
    CHECK(cudaLaunchCooperativeKernel((void*)rotate, dim3(4), dim3(1024), arguments, 0, first));
    CHECK(cudaStreamEndCapture(first, &graph));
    size_t nodes = 0;
    CHECK(cudaGraphGetNodes(graph, nullptr, &nodes));
    EXPECT(nodes == 5, "%zu nodes", nodes);
    cudaGraphExec_t exec = instantiate(graph);
    unsigned expected = 1;
    for (int round = 0; round < 3; ++round) {
        CHECK(cudaGraphLaunch(exec, first));
        CHECK(cudaStreamSynchronize(first));
        expected *= 3;
        EXPECT(b.download()[7] == expected * 5);
        expected *= 7;
        EXPECT(a.download()[kCount - 1] == expected);
    }
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaEventDestroy(fork));
    CHECK(cudaEventDestroy(join));
    CHECK(cudaStreamDestroy(first));
    CHECK(cudaStreamDestroy(second));
}

static void captured_again() {
    Buffer<unsigned> data(kCount, 1u);
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    cudaGraphExec_t exec = nullptr;
    unsigned expected = 1;
    for (unsigned round = 2; round < 7; ++round) {
        cudaGraph_t graph;
        CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
        scale<<<kCount / 256, 256, 0, stream>>>(data.device(), kCount, round);
        CHECK(cudaStreamEndCapture(stream, &graph));
        if (exec == nullptr) {
            exec = instantiate(graph);
        } else {
            cudaGraphExecUpdateResultInfo info;
            CHECK(cudaGraphExecUpdate(exec, graph, &info));
            EXPECT(info.result == cudaGraphExecUpdateSuccess);
        }
        CHECK(cudaGraphDestroy(graph));
        CHECK(cudaGraphLaunch(exec, stream));
        expected *= round;
    }
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(data.download()[5] == expected);
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaStreamDestroy(stream));
}

int main() {
    fork_and_join();
    captured_again();
    return finish();
}
