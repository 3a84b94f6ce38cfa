// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/virtual_memory.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "acc/spec/acc_mmu.h"
#include "runtime/cuda/memory.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

struct Physical {
    std::shared_ptr<rt::MemoryObject> memory;
    CUmemAllocationProp properties{};
    CUmemGenericAllocationHandle handle = 0;
    uint64_t references = 0; // the program's
};

/// The device's number, or kHost.
using Place = int;
constexpr Place kHost = -1;

struct Mapping {
    uint64_t bytes = 0;
    std::shared_ptr<Physical> physical;
    std::map<Place, CUmemAccess_flags> access;

    bool readable() const { return !access.empty(); }
    bool writable() const {
        return std::any_of(access.begin(), access.end(), [](const auto& one) {
            return one.second == CU_MEM_ACCESS_FLAGS_PROT_READWRITE;
        });
    }
};

struct Reservation {
    ApiContext* owner = nullptr;
    uint64_t bytes = 0;
    std::map<uint64_t, Mapping> mappings; // by first address
    std::vector<rt::Allocation> known;    // what the owner's memory has entered
};

struct State {
    std::mutex mutex; // protects what follows; MemoryManager's locks come after it
    std::map<CUmemGenericAllocationHandle, std::shared_ptr<Physical>> handles;
    CUmemGenericAllocationHandle last = 0;
    std::map<uint64_t, Reservation> reservations; // by first address
};

/// Never destroyed: other threads may still call while the process ends.
State& state() {
    static State& made = *new State;
    return made;
}

void check_multiple(uint64_t value, const char* what) {
    if (value % ACC_LARGE_PAGE_BYTES != 0)
        fail(Status::InvalidValue,
             "virtual memory: {} {:#x} is not a multiple of {:#x} (the "
             "granularity)",
             what, value, ACC_LARGE_PAGE_BYTES);
}

void check_size(uint64_t bytes) {
    if (bytes == 0) fail(Status::InvalidValue, "virtual memory: the size is 0");
    check_multiple(bytes, "the size");
}

Place place_of(const CUmemLocation& location) {
    if (is_host_location(location.type)) return kHost;
    if (location.type != CU_MEM_LOCATION_TYPE_DEVICE)
        fail(Status::InvalidValue, "virtual memory: location type {}",
             static_cast<int>(location.type));
    Runtime::get().device(location.id); // throws
    return location.id;
}

/// The device's memory exists from its first context on.
rt::Backend& started(Device& device) {
    bool live = false;
    Runtime::get().for_contexts(
        [&](ApiContext& context) { live = live || &context.handle.device == &device; });
    if (!live) Runtime::get().open(device.primary);
    return *device.backend;
}

ApiContext& current_or_primary() {
    ContextHandle* handle = thread_state().context;
    return Runtime::get().open(handle != nullptr ? *handle : Runtime::get().device(0).primary);
}

// ---- under the lock

std::map<CUmemGenericAllocationHandle, std::shared_ptr<Physical>>::iterator
physical_of(CUmemGenericAllocationHandle handle) {
    const auto found = state().handles.find(handle);
    if (found == state().handles.end())
        fail(Status::InvalidValue, "virtual memory: {:#x} is no handle of memory (released?)",
             handle);
    return found;
}

/// What, of things by their first address, all of [va, va + bytes) lies in; end(): nothing.
template <typename T>
typename std::map<uint64_t, T>::iterator around(std::map<uint64_t, T>& all, uint64_t va,
                                                uint64_t bytes) {
    const auto after = all.upper_bound(va);
    if (after == all.begin()) return all.end();
    const auto at = std::prev(after);
    const uint64_t offset = va - at->first;
    return offset < at->second.bytes && bytes <= at->second.bytes - offset ? at : all.end();
}

/// The reservation that [va, va + bytes) lies in.
Reservation& reservation_at(uint64_t va, uint64_t bytes) {
    const auto at = around(state().reservations, va, bytes);
    if (at == state().reservations.end())
        fail(Status::InvalidValue,
             "virtual memory: [{:#x}, {:#x}) is not within a range that cuMemAddressReserve gave",
             va, va + bytes);
    return at->second;
}

