// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 16 programs: C++20.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++20 -w -c %s -o %t.o
#include <concepts>
#include <chrono>
#include <atomic>
#include <thread>
#include <semaphore>
#include <source_location>
#include <ranges>
#include <algorithm>
#include <vector>
#include <span>
namespace p1 { // cxx20 agg paren
struct P{int a,b;}; __global__ void k(int*p){P q(1,2);*p=q.b;}
} // namespace p1
namespace p2 { // cxx20 auto kernel
__global__ void k(auto*p){*p=3;} int main(){ int*q=0; k<<<1,1>>>(q); }
} // namespace p2
namespace p3 { // cxx20 auto param
__device__ auto f(auto a){return a;} __global__ void k(int*p){*p=f(3);}
} // namespace p3
namespace p4 { // cxx20 concepts
template<class T> concept Num = std::integral<T> || std::floating_point<T>; template<Num T> __device__ T f(T a){return a+a;} template<class T> requires Num<T> __global__ void k(T*p){*p=f(*p);} template __global__ void k<int>(int*);
} // namespace p4
namespace p5 { // cxx20 consteval
consteval int sq(int a){return a*a;} __global__ void k(int*p){*p=sq(4);}
} // namespace p5
namespace p6 { // cxx20 constinit
constinit int a=3; __device__ constinit int b=4;
} // namespace p6
namespace p7 { // cxx20 designated
struct P{int a,b;}; __global__ void k(int*p){ P q{.a=1,.b=2}; *p=q.a; }
} // namespace p7
namespace p8 { // cxx20 format chrono
void h(){ auto t=std::chrono::steady_clock::now(); (void)t; std::source_location l=std::source_location::current(); (void)l; }
} // namespace p8
namespace p9 { // cxx20 lambda tmpl
__global__ void k(int*p){ auto f=[]<class T>(T a){return a+1;}; *p=f(3); }
} // namespace p9
namespace p10 { // cxx20 likely
__global__ void k(int*p){ if(*p) [[likely]] *p=1; else [[unlikely]] *p=2; }
} // namespace p10
namespace p11 { // cxx20 range init
__global__ void k(int*p){ for(int a[3]={1,2,3}; int x:a) *p+=x; }
} // namespace p11
namespace p12 { // cxx20 ranges
void h(std::vector<int>&v){ std::ranges::sort(v); for(int i: v|std::views::reverse) (void)i; }
} // namespace p12
namespace p13 { // cxx20 span
void h(std::vector<int>&v){ std::span<int> s(v); }
} // namespace p13
namespace p14 { // cxx20 using enum
enum class E{A,B}; __global__ void k(int*p){ using enum E; *p=(int)B; }
} // namespace p14
namespace p15 { // cxx20 vaopt
#define F(a,...) f(a __VA_OPT__(,) __VA_ARGS__)
__device__ void f(int,int=0){} __global__ void k(){F(1);F(1,2);}
} // namespace p15
namespace p16 { // tmpl float nttp
template<float F> __global__ void k(float*p){*p=F;}
} // namespace p16
