// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/rand/kernels.h"

namespace acc::rand {
namespace {

constexpr unsigned int kThreads = 256;

template <class State>
__global__ void init_streams(State* states, unsigned long long seed, bool seeded,
                             unsigned long long place) {
    const unsigned int s = blockIdx.x * kThreads + threadIdx.x;
    State state;
    init_stream(&state, seed, seeded, s, place / kStreams + (s < place % kStreams ? 1 : 0));
    states[s] = state;
}

template <Group G, class State>
__global__ void streams(State* states, unsigned int first, Distribution d, void* out, size_t n) {
    const unsigned int s = blockIdx.x * kThreads + threadIdx.x;
    size_t i = (s - first) % kStreams;
    if (i >= n) return;
    State state = states[s];
    for (; i < n; i += kStreams)
        store<G>(d, &state, out, i);
    states[s] = state;
}

template <Group G>
__global__ void philox(unsigned long long seed, unsigned long long place, Distribution d, void* out,
                       size_t n, size_t groups) {
    const size_t step = (size_t)gridDim.x * kThreads;
    for (size_t g = (size_t)blockIdx.x * kThreads + threadIdx.x; g < groups; g += step)
        store_philox<G>(d, seed, place, g, out, n);
}

// A block has a set: its chunks of the sequence, the first and the last of which may be pieces.
template <Group G>
__global__ void mtgp32(curandStateMtgp32_t* states, unsigned long long place, Distribution d,
                       void* out, size_t n) {
    curandStateMtgp32_t* state = &states[blockIdx.x];
    const unsigned long long end = place + n, first = place / kSetChunk;
    unsigned long long chunk = first + (blockIdx.x - first) % kSets;
    for (; chunk * kSetChunk < end; chunk += kSets) {
        unsigned long long from = chunk * kSetChunk, to = from + kSetChunk;
        if (from < place) from = place;
        if (to > end) to = end;
        const int count = (int)(to - from), thread = (int)threadIdx.x;
        unsigned int word = 0, chooser = 0;
        if (thread < count) word = __acc_rand_mtgp32_make(state, thread, &chooser);
        __syncthreads();
        if (thread == 0) state->offset = (state->offset + count) & MTGP32_STATE_MASK;
        __syncthreads();
        if (thread < count)
            store_word<G>(
                d, __acc_rand_mtgp32_temper(word, chooser, state->k->temper_tbl[state->pIdx]), out,
                (size_t)(from - place) + thread);
    }
}

// One block: the words [from, to) of the next state, of which none needs another one of them.
__device__ void twist_words(uint32_t* mt, int from, int to) {
    const int k = from + (int)threadIdx.x;
    uint32_t word = 0;
    if (k < to)
        word = twist(mt[k], mt[k + 1 < kTwisterWords ? k + 1 : 0],
                     mt[k + kTwisterMiddle < kTwisterWords ? k + kTwisterMiddle
                                                           : k + kTwisterMiddle - kTwisterWords]);
    __syncthreads();
    if (k < to) mt[k] = word;
    __syncthreads();
}

template <Group G>
__global__ void mt19937(uint32_t* memory, unsigned int used, Distribution d, void* out, size_t n) {
    __shared__ uint32_t mt[kTwisterWords];
    for (int k = threadIdx.x; k < kTwisterWords; k += kThreads)
        mt[k] = memory[k];
    __syncthreads();
    constexpr int piece = kTwisterWords - kTwisterMiddle;
    for (size_t done = 0; done < n;) {
        if (used == 0) {
            twist_words(mt, 0, piece);
            twist_words(mt, piece, 2 * piece);
            twist_words(mt, 2 * piece, kTwisterWords);
        }
        const size_t left = n - done, here = kTwisterWords - used;
        const unsigned int count = (unsigned int)(left < here ? left : here);
        for (unsigned int k = threadIdx.x; k < count; k += kThreads)
            store_word<G>(d, temper(mt[used + k]), out, done + k);
        done += count;
        used = (used + count) % kTwisterWords;
        __syncthreads();
    }
    for (int k = threadIdx.x; k < kTwisterWords; k += kThreads)
        memory[k] = mt[k];
}

// Points 256 n + thread: the Gray code of a sum without carries is the sum of the Gray codes.
template <Group G, class Word>
__global__ void sobol(const Word* vectors, const Word* constants, unsigned long long place,
                      Distribution d, void* out, size_t count) {
    const Word* v = vectors + blockIdx.y * 8 * sizeof(Word);
    const Word own = sobol_point<Word>(v, constants[blockIdx.y], threadIdx.x);
    const unsigned long long end = place + count, step = (unsigned long long)gridDim.x * kThreads;
    unsigned long long base = place / kThreads * kThreads +
                              (unsigned long long)blockIdx.x * kThreads;
    for (; base < end; base += step) {
        const unsigned long long i = base + threadIdx.x;
        const Word point = own ^ sobol_point<Word>(v, 0, base);
        if (i >= place && i < end)
            store_word<G>(d, point, out, blockIdx.y * count + (size_t)(i - place));
    }
}

// The kernel of the distribution's group.
#define ACC_RAND_KERNEL(kernel, kind, ...)                                                         \
    (group_of(kind) == Group::plain    ? kernel<Group::plain __VA_OPT__(, ) __VA_ARGS__>           \
     : group_of(kind) == Group::normal ? kernel<Group::normal __VA_OPT__(, ) __VA_ARGS__>          \
                                       : kernel<Group::poisson __VA_OPT__(, ) __VA_ARGS__>)

/// Blocks for `items` threads' worth of work.
unsigned int blocks_for(size_t items) {
    const size_t blocks = (items + kThreads - 1) / kThreads;
    return (unsigned int)(blocks < 1 ? 1 : blocks > 1024 ? 1024 : blocks);
}

} // namespace

template <class State>
void launch_init_streams(State* states, unsigned long long seed, bool seeded,
                         unsigned long long place, cudaStream_t stream) {
    init_streams<<<kStreams / kThreads, kThreads, 0, stream>>>(states, seed, seeded, place);
}

template <class State>
void launch_streams(State* states, unsigned long long place, const Distribution& d, void* out,
                    size_t n, cudaStream_t stream) {
    const auto kernel = ACC_RAND_KERNEL(streams, d.kind, State);
    kernel<<<kStreams / kThreads, kThreads, 0, stream>>>(states, (unsigned int)(place % kStreams),
                                                         d, out, n);
}

void launch_philox(unsigned long long seed, unsigned long long place, const Distribution& d,
                   void* out, size_t n, cudaStream_t stream) {
    const size_t groups = (n * philox_words(d.kind) + 3) / 4;
    const auto kernel = ACC_RAND_KERNEL(philox, d.kind);
    kernel<<<blocks_for(groups), kThreads, 0, stream>>>(seed, place, d, out, n, groups);
}

void launch_mtgp32(curandStateMtgp32_t* states, unsigned long long place, const Distribution& d,
                   void* out, size_t n, cudaStream_t stream) {
    const auto kernel = ACC_RAND_KERNEL(mtgp32, d.kind);
    kernel<<<kSets, kSetChunk, 0, stream>>>(states, place, d, out, n);
}

void launch_mt19937(uint32_t* state, unsigned long long place, const Distribution& d, void* out,
                    size_t n, cudaStream_t stream) {
    const auto kernel = ACC_RAND_KERNEL(mt19937, d.kind);
    kernel<<<1, kThreads, 0, stream>>>(state, (unsigned int)(place % kTwisterWords), d, out, n);
}

template <class Word>
void launch_sobol(const Word* vectors, const Word* constants, unsigned int dimensions,
                  unsigned long long place, const Distribution& d, void* out, size_t count,
                  cudaStream_t stream) {
    const dim3 grid(blocks_for(count + kThreads), dimensions);
    const auto kernel = ACC_RAND_KERNEL(sobol, d.kind, Word);
    kernel<<<grid, kThreads, 0, stream>>>(vectors, constants, place, d, out, count);
}

template void launch_init_streams(curandStateXORWOW_t*, unsigned long long, bool,
                                  unsigned long long, cudaStream_t);
template void launch_init_streams(curandStateMRG32k3a_t*, unsigned long long, bool,
                                  unsigned long long, cudaStream_t);
template void launch_streams(curandStateXORWOW_t*, unsigned long long, const Distribution&, void*,
                             size_t, cudaStream_t);
template void launch_streams(curandStateMRG32k3a_t*, unsigned long long, const Distribution&, void*,
                             size_t, cudaStream_t);
template void launch_sobol(const uint32_t*, const uint32_t*, unsigned int, unsigned long long,
                           const Distribution&, void*, size_t, cudaStream_t);
template void launch_sobol(const unsigned long long*, const unsigned long long*, unsigned int,
                           unsigned long long, const Distribution&, void*, size_t, cudaStream_t);

} // namespace acc::rand
