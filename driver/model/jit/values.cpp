// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of the block being walked: registers as words or pairs, predicates, shapes.
#include <llvm/IR/Intrinsics.h>

#include <bit>
#include <numeric>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

using isa::low_bits;

namespace {
/// A constant that is no NaN, as a float or a double, is as good as a raw value.
bool may_be_raw(const Shape& v) {
    if (v.raw || !v.known) return v.raw;
    const uint64_t x = *v.known;
    const bool wide = x >> 32;
    const uint64_t magnitude = x & low_bits(wide ? 63 : 31);
    return magnitude <= (wide ? 0x7ffull << 52 : 0xffull << 23);
}

bool is_regular(const Shape& predicate) {
    return predicate.regular || predicate.is_uniform();
}

void join_steps(Shape& r, const Shape& a, const Shape& b) {
    const bool dynamic_too = a.dynamic | b.dynamic; // a uniform value has steps of 0
    bool same = a.kind == b.kind || (dynamic_too && !a.is_vector() && !b.is_vector());
    for (unsigned i = 0; i < kLaneBits && same; ++i)
        same = a.is_dynamic(i) || b.is_dynamic(i) || a.step[i] == b.step[i];
    const auto dynamic = static_cast<uint8_t>(a.dynamic | b.dynamic);
    if (!same || std::popcount(dynamic) > kMostDynamic) {
        r.kind = Kind::Vector;
        return;
    }
    r.kind = a.is_uniform() ? b.kind : a.kind;
    r.dynamic = dynamic;
    r.dynamic_align = common_align(a.dynamic_align, b.dynamic_align);
    if (a.dynamic == b.dynamic && a.dynamic_bits != ~0ull && b.dynamic_bits != ~0ull)
        r.dynamic_bits = a.dynamic_bits | b.dynamic_bits;
    for (unsigned i = 0; i < kLaneBits; ++i) {
        if (!r.is_dynamic(i))
            r.step[i] = a.step[i];
        else // that of the other one, if it is not
            for (const Shape* s : {&a, &b})
                r.dynamic_align = common_align(r.dynamic_align,
                                               lowest_bit(static_cast<uint64_t>(s->step[i])));
    }
}
} // namespace

Shape join(const Shape& a, const Shape& b) {
    Shape r;
    r.raw = (a.raw || b.raw) && may_be_raw(a) && may_be_raw(b);
    join_steps(r, a, b);
    r.regular = is_regular(a) && is_regular(b);
    if (r.kind == Kind::Uniform && a.known == b.known) r.known = a.known;
    if (r.kind == Kind::Uniform && a.parameter == b.parameter) r.parameter = a.parameter;
    if (r.kind == Kind::Uniform && a.word == b.word) r.word = a.word;
    // To the next power of two, so that it grows a few times only.
    if (r.kind != Kind::Vector && a.most == b.most)
        r.most = a.most;
    else if (r.kind != Kind::Vector)
        r.most = low_bits(static_cast<unsigned>(std::bit_width(std::max(a.most, b.most))));
    if (r.kind != Kind::Vector) r.align = common_align(a.align, b.align);
    return r;
}

llvm::Type* Emitter::type(unsigned bits, bool vec) const {
    llvm::Type* element = IntegerType::get(cx_, bits);
    return vec ? static_cast<llvm::Type*>(FixedVectorType::get(element, lanes_)) : element;
}

Emitter::IR Emitter::constant(unsigned bits, uint64_t x) const {
    return dry_ ? nullptr : ConstantInt::get(type(bits, false), x & low_bits(bits));
}

Value Emitter::constant_value(unsigned bits, uint64_t x) const {
    Value v;
    v.bits = bits;
    v.known = x & low_bits(bits);
    v.most = *v.known;
    v.align = lowest_bit(*v.known);
    v.v = constant(bits, x);
    return v;
}

Value Emitter::uniform(unsigned bits, IR x) const {
    Value v;
    v.bits = bits;
    v.v = x;
    return v;
}

