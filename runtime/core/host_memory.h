// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of the program itself that the device may use: cudaHostRegister and __managed__ variables.
// Whole pages are shared, so registrations that touch the same page share its run, those of other
// contexts too.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/core/backend.h"
#include "runtime/core/memory.h"

namespace acc::rt {

class HostMemory {
  public:
    HostMemory(Backend& backend, MemoryManager& memory, const DeviceAddresses& addresses)
        : backend_(backend), memory_(memory), reach_{&backend, &addresses} {}
    HostMemory(const HostMemory&) = delete;

    /// Who can map pages that one context has shared: contexts of its device, and those whose
    /// addresses are the same.
    struct Reach {
        const Backend* backend = nullptr;
        const DeviceAddresses* addresses = nullptr;
        bool includes(const Reach& other) const {
            return backend == other.backend || addresses == other.addresses;
        }
    };

    struct Registration {
        uint64_t host = 0; ///< first byte, as registered
        uint64_t bytes = 0;
        uint64_t va = 0; ///< device address of the first byte
        unsigned flags = 0;
        MemoryKind kind = MemoryKind::Pinned; ///< or Managed: a __managed__ variable
    };
    struct Entry;

    /// Makes [host, host + bytes) reachable for the device; gives the device address of `host`.
    /// `portable`: for the other contexts that can map it, too: under this address at once, under
    /// an address of their own from when each first asks for the memory. Throws
    /// Error(HostMemoryAlreadyRegistered, NotSupported, OutOfMemory).
    uint64_t add(void* host, uint64_t bytes, unsigned flags, bool portable = false);
    /// Undoes add in this context. The caller has waited for the device. False when nothing was
    /// registered at `host`, or a __managed__ variable in it is in use.
    bool remove(void* host);
    /// True when a registration of this context begins at `host`.
    bool has(const void* host) const;
    /// True when a portable one of any context does.
    static bool is_portable(const void* host);
    /// The registration that contains the host address. Cheap when there are none.
    std::optional<Registration> find(const void* host);

    /// A module's use of the storage of a __managed__ variable: modules that define the same one
    /// share it.
    class Managed {
      public:
        Managed() = default;
        Managed(Managed&& other) noexcept = default;
        Managed& operator=(Managed&&) = delete;
        ~Managed() { leave(); }
        uint64_t va() const { return va_; }
        /// The program's storage goes away, though the device may still be at work: to find() the
        /// address is ordinary memory; the device keeps the pages as long as the object lives.
        void leave();

      private:
        friend class HostMemory;
        Managed(HostMemory& of, std::shared_ptr<Entry> entry, uint64_t va)
            : host_memory_(&of), entry_(std::move(entry)), va_(va) {}
        HostMemory* host_memory_ = nullptr;
        std::shared_ptr<Entry> entry_;
        uint64_t va_ = 0;
        bool left_ = false;
    };
    /// As add, for a __managed__ variable.
    Managed attach(void* storage, uint64_t bytes);

  private:
    using Entries = std::map<uint64_t, std::shared_ptr<Entry>>; // by host address
    std::shared_ptr<Entry> enter(void* host, uint64_t bytes, unsigned flags, MemoryKind kind,
                                 bool portable = false);
    std::shared_ptr<Entry> borrow(uint64_t host);
    std::shared_ptr<Entry> overlapping(uint64_t host, uint64_t bytes) const;

    Backend& backend_;
    MemoryManager& memory_;
    const Reach reach_;
    mutable std::mutex mutex_; // protects entries_
    Entries entries_;
    std::atomic<size_t> count_{0};
};

} // namespace acc::rt
