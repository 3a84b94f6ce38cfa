// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 7 programs.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -fdevice-syntax-only %s 2>&1 | FileCheck %s
#include <cstdlib>
#include <complex>
#include <cmath>
#include <iostream>
#include <limits>
#include <cfloat>
#include <climits>
#include <algorithm>
#include <utility>
#include <string>
#include <vector>
namespace p1 { // shared static member
// CHECK-DAG: .cu:[[#@LINE+1]]:33: error: static data member 'x' cannot lie in a memory of the device; declare a variable outside of the class
struct S{ static __shared__ int x; };
} // namespace p1
namespace p2 { // shared vla
// CHECK-DAG: .cu:[[#@LINE+2]]:45: error: cannot use variable-length arrays in __global__ functions
// CHECK-DAG: .cu:[[#@LINE+1]]:44: error: variable length array declaration cannot have 'static' storage duration
__global__ void k(int n){ __shared__ float a[n]; }
} // namespace p2
namespace p3 { // static member dev
// CHECK-DAG: .cu:[[#@LINE+4]]:34: error: static data member 'n' cannot lie in a memory of the device; declare a variable outside of the class
// CHECK-DAG: .cu:[[#@LINE+3]]:63: error: static data member 'c' cannot lie in a memory of the device; declare a variable outside of the class
// CHECK-DAG: .cu:[[#@LINE+2]]:90: error: static data member 'n' cannot lie in a memory of the device; declare a variable outside of the class
// CHECK-DAG: .cu:[[#@LINE+1]]:117: error: static data member 'c' cannot lie in a memory of the device; declare a variable outside of the class
struct S { static __device__ int n; static __constant__ float c[4]; }; __device__ int S::n=3; __constant__ float S::c[4];
__global__ void k(int*p){ *p=S::n+S::c[0]; }
} // namespace p3
namespace p4 { // std swap
// CHECK-DAG: .cu:[[#@LINE+1]]:40: error: no matching function for call to 'swap'
__global__ void k(int*p){ int a=3,b=4; std::swap(a,b); *p=a; }
} // namespace p4
namespace p5 { // string dev
// CHECK-DAG: .cu:[[#@LINE+1]]:39: error: no matching constructor for initialization of 'std::string' (aka 'basic_string<char>')
__global__ void k(int*p){ std::string s("a"); }
} // namespace p5
namespace p6 { // threadidx decltype
// CHECK-DAG: .cu:[[#@LINE+2]]:47: error: default initialization of an object of const type 'decltype(threadIdx)' (aka 'const struct uint3') without a user-provided default constructor
// CHECK-DAG: .cu:[[#@LINE+1]]:51: error: no viable overloaded '='
__global__ void k(int*p){ decltype(threadIdx) t; t=threadIdx; *p=t.x; }
} // namespace p6
namespace p7 { // threadidx write
// CHECK-DAG: .cu:[[#@LINE+1]]:33: error: cannot assign to variable 'threadIdx' with const-qualified type 'const uint3' (aka 'const struct uint3')
__global__ void k(){ threadIdx.x=1; }
} // namespace p7
