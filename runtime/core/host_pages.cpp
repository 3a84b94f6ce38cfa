// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_pages.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>

#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// True when every page of the range is readable, writable and private (copy on write), as the
/// kernel lists it.
bool plain_memory(uint64_t first, uint64_t end) {
    const std::unique_ptr<FILE, int (*)(FILE*)> maps(std::fopen("/proc/self/maps", "re"),
                                                     &std::fclose);
    if (!maps) return false;
    char line[4096];
    while (first < end && std::fgets(line, sizeof line, maps.get()) != nullptr) {
        uint64_t from = 0, to = 0;
        char access[5] = {};
        if (std::sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &from, &to, access) != 3 ||
            to <= first)
            continue;
        if (from > first || std::strncmp(access, "rw", 2) != 0 || access[3] != 'p') return false;
        first = to;
    }
    return first >= end;
}

/// True when the range touches the calling thread's stack: its pages cannot be exchanged while the
/// thread runs on them.
bool overlaps_stack(uint64_t first, uint64_t end) {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
    void* stack = nullptr;
    size_t bytes = 0;
    pthread_attr_getstack(&attributes, &stack, &bytes);
    pthread_attr_destroy(&attributes);
    const auto low = reinterpret_cast<uint64_t>(stack);
    return first < low + bytes && low < end;
}

} // namespace

void check_replaceable(const void* at, uint64_t bytes) {
    const auto first = reinterpret_cast<uint64_t>(at);
    if (overlaps_stack(first, first + bytes))
        fail(Status::NotSupported,
             "memory of the calling thread's stack cannot be shared with the device");
    if (!plain_memory(first, first + bytes))
        fail(Status::NotSupported,
             "{} bytes at {}: only plain writable memory (not shared, not a device's) can be "
             "registered",
             bytes, at);
}

bool put_private_pages(void* at, const void* contents, uint64_t bytes) {
    void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return false;
    std::memcpy(pages, contents, bytes);
    if (mremap(pages, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, at) != MAP_FAILED) return true;
    munmap(pages, bytes);
    return false;
}

} // namespace acc::rt