using Mappings = std::map<uint64_t, Mapping>;

/// The mappings that make up [va, va + bytes) without a gap.
std::vector<Mappings::iterator> whole_mappings(Reservation& in, uint64_t va, uint64_t bytes) {
    std::vector<Mappings::iterator> found;
    uint64_t at = va;
    for (auto it = in.mappings.find(va); at < va + bytes; ++it) {
        if (it == in.mappings.end() || it->first != at)
            fail(Status::InvalidValue, "virtual memory: nothing is mapped to begin at {:#x}", at);
        at += it->second.bytes;
        found.push_back(it);
    }
    if (at != va + bytes)
        fail(Status::InvalidValue,
             "virtual memory: [{:#x}, {:#x}) ends within a mapping, which ends at {:#x}", va,
             va + bytes, at);
    return found;
}

Mapping& mapping_at(uint64_t va) {
    Mappings& all = reservation_at(va, 1).mappings;
    const auto at = around(all, va, 1);
    if (at == all.end())
        fail(Status::InvalidValue, "virtual memory: nothing is mapped at {:#x}", va);
    return at->second;
}

/// The runs of neighbours with the same access: what copies may go across.
std::vector<rt::Allocation> runs_of(const Reservation& in) {
    std::vector<rt::Allocation> runs;
    for (const auto& [va, mapping] : in.mappings) {
        if (!mapping.readable()) continue;
        const bool on_host = is_host_location(mapping.physical->properties.location.type);
        rt::Allocation one;
        one.va = va;
        one.bytes = mapping.bytes;
        one.kind = on_host ? rt::MemoryKind::Pinned : rt::MemoryKind::Device;
        one.host = reinterpret_cast<uint8_t*>(va); // see show()
        one.writable = mapping.writable();
        if (!runs.empty() && runs.back().va + runs.back().bytes == va &&
            runs.back().kind == one.kind && runs.back().writable == one.writable)
            runs.back().bytes += one.bytes;
        else
            runs.push_back(one);
    }
    return runs;
}

/// Tells the owner's memory what is there now. Runs that stay keep their serial numbers.
void enter_runs(Reservation& in) {
    const auto among = [](const std::vector<rt::Allocation>& all, const rt::Allocation& one) {
        return std::any_of(all.begin(), all.end(), [&](const rt::Allocation& other) {
            return other.va == one.va && other.bytes == one.bytes && other.kind == one.kind &&
                   other.writable == one.writable;
        });
    };
    std::vector<rt::Allocation> runs = runs_of(in), gone, come;
    std::copy_if(in.known.begin(), in.known.end(), std::back_inserter(gone),
                 [&](const rt::Allocation& old) { return !among(runs, old); });
    std::copy_if(runs.begin(), runs.end(), std::back_inserter(come),
                 [&](const rt::Allocation& run) { return !among(in.known, run); });
    in.owner->core.memory().replace(gone, come);
    in.known = std::move(runs);
}

/// The host sees it at the same address, so that copies go across neighbours. Every context sees
/// it: access is not kept apart by device.
void show(rt::MemoryManager& memory, uint64_t va, const Mapping& mapping) {
    memory.map(va, mapping.physical->memory, 0, mapping.bytes,
               {.write = mapping.writable(), .execute = false, .host_visible = true},
               rt::Audience::Everybody);
}

using Access = std::map<Place, CUmemAccess_flags>;

/// Throws Error(OutOfMemory); nothing is changed then, or, when the way back fails as well, the
/// mapping has no access left.
void put_access(Reservation& in, Mappings::iterator at, Access access) {
    rt::MemoryManager& memory = in.owner->core.memory();
    Mapping& mapping = at->second;
    const Mapping before = mapping;
    mapping.access = std::move(access);
    if (mapping.readable() == before.readable() && mapping.writable() == before.writable()) return;
    if (before.readable()) memory.unmap(at->first, mapping.bytes);
    try {
        if (mapping.readable()) show(memory, at->first, mapping);
    } catch (...) {
        mapping.access.clear();
        if (before.readable()) show(memory, at->first, before);
        mapping.access = before.access;
        throw;
    }
}

