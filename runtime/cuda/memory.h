// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Allocation and freeing as both APIs do it.
#pragma once

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// The live context whose device addresses contain `address`: `first` when it is one of its, null
/// when nobody's.
ApiContext* owner_of(ApiContext& first, uint64_t address);

/// What `allocate` gives; when the device has no memory left, once more after the pool has given
/// back what streams have freed.
template <typename F>
auto with_unused_memory(ApiContext& context, F&& allocate) -> decltype(allocate()) {
    try {
        return allocate();
    } catch (const rt::Error& error) {
        if (error.status() != rt::Status::OutOfMemory || !context.core.pools().hold_unused()) throw;
        context.core.synchronize();
        context.core.pools().trim_all();
        return allocate();
    }
}

/// Device memory of `bytes`; null for 0. Throws Error(OutOfMemory).
void* allocate_device(ApiContext& context, size_t bytes);
/// Rows of `width` bytes at a pitch that suits the device. Null, and the pitch set, when either
/// size is 0.
void* allocate_pitched(ApiContext& context, size_t width, size_t height, size_t* pitch);
/// Memory at one address for host and device; null for 0.
void* allocate_shared(ApiContext& context, rt::MemoryKind kind, size_t bytes, unsigned flags);

/// A location type, of either API, that stands for memory of the host.
constexpr bool is_host_location(int type) {
    return type == cudaMemLocationTypeHost || type == cudaMemLocationTypeHostNuma ||
           type == cudaMemLocationTypeHostNumaCurrent;
}

/// Waits for the work of all contexts that see memory of this kind of the owner's.
void wait_for_users(ApiContext& owner, rt::MemoryKind kind);
/// Waits for the device, then frees device, managed or pool memory. Null is nothing. Throws
/// Error(InvalidValue).
void free_device(ApiContext& context, void* pointer);
/// Stream-ordered allocation from the context's pool; null for 0.
void* allocate_async(ApiContext& context, size_t bytes, cudaStream_t stream);
/// Frees pool memory in stream order; other device memory after waiting. Null is nothing. Throws
/// Error(InvalidValue).
void free_async(ApiContext& context, void* pointer, cudaStream_t stream);
/// As free_device for pinned memory.
void free_pinned(ApiContext& context, void* pointer);

/// Shares the program's own memory with the device; `flags` are cudaHostRegister*. Throws
/// Error(InvalidValue, NotSupported, HostMemoryAlreadyRegistered).
void register_host(ApiContext& context, void* pointer, size_t bytes, unsigned flags);
/// Undoes it after waiting for the device. Throws Error(InvalidValue, HostMemoryNotRegistered).
void unregister_host(ApiContext& context, void* pointer);

/// Device address of pinned or registered host memory. Throws Error(InvalidValue).
uint64_t device_address(ApiContext& context, const void* host);
/// Flags that pinned or registered host memory was made with. Throws Error(InvalidValue).
unsigned host_flags(ApiContext& context, const void* host);

/// Device memory that is free, and all there is; either may be null.
void memory_info(ApiContext& context, size_t* available, size_t* total);

/// What a pointer is, for cudaPointerGetAttributes and cuPointerGetAttribute.
struct PointerInfo {
    bool known = false;
    rt::MemoryKind kind = rt::MemoryKind::Device;
    ApiContext* context = nullptr;
    uint64_t device = 0;          ///< address for the device, 0 when it has none
    void* host = nullptr;         ///< address for the host, null when it has none
    uint64_t base = 0, bytes = 0; ///< the allocation, in device addresses
    uint64_t serial = 0;
};
PointerInfo describe(ApiContext& context, const void* pointer);

} // namespace acc::cuda
