// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Warps of a block in translated code (translation.h): each a gang of its own, whose running group
// the translated code is. Where it waits, the group is parked as an interpreted one is, so
// barriers, exits, faults and the watchdog see no difference.
//
// Where no warp waits for another (Stacks::None, Stacks::One), they run one after the other, and
// the gangs are only looked at when something is asked of the interpreter.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "driver/model/src/execution_counts.h"
#include "driver/model/src/interp/fiber.h"
#include "driver/model/src/interp/state.h"
#include "driver/model/src/interp/variant.h"
#include "driver/model/src/translation.h"

namespace acc::model::interp {

/// An instruction, or several, after which the interpreter returns.
struct OneOp {
    std::vector<Op> code;
    const Op& op() const { return code.front(); }
    int meeting = -1; ///< it is __syncthreads at the barrier of this number
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

extern "C" [[gnu::visibility("hidden")]] void acc_model_do_meet(TranslatedWarp* w, uint32_t place);

/// The block that warps in translated code belong to.
struct BlockInCode {
    TranslatedBlock code{}; ///< the first member: what translated code sees
    const TranslatedKernel* kernel = nullptr;
    ExecutionCounts* counts = nullptr;                      ///< null: nobody wants to know
    const std::unique_ptr<TranslatedGang>* warps = nullptr; ///< all of the block
    size_t num_warps = 0;

    // __syncthreads while all warps are in translated code: they are counted, not parked.
    uint64_t turn = 1;                       ///< how many meetings there have been, plus one
    uint32_t waiting = 0;                    ///< threads that are there
    uint32_t live = 0;                       ///< threads of the block that have not ended
    int number = 0;                          ///< of the barrier
    std::vector<TranslatedWarp*> code_warps; ///< of all warps of the block
    uint32_t hops = 0;  ///< times that a warp has gone on without the scheduler's knowledge
    bool apart = false; ///< some warp has been handed over: barriers are the interpreter's
    bool mixed = false; ///< some barrier has been the interpreter's: each must be asked

    Fiber fiber;              ///< Stacks::One
    ReturnPoint return_point; ///< Stacks::None

    /// For the blocks of a launch. The gangs are set up for it.
    void configure(const BlockState& block, const TranslatedKernel& kernel,
                   const std::unique_ptr<TranslatedGang>* warps, size_t num_warps,
                   AccessRange* ranges, ExecutionCounts* counts);
    /// A block of the launch begins.
    void start(const BlockState& block);
};

/// One warp in translated code. Where several run side by side (Translation::warps), the first one
/// is their leader: the scheduler knows of it only.
class TranslatedGang {
  public:
    /// For the blocks of a launch: the gang is set up for it.
    void configure(Gang* g, BlockInCode* block, size_t index);
    /// Puts the warp at the start of the kernel. The gang has been reset.
    void start();
    /// The warp waits at a barrier that nobody but translated code is at.
    bool meets() const { return active_ && meeting_turn_ == block_->turn; }
    /// The warp is (still) in translated code.
    bool active() const { return active_; }
    TranslatedWarp* code() { return &warp_; }
    /// Runs it for about `budget` warp-instructions; returns how many it was. The gang says how it
    /// ended, as after Variant::run.
    int64_t turn(int64_t budget);
    /// All that it did then may have been to wait for others.
    bool spins() const { return spins_; }

    Gang& gang() { return *gang_; }
    /// The service of that name.
    static void meet(TranslatedWarp* w, uint32_t place);
    /// The code has returned kHandOver.
    void count_hand_over();

  private:
    static void execute(TranslatedWarp* w, uint32_t place, uint32_t mask);
    static void texture(TranslatedWarp* w, uint32_t place, uint32_t mask, uint64_t image,
                        uint32_t wanted);
    static void access(TranslatedWarp* w, uint32_t place, uint32_t mask, uint64_t a, uint64_t b,
                       uint64_t c);
    static void segment(TranslatedWarp* w, uint32_t place);
    void fill_rows(const RowSource& source, uint64_t base, uint32_t mask);
    static uint32_t wait(TranslatedWarp* w, uint32_t place, uint32_t mask);
    static uint32_t warp_operation(TranslatedWarp* w, uint32_t place, uint32_t mask);
    static void exit_lanes(TranslatedWarp* w, uint32_t mask);
    static uint32_t poll(TranslatedWarp* w, uint64_t pc, uint32_t how);
    static void hand_over(TranslatedWarp* w, uint32_t place);
    uint32_t refuse(HandOver why);
    static TranslatedGang& of(TranslatedWarp* w) { return *reinterpret_cast<TranslatedGang*>(w); }
    static void enter(void* self);
    friend struct BlockInCode;

