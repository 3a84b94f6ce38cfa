// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// libcu++'s barriers, latches, semaphores and atomics between the threads of a block and of a grid.
// Expected values are counted on the host from what each thread is told to do.
#include "../common/check.h"

#include <cuda/atomic>
#include <cuda/barrier>
#include <cuda/latch>
#include <cuda/semaphore>
#include <cuda/std/chrono>

#include <algorithm>
#include <new>

namespace {

constexpr int kThreads = 96, kRounds = 5, kBlocks = 6;

template <cuda::thread_scope Scope>
using Barrier = cuda::barrier<Scope>;

/// Each round a thread reads what another, of another warp, wrote in it.
__global__ void neighbours(int* out) {
    __shared__ Barrier<cuda::thread_scope_block> barrier;
    __shared__ int values[kThreads];
    const int me = int(threadIdx.x);
    if (me == 0) init(&barrier, kThreads);
    __syncthreads();
    int sum = 0;
    for (int round = 0; round < kRounds; ++round) {
        values[me] = round * 1000 + me;
        auto token = barrier.arrive();
        barrier.wait(cuda::std::move(token));
        sum += values[(me + 33) % kThreads];
        barrier.arrive_and_wait();
    }
    out[me] = sum;
}

void check_neighbours() {
    Buffer<int> out(kThreads);
    neighbours<<<1, kThreads>>>(out.device());
    SYNC();
    out.download();
    for (int me = 0; me < kThreads; ++me) {
        int sum = 0;
        for (int round = 0; round < kRounds; ++round)
            sum += round * 1000 + (me + 33) % kThreads;
        EXPECT(out[me] == sum, "thread %d: %d, not %d", me, out[me], sum);
    }
}

/// Thread t takes part in rounds 0 … t % kRounds, and then no more.
__global__ void leaving(int* present, int* wrong) {
    __shared__ Barrier<cuda::thread_scope_block> barrier;
    const int me = int(threadIdx.x);
    if (me == 0) init(&barrier, blockDim.x);
    __syncthreads();
    for (int round = 0;; ++round) {
        atomicAdd(&present[round], 1);
        if (round == me % kRounds) {
            barrier.arrive_and_drop();
            return;
        }
        barrier.arrive_and_wait();
        int expected = 0;
        for (int i = 0; i < int(blockDim.x); ++i)
            expected += i % kRounds >= round;
        if (atomicAdd(&present[round], 0) != expected) atomicAdd(wrong, 1);
    }
}

struct CountPhase {
    int* phases;
    __device__ void operator()() noexcept { ++*phases; }
};

/// The completion runs once a phase, before anybody goes on.
__global__ void completing(int* wrong) {
    using Counted = cuda::barrier<cuda::thread_scope_block, CountPhase>;
    __shared__ alignas(Counted) char storage[sizeof(Counted)];
    __shared__ int phases;
    auto* barrier = reinterpret_cast<Counted*>(storage);
    if (threadIdx.x == 0) {
        phases = 0;
        init(barrier, blockDim.x, CountPhase{&phases});
    }
    __syncthreads();
    for (int round = 1; round <= kRounds; ++round) {
        barrier->arrive_and_wait();
        if (*static_cast<volatile int*>(&phases) != round) atomicAdd(wrong, 1);
    }
}

/// What the blocks of a grid share.
struct Shared {
    Barrier<cuda::thread_scope_device> barrier;
    cuda::latch<cuda::thread_scope_device> latch;
    cuda::counting_semaphore<cuda::thread_scope_device, 2> places;
    cuda::binary_semaphore<cuda::thread_scope_system> lock;
    cuda::atomic<int, cuda::thread_scope_device> inside, flag;
    int values[kBlocks], most_inside, locked;

