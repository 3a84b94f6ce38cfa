// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 12 programs.
// Errors in kernels and device functions that are C++'s.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -fdevice-syntax-only %s 2>&1 | FileCheck %s
namespace p1 {
__device__ int f() { return 1; }
// CHECK: .cu:[[#@LINE+1]]:14: error: redefinition of 'f'
__host__ int f() { return 2; }
} // namespace p1
namespace p2 {
struct I;
// CHECK: .cu:[[#@LINE+1]]:33: error: field has incomplete type 'I'
template <class T> struct S { I i; };
} // namespace p2
namespace p3 {
// CHECK: .cu:[[#@LINE+1]]:37: error: use of undeclared identifier 'undeclared'
template <class T> int f() { return undeclared(1); }
} // namespace p3
namespace p4 {
// CHECK: .cu:[[#@LINE+1]]:29: error: cannot jump from this goto statement to its label
__global__ void k(int* p) { goto x; int y = 1; x: *p = y; }
} // namespace p4
namespace p5 {
__host__ __device__ constexpr int f(int x) { return x; }
// CHECK: .cu:[[#@LINE+1]]:7: error: 'a' declared as an array with a negative size
int a[f(1) - 2];
} // namespace p5
namespace p6 {
// CHECK: .cu:[[#@LINE+1]]:41: error: static assertion failed due to requirement 'sizeof (x) == 8': int has eight bytes
__device__ int f(int x) { static_assert(sizeof(x) == 8, "int has eight bytes"); return x; }
} // namespace p6
namespace p7 {
// CHECK: .cu:[[#@LINE+2]]:27: error: cannot initialize a variable of type 'int' with an lvalue of type 'const char[2]'
// CHECK: .cu:[[#@LINE+1]]:42: error: cannot initialize a variable of type 'char *' with an rvalue of type 'int'
__device__ void f() { int i = "a"; char* p = 1; }
} // namespace p7
namespace p8 {
// CHECK: .cu:[[#@LINE+1]]:51: error: cannot jump from switch statement to this case label
void f() { switch (1) { case 0: int x = 1; break; case 1: break; } }
} // namespace p8
namespace p9 {
// CHECK: .cu:[[#@LINE+2]]:19: error: no matching constructor for initialization of 'dim3' (aka 'struct dim3')
// CHECK: .cu:[[#@LINE+1]]:36: error: no member named 'w' in 'dim3'
void use() { dim3 d(1, 2, 3, 4); d.w = 1; }
} // namespace p9
namespace p10 {
// CHECK: .cu:[[#@LINE+1]]:39: error: no member named 'w' in 'uint3'
__device__ int f() { return threadIdx.w; }
// CHECK: .cu:[[#@LINE+1]]:35: error: cannot assign to variable 'threadIdx' with const-qualified type 'const uint3'
__device__ void g() { threadIdx.x = 1; }
} // namespace p10
namespace p11 {
// CHECK: .cu:[[#@LINE+2]]:12: error: no matching function for call to 'cudaMalloc'
// CHECK: .cu:[[#@LINE+1]]:27: error: no matching function for call to 'cudaMemcpy'
void f() { cudaMalloc(1); cudaMemcpy(0, 0, 1); }
// CHECK: .cu:[[#@LINE+2]]:37: error: too many arguments to function call, expected 0, have 1
// CHECK: .cu:[[#@LINE+1]]:41: error: no matching function for call to 'atomicAdd'
__device__ void g() { __syncthreads(1); atomicAdd(1, 1); }
} // namespace p11
namespace p12 {
__launch_bounds__(0) __global__ void k() {}
// CHECK: .cu:[[#@LINE+1]]:19: error: 'launch_bounds' attribute requires parameter 0 to be an integer constant
__launch_bounds__("a") __global__ void k2() {}
} // namespace p12
