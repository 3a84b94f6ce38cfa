// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// MTGP32, a Mersenne twister for blocks of threads (M. Saito and M. Matsumoto, Variants of Mersenne
// twister suitable for graphic processors, ACM TOMS 39, 2013), with the period 2^11213 - 1:
// parameters and states.
#pragma once
#define CURAND_MTGP32_H // programs test this name

#define MTGPDC_MEXP 11213
#define MTGPDC_N 351 // words of a state
#define MTGPDC_FLOOR_2P 256
#define MTGPDC_CEIL_2P 512
#define MTGPDC_PARAM_TABLE mtgp32dc_params_fast_11213
#define MTGP32_STATE_SIZE 1024
#define MTGP32_STATE_MASK 1023
#define CURAND_NUM_MTGP32_PARAMS 200
#define MEXP 11213
#define THREAD_NUM MTGPDC_FLOOR_2P // the most threads that draw together
#define LARGE_SIZE (THREAD_NUM * 3)
#define TBL_SIZE 16

struct mtgp32_params_fast {
    int mexp;
    int pos; // the distance of the word that is picked up
    int sh1;
    int sh2;
    unsigned int tbl[16];         // of the recursion
    unsigned int tmp_tbl[16];     // of the tempering
    unsigned int flt_tmp_tbl[16]; // of the tempering to a float in [1, 2)
    unsigned int mask;            // of the state's first word
    unsigned char poly_sha1[21];  // of the characteristic polynomial; not filled in
};
typedef struct mtgp32_params_fast mtgp32_params_fast_t;

// All parameter sets, for the device.
struct mtgp32_kernel_params {
    unsigned int pos_tbl[CURAND_NUM_MTGP32_PARAMS];
    unsigned int param_tbl[CURAND_NUM_MTGP32_PARAMS][TBL_SIZE];
    unsigned int temper_tbl[CURAND_NUM_MTGP32_PARAMS][TBL_SIZE];
    unsigned int single_temper_tbl[CURAND_NUM_MTGP32_PARAMS][TBL_SIZE];
    unsigned int sh1_tbl[CURAND_NUM_MTGP32_PARAMS];
    unsigned int sh2_tbl[CURAND_NUM_MTGP32_PARAMS];
    unsigned int mask[1];
};
typedef struct mtgp32_kernel_params mtgp32_kernel_params_t;

struct curandStateMtgp32 {
    unsigned int s[MTGP32_STATE_SIZE]; // a ring, of which MTGPDC_N words from offset on are the
                                       // state
    int offset;
    int pIdx; // number of the parameter set
    mtgp32_kernel_params_t* k;
};
typedef struct curandStateMtgp32 curandStateMtgp32_t;
