// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
__device__ int shared_by_units(int x);
