// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/rand/source.h"

namespace acc::rand {

/// All parameter sets.
const mtgp32_kernel_params_t& mtgp32_parameters();

/// The states of kSets sets, as curandMakeMTGP32KernelState makes them; `parameters`: where the
/// sets lie for whoever draws.
void seed_mtgp32(unsigned long long seed, mtgp32_kernel_params_t* parameters,
                 curandStateMtgp32_t states[kSets]);

} // namespace acc::rand
