// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Control flow that the translator has host code for: translated/host_code runs this program and
// wants that no warp is handed over to the interpreter (docs/translator.md).
#include "../common/check.h"

/// Threads of a warp go round for very different times, and nobody waits for another.
__global__ void long_loops(unsigned* out) {
    unsigned x = threadIdx.x * 2654435761u + 1, n = 0;
    while (n < threadIdx.x * 1000) {
        x = x * 1664525u + 1013904223u;
        n += (x >> 31) ? 1 : 2;
    }
    out[threadIdx.x] = x ^ n;
}
static unsigned long_loop(unsigned thread) {
    unsigned x = thread * 2654435761u + 1, n = 0;
    while (n < thread * 1000) {
        x = x * 1664525u + 1013904223u;
        n += (x >> 31) ? 1 : 2;
    }
    return x ^ n;
}

int main() {
    unsigned* out;
    CHECK(cudaMallocManaged(&out, 64 * sizeof(unsigned)));
    long_loops<<<1, 64>>>(out);
    CHECK(cudaDeviceSynchronize());
    for (unsigned i = 0; i < 64; ++i)
        EXPECT(out[i] == long_loop(i), "thread %u", i);
    return finish();
}
