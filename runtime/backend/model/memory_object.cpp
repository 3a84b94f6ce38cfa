// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>

#include "runtime/backend/model/backend.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// Freed memory of at least this size goes back to the host. Smaller pieces keep their pages:
/// programs that allocate and free in a loop would otherwise spend their time in page faults.
constexpr uint64_t kReturnLimit = 256ull << 20;

uint64_t alignment_for(uint64_t bytes) {
    return bytes >= ACC_LARGE_PAGE_BYTES ? ACC_LARGE_PAGE_BYTES : ACC_PAGE_BYTES;
}

} // namespace

std::vector<Extent> PhysicalMemory::allocate(uint64_t bytes) {
    std::lock_guard lock(mutex_);
    if (auto offset = free_.allocate(bytes, alignment_for(bytes))) return {{*offset, bytes}};
    if (bytes > free_.free_bytes()) return {};
    std::vector<Extent> extents;
    for (uint64_t left = bytes; left != 0;) {
        const uint64_t piece = std::min(left, free_.largest_free());
        const auto offset = free_.allocate(piece, ACC_PAGE_BYTES); // never fails: everything is in
                                                                   // whole pages
        extents.push_back({*offset, piece});
        left -= piece;
    }
    return extents;
}

void PhysicalMemory::release(const std::vector<Extent>& extents) {
    std::lock_guard lock(mutex_);
    for (const Extent& extent : extents)
        free_.release(extent.offset, extent.bytes);
}

uint64_t PhysicalMemory::free_bytes() const {
    std::lock_guard lock(mutex_);
    return free_.free_bytes();
}

std::shared_ptr<ModelMemory> ModelMemory::make(ModelBackend& backend, Domain domain,
                                               uint64_t bytes) {
    PhysicalMemory& physical = backend.physical(domain);
    auto extents = physical.allocate(bytes);
    if (extents.empty())
        fail(Status::OutOfMemory, "{} bytes of {} memory are not free ({} are){}", bytes,
             domain == Domain::Vram ? "device" : "system", physical.free_bytes(),
             domain == Domain::Vram ? "; ACC_MODEL_VRAM_MIB gives the model more" : "");
    MappedFile& file = backend.file(domain);
    void* host = file.data() + extents.front().offset;
    const bool own_mapping = extents.size() > 1;
    if (own_mapping) {
        host = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        auto* at = static_cast<uint8_t*>(host);
        for (const Extent& extent : extents) {
            if (host == MAP_FAILED ||
                mmap(at, extent.bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file.fd(),
                     static_cast<off_t>(extent.offset)) == MAP_FAILED) {
                physical.release(extents);
                fail(Status::OutOfMemory,
                     "the host view of {} bytes of fragmented memory cannot be mapped", bytes);
            }
            at += extent.bytes;
        }
    }
    return std::shared_ptr<ModelMemory>(
        new ModelMemory(backend, domain, bytes, host, std::move(extents), own_mapping));
}

std::shared_ptr<ModelMemory> ModelMemory::import(ModelBackend& backend,
                                                 std::shared_ptr<BusFile> file, uint64_t offset,
                                                 uint64_t bytes) {
    std::shared_ptr<ModelMemory> memory(new ModelMemory(
        backend, Domain::System, bytes, file->file().data() + offset, {{offset, bytes}}, false));
    memory->imported_ = std::move(file);
    return memory;
}

const MappedFile& ModelMemory::file() const {
    return imported_ ? imported_->file() : backend_.file(domain());
}

ModelMemory::Seen ModelMemory::seen_by(const ModelBackend& backend) const {
    if (imported_) return {true, imported_->bus()};
    if (domain() == Domain::System) return {true, 0};
    return &backend == &backend_ ? Seen{false, 0} : Seen{true, backend_.aperture()};
}

ModelMemory::~ModelMemory() {
    if (imported_) return; // the other process's to free
    if (adopted_) give_pages_back();
    if (own_mapping_) munmap(host(), bytes());
    MappedFile& file = backend_.file(domain());
    if (bytes() >= kReturnLimit)
        for (const Extent& extent : extents_)
            fallocate(file.fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                      static_cast<off_t>(extent.offset), static_cast<off_t>(extent.bytes));
    backend_.physical(domain()).release(extents_);
}

} // namespace acc::rt
