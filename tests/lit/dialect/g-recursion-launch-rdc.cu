// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -rdc=true -c %s -o %t.o 2>&1 | count 0
__global__ void k(){ k<<<1,1>>>(); }
