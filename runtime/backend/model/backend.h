// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The backend on the in-process device model: it does what a kernel driver does (physical memory,
// page tables, queue and address-space numbers, fault delivery), with the chip's host interface in
// front of it.
#pragma once

#include <array>
#include <atomic>
#include <bitset>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "acc/spec/acc_mmu.h"
#include "driver/model/include/acc/model/chip.h"
#include "runtime/backend/model/machine.h"
#include "runtime/core/backend.h"
#include "runtime/core/host_pages.h"

namespace acc::rt {

class ModelBackend;

class ModelMemory final : public MemoryObject {
  public:
    static std::shared_ptr<ModelMemory> make(ModelBackend& backend, Domain domain, uint64_t bytes);
    /// System memory that takes the place of the program's pages at `at`, contents and all.
    static std::shared_ptr<ModelMemory> adopt(ModelBackend& backend, uint8_t* at, uint64_t bytes);
    ~ModelMemory() override;
    const std::vector<Extent>& extents() const { return extents_; }
    /// Where its extents begin for a device: offsets in its own VRAM are 0 there, what lies
    /// elsewhere has bus addresses.
    struct Seen {
        bool over_bus;
        uint64_t base;
    };
    Seen seen_by(const ModelBackend& backend) const;
    bool in_place() const override { return !adopted_ || adopted_->in_place(); }
    const MappedFile& file() const;
    /// A piece of another process's file.
    static std::shared_ptr<ModelMemory> import(ModelBackend& backend, std::shared_ptr<BusFile> file,
                                               uint64_t offset, uint64_t bytes);

  private:
    ModelMemory(ModelBackend& backend, Domain domain, uint64_t bytes, void* host,
                std::vector<Extent> extents, bool own_mapping)
        : MemoryObject(domain, bytes, host), backend_(backend), extents_(std::move(extents)),
          own_mapping_(own_mapping) {}

    ModelBackend& backend_;
    std::vector<Extent> extents_;
    void give_pages_back();

    bool own_mapping_; // several extents: a mapping of their own makes them one host range
    std::shared_ptr<BusFile> imported_;  // another process's memory
    std::optional<SharedPages> adopted_; // pages of the program that this memory stands in for
};

/// Page tables in VRAM: the only writer of an address space's tables.
class PageTable {
  public:
    explicit PageTable(ModelBackend& backend);
    ~PageTable();
    uint64_t root() const { return root_; }
    /// Enters [va, va + bytes) -> physical; `flags` are ACC_PTE_* without VALID and LARGE.
    void map(uint64_t va, uint64_t physical, uint64_t bytes, uint64_t flags);
    void unmap(uint64_t va, uint64_t bytes);

  private:
    uint64_t* entry(uint64_t va, int level, bool make);
    uint64_t new_table();
    uint64_t* table(uint64_t offset) const;
    void split_large(uint64_t va);

    ModelBackend& backend_;
    uint64_t root_;
    std::vector<Extent> pages_; // VRAM the tables are in
    std::vector<uint64_t> free_tables_;
};

class ModelBackend final : public Backend, public model::BusMemory, public model::InterruptSink {
  public:
    explicit ModelBackend(unsigned index);
    ~ModelBackend() override;

    const DeviceInfo& info() const override { return info_; }
    const void* bus() const override;
    std::shared_ptr<MemoryObject> allocate(Domain domain, uint64_t bytes) override;
    std::unique_ptr<AddressSpaceHandle> create_address_space() override;
    std::shared_ptr<MemoryObject> adopt_host_pages(void* at, uint64_t bytes) override;
    std::optional<FilePiece> file_of(const MemoryObject& memory) const override;
    std::shared_ptr<MemoryObject> import_file(int fd, uint64_t inode, uint64_t offset,
                                              uint64_t bytes) override;
    uint64_t vram_free() const override;
    uint64_t timestamp_ns() const override;

    bool map(uint64_t bus, uint64_t bytes, void* at, bool writable) override;
    bool map_copy(uint64_t bus, uint64_t bytes, void* at) override;
    uint8_t* host_address(uint64_t bus, uint64_t bytes) override;
    void completion(uint32_t) override {}
    void fault() override {}
    void queue_halted(uint32_t queue) override;

    /// The chip; started on first use.
    model::Chip& chip();
    MappedFile& vram() {
        chip();
        return *vram_;
    }
    /// The machine that the device is in.
    Machine& machine() {
        chip();
        return *machine_;
    }
    MappedFile& file(Domain domain) { return domain == Domain::Vram ? vram() : machine().system(); }
    PhysicalMemory& physical(Domain domain) {
        return domain == Domain::Vram ? (chip(), *vram_physical_) : machine().physical();
    }
    /// Bus address of its VRAM aperture: where other devices reach its memory.
    uint64_t aperture() const { return aperture_; }

    uint32_t take_vmid();
    void return_vmid(uint32_t vmid);
    /// A queue number, for a queue of the address space.
    uint32_t take_queue(uint32_t vmid);
    void return_queue(uint32_t queue);
    /// True once a queue of the address space has halted.
    const std::atomic<bool>& halted(uint32_t vmid) const { return halted_[vmid]; }
    std::optional<acc_fault_record> take_fault(uint32_t vmid);

  private:
    DeviceInfo info_;
    model::ChipConfig config_;
    std::once_flag started_;
    std::shared_ptr<Machine> machine_;
    std::unique_ptr<model::Chip> chip_;
    std::unique_ptr<MappedFile> vram_;
    std::unique_ptr<PhysicalMemory> vram_physical_;
    uint64_t aperture_ = 0;

    std::mutex mutex_; // protects what follows
    std::bitset<model::kMaxAddressSpaces> vmids_;
    std::bitset<model::kMaxQueues> queues_;
    std::array<std::deque<acc_fault_record>, model::kMaxAddressSpaces> faults_;

    // Written before a queue is enabled, read by the device's threads when it halts.
    std::array<std::atomic<uint32_t>, model::kMaxQueues> vmid_of_queue_{};
    std::array<std::atomic<bool>, model::kMaxAddressSpaces> halted_{};
};

std::unique_ptr<AddressSpaceHandle> make_model_address_space(ModelBackend& backend);
std::unique_ptr<HardwareQueue> make_model_queue(ModelBackend& backend, uint32_t vmid, uint64_t ring,
                                                uint32_t packets, uint64_t control,
                                                uint32_t priority);

} // namespace acc::rt
