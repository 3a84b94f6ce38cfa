// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/shared_memory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "acc/spec/acc_mmu.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

constexpr uint64_t kPageMask = ACC_PAGE_BYTES - 1;

uint32_t own_process() {
    return static_cast<uint32_t>(getpid());
}

} // namespace

RemoteFile remote_file(int fd, uint64_t inode) {
    return {rt::process_start(own_process()), inode, own_process(), fd};
}

bool is_own(const RemoteFile& file) {
    return file.process == own_process() && file.started == rt::process_start(own_process());
}

bool is_alive(const RemoteFile& file) {
    return file.started != 0 && rt::process_start(file.process) == file.started;
}

OpenedFile::OpenedFile(const RemoteFile& file) {
    if (!is_alive(file))
        fail(Status::InvalidHandle, "the process {} that shared the memory is gone", file.process);
    const std::string path = fmt::format("/proc/{}/fd/{}", file.process, file.fd);
    fd_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    struct stat state{};
    if (fd_ >= 0 && fstat(fd_, &state) == 0 && state.st_ino == file.inode) return;
    if (fd_ >= 0) ::close(fd_);
    fail(Status::InvalidHandle,
         "the memory of process {} cannot be opened ({}): it has to be a process of the same user, "
         "and the handle one of its",
         file.process, path);
}

OpenedFile::~OpenedFile() {
    ::close(fd_);
}

RemoteMemory share(ApiContext& context, uint64_t va) {
    const auto allocation = context.core.memory().find(va);
    const auto behind = context.core.memory().behind(va);
    const bool device = allocation && (allocation->kind == rt::MemoryKind::Device ||
                                       allocation->kind == rt::MemoryKind::Pool ||
                                       allocation->kind == rt::MemoryKind::Pinned);
    if (!device || !behind)
        fail(Status::InvalidValue, "{:#x} is not in memory that can be shared with other processes",
             va);
    const auto piece = context.core.backend().file_of(*behind->memory);
    if (!piece)
        fail(Status::NotSupported,
             "the allocation at {:#x} cannot be shared with other processes: its memory is in "
             "pieces, or the device's driver does not give it away",
             va);
    return {remote_file(piece->fd, piece->inode), piece->offset + behind->offset,
            allocation->bytes};
}

uint64_t SharedMemory::open(ApiContext& context, const RemoteMemory& memory,
                            rt::Audience audience) {
    const OpenedFile file(memory.file);
    return open(context, memory, file.fd(), audience, false);
}

uint64_t SharedMemory::open_of_pool(ApiContext& context, const RemoteMemory& memory, int fd) {
    return open(context, memory, fd, rt::Audience::Peers, true);
}

uint64_t SharedMemory::open(ApiContext& context, const RemoteMemory& memory, int fd,
                            rt::Audience audience, bool of_pool) {
    std::lock_guard lock(mutex_);
    const Place place{memory.file.inode, memory.offset};
    const auto known = known_.find(place);
    const uint64_t va = known != known_.end() ? known->second
                                              : enter(context, memory, fd, audience);
    known_[place] = va;
    ++opened_[va].times;
    opened_[va].of_pool = of_pool;
    return va;
}

/// The caller holds the lock.
uint64_t SharedMemory::enter(ApiContext& context, const RemoteMemory& memory, int fd,
                             rt::Audience audience) {
    const uint64_t first = memory.offset & ~kPageMask;
    if (memory.bytes == 0 || memory.bytes > UINT64_MAX - memory.offset - kPageMask)
        fail(Status::InvalidHandle, "the handle is of {} bytes at {}", memory.bytes, memory.offset);
    const uint64_t bytes = ((memory.offset + memory.bytes + kPageMask) & ~kPageMask) - first;
    Opened opened;
    opened.memory = context.core.backend().import_file(fd, memory.file.inode, first, bytes);
    const uint64_t align = bytes >= ACC_LARGE_PAGE_BYTES ? ACC_LARGE_PAGE_BYTES : ACC_PAGE_BYTES;
    opened.window = rt::Window(context.core.memory(), bytes, align);
    context.core.memory().map(opened.window.va(), opened.memory, 0, bytes, {.write = true},
                              audience);
    rt::Allocation allocation;
    allocation.va = opened.window.va() + (memory.offset - first);
    allocation.bytes = memory.bytes;
    allocation.host = static_cast<uint8_t*>(opened.memory->host()) + (memory.offset - first);
    opened.window.enter(allocation);
    opened_.emplace(allocation.va, std::move(opened));
    return allocation.va;
}

bool SharedMemory::close(uint64_t va, bool of_pool) {
    std::lock_guard lock(mutex_);
    const auto it = opened_.find(va);
    if (it == opened_.end() || it->second.of_pool != of_pool) return false;
    if (--it->second.times != 0) return true;
    std::erase_if(known_, [&](const auto& known) { return known.second == va; });
    opened_.erase(it);
    return true;
}

bool SharedMemory::has(uint64_t va, bool of_pool) const {
    std::lock_guard lock(mutex_);
    const auto it = opened_.find(va);
    return it != opened_.end() && it->second.of_pool == of_pool;
}

void SharedMemory::clear() {
    std::lock_guard lock(mutex_);
    opened_.clear();
    known_.clear();
}

} // namespace acc::cuda
