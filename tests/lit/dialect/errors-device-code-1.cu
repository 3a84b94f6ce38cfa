// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 13 programs.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -std=c++17 -c %s -o %t.o 2>&1 | FileCheck %s
#include <algorithm>
#include <limits>
#include <array>
namespace p1 {
// CHECK-DAG: .cu:[[#@LINE+1]]:62: error: constexpr function 'h' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
constexpr int h(int x){return x;} __device__ void f(){ int a[h(3)]; (void)a; }
}
namespace p2 {
// CHECK-DAG: .cu:[[#@LINE+1]]:77: error: constexpr function 'h' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
constexpr int h(int x){return x;} __device__ void f(int y){ switch(y){ case h(3): break; } }
}
namespace p3 {
// CHECK-DAG: .cu:[[#@LINE+1]]:63: error: constexpr function 'h' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
constexpr int h(int x){return x;} __device__ void f(){ enum{E=h(3)}; int x=E; (void)x; }
}
namespace p4 {
// CHECK-DAG: .cu:[[#@LINE+1]]:83: error: constexpr function 'h' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
constexpr int h(int x){return x;} template<class T> __device__ int f(T t){ return h(t); } __global__ void k(int*p){ *p=f(1); }
}
namespace p5 {
// CHECK-DAG: .cu:[[#@LINE+1]]:30: error: constexpr function 'min<int>' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
__global__ void k(int*p){ *p=std::min(*p,3); }
}
namespace p6 {
// CHECK-DAG: .cu:[[#@LINE+1]]:32: error: constexpr function 'max' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
__global__ void k(float*p){ *p=std::numeric_limits<float>::max(); }
}
namespace p7 {
// CHECK-DAG: .cu:[[#@LINE+1]]:50: error: constexpr function 'operator[]' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
__global__ void k(std::array<int,3> a,int*p){ *p=a[1]; }
}
namespace p8 {
// CHECK-DAG: .cu:[[#@LINE+1]]:113: error: constexpr function 'P' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
struct P{ int x; constexpr P(int v):x(v){} constexpr int get() const {return x;} }; __global__ void k(int*p){ P q(3); *p=q.x; }
}
namespace p9 {
// CHECK-DAG: .cu:[[#@LINE+1]]:94: error: constexpr function 'get' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
struct P{ int x; constexpr int get() const {return x;} }; __global__ void k(P q,int*p){ *p=q.get(); }
}
namespace p10 {
// CHECK-DAG: .cu:[[#@LINE+1]]:87: error: constexpr function 'operator int' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
struct S{ constexpr operator int() const {return 3;} }; __device__ int f(S s){ return s; } __device__ int g(){ int a[S()]; return sizeof a; }
}
namespace p11 {
// CHECK-DAG: .cu:[[#@LINE+2]]:169: error: constexpr function 'max' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
// CHECK-DAG: .cu:[[#@LINE+1]]:111: error: constexpr function 'max' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
template<class T> struct L{ static constexpr T max(){return 3;} }; template<class T> __device__ T f(){ return L<T>::max(); } __global__ void k(int*p){ *p=f<int>(); *p+=L<int>::max(); }
}
namespace p12 {
// CHECK-DAG: .cu:[[#@LINE+1]]:85: error: constexpr function 'P' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
struct P{ int x; constexpr P(int v):x(v){} }; __global__ void k(int*p){ constexpr P q(3); *p=q.x; }
}
namespace p13 {
// CHECK-DAG: .cu:[[#@LINE+1]]:89: error: 'n' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
static const int n=3; __device__ int d(){ return n; } __device__ const int& r(){ return n; }
}
