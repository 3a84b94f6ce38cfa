// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 13 programs.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -std=c++17 -c %s -o %t.o 2>&1 | FileCheck %s

namespace p1 {
// CHECK-DAG: .cu:[[#@LINE+1]]:74: error: 'n' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
constexpr int n=3; __device__ void t(const int&); __device__ void d(){ t(n); }
}
namespace p2 {
// CHECK-DAG: .cu:[[#@LINE+1]]:131: error: 'n' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
constexpr int n=3; template<class T> __device__ T mx(const T&a,const T&b){ return a>b?a:b; } __device__ int d(int x){ return mx(x,n); }
}
namespace p3 {
// CHECK-DAG: .cu:[[#@LINE+1]]:206: error: 'n' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
struct S{ static constexpr int n=3; static const int m=4; static constexpr float f=1.f; }; template<class T> __device__ T mx(const T&a,const T&b){ return a>b?a:b; } __device__ int d(int x){ return mx(x,S::n); } __device__ float e(){ return S::f+S::m; }
}
namespace p4 {
// CHECK-DAG: .cu:[[#@LINE+1]]:82: error: 'a' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
struct S{ static constexpr int a[2]={1,2}; }; __device__ int d(int i){ return S::a[i]; }
}
namespace p5 {
// CHECK-DAG: .cu:[[#@LINE+1]]:61: error: 'msg' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
constexpr char msg[]="hi"; __device__ char d(int i){ return msg[i]; }
}
namespace p6 {
// CHECK-DAG: .cu:[[#@LINE+1]]:68: error: 'a' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
constexpr int a[3]={1,2,3}; __device__ int d(){ int s=0; for(int x:a) s+=x; return s+sizeof(a); }
}
namespace p7 {
// CHECK-DAG: .cu:[[#@LINE+1]]:103: error: 's' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
struct P{int x; __device__ int g() const {return x;} }; constexpr P s={1}; __device__ int d(){ return s.g(); }
}
namespace p8 {
// CHECK-DAG: .cu:[[#@LINE+1]]:111: error: 'tag' is a constant of the host: device code can use its value, but the object is not there; declare it __constant__ or __device__
struct T{ __device__ int operator()(int x) const {return x;} }; constexpr T tag{}; __device__ int d(){ return tag(1); }
}
namespace p9 {
// CHECK-DAG: .cu:[[#@LINE+2]]:74: error: constexpr function 'h' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
// CHECK-DAG: .cu:[[#@LINE+1]]:119: error: constexpr function 'h' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
constexpr int h(int x){return x;} inline __device__ int d(int i){ return h(i); } struct S{ __device__ int e(){ return h(1); } };
}
namespace p10 {
// CHECK-DAG: .cu:[[#@LINE+1]]:66: error: a type without a name cannot be a template argument of kernel
template<class T> __global__ void k(T t){} enum { A }; void g(){ k<<<1,1>>>(A); }
}
namespace p11 {
// CHECK-DAG: .cu:[[#@LINE+1]]:75: error: a type without a name cannot be a template argument of kernel
template<class T> __global__ void k(T t){} struct { int x; } u; void g(){ k<<<1,1>>>(u); }
}
namespace p12 {
// CHECK-DAG: .cu:[[#@LINE+1]]:80: error: type 'L', which is local to a function, cannot be a template argument of kernel 'k<L>'
template<class T> __global__ void k(T* t){} void g(){ struct L{int x;}; L*l=0; k<<<1,1>>>(l); }
}
namespace p13 {
// CHECK-DAG: .cu:[[#@LINE+1]]:114: error: type 'p13::A<L>', which is local to a function, cannot be a template argument of kernel 'k<p13::A<L>>'
template<class T> struct A{T*p;}; template<class T> __global__ void k(T t){} void g(){ struct L{int x;}; A<L> a; k<<<1,1>>>(a); }
}
