// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 12 programs.
// What is wrong, where, in words of the program.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -fdevice-syntax-only %s 2>&1 | FileCheck %s
namespace p1 {
__device__ int f() { return 1; }
// CHECK: .cu:[[#@LINE+1]]:20: error: no matching function for call to 'f'
int use() { return f(); }
} // namespace p1
namespace p2 {
struct S { __device__ S() {} };
// CHECK: .cu:[[#@LINE+1]]:16: error: no matching constructor for initialization of 'S'
void use() { S s; }
} // namespace p2
namespace p3 {
void k();
// CHECK: .cu:[[#@LINE+1]]:17: error: __global__ function 'k' cannot overload __host__ function 'k'
__global__ void k() {}
} // namespace p3
namespace p4 {
__global__ void k();
// CHECK: .cu:[[#@LINE+1]]:6: error: __host__ function 'k' cannot overload __global__ function 'k'
void k() {}
} // namespace p4
namespace p5 {
__global__ void k() {}
// CHECK: .cu:[[#@LINE+1]]:30: error: too many execution configuration arguments to kernel function call, expected at most 4, have 5
void use() { k<<<1, 1, 0, 0, 0>>>(); }
} // namespace p5
namespace p6 {
__global__ void k(int) {}
// CHECK: .cu:[[#@LINE+3]]:26: error: too few arguments to function call, expected 1, have 0
// CHECK: .cu:[[#@LINE+2]]:44: error: too many arguments to function call, expected 1, have 2
// CHECK: .cu:[[#@LINE+1]]:60: error: cannot initialize a parameter of type 'int' with an lvalue of type 'const char[2]'
void use() { k<<<1, 1>>>(); k<<<1, 1>>>(1, 2); k<<<1, 1>>>("a"); }
} // namespace p6
namespace p7 {
// CHECK: .cu:[[#@LINE+1]]:12: error: kernel function type 'int ()' must have void return type
__global__ int k() { return 1; }
} // namespace p7
namespace p8 {
// CHECK: .cu:[[#@LINE+1]]:17: error: kernel 'k' cannot have a variable number of arguments; a variadic template can stand for it
__global__ void k(...) {}
} // namespace p8
namespace p9 {
// CHECK: .cu:[[#@LINE+1]]:12: error: 'global' and 'device' attributes are not compatible
__device__ __global__ void k() {}
} // namespace p9
namespace p10 {
// CHECK: .cu:[[#@LINE+1]]:16: error: a __shared__ variable has no initial value; assign to it in the kernel
__shared__ int x = 3;
} // namespace p10
namespace p11 {
__global__ void k() {}
// CHECK: .cu:[[#@LINE+1]]:26: error: call to global function 'k' not configured
__device__ void use() { k(); }
// CHECK: .cu:[[#@LINE+1]]:16: error: call to global function 'k' not configured
void host() { k(); }
} // namespace p11
namespace p12 {
// CHECK: .cu:[[#@LINE+1]]:12: error: kernel function 'k' must be a free function or static member function
struct S { __global__ void k() {} };
} // namespace p12
