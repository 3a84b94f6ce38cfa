// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 12 programs.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -std=c++17 -c %s -o %t.o 2>&1 | FileCheck %s

namespace p1 {
// CHECK-DAG: .cu:[[#@LINE+1]]:94: error: type 'p1::C::P', which is a private or protected member of a class, cannot be a template argument of kernel 'k<p1::C::P>'
template<class T> __global__ void k(T t){} class C{ protected: struct P{}; public: void f(){ k<<<1,1>>>(P()); } };
}
namespace p2 {
// CHECK-DAG: .cu:[[#@LINE+1]]:115: error: type 'p2::C::Q<int>', which is a private or protected member of a class, cannot be a template argument of kernel 'k<p2::C::Q<int>>'
template<class T> __global__ void k(T t){} class C{ template<class U> struct Q{U u;}; public: void f(){ Q<int> q; k<<<1,1>>>(q); } };
}
namespace p3 {
// CHECK-DAG: .cu:[[#@LINE+1]]:163: error: type 'p3::C::P', which is a private or protected member of a class, cannot be a template argument of kernel 'k2<p3::C::P>'
class C{ struct P{int x;}; public: friend void g(); }; __global__ void k(void*p){} template<class T> __global__ void k2(T*p){} void g(){ C::P*p=0; k<<<1,1>>>(p); k2<<<1,1>>>(p); }
}
namespace p4 {
// CHECK-DAG: .cu:[[#@LINE+1]]:23: error: without -rdc=true each file has its own 'v', which inline says it is not; make it static
inline __device__ int v; __global__ void k(){ v=1; }
}
namespace p5 {
// CHECK-DAG: .cu:[[#@LINE+1]]:56: error: kernel 'k' cannot have __launch_bounds__ and __maxnreg__, which both limit its registers
__global__ void __launch_bounds__(128) __maxnreg__(64) k(){} 
}
namespace p6 {
// CHECK-DAG: .cu:[[#@LINE+1]]:45: error: the arguments of kernel 'k' have 32765 bytes; a launch has room for 32764
struct B{ char c[32765]; }; __global__ void k(B b){} 
}
namespace p7 {
// CHECK-DAG: .cu:[[#@LINE+1]]:36: error: built-in variable 'threadIdx' has no address
__device__ const void* f(){ return &threadIdx; } 
}
namespace p8 {
// CHECK-DAG: .cu:[[#@LINE+1]]:169: error: built-in variable 'threadIdx' has no address
__device__ unsigned g(const dim3&t){ return t.x; } __device__ unsigned f(){ const auto& b=blockDim; return g(blockDim)+b.y; } __device__ unsigned h(){ const unsigned*p=&threadIdx.x; return *p; }
}
namespace p9 {
// CHECK-DAG: .cu:[[#@LINE+1]]:33: error: without -rdc=true each file has its own 'x', which inline says it is not; make it static
inline constexpr __device__ int x=3; __device__ int d(){ return x; }
}
namespace p10 {
// CHECK-DAG: .cu:[[#@LINE+1]]:119: error: constexpr function 'operator==' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
struct P{ int x; constexpr bool operator==(const P&o) const {return x==o.x;} }; __global__ void k(P a,P b,int*p){ *p=a==b; }
}
namespace p11 {
// CHECK-DAG: .cu:[[#@LINE+1]]:80: error: constexpr function 'h' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
constexpr int h(int x){return x;} __device__ int d(){ auto l=[](int y){ return h(y); }; return l(2); }
}
namespace p12 {
// CHECK-DAG: .cu:[[#@LINE+1]]:122: error: constexpr function 'operator|' is the host's; the device can call it with the option --expt-relaxed-constexpr, or when it is __host__ __device__
enum class F:int{A=1,B=2}; constexpr F operator|(F a,F b){ return F(int(a)|int(b)); } __device__ int d(){ return int(F::A|F::B); }
}
