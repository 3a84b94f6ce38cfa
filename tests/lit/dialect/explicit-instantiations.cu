// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this. An explicit instantiation need not say again which side the template is for.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <vector>
template <class T> __device__ T f(T t) { return t; }
// CHECK: .cu:[[#@LINE+1]]:1: warning: __device__ function template 'f' is instantiated without __device__; the instance is a __device__ function [#20037-D]
template int f<int>(int);
template __device__ double f<double>(double);
namespace a {
namespace b {
template <class T> __host__ __device__ T g(T t) { return t + 1; }
} // namespace b
template int b::g<int>(int);
template double b::g(double);
} // namespace a
template float a::b::g<float>(float);
template __device__ char a::b::g<char>(char);
template __host__ short a::b::g<short>(short);

template <class T> __host__ __device__ T square(T x) { return x * x; }
#define INSTANTIATE(T) template T square<T>(T);
INSTANTIATE(float) INSTANTIATE(double)
INSTANTIATE(int)

template <class T, int N> __host__ __device__ T* h(T (&a)[N]) { return a; }
template int* h<int, 3>(int (&)[3]);
template <class T> __host__ __device__ auto i(T t) -> decltype(t + 1) { return t + 1; }
template auto i<int>(int) -> decltype(int() + 1);
template <class T> __host__ __device__ void v(const std::vector<T>&, T*) {}
template void v<int>(const std::vector<int>&, int*);
// What has nothing to do with the device.
template class std::vector<double>;
template <class T> struct Q {
    T t;
    template <class U> T get(U u) { return this->template cast<U>(u); }
    template <class U> T cast(U u) { return T(u); }
};
template struct Q<int>;
extern template struct Q<float>;
extern template class std::vector<char>;
template <class T> T host(T t) { return t; }
template int host<int>(int);
template <class T> __global__ void k(T* p) { *p = 1; }
template __global__ void k<int>(int*);
template <> __global__ void k<float>(float* p) { *p = square(2.0f) + f(1.0f); }
int use() { return square(3) + Q<int>{1}.get(2); }
