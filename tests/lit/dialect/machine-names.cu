// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc's host compiler has no functions of the machine before their header is included.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
// RUN: accc -arch=sm_80 -c -DWITH_HEADER %s -o %t.o
#ifdef WITH_HEADER
#include <x86intrin.h>
unsigned long long ticks(unsigned long long start) { return start * __rdtsc() + _rdtsc(); }
#else
#include <stdint.h>
static inline uint64_t __rdtsc() { return 5; }
static void __cpuid(int* registers, int leaf) { registers[0] = leaf; }
uint64_t ticks(uint64_t start) {
    int registers[4];
    __cpuid(registers, 1);
    return start * __rdtsc() + registers[0];
}
#endif
__global__ void kernel(int* p) { *p = 1; }
