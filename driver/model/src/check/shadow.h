// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A copy of an address space in which kernels can run without anybody noticing: the same memory at
// the same addresses, but what is written stays in the copy (MAP_PRIVATE), and can be looked at and
// given up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "driver/model/src/address_space.h"

namespace acc::model {

/// Pages that a run has changed, with their contents.
struct PageSet {
    std::vector<uint64_t> pages; ///< numbers, from the start of the window, ascending
    std::vector<uint8_t> bytes;  ///< of all of them, in this order
    const uint8_t* page(size_t i) const { return bytes.data() + i * ACC_PAGE_BYTES; }
};

class Shadow {
  public:
    /// Throws std::bad_alloc, or std::system_error when the host does not tell which pages have
    /// been written.
    explicit Shadow(Vm& original);
    ~Shadow();
    Shadow(const Shadow&) = delete;
    Shadow& operator=(const Shadow&) = delete;

    AddressSpace space;

    /// Makes it what the original is now. Else says why it cannot.
    bool refresh(std::string& why);
    /// Gives up what has been written since.
    void discard();
    /// What is now something else than in the original.
    PageSet changed() const;
    /// A page as it is in the original.
    const uint8_t* original_page(uint64_t page) const {
        return original_.window + page * ACC_PAGE_BYTES;
    }
    /// The eight bytes at an address, as they are here.
    uint64_t word(uint64_t va) const {
        return __atomic_load_n(reinterpret_cast<const uint64_t*>(space.window + (va - space.base)),
                               __ATOMIC_RELAXED);
    }

    bool taken = false; ///< a check is at work in it (guarded by the checker's lock)

  private:
    void clear();
    void written_pages(const Vm::WindowPiece& piece, PageSet& set) const;

    Vm& original_;
    uint8_t* perm_ = nullptr;
    int pagemap_ = -1;
    uint64_t seen_permissions_ = 0, seen_code_ = 0;
    std::vector<Vm::WindowPiece> pieces_;
};

} // namespace acc::model
