// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/model/backend.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <system_error>

#include "runtime/backend/model/devices.h"
#include "runtime/core/log.h"
#include "runtime/core/own_threads.h"
#include "runtime/core/resource_limit.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// The first pages of VRAM stay unused: offset 0 is never a valid table or buffer.
constexpr uint64_t kVramReserved = 64 * 1024;

/// Pieces of memory in a device's windows: the host's limit is the process's, so several devices
/// share what one would use. 0: the chip's own choice.
uint64_t share_of_mappings() {
    const size_t devices = model_devices().size();
    if (devices == 1) return 0;
    uint64_t allowed = 65530;
    std::ifstream("/proc/sys/vm/max_map_count") >> allowed;
    return std::max<uint64_t>(allowed / 8 * 3 / devices, 256);
}

} // namespace

ModelBackend::ModelBackend(unsigned index) {
    const ModelDevice& device = model_devices().at(index);
    config_.compute_units = device.compute_units;
    config_.vram_bytes = device.vram_bytes;
    config_.thread_begins = &enter_own_thread;
    config_.host_mappings = share_of_mappings();
    info_.name = device.name;
    info_.compute_units = config_.compute_units;
    info_.clock_khz = 1'000'000; // sr_clock counts nanoseconds
    info_.vram_bytes = config_.vram_bytes - kVramReserved;
    info_.pci_bus = index + 1;
    std::memcpy(info_.uuid, "ACC1-in-process", 15);
    info_.uuid[15] = static_cast<uint8_t>(index);
}

ModelBackend::~ModelBackend() {
    if (aperture_ != 0) machine_->unplug(aperture_);
    vram_.reset();
    chip_.reset();
}

model::Chip& ModelBackend::chip() {
    std::call_once(started_, [this] {
        // Growing a file beyond this limit is not an error but a signal that ends the program.
        const uint64_t largest = std::max(Machine::system_bytes(), config_.vram_bytes);
        if (limited(ResourceLimit::FileSize, largest))
            fail(Status::SystemNotReady,
                 "the device model cannot start: it keeps the device's memory in sparse files in "
                 "memory of up to {} bytes, and {}",
                 largest, limit_text(ResourceLimit::FileSize));
        try {
            machine_ = Machine::get();
            chip_ = model::Chip::create(config_, *this, this);
            vram_ = std::make_unique<MappedFile>(chip_->vram_fd(), chip_->vram_bytes());
        } catch (const std::system_error& error) {
            fail(Status::SystemNotReady, "the device model cannot start: {}. {}", error.what(),
                 limit_text(ResourceLimit::AddressSpace));
        }
        vram_physical_ = std::make_unique<PhysicalMemory>(kVramReserved,
                                                          chip_->vram_bytes() - kVramReserved);
        aperture_ = machine_->plug(*vram_);
    });
    return *chip_;
}

/// All devices of the process are in one machine.
const void* ModelBackend::bus() const {
    static const char one = 0;
    return &one;
}

std::shared_ptr<MemoryObject> ModelBackend::allocate(Domain domain, uint64_t bytes) {
    return ModelMemory::make(*this, domain, bytes);
}

std::shared_ptr<MemoryObject> ModelBackend::adopt_host_pages(void* at, uint64_t bytes) {
    return ModelMemory::adopt(*this, static_cast<uint8_t*>(at), bytes);
}

std::optional<Backend::FilePiece> ModelBackend::file_of(const MemoryObject& memory) const {
    const auto& own = static_cast<const ModelMemory&>(memory);
    struct stat state{};
    if (own.extents().size() != 1 || fstat(own.file().fd(), &state) != 0) return std::nullopt;
    return FilePiece{own.file().fd(), state.st_ino, own.extents().front().offset};
}

std::shared_ptr<MemoryObject> ModelBackend::import_file(int fd, uint64_t inode, uint64_t offset,
                                                        uint64_t bytes) {
    if (((offset | bytes) & (ACC_PAGE_BYTES - 1)) != 0 || bytes == 0 || bytes > UINT64_MAX - offset)
        fail(Status::InvalidHandle, "{} bytes at {} of a file are no whole pages", bytes, offset);
    return ModelMemory::import(*this, machine().open_file(fd, inode, offset + bytes), offset,
                               bytes);
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
    return machine_->map(bus, bytes, at, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED);
}

bool ModelBackend::map_copy(uint64_t bus, uint64_t bytes, void* at) {
    return machine_->map(bus, bytes, at, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

uint8_t* ModelBackend::host_address(uint64_t bus, uint64_t bytes) {
    return machine_->host_address(bus, bytes);
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

unsigned count_model_devices() {
    return static_cast<unsigned>(model_devices().size());
}

std::unique_ptr<Backend> open_model_backend(unsigned index) {
    return std::make_unique<ModelBackend>(index);
}

} // namespace acc::rt
