// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A name that people include; math_functions.h has everything.
#pragma once
#include "math_functions.h"
