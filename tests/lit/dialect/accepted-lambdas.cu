// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 19 programs: extended lambdas.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -extended-lambda -w -c %s -o %t.o
#include <type_traits>
#include <cmath>
#include <functional>
namespace p1 { // ext arr capture
template<class F> __global__ void k(F f){f();} void g(){ int a[3]={1,2,3}; k<<<1,1>>>([=] __device__ (){ return a[1]; }); }
} // namespace p1
namespace p2 { // ext arr2 capture
template<class F> __global__ void k(F f){f();} void g(){ int a[3][2]={}; k<<<1,1>>>([=] __device__ (){ return a[1][1]; }); }
} // namespace p2
namespace p3 { // ext class member
template<class F> __global__ void k(F f){f();} class C{ public: int m=3; void g(){ k<<<1,1>>>([=,*this] __device__ (){ return m; }); } }; 
} // namespace p3
namespace p4 { // ext const capture
template<class F> __global__ void k(F f){f();} void g(){ const int n=3; constexpr int m=4; static int s=5; k<<<1,1>>>([=] __device__ (){ return n+m; }); }
} // namespace p4
namespace p5 { // ext decltype
void g(){ auto l=[] __device__ (int i)->int {return i;}; using L=decltype(l); static_assert(std::is_trivially_copyable<L>::value||true,""); static_assert(__nv_is_extended_device_lambda_closure_type(L),""); }
} // namespace p5
namespace p6 { // ext hd hostcall
void hh(){} template<class F> __global__ void k(F f){f();} void g(){ auto l=[=] __host__ __device__ (){ hh(); }; l(); k<<<1,1>>>(l); }
} // namespace p6
namespace p7 { // ext if else
template<class F> __global__ void k(F f){f();} void g(bool b){ if(b) k<<<1,1>>>([=] __device__ (){}); else k<<<1,1>>>([=] __device__ (){ }); }
} // namespace p7
namespace p8 { // ext in lambda plain
template<class F> __global__ void k(F f){f();} void g(){ auto o=[]{ k<<<1,1>>>([] __device__ (){}); }; o(); }
} // namespace p8
namespace p9 { // ext macro
#define LAMBDA [=] __device__
#define HDL [=] __host__ __device__
template<class F> __global__ void k(F f){f(1);} void g(bool b){ k<<<1,1>>>(LAMBDA(int i){}); k<<<1,1>>>(HDL(int i){}); }
} // namespace p9
namespace p10 { // ext namespace static
static auto l=[] __host__ __device__ (int i){return i;}; 
} // namespace p10
namespace p11 { // ext nested fn
template<class F> __global__ void k(int n,F f){f(n);} template<class F> void pf(int n,F f){ k<<<1,1>>>(n,f); } void g(float*p,float a){ pf(3,[=] __device__ (int i){ p[i]=a; }); pf(3,[=] __host__ __device__ (int i) mutable { p[i]=a; }); }
} // namespace p11
namespace p12 { // ext noargs
template<class F> __global__ void k(F f){f();} void g(int a){ k<<<1,1>>>([=] __device__ { return a; }); k<<<1,1>>>([a] __host__ __device__ { return a; }); }
} // namespace p12
namespace p13 { // ext ret
template<class F> __global__ void k(F f,float*p){*p=f(1);} void g(float*p){ k<<<1,1>>>([] __device__ (int i)->float { return i; },p); auto l=[=] __device__ (float x) { return x>0?x:-x; }; k<<<1,1>>>(l,p); }
} // namespace p13
namespace p14 { // ext static member
template<class F> __global__ void k(F f){f();} struct C{ static void g(){ k<<<1,1>>>([] __device__ (){}); } };
} // namespace p14
namespace p15 { // ext std function
void g(){ std::function<int(int)> f=[] __host__ __device__ (int a){return a;}; }
} // namespace p15
namespace p16 { // ext thrust like
struct B{ template<class F> B& then(F f){return *this;} }; void g(){ B().then([=] __device__ (int a){return a;}).then([=] __device__ (float a){return a;}); }
} // namespace p16
namespace p17 { // ext tmpl arg
template<class F> struct W{F f; __device__ int operator()(int a){return f(a);} }; template<class F> W<F> wrap(F f){return {f};} template<class F> __global__ void k(F f,int*p){*p=f(1);} void g(int*p){ k<<<1,1>>>(wrap([=] __device__ (int a){return a;}),p); }
} // namespace p17
namespace p18 { // ext tmpl member
template<class F> __global__ void k(F f){f();} template<class T> struct C{ T m; void g(){ T q=m; k<<<1,1>>>([q] __device__ (){ return q; }); } }; void h(){ C<int> c; c.g(); }
} // namespace p18
namespace p19 { // ext unnamed ns
namespace { template<class F> __global__ void k(F f){f();} void g(){ k<<<1,1>>>([] __device__ (){}); } } void h(){g();}
} // namespace p19
