// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Start and stop of profiling from the program; the prototypes are in cuda.h.
#pragma once
#include "cuda.h"
