// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How the Mersenne twisters' states begin.
#include "runtime/lib/rand/mtgp32.h"

#include <curand_mtgp32_host.h>

#include <cstring>

namespace acc::rand {

const mtgp32_kernel_params_t& mtgp32_parameters() {
    static const mtgp32_kernel_params_t parameters = [] {
        mtgp32_kernel_params_t p;
        __acc_rand_mtgp32_tables(mtgp32dc_params_fast_11213, &p);
        return p;
    }();
    return parameters;
}

void seed_mtgp32(unsigned long long seed, mtgp32_kernel_params_t* parameters,
                 curandStateMtgp32_t states[kSets]) {
    const unsigned int folded = static_cast<unsigned int>(seed ^ (seed >> 32));
    for (unsigned int i = 0; i < kSets; ++i) {
        std::memset(&states[i], 0, sizeof states[i]);
        __acc_rand_mtgp32_seed(&mtgp32dc_params_fast_11213[i], folded + i + 1, states[i].s);
        states[i].pIdx = static_cast<int>(i);
        states[i].k = parameters;
    }
}

namespace {

void init_genrand(uint32_t seed, uint32_t mt[kTwisterWords]) {
    mt[0] = seed;
    for (uint32_t i = 1; i < kTwisterWords; ++i)
        mt[i] = 1812433253u * (mt[i - 1] ^ (mt[i - 1] >> 30)) + i;
}

} // namespace

void seed_twister(unsigned long long seed, uint32_t mt[kTwisterWords]) {
    if (seed >> 32 == 0) return init_genrand(static_cast<uint32_t>(seed), mt);
    const uint32_t key[2] = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
    init_genrand(19650218u, mt);
    uint32_t i = 1, j = 0;
    auto advance = [&] {
        if (++i < kTwisterWords) return;
        mt[0] = mt[kTwisterWords - 1];
        i = 1;
    };
    for (int k = 0; k < kTwisterWords; ++k) {
        mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1664525u)) + key[j] + j;
        advance();
        j ^= 1;
    }
    for (int k = 0; k < kTwisterWords - 1; ++k) {
        mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1566083941u)) - i;
        advance();
    }
    mt[0] = 0x80000000u;
}

} // namespace acc::rand
