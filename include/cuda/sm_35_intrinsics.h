// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A name from older releases: cuda_runtime.h has what it declared.
#pragma once
#include "cuda_runtime.h"
