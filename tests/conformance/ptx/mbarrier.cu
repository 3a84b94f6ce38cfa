// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mbarrier objects of inline PTX: phases, tokens and parities, counts, drops, transactions and
// asynchronous copies that arrive. Expected values follow from the PTX manual's state machine.
#include "ptx.h"

__device__ u32 shared_address(const void* p) {
    return (u32)__cvta_generic_to_shared(p);
}
__device__ void init(u64* barrier, u32 count) {
    asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(count)
                 : "memory");
}
__device__ u64 arrive(u64* barrier) {
    u64 token;
    asm volatile("mbarrier.arrive.release.cta.shared::cta.b64 %0, [%1];"
                 : "=l"(token)
                 : "r"(shared_address(barrier))
                 : "memory");
    return token;
}
__device__ bool done(u64* barrier, u64 token) {
    u32 result;
    asm volatile("{.reg .pred p; mbarrier.test_wait.shared.b64 p, [%1], %2; selp.u32 %0, 1, 0, p;}"
                 : "=r"(result)
                 : "r"(shared_address(barrier)), "l"(token)
                 : "memory");
    return result;
}
__device__ bool done_parity(u64* barrier, u32 parity) {
    u32 result;
    asm volatile("{.reg .pred p;\n"
                 "mbarrier.try_wait.parity.acquire.cta.shared::cta.b64 p, [%1], %2, %3;\n"
                 "selp.u32 %0, 1, 0, p;}"
                 : "=r"(result)
                 : "r"(shared_address(barrier)), "r"(parity), "r"(1000)
                 : "memory");
    return result;
}
__device__ u32 pending(u64 token) {
    u32 result;
    asm volatile("mbarrier.pending_count.b64 %0, %1;" : "=r"(result) : "l"(token));
    return result;
}

/// One thread steps an object of three arrivals through its phases.
__global__ void steps(u32* out) {
    __shared__ u64 barrier;
    init(&barrier, 3);
    u64 token = arrive(&barrier); // the token is of the state before
    *out++ = pending(token);
    *out++ = done(&barrier, token);
    asm volatile("mbarrier.arrive.noComplete.b64 %0, [%1], %2;" // a generic address
                 : "=l"(token)
                 : "l"(&barrier), "r"(1)
                 : "memory");
    *out++ = pending(token);
    *out++ = done_parity(&barrier, 0);
    token = arrive(&barrier);
    *out++ = pending(token);
    *out++ = done(&barrier, token);
    *out++ = done_parity(&barrier, 0);
    *out++ = done_parity(&barrier, 1);
    // The second phase: one drops out and arrives, two arrive at once.
    asm volatile("mbarrier.arrive_drop.shared.b64 _, [%0];" ::"r"(shared_address(&barrier))
                 : "memory");
    *out++ = done_parity(&barrier, 1);
    asm volatile("mbarrier.arrive.shared.b64 %0, [%1], 2;"
                 : "=l"(token)
                 : "r"(shared_address(&barrier))
                 : "memory");
    *out++ = pending(token);
    *out++ = done_parity(&barrier, 1);
    // The third phase expects two arrivals and sixteen bytes.
    asm volatile("mbarrier.arrive.expect_tx.shared.b64 %0, [%1], 16;"
                 : "=l"(token)
                 : "r"(shared_address(&barrier))
                 : "memory");
    *out++ = pending(token);
    arrive(&barrier);
    *out++ = done(&barrier, token);
    asm volatile("mbarrier.complete_tx.shared.b64 [%0], 10;" ::"r"(shared_address(&barrier))
                 : "memory");
    *out++ = done(&barrier, token);
    asm volatile(
        "mbarrier.complete_tx.relaxed.cta.shared::cta.b64 [%0], 6;" ::"r"(shared_address(&barrier))
        : "memory");
    *out++ = done(&barrier, token);
    asm volatile("mbarrier.inval.shared.b64 [%0];" ::"r"(shared_address(&barrier)) : "memory");
}

/// A block adds in rounds: everybody reads what the neighbour wrote in the round before.
__global__ void rounds(u32* out, int count) {
    __shared__ u64 barrier;
    __shared__ u32 values[2][128];
    if (threadIdx.x == 0) init(&barrier, blockDim.x);
    values[0][threadIdx.x] = threadIdx.x;
    __syncthreads();
    for (int round = 0; round < count; ++round) {
        const u32 neighbour = (threadIdx.x + 1) % blockDim.x;
        values[(round + 1) % 2][threadIdx.x] = values[round % 2][neighbour] + 1;
        const u64 token = arrive(&barrier);
        while (!done(&barrier, token)) {
        }
    }
    out[threadIdx.x] = values[count % 2][threadIdx.x];
}

/// The copies of all threads arrive instead of the threads.
__global__ void copies(const u32* in, u32* out) {
    __shared__ u64 barrier;
    __shared__ u32 values[64];
    if (threadIdx.x == 0) init(&barrier, blockDim.x);
    __syncthreads();
    asm volatile(
        "cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(shared_address(&values[threadIdx.x])),
        "l"(in + threadIdx.x)
        : "memory");
    asm volatile("cp.async.mbarrier.arrive.noinc.shared.b64 [%0];" ::"r"(shared_address(&barrier))
                 : "memory");
    while (!done_parity(&barrier, 0)) {
    }
    out[threadIdx.x] = values[blockDim.x - 1 - threadIdx.x];
}

int main() {
    const u32 expected[] = {3, 0, 2, 0, 1, 1, 1, 0, 0, 2, 1, 2, 0, 0, 1};
    const int count = int(sizeof expected / sizeof *expected);
    Buffer<u32> out(count);
    steps<<<1, 1>>>(out.device());
    SYNC();
    out.download();
    for (int i = 0; i < count; ++i)
        EXPECT(out[i] == expected[i], "step %d: %u", i, out[i]);

    Buffer<u32> sums(128);
    rounds<<<1, 128>>>(sums.device(), 9);
    SYNC();
    sums.download();
    for (u32 i = 0; i < 128; ++i)
        EXPECT(sums[i] == (i + 9) % 128 + 9, "thread %u: %u", i, sums[i]);

    Buffer<u32> in(64), reversed(64);
    for (u32 i = 0; i < 64; ++i)
        in[i] = i * i;
    in.upload();
    copies<<<1, 64>>>(in.device(), reversed.device());
    SYNC();
    reversed.download();
    for (u32 i = 0; i < 64; ++i)
        EXPECT(reversed[i] == (63 - i) * (63 - i), "%u: %u", i, reversed[i]);
    return finish();
}
