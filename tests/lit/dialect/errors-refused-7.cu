// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses each of these 9 programs.
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
namespace p1 { // tmpl default twice
// CHECK-DAG: .cu:[[#@LINE+1]]:54: error: template parameter redefines default argument
template<int N=3> __device__ int k(); template<int N=3> __device__ int k(){return N;}
} // namespace p1
namespace p2 { // tmpl extern shared
// CHECK-DAG: .cu:[[#@LINE+1]]:63: error: redeclaration of 's' with a different type: 'double[]' vs 'float[]'
template<class T> __global__ void k(T*p){ extern __shared__ T s[]; s[0]=1; *p=s[0]; } template __global__ void k(float*); template __global__ void k(double*);
} // namespace p2
namespace p3 { // tmpl inst nospace
// CHECK-DAG: .cu:[[#@LINE+1]]:97: error: explicit instantiation of 'k' does not refer to a function template, variable template, member function, member class, or static data member
template<class T> __global__ void k(T*p){} template __global__ void k<int>(int*); template void k<float>(float*);
} // namespace p3
namespace p4 { // tmpl missing template
// CHECK-DAG: .cu:[[#@LINE+1]]:131: error: missing 'template' keyword prior to dependent template name 'f'
template<class T> struct B{ template<int N> __device__ int f(){return N;} }; template<class T> __device__ int g(B<T> b){ return b.f<3>(); } __global__ void k(int*p){*p=g(B<int>());}
} // namespace p4
namespace p5 { // tmpl static dev
// CHECK-DAG: .cu:[[#@LINE+2]]:50: error: static data member 'n' cannot lie in a memory of the device; declare a variable outside of the class
// CHECK-DAG: .cu:[[#@LINE+1]]:93: error: static data member 'n' cannot lie in a memory of the device; declare a variable outside of the class
template<class T> struct S { static __device__ T n; }; template<class T> __device__ T S<T>::n=3; __global__ void k(int*p){ *p=S<int>::n; }
} // namespace p5
namespace p6 { // tmpl two phase
// CHECK-DAG: .cu:[[#@LINE+1]]:47: error: call to function 'g' that is neither visible in the template definition nor found by argument-dependent lookup
template<class T> __device__ T f(T a){ return g(a); } __device__ int g(int a){return a;} __global__ void k(int*p){*p=f(3);}
} // namespace p6
namespace p7 { // undeclared tmpl
// CHECK-DAG: .cu:[[#@LINE+1]]:29: error: use of undeclared identifier 'undeclared'
template<class T> void f(){ undeclared(1); }
} // namespace p7
namespace p8 { // user abs
// CHECK-DAG: .cu:[[#@LINE+4]]:91: error: no matching function for call to 'abs'
// CHECK-DAG: .cu:[[#@LINE+3]]:99: error: no matching function for call to 'abs'
// CHECK-DAG: .cu:[[#@LINE+2]]:109: error: no matching function for call to 'abs'
// CHECK-DAG: .cu:[[#@LINE+1]]:119: error: no matching function for call to 'abs'
__host__ __device__ inline float abs(float2 a){return a.x;} __global__ void k(float*p){*p=abs(-1)+abs(-1.f)+abs(-1.0)+abs(-1L);}
} // namespace p8
namespace p9 { // user max overload
// CHECK-DAG: .cu:[[#@LINE+3]]:161: error: no matching function for call to 'max'
// CHECK-DAG: .cu:[[#@LINE+2]]:185: error: no matching function for call to 'max'
// CHECK-DAG: .cu:[[#@LINE+1]]:195: error: no matching function for call to 'max'
template<class T> __host__ __device__ T max(const T&a,const T&b,const T&c){return a;} __device__ float max(float4 a){return a.x;} __global__ void k(float*p){*p=max(1.f,2.f)+max(1,2,3)+max(1,2u)+max(1.f,2);} 
} // namespace p9
