// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this program.
// An operand of sizeof may name a __device__ function; the call that it is an argument of may not.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
#include <stdlib.h>
using namespace std;
float* p;
void f(int n) {
    p = (float*)malloc(n * sizeof(float));
    free(p);
    void* q[] = {malloc(sizeof(int)), malloc(sizeof n), malloc(sizeof(decltype(n)))};
    (void)q;
}
__device__ long g(long);
template <class T>
long t(T x) {
    return sizeof(g(x)) + noexcept(g(3));
}
long r() {
    return t(3) + sizeof(g(1)) + sizeof g(2);
}
