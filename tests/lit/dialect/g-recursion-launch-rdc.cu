// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// Launches from device code are not supported; that is said, with the line.
// XFAIL: *
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -rdc=true -c %s -o %t.o
__global__ void k(){ k<<<1,1>>>(); }
