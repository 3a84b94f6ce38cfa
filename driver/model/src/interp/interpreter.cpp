// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interpreter as an executor: storage of a block, its start, and the loop that gives its gangs
// their turns.
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

#include "driver/model/src/interp/cluster.h"
#include "driver/model/src/interp/code.h"
#include "driver/model/src/interp/pace.h"
#include "driver/model/src/interp/resident.h"
#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/services.h"
#include "driver/model/src/interp/translated.h"
#include "driver/model/src/interp/variant.h"
#include "driver/model/src/interp/warp_wait.h"
#include "driver/model/src/patience.h"
#include "driver/model/src/translations.h"
#include "driver/model/src/tuning.h"

namespace acc::model::interp {
namespace {

/// Registers of a gang should stay in the host's first-level cache with something to spare.
constexpr unsigned kGangRegisterBytes = 32 * 1024;
constexpr int64_t kGangSlice = 1 << 20; ///< warp-instructions a gang runs before the others get a
                                        ///< turn
constexpr int64_t kGroupFuel = 1 << 24; ///< warp-instructions a group may keep others of its gang
                                        ///< waiting
constexpr int64_t kTurnCost = 64; ///< what a turn costs at least, so that waiting in loops uses up
                                  ///< the budget
constexpr unsigned kSpinRounds = 4; ///< rounds of spinning after which the block yields

/// Zeroed anonymous memory that grows.
class Arena {
  public:
    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena() { release(); }
    uint8_t* data() const { return data_; }
    /// At least `bytes`, 4096-aligned. Old contents are lost when it grows.
    void reserve(size_t bytes) {
        if (bytes <= bytes_) return;
        release();
        void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) throw std::bad_alloc();
        data_ = static_cast<uint8_t*>(p);
        bytes_ = bytes;
    }
    /// Contents become zero.
    void clear() {
        if (data_) madvise(data_, bytes_, MADV_DONTNEED);
    }

  private:
    void release() {
        if (data_) munmap(data_, bytes_);
        data_ = nullptr;
        bytes_ = 0;
    }
    uint8_t* data_ = nullptr;
    size_t bytes_ = 0;
};

/// Warps per gang, such that the gangs of the block are about equal.
unsigned gang_warps(unsigned warps, unsigned num_regs, unsigned most) {
    const unsigned by_size = std::min(
        std::clamp(kGangRegisterBytes / std::max(1u, num_regs * kRowBytes), 2u, kMaxWarps), most);
    const unsigned gangs = (warps + by_size - 1) / by_size;
    return (warps + gangs - 1) / gangs;
}

class InterpBlock final : public Member {
  public:
    InterpBlock(CodeCaches& caches, Translations* translations, InterpreterOrder order)
        : caches_(caches), translations_(translations), order_(order) {
        state_.backwards = order.backwards;
    }
    ~InterpBlock() override {
        for (Gang& g : gangs_)
            std::free(g.groups);
    }
    void start(Launch& launch, uint32_t x, uint32_t y, uint32_t z, uint32_t compute_unit) override;
    RunResult run(uint64_t budget, acc_fault_record& fault) override;
    void locate(acc_fault_record& fault) const override;
    BlockState& state() override { return state_; }
    RunResult give_up(acc_fault_record& fault) override;

  private:
    bool configured_for(const Launch& launch) const;
    bool permissions_changed(const Launch& launch) const;
    bool has_host_code() const {
        return candidate_ && candidate_->settled.load(std::memory_order_acquire) &&
               candidate_->translation;
    }
    void count(uint64_t instructions);
    RunResult run_timed(int64_t& left, acc_fault_record& fault);
    RunResult take_turns(int64_t& left, acc_fault_record& fault);
    void configure(Launch& launch);
    void set_thread_indices(const Launch& launch);
    void set_gang(Gang& g, unsigned index, const Launch& launch);
    void reset_gang(Gang& g);
    void refresh_code();
    bool turn(Gang& g, int64_t& left, bool& spins);
    bool run_sequence(int64_t& left, RunResult& result, acc_fault_record& fault);
    void begin(const Launch& launch, uint32_t x, uint32_t y, uint32_t z, uint32_t compute_unit);
    void clean_memory(const Launch& launch);
    void translate(const Launch& launch);
    void keep_ranges(std::shared_ptr<const Translation> next);
    void start_translated();
    /// Null: the gang is interpreted.
    TranslatedGang* translated_warp(const Gang& g) const {
        if (!translated_) return nullptr;
        TranslatedGang* warp = warps_[static_cast<size_t>(&g - gangs_.data())].get();
        return warp->active() ? warp : nullptr;
    }
    bool grid_deadlock() const;
    RunResult stuck(acc_fault_record& fault);
    RunResult done() const {
        if (launch_->cooperative) launch_->grid_exited.fetch_add(1);
        return RunResult::Done;
    }
    RunResult faulted(acc_fault_record& fault) const {
        fault = state_.fault;
        return RunResult::Fault;
    }

