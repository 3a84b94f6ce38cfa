// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 41 programs: kernels and their launches.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -w -c %s -o %t.o
#include <utility>
namespace p1 { // dim3 brace arr
void f(){ dim3 a[2]={{1,2,3},{4}}; dim3 b=5; dim3 c(a[0]); uint3 d=c; (void)b;(void)d; }
} // namespace p1
namespace p2 { // dim3 constexpr
constexpr dim3 b(16,16,1); static_assert(b.x*b.y==256,""); __global__ void k(){} int main(){ k<<<1,b>>>(); }
} // namespace p2
namespace p3 { // dim3 narrow
__global__ void k(){} void f(int n,long m){ dim3 g={n,1}; dim3 b{(unsigned)m}; k<<<g,b>>>(); k<<<n/2+1,m>>>(); }
} // namespace p3
namespace p4 { // g extern c
extern "C" __global__ void k(int*p){*p=1;} int main(){ k<<<1,1>>>(0); }
} // namespace p4
namespace p5 { // g inline
__inline__ __global__ void k(int*p){ *p=1; }
} // namespace p5
namespace p6 { // g static local
static __global__ void k(int*p){ static int x; *p=x++; }
} // namespace p6
namespace p7 { // grid constant
struct P{int x[4];}; __global__ void k(const __grid_constant__ P p,int*o){*o=p.x[1];}
} // namespace p7
namespace p8 { // grid constant ptr
__global__ void k(int* const __grid_constant__ p){*p=1;}
} // namespace p8
namespace p9 { // kernel array param
__global__ void k(int a[4]){a[0]=1;}
} // namespace p9
namespace p10 { // kernel array ptr
template<int N> __global__ void k(int*p){} using F=void(*)(int*); F t[]={k<1>,k<2>,k<3>}; int main(){ t[1]<<<1,1>>>(0); }
} // namespace p10
namespace p11 { // kernel big
struct S{char a[4000];}; __global__ void k(S s,int*p){*p=s.a[1];}
} // namespace p11
namespace p12 { // kernel comma
__global__ void a(){} int main(){ a<<<1,1>>>(), a<<<2,2>>>(); if(1) a<<<1,1>>>(); else a<<<1,1>>>(); }
} // namespace p12
namespace p13 { // kernel cond
__global__ void a(){} __global__ void b(){} int main(int c,char**){ (c?a:b)<<<1,1>>>(); }
} // namespace p13
namespace p14 { // kernel fnptr param
__global__ void k(int(*f)(int),int*p){*p=f(1);}
} // namespace p14
namespace p15 { // kernel friend class
struct S{ template<class T> friend __global__ void k(T); private: int x; }; template<class T> __global__ void k(T s){ s.x=1; } int main(){ k<<<1,1>>>(S()); }
} // namespace p15
namespace p16 { // kernel gt
__global__ void a(int){} int main(){ int n=1; a<<<(n>2)?1:2,n>1>>>(n); }
} // namespace p16
namespace p17 { // kernel in lambda
__global__ void a(int*){} int main(){ int*p=0; auto l=[&]{ a<<<1,1>>>(p); }; l(); auto m=[=](auto n){ a<<<n,n>>>(p); }; m(3); }
} // namespace p17
namespace p18 { // kernel macro
#define LAUNCH(k,g,b,...) k<<<g,b>>>(__VA_ARGS__)
__global__ void a(int,int){} __global__ void z(){} int main(){ LAUNCH(a,1,2,3,4); LAUNCH(z,1,1); }
} // namespace p18
namespace p19 { // kernel nontrivial copy
struct S{int a; S(int x):a(x){} S(const S&o):a(o.a){} ~S(){} }; __global__ void k(S s){} int main(){ k<<<1,1>>>(S(1)); }
} // namespace p19
namespace p20 { // kernel nontrivial hd
struct S{int a; __host__ __device__ S(int x):a(x){} __host__ __device__ S(const S&o):a(o.a){} __host__ __device__ ~S(){} }; __global__ void k(S s,int*p){*p=s.a;} int main(){ k<<<1,1>>>(S(1),0); }
} // namespace p20
namespace p21 { // kernel ns
namespace a{ namespace b{ __global__ void k(){} } } int main(){ a::b::k<<<1,1>>>(); using namespace a; b::k<<<1,1>>>(); using a::b::k; k<<<1,1>>>(); }
} // namespace p21
namespace p22 { // kernel ns alias
namespace a{ template<int N> __global__ void k(){} } namespace c=a; int main(){ c::k<3><<<1,1>>>(); c::template k<3><<<1,1>>>(); }
} // namespace p22
namespace p23 { // kernel overload
__global__ void a(int){} __global__ void a(float){} int main(){ a<<<1,1>>>(1); a<<<1,1>>>(1.f); }
} // namespace p23
namespace p24 { // kernel overload host
void a(int){} __global__ void a(float){} int main(){ a(1); a<<<1,1>>>(1.f); }
} // namespace p24
namespace p25 { // kernel ptr
__global__ void k(int*p){} typedef void(*F)(int*); int main(){ F f=k; f<<<1,1>>>(0); (*f)<<<1,1>>>(0); auto g=&k; g<<<1,1>>>(0); void*a[1]; cudaLaunchKernel((void*)k,1,1,a,0,0); }
} // namespace p25
namespace p26 { // kernel return launch
__global__ void a(){} void f(){ return a<<<1,1>>>(); }
} // namespace p26
namespace p27 { // kernel shift
__global__ void a(int){} int main(){ int n=1; a<<<1<<n,(n>>1)+1>>>(n<<1); }
} // namespace p27
namespace p28 { // kernel struct arg
struct S{int a; float*b; S(int x):a(x),b(0){} }; __global__ void k(S s){} int main(){ k<<<1,1>>>(S(1)); k<<<1,1>>>(1); }
} // namespace p28
namespace p29 { // kernel tmpl arg
__global__ void a(int*){} template<void(*K)(int*)> void run(){ K<<<1,1>>>(0); } int main(){ run<a>(); }
} // namespace p29
namespace p30 { // kernel tmpl deduce
template<class... A> void launch(void(*k)(A...),A... a){ k<<<1,1>>>(a...); } __global__ void f(int,float){} int main(){ launch(f,1,2.f); }
} // namespace p30
namespace p31 { // kernel tmpl fwd
template<class K,class... A> void launch(K k,A&&... a){ k<<<1,1>>>(std::forward<A>(a)...); } __global__ void f(int,float){} int main(){ launch(f,1,2.f); }
} // namespace p31
namespace p32 { // kernel tmpl value
template<bool B,int N=1> __global__ void a(int){} int main(){ a<true><<<1,1>>>(1); a<(3>2)><<<1,1>>>(1); a<false,(8>>1)><<<1,1>>>(1); }
} // namespace p32
namespace p33 { // kernel virtual
struct B{ __device__ virtual int f(){return 1;} __device__ virtual ~B(){} }; struct D:B{ __device__ int f() override{return 2;} }; __global__ void k(int*p){ D d; B*b=&d; *p=b->f(); B*n=new D; delete n; }
} // namespace p33
namespace p34 { // kernel virtual arg
struct B{ __device__ virtual int f(){return 1;} }; __global__ void k(B b,int*p){*p=b.f();}
} // namespace p34
namespace p35 { // kernel virtual pure
struct B{ __host__ __device__ virtual int f() const=0; }; struct D final:B{ __host__ __device__ int f() const final{return 2;} }; __global__ void k(int*p){ D d; const B&b=d; *p=b.f(); }
} // namespace p35
namespace p36 { // launch bounds big
__global__ void __launch_bounds__(4096) a(){}
} // namespace p36
namespace p37 { // launch bounds decl
__global__ void __launch_bounds__(128) a(); __global__ void a(){}
__global__ void b(); __global__ void __launch_bounds__(128) b(){}
} // namespace p37
namespace p38 { // launch bounds neg
__global__ void __launch_bounds__(-1) a(){}
} // namespace p38
namespace p39 { // launch bounds trail
template<int N> __global__ void d(int*p) __launch_bounds__(N);
} // namespace p39
namespace p40 { // launch bounds two
__global__ void __launch_bounds__(128) __launch_bounds__(64) a(){}
} // namespace p40
namespace p41 { // launch bounds zero
__global__ void __launch_bounds__(0) a(){}
} // namespace p41
