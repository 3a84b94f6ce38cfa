// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Occupancy without a device: the calculator for properties and a kernel's needs that the caller
// has written down, in plain C and C++. The rules are the chip's (blocks of whole warps; registers
// and shared memory in units); tests/conformance/launch/occupancy_calculator.cu holds them against
// the runtime's answers.
#pragma once
#define CUDA_OCCUPANCY_H_ // programs test this name
#include <limits.h>
#include <stddef.h>

#if defined(__cplusplus)
#define __OCC_INLINE inline
#else
#define __OCC_INLINE inline __attribute__((unused))
#endif

typedef enum cudaOccError_enum {
    CUDA_OCC_SUCCESS = 0,
    CUDA_OCC_ERROR_INVALID_INPUT = 1,
    CUDA_OCC_ERROR_UNKNOWN_DEVICE = 2
} cudaOccError;

typedef enum cudaOccPartitionedGCConfig_enum {
    PARTITIONED_GC_OFF,
    PARTITIONED_GC_ON,
    PARTITIONED_GC_ON_STRICT
} cudaOccPartitionedGCConfig;

typedef enum cudaOccFuncShmemConfig_enum {
    FUNC_SHMEM_LIMIT_DEFAULT,
    FUNC_SHMEM_LIMIT_OPTIN
} cudaOccFuncShmemConfig;

typedef enum cudaOccCacheConfig_enum {
    CACHE_PREFER_NONE = 0,
    CACHE_PREFER_SHARED = 1,
    CACHE_PREFER_L1 = 2,
    CACHE_PREFER_EQUAL = 3
} cudaOccCacheConfig;

typedef enum cudaOccCarveoutConfig_enum {
    SHAREDMEM_CARVEOUT_DEFAULT = -1,
    SHAREDMEM_CARVEOUT_MAX_L1 = 0,
    SHAREDMEM_CARVEOUT_HALF = 50,
    SHAREDMEM_CARVEOUT_MAX_SHARED = 100
} cudaOccCarveoutConfig;

typedef enum cudaOccLimitingFactor_enum {
    OCC_LIMIT_WARPS = 0x01,
    OCC_LIMIT_REGISTERS = 0x02,
    OCC_LIMIT_SHARED_MEMORY = 0x04,
    OCC_LIMIT_BLOCKS = 0x08,
    OCC_LIMIT_BARRIERS = 0x10
} cudaOccLimitingFactor;

/// What the calculator knows of the device; made from a cudaDeviceProp in C++.
typedef struct cudaOccDeviceProp {
    int computeMajor;
    int computeMinor;
    int maxThreadsPerBlock;
    int maxThreadsPerMultiprocessor;
    int regsPerBlock;
    int regsPerMultiprocessor;
    int warpSize;
    size_t sharedMemPerBlock;
    size_t sharedMemPerMultiprocessor;
    int numSms;
    size_t sharedMemPerBlockOptin;
    size_t reservedSharedMemPerBlock;

#if defined(__cplusplus)
    cudaOccDeviceProp()
        : computeMajor(0), computeMinor(0), maxThreadsPerBlock(0), maxThreadsPerMultiprocessor(0),
          regsPerBlock(0), regsPerMultiprocessor(0), warpSize(0), sharedMemPerBlock(0),
          sharedMemPerMultiprocessor(0), numSms(0), sharedMemPerBlockOptin(0),
          reservedSharedMemPerBlock(0) {}
    template <typename Properties>
    cudaOccDeviceProp(const Properties& p)
        : computeMajor(p.major), computeMinor(p.minor), maxThreadsPerBlock(p.maxThreadsPerBlock),
          maxThreadsPerMultiprocessor(p.maxThreadsPerMultiProcessor), regsPerBlock(p.regsPerBlock),
          regsPerMultiprocessor(p.regsPerMultiprocessor), warpSize(p.warpSize),
          sharedMemPerBlock(p.sharedMemPerBlock),
          sharedMemPerMultiprocessor(p.sharedMemPerMultiprocessor), numSms(p.multiProcessorCount),
          sharedMemPerBlockOptin(p.sharedMemPerBlockOptin),
          reservedSharedMemPerBlock(p.reservedSharedMemPerBlock) {}
#endif
} cudaOccDeviceProp;

/// What the calculator knows of the kernel; made from a cudaFuncAttributes in C++.
typedef struct cudaOccFuncAttributes {
    int maxThreadsPerBlock;
    int numRegs;
    size_t sharedSizeBytes;
    cudaOccPartitionedGCConfig partitionedGCConfig;
    cudaOccFuncShmemConfig shmemLimitConfig;
    size_t maxDynamicSharedSizeBytes;
    int numBlockBarriers;

#if defined(__cplusplus)
    cudaOccFuncAttributes()
        : maxThreadsPerBlock(0), numRegs(0), sharedSizeBytes(0),
          partitionedGCConfig(PARTITIONED_GC_OFF), shmemLimitConfig(FUNC_SHMEM_LIMIT_DEFAULT),
          maxDynamicSharedSizeBytes(0), numBlockBarriers(0) {}
    template <typename Attributes>
    cudaOccFuncAttributes(const Attributes& a)
        : maxThreadsPerBlock(a.maxThreadsPerBlock), numRegs(a.numRegs),
          sharedSizeBytes(a.sharedSizeBytes), partitionedGCConfig(PARTITIONED_GC_OFF),
          shmemLimitConfig(FUNC_SHMEM_LIMIT_OPTIN),
          maxDynamicSharedSizeBytes(size_t(a.maxDynamicSharedSizeBytes)), numBlockBarriers(1) {}
#endif
} cudaOccFuncAttributes;

