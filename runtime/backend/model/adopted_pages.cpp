// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The program's own pages, shared with the device: they become a mapping of the file that is the
// device's system memory.
#include <sys/mman.h>

#include "runtime/backend/model/backend.h"
#include "runtime/core/host_pages.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// Puts the memory's extents at `at`, in order; gives the bytes that it could.
uint64_t map_extents(const MappedFile& file, const std::vector<Extent>& extents, uint8_t* at) {
    uint64_t done = 0;
    for (const Extent& extent : extents) {
        if (mmap(at + done, extent.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file.fd(),
                 static_cast<off_t>(extent.offset)) == MAP_FAILED)
            break;
        done += extent.bytes;
    }
    return done;
}

} // namespace

std::shared_ptr<ModelMemory> ModelMemory::adopt(ModelBackend& backend, uint8_t* at,
                                                uint64_t bytes) {
    check_replaceable(at, bytes);
    auto memory = make(backend, Domain::System, bytes);
    copy_pages(memory->host(), at, bytes);
    const uint64_t mapped = map_extents(backend.file(Domain::System), memory->extents(), at);
    memory->adopted_.emplace(at, memory->host(), mapped); // gone with `memory` when that is not all
    if (mapped != bytes)
        fail(Status::OutOfMemory, "{} bytes at {} cannot be mapped", bytes, static_cast<void*>(at));
    return memory;
}

void ModelMemory::give_pages_back() {
    if (!adopted_->give_back())
        extents_.clear(); // the program keeps the shared pages, so nobody else may get them
    adopted_.reset();
}

} // namespace acc::rt
