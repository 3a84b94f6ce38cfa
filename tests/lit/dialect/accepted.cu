// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 10 programs.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
#include <cstdint>
namespace p1 { // a class that is incomplete where a template names it
struct I;
template <class T>
struct S {
    I m();
    int f() { return m().x; }
};
} // namespace p1
namespace p2 {
int f() {
    char* s = "abc";
    return s[0];
}
} // namespace p2
namespace p3 {
template <int N>
struct A {};
int use() {
    A<3u> a;
    A<-1> b;
    constexpr unsigned n = 1;
    A<n> c;
    long l = 1;
    int z[] = {l};
    int y[] = {(int)l};
    return z[0] + y[0];
}
} // namespace p3
namespace p4 {
int use() {
    uint8_t a = 1, b = 2;
    uint8_t c{a + b};
    uint8_t d[2] = {a + b, a};
    return c + d[0];
}
} // namespace p4
namespace p5 {
int f(int x) {
    if (x) return 1;
}
} // namespace p5
namespace p6 {
__global__ void k();
__global__ void k() {}
} // namespace p6
namespace p7 { // a template that nobody instantiates
__device__ int f(int x) { return x; }
template <class T>
int host(T t) {
    return f(t);
}
} // namespace p7
namespace p8 {
__global__ void k() {}
void use() {
    k<<<1, 1, 0>>>();
    k<<<1, 1, 0, 0>>>();
}
} // namespace p8
namespace p9 {
__global__ void k(int* q) {
    int warpSize = 3;
    q[0] = warpSize;
}
struct T {
    int threadIdx;
};
int f(T t) { return t.threadIdx; }
} // namespace p9
namespace p10 {
int use() {
    int threadIdx = 1, blockDim = 2;
    return threadIdx + blockDim;
}
} // namespace p10
