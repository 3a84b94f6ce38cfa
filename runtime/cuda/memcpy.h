// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/core/copy.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// Throws Error(InvalidMemcpyKind).
rt::CopyKind to_core(cudaMemcpyKind kind);

/// A linear copy as both APIs do it: cudaMemcpy or cudaMemcpyAsync.
void copy_linear(ApiContext& current, void* dst, const void* src, size_t bytes, rt::CopyKind kind,
                 cudaStream_t stream, bool async);

} // namespace acc::cuda
