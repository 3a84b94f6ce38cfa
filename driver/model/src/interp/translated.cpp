// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/translated.h"

#include <algorithm>
#include <bit>

#include "acc/spec/isa_table.h"
#include "driver/model/src/interp/code.h"
#include "driver/model/src/interp/sched.h"

namespace acc::model::interp {

static_assert(sizeof(Gang::pred[0]) == kPredicateStride * sizeof(uint32_t));

std::shared_ptr<const TranslatedKernel> prepare(BlockState* block, const Variant& variant,
                                                std::shared_ptr<const Translation> translation) {
    auto kernel = std::make_shared<TranslatedKernel>();
    kernel->variant = &variant;
    kernel->ops.resize(translation->places.size());
    for (size_t i = 0; i < kernel->ops.size(); ++i) {
        const TranslatedPlace& place = translation->places[i];
        const Op* op = fetch(block, place.pc);
        decode(block, op);
        OneOp& one = kernel->ops[i];
        one.op = *op;
        // The guard is in the mask that the translated code gives.
        if (one.op.handler[0] == variant.guard) one.op.handler[0] = one.op.handler[1] = op->guarded;
        one.num_sources = static_cast<unsigned>(place.sources.size());
        std::copy(place.sources.begin(), place.sources.end(), one.sources);
        one.end = *op;
        one.end.pc = op->pc + 16;
        one.end.handler[0] = one.end.handler[1] = variant.stop;
        one.meeting = op->opcode == static_cast<uint16_t>(isa::Opcode::BAR_SYNC) &&
                      (op->flags & kOpImmB) && op->c == row_offset(kZeroRow) &&
                      op->imm < ACC_NUM_BARRIERS;
    }
    kernel->translation = std::move(translation);
    return kernel;
}

void TranslatedGang::configure(Gang* g, const TranslatedKernel& kernel, AccessRange* ranges,
                               BlockMeeting* meeting) {
    const BlockState& block = *g->block;
    const Launch& launch = *block.launch;
    gang_ = g;
    kernel_ = &kernel;
    meeting_ = meeting;
    TranslatedWarp& w = warp_;
    w.window_offset = reinterpret_cast<uint64_t>(g->window) - g->vm_base;
    w.shared = g->shared;
    w.shared_bytes = g->shared_bytes;
    w.local = g->local;
    w.local_bytes = g->local_bytes;
    w.registers = g->regs + register_offset(0);
    w.predicates = g->pred[0];
    w.ranges = ranges;
    w.thread_index = block.tid[g->first_warp][0];
    w.kernarg = launch.kernarg;
    w.printf_buffer = launch.printf_buffer;
    w.heap = launch.heap;
    w.grid_id = launch.grid_id;
    for (int i = 0; i < 3; ++i)
        w.grid[i] = launch.grid[i];
    w.warp = g->first_warp;
    w.num_compute_units = launch.num_cus;
    w.cooperative = launch.cooperative;
    w.execute = execute;
    w.access = access;
    w.wait = wait;
    w.warp_operation = warp_operation;
    w.exit_lanes = exit_lanes;
    w.poll = poll;
    w.hand_over = hand_over;
}

void TranslatedGang::start() {
    active_ = true;
    started_ = failed_ = false;
    meeting_turn_ = 0;
    TranslatedWarp& w = warp_;
    for (int i = 0; i < 3; ++i)
        w.block[i] = gang_->block->index[i];
    w.live = gang_->live[0];
    w.compute_unit = gang_->block->compute_unit;
}

void TranslatedGang::enter(void* self) {
    auto& t = *static_cast<TranslatedGang*>(self);
    Gang* g = t.gang_;
    switch (t.kernel_->translation->code(&t.warp_)) {
    case kContinue:
        t.active_ = false;
        t.ended();
        break;
    case kHandOver:
        t.active_ = g->running = false;
        g->exit = Exit::Slice;
        break;
    default: t.failed_ = true;
    }
}

/// For some time in translated code.
void TranslatedGang::prepare(uint32_t fuel) {
    warp_.fuel = fuel;
    gang_->exit = Exit::Slice;
    if (started_) return;
    started_ = true;
    if (kernel_->translation->suspends) fiber_.start(enter, this);
}

int64_t TranslatedGang::turn(int64_t budget) {
    constexpr int64_t kLeast = 64; // what a turn costs at least
    if (failed_) return kLeast;    // the gang says why
    const auto fuel = static_cast<uint32_t>(std::min<int64_t>(std::max(budget, kLeast), 1 << 30));
    prepare(fuel);
    const bool polled = kernel_->translation->suspends && !fiber_.resume() && gang_->running &&
                        !meets();
    if (!kernel_->translation->suspends) enter(this);
    return polled ? fuel : kLeast;
}

/// The threads that are left have ended.
void TranslatedGang::ended() {
    if (gang_->live[0]) exit_lanes(&warp_, gang_->live[0]);
    gang_->running = false;
    gang_->exit = Exit::Blocked;
}

uint32_t TranslatedGang::run_op(const OneOp& one, uint32_t mask) {
    Gang* g = gang_;
    g->mask[0] = mask;
    g->mode = mask != ~0u;
    g->stop = nullptr;
    g->exit = Exit::Slice;
    g->running = true;
    kernel_->variant->run_one(g, &one.op);
    return g->exit == Exit::Fault ? kLeave : kContinue;
}

/// An instruction that may park its threads: returns when they can go on.
uint32_t TranslatedGang::run_and_wait(const OneOp& one, uint32_t mask) {
    if (run_op(one, mask) == kLeave) return kLeave;
    while (!gang_->running) {
        fiber_.suspend();
        if (gang_->block->launch->abort.load(std::memory_order_relaxed)) return kLeave;
    }
    return kContinue;
}

uint32_t TranslatedGang::execute(TranslatedWarp* w, uint32_t place, uint32_t mask) {
    if (mask == 0) return kContinue;
    TranslatedGang& t = of(w);
    return t.run_op(t.kernel_->ops[place], mask);
}

uint32_t TranslatedGang::access(TranslatedWarp* w, uint32_t place, uint32_t mask, uint64_t a,
                                uint64_t b, uint64_t c) {
    if (mask == 0) return kContinue;
    TranslatedGang& t = of(w);
    const OneOp& one = t.kernel_->ops[place];
    const uint64_t bases[kMaxRowSources] = {a, b, c};
    for (unsigned i = 0; i < one.num_sources; ++i)
        t.fill_rows(one.sources[i], bases[i]);
    // Before: the instruction may overwrite the registers of its address.
    t.find_range(one.op, place, mask);
    return t.run_op(one, mask);
}

void TranslatedGang::fill_rows(const RowSource& source, uint64_t base) {
    auto* low = reinterpret_cast<uint32_t*>(gang_->regs + register_offset(source.reg));
    for (unsigned lane = 0; lane < kLanes; ++lane) {
        uint64_t value = base;
        for (unsigned bit = 0; bit < 5; ++bit)
            if (lane >> bit & 1) value += static_cast<uint64_t>(source.step[bit]);
        low[lane] = static_cast<uint32_t>(value);
        if (source.bits == 64) low[kLanes + lane] = static_cast<uint32_t>(value >> 32);
    }
}

/// The memory around what the first lane accesses that allows it, in one piece.
void TranslatedGang::find_range(const Op& op, uint32_t place, uint32_t mask) {
    const isa::RowInfo* row = isa::find_row(op.opcode);
    if (!row || row->space == isa::Space::Shared || row->space == isa::Space::Local) return;
    const auto lane = static_cast<unsigned>(std::countr_zero(mask));
    const auto word = [&](unsigned offset) {
        return reinterpret_cast<const uint32_t*>(gang_->regs + offset)[lane];
    };
    uint64_t va = (static_cast<uint64_t>(word(op.a + kRowBytes)) << 32 | word(op.a)) + op.imm;
    const bool plain = !row->has(isa::kSideEffects);
    if (plain && (op.flags & kOpIndexed)) {
        const uint32_t index = word(op.b);
        const uint64_t wide = isa::mods::MIdx.get(op.mods)
                                  ? index
                                  : static_cast<uint64_t>(
                                        static_cast<int64_t>(static_cast<int32_t>(index)));
        va += wide << isa::mods::MScale.get(op.mods);
    }
    const uint64_t offset = va - gang_->vm_base;
    if (offset >= gang_->vm_bytes) return;
    const uint8_t need = static_cast<uint8_t>((row->has(isa::kMayLoad) ? kPermRead : 0) |
                                              (row->has(isa::kMayStore) ? kPermWrite : 0));
    const auto good = [&](uint64_t page) {
        return (gang_->perm[page] & (need | kPermPoison | kPermIndirect)) == need;
    };
    uint64_t first = offset >> ACC_PAGE_SHIFT, last = first;
    if (!good(first)) return;
    constexpr uint64_t kMostPages = 1 << 16; // enough, and soon found
    const uint64_t pages = gang_->vm_bytes >> ACC_PAGE_SHIFT;
    while (first > 0 && last - first < kMostPages && good(first - 1))
        --first;
    while (last + 1 < pages && last - first < 2 * kMostPages && good(last + 1))
        ++last;
    warp_.ranges[place] = {gang_->vm_base + (first << ACC_PAGE_SHIFT), (last - first + 1)
                                                                           << ACC_PAGE_SHIFT};
}

/// A meeting of all warps in translated code. False: the interpreter's barrier is to be used.
bool TranslatedGang::meet(const OneOp& one, uint32_t mask) {
    const BlockState& block = *gang_->block;
    BlockMeeting& m = *meeting_;
    const auto number = static_cast<uint32_t>(one.op.imm);
    if (!one.meeting || m.apart || block.barriers[number].in_use ||
        (m.waiting && m.number != number))
        return false;
    m.number = number;
    m.waiting += static_cast<uint32_t>(std::popcount(mask));
    gang_->current = &one.op;
    gang_->mask[0] = mask;
    if (m.waiting == block.live_threads) {
        m.waiting = 0;
        ++m.turn;
        meeting_turn_ = 0;
        if (gang_ != block.gangs) pass_on(0); // on from the first warp, as the interpreter would
        return true;
    }
    meeting_turn_ = m.turn;
    while (meeting_turn_ == m.turn && !m.apart) {
        pass_on(static_cast<size_t>(gang_ - block.gangs) + 1);
        if (block.launch->abort.load(std::memory_order_relaxed)) return true;
    }
    if (meeting_turn_ != m.turn) meeting_turn_ = 0;
    return true;
}

/// This warp waits: the next that can run goes on, from warp `from`; when there is none, or the
/// scheduler has not been asked for long, the scheduler.
void TranslatedGang::pass_on(size_t from) {
    constexpr uint32_t kHops = 256;
    constexpr uint32_t kFuel = 1 << 14;
    BlockMeeting& m = *meeting_;
    if (++m.hops < kHops)
        for (size_t i = 0; i < m.num_warps; ++i) {
            TranslatedGang& next = *m.warps[(from + i) % m.num_warps];
            if (&next == this || !next.may_run()) continue;
            next.prepare(kFuel);
            fiber_.switch_to(next.fiber_);
            return;
        }
    m.hops = 0;
    fiber_.suspend();
}

uint32_t TranslatedGang::wait(TranslatedWarp* w, uint32_t place, uint32_t mask) {
    if (mask == 0) return kContinue;
    if (mask != w->live) return kHandOver;
    TranslatedGang& t = of(w);
    const OneOp& one = t.kernel_->ops[place];
    if (t.meet(one, mask)) {
        if (t.gang_->block->launch->abort.load(std::memory_order_relaxed)) return kLeave;
        if (t.meeting_turn_ == 0) return kContinue;
        t.meeting_turn_ = 0; // it was broken up: the barrier is the interpreter's now
    }
    return t.run_and_wait(one, mask);
}

uint32_t TranslatedGang::warp_operation(TranslatedWarp* w, uint32_t place, uint32_t mask) {
    if (mask == 0) return kContinue;
    TranslatedGang& t = of(w);
    const OneOp& one = t.kernel_->ops[place];
    const isa::RowInfo* row = isa::find_row(one.op.opcode);
    const bool has_members = row->opcode < isa::Opcode::LDMATRIX1;
    if (!has_members && mask != w->live) return kHandOver;
    for (uint32_t left = has_members ? mask : 0; left; left &= left - 1) {
        const auto l = static_cast<unsigned>(std::countr_zero(left));
        const uint32_t members = one.op.flags & kOpImmC ? static_cast<uint32_t>(one.op.imm)
                                                        : reinterpret_cast<const uint32_t*>(
                                                              t.gang_->regs + one.op.c)[l];
        if (members & w->live & ~mask) return kHandOver;
        if (one.op.flags & kOpImmC) break;
    }
    return t.run_and_wait(one, mask);
}

void TranslatedGang::exit_lanes(TranslatedWarp* w, uint32_t mask) {
    Gang* g = of(w).gang_;
    mask &= g->live[0];
    g->live[0] &= ~mask;
    g->mask[0] &= ~mask;
    w->live = g->live[0];
    g->block->live_threads -= static_cast<uint32_t>(std::popcount(mask));
    g->block->wake_scan = true;
    BlockMeeting& m = *of(w).meeting_;
    if (m.waiting && m.waiting == g->block->live_threads) { // the others need not wait for these
        m.waiting = 0;
        ++m.turn;
    }
}

uint32_t TranslatedGang::poll(TranslatedWarp* w, uint64_t pc, uint32_t mask, uint32_t alone) {
    TranslatedGang& t = of(w);
    Gang* g = t.gang_;
    const Launch& launch = *g->block->launch;
    if (launch.abort.load(std::memory_order_relaxed)) return kLeave;
    if (!alone && mask != w->live) return kHandOver;
    g->current = fetch(g->block, pc);
    g->mask[0] = w->live;
    g->running = true;
    g->exit = Exit::Slice;
    t.fiber_.suspend();
    return launch.abort.load(std::memory_order_relaxed) ? kLeave : kContinue;
}

void TranslatedGang::hand_over(TranslatedWarp* w, uint64_t pc, uint32_t mask) {
    Gang* g = of(w).gang_;
    mask &= g->live[0];
    of(w).meeting_->apart = true;
    of(w).meeting_->waiting = 0;
    if (mask == 0) return;
    alignas(32) const uint32_t lanes[kMaxWarps] = {mask};
    park_ready(g, fetch(g->block, pc), lanes, 0, 0);
}

} // namespace acc::model::interp
