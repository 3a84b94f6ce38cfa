// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches from device code, with and without -rdc: there is no dynamic parallelism.
// nvcc 13.0 refuses this without -rdc.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck --implicit-check-not=error: %s
// RUN: not accc -arch=sm_80 -rdc=true -c %s -o %t.o 2>&1 | FileCheck --implicit-check-not=error: %s
__global__ void child(int* p) { *p = 1; }
__global__ void parent(int* p) {
    // CHECK: .cu:[[#@LINE+1]]:10: error: a kernel cannot be launched from device code: dynamic parallelism is not supported on this device; launch it from the host
    child<<<1, 1>>>(p);
}
template <class T>
__device__ void generic(T* p) {
    // CHECK: .cu:[[#@LINE+1]]:10: error: a kernel cannot be launched from device code
    child<<<1, 1>>>(p);
}
__device__ void use(int* p) { generic(p); }
void host(int* p) { child<<<1, 1>>>(p); }
