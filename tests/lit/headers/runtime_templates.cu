// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The typed overloads of the runtime API all reach their C function.
// RUN: %cuda_host -O1 -std=c++14 %s -o - | FileCheck %s

__global__ void kernel(int, const float *) {}
__device__ float symbol[8];

// CHECK-LABEL: define{{.*}} @memory
extern "C" void memory(float *host, cudaStream_t stream, cudaMemPool_t pool) {
    float *p;
    size_t pitch;
    // CHECK: call{{.*}} @cudaMalloc(
    cudaMalloc(&p, 64);
    // CHECK: call{{.*}} @cudaHostAlloc(
    cudaMallocHost(&p, 64);
    // CHECK: call{{.*}} @cudaHostAlloc({{.*}}, i64 noundef 64, i32 noundef 2)
    cudaHostAlloc(&p, 64, cudaHostAllocMapped);
    // CHECK: call{{.*}} @cudaHostGetDevicePointer(
    cudaHostGetDevicePointer(&p, host, 0);
    // CHECK: call{{.*}} @cudaMallocManaged({{.*}}, i64 noundef 64, i32 noundef 1)
    cudaMallocManaged(&p, 64);
    // CHECK: call{{.*}} @cudaMallocPitch(
    cudaMallocPitch(&p, &pitch, 32, 4);
    // CHECK: call{{.*}} @cudaMallocAsync(
    cudaMallocAsync(&p, 64, stream);
    // CHECK: call{{.*}} @cudaMallocFromPoolAsync(
    cudaMallocAsync(&p, 64, pool, stream);
    // CHECK: call{{.*}} @cudaMemPrefetchAsync(ptr noundef %{{.*}}, i64 noundef 64, i32 noundef -1, ptr noundef null)
    cudaMemPrefetchAsync(p, 64, cudaCpuDeviceId);
    // CHECK: call{{.*}} @cudaMemAdvise(
    cudaMemAdvise(p, 64, cudaMemAdviseSetReadMostly, 0);
    // CHECK: call{{.*}} @cudaMemcpyFromSymbol({{.*}}@symbol, i64 noundef 32, i64 noundef 0, i32 noundef 2)
    cudaMemcpyFromSymbol(host, symbol, sizeof(symbol));
    // CHECK: call{{.*}} @cudaGetSymbolAddress({{.*}}@symbol)
    cudaGetSymbolAddress((void **)&p, symbol);
    // CHECK: call{{.*}} @cudaGetSymbolSize({{.*}}@symbol)
    cudaGetSymbolSize(&pitch, symbol);
    // CHECK: call{{.*}} @cudaMemcpyAsync({{.*}}ptr noundef null)
    cudaMemcpyAsync(p, host, 64, cudaMemcpyHostToDevice);
}

// CHECK-LABEL: define{{.*}} @kernels
extern "C" void kernels(cudaStream_t stream) {
    void *args[2] = {};
    cudaFuncAttributes attributes;
    int blocks, grid, block;
    // CHECK: call{{.*}} @cudaLaunchKernel(
    cudaLaunchKernel(kernel, dim3(1), dim3(32), args, 0, stream);
    // CHECK: call{{.*}} @cudaLaunchCooperativeKernel(
    cudaLaunchCooperativeKernel(kernel, 1, 32, args);
    // CHECK: call{{.*}} @cudaFuncGetAttributes(
    cudaFuncGetAttributes(&attributes, kernel);
    // CHECK: call{{.*}} @cudaFuncSetAttribute({{.*}}, i32 noundef 8, i32 noundef 4096)
    cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, 4096);
    // CHECK: call{{.*}} @cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
    cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, 128, 0);
    // CHECK: call{{.*}} @cudaGetDevice(
    // CHECK: call{{.*}} @cudaFuncGetAttributes(
    cudaOccupancyMaxPotentialBlockSize(&grid, &block, kernel, 0, 0);
    cudaLaunchConfig_t config = {};
    // The float argument is converted to the parameter's type, then passed by address.
    // CHECK: fptosi
    // CHECK: call{{.*}} @cudaLaunchKernelExC(
    cudaLaunchKernelEx(&config, kernel, 2.0f * blocks, (const float *)nullptr);
}

// CHECK-LABEL: define{{.*}} @streams
extern "C" void streams(cudaGraph_t graph) {
    cudaEvent_t event;
    cudaGraphExec_t exec;
    // CHECK: call{{.*}} @cudaEventCreateWithFlags(ptr noundef nonnull %{{.*}}, i32 noundef 2)
    cudaEventCreate(&event, cudaEventDisableTiming);
    // CHECK: call{{.*}} @cudaEventRecord(ptr noundef %{{.*}}, ptr noundef null)
    cudaEventRecord(event);
    // CHECK: call{{.*}} @cudaStreamWaitEvent(ptr noundef null, ptr noundef %{{.*}}, i32 noundef 0)
    cudaStreamWaitEvent(0, event);
    // CHECK: call{{.*}} @cudaGraphInstantiateWithParams(
    cudaGraphInstantiate(&exec, graph, nullptr, nullptr, 0);
}

static_assert(sizeof(cudaCreateChannelDesc<float4>()) == sizeof(cudaChannelFormatDesc), "");
