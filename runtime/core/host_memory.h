// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of the program itself that the device may use: cudaHostRegister and __managed__ variables.
// Whole pages are shared, so registrations that touch the same page share its run.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/core/backend.h"
#include "runtime/core/host_pages.h"
#include "runtime/core/memory.h"

namespace acc::rt {

class HostMemory {
  public:
    HostMemory(Backend& backend, MemoryManager& memory) : backend_(backend), memory_(memory) {}
    ~HostMemory();
    HostMemory(const HostMemory&) = delete;

    struct Registration {
        uint64_t host = 0; ///< first byte, as registered
        uint64_t bytes = 0;
        uint64_t va = 0; ///< device address of the first byte
        unsigned flags = 0;
    };

    /// Makes [host, host + bytes) reachable for the device; gives the device address of `host`.
    /// Throws Error(HostMemoryAlreadyRegistered, NotSupported, OutOfMemory).
    uint64_t add(void* host, uint64_t bytes, unsigned flags);
    /// Undoes add. The caller has waited for the device. False when nothing starts at `host`.
    bool remove(void* host);
    /// The registration that contains the host address. Cheap when there are none.
    std::optional<Registration> find(const void* host) const;

  private:
    struct Run { ///< pages shared with the device
        uint64_t host = 0, bytes = 0;
        std::shared_ptr<MemoryObject> memory;
        std::unique_ptr<SharedPages> shared; ///< goes before the memory
    };
    struct Entry {
        Registration registration;
        uint64_t window = 0, window_bytes = 0; ///< device addresses of its pages
        std::vector<std::shared_ptr<Run>> runs;
    };
    std::shared_ptr<Run> run_at(uint64_t page, uint64_t end);
    void drop(Entry& entry);

    Backend& backend_;
    MemoryManager& memory_;
    mutable std::mutex mutex_;                    // protects entries_ and runs_
    std::map<uint64_t, Entry> entries_;           // by host address
    std::map<uint64_t, std::weak_ptr<Run>> runs_; // by host address
    std::atomic<size_t> count_{0};
};

} // namespace acc::rt
