// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts each of these 16 programs, with a warning where there is one here.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o 2> %t.said
// RUN: FileCheck %s --input-file %t.said
// RUN: FileCheck %s --input-file %t.said --check-prefix INSTANCE
// RUN: accc -arch=sm_80 -w -c %s -o %t.o 2>&1 | count 0
// CHECK-NOT: error:
namespace p1 {
__global__ void k(float* p, int n) {
#pragma unroll
    // CHECK: .cu:[[#@LINE+1]]:5: warning: #pragma unroll is not in front of a loop and has no effect [#20058-D]
    p[0] = 1;
#pragma unroll 4
    // CHECK: .cu:[[#@LINE+1]]:5: warning: #pragma unroll is not in front of a loop
    { p[1] = 2; }
}
} // namespace p1
namespace p2 {
__global__ void k(float* p, int n) {
#pragma unroll
    // CHECK: .cu:[[#@LINE+1]]:5: warning: #pragma unroll is not in front of a loop
    if (n)
        for (int i = 0; i < n; i++) p[i] = 0;
}
} // namespace p2
namespace p3 {
__global__ void k(float* p, int n) {
#pragma unroll
    // CHECK: .cu:[[#@LINE+1]]:5: warning: #pragma unroll is not in front of a loop
    int x = n;
    p[x] = 0;
}
} // namespace p3
namespace p4 {
__global__ void k(float* p, int n) {
#pragma unroll
    // CHECK: .cu:[[#@LINE+1]]:1: warning: #pragma unroll is not in front of a loop
again:
    for (int i = 0; i < n; i++) p[i] = 0;
    if (n < 0) goto again;
}
} // namespace p4
namespace p5 {
__global__ void k(float* p, int n) {
#pragma unroll
#pragma unroll 4
    for (int i = 0; i < n; i++) p[i] = 0;
}
} // namespace p5
namespace p6 {
[[nodiscard]] __device__ int f() { return 1; }
__device__ [[nodiscard]] int g() { return 1; }
__host__ __device__ [[deprecated]] inline int h() { return 1; }
} // namespace p6
namespace p7 {
__device__ [[noreturn]] void f() { while (true) __trap(); }
} // namespace p7
namespace p8 {
__attribute__((target_clones("avx2", "default"))) int f(int a) { return a + 1; }
int use() { return f(1); }
} // namespace p8
namespace p9 {
__global__ void k(int* p) {
    __device__ __shared__ int s[4];
    s[0] = 1;
    *p = s[0];
}
} // namespace p9
namespace p10 {
__global__ void k(int* p) {
    __shared__ __device__ int s[4], t;
    s[0] = t = 1;
    *p = s[0] + t;
}
} // namespace p10
namespace p11 {
// CHECK: .cu:[[#@LINE+1]]:22: warning: non-void function 'f' should return a value
__device__ int f() { return; }
} // namespace p11
namespace p12 {
__global__ void k(int* p) {
    switch (*p) {
    case 1: int x = 3; *p = x; break;
    // CHECK: .cu:[[#@LINE+1]]:5: warning: this case is reached past the initialization of a variable, which has no value then [#546-D]
    case 2: *p = 2;
    }
}
} // namespace p12
namespace p13 {
__global__ void __launch_bounds__(4096) k() {}
} // namespace p13
namespace p14 {
int f() { return threadIdx.x; }
template <class T> T g(T x) { return x + blockIdx.x * blockDim.x; }
__host__ __device__ int h() { return gridDim.x; }
} // namespace p14
// CHECK: .cu:[[#@LINE+1]]:1: warning: the return type of 'main' is missing; it is int [#938-D]
main() {}
namespace p16 { // numbers that say nothing
template <int N>
__global__ void k(float* p) {
    // CHECK: .cu:[[#@LINE+1]]:16: warning: the number of #pragma unroll is not positive; the pragma has no effect [#20168-D]
#pragma unroll -1
    for (int i = 0; i < 4; i++) p[i] = 0;
    // CHECK: .cu:[[#@LINE+1]]:16: warning: the number of #pragma unroll is no int; the pragma has no effect [#20167-D]
#pragma unroll 5000000000
    for (int i = 0; i < 4; i++) p[i] = 1;
    // INSTANCE: .cu:[[#@LINE+1]]:16: warning: the number of #pragma unroll is not positive
#pragma unroll N
    for (int i = 0; i < 4; i++) p[i] = 2;
}
void use(float* p) {
    k<-1><<<1, 1>>>(p);
    k<2><<<1, 1>>>(p);
#pragma unroll -1
    for (int i = 0; i < 4; i++) p[i] = 3;
}
} // namespace p16
