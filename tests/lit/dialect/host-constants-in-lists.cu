// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this: a list of initial values reads the host's constants, whatever is made of it.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -c %s -o %t.o
constexpr float first = 0.25f, second = 0.5f;
const int count = 3;
struct Array {
    float values[2];
};
struct Made {
    __host__ __device__ Made(float, int) {}
};
__device__ float sum(Array a) { return a.values[0] + a.values[1]; }
__global__ void kernel(float* out) {
    Array flat = {first, second}, nested{{first, second}};
    float plain[] = {first, second};
    Made made = {first, count};
    auto lambda = [=](int i) { return Array{first, second}.values[i]; };
    out[0] = flat.values[0] + nested.values[1] + plain[1] + sum({first, second}) + lambda(count);
}
