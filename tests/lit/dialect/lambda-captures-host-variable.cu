// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this program.
// A reference to a variable of the host is of no use in a kernel.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -extended-lambda -c %s -o %t.o 2>&1 | FileCheck %s
template <class F>
__global__ void k(F f) {
    f();
}
void use() {
    int n = 1;
    // CHECK: lambda-captures-host-variable.cu:[[#@LINE+1]]:{{.*}} error: capture host variable 'n' by reference
    k<<<1, 1>>>([&] __device__ { n = 2; });
}
