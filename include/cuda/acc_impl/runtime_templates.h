// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Typed overloads of the runtime API. Each forwards to the C function of the same name; errors and
// units are those of the C function. Included by cuda_runtime.h only.
#pragma once

template <class T>
static inline cudaError_t cudaMalloc(T** devPtr, size_t size) {
    return ::cudaMalloc((void**)(void*)devPtr, size);
}
template <class T>
static inline cudaError_t cudaMallocHost(T** ptr, size_t size, unsigned int flags = 0) {
    return ::cudaHostAlloc((void**)(void*)ptr, size, flags);
}
static inline cudaError_t cudaMallocHost(void** ptr, size_t size, unsigned int flags) {
    return ::cudaHostAlloc(ptr, size, flags);
}
template <class T>
static inline cudaError_t cudaHostAlloc(T** ptr, size_t size, unsigned int flags) {
    return ::cudaHostAlloc((void**)(void*)ptr, size, flags);
}
template <class T>
static inline cudaError_t cudaHostGetDevicePointer(T** pDevice, void* pHost, unsigned int flags) {
    return ::cudaHostGetDevicePointer((void**)(void*)pDevice, pHost, flags);
}
template <class T>
static inline cudaError_t cudaMallocManaged(T** devPtr, size_t size,
                                            unsigned int flags = cudaMemAttachGlobal) {
    return ::cudaMallocManaged((void**)(void*)devPtr, size, flags);
}
template <class T>
static inline cudaError_t cudaMallocPitch(T** devPtr, size_t* pitch, size_t width, size_t height) {
    return ::cudaMallocPitch((void**)(void*)devPtr, pitch, width, height);
}
template <class T>
static inline cudaError_t cudaMallocAsync(T** ptr, size_t size, cudaStream_t stream) {
    return ::cudaMallocAsync((void**)(void*)ptr, size, stream);
}
static inline cudaError_t cudaMallocAsync(void** ptr, size_t size, cudaMemPool_t pool,
                                          cudaStream_t stream) {
    return ::cudaMallocFromPoolAsync(ptr, size, pool, stream);
}
template <class T>
static inline cudaError_t cudaMallocAsync(T** ptr, size_t size, cudaMemPool_t pool,
                                          cudaStream_t stream) {
    return ::cudaMallocFromPoolAsync((void**)(void*)ptr, size, pool, stream);
}
template <class T>
static inline cudaError_t cudaMallocFromPoolAsync(T** ptr, size_t size, cudaMemPool_t pool,
                                                  cudaStream_t stream) {
    return ::cudaMallocFromPoolAsync((void**)(void*)ptr, size, pool, stream);
}
template <class T>
static inline cudaError_t cudaStreamAttachMemAsync(cudaStream_t stream, T* devPtr,
                                                   size_t length = 0,
                                                   unsigned int flags = cudaMemAttachSingle) {
    return ::cudaStreamAttachMemAsync(stream, (void*)devPtr, length, flags);
}
// The forms that became the default in CUDA 13, so that newer sources compile too.
static inline cudaError_t cudaMemPrefetchAsync(const void* devPtr, size_t count,
                                               cudaMemLocation location, unsigned int flags,
                                               cudaStream_t stream = 0) {
    return ::cudaMemPrefetchAsync_v2(devPtr, count, location, flags, stream);
}
static inline cudaError_t cudaMemAdvise(const void* devPtr, size_t count,
                                        enum cudaMemoryAdvise advice, cudaMemLocation location) {
    return ::cudaMemAdvise_v2(devPtr, count, advice, location);
}
static inline cudaError_t cudaEventCreate(cudaEvent_t* event, unsigned int flags) {
    return ::cudaEventCreateWithFlags(event, flags);
}

