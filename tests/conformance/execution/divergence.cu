// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Threads of one warp go their own ways and all make progress: locks between lanes, hand-over
// between lanes, loops of different length, switches, early returns. (Independent thread
// scheduling, compute capability 7.0 and later.)
#include "../common/check.h"

__device__ int lock = 0;
__device__ volatile int flags[64];

__global__ void spin_lock(int* total) {
    bool done = false;
    while (!done) {
        if (atomicCAS(&lock, 0, 1) == 0) {
            *(volatile int*)total = *(volatile int*)total + 1;
            __threadfence();
            done = true;
            atomicExch(&lock, 0);
        }
    }
}

/// The lane that waits comes first in program order; only progress of the other side lets it go.
__global__ void hand_over(int* out) {
    const int lane = threadIdx.x;
    if (lane % 2 == 0) {
        while (flags[lane + 1] == 0) {
        }
        out[lane] = flags[lane + 1];
    } else {
        __threadfence();
        flags[lane] = lane * 10;
        out[lane] = -lane;
    }
}

// The first warp waits for the second, with ordinary loads that a fence makes anew.
__global__ void wait_for_warp(int* flag, int* out) {
    if (threadIdx.x < 32) {
        while (*flag == 0)
            __threadfence();
    } else if (threadIdx.x == 32) {
        *flag = 7;
    }
    out[threadIdx.x] = *flag;
}

// The same with a load that only the compiler may not move.
__global__ void wait_for_warp_plainly(int* flag, int* out) {
    if (threadIdx.x < 32) {
        while (*flag == 0)
            asm volatile("" ::: "memory");
    } else if (threadIdx.x == 32) {
        *flag = 9;
    }
    out[threadIdx.x] = *flag;
}

__global__ void collatz(const int* start, int* steps, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    long long v = start[i];
    int count = 0;
    while (v != 1) {
        v = v % 2 == 0 ? v / 2 : 3 * v + 1;
        ++count;
    }
    steps[i] = count;
}

__global__ void choose(int* out) {
    int r = 0;
    switch (threadIdx.x % 9) {
    case 0: r = 5; break;
    case 1: r = 7; // falls through
    case 2: r += 1; break;
    case 3:
        for (int i = 0; i < (int)threadIdx.x; ++i) {
            if (i == 20) break;
            if (i % 3) continue;
            r += i;
        }
        break;
    case 7: return;
    default: r = -(int)threadIdx.x;
    }
    out[threadIdx.x] = r;
}

static int choose_on_host(int t) {
    int r = 0;
    switch (t % 9) {
    case 0: return 5;
    case 1: return 8;
    case 2: return 1;
    case 3:
        for (int i = 0; i < t && i < 20; ++i)
            r += i % 3 ? 0 : i;
        return r;
    case 7: return 1234;
    default: return -t;
    }
}

/// How many threads are there once the ways of a loop's body have met: when some leave an inner
/// loop early, never enter it, or take a way that is said to be unlikely.
__global__ void meet(const unsigned* numbers, unsigned* together, int n) {
    const int lane = threadIdx.x % 32, warps = blockDim.x / 32;
    for (int i = threadIdx.x / 32; i < n; i += warps) {
        const unsigned number = numbers[i];
        unsigned x = lane;
        bool done = x % 3 == 0;
        for (unsigned r = 1; r < number % 7 && !done; ++r) {
            x = x * x % number;
            if (x == number - 1) done = true;
        }
        const unsigned after_loop = __activemask();
        while (__builtin_expect(x % 5 == 4, 0)) {
            x = x * 3 % number;
            if (x == 7) continue;
            if (x > number / 2) break;
        }
        const unsigned after_rare = __activemask();
        if (lane == 0) {
            together[2 * i] = __popc(after_loop);
            together[2 * i + 1] = __popc(after_rare);
        }
    }
}

int main() {
    Buffer<int> total(1, 0);
    spin_lock<<<4, 64>>>(total.device());
    SYNC();
    EXPECT(total.download()[0] == 256, "%d", total[0]);

    Buffer<int> out(64);
    hand_over<<<1, 64>>>(out.device());
    SYNC();
    out.download();
    for (int i = 0; i < 64; ++i)
        EXPECT(out[i] == (i % 2 ? -i : (i + 1) * 10), "lane %d: %d", i, out[i]);

    Buffer<int> flag(1, 0);
    wait_for_warp<<<1, 64>>>(flag.device(), out.device());
    SYNC();
    EXPECT(out.download()[0] == 7, "%d", out[0]);
    flag[0] = 0;
    flag.upload();
    wait_for_warp_plainly<<<1, 64>>>(flag.device(), out.device());
    SYNC();
    EXPECT(out.download()[0] == 9, "%d", out[0]);

    const int n = 5000;
    Buffer<int> start(n), steps(n);
    for (int i = 0; i < n; ++i)
        start[i] = i + 1;
    start.upload();
    collatz<<<(n + 127) / 128, 128>>>(start.device(), steps.device(), n);
    SYNC();
    steps.download();
    for (int i = 0; i < n; ++i) {
        int count = 0;
        for (long long v = i + 1; v != 1; v = v % 2 == 0 ? v / 2 : 3 * v + 1)
            ++count;
        EXPECT(steps[i] == count, "collatz %d", i + 1);
    }

    Buffer<int> chosen(100, 1234);
    choose<<<1, 100>>>(chosen.device());
    SYNC();
    chosen.download();
    for (int i = 0; i < 100; ++i)
        EXPECT(chosen[i] == choose_on_host(i), "switch %d: %d", i, chosen[i]);

    const int sets = 40;
    Buffer<unsigned> numbers(sets), together(2 * sets, 0);
    for (int i = 0; i < sets; ++i)
        numbers[i] = 1000 + 13 * i;
    numbers.upload();
    meet<<<1, 64>>>(numbers.device(), together.device(), sets);
    SYNC();
    together.download();
    for (int i = 0; i < 2 * sets; ++i)
        EXPECT(together[i] == 32, "%d: %u threads", i, together[i]);
    return finish();
}