    __device__ Shared()
        : barrier(kBlocks), latch(kBlocks), places(2), lock(1), inside(0), flag(0), values(),
          most_inside(0), locked(0) {}
};

__global__ void construct(Shared* shared) {
    new (shared) Shared;
}

__global__ void across_blocks(Shared* shared, int* out) {
    const int me = int(blockIdx.x);
    shared->values[me] = me * me;
    shared->barrier.arrive_and_wait();
    int sum = 0;
    for (int value : shared->values)
        sum += value;
    shared->latch.count_down();
    shared->latch.wait();
    out[me] = sum;

    shared->places.acquire();
    const int inside = shared->inside.fetch_add(1) + 1;
    shared->lock.acquire();
    if (inside > shared->most_inside) shared->most_inside = inside;
    shared->locked = shared->locked + 1; // no atomic: the lock is what protects it
    shared->lock.release();
    shared->inside.fetch_sub(1);
    shared->places.release();

    if (me == 0) { // wakes the others
        shared->flag.store(7, cuda::std::memory_order_release);
        shared->flag.notify_all();
    } else {
        shared->flag.wait(0, cuda::std::memory_order_acquire);
        out[me] += shared->flag.load();
    }
}

__global__ void empty_semaphore(int* out) {
    __shared__ alignas(8) char storage[sizeof(cuda::binary_semaphore<cuda::thread_scope_block>)];
    auto* semaphore = new (storage) cuda::binary_semaphore<cuda::thread_scope_block>(0);
    out[0] = semaphore->try_acquire();
    out[1] = semaphore->try_acquire_for(cuda::std::chrono::microseconds(50));
    semaphore->release();
    out[2] = semaphore->try_acquire_for(cuda::std::chrono::seconds(10));
}

void check_blocks() {
    void* memory;
    CHECK(cudaMalloc(&memory, sizeof(Shared)));
    auto* shared = static_cast<Shared*>(memory);
    Buffer<int> out(kBlocks), present(kRounds), wrong(1), empty(3);
    construct<<<1, 1>>>(shared);
    across_blocks<<<kBlocks, 1>>>(shared, out.device());
    leaving<<<1, 64>>>(present.device(), wrong.device());
    completing<<<1, 64>>>(wrong.device());
    empty_semaphore<<<1, 1>>>(empty.device());
    SYNC();
    out.download(), wrong.download(), empty.download();
    int squares = 0;
    for (int i = 0; i < kBlocks; ++i)
        squares += i * i;
    for (int i = 0; i < kBlocks; ++i)
        EXPECT(out[i] == squares + (i == 0 ? 0 : 7), "block %d: %d", i, out[i]);
    EXPECT(wrong[0] == 0, "%d", wrong[0]);
    EXPECT(empty[0] == 0 && empty[1] == 0 && empty[2] == 1);
    int most_inside, locked;
    CHECK(cudaMemcpy(&most_inside, &shared->most_inside, sizeof(int), cudaMemcpyDeviceToHost));
    CHECK(cudaMemcpy(&locked, &shared->locked, sizeof(int), cudaMemcpyDeviceToHost));
    EXPECT(locked == kBlocks && most_inside >= 1 && most_inside <= 2, "%d %d", locked, most_inside);
    cudaFree(memory);
}

/// All operations of one type in one scope; the operands of a thread depend on its number only, so
/// that the results do not depend on the order.
template <class T, cuda::thread_scope Scope>
__device__ void operate(T* cells, unsigned me) {
    using Ref = cuda::atomic_ref<T, Scope>;
    Ref(cells[0]).fetch_add(T(me));
    Ref(cells[1]).fetch_sub(T(me), cuda::std::memory_order_relaxed);
    Ref(cells[2]).fetch_or(T(T(1) << (me % (8 * sizeof(T) - 1))), cuda::std::memory_order_acquire);
    Ref(cells[3]).fetch_xor(T(me * 3), cuda::std::memory_order_release);
    Ref(cells[4]).fetch_max(T(me * 7 % 101), cuda::std::memory_order_acq_rel);
    Ref(cells[5]).fetch_min(T(90 - me % 53), cuda::std::memory_order_seq_cst);
    Ref counter(cells[6]);
    T seen = counter.load();
    while (!counter.compare_exchange_weak(seen, T(seen + 2)))
        ;
    Ref(cells[7]).fetch_and(T(~(T(1) << (me % 5))));
}

template <class T>
__global__ void atomics(T* cells) {
    const unsigned me = blockIdx.x * blockDim.x + threadIdx.x;
    operate<T, cuda::thread_scope_device>(cells, me);
    operate<T, cuda::thread_scope_system>(cells + 8, me);
    if (blockIdx.x == 0) operate<T, cuda::thread_scope_block>(cells + 16, threadIdx.x);
}

template <class T>
void check_atomics() {
    constexpr unsigned kGrid = 3, kBlock = 64;
    Buffer<T> cells(24);
    for (int set = 0; set < 3; ++set)
        cells[set * 8 + 5] = cells[set * 8 + 7] = T(127);
    cells.upload();
    atomics<<<kGrid, kBlock>>>(cells.device());
    SYNC();
    cells.download();
    for (int set = 0; set < 3; ++set) {
        T expected[8] = {0, 0, 0, 0, 0, T(127), 0, T(127)};
        for (unsigned me = 0; me < (set == 2 ? kBlock : kGrid * kBlock); ++me) {
            expected[0] = T(expected[0] + T(me));
            expected[1] = T(expected[1] - T(me));
            expected[2] = T(expected[2] | T(T(1) << (me % (8 * sizeof(T) - 1))));
            expected[3] = T(expected[3] ^ T(me * 3));
            expected[4] = std::max(expected[4], T(me * 7 % 101));
            expected[5] = std::min(expected[5], T(90 - me % 53));
            expected[6] = T(expected[6] + 2);
            expected[7] = T(expected[7] & T(~(T(1) << (me % 5))));
        }
        for (int i = 0; i < 8; ++i)
            EXPECT(cells[set * 8 + i] == expected[i], "%d bytes, set %d, cell %d", int(sizeof(T)),
                   set, i);
    }
}

} // namespace

int main() {
    check_neighbours();
    check_blocks();
    check_atomics<int>();
    check_atomics<unsigned long long>();
    check_atomics<unsigned>();
    check_atomics<long long>();
    return finish();
}
