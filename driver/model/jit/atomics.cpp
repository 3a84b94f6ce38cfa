// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Atomics of 32 and 64 bits, lane after lane as the interpreter serves them: in global memory by
// the host's atomics, in shared memory, which is one host thread's, by reading and writing. Where
// nobody wants the old value and all lanes have one address, once for all.
#include <llvm/Analysis/VectorUtils.h>
#include <llvm/IR/Intrinsics.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;

namespace {

enum class AtomicKind {
    Add,
    And,
    Or,
    Xor,
    Exchange,
    MinS,
    MinU,
    MaxS,
    MaxU,
    AddFloat,
    CompareSwap
};

/// From the mnemonic: atom.SPACE.OPERATION.TYPE.
std::optional<AtomicKind> kind_of(std::string_view mnemonic) {
    const size_t type = mnemonic.rfind('.'), operation = mnemonic.rfind('.', type - 1);
    const std::string_view name = mnemonic.substr(operation + 1);
    static constexpr std::pair<std::string_view, AtomicKind> kKinds[] = {
        {"add.b32", AtomicKind::Add},         {"add.b64", AtomicKind::Add},
        {"and.b32", AtomicKind::And},         {"and.b64", AtomicKind::And},
        {"or.b32", AtomicKind::Or},           {"or.b64", AtomicKind::Or},
        {"xor.b32", AtomicKind::Xor},         {"xor.b64", AtomicKind::Xor},
        {"exch.b32", AtomicKind::Exchange},   {"exch.b64", AtomicKind::Exchange},
        {"min.s32", AtomicKind::MinS},        {"min.s64", AtomicKind::MinS},
        {"min.u32", AtomicKind::MinU},        {"min.u64", AtomicKind::MinU},
        {"max.s32", AtomicKind::MaxS},        {"max.s64", AtomicKind::MaxS},
        {"max.u32", AtomicKind::MaxU},        {"max.u64", AtomicKind::MaxU},
        {"add.f32", AtomicKind::AddFloat},    {"add.f64", AtomicKind::AddFloat},
        {"cas.b32", AtomicKind::CompareSwap}, {"cas.b64", AtomicKind::CompareSwap}};
    for (const auto& [text, kind] : kKinds)
        if (name == text) return kind;
    return std::nullopt;
}

AtomicRMWInst::BinOp host_operation(AtomicKind kind) {
    switch (kind) {
    case AtomicKind::Add: return AtomicRMWInst::Add;
    case AtomicKind::And: return AtomicRMWInst::And;
    case AtomicKind::Or: return AtomicRMWInst::Or;
    case AtomicKind::Xor: return AtomicRMWInst::Xor;
    case AtomicKind::MinS: return AtomicRMWInst::Min;
    case AtomicKind::MinU: return AtomicRMWInst::UMin;
    case AtomicKind::MaxS: return AtomicRMWInst::Max;
    case AtomicKind::MaxU: return AtomicRMWInst::UMax;
    default: return AtomicRMWInst::Xchg;
    }
}

Intrinsic::ID reduction(AtomicKind kind) {
    switch (kind) {
    case AtomicKind::Add: return Intrinsic::vector_reduce_add;
    case AtomicKind::And: return Intrinsic::vector_reduce_and;
    case AtomicKind::Or: return Intrinsic::vector_reduce_or;
    case AtomicKind::Xor: return Intrinsic::vector_reduce_xor;
    case AtomicKind::MinS: return Intrinsic::vector_reduce_smin;
    case AtomicKind::MinU: return Intrinsic::vector_reduce_umin;
    case AtomicKind::MaxS: return Intrinsic::vector_reduce_smax;
    case AtomicKind::MaxU: return Intrinsic::vector_reduce_umax;
    default: return Intrinsic::not_intrinsic;
    }
}

/// What lanes that take no part add to a reduction.
uint64_t neutral(AtomicKind kind, unsigned bits) {
    const uint64_t all = isa::low_bits(bits), sign = 1ull << (bits - 1);
    switch (kind) {
    case AtomicKind::And:
    case AtomicKind::MinU: return all;
    case AtomicKind::MinS: return all ^ sign;
    case AtomicKind::MaxS: return sign;
    default: return 0;
    }
}

} // namespace

