// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck --implicit-check-not=error: %s
// RUN: accc -arch=sm_80 -DHOST -c %s -o %t.o
#ifndef HOST
// CHECK-DAG: d-thread-local.cu:[[#@LINE+1]]:44: error: variable 'local' in device code cannot be thread-local; each thread has its own copy of a variable without static
__device__ int device() { thread_local int local = 0; return local++; }
// CHECK-DAG: :[[#@LINE+1]]:{{[0-9]+}}: error: variable 'both' in device code
__host__ __device__ int both() { thread_local float both = 0; return both; }
template <class T>
__device__ T instance() {
    // CHECK-DAG: :[[#@LINE+1]]:{{[0-9]+}}: error: variable 'of_template' in device code
    static thread_local T of_template = 0;
    return of_template++;
}
struct Class {
    // CHECK-DAG: :[[#@LINE+1]]:{{[0-9]+}}: error: variable 'of_method' in device code
    __device__ int method() { static thread_local int of_method; return of_method; }
};
__global__ void kernel(int* p) {
    // CHECK-DAG: :[[#@LINE+1]]:{{[0-9]+}}: error: variable 'of_lambda' in device code
    auto lambda = [] { static __thread int of_lambda; return of_lambda; };
    *p = instance<int>() + lambda();
}
// CHECK: 5 errors generated
#endif
thread_local int of_host;
int host() { thread_local int local = 0; return local++ + of_host; }
template <class T>
T host_instance() { static thread_local T local = 0; return local++; }
int main() { return host() + host_instance<int>(); }
