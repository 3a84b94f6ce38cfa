// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For whoever wants to know what runs as host code and what does not (ACC_MODEL_TRANSLATOR_STATS):
// of each kernel whether it was translated or why not, when its warps were handed over to the
// interpreter, and which instructions the interpreter executed for it. Written at the end of the
// process.
#pragma once

#include <atomic>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "driver/model/src/translation.h"

namespace acc::model {

/// Why a warp in translated code becomes the interpreter's.
enum class HandOver : uint8_t {
    Call,          ///< a call, return or jump that has no host code
    Barrier,       ///< part of the warp has come to a barrier, or another instruction that waits
    WarpOperation, ///< part of the warp has come to a warp operation that others take part in
    Loop,          ///< threads have parted and go round for long
    Address,       ///< an address of 64 bits came of 32 that wrapped
    NoInstruction, ///< what stands there is none
};

/// For people.
const char* refusal_text(Refusal why);

/// Of one kernel for one size of block.
class ExecutionCounts {
  public:
    explicit ExecutionCounts(const Launch& launch);
    void translated(size_t instructions, double milliseconds, bool from_disk);
    void refused(Refusal why, size_t instructions);
    void handed_over(HandOver why, uint64_t pc, uint16_t opcode);
    void executed(uint64_t pc, uint16_t opcode);
    void accessed(uint64_t pc, uint16_t opcode);
    /// Warp-instructions of blocks in translated code that the interpreter has gone on with.
    void interpreted(uint64_t instructions) {
        interpreted_.fetch_add(instructions, std::memory_order_relaxed);
    }
    void print(std::ostream& out) const;

  private:
    using Place = std::pair<uint64_t, uint16_t>; ///< pc, opcode
    void print_places(std::ostream& out, const char* what,
                      const std::map<Place, uint64_t>& places) const;
    void print_state(std::ostream& out) const;

    const uint64_t entry_;
    const LaunchSize size_;
    std::atomic<uint64_t> interpreted_{0};
    mutable std::mutex lock_; ///< guards what follows
    enum class State : uint8_t { Waiting, Translated, Refused } state_ = State::Waiting;
    Refusal refusal_ = Refusal::None;
    size_t instructions_ = 0;
    double milliseconds_ = 0;
    bool from_disk_ = false;
    std::map<std::pair<HandOver, Place>, uint64_t> handed_over_;
    std::map<Place, uint64_t> executed_, accessed_;
};

/// Of a kernel that is met for the first time; null when nobody wants to know.
std::shared_ptr<ExecutionCounts> execution_counts(const Launch& launch);

} // namespace acc::model