Value Emitter::vector_value(unsigned bits, IR x) {
    if (one_thread_) return uniform(bits, x ? ir_.CreateExtractElement(x, uint64_t{0}) : nullptr);
    Value v;
    v.bits = bits;
    v.kind = Kind::Vector;
    v.v = x;
    return v;
}

Emitter::IR Emitter::splat(IR x) {
    return dry_ ? nullptr : ir_.CreateVectorSplat(lanes_, x);
}

Emitter::IR Emitter::lane_steps(const Value& v) {
    if (dry_) return nullptr;
    if (v.bits == 64) {
        SmallVector<uint64_t, kLanes> lanes;
        for (unsigned l = 0; l < lanes_; ++l)
            lanes.push_back(static_cast<uint64_t>(v.at(l)));
        return ConstantDataVector::get(cx_, lanes);
    }
    SmallVector<uint32_t, kLanes> lanes;
    for (unsigned l = 0; l < lanes_; ++l)
        lanes.push_back(static_cast<uint32_t>(v.at(l)));
    return ConstantDataVector::get(cx_, lanes);
}

Emitter::IR Emitter::vector(const Value& v) {
    if (dry_) return nullptr;
    if (v.is_vector()) return v.v;
    if (v.exact) return v.exact;
    return v.guarded ? v.otherwise : lanes_of(v);
}

/// The lanes of a value that is as its shape says.
Emitter::IR Emitter::lanes_of(const Value& v) {
    if (!v.is_linear()) return splat(v.v);
    IR x = lane_steps(v); // the base last: steps change seldom
    for (unsigned i = 0; i < kLaneBits; ++i) {
        if (!v.is_dynamic(i)) continue;
        SmallVector<Constant*, kLanes> lanes;
        for (unsigned l = 0; l < lanes_; ++l)
            lanes.push_back(ConstantInt::getBool(cx_, l >> i & 1));
        x = ir_.CreateAdd(x, ir_.CreateSelect(ConstantVector::get(lanes), splat(v.dynamic_step[i]),
                                              Constant::getNullValue(x->getType())));
    }
    return ir_.CreateAdd(x, splat(v.v));
}

Emitter::IR Emitter::step_of(const Value& v, unsigned bit) const {
    return v.is_dynamic(bit) ? v.dynamic_step[bit]
                             : constant(v.bits, static_cast<uint64_t>(v.step[bit]));
}

/// The least and the greatest sum of dynamic steps that a lane has. sane: the steps are so small
/// that the sums do not wrap.
std::array<Emitter::IR, 2> Emitter::dynamic_ends(const Value& v, IR* sane) {
    const uint64_t most = 1ull << (v.bits - 6);
    static_assert(kMostDynamic <= 8);
    IR none = constant(v.bits, 0);
    std::array<IR, 2> ends{none, none};
    for (unsigned i = 0; i < kLaneBits; ++i) {
        if (!v.is_dynamic(i)) continue;
        static constexpr Intrinsic::ID kWhich[] = {Intrinsic::smin, Intrinsic::smax};
        for (unsigned e = 0; e < 2; ++e)
            ends[e] = ir_.CreateAdd(ends[e],
                                    ir_.CreateBinaryIntrinsic(kWhich[e], v.dynamic_step[i], none));
        if (!sane) continue;
        IR small = ir_.CreateICmpULT(ir_.CreateAdd(v.dynamic_step[i], constant(v.bits, most)),
                                     constant(v.bits, 2 * most));
        *sane = both(*sane, small);
    }
    return ends;
}

/// What lane `lane` of a Linear value has.
Emitter::IR Emitter::value_at(const Value& v, unsigned lane) {
    IR x = v.v;
    if (v.at(lane)) x = ir_.CreateAdd(x, constant(v.bits, static_cast<uint64_t>(v.at(lane))));
    for (unsigned i = 0; i < kLaneBits; ++i)
        if (v.is_dynamic(i) && (lane >> i & 1)) x = ir_.CreateAdd(x, v.dynamic_step[i]);
    return x;
}

