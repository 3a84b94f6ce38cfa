// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C interface of the asynchronous copy pipeline: copies of 4, 8 or 16 bytes from global to
// shared memory. The copy is done at once by the calling thread, which the interface allows; commit
// and wait then have nothing left to do.
#pragma once
#include "cuda_runtime.h"

#if defined(__CUDACC__)
/// The first size - zfill bytes come from `from`, the rest are zero.
static __device__ __forceinline__ void __pipeline_memcpy_async(void* __restrict__ to,
                                                               const void* __restrict__ from,
                                                               size_t size, size_t zfill = 0) {
    if (zfill == 0 && size == 16) {
        *(uint4*)to = *(const uint4*)from;
    } else if (zfill == 0 && size == 8) {
        *(uint2*)to = *(const uint2*)from;
    } else if (zfill == 0 && size == 4) {
        *(unsigned*)to = *(const unsigned*)from;
    } else {
        for (size_t i = 0; i < size; ++i)
            ((unsigned char*)to)[i] = i < size - zfill ? ((const unsigned char*)from)[i] : 0;
    }
}
static __device__ __forceinline__ void __pipeline_commit() {}
static __device__ __forceinline__ void __pipeline_wait_prior(size_t) {}
#endif
