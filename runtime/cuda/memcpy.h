// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/core/copy.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// Throws Error(InvalidMemcpyKind).
rt::CopyKind to_core(cudaMemcpyKind kind);

} // namespace acc::cuda
