// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A name that people include; cudaTypedefs.h has everything.
#pragma once
#include "cudaTypedefs.h"
