// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// A redeclaration has the linkage of the first declaration.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -O0 -c %s -o %t.o
// RUN: llvm-nm %t.o | FileCheck %s
// CHECK-DAG: R external_constant
// CHECK-DAG: R external_in_c
// CHECK-DAG: t {{.*}}internal_function
// CHECK-DAG: t {{.*}}internal_both
// CHECK-DAG: t {{.*}}internal_template
// CHECK-DAG: b {{.*}}internal_variable
extern const float external_constant;
const float external_constant = 4500;
extern "C" {
extern const int external_in_c;
}
const int external_in_c = 3;
static int internal_function(int);
int internal_function(int x) { return x + 1; }
static __host__ __device__ int internal_both(int);
__host__ __device__ int internal_both(int x) { return x + 2; }
template <class T>
static T internal_template(T);
template <class T>
T internal_template(T x) {
    return x;
}
static int internal_variable;
extern int internal_variable;
__global__ void k(int* p) { *p = 1; }
int use(int x) { return internal_function(internal_both(internal_template(internal_variable))); }
