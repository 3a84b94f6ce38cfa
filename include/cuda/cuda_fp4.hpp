// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A name that people include; cuda_fp4.h has everything.
#pragma once
#include "cuda_fp4.h"
