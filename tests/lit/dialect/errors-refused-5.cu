// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 6 programs.
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
namespace p1 { // nontemplate error
// CHECK-DAG: .cu:[[#@LINE+1]]:33: error: cannot initialize a variable of type 'int' with an lvalue of type 'const char[2]'
template<class T> void f(){ int x = "a"; }
} // namespace p1
namespace p2 { // nontmpl noarg
// CHECK-DAG: .cu:[[#@LINE+1]]:46: error: no member named 'nope' in 'p2::S'
struct S{}; template<class T> void f(S s){ s.nope(); }
} // namespace p2
namespace p3 { // pragma unroll nonconst
__global__ void k(float*p,int n){
// CHECK-DAG: .cu:[[#@LINE+1]]:16: error: expression is not an integral constant expression
#pragma unroll n
for(int i=0;i<n;i++)p[i]=0;
}
} // namespace p3
namespace p4 { // rand dev
// CHECK-DAG: .cu:[[#@LINE+1]]:30: error: no matching function for call to 'rand'
__global__ void k(int*p){ *p=rand(); }
} // namespace p4
namespace p5 { // restrict array
// CHECK-DAG: .cu:[[#@LINE+1]]:26: error: qualifier in array size is a C99 feature, not permitted in C++
__global__ void k(float a[__restrict__], float b[], int c[4]){ b[0]=a[0]; }
} // namespace p5
namespace p6 { // restrict c99
// CHECK-DAG: .cu:[[#@LINE+1]]:35: error: expected ')'
__global__ void k(float* restrict a){ }
} // namespace p6
