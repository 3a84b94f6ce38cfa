// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_memory.h"

#include <algorithm>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

constexpr uint64_t kPageMask = ACC_PAGE_BYTES - 1;

} // namespace

HostMemory::~HostMemory() {
    for (auto& [host, entry] : entries_)
        drop(entry);
}

std::shared_ptr<HostMemory::Run> HostMemory::run_at(uint64_t page, uint64_t end) {
    std::erase_if(runs_, [](const auto& run) { return run.second.expired(); });
    auto after = runs_.upper_bound(page);
    if (after != runs_.begin()) {
        auto run = std::prev(after)->second.lock();
        if (run && page < run->host + run->bytes) return run;
    }
    if (after != runs_.end()) end = std::min(end, after->first);
    auto made = std::make_shared<Run>();
    made->host = page;
    made->bytes = end - page;
    made->memory = backend_.adopt_host_pages(reinterpret_cast<void*>(page), made->bytes);
    made->shared = std::make_unique<SharedPages>(reinterpret_cast<void*>(page), made->bytes);
    runs_.emplace(page, made);
    return made;
}

uint64_t HostMemory::add(void* host, uint64_t bytes, unsigned flags) {
    const auto first = reinterpret_cast<uint64_t>(host);
    if (bytes > UINT64_MAX - kPageMask - first)
        fail(Status::InvalidValue, "{} bytes at {} are more than any memory", bytes, host);
    const uint64_t start = first & ~kPageMask;
    const uint64_t end = (first + bytes + kPageMask) & ~kPageMask;
    std::lock_guard lock(mutex_);
    auto after = entries_.lower_bound(first + bytes);
    if (after != entries_.begin()) {
        const Registration& before = std::prev(after)->second.registration;
        if (before.host + before.bytes > first)
            fail(Status::HostMemoryAlreadyRegistered,
                 "{} bytes at {} overlap the {} registered bytes at {:#x}", bytes, host,
                 before.bytes, before.host);
    }
    Entry entry;
    for (uint64_t page = start; page < end;) {
        entry.runs.push_back(run_at(page, end));
        page = entry.runs.back()->host + entry.runs.back()->bytes;
    }
    entry.window_bytes = end - start;
    entry.window = memory_.reserve(entry.window_bytes, ACC_PAGE_BYTES);
    for (const auto& run : entry.runs) {
        const uint64_t from = std::max(run->host, start),
                       to = std::min(run->host + run->bytes, end);
        memory_.map(entry.window + (from - start), run->memory, from - run->host, to - from,
                    {.write = true});
    }
    entry.registration = {first, bytes, entry.window + (first - start), flags};
    Allocation allocation;
    allocation.va = entry.registration.va;
    allocation.bytes = bytes;
    allocation.kind = MemoryKind::Pinned;
    allocation.host = static_cast<uint8_t*>(host);
    allocation.flags = flags;
    memory_.enter(allocation);
    ++count_;
    return entries_.emplace(first, std::move(entry)).first->second.registration.va;
}

void HostMemory::drop(Entry& entry) {
    memory_.forget(entry.registration.va);
    memory_.unreserve(entry.window, entry.window_bytes);
    entry.runs.clear(); // pages nobody else shares become the program's alone again
}

bool HostMemory::remove(void* host) {
    std::lock_guard lock(mutex_);
    auto it = entries_.find(reinterpret_cast<uint64_t>(host));
    if (it == entries_.end()) return false;
    drop(it->second);
    entries_.erase(it);
    --count_;
    return true;
}

std::optional<HostMemory::Registration> HostMemory::find(const void* host) const {
    if (count_.load(std::memory_order_acquire) == 0) return std::nullopt;
    std::lock_guard lock(mutex_);
    const auto address = reinterpret_cast<uint64_t>(host);
    auto after = entries_.upper_bound(address);
    if (after == entries_.begin()) return std::nullopt;
    const Registration& found = std::prev(after)->second.registration;
    if (address - found.host >= found.bytes) return std::nullopt;
    return found;
}

} // namespace acc::rt
