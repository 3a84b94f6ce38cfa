// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer arithmetic, logic, moves: the instructions whose results keep a shape, and those that the
// host has as they are. All others are the interpreter's (Emitter::emit_generic).
#include <llvm/IR/Intrinsics.h>

#include <bit>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

namespace {

int64_t wrap(int64_t x, unsigned bits) {
    return bits == 32 ? static_cast<int32_t>(x) : x;
}
/// Power of two that divides the product of multiples of x and y.
uint64_t product_align(uint64_t x, uint64_t y, unsigned bits) {
    uint64_t r;
    if (x == 0 || y == 0) return 0;
    if (__builtin_mul_overflow(x, y, &r) || (bits == 32 && r >> 31)) return 1ull << (bits - 1);
    return r;
}

/// Sum or product of two bounds; ~0 when it does not fit `bits`.
uint64_t bound(uint64_t x, uint64_t y, bool product, unsigned bits) {
    uint64_t r;
    const bool over = product ? __builtin_mul_overflow(x, y, &r) : __builtin_add_overflow(x, y, &r);
    return over || x == ~0ull || y == ~0ull || (bits < 64 && r >> bits) ? ~0ull : r;
}

uint64_t fold(Instruction::BinaryOps op, uint64_t a, uint64_t b, unsigned bits) {
    const auto sa = bits == 32 ? static_cast<int64_t>(static_cast<int32_t>(a))
                               : static_cast<int64_t>(a);
    switch (op) {
    case Instruction::Add: return a + b;
    case Instruction::Sub: return a - b;
    case Instruction::Mul: return a * b;
    case Instruction::And: return a & b;
    case Instruction::Or: return a | b;
    case Instruction::Xor: return a ^ b;
    case Instruction::Shl: return a << b;
    case Instruction::LShr: return a >> b;
    default: return static_cast<uint64_t>(sa >> b);
    }
}

} // namespace

Value Emitter::source(const Inst& inst, Field f, unsigned bits) {
    for (const isa::OperandInfo& operand : inst.row->operands()) {
        if (operand.field != f || operand.kind != isa::OperandKind::Reg) continue;
        if (inst.form() == 0 || isa::imm_form(operand) != inst.form()) break;
        const uint64_t imm = inst.imm();
        switch (operand.imm) {
        case isa::ImmKind::SExt64:
            return constant_value(64, static_cast<uint64_t>(static_cast<int32_t>(inst.imm())));
        case isa::ImmKind::F64Hi: return constant_value(64, imm << 32);
        default: return constant_value(32, imm);
        }
    }
    const Reg r = static_cast<Reg>(inst.reg(f));
    return bits == 64 ? canonical(get64(r)) : get32(r);
}

/// As source, but a NaN in it may be any.
Value Emitter::float_source(const Inst& inst, Field f, unsigned bits) {
    const Reg r = static_cast<Reg>(inst.reg(f));
    bool is_register = true;
    for (const isa::OperandInfo& operand : inst.row->operands())
        if (operand.field == f && inst.form() && isa::imm_form(operand) == inst.form())
            is_register = false;
    if (!is_register) return source(inst, f, bits);
    return bits == 64 ? get64(r) : raw32(r);
}

Value Emitter::binary(Instruction::BinaryOps op, Value a, Value b, unsigned bits) {
    if (a.known && b.known) return constant_value(bits, fold(op, *a.known, *b.known, bits));
    Value r = lift(bits, {&a, &b}, [&](ArrayRef<IR> x) { return ir_.CreateBinOp(op, x[0], x[1]); });
    if (!r.is_uniform()) return r;
    switch (op) {
    case Instruction::Add: r.most = bound(a.most, b.most, false, bits); break;
    case Instruction::Mul: r.most = bound(a.most, b.most, true, bits); break;
    case Instruction::And: r.most = std::min(a.most, b.most); break;
    case Instruction::LShr:
        if (b.known)
            r.most = a.most == ~0ull && bits == 32 ? 0xffffffffull >> *b.known : a.most >> *b.known;
        break;
    case Instruction::Or:
    case Instruction::Xor:
        r.most = a.most == ~0ull || b.most == ~0ull
                     ? ~0ull
                     : isa::low_bits(
                           static_cast<unsigned>(std::bit_width(std::max(a.most, b.most))));
        break;
    default: break;
    }
    switch (op) {
    case Instruction::Add:
    case Instruction::Sub: r.align = common_align(a.align, b.align); break;
    case Instruction::Mul: r.align = product_align(a.align, b.align, bits); break;
    case Instruction::And: r.align = std::max(a.align, b.align); break;
    case Instruction::Or:
    case Instruction::Xor: r.align = common_align(a.align, b.align); break;
    default: break;
    }
    return r;
}

