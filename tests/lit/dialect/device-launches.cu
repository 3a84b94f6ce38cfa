// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches from device code want relocatable device code.
// nvcc 13.0 refuses this without -rdc, and takes it with it.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck --implicit-check-not=error: %s
// RUN: accc -arch=sm_80 -rdc=true -c %s -o %t.o 2>&1 | count 0
__global__ void child(int* p) { *p = 1; }
__global__ void parent(int* p) {
    // CHECK: .cu:[[#@LINE+1]]:10: error: kernel launch from __device__ or __global__ functions requires separate compilation mode (-rdc=true)
    child<<<1, 1>>>(p);
}
template <class T>
__device__ void generic(T* p) {
    // CHECK: .cu:[[#@LINE+1]]:10: error: kernel launch from __device__ or __global__ functions
    child<<<1, 1>>>(p);
}
__device__ void use(int* p) { generic(p); }
void host(int* p) { child<<<1, 1>>>(p); }
