// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decoded code. A page of code memory is copied when it is first fetched from; its instructions are
// decoded when they are first executed. All of it is dropped when the address space's code_epoch
// moves on, or the space ends; blocks that still stand in old pages keep them alive until their
// next slice.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "driver/model/src/interp/state.h"
#include "driver/model/src/interp/variant.h"

namespace acc::model::interp {

inline constexpr uint64_t kCodePageBytes = 4096;
inline constexpr unsigned kOpsPerPage = kCodePageBytes / 16;

struct CodePage {
    Op ops[kOpsPerPage + 1]; ///< the last one leads to the next page
    alignas(16) uint8_t bytes[kCodePageBytes];
    uint64_t address;
    unsigned num_regs; ///< registers above are illegal in this decoding
};

struct CodeCache {
    CodeCache(const AddressSpace& vm, uint64_t e, const Variant& v)
        : space(vm.id), epoch(e), variant(v) {}
    const uint64_t space, epoch;
    const Variant& variant; ///< whose handlers the ops have
    std::mutex lock;        ///< guards the maps and the decoding of ops
    std::unordered_map<uint64_t, std::unique_ptr<CodePage>> pages; ///< key: address | number of
                                                                   ///< registers
    std::unordered_map<uint64_t, std::unique_ptr<Op>> bad; ///< ops that fault when fetched, by pc
};

/// The code caches of one interpreter, one per address space.
class CodeCaches {
  public:
    explicit CodeCaches(const Variant& variant) : variant_(variant) {}
    /// The cache of an address space for its present epoch.
    std::shared_ptr<CodeCache> current(const AddressSpace& vm);
    /// The address space is gone.
    void drop(uint64_t space);

  private:
    const Variant& variant_;
    std::mutex lock_; ///< guards the map: taken once per block object and launch
    std::unordered_map<uint64_t, std::shared_ptr<CodeCache>> caches_; ///< key: AddressSpace::id
};

/// The op at `pc`. Never null: when it cannot be fetched, the op faults when it is executed.
const Op* fetch(BlockState* block, uint64_t pc);

/// Fills in `op` (an element of a page) from the page's bytes. Thread-safe.
void decode(BlockState* block, const Op* op);

} // namespace acc::model::interp
