// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 6 programs.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -fdevice-syntax-only %s 2>&1 | FileCheck %s
namespace p1 {
struct S {
    // CHECK: .cu:[[#@LINE+1]]:27: error: static data member 'x' cannot lie in a memory of the device; declare a variable outside of the class
    static __device__ int x;
};
} // namespace p1
namespace p2 {
template <class T>
struct S {
    // CHECK: .cu:[[#@LINE+1]]:27: error: static data member 'x' cannot lie in a memory of the device
    static __constant__ T x[4];
};
} // namespace p2
namespace p3 {
struct S {
    // CHECK: .cu:[[#@LINE+1]]:27: error: static data member 'x' cannot lie in a memory of the device
    static __shared__ int x;
};
} // namespace p3
namespace p4 {
// CHECK: .cu:[[#@LINE+1]]:40: error: __launch_bounds__ is for kernels; 'f' is called, not launched
__device__ void __launch_bounds__(128) f() {}
} // namespace p4
namespace p5 {
// CHECK: .cu:[[#@LINE+1]]:31: error: __launch_bounds__ is for kernels; 'f' is called, not launched
void __launch_bounds__(64, 2) f() {}
} // namespace p5
namespace p6 {
struct P { int a, b; };
// CHECK: .cu:[[#@LINE+1]]:21: error: {{.*}}field designators to be specified in declaration order
P p = {.b = 1, .a = 2};
} // namespace p6
