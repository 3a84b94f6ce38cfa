// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 72 programs: variables, types and macros.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -w -c %s -o %t.o
#include <algorithm>
#include <vector>
namespace p1 { // align forms
struct __align__(16) A{float x;}; struct B{ __align__(8) char c[8]; }; typedef struct __align__(4) {short a,b;} C; __device__ __align__(32) char buf[64];
typedef struct alignas(8) D_ {int x,y;} D; struct E{int x,y;} __attribute__((aligned(8)));
__global__ void k(){ __shared__ __align__(16) char s[64]; __shared__ alignas(16) float t[4]; s[0]=0; t[0]=0; }
} // namespace p1
namespace p2 { // align macro const
constexpr int N=16; struct __align__(N) A{int x;}; template<int M> struct __align__(M) B{char c;}; B<8> b; static_assert(alignof(B<8>)==8,"");
} // namespace p2
namespace p3 { // align sizeof tmpl
template<class T,int N> struct alignas(sizeof(T)*N) V{T v[N];}; __global__ void k(V<float,4>*p){*p=*p;}
} // namespace p3
namespace p4 { // anon struct
struct M { union { struct { float x,y,z,w; }; float v[4]; float4 q; }; }; __global__ void k(M*p){ p->x=p->v[1]; M m; m.q=p->q; *p=m; }
} // namespace p4
namespace p5 { // anon union ctor
struct N { __device__ N(){} int x; }; struct M { union { N n; int v; }; __device__ M(){} };
} // namespace p5
namespace p6 { // dev const
__device__ __constant__ int c[4]; __constant__ __device__ int d;
__global__ void k(int*p){*p=c[0]+d;}
} // namespace p6
namespace p7 { // dev managed
__device__ __managed__ int c[4]; __managed__ __device__ int d;
} // namespace p7
namespace p8 { // dev shared
__global__ void k(){ __device__ __shared__ int s[4]; s[0]=1; }
} // namespace p8
namespace p9 { // extern shared align
extern __shared__ __align__(16) unsigned char sm[]; __global__ void k(float*p){ extern __shared__ __align__(16) float t[]; *p=sm[0]+t[0]; }
} // namespace p9
namespace p10 { // extern shared global
extern __shared__ float sm[]; __global__ void k(float*p){*p=sm[0];} __device__ float g(){return sm[1];}
} // namespace p10
namespace p11 { // h class d
struct S{ __device__ S(int){} int x; }; int main(){ S*p=0; return p->x; }
} // namespace p11
namespace p12 { // h const float
const float F=3.5f; __global__ void k(float*p){*p=F;}
} // namespace p12
namespace p13 { // h const int
const int F=3; static const double D=2.5; __global__ void k(double*p){*p=F*D;}
} // namespace p13
namespace p14 { // h const read
__constant__ int c=4; int main(){ return c; }
} // namespace p14
namespace p15 { // h const struct
struct P{int a,b;}; const P p={1,2}; __global__ void k(int*q){*q=p.a;}
} // namespace p15
namespace p16 { // h constant constexpr
__constant__ constexpr int c=4; int main(){ return c; }
__global__ void k(int*p){*p=c;}
} // namespace p16
namespace p17 { // h constexpr ptr
constexpr const char*s="abc"; __global__ void k(char*q){*q=s[0];}
} // namespace p17
namespace p18 { // h constexpr struct
struct P{int a,b;}; constexpr P p={1,2}; __global__ void k(int*q){*q=p.a;}
} // namespace p18
namespace p19 { // h dev var array
__device__ float v[8]; __constant__ float c[8]; int main(){ float*p=v; return sizeof(v)/sizeof(v[0]) + (p!=c); }
} // namespace p19
namespace p20 { // h dev var read
__device__ int v; int main(){ return v; }
} // namespace p20
namespace p21 { // h dev var write
__device__ int v; int main(){ v=3; int*p=&v; return sizeof(v); }
} // namespace p21
namespace p22 { // h device const read
__device__ const int c=4; static_assert(c==4,""); int main(){ int a[c]; return c+sizeof(a); }
} // namespace p22
namespace p23 { // h device constexpr
__device__ constexpr int c=4; int main(){ return c; }
} // namespace p23
namespace p24 { // h enum
enum {A=3}; enum class E:char{X=1}; __global__ void k(int*q){*q=A+(int)E::X;}
} // namespace p24
namespace p25 { // h names d symbol
__device__ int (*fp)(int); __device__ int f(int a){return a;}
__device__ int (*const fq)(int)=f;
int main(){ void*h; cudaMemcpyFromSymbol(&h,fp,8); cudaMemcpyFromSymbol(&h,fq,8); }
} // namespace p25
namespace p26 { // h names d tmplarg
typedef int(*F)();
__device__ int f(){return 1;}
template<F g> __global__ void k(int*p){*p=g();}
int main(){ k<f><<<1,1>>>(0); }
} // namespace p26
namespace p27 { // h sizeof array
static int t[3]; __global__ void k(int*q){*q=sizeof(t)/sizeof(t[0]);}
} // namespace p27
namespace p28 { // inline hd static
static inline __host__ __device__ int a(int x){return x;} inline static int __host__ __device__ b(int x){return x;} __host__ __device__ static constexpr int c(int x){return x;}
} // namespace p28
namespace p29 { // local extern fn
__global__ void k(int*p){ extern __device__ int f(int); *p=1; }
} // namespace p29
namespace p30 { // local static const
__global__ void k(float*p,int i){ static const float t[3]={1,2,3}; const float u[3]={1,2,3}; static constexpr int v[2]={1,2}; *p=t[i]+u[i]+v[i&1]; }
} // namespace p30
namespace p31 { // local static shared
__global__ void k(float*p){ static __shared__ float t[3]; static __device__ int d; static __constant__ int c; *p=t[1]+d+c; }
} // namespace p31
namespace p32 { // local typedef
__global__ void k(int*p){ typedef int T; using U=float; enum{Q=4}; constexpr int N=3; T a[N*Q]; a[0]=1; U b=2; *p=a[0]+b; }
} // namespace p32
namespace p33 { // macro builtin undef
#undef __CUDACC__
#undef assert
#undef max
#define max(a,b) ((a)>(b)?(a):(b))
#define min(a,b) ((a)<(b)?(a):(b))
__global__ void k(int*p){*p=max(p[0],min(1,2));}
} // namespace p33
namespace p34 { // macro empty args
#define F(a,b) a b
__global__ void k(int*p){ F(,); F(*p=1;,) }
} // namespace p34
namespace p35 { // macro keywords
#define inline __inline__
#define restrict __restrict__
#define private public
#define shared __shared__
#define device __device__
#define host __host__
#define global __global__
inline device int f(){return 1;} global void k(int* restrict p){ shared int s[3]; s[0]=f(); *p=s[0]; }
} // namespace p35
namespace p36 { // macro redefine
#define A 1
#define A 2
__global__ void k(int*p){*p=A;}
} // namespace p36
namespace p37 { // narrow array
__global__ void k(int n,double d){ int a[2]={(int)d,n}; float f[]={d,n}; char c[]={n}; unsigned u[]={-1}; }
} // namespace p37
namespace p38 { // narrow const dev
__device__ unsigned char c[]={300,-1};
} // namespace p38
namespace p39 { // shared 2d
__global__ void k(float*p){ __shared__ float s[16][16+1]; s[threadIdx.y][threadIdx.x]=1; float (*q)[17]=s; *p=q[1][1]; }
} // namespace p39
namespace p40 { // shared class ctor hd
struct S{ __host__ __device__ S(){} float x; }; __global__ void k(float*p){ __shared__ S s; s.x=1; *p=s.x; }
} // namespace p40
namespace p41 { // shared dev
__global__ void k(){ __shared__ __device__ int s[4]; s[0]=1; }
} // namespace p41
namespace p42 { // shared in loop
__global__ void k(float*p){ for(int i=0;i<2;i++){ __shared__ float s[4]; s[i]=1; *p+=s[i]; } if(*p>1){ __shared__ int t; t=1; } }
} // namespace p42
namespace p43 { // shared lambda
__global__ void k(float*p){ __shared__ float s[4]; auto f=[&](int i){ return s[i]; }; *p=f(1); }
} // namespace p43
namespace p44 { // shared multi
__global__ void k(float*p){ __shared__ float a[4], b[4], *q; __shared__ int c, d; q=a; c=d=1; *p=q[0]+b[c]; }
} // namespace p44
namespace p45 { // shared ref
__global__ void k(float*p){ __shared__ float s[4]; float&r=s[0]; float(&a)[4]=s; r=1; *p=a[0]; }
} // namespace p45
namespace p46 { // shared struct tmpl
template<class T,int N> struct St{ T a[N]; __device__ T& operator[](int i){return a[i];} }; template<class T> __global__ void k(T*p){ __shared__ St<T,32> s; s[1]=1; *p=s[1]; } template __global__ void k(float*);
} // namespace p46
namespace p47 { // shared union
__global__ void k(float*p){ __shared__ union { float f[4]; int i[4]; } u; u.f[0]=1; *p=u.f[1]; }
} // namespace p47
namespace p48 { // shared vol
__global__ void k(float*p){ volatile __shared__ float s[4]; __shared__ volatile int f; s[0]=1; f=1; *p=s[1]+f; }
} // namespace p48
namespace p49 { // static member const
struct S { static const int N=4; static constexpr float F=2.f; }; __global__ void k(float*p){ for(int i=0;i<S::N;i++) p[i]=S::F; }
} // namespace p49
namespace p50 { // static member max
struct S { static constexpr int N=4; }; __global__ void k(int*p,int n){ *p=max(S::N,n); }
} // namespace p50
namespace p51 { // threadidx auto
__global__ void k(int*p){ auto t = threadIdx; auto b = blockDim; p[t.x]=b.x; }
} // namespace p51
namespace p52 { // threadidx capture
__global__ void k(int*p){ auto f=[&]{ return threadIdx.x; }; *p=f(); }
} // namespace p52
namespace p53 { // threadidx copy
__global__ void k(int*p){ uint3 t = threadIdx; dim3 d = blockDim; dim3 g(gridDim); p[t.x]=d.x+g.y; }
} // namespace p53
namespace p54 { // threadidx emul
static thread_local dim3 myIdx;
void h(){ dim3 blockIdx(1,2,3); for(blockIdx.x=0;blockIdx.x<3;blockIdx.x++); }
} // namespace p54
namespace p55 { // threadidx local name
__global__ void k(int*p){ int threadIdx=3; *p=threadIdx; }
} // namespace p55
namespace p56 { // threadidx macro host
#define TID (blockIdx.x*blockDim.x+threadIdx.x)
template<class T> void h(T*p){ for(int i=TID;i<1;i++) p[i]=0; }
int main(){ int a; h(&a); }
} // namespace p56
namespace p57 { // threadidx max
__global__ void k(unsigned*p){ *p=max(threadIdx.x,blockIdx.x); }
} // namespace p57
namespace p58 { // threadidx member ref
__global__ void k(int*p){ const unsigned &x=threadIdx.x; *p=x; }
} // namespace p58
namespace p59 { // threadidx param
void h(dim3 threadIdx){ }
struct S { dim3 blockDim, gridDim; };
void g(dim3 blockDim){ S s; s.blockDim=blockDim; }
} // namespace p59
namespace p60 { // threadidx pass
__device__ int f(uint3 a, dim3 b){return a.x+b.x;}
__global__ void k(int*p){ *p=f(threadIdx,blockDim); }
} // namespace p60
namespace p61 { // threadidx ref
__global__ void k(int*p){ const uint3& t = threadIdx; p[t.x]=1; }
} // namespace p61
namespace p62 { // threadidx sizeof
static_assert(sizeof(threadIdx)==12,"");
__global__ void k(int*p){ *p=sizeof(threadIdx); }
} // namespace p62
namespace p63 { // threadidx tmpl
template<class T> __device__ int f(T a){return a.x;}
__global__ void k(int*p){ *p=f(threadIdx); }
} // namespace p63
namespace p64 { // threadidx tmplref
template<class T> __device__ int f(const T& a){return a.x;}
__global__ void k(int*p){ *p=f(threadIdx)+f(blockDim); }
} // namespace p64
namespace p65 { // tmpl constant var
template<class T> __constant__ T c[4]; __global__ void k(float*p){ *p=c<float>[1]; }
} // namespace p65
namespace p66 { // tmpl device var
template<class T> __device__ T c; __global__ void k(float*p){ *p=c<float>; } int main(){ float x; cudaMemcpyToSymbol(c<float>,&x,4); }
} // namespace p66
namespace p67 { // union vec
union U { float4 v; float a[4]; int4 i; }; __global__ void k(U*p){ U u; u.v=make_float4(1,2,3,4); p[0]=u; }
} // namespace p67
namespace p68 { // vec const ref op
__host__ __device__ inline float4 operator+(const float4&a,const float4&b){return make_float4(a.x+b.x,a.y+b.y,a.z+b.z,a.w+b.w);}
__host__ __device__ inline bool operator==(const int2&a,const int2&b){return a.x==b.x;} __global__ void k(float4*p){p[0]=p[1]+p[2];}
} // namespace p68
namespace p69 { // vec ctor call
__global__ void k(float4*p){ p[0]=float4{1,2,3,4}; }
} // namespace p69
namespace p70 { // vec default init
__global__ void k(float4*p){ float4 a{}; float4 b={}; float4 c={1.f}; int2 d{1,2}; p[0]=a; p[1]=b; p[2]=c; p[0].x=d.x; }
} // namespace p70
namespace p71 { // vec vol
__global__ void k(volatile float4*p, float4*q){ q->x=p->x; volatile int2 a; a.x=1; q->y=a.x; }
} // namespace p71
namespace p72 { // vector size dev
struct S{ std::vector<int> v; int n; }; __global__ void k(S*s,int*p){ *p=s->n; }
} // namespace p72
