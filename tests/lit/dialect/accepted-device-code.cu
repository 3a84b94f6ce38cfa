// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 56 programs: what rules about device code, kernels and lambdas (errors-device-code.cu) do not touch.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -extended-lambda -w -c %s -o %t.o
#include <utility>
#include <initializer_list>
#include <algorithm>
#include <functional>
namespace p1 {
constexpr int h(int x){return x;} constexpr int g=h(3); __device__ int f(){ return g; }
}
namespace p2 {
constexpr int h(int x){return x;} __device__ int v=h(3); __constant__ int w[h(2)]={h(1)};
}
namespace p3 {
constexpr int h(int x){return x;} __host__ __device__ int f(int t){ return h(t); } __global__ void k(int*p){ *p=f(1); }
}
namespace p4 {
constexpr int h(int x){return x;} template<class T> __host__ __device__ int f(T t){ return h(t); } __global__ void k(int*p){ *p=f(1); }
}
namespace p5 {
__global__ void k(int*p){ int a=1,b=2; int c=std::move(a); *p=std::forward<int>(b)+c; }
}
namespace p6 {
__device__ int f(std::initializer_list<int> l){ int s=0; for(int x:l) s+=x; return s+l.size(); } __global__ void k(int*p){ *p=f({1,2}); }
}
namespace p7 {
struct P{ int x; constexpr P():x(1){} }; __global__ void k(int*p){ constexpr P q; *p=q.x; }
}
namespace p8 {
struct P{ int x=1; constexpr P()=default; }; __global__ void k(int*p){ P q; *p=q.x; }
}
namespace p9 {
struct P{ int x=1; }; __global__ void k(int*p){ P q; constexpr P r{}; *p=q.x+r.x; }
}
namespace p10 {
__global__ void k(int*p){ auto l=[](int x){return x;}; *p=l(1); constexpr auto m=[](int x) constexpr {return x;}; *p+=m(2); }
}
namespace p11 {
constexpr int h(int x){return x;} __device__ int f(){ decltype(h(1)) a=2; return a; }
}
namespace p12 {
constexpr int h(int x){return x;} __device__ int f(int y=h(3)){ return y; } __global__ void k(int*p){ *p=f(); }
}
namespace p13 {
constexpr int h(int x){return x;} struct S{ static constexpr int v=h(3); }; __device__ int f(){ return S::v; }
}
namespace p14 {
constexpr int a[3]={1,2,3}; __device__ int d(){ constexpr int y=a[1]; return y; }
}
namespace p15 {
constexpr int a[3]={1,2,3}; template<int N> struct S{ static const int v=N; }; __device__ int d(){ return S<a[1]>::v; }
}
namespace p16 {
struct P{int x; float f;}; constexpr P s={1,2.f}; __device__ int d(){ return s.x; }
}
namespace p17 {
struct P{int x; float f;}; constexpr P s={1,2.f}; __device__ int d(){ return s.f; }
}
namespace p18 {
const float f=2.f; __device__ float d(){ return f; }
}
namespace p19 {
constexpr float f=2.f; __device__ float d(){ return f; } constexpr double g=2.; __device__ double e(){ return g*2; }
}
namespace p20 {
const double f=2.; __device__ double d(){ return f*3; }
}
namespace p21 {
__device__ int d(int i){ constexpr int a[2]={1,2}; const int b[2]={3,4}; static constexpr int c[2]={5,6}; static const float f[2]={1.f,2.f}; return a[i]+b[i]+c[i]+f[i]; }
}
namespace p22 {
void h(){ constexpr int n=3; struct L{ __device__ static int f(){ return n; } }; }
}
namespace p23 {
constexpr const char* msg="hi"; __device__ char d(){ return msg[0]; }
}
namespace p24 {
enum E{A,B}; const E e=B; constexpr bool b=true; const unsigned long long u=1ull<<40; __device__ int d(){ return e+b+(int)u; }
}
namespace p25 {
const int n=sizeof(int)*2; const int m=n+1; __global__ void k(int*p){ __shared__ int s[m]; s[0]=n; *p=s[0]+m; }
}
namespace p26 {
constexpr int n=3; __global__ void k(int*p){ auto l=[=]{ return n; }; auto m=[&](int x){ return x+n; }; *p=l()+m(1); }
}
namespace p27 {
constexpr int n=3; __device__ int d(bool b,int x){ return b?n:x; } __device__ void e(int*p){ atomicAdd(p,n); int y{n}; *p=y; }
}
namespace p28 {
constexpr int n=3; __device__ int d(int x){ return max(x,n)+min(n,4); }
}
namespace p29 {
namespace q{ const long N=10; inline constexpr float PI=3.14f; } using q::PI; __device__ float d(){ return PI*q::N; } __host__ __device__ float e(){ return PI+q::N; }
}
namespace p30 {
constexpr int a[3]={1,2,3}; template<class T> __device__ int d(T i){ return a[i]; }
}
namespace p31 {
constexpr int a[3]={1,2,3}; __device__ int d(){ return sizeof(a)/sizeof(a[0]); }
}
namespace p32 {
constexpr int a[3]={1,2,3}; static __device__ int d(int i){ return a[i]; }
}
namespace p33 {
constexpr int a[3]={1,2,3}; inline __device__ int d(int i){ return a[i]; }
}
namespace p34 {
constexpr int a[3]={1,2,3}; struct S{ __device__ int d(int i){ return a[i]; } };
}
namespace p35 {
struct P{int x; float f;}; constexpr P s={1,2.f}; __device__ int d(){ P q=s; return q.x; }
}
namespace p36 {
struct T{}; constexpr T tag{}; __device__ int f(T){return 1;} __device__ int d(){ return f(tag); }
}
namespace p37 {
struct S{ friend __device__ void k(S){} template<class T> friend __global__ void k2(T); }; template<class T> __global__ void k2(T){} void g(){ k2<<<1,1>>>(1); }
}
namespace p38 {
template<class T> __global__ void k(T t){} typedef struct { int x; } U; void g(){ U u; k<<<1,1>>>(u); }
}
namespace p39 {
static inline __device__ int v; __global__ void k(){ v=1; } namespace { inline __device__ int u; }
}
namespace p40 {
__global__ void __maxnreg__(64) k(){} __global__ void __launch_bounds__(128,2) l(){} 
}
namespace p41 {
struct B{ char c[32764]; }; __global__ void k(B b){} 
}
namespace p42 {
__device__ unsigned g(const uint3&t){ return t.x; } __device__ unsigned f(){ return g(threadIdx); } 
}
namespace p43 {
__device__ uint3 f(){ uint3 t=threadIdx; auto u=blockIdx; dim3 d=gridDim; dim3 e(blockIdx.x); return make_uint3(t.x+u.y,d.z,e.x); } template<class T> __device__ T cp(T t){return t;} __device__ uint3 g(){ return cp(threadIdx); }
}
namespace p44 {
__global__ void k(){} template<void(*F)()> void h(){ F<<<1,1>>>(); } void g(){ h<k>(); } struct S{ void (*p)(); S():p(k){} }; void e(){ auto q=k; q<<<1,1>>>(); void(&r)()=k; r<<<1,1>>>(); (*q)<<<1,1>>>(); }
}
namespace p45 {
constexpr int h(int x); __device__ int d(int y){ return y; } constexpr int h(int x){return x;} __host__ __device__ constexpr int g(int x); constexpr int g(int x){return x;} __device__ int e(){ return g(2); }
}
namespace p46 {
constexpr int h(int x){return x;} __device__ int h(int x,int y){return x+y;} __device__ int d(){ return h(1,2); }
}
namespace p47 {
struct S{ constexpr S(){} constexpr S(int){} int v=3; static constexpr S make(){ return S(); } }; __device__ int d(){ constexpr S s; return s.v; } 
}
namespace p48 {
template<class F,class...A> __device__ auto call(F&&f,A&&...a)->decltype(std::forward<F>(f)(std::forward<A>(a)...)){ return std::forward<F>(f)(std::forward<A>(a)...); } struct P{ __device__ int operator()(int x){return x;} }; __global__ void k(int*p){ *p=call(P(),2); }
}
namespace p49 {
template<int...I> __device__ int sum(std::integer_sequence<int,I...>){ int v[]={I...}; return v[0]; } __global__ void k(int*p){ *p=sum(std::make_integer_sequence<int,3>()); *p=sum(std::integer_sequence<int,1,2>{}); }
}
namespace p50 {
struct P{int x; constexpr P():x(0){} }; __device__ P p; __constant__ P c; __device__ P a[3];
}
namespace p51 {
struct P{int x=1; P()=default; constexpr P(int v):x(v){} }; __device__ P p; __constant__ P c{}; 
}
namespace p52 {
template<class F> __global__ void k(F f,int*p){*p=f(1);} struct S{ int v; void pub(int*p){ k<<<1,1>>>([=,*this] __device__ (int i){ return i; },p); int w=v; k<<<1,1>>>([=] __host__ __device__ (int i){ return i+w; },p); k<<<1,1>>>([x=w] __device__ (int i){ return x; },p); k<<<1,1>>>([=] __device__ (auto i){ return i; },p); } static void st(int*p){ k<<<1,1>>>([] __device__ (int i){ return i; },p); } };
namespace { void anon(int*p){ k<<<1,1>>>([] __device__ (int i)->int{ return i; },p); } } static void st(int*p){ k<<<1,1>>>([] __device__ (int i){ return i; },p); } template<class T> void tp(T*p){ k<<<1,1>>>([=] __device__ (int i){ return T(i); },p); auto l=[=] __host__ __device__ (T i){ return i; }; k<<<1,1>>>(l,p); }
int main_(){ int*p=0; S s{1}; s.pub(p); S::st(p); anon(p); st(p); tp(p); auto g=[=] __device__ (int i){ return i; }; k<<<1,1>>>(g,p); auto h=[&](int n){ k<<<1,1>>>([=] __device__ (int i){ return n; },p); }; (void)h; for(int i=0;i<2;i++){ if(i) k<<<1,1>>>([i] __device__ (int j){ return i+j; },p); } }
}
namespace p53 {
template<class F> __global__ void k(F f,int*p){*p=f(1);} struct S{ S(int*p){ init(p); } void init(int*p){ k<<<1,1>>>([] __device__ (int i){ return i; },p); } operator int(){ k<<<1,1>>>([] __device__ (int i){ return i; },(int*)0); return 1; } void operator()(int*p) const { k<<<1,1>>>([] __device__ (int i){ return i; },p); } };
inline auto f(int*p)->int{ k<<<1,1>>>([] __device__ (int i){ return i; },p); return 1; } struct B{ protected: void pr(int*p); public: struct In { void m(int*p){ k<<<1,1>>>([] __device__ (int i){ return i; },p); } }; }; int main_(){ S s(0); s(0); f(0); B::In().m(0); }
}
namespace p54 {
__device__ int d(){ auto l=[] __device__ (int i){ return i; }; auto m=[](int i){return i;}; auto n=[=] (auto i){return i;}; return l(1)+m(2)+n(3); } __host__ __device__ int e(){ auto l=[] __host__ __device__ (int i){ return i; }; return l(1); }
}
namespace p55 {
template<class F> __global__ void k(F f,int*p){*p=f(1);} void g(int*p){ auto o=[=] __host__ __device__ (int i){ return i+1; }; k<<<1,1>>>([=] __device__ (int i){ return o(i); },p); auto h=[](int i){return i;}; k<<<1,1>>>([=] __device__ (int i){ return i; },p); (void)h; }
}
namespace p56 {
template<class F> __global__ void k(F f,int*p){*p=f(1);} template<class F> struct W{ F f; __host__ __device__ int operator()(int i) const { return f(i); } }; template<class F> W<F> mk(F f){ return {f}; } void g(int*p){ k<<<1,1>>>(mk([] __device__ (int i){ return i; }),p); std::function<int(int)> h=[](int i){return i;}; auto cb=[&]{ g(p); }; cb(); }
}
