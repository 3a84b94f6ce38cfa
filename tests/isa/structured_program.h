// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random programs that come to their end: instructions of every kind with any operands and
// modifiers, whose accesses stay in the thread's own memory, in branches, loops and functions in
// which threads part and meet again, with barriers and warp operations. What a program leaves in
// memory does not depend on the order of threads.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "acc/spec/isa_validate.h"
#include "tests/isa/machine.h"

namespace acc::test {

class StructuredProgram {
  public:
    explicit StructuredProgram(uint64_t seed);
    const std::string& text() const { return text_; }
    const LaunchShape& shape() const { return shape_; }

    /// Each thread has this much of shared, and of local memory; twice as much of global memory
    /// from Machine::kData + kThreadData on.
    static constexpr uint32_t kOwnBytes = 128, kThreadData = 0x200000;
    /// Where registers and predicates are at the end, 128 bytes for each thread.
    static constexpr uint32_t kResults = 0x100000;

  private:
    /// Where a piece of the program stands.
    struct Place {
        unsigned depth = 0; ///< of branches and loops
        bool whole = true;  ///< all threads of the block come here together
        bool grid = true;   ///< and all blocks as often
        bool calls = true;  ///< functions may be called: this is none
        unsigned loops = 0;
    };
    uint64_t pick(uint64_t n) { return bits_() % n; }
    void line(const std::string& instruction) { text_ += "        " + instruction + "\n"; }
    void label(const std::string& name) { text_ += name + ":\n"; }
    std::string new_label() { return "l" + std::to_string(labels_++); }
    void head();
    void tail();
    void piece(Place at);
    void branch(Place at);
    void loop(Place at);
    void call(Place at);
    void exchange();
    void special(Place at);
    void copies();
    void jump();
    void half_barrier();
    void function();
    std::string condition(bool uniform);

    void instruction(bool whole);
    isa::Word random_word(const isa::RowInfo& row, unsigned form);
    void place_operand(const isa::RowInfo& row, isa::Word& word, const isa::OperandInfo& operand);
    void place_address(const isa::RowInfo& row, isa::Word& word, bool index);
    void say(isa::Word word);
    void access(const isa::RowInfo& row);
    void warp_operation(const isa::RowInfo& row, bool whole);

    std::mt19937_64 bits_;
    bool whole_warps_ = true;
    std::string text_;
    LaunchShape shape_;
    unsigned labels_ = 0, functions_ = 0;
};

} // namespace acc::test
