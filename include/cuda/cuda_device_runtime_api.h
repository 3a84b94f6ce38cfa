// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What device code can call of the runtime: launches of kernels by device code (dynamic
// parallelism), and what goes with them. The device library defines it
// (docs/dynamic-parallelism.md).
#pragma once
#include "cuda_runtime_api.h"

#if defined(__CUDA__) && defined(__clang__)
// As in CUDA 12: the second version of dynamic parallelism, unless a program asks for the first,
// which architectures from 90 on do not have.
#if defined(CUDA_FORCE_CDP1_IF_SUPPORTED)
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ < 900
#define __ACC_CDP1 1
#endif
#else
#define cudaStreamTailLaunch ((cudaStream_t)0x3)
#define cudaStreamFireAndForget ((cudaStream_t)0x4)
#endif
#define cudaStreamGraphTailLaunch ((cudaStream_t)0x0100000000000000)
#define cudaStreamGraphFireAndForget ((cudaStream_t)0x0200000000000000)
#define cudaStreamGraphFireAndForgetAsSibling ((cudaStream_t)0x0300000000000000)

extern "C" {
__device__ void* cudaGetParameterBuffer(size_t alignment, size_t size);
__device__ void* cudaGetParameterBufferV2(void* func, dim3 gridDimension, dim3 blockDimension,
                                          unsigned int sharedMemSize);
__device__ cudaError_t cudaLaunchDevice(void* func, void* parameterBuffer, dim3 gridDimension,
                                        dim3 blockDimension, unsigned int sharedMemSize,
                                        cudaStream_t stream);
__device__ cudaError_t cudaLaunchDeviceV2(void* parameterBuffer, cudaStream_t stream);
__device__ cudaError_t cudaLaunchDevice_ptsz(void* func, void* parameterBuffer, dim3 gridDimension,
                                             dim3 blockDimension, unsigned int sharedMemSize,
                                             cudaStream_t stream);
__device__ cudaError_t cudaLaunchDeviceV2_ptsz(void* parameterBuffer, cudaStream_t stream);
__device__ cudaError_t __cudaDeviceSynchronizeDeprecationAvoidance(void);
#if defined(__ACC_CDP1)
#if !defined(__CDPRT_SUPPRESS_SYNC_DEPRECATION_WARNING)
__attribute__((deprecated("code for architectures from sm_90 on cannot call it on the device")))
#endif
__device__ cudaError_t cudaDeviceSynchronize(void);
#endif

/// Sets the value that conditional nodes of a graph look at. A handle is the value's address.
__device__ static inline void cudaGraphSetConditional(cudaGraphConditionalHandle handle,
                                                      unsigned int value) {
    *(volatile unsigned int*)handle = value;
}

// The others are declared for both sides (acc_impl/runtime_functions.h).
__device__ cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream = 0,
                                                unsigned int flags = 0);
__device__ cudaError_t cudaMemcpy2DAsync(void* dst, size_t dpitch, const void* src, size_t spitch,
                                         size_t width, size_t height, enum cudaMemcpyKind kind,
                                         cudaStream_t stream = 0);
__device__ cudaError_t cudaMemcpy3DAsync(const struct cudaMemcpy3DParms* p,
                                         cudaStream_t stream = 0);
__device__ cudaError_t cudaMemset2DAsync(void* devPtr, size_t pitch, int value, size_t width,
                                         size_t height, cudaStream_t stream = 0);
__device__ cudaError_t cudaMemset3DAsync(struct cudaPitchedPtr pitchedDevPtr, int value,
                                         struct cudaExtent extent, cudaStream_t stream = 0);
__device__ cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
    int* numBlocks, const void* func, int blockSize, size_t dynamicSMemSize, unsigned int flags);
}

template <class T>
__device__ static inline cudaError_t cudaMalloc(T** devPtr, size_t size) {
    return ::cudaMalloc((void**)(void*)devPtr, size);
}
template <class T>
__device__ static inline cudaError_t cudaFuncGetAttributes(struct cudaFuncAttributes* attr,
                                                           T* entry) {
    return ::cudaFuncGetAttributes(attr, (const void*)entry);
}
template <class T>
__device__ static inline cudaError_t
cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* numBlocks, T func, int blockSize,
                                              size_t dynamicSMemSize) {
    return ::cudaOccupancyMaxActiveBlocksPerMultiprocessor(numBlocks, (const void*)func, blockSize,
                                                           dynamicSMemSize);
}
template <class T>
__device__ static inline cudaError_t
cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* numBlocks, T func, int blockSize,
                                                       size_t dynamicSMemSize, unsigned int flags) {
    return ::cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        numBlocks, (const void*)func, blockSize, dynamicSMemSize, flags);
}
#endif
