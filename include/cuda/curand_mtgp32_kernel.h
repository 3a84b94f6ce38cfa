// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MTGP32's device functions: the threads of a block (at most 256) draw together from one state, all
// of them at the same call.
#pragma once
#define CURAND_MTGP32_KERNEL_H // programs test this name
#include "curand_globals.h"
#include "curand_mtgp32.h"

// The new word, from those at distance N, N - 1 and N - pos before it.
QUALIFIERS unsigned int __acc_rand_mtgp32_word(const mtgp32_kernel_params_t* k, int set,
                                               unsigned int first, unsigned int second,
                                               unsigned int picked) {
    unsigned int x = (first & k->mask[0]) ^ second;
    x ^= x << k->sh1_tbl[set];
    const unsigned int y = x ^ (picked >> k->sh2_tbl[set]);
    return y ^ k->param_tbl[set][y & 15];
}
// Of 16 values for the tempering, the one that another word of the state chooses.
QUALIFIERS unsigned int __acc_rand_mtgp32_temper(unsigned int word, unsigned int chooser,
                                                 const unsigned int table[TBL_SIZE]) {
    chooser ^= chooser >> 16;
    chooser ^= chooser >> 8;
    return word ^ table[chooser & 15];
}

// Makes the ring's word number `thread` behind the state.
QUALIFIERS unsigned int __acc_rand_mtgp32_make(curandStateMtgp32_t* state, int thread,
                                               unsigned int* chooser) {
    const mtgp32_kernel_params_t* k = state->k;
    const int set = state->pIdx, at = state->offset + thread, pos = (int)k->pos_tbl[set];
    unsigned int* s = state->s;
    const unsigned int word = __acc_rand_mtgp32_word(k, set, s[at & MTGP32_STATE_MASK],
                                                     s[(at + 1) & MTGP32_STATE_MASK],
                                                     s[(at + pos) & MTGP32_STATE_MASK]);
    s[(at + MTGPDC_N) & MTGP32_STATE_MASK] = word;
    *chooser = s[(at + pos - 1) & MTGP32_STATE_MASK];
    return word;
}

#if defined(__CUDACC__)
// For `count` threads, of which this is number `thread`: makes a word each and moves the state on.
__device__ static __forceinline__ unsigned int
__acc_rand_mtgp32_draw(curandStateMtgp32_t* state, int thread, int count, unsigned int* chooser) {
    const unsigned int word = __acc_rand_mtgp32_make(state, thread, chooser);
    __syncthreads();
    if (thread == 0) state->offset = (state->offset + count) & MTGP32_STATE_MASK;
    __syncthreads();
    return word;
}
__device__ static __forceinline__ int __acc_rand_thread_of_block() {
    return (int)((threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x);
}
__device__ static __forceinline__ int __acc_rand_threads_of_block() {
    return (int)(blockDim.x * blockDim.y * blockDim.z);
}

/// 32 bits for each thread of the block.
__device__ static __forceinline__ unsigned int curand(curandStateMtgp32_t* state) {
    unsigned int chooser;
    const unsigned int word = __acc_rand_mtgp32_draw(state, __acc_rand_thread_of_block(),
                                                     __acc_rand_threads_of_block(), &chooser);
    return __acc_rand_mtgp32_temper(word, chooser, state->k->temper_tbl[state->pIdx]);
}
/// The same for n threads, of which this one is number index. All threads of the block call it.
__device__ static __forceinline__ unsigned int
curand_mtgp32_specific(curandStateMtgp32_t* state, unsigned char index, unsigned char n) {
    unsigned int chooser;
    const unsigned int word = __acc_rand_mtgp32_draw(state, index, n, &chooser);
    return __acc_rand_mtgp32_temper(word, chooser, state->k->temper_tbl[state->pIdx]);
}
/// Floats in [1, 2) with 23 random bits.
__device__ static __forceinline__ float curand_mtgp32_single(curandStateMtgp32_t* state) {
    unsigned int chooser;
    const unsigned int word = __acc_rand_mtgp32_draw(state, __acc_rand_thread_of_block(),
                                                     __acc_rand_threads_of_block(), &chooser);
    return __uint_as_float(
        __acc_rand_mtgp32_temper(word >> 9, chooser, state->k->single_temper_tbl[state->pIdx]));
}
__device__ static __forceinline__ float
curand_mtgp32_single_specific(curandStateMtgp32_t* state, unsigned char index, unsigned char n) {
    unsigned int chooser;
    const unsigned int word = __acc_rand_mtgp32_draw(state, index, n, &chooser);
    return __uint_as_float(
        __acc_rand_mtgp32_temper(word >> 9, chooser, state->k->single_temper_tbl[state->pIdx]));
}
#else
/// On the host: for one thread alone.
static inline unsigned int curand(curandStateMtgp32_t* state) {
    unsigned int chooser;
    const unsigned int word = __acc_rand_mtgp32_make(state, 0, &chooser);
    state->offset = (state->offset + 1) & MTGP32_STATE_MASK;
    return __acc_rand_mtgp32_temper(word, chooser, state->k->temper_tbl[state->pIdx]);
}
#endif
