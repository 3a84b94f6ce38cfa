// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this program, with a warning of the call of 'count'.
// A lambda of a host function may do what a host function may, also when device code names the function.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s --implicit-check-not=warning: --implicit-check-not=error:
#include <stdexcept>

template <class T>
T count(T n) {
    T sum = 0;
    auto add = [&](T i) {
        if (i < 0) throw std::runtime_error("negative");
        sum += i;
    };
    for (T i = 0; i < n; ++i)
        add(i);
    return sum;
}
template <class T>
__host__ __device__ T f(T n) {
#ifndef __CUDA_ARCH__
    return count(n);
#else
    // CHECK: lambda-in-host-function.cu:[[#@LINE+2]]:{{.*}} warning: calling __host__ function 'count
    // CHECK: lambda-in-host-function.cu:[[#@LINE+1]]:{{.*}} warning: calling __host__ function 'count
    return n > 1000 ? count(n) : n;
#endif
}
__global__ void k(int* p, long* q) {
    *p = f(*p);
    *q = f(*q);
}
long use() { return f(3) + f(4l); }
