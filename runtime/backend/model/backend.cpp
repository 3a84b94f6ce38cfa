// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/model/backend.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>

#include "runtime/core/log.h"
#include "runtime/core/own_threads.h"
#include "runtime/core/resource_limit.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// Bus addresses the device may see: sparse, so the size is a limit and not a cost.
constexpr uint64_t kSystemBytes = 256ull << 30;
/// The first pages of VRAM stay unused: offset 0 is never a valid table or buffer.
constexpr uint64_t kVramReserved = 64 * 1024;

uint64_t environment_number(const char* name, uint64_t fallback, uint64_t low, uint64_t high) {
    const char* text = std::getenv(name);
    if (text == nullptr || *text == 0) return fallback;
    char* end = nullptr;
    const uint64_t value = std::strtoull(text, &end, 10);
    if (*end != 0 || value < low || value > high)
        fail(Status::SystemNotReady, "{}={} is not a number between {} and {}", name, text, low,
             high);
    return value;
}

/// Device memory in MiB unless the environment says otherwise: pages take host memory when they are
/// touched, so most of it can be promised. Programs are written for devices with 8 GiB and more.
uint64_t default_vram_mib() {
    return std::clamp<uint64_t>(usable_host_memory() / 4 * 3 >> 20, 4096, 65536);
}

} // namespace

MappedFile::MappedFile(const char* name, uint64_t bytes) : owned_(true), bytes_(bytes) {
    fd_ = memfd_create(name, MFD_CLOEXEC);
    if (fd_ < 0 || ftruncate(fd_, static_cast<off_t>(bytes)) != 0)
        throw std::system_error(errno, std::generic_category(), name);
    data_ = static_cast<uint8_t*>(
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd_, 0));
    if (data_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), name);
}

MappedFile::MappedFile(int fd, uint64_t bytes) : fd_(fd), bytes_(bytes) {
    data_ = static_cast<uint8_t*>(
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd_, 0));
    if (data_ == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "mapping device memory");
}

MappedFile::~MappedFile() {
    munmap(data_, bytes_);
    if (owned_) close(fd_);
}

ModelBackend::ModelBackend(unsigned index) {
    const unsigned host_threads = std::max(1u, std::thread::hardware_concurrency());
    config_.compute_units = static_cast<unsigned>(
        environment_number("ACC_MODEL_CUS", host_threads, 1, 1024));
    config_.vram_bytes = environment_number("ACC_MODEL_VRAM_MIB", default_vram_mib(), 64, 1 << 20)
                             << 20 &
                         ~uint64_t{ACC_LARGE_PAGE_BYTES - 1};
    config_.thread_begins = &enter_own_thread;
    info_.name = "ACC1 (device model, in process)";
    info_.compute_units = config_.compute_units;
    info_.clock_khz = 1'000'000; // sr_clock counts nanoseconds
    info_.vram_bytes = config_.vram_bytes - kVramReserved;
    info_.pci_bus = index + 1;
    std::memcpy(info_.uuid, "ACC1-in-process", 15);
    info_.uuid[15] = static_cast<uint8_t>(index);
}

ModelBackend::~ModelBackend() {
    vram_.reset();
    chip_.reset();
}

model::Chip& ModelBackend::chip() {
    std::call_once(started_, [this] {
        // Growing a file beyond this limit is not an error but a signal that ends the program.
        if (limited(ResourceLimit::FileSize, std::max(kSystemBytes, config_.vram_bytes)))
            fail(Status::SystemNotReady,
                 "the device model cannot start: it keeps the device's memory in sparse files in "
                 "memory of up to {} bytes, and {}",
                 std::max(kSystemBytes, config_.vram_bytes), limit_text(ResourceLimit::FileSize));
        try {
            system_ = std::make_unique<MappedFile>("acc-system", kSystemBytes);
            chip_ = model::Chip::create(config_, *this, this);
            vram_ = std::make_unique<MappedFile>(chip_->vram_fd(), chip_->vram_bytes());
        } catch (const std::system_error& error) {
            fail(Status::SystemNotReady, "the device model cannot start: {}. {}", error.what(),
                 limit_text(ResourceLimit::AddressSpace));
        }
        vram_physical_ = std::make_unique<PhysicalMemory>(kVramReserved,
                                                          chip_->vram_bytes() - kVramReserved);
        system_physical_ = std::make_unique<PhysicalMemory>(0, kSystemBytes);
    });
    return *chip_;
}

