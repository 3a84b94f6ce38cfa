// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whole numbers with few significant bits that are beyond half's range become infinity on their way
// through half, whatever the compiler knows of them.
#include "check.h"

#include <cmath>
#include <cuda_fp16.h>

__global__ void run(const unsigned* in, float* out) {
    const unsigned x = in[threadIdx.x];
    float* o = out + 4 * threadIdx.x;
    o[0] = __half2float(__float2half_rn((float)(x << 22)));
    o[1] = __half2float(__uint2half_rn(x << 22));
    o[2] = __half2float(__float2half_rn((float)((unsigned long long)x << 50)));
    o[3] = __half2float(__int2half_rn(-(int)(x << 20)));
}

int main() {
    constexpr int n = 32;
    unsigned in[n];
    for (int i = 0; i < n; ++i)
        in[i] = i;
    unsigned* device_in;
    float *device_out, out[4 * n];
    CUDA_CHECK(cudaMalloc(&device_in, sizeof in));
    CUDA_CHECK(cudaMalloc(&device_out, sizeof out));
    CUDA_CHECK(cudaMemcpy(device_in, in, sizeof in, cudaMemcpyHostToDevice));
    run<<<1, n>>>(device_in, device_out);
    CUDA_CHECK(cudaMemcpy(out, device_out, sizeof out, cudaMemcpyDeviceToHost));
    for (int i = 0; i < n; ++i)
        for (int k = 0; k < 4; ++k) {
            const float want = i == 0 ? 0.0f : k == 3 ? -INFINITY : INFINITY;
            if (out[4 * i + k] != want)
                return printf("%d of %d: %g, not %g\n", k, i, out[4 * i + k], want), 1;
        }
    return 0;
}
