// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A name that people include; sm_70_rt.h has everything.
#pragma once
#include "sm_70_rt.h"