struct Emitter::Atomic {
    AtomicKind kind;
    bool shared;
    unsigned bits;
    bool wants_old;
};

/// What memory holds afterwards.
Emitter::IR Emitter::updated(const Atomic& atomic, IR old, IR b, IR c) {
    switch (atomic.kind) {
    case AtomicKind::Add: return ir_.CreateAdd(old, c);
    case AtomicKind::And: return ir_.CreateAnd(old, c);
    case AtomicKind::Or: return ir_.CreateOr(old, c);
    case AtomicKind::Xor: return ir_.CreateXor(old, c);
    case AtomicKind::Exchange: return c;
    case AtomicKind::MinS: return ir_.CreateBinaryIntrinsic(Intrinsic::smin, old, c);
    case AtomicKind::MinU: return ir_.CreateBinaryIntrinsic(Intrinsic::umin, old, c);
    case AtomicKind::MaxS: return ir_.CreateBinaryIntrinsic(Intrinsic::smax, old, c);
    case AtomicKind::MaxU: return ir_.CreateBinaryIntrinsic(Intrinsic::umax, old, c);
    case AtomicKind::CompareSwap: return ir_.CreateSelect(ir_.CreateICmpEQ(old, b), c, old);
    case AtomicKind::AddFloat: {
        IR sum = ir_.CreateFAdd(as_float(old, atomic.bits), as_float(c, atomic.bits));
        Value v = uniform(atomic.bits, as_int(sum, atomic.bits));
        v.raw = true;
        return canonical(v).v;
    }
    }
    return nullptr;
}

/// One lane's; returns the old value.
Emitter::IR Emitter::update(const Atomic& atomic, IR p, IR b, IR c) {
    const Align align(atomic.bits / 8);
    llvm::Type* t = type(atomic.bits, false);
    if (atomic.shared) {
        IR old = ir_.CreateAlignedLoad(t, p, align);
        ir_.CreateAlignedStore(updated(atomic, old, b, c), p, align);
        return old;
    }
    constexpr auto order = AtomicOrdering::SequentiallyConsistent;
    if (atomic.kind == AtomicKind::CompareSwap)
        return ir_.CreateExtractValue(ir_.CreateAtomicCmpXchg(p, b, c, align, order, order), 0);
    if (atomic.kind != AtomicKind::AddFloat)
        return ir_.CreateAtomicRMW(host_operation(atomic.kind), p, c, align, order);
    llvm::BasicBlock *before = ir_.GetInsertBlock(), *again = block("again"), *done = block("done");
    LoadInst* first = ir_.CreateAlignedLoad(t, p, align);
    first->setAtomic(AtomicOrdering::Monotonic);
    ir_.CreateBr(again);
    ir_.SetInsertPoint(again);
    PHINode* old = ir_.CreatePHI(t, 2);
    old->addIncoming(first, before);
    IR pair = ir_.CreateAtomicCmpXchg(p, old, updated(atomic, old, b, c), align, order, order);
    old->addIncoming(ir_.CreateExtractValue(pair, 0), again);
    ir_.CreateCondBr(ir_.CreateExtractValue(pair, 1), done, again);
    ir_.SetInsertPoint(done);
    return old;
}

/// A loop over all lanes, several in a turn, by their 64-bit numbers.
void Emitter::for_all_lanes(const std::function<void(IR)>& body) {
    constexpr unsigned kInTurn = 8;
    llvm::BasicBlock *before = ir_.GetInsertBlock(), *loop = block("all_lanes"),
                     *done = block("all");
    ir_.CreateBr(loop);
    ir_.SetInsertPoint(loop);
    PHINode* first = ir_.CreatePHI(type(64, false), 2);
    first->addIncoming(ir_.getInt64(0), before);
    for (unsigned i = 0; i < kInTurn; ++i)
        body(ir_.CreateOr(first, ir_.getInt64(i)));
    IR next = ir_.CreateAdd(first, ir_.getInt64(kInTurn));
    first->addIncoming(next, ir_.GetInsertBlock());
    ir_.CreateCondBr(ir_.CreateICmpULT(next, ir_.getInt64(lanes_)), loop, done);
    ir_.SetInsertPoint(done);
}

