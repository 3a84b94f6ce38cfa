// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

void bench::finish() {}
