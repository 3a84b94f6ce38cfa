// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Structures of any size and alignment, passed by value and returned, optimised and not.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc %s -o %t.exe && %t.exe
// RUN: accc -G %s -o %t.exe && %t.exe
#include <cstdio>

template <class T, int Count> struct Pack {
  T element[Count];
};

template <class T, int Count> __device__ __noinline__ Pack<T, Count> make(int seed) {
  Pack<T, Count> pack;
  for (int i = 0; i < Count; ++i) pack.element[i] = T(seed + i);
  return pack;
}
template <class T, int Count> __device__ __noinline__ int sum(Pack<T, Count> pack, int skip) {
  int total = 0;
  pack.element[skip % Count] = 0; // the copy is the callee's
  for (int i = 0; i < Count; ++i) total += int(pack.element[i]);
  return total;
}
/// The pack lies at an odd place in a larger structure, and in global memory.
template <class T, int Count> __device__ int check(int t) {
  struct {
    T before;
    Pack<T, Count> pack;
  } outer = {T(1), make<T, Count>(t % 50)};
  int want = 0, errors = 0;
  for (int i = 0; i < Count; ++i) want += t % 50 + i;
  errors += sum(outer.pack, t) != want - (t % 50 + t % Count);
  errors += sum(make<T, Count>(t % 50), 0) != want - t % 50;
  errors += outer.pack.element[t % Count] != T(t % 50 + t % Count); // the original is untouched
  return errors;
}

__global__ void kernel(int *errors, Pack<char, 3> three, Pack<short, 3> six) {
  int t = threadIdx.x, bad = 0;
  bad += check<unsigned char, 1>(t) + check<unsigned char, 2>(t) + check<unsigned char, 3>(t) + check<unsigned char, 5>(t);
  bad += check<unsigned char, 7>(t) + check<unsigned char, 16>(t) + check<unsigned char, 19>(t);
  bad += check<short, 1>(t) + check<short, 3>(t) + check<short, 9>(t);
  bad += check<int, 3>(t) + check<float, 5>(t) + check<long long, 3>(t) + check<double, 2>(t);
  bad += sum(three, 0) != 5 || sum(six, 1) != 400;
  atomicAdd(errors, bad);
}

int main() {
  int *errors, got = 1;
  cudaMalloc(&errors, sizeof(int));
  cudaMemset(errors, 0, sizeof(int));
  kernel<<<1, 64>>>(errors, Pack<char, 3>{{1, 2, 3}}, Pack<short, 3>{{100, 200, 300}});
  cudaError_t status = cudaMemcpy(&got, errors, sizeof(int), cudaMemcpyDeviceToHost);
  std::printf("%s, %d errors\n", cudaGetErrorString(status), got);
  return status != cudaSuccess || got != 0;
}