std::shared_ptr<MemoryObject> ModelBackend::allocate(Domain domain, uint64_t bytes) {
    return ModelMemory::make(*this, domain, bytes);
}

std::shared_ptr<MemoryObject> ModelBackend::adopt_host_pages(void* at, uint64_t bytes) {
    return ModelMemory::adopt(*this, static_cast<uint8_t*>(at), bytes);
}

std::unique_ptr<AddressSpaceHandle> ModelBackend::create_address_space() {
    return make_model_address_space(*this);
}

uint64_t ModelBackend::vram_free() const {
    return vram_physical_ ? vram_physical_->free_bytes() : info_.vram_bytes;
}

uint64_t ModelBackend::timestamp_ns() const {
    return chip_ ? chip_->timestamp_ns() : 0;
}

bool ModelBackend::map(uint64_t bus, uint64_t bytes, void* at, bool writable) {
    if (bus > kSystemBytes || bytes > kSystemBytes - bus) return false;
    const int protection = PROT_READ | (writable ? PROT_WRITE : 0);
    return mmap(at, bytes, protection, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, system_->fd(),
                static_cast<off_t>(bus)) == at;
}

bool ModelBackend::map_copy(uint64_t bus, uint64_t bytes, void* at) {
    if (bus > kSystemBytes || bytes > kSystemBytes - bus) return false;
    return mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE,
                system_->fd(), static_cast<off_t>(bus)) == at;
}

uint8_t* ModelBackend::host_address(uint64_t bus, uint64_t bytes) {
    return bus <= kSystemBytes && bytes <= kSystemBytes - bus ? system_->data() + bus : nullptr;
}

uint32_t ModelBackend::take_vmid() {
    std::lock_guard lock(mutex_);
    for (uint32_t vmid = 0; vmid < vmids_.size(); ++vmid)
        if (!vmids_[vmid]) {
            vmids_[vmid] = true;
            faults_[vmid].clear();
            halted_[vmid].store(false, std::memory_order_release);
            return vmid;
        }
    fail(Status::OutOfMemory, "all {} address spaces of the device are in use", vmids_.size());
}

void ModelBackend::return_vmid(uint32_t vmid) {
    std::lock_guard lock(mutex_);
    vmids_[vmid] = false;
}

uint32_t ModelBackend::take_queue(uint32_t vmid) {
    std::lock_guard lock(mutex_);
    for (uint32_t queue = 0; queue < queues_.size(); ++queue)
        if (!queues_[queue]) {
            queues_[queue] = true;
            vmid_of_queue_[queue].store(vmid, std::memory_order_release);
            return queue;
        }
    fail(Status::OutOfMemory, "all {} queues of the device are in use", queues_.size());
}

void ModelBackend::return_queue(uint32_t queue) {
    std::lock_guard lock(mutex_);
    queues_[queue] = false;
}

void ModelBackend::queue_halted(uint32_t queue) {
    halted_[vmid_of_queue_[queue].load(std::memory_order_acquire)].store(true,
                                                                         std::memory_order_release);
}

std::optional<acc_fault_record> ModelBackend::take_fault(uint32_t vmid) {
    std::lock_guard lock(mutex_);
    acc_fault_record record;
    while (chip_->fault_pop(record))
        if (record.vmid < faults_.size()) faults_[record.vmid].push_back(record);
    auto& mine = faults_[vmid];
    if (mine.empty()) return std::nullopt;
    record = mine.front();
    mine.pop_front();
    return record;
}

std::unique_ptr<Backend> open_model_backend(unsigned index) {
    return std::make_unique<ModelBackend>(index);
}

} // namespace acc::rt
