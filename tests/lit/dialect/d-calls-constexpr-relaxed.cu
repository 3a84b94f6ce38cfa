// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 --expt-relaxed-constexpr -c %s -o %t.o
constexpr int h(int x){return x;}
__global__ void k(int*p){*p=h(*p);}
