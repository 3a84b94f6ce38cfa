// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
const int g=3; const float f=2.f; constexpr float cf=3.f; static const double dd=2.0;
__device__ int d(){return g+f+cf+dd;}
