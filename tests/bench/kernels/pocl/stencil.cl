// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/stencil.cu.

kernel void stencil2d(int n, float rate, global const float* in, global float* out) {
    int x = get_global_id(0);
    int y = get_global_id(1);
    if (x >= n || y >= n) return;
    int i = y * n + x;
    if (x == 0 || y == 0 || x == n - 1 || y == n - 1)
        out[i] = in[i];
    else
        out[i] = in[i] + rate * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] - 4.0f * in[i]);
}

kernel void stencil3d(int n, float rate, global const float* in, global float* out) {
    int x = get_global_id(0) + 1;
    int y = get_global_id(1) + 1;
    if (x >= n - 1 || y >= n - 1) return;
    int plane = n * n;
    int i = y * n + x;
    float below = in[i], here = in[i + plane];
    for (int z = 1; z < n - 1; ++z) {
        i += plane;
        float above = in[i + plane];
        out[i] = here + rate * (in[i - 1] + in[i + 1] + in[i - n] + in[i + n] + below + above -
                                6.0f * here);
        below = here;
        here = above;
    }
}

kernel void conv3x3(int size, int in_channels, global const float* in, global const float* weights,
                    global float* out) {
    int x = get_global_id(0);
    int y = get_global_id(1);
    int channel = get_group_id(2);
    if (x >= size || y >= size) return;
    int width = size + 2;
    float sum = 0;
    for (int c = 0; c < in_channels; ++c) {
        global const float* image = in + (c * width + y) * width + x;
        global const float* filter = weights + (channel * in_channels + c) * 9;
        for (int dy = 0; dy < 3; ++dy)
            for (int dx = 0; dx < 3; ++dx)
                sum += image[dy * width + dx] * filter[dy * 3 + dx];
    }
    out[(channel * size + y) * size + x] = sum;
}