    CodeCaches& caches_;
    BlockState state_{};
    std::vector<Gang> gangs_;
    std::shared_ptr<CodeCache> code_;
    std::shared_ptr<const Translation> translation_;
    Arena registers_, shared_, local_;
    struct alignas(64) Indices {
        uint32_t index[32][3][kLanes];
    };
    std::unique_ptr<Indices> tid_ = std::make_unique<Indices>();
    // What the storage is set up for.
    Launch* launch_ = nullptr;
    uint64_t space_ = 0, grid_id_ = 0, kernel_ = 0;
    uint32_t indexed_for_[3] = {}; ///< block size that tid_ holds the indices of
    unsigned warps_per_gang_ = 0;
    const Op* entry_ = nullptr;
    // In translated code: one warp a gang.
    Translations* translations_;
    const InterpreterOrder order_;
    std::shared_ptr<Candidate> candidate_;
    uint64_t uncounted_ = 0; ///< nanoseconds of the interpreter, not yet told
    Pace pace_;              ///< of the candidate's kernel
    std::shared_ptr<const TranslatedKernel> translated_;
    std::vector<std::unique_ptr<TranslatedGang>> warps_;
    std::vector<AccessRange> ranges_;
    /// Of kernels that ran before, the last one at the end.
    std::vector<std::pair<std::shared_ptr<const Translation>, std::vector<AccessRange>>>
        other_ranges_;
    BlockInCode in_code_;
    WarpSequence sequence_;
    uint64_t ranges_epoch_ = 0;
};

bool InterpBlock::configured_for(const Launch& launch) const {
    return launch_ == &launch && grid_id_ == launch.grid_id && space_ == launch.vm->id &&
           kernel_ == launch.kernel_address &&
           code_->epoch == launch.vm->code_epoch.load(std::memory_order_acquire);
}

bool InterpBlock::permissions_changed(const Launch& launch) const {
    return launch.vm->permission_epoch.load(std::memory_order_acquire) != ranges_epoch_;
}

namespace {
/// Translated code reads the parameters without a look.
bool parameters_readable(const Launch& launch) {
    const AddressSpace& vm = *launch.vm;
    const uint64_t bytes = launch.kernel.kernarg_bytes, offset = launch.kernarg - vm.base;
    if (bytes == 0) return true;
    if (offset >= vm.bytes || vm.bytes - offset < bytes) return false;
    constexpr uint8_t looked_at = kPermRead | kPermPoison | kPermIndirect;
    for (uint64_t page = offset >> ACC_PAGE_SHIFT; page <= (offset + bytes - 1) >> ACC_PAGE_SHIFT;
         ++page)
        if ((vm.perm[page] & looked_at) != kPermRead) return false;
    return true;
}
} // namespace

/// x fastest, then y, then z. On the launch path: kept from launch to launch, and counted up
/// without divisions.
void InterpBlock::set_thread_indices(const Launch& launch) {
    if (std::equal(launch.block, launch.block + 3, indexed_for_)) return;
    std::copy(launch.block, launch.block + 3, indexed_for_);
    uint32_t index[3] = {};
    for (unsigned t = 0; t < launch.warps * kLanes; ++t) {
        for (int i = 0; i < 3; ++i)
            tid_->index[t / kLanes][i][t % kLanes] = index[i];
        for (int i = 0; i < 3 && ++index[i] == launch.block[i] && i < 2; ++i)
            index[i] = 0;
    }
}

void InterpBlock::set_gang(Gang& g, unsigned index, const Launch& launch) {
    Group* const groups = g.groups;
    const uint32_t cap = g.cap_groups;
    g = Gang{};
    g.groups = groups;
    g.cap_groups = cap;
    g.first_warp = index * warps_per_gang_;
    g.warps = std::min(warps_per_gang_, launch.warps - g.first_warp);
    static_assert(warp_stride(0) == (kFirstRow | 1) * kRowBytes);
    g.stride = warp_stride(launch.kernel.num_regs);
    g.regs = reinterpret_cast<char*>(registers_.data()) + g.first_warp * g.stride;
    const AddressSpace& vm = *launch.vm;
    g.vm_base = vm.base;
    g.vm_bytes = vm.bytes;
    g.window = vm.window;
    g.perm = vm.perm;
    g.shared = shared_.data() + kSharedRoom;
    g.shared_bytes = launch.shared_bytes;
    g.local_bytes = launch.local_bytes;
    g.local_warp_bytes = uint64_t{launch.local_bytes} * kLanes;
    g.local = local_.data() + g.first_warp * g.local_warp_bytes;
    g.block = &state_;
}

void InterpBlock::configure(Launch& launch) {
    if (space_ != launch.vm->id) { // nothing of another process shows
        registers_.clear();
        shared_.clear();
        local_.clear();
        ranges_epoch_ = 0;
        other_ranges_.clear();
    }
    if (!code_ || code_->space != launch.vm->id ||
        code_->epoch != launch.vm->code_epoch.load(std::memory_order_acquire))
        code_ = caches_.current(*launch.vm);
    state_.code = code_.get();
    std::memset(state_.recent_pages, 0, sizeof state_.recent_pages);
    state_.launch = &launch;
    translate(launch);
    warps_per_gang_ = translation_
                          ? 1
                          : gang_warps(launch.warps, launch.kernel.num_regs, order_.most_warps);
    const unsigned num_gangs = (launch.warps + warps_per_gang_ - 1) / warps_per_gang_;
    registers_.reserve(launch.warps * warp_stride(launch.kernel.num_regs));
    shared_.reserve(launch.shared_bytes + 64 + 2 * kSharedRoom);
    local_.reserve(uint64_t{launch.local_bytes} * kLanes * launch.warps + 64);
    while (gangs_.size() > num_gangs) {
        std::free(gangs_.back().groups);
        gangs_.pop_back();
    }
    gangs_.resize(num_gangs);
    for (unsigned i = 0; i < num_gangs; ++i)
        set_gang(gangs_[i], i, launch);
    state_.gangs = gangs_.data();
    state_.num_gangs = num_gangs;
    state_.tid = tid_->index;
    set_thread_indices(launch);
    launch_ = &launch;
    space_ = launch.vm->id;
    grid_id_ = launch.grid_id;
    kernel_ = launch.kernel_address;
    for (Gang& g : gangs_) // the zero rows may hold registers of a launch with another layout
        for (unsigned w = 0; w < g.warps; ++w)
            std::memset(g.regs + w * g.stride, 0, row_offset(kFirstRow));
    entry_ = fetch(&state_, launch.entry);
    if (translation_ && !translated_) translated_ = prepare(&state_, code_->variant, translation_);
    while (translated_ && warps_.size() < num_gangs)
        warps_.push_back(std::make_unique<TranslatedGang>());
    sequence_.clear();
    if (!translated_) return;
    in_code_.configure(state_, *translated_, warps_.data(), num_gangs, ranges_.data(),
                       candidate_->counts.get());
    if (translation_->stacks != Stacks::Each) sequence_.configure(&in_code_);
}

/// Looks whether there is host code for the kernel.
void InterpBlock::translate(const Launch& launch) {
    std::shared_ptr<const Translation> found;
    std::shared_ptr<Candidate> next = translations_ ? translations_->find(launch) : nullptr;
    if (next != candidate_) {
        if (candidate_) candidate_->spent.fetch_add(uncounted_, std::memory_order_relaxed);
        candidate_ = std::move(next);
        uncounted_ = 0;
        pace_ = {};
        // Its own small launches never count so much at once that somebody looks.
        if (candidate_) translations_->spent(candidate_, launch, 0, state_.index);
    }
    state_.targets = candidate_ ? candidate_->targets.get() : nullptr;
    // One that has just been finished may be of code that stood there before (find).
    if (has_host_code() && candidate_->epoch == launch.vm->code_epoch &&
        parameters_readable(launch))
        found = candidate_->translation;
    if (found == translation_) return;
    keep_ranges(std::move(found));
    translated_.reset();
}

/// `next` is run from now on. Programs launch a few kernels in turn: each finds its ranges again.
void InterpBlock::keep_ranges(std::shared_ptr<const Translation> next) {
    constexpr size_t kMost = 32; // kernels
    if (translation_) {
        if (other_ranges_.size() == kMost) other_ranges_.erase(other_ranges_.begin());
        other_ranges_.emplace_back(std::move(translation_), std::move(ranges_));
    }
    translation_ = std::move(next);
    ranges_.assign(translation_ ? translation_->places.size() : 0, AccessRange{});
    const auto known = std::find_if(other_ranges_.begin(), other_ranges_.end(),
                                    [&](const auto& kept) { return kept.first == translation_; });
    if (known == other_ranges_.end()) return;
    ranges_ = std::move(known->second);
    other_ranges_.erase(known);
}

/// Every warp is at the start of the translated code.
void InterpBlock::start_translated() {
    if (permissions_changed(*launch_)) {
        ranges_epoch_ = launch_->vm->permission_epoch.load(std::memory_order_acquire);
        std::fill(ranges_.begin(), ranges_.end(), AccessRange{});
        other_ranges_.clear();
    }
    if (translation_->stacks != Stacks::Each) return sequence_.start(state_);
    in_code_.start(state_);
    for (size_t i = 0; i < gangs_.size(); ++i)
        warps_[i]->start();
}

void InterpBlock::reset_gang(Gang& g) {
    const Launch& launch = *state_.launch;
    const unsigned num_regs = launch.kernel.num_regs;
    for (unsigned w = 0; w < kMaxWarps; ++w) {
        const unsigned first_thread = (g.first_warp + w) * kLanes;
        const unsigned threads = w < g.warps ? std::min(kLanes, launch.threads - first_thread) : 0;
        g.mask[w] = g.live[w] = threads == kLanes ? ~0u : (1u << threads) - 1;
    }
    for (unsigned w = 0; w < g.warps && !translated_; ++w) { // translated code hands over what is
                                                             // live
        char* registers = g.regs + w * g.stride + register_offset(0);
        std::memset(registers, 0, num_regs * kRowBytes);
        if (num_regs > 0)
            std::fill_n(reinterpret_cast<uint32_t*>(registers), kLanes, launch.local_bytes);
    }
    if (!translated_) std::memset(g.pred, 0, sizeof g.pred);
    std::memset(g.arrived, 0, sizeof g.arrived);
    std::memset(g.pred[kPredTrue], 0xff, sizeof g.pred[kPredTrue]);
    g.mode = 0;
    g.depth = g.penalty = 0;
    g.num_groups = 0;
    g.running = true;
    g.strong = false;
    g.fuel = kGroupFuel;
    g.current = entry_;
    set_bounds(&g, entry_);
}

void InterpBlock::start(Launch& launch, uint32_t x, uint32_t y, uint32_t z, uint32_t compute_unit) {
    if (candidate_ && !translation_ && configured_for(launch))
        while (Patience::has_any() &&
               translations_->had_better_wait(*candidate_, launch, {x, y, z})) {
        }
    if (!launch_ || !configured_for(launch) ||
        (translated_ && permissions_changed(launch) && !parameters_readable(launch)) ||
        (!translation_ && has_host_code() && parameters_readable(launch)))
        configure(launch);
    begin(launch, x, y, z, compute_unit);
}

void InterpBlock::clean_memory(const Launch& launch) {
    if (launch.shared_bytes) std::memset(shared_.data() + kSharedRoom, 0, launch.shared_bytes);
    if (launch.local_bytes) local_.clear();
}

void InterpBlock::begin(const Launch& launch, uint32_t x, uint32_t y, uint32_t z,
                        uint32_t compute_unit) {
    // As one store: whoever copies the index next loads two words at once, and for those of two
    // stores a host waits until all stores before them, the last block's to memory, are done.
    const uint64_t plane = uint64_t{y} << 32 | x;
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(state_.index, &plane, sizeof plane);
    state_.index[2] = z;
    state_.compute_unit = compute_unit;
    state_.live_threads = launch.threads;
    if (launch.clean_memory) clean_memory(launch);
    if (sequence_.clean()) return start_translated(); // nothing else has been touched
    state_.grid_waiting = state_.sleepers = 0;
    state_.grid_arrived = state_.wake_scan = false;
    std::memset(state_.barriers, 0, sizeof state_.barriers);
    for (Gang& g : gangs_)
        reset_gang(g);
    if (translated_) start_translated();
}

/// Code memory has changed: every op is looked up again.
void InterpBlock::refresh_code() {
    const std::shared_ptr<CodeCache> old = code_; // keeps the ops alive that are read below
    code_ = caches_.current(*launch_->vm);
    state_.code = code_.get();
    std::memset(state_.recent_pages, 0, sizeof state_.recent_pages);
    entry_ = fetch(&state_, launch_->entry);
    for (Gang& g : gangs_) {
        if (translated_warp(g)) continue; // it has its own
        for (uint32_t i = 0; i < g.num_groups; ++i) {
            Group& x = g.groups[i];
            x.op = fetch(&state_, x.op->pc);
            if (x.state == GroupState::Barrier || x.state == GroupState::WarpOp)
                decode(&state_, x.op); // the release reads its operands
        }
        if (g.running) {
            g.current = fetch(&state_, g.current->pc);
            set_bounds(&g, g.current);
        }
    }
}

/// Runs a gang until it blocks or its slice ends. False: it had nothing to run.
bool InterpBlock::turn(Gang& g, int64_t& left, bool& spins) {
    if (!g.running) {
        g.current = pick(&g);
        if (!g.current) return false;
    }
    const int64_t slice = std::min(left, kGangSlice);
    if (TranslatedGang* warp = translated_warp(g)) {
        if (warp->meets() && !in_code_.apart) return false;
        left -= warp->turn(slice);
        spins &= warp->spins();
        return true;
    }
    g.slice = slice;
    g.spins = 0;
    code_->variant.run(&g);
    const int64_t used = std::max(slice - g.slice, kTurnCost);
    left -= used;
    if (translated_ && in_code_.counts) in_code_.counts->interpreted(static_cast<uint64_t>(used));
    g.fuel -= used;
    const bool spun = g.spins > kSpinsPerSlice;
    spins &= spun;
    if (g.exit == Exit::Slice && g.num_groups && (spun || g.fuel < 0)) {
        ++g.penalty;
        g.current = reschedule(&g, g.current);
    }
    if (g.fuel < 0) g.fuel = kGroupFuel;
    return true;
}

void InterpBlock::locate(acc_fault_record& fault) const {
    for (const Gang& g : gangs_) {
        if (!g.running && !g.num_groups) continue;
        const uint32_t* lanes = g.running ? g.mask : g.groups[0].mask;
        const Op* op = g.running ? g.current : g.groups[0].op;
        for (unsigned w = 0; w < g.warps; ++w) {
            if (!lanes[w]) continue;
            fault.pc = op->pc;
            fault.warp = g.first_warp + w;
            fault.lane_mask = lanes[w];
            for (int i = 0; i < 3; ++i)
                fault.thread[i] = tid_->index[g.first_warp + w][i][__builtin_ctz(lanes[w])];
            return;
        }
    }
}

/// The block waits at the grid barrier, and so do all others that have not ended: nobody is left
/// who could arrive.
bool InterpBlock::grid_deadlock() const {
    if (!state_.grid_arrived || state_.sleepers) return false;
    const uint64_t exited = launch_->grid_exited.load(), arrived = launch_->grid_arrived.load();
    return exited && exited + arrived == launch_->total_blocks &&
           launch_->grid_generation.load() == state_.grid_generation;
}

/// Nothing in the block can run.
RunResult InterpBlock::stuck(acc_fault_record& fault) {
    if ((state_.sleepers || state_.grid_waiting || waits_for_cluster(state_)) && !grid_deadlock())
        return RunResult::Waiting;
    return give_up(fault);
}

RunResult InterpBlock::give_up(acc_fault_record& fault) {
    const Gang* victim_gang = nullptr;
    const Group* victim = nullptr;
    for (const Gang& g : gangs_)
        for (uint32_t i = 0; i < g.num_groups; ++i)
            if (!victim || (victim->state != GroupState::Barrier &&
                            g.groups[i].state == GroupState::Barrier)) {
                victim_gang = &g;
                victim = &g.groups[i];
            }
    if (!victim) return done();
    unsigned w = 0;
    while (!victim->mask[w])
        ++w;
    raise(const_cast<Gang*>(victim_gang), victim->op,
          victim->state == GroupState::Barrier ? ACC_FAULT_BARRIER : ACC_FAULT_DEADLOCK, w,
          victim->mask[w]);
    if (victim->state == GroupState::GridBarrier || victim->state == GroupState::Split)
        state_.fault.pc -= 16; // its op is the one behind the barrier
    if (victim->state == GroupState::WarpOp && waits_at_other_operations(*victim_gang, *victim))
        state_.fault.info = ACC_DEADLOCK_WARP_OPS;
    return faulted(fault);
}

/// Warps that run one after the other. True: that was all for now, with `result`.
bool InterpBlock::run_sequence(int64_t& left, RunResult& result, acc_fault_record& fault) {
    using State = WarpSequence::State;
    while (sequence_.state() == State::Running) {
        if (launch_->abort.load(std::memory_order_relaxed)) {
            result = RunResult::Stopped;
            return true;
        }
        int64_t used = 0;
        sequence_.run(state_, left, used);
        left -= used;
        if (sequence_.state() != State::Running || left > 0) continue;
        result = RunResult::Yield;
        return true;
    }
    switch (sequence_.state()) {
    case State::Ended: result = done(); return true;
    case State::Left:
        result = launch_->abort.load(std::memory_order_relaxed) ? RunResult::Stopped
                                                                : faulted(fault);
        return true;
    default: return false;
    }
}

/// Instructions of warps that the interpreter has executed.
void InterpBlock::count(uint64_t instructions) {
    constexpr uint64_t kMuch = 1 << 16; // the count is everybody's
    uncounted_ += pace_.nanoseconds(instructions);
    if (uncounted_ < kMuch) return;
    translations_->spent(candidate_, *launch_, uncounted_, state_.index);
    uncounted_ = 0;
}

/// Turns of the interpreter alone, which count.
RunResult InterpBlock::run_timed(int64_t& left, acc_fault_record& fault) {
    const int64_t all = left;
    const bool measured = pace_.is_due();
    const uint64_t begin = measured ? thread_ns() : 0;
    const RunResult result = take_turns(left, fault);
    const auto instructions = static_cast<uint64_t>(all - left);
    if (measured) pace_.measured(instructions, thread_ns() - begin);
    count(instructions);
    return result;
}

RunResult InterpBlock::run(uint64_t budget, acc_fault_record& fault) {
    if (code_->epoch != launch_->vm->code_epoch.load(std::memory_order_acquire)) refresh_code();
    auto left = static_cast<int64_t>(std::min<uint64_t>(budget, INT64_MAX));
    if (RunResult result; run_sequence(left, result, fault)) return result;
    if (candidate_ && !translated_) return run_timed(left, fault);
    return take_turns(left, fault);
}

/// The gangs run in turns.
RunResult InterpBlock::take_turns(int64_t& left, acc_fault_record& fault) {
    for (unsigned spin_rounds = 0;;) {
        bool ran = false, spins = true;
        if (state_.sleepers) wake_sleepers(&state_);
        for (size_t i = 0; i < gangs_.size(); ++i) {
            Gang& g = gangs_[order_.backwards ? gangs_.size() - 1 - i : i];
            if (launch_->abort.load(std::memory_order_relaxed)) return RunResult::Stopped;
            if (!turn(g, left, spins)) continue;
            ran = true;
            if (g.exit == Exit::Fault) return faulted(fault);
        }
        if (state_.wake_scan) {
            release_after_exit(&state_);
            ran = true;
        } else if (!ran && release_grid_barrier(&state_)) {
            ran = true;
        }
        if (state_.live_threads == 0) return done();
        if (!ran) return stuck(fault);
        spin_rounds = spins ? spin_rounds + 1 : 0;
        if (left <= 0 || spin_rounds >= kSpinRounds) return RunResult::Yield;
    }
}

class Interpreter final : public Executor {
  public:
    Interpreter(const Variant& variant, std::unique_ptr<Translations> translations,
                InterpreterOrder order)
        : caches_(variant), translations_(std::move(translations)), order_(order) {}
    const char* name() const override { return translations_ ? translations_->name() : "interp"; }
    std::unique_ptr<Block> make_block() override {
        return make_resident(
            [this] { return std::make_unique<InterpBlock>(caches_, translations_.get(), order_); });
    }
    void space_ended(uint64_t space) override {
        caches_.drop(space);
        if (translations_) translations_->space_ended(space);
    }

  private:
    CodeCaches caches_;
    std::unique_ptr<Translations> translations_;
    const InterpreterOrder order_;
};

} // namespace
} // namespace acc::model::interp

namespace acc::model {
std::unique_ptr<Executor> make_interpreter(const char* simd, InterpreterOrder order) {
    return std::make_unique<interp::Interpreter>(interp::choose_variant(simd), nullptr, order);
}
std::unique_ptr<Executor> make_interpreter(const char* simd,
                                           std::unique_ptr<Translations> translations) {
    return std::make_unique<interp::Interpreter>(interp::choose_variant(simd),
                                                 std::move(translations), InterpreterOrder{});
}
} // namespace acc::model
