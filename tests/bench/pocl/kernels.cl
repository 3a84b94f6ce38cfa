// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The benchmark kernels in OpenCL; ../acc/kernels.cuh has the same ones in CUDA, operation for
// operation. The work-group sizes are fixed in the source, which PoCL's compiler uses.

#define GROUP(x, y) __attribute__((reqd_work_group_size(x, y, 1)))

__kernel GROUP(256, 1) void saxpy(int n, float a, __global const float* x, __global float* y) {
    int i = get_group_id(0) * 256 + get_local_id(0);
    if (i < n) y[i] = fma(a, x[i], y[i]);
}

__kernel GROUP(16, 16) void sgemm(int n, __global const float* a, __global const float* b,
                                  __global float* c) {
    __local float tile_a[16][16];
    __local float tile_b[16][16];
    const int tx = get_local_id(0), ty = get_local_id(1);
    const int row = get_group_id(1) * 16 + ty, column = get_group_id(0) * 16 + tx;
    float sum = 0;
    for (int k0 = 0; k0 < n; k0 += 16) {
        tile_a[ty][tx] = a[row * n + k0 + tx];
        tile_b[ty][tx] = b[(k0 + ty) * n + column];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int k = 0; k < 16; ++k)
            sum = fma(tile_a[ty][k], tile_b[k][tx], sum);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    c[row * n + column] = sum;
}

__kernel GROUP(256, 1) void nbody(int n, __global const float4* bodies,
                                  __global float4* accelerations) {
    __local float4 tile[256];
    const int local_id = get_local_id(0);
    const int i = get_group_id(0) * 256 + local_id;
    const float4 mine = bodies[i];
    float ax = 0, ay = 0, az = 0;
    for (int first = 0; first < n; first += 256) {
        tile[local_id] = bodies[first + local_id];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int j = 0; j < 256; ++j) {
            const float4 other = tile[j];
            const float dx = other.x - mine.x, dy = other.y - mine.y, dz = other.z - mine.z;
            const float distance2 = fma(dx, dx, fma(dy, dy, fma(dz, dz, 0.01f)));
            const float inverse = rsqrt(distance2);
            const float weight = other.w * inverse * inverse * inverse;
            ax = fma(dx, weight, ax);
            ay = fma(dy, weight, ay);
            az = fma(dz, weight, az);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    accelerations[i] = (float4)(ax, ay, az, 0.0f);
}

__kernel GROUP(32, 8) void mandelbrot(int size, int limit, float step, __global int* iterations) {
    const int px = get_group_id(0) * 32 + get_local_id(0),
              py = get_group_id(1) * 8 + get_local_id(1);
    const float cx = fma((float)px, step, -2.0f), cy = fma((float)py, step, -1.5f);
    float x = 0, y = 0;
    int i = 0;
    while (i < limit && fma(x, x, y * y) < 4.0f) {
        const float next = fma(x, x, fma(-y, y, cx));
        y = fma(x + x, y, cy);
        x = next;
        ++i;
    }
    iterations[py * size + px] = i;
}

__kernel GROUP(256, 1) void reduction(int n, int groups, __global const float* values,
                                      __global float* sums) {
    __local float partial[256];
    const int local_id = get_local_id(0);
    float sum = 0;
    for (int i = get_group_id(0) * 256 + local_id; i < n; i += groups * 256)
        sum += values[i];
    partial[local_id] = sum;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int half_size = 128; half_size > 0; half_size >>= 1) {
        if (local_id < half_size) partial[local_id] += partial[local_id + half_size];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (local_id == 0) sums[get_group_id(0)] = partial[0];
}

__kernel GROUP(256, 1) void fma_loop(int rounds, float a, float b, __global float* out) {
    const int i = get_group_id(0) * 256 + get_local_id(0);
    float v0 = i, v1 = i + 1, v2 = i + 2, v3 = i + 3;
    for (int round = 0; round < rounds; ++round) {
#pragma unroll
        for (int k = 0; k < 16; ++k) {
            v0 = fma(v0, a, b);
            v1 = fma(v1, a, b);
            v2 = fma(v2, a, b);
            v3 = fma(v3, a, b);
        }
    }
    out[i] = v0 + v1 + v2 + v3;
}

__kernel GROUP(32, 1) void empty() {}
