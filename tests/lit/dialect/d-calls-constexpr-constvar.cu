// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses this.
// REQUIRES: accc, accdevicelib
// RUN: not accc -arch=sm_80 -c %s -o %t.o
constexpr int h(int x){return x;}
__global__ void k(int*p){constexpr int y=h(3);*p=y;}
