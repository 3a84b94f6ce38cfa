// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/blocks.cu.

float2 product(float2 a, float2 b) {
    return (float2)(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

kernel void fft(global const float2* in, global const float2* roots, global float2* out) {
    local float2 data[2][1024];
    int t = get_local_id(0), first = get_group_id(0) * 1024;
    for (int i = t; i < 1024; i += 256)
        data[0][i] = in[first + i];
    int from = 0;
    for (int stride = 1; stride < 1024; stride *= 4) {
        barrier(CLK_LOCAL_MEM_FENCE);
        int q = t % stride, p = t / stride;
        float2 a = data[from][t], b = data[from][t + 256], c = data[from][t + 512],
               d = data[from][t + 768];
        float2 sum_ac = a + c, difference_ac = a - c, sum_bd = b + d, difference_bd = b - d;
        float2 turned = (float2)(difference_bd.y, -difference_bd.x); // times -i
        local float2* to = &data[1 - from][q + 4 * stride * p];
        to[0] = sum_ac + sum_bd;
        to[stride] = product(roots[p * stride], difference_ac + turned);
        to[2 * stride] = product(roots[2 * p * stride], sum_ac - sum_bd);
        to[3 * stride] = product(roots[3 * p * stride], difference_ac - turned);
        from = 1 - from;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = t; i < 1024; i += 256)
        out[first + i] = data[from][i];
}

kernel void bitonic(global const uint* in, global uint* out) {
    local uint part[1024];
    int t = get_local_id(0), first = get_group_id(0) * 1024;
    part[t] = in[first + t];
    part[t + 512] = in[first + t + 512];
    for (int run = 2; run <= 1024; run *= 2) {
        for (int distance = run / 2; distance > 0; distance /= 2) {
            barrier(CLK_LOCAL_MEM_FENCE);
            int i = 2 * t - t % distance, j = i + distance;
            bool up = (i & run) == 0;
            uint a = part[i], b = part[j];
            if ((a > b) == up) {
                part[i] = b;
                part[j] = a;
            }
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    out[first + t] = part[t];
    out[first + t + 512] = part[t + 512];
}

#define SIZE 256

kernel void alignment(int match, int mismatch, int gap, global const char* a, global const char* b,
                      global int* best) {
    local int score[3][SIZE + 1];
    local char letters[SIZE];
    int t = get_local_id(0);
    letters[t] = b[get_group_id(0) * SIZE + t];
    char mine = a[get_group_id(0) * SIZE + t];
    for (int i = 0; i < 3; ++i)
        score[i][t + 1] = 0;
    if (t < 3) score[t][0] = 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    int highest = 0;
    int now = 2, last = 1, before = 0;
    for (int diagonal = 0; diagonal < 2 * SIZE - 1; ++diagonal) {
        int column = diagonal - t;
        if (column >= 0 && column < SIZE) {
            int value = score[before][t] + (mine == letters[column] ? match : mismatch);
            value = max(value, max(score[last][t], score[last][t + 1]) + gap);
            value = max(value, 0);
            score[now][t + 1] = value;
            highest = max(highest, value);
        }
        int oldest = before;
        before = last;
        last = now;
        now = oldest;
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    score[0][t] = highest;
    for (int active = SIZE / 2; active > 0; active /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (t < active) score[0][t] = max(score[0][t], score[0][t + active]);
    }
    if (t == 0) best[get_group_id(0)] = score[0][0];
}