Access changed(Access access, const Access& wanted) {
    for (const auto& [place, flags] : wanted) {
        if (flags == CU_MEM_ACCESS_FLAGS_PROT_NONE)
            access.erase(place);
        else
            access[place] = flags;
    }
    return access;
}

void unmap_one(Reservation& from, Mappings::iterator at) {
    if (at->second.readable()) from.owner->core.memory().unmap(at->first, at->second.bytes);
    from.mappings.erase(at);
}

} // namespace

uint64_t virtual_memory_granularity() {
    return ACC_LARGE_PAGE_BYTES;
}

void check_memory_properties(const CUmemAllocationProp& properties) {
    if (properties.type != CU_MEM_ALLOCATION_TYPE_PINNED)
        fail(Status::InvalidValue,
             "virtual memory: allocation type {} (only pinned memory can be "
             "made)",
             static_cast<int>(properties.type));
    place_of(properties.location);
    if (properties.requestedHandleTypes != CU_MEM_HANDLE_TYPE_NONE)
        fail(Status::NotSupported,
             "virtual memory: memory with handles of type {:#x} for other processes",
             static_cast<unsigned>(properties.requestedHandleTypes));
    if (properties.allocFlags.gpuDirectRDMACapable != 0)
        fail(Status::NotSupported, "virtual memory: memory for GPUDirect RDMA");
}

CUmemGenericAllocationHandle create_physical(const CUmemAllocationProp& properties, size_t bytes) {
    check_memory_properties(properties);
    check_size(bytes);
    const Place place = place_of(properties.location);
    Device& device = Runtime::get().device(place == kHost ? 0 : place);
    auto made = std::make_shared<Physical>();
    made->memory = started(device).allocate(place == kHost ? rt::Domain::System : rt::Domain::Vram,
                                            bytes);
    made->properties = properties;
    made->properties.allocFlags.compressionType = 0; // was a wish; there is none
    made->references = 1;
    std::lock_guard lock(state().mutex);
    made->handle = ++state().last;
    state().handles.emplace(made->handle, made);
    return made->handle;
}

void release_physical(CUmemGenericAllocationHandle handle) {
    std::shared_ptr<Physical> last; // goes without the lock
    std::lock_guard lock(state().mutex);
    const auto at = physical_of(handle);
    if (--at->second->references != 0) return;
    last = std::move(at->second);
    state().handles.erase(at);
}

CUmemGenericAllocationHandle retain_physical(uint64_t address) {
    std::lock_guard lock(state().mutex);
    const std::shared_ptr<Physical>& physical = mapping_at(address).physical;
    state().handles.emplace(physical->handle, physical);
    ++physical->references;
    return physical->handle;
}

CUmemAllocationProp properties_of(CUmemGenericAllocationHandle handle) {
    std::lock_guard lock(state().mutex);
    return physical_of(handle)->second->properties;
}

uint64_t reserve_addresses(size_t bytes, size_t align) {
    check_size(bytes);
    if ((align & (align - 1)) != 0)
        fail(Status::InvalidValue, "virtual memory: the alignment {:#x} is no power of two", align);
    ApiContext& owner = current_or_primary();
    std::lock_guard lock(state().mutex);
    const uint64_t va = owner.core.memory().reserve(
        bytes, std::max<uint64_t>(align, ACC_LARGE_PAGE_BYTES));
    Reservation made;
    made.owner = &owner;
    made.bytes = bytes;
    state().reservations.emplace(va, std::move(made));
    return va;
}

void free_addresses(uint64_t va, size_t bytes) {
    std::lock_guard lock(state().mutex);
    const auto at = state().reservations.find(va);
    if (at == state().reservations.end() || at->second.bytes != bytes)
        fail(Status::InvalidValue,
             "cuMemAddressFree: {:#x} with {:#x} bytes is not what cuMemAddressReserve gave", va,
             bytes);
    if (!at->second.mappings.empty())
        fail(Status::InvalidValue, "cuMemAddressFree: memory is still mapped at {:#x}",
             at->second.mappings.begin()->first);
    at->second.owner->core.memory().unreserve(va, bytes);
    state().reservations.erase(at);
}

