// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a program has said about ranges of managed memory (advice, prefetches), page by page. There
// is one place for managed memory, which all devices and the host reach, so nothing moves; what was
// said is kept and read back.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>

#include "runtime/cuda/runtime.h"

namespace acc::cuda {

class ManagedRanges {
  public:
    /// The process's: managed memory is everybody's. Never destroyed.
    static ManagedRanges& get();

    void advise(uint64_t va, uint64_t bytes, cudaMemoryAdvise advice, int device);
    void prefetch(uint64_t va, uint64_t bytes, int device);
    /// The memory is gone.
    void forget(uint64_t va, uint64_t bytes);
    /// Writes what holds for all pages of the range. Throws Error(InvalidValue) when `size` is not
    /// the attribute's.
    void read(void* data, size_t size, cudaMemRangeAttribute attribute, uint64_t va,
              uint64_t bytes) const;

  private:
    struct Said {
        bool read_mostly = false;
        int preferred = cudaInvalidDeviceId, prefetched = cudaInvalidDeviceId;
        std::set<int> accessed_by;
        bool operator==(const Said&) const = default;
    };
    using Ranges = std::map<uint64_t, Said>; // by first address; holds up to the next one
    template <typename F>
    void change(uint64_t va, uint64_t bytes, F&& f);
    Ranges::iterator split(uint64_t at);
    template <typename F>
    void look(uint64_t va, uint64_t bytes, F&& f) const;
    void read_accessed_by(int* devices, size_t count, uint64_t va, uint64_t bytes) const;
    template <typename T>
    T common(T Said::* what, T otherwise, uint64_t va, uint64_t bytes) const;

    mutable std::mutex mutex_; // protects ranges_
    Ranges ranges_{{0, Said{}}};
};

} // namespace acc::cuda