// Symbols: a __device__ or __constant__ variable is named by a reference to its host shadow.
template <class T>
static inline cudaError_t cudaMemcpyToSymbol(const T& symbol, const void* src, size_t count,
                                             size_t offset = 0,
                                             enum cudaMemcpyKind kind = cudaMemcpyHostToDevice) {
    return ::cudaMemcpyToSymbol((const void*)&symbol, src, count, offset, kind);
}
template <class T>
static inline cudaError_t cudaMemcpyToSymbolAsync(const T& symbol, const void* src, size_t count,
                                                  size_t offset = 0,
                                                  enum cudaMemcpyKind kind = cudaMemcpyHostToDevice,
                                                  cudaStream_t stream = 0) {
    return ::cudaMemcpyToSymbolAsync((const void*)&symbol, src, count, offset, kind, stream);
}
template <class T>
static inline cudaError_t cudaMemcpyFromSymbol(void* dst, const T& symbol, size_t count,
                                               size_t offset = 0,
                                               enum cudaMemcpyKind kind = cudaMemcpyDeviceToHost) {
    return ::cudaMemcpyFromSymbol(dst, (const void*)&symbol, count, offset, kind);
}
template <class T>
static inline cudaError_t
cudaMemcpyFromSymbolAsync(void* dst, const T& symbol, size_t count, size_t offset = 0,
                          enum cudaMemcpyKind kind = cudaMemcpyDeviceToHost,
                          cudaStream_t stream = 0) {
    return ::cudaMemcpyFromSymbolAsync(dst, (const void*)&symbol, count, offset, kind, stream);
}
template <class T>
static inline cudaError_t cudaGetSymbolAddress(void** devPtr, const T& symbol) {
    return ::cudaGetSymbolAddress(devPtr, (const void*)&symbol);
}
template <class T>
static inline cudaError_t cudaGetSymbolSize(size_t* size, const T& symbol) {
    return ::cudaGetSymbolSize(size, (const void*)&symbol);
}

// Kernels: a __global__ function is named by the address of its host stub.
template <class T>
static inline cudaError_t cudaLaunchKernel(T* func, dim3 gridDim, dim3 blockDim, void** args,
                                           size_t sharedMem = 0, cudaStream_t stream = 0) {
    return ::cudaLaunchKernel((const void*)func, gridDim, blockDim, args, sharedMem, stream);
}
template <class T>
static inline cudaError_t cudaLaunchCooperativeKernel(T* func, dim3 gridDim, dim3 blockDim,
                                                      void** args, size_t sharedMem = 0,
                                                      cudaStream_t stream = 0) {
    return ::cudaLaunchCooperativeKernel((const void*)func, gridDim, blockDim, args, sharedMem,
                                         stream);
}
template <class T>
static inline cudaError_t cudaFuncSetCacheConfig(T* func, enum cudaFuncCache cacheConfig) {
    return ::cudaFuncSetCacheConfig((const void*)func, cacheConfig);
}
template <class T>
static inline cudaError_t cudaFuncSetSharedMemConfig(T* func, enum cudaSharedMemConfig config) {
    return ::cudaFuncSetSharedMemConfig((const void*)func, config);
}
template <class T>
static inline cudaError_t cudaFuncGetAttributes(struct cudaFuncAttributes* attr, T* entry) {
    return ::cudaFuncGetAttributes(attr, (const void*)entry);
}
template <class T>
static inline cudaError_t cudaFuncSetAttribute(T* func, enum cudaFuncAttribute attr, int value) {
    return ::cudaFuncSetAttribute((const void*)func, attr, value);
}
template <class T>
static inline cudaError_t cudaFuncGetName(const char** name, T* func) {
    return ::cudaFuncGetName(name, (const void*)func);
}
template <class T>
static inline cudaError_t cudaGetFuncBySymbol(cudaFunction_t* function, T* func) {
    return ::cudaGetFuncBySymbol(function, (const void*)func);
}
template <class T>
static inline cudaError_t cudaGetKernel(cudaKernel_t* kernel, T* func) {
    return ::cudaGetKernel(kernel, (const void*)func);
}

#if defined(__CUDACC__) && __cplusplus >= 201103L
/// Launch with attributes and typed arguments: the arguments are converted to the kernel's
/// parameter types first.
template <class... Params, class... Args>
static inline cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config,
                                             void (*kernel)(Params...), Args&&... args) {
    return [&](Params... converted) {
        void* pointers[sizeof...(Params) + 1] = {(void*)&converted..., nullptr};
        return ::cudaLaunchKernelExC(config, (const void*)kernel, pointers);
    }(std::forward<Args>(args)...);
}
#endif

