// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Memory that graphs allocate: inside of a graph, beyond it, and by capture.
#include "../common/check.h"

__global__ void fill(unsigned* data, unsigned n, unsigned value) {
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) data[i] = value + i;
}

__global__ void sum(const unsigned* data, unsigned n, unsigned* to) {
    unsigned total = 0;
    for (unsigned i = 0; i < n; ++i)
        total += data[i];
    *to += total;
}

constexpr unsigned kCount = 20000;

static unsigned expected(unsigned value) {
    return kCount * value + kCount / 2 * (kCount - 1);
}

static void by_capture() {
    Buffer<unsigned> total(1);
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    cudaGraph_t graph;
    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    for (unsigned i = 0; i < 4; ++i) { // one after the other: the memory serves again
        unsigned* data;
        CHECK(cudaMallocAsync(&data, kCount * 4, stream));
        fill<<<(kCount + 255) / 256, 256, 0, stream>>>(data, kCount, i);
        sum<<<1, 1, 0, stream>>>(data, kCount, total.device());
        CHECK(cudaFreeAsync(data, stream));
    }
    CHECK(cudaStreamEndCapture(stream, &graph));
    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    for (int round = 1; round < 3; ++round) {
        CHECK(cudaGraphLaunch(exec, stream));
        CHECK(cudaStreamSynchronize(stream));
        EXPECT(total.download()[0] ==
               round * (expected(0) + expected(1) + expected(2) + expected(3)));
    }
    size_t used = 0, reserved = 0;
    CHECK(cudaDeviceGetGraphMemAttribute(0, cudaGraphMemAttrUsedMemCurrent, &used));
    CHECK(cudaDeviceGetGraphMemAttribute(0, cudaGraphMemAttrReservedMemCurrent, &reserved));
    EXPECT(used >= kCount * 4 && used < 2 * kCount * 4 && reserved >= used); // once, not four times
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaStreamDestroy(stream));
    CHECK(cudaDeviceGraphMemTrim(0));
    CHECK(cudaDeviceGetGraphMemAttribute(0, cudaGraphMemAttrReservedMemCurrent, &reserved));
    EXPECT(reserved == 0);
}

static void beyond_the_graph() {
    Buffer<unsigned> total(1);
    cudaGraph_t graph;
    CHECK(cudaGraphCreate(&graph, 0));
    cudaMemAllocNodeParams p = {};
    p.poolProps.allocType = cudaMemAllocationTypePinned;
    p.poolProps.location.type = cudaMemLocationTypeDevice;
    p.poolProps.location.id = 0;
    p.bytesize = kCount * 4;
    cudaGraphNode_t alloc, kernel;
    CHECK(cudaGraphAddMemAllocNode(&alloc, graph, nullptr, 0, &p));
    unsigned *data = (unsigned*)p.dptr, n = kCount, value = 9;
    void* arguments[] = {&data, &n, &value};
    cudaKernelNodeParams params = {};
    params.func = (void*)fill;
    params.gridDim = dim3((kCount + 255) / 256);
    params.blockDim = dim3(256);
    params.kernelParams = arguments;
    CHECK(cudaGraphAddKernelNode(&kernel, graph, &alloc, 1, &params));
    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    for (int round = 0; round < 2; ++round) {
        CHECK(cudaGraphLaunch(exec, stream));
        sum<<<1, 1, 0, stream>>>(data, kCount, total.device());
        CHECK(cudaFreeAsync(data, stream));
    }
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(total.download()[0] == 2 * expected(9));
    EXPECT_ERROR(cudaErrorInvalidValue, cudaFreeAsync(data, stream));
    CHECK(cudaGraphLaunch(exec, stream));
    EXPECT_ERROR(cudaErrorInvalidValue, cudaGraphLaunch(exec, stream));
    CHECK(cudaFree(data));
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphInstantiate(&exec, graph, cudaGraphInstantiateFlagAutoFreeOnLaunch));
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaStreamSynchronize(stream));
    CHECK(cudaFree(data));
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaStreamDestroy(stream));
}

int main() {
    by_capture();
    beyond_the_graph();
    return finish();
}
