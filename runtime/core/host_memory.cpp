// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_memory.h"

#include <algorithm>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

constexpr uint64_t kPageMask = ACC_PAGE_BYTES - 1;

/// Pages of the program that a device shares.
struct Run {
    HostMemory::Reach reach;
    uint64_t host = 0, bytes = 0;
    std::shared_ptr<MemoryObject> memory;
};

/// A registration that all contexts may use whose device reaches the pages.
struct Portable {
    HostMemory::Reach reach;
    uint64_t host = 0, bytes = 0;
    unsigned flags = 0;
    unsigned contexts = 0; ///< that have it
};

/// The process's runs. Pages can be exchanged only once, so all contexts share them.
struct Runs {
    std::mutex mutex; // protects what follows; held also while pages are exchanged
    std::map<uint64_t, std::weak_ptr<Run>> at; // by host address
    std::map<uint64_t, Portable> portable;     // by host address
    std::atomic<size_t> portables{0};
};

Runs& runs() {
    static Runs* const all = new Runs; // contexts may outlive static objects
    return *all;
}

/// The portable registration that [host, host + bytes) touches, or null. The caller holds the lock.
Portable* portable_at(uint64_t host, uint64_t bytes) {
    const auto after = runs().portable.lower_bound(host + bytes);
    if (after == runs().portable.begin()) return nullptr;
    Portable& before = std::prev(after)->second;
    return before.host + before.bytes > host ? &before : nullptr;
}

/// The run that has `page`; a new one ends at `end` at the latest. The caller holds the lock.
std::shared_ptr<Run> run_at(Backend& backend, const HostMemory::Reach& reach, uint64_t page,
                            uint64_t end) {
    auto& known = runs().at;
    std::erase_if(known, [](const auto& run) { return run.second.expired(); });
    auto after = known.upper_bound(page);
    if (after != known.begin()) {
        const auto before = std::prev(after);
        const auto run = before->second.lock();
        if (page < run->host + run->bytes) {
            if (run->memory->in_place()) {
                if (run->reach.includes(reach)) return run;
                fail(Status::NotSupported,
                     "memory at {:#x} is registered with another device; these devices do not "
                     "share pages",
                     page);
            }
            known.erase(before); // the program has other memory there by now
        }
    }
    if (after != known.end()) end = std::min(end, after->first);
    auto made = std::make_shared<Run>();
    made->reach = reach;
    made->host = page;
    made->bytes = end - page;
    made->memory = backend.adopt_host_pages(reinterpret_cast<void*>(page), made->bytes);
    known.emplace(page, made);
    return made;
}

} // namespace

struct HostMemory::Entry {
    Registration registration;
    unsigned users = 0; ///< modules that have a managed variable in it
    bool portable = false;
    std::vector<std::shared_ptr<Run>> parts;
    Window window; ///< device addresses of its pages; goes before what is mapped there

    Entry() = default;
    Entry(const Entry&) = delete;
    ~Entry() {
        window = {};
        // Pages nobody else shares become the program's alone again.
        std::lock_guard lock(runs().mutex);
        parts.clear();
        if (!portable) return;
        const auto it = runs().portable.find(registration.host);
        if (--it->second.contexts != 0) return;
        runs().portable.erase(it);
        --runs().portables;
    }
};

/// The caller holds the lock.
std::shared_ptr<HostMemory::Entry> HostMemory::overlapping(uint64_t host, uint64_t bytes) const {
    const auto after = entries_.lower_bound(host + bytes);
    if (after == entries_.begin()) return nullptr;
    const auto& before = std::prev(after)->second;
    return before->registration.host + before->registration.bytes > host ? before : nullptr;
}