Emitter::IR Emitter::all_lanes() const {
    return dry_ ? nullptr : Constant::getAllOnesValue(type(1, true));
}

Emitter::IR Emitter::bits_of(IR mask) {
    return dry_ ? nullptr : ir_.CreateBitCast(mask, type(lanes_, false));
}

/// The lanes of warp p of the gang.
Emitter::IR Emitter::part(IR x, unsigned p) {
    return warps_ == 1 ? x : lanes_from(x, p * kLanes, kLanes);
}

/// So many lanes, one after the other.
Emitter::IR Emitter::lanes_from(IR x, unsigned first, unsigned count) {
    SmallVector<int, kLanes> which(count);
    std::iota(which.begin(), which.end(), static_cast<int>(first));
    return ir_.CreateShuffleVector(x, which);
}

/// Of the lanes of each warp, those of the gang.
Emitter::IR Emitter::whole(ArrayRef<IR> parts) {
    SmallVector<IR, 8> x(parts.begin(), parts.end());
    for (; x.size() > 1; x.resize(x.size() / 2))
        for (size_t i = 0; i < x.size() / 2; ++i)
            x[i] = join_groups(x[2 * i], x[2 * i + 1]);
    return x[0];
}

/// The lanes of the mask (null: all) that are warp p's, as 32 bits. Of one thread that runs alone:
/// its bit.
Emitter::IR Emitter::part_bits(IR mask, unsigned p) {
    if (one_thread_) {
        IR self = ir_.CreateShl(constant(32, 1), lane_);
        return mask ? ir_.CreateSelect(any(mask), self, constant(32, 0)) : self;
    }
    return mask ? ir_.CreateBitCast(part(mask, p), type(32, false)) : constant(32, ~0ull);
}

/// The place of the thread that runs, when only one does, in a row.
Emitter::IR Emitter::at_lane(IR row) {
    return one_thread_ ? ir_.CreateGEP(ir_.getInt32Ty(), row, lane_) : row;
}

Emitter::IR Emitter::mask_from_bits(IR bits) {
    return dry_ ? nullptr
                : ir_.CreateBitCast(
                      bits,
                      FixedVectorType::get(ir_.getInt1Ty(), bits->getType()->getIntegerBitWidth()));
}

/// 64 bits of two words.
Emitter::IR Emitter::joined(IR low, IR high) {
    llvm::Type* wide = type(64, low->getType()->isVectorTy());
    return ir_.CreateOr(ir_.CreateZExt(low, wide), ir_.CreateShl(ir_.CreateZExt(high, wide), 32));
}

Emitter::IR Emitter::any(IR mask) {
    return dry_ ? nullptr : ir_.CreateIsNotNull(bits_of(mask));
}

Emitter::IR Emitter::as_float(IR x, unsigned bits) const {
    if (dry_) return nullptr;
    llvm::Type* element = bits == 64 ? llvm::Type::getDoubleTy(cx_) : llvm::Type::getFloatTy(cx_);
    llvm::Type* to = x->getType()->isVectorTy() ? FixedVectorType::get(element, lanes_) : element;
    return const_cast<IRBuilder<>&>(ir_).CreateBitCast(x, to);
}

Emitter::IR Emitter::as_int(IR x, unsigned bits) const {
    return dry_ ? nullptr
                : const_cast<IRBuilder<>&>(ir_).CreateBitCast(
                      x, type(bits, x->getType()->isVectorTy()));
}

/// Not guarded any more.
Value Emitter::settled(const Value& v) {
    return v.guarded ? vector_value(v.bits, vector(v)) : v;
}