typedef struct cudaOccDeviceState {
    cudaOccCacheConfig cacheConfig;
    int carveoutConfig;

#if defined(__cplusplus)
    cudaOccDeviceState()
        : cacheConfig(CACHE_PREFER_NONE), carveoutConfig(SHAREDMEM_CARVEOUT_DEFAULT) {}
#endif
} cudaOccDeviceState;

typedef struct cudaOccResult {
    int activeBlocksPerMultiprocessor;
    unsigned int limitingFactors;
    int blockLimitRegs;
    int blockLimitSharedMem;
    int blockLimitWarps;
    int blockLimitBlocks;
    int blockLimitBarriers;
    int allocatedRegistersPerBlock;
    size_t allocatedSharedMemPerBlock;
    cudaOccPartitionedGCConfig partitionedGCConfig;
} cudaOccResult;

enum {
    __acc_occ_blocks = 32,         // on one multiprocessor
    __acc_occ_registers = 8,       // a thread's registers come in this unit
    __acc_occ_shared = 128,        // a block's shared memory, too
    __acc_occ_static_rounding = 16 // dynamic shared memory starts on a multiple of this
};

static __OCC_INLINE size_t __acc_occ_round(size_t value, size_t unit) {
    return (value + unit - 1) / unit * unit;
}

/// The dynamic shared memory that a block of the kernel may have.
static __OCC_INLINE size_t __acc_occ_dynamic_limit(const cudaOccDeviceProp* device,
                                                   const cudaOccFuncAttributes* kernel) {
    size_t block = device->sharedMemPerBlock;
    if (kernel->shmemLimitConfig == FUNC_SHMEM_LIMIT_OPTIN) {
        if (kernel->maxDynamicSharedSizeBytes + kernel->sharedSizeBytes > block)
            block = kernel->maxDynamicSharedSizeBytes + kernel->sharedSizeBytes;
        if (block > device->sharedMemPerBlockOptin) block = device->sharedMemPerBlockOptin;
    }
    return block > kernel->sharedSizeBytes ? block - kernel->sharedSizeBytes : 0;
}

static __OCC_INLINE int __acc_occ_valid(const cudaOccDeviceProp* device,
                                        const cudaOccFuncAttributes* kernel,
                                        const cudaOccDeviceState* state) {
    return device && kernel && state && device->warpSize > 0 && device->maxThreadsPerBlock > 0 &&
           device->maxThreadsPerMultiprocessor > 0 && device->regsPerMultiprocessor > 0 &&
           kernel->maxThreadsPerBlock > 0 && kernel->numRegs >= 0;
}

static __OCC_INLINE cudaOccError cudaOccMaxActiveBlocksPerMultiprocessor(
    cudaOccResult* result, const cudaOccDeviceProp* properties,
    const cudaOccFuncAttributes* attributes, const cudaOccDeviceState* state, int blockSize,
    size_t dynamicSmemSize) {
    int warps, limit, registers, least;
    size_t shared;
    if (!result || !__acc_occ_valid(properties, attributes, state) || blockSize <= 0)
        return CUDA_OCC_ERROR_INVALID_INPUT;

    warps = (blockSize + properties->warpSize - 1) / properties->warpSize;
    result->blockLimitBlocks = __acc_occ_blocks;
    result->blockLimitBarriers = INT_MAX;
    result->partitionedGCConfig = PARTITIONED_GC_OFF;

    limit = properties->maxThreadsPerMultiprocessor / (warps * properties->warpSize);
    if (blockSize > properties->maxThreadsPerBlock || blockSize > attributes->maxThreadsPerBlock)
        limit = 0;
    result->blockLimitWarps = limit;

    registers = warps * properties->warpSize *
                (int)__acc_occ_round((size_t)attributes->numRegs, __acc_occ_registers);
    result->allocatedRegistersPerBlock = registers;
    if (registers == 0)
        result->blockLimitRegs = INT_MAX;
    else
        result->blockLimitRegs = properties->regsPerMultiprocessor / registers;

    shared = attributes->sharedSizeBytes;
    if (dynamicSmemSize != 0)
        shared = __acc_occ_round(shared, __acc_occ_static_rounding) + dynamicSmemSize;
    shared = __acc_occ_round(shared, __acc_occ_shared);
    result->allocatedSharedMemPerBlock = shared;
    if (shared == 0)
        result->blockLimitSharedMem = INT_MAX;
    else if (dynamicSmemSize > __acc_occ_dynamic_limit(properties, attributes))
        result->blockLimitSharedMem = 0;
    else
        result->blockLimitSharedMem = (int)(properties->sharedMemPerMultiprocessor / shared);

    least = result->blockLimitBlocks;
    if (result->blockLimitWarps < least) least = result->blockLimitWarps;
    if (result->blockLimitRegs < least) least = result->blockLimitRegs;
    if (result->blockLimitSharedMem < least) least = result->blockLimitSharedMem;
    result->activeBlocksPerMultiprocessor = least;
    result->limitingFactors = 0;
    if (result->blockLimitWarps == least) result->limitingFactors |= OCC_LIMIT_WARPS;
    if (result->blockLimitRegs == least) result->limitingFactors |= OCC_LIMIT_REGISTERS;
    if (result->blockLimitSharedMem == least) result->limitingFactors |= OCC_LIMIT_SHARED_MEMORY;
    if (result->blockLimitBlocks == least) result->limitingFactors |= OCC_LIMIT_BLOCKS;
    return CUDA_OCC_SUCCESS;
}

