// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuRAND's device functions. All of them are in headers; with QUALIFIERS defined as `static inline
// __host__ __device__` before, they are there for the host as well (those of MTGP32 need a block of
// threads).
#pragma once
#define CURAND_KERNEL_H_ // programs test this name
#include "curand_globals.h"

#include "curand.h"
#include "curand_discrete.h"
#include "curand_lognormal.h"
#include "curand_mtgp32.h"
#include "curand_mtgp32_kernel.h"
#include "curand_normal.h"
#include "curand_philox4x32_x.h"
#include "curand_poisson.h"
#include "curand_uniform.h"
