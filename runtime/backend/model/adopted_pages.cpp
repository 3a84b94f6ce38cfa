// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sharing the program's own pages with the device. The device reaches system memory through one file, so the pages are
// replaced: the contents move into the file, and a shared mapping of it takes the pages' place at the same address. What
// another thread writes to these pages in between (a few microseconds per megabyte) is lost, which is why only whole runs
// of plain memory are taken, and never a page of the calling thread's stack.
#include <pthread.h>
#include <sys/mman.h>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <memory>

#include "runtime/backend/model/backend.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// True when every page of the range is readable, writable and private (copy on write), as the kernel lists it.
bool plain_memory(uint64_t first, uint64_t end) {
    const std::unique_ptr<FILE, int (*)(FILE*)> maps(std::fopen("/proc/self/maps", "re"), &std::fclose);
    if (!maps)
        return false;
    char line[4096];
    while (first < end && std::fgets(line, sizeof line, maps.get()) != nullptr) {
        uint64_t from = 0, to = 0;
        char access[5] = {};
        if (std::sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &from, &to, access) != 3 || to <= first)
            continue;
        if (from > first || std::strncmp(access, "rw", 2) != 0 || access[3] != 'p')
            return false;
        first = to;
    }
    return first >= end;
}

/// True when the range touches the calling thread's stack: its pages cannot be exchanged while the thread runs on them.
bool overlaps_stack(uint64_t first, uint64_t end) {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return false;
    void* stack = nullptr;
    size_t bytes = 0;
    pthread_attr_getstack(&attributes, &stack, &bytes);
    pthread_attr_destroy(&attributes);
    const auto low = reinterpret_cast<uint64_t>(stack);
    return first < low + bytes && low < end;
}

/// Puts the memory's extents at `at`, in order.
bool map_extents(const MappedFile& file, const std::vector<Extent>& extents, uint8_t* at) {
    for (const Extent& extent : extents) {
        if (mmap(at, extent.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file.fd(), static_cast<off_t>(extent.offset)) == MAP_FAILED)
            return false;
        at += extent.bytes;
    }
    return true;
}

} // namespace

std::shared_ptr<ModelMemory> ModelMemory::adopt(ModelBackend& backend, uint8_t* at, uint64_t bytes) {
    const auto first = reinterpret_cast<uint64_t>(at);
    if (overlaps_stack(first, first + bytes))
        fail(Status::NotSupported, "memory of the calling thread's stack cannot be shared with the device");
    if (!plain_memory(first, first + bytes))
        fail(Status::NotSupported, "{} bytes at {}: only plain writable memory (not shared, not a device's) can be registered", bytes,
             static_cast<void*>(at));
    auto memory = make(backend, Domain::System, bytes);
    std::memcpy(memory->host(), at, bytes);
    if (!map_extents(backend.system(), memory->extents(), at))
        fail(Status::OutOfMemory, "{} bytes at {} cannot be mapped", bytes, static_cast<void*>(at));
    memory->adopted_ = at;
    return memory;
}

void ModelMemory::give_pages_back() {
    void* pages = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
        extents_.clear(); // out of memory: the program keeps the shared pages, so nobody else may get them
        return;
    }
    std::memcpy(pages, host(), bytes());
    mremap(pages, bytes(), bytes(), MREMAP_MAYMOVE | MREMAP_FIXED, adopted_);
}

} // namespace acc::rt
