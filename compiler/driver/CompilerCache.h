// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where the compiler keeps what it has made at run time: compiled PTX, precompiled headers.
#pragma once

#include "common/disk_cache/disk_cache.h"

#include <optional>
#include <string>
#include <string_view>

namespace acc::driver {

/// As the environment says: ACC_COMPILER_CACHE, and CUDA's variables.
std::optional<DiskCache> compiler_cache();

/// All that decides what a result is.
class CacheKey {
  public:
    void add(std::string_view bytes);
    /// Path, size and time of a file: stands for what is in it.
    void add_file(const std::string& path);
    /// Of the files in a folder, not of its folders.
    void add_folder(const std::string& path);
    DiskCache::Key key() const;

  private:
    std::string text_;
};

} // namespace acc::driver
