// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The MMU: one host window per address space (docs/model.md, "Memory"). Page-table changes become
// mmap(MAP_FIXED) of VRAM or system memory into the window; permissions are one byte per page.
// Where the host allows no more mappings, pages are reached by their address in the host's own
// mapping of that memory instead. Nothing here relies on catching signals.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "acc/model/chip.h"
#include "driver/model/src/client.h"
#include "driver/model/src/exec.h"
#include "driver/model/src/page_walk.h"

namespace acc::model {

/// Host mappings, counted over all address spaces of a chip.
struct MapAccounts {
    explicit MapAccounts(uint64_t most) : limit(most) {}
    const uint64_t limit; ///< pieces in windows, at most, as long as there is another way
    std::atomic<uint64_t> pieces{0};   ///< in windows now
    std::atomic<uint64_t> indirect{0}; ///< pages that are not, now
    std::atomic<uint64_t> failures{0}; ///< pages that could not be mapped at all
};

/// Outcome of an access check: a host pointer, or the fault.
struct Access {
    uint8_t* host = nullptr; ///< null when the access faults
    uint64_t bytes = 0; ///< how many lie there in one piece: all, or up to a page boundary at least
    uint32_t cause = ACC_FAULT_NONE; ///< ACC_FAULT_UNMAPPED, _PERMISSION or _ECC
    uint64_t address = 0;            ///< first faulting address
};

/// Puts harmless private memory at [at, at + bytes), or anywhere when `at` is null: what an access
/// that races with an unmap hits. MAP_FAILED when the host has no more mappings.
void* map_harmless(void* at, uint64_t bytes);

class Vm final : public AddressSpace {
  public:
    /// Null when the arguments are out of range (chip.h, vm_enable) or the window cannot be
    /// reserved. `listener` (may be null) outlives the space.
    static std::shared_ptr<Vm> create(uint32_t vmid, const Vram& vram, BusMemory& bus,
                                      MapAccounts& accounts, uint64_t root, uint64_t va_base,
                                      uint64_t va_bytes, SpaceListener* listener = nullptr);
    ~Vm();
    Vm(const Vm&) = delete;
    Vm& operator=(const Vm&) = delete;

    uint32_t vmid() const { return vmid_; }
    /// What the scheduler knows of it.
    const std::shared_ptr<Client> client = std::make_shared<Client>();

    /// Re-reads the page table for [va, va + n), clipped to the window (n = 0: all of it). Pages
    /// whose translation did not change stay usable all the time. Returns true when host addresses
    /// that check() has returned before are no longer right: the caller then makes sure that
    /// nobody uses them any more. (Executors do not; pages in the window are harmless.)
    bool invalidate(uint64_t va, uint64_t n);
    /// System memory at bus addresses [bus, bus + n) is something else now (n = 0: all of it):
    /// makes its translations, and those that the bus has refused, anew. Returns what invalidate
    /// returns.
    bool bus_changed(uint64_t bus, uint64_t n);
    /// The page of VRAM at offset `page` has been poisoned, or is no longer: re-reads its entries.
    void poison_changed(uint64_t page);

    /// Checks that every page of [va, va + n) allows `need` (kPermRead and/or kPermWrite). n = 0
    /// always succeeds for an address in the window. For command processors: they are waited for
    /// when an address becomes wrong (Queue::fence).
    Access check(uint64_t va, uint64_t n, uint8_t need) const;
    /// Memory in the window.
    struct WindowPiece {
        uint64_t va, bytes;
        bool system;
        uint64_t phys;
    };
    /// All of it, ascending; nothing when there is memory outside of the window.
    std::optional<std::vector<WindowPiece>> pieces();
    /// Maps a piece at a host address, where what is written stays (MAP_PRIVATE).
    bool map_copy(const WindowPiece& piece, uint8_t* at) const;

    /// Reads n bytes into `to`. False when the range is not readable.
    bool read(void* to, uint64_t va, uint64_t n) const;

  private:
    /// A run of pages that has memory now; the key in mapped_ is its virtual address.
    struct Mapping {
        uint64_t bytes;
        bool system;
        uint64_t phys;
        bool indirect = false; ///< not in the window: at direct[page]
    };
    using Mappings = std::map<uint64_t, Mapping>;
    using Piece = std::pair<uint64_t, Mapping>;
    struct PermRun {
        uint64_t va, bytes;
        uint8_t perm;
    };
    struct Plan; ///< what one invalidate has found in the page table, and made of it
    class Unmapper;

    Vm(uint32_t vmid, const Vram& vram, BusMemory& bus, MapAccounts& accounts, uint64_t root,
       SpaceListener* listener)
        : vmid_(vmid), vram_(vram), bus_(bus), accounts_(accounts), root_(root),
          listener_(listener) {}
    bool reserve(uint64_t va_base, uint64_t va_bytes);
    bool invalidate_locked(uint64_t first, uint64_t end);
    Access check_pieces(uint64_t offset, uint64_t n) const;
    uint8_t* host_of(uint64_t page) const;

    void read_tables(uint64_t va, uint64_t end, Plan& plan) const;
    void read_leaf(const PageLeaf& leaf, Plan& plan) const;
    void remap(uint64_t va, uint64_t end, Plan& plan);
    void keep_piece(uint64_t va, Mapping piece, bool indirect, Plan& plan);
    void map_piece(uint64_t va, const Mapping& piece, bool in_window, bool was_indirect,
                   Plan& plan);
    bool map_window(uint64_t va, const Mapping& piece, Plan& plan);
    bool map_indirect(uint64_t va, Mapping piece, bool in_window);
    void fail(uint64_t va, uint64_t bytes, Plan& plan);
    void clear_window(uint64_t va, uint64_t bytes);
    bool may_map(uint64_t bytes, const Plan& plan) const;

    void account(const Mapping& mapping, bool add);
    std::vector<Piece> cut(uint64_t va, uint64_t end);
    void record(uint64_t va, const Mapping& mapping);
    void narrow_permissions(Plan& plan);
    void set_permissions(Plan& plan);
    bool any_perm(uint64_t va, uint64_t n, uint8_t bits) const;
    bool set_perm(uint64_t va, uint64_t bytes, uint8_t value);

    const uint32_t vmid_;
    const Vram& vram_;
    BusMemory& bus_;
    MapAccounts& accounts_;
    const uint64_t root_;
    SpaceListener* const listener_; ///< may be null
    uint8_t* perm_ = nullptr;       ///< the writable view of `perm`
    uint8_t** direct_ = nullptr;    ///< the writable view of `direct`
    std::mutex mutex_;              ///< one invalidate at a time; guards mapped_
    Mappings mapped_;
};

} // namespace acc::model