Value Emitter::add(Value a, Value b, unsigned bits) {
    Value r;
    r.bits = bits;
    r.dynamic = a.dynamic | b.dynamic;
    if (a.is_vector() || b.is_vector() || (a.is_uniform() && b.is_uniform()) ||
        (is_wide(r) && !is_wide(a) && !is_wide(b))) {
        r = binary(Instruction::Add, a, b, bits);
        if (a.parameter && b.known) r.parameter = *a.parameter + *b.known;
        if (b.parameter && a.known) r.parameter = *b.parameter + *a.known;
        return r;
    }
    r.align = common_align(a.align, b.align);
    r.most = bound(a.most, b.most, false, bits);
    bool varies = r.dynamic != 0;
    for (unsigned i = 0; i < kLaneBits; ++i) {
        if (r.is_dynamic(i)) {
            for (const Value* x : {&a, &b})
                r.dynamic_align = common_align(r.dynamic_align,
                                               x->is_dynamic(i)
                                                   ? x->dynamic_align
                                                   : lowest_bit(static_cast<uint64_t>(x->step[i])));
            if (!dry_) r.dynamic_step[i] = ir_.CreateAdd(step_of(a, i), step_of(b, i));
            continue;
        }
        r.step[i] = wrap(a.step[i] + b.step[i], bits);
        varies = varies || r.step[i] != 0;
    }
    r.kind = varies ? Kind::Linear : Kind::Uniform;
    if (!dry_) r.v = ir_.CreateAdd(a.v, b.v);
    if (!dry_ && is_wide(r)) r.exact = ir_.CreateAdd(vector(a), vector(b));
    keep_guard(r, {&a, &b}, dry_ ? nullptr : ir_.CreateAdd(vector(a), vector(b)));
    return r;
}

/// r, Linear, was made of guarded values.
void Emitter::keep_guard(Value& r, std::initializer_list<const Value*> of, IR exact) {
    r.guarded = false;
    r.holds = nullptr;
    for (const Value* v : of) {
        if (!v->guarded) continue;
        r.guarded = true;
        if (!dry_) r.holds = r.holds ? ir_.CreateAnd(r.holds, v->holds) : v->holds;
    }
    r.otherwise = exact;
    if (r.guarded && r.is_uniform()) { // the steps have cancelled: it is right in any case only as
                                       // a vector
        r.kind = Kind::Vector;
        r.v = exact;
        r.guarded = false;
        r.align = 1;
        r.parameter.reset();
    }
}

Value Emitter::multiply(Value a, Value b, unsigned bits) {
    if (b.is_linear()) std::swap(a, b);
    if (!a.is_linear() || !b.is_uniform()) return binary(Instruction::Mul, a, b, bits);
    if (!b.known) return multiply_steps(a, b, bits);
    if (*b.known == 0) return constant_value(bits, 0);
    Value r = a;
    const auto factor = static_cast<int64_t>(
        bits == 32 ? static_cast<uint64_t>(static_cast<int32_t>(*b.known)) : *b.known);
    for (int64_t& s : r.step)
        s = wrap(static_cast<int64_t>(static_cast<uint64_t>(s) * static_cast<uint64_t>(factor)),
                 bits);
    r.align = product_align(a.align, b.align, bits);
    r.dynamic_align = product_align(a.dynamic_align, b.align, bits);
    const bool shifts = std::has_single_bit(*b.known) && a.dynamic_bits <= isa::low_bits(31) &&
                        a.dynamic_bits * *b.known <= isa::low_bits(31);
    r.dynamic_bits = shifts ? a.dynamic_bits * *b.known : ~0ull;
    r.most = bound(a.most, b.most, true, bits);
    if (!dry_) r.v = ir_.CreateMul(a.v, b.v);
    if (a.exact) r.exact = ir_.CreateMul(a.exact, vector(b));
    for (unsigned i = 0; i < kLaneBits && !dry_; ++i)
        if (r.is_dynamic(i)) r.dynamic_step[i] = ir_.CreateMul(a.dynamic_step[i], b.v);
    keep_guard(r, {&a}, dry_ || !a.guarded ? nullptr : ir_.CreateMul(vector(a), vector(b)));
    return r;
}

