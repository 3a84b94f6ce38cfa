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
namespace p1 { // h tmpl calls d
__device__ int f(){return 1;}
// CHECK-DAG: .cu:[[#@LINE+1]]:35: error: no matching function for call to 'f'
template<class T> int g(){ return f(); } int main(){ return g<int>(); }
} // namespace p1
namespace p2 { // h var
// CHECK-DAG: .cu:[[#@LINE+1]]:36: error: reference to __host__ variable 'n' in __global__ function
int n; __global__ void k(int*q){*q=n;}
} // namespace p2
namespace p3 { // implicit int
// CHECK-DAG: .cu:[[#@LINE+1]]:1: error: a type specifier is required for all declarations
f(){return 1;}
} // namespace p3
namespace p4 { // implicit int const
// CHECK-DAG: .cu:[[#@LINE+1]]:7: error: a type specifier is required for all declarations
const y = 3;
} // namespace p4
namespace p5 { // implicit int static
// CHECK-DAG: .cu:[[#@LINE+1]]:8: error: a type specifier is required for all declarations
static x = 3;
} // namespace p5
namespace p6 { // incomplete tmpl
// CHECK-DAG: .cu:[[#@LINE+1]]:51: error: variable has incomplete type 'I'
class I; template<class T> struct A { void f(){ I i; i.x(); } };
} // namespace p6
namespace p7 { // incomplete tmpl3
// CHECK-DAG: .cu:[[#@LINE+1]]:41: error: field has incomplete type 'I'
class I; template<class T> struct A { I member; };
} // namespace p7
