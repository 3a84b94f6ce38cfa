// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads that wait for other threads: every one of them comes to its end when those it waits for
// are resident. Locks between all threads, queues and chains between lanes, warps, blocks, grids
// and the host, whoever comes first. (Independent thread scheduling, compute capability 7.0.)
#include "../common/check.h"

#include <csignal>
#include <thread>

namespace {

char now[64]; ///< what is tried

/// Who hangs has failed.
void hangs(int) {
    const char text[] = "does not end: ";
    if (write(1, text, sizeof text - 1) < 0 || write(1, now, std::strlen(now)) < 0) _exit(4);
    _exit(3);
}
template <class... Words>
void trace(const char* format, Words... words) {
    std::snprintf(now, sizeof now, format, words...);
    alarm(100);
}
void trace(const char* text) {
    trace("%s", text);
}

// ---- Locks, taken by every thread of a grid ---------------------------------------------------

struct Locks {
    unsigned word, next, serving;
    int tail;
    int count; ///< guarded
};
struct Node {
    volatile int next, locked;
};

__device__ void lock_plainly(Locks* l) {
    while (atomicCAS(&l->word, 0u, 1u) != 0) {
    }
}
__device__ void lock_by_looking(Locks* l) {
    do
        while (*(volatile unsigned*)&l->word != 0) {
        }
    while (atomicExch(&l->word, 1u) != 0);
}
__device__ void lock_with_sleep(Locks* l) {
    unsigned ns = 8;
    while (atomicCAS(&l->word, 0u, 1u) != 0) {
#if __CUDA_ARCH__ >= 700
        __nanosleep(ns);
#endif
        if (ns < 256) ns *= 2;
    }
}
__device__ void count_up(Locks* l) {
    __threadfence();
    *(volatile int*)&l->count = *(volatile int*)&l->count + 1;
    __threadfence();
}

__global__ void spin(Locks* l, int kind) {
    if (kind == 0)
        lock_plainly(l);
    else if (kind == 1)
        lock_by_looking(l);
    else
        lock_with_sleep(l);
    count_up(l);
    atomicExch(&l->word, 0u);
}

/// Whoever does not get it tries again at the next turn of the loop.
__global__ void try_in_turns(Locks* l) {
    for (bool done = false; !done;)
        if (atomicCAS(&l->word, 0u, 1u) == 0) {
            count_up(l);
            atomicExch(&l->word, 0u);
            done = true;
        }
}

__global__ void ticket(Locks* l) {
    const unsigned mine = atomicAdd(&l->next, 1u);
    while (*(volatile unsigned*)&l->serving != mine) {
    }
    count_up(l);
    *(volatile unsigned*)&l->serving = mine + 1;
}

/// Each waits for the one before it in a queue.
__global__ void queued(Locks* l, Node* nodes) {
    const int me = blockIdx.x * blockDim.x + threadIdx.x + 1;
    nodes[me].next = 0;
    nodes[me].locked = 1;
    __threadfence();
    const int before = atomicExch(&l->tail, me);
    if (before != 0) {
        nodes[before].next = me;
        while (nodes[me].locked) {
        }
    }
    count_up(l);
    if (nodes[me].next == 0) {
        if (atomicCAS(&l->tail, me, 0) == me) return;
        while (nodes[me].next == 0) {
        }
    }
    nodes[nodes[me].next].locked = 0;
}

/// Two locks each, the lower number first: money goes from account to account.
__global__ void transfer(unsigned* locks, volatile int* accounts, int n, int rounds) {
    unsigned seed = (blockIdx.x * blockDim.x + threadIdx.x) * 2654435761u + 1;
    for (int i = 0; i < rounds; ++i) {
        seed = seed * 1664525u + 1013904223u;
        const int from = (seed >> 8) % n, to = (from + 1 + (seed >> 20) % (n - 1)) % n;
        const int low = from < to ? from : to, high = from < to ? to : from;
        while (atomicCAS(&locks[low], 0u, 1u) != 0) {
        }
        while (atomicCAS(&locks[high], 0u, 1u) != 0) {
        }
        __threadfence();
        const int amount = 1 + (seed >> 28);
        accounts[from] = accounts[from] - amount;
        accounts[to] = accounts[to] + amount;
        __threadfence();
        atomicExch(&locks[high], 0u);
        atomicExch(&locks[low], 0u);
    }
}

void test_locks() {
    const int blocks = 6, threads = 96, all = blocks * threads;
    Buffer<Locks> l(1);
    Buffer<Node> nodes(all + 1);
    const char* const names[] = {"plain", "looking", "with sleep", "in turns", "ticket", "queued"};
    for (int kind = 0; kind < 6; ++kind) {
        l[0] = Locks{};
        l.upload();
        trace("lock %s", names[kind]);
        if (kind < 3) spin<<<blocks, threads>>>(l.device(), kind);
        if (kind == 3) try_in_turns<<<blocks, threads>>>(l.device());
        if (kind == 4) ticket<<<blocks, threads>>>(l.device());
        if (kind == 5) queued<<<blocks, threads>>>(l.device(), nodes.device());
        SYNC();
        EXPECT(l.download()[0].count == all, "lock %s: %d", names[kind], l[0].count);
    }
    trace("transfer");
    const int n = 16;
    Buffer<unsigned> locks(n, 0);
    Buffer<int> accounts(n, 1000);
    transfer<<<4, 64>>>(locks.device(), accounts.device(), n, 8);
    SYNC();
    accounts.download();
    int sum = 0;
    for (int i = 0; i < n; ++i)
        sum += accounts[i];
    EXPECT(sum == n * 1000, "accounts: %d", sum);
}

// ---- Queues between one thread that makes and one that takes
// -------------------------------------

constexpr int kItems = 200, kSlots = 4;
struct Ring {
    int slots[kSlots];
    int made, taken;
};

__device__ void make(volatile Ring* ring) {
    for (int i = 0; i < kItems; ++i) {
        while (i - ring->taken >= kSlots) {
        }
        ring->slots[i % kSlots] = i * i;
        __threadfence_system();
        ring->made = i + 1;
    }
}
__device__ int take(volatile Ring* ring) {
    int wrong = 0;
    for (int i = 0; i < kItems; ++i) {
        while (ring->made <= i) {
        }
        __threadfence_system();
        wrong += ring->slots[i % kSlots] != i * i;
        __threadfence_system();
        ring->taken = i + 1;
    }
    return wrong;
}

enum Pair { Lanes, LanesBackwards, Warps, WarpsBackwards, Blocks, BlocksBackwards };

/// Thread i of the pair's first side makes for thread i of the second.
__global__ void pairs(Ring* rings, int* wrong, Pair pair, bool in_shared) {
    __shared__ Ring here[32];
    if (in_shared) {
        if (threadIdx.x < 32) here[threadIdx.x] = Ring{};
        __syncthreads();
    }
    int side, number;
    if (pair <= LanesBackwards) {
        side = threadIdx.x % 2;
        number = threadIdx.x / 2;
    } else if (pair <= WarpsBackwards) {
        side = threadIdx.x / 32;
        number = threadIdx.x % 32;
    } else {
        side = blockIdx.x;
        number = threadIdx.x;
    }
    Ring* const ring = in_shared ? &here[number] : &rings[number];
    if (side == (pair & 1))
        make(ring);
    else
        wrong[number] = take(ring);
}

void test_queues() {
    for (int pair = Lanes; pair <= BlocksBackwards; ++pair)
        for (int in_shared = 0; in_shared < (pair <= WarpsBackwards ? 2 : 1); ++in_shared) {
            trace("queues of kind %d, shared %d", pair, in_shared);
            Buffer<Ring> rings(32);
            Buffer<int> wrong(32, -1);
            const bool blocks = pair >= Blocks;
            pairs<<<blocks ? 2 : 1, blocks ? 32 : 64>>>(rings.device(), wrong.device(), (Pair)pair,
                                                        in_shared);
            SYNC();
            wrong.download();
            for (int i = 0; i < 32; ++i)
                EXPECT(wrong[i] == 0, "queue %d of kind %d, shared %d: %d", i, pair, in_shared,
                       wrong[i]);
        }
}

// ---- Chains: each waits for the one behind it
// ------------------------------------------------------

__device__ __noinline__ int wait_for(volatile int* flag) {
    int value;
    while ((value = *flag) == 0) {
    }
    return value;
}

/// Thread i waits for thread i + 1 of the whole grid, the last for nobody.
__global__ void chain(volatile int* flags) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x, last = gridDim.x * blockDim.x - 1;
    const int value = i == last ? 1 : wait_for(&flags[i + 1]) + 1;
    __threadfence();
    flags[i] = value;
}

