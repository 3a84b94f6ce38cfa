// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves, selections, special registers.
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;
using isa::SpecialReg;

/// Of warp p of the gang.
Emitter::IR Emitter::member(size_t offset, llvm::Type* t, bool constant, unsigned p) {
    return dry_ ? nullptr : load_member(warp_[p], offset, t, constant);
}

/// Of the block: all of them stay as they are.
Emitter::IR Emitter::block_member(size_t offset, llvm::Type* t) {
    return dry_ ? nullptr : load_member(function_->getArg(0), offset, t, true);
}

Emitter::IR Emitter::load_member(IR of, size_t offset, llvm::Type* t, bool constant) {
    LoadInst* load = ir_.CreateLoad(t, ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), of, offset));
    if (constant) load->setMetadata(LLVMContext::MD_invariant_load, MDNode::get(cx_, {}));
    return load;
}

/// Of the gang, in the block.
Emitter::IR Emitter::gang_number() {
    IR warp = member(offsetof(TranslatedWarp, number), type(32, false));
    return dry_ ? nullptr : ir_.CreateUDiv(warp, constant(32, warps_), "", true);
}

/// The block's size is a constant of the translation, so a thread's index is a function of its
/// lane and its gang's number.
Value Emitter::thread_index(unsigned dim) {
    const std::array<uint32_t, 3>& size = size_.block;
    const uint32_t below = dim == 0 ? 1 : dim == 1 ? size[0] : size[0] * size[1];
    if (size[dim] == 1) return constant_value(32, 0);
    if (one_thread_) {
        IR rows = member(offsetof(TranslatedWarp, thread_index), ir_.getPtrTy());
        Value v = uniform(32, nullptr);
        v.most = size[dim] - 1;
        if (!dry_)
            v.v = ir_.CreateLoad(type(32, false), at_lane(ir_.CreateConstInBoundsGEP1_64(
                                                      ir_.getInt32Ty(), rows, dim * kLanes)));
        return v;
    }
    IR gang = gang_number();
    const bool last = dim == 2 || (dim == 1 && size[2] == 1) ||
                      (dim == 0 && size[1] * size[2] == 1);
    const auto wrapped = [&](IR x) { // the index without what is above this dimension
        return last || dry_ ? x : ir_.CreateURem(x, constant(32, size[dim]));
    };
    if (below % lanes_ == 0) { // a gang lies in one row
        Value v = uniform(32, dry_ ? nullptr
                                   : wrapped(ir_.CreateUDiv(gang, constant(32, below / lanes_))));
        v.most = size[dim] - 1;
        return v;
    }
    Value v;
    v.bits = 32;
    v.kind = Kind::Linear;
    if (below == 1 && (last || size[dim] % lanes_ == 0)) { // consecutive lanes, consecutive indices
        for (unsigned i = 0; i < lane_bits_; ++i)
            v.step[i] = 1 << i;
        v.align = lanes_;
        if (size[dim] == lanes_) v.align = 0;
        v.most = v.align == 0 ? 0 : (size[dim] - 1) / lanes_ * lanes_;
        v.v = v.align == 0 ? constant(32, 0)
              : dry_ ? nullptr
                     : ir_.CreateMul(last ? gang
                                          : ir_.CreateURem(gang, constant(32, size[dim] / lanes_)),
                                     constant(32, lanes_));
        return v;
    }
    // Rows of a power of two within a warp: the index is some of the lane's bits.
    const auto power = [](uint32_t x) { return x && (x & (x - 1)) == 0; };
    if (power(below) && below < lanes_) {
        const uint32_t rows = lanes_ / below; // values of the index that a gang spans
        const bool fits = power(size[dim]) && size[dim] <= rows;
        if (fits || last || size[dim] % rows == 0) {
            for (unsigned i = 0; i < lane_bits_; ++i) {
                const uint32_t s = (1u << i) / below;
                v.step[i] = s < size[dim] || !fits ? s : 0;
            }
            v.align = fits ? 0 : rows;
            v.most = fits ? 0 : size[dim] - 1;
            v.v = fits   ? constant(32, 0)
                  : dry_ ? nullptr
                         : ir_.CreateMul(
                               last ? gang : ir_.CreateURem(gang, constant(32, size[dim] / rows)),
                               constant(32, rows));
            return v;
        }
    }
    v = vector_value(32, nullptr);
    if (!dry_) {
        SmallVector<IR, 8> parts;
        for (unsigned p = 0; p < warps_; ++p) {
            IR rows = member(offsetof(TranslatedWarp, thread_index), ir_.getPtrTy(), true, p);
            parts.push_back(ir_.CreateAlignedLoad(
                FixedVectorType::get(ir_.getInt32Ty(), kLanes),
                ir_.CreateConstInBoundsGEP1_64(ir_.getInt32Ty(), rows, dim * kLanes), Align(64)));
        }
        v.v = whole(parts);
    }
    return v;
}

