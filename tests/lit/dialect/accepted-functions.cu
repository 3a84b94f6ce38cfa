// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 62 programs: functions, templates and attributes.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -w -c %s -o %t.o
#include <string>
#include <type_traits>
#include <cmath>
namespace p1 { // asm 64
__device__ long f(long a,double d,float g,short h){ long r; asm("add.s64 %0,%1,%1;":"=l"(r):"l"(a)); double e; asm("add.f64 %0,%1,%1;":"=d"(e):"d"(d)); float q; asm("add.f32 %0,%1,%1;":"=f"(q):"f"(g)); short s; asm("add.s16 %0,%1,%1;":"=h"(s):"h"(h)); return r+e+q+s; }
} // namespace p1
namespace p2 { // asm char
__device__ int f(char a){ int r; asm("mov.u32 %0,%1;":"=r"(r):"r"((int)a)); return r; }
} // namespace p2
namespace p3 { // asm const str
__device__ int f(){ int r; asm("mov.u32 %0,%%laneid;":"=r"(r)); return r; }
} // namespace p3
namespace p4 { // asm forms
__device__ unsigned f(unsigned a){ unsigned r; asm("mov.u32 %0, %1;":"=r"(r):"r"(a)); asm volatile("membar.gl;":::"memory"); __asm__ __volatile__("bar.sync 0;"); asm volatile ("{\n\t.reg .pred p;\n\tsetp.eq.u32 p,%1,0;\n\tselp.u32 %0,1,0,p;\n\t}":"=r"(r):"r"(a)); return r; }
} // namespace p4
namespace p5 { // asm hd arch
__host__ __device__ int f(){ int a=0;
#ifdef __CUDA_ARCH__
asm("mov.u32 %0,1;":"=r"(a));
#endif
return a; }
} // namespace p5
namespace p6 { // asm host x86
void f(){ asm volatile("nop"); int a; asm("movl $1,%0":"=r"(a)); }
} // namespace p6
namespace p7 { // asm inout
__device__ int f(int a,int b){ asm("add.s32 %0,%0,%1;":"+r"(a):"r"(b)); asm("mad.lo.s32 %0,%0,%1,%2;":"+r"(a):"r"(b),"n"(3)); return a; }
} // namespace p7
namespace p8 { // asm ptr
__device__ void f(int*p,int v){ asm volatile("st.global.u32 [%0],%1;"::"l"(p),"r"(v):"memory"); }
} // namespace p8
namespace p9 { // attr cxx
[[nodiscard]] __device__ int f(){return 1;} __device__ [[nodiscard]] int g(){return 1;} [[deprecated("x")]] __global__ void k(){}
} // namespace p9
namespace p10 { // attr hot
__attribute__((hot,flatten,optimize("O3"))) int f(){return 1;} __attribute__((target("avx2"))) void g(){} __attribute__((constructor)) static void h(){} __attribute__((weak)) int w(){return 0;} __attribute__((visibility("hidden"))) __device__ int v(){return 1;}
} // namespace p10
namespace p11 { // attr late
int f() __attribute__((device)); __device__ int f(){return 1;}
} // namespace p11
namespace p12 { // attr may alias
typedef int __attribute__((may_alias)) ia; __global__ void k(float*p){ *(ia*)p=1; }
} // namespace p12
namespace p13 { // attr noreturn
__device__ [[noreturn]] void f(){ __trap(); } __device__ __attribute__((noreturn)) void g(){ __trap(); } [[noreturn]] __device__ void h(){ asm("trap;"); while(1); }
} // namespace p13
namespace p14 { // attr nv
__nv_pure__ __device__ int f(int); 
} // namespace p14
namespace p15 { // attr on ptr
int* __device__ p; __device__ int* q; float __constant__ c[3]; int const __constant__ d=3; static const __device__ int e=4; __device__ static float f2[3]={1,2,3};
} // namespace p15
namespace p16 { // attr unknown
__attribute__((nonsense)) __device__ int f(){return 1;} [[foo::bar]] __device__ int g(){return 1;} [[gnu::always_inline]] inline __device__ int h(){return 1;}
} // namespace p16
namespace p17 { // attr unused
__global__ void k(int*p,int n __attribute__((unused))){ __attribute__((unused)) int a; [[maybe_unused]] int b; *p=1; } static __attribute__((unused)) __device__ void f(){} __device__ __attribute__((unused)) static int g(){return 1;}
} // namespace p17
namespace p18 { // attr vector
typedef float v4 __attribute__((vector_size(16))); v4 h(v4 a){return a+a;}
} // namespace p18
namespace p19 { // device friend
struct S{ friend __device__ int f(S s){return s.x;} friend __host__ __device__ bool operator<(const S&a,const S&b){return a.x<b.x;} private: int x; }; __device__ int g(S s){return f(s);}
} // namespace p19
namespace p20 { // eq default mixed
struct A{ __device__ A(){} }; struct B{ A a; int x; }; __global__ void k(int*p){ B b; *p=b.x; }
} // namespace p20
namespace p21 { // eq default mixed2
struct A{ __host__ __device__ A(){} A(int){} }; struct B:A{ int x; B()=default; }; __global__ void k(int*p){ B b; *p=b.x; } void h(){ B b; }
} // namespace p21
namespace p22 { // explicit inst class
template<class T> struct S{ __device__ T f(T a){return a;} void h(){} }; template struct S<int>; extern template struct S<float>;
} // namespace p22
namespace p23 { // explicit spec device
template<class T> __device__ T f(T a){return a;} template<> __device__ int f(int a){return a+1;} template<> __device__ __forceinline__ double f<double>(double a){return a;} __global__ void k(int*p){*p=f(*p);}
} // namespace p23
namespace p24 { // explicit spec kernel
template<class T> __global__ void k(T*p){*p=1;} template<> __global__ void k<float>(float*p){*p=2;} int main(){k<<<1,1>>>((float*)0);}
} // namespace p24
namespace p25 { // forceinline before
__forceinline__ __device__ int f(){return 1;} __device__ __forceinline__ int g(){return 1;} static __forceinline__ __device__ __host__ int h(){return 1;} __device__ inline __attribute__((always_inline)) int i(){return 2;}
int main(){return h();}
} // namespace p25
namespace p26 { // friend op
struct V{ float x; friend __host__ __device__ V operator*(float a,V b){return V{a*b.x};} __host__ __device__ friend V operator+(V a,V b){return V{a.x+b.x};} friend inline __device__ V operator-(V a,V b){return a;} }; __global__ void k(V*p){*p=2.f*p[1]+p[2]-p[3];}
} // namespace p26
namespace p27 { // hd default host member
struct B{ std::string s; __host__ __device__ B(){} }; 
} // namespace p27
namespace p28 { // hd default host member2
struct B{ std::string s; __host__ __device__ B()=default; int x; }; void f(){ B b; }
} // namespace p28
namespace p29 { // noinline attr
__attribute__((noinline)) __device__ int f(){return 1;}
} // namespace p29
namespace p30 { // noinline kw
__noinline__ __device__ int f(){return 1;} __device__ __noinline__ int g(){return 1;} __noinline__ __host__ void h(){}
__device__ __inline__ __noinline__ int q(){return 1;}
} // namespace p30
namespace p31 { // op forms
struct V{ float v[3]; __host__ __device__ float& operator[](int i){return v[i];} __host__ __device__ const float& operator[](int i) const {return v[i];} __device__ operator float() const {return v[0];} __host__ __device__ V& operator+=(const V&o){v[0]+=o[0];return *this;} explicit __device__ operator bool() const {return v[0]!=0;} __device__ V operator-() const {return *this;} __device__ bool operator!() const {return true;} __device__ V* operator->(){return this;} __device__ V& operator++(){return *this;} __device__ V operator++(int){return *this;} }; __global__ void k(V*p){ V a=p[0]; a+=p[1]; ++a; a++; if(a) p[0]=-a; }
} // namespace p31
namespace p32 { // pragma gcc diag
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wnonsense-made-up"
#pragma GCC diagnostic pop
#pragma hd_warning_disable
#pragma nv_exec_check_disable
#pragma once
__host__ __device__ void f(){}
} // namespace p32
namespace p33 { // pragma nounroll
__global__ void k(float*p,int n){
#pragma nounroll
for(int i=0;i<n;i++)p[i]=0;
}
} // namespace p33
namespace p34 { // pragma nv abi
#pragma nv_abi preserve_n_data(5) 
__device__ int f(int a){return a;}
} // namespace p34
namespace p35 { // pragma nv exec
void h(){}
#pragma nv_exec_check_disable
template<class F> __host__ __device__ void f(F g){ g(); }
#pragma hd_warning_disable
__host__ __device__ void g(){ h(); }
} // namespace p35
namespace p36 { // pragma pack
#pragma pack(push,1)
struct S{char a;int b;};
#pragma pack(pop)
static_assert(sizeof(S)==5,""); __global__ void k(S*p){p->b=1;}
} // namespace p36
namespace p37 { // pragma unroll
__global__ void k(float*p,int n){
#pragma unroll
for(int i=0;i<4;i++)p[i]=0;
#pragma unroll 4
for(int i=0;i<n;i++)p[i]=0;
#pragma unroll(2)
for(int i=0;i<n;i++)p[i]=0;
#pragma unroll 1
while(n--)p[n]=1;
_Pragma("unroll") for(int i=0;i<4;i++)p[i]=0;
_Pragma("unroll 2") for(int i=0;i<4;i++)p[i]=0;
}
} // namespace p37
namespace p38 { // pragma unroll decl
__global__ void k(float*p,int n){
#pragma unroll
int x=n; p[0]=x;
}
} // namespace p38
namespace p39 { // pragma unroll do
__global__ void k(float*p,int n){
#pragma unroll
do { p[n]=0; } while(--n);
}
} // namespace p39
namespace p40 { // pragma unroll host
void h(float*p,int n){
#pragma unroll 4
for(int i=0;i<n;i++)p[i]=0;
}
} // namespace p40
namespace p41 { // pragma unroll if
__global__ void k(float*p,int n){
#pragma unroll
if(n) for(int i=0;i<n;i++)p[i]=0;
}
} // namespace p41
namespace p42 { // pragma unroll label
__global__ void k(float*p,int n){
#pragma unroll
again: for(int i=0;i<n;i++)p[i]=0; if(n<0) goto again;
}
} // namespace p42
namespace p43 { // pragma unroll nonloop
__global__ void k(float*p,int n){
#pragma unroll
p[0]=1;
#pragma unroll 4
{ p[1]=2; }
}
} // namespace p43
namespace p44 { // pragma unroll two
__global__ void k(float*p,int n){
#pragma unroll
#pragma unroll 4
for(int i=0;i<n;i++)p[i]=0;
}
} // namespace p44
namespace p45 { // pragma unroll zero
__global__ void k(float*p,int n){
#pragma unroll 0
for(int i=0;i<n;i++)p[i]=0;
}
} // namespace p45
namespace p46 { // restrict forms
__global__ void k(const float* __restrict__ a, float* __restrict b, float* const __restrict__ c, const int* const __restrict__ d){ b[0]=a[0]; }
__device__ void f(float * __restrict__ const a){}
struct S{ float* __restrict__ p; };
} // namespace p46
namespace p47 { // tmpl crtp
template<class D> struct B{ __device__ int run(){return static_cast<D*>(this)->impl();} }; struct D:B<D>{ __device__ int impl(){return 3;} }; __global__ void k(int*p){D d;*p=d.run();}
} // namespace p47
namespace p48 { // tmpl default redef
template<int N=3> __global__ void k(); template<int N> __global__ void k(){} int main(){k<><<<1,1>>>();k<<<1,1>>>();}
} // namespace p48
namespace p49 { // tmpl depname
template<class T> struct B{ typedef T type; static const int n=3; T m; }; template<class T> struct D:B<T>{ typedef B<T> base; using typename B<T>::type; using base::m; __device__ T f(){ typename B<T>::type x=m; return x+base::n+this->m; } }; __global__ void k(int*p){D<int> d; d.m=1; *p=d.f();}
} // namespace p49
namespace p50 { // tmpl extern shared trick
template<class T> struct Sh{ __device__ operator T*(){ extern __shared__ int s[]; return (T*)s; } }; template<> struct Sh<double>{ __device__ operator double*(){ extern __shared__ double d[]; return d; } }; __global__ void k(double*p){ double*s=Sh<double>(); *p=s[0]; float*q=Sh<float>(); *p+=q[0]; }
} // namespace p50
namespace p51 { // tmpl inst space
template<class T> __device__ T f(T); template __device__ int f<int>(int); template<class T> __device__ T f(T a){return a;}
} // namespace p51
namespace p52 { // tmpl sfinae
template<class T> __device__ typename std::enable_if<std::is_integral<T>::value,int>::type f(T){return 1;} template<class T> __device__ typename std::enable_if<!std::is_integral<T>::value,int>::type f(T){return 2;} __global__ void k(int*p){*p=f(1)+f(1.f);}
} // namespace p52
namespace p53 { // tmpl tag
struct tag{}; template<class T,class=void> struct Tr{ static __device__ int f(){return 1;} }; template<class T> struct Tr<T,typename T::x>{ static __device__ int f(){return 2;} }; __global__ void k(int*p){*p=Tr<int>::f();}
} // namespace p53
namespace p54 { // tmpl tmpl
template<template<class> class C,class T> __global__ void k(C<T>*p){p->v=1;} template<class T> struct V{T v;}; int main(){ V<int>*v=0; k<<<1,1>>>(v); k<V,int><<<1,1>>>(v); }
} // namespace p54
namespace p55 { // tmpl two phase adl
struct S{int a;}; template<class T> __device__ int f(T a){ return g(a); } __device__ int g(S a){return a.a;} __global__ void k(int*p){*p=f(S());}
} // namespace p55
namespace p56 { // tmpl variadic
template<class... T> __global__ void k(T*... p){ int d[]={(*p=1,0)...}; (void)d; } int main(){ int*a=0; float*b=0; k<<<1,1>>>(a,b); k<int,float><<<1,1>>>(a,b); }
} // namespace p56
namespace p57 { // user atomicadd clash
__device__ double atomicAdd(double*a,double b){ return 0; }
} // namespace p57
namespace p58 { // user atomicadd double
__device__ double atomicAdd2(double*a,double b){ return atomicAdd(a,b); }
} // namespace p58
namespace p59 { // user atomicadd own
#if __CUDA_ARCH__ < 600
__device__ double atomicAdd(double*a,double b){ return 0; }
#endif
__global__ void k(double*p){atomicAdd(p,1.0);}
} // namespace p59
namespace p60 { // user isnan
__global__ void k(float*p,double*q){ if(isnan(*p)||isinf(*p)||std::isnan(*q)||::isfinite(*q)||signbit(*p)) *p=1; }
} // namespace p60
namespace p61 { // user ops float4
inline __device__ void operator+=(float4&a,float4 b){a.x+=b.x;} inline __host__ __device__ float dot(float3 a,float3 b){return a.x*b.x;} inline __device__ __host__ float lerp(float a,float b,float t){return a+t*(b-a);} inline __device__ __host__ float clamp(float f,float a,float b){return fmaxf(a,fminf(f,b));} inline float rsqrtf(float x){return 1;}
} // namespace p61
namespace p62 { // user swap
template<class T> __device__ void swap(T&a,T&b){T c=a;a=b;b=c;} __global__ void k(int*p){swap(p[0],p[1]);}
} // namespace p62