    [[noreturn]] void leave();
    const Translation& translation() const { return *block_->kernel->translation; }
    /// The stack that this warp's code is on: its gang's, or the block's.
    Fiber& stack() { return translation().stacks == Stacks::One ? block_->fiber : leader_->fiber_; }
    /// The warps of the gang that this one is the first of.
    std::span<const std::unique_ptr<TranslatedGang>> warps() const {
        return {block_->warps + index_, translation().warps};
    }
    bool can_meet(const OneOp& one) const;
    bool join_meeting(const OneOp& one);
    void pass_on(size_t from);
    bool may_run() const { return active_ && !failed_ && !parked_ && !meets(); }
    void prepare(uint32_t fuel);
    void count_live();
    void run_and_wait(const OneOp& one, uint32_t mask);
    void wait_together(const OneOp& one);
    void run_op(const OneOp& one, uint32_t mask);
    void run_alone(const OneOp& one, uint32_t mask);
    bool stopping() const { return gang_->block->launch->abort.load(std::memory_order_relaxed); }
    void find_range(const Op& op, uint32_t place, uint32_t mask);
    void find_range(uint64_t address, uint8_t need, uint32_t place);
    static void find_indices(const TranslatedPlace& place, AccessRange& range);
    void ended();
    const OneOp& op(uint32_t place) const { return block_->kernel->ops[place]; }
    const TranslatedPlace& at(uint32_t place) const {
        return block_->kernel->translation->places[place];
    }

    TranslatedWarp warp_{}; ///< the first member: see of()
    Gang* gang_ = nullptr;
    BlockInCode* block_ = nullptr;
    Fiber fiber_;                    ///< Stacks::Each
    TranslatedGang* next_ = nullptr; ///< leader in the block, in a ring
    TranslatedGang* leader_ = this;
    size_t index_ = 0;          ///< in the block
    uint32_t rounds_ = 0;       ///< times that it has asked, its threads parted
    uint64_t meeting_turn_ = 0; ///< the last meeting it has come to; 0: none
    uint32_t live_ = 0;         ///< threads of the gang that have not ended
    bool active_ = false, started_ = false, failed_ = false;
    bool spins_ = false; ///< it was in a loop that may wait for others when it last asked
    // Of the hand-over that is going on, for count_hand_over.
    std::optional<HandOver> refused_; ///< a service has answered kHandOver
    std::optional<uint64_t> left_at_; ///< where the first threads stand
    bool parked_ = false;             ///< it waits as an interpreted warp would
};

/// The warps of a block one after the other, of a kernel in which none waits for another.
class WarpSequence {
  public:
    enum class State : uint8_t {
        Idle,       ///< not this kernel, or the rest of the block is the interpreter's
        Running,    ///< more to do: run again
        Ended,      ///< all threads have ended
        HandedOver, ///< those that have not are the interpreter's
        Left,       ///< a fault, or the dispatch is being stopped
    };
    /// No kernel.
    void clear();
    void configure(BlockInCode* block);
    /// A block begins. Its gangs have been reset, or the last one left them `clean`.
    void start(BlockState& state);
    /// Runs for about `budget` warp-instructions; `used`: how many it was.
    void run(BlockState& state, int64_t budget, int64_t& used);
    State state() const { return state_; }
    bool clean() const { return clean_; }

  private:
    static void enter(void* self);
    void restore_lanes(BlockState& state);
    void leave_to_interpreter(BlockState& state);

    BlockInCode* block_ = nullptr;
    std::vector<TranslatedWarp*> warps_;
    std::vector<size_t> handed_over_; ///< warps
    size_t next_ = 0;                 ///< the first warp that has not begun
    State state_ = State::Idle;
    bool clean_ = false, begun_ = false, finished_ = false;
};

} // namespace acc::model::interp
