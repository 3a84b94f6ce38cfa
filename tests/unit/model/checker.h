// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An executor that runs every dispatch twice: a reference runs it on a copy of the address space,
// then the candidate runs it for real, and the two memories are compared. It shows that the seam
// (driver/model/src/exec.h) has all that a checker needs. It is sound for dispatches that nobody
// writes beside: kernels that talk to other queues or to the host are beyond it.
#pragma once

#include <sys/mman.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "driver/model/src/exec.h"

namespace acc::model::test {

/// A copy of everything that can be read in an address space.
class SpaceCopy {
  public:
    explicit SpaceCopy(const AddressSpace& original) : original_(original) {
        space.base = original.base;
        space.bytes = original.bytes;
        space.window = static_cast<uint8_t*>(mmap(nullptr, original.bytes, PROT_READ | PROT_WRITE,
                                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                                                  0));
        if (space.window == MAP_FAILED) throw std::bad_alloc();
        perm_.assign(original.perm, original.perm + (original.bytes >> ACC_PAGE_SHIFT));
        for (uint8_t& perm : perm_)
            perm &= static_cast<uint8_t>(~kPermIndirect); // all of the copy is in its window
        space.perm = perm_.data();
        each_page(kPermRead, [&](uint64_t page) {
            std::memcpy(space.window + page * ACC_PAGE_BYTES, memory_of(page), ACC_PAGE_BYTES);
            return true;
        });
    }
    ~SpaceCopy() { munmap(space.window, space.bytes); }
    SpaceCopy(const SpaceCopy&) = delete;

    /// The first address at which the original is now something else than the copy, or 0.
    uint64_t first_difference() const {
        uint64_t found = 0;
        each_page(kPermWrite, [&](uint64_t page) {
            const uint8_t *one = memory_of(page), *two = space.window + page * ACC_PAGE_BYTES;
            for (uint64_t i = 0; i < ACC_PAGE_BYTES; ++i)
                if (one[i] != two[i]) {
                    found = space.base + page * ACC_PAGE_BYTES + i;
                    return false;
                }
            return true;
        });
        return found;
    }

    AddressSpace space;

  private:
    template <class F>
    void each_page(uint8_t need, F f) const {
        for (uint64_t page = 0; page < perm_.size(); ++page)
            if ((perm_[page] & need) && !(perm_[page] & kPermPoison) && !f(page)) return;
    }
    const uint8_t* memory_of(uint64_t page) const {
        return original_.perm[page] & kPermIndirect ? original_.direct[page]
                                                    : original_.window + page * ACC_PAGE_BYTES;
    }
    const AddressSpace& original_;
    std::vector<uint8_t> perm_;
};

class Checker final : public Executor {
  public:
    Checker(std::unique_ptr<Executor> reference, std::unique_ptr<Executor> candidate)
        : reference_(std::move(reference)), candidate_(std::move(candidate)) {}

    const char* name() const override { return "check"; }
    bool accepts(const Launch& launch) const override {
        return reference_->accepts(launch) && candidate_->accepts(launch);
    }
    void dispatch_begins(Launch& launch) override {
        copy_ = std::make_unique<SpaceCopy>(*launch.vm);
        run_reference(launch);
        candidate_->dispatch_begins(launch);
    }
    void dispatch_ended(Launch& launch) override {
        candidate_->dispatch_ended(launch);
        const uint64_t at = copy_->first_difference();
        copy_.reset();
        ++checked;
        if (at) differences.push_back(at);
    }
    std::unique_ptr<Block> make_block() override { return candidate_->make_block(); }
    void space_ended(uint64_t space) override { candidate_->space_ended(space); }

    // For one dispatch after the other, as this checker takes them.
    unsigned checked = 0;
    std::vector<uint64_t> differences; ///< address of the first one of each dispatch that has some

  private:
    /// All blocks, in turns, as on a chip with room for all of them.
    void run_reference(const Launch& original) {
        Launch launch;
        launch.vm = &copy_->space;
        launch.kernel = original.kernel;
        launch.kernel_address = original.kernel_address;
        launch.entry = original.entry;
        std::copy_n(original.grid, 3, launch.grid);
        std::copy_n(original.block, 3, launch.block);
        launch.threads = original.threads;
        launch.warps = original.warps;
        launch.shared_bytes = original.shared_bytes;
        launch.dyn_shared_offset = original.dyn_shared_offset;
        launch.local_bytes = original.local_bytes;
        launch.kernarg = original.kernarg;
        launch.printf_buffer = original.printf_buffer;
        launch.heap = original.heap;
        launch.grid_id = original.grid_id;
        launch.num_cus = original.num_cus;
        launch.cooperative = original.cooperative;
        launch.total_blocks = original.total_blocks;
        std::vector<std::unique_ptr<Block>> left;
        for (uint32_t z = 0; z < launch.grid[2]; ++z)
            for (uint32_t y = 0; y < launch.grid[1]; ++y)
                for (uint32_t x = 0; x < launch.grid[0]; ++x) {
                    left.push_back(reference_->make_block());
                    left.back()->start(launch, x, y, z, 0);
                }
        acc_fault_record fault{};
        while (!left.empty())
            std::erase_if(left, [&](auto& block) {
                const RunResult r = block->run(1 << 20, fault);
                return r != RunResult::Yield && r != RunResult::Waiting;
            });
        reference_->space_ended(copy_->space.id);
    }

    std::unique_ptr<Executor> reference_, candidate_;
    std::unique_ptr<SpaceCopy> copy_;
};

} // namespace acc::model::test
