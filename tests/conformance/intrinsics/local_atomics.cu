// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Atomics on a thread's own variables: the address is known to be local, or only at run time, where
// neighbours of the same warp may point to global or shared memory.
#include "check.h"

struct Out {
    int old_add, sum, old_cas, swapped, old_max, most;
    float old_f, total_f;
    double old_d, total_d;
    unsigned long long old_64, xored;
    unsigned short old_16, now_16;
};

__device__ __noinline__ int add(int* where, int value) {
    return atomicAdd(where, value);
}

__global__ void own(Out* out) {
    const int t = threadIdx.x;
    Out o;
    int words[4] = {t, t + 1, t + 2, t + 3};
    o.old_add = add(&words[t & 3], 10);
    o.sum = words[0] + words[1] + words[2] + words[3];
    o.old_cas = atomicCAS(&words[3], t + 3, 77); // element 3 has changed where t % 4 is 3
    o.swapped = words[3];
    o.old_max = atomicMax(&words[1], 40);
    o.most = words[1];
    float f = 1.5f * t;
    o.old_f = atomicAdd(&f, 0.25f);
    o.total_f = f;
    double d = 2.5 * t;
    o.old_d = atomicAdd(&d, 0.125);
    o.total_d = d;
    unsigned long long l[2] = {1ull << t, 5};
    o.old_64 = atomicXor(&l[t & 1], ~0ull);
    o.xored = l[t & 1];
    unsigned short h[2] = {(unsigned short)t, 9};
    o.old_16 = atomicCAS(&h[0], (unsigned short)t, (unsigned short)(t + 100));
    o.now_16 = h[0];
    out[t] = o;
}

/// A third of the threads point to their own memory, one to shared, one to global memory.
__global__ void mixed(int* global, int* results) {
    __shared__ int shared;
    const int t = threadIdx.x;
    if (t == 0) shared = 0;
    __syncthreads();
    int own = 1000 + t;
    int* where = t % 3 == 0 ? &own : t % 3 == 1 ? &shared : global;
    add(where, t + 1);
    __syncthreads();
    results[t] = *where;
}

int main() {
    const int n = 96;
    Array<Out> out(n);
    own<<<1, n>>>(out.device());
    wait_for_kernel();
    out.download();
    for (int t = 0; t < n; ++t) {
        const Out& o = out[t];
        int words[4] = {t, t + 1, t + 2, t + 3};
        expect_equal("add", o.old_add, words[t % 4], t);
        words[t % 4] += 10;
        expect_equal("sum", o.sum, 4 * t + 16, t);
        expect_equal("cas", o.old_cas, words[3], t);
        expect_equal("swapped", o.swapped, t % 4 == 3 ? t + 13 : 77, t);
        expect_equal("max", o.old_max, words[1], t);
        expect_equal("most", o.most, words[1] > 40 ? words[1] : 40, t);
        expect_equal("float", o.old_f, 1.5f * t, t);
        expect_equal("float sum", o.total_f, 1.5f * t + 0.25f, t);
        expect_equal("double", o.old_d, 2.5 * t, t);
        expect_equal("double sum", o.total_d, 2.5 * t + 0.125, t);
        const unsigned long long l = t % 2 ? 5 : t < 64 ? 1ull << t : 0;
        if (t < 64) {
            expect_equal("64 bits", o.old_64, l, t);
            expect_equal("inverted", o.xored, ~l, t);
        }
        expect_equal("16 bits", o.old_16, (unsigned short)t, t);
        expect_equal("16 bits swapped", o.now_16, (unsigned short)(t + 100), t);
    }
    Array<int> global(1), results(n);
    global.upload();
    mixed<<<1, n>>>(global.device(), results.device());
    wait_for_kernel();
    global.download();
    results.download();
    int shared_sum = 0, global_sum = 0;
    for (int t = 0; t < n; ++t)
        (t % 3 == 1 ? shared_sum : global_sum) += t % 3 ? t + 1 : 0;
    expect_equal("global sum", global[0], global_sum);
    for (int t = 0; t < n; ++t)
        expect_equal("mixed", results[t],
                     t % 3 == 0   ? 1000 + t + t + 1
                     : t % 3 == 1 ? shared_sum
                                  : global_sum,
                     t);
    return finish();
}
