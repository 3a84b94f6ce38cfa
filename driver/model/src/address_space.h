// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The MMU: one host window per address space (docs/model.md, "Memory"). Page-table changes become
// mmap(MAP_FIXED) of VRAM or system memory into the window; permissions are one byte per page.
// Nothing here relies on catching signals.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "acc/model/chip.h"
#include "driver/model/src/exec.h"
#include "driver/model/src/page_walk.h"

namespace acc::model {

/// Outcome of an access check: a host pointer, or the fault.
struct Access {
    uint8_t* host = nullptr;         ///< null when the access faults
    uint32_t cause = ACC_FAULT_NONE; ///< ACC_FAULT_UNMAPPED, _PERMISSION or _ECC
    uint64_t address = 0;            ///< first faulting address
};

class Vm final : public AddressSpace {
  public:
    /// Null when the arguments are out of range (chip.h, vm_enable) or the window cannot be
    /// reserved.
    static std::shared_ptr<Vm> create(uint32_t vmid, const Vram& vram, BusMemory& bus,
                                      uint64_t root, uint64_t va_base, uint64_t va_bytes);
    ~Vm();
    Vm(const Vm&) = delete;
    Vm& operator=(const Vm&) = delete;

    uint32_t vmid() const { return vmid_; }

    /// Re-reads the page table for [va, va + n), clipped to the window (n = 0: all of it). Pages
    /// whose translation did not change stay usable all the time.
    void invalidate(uint64_t va, uint64_t n);

    /// Checks that every page of [va, va + n) allows `need` (kPermRead and/or kPermWrite). n = 0
    /// always succeeds for an address in the window.
    Access check(uint64_t va, uint64_t n, uint8_t need) const;

  private:
    /// A run of pages that is mapped into the window now; the key in mapped_ is its virtual
    /// address.
    struct Mapping {
        uint64_t bytes;
        bool system;
        uint64_t phys;
    };
    using Mappings = std::map<uint64_t, Mapping>;
    struct PermRun {
        uint64_t va, bytes;
        uint8_t perm;
    };
    struct Plan; ///< what one invalidate has found in the page table

    Vm(uint32_t vmid, const Vram& vram, BusMemory& bus, uint64_t root)
        : vmid_(vmid), vram_(vram), bus_(bus), root_(root) {}
    bool reserve(uint64_t va_base, uint64_t va_bytes);
    void read_tables(uint64_t va, uint64_t end, Plan& plan) const;
    void remap(uint64_t va, uint64_t end, Plan& plan);
    void map_piece(uint64_t va, const Mapping& piece, Plan& plan);
    void map_bus(uint64_t va, uint64_t bus, uint64_t bytes, Plan& plan);
    void unmap_piece(uint64_t va, uint64_t bytes);
    Mappings cut(uint64_t va, uint64_t end);
    void record(uint64_t va, const Mapping& mapping);
    bool set_permissions(uint64_t va, uint64_t end, const Plan& plan);
    bool set_perm(uint64_t va, uint64_t bytes, uint8_t value);

    const uint32_t vmid_;
    const Vram& vram_;
    BusMemory& bus_;
    const uint64_t root_;
    uint8_t* perm_ = nullptr; ///< the writable view of `perm`
    std::mutex mutex_;        ///< one invalidate at a time; guards mapped_
    Mappings mapped_;
};

} // namespace acc::model
