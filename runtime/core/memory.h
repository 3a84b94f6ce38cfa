// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The allocations of a context: which device addresses are in use, what backs them, and what a
// pointer belongs to.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/backend.h"
#include "runtime/core/range_allocator.h"

namespace acc::rt {

enum class MemoryKind {
    Device,   ///< cudaMalloc: VRAM, not accessible to the host
    Pinned,   ///< cudaMallocHost: system memory, the same address on host and device
    Managed,  ///< cudaMallocManaged: system memory, the same address on host and device
    Module,   ///< a loaded code object
    Internal, ///< what the runtime shares with the device: control blocks, message buffers, heap
    Commands, ///< as Internal, but only the host writes: rings and parameters
    Array,    ///< a CUDA array: VRAM whose addresses the program does not know
    Queues,   ///< as Internal: control blocks and timelines. Other devices wait for timelines
    Pool,     ///< as Device, of a memory pool, which says who sees it
};

/// Memory that programs have no business with.
inline bool is_internal(MemoryKind kind) {
    return kind == MemoryKind::Internal || kind == MemoryKind::Commands ||
           kind == MemoryKind::Queues;
}

/// In VRAM.
inline bool on_device(MemoryKind kind) {
    return kind == MemoryKind::Device || kind == MemoryKind::Module || kind == MemoryKind::Array ||
           kind == MemoryKind::Pool;
}

/// Which other address spaces see memory, at the same address (MemoryManager::add_viewer).
enum class Audience {
    Nobody,
    Peers,          ///< those that have peer access
    Everybody,      ///< pinned and managed memory
    EverybodysEyes, ///< everybody, to read
    Chosen,         ///< those that the group of the memory was shown to (set_access)
};
Audience audience_of(MemoryKind kind);

/// What a group's memory is to another address space.
enum class GroupAccess { None, Read, ReadWrite };

/// Memory that lies together. Groups other than 0 are pools.
struct MemoryClass {
    MemoryKind kind = MemoryKind::Device;
    unsigned group = 0;
    auto operator<=>(const MemoryClass&) const = default;
};

/// One allocation, a value: what is known about the address range [va, va + bytes).
struct Allocation {
    uint64_t va = 0;
    uint64_t bytes = 0; ///< as asked for
    MemoryKind kind = MemoryKind::Device;
    uint8_t* host = nullptr; ///< the host's view of the first byte (for pinned and managed memory
                             ///< not the user's address)
    unsigned flags = 0;      ///< the allocating call's flags, for queries
    uint64_t serial = 0;     ///< counts allocations of the context
    bool writable = true;    ///< false: code and read-only data of a module
};

/// What is at and about an address, for fault reports. Of the program's memory only; module images
/// count only when they hold the address, or when there is nothing else.
struct Surroundings {
    std::optional<Allocation> around;       ///< contains the address
    std::optional<Allocation> freed;        ///< contained it until it was freed
    std::optional<Allocation> below, above; ///< the nearest that end before and begin after it
};

/// With ACC_CHECK=bounds (environment.h) each allocation of the program has pages of its own with
/// an unmapped page on either side, ends where they end as far as its alignment allows, and leaves
/// its addresses unused for a long time.
class MemoryManager {
  public:
    MemoryManager(Backend& backend, AddressSpaceHandle& vm);
    ~MemoryManager();
    MemoryManager(const MemoryManager&) = delete;

    /// Allocates `bytes` (> 0) aligned to `align` (power of two, at most 2 MiB). Throws
    /// Error(OutOfMemory).
    Allocation allocate(MemoryKind kind, uint64_t bytes, uint64_t align = 512, unsigned flags = 0,
                        unsigned group = 0);
    /// Releases the allocation that starts at `va`. False when there is none of that kind.
    bool release(uint64_t va, MemoryKind kind);
    /// The allocation that contains the address.
    std::optional<Allocation> find(uint64_t va) const;
    Surroundings surroundings(uint64_t va) const;
    /// Host view of [va, va + bytes) when one allocation contains it; nullptr otherwise.
    uint8_t* host_view(uint64_t va, uint64_t bytes) const;
    /// True when the address is one that a device may have (even if nothing is allocated there).
    bool in_window(uint64_t va) const { return vm_.addresses().contains(va); }
    /// Whose address it is: this one's, another context's with the same addresses, nobody's (null).
    const MemoryManager* owner_at(uint64_t va) const { return vm_.addresses().owner_at(va); }
    /// True when the other's addresses mean the same here: the contexts can see each other's
    /// memory.
    bool shares_addresses(const MemoryManager& other) const {
        return &vm_.addresses() == &other.vm_.addresses();
    }

    /// The other address space sees what everybody sees of this memory, from here on.
    void add_viewer(AddressSpaceHandle& vm);
    /// It does not see anything any more.
    void remove_viewer(AddressSpaceHandle& vm);
    /// Peer access: whether it sees device memory, too.
    void set_peer(AddressSpaceHandle& vm, bool peer);
    bool is_peer(const AddressSpaceHandle& vm) const;
    /// What memory of the group is to it, that which is to come as well. Not there: nothing
    /// happens.
    void set_access(AddressSpaceHandle& vm, unsigned group, GroupAccess access);
    GroupAccess access(const AddressSpaceHandle& vm, unsigned group) const;
    /// True when it reaches the memory at this address.
    bool is_seen_by(const AddressSpaceHandle& vm, uint64_t va) const;