namespace {
constexpr unsigned number(SpecialReg r) {
    return static_cast<unsigned>(r);
}
} // namespace

/// The lane masks of one thread that runs alone: eq, lt, le, gt, ge.
Value Emitter::lane_mask(unsigned which) {
    IR eq = ir_.CreateShl(constant(32, 1), lane_), lt = ir_.CreateSub(eq, constant(32, 1));
    IR le = ir_.CreateOr(eq, lt);
    IR masks[] = {eq, lt, le, ir_.CreateNot(le), ir_.CreateNot(lt)};
    return uniform(32, masks[which]);
}

Value Emitter::special_register(unsigned n) {
    const auto word = [&](size_t offset) {
        return uniform(32, block_member(offset, type(32, false)));
    };
    const auto wide = [&](size_t offset) {
        return uniform(64, block_member(offset, type(64, false)));
    };
    if (n < number(SpecialReg::ntid_x)) return thread_index(n);
    if (n < number(SpecialReg::ctaid_x))
        return constant_value(32, size_.block[n - number(SpecialReg::ntid_x)]);
    if (n < number(SpecialReg::nctaid_x))
        return word(offsetof(TranslatedBlock, index) + 4 * (n - number(SpecialReg::ctaid_x)));
    if (n < number(SpecialReg::laneid))
        return word(offsetof(TranslatedBlock, grid) + 4 * (n - number(SpecialReg::nctaid_x)));
    if (n >= number(SpecialReg::lanemask_eq) && n <= number(SpecialReg::lanemask_ge)) {
        Value v = vector_value(32, nullptr);
        if (dry_) return v;
        if (one_thread_) return lane_mask(n - number(SpecialReg::lanemask_eq));
        SmallVector<Constant*, kLanes> lanes;
        for (unsigned l = 0; l < lanes_; ++l) {
            const uint32_t eq = 1u << l % kLanes, lt = eq - 1;
            const uint32_t masks[] = {eq, lt, lt | eq, ~(lt | eq), ~lt};
            lanes.push_back(ir_.getInt32(masks[n - number(SpecialReg::lanemask_eq)]));
        }
        v.v = ConstantVector::get(lanes);
        return v;
    }
    switch (n) {
    case number(SpecialReg::laneid): {
        Value v;
        if (one_thread_) {
            v = uniform(32, lane_);
            v.most = kLanes - 1;
            return v;
        }
        v.kind = Kind::Linear;
        v.align = 0;
        v.most = 0;
        for (unsigned i = 0; i < kWarpBits; ++i)
            v.step[i] = 1 << i;
        v.v = constant(32, 0);
        return v;
    }
    case number(SpecialReg::warpid): {
        Value v = uniform(32, member(offsetof(TranslatedWarp, number), type(32, false)));
        if (warps_ > 1) v.kind = Kind::Linear;
        v.align = warps_;
        v.most = size_.threads / kLanes;
        for (unsigned i = kWarpBits; i < lane_bits_; ++i)
            v.step[i] = 1 << (i - kWarpBits);
        return v;
    }
    case number(SpecialReg::nwarpid):
    case number(SpecialReg::warpsize): return constant_value(32, 32);
    case number(SpecialReg::smid): return word(offsetof(TranslatedBlock, compute_unit));
    case number(SpecialReg::nsmid): return word(offsetof(TranslatedBlock, num_compute_units));
    case number(SpecialReg::gridid): return wide(offsetof(TranslatedBlock, grid_id));
    case number(SpecialReg::kernarg): {
        Value v = wide(offsetof(TranslatedBlock, kernarg));
        v.align = 16;
        v.parameter = 0;
        return v;
    }
    case number(SpecialReg::dyn_shared): return constant_value(32, size_.dyn_shared_offset);
    case number(SpecialReg::total_shared): return constant_value(32, size_.shared_bytes);
    case number(SpecialReg::local_size): return constant_value(32, size_.local_bytes);
    case number(SpecialReg::printf): return wide(offsetof(TranslatedBlock, printf_buffer));
    case number(SpecialReg::heap): return wide(offsetof(TranslatedBlock, heap));
    case number(SpecialReg::cooperative): return word(offsetof(TranslatedBlock, cooperative));
    default: {
        Value none;
        none.bits = 0; // the interpreter's: clocks and what is not known here
        return none;
    }
    }
}

