// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/collective.cu; what there are shuffles is a tree in local memory here.

kernel void reduce(int n, global const float* in, global float* sums) {
    local float part[256];
    int t = get_local_id(0);
    float sum = 0;
    for (int i = get_global_id(0); i < n; i += get_global_size(0))
        sum += in[i];
    part[t] = sum;
    for (int half_size = 128; half_size > 0; half_size /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (t < half_size) part[t] += part[t + half_size];
    }
    if (t == 0) sums[get_group_id(0)] = part[0];
}

kernel void scan_blocks(int n, global const int* in, global int* out, global int* sums) {
    local int part[512];
    int t = get_local_id(0), first = get_group_id(0) * 512;
    part[t] = first + t < n ? in[first + t] : 0;
    part[t + 256] = first + t + 256 < n ? in[first + t + 256] : 0;
    int offset = 1;
    for (int active = 256; active > 0; active /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (t < active) part[offset * (2 * t + 2) - 1] += part[offset * (2 * t + 1) - 1];
        offset *= 2;
    }
    if (t == 0) {
        sums[get_group_id(0)] = part[511];
        part[511] = 0;
    }
    for (int active = 1; active < 512; active *= 2) {
        offset /= 2;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (t < active) {
            int left = offset * (2 * t + 1) - 1, right = offset * (2 * t + 2) - 1;
            int value = part[left];
            part[left] = part[right];
            part[right] += value;
        }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (first + t < n) out[first + t] = part[t];
    if (first + t + 256 < n) out[first + t + 256] = part[t + 256];
}

kernel void scan_add(int n, global int* out, global const int* sums) {
    int first = get_group_id(0) * 512 + get_local_id(0);
    int sum = sums[get_group_id(0)];
    if (first < n) out[first] += sum;
    if (first + 256 < n) out[first + 256] += sum;
}

kernel void histogram(int words, global const uint* in, global uint* bins) {
    local uint part[256];
    int t = get_local_id(0);
    part[t] = 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = get_global_id(0); i < words; i += get_global_size(0)) {
        uint word = in[i];
        atomic_inc(&part[word & 255]);
        atomic_inc(&part[word >> 8 & 255]);
        atomic_inc(&part[word >> 16 & 255]);
        atomic_inc(&part[word >> 24]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    atomic_add(&bins[t], part[t]);
}