/// A Linear value times a uniform one that is not known here.
Value Emitter::multiply_steps(const Value& a, const Value& b, unsigned bits) {
    Value r;
    r.bits = bits;
    r.dynamic = a.dynamic;
    for (unsigned i = 0; i < kLaneBits; ++i)
        if (a.step[i]) r.dynamic |= static_cast<uint8_t>(1u << i);
    if (is_wide(r) && !is_wide(a)) return binary(Instruction::Mul, a, b, bits);
    r.kind = Kind::Linear;
    r.align = product_align(a.align, b.align, bits);
    r.most = bound(a.most, b.most, true, bits);
    for (unsigned i = 0; i < kLaneBits; ++i) {
        if (!r.is_dynamic(i)) continue;
        const uint64_t align = a.is_dynamic(i) ? a.dynamic_align
                                               : lowest_bit(static_cast<uint64_t>(a.step[i]));
        r.dynamic_align = common_align(r.dynamic_align, product_align(align, b.align, bits));
        if (!dry_) r.dynamic_step[i] = ir_.CreateMul(step_of(a, i), b.v);
    }
    if (!dry_) r.v = ir_.CreateMul(a.v, b.v);
    if (a.exact) r.exact = ir_.CreateMul(a.exact, vector(b));
    keep_guard(r, {&a}, dry_ || !a.guarded ? nullptr : ir_.CreateMul(vector(a), vector(b)));
    return r;
}

Value Emitter::shift_left(Value a, unsigned by, unsigned bits) {
    if (by >= bits) return constant_value(bits, 0);
    return multiply(a, constant_value(bits, 1ull << by), bits);
}

namespace {
/// For a Linear value whose base is a multiple of 2^bits_below: the part of each step that stays
/// below, when it can never carry out of it.
bool stays_below(const Value& v, unsigned bits_below) {
    if (!v.is_linear() || v.guarded || v.dynamic || bits_below >= 31) return false;
    const uint64_t size = 1ull << bits_below;
    if (v.align != 0 && v.align % size != 0) return false;
    for (int64_t s : v.step)
        if (s < 0) return false;
    return static_cast<uint64_t>(v.highest()) < size;
}
} // namespace

/// Bits that the base (or the value, Uniform) may have.
uint64_t Emitter::base_bits(const Value& v) {
    if (v.known) return *v.known;
    if (v.align == 0) return 0;
    const uint64_t below = v.most == ~0ull
                               ? ~0ull
                               : isa::low_bits(static_cast<unsigned>(std::bit_width(v.most)));
    return below & ~(v.align - 1) & isa::low_bits(v.bits);
}

/// Every bit of the lane's number is a bit of the value of its own, which the base has not: the
/// value is the union of base and steps. Uniform values are, too.
bool Emitter::is_union(const Value& v) {
    if (v.is_uniform()) return true;
    if (!v.is_linear() || v.guarded || v.dynamic) return false;
    uint64_t seen = base_bits(v);
    for (int64_t s : v.step) {
        const auto bit = static_cast<uint64_t>(s);
        if (s < 0 || (bit & (bit - 1)) || (seen & bit)) return false;
        seen |= bit;
    }
    return true;
}

/// Bits that some lane may have.
uint64_t Emitter::possible_bits(const Value& v) {
    if (v.is_vector() || v.guarded) return ~0ull;
    uint64_t bits = base_bits(v), align = v.align;
    if (v.dynamic) {
        if (v.dynamic_bits == ~0ull) return ~0ull;
        for (int64_t s : v.step) // there are none, or these are bits too
            bits |= s < 0 ? ~0ull : static_cast<uint64_t>(s);
        return bits | v.dynamic_bits;
    }
    if (is_union(v)) {
        for (int64_t s : v.step)
            bits |= static_cast<uint64_t>(s);
        return bits;
    }
    for (int64_t s : v.step) {
        if (s < 0) return ~0ull;
        align = common_align(align, lowest_bit(static_cast<uint64_t>(s)));
    }
    const uint64_t greatest = bound(v.most, static_cast<uint64_t>(v.highest()), false, v.bits);
    const uint64_t below = greatest == ~0ull
                               ? isa::low_bits(v.bits)
                               : isa::low_bits(static_cast<unsigned>(std::bit_width(greatest)));
    return align == 0 ? 0 : below & ~(align - 1);
}

/// Or and xor are additions.
bool Emitter::are_disjoint(const Value& a, const Value& b) {
    return (a.is_linear() || b.is_linear()) && !a.is_vector() && !b.is_vector() &&
           (possible_bits(a) & possible_bits(b)) == 0;
}

