// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 4 programs.
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
namespace p1 { // vector dev
// CHECK-DAG: .cu:[[#@LINE+2]]:44: error: no matching constructor for initialization of 'std::vector<int>'
// CHECK-DAG: .cu:[[#@LINE+1]]:54: error: no viable overloaded operator[] for type 'std::vector<int>'
__global__ void k(int*p){ std::vector<int> v(3); *p=v[0]; }
} // namespace p1
namespace p2 { // virt mismatch
// CHECK-DAG: .cu:[[#@LINE+1]]:72: error: non-virtual member function marked 'override' hides virtual member function
struct B{ virtual int f(){return 1;} }; struct D:B{ __device__ int f() override{return 2;} };
} // namespace p2
namespace p3 { // void ptr arith
// CHECK-DAG: .cu:[[#@LINE+2]]:31: error: arithmetic on a pointer to void
// CHECK-DAG: .cu:[[#@LINE+1]]:66: error: arithmetic on a pointer to void
__global__ void k(void*p){ p=p+4; *(int*)p=1; } void h(void*p){ p++; }
} // namespace p3
namespace p4 { // void ptr conv
// CHECK-DAG: .cu:[[#@LINE+1]]:32: error: cannot initialize a variable of type 'int *' with an lvalue of type 'void *'
__global__ void k(void*p){ int*q=p; *q=1; }
} // namespace p4
