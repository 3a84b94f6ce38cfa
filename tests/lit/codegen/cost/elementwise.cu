// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels without loops, or with the simplest: one element a thread. A load for each parameter that is used, four instructions for
// the index, two for its bound; what is left is the work.
// Inputs/cost.py says what the limits mean.
// REQUIRES: accc, accdevicelib, accc-objdump
// RUN: accc -arch=sm_80 -cubin -Xptxas -v %s -o %t.cubin 2> %t.resources
// RUN: accc-objdump -d %t.cubin > %t.listing
// RUN: /usr/bin/python3 %S/Inputs/cost.py %s %t.listing %t.resources

#include <cuda_bf16.h>
#include <cuda_fp16.h>

// A load for each of four parameters and the buffer, four for the index, two for its bound, the work with its two
// loads and a store, the end.
// COST: 16 instructions, 12 registers
extern "C" __global__ void saxpy(int n, float a, const float* x, float* y) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = a * x[i] + y[i];
}

// The extension to 64 bits is for the comparison alone: both accesses have the word as their index.
// COST: 17 instructions, 12 registers
extern "C" __global__ void saxpy_size_t(size_t n, float a, const float* x, float* y) {
  size_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = a * x[i] + y[i];
}

// The index is 64 bits wide: a multiplication to 64 bits with its addend, and an addition for each of two pointers.
// COST: 20 instructions, 12 registers
extern "C" __global__ void saxpy_long(long n, float a, const float* x, float* y) {
  long i = (long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = a * x[i] + y[i];
}

// Two loads, the work, a store, the index, its comparison and the branch: 7.
// COST: 21 instructions, 14 registers, 7.00 per ffma.f32
extern "C" __global__ void grid_stride(int n, float a, const float* x, float* y) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)
    y[i] = a * x[i] + y[i];
}

// As grid_stride: restrict has nothing to add to a loop that loads before it stores.
// COST: 21 instructions, 14 registers, 7.00 per ffma.f32
extern "C" __global__ void grid_stride_restrict(int n, float a, const float* __restrict__ x, float* __restrict__ y) {
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)
    y[i] = a * x[i] + y[i];
}

// Two pointers are advanced, and the 64-bit index that the loop ends by: 9, two more than with words.
// COST: 25 instructions, 20 registers, 10.00 per ffma.f32
extern "C" __global__ void grid_stride_size_t(size_t n, float a, const float* x, float* y) {
  for (size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += (size_t)blockDim.x * gridDim.x)
    y[i] = a * x[i] + y[i];
}

// As saxpy with three parameters; the second condition guards the load of the last parameter and the store.
// COST: 15 instructions, 10 registers
extern "C" __global__ void early_return(const float* in, float* out, int n) {
  int i = threadIdx.x + blockIdx.x * blockDim.x;
  if (i >= n)
    return;
  float v = in[i];
  if (v < 0.0f)
    return;
  out[i] = sqrtf(v);
}

// Both bounds are one predicate.
// COST: 21 instructions, 12 registers
extern "C" __global__ void bounds2d(const unsigned char* in, unsigned char* out, int w, int h) {
  int x = blockIdx.x * blockDim.x + threadIdx.x;
  int y = blockIdx.y * blockDim.y + threadIdx.y;
  if (x < w && y < h)
    out[y * w + x] = 255 - in[y * w + x];
}

// Three bytes are loaded and converted one by one, and each has its product; the index has two dimensions.
// COST: 29 instructions, 12 registers
extern "C" __global__ void gray(const uchar4* rgba, unsigned char* out, int w, int h) {
  int x = blockIdx.x * blockDim.x + threadIdx.x;
  int y = blockIdx.y * blockDim.y + threadIdx.y;
  if (x >= w || y >= h)
    return;
  uchar4 p = rgba[y * w + x];
  out[y * w + x] = 0.299f * p.x + 0.587f * p.y + 0.114f * p.z;
}

// As saxpy with three parameters; the power is one multiplication.
// COST: 14 instructions, 10 registers
extern "C" __global__ void square(const float* in, float* out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    out[i] = powf(in[i], 2.0f);
}

// Division is a high product and four more, twice: in between is a store that the input may be changed by; two for
// the remainder.
// COST: 28 instructions, 13 registers
extern "C" __global__ void divide_by_constant(const int* in, int* quotient, int* remainder, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    quotient[i] = in[i] / 7;
    remainder[i] = in[i] % 7;
  }
}

