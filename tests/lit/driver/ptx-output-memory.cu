// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// -ptx keeps asm statements as text; those that read memory are not merged across what writes it,
// those that only compute are.
// REQUIRES: accc, accdevicelib
// RUN: accc -ptx -arch=sm_80 %s -o %t.ptx && FileCheck %s < %t.ptx
#include <mma.h>

using namespace nvcuda;

// CHECK-LABEL: .entry fragments(
// CHECK-COUNT-2: wmma.load.a
// CHECK-NOT: wmma.load.a
// CHECK: wmma.store
extern "C" __global__ void fragments(float* out) {
    __shared__ __half tile[256];
    wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> first, second;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::col_major> ones;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
    wmma::fill_fragment(sum, 0.0f);
    wmma::fill_fragment(ones, __float2half(1.0f));
#pragma unroll
    for (int j = 0; j < 8; j++)
        tile[j * 32 + threadIdx.x] = __float2half(1.0f);
    __syncwarp();
    wmma::load_matrix_sync(first, tile, 16);
    __syncwarp();
#pragma unroll
    for (int j = 0; j < 8; j++)
        tile[j * 32 + threadIdx.x] = __float2half(2.0f);
    __syncwarp();
    wmma::load_matrix_sync(second, tile, 16);
    wmma::mma_sync(sum, first, ones, sum);
    wmma::mma_sync(sum, second, ones, sum);
    wmma::store_matrix_sync(out, sum, 16, wmma::mem_row_major);
}

// CHECK-LABEL: .entry numbers(
// CHECK: brev.b32
// CHECK-NOT: brev.b32
// CHECK: ret;
extern "C" __global__ void numbers(unsigned* out, unsigned x) {
    unsigned a, b;
    asm("brev.b32 %0, %1;" : "=r"(a) : "r"(x));
    asm("brev.b32 %0, %1;" : "=r"(b) : "r"(x));
    *out = a + b;
}
