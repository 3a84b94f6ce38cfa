// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/core/copy.h"
#include "runtime/cuda/driver.h"

namespace acc::cuda {

/// Throws Error(InvalidMemcpyKind).
rt::CopyKind to_core(cudaMemcpyKind kind);

/// A linear copy as both APIs do it: cudaMemcpy or cudaMemcpyAsync.
void copy_linear(ApiContext& current, void* dst, const void* src, size_t bytes, rt::CopyKind kind,
                 cudaStream_t stream, bool async);

/// cudaMemcpy3D and its like in a stream.
void copy_volume(rt::Stream& on, const cudaMemcpy3DParms& p, bool async);

/// The driver API's.
void copy_volume(rt::Stream& on, const CUDA_MEMCPY3D& p, bool async);

/// Copies to and from `bytes` bytes at `offset` of a variable. Throws Error(InvalidSymbol,
/// InvalidValue, InvalidMemcpyKind).
void copy_to_symbol(ApiContext& context, rt::Stream& on, const void* symbol, const void* src,
                    size_t bytes, size_t offset, cudaMemcpyKind kind, bool async);
void copy_from_symbol(ApiContext& context, rt::Stream& on, void* dst, const void* symbol,
                      size_t bytes, size_t offset, cudaMemcpyKind kind, bool async);
/// Address of `bytes` bytes at `offset` in the variable. Throws Error(InvalidSymbol, InvalidValue).
void* symbol_part(ApiContext& context, const void* symbol, size_t bytes, size_t offset);

} // namespace acc::cuda
