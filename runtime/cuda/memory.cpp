// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/memory.h"

#include "runtime/core/capture.h"
#include "runtime/core/copy.h"
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/graphs.h"
#include "runtime/cuda/managed_ranges.h"
#include "runtime/cuda/memory_pools.h"
#include "runtime/cuda/streams.h"

namespace acc::cuda {

using rt::fail;
using rt::MemoryKind;
using rt::Status;

ApiContext* owner_of(ApiContext& first, uint64_t address) {
    const rt::MemoryManager& own = first.core.memory();
    const rt::MemoryManager* known = own.owner_at(address);
    const bool own_window = own.in_window(address);
    if (known == &own || (own_window && known == nullptr)) return &first;
    ApiContext* owner = nullptr;
    Runtime::get().for_contexts([&](ApiContext& context) {
        rt::MemoryManager& memory = context.core.memory();
        if (own_window ? &memory == known : memory.in_window(address)) owner = &context;
    });
    return owner;
}

void* allocate_device(ApiContext& context, size_t bytes) {
    check_capture_safe();
    if (bytes == 0) return nullptr;
    return with_unused_memory(context, [&] {
        return reinterpret_cast<void*>(
            context.core.memory().allocate(MemoryKind::Device, bytes).va);
    });
}

void* allocate_pitched(ApiContext& context, size_t width, size_t height, size_t* pitch) {
    if (width > kMaxPitch)
        fail(Status::OutOfMemory, "rows of {} bytes are longer than the device's {}", width,
             kMaxPitch);
    const size_t row = (width + kPitchAlign - 1) / kPitchAlign * kPitchAlign;
    size_t bytes = 0;
    if (__builtin_mul_overflow(row, height, &bytes))
        fail(Status::OutOfMemory, "{} rows of {} bytes", height, row);
    *pitch = row;
    return allocate_device(context, bytes);
}

void* allocate_shared(ApiContext& context, MemoryKind kind, size_t bytes, unsigned flags) {
    check_capture_safe();
    if (bytes == 0) return nullptr;
    return reinterpret_cast<void*>(context.core.memory().allocate(kind, bytes, 512, flags).va);
}

void wait_for_users(ApiContext& owner, MemoryKind kind) {
    owner.core.synchronize();
    if (!rt::Context::several()) return;
    for (const auto& pinned : Runtime::get().pin_contexts()) {
        rt::Context& other = pinned.context->core;
        if (&other == &owner.core || !other.shares_addresses(owner.core)) continue;
        if (kind == MemoryKind::Device && !other.has_peer_access(owner.core)) continue;
        try {
            other.synchronize();
        } catch (const rt::Error&) { // that one's calls return it; nothing of it runs any more
        }
    }
}

void free_device(ApiContext& context, void* pointer) {
    if (pointer == nullptr) return;
    check_capture_safe();
    const auto va = reinterpret_cast<uint64_t>(pointer);
    ApiContext* owner = owner_of(context, va);
    if (owner == nullptr) fail(Status::InvalidValue, "freeing {}: not a device address", pointer);
    const auto allocation = owner->core.memory().find(va);
    wait_for_users(*owner, allocation ? allocation->kind : MemoryKind::Device); // freeing waits for
                                                                                // the work that may
                                                                                // use it
    if (allocation && allocation->kind == MemoryKind::Managed && allocation->va == va)
        ManagedRanges::get().forget(va, allocation->bytes);
    if (free_graph_memory(*owner, pointer, nullptr) || owner->core.pools().release_now(va) ||
        owner->core.memory().release(va, MemoryKind::Device) ||
        owner->shared_memory->close(va, true) ||
        owner->core.memory().release(va, MemoryKind::Managed))
        return;
    fail(Status::InvalidValue,
         "freeing {}: no device or managed allocation starts there (freed before?)", pointer);
}

void* allocate_async(ApiContext& context, size_t bytes, cudaStream_t stream) {
    return allocate_from_pool(context, current_pool(context), bytes, stream);
}

void* allocate_from_pool(ApiContext& context, rt::Pool& pool, size_t bytes, cudaStream_t stream) {
    rt::Stream& on = stream_of(context, stream);
    if (pool.imported())
        fail(Status::InvalidValue, "nothing can be allocated from a pool of another process");
    if (on.recording()) {
        std::lock_guard lock(rt::graphs_mutex()); // so long is the capture there
        if (rt::CaptureMember* member = rt::Capture::of(on)) {
            if (&pool.context() != &context.core)
                fail(Status::NotSupported, "a graph allocates memory of its own device only");
            return bytes != 0 ? allocate_in_capture(context, *member, bytes) : nullptr;
        }
    }
    return bytes != 0 ? reinterpret_cast<void*>(pool.allocate(on, bytes)) : nullptr;
}

void free_async(ApiContext& context, void* pointer, cudaStream_t stream) {
    rt::Stream& on = stream_of(context, stream);
    if (pointer == nullptr) return;
    if (on.recording()) {
        std::lock_guard lock(rt::graphs_mutex()); // so long is the capture there
        if (rt::CaptureMember* member = rt::Capture::of(on)) {
            free_in_capture(*member, pointer);
            return;
        }
    }
    if (free_graph_memory(context, pointer, &on)) return;
    ApiContext* owner = owner_of(context, reinterpret_cast<uint64_t>(pointer));
    if (owner != nullptr && owner->core.pools().release(on, reinterpret_cast<uint64_t>(pointer)))
        return;
    free_device(context, pointer);
}

void free_pinned(ApiContext& context, void* pointer) {
    if (pointer == nullptr) return;
    check_capture_safe();
    const auto va = reinterpret_cast<uint64_t>(pointer);
    ApiContext* owner = owner_of(context, va);
    if (owner != nullptr) {
        wait_for_users(*owner, MemoryKind::Pinned);
        if (owner->core.memory().release(va, MemoryKind::Pinned)) return;
    }
    fail(Status::InvalidValue, "freeing {}: no pinned allocation starts there (freed before?)",
         pointer);
}

namespace {

/// Pinned memory is everybody's, whichever context made it.
rt::Allocation pinned_at(ApiContext& context, const void* host) {
    const auto address = reinterpret_cast<uint64_t>(host);
    ApiContext* owner = owner_of(context, address);
    const auto allocation = owner != nullptr ? owner->core.memory().find(address) : std::nullopt;
    const bool seen = owner == &context ||
                      (owner != nullptr && owner->core.shares_addresses(context.core));
    if (!seen || !allocation || allocation->kind != MemoryKind::Pinned)
        fail(Status::InvalidValue, "{} is not pinned or registered host memory", host);
    return *allocation;
}

} // namespace

uint64_t device_address(ApiContext& context, const void* host) {
    const auto address = reinterpret_cast<uint64_t>(host);
    if (const auto registered = context.core.host_memory().find(host))
        return registered->va + (address - registered->host);
    pinned_at(context, host);
    return address;
}

unsigned host_flags(ApiContext& context, const void* host) {
    if (const auto registered = context.core.host_memory().find(host)) return registered->flags;
    return pinned_at(context, host).flags;
}

void register_host(ApiContext& context, void* pointer, size_t bytes, unsigned flags) {
    require(pointer, "the memory to register");
    check_capture_safe();
    check_flags(flags,
                cudaHostRegisterPortable | cudaHostRegisterMapped | cudaHostRegisterIoMemory |
                    cudaHostRegisterReadOnly,
                "registering memory");
    if (bytes == 0) fail(Status::InvalidValue, "registering memory: the size is 0");
    if ((flags & (cudaHostRegisterIoMemory | cudaHostRegisterReadOnly)) != 0)
        fail(Status::NotSupported, "registering I/O or read-only memory is not supported");
    if (owner_of(context, reinterpret_cast<uint64_t>(pointer)) != nullptr)
        fail(Status::HostMemoryAlreadyRegistered,
             "registering memory: {} is memory of this API already", pointer);
    context.core.host_memory().add(pointer, bytes, flags, true); // with unified addresses it always
                                                                 // is portable
}

void unregister_host(ApiContext& context, void* pointer) {
    require(pointer, "the memory to unregister");
    check_capture_safe();
    wait_for_users(context, MemoryKind::Pinned);
    bool found = false;
    if (rt::HostMemory::is_portable(pointer)) {
        for (const auto& pinned : Runtime::get().pin_contexts()) {
            rt::Context& core = pinned.context->core;
            if (!core.host_memory().has(pointer)) continue;
            try {
                core.synchronize();
            } catch (const rt::Error&) { // nothing runs after a fault
            }
            found = core.host_memory().remove(pointer) || found;
        }
    } else {
        found = context.core.host_memory().remove(pointer);
    }
    if (!found) fail(Status::HostMemoryNotRegistered, "no registered memory starts at {}", pointer);
}

void memory_info(ApiContext& context, size_t* available, size_t* total) {
    rt::Backend& backend = context.core.backend();
    if (available != nullptr) *available = backend.vram_free();
    if (total != nullptr) *total = backend.info().vram_bytes;
}

namespace {

/// A __managed__ variable is managed memory before the first kernel that uses it is launched, which
/// is when its module would be loaded.
std::optional<rt::HostMemory::Registration> registration_of(ApiContext& context,
                                                            const void* pointer) {
    auto registered = context.core.host_memory().find(pointer);
    if (registered) return registered;
    const VariableEntry* variable = Registry::get().variable_at(pointer);
    if (variable == nullptr) return std::nullopt;
    try {
        context.binaries.variable(context, *variable);
    } catch (const rt::Error& error) {
        if (error.status() != Status::InvalidSymbol) throw; // else: no device code uses it
    }
    return context.core.host_memory().find(pointer);
}

} // namespace

PointerInfo describe(ApiContext& context, const void* pointer) {
    const auto address = reinterpret_cast<uint64_t>(pointer);
    if (const auto registered = registration_of(context, pointer))
        return {true,
                registered->kind,
                &context,
                registered->va + (address - registered->host),
                const_cast<void*>(pointer),
                registered->va,
                registered->bytes,
                0};
    ApiContext* owner = owner_of(context, address);
    const auto allocation = owner != nullptr ? owner->core.memory().find(address) : std::nullopt;
    if (!allocation || is_internal(allocation->kind) || allocation->kind == MemoryKind::Array)
        return {};
    PointerInfo info{true,
                     allocation->kind,
                     owner,
                     address,
                     nullptr,
                     allocation->va,
                     allocation->bytes,
                     allocation->serial};
    if (allocation->kind == MemoryKind::Pinned || allocation->kind == MemoryKind::Managed)
        info.host = const_cast<void*>(pointer);
    // The program's own memory has another address for the host.
    if (const auto registered = owner->core.host_memory().find(allocation->host);
        registered && address - registered->va < registered->bytes)
        info.host = reinterpret_cast<void*>(registered->host + (address - registered->va));
    return info;
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

// ---- allocation
// ---------------------------------------------------------------------------------------------------

ACC_API cudaError_t cudaMalloc(void** pointer, size_t bytes) {
    return guard(__func__, [&] {
        require(pointer, "devPtr");
        *pointer = allocate_device(current(), bytes);
    });
}

ACC_API cudaError_t cudaMallocPitch(void** pointer, size_t* pitch, size_t width, size_t height) {
    return guard(__func__, [&] {
        require(pointer, "devPtr");
        require(pitch, "pitch");
        *pointer = allocate_pitched(current(), width, height, pitch);
    });
}

ACC_API cudaError_t cudaMalloc3D(cudaPitchedPtr* pitched, cudaExtent extent) {
    return guard(__func__, [&] {
        require(pitched, "pitchedDevPtr");
        size_t rows = 0;
        if (__builtin_mul_overflow(extent.height, extent.depth, &rows))
            rt::fail(rt::Status::OutOfMemory, "{} planes of {} rows", extent.depth, extent.height);
        pitched->ptr = allocate_pitched(current(), extent.width, rows, &pitched->pitch);
        pitched->xsize = extent.width;
        pitched->ysize = extent.height;
    });
}

ACC_API cudaError_t cudaMallocManaged(void** pointer, size_t bytes, unsigned flags) {
    return guard(__func__, [&] {
        require(pointer, "devPtr");
        if (bytes == 0) rt::fail(rt::Status::InvalidValue, "cudaMallocManaged: the size is 0");
        if (flags != cudaMemAttachGlobal && flags != cudaMemAttachHost)
            rt::fail(rt::Status::InvalidValue,
                     "cudaMallocManaged: flags {:#x} are neither global nor host attachment",
                     flags);
        *pointer = allocate_shared(current(), rt::MemoryKind::Managed, bytes, flags);
    });
}

ACC_API cudaError_t cudaMallocHost(void** pointer, size_t bytes) {
    return guard(__func__, [&] {
        require(pointer, "ptr");
        *pointer = allocate_shared(current(), rt::MemoryKind::Pinned, bytes, cudaHostAllocDefault);
    });
}

ACC_API cudaError_t cudaHostAlloc(void** pointer, size_t bytes, unsigned flags) {
    return guard(__func__, [&] {
        require(pointer, "pHost");
        check_flags(flags, cudaHostAllocPortable | cudaHostAllocMapped | cudaHostAllocWriteCombined,
                    "cudaHostAlloc");
        *pointer = allocate_shared(current(), rt::MemoryKind::Pinned, bytes, flags);
    });
}

ACC_API cudaError_t cudaFree(void* pointer) {
    return guard(__func__, [&] { free_device(current(), pointer); });
}

ACC_API cudaError_t cudaFreeHost(void* pointer) {
    return guard(__func__, [&] { free_pinned(current(), pointer); });
}

// ---- the program's own memory
// -------------------------------------------------------------------------------------

ACC_API cudaError_t cudaHostRegister(void* pointer, size_t bytes, unsigned flags) {
    return guard(__func__, [&] { register_host(current(), pointer, bytes, flags); });
}

ACC_API cudaError_t cudaHostUnregister(void* pointer) {
    return guard(__func__, [&] { unregister_host(current(), pointer); });
}

ACC_API cudaError_t cudaHostGetDevicePointer(void** device, void* host, unsigned flags) {
    return guard(__func__, [&] {
        require(device, "pDevice");
        require(host, "pHost");
        check_flags(flags, 0, "cudaHostGetDevicePointer");
        *device = reinterpret_cast<void*>(device_address(current(), host));
    });
}

ACC_API cudaError_t cudaHostGetFlags(unsigned* flags, void* host) {
    return guard(__func__, [&] {
        require(flags, "pFlags");
        require(host, "pHost");
        *flags = host_flags(current(), host);
    });
}

// ---- questions and hints
// ------------------------------------------------------------------------------------------

ACC_API cudaError_t cudaMemGetInfo(size_t* available, size_t* total) {
    return guard(__func__, [&] { memory_info(current(), available, total); });
}

ACC_API cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes,
                                             const void* pointer) {
    return guard(__func__, [&] {
        require(attributes, "attributes");
        const PointerInfo info = describe(current(), pointer);
        *attributes = {};
        if (!info.known) {
            attributes->type = cudaMemoryTypeUnregistered;
            attributes->device = cudaInvalidDeviceId;
            attributes->hostPointer = const_cast<void*>(pointer);
            return;
        }
        attributes->device = info.context->core.device();
        attributes->devicePointer = reinterpret_cast<void*>(info.device);
        attributes->hostPointer = info.host;
        switch (info.kind) {
        case rt::MemoryKind::Pinned: attributes->type = cudaMemoryTypeHost; break;
        case rt::MemoryKind::Managed: attributes->type = cudaMemoryTypeManaged; break;
        default: attributes->type = cudaMemoryTypeDevice; break;
        }
    });
}