struct Filter {
  float weights[8];
  int count;
  float scale;
};
// Two loads and the work for each weight, a quarter of three for the loop (unrolled by four): 3.75.
// COST: 52 instructions, 20 registers, 3.75 per ffma.f32
extern "C" __global__ void struct_parameter(Filter f, const float* in, float* out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  float sum = 0;
  for (int k = 0; k < f.count; ++k)
    sum += f.weights[k] * in[i + k];
  out[i] = sum * f.scale;
}

struct Particles {
  float *x, *y, *z, *vx, *vy, *vz;
};
// Six pointers and two values are loaded, six elements, three are stored; three fused products.
// COST: 28 instructions, 16 registers
extern "C" __global__ void struct_of_arrays(Particles p, float dt, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    p.x[i] += p.vx[i] * dt;
    p.y[i] += p.vy[i] * dt;
    p.z[i] += p.vz[i] * dt;
  }
}

// One load and one store of 128 bits around four products.
// COST: 17 instructions, 20 registers
extern "C" __global__ void float4_scale(float4* data, float a, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    float4 v = data[i];
    v.x *= a;
    v.y *= a;
    v.z *= a;
    v.w *= a;
    data[i] = v;
  }
}

// The structure that holds the factor is read in place.
// COST: 16 instructions, 12 registers
extern "C" __global__ void half2_axpy(int n, __half2 a, const __half2* x, __half2* y) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = __hfma2(a, x[i], y[i]);
}

// Scalar halves are read in place: nothing clears the high half of a word.
// COST: 17 instructions, 12 registers
extern "C" __global__ void half_axpy(int n, __half a, const __half* x, __half* y) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = __hadd(__hmul(a, x[i]), y[i]);
}

// The conversion is one instruction.
// COST: 14 instructions, 10 registers
extern "C" __global__ void to_bf16(int n, const float* x, __nv_bfloat16* y) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = __float2bfloat16(x[i]);
}

// As square: the conversion is one instruction.
// COST: 14 instructions, 10 registers
extern "C" __global__ void half_to_float(int n, const __half* x, float* y) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    y[i] = __half2float(x[i]);
}

// As saxpy; atomics have no index, so the address of the sum is computed.
// COST: 16 instructions, 12 registers
extern "C" __global__ void add_atomically(int n, const int* place, const float* x, float* y) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n)
    atomicAdd(&y[place[i]], x[i]);
}

// Four logarithms and exponentials of three, two divisions, a root, and 25 products and sums; the constants stand in
// the instructions.
// COST: 63 instructions, 18 registers
extern "C" __global__ void black_scholes(const float* price, const float* strike, const float* years, float* call, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  float s = price[i], x = strike[i], t = years[i];
  float root = sqrtf(t);
  float d1 = (__logf(s / x) + (0.02f + 0.5f * 0.3f * 0.3f) * t) / (0.3f * root);
  float d2 = d1 - 0.3f * root;
  float k1 = 1.0f / (1.0f + 0.2316419f * fabsf(d1)), k2 = 1.0f / (1.0f + 0.2316419f * fabsf(d2));
  float c1 = 0.39894228f * __expf(-0.5f * d1 * d1) * k1 * (0.31938153f + k1 * (-0.356563782f + k1 * 1.781477937f));
  float c2 = 0.39894228f * __expf(-0.5f * d2 * d2) * k2 * (0.31938153f + k2 * (-0.356563782f + k2 * 1.781477937f));
  if (d1 > 0)
    c1 = 1.0f - c1;
  if (d2 > 0)
    c2 = 1.0f - c2;
  call[i] = s * c1 - x * __expf(-0.02f * t) * c2;
}

// Of the two bounds one is a minimum, the other a selection: the order of the tests is kept where low is above high.
// COST: 18 instructions, 10 registers
extern "C" __global__ void clamp_and_select(const int* in, int* out, int low, int high, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    int v = in[i];
    if (v < low)
      v = low;
    else if (v > high)
      v = high;
    out[i] = v;
  }
}

// A middle, a load, a comparison, a selection for each bound and the next middle, the loop: 8.
// COST: 28 instructions, 14 registers, 8.00 per isetp.u32.lt
extern "C" __global__ void find_first(const unsigned* keys, const unsigned* sorted, int* out, int size, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  unsigned key = keys[i];
  int low = 0, high = size;
  while (low < high) {
    int middle = (low + high) / 2;
    if (sorted[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  out[i] = low;
}
