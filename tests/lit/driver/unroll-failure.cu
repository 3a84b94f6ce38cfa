// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A loop that cannot be unrolled as the program asks is no warning, as with nvcc.
// RUN: accc -arch=sm_80 -cubin -Werror all-warnings %s -o %t.cubin 2>&1 | count 0
__global__ void k(int* out, int n, bool (*again)(int)) {
#pragma unroll
    for (int i = 0; again(i); ++i)
        out[i] = n;
}