/// The caller holds the lock.
std::shared_ptr<HostMemory::Entry> HostMemory::enter(void* host, uint64_t bytes, unsigned flags,
                                                     MemoryKind kind, bool portable) {
    const auto first = reinterpret_cast<uint64_t>(host);
    if (bytes > UINT64_MAX - kPageMask - first)
        fail(Status::InvalidValue, "{} bytes at {} are more than any memory", bytes, host);
    if (const auto before = overlapping(first, bytes))
        fail(Status::HostMemoryAlreadyRegistered,
             "{} bytes at {} overlap the {} bytes at {:#x} that are {} already", bytes, host,
             before->registration.bytes, before->registration.host,
             before->registration.kind == MemoryKind::Managed ? "a __managed__ variable"
                                                              : "registered");
    const uint64_t start = first & ~kPageMask;
    const uint64_t end = (first + bytes + kPageMask) & ~kPageMask;
    auto entry = std::make_shared<Entry>();
    {
        std::lock_guard lock(runs().mutex);
        for (uint64_t page = start; page < end;) {
            entry->parts.push_back(run_at(backend_, reach_, page, end));
            page = entry->parts.back()->host + entry->parts.back()->bytes;
        }
    }
    entry->window = Window(memory_, end - start, ACC_PAGE_BYTES);
    for (const auto& run : entry->parts) {
        const uint64_t from = std::max(run->host, start),
                       to = std::min(run->host + run->bytes, end);
        memory_.map(entry->window.va() + (from - start), run->memory, from - run->host, to - from,
                    {.write = true}, Audience::Everybody);
    }
    entry->registration = {first, bytes, entry->window.va() + (first - start), flags, kind};
    Allocation allocation;
    allocation.va = entry->registration.va;
    allocation.bytes = bytes;
    allocation.kind = kind;
    allocation.host = static_cast<uint8_t*>(host);
    allocation.flags = flags;
    entry->window.enter(allocation);
    if (portable) {
        std::lock_guard lock(runs().mutex);
        Portable& record = runs().portable[first];
        if (record.contexts++ == 0) {
            record = {reach_, first, bytes, flags, 1};
            ++runs().portables;
        }
        entry->portable = true;
    }
    entries_.emplace(first, entry);
    ++count_;
    return entry;
}

uint64_t HostMemory::add(void* host, uint64_t bytes, unsigned flags, bool portable) {
    std::lock_guard lock(mutex_);
    if (runs().portables.load(std::memory_order_acquire) != 0) {
        std::lock_guard runs_lock(runs().mutex);
        if (portable_at(reinterpret_cast<uint64_t>(host), bytes) != nullptr)
            fail(Status::HostMemoryAlreadyRegistered,
                 "{} bytes at {} overlap memory that is registered for all contexts", bytes, host);
    }
    return enter(host, bytes, flags, MemoryKind::Pinned, portable)->registration.va;
}

/// Another context's portable registration of the address, for this one too; null when there is
/// none that the device has. The caller holds the lock.
std::shared_ptr<HostMemory::Entry> HostMemory::borrow(uint64_t host) {
    Portable known;
    {
        std::lock_guard lock(runs().mutex);
        const Portable* found = portable_at(host, 1);
        if (found == nullptr || !found->reach.includes(reach_)) return nullptr;
        known = *found;
    }
    return enter(reinterpret_cast<void*>(known.host), known.bytes, known.flags, MemoryKind::Pinned,
                 true);
}

bool HostMemory::remove(void* host) {
    std::shared_ptr<Entry> gone; // without the lock
    std::lock_guard lock(mutex_);
    auto it = entries_.find(reinterpret_cast<uint64_t>(host));
    if (it == entries_.end() || it->second->users != 0) return false;
    gone = std::move(it->second);
    entries_.erase(it);
    --count_;
    return true;
}

bool HostMemory::has(const void* host) const {
    std::lock_guard lock(mutex_);
    return entries_.contains(reinterpret_cast<uint64_t>(host));
}

bool HostMemory::is_portable(const void* host) {
    std::lock_guard lock(runs().mutex);
    return runs().portable.contains(reinterpret_cast<uint64_t>(host));
}

std::optional<HostMemory::Registration> HostMemory::find(const void* host) {
    const bool portables = runs().portables.load(std::memory_order_acquire) != 0;
    if (!portables && count_.load(std::memory_order_acquire) == 0) return std::nullopt;
    std::lock_guard lock(mutex_);
    auto found = overlapping(reinterpret_cast<uint64_t>(host), 1);
    if (!found && portables) found = borrow(reinterpret_cast<uint64_t>(host));
    if (!found) return std::nullopt;
    return found->registration;
}

HostMemory::Managed HostMemory::attach(void* storage, uint64_t bytes) {
    std::lock_guard lock(mutex_);
    const auto host = reinterpret_cast<uint64_t>(storage);
    auto entry = overlapping(host, bytes);
    const auto holds_it = [&](const Registration& have) {
        return have.host <= host && host + bytes <= have.host + have.bytes;
    };
    if (!entry || !holds_it(entry->registration))
        entry = enter(storage, bytes, 0, MemoryKind::Managed);
    ++entry->users;
    const uint64_t va = entry->registration.va + (host - entry->registration.host);
    return {*this, std::move(entry), va};
}

void HostMemory::Managed::leave() {
    if (!entry_ || left_) return;
    left_ = true;
    std::lock_guard lock(host_memory_->mutex_);
    if (--entry_->users != 0 || entry_->registration.kind != MemoryKind::Managed) return;
    host_memory_->entries_.erase(entry_->registration.host);
    --host_memory_->count_;
}

} // namespace acc::rt