/// The others of the warp, and the other warps, wait at barriers meanwhile.
__global__ void while_others_wait(volatile int* flags, int* out) {
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
    if (lane == 7 && warp + 1 < warps) wait_for(&flags[warp + 1]);
    __syncwarp();
    if (lane == 3) flags[warp] = 1;
    if (threadIdx.x == 0) {
        if (blockIdx.x == 0) wait_for(&flags[warps + gridDim.x - 1]);
        flags[warps + blockIdx.x] = 1;
    }
    __syncthreads();
    const unsigned all = __ballot_sync(~0u, flags[0] != 0);
    out[blockIdx.x * blockDim.x + threadIdx.x] = all == ~0u;
}

/// Blocks meet as often as they like, by counting.
__global__ void meetings(unsigned* arrived, volatile unsigned* generation, int* sums, int rounds) {
    for (int r = 0; r < rounds; ++r) {
        atomicAdd(&sums[r], threadIdx.x + 1);
        __syncthreads();
        if (threadIdx.x == 0) {
            __threadfence();
            const unsigned before = *generation;
            if (atomicAdd(arrived, 1u) == gridDim.x - 1) {
                *arrived = 0;
                __threadfence();
                *generation = before + 1;
            } else {
                while (*generation == before) {
                }
            }
            __threadfence();
        }
        __syncthreads();
        if (*(volatile int*)&sums[r] != (int)(gridDim.x * blockDim.x * (blockDim.x + 1) / 2))
            atomicAdd(&sums[rounds], 1);
    }
}

