// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A name that people include; device_atomic_functions.h has everything.
#pragma once
#include "device_atomic_functions.h"
