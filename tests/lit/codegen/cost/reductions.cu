// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sums, scans, histograms, normalisations: shared memory, shuffles, grid-stride loops.
// Inputs/cost.py says what the limits mean.
// REQUIRES: accc, accdevicelib, accc-objdump
// RUN: accc -arch=sm_80 -cubin -Xptxas -v %s -o %t.cubin 2> %t.resources
// RUN: accc-objdump -d %t.cubin > %t.listing
// RUN: /usr/bin/python3 %S/Inputs/cost.py %s %t.listing %t.resources

#include <cuda_fp16.h>

// A load, the sum, the index, its comparison, the branch: 5. Two rounds of five shuffles with their sums.
// COST: 54 instructions, 15 registers, 5.00 per ld.global.b32
extern "C" __global__ void sum_shuffle(const float* in, float* out, int n) {
  __shared__ float warps[32];
  float sum = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)
    sum += in[i];
  for (int d = 16; d > 0; d /= 2)
    sum += __shfl_down_sync(0xffffffffu, sum, d);
  if (threadIdx.x % 32 == 0)
    warps[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x < 32) {
    sum = threadIdx.x < blockDim.x / 32 ? warps[threadIdx.x] : 0.0f;
    for (int d = 16; d > 0; d /= 2)
      sum += __shfl_down_sync(0xffffffffu, sum, d);
    if (threadIdx.x == 0)
      atomicAdd(out, sum);
  }
}

// A barrier, the half, its comparison and end, the bound, a guarded load, sum and store, the branch back: 9.
// COST: 37 instructions, 14 registers, 9.00 per bar.sync
extern "C" __global__ void sum_shared(const float* in, float* out, unsigned n) {
  extern __shared__ float data[];
  unsigned t = threadIdx.x, i = blockIdx.x * (blockDim.x * 2) + threadIdx.x;
  float sum = i < n ? in[i] : 0;
  if (i + blockDim.x < n)
    sum += in[i + blockDim.x];
  data[t] = sum;
  __syncthreads();
  for (unsigned s = blockDim.x / 2; s > 0; s >>= 1) {
    if (t < s)
      data[t] = sum = sum + data[t + s];
    __syncthreads();
  }
  if (t == 0)
    out[blockIdx.x] = sum;
}

// Two loads, the work, the index, its comparison, the branch: 6.
// COST: 23 instructions, 20 registers, 6.00 per ffma.f64
extern "C" __global__ void dot_double(const double* x, const double* y, double* out, int n) {
  double sum = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)
    sum += x[i] * y[i];
  atomicAdd(out, sum);
}

// A load, the place of its counter (atomics have no index), the atomic, the index, its comparison, the branch: 6.
// COST: 27 instructions, 15 registers, 6.00 per atom.shared.add.b32.gpu
extern "C" __global__ void histogram(const unsigned char* data, unsigned* bins, int n) {
  __shared__ unsigned local[256];
  local[threadIdx.x] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)
    atomicAdd(&local[data[i]], 1);
  __syncthreads();
  atomicAdd(&bins[threadIdx.x], local[threadIdx.x]);
}

// Eight steps: the two loads under their guards, the store, the barrier, and what alternates is known.
// COST: 76 instructions, 12 registers
extern "C" __global__ void scan_block(const int* in, int* out, int n) {
  __shared__ int data[2][256];
  int i = blockIdx.x * 256 + threadIdx.x, t = threadIdx.x, from = 0;
  data[0][t] = i < n ? in[i] : 0;
  __syncthreads();
  for (int d = 1; d < 256; d *= 2) {
    data[1 - from][t] = t >= d ? data[from][t] + data[from][t - d] : data[from][t];
    from = 1 - from;
    __syncthreads();
  }
  if (i < n)
    out[i] = data[from][t];
}

// Five steps of four: the shuffle, its bound, a selection of what to add, the addition.
// COST: 35 instructions, 10 registers
extern "C" __global__ void scan_warp(const int* in, int* out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x, lane = threadIdx.x & 31;
  int value = i < n ? in[i] : 0;
  for (int d = 1; d < 32; d *= 2) {
    int other = __shfl_up_sync(0xffffffffu, value, d);
    if (lane >= d)
      value += other;
  }
  if (i < n)
    out[i] = value;
}

// A load, the difference, its product with log2 e, the exponential, the sum, and three for the loop: 8.
// COST: 63 instructions, 16 registers, 8.00 per ex2.approx.f32
extern "C" __global__ void softmax(const float* in, float* out, int columns) {
  const float* row = in + (size_t)blockIdx.x * columns;
  float* result = out + (size_t)blockIdx.x * columns;
  float most = -1e30f, sum = 0;
  for (int c = threadIdx.x; c < columns; c += 32)
    most = fmaxf(most, row[c]);
  for (int d = 16; d > 0; d /= 2)
    most = fmaxf(most, __shfl_xor_sync(0xffffffffu, most, d));
  for (int c = threadIdx.x; c < columns; c += 32)
    sum += __expf(row[c] - most);
  for (int d = 16; d > 0; d /= 2)
    sum += __shfl_xor_sync(0xffffffffu, sum, d);
  for (int c = threadIdx.x; c < columns; c += 32)
    result[c] = __expf(row[c] - most) / sum;
}

// Rows are bases: ten instructions for three loads.
// COST: 67 instructions, 20 registers, 3.33 per ld.global.b32
extern "C" __global__ void layer_norm(const float* in, const float* gain, const float* bias, float* out, int columns) {
  size_t row = (size_t)blockIdx.x * columns;
  float sum = 0, squares = 0;
  for (int c = threadIdx.x; c < columns; c += blockDim.x) {
    float v = in[row + c];
    sum += v;
    squares += v * v;
  }
  for (int d = 16; d > 0; d /= 2) {
    sum += __shfl_xor_sync(0xffffffffu, sum, d);
    squares += __shfl_xor_sync(0xffffffffu, squares, d);
  }
  float mean = sum / columns, scale = rsqrtf(squares / columns - mean * mean + 1e-5f);
  for (int c = threadIdx.x; c < columns; c += blockDim.x)
    out[row + c] = (in[row + c] - mean) * scale * gain[c] + bias[c];
}

// Two loads, the work, the index, its comparison, the branch: 6.
// COST: 18 instructions, 16 registers, 6.00 per dp4a.s8.sb
extern "C" __global__ void dot_int8(const int* a, const int* b, int* out, int n) {
  int sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x)
    sum = __dp4a(a[i], b[i], sum);
  atomicAdd(out, sum);
}

// Half arithmetic is unrolled as other arithmetic is: a load and the work for each, a quarter of three for the loop.
// COST: 38 instructions, 16 registers, 2.75 per hadd.f16
extern "C" __global__ void sum_half(const __half* in, __half* out, int n) {
  __half sum = __float2half(0.0f);
  for (int i = 0; i < n; ++i)
    sum = __hadd(sum, in[i]);
  out[threadIdx.x] = sum;
}

// isad adds, too: two loads, the work, index, comparison, branch.
// COST: 31 instructions, 18 registers, 6.00 per isad.s32
extern "C" __global__ void sum_of_differences(const int* a, const int* b, int* out, int n) {
  int sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x)
    sum += abs(a[i] - b[i]);
  unsigned more = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x)
    more = __usad(a[i], b[i], more);
  out[threadIdx.x] = sum + more;
}
