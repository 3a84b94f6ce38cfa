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
namespace p1 { // enum int conv
// CHECK-DAG: .cu:[[#@LINE+1]]:26: error: cannot initialize a variable of type 'E' with an rvalue of type 'int'
enum E{A,B}; void g(){ E e=1; }
} // namespace p1
namespace p2 { // exit dev
// CHECK-DAG: .cu:[[#@LINE+1]]:27: error: no matching function for call to 'exit'
__global__ void k(int*p){ exit(1); }
} // namespace p2
namespace p3 { // extern shared two types
// CHECK-DAG: .cu:[[#@LINE+1]]:104: error: redeclaration of 's' with a different type: 'int[]' vs 'float[]'
__global__ void a(){ extern __shared__ float s[]; s[0]=1; } __global__ void b(){ extern __shared__ int s[]; s[0]=1; }
} // namespace p3
namespace p4 { // goto over init
// CHECK-DAG: .cu:[[#@LINE+1]]:34: error: cannot jump from this goto statement to its label
__global__ void k(int*p){ if(*p) goto out; int x=3; *p=x; out: return; }
} // namespace p4
namespace p5 { // grid constant nonconst
// CHECK-DAG: .cu:[[#@LINE+1]]:40: error: __grid_constant__ is only allowed on const-qualified kernel parameters
struct P{int x[4];}; __global__ void k(__grid_constant__ P p,int*o){*o=p.x[1];}
} // namespace p5
namespace p6 { // h class d op
// CHECK-DAG: .cu:[[#@LINE+1]]:84: error: invalid operands to binary expression ('S' and 'S')
struct S{ int x; __device__ S operator+(S o){return o;} }; int main(){ S a,b; S c=a+b; }
} // namespace p6
namespace p7 { // h const dyn
// CHECK-DAG: .cu:[[#@LINE+1]]:55: error: reference to __host__ variable 'n' in __global__ function
int f(); const int n=f(); __global__ void k(int*q){*q=n;}
} // namespace p7
