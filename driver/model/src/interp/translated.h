// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Warps of a block in translated code (translation.h): each a gang of its own, whose running group
// the translated code is. Where it waits, the group is parked as an interpreted one is, so
// barriers, exits, faults and the watchdog see no difference.
#pragma once

#include <memory>
#include <vector>

#include "driver/model/src/interp/fiber.h"
#include "driver/model/src/interp/state.h"
#include "driver/model/src/interp/variant.h"
#include "driver/model/src/translation.h"

namespace acc::model::interp {

/// One instruction, after which the interpreter returns.
struct OneOp {
    Op op;
    Op end;
    bool meeting = false; ///< it is __syncthreads
    unsigned num_sources = 0;
    RowSource sources[kMaxRowSources] = {};
};

/// A translation with the instructions that it asks of the interpreter, decoded.
struct TranslatedKernel {
    std::shared_ptr<const Translation> translation;
    std::vector<OneOp> ops;
    const Variant* variant = nullptr;
};
std::shared_ptr<const TranslatedKernel> prepare(BlockState* block, const Variant& variant,
                                                std::shared_ptr<const Translation> translation);

class TranslatedGang;

/// __syncthreads while all warps of a block are in translated code: they are counted, not parked.
struct BlockMeeting {
    const std::unique_ptr<TranslatedGang>* warps = nullptr; ///< all of the block
    size_t num_warps = 0;
    uint64_t turn = 1;    ///< how many meetings there have been, plus one
    uint32_t waiting = 0; ///< threads that are there
    uint32_t number = 0;  ///< of the barrier
    uint32_t hops = 0;    ///< warps that have gone on without the scheduler's knowledge
    bool apart = false;   ///< some warp has been handed over: barriers are the interpreter's
};

class TranslatedGang {
  public:
    /// For the blocks of a launch: the gang is set up for it.
    void configure(Gang* g, const TranslatedKernel& kernel, AccessRange* ranges,
                   BlockMeeting* meeting);
    /// Puts the warp at the start of the kernel. The gang has been reset.
    void start();
    /// The warp waits at a barrier that nobody but translated code is at.
    bool meets() const { return active_ && meeting_turn_ != 0 && meeting_turn_ == meeting_->turn; }
    /// The warp is (still) in translated code.
    bool active() const { return active_; }
    void stop() { active_ = false; }
    /// Runs it for about `budget` warp-instructions; returns how many it was. The gang says how it
    /// ended, as after Variant::run.
    int64_t turn(int64_t budget);

  private:
    static uint32_t execute(TranslatedWarp* w, uint32_t place, uint32_t mask);
    static uint32_t access(TranslatedWarp* w, uint32_t place, uint32_t mask, uint64_t a, uint64_t b,
                           uint64_t c);
    void fill_rows(const RowSource& source, uint64_t base);
    static uint32_t wait(TranslatedWarp* w, uint32_t place, uint32_t mask);
    static uint32_t warp_operation(TranslatedWarp* w, uint32_t place, uint32_t mask);
    static void exit_lanes(TranslatedWarp* w, uint32_t mask);
    static uint32_t poll(TranslatedWarp* w, uint64_t pc, uint32_t mask, uint32_t alone);
    static void hand_over(TranslatedWarp* w, uint64_t pc, uint32_t mask);
    static TranslatedGang& of(TranslatedWarp* w) { return *reinterpret_cast<TranslatedGang*>(w); }
    static void enter(void* self);

    bool meet(const OneOp& one, uint32_t mask);
    void pass_on(size_t from);
    bool may_run() const { return active_ && !failed_ && gang_->running && !meets(); }
    void prepare(uint32_t fuel);
    uint32_t run_and_wait(const OneOp& one, uint32_t mask);
    uint32_t run_op(const OneOp& one, uint32_t mask);
    void find_range(const Op& op, uint32_t place, uint32_t mask);
    void ended();

    TranslatedWarp warp_{}; ///< the first member: see of()
    Gang* gang_ = nullptr;
    const TranslatedKernel* kernel_ = nullptr;
    Fiber fiber_;
    BlockMeeting* meeting_ = nullptr;
    uint64_t meeting_turn_ = 0; ///< the meeting it waits for; 0: none
    bool active_ = false, started_ = false, failed_ = false;
};

} // namespace acc::model::interp