/// A Linear union shifted right, or with some of its bits: that of base and steps.
Value Emitter::bitwise(const Value& a, Instruction::BinaryOps op, uint64_t by) {
    Value base = a;
    base.kind = Kind::Uniform;
    base.step = {};
    const uint64_t left = op == Instruction::And ? base_bits(a) & by : ~0ull;
    Value r = left == 0 ? constant_value(a.bits, 0)
                        : binary(op, base, constant_value(a.bits, by), a.bits);
    r.most = std::min(r.most, left);
    if (r.known) r.v = constant(a.bits, *r.known);
    if (op == Instruction::LShr && !r.known)
        r.align = a.align == 0 ? 0 : std::max<uint64_t>(1, a.align >> by);
    bool varies = false;
    for (unsigned i = 0; i < kLaneBits; ++i) {
        const auto s = static_cast<uint64_t>(a.step[i]);
        r.step[i] = static_cast<int64_t>(op == Instruction::LShr ? s >> by : s & by);
        varies = varies || r.step[i];
    }
    if (!varies) return r;
    if (r.known) { // of a Linear value the base is described by the others
        r.most = *r.known;
        r.align = lowest_bit(*r.known);
    }
    r.known.reset();
    r.parameter.reset();
    r.word.reset();
    r.kind = Kind::Linear;
    return r;
}

Value Emitter::shift(const Inst& inst, Instruction::BinaryOps op, unsigned bits) {
    const Value a = source(inst, Field::ra, bits), by = source(inst, Field::rb, 32);
    if (by.known) {
        const auto n = static_cast<unsigned>(std::min<uint64_t>(*by.known, 255));
        if (op == Instruction::Shl) return shift_left(a, n, bits);
        if (n >= bits && op == Instruction::LShr) return constant_value(bits, 0);
        if (n > 0 && stays_below(a, n)) { // the lane's part is shifted out
            Value base = a;
            base.kind = Kind::Uniform;
            base.step = {};
            Value r = binary(op, base, constant_value(bits, n), bits);
            if (!r.known) r.align = a.align == 0 ? 0 : std::max<uint64_t>(1, a.align >> n);
            return r;
        }
        const bool positive = op == Instruction::LShr || !(possible_bits(a) >> (bits - 1));
        if (n > 0 && n < bits && a.is_linear() && positive && is_union(a))
            return bitwise(a, Instruction::LShr, n);
        Value r = binary(op, a, constant_value(bits, std::min(n, bits - 1)), bits);
        if (r.is_uniform() && !r.known)
            r.align = a.align == 0 ? 0 : std::max<uint64_t>(1, a.align >> std::min(n, 63u));
        return r;
    }
    const auto shifted = [&](ArrayRef<IR> x) -> IR {
        llvm::Type* t = x[0]->getType();
        IR amount = bits == 64 ? ir_.CreateZExt(x[1], t) : x[1];
        IR most = ConstantInt::get(t, bits - 1);
        if (op == Instruction::AShr)
            return ir_.CreateAShr(x[0], ir_.CreateBinaryIntrinsic(Intrinsic::umin, amount, most));
        IR in_range = ir_.CreateICmpULE(amount, most);
        IR shifted = ir_.CreateBinOp(op, x[0], ir_.CreateAnd(amount, most));
        return ir_.CreateSelect(in_range, shifted, Constant::getNullValue(t));
    };
    if (bits == 32 && a.is_linear() && by.is_uniform())
        if (const std::optional<Value> r = shifted_steps(op, a, by, shifted)) return *r;
    return lift(bits, {&a, &by}, shifted);
}

/// To 64 bits. A Linear value stays one where it does not wrap.
Value Emitter::extend(Value a, bool sign) {
    if (a.known)
        return constant_value(
            64, sign ? static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(*a.known)))
                     : *a.known);
    if (is_wide(a)) a = vector_value(32, vector(a)); // what looks at 64 bits has no use for it
    const auto ext = [&](IR x) {
        llvm::Type* wide = type(64, x->getType()->isVectorTy());
        return sign ? ir_.CreateSExt(x, wide) : ir_.CreateZExt(x, wide);
    };
    if (!a.is_linear()) {
        Value r = lift(64, {&a}, [&](ArrayRef<IR> x) { return ext(x[0]); });
        if (r.is_uniform()) r.align = a.align;
        if (r.is_uniform() && (!sign || a.most <= INT32_MAX)) r.most = a.most;
        return r;
    }
    Value r = a;
    r.bits = 64;
    if (!a.dynamic && a.lowest() >= 0 && a.most <= INT32_MAX &&
        a.most + static_cast<uint64_t>(a.highest()) <= INT32_MAX) {
        r.v = dry_ ? nullptr : ext(a.v); // it never wraps
        return r;
    }
    r.most = sign && a.most > INT32_MAX ? ~0ull : a.most;
    r.guarded = true;
    if (dry_) return r;
    r.v = ext(a.v);
    r.otherwise = ext(vector(a));
    const int64_t least = sign ? INT32_MIN : 0;
    const int64_t span = a.highest() - a.lowest();
    for (unsigned i = 0; i < kLaneBits; ++i)
        if (r.is_dynamic(i)) r.dynamic_step[i] = ir_.CreateSExt(a.dynamic_step[i], type(64, false));
    if (span > INT64_C(0xffffffff)) {
        r.holds = ir_.getFalse();
        return r;
    }
    // base + lowest >= least and base + highest <= greatest, in one comparison
    IR from = ir_.CreateAdd(r.v, constant(64, static_cast<uint64_t>(a.lowest() - least)));
    const auto fits = [&](IR x) {
        return ir_.CreateICmpULE(x,
                                 constant(64, static_cast<uint64_t>(INT64_C(0xffffffff) - span)));
    };
    if (!r.dynamic) {
        r.holds = fits(from);
        return r;
    }
    const std::array<IR, 2> ends = dynamic_ends(r); // of 32 bits, so that they do not wrap
    r.holds = ir_.CreateAnd(fits(ir_.CreateAdd(from, ends[0])), fits(ir_.CreateAdd(from, ends[1])));
    return r;
}