void test_chains() {
    trace("chain");
    Buffer<int> flags(2 * 128, 0);
    chain<<<2, 128>>>(flags.device());
    SYNC();
    flags.download();
    for (int i = 0; i < 256; ++i)
        EXPECT(flags[i] == 256 - i, "chain %d: %d", i, flags[i]);

    trace("while others wait");
    Buffer<int> others(64, 0), out(3 * 128, 0);
    while_others_wait<<<3, 128>>>(others.device(), out.device());
    SYNC();
    out.download();
    for (int i = 0; i < 3 * 128; ++i)
        EXPECT(out[i] == 1, "thread %d", i);

    trace("meetings");
    const int rounds = 20;
    Buffer<unsigned> counter(2, 0);
    Buffer<int> sums(rounds + 1, 0);
    unsigned *arrived = counter.device(), *generation = counter.device() + 1;
    int *of = sums.device(), n = rounds;
    void* arguments[] = {&arrived, &generation, &of, &n};
    CHECK(cudaLaunchCooperativeKernel((void*)meetings, dim3(6), dim3(64), arguments, 0, 0));
    SYNC();
    EXPECT(sums.download()[rounds] == 0, "%d threads went on too early", sums[rounds]);
}

// ---- Grids in two streams, and the host
// -------------------------------------------------------------

/// Turns are taken by side 0 and 1: each waits until the word is its turn's number.
__device__ void play(volatile int* word, int side, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        while (*word != 2 * i + side) {
        }
        __threadfence_system();
        *word = 2 * i + side + 1;
    }
}
__global__ void player(int* words, int side, int rounds) {
    play(words + threadIdx.x, side, rounds);
}
__global__ void ring_take(Ring* ring, int* wrong) {
    *wrong = take(ring);
}
__global__ void ring_make(Ring* ring) {
    make(ring);
}

void test_grids() {
    cudaStream_t streams[2];
    for (cudaStream_t& s : streams)
        CHECK(cudaStreamCreateWithFlags(&s, cudaStreamNonBlocking));
    for (int first = 0; first < 2; ++first) { // whichever comes first waits for the other
        trace("grids, first %d", first);
        Buffer<int> words(48, 0);
        player<<<1, 48, 0, streams[0]>>>(words.device(), first, 50);
        player<<<1, 48, 0, streams[1]>>>(words.device(), !first, 50);
        SYNC();
        words.download();
        for (int i = 0; i < 48; ++i)
            EXPECT(words[i] == 100, "word %d: %d", i, words[i]);
    }
    trace("queue of two grids");
    Buffer<Ring> ring(1);
    Buffer<int> wrong(1, -1);
    ring_take<<<1, 1, 0, streams[0]>>>(ring.device(), wrong.device());
    ring_make<<<1, 1, 0, streams[1]>>>(ring.device());
    SYNC();
    EXPECT(wrong.download()[0] == 0, "%d", wrong[0]);
    for (cudaStream_t s : streams)
        CHECK(cudaStreamDestroy(s));
}

void test_host() {
    const int threads = 40, rounds = 20;
    volatile int* words;
    int* on_device;
    CHECK(cudaHostAlloc((void**)&words, threads * sizeof(int), cudaHostAllocMapped));
    CHECK(cudaHostGetDevicePointer((void**)&on_device, (void*)words, 0));
    for (int side = 0; side < 2; ++side) {
        trace("host, side %d", side);
        for (int i = 0; i < threads; ++i)
            words[i] = 0;
        player<<<1, threads>>>(on_device, side, rounds);
        CHECK(cudaGetLastError());
        // Work that is queued runs without anybody waiting for it.
        for (int turn = 0; turn < rounds; ++turn)
            for (int i = 0; i < threads; ++i) {
                while (words[i] != 2 * turn + !side)
                    std::this_thread::yield();
                words[i] = 2 * turn + !side + 1;
            }
        SYNC();
        for (int i = 0; i < threads; ++i)
            EXPECT(words[i] == 2 * rounds, "word %d: %d", i, words[i]);
    }
    CHECK(cudaFreeHost((void*)words));
}

} // namespace

int main() {
    signal(SIGALRM, hangs);
    test_locks();
    test_queues();
    test_chains();
    test_grids();
    test_host();
    return finish();
}
