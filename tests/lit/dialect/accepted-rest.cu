// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 41 programs: the language and its library.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -w -c %s -o %t.o
#include <assert.h>
#include <cassert>
#include <time.h>
#include <cuComplex.h>
#include <cuda_fp16.h>
#include <cuda_bf16.h>
#include <immintrin.h>
#include <x86intrin.h>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdio.h>
#include <cstdio>
#include <utility>
namespace p1 { // alt tokens
__global__ void k(int*p){ if(not *p and 1 or 0) *p=compl 3; }
} // namespace p1
namespace p2 { // array range init
__device__ int a[10]={[2]=3,[4]=5};
} // namespace p2
namespace p3 { // array range init2
__device__ int a[10]={[0 ... 3]=3};
} // namespace p3
namespace p4 { // assert forms
__global__ void k(int*p){ assert(*p>0); assert(p&&"msg"); } __host__ __device__ void f(int a){ assert(a); }
} // namespace p4
namespace p5 { // assert own ndebug
#define NDEBUG
extern "C" __device__ void __assert_fail(const char*,const char*,unsigned,const char*){}
__global__ void k(int*p){ assert(*p>0); }
} // namespace p5
namespace p6 { // assertfail call
__global__ void k(int*p){ __assert_fail("a","b",3,"f"); }
} // namespace p6
namespace p7 { // assertfail overload
__host__ __device__ void __assert_fail(const char*a,int b){} 
__global__ void k(int*p){ __assert_fail("a",3); }
} // namespace p7
namespace p8 { // clock dev
__global__ void k(long long*p){ *p=clock()+clock64(); }
} // namespace p8
namespace p9 { // compound literal
struct P{int a,b;}; __global__ void k(P*p){ *p=(P){1,2}; int*q=(int[]){1,2,3}; p->a=q[1]; }
} // namespace p9
namespace p10 { // compound literal vec
__global__ void k(float4*p){ *p=(float4){1,2,3,4}; }
} // namespace p10
namespace p11 { // cucomplex
__global__ void k(cuFloatComplex*p){ *p=cuCmulf(p[0],p[1]); cuDoubleComplex d=make_cuDoubleComplex(1,2); p->x=cuCabs(d)+cuCreal(d); }
} // namespace p11
namespace p12 { // cxx98 trigraph
int a='??/'; 
} // namespace p12
namespace p13 { // digraphs
__global__ void k(int*p)<% p<:0:>=1; %>
} // namespace p13
namespace p14 { // elvis
__global__ void k(int*p){ *p=*p?:3; }
} // namespace p14
namespace p15 { // file line
__global__ void k(int*p){ const char*f=__FILE__; const char*g=__func__; const char*h=__PRETTY_FUNCTION__; *p=f[0]+g[0]+h[0]+__LINE__+__FUNCTION__[0]; }
} // namespace p15
namespace p16 { // float lit
__global__ void k(float*p){ *p=1.f+.5F+0x1p-3f+1e-3+1.0l; }
} // namespace p16
namespace p17 { // float128
__float128 f(__float128 a){return a;}
} // namespace p17
namespace p18 { // goto switch
__global__ void k(int*p){ int i=0; again: switch(*p){ case 1: case 2: i++; break; case 3 ... 5: i+=2; default: if(i<3) goto again; } *p=i; }
} // namespace p18
namespace p19 { // half types
__global__ void k(__half*p,__nv_bfloat16*q){ *p=__float2half(1.f); *p=*p+*p; half2 h=__half2half2(*p); *q=__float2bfloat16(2.f); float f=*p; f=__half2float(*p); *p=f; __half r=1; r+=p[0]; bool b=p[0]<r; *q=*q*(__nv_bfloat16)2.f; if(b)*p=r; }
} // namespace p19
namespace p20 { // immintrin
void h(float*a){ __m128 x=_mm_loadu_ps(a); _mm_storeu_ps(a,_mm_add_ps(x,x)); __m256i z; (void)z; unsigned long long t=__rdtsc(); (void)t; }
} // namespace p20
namespace p21 { // incomplete tmpl5
class I; template<class T> int f(I* i){ delete i; return 0; }
} // namespace p21
namespace p22 { // int lit
__global__ void k(unsigned*p,unsigned long long*q){ *p=0xffffffff+0b1010+1'000; *q=0xffffffffffffffffULL+18446744073709551615u; int x=2147483648; *p+=x; }
} // namespace p22
namespace p23 { // int128
__device__ __int128 f(__int128 a){return a*a;} unsigned __int128 g(unsigned __int128 a){return a/3;}
} // namespace p23
namespace p24 { // jump shared
__global__ void k(int*p){ if(*p) goto out; __shared__ int x; x=3; *p=x; out: return; }
} // namespace p24
namespace p25 { // malloc dev
__global__ void k(int**p){ *p=(int*)malloc(4); free(*p); int*q=new int[3]; delete[] q; }
} // namespace p25
namespace p26 { // maxnreg
__global__ void __maxnreg__(32) a(){}
} // namespace p26
namespace p27 { // memcpy dev
__global__ void k(char*p){ memcpy(p,p+16,16); memset(p,0,4); ::memcpy(p,p+1,2); std::memcpy(p,p+3,1); }
} // namespace p27
namespace p28 { // missing return
__device__ int f(int a){ if(a) return 1; } int g(){ }
} // namespace p28
namespace p29 { // nullptr default
__global__ void k(int*p,int*q=nullptr){ if(q)*p=*q; } int main(){ k<<<1,1>>>(nullptr); k<<<1,1>>>(0); k<<<1,1>>>(NULL); }
} // namespace p29
namespace p30 { // placement new
struct S{ int a; __device__ S(int x):a(x){} }; __global__ void k(char*p){ S*s=new(p) S(3); s->~S(); }
} // namespace p30
namespace p31 { // plain lambda recursive y
__global__ void k(int*p){ auto f=[](auto self,int n)->int { return n<2?1:n*self(self,n-1); }; *p=f(f,4); }
} // namespace p31
namespace p32 { // printf forms
__global__ void k(int*p){ printf("%d %s\n",*p,"a"); ::printf("x"); std::printf("y"); int n=printf("%f",1.0); *p=n; }
} // namespace p32
namespace p33 { // return none
__device__ int f(){ return; }
} // namespace p33
namespace p34 { // std move
__global__ void k(int*p){ int a=3; int b=std::move(a); *p=std::forward<int>(b); }
} // namespace p34
namespace p35 { // stmt expr
__global__ void k(int*p){ *p=({ int a=3; a+1; }); }
} // namespace p35
namespace p36 { // string const conv
void h(char*p); void g(){ h("abc"); } __global__ void k(char*q){ char*s="abc"; *q=s[0]; }
} // namespace p36
namespace p37 { // switch over init
__global__ void k(int*p){ switch(*p){ case 1: int x=3; *p=x; break; case 2: *p=2; } }
} // namespace p37
namespace p38 { // undeclared tmpl dep
template<class T> void f(T t){ undeclared(t); }
} // namespace p38
namespace p39 { // var template spec
template<class T> struct Tr{static constexpr bool v=false;}; template<> struct Tr<int>{static constexpr bool v=true;}; template<class T> constexpr bool tr=Tr<T>::v; template<class T> __global__ void k(T*p){ if(tr<T>) *p=1; } template __global__ void k(int*);
} // namespace p39
namespace p40 { // vararg macro gnu
#define P(fmt,args...) printf(fmt,##args)
__global__ void k(int*p){ P("a"); P("%d",1); }
} // namespace p40
namespace p41 { // zero array
struct S{ int n; float a[0]; }; struct T{ int n; float a[]; }; __global__ void k(S*s,T*t){ s->a[0]=t->a[1]; }
} // namespace p41