    /// What is behind an allocation of allocate(): the object, and where it begins there.
    struct Behind {
        std::shared_ptr<MemoryObject> memory;
        uint64_t offset = 0;
    };
    std::optional<Behind> behind(uint64_t va) const;

    /// Maps memory made elsewhere (module images), segment by segment; the caller keeps the object
    /// alive.
    uint64_t reserve(uint64_t bytes, uint64_t align);
    void map(uint64_t va, const std::shared_ptr<MemoryObject>& memory, uint64_t offset,
             uint64_t bytes, MapFlags flags, Audience audience);
    void unmap(uint64_t va, uint64_t bytes);
    /// Undoes all of it.
    void unreserve(uint64_t va, uint64_t bytes);
    /// Enters a range made by reserve/map, for find() and reports.
    void enter(const Allocation& allocation);
    void forget(uint64_t va);
    /// Forgets and enters in one step: nobody sees a state between.
    void replace(const std::vector<Allocation>& gone, const std::vector<Allocation>& come);

    uint64_t bytes_in_use() const;

  private:
    struct Backing { // an own mapping, or a chunk that small allocations share
        uint64_t va = 0, bytes = 0;
        uint64_t guard = 0; // bytes before and behind it that stay unmapped
        std::shared_ptr<MemoryObject> memory;
        RangeAllocator free; // chunks only: offsets
        MemoryClass what;
        bool chunk = false;
    };
    struct Entry {
        Allocation allocation;
        Backing* backing = nullptr;
        uint64_t span = 0; // bytes taken from the backing
    };
    struct Shown { // mapped memory that others see, or may
        std::shared_ptr<MemoryObject> memory;
        uint64_t offset = 0, bytes = 0;
        MapFlags flags;
        Audience audience = Audience::Nobody;
        unsigned group = 0;
    };
    struct Viewer {
        AddressSpaceHandle* vm = nullptr;
        bool peer = false;
        std::map<unsigned, GroupAccess> groups; // None is not there
        GroupAccess access(const Shown& what) const;
    };
    const Entry* entry_at(uint64_t va) const;
    static constexpr uint64_t kChunkBytes = 2u << 20;
    static constexpr uint64_t kSmallLimit = kChunkBytes / 4;

    std::unique_ptr<Backing> make_backing(MemoryClass what, uint64_t bytes, uint64_t align,
                                          uint64_t guard = 0);
    void drop_backing(Backing& backing);
    Entry place_small(MemoryClass what, uint64_t bytes, uint64_t align);
    Entry place_large(MemoryClass what, uint64_t bytes, uint64_t align);
    Entry place_guarded(MemoryClass what, uint64_t bytes);
    std::optional<uint64_t> take_addresses(uint64_t bytes, uint64_t align);
    void rest_addresses(uint64_t va, uint64_t bytes);
    void remember(const Allocation& freed);
    void enter_locked(const Allocation& allocation);
    void map_locked(uint64_t va, const Shown& what);
    void unmap_locked(uint64_t va, uint64_t bytes);
    const Viewer* viewer(const AddressSpaceHandle& vm) const;
    Viewer* viewer(const AddressSpaceHandle& vm);
    static void show(const Viewer& viewer, uint64_t va, const Shown& what);
    void change_view(Viewer& viewer, Viewer after);
    void widen_view(const Viewer& before, const Viewer& after);
    void narrow_view(const Viewer& before, const Viewer& after);

    Backend& backend_;
    AddressSpaceHandle& vm_;
    mutable std::shared_mutex mutex_;   // protects everything below
    std::map<uint64_t, Entry> entries_; // by first address
    std::map<uint64_t, Shown> shown_;   // by first address
    std::vector<Viewer> viewers_;
    std::map<Backing*, std::unique_ptr<Backing>> backings_;
    std::map<MemoryClass, std::vector<Backing*>> chunks_;
    std::deque<Allocation> freed_;                      // the last ones, for fault reports
    std::deque<std::pair<uint64_t, uint64_t>> resting_; // addresses that were guarded and freed
    uint64_t resting_bytes_ = 0;
    uint64_t serial_ = 0;
    uint64_t in_use_ = 0;
};

/// Device addresses reserved for memory made elsewhere, with all that is mapped and entered there:
/// they go with the object.
class Window {
  public:
    Window() = default;
    Window(MemoryManager& memory, uint64_t bytes, uint64_t align)
        : memory_(&memory), va_(memory.reserve(bytes, align)), bytes_(bytes) {}
    Window(Window&& other) noexcept { swap(other); }
    Window& operator=(Window&& other) noexcept {
        swap(other);
        return *this;
    }
    ~Window() {
        for (const uint64_t va : entered_)
            memory_->forget(va);
        if (memory_ != nullptr) memory_->unreserve(va_, bytes_);
    }

    uint64_t va() const { return va_; }
    uint64_t bytes() const { return bytes_; }
    /// `allocation` lies in the window.
    void enter(const Allocation& allocation) {
        entered_.push_back(allocation.va);
        memory_->enter(allocation);
    }

  private:
    void swap(Window& other) noexcept {
        std::swap(memory_, other.memory_);
        std::swap(va_, other.va_);
        std::swap(bytes_, other.bytes_);
        entered_.swap(other.entered_);
    }

    MemoryManager* memory_ = nullptr;
    uint64_t va_ = 0, bytes_ = 0;
    std::vector<uint64_t> entered_;
};

const char* to_string(MemoryKind kind);

} // namespace acc::rt
