// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 8 programs.
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
namespace p1 { // abort dev
// CHECK-DAG: .cu:[[#@LINE+1]]:27: error: no matching function for call to 'abort'
__global__ void k(int*p){ abort(); }
} // namespace p1
namespace p2 { // assign host op
// CHECK-DAG: .cu:[[#@LINE+1]]:96: error: no viable overloaded '='
struct B{ int a; B& operator=(const B&o){a=o.a;return *this;} }; __device__ void f(B*a,B*b){ *a=*b; }
} // namespace p2
namespace p3 { // constant dyn
// CHECK-DAG: .cu:[[#@LINE+1]]:29: error: no matching function for call to 'f'
int f(); __constant__ int a=f();
} // namespace p3
namespace p4 { // constant host addr
// CHECK-DAG: .cu:[[#@LINE+1]]:23: error: dynamic initialization is not supported for __device__, __constant__, __shared__, and __managed__ variables
int x; __device__ int*p=&x;
} // namespace p4
namespace p5 { // ctor host default dev
// CHECK-DAG: .cu:[[#@LINE+1]]:78: error: no matching constructor for initialization of 'D'
struct B{ int a; B():a(1){} }; struct D{ B b; }; __global__ void k(int*p){ D d; *p=d.b.a; }
} // namespace p5
namespace p6 { // ctor implicit host member
// CHECK-DAG: .cu:[[#@LINE+1]]:92: error: no matching constructor for initialization of 'D'
struct B{ int a; B(){} B(const B&o){a=o.a;} }; struct D{ B b; }; __device__ void f(D*d){ D e=*d; }
} // namespace p6
namespace p7 { // d new h
// CHECK-DAG: .cu:[[#@LINE+1]]:49: error: no matching constructor for initialization of 'S'
struct S{ S(){} }; __device__ void f(){ S*s=new S; }
} // namespace p7
namespace p8 { // dup case
// CHECK-DAG: .cu:[[#@LINE+1]]:52: error: duplicate case value '1'
__global__ void k(int*p){ switch(*p){ case 1: case 1: *p=2; } }
} // namespace p8
