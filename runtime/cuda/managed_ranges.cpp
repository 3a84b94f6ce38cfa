// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/managed_ranges.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <optional>
#include <vector>

#include "acc/spec/acc_mmu.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

constexpr uint64_t kPageMask = ACC_PAGE_BYTES - 1;

void put(void* data, size_t size, int value) {
    if (size != sizeof value)
        fail(Status::InvalidValue, "the attribute has {} bytes, not {}", sizeof value, size);
    std::memcpy(data, &value, sizeof value);
}

/// The type and the number of a place are two attributes, too.
int type_of(int device) {
    if (device == cudaInvalidDeviceId) return cudaMemLocationTypeInvalid;
    return device == cudaCpuDeviceId ? cudaMemLocationTypeHost : cudaMemLocationTypeDevice;
}

} // namespace

ManagedRanges& ManagedRanges::get() {
    static auto* const all = new ManagedRanges;
    return *all;
}

/// A range begins at `at`. The caller holds the lock.
ManagedRanges::Ranges::iterator ManagedRanges::split(uint64_t at) {
    const auto after = ranges_.upper_bound(at);
    const auto before = std::prev(after);
    return before->first == at ? before : ranges_.emplace_hint(after, at, before->second);
}

template <typename F>
void ManagedRanges::change(uint64_t va, uint64_t bytes, F&& f) {
    std::lock_guard lock(mutex_);
    auto from = split(va & ~kPageMask);
    const auto to = split((va + bytes + kPageMask) & ~kPageMask);
    from = ranges_.find(va & ~kPageMask);
    for (auto it = from; it != to; ++it)
        f(it->second);
    // What is the same as before it needs no entry.
    for (auto it = from; it != ranges_.end() && it->first <= to->first;) {
        const auto next = std::next(it);
        const bool last = it == to;
        if (it != ranges_.begin() && std::prev(it)->second == it->second) ranges_.erase(it);
        if (last) break;
        it = next;
    }
}

template <typename F>
void ManagedRanges::look(uint64_t va, uint64_t bytes, F&& f) const {
    std::lock_guard lock(mutex_);
    for (auto it = std::prev(ranges_.upper_bound(va));
         it != ranges_.end() && it->first < va + bytes; ++it)
        f(it->second);
}

void ManagedRanges::advise(uint64_t va, uint64_t bytes, cudaMemoryAdvise advice, int device) {
    change(va, bytes, [&](Said& said) {
        switch (advice) {
        case cudaMemAdviseSetReadMostly: said.read_mostly = true; break;
        case cudaMemAdviseUnsetReadMostly: said.read_mostly = false; break;
        case cudaMemAdviseSetPreferredLocation: said.preferred = device; break;
        case cudaMemAdviseUnsetPreferredLocation: said.preferred = cudaInvalidDeviceId; break;
        case cudaMemAdviseSetAccessedBy: said.accessed_by.insert(device); break;
        case cudaMemAdviseUnsetAccessedBy: said.accessed_by.erase(device); break;
        }
    });
}

void ManagedRanges::prefetch(uint64_t va, uint64_t bytes, int device) {
    change(va, bytes, [&](Said& said) { said.prefetched = device; });
}

void ManagedRanges::forget(uint64_t va, uint64_t bytes) {
    {
        std::lock_guard lock(mutex_);
        if (ranges_.size() == 1) return; // nothing was said of any memory
    }
    // Pages that other allocations share keep what was said.
    const uint64_t first = (va + kPageMask) & ~kPageMask, end = (va + bytes) & ~kPageMask;
    if (first < end) change(first, end - first, [](Said& said) { said = {}; });
}

/// The value that all pages have.
template <typename T>
T ManagedRanges::common(T Said::* what, T otherwise, uint64_t va, uint64_t bytes) const {
    std::optional<T> found;
    bool same = true;
    look(va, bytes, [&](const Said& said) {
        same = same && (!found || *found == said.*what);
        found = said.*what;
    });
    return same && found ? *found : otherwise;
}

void ManagedRanges::read_accessed_by(int* devices, size_t count, uint64_t va,
                                     uint64_t bytes) const {
    std::optional<std::set<int>> all;
    look(va, bytes, [&](const Said& said) {
        if (!all) all = said.accessed_by;
        std::erase_if(*all, [&](int device) { return !said.accessed_by.contains(device); });
    });
    std::fill_n(devices, count, cudaInvalidDeviceId);
    std::copy_n(all->begin(), std::min(count, all->size()), devices);
}

void ManagedRanges::read(void* data, size_t size, cudaMemRangeAttribute attribute, uint64_t va,
                         uint64_t bytes) const {
    const auto preferred = [&] {
        return common(&Said::preferred, int{cudaInvalidDeviceId}, va, bytes);
    };
    const auto prefetched = [&] {
        return common(&Said::prefetched, int{cudaInvalidDeviceId}, va, bytes);
    };
    switch (attribute) {
    case cudaMemRangeAttributeReadMostly:
        put(data, size, common(&Said::read_mostly, false, va, bytes) ? 1 : 0);
        return;
    case cudaMemRangeAttributePreferredLocation:
    case cudaMemRangeAttributePreferredLocationId: put(data, size, preferred()); return;
    case cudaMemRangeAttributePreferredLocationType: put(data, size, type_of(preferred())); return;
    case cudaMemRangeAttributeLastPrefetchLocation:
    case cudaMemRangeAttributeLastPrefetchLocationId: put(data, size, prefetched()); return;
    case cudaMemRangeAttributeLastPrefetchLocationType:
        put(data, size, type_of(prefetched()));
        return;
    case cudaMemRangeAttributeAccessedBy: {
        if (size == 0 || size % sizeof(int) != 0)
            fail(Status::InvalidValue, "{} bytes for devices' numbers", size);
        std::vector<int> devices(size / sizeof(int));
        read_accessed_by(devices.data(), devices.size(), va, bytes);
        std::memcpy(data, devices.data(), size);
        return;
    }
    }
    fail(Status::InvalidValue, "attribute {} of a range does not exist",
         static_cast<int>(attribute));
}

} // namespace acc::cuda
