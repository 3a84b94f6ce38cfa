// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The benchmark kernels in CUDA; ../pocl/kernels.cl has the same ones in OpenCL, operation for
// operation. Fused multiply-adds are written out, so that no compiler's contraction rules can make
// the two compute different things.

#pragma once

// Work-group 256.
__global__ void __launch_bounds__(256) saxpy(int n, float a, const float* x, float* y) {
    int i = blockIdx.x * 256 + threadIdx.x;
    if (i < n) y[i] = fmaf(a, x[i], y[i]);
}

// Work-group 16x16; c = a * b, row-major, n a multiple of 16.
__global__ void __launch_bounds__(256) sgemm(int n, const float* a, const float* b, float* c) {
    __shared__ float tile_a[16][16];
    __shared__ float tile_b[16][16];
    const int tx = threadIdx.x, ty = threadIdx.y;
    const int row = blockIdx.y * 16 + ty, column = blockIdx.x * 16 + tx;
    float sum = 0;
    for (int k0 = 0; k0 < n; k0 += 16) {
        tile_a[ty][tx] = a[row * n + k0 + tx];
        tile_b[ty][tx] = b[(k0 + ty) * n + column];
        __syncthreads();
        for (int k = 0; k < 16; ++k)
            sum = fmaf(tile_a[ty][k], tile_b[k][tx], sum);
        __syncthreads();
    }
    c[row * n + column] = sum;
}

// Work-group 256; accelerations of n bodies (x, y, z, mass), n a multiple of 256.
__global__ void __launch_bounds__(256) nbody(int n, const float4* bodies, float4* accelerations) {
    __shared__ float4 tile[256];
    const int i = blockIdx.x * 256 + threadIdx.x;
    const float4 mine = bodies[i];
    float ax = 0, ay = 0, az = 0;
    for (int first = 0; first < n; first += 256) {
        tile[threadIdx.x] = bodies[first + threadIdx.x];
        __syncthreads();
        for (int j = 0; j < 256; ++j) {
            const float4 other = tile[j];
            const float dx = other.x - mine.x, dy = other.y - mine.y, dz = other.z - mine.z;
            const float distance2 = fmaf(dx, dx, fmaf(dy, dy, fmaf(dz, dz, 0.01f)));
            const float inverse = rsqrtf(distance2);
            const float weight = other.w * inverse * inverse * inverse;
            ax = fmaf(dx, weight, ax);
            ay = fmaf(dy, weight, ay);
            az = fmaf(dz, weight, az);
        }
        __syncthreads();
    }
    accelerations[i] = make_float4(ax, ay, az, 0.0f);
}

// Work-group 32x8; iterations until |z| > 2, at most `limit`, over [-2, 1] x [-1.5, 1.5].
__global__ void __launch_bounds__(256)
    mandelbrot(int size, int limit, float step, int* iterations) {
    const int px = blockIdx.x * 32 + threadIdx.x, py = blockIdx.y * 8 + threadIdx.y;
    const float cx = fmaf((float)px, step, -2.0f), cy = fmaf((float)py, step, -1.5f);
    float x = 0, y = 0;
    int i = 0;
    while (i < limit && fmaf(x, x, y * y) < 4.0f) {
        const float next = fmaf(x, x, fmaf(-y, y, cx));
        y = fmaf(x + x, y, cy);
        x = next;
        ++i;
    }
    iterations[py * size + px] = i;
}

// Work-group 256; one partial sum per group.
__global__ void __launch_bounds__(256)
    reduction(int n, int groups, const float* values, float* sums) {
    __shared__ float partial[256];
    const int local = threadIdx.x;
    float sum = 0;
    for (int i = blockIdx.x * 256 + local; i < n; i += groups * 256)
        sum += values[i];
    partial[local] = sum;
    __syncthreads();
    for (int half = 128; half > 0; half >>= 1) {
        if (local < half) partial[local] += partial[local + half];
        __syncthreads();
    }
    if (local == 0) sums[blockIdx.x] = partial[0];
}

// Work-group 256; `rounds` times 64 dependent-in-fours fused multiply-adds.
__global__ void __launch_bounds__(256) fma_loop(int rounds, float a, float b, float* out) {
    const int i = blockIdx.x * 256 + threadIdx.x;
    float v0 = i, v1 = i + 1, v2 = i + 2, v3 = i + 3;
    for (int round = 0; round < rounds; ++round) {
#pragma unroll
        for (int k = 0; k < 16; ++k) {
            v0 = fmaf(v0, a, b);
            v1 = fmaf(v1, a, b);
            v2 = fmaf(v2, a, b);
            v3 = fmaf(v3, a, b);
        }
    }
    out[i] = v0 + v1 + v2 + v3;
}

__global__ void empty() {}
