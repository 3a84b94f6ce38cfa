// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernel of ../acc/attention.cu; what there are shuffles is a tree in local memory here.

#define SIZE 64
#define THREADS 128

kernel void attention(int length, float factor, global const half* q, global const half* k,
                      global const half* v, global half* out) {
    local float query[SIZE];
    local float scores[512];
    local float part[THREADS];
    int t = get_local_id(0);
    int head = get_group_id(1) * length * SIZE;
    int row = head + get_group_id(0) * SIZE;
    if (t < SIZE) query[t] = vload_half(row + t, q) * factor;
    barrier(CLK_LOCAL_MEM_FENCE);

    float largest = -INFINITY;
    for (int j = t; j < length; j += THREADS) {
        global const half* key = k + head + j * SIZE;
        float sum = 0;
        for (int i = 0; i < SIZE / 2; ++i) {
            float2 two = vload_half2(i, key);
            sum += query[2 * i] * two.x + query[2 * i + 1] * two.y;
        }
        scores[j] = sum;
        largest = fmax(largest, sum);
    }
    part[t] = largest;
    for (int active = THREADS / 2; active > 0; active /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (t < active) part[t] = fmax(part[t], part[t + active]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    largest = part[0];
    float sum = 0;
    for (int j = t; j < length; j += THREADS) {
        float e = exp(scores[j] - largest);
        scores[j] = e;
        sum += e;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    part[t] = sum;
    for (int active = THREADS / 2; active > 0; active /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (t < active) part[t] += part[t + active];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    sum = part[0];
    barrier(CLK_LOCAL_MEM_FENCE);

    int i = t % SIZE;
    float result = 0;
    for (int j = t / SIZE; j < length; j += THREADS / SIZE)
        result += scores[j] * vload_half(head + j * SIZE + i, v);
    part[t] = result;
    barrier(CLK_LOCAL_MEM_FENCE);
    if (t < SIZE) vstore_half((part[t] + part[t + SIZE]) / sum, row + t, out);
}