namespace {
/// What a comparison with a constant says of all lanes, where bounds decide it.
std::optional<bool> decided(CmpInst::Predicate p, const Value& a, const Value& b) {
    if (!b.known || a.known || a.is_vector() || a.guarded || a.dynamic || a.lowest() < 0)
        return std::nullopt;
    const uint64_t most = bound(a.most, static_cast<uint64_t>(a.highest()), false, a.bits);
    const uint64_t sign = 1ull << (a.bits - 1), x = *b.known;
    if (most >= sign) return std::nullopt; // below, both kinds of comparison are the same
    if (CmpInst::isSigned(p) && x >= sign) return p == CmpInst::ICMP_SGT || p == CmpInst::ICMP_SGE;
    const bool less = most < x;
    switch (p) {
    case CmpInst::ICMP_EQ:
    case CmpInst::ICMP_UGE:
    case CmpInst::ICMP_SGE: return less ? std::optional(false) : std::nullopt;
    case CmpInst::ICMP_NE:
    case CmpInst::ICMP_ULT:
    case CmpInst::ICMP_SLT: return less ? std::optional(true) : std::nullopt;
    case CmpInst::ICMP_ULE:
    case CmpInst::ICMP_SLE: return most <= x ? std::optional(true) : std::nullopt;
    case CmpInst::ICMP_UGT:
    case CmpInst::ICMP_SGT: return most <= x ? std::optional(false) : std::nullopt;
    default: return std::nullopt;
    }
}
} // namespace

/// Whether a bound is passed does not depend on what the lanes add to `a`, where that stays below
/// the power of two that divides both: all of a warp are below 128, or none is. Nothing: it may.
std::optional<Value> Emitter::compare_bases(CmpInst::Predicate p, const Value& a, const Value& b) {
    if (!a.is_linear() || !b.is_uniform()) return std::nullopt;
    const auto below = static_cast<unsigned>(
        std::bit_width(static_cast<uint64_t>(std::max<int64_t>(a.highest(), 0))));
    if (!stays_below(a, below)) return std::nullopt;
    const uint64_t size = 1ull << below;
    Value bound = b;
    switch (p) {
    case CmpInst::ICMP_ULE:
    case CmpInst::ICMP_SLE:
    case CmpInst::ICMP_UGT:
    case CmpInst::ICMP_SGT: { // of the next number
        const bool is_signed = CmpInst::isSigned(p);
        const uint64_t greatest = isa::low_bits(a.bits - (is_signed ? 1 : 0));
        if (!b.known || *b.known == greatest) return std::nullopt;
        bound = constant_value(a.bits, *b.known + 1);
        p = p == CmpInst::ICMP_ULE   ? CmpInst::ICMP_ULT
            : p == CmpInst::ICMP_SLE ? CmpInst::ICMP_SLT
            : p == CmpInst::ICMP_UGT ? CmpInst::ICMP_UGE
                                     : CmpInst::ICMP_SGE;
        break;
    }
    case CmpInst::ICMP_ULT:
    case CmpInst::ICMP_SLT:
    case CmpInst::ICMP_UGE:
    case CmpInst::ICMP_SGE: break;
    default: return std::nullopt;
    }
    if (bound.align != 0 && bound.align % size != 0) return std::nullopt;
    Value base = a;
    base.kind = Kind::Uniform;
    base.step = {};
    return lift(1, {&base, &bound}, [&](ArrayRef<IR> x) { return ir_.CreateICmp(p, x[0], x[1]); });
}

