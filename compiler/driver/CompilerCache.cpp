// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/CompilerCache.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <vector>

namespace fs = std::filesystem;

namespace acc::driver {

std::optional<DiskCache> compiler_cache() {
    return DiskCache::from_environment({"ACC_COMPILER_CACHE", "compiled"});
}

void CacheKey::add(std::string_view bytes) {
    text_ += std::to_string(bytes.size()) + ' ';
    text_ += bytes;
}

void CacheKey::add_file(const std::string& path) {
    struct stat state{};
    stat(path.c_str(), &state);
    add(path);
    for (int64_t number :
         {int64_t{state.st_size}, int64_t{state.st_mtim.tv_sec}, int64_t{state.st_mtim.tv_nsec}})
        add(std::to_string(number));
}

void CacheKey::add_folder(const std::string& path) {
    std::vector<std::string> files;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(path, ignored))
        if (entry.is_regular_file(ignored)) files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    for (const std::string& file : files)
        add_file(file);
}

DiskCache::Key CacheKey::key() const {
    return DiskCache::hash({reinterpret_cast<const uint8_t*>(text_.data()), text_.size()});
}

} // namespace acc::driver
