// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: .cu:[[#@LINE+1]]:23: error: a kernel cannot be launched from device code: dynamic parallelism is not supported on this device; launch it from the host
__global__ void k(){ k<<<1,1>>>(); }
