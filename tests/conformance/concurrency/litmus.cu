// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Litmus tests of the memory model: outcomes that it forbids are never seen, whatever orders the
// accesses (fences, release and acquire, atomics, volatile accesses), at each scope, with the
// threads in one warp, in the warps of a block and in several blocks, in shared memory, global
// memory and memory of the host.
//
//   litmus [RUNS of each test in each place, 2000 if not given]
//
// With -DLITMUS_ALL every test is made at every scope.
#include "../common/check.h"
#include "litmus.h"

#include <type_traits>
#include <utility>

namespace {

struct Row {
    const char *name, *cycle;
};
constexpr Row kTests[] = {
    // One variable.
    {"CoRR", "R s R f W r"},
    {"CoWW", "W s W c"},
    {"CoWR", "W s R f"},
    {"CoRW", "R s W r"},
    {"CoWR2", "W s R f W c"},
    {"CoRW2", "R s W c W r"},
    // Two threads.
    {"MP", "W p W r R p R f"},
    {"LB", "R p W r R p W r"},
    {"S", "W p W r R p W c"},
    {"SB", "W p R f W p R f"},
    {"R", "W p W c W p R f"},
    {"2+2W", "W p W c W p W c"},
    // Three threads.
    {"WRC", "W r R p W r R p R f"},
    {"WWC", "W r R p W r R p W c"},
    {"ISA2", "W p W r R p W r R p R f"},
    {"Z6.2", "W p W r R p W r R p W c"},
    {"3.LB", "R p W r R p W r R p W r"},
    {"RWC", "W r R p R f W p R f"},
    {"WRW+WR", "W r R p W c W p R f"},
    {"WRR+2W", "W r R p R f W p W c"},
    {"WRW+2W", "W r R p W c W p W c"},
    {"W+RWC", "W p W r R p R f W p R f"},
    {"3.SB", "W p R f W p R f W p R f"},
    {"3.2W", "W p W c W p W c W p W c"},
    {"Z6.0", "W p W r R p W c W p R f"},
    {"Z6.1", "W p W c W p W r R p W c"},
    {"Z6.3", "W p W c W p W r R p R f"},
    {"Z6.4", "W p W c W p R f W p R f"},
    {"Z6.5", "W p W c W p W c W p R f"},
    // Four threads.
    {"IRIW", "W r R p R f W r R p R f"},
    {"IRRWIW", "W r R p R f W r R p W c"},
    {"IRWIW", "W r R p W c W r R p W c"},
    {"ISA3", "W p W r R p W r R p W r R p R f"},
    {"4.LB", "R p W r R p W r R p W r R p W r"},
    {"4.SB", "W p R f W p R f W p R f W p R f"},
    {"WRC+RWC", "W r R p W r R p R f W p R f"},
};
constexpr int kNumTests = sizeof kTests / sizeof *kTests;

// How accesses are made and what stands between those of a thread.
enum class Means { Relaxed, Release, Fence, SeqFence, Atomic, Volatile };
enum class Scope { Block, Device, System };
const char* const kMeans[] = {"relaxed",  "release/acquire", "fence.acq_rel",
                              "fence.sc", "atomics",         "volatile"};
const char* const kScopes[] = {"cta", "gpu", "sys"};

#define ON_SCOPE(BEFORE, AFTER, ...)                                                               \
    do {                                                                                           \
        if constexpr (scope == Scope::Block)                                                       \
            asm volatile(BEFORE "cta" AFTER __VA_ARGS__);                                          \
        else if constexpr (scope == Scope::Device)                                                 \
            asm volatile(BEFORE "gpu" AFTER __VA_ARGS__);                                          \
        else                                                                                       \
            asm volatile(BEFORE "sys" AFTER __VA_ARGS__);                                          \
    } while (0)

template <Means means, Scope scope>
__device__ unsigned load(unsigned* at) {
    unsigned value;
    if constexpr (means == Means::Volatile)
        value = *(volatile unsigned*)at;
    else if constexpr (means == Means::Release)
        ON_SCOPE("ld.acquire.", ".u32 %0, [%1];", : "=r"(value) : "l"(at) : "memory");
    else if constexpr (means == Means::Atomic)
        ON_SCOPE("atom.acq_rel.", ".add.u32 %0, [%1], 0;", : "=r"(value) : "l"(at) : "memory");
    else
        ON_SCOPE("ld.relaxed.", ".u32 %0, [%1];", : "=r"(value) : "l"(at) : "memory");
    return value;
}

template <Means means, Scope scope>
__device__ void store(unsigned* at, unsigned value) {
    unsigned before;
    if constexpr (means == Means::Volatile)
        *(volatile unsigned*)at = value;
    else if constexpr (means == Means::Release)
        ON_SCOPE("st.release.", ".u32 [%0], %1;", ::"l"(at), "r"(value) : "memory");
    else if constexpr (means == Means::Atomic)
        ON_SCOPE("atom.acq_rel.", ".exch.b32 %0, [%1], %2;", : "=r"(before) : "l"(at),
                 "r"(value) : "memory");
    else
        ON_SCOPE("st.relaxed.", ".u32 [%0], %1;", ::"l"(at), "r"(value) : "memory");
}

template <Means means, Scope scope>
__device__ void fence() {
    if constexpr (means == Means::Fence) {
        ON_SCOPE("fence.acq_rel.", ";", :: : "memory");
    } else if constexpr (means == Means::SeqFence) {
        ON_SCOPE("fence.sc.", ";", :: : "memory");
    } else if constexpr (means == Means::Volatile) {
        if constexpr (scope == Scope::Block)
            __threadfence_block();
        else if constexpr (scope == Scope::Device)
            __threadfence();
        else
            __threadfence_system();
    }
}

enum class Threads { Warp, Block, Grid }; ///< of one test are in one of these
enum class Memory { Global, Host, Shared };
const char* const kThreads[] = {"warp", "block", "grid"};
const char* const kMemory[] = {"global", "host", "shared"};

constexpr int kBlock = 128, kGrid = 8, kMostRounds = 32, kMostVariables = 4;

struct Setup {
    unsigned *variables, *read; ///< [kMostVariables][tests]; [kMost][tests]
    Threads threads;
    bool shared;
    int rounds, tests;
    unsigned seed;
};

__host__ __device__ constexpr litmus::Test test_of(int number) {
    return litmus::parse(kTests[number].cycle);
}

/// The accesses of a thread of the test whose variables are at v[i * stride].
template <int number, Means means, Scope scope, int thread, int k>
__device__ void accesses(bool second, unsigned* v, int stride, unsigned* read, int tests) {
    constexpr litmus::Access a = test_of(number).access[k];
    if constexpr (a.thread == thread) {
        if (a.second != second) return;
        if constexpr (a.fenced) fence<means, scope>();
        if constexpr (a.store)
            store<means, scope>(v + a.variable * stride, a.value);
        else
            read[k * tests] = load<means, scope>(v + a.variable * stride);
    }
}

template <int number, Means means, Scope scope, int thread, int... k>
__device__ void go(unsigned* v, int stride, unsigned* read, int tests,
                   std::integer_sequence<int, k...>) {
    (accesses<number, means, scope, thread, k>(false, v, stride, read, tests), ...);
    (accesses<number, means, scope, thread, k>(true, v, stride, read, tests), ...);
}

__device__ void delay(unsigned seed) {
    seed = (seed ^ seed >> 15) * 0x2c1b3c6du;
    seed = (seed ^ seed >> 12) * 0x297a2d39u;
    const unsigned turns = seed >> 16 & (seed & 3 ? 3 : 31);
    for (unsigned i = 0; i < turns; ++i)
        asm volatile("" ::: "memory");
}

template <int number, Means means, Scope scope>
__global__ void run(Setup s) {
    __shared__ unsigned in_shared[kMostVariables * kMostRounds * kBlock / 4];
    const int thread = threadIdx.x, groups = s.tests / s.rounds;
    int role, group; // of the test, and which one
    if (s.threads == Threads::Warp) {
        role = thread % 4;
        group = blockIdx.x * (kBlock / 4) + thread / 4;
    } else if (s.threads == Threads::Block) {
        role = thread / 32;
        group = blockIdx.x * 32 + thread % 32;
    } else {
        role = blockIdx.x % 4;
        group = blockIdx.x / 4 * kBlock + thread;
    }
    if (s.shared) {
        for (int i = thread; i < kMostVariables * kMostRounds * kBlock / 4; i += kBlock)
            in_shared[i] = 0;
        __syncthreads();
    }
    using Accesses = std::make_integer_sequence<int, test_of(number).count>;
    for (int round = 0; round < s.rounds; ++round) {
        const int test = round * groups + group;
        const int here = round * (kBlock / 4) + group % (kBlock / 4);
        unsigned* const v = s.shared ? in_shared + here : s.variables + test;
        const int stride = s.shared ? kMostRounds * kBlock / 4 : s.tests;
        delay(s.seed ^ test * 64 ^ role);
        unsigned* const read = s.read + test;
        if (role == 0) go<number, means, scope, 0>(v, stride, read, s.tests, Accesses());
        if (role == 1) go<number, means, scope, 1>(v, stride, read, s.tests, Accesses());
        if (role == 2) go<number, means, scope, 2>(v, stride, read, s.tests, Accesses());
        if (role == 3) go<number, means, scope, 3>(v, stride, read, s.tests, Accesses());
        if (s.threads == Threads::Block) __syncthreads(); // so that warps stay close to each other
    }
    if (!s.shared) return;
    __syncthreads();
    if (role != 0) return;
    for (int round = 0; round < s.rounds; ++round)
        for (int i = 0; i < kMostVariables; ++i)
            s.variables[i * s.tests + round * groups + group] =
                in_shared[i * kMostRounds * kBlock / 4 + round * (kBlock / 4) +
                          group % (kBlock / 4)];
}

/// Memory of one kind for variables and results.
struct Arena {
    unsigned *variables = nullptr, *read = nullptr, *on_device = nullptr;
    Arena(int tests, bool host) {
        const size_t bytes = sizeof(unsigned) * kMostVariables * tests;
        if (host) {
            CHECK(cudaHostAlloc((void**)&variables, bytes, cudaHostAllocMapped));
            CHECK(cudaHostGetDevicePointer((void**)&on_device, variables, 0));
        } else {
            CHECK(cudaMalloc((void**)&on_device, bytes));
        }
        CHECK(cudaMalloc((void**)&read, sizeof(unsigned) * litmus::kMost * tests));
    }
};

Arena& arena_in(Memory memory) {
    static Arena arenas[2] = {{kMostRounds * 256, false}, {kMostRounds * 256, true}};
    return arenas[memory == Memory::Host];
}

long long runs_made = 0;
int places = 0;

/// How often the forbidden outcome was seen.
int judge(const litmus::Test& test, const std::vector<unsigned>& variables,
          const std::vector<unsigned>& read, int tests) {
    int forbidden = 0;
    for (int i = 0; i < tests; ++i) {
        bool seen = true;
        for (int k = 0; k < test.count; ++k)
            if (!test.access[k].store)
                seen &= read[k * tests + i] == (unsigned)test.access[k].value;
        for (int v = 0; v < test.variables; ++v)
            if (test.left[v]) seen &= variables[v * tests + i] == (unsigned)test.left[v];
        forbidden += seen;
    }
    return forbidden;
}

template <int number, Means means, Scope scope>
void try_in(Threads threads, Memory memory, long long runs) {
    const litmus::Test test = test_of(number);
    const int groups = threads == Threads::Grid ? kGrid / 4 * kBlock : kGrid * (kBlock / 4);
    const long long wanted = (runs + groups - 1) / groups;
    const int rounds = wanted < kMostRounds ? (int)wanted : kMostRounds;
    const int tests = rounds * groups;
    Arena& arena = arena_in(memory);
    std::vector<unsigned> variables(kMostVariables * tests), read(litmus::kMost * tests);
    ++places;
    for (long long done = 0; done < runs; done += tests) {
        CHECK(cudaMemset(arena.on_device, 0, variables.size() * sizeof(unsigned)));
        CHECK(cudaMemset(arena.read, 0xff, read.size() * sizeof(unsigned)));
        run<number, means, scope>
            <<<kGrid, kBlock>>>({arena.on_device, arena.read, threads, memory == Memory::Shared,
                                 rounds, tests, (unsigned)done * 77u + places});
        SYNC();
        CHECK(cudaMemcpy(variables.data(), arena.on_device, variables.size() * sizeof(unsigned),
                         cudaMemcpyDefault));
        CHECK(
            cudaMemcpy(read.data(), arena.read, read.size() * sizeof(unsigned), cudaMemcpyDefault));
        const int forbidden = judge(test, variables, read, tests);
        EXPECT(forbidden == 0, "%s, %s.%s, threads in the same %s, %s memory: %d of %d",
               kTests[number].name, kMeans[(int)means], kScopes[(int)scope], kThreads[(int)threads],
               kMemory[(int)memory], forbidden, tests);
        runs_made += tests;
    }
}

template <int number, Means means, Scope scope>
void try_everywhere(long long runs) {
    for (Threads threads : {Threads::Warp, Threads::Block, Threads::Grid})
        for (Memory memory : {Memory::Global, Memory::Host, Memory::Shared}) {
            const bool together = threads != Threads::Grid;
            if (!together && (scope == Scope::Block || memory == Memory::Shared)) continue;
            if (threads == Threads::Grid && test_of(number).threads == 1) continue;
            try_in<number, means, scope>(threads, memory, runs);
        }
}

/// All scopes; tests of three threads and more, of which there are many, take turns with them.
template <int number, Means means>
void try_scopes(long long runs) {
#ifdef LITMUS_ALL
    constexpr int only = -1;
#else
    constexpr int only = test_of(number).threads > 2 ? (number + (int)means) % 3 : -1;
#endif
    if constexpr (only < 0 || only == 0) try_everywhere<number, means, Scope::Block>(runs);
    if constexpr (only < 0 || only == 1) try_everywhere<number, means, Scope::Device>(runs);
    if constexpr (only < 0 || only == 2) try_everywhere<number, means, Scope::System>(runs);
}

template <int number>
void try_test(long long runs) {
    constexpr litmus::Test test = test_of(number);
    try_scopes<number, Means::Volatile>(runs);
    if constexpr (test.coherence) {
        try_scopes<number, Means::Relaxed>(runs);
        try_scopes<number, Means::Atomic>(runs);
    } else {
        try_scopes<number, Means::SeqFence>(runs);
        if constexpr (test.release) {
            try_scopes<number, Means::Fence>(runs);
            try_scopes<number, Means::Release>(runs);
            try_scopes<number, Means::Atomic>(runs);
        }
    }
}

template <int... number>
void try_tests(long long runs, std::integer_sequence<int, number...>) {
    (try_test<number>(runs), ...);
}

} // namespace

int main(int count, char** words) {
    const long long runs = count > 1 ? std::atoll(words[1]) : 2000;
    try_tests(runs, std::make_integer_sequence<int, kNumTests>());
    std::printf("%d tests, %d places, %lld runs\n", kNumTests, places, runs_made);
    return finish();
}
