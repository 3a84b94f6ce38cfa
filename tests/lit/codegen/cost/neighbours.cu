// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Stencils, images, matrices by neighbours: two or three dimensions, bounds on all sides.
// Inputs/cost.py says what the limits mean.
// REQUIRES: accc, accdevicelib, accc-objdump
// RUN: accc -arch=sm_80 -cubin -Xptxas -v %s -o %t.cubin 2> %t.resources
// RUN: accc-objdump -d %t.cubin > %t.listing
// RUN: /usr/bin/python3 %S/Inputs/cost.py %s %t.listing %t.resources

// Both bounds are one predicate, the three loads have one index and offsets.
// COST: 20 instructions, 11 registers
extern "C" __global__ void stencil1d(const float* in, float* out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i > 0 && i < n - 1)
    out[i] = 0.25f * in[i - 1] + 0.5f * in[i] + 0.25f * in[i + 1];
}

// Four bounds are one predicate; of four loads two have one index, two a product of their own.
// COST: 35 instructions, 14 registers
extern "C" __global__ void stencil2d(const float* in, float* out, int w, int h) {
  int x = blockIdx.x * blockDim.x + threadIdx.x;
  int y = blockIdx.y * blockDim.y + threadIdx.y;
  if (x > 0 && x < w - 1 && y > 0 && y < h - 1)
    out[y * w + x] = 0.25f * (in[y * w + x - 1] + in[y * w + x + 1] + in[(y - 1) * w + x] + in[(y + 1) * w + x]);
}

// Seven loads with an index each, since sums of words may wrap; the indices of a second plane are additions to the
// first one.
// COST: 126 instructions, 34 registers, 25.50 per st.global.b32
extern "C" __global__ void stencil3d(const float* in, float* out, int nx, int ny, int nz, float c0, float c1) {
  int i = blockIdx.x * blockDim.x + threadIdx.x + 1;
  int j = blockIdx.y * blockDim.y + threadIdx.y + 1;
  if (i < nx - 1 && j < ny - 1) {
    for (int k = 1; k < nz - 1; ++k)
      out[i + nx * (j + ny * k)] =
          c1 * (in[i + nx * (j + ny * (k + 1))] + in[i + nx * (j + ny * (k - 1))] + in[i + nx * (j + 1 + ny * k)] +
                in[i + nx * (j - 1 + ny * k)] + in[i + 1 + nx * (j + ny * k)] + in[i - 1 + nx * (j + ny * k)]) -
          c0 * in[i + nx * (j + ny * k)];
  }
}

// Marching along z with the values in registers, offsets as in finite-difference codes.
// A load, three for the work (two when fused), a store, two pointers.
// COST: 102 instructions, 40 registers, 7.00 per st.global.b32
extern "C" __global__ void stencil_march(const float* in, float* out, size_t pitch, size_t slice, int nz) {
  size_t base = (blockIdx.y * blockDim.y + threadIdx.y) * pitch + blockIdx.x * blockDim.x + threadIdx.x;
  float below = in[base], here = in[base + slice];
  for (int z = 1; z < nz - 1; ++z) {
    float above = in[base + (z + 1) * slice];
    out[base + z * slice] = below - 2.0f * here + above;
    below = here;
    here = above;
  }
}

__constant__ float kernel_weights[25];
// 25 loads of pixels and 25 of weights, all from one address; 25 products; the clamped coordinates.
// COST: 152 instructions, 29 registers
extern "C" __global__ void convolution(const float* in, float* out, int w, int h) {
  int x = blockIdx.x * blockDim.x + threadIdx.x;
  int y = blockIdx.y * blockDim.y + threadIdx.y;
  if (x >= w || y >= h)
    return;
  float sum = 0;
  for (int dy = -2; dy <= 2; ++dy)
    for (int dx = -2; dx <= 2; ++dx) {
      int sx = min(max(x + dx, 0), w - 1), sy = min(max(y + dy, 0), h - 1);
      sum += in[sy * w + sx] * kernel_weights[(dy + 2) * 5 + dx + 2];
    }
  out[y * w + x] = sum;
}

// A test of each neighbour, as in image and lattice codes. The places where the tests meet lie behind them, which costs a branch.
// COST: 102 instructions, 17 registers
extern "C" __global__ void count_alive(const int* in, int* out, int w, int h) {
  int x = blockIdx.x * blockDim.x + threadIdx.x;
  int y = blockIdx.y * blockDim.y + threadIdx.y;
  if (x >= w || y >= h)
    return;
  int alive = 0;
  for (int dy = -1; dy <= 1; ++dy)
    for (int dx = -1; dx <= 1; ++dx) {
      int nx = x + dx, ny = y + dy;
      if ((dx || dy) && nx >= 0 && nx < w && ny >= 0 && ny < h && in[ny * w + nx])
        ++alive;
    }
  out[y * w + x] = alive == 3 || (alive == 2 && in[y * w + x]);
}

// Four guarded copies each way; the bound of the rows is tested for each of them.
// COST: 65 instructions, 18 registers
extern "C" __global__ void transpose(const float* in, float* out, int width, int height) {
  __shared__ float tile[32][33];
  int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8)
    if (x < width && y + j < height)
      tile[threadIdx.y + j][threadIdx.x] = in[(y + j) * width + x];
  __syncthreads();
  x = blockIdx.y * 32 + threadIdx.x;
  y = blockIdx.x * 32 + threadIdx.y;
  for (int j = 0; j < 32; j += 8)
    if (x < height && y + j < width)
      out[(y + j) * height + x] = tile[threadIdx.x][threadIdx.y + j];
}

// The store is guarded, and threads outside end at once.
// COST: 26 instructions, 11 registers
extern "C" __global__ void floyd_warshall(int* d, int n, int k) {
  int i = blockIdx.y * blockDim.y + threadIdx.y;
  int j = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n && j < n) {
    int through = d[i * n + k] + d[k * n + j];
    if (through < d[i * n + j])
      d[i * n + j] = through;
  }
}