void map_physical(uint64_t va, size_t bytes, size_t offset, CUmemGenericAllocationHandle handle) {
    check_size(bytes);
    check_multiple(va, "the address");
    if (offset != 0) fail(Status::InvalidValue, "cuMemMap: the offset {} must be 0", offset);
    std::lock_guard lock(state().mutex);
    const std::shared_ptr<Physical>& physical = physical_of(handle)->second;
    if (bytes > physical->memory->bytes())
        fail(Status::InvalidValue, "cuMemMap: {:#x} bytes of memory that has {:#x}", bytes,
             physical->memory->bytes());
    Reservation& in = reservation_at(va, bytes);
    const auto next = in.mappings.lower_bound(va);
    if ((next != in.mappings.end() && next->first < va + bytes) ||
        (next != in.mappings.begin() &&
         std::prev(next)->first + std::prev(next)->second.bytes > va))
        fail(Status::InvalidValue, "cuMemMap: memory is mapped within [{:#x}, {:#x}) already", va,
             va + bytes);
    in.mappings.emplace(va, Mapping{bytes, physical, {}});
}

void unmap_physical(uint64_t va, size_t bytes) {
    check_size(bytes);
    std::vector<std::shared_ptr<Physical>> gone; // without the lock
    std::lock_guard lock(state().mutex);
    Reservation& from = reservation_at(va, bytes);
    for (const auto at : whole_mappings(from, va, bytes)) {
        gone.push_back(at->second.physical);
        unmap_one(from, at);
    }
    enter_runs(from);
}

void set_access(uint64_t va, size_t bytes, const CUmemAccessDesc* wanted, size_t count) {
    check_size(bytes);
    Access changes;
    for (size_t i = 0; i < count; ++i) {
        const CUmemAccess_flags flags = wanted[i].flags;
        if (flags != CU_MEM_ACCESS_FLAGS_PROT_NONE && flags != CU_MEM_ACCESS_FLAGS_PROT_READ &&
            flags != CU_MEM_ACCESS_FLAGS_PROT_READWRITE)
            fail(Status::InvalidValue, "cuMemSetAccess: flags {}", static_cast<int>(flags));
        changes[place_of(wanted[i].location)] = flags;
    }
    std::lock_guard lock(state().mutex);
    Reservation& in = reservation_at(va, bytes);
    const auto mappings = whole_mappings(in, va, bytes);
    std::vector<Access> before;
    try {
        for (const auto at : mappings) {
            Access now = at->second.access;
            put_access(in, at, changed(now, changes));
            before.push_back(std::move(now));
        }
    } catch (...) {
        for (size_t i = 0; i < before.size(); ++i) {
            try {
                put_access(in, mappings[i], before[i]);
            } catch (const rt::Error&) { // no access left: entered as what it is
            }
        }
        enter_runs(in);
        throw;
    }
    enter_runs(in);
}

CUmemAccess_flags access_of(uint64_t va, const CUmemLocation& location) {
    const Place place = place_of(location);
    std::lock_guard lock(state().mutex);
    const auto& access = mapping_at(va).access;
    const auto found = access.find(place);
    return found != access.end() ? found->second : CU_MEM_ACCESS_FLAGS_PROT_NONE;
}

void end_virtual_memory(ApiContext& context) {
    std::vector<Reservation> gone; // their memory goes without the lock
    std::lock_guard lock(state().mutex);
    for (auto it = state().reservations.begin(); it != state().reservations.end();) {
        const auto at = it++;
        if (at->second.owner != &context) continue;
        rt::MemoryManager& memory = context.core.memory();
        for (const rt::Allocation& run : at->second.known)
            memory.forget(run.va);
        memory.unreserve(at->first, at->second.bytes);
        gone.push_back(std::move(at->second));
        state().reservations.erase(at);
    }
}

} // namespace acc::cuda
