// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory pools as both APIs do them: the handles, numbers and structures are the same. A pool
// belongs to the primary context of its device, wherever it is used.
#pragma once

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// Throws Error(InvalidValue).
rt::Pool& pool_of(cudaMemPool_t pool);
cudaMemPool_t default_pool(int device);
/// What cudaMallocAsync allocates from on the context's device.
rt::Pool& current_pool(ApiContext& context);
cudaMemPool_t current_pool_handle(int device);
void set_current_pool(int device, cudaMemPool_t pool);

cudaMemPool_t create_pool(const cudaMemPoolProps& props);
void destroy_pool(cudaMemPool_t pool);

void get_pool_attribute(rt::Pool& pool, cudaMemPoolAttr attr, void* value);
void set_pool_attribute(rt::Pool& pool, cudaMemPoolAttr attr, const void* value);
void set_pool_access(rt::Pool& pool, const cudaMemAccessDesc* list, size_t count);
cudaMemAccessFlags pool_access(rt::Pool& pool, const cudaMemLocation& location);
/// Null for 0 bytes.
void* allocate_from_pool(ApiContext& context, rt::Pool& pool, size_t bytes, cudaStream_t stream);

// With other processes (pool_sharing.cpp).
void export_pool(void* handle, cudaMemPool_t pool, cudaMemAllocationHandleType type,
                 unsigned long long flags);
cudaMemPool_t import_pool(const void* handle, cudaMemAllocationHandleType type,
                          unsigned long long flags);
void export_pointer(cudaMemPoolPtrExportData& data, const void* pointer);
void* import_pointer(cudaMemPool_t pool, const cudaMemPoolPtrExportData& data);

} // namespace acc::cuda