// Occupancy.
template <class T>
static inline cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* numBlocks, T func,
                                                                        int blockSize,
                                                                        size_t dynamicSMemSize) {
    return ::cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        numBlocks, (const void*)func, blockSize, dynamicSMemSize, cudaOccupancyDefault);
}
template <class T>
static inline cudaError_t
cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* numBlocks, T func, int blockSize,
                                                       size_t dynamicSMemSize, unsigned int flags) {
    return ::cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        numBlocks, (const void*)func, blockSize, dynamicSMemSize, flags);
}
template <class T>
static inline cudaError_t cudaOccupancyAvailableDynamicSMemPerBlock(size_t* dynamicSmemSize,
                                                                    T* func, int numBlocks,
                                                                    int blockSize) {
    return ::cudaOccupancyAvailableDynamicSMemPerBlock(dynamicSmemSize, (const void*)func,
                                                       numBlocks, blockSize);
}
template <class T>
static inline cudaError_t cudaOccupancyMaxPotentialClusterSize(int* clusterSize, T* func,
                                                               const cudaLaunchConfig_t* config) {
    return ::cudaOccupancyMaxPotentialClusterSize(clusterSize, (const void*)func, config);
}
template <class T>
static inline cudaError_t cudaOccupancyMaxActiveClusters(int* numClusters, T* func,
                                                         const cudaLaunchConfig_t* config) {
    return ::cudaOccupancyMaxActiveClusters(numClusters, (const void*)func, config);
}

/// Block size that gives the most resident threads, and the smallest grid that fills the device
/// with such blocks, where a block of n threads needs `blockSizeToDynamicSMemSize(n)` bytes of
/// dynamic shared memory. Tries every multiple of the warp size up to the limits of device, kernel
/// and `blockSizeLimit` (0: no limit), largest first.
template <class SharedBytes, class T>
static inline cudaError_t cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(
    int* minGridSize, int* blockSize, T func, SharedBytes blockSizeToDynamicSMemSize,
    int blockSizeLimit = 0, unsigned int flags = 0) {
    if (!minGridSize || !blockSize || !func) return cudaErrorInvalidValue;
    int device, processors, maxResident, warp, limit;
    struct cudaFuncAttributes attr;
    cudaError_t status = ::cudaGetDevice(&device);
    if (status == cudaSuccess)
        status = ::cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
    if (status == cudaSuccess)
        status = ::cudaDeviceGetAttribute(&maxResident, cudaDevAttrMaxThreadsPerMultiProcessor,
                                          device);
    if (status == cudaSuccess)
        status = ::cudaDeviceGetAttribute(&warp, cudaDevAttrWarpSize, device);
    if (status == cudaSuccess)
        status = ::cudaDeviceGetAttribute(&limit, cudaDevAttrMaxThreadsPerBlock, device);
    if (status == cudaSuccess) status = ::cudaFuncGetAttributes(&attr, (const void*)func);
    if (status != cudaSuccess) return status;
    if (attr.maxThreadsPerBlock < limit) limit = attr.maxThreadsPerBlock;
    if (blockSizeLimit > 0 && blockSizeLimit < limit) limit = blockSizeLimit;
    int best = 0;
    for (int aligned = (limit + warp - 1) / warp * warp; aligned > 0 && best < maxResident;
         aligned -= warp) {
        const int size = aligned < limit ? aligned : limit;
        int blocks = 0;
        status = ::cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
            &blocks, (const void*)func, size, blockSizeToDynamicSMemSize(size), flags);
        if (status != cudaSuccess) return status;
        if (size * blocks > best) {
            best = size * blocks;
            *blockSize = size;
            *minGridSize = blocks * processors;
        }
    }
    return cudaSuccess;
}
template <class SharedBytes, class T>
static inline cudaError_t
cudaOccupancyMaxPotentialBlockSizeVariableSMem(int* minGridSize, int* blockSize, T func,
                                               SharedBytes blockSizeToDynamicSMemSize,
                                               int blockSizeLimit = 0) {
    return cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(
        minGridSize, blockSize, func, blockSizeToDynamicSMemSize, blockSizeLimit);
}

