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
        OneOp& one = kernel->ops[i];
        for (unsigned n = 0; n < place.count; ++n) {
            const Op* op = fetch(block, block->launch->entry + place.pc + n * isa::kWordBytes);
            decode(block, op);
            one.code.push_back(*op);
        }
        Op& op = one.code.front();
        // The guard is in the mask that the translated code gives.
        if (!place.own_guards && op.handler[0] == variant.guard)
            op.handler[0] = op.handler[1] = op.guarded;
        if (op.opcode == static_cast<uint16_t>(isa::Opcode::BAR_SYNC) && (op.flags & kOpImmB) &&
            op.c == row_offset(kZeroRow) && op.imm < ACC_NUM_BARRIERS)
            one.meeting = static_cast<int>(op.imm);
        Op end = one.code.back();
        end.pc += isa::kWordBytes;
        end.handler[0] = end.handler[1] = variant.stop;
        one.code.push_back(end);
    }
    kernel->translation = std::move(translation);
    return kernel;
}

// Hosts guess where a return goes from the call it belongs to. Code at one barrier goes on after a
// call from another one, by the next warp: it had better jump there, for which they have a memory.
extern "C" void acc_model_do_meet(TranslatedWarp* w, uint32_t place) {
    TranslatedGang::meet(w, place);
}
#if defined(__x86_64__)
extern "C" void acc_model_meet(TranslatedWarp* w, uint32_t place);
asm(R"(
    .text
    .hidden acc_model_meet
    .globl acc_model_meet
    .type acc_model_meet,@function
acc_model_meet:
    subq $8, %rsp
    callq acc_model_do_meet
    addq $8, %rsp
    popq %rcx
    jmpq *%rcx
    .size acc_model_meet, .-acc_model_meet
)");
#else
constexpr auto acc_model_meet = acc_model_do_meet;
#endif

namespace {
constexpr uint32_t kFuel = 1 << 14; ///< what a warp may execute before it asks
constexpr int64_t kLeastUsed = 64;  ///< what a turn costs at least
/// What a warp that seems to wait for others may execute, and what that costs its block: those it
/// waits for shall come to their turns.
constexpr int64_t kSpinFuel = 64, kSpinCost = 64;
} // namespace

void BlockInCode::configure(const BlockState& block, const TranslatedKernel& of,
                            const std::unique_ptr<TranslatedGang>* all, size_t count,
                            AccessRange* ranges, ExecutionCounts* wanted) {
    const Gang& g = block.gangs[0];
    const Launch& launch = *block.launch;
    kernel = &of;
    counts = wanted;
    warps = all;
    num_warps = count;
    code.window_offset = reinterpret_cast<uint64_t>(g.window) - g.vm_base;
    code.shared = g.shared;
    code.ranges = ranges;
    code.parameters = g.window + (launch.kernarg - g.vm_base);
    code.entry = launch.entry;
    code.kernarg = launch.kernarg;
    code.printf_buffer = launch.printf_buffer;
    code.heap = launch.heap;
    code.grid_id = launch.grid_id;
    std::copy(launch.grid, launch.grid + 3, code.grid);
    code.num_compute_units = launch.num_cus;
    code.cooperative = launch.cooperative;
    code.keep = of.translation->keep;
    code.products = of.translation->products;
    code.execute = TranslatedGang::execute;
    code.texture = TranslatedGang::texture;
    code.access = TranslatedGang::access;
    code.segment = TranslatedGang::segment;
    code.meet = acc_model_meet;
    code.wait = TranslatedGang::wait;
    code.warp_operation = TranslatedGang::warp_operation;
    code.exit_lanes = TranslatedGang::exit_lanes;
    code.poll = TranslatedGang::poll;
    code.hand_over = TranslatedGang::hand_over;
    // Here, where a launch that cannot have its memory is refused.
    if (of.translation->stacks == Stacks::One) fiber.reserve();
    code_warps.resize(count);
    for (size_t i = 0; i < count; ++i) {
        all[i]->configure(&block.gangs[i], this, i);
        code_warps[i] = all[i]->code();
    }
}

void BlockInCode::start(const BlockState& block) {
    // Each by itself, as they have just been stored: a load of two of them would wait until the
    // stores of the block before are in memory.
    const volatile uint32_t* index = block.index;
    for (int i = 0; i < 3; ++i)
        code.index[i] = index[i];
    code.compute_unit = block.compute_unit;
    turn = 1;
    waiting = hops = 0;
    live = block.live_threads;
    apart = mixed = false;
}

