// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The generators of cuRAND's device functions: their states, curand, skipahead and curand_init.
#pragma once
#include "../curand.h"

#include "../curand_mtgp32_kernel.h"
#include "../curand_philox4x32_x.h"
#include "rand_mrg32k3a.h"
#include "rand_sobol.h"
#include "rand_xorwow.h"
