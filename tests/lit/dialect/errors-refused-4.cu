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
namespace p1 { // incomplete tmpl4
// CHECK-DAG: .cu:[[#@LINE+1]]:48: error: invalid application of 'sizeof' to an incomplete type 'I'
class I; template<class T> int f(I* i){ return sizeof(I); }
} // namespace p1
namespace p2 { // incomplete tmpl6
// CHECK-DAG: .cu:[[#@LINE+3]]:30: error: incomplete result type 'I' in function definition
// CHECK-DAG: .cu:[[#@LINE+2]]:42: error: invalid use of incomplete type 'I'
// CHECK-DAG: .cu:[[#@LINE+1]]:42: error: initialization of incomplete type 'I'
class I; template<class T> I f(){ return I(); }
} // namespace p2
namespace p3 { // int ptr conv
// CHECK-DAG: .cu:[[#@LINE+1]]:26: error: no matching function for call to 'h'
void h(int*p); void g(){ h(1); }
} // namespace p3
namespace p4 { // iostream dev
// CHECK-DAG: .cu:[[#@LINE+2]]:32: error: reference to __host__ variable 'cout' in __global__ function
// CHECK-DAG: .cu:[[#@LINE+1]]:36: error: invalid operands to binary expression ('ostream' (aka 'basic_ostream<char>') and 'int')
__global__ void k(int*p){ std::cout<<1; }
} // namespace p4
namespace p5 { // kernel member launch
// CHECK-DAG: .cu:[[#@LINE+2]]:114: error: no template named 'k' in the global namespace; did you mean simply 'k'?
// CHECK-DAG: .cu:[[#@LINE+1]]:114: error: no template named 'k' in the global namespace; did you mean simply 'k'?
template<class T> __global__ void k(T*){} template<class T> struct S{ void run(){ k<T><<<1,32,sizeof(T)*4>>>(p); ::k<T><<<1,1>>>(p); } T*p; }; int main(){ S<int> s; s.run(); }
} // namespace p5
namespace p6 { // launch bounds dev
// CHECK-DAG: .cu:[[#@LINE+1]]:40: error: __launch_bounds__ is for kernels; 'a' is called, not launched
__device__ void __launch_bounds__(128) a(){}
} // namespace p6
namespace p7 { // local class
// CHECK-DAG: .cu:[[#@LINE+1]]:115: error: reference to __host__ function 'g' in __global__ function
__global__ void k(int*p){ struct L{ int a; __device__ int f(){return a;} int g(){return a;} }; L l{3}; *p=l.f()+l.g(); }
} // namespace p7
namespace p8 { // local class implicit
// CHECK-DAG: .cu:[[#@LINE+1]]:51: error: no matching function for call to object of type 'L'
template<class T> __device__ void f(T t,int*p){*p=t(3);} __global__ void k(int*p){ struct L{ int operator()(int a) const {return a;} }; f(L(),p); }
} // namespace p8
