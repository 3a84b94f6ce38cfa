// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/process_maps.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>

namespace acc::rt {
namespace {

/// What is looked at of a line: all fields, and enough of the path to know "[stack]".
constexpr size_t kLine = 256;

uint64_t number(std::string_view& text, int base) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1); // what separates it from the next
    return value;
}

/// from-to access offset device inode path
Mapping parse(std::string_view line) {
    Mapping mapping;
    mapping.from = number(line, 16);
    mapping.to = number(line, 16);
    const std::string_view access = line.substr(0, 4);
    const auto has = [&](char letter) { return access.find(letter) != access.npos; };
    mapping.protection = (has('r') ? PROT_READ : 0) | (has('w') ? PROT_WRITE : 0) |
                         (has('x') ? PROT_EXEC : 0);
    mapping.is_private = has('p');
    line.remove_prefix(access.size() < line.size() ? access.size() + 1 : line.size());
    mapping.offset = number(line, 16);
    const uint64_t major = number(line, 16);
    mapping.device = major << 32 | number(line, 16);
    mapping.inode = number(line, 10);
    mapping.stack = line.ends_with("[stack]");
    return mapping;
}

} // namespace

ProcessMaps::ProcessMaps() : fd_(open("/proc/self/maps", O_RDONLY | O_CLOEXEC)) {}

ProcessMaps::~ProcessMaps() {
    if (fd_ >= 0) close(fd_);
}

/// The next character; -1 at the end.
int ProcessMaps::get() {
    if (at_ == end_) {
        ssize_t got = 0;
        do {
            got = read(fd_, buffer_, sizeof buffer_);
        } while (got < 0 && errno == EINTR);
        if (got <= 0) return -1;
        at_ = 0;
        end_ = static_cast<size_t>(got);
    }
    return static_cast<unsigned char>(buffer_[at_++]);
}

bool ProcessMaps::next(Mapping& mapping) {
    char line[kLine];
    size_t length = 0;
    int c = get();
    if (c < 0) return false;
    for (; c >= 0 && c != '\n'; c = get())
        if (length < sizeof line) line[length++] = static_cast<char>(c);
    mapping = parse({line, length});
    return true;
}

} // namespace acc::rt
