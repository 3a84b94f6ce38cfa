// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/rows.cu; what there are shuffles is a tree in local memory here.

#define ROW_THREADS 256

// What all work-items of the group combine to, given to all of them.
#define BLOCK_COMBINE(NAME, COMBINE)                                                               \
    float NAME(float value, local float* part) {                                                   \
        int t = get_local_id(0);                                                                   \
        barrier(CLK_LOCAL_MEM_FENCE);                                                              \
        part[t] = value;                                                                           \
        for (int half_size = ROW_THREADS / 2; half_size > 0; half_size /= 2) {                     \
            barrier(CLK_LOCAL_MEM_FENCE);                                                          \
            if (t < half_size) part[t] = COMBINE(part[t], part[t + half_size]);                    \
        }                                                                                          \
        barrier(CLK_LOCAL_MEM_FENCE);                                                              \
        return part[0];                                                                            \
    }
#define ADD(a, b) ((a) + (b))
BLOCK_COMBINE(block_sum, ADD)
BLOCK_COMBINE(block_max, fmax)

kernel void softmax(int columns, global const float* in, global float* out) {
    local float part[ROW_THREADS];
    int t = get_local_id(0);
    global const float* row = in + get_group_id(0) * columns;
    global float* result = out + get_group_id(0) * columns;
    float largest = -INFINITY;
    for (int i = t; i < columns; i += ROW_THREADS)
        largest = fmax(largest, row[i]);
    largest = block_max(largest, part);
    float sum = 0;
    for (int i = t; i < columns; i += ROW_THREADS) {
        float e = exp(row[i] - largest);
        result[i] = e;
        sum += e;
    }
    float scale = 1.0f / block_sum(sum, part);
    for (int i = t; i < columns; i += ROW_THREADS)
        result[i] *= scale;
}

kernel void layernorm(int columns, float epsilon, global const float* in, global const float* gamma,
                      global const float* beta, global float* out) {
    local float part[ROW_THREADS];
    int t = get_local_id(0);
    global const float* row = in + get_group_id(0) * columns;
    global float* result = out + get_group_id(0) * columns;
    float sum = 0;
    for (int i = t; i < columns; i += ROW_THREADS)
        sum += row[i];
    float mean = block_sum(sum, part) / columns;
    sum = 0;
    for (int i = t; i < columns; i += ROW_THREADS) {
        float d = row[i] - mean;
        sum += d * d;
    }
    float scale = rsqrt(block_sum(sum, part) / columns + epsilon);
    for (int i = t; i < columns; i += ROW_THREADS)
        result[i] = (row[i] - mean) * scale * gamma[i] + beta[i];
}
