// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Host functions that set MTGP32's parameters and states up in device memory.
#pragma once
#define CURAND_MTGP32_HOST_H // programs test this name
#include "curand.h"
#include "curand_mtgp32.h"
#include "curand_mtgp32dc_p_11213.h"
#include <stdlib.h>

// The state of a seed, as Saito's MTGP makes it.
static inline void __acc_rand_mtgp32_seed(const mtgp32_params_fast_t* set, unsigned int seed,
                                          unsigned int s[MTGPDC_N]) {
    const unsigned int hidden = set->tbl[4] ^ (set->tbl[8] << 16);
    unsigned int fill = hidden + (hidden >> 16);
    fill = (fill + (fill >> 8)) & 0xffu;
    for (int i = 0; i < MTGPDC_N; ++i)
        s[i] = fill * 0x01010101u;
    s[0] = seed;
    s[1] = hidden;
    for (unsigned int i = 1; i < MTGPDC_N; ++i)
        s[i] ^= 1812433253u * (s[i - 1] ^ (s[i - 1] >> 30)) + i;
}

// The sets, one table for each parameter.
static inline void __acc_rand_mtgp32_tables(const mtgp32_params_fast_t* sets,
                                            mtgp32_kernel_params_t* k) {
    for (int set = 0; set < CURAND_NUM_MTGP32_PARAMS; ++set) {
        k->pos_tbl[set] = (unsigned int)sets[set].pos;
        k->sh1_tbl[set] = (unsigned int)sets[set].sh1;
        k->sh2_tbl[set] = (unsigned int)sets[set].sh2;
        for (int i = 0; i < TBL_SIZE; ++i) {
            k->param_tbl[set][i] = sets[set].tbl[i];
            k->temper_tbl[set][i] = sets[set].tmp_tbl[i];
            k->single_temper_tbl[set][i] = sets[set].flt_tmp_tbl[i];
        }
    }
    k->mask[0] = sets[0].mask;
}

/// Writes the 200 parameter sets to p, in device memory.
static inline curandStatus_t curandMakeMTGP32Constants(const mtgp32_params_fast_t params[],
                                                       mtgp32_kernel_params_t* p) {
    mtgp32_kernel_params_t* tables = (mtgp32_kernel_params_t*)malloc(sizeof *tables);
    if (!tables) return CURAND_STATUS_ALLOCATION_FAILED;
    __acc_rand_mtgp32_tables(params, tables);
    const cudaError_t error = cudaMemcpy(p, tables, sizeof *tables, cudaMemcpyHostToDevice);
    free(tables);
    return error == cudaSuccess ? CURAND_STATUS_SUCCESS : CURAND_STATUS_INITIALIZATION_FAILED;
}

/// Writes n states, of the first n parameter sets (n <= 200), to s in device memory; k is where
/// curandMakeMTGP32Constants has put the parameters. State i has the seed's halves, xored, plus i
/// + 1.
static inline curandStatus_t curandMakeMTGP32KernelState(curandStateMtgp32_t* s,
                                                         mtgp32_params_fast_t params[],
                                                         mtgp32_kernel_params_t* k, int n,
                                                         unsigned long long seed) {
    if (n < 0 || n > CURAND_NUM_MTGP32_PARAMS) return CURAND_STATUS_OUT_OF_RANGE;
    curandStateMtgp32_t* states = (curandStateMtgp32_t*)calloc((size_t)n, sizeof *states);
    if (n > 0 && !states) return CURAND_STATUS_ALLOCATION_FAILED;
    for (int i = 0; i < n; ++i) {
        const unsigned int folded = (unsigned int)(seed ^ (seed >> 32));
        __acc_rand_mtgp32_seed(&params[i], folded + (unsigned int)i + 1u, states[i].s);
        states[i].offset = 0;
        states[i].pIdx = i;
        states[i].k = k;
    }
    const cudaError_t error = cudaMemcpy(s, states, (size_t)n * sizeof *states,
                                         cudaMemcpyHostToDevice);
    free(states);
    return error == cudaSuccess ? CURAND_STATUS_SUCCESS : CURAND_STATUS_INITIALIZATION_FAILED;
}
