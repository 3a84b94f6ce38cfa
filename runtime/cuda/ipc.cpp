// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/ipc.h"

#include <cstring>
#include <type_traits>
#include <utility>

#include "runtime/cuda/driver.h"
#include "runtime/cuda/memory.h"
#include "runtime/cuda/shared_memory.h"
#include "runtime/cuda/streams.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

enum class Kind : uint32_t { Memory = 0x314d4341, Event = 0x31454341 };

/// What a handle holds.
struct Contents {
    Kind kind = Kind::Memory;
    uint32_t reserved = 0;
    RemoteMemory memory;
};
static_assert(sizeof(Contents) <= 64 && std::is_trivially_copyable_v<Contents>);

void write(IpcHandle handle, Kind kind, const RemoteMemory& memory) {
    const Contents contents{kind, 0, memory};
    std::memset(handle.data(), 0, handle.size());
    std::memcpy(handle.data(), &contents, sizeof contents);
}

RemoteMemory read(ConstIpcHandle handle, Kind kind) {
    Contents contents;
    std::memcpy(&contents, handle.data(), sizeof contents);
    if (contents.kind != kind)
        fail(Status::InvalidHandle, "the handle is none of {} of this build's",
             kind == Kind::Memory ? "memory" : "an event");
    if (is_own(contents.memory.file))
        fail(Status::DeviceUninitialized,
             "a process cannot open a handle of its own: it has the {} already",
             kind == Kind::Memory ? "memory" : "event");
    return contents.memory;
}

} // namespace

void write_memory_handle(ApiContext& context, IpcHandle handle, const void* pointer) {
    const auto va = reinterpret_cast<uint64_t>(pointer);
    ApiContext* owner = owner_of(context, va);
    const auto allocation = owner != nullptr ? owner->core.memory().find(va) : std::nullopt;
    if (!allocation || allocation->kind != rt::MemoryKind::Device)
        fail(Status::InvalidValue, "{} is not in memory of cudaMalloc", pointer);
    write(handle, Kind::Memory, share(*owner, allocation->va));
}

void* open_memory_handle(ApiContext& context, ConstIpcHandle handle, unsigned flags) {
    if (flags != cudaIpcMemLazyEnablePeerAccess)
        fail(Status::InvalidValue,
             "flags {:#x}: opening memory wants "
             "cudaIpcMemLazyEnablePeerAccess",
             flags);
    const RemoteMemory memory = read(handle, Kind::Memory);
    return reinterpret_cast<void*>(
        context.shared_memory->open(context, memory, rt::Audience::Peers));
}

void close_memory_handle(ApiContext& context, void* pointer) {
    const auto va = reinterpret_cast<uint64_t>(pointer);
    ApiContext* owner = owner_of(context, va);
    if (owner == nullptr || !owner->shared_memory->has(va))
        fail(Status::InvalidValue, "{} was not opened from another process", pointer);
    wait_for_users(*owner, rt::MemoryKind::Device);
    owner->shared_memory->close(va);
}

void write_event_handle(ApiContext& context, IpcHandle handle, cudaEvent_t event) {
    const rt::Event& shared = find_event(context, event);
    if (shared.shared() == nullptr)
        fail(Status::InvalidHandle, "the event was made without cudaEventInterprocess");
    ApiContext& owner = home_of(context, event);
    if (owner.shared_memory->has(shared.shared()->va()))
        fail(Status::InvalidHandle, "the event was opened from another process's handle");
    write(handle, Kind::Event, share(owner, shared.shared()->va()));
}

cudaEvent_t open_event_handle(ApiContext& context, ConstIpcHandle handle) {
    const RemoteMemory memory = read(handle, Kind::Event);
    if (memory.bytes != rt::SharedEvent::kBytes || memory.offset % 64 != 0)
        fail(Status::InvalidHandle, "the handle is of {} bytes at {}", memory.bytes, memory.offset);
    const uint64_t va = context.shared_memory->open(context, memory, rt::Audience::Everybody);
    std::shared_ptr<void> keep(nullptr,
                               [va, opened = context.shared_memory](void*) { opened->close(va); });
    rt::Event& event = context.core.create_event(cudaEventDisableTiming | cudaEventInterprocess,
                                                 false);
    event.make_shared(std::make_unique<rt::SharedEvent>(va, context.core.memory().find(va)->host,
                                                        std::move(keep)));
    return HandleTable<rt::Event>::get().of<cudaEvent_t>(event, context);
}

