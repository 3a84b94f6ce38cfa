// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types of pointers to the driver API's functions, for programs that look them up at run time.
#pragma once
#include "acc_impl/driver_typedefs.h"
