// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes of kernels that both APIs read and set.
#pragma once

#include "acc/spec/acc_mmu.h"
#include "runtime/core/module.h"
#include "runtime/cuda/api.h"

namespace acc::cuda {

/// Threads of the largest block the kernel can be launched with.
int max_threads(const rt::Kernel& kernel);
/// Throws Error(InvalidValue) when more than the device can give.
void set_max_dynamic_shared(rt::Kernel& kernel, int bytes);
/// -1 (no preference) or a percentage; a hint. Throws Error(InvalidValue).
void set_carveout(rt::Kernel& kernel, int percent);
/// Attributes of clusters, whose numbers are the same in both APIs; false: it is none of them.
/// Throws Error(InvalidValue, NotSupported).
bool set_cluster_attribute(rt::Kernel& kernel, int attribute, int value);

/// Any attribute of the runtime API. Throws Error(InvalidValue, NotSupported).
void set_attribute(rt::Kernel& kernel, cudaFuncAttribute attribute, int value);

} // namespace acc::cuda
