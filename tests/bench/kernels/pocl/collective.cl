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