/// The block size with the most threads on a multiprocessor, the larger of equals.
static __OCC_INLINE cudaOccError cudaOccMaxPotentialOccupancyBlockSize(
    int* minGridSize, int* blockSize, const cudaOccDeviceProp* properties,
    const cudaOccFuncAttributes* attributes, const cudaOccDeviceState* state,
    size_t (*blockSizeToDynamicSMemSize)(int), size_t dynamicSMemSize) {
    int size, most, best = 0;
    if (!minGridSize || !blockSize || !__acc_occ_valid(properties, attributes, state))
        return CUDA_OCC_ERROR_INVALID_INPUT;
    *minGridSize = *blockSize = 0;
    most = properties->maxThreadsPerBlock < attributes->maxThreadsPerBlock
               ? properties->maxThreadsPerBlock
               : attributes->maxThreadsPerBlock;
    for (size = (int)__acc_occ_round((size_t)most, (size_t)properties->warpSize); size > 0;
         size -= properties->warpSize) {
        cudaOccResult result;
        const int threads = size < most ? size : most;
        const size_t bytes = blockSizeToDynamicSMemSize ? blockSizeToDynamicSMemSize(threads)
                                                        : dynamicSMemSize;
        cudaOccError error = cudaOccMaxActiveBlocksPerMultiprocessor(
            &result, properties, attributes, state, threads, bytes);
        if (error != CUDA_OCC_SUCCESS) return error;
        if (result.activeBlocksPerMultiprocessor * threads <= best) continue;
        best = result.activeBlocksPerMultiprocessor * threads;
        *blockSize = threads;
        *minGridSize = result.activeBlocksPerMultiprocessor * properties->numSms;
        if (best >= properties->maxThreadsPerMultiprocessor) break;
    }
    return CUDA_OCC_SUCCESS;
}

/// The most dynamic shared memory with which numBlocks blocks fit.
static __OCC_INLINE cudaOccError
cudaOccAvailableDynamicSMemPerBlock(size_t* dynamicSmemSize, const cudaOccDeviceProp* properties,
                                    const cudaOccFuncAttributes* attributes,
                                    const cudaOccDeviceState* state, int numBlocks, int blockSize) {
    cudaOccResult result;
    size_t each, fixed, most;
    cudaOccError error;
    if (!dynamicSmemSize || numBlocks <= 0) return CUDA_OCC_ERROR_INVALID_INPUT;
    error = cudaOccMaxActiveBlocksPerMultiprocessor(&result, properties, attributes, state,
                                                    blockSize, 0);
    if (error != CUDA_OCC_SUCCESS) return error;
    if (result.activeBlocksPerMultiprocessor < numBlocks) return CUDA_OCC_ERROR_INVALID_INPUT;
    each = properties->sharedMemPerMultiprocessor / (size_t)numBlocks / __acc_occ_shared *
           __acc_occ_shared;
    fixed = __acc_occ_round(attributes->sharedSizeBytes, __acc_occ_static_rounding);
    most = __acc_occ_dynamic_limit(properties, attributes);
    *dynamicSmemSize = each > fixed ? each - fixed : 0;
    if (*dynamicSmemSize > most) *dynamicSmemSize = most;
    return CUDA_OCC_SUCCESS;
}

#if defined(__cplusplus)
static inline cudaOccError
cudaOccMaxPotentialOccupancyBlockSize(int* minGridSize, int* blockSize,
                                      const cudaOccDeviceProp* properties,
                                      const cudaOccFuncAttributes* attributes,
                                      const cudaOccDeviceState* state, size_t dynamicSMemSize = 0) {
    return cudaOccMaxPotentialOccupancyBlockSize(minGridSize, blockSize, properties, attributes,
                                                 state, 0, dynamicSMemSize);
}
#endif