namespace __acc_occupancy {
struct FixedSharedBytes {
    size_t bytes;
    size_t operator()(int) const { return bytes; }
};
} // namespace __acc_occupancy

template <class T>
static inline cudaError_t
cudaOccupancyMaxPotentialBlockSizeWithFlags(int* minGridSize, int* blockSize, T func,
                                            size_t dynamicSMemSize = 0, int blockSizeLimit = 0,
                                            unsigned int flags = 0) {
    __acc_occupancy::FixedSharedBytes fixed = {dynamicSMemSize};
    return cudaOccupancyMaxPotentialBlockSizeVariableSMemWithFlags(minGridSize, blockSize, func,
                                                                   fixed, blockSizeLimit, flags);
}
template <class T>
static inline cudaError_t cudaOccupancyMaxPotentialBlockSize(int* minGridSize, int* blockSize,
                                                             T func, size_t dynamicSMemSize = 0,
                                                             int blockSizeLimit = 0) {
    return cudaOccupancyMaxPotentialBlockSizeWithFlags(
        minGridSize, blockSize, func, dynamicSMemSize, blockSizeLimit, cudaOccupancyDefault);
}

// Graphs. The form of CUDA 11:
static inline cudaError_t cudaGraphInstantiate(cudaGraphExec_t* graphExec, cudaGraph_t graph,
                                               cudaGraphNode_t* errorNode, char* logBuffer,
                                               size_t bufferSize) {
    cudaGraphInstantiateParams params = cudaGraphInstantiateParams();
    const cudaError_t status = ::cudaGraphInstantiateWithParams(graphExec, graph, &params);
    if (errorNode) *errorNode = params.errNode_out;
    if (logBuffer && bufferSize) logBuffer[0] = 0;
    return status;
}
static inline cudaError_t cudaGraphExecUpdate(cudaGraphExec_t exec, cudaGraph_t graph,
                                              cudaGraphNode_t* errorNode,
                                              enum cudaGraphExecUpdateResult* result) {
    cudaGraphExecUpdateResultInfo info = cudaGraphExecUpdateResultInfo();
    cudaError_t status = ::cudaGraphExecUpdate(exec, graph, &info);
    if (errorNode) *errorNode = info.errorNode;
    if (result) *result = info.result;
    return status;
}
template <class T>
static inline cudaError_t cudaGraphAddMemcpyNodeToSymbol(cudaGraphNode_t* node, cudaGraph_t graph,
                                                         const cudaGraphNode_t* deps, size_t count,
                                                         const T& symbol, const void* src,
                                                         size_t bytes, size_t offset,
                                                         enum cudaMemcpyKind kind) {
    return ::cudaGraphAddMemcpyNodeToSymbol(node, graph, deps, count, (const void*)&symbol, src,
                                            bytes, offset, kind);
}
template <class T>
static inline cudaError_t cudaGraphAddMemcpyNodeFromSymbol(cudaGraphNode_t* node, cudaGraph_t graph,
                                                           const cudaGraphNode_t* deps,
                                                           size_t count, void* dst, const T& symbol,
                                                           size_t bytes, size_t offset,
                                                           enum cudaMemcpyKind kind) {
    return ::cudaGraphAddMemcpyNodeFromSymbol(node, graph, deps, count, dst, (const void*)&symbol,
                                              bytes, offset, kind);
}
template <class T>
static inline cudaError_t
cudaGraphMemcpyNodeSetParamsToSymbol(cudaGraphNode_t node, const T& symbol, const void* src,
                                     size_t bytes, size_t offset, enum cudaMemcpyKind kind) {
    return ::cudaGraphMemcpyNodeSetParamsToSymbol(node, (const void*)&symbol, src, bytes, offset,
                                                  kind);
}
template <class T>
static inline cudaError_t
cudaGraphMemcpyNodeSetParamsFromSymbol(cudaGraphNode_t node, void* dst, const T& symbol,
                                       size_t bytes, size_t offset, enum cudaMemcpyKind kind) {
    return ::cudaGraphMemcpyNodeSetParamsFromSymbol(node, dst, (const void*)&symbol, bytes, offset,
                                                    kind);
}
template <class T>
static inline cudaError_t
cudaGraphExecMemcpyNodeSetParamsToSymbol(cudaGraphExec_t exec, cudaGraphNode_t node,
                                         const T& symbol, const void* src, size_t bytes,
                                         size_t offset, enum cudaMemcpyKind kind) {
    return ::cudaGraphExecMemcpyNodeSetParamsToSymbol(exec, node, (const void*)&symbol, src, bytes,
                                                      offset, kind);
}
template <class T>
static inline cudaError_t
cudaGraphExecMemcpyNodeSetParamsFromSymbol(cudaGraphExec_t exec, cudaGraphNode_t node, void* dst,
                                           const T& symbol, size_t bytes, size_t offset,
                                           enum cudaMemcpyKind kind) {
    return ::cudaGraphExecMemcpyNodeSetParamsFromSymbol(exec, node, dst, (const void*)&symbol,
                                                        bytes, offset, kind);
}