Value Emitter::compare(CmpInst::Predicate p, Value a, Value b, bool is_float, unsigned bits) {
    if (!is_float) {
        if (const std::optional<bool> result = decided(p, a, b)) return constant_value(1, *result);
        if (const std::optional<Value> r = compare_bases(p, a, b)) return *r;
        if (const auto r = compare_bases(CmpInst::getSwappedPredicate(p), b, a)) return *r;
    }
    return lift(1, {&a, &b}, [&](ArrayRef<IR> x) {
        return is_float ? ir_.CreateFCmp(p, as_float(x[0], bits), as_float(x[1], bits))
                        : ir_.CreateICmp(p, x[0], x[1]);
    });
}

/// pd and pe of a comparison, combined with ps.
void Emitter::set_predicates(const Inst& inst, Value cmp) {
    const unsigned how = mods::MBool.get(inst.mods());
    const auto combined = [&](const Value& c) {
        if (how == mods::MBool_default) return c;
        const Value other = get_pred(inst.reg(Field::ps), isa::get(inst.word, Field::psneg));
        return lift(1, {&c, &other}, [&](ArrayRef<IR> x) {
            return how == mods::MBool_and  ? ir_.CreateAnd(x[0], x[1])
                   : how == mods::MBool_or ? ir_.CreateOr(x[0], x[1])
                                           : ir_.CreateXor(x[0], x[1]);
        });
    };
    const Value inverse = cmp.known ? constant_value(1, !*cmp.known)
                                    : lift(1, {&cmp},
                                           [&](ArrayRef<IR> x) { return ir_.CreateNot(x[0]); });
    const Value pd = combined(cmp), pe = combined(inverse);
    put_pred(inst.reg(Field::pd), pd);
    put_pred(inst.reg(Field::pe), pe);
}

namespace {
CmpInst::Predicate predicate(unsigned cmp, bool is_signed) {
    switch (cmp) {
    case mods::MICmp_eq: return CmpInst::ICMP_EQ;
    case mods::MICmp_ne: return CmpInst::ICMP_NE;
    case mods::MICmp_lt: return is_signed ? CmpInst::ICMP_SLT : CmpInst::ICMP_ULT;
    case mods::MICmp_le: return is_signed ? CmpInst::ICMP_SLE : CmpInst::ICMP_ULE;
    case mods::MICmp_gt: return is_signed ? CmpInst::ICMP_SGT : CmpInst::ICMP_UGT;
    default: return is_signed ? CmpInst::ICMP_SGE : CmpInst::ICMP_UGE;
    }
}
} // namespace