/// The bits of v as the instruction set defines them. Floating-point operations skip this, whose
/// results do not depend on which NaN comes in.
Value Emitter::canonical(Value v) {
    if (!v.raw) return v;
    v.raw = false;
    if (dry_) return v;
    // As floating-point numbers: LLVM keeps variables where they are used.
    IR f = as_float(v.v, v.bits);
    IR nan = as_float(ConstantInt::get(v.v->getType(), low_bits(v.bits - 1)), v.bits);
    v.v = as_int(ir_.CreateSelect(ir_.CreateFCmpUNO(f, f), nan, f), v.bits);
    return v;
}

/// What register r is at most at the start of block b, as loops count that end for sure.
uint64_t Emitter::bound_of_counter(unsigned b, Reg r) const {
    uint64_t most = ~0ull;
    for (const CountedLoop& loop : counted_)
        if (b >= loop.first && b <= loop.last)
            for (const Counter& counter : loop.counters)
                if (counter.reg == r) most = std::min<uint64_t>(most, counter.most);
    return most;
}

Value Emitter::read_variable(unsigned b, Reg r) {
    const unsigned index = variables_.in(b, r);
    Value v;
    static_cast<Shape&>(v) = shape_[index].value_or(Shape{});
    v.bits = variables_.all()[index].bits;
    if (v.is_uniform() && v.bits == 32) v.most = std::min(v.most, bound_of_counter(b, r));
    if (dry_) return v;
    if (v.word && one_thread_) {
        v.v = fixed_parameter(*v.word);
        return v;
    }
    if (const auto fixed = fixed_variables_.find(index); fixed != fixed_variables_.end()) {
        v.v = fixed->second;
        return v;
    }
    v.v = v.known ? constant(v.bits, *v.known)
                  : ir_.CreateLoad(type(v.bits, v.is_vector()), slot_[index]);
    for (unsigned i = 0; i < kLaneBits; ++i)
        if (v.is_dynamic(i))
            v.dynamic_step[i] = ir_.CreateLoad(type(v.bits, false), step_slot_[index][i]);
    return v;
}

Value Emitter::truncate(Value a) {
    Value r = a; // the low word of a guarded value is Linear in any case
    r.bits = 32;
    r.raw = r.guarded = false;
    if (a.known) return constant_value(32, *a.known);
    if (r.most >> 32) r.most = ~0ull;
    for (int64_t& s : r.step)
        s = static_cast<int32_t>(s);
    r.parameter.reset();
    r.word.reset();
    r.two_words = false;
    if (dry_) return r;
    r.v = a.two_words ? word_of_pairs(a.v, 0) : ir_.CreateTrunc(a.v, type(32, a.is_vector()));
    for (unsigned i = 0; i < kLaneBits; ++i)
        if (r.is_dynamic(i))
            r.dynamic_step[i] = ir_.CreateTrunc(a.dynamic_step[i], type(32, false));
    return r;
}

/// Registers with a value of this block, or of a variable that comes into it.
Value Emitter::get32(Reg r) {
    if (r == isa::kZeroReg) return constant_value(32, 0);
    if (const auto word = words_.find(r); word != words_.end()) return canonical(word->second);
    const Reg low = r & ~1;
    if (!pairs_.count(low)) {
        Value v = read_variable(current_, r);
        if (v.bits == 32) {
            words_[r] = v;
            return canonical(v);
        }
        pairs_[low] = v;
    }
    const Value pair = canonical(pairs_.at(low));
    return r == low ? truncate(pair) : high_word(pair);
}

Value Emitter::high_word(const Value& pair) {
    if (pair.known) return constant_value(32, *pair.known >> 32);
    if (pair.two_words) return vector_value(32, dry_ ? nullptr : word_of_pairs(pair.v, 1));
    return lift(32, {&pair}, [&](ArrayRef<IR> a) {
        return ir_.CreateTrunc(ir_.CreateLShr(a[0], 32), type(32, a[0]->getType()->isVectorTy()));
    });
}

/// A NaN in it may be any.
Value Emitter::raw32(Reg r) {
    const Value v = get32(r); // comes into the block's values
    const auto word = words_.find(r);
    return word != words_.end() ? word->second : v;
}

