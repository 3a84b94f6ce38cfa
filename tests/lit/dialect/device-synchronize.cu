// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Waiting for launches in device code is of the first version of dynamic parallelism only.
// nvcc 13.0 refuses the first and the third, and takes the second.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -rdc=true -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: accc -arch=sm_80 -rdc=true -DCUDA_FORCE_CDP1_IF_SUPPORTED -c %s -o %t.o 2>&1 | FileCheck --check-prefix=OLD %s
// RUN: not accc -arch=sm_90 -rdc=true -DCUDA_FORCE_CDP1_IF_SUPPORTED -c %s -o %t.o 2>&1 | FileCheck %s
__global__ void child(int* p) { *p = 1; }
__global__ void parent(int* p) {
    child<<<1, 1>>>(p);
    // CHECK: .cu:[[#@LINE+2]]:5: error: {{.*}}cudaDeviceSynchronize
    // OLD: .cu:[[#@LINE+1]]:5: warning: 'cudaDeviceSynchronize' is deprecated
    cudaDeviceSynchronize();
}