bool Emitter::emit_integer(const Inst& inst) {
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    const auto a = [&](unsigned bits) { return source(inst, Field::ra, bits); };
    const auto b = [&](unsigned bits) { return source(inst, Field::rb, bits); };
    const auto c = [&](unsigned bits) { return source(inst, Field::rc, bits); };
    const auto negated = [&](Value v, unsigned bits) {
        return multiply(v, constant_value(bits, ~0ull), bits);
    };
    const auto minmax = [&](Intrinsic::ID id, unsigned bits) {
        const Value x = a(bits), y = b(bits);
        const Value r = lift(bits, {&x, &y}, [&](ArrayRef<IR> v) {
            return ir_.CreateBinaryIntrinsic(id, v[0], v[1]);
        });
        bits == 64 ? put64(rd, r) : put32(rd, r);
        return true;
    };
    const auto wide_product = [&](bool sign) {
        return multiply(extend(a(32), sign), extend(b(32), sign), 64);
    };
    const auto high_product = [&](bool sign) {
        const Value p = wide_product(sign);
        return lift(32, {&p}, [&](ArrayRef<IR> v) {
            return ir_.CreateTrunc(ir_.CreateLShr(v[0], 32),
                                   type(32, v[0]->getType()->isVectorTy()));
        });
    };
    const uint32_t mod = inst.mods();
    switch (inst.op()) {
    case Opcode::IADD: put32(rd, add(a(32), b(32), 32)); return true;
    case Opcode::IADD64: put64(rd, add(a(64), b(64), 64)); return true;
    case Opcode::ISUB: put32(rd, add(a(32), negated(b(32), 32), 32)); return true;
    case Opcode::ISUB64: put64(rd, add(a(64), negated(b(64), 64), 64)); return true;
    case Opcode::ILEA:
        put32(rd, add(shift_left(a(32), mods::MShift.get(mod), 32), b(32), 32));
        return true;
    case Opcode::ILEA64:
        put64(rd, add(shift_left(extend(a(32), mods::ILEA64::idx.get(mod) == 0),
                                 mods::MShift.get(mod), 64),
                      b(64), 64));
        return true;
    case Opcode::IMUL: put32(rd, multiply(a(32), b(32), 32)); return true;
    case Opcode::IMUL64: put64(rd, multiply(a(64), b(64), 64)); return true;
    case Opcode::IMULWS: put64(rd, wide_product(true)); return true;
    case Opcode::IMULWU: put64(rd, wide_product(false)); return true;
    case Opcode::IMULHIS: put32(rd, high_product(true)); return true;
    case Opcode::IMULHIU: put32(rd, high_product(false)); return true;
    case Opcode::IMADHIS: put32(rd, add(high_product(true), c(32), 32)); return true;
    case Opcode::IMADHIU: put32(rd, add(high_product(false), c(32), 32)); return true;
    case Opcode::IMAD: put32(rd, add(multiply(a(32), b(32), 32), c(32), 32)); return true;
    case Opcode::IMAD64: put64(rd, add(multiply(a(64), b(64), 64), c(64), 64)); return true;
    case Opcode::IMADWS: put64(rd, add(wide_product(true), c(64), 64)); return true;
    case Opcode::IMADWU: put64(rd, add(wide_product(false), c(64), 64)); return true;
    case Opcode::IS32_MIN: return minmax(Intrinsic::smin, 32);
    case Opcode::IS32_MAX: return minmax(Intrinsic::smax, 32);
    case Opcode::IU32_MIN: return minmax(Intrinsic::umin, 32);
    case Opcode::IU32_MAX: return minmax(Intrinsic::umax, 32);
    case Opcode::IS64_MIN: return minmax(Intrinsic::smin, 64);
    case Opcode::IS64_MAX: return minmax(Intrinsic::smax, 64);
    case Opcode::IU64_MIN: return minmax(Intrinsic::umin, 64);
    case Opcode::IU64_MAX: return minmax(Intrinsic::umax, 64);
    case Opcode::IABS: {
        const Value x = a(32);
        put32(rd, lift(32, {&x}, [&](ArrayRef<IR> v) {
                  return ir_.CreateBinaryIntrinsic(Intrinsic::abs, v[0], ir_.getFalse());
              }));
        return true;
    }
    case Opcode::ISETPS32:
    case Opcode::ISETPU32:
        set_predicates(inst, compare(predicate(mods::MICmp.get(mod), inst.op() == Opcode::ISETPS32),
                                     a(32), b(32), false, 32));
        return true;
    case Opcode::ISETPS64:
    case Opcode::ISETPU64:
        set_predicates(inst, compare(predicate(mods::MICmp.get(mod), inst.op() == Opcode::ISETPS64),
                                     a(64), b(64), false, 64));
        return true;
    default: return false;
    }
}

