// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "header.h"
__device__ int counter = 0;
__device__ int shared_by_units(int x) { return x + 1; }
// The same name as in the other file; both are internal.
static __global__ void kernel(int* p) { *p = -1; }
void launch_unit(int* p) { kernel<<<1, 1>>>(p); }