/// A loop over the lanes of the mask, by their 64-bit numbers.
void Emitter::for_lanes(IR mask, const std::function<void(IR)>& body) {
    IR words = in_frame(ArrayType::get(ir_.getInt32Ty(), warps_), 4);
    const auto word = [&](IR p) { return ir_.CreateGEP(ir_.getInt32Ty(), words, p); };
    for (unsigned p = 0; p < warps_; ++p)
        ir_.CreateStore(part_bits(mask, p), word(ir_.getInt64(p)));
    llvm::BasicBlock *before = ir_.GetInsertBlock(), *warps = block("warps"),
                     *loop = block("lanes"), *next = block("next_warp"), *done = block("all");
    ir_.CreateBr(warps);
    ir_.SetInsertPoint(warps);
    PHINode* p = ir_.CreatePHI(type(64, false), 2);
    p->addIncoming(ir_.getInt64(0), before);
    IR some = ir_.CreateLoad(ir_.getInt32Ty(), word(p)), first = ir_.CreateShl(p, kWarpBits);
    ir_.CreateCondBr(ir_.CreateIsNotNull(some), loop, next);
    ir_.SetInsertPoint(loop);
    PHINode* left = ir_.CreatePHI(ir_.getInt32Ty(), 2);
    left->addIncoming(some, warps);
    IR lane = ir_.CreateBinaryIntrinsic(Intrinsic::cttz, left, ir_.getTrue());
    body(ir_.CreateOr(first, ir_.CreateZExt(lane, type(64, false))));
    IR rest = ir_.CreateAnd(left, ir_.CreateSub(left, constant(32, 1)));
    left->addIncoming(rest, ir_.GetInsertBlock());
    ir_.CreateCondBr(ir_.CreateIsNotNull(rest), loop, next);
    ir_.SetInsertPoint(next);
    IR following = ir_.CreateAdd(p, ir_.getInt64(1));
    p->addIncoming(following, next);
    ir_.CreateCondBr(ir_.CreateICmpULT(following, ir_.getInt64(warps_)), warps, done);
    ir_.SetInsertPoint(done);
}

/// Lane after lane, of the mask (null: all). Returns the old values, when they are wanted.
Emitter::IR Emitter::update_lanes(const Atomic& atomic, IR addresses, IR b, IR c, IR lanes,
                                  const Way& way) {
    if (one_thread_) {
        const auto first = [&](IR x) {
            return x ? ir_.CreateExtractElement(x, uint64_t{0}) : nullptr;
        };
        IR old = update(atomic, host_pointer(way, first(addresses)), first(b), first(c));
        return atomic.wants_old ? splat(old) : nullptr;
    }
    const unsigned bits = atomic.bits;
    llvm::Type *at_row = addresses->getType(), *row = type(bits, true);
    const auto kept = [&](IR x) {
        IR room = in_frame(x->getType(), 128);
        ir_.CreateAlignedStore(x, room, Align(128));
        return room;
    };
    IR b_alike = b ? getSplatValue(b) : nullptr, c_alike = getSplatValue(c);
    IR at_room = kept(addresses), c_room = c_alike ? nullptr : kept(c),
       b_room = b && !b_alike ? kept(b) : nullptr,
       old_room = atomic.wants_old ? kept(Constant::getNullValue(row)) : nullptr;
    const auto update_lane = [&](IR lane) {
        const auto of_lane = [&](IR room, llvm::Type* r) {
            llvm::Type* element = r->getScalarType();
            return ir_.CreateLoad(element, ir_.CreateGEP(element, room, lane));
        };
        IR p = host_pointer(way, of_lane(at_room, at_row));
        IR old = update(atomic, p, b_room ? of_lane(b_room, row) : b_alike,
                        c_room ? of_lane(c_room, row) : c_alike);
        if (old_room) ir_.CreateStore(old, ir_.CreateGEP(type(bits, false), old_room, lane));
    };
    if (!atomic.shared) { // the host's atomics take longer than to find the next lane
        for_lanes(lanes ? lanes : all_lanes(), update_lane);
    } else if (!lanes) {
        for_all_lanes(update_lane);
    } else {
        llvm::BasicBlock *whole = block("whole"), *part = block("part"), *done = block("each");
        ir_.CreateCondBr(any(ir_.CreateNot(lanes)), part, whole);
        ir_.SetInsertPoint(whole);
        for_all_lanes(update_lane);
        ir_.CreateBr(done);
        ir_.SetInsertPoint(part);
        for_lanes(lanes, update_lane);
        ir_.CreateBr(done);
        ir_.SetInsertPoint(done);
    }
    return old_room ? ir_.CreateAlignedLoad(row, old_room, Align(128)) : nullptr;
}

