// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/RtcHeader.h"

#include "compiler/driver/Commands.h"
#include "compiler/driver/CompilerCache.h"

#include <fstream>
#include <iterator>
#include <optional>

namespace acc::driver {
namespace {

DiskCache::Key key_of(const Toolkit& toolkit, const Command& command) {
    CacheKey key;
    for (const std::string& word : command)
        key.add(word);
    // clang compares the times of the headers that it read.
    key.add_file(toolkit.clang);
    key.add_file(toolkit.dialect);
    for (const char* folder : {"", "/crt", "/acc_impl", "/acc_impl/rtc"})
        key.add_folder(toolkit.include + folder);
    return key.key();
}

} // namespace

std::string precompiled_header(const Toolkit& toolkit, const Invocation& invocation,
                               const Environment& environment, RunningJobs& jobs,
                               const std::string& folder, std::string& problem) {
    const std::string path = folder + "/rtc.pch";
    const DiskCache::Key key = key_of(toolkit, precompile_command(toolkit, invocation, "rtc.pch"));
    const std::optional<DiskCache> cache = compiler_cache();
    if (std::optional<std::vector<uint8_t>> kept = cache ? cache->load(key) : std::nullopt) {
        std::ofstream file(path, std::ios::binary);
        file.write(reinterpret_cast<const char*>(kept->data()), std::streamsize(kept->size()));
        file.close();
        if (file) return path;
    }
    Process clang(precompile_command(toolkit, invocation, path), environment, jobs);
    if (clang.wait() != 0) {
        problem = clang.errors();
        return {};
    }
    if (cache) {
        std::ifstream file(path, std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
        cache->store(key, {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
    }
    return path;
}

} // namespace acc::driver
