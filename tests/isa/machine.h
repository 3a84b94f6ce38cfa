// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The smallest machine around an executor: one address space without page tables, one block after
// the other. What tests and benchmarks of the interpreter run programs on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "acc/spec/isa_word.h"
#include "driver/model/src/exec.h"

namespace acc::test {

struct LaunchShape {
    uint32_t block[3] = {32, 1, 1};
    uint32_t grid[3] = {1, 1, 1};
    uint32_t cluster[3] = {1, 1, 1}; ///< in blocks
    uint32_t regs = 64;
    uint32_t shared = 0;
    uint32_t local = 0;
    bool cooperative = false;
    bool clean = false; ///< blocks begin with shared and local memory of zeros
};

struct Outcome {
    model::RunResult result = model::RunResult::Done;
    acc_fault_record fault{};
};

/// With ACC_TEST_INDIRECT in the environment every page is outside of the window (kPermIndirect).
/// Addresses: code at kCode (executable, read-only), data from kData (16 MiB, read-write). Between
/// and around them nothing is mapped.
class Machine {
  public:
    static constexpr uint64_t kBase = 0x7'0000'0000, kCode = kBase + 0x10000,
                              kData = kBase + 0x100000, kDataBytes = 16u << 20,
                              kReadOnly = kData + kDataBytes + 0x10000,
                              kPoisoned = kReadOnly + 0x10000, kEnd = kPoisoned + 0x10000;

    /// `simd`: host code of the interpreter, as for make_interpreter.
    explicit Machine(const char* simd = nullptr);
    /// translated: kernels run as host code.
    Machine(const char* simd, bool translated);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Assembles `text` at kCode; throws std::runtime_error with the assembler's messages.
    void load(std::string_view text);
    /// What was loaded last did what a reference says: the instructions in it with these mnemonics
    /// (with or without modifiers) are proven. Throws when there is none.
    void proves(const std::vector<std::string>& mnemonics) const;
    /// Puts raw words at kCode.
    void load_words(const std::vector<std::pair<uint64_t, uint64_t>>& words);
    /// Host pointer of a device address.
    template <class T>
    T* at(uint64_t va) {
        return reinterpret_cast<T*>(memory_ + (va - kBase));
    }
    template <class T>
    T& word(uint64_t va) {
        return *at<T>(va);
    }

    /// Runs every block of the grid to its end, `resident` at a time in turns; stops at the first
    /// fault. sr_kernarg is kData.
    Outcome run(const LaunchShape& shape, unsigned resident = 1, uint64_t budget = 1'000'000,
                unsigned max_turns = 100'000);

    model::AddressSpace& space() { return space_; }
    /// Time spent in the last run, host CPU seconds of this thread.
    double seconds() const { return seconds_; }

  private:
    void make_indirect();
    void protect(uint64_t va, uint64_t bytes, uint8_t perm);
    model::AddressSpace space_;
    uint8_t* memory_ = nullptr;    ///< the window, unless pages are indirect
    std::vector<uint8_t*> direct_; ///< AddressSpace::direct when they are
    std::vector<uint8_t> perm_;
    std::vector<isa::Word> words_; ///< loaded last
    std::unique_ptr<model::Executor> executor_;
    std::vector<std::unique_ptr<model::Block>> blocks_;
    uint64_t grid_id_ = 0;
    double seconds_ = 0;
};

} // namespace acc::test