void make_interprocess(ApiContext& context, rt::Event& event) {
    rt::MemoryManager& memory = context.core.memory();
    const rt::Allocation page = memory.allocate(rt::MemoryKind::Pinned, rt::SharedEvent::kBytes,
                                                rt::SharedEvent::kBytes);
    std::memset(page.host, 0, rt::SharedEvent::kBytes);
    std::shared_ptr<void> keep(&memory, [va = page.va](rt::MemoryManager* of) {
        of->release(va, rt::MemoryKind::Pinned);
    });
    event.make_shared(std::make_unique<rt::SharedEvent>(page.va, page.host, std::move(keep)));
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

template <typename H>
IpcHandle bytes_of(H& handle) {
    static_assert(sizeof(H) == 64);
    return std::as_writable_bytes(std::span<H, 1>(&handle, 1));
}

template <typename H>
ConstIpcHandle bytes_of(const H& handle) {
    static_assert(sizeof(H) == 64);
    return std::as_bytes(std::span<const H, 1>(&handle, 1));
}

} // namespace

ACC_API cudaError_t cudaIpcGetMemHandle(cudaIpcMemHandle_t* handle, void* pointer) {
    return guard(__func__, [&] {
        require(handle, "handle");
        write_memory_handle(current(), bytes_of(*handle), pointer);
    });
}

ACC_API cudaError_t cudaIpcOpenMemHandle(void** pointer, cudaIpcMemHandle_t handle,
                                         unsigned flags) {
    return guard(__func__, [&] {
        require(pointer, "devPtr");
        *pointer = open_memory_handle(current(), bytes_of(std::as_const(handle)), flags);
    });
}

ACC_API cudaError_t cudaIpcCloseMemHandle(void* pointer) {
    return guard(__func__, [&] { close_memory_handle(current(), pointer); });
}

ACC_API cudaError_t cudaIpcGetEventHandle(cudaIpcEventHandle_t* handle, cudaEvent_t event) {
    return guard(__func__, [&] {
        require(handle, "handle");
        write_event_handle(current(), bytes_of(*handle), event);
    });
}

ACC_API cudaError_t cudaIpcOpenEventHandle(cudaEvent_t* event, cudaIpcEventHandle_t handle) {
    return guard(__func__, [&] {
        require(event, "event");
        *event = open_event_handle(current(), bytes_of(std::as_const(handle)));
    });
}

ACC_API CUresult cuIpcGetMemHandle(CUipcMemHandle* handle, CUdeviceptr address) {
    return driver_guard(__func__, [&] {
        require(handle, "pHandle");
        write_memory_handle(driver_current(), bytes_of(*handle), pointer_of(address));
    });
}

ACC_API CUresult cuIpcOpenMemHandle_v2(CUdeviceptr* address, CUipcMemHandle handle,
                                       unsigned flags) {
    return driver_guard(__func__, [&] {
        require(address, "pdptr");
        *address = reinterpret_cast<CUdeviceptr>(
            open_memory_handle(driver_current(), bytes_of(std::as_const(handle)), flags));
    });
}

ACC_API CUresult cuIpcCloseMemHandle(CUdeviceptr address) {
    return driver_guard(__func__,
                        [&] { close_memory_handle(driver_current(), pointer_of(address)); });
}

ACC_API CUresult cuIpcGetEventHandle(CUipcEventHandle* handle, CUevent event) {
    return driver_guard(__func__, [&] {
        require(handle, "pHandle");
        write_event_handle(driver_current(), bytes_of(*handle), event);
    });
}

ACC_API CUresult cuIpcOpenEventHandle(CUevent* event, CUipcEventHandle handle) {
    return driver_guard(__func__, [&] {
        require(event, "phEvent");
        *event = open_event_handle(driver_current(), bytes_of(std::as_const(handle)));
    });
}