/// The device address of what lies so far behind the kernel's entry.
Value Emitter::code_address(uint64_t pc) {
    Value v = uniform(64, nullptr);
    v.align = lowest_bit((program_.entry_offset + pc) | kPageBytes);
    if (!dry_)
        v.v = ir_.CreateAdd(block_member(offsetof(TranslatedBlock, entry), type(64, false)),
                            constant(64, pc));
    return v;
}

bool Emitter::emit_moves(const Inst& inst) {
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    switch (inst.op()) {
    case Opcode::NOP: return true;
    case Opcode::FENCE: // of any kind and scope, and whatever its guard says: the strongest
        if (!dry_) ir_.CreateFence(AtomicOrdering::SequentiallyConsistent);
        return true;
    case Opcode::CALL: // in line: only the return address is written
        put64(rd, code_address(inst.pc + isa::kWordBytes));
        return true;
    case Opcode::MOV: put32(rd, float_source(inst, Field::rb, 32)); return true;
    case Opcode::MOV64: put64(rd, settled(float_source(inst, Field::rb, 64))); return true;
    case Opcode::MOVI64:
        put64(rd, constant_value(64, isa::get(inst.word, Field::imm64)));
        return true;
    case Opcode::MOVSR:
    case Opcode::MOVSR64: {
        Value v = special_register(inst.imm());
        if (v.bits == 0) return false;
        if (inst.op() == Opcode::MOVSR64) {
            put64(rd, v.bits == 64 ? v : settled(extend(v, false)));
        } else {
            put32(rd, v.bits == 64 ? truncate(v) : v);
        }
        return true;
    }
    case Opcode::LEAPC:
        put64(rd, code_address(inst.pc + isa::kWordBytes +
                               static_cast<uint64_t>(
                                   static_cast<int64_t>(static_cast<int32_t>(inst.imm())))));
        return true;
    case Opcode::SEXT32: put64(rd, extend(source(inst, Field::ra, 32), true)); return true;
    case Opcode::ZEXT32: put64(rd, extend(source(inst, Field::ra, 32), false)); return true;
    case Opcode::SEXT8:
    case Opcode::SEXT16: {
        const unsigned up = inst.op() == Opcode::SEXT8 ? 24 : 16;
        const Value shifted = shift_left(source(inst, Field::ra, 32), up, 32);
        put32(rd, binary(Instruction::AShr, shifted, constant_value(32, up), 32));
        return true;
    }
    case Opcode::SELP:
        put32(rd, select(get_pred(inst.reg(Field::ps), isa::get(inst.word, Field::psneg)),
                         float_source(inst, Field::ra, 32), float_source(inst, Field::rb, 32)));
        return true;
    case Opcode::SELP64:
        put64(rd, select(get_pred(inst.reg(Field::ps), isa::get(inst.word, Field::psneg)),
                         float_source(inst, Field::ra, 64), float_source(inst, Field::rb, 64)));
        return true;
    case Opcode::PMOV:
        put_pred(inst.reg(Field::pd),
                 get_pred(inst.reg(Field::ps), isa::get(inst.word, Field::psneg)));
        return true;
    case Opcode::PLOP: {
        const Value p = get_pred(inst.reg(Field::ps), isa::get(inst.word, Field::psneg)),
                    q = get_pred(inst.reg(Field::pq), isa::get(inst.word, Field::pqneg));
        const unsigned how = isa::mods::PLOP::pop.get(inst.mods());
        const auto op = how == isa::mods::PLOP::pop_and  ? Instruction::And
                        : how == isa::mods::PLOP::pop_or ? Instruction::Or
                                                         : Instruction::Xor;
        const Value r = lift(1, {&p, &q},
                             [&](ArrayRef<IR> v) { return ir_.CreateBinOp(op, v[0], v[1]); });
        const Value inverse = lift(1, {&r}, [&](ArrayRef<IR> v) { return ir_.CreateNot(v[0]); });
        put_pred(inst.reg(Field::pd), r);
        put_pred(inst.reg(Field::pe), inverse);
        return true;
    }
    default: return false;
    }
}

} // namespace acc::model::jit