Value Emitter::get(Reg r) {
    return is_pred(r) ? get_pred(r - kFirstPred, false) : get32(r);
}

Value Emitter::get64(Reg r) {
    if (r == isa::kZeroReg) return constant_value(64, 0);
    if (const auto pair = pairs_.find(r); pair != pairs_.end()) return pair->second;
    const Reg high = r + 1;
    if (!words_.count(r) && !words_.count(high) && program_.blocks[current_].live_in[r] &&
        program_.blocks[current_].live_in[high] &&
        variables_.all()[variables_.in(current_, r)].bits == 64) {
        Value v = read_variable(current_, r);
        pairs_[r] = v;
        return v;
    }
    const Value lo = get32(r), hi = get32(high);
    if (lo.known && hi.known) return constant_value(64, *lo.known | *hi.known << 32);
    return lift(64, {&lo, &hi}, [&](ArrayRef<IR> a) { return joined(a[0], a[1]); });
}

void Emitter::put32(Reg r, Value v) {
    if (r == isa::kZeroReg) return;
    v.bits = 32;
    const Reg low = r & ~1, other = r ^ 1;
    const CodeBlock& block = program_.blocks[current_];
    if (!pairs_.count(low) && !words_.count(r) && !words_.count(other) && block.live_in[other] &&
        variables_.all()[variables_.in(current_, other)].bits == 64)
        pairs_[low] = read_variable(current_, other);
    if (pairs_.count(low)) { // the other word stays
        const Value kept = get32(other);
        pairs_.erase(low);
        words_[other] = kept;
    }
    words_[r] = v;
}

void Emitter::put64(Reg r, Value v) {
    if (r == isa::kZeroReg) return;
    v.bits = 64;
    words_.erase(r);
    words_.erase(r + 1);
    pairs_[r] = v;
}

Value Emitter::get_pred(unsigned p, bool negated) {
    if (p == isa::kTruePred) return constant_value(1, !negated);
    const Reg r = static_cast<Reg>(kFirstPred + p);
    if (!preds_.count(r)) preds_[r] = read_variable(current_, r);
    const Value v = preds_.at(r);
    if (!negated) return v;
    if (v.known) return constant_value(1, !*v.known);
    return lift(1, {&v}, [&](ArrayRef<IR> a) { return ir_.CreateNot(a[0]); });
}

void Emitter::put_pred(unsigned p, Value v) {
    if (p == isa::kTruePred) return;
    v.bits = 1;
    preds_[static_cast<Reg>(kFirstPred + p)] = v;
}

/// As the register's kind and the value's size are.
void Emitter::put(Reg r, const Value& v) {
    if (is_pred(r))
        put_pred(r - kFirstPred, v);
    else if (v.bits == 64)
        put64(r, v);
    else
        put32(r, v);
}

/// p ? x : y
Value Emitter::select(const Value& p, Value x, Value y) {
    if (p.known) return *p.known ? x : y;
    x = settled(x);
    y = settled(y);
    Value r;
    r.bits = x.bits;
    r.raw = (x.raw || y.raw) && may_be_raw(x) && may_be_raw(y);
    if (!r.raw) { // the other one may be any bits, which must stay
        x = canonical(x);
        y = canonical(y);
    }
    if (p.is_uniform() && x.kind == y.kind && x.step == y.step && !x.dynamic && !y.dynamic) {
        static_cast<Shape&>(r) = join(x, y);
        if (x.known && x.known == y.known) return x;
        r.known.reset();
        r.parameter.reset();
        r.word.reset();
        if (!dry_) r.v = ir_.CreateSelect(p.v, x.v, y.v);
        return r;
    }
    r.kind = Kind::Vector;
    if (!dry_) r.v = ir_.CreateSelect(p.is_uniform() ? p.v : vector(p), vector(x), vector(y));
    return r;
}

} // namespace acc::model::jit
