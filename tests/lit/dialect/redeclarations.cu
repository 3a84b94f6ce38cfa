// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 18 programs.
// The execution space is no part of a function's signature: a declaration in another one declares the same function.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: llvm-nm %t.o | FileCheck --check-prefix=HOST %s
// Both sides have a function that belongs to both.
// HOST-DAG: T _ZN2p31fEi
// HOST-DAG: T _ZN2p41fEi
// HOST-DAG: T _ZN2p81S1fEv

namespace p1 { // no warning: a declaration in fewer spaces takes nothing away
__host__ __device__ int f(int);
__device__ int f(int x) { return x; }
} // namespace p1
namespace p2 {
__host__ __device__ int f(int);
int f(int x) { return x; }
} // namespace p2
namespace p3 {
__device__ int f(int);
// CHECK: redeclarations.cu:[[#@LINE+1]]:25: warning: __device__ function 'f' is declared again as __host__ __device__ function; it belongs to both sides now [#20036-D]
__host__ __device__ int f(int x) { return x; }
int use() { return f(2); }
} // namespace p3
namespace p4 {
int f(int);
// CHECK: redeclarations.cu:[[#@LINE+1]]:16: warning: __host__ function 'f' is declared again as __device__ function; it belongs to both sides now [#20039-D]
__device__ int f(int x) { return x; }
__host__ __device__ int use() { return f(1); }
} // namespace p4
namespace p5 {
__device__ int f(int);
// CHECK: redeclarations.cu:[[#@LINE+1]]:5: warning: __device__ function 'f' is declared again as __host__ function; it belongs to both sides now [#20037-D]
int f(int x) { return x; }
} // namespace p5
namespace p6 {
__host__ int f(int);
// CHECK: redeclarations.cu:[[#@LINE+1]]:25: warning: __host__ function 'f' is declared again as __host__ __device__ function; it belongs to both sides now [#20040-D]
__host__ __device__ int f(int x) { return x; }
} // namespace p6
namespace p7 {
struct S {
    __host__ __device__ S();
    __host__ __device__ ~S();
    __host__ __device__ S& operator=(const S&);
    template <class U>
    __host__ __device__ U h(U);
};
S::S() {}
S::~S() {}
S& S::operator=(const S&) { return *this; }
template <class U>
U S::h(U u) {
    return u;
}
__host__ __device__ int use() {
    S s, t;
    s = t;
    return s.h(1);
}
} // namespace p7
namespace p8 {
struct S {
    __device__ int f();
};
// CHECK: redeclarations.cu:[[#@LINE+1]]:8: warning: __device__ function 'f' is declared again as __host__ function
int S::f() { return 1; }
} // namespace p8
namespace p9 {
template <class T>
struct S {
    __device__ T f();
};
// CHECK: redeclarations.cu:[[#@LINE+2]]:9: warning: __device__ function 'f' is declared again as __host__ function
template <class T>
T S<T>::f() {
    return 1;
}
__device__ int use() { return S<int>().f(); }
} // namespace p9
namespace p10 {
template <class T>
__host__ __device__ T f(T);
template <class T>
__device__ T f(T x) {
    return x;
}
__device__ int use() { return f(1); }
} // namespace p10
namespace p11 {
template <class T>
__host__ __device__ T f(T x);
template <>
__device__ int f<int>(int x) {
    return x;
}
__device__ int use() { return f(1); }
} // namespace p11
namespace p12 {
template <class T>
__device__ T f(T);
template <>
int f<int>(int x) {
    return x;
}
__device__ int use() { return f(1); }
} // namespace p12
namespace p13 {
struct S {
    __device__ S();
    __device__ ~S();
};
// CHECK: redeclarations.cu:[[#@LINE+1]]:4: warning: __device__ function 'S' is declared again
S::S() {}
// CHECK: redeclarations.cu:[[#@LINE+1]]:4: warning: __device__ function '~S' is declared again
S::~S() {}
__device__ void use() { S s; }
} // namespace p13
namespace p14 {
extern "C" int p14(int);
// CHECK: redeclarations.cu:[[#@LINE+1]]:36: warning: __host__ function 'p14' is declared again
extern "C" __host__ __device__ int p14(int x) { return x; }
} // namespace p14
namespace p15 {
struct S {
    friend __host__ __device__ int f(S);
};
__host__ __device__ int f(S) { return 1; }
__global__ void k(int n = 1);
void use() { k<<<1, 1>>>(); }
__global__ void k(int n) {}
} // namespace p15
namespace p16 {
__device__ __host__ int f(int);
int f(int);
int use() { return f(1); }
int f(int x) { return x; }
} // namespace p16
namespace p17 { // the second number of a launch is 1 when there is none
__global__ void k() {}
void use() { k<<<1>>>(); }
} // namespace p17
namespace p18 { // a specialisation is one of the template that it fits, whatever else has the name
enum class byte : unsigned char {};
template <class T>
struct Stream {};
template <class T>
__host__ __device__ byte operator>>(byte b, T) {
    return b;
}
template <class T>
Stream<T>& operator>>(Stream<T>& s, T&);
template <>
Stream<int>& operator>>(Stream<int>& s, int&);
template <class T>
__device__ T* f(T* p, int);
template <class T>
__host__ T& f(T& r, long);
template <>
int* f<int>(int* p, int) {
    return p;
}
__device__ int* use(int* p) { return f(p, 1); }
} // namespace p18