// The forms with edge data, which are the only ones in CUDA 13.
static inline cudaError_t cudaGraphGetEdges(cudaGraph_t graph, cudaGraphNode_t* from,
                                            cudaGraphNode_t* to, cudaGraphEdgeData* edgeData,
                                            size_t* numEdges) {
    return ::cudaGraphGetEdges_v2(graph, from, to, edgeData, numEdges);
}
static inline cudaError_t cudaGraphNodeGetDependencies(cudaGraphNode_t node, cudaGraphNode_t* nodes,
                                                       cudaGraphEdgeData* edgeData, size_t* count) {
    return ::cudaGraphNodeGetDependencies_v2(node, nodes, edgeData, count);
}
static inline cudaError_t cudaGraphNodeGetDependentNodes(cudaGraphNode_t node,
                                                         cudaGraphNode_t* nodes,
                                                         cudaGraphEdgeData* edgeData,
                                                         size_t* count) {
    return ::cudaGraphNodeGetDependentNodes_v2(node, nodes, edgeData, count);
}
static inline cudaError_t cudaGraphAddDependencies(cudaGraph_t graph, const cudaGraphNode_t* from,
                                                   const cudaGraphNode_t* to,
                                                   const cudaGraphEdgeData* edgeData,
                                                   size_t count) {
    return ::cudaGraphAddDependencies_v2(graph, from, to, edgeData, count);
}
static inline cudaError_t cudaGraphRemoveDependencies(cudaGraph_t graph,
                                                      const cudaGraphNode_t* from,
                                                      const cudaGraphNode_t* to,
                                                      const cudaGraphEdgeData* edgeData,
                                                      size_t count) {
    return ::cudaGraphRemoveDependencies_v2(graph, from, to, edgeData, count);
}
static inline cudaError_t cudaGraphAddNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                           const cudaGraphNode_t* deps,
                                           const cudaGraphEdgeData* edgeData, size_t count,
                                           struct cudaGraphNodeParams* params) {
    return ::cudaGraphAddNode_v2(node, graph, deps, edgeData, count, params);
}
static inline cudaError_t
cudaStreamGetCaptureInfo(cudaStream_t stream, enum cudaStreamCaptureStatus* status,
                         unsigned long long* id, cudaGraph_t* graph, const cudaGraphNode_t** deps,
                         const cudaGraphEdgeData** edgeData, size_t* count) {
    return ::cudaStreamGetCaptureInfo_v3(stream, status, id, graph, deps, edgeData, count);
}
static inline cudaError_t cudaStreamUpdateCaptureDependencies(cudaStream_t stream,
                                                              cudaGraphNode_t* deps,
                                                              const cudaGraphEdgeData* edgeData,
                                                              size_t count,
                                                              unsigned int flags = 0) {
    return ::cudaStreamUpdateCaptureDependencies_v2(stream, deps, edgeData, count, flags);
}