bool Emitter::emit_logic(const Inst& inst) {
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    const auto a = [&](unsigned bits) { return source(inst, Field::ra, bits); };
    const auto b = [&](unsigned bits) { return source(inst, Field::rb, bits); };
    const auto both = [&](Instruction::BinaryOps op, unsigned bits) {
        const Value x = a(bits), y = b(bits);
        // A mask that takes the low bits of a lane's number, or more, off an aligned base.
        if (op == Instruction::And && y.known && std::has_single_bit(*y.known + 1) &&
            stays_below(x, static_cast<unsigned>(std::countr_one(*y.known)))) {
            Value r = x;
            r.word.reset();
            r.v = constant(bits, 0);
            r.align = r.most = 0;
            bits == 64 ? put64(rd, r) : put32(rd, r);
            return true;
        }
        if (op == Instruction::And && y.known && x.is_linear() && is_union(x)) {
            const Value r = bitwise(x, op, *y.known);
            bits == 64 ? put64(rd, r) : put32(rd, r);
            return true;
        }
        const bool adds = op != Instruction::And && are_disjoint(x, y);
        if (!adds && bits == 32)
            if (const std::optional<Value> r = bitwise_steps(op, x, y)) {
                put32(rd, *r);
                return true;
            }
        const Value r = adds ? add(x, y, bits) : binary(op, x, y, bits);
        bits == 64 ? put64(rd, r) : put32(rd, r);
        return true;
    };
    const auto unary = [&](unsigned from, auto f) {
        const Value x = a(from);
        put32(rd, lift(32, {&x}, [&](ArrayRef<IR> v) -> IR {
                  IR r = f(v[0]);
                  return from == 64 ? ir_.CreateTrunc(r, type(32, r->getType()->isVectorTy())) : r;
              }));
        return true;
    };
    switch (inst.op()) {
    case Opcode::AND: return both(Instruction::And, 32);
    case Opcode::AND_64: return both(Instruction::And, 64);
    case Opcode::OR: return both(Instruction::Or, 32);
    case Opcode::OR_64: return both(Instruction::Or, 64);
    case Opcode::XOR: return both(Instruction::Xor, 32);
    case Opcode::XOR_64: return both(Instruction::Xor, 64);
    case Opcode::NOT:
        put32(rd, binary(Instruction::Xor, a(32), constant_value(32, ~0ull), 32));
        return true;
    case Opcode::NOT64:
        put64(rd, binary(Instruction::Xor, a(64), constant_value(64, ~0ull), 64));
        return true;
    case Opcode::SHL: put32(rd, shift(inst, Instruction::Shl, 32)); return true;
    case Opcode::SHL64: put64(rd, shift(inst, Instruction::Shl, 64)); return true;
    case Opcode::SHRU: put32(rd, shift(inst, Instruction::LShr, 32)); return true;
    case Opcode::SHRU64: put64(rd, shift(inst, Instruction::LShr, 64)); return true;
    case Opcode::SHRS: put32(rd, shift(inst, Instruction::AShr, 32)); return true;
    case Opcode::SHRS64: put64(rd, shift(inst, Instruction::AShr, 64)); return true;
    case Opcode::SHFL_L:
    case Opcode::SHFL_R: {
        if (mods::MShfMode.get(inst.mods()) != mods::MShfMode_wrap) return false;
        const Value lo = a(32), by = b(32), hi = source(inst, Field::rc, 32);
        const auto id = inst.op() == Opcode::SHFL_L ? Intrinsic::fshl : Intrinsic::fshr;
        put32(rd, lift(32, {&lo, &by, &hi}, [&](ArrayRef<IR> v) {
                  return ir_.CreateIntrinsic(id, {v[0]->getType()}, {v[2], v[0], v[1]});
              }));
        return true;
    }
    case Opcode::LOP3: {
        const unsigned lut = mods::MLut.get(inst.mods());
        const Value x = a(32), y = b(32), z = source(inst, Field::rc, 32);
        put32(rd, lift(32, {&x, &y, &z}, [&](ArrayRef<IR> v) -> IR {
                  if (lut == 0x96) return ir_.CreateXor(ir_.CreateXor(v[0], v[1]), v[2]);
                  IR sum = Constant::getNullValue(v[0]->getType());
                  for (unsigned t = 0; t < 8; ++t) {
                      if (!(lut >> t & 1)) continue;
                      const auto term = [&](IR w, unsigned bit) {
                          return t & bit ? w : ir_.CreateNot(w);
                      };
                      sum = ir_.CreateOr(sum,
                                         ir_.CreateAnd(ir_.CreateAnd(term(v[0], 4), term(v[1], 2)),
                                                       term(v[2], 1)));
                  }
                  return sum;
              }));
        return true;
    }
    case Opcode::POPC:
        return unary(32, [&](IR v) { return ir_.CreateUnaryIntrinsic(Intrinsic::ctpop, v); });
    case Opcode::POPC_64:
        return unary(64, [&](IR v) { return ir_.CreateUnaryIntrinsic(Intrinsic::ctpop, v); });
    case Opcode::CLZ:
        return unary(32, [&](IR v) {
            return ir_.CreateBinaryIntrinsic(Intrinsic::ctlz, v, ir_.getFalse());
        });
    case Opcode::CLZ_64:
        return unary(64, [&](IR v) {
            return ir_.CreateBinaryIntrinsic(Intrinsic::ctlz, v, ir_.getFalse());
        });
    case Opcode::CTZ:
        return unary(32, [&](IR v) {
            return ir_.CreateBinaryIntrinsic(Intrinsic::cttz, v, ir_.getFalse());
        });
    case Opcode::CTZ_64:
        return unary(64, [&](IR v) {
            return ir_.CreateBinaryIntrinsic(Intrinsic::cttz, v, ir_.getFalse());
        });
    case Opcode::BREV:
        return unary(32, [&](IR v) { return ir_.CreateUnaryIntrinsic(Intrinsic::bitreverse, v); });
    case Opcode::BF32EU:
    case Opcode::BF32ES: {
        const Value field = b(32);
        if (!field.known) return false;
        const unsigned start = *field.known & 255, length = *field.known >> 8 & 255;
        if (length == 0 || start + length > 32) return false;
        const Value x = a(32);
        const Value up = shift_left(x, 32 - start - length, 32);
        put32(rd, binary(inst.op() == Opcode::BF32ES ? Instruction::AShr : Instruction::LShr, up,
                         constant_value(32, 32 - length), 32));
        return true;
    }
    default: return false;
    }
}

} // namespace acc::model::jit