void TranslatedGang::configure(Gang* g, BlockInCode* block, size_t index) {
    gang_ = g;
    block_ = block;
    index_ = index;
    const size_t width = translation().warps, first = index / width * width;
    leader_ = block->warps[first].get();
    next_ = block->warps[(first + width) % block->num_warps].get();
    TranslatedWarp& w = warp_;
    w.local = g->local;
    w.registers = g->regs + register_offset(0);
    w.predicates = g->pred[0];
    w.thread_index = g->block->tid[g->first_warp][0];
    w.number = g->first_warp;
    w.fuel = kFuel;
    active_ = false;
    if (translation().stacks == Stacks::Each && leader_ == this) fiber_.reserve();
}

void TranslatedGang::start() {
    active_ = leader_ == this;
    if (!active_) gang_->running = false;
    started_ = failed_ = parked_ = spins_ = false;
    meeting_turn_ = 0;
    rounds_ = 0;
    warp_.live = gang_->live[0];
    if (index_ + 1 == leader_->index_ + translation().warps) leader_->count_live();
}

void TranslatedGang::count_live() {
    live_ = 0;
    for (const auto& warp : warps())
        live_ += static_cast<uint32_t>(std::popcount(warp->warp_.live));
}

void TranslatedGang::enter(void* self) {
    auto& t = *static_cast<TranslatedGang*>(self);
    BlockInCode& block = *t.block_;
    if (t.translation().code_entry(&block.code, &block.code_warps[t.index_], 1) == kContinue) {
        t.active_ = false;
        t.ended();
        return;
    }
    t.active_ = false;
    for (const auto& warp : t.warps()) {
        warp->gang_->running = false;
        warp->gang_->exit = Exit::Slice;
    }
    t.count_hand_over();
}

/// A fault, which the gang has, or the end of the dispatch: the code's stack is given up.
void TranslatedGang::leave() {
    leader_->failed_ = true;
    leader_->gang_->exit = gang_->exit;
    if (translation().stacks == Stacks::None) come_back(block_->return_point);
    stack().leave();
}

/// For some time in translated code.
void TranslatedGang::prepare(uint32_t fuel) {
    warp_.fuel = fuel;
    gang_->exit = Exit::Slice;
    if (started_) return;
    started_ = true;
    fiber_.start(enter, this, warp_.number);
}

int64_t TranslatedGang::turn(int64_t budget) {
    if (leader_ != this) return leader_->turn(budget);
    if (failed_) return kLeastUsed; // the gang says why
    // Who has gone round a loop that may wait for others had better ask them soon.
    const int64_t most = spins_ ? kSpinFuel : 1 << 30;
    const auto fuel = static_cast<uint32_t>(std::clamp(budget, kLeastUsed, most));
    spins_ = false;
    prepare(fuel);
    const bool goes_on = !fiber_.resume() && gang_->running && !meets();
    spins_ = spins_ && goes_on;
    return !goes_on ? kLeastUsed : spins_ ? kSpinCost : fuel;
}

/// The threads that are left have ended.
void TranslatedGang::ended() {
    for (const auto& warp : warps()) {
        Gang* g = warp->gang_;
        if (g->live[0]) exit_lanes(&warp->warp_, g->live[0]);
        g->running = false;
        g->exit = Exit::Blocked;
    }
}

/// For an instruction that waits for nobody.
void TranslatedGang::run_alone(const OneOp& one, uint32_t mask) {
    run_op(one, mask);
    if (leader_ != this) gang_->running = false; // the scheduler knows of the leader only
}

void TranslatedGang::run_op(const OneOp& one, uint32_t mask) {
    Gang* g = gang_;
    g->mask[0] = mask;
    g->mode = mask != ~0u;
    g->stop = nullptr;
    g->exit = Exit::Slice;
    g->running = true;
    block_->kernel->variant->run_one(g, one.code.data());
    if (g->exit == Exit::Fault) leave();
}

/// An instruction that may park its threads: returns when they can go on.
void TranslatedGang::run_and_wait(const OneOp& one, uint32_t mask) {
    block_->mixed = true;
    run_op(one, mask);
    while (!gang_->running) {
        parked_ = true;
        fiber_.suspend();
        if (stopping()) leave();
    }
    parked_ = false;
    if (leader_ != this) gang_->running = false;
}