bool Emitter::emit_atomic(const Inst& inst) {
    const isa::RowInfo& row_info = *inst.row;
    const bool atomic_row = row_info.has(isa::kMayLoad) && row_info.has(isa::kMayStore) &&
                            std::string_view(row_info.mnemonic).starts_with("atom.");
    if (!atomic_row || (row_info.mem_bytes != 4 && row_info.mem_bytes != 8)) return false;
    const std::optional<AtomicKind> kind = kind_of(row_info.mnemonic);
    if (!kind || row_info.space == isa::Space::Local) return false;
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    const Atomic atomic{*kind, row_info.space == isa::Space::Shared, row_info.mem_bytes * 8u,
                        rd != isa::kZeroReg};
    Way way{inst, {}, row_info.mem_bytes, false, true, atomic.shared, false};
    const unsigned bits = atomic.shared ? 32 : 64;
    const Value offset = constant_value(
        bits, static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(inst.imm()))));
    way.at = add(source(inst, Field::ra, bits), offset, bits);
    const bool once = way.at.is_uniform() && !atomic.wants_old &&
                      reduction(*kind) != Intrinsic::not_intrinsic;
    if (!once) way.at = vector_value(bits, vector(way.at));
    const Value c = source(inst, Field::rc, atomic.bits);
    const bool swaps = *kind == AtomicKind::CompareSwap;
    const Value b = swaps ? source(inst, Field::rb, atomic.bits) : constant_value(atomic.bits, 0);
    const unsigned at_place = place(inst);
    IR old = nullptr;
    if (!dry_) {
        touch(inst);
        IR mask = effective_mask(inst);
        old = emit_atomic_ways(atomic, way, at_place, mask, once ? nullptr : vector(way.at),
                               swaps ? vector(b) : nullptr, vector(c));
    }
    if (atomic.wants_old) {
        const Value v = vector_value(atomic.bits, old);
        atomic.bits == 64 ? put64(rd, v) : put32(rd, v);
    }
    return true;
}

Emitter::IR Emitter::emit_atomic_ways(const Atomic& atomic, const Way& way, unsigned at_place,
                                      IR mask, IR addresses, IR b, IR c) {
    llvm::BasicBlock *some = block("some"), *fast = block("fast"), *slow = block("slow"),
                     *done = block("done");
    llvm::BasicBlock* from = ir_.GetInsertBlock();
    ir_.CreateCondBr(any(mask ? mask : all_lanes()), some, done);
    ir_.SetInsertPoint(some);
    branch_likely(may_go_fast(way, mask, at_place), fast, slow);
    ir_.SetInsertPoint(fast);
    IR quick = nullptr;
    if (addresses) {
        quick = update_lanes(atomic, addresses, b, c, mask, way);
    } else {
        IR rest = splat(constant(atomic.bits, neutral(atomic.kind, atomic.bits)));
        IR all = ir_.CreateUnaryIntrinsic(reduction(atomic.kind),
                                          mask ? ir_.CreateSelect(mask, c, rest) : c);
        update(atomic, host_pointer(way, way.at.v), nullptr, all);
    }
    llvm::BasicBlock* fast_end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(slow);
    call_access(way.inst, at_place, mask);
    const auto word = [&](unsigned i) {
        return load_row(static_cast<Reg>(way.inst.reg(Field::rd) + i));
    };
    IR exact = nullptr;
    if (atomic.wants_old) exact = word(0);
    if (atomic.wants_old && atomic.bits == 64) exact = joined(exact, word(1));
    llvm::BasicBlock* slow_end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(done);
    if (!atomic.wants_old) return nullptr;
    PHINode* phi = ir_.CreatePHI(quick->getType(), 3);
    phi->addIncoming(quick, fast_end);
    phi->addIncoming(exact, slow_end);
    phi->addIncoming(Constant::getNullValue(phi->getType()), from);
    return phi;
}

} // namespace acc::model::jit
