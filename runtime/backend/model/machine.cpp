// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/model/machine.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "acc/spec/acc_mmu.h"
#include "runtime/backend/model/devices.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// System memory that devices may see: sparse, so the size is a limit and not a cost.
constexpr uint64_t kSystemBytes = 256ull << 30;
/// A slot's share of the bus addresses, the most memory that a device can have; slot 0 is system
/// memory.
constexpr uint64_t kSlotBytes = 1ull << 40;
/// Page-table entries have 52 bits of address.
constexpr size_t kSlots = (1ull << 52) / kSlotBytes - 1;

/// Device addresses for one device, and for all of them (the most that an address space can have).
/// Only reserved: costs no memory.
constexpr uint64_t kWindowBytes = 256ull << 30, kLargestWindow = 1ull << 40;

uint64_t window_bytes() {
    return std::min(kWindowBytes * model_devices().size(), kLargestWindow);
}

} // namespace

MappedFile::MappedFile(const char* name, uint64_t bytes) : owned_(true), bytes_(bytes) {
    fd_ = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    // Sealed against resizing: a mapping of it can then never raise SIGBUS for lack of a file.
    if (fd_ < 0 || ftruncate(fd_, static_cast<off_t>(bytes)) != 0 ||
        fcntl(fd_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0)
        throw std::system_error(errno, std::generic_category(), name);
    data_ = static_cast<uint8_t*>(
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd_, 0));
    if (data_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), name);
}

MappedFile::MappedFile(int fd, uint64_t bytes, bool own) : fd_(fd), owned_(own), bytes_(bytes) {
    data_ = static_cast<uint8_t*>(
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd_, 0));
    if (data_ != MAP_FAILED) return;
    const int error = errno;
    if (own) close(fd);
    throw std::system_error(error, std::generic_category(), "mapping device memory");
}

MappedFile::~MappedFile() {
    munmap(data_, bytes_);
    if (owned_) close(fd_);
}

std::shared_ptr<Machine> Machine::get() {
    static std::mutex mutex;
    static std::weak_ptr<Machine> process;
    std::lock_guard lock(mutex);
    auto machine = process.lock();
    if (!machine) process = machine = std::make_shared<Machine>();
    return machine;
}

Machine::Machine()
    : system_("acc-system", kSystemBytes), physical_(0, kSystemBytes), window_(window_bytes()),
      addresses_(window_.base(), window_.bytes()) {}

uint64_t Machine::system_bytes() {
    return kSystemBytes;
}

uint64_t Machine::plug(const MappedFile& vram) {
    std::unique_lock lock(mutex_);
    auto slot = std::find(slots_.begin(), slots_.end(), nullptr);
    if (slot == slots_.end()) {
        if (slots_.size() == kSlots)
            fail(Status::SystemNotReady, "the machine has no slot for another device");
        slot = slots_.insert(slots_.end(), nullptr);
    }
    *slot = &vram;
    return static_cast<uint64_t>(slot - slots_.begin() + 1) * kSlotBytes;
}

void Machine::unplug(uint64_t aperture) {
    std::unique_lock lock(mutex_);
    slots_[aperture / kSlotBytes - 1] = nullptr;
}

/// The caller holds the lock.
Machine::Place Machine::find(uint64_t bus, uint64_t bytes) const {
    const uint64_t slot = bus / kSlotBytes, offset = bus % kSlotBytes;
    if (slot > slots_.size()) return {};
    const MappedFile* file = slot == 0 ? &system_ : slots_[slot - 1];
    if (file == nullptr || offset > file->bytes() || bytes > file->bytes() - offset) return {};
    return {file, offset};
}

bool Machine::map(uint64_t bus, uint64_t bytes, void* at, int protection, int sharing) const {
    std::shared_lock lock(mutex_);
    const Place place = find(bus, bytes);
    return place.file != nullptr && mmap(at, bytes, protection, sharing | MAP_FIXED | MAP_NORESERVE,
                                         place.file->fd(), static_cast<off_t>(place.offset)) == at;
}

uint8_t* Machine::host_address(uint64_t bus, uint64_t bytes) const {
    std::shared_lock lock(mutex_);
    const Place place = find(bus, bytes);
    return place.file != nullptr ? place.file->data() + place.offset : nullptr;
}

// ---- other processes' memory

BusFile::BusFile(std::shared_ptr<Machine> machine, int fd, uint64_t bytes, uint64_t inode)
    : machine_(std::move(machine)), file_(fd, bytes, true), inode_(inode),
      bus_(machine_->plug(file_)) {}

BusFile::~BusFile() {
    machine_->unplug(bus_);
}

std::shared_ptr<BusFile> Machine::open_file(int fd, uint64_t inode, uint64_t end) {
    struct stat state{};
    if (fstat(fd, &state) != 0 || state.st_ino != inode || !S_ISREG(state.st_mode) ||
        static_cast<uint64_t>(state.st_size) < end || state.st_size % ACC_PAGE_BYTES != 0 ||
        static_cast<uint64_t>(state.st_size) > kSlotBytes ||
        (fcntl(fd, F_GET_SEALS) & F_SEAL_SHRINK) == 0) // as those of ours are
        fail(Status::InvalidHandle, "the file is not the one that the handle is of");
    std::lock_guard lock(files_mutex_);
    std::erase_if(files_, [](const auto& file) { return file.expired(); });
    for (const auto& known : files_)
        if (auto file = known.lock(); file && file->inode() == inode) return file;
    const int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        fail(Status::OutOfMemory, "no file descriptor is free for another process's memory");
    try {
        auto file = std::make_shared<BusFile>(shared_from_this(), own,
                                              static_cast<uint64_t>(state.st_size), inode);
        files_.push_back(file);
        return file;
    } catch (const std::system_error& error) {
        fail(Status::OutOfMemory, "another process's memory: {}", error.what());
    }
}

} // namespace acc::rt