void TranslatedGang::execute(TranslatedWarp* w, uint32_t place, uint32_t mask) {
    if (mask == 0) return;
    TranslatedGang& t = of(w);
    const OneOp& one = t.op(place);
    if (t.block_->counts) t.block_->counts->executed(one.op().pc, one.op().opcode);
    t.run_alone(one, mask);
}

void TranslatedGang::texture(TranslatedWarp* w, uint32_t place, uint32_t mask, uint64_t image,
                             uint32_t wanted) {
    TranslatedGang& t = of(w);
    const Op& op = t.op(place).op();
    if (mask == ~0u && t.block_->kernel->variant->fetch(t.gang_, &op, image, wanted)) return;
    auto* rows = reinterpret_cast<uint32_t*>(t.gang_->regs + op.a);
    std::fill_n(rows, kLanes, static_cast<uint32_t>(image));
    std::fill_n(rows + kLanes, kLanes, static_cast<uint32_t>(image >> 32));
    execute(w, place, mask);
}

void TranslatedGang::access(TranslatedWarp* w, uint32_t place, uint32_t mask, uint64_t a,
                            uint64_t b, uint64_t c) {
    if (mask == 0) return;
    TranslatedGang& t = of(w);
    const OneOp& one = t.op(place);
    if (t.block_->counts) t.block_->counts->accessed(one.op().pc, one.op().opcode);
    const uint64_t bases[kMaxRowSources] = {a, b, c};
    const std::vector<RowSource>& sources = t.at(place).sources;
    for (size_t i = 0; i < sources.size(); ++i)
        t.fill_rows(sources[i], bases[i], mask);
    // Before: the instruction may overwrite the registers of its address.
    t.find_range(one.op(), place, mask);
    t.run_alone(one, mask);
}

/// What a value that is a base and steps is for a lane.
static uint64_t lane_value(uint64_t base, const int64_t* step, unsigned lane) {
    for (; lane; lane &= lane - 1)
        base += static_cast<uint64_t>(step[std::countr_zero(lane)]);
    return base;
}

/// Of the lanes of `mask`. The base is that of the gang.
void TranslatedGang::fill_rows(const RowSource& source, uint64_t base, uint32_t mask) {
    auto* low = reinterpret_cast<uint32_t*>(gang_->regs + register_offset(source.reg));
    const auto first = static_cast<unsigned>(index_ - leader_->index_) * kLanes;
    for (; mask; mask &= mask - 1) {
        const auto lane = static_cast<unsigned>(std::countr_zero(mask));
        const uint64_t value = lane_value(base, source.step, first + lane);
        low[lane] = static_cast<uint32_t>(value);
        if (source.bits == 64) low[kLanes + lane] = static_cast<uint32_t>(value >> 32);
    }
}

