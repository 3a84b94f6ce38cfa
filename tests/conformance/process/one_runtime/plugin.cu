// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A plug-in with a kernel of its own; whoever opens it brings memory, a stream and an event.
#include <cuda_runtime.h>

__device__ int g_calls;

__global__ void add(int* values, int count, int what) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) values[i] += what;
    if (i == 0) ++g_calls;
}

extern "C" int plugin_add(int* values, int count, int what, cudaStream_t stream, cudaEvent_t done) {
    add<<<(count + 63) / 64, 64, 0, stream>>>(values, count, what);
    const cudaError_t error = cudaGetLastError();
    return error != cudaSuccess || done == nullptr ? error : cudaEventRecord(done, stream);
}

extern "C" int plugin_calls() {
    int calls = -1;
    return cudaMemcpyFromSymbol(&calls, g_calls, sizeof calls) == cudaSuccess ? calls : -1;
}

extern "C" int* plugin_allocate(int count) {
    int* values = nullptr;
    if (cudaMalloc(&values, count * sizeof(int)) != cudaSuccess) return nullptr;
    return cudaMemset(values, 0, count * sizeof(int)) == cudaSuccess ? values : nullptr;
}

extern "C" int plugin_first(int* values) {
    int value = -1;
    return cudaMemcpy(&value, values, sizeof value, cudaMemcpyDeviceToHost) == cudaSuccess ? value
                                                                                           : -1;
}

extern "C" int plugin_devices() {
    int devices = 0;
    return cudaGetDeviceCount(&devices) == cudaSuccess ? devices : -1;
}
