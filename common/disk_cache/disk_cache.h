// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What one user's processes keep for each other on disk, by key. Whatever goes wrong is as if there
// were nothing: it costs time, and nobody is told.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace acc {

class DiskCache {
  public:
    using Bytes = std::span<const uint8_t>;
    using Key = std::array<uint8_t, 32>;
    static Key hash(Bytes bytes);

    /// limit: bytes that all entries take together, at most.
    DiskCache(std::string folder, uint64_t limit) : folder_(std::move(folder)), limit_(limit) {}
    /// One of the caches of this project.
    struct Place {
        const char* variable; ///< the environment's: a folder, or "off"
        const char* folder;   ///< below the user's folder for such things
    };
    /// As the environment says. Nothing when there is to be none, and in programs that run with
    /// more rights than who started them: those do not believe his environment.
    static std::optional<DiskCache> from_environment(const Place& place);
    const std::string& folder() const { return folder_; }
    uint64_t limit() const { return limit_; }

    /// There is an entry; load may still find that it is damaged.
    bool contains(const Key& key) const;
    /// Exactly what was stored under this key, by this user.
    std::optional<std::vector<uint8_t>> load(const Key& key) const;
    void store(const Key& key, Bytes content) const;

  private:
    void evict(int folder) const;

    std::string folder_;
    uint64_t limit_;
};

} // namespace acc