void TranslatedGang::segment(TranslatedWarp* w, uint32_t place) {
    TranslatedGang& t = of(w);
    const TranslatedPlace& p = t.at(place);
    const TranslatedBlock& code = t.block_->code;
    const OneOp& one = t.op(place);
    if (t.block_->counts) t.block_->counts->accessed(one.op().pc, one.op().opcode);
    for (size_t i = 0; i < p.ranges.size(); ++i)
        t.find_range(code.bases[p.sources.size() + i],
                     t.at(p.ranges[i]).writes ? kPermWrite : kPermRead, p.ranges[i]);
    for (const auto& warp : t.warps()) {
        const uint32_t mask = code.masks[warp->index_ - t.index_];
        if (mask == 0) continue;
        for (size_t i = 0; i < p.sources.size(); ++i)
            warp->fill_rows(p.sources[i], code.bases[i], mask);
        warp->run_alone(one, mask);
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
    find_range(va,
               static_cast<uint8_t>((row->has(isa::kMayLoad) ? kPermRead : 0) |
                                    (row->has(isa::kMayStore) ? kPermWrite : 0)),
               place);
}

void TranslatedGang::find_range(uint64_t address, uint8_t need, uint32_t place) {
    const uint64_t offset = address - gang_->vm_base;
    if (offset >= gang_->vm_bytes) return;
    const TranslatedPlace& p = at(place);
    AccessRange& range = block_->code.ranges[place];
    if ((address - range.low) >> p.shift < range.starts) { // it was not this one's fault
        find_indices(p, range);
        return;
    }
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
    const uint64_t bytes = (last - first + 1) << ACC_PAGE_SHIFT;
    range.low = gang_->vm_base + (first << ACC_PAGE_SHIFT);
    range.starts = bytes < p.bytes ? 0 : ((bytes - p.bytes) >> p.shift) + 1;
    find_indices(p, range);
}

/// The indices with which the place's address is in the range.
void TranslatedGang::find_indices(const TranslatedPlace& p, AccessRange& range) {
    if (!p.indexed) return;
    range.count = 0;
    // A base so far away that differences overflow is not what the range was found for.
    const auto first = static_cast<int64_t>(range.low - range.base);
    constexpr int64_t kFar = INT64_C(1) << 62;
    if (range.starts == 0 || first < -kFar || first > kFar) return;
    if (range.base % (UINT64_C(1) << p.shift)) return; // misaligned
    const int64_t last = first + static_cast<int64_t>((range.starts - 1) << p.shift);
    // To whole indices: the least one rounds up.
    const int64_t up = (INT64_C(1) << p.scale) - 1;
    const int64_t least = std::max<int64_t>((first + up) >> p.scale,
                                            p.index_signed ? INT32_MIN : 0);
    const int64_t most = std::min<int64_t>(last >> p.scale, INT32_MAX);
    if (least > most) return;
    range.from = static_cast<uint32_t>(least);
    range.count = static_cast<uint32_t>(std::min<int64_t>(most - least + 1, UINT32_MAX));
}

namespace {
constexpr uint32_t kHops = 256;
}

bool TranslatedGang::can_meet(const OneOp& one) const {
    const BlockInCode& m = *block_;
    return one.meeting >= 0 && !m.apart && (m.waiting == 0 || m.number == one.meeting) &&
           (!m.mixed || !gang_->block->barriers[one.meeting].in_use);
}

/// A meeting of all warps in translated code. False: the interpreter's barrier is to be used.
bool TranslatedGang::join_meeting(const OneOp& one) {
    BlockInCode& m = *block_;
    if (!can_meet(one)) return false;
    m.number = one.meeting;
    m.waiting += live_;
    gang_->current = &one.op();
    const auto next = [&] { return static_cast<size_t>(next_->gang_ - gang_->block->gangs); };
    meeting_turn_ = m.turn;
    if (m.waiting == m.live) { // the last: on from the first warp, as the interpreter would
        m.waiting = 0;
        ++m.turn;
        if (next() != 0) {
            pass_on(0);
            return true;
        }
    }
    if (next_->started_ && next_->may_run() && next_ != this && ++m.hops < kHops)
        fiber_.switch_to(next_->fiber_);
    else if (next_ != this)
        pass_on(next());
    while (meeting_turn_ == m.turn && !m.apart) {
        if (stopping()) leave();
        pass_on(next());
    }
    // Otherwise it was broken up: the barrier is the interpreter's now.
    return meeting_turn_ != m.turn;
}

/// This warp waits: the next that can run goes on, from warp `from`; when there is none, or the
/// scheduler has not been asked for long, the scheduler.
void TranslatedGang::pass_on(size_t from) {
    BlockInCode& m = *block_;
    if (++m.hops < kHops)
        for (size_t i = 0; i < m.num_warps; ++i) {
            TranslatedGang& next = *m.warps[from];
            if (++from == m.num_warps) from = 0;
            if (&next == this || !next.may_run()) continue;
            if (!next.started_) next.prepare(kFuel);
            fiber_.switch_to(next.fiber_);
            return;
        }
    m.hops = 0;
    fiber_.suspend();
}

/// The same of all threads of a gang of several warps. While it waits the scheduler knows of each.
void TranslatedGang::wait_together(const OneOp& one) {
    block_->mixed = true;
    for (const auto& warp : warps()) {
        const uint32_t live = warp->warp_.live;
        warp->gang_->running = live == 0;
        if (live) warp->run_op(one, live);
    }
    const auto waits = [](const auto& warp) { return !warp->gang_->running; };
    while (std::any_of(warps().begin(), warps().end(), waits)) {
        for (const auto& warp : warps())
            warp->active_ = warp->parked_ = true;
        fiber_.suspend();
        if (stopping()) leave();
    }
    for (const auto& warp : warps()) {
        warp->active_ = warp->gang_->running = warp.get() == this;
        warp->parked_ = false;
    }
}

void TranslatedGang::meet(TranslatedWarp* w, uint32_t place) {
    TranslatedGang& t = of(w);
    const OneOp& one = t.op(place);
    if (t.join_meeting(one)) return;
    if (t.translation().warps > 1)
        t.wait_together(one);
    else
        t.run_and_wait(one, w->live);
}

uint32_t TranslatedGang::wait(TranslatedWarp* w, uint32_t place, uint32_t mask) {
    if (mask == 0) return kContinue;
    TranslatedGang& t = of(w);
    if (mask != w->live) return t.refuse(HandOver::Barrier);
    const OneOp& one = t.op(place);
    if (!t.join_meeting(one)) t.run_and_wait(one, mask);
    return kContinue;
}

uint32_t TranslatedGang::warp_operation(TranslatedWarp* w, uint32_t place, uint32_t mask) {
    if (mask == 0) return kContinue;
    TranslatedGang& t = of(w);
    const OneOp& one = t.op(place);
    const isa::RowInfo* row = isa::find_row(one.op().opcode);
    const bool has_members = row->opcode < isa::Opcode::LDMATRIX1;
    if (!has_members && mask != w->live) return t.refuse(HandOver::WarpOperation);
    for (uint32_t left = has_members ? mask : 0; left; left &= left - 1) {
        const auto l = static_cast<unsigned>(std::countr_zero(left));
        const uint32_t members = one.op().flags & kOpImmC ? static_cast<uint32_t>(one.op().imm)
                                                          : reinterpret_cast<const uint32_t*>(
                                                                t.gang_->regs + one.op().c)[l];
        if (members & w->live & ~mask) return t.refuse(HandOver::WarpOperation);
        if (one.op().flags & kOpImmC) break;
    }
    if (t.block_->counts) t.block_->counts->executed(one.op().pc, one.op().opcode);
    t.run_and_wait(one, mask);
    return kContinue;
}

void TranslatedGang::exit_lanes(TranslatedWarp* w, uint32_t mask) {
    TranslatedGang& t = of(w);
    Gang* g = t.gang_;
    mask &= g->live[0];
    g->live[0] &= ~mask;
    g->mask[0] &= ~mask;
    w->live = g->live[0];
    t.leader_->count_live();
    g->block->live_threads -= static_cast<uint32_t>(std::popcount(mask));
    g->block->wake_scan = true;
    BlockInCode& m = *t.block_;
    m.live = g->block->live_threads;
    if (m.waiting && m.waiting == m.live) { // the others need not wait for these
        m.waiting = 0;
        ++m.turn;
    }
}

uint32_t TranslatedGang::poll(TranslatedWarp* w, uint64_t pc, uint32_t how) {
    TranslatedGang& t = of(w);
    Gang* g = t.gang_;
    if (t.stopping()) t.leave();
    t.spins_ = (how & kPollSpins) != 0;
    // What is not likely to wait for another thread has about a hundredth of a second.
    constexpr uint32_t kPatience = 256;
    if (!(how & kPollTogether) && (!(how & kPollPatient) || ++t.rounds_ > kPatience))
        return t.refuse(HandOver::Loop);
    g->current = fetch(g->block, g->block->launch->entry + pc);
    g->mask[0] = w->live;
    g->exit = Exit::Slice;
    if (t.block_->kernel->translation->stacks == Stacks::One) {
        w->fuel = kFuel;
        for (size_t i = 0; i < t.block_->num_warps; ++i) // for whoever asks where the block is
            t.block_->warps[i]->gang_->running = false;
    }
    g->running = true;
    t.stack().suspend();
    if (t.stopping()) t.leave();
    return kContinue;
}

uint32_t TranslatedGang::refuse(HandOver why) {
    leader_->refused_ = why;
    return kHandOver;
}

void TranslatedGang::count_hand_over() {
    const uint64_t pc = left_at_.value_or(0);
    const std::optional<isa::Word> word = block_->counts ? read_code(*gang_->block->launch->vm, pc)
                                                         : std::nullopt;
    const auto opcode = word ? static_cast<uint16_t>(isa::get(*word, isa::Field::opcode))
                             : uint16_t{0};
    const isa::RowInfo* row = word ? isa::find_row(opcode) : nullptr;
    const auto by_instruction = [&] {
        if (!row) return HandOver::NoInstruction;
        switch (row->opcode) {
        case isa::Opcode::BRX:
        case isa::Opcode::CALL:
        case isa::Opcode::CALLX:
        case isa::Opcode::RET: return HandOver::Call;
        case isa::Opcode::BRK: return HandOver::NoInstruction;
        default: return HandOver::Address;
        }
    };
    if (block_->counts)
        block_->counts->handed_over(refused_ ? *refused_ : by_instruction(), pc, opcode);
    refused_.reset();
    left_at_.reset();
}

void TranslatedGang::hand_over(TranslatedWarp* w, uint32_t place) {
    TranslatedGang& t = of(w);
    BlockInCode& block = *t.block_;
    const TranslatedPlace& p = t.at(place);
    const uint64_t pc = p.pc + t.gang_->block->launch->entry;
    block.apart = true;
    block.waiting = 0;
    if (!t.left_at_) t.left_at_ = pc;
    for (const auto& warp : t.warps()) {
        const uint32_t mask = block.code.masks[warp->index_ - t.index_] & warp->warp_.live;
        if (mask == 0) continue;
        for (size_t i = 0; i < p.sources.size(); ++i)
            warp->fill_rows(p.sources[i], block.code.bases[i], mask);
        Gang* g = warp->gang_;
        alignas(32) const uint32_t lanes[kMaxWarps] = {mask};
        park_ready(g, fetch(g->block, pc), lanes, 0, 0);
    }
}

void WarpSequence::clear() {
    block_ = nullptr;
    state_ = State::Idle;
    clean_ = false;
}

void WarpSequence::configure(BlockInCode* block) {
    block_ = block;
    clean_ = false;
    warps_ = block->code_warps;
}

void WarpSequence::start(BlockState& state) {
    block_->start(state);
    if (!clean_ || block_->code.lanes_ended) restore_lanes(state);
    clean_ = true;
    state_ = State::Running;
    next_ = 0;
    begun_ = finished_ = false;
    handed_over_.clear();
}

/// Every thread of the block is there.
void WarpSequence::restore_lanes(BlockState& state) {
    uint32_t threads = state.launch->threads;
    for (size_t i = 0; i < warps_.size(); ++i) {
        Gang& g = block_->warps[i]->gang();
        warps_[i]->live = g.live[0] = g.mask[0] = threads >= kLanes ? ~0u : (1u << threads) - 1;
        threads -= std::min<uint32_t>(threads, kLanes);
        g.running = false;
    }
    block_->code.lanes_ended = false;
    state.wake_scan = false;
}

/// On the block's stack.
void WarpSequence::enter(void* self) {
    auto& s = *static_cast<WarpSequence*>(self);
    while (s.next_ < s.warps_.size()) {
        const Translation& translation = *s.block_->kernel->translation;
        const size_t width = translation.warps;
        const auto count = static_cast<uint32_t>((s.warps_.size() - s.next_) / width);
        if (translation.code_entry(&s.block_->code, &s.warps_[s.next_], count) == kContinue) break;
        s.next_ += s.block_->code.position * width;
        s.block_->warps[s.next_]->count_hand_over();
        for (size_t i = 0; i < width; ++i)
            s.handed_over_.push_back(s.next_++);
    }
    s.finished_ = true;
}

void WarpSequence::run(BlockState& state, int64_t budget, int64_t& used) {
    used = std::min<int64_t>(budget, kFuel);
    if (block_->kernel->translation->stacks == Stacks::None) {
        call_with_return(block_->return_point, enter, this);
    } else {
        if (!begun_) block_->fiber.start(enter, this);
        begun_ = true;
        if (!block_->fiber.resume()) return;
    }
    if (!finished_) {
        state_ = State::Left;
        clean_ = false;
    } else if (handed_over_.empty()) {
        state_ = State::Ended;
    } else {
        leave_to_interpreter(state);
    }
}

/// The threads that are left are those of warps that have been handed over.
void WarpSequence::leave_to_interpreter(BlockState& state) {
    state_ = State::HandedOver;
    clean_ = false;
    std::vector<bool> left(warps_.size());
    for (size_t i : handed_over_)
        left[i] = true;
    state.live_threads = 0;
    for (size_t i = 0; i < warps_.size(); ++i) {
        Gang& g = block_->warps[i]->gang();
        g.live[0] = left[i] ? warps_[i]->live : 0;
        g.mask[0] = 0;
        g.running = false;
        g.exit = Exit::Slice;
        state.live_threads += static_cast<uint32_t>(std::popcount(g.live[0]));
    }
    state.wake_scan = true;
}

} // namespace acc::model::interp
