// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/vram.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

#include "acc/spec/acc_mmu.h"

namespace acc::model {

Vram::Vram(uint64_t bytes) : bytes_(bytes) {
    if (bytes == 0 || bytes % ACC_LARGE_PAGE_BYTES != 0)
        throw std::system_error(EINVAL, std::generic_category(),
                                "VRAM size must be a multiple of 2 MiB");
    fd_ = memfd_create("acc-vram", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "memfd_create for VRAM");
    // Sealed against resizing: a mapping of it can then never raise SIGBUS for lack of a file.
    bool sized = ftruncate(fd_, static_cast<off_t>(bytes)) == 0 &&
                 fcntl(fd_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0;
    void* at = sized ? mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd_,
                            0)
                     : MAP_FAILED;
    if (at == MAP_FAILED) {
        int error = errno;
        close(fd_);
        throw std::system_error(error, std::generic_category(), "cannot map VRAM");
    }
    data_ = static_cast<uint8_t*>(at);
    madvise(data_, bytes, MADV_DONTDUMP);
}

bool Vram::poison(uint64_t page) {
    constexpr size_t most = 65536;
    std::lock_guard lock(mutex_);
    if (poisoned_.size() >= most && !poisoned_.count(page)) return false;
    poisoned_.insert(page);
    any_poisoned_.store(true, std::memory_order_release);
    return true;
}

bool Vram::unpoison(uint64_t page) {
    std::lock_guard lock(mutex_);
    bool was = poisoned_.erase(page) != 0;
    any_poisoned_.store(!poisoned_.empty(), std::memory_order_release);
    return was;
}

void Vram::unpoison_all() {
    std::lock_guard lock(mutex_);
    poisoned_.clear();
    any_poisoned_.store(false, std::memory_order_release);
}

std::vector<uint64_t> Vram::poisoned(uint64_t offset, uint64_t n) const {
    if (!any_poisoned_.load(std::memory_order_acquire)) return {};
    std::lock_guard lock(mutex_);
    return {poisoned_.lower_bound(offset), poisoned_.lower_bound(offset + n)};
}

Vram::~Vram() {
    munmap(data_, bytes_);
    close(fd_);
}

} // namespace acc::model
