// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 10 programs: C++17.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -w -c %s -o %t.o
#include <type_traits>
namespace p1 { // cxx17 ctad
template<class T> struct V{T a; __host__ __device__ V(T t):a(t){}}; __global__ void k(int*p){V v(3);*p=v.a;}
} // namespace p1
namespace p2 { // cxx17 ctad guide
template<class T> struct V{T a;}; template<class T> __host__ __device__ V(T)->V<T>; __global__ void k(int*p){V v{3};*p=v.a;}
} // namespace p2
namespace p3 { // cxx17 fold
template<class...A> __device__ int sum(A...a){return (a+...+0);} __global__ void k(int*p){*p=sum(1,2,3);}
} // namespace p3
namespace p4 { // cxx17 if constexpr
template<class T> __global__ void k(T*p){ if constexpr(std::is_same_v<T,float>) *p=1; else p->nope(); } template __global__ void k<float>(float*);
} // namespace p4
namespace p5 { // cxx17 if init
__global__ void k(int*p){ if(int a=*p;a>1) *p=2; switch(int b=*p;b){case 1:*p=1;break; default: [[fallthrough]]; case 3:break;} }
} // namespace p5
namespace p6 { // cxx17 inline constexpr
inline constexpr int N=3; __global__ void k(int*p){*p=N;}
} // namespace p6
namespace p7 { // cxx17 lambda constexpr
__global__ void k(int*p){ constexpr auto f=[](int a){return a*2;}; static_assert(f(2)==4); *p=f(3); }
} // namespace p7
namespace p8 { // cxx17 nested ns
namespace a::b::c { __global__ void k(){} } int main(){ a::b::c::k<<<1,1>>>(); }
} // namespace p8
namespace p9 { // cxx17 structured
struct P{int a;float b;}; __global__ void k(P*p){ auto [a,b]=*p; auto&[c,d]=*p; c=a+b; (void)d; }
} // namespace p9
namespace p10 { // threadidx same
static_assert(std::is_same<decltype(threadIdx.x),unsigned int>::value,"");
static_assert(std::is_same_v<decltype(blockDim),const dim3>||std::is_same_v<decltype(blockDim),dim3>,"");
} // namespace p10
