// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Butterflies: indices such as i ^ j and 2 * i - (i & (j - 1)) whose j is known at run time only.
// Each bit of the lane's number adds a step of its own, which depends on j; so the lanes of a row
// of the host lie alike in each row of the gang, and what they are is decided once for all of them:
// in a row, within two rows (then they are picked from these, or put into them), or anywhere.
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>

#include <bit>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
/// Bytes of a row of the host.
constexpr unsigned row_bytes(bool masks) {
    return masks ? 64 : 32;
}

/// Elements of two rows of AVX2, four bytes each: the host permutes one row, by the low bits.
llvm::Value* pick_by_halves(IRBuilder<>& ir, llvm::Value* low, llvm::Value* high,
                            llvm::Value* places) {
    constexpr Intrinsic::ID permute = Intrinsic::x86_avx2_permd;
    llvm::Value* in_high = ir.CreateIsNeg(ir.CreateShl(places, 28)); // its fourth bit, as a sign
    return ir.CreateSelect(in_high, ir.CreateIntrinsic(permute, {}, {high, places}),
                           ir.CreateIntrinsic(permute, {}, {low, places}));
}

/// Several ways to one value.
class Ways {
  public:
    explicit Ways(llvm::BasicBlock* done) : done_(done) {}
    /// This way ends here, with x.
    void end(IRBuilder<>& ir, llvm::Value* x) {
        ways_.emplace_back(x, ir.GetInsertBlock());
        ir.CreateBr(done_);
    }
    /// Behind all of them.
    llvm::Value* value(IRBuilder<>& ir) const {
        ir.SetInsertPoint(done_);
        PHINode* phi = ir.CreatePHI(ways_[0].first->getType(), static_cast<unsigned>(ways_.size()));
        for (const auto& [x, from] : ways_)
            phi->addIncoming(x, from);
        return phi;
    }

  private:
    llvm::BasicBlock* done_;
    SmallVector<std::pair<llvm::Value*, llvm::BasicBlock*>, 3> ways_;
};
} // namespace

bool Emitter::is_wide(const Shape& v) const {
    return std::popcount(v.dynamic) > most_dynamic_;
}

/// Every bit of the lane's number is a bit of x of its own: what and, or, xor make of it is a step,
/// and so is what they make of the base. Nothing: x is not such a value, or too little is won.
std::optional<Value> Emitter::bitwise_steps(Instruction::BinaryOps op, Value x, Value y) {
    if (y.is_linear()) std::swap(x, y);
    if (!x.is_linear() || !y.is_uniform() || !is_union(x)) return std::nullopt;
    Value base = x;
    base.kind = Kind::Uniform;
    base.step = {};
    Value r = binary(op, base, y, x.bits);
    if (r.known) { // of a Linear value the base is described by the others
        r.most = *r.known;
        r.align = lowest_bit(*r.known);
        r.v = constant(x.bits, *r.known);
        r.known.reset();
    }
    r.kind = Kind::Linear;
    for (unsigned i = 0; i < lane_bits_; ++i) {
        const int64_t bit = x.step[i];
        if (bit == 0) continue;
        if (y.known) {
            const bool has = *y.known & static_cast<uint64_t>(bit);
            r.step[i] = op == Instruction::And  ? (has ? bit : 0)
                        : !has                  ? bit
                        : op == Instruction::Or ? 0
                                                : -bit;
            continue;
        }
        r.dynamic |= static_cast<uint8_t>(1u << i);
        r.dynamic_align = common_align(r.dynamic_align, static_cast<uint64_t>(bit));
        if (!dry_)
            r.dynamic_step[i] = step_of_bit(op, constant(x.bits, static_cast<uint64_t>(bit)), y.v);
    }
    if (!y.known && !is_wide(r)) return std::nullopt;
    if (op == Instruction::And && r.dynamic) r.dynamic_bits = possible_bits(x) & ~base_bits(x);
    if (r.step == decltype(r.step){} && !r.dynamic) r.kind = Kind::Uniform;
    if (!dry_ && is_wide(r)) r.exact = ir_.CreateBinOp(op, vector(x), splat(y.v));
    return r;
}

/// A union of bits, or what has been made of one already, shifted by what is not known here: so is
/// each bit.
std::optional<Value> Emitter::shifted_steps(Instruction::BinaryOps op, const Value& a,
                                            const Value& by,
                                            const std::function<IR(ArrayRef<IR>)>& shifted) {
    if (op == Instruction::AShr || a.guarded || a.dynamic || !is_union(a)) return std::nullopt;
    Value r;
    r.bits = a.bits;
    r.kind = Kind::Linear;
    for (unsigned i = 0; i < lane_bits_; ++i) {
        if (a.step[i] == 0) continue;
        r.dynamic |= static_cast<uint8_t>(1u << i);
        if (!dry_)
            r.dynamic_step[i] = shifted({constant(a.bits, static_cast<uint64_t>(a.step[i])), by.v});
    }
    r.dynamic_align = 1;
    if (!is_wide(r)) return std::nullopt;
    if (op == Instruction::LShr && a.most != ~0ull) r.most = a.most;
    if (dry_) return r;
    r.v = shifted({a.v, by.v});
    r.exact = shifted({vector(a), splat(by.v)});
    return r;
}

/// What one bit adds to a number that is combined with y: to one that has not got it.
Emitter::IR Emitter::step_of_bit(Instruction::BinaryOps op, IR bit, IR y) {
    IR has = ir_.CreateAnd(y, bit);
    if (op == Instruction::And) return has;
    return ir_.CreateSub(bit, op == Instruction::Or ? has : ir_.CreateShl(has, 1));
}

/// Of a shared access: the lanes of a row of the host, their steps, and where the first one is.
struct Emitter::Butterfly {
    unsigned lanes, bits;                ///< of a row
    int64_t row;                         ///< its bytes
    IR first = nullptr;                  ///< 64 bits
    std::array<IR, kLaneBits> step{};    ///< in bytes, 64 bits
    IR lowest = nullptr, span = nullptr; ///< of a row's lanes, from the first one on, in bytes
    IR inside = nullptr;  ///< all lanes, whether they take part or not, are in shared memory
    IR in_row = nullptr;  ///< one after the other
    IR start = nullptr;   ///< bytes from the start of a row of memory to the lowest lane
    IR in_rows = nullptr; ///< within two rows, alike in all rows of the gang
    bool permuted = true; ///< then they are permuted, where the host is faster so than one by one
};

bool Emitter::is_butterfly(const Way& way) const {
    return (has_masks_ || host_.gathers) && !one_thread_ && way.shared && way.at.is_linear() &&
           is_wide(way.at) && (way.bytes == 4 || way.bytes == 8);
}

Emitter::Butterfly Emitter::butterfly(const Way& way) {
    Butterfly b;
    b.row = row_bytes(has_masks_);
    b.lanes = static_cast<unsigned>(b.row) / way.bytes;
    b.permuted = has_masks_ || way.bytes == 4;
    b.bits = static_cast<unsigned>(std::countr_zero(b.lanes));
    llvm::Type* wide = type(64, false);
    const auto c = [&](int64_t x) { return constant(64, static_cast<uint64_t>(x)); };
    b.first = ir_.CreateSExt(way.at.v, wide);
    b.lowest = c(0);
    IR highest = c(0), low = b.first, high = b.first, upper = c(0), misplaced = c(0);
    for (unsigned i = 0; i < lane_bits_; ++i) {
        b.step[i] = ir_.CreateSExt(step_of(way.at, i), wide);
        IR less = ir_.CreateBinaryIntrinsic(Intrinsic::smin, b.step[i], c(0));
        IR more = ir_.CreateBinaryIntrinsic(Intrinsic::smax, b.step[i], c(0));
        low = ir_.CreateAdd(low, less);
        high = ir_.CreateAdd(high, more);
        if (i >= b.bits) {
            upper = ir_.CreateOr(upper, b.step[i]);
            continue;
        }
        b.lowest = ir_.CreateAdd(b.lowest, less);
        highest = ir_.CreateAdd(highest, more);
        misplaced = ir_.CreateOr(misplaced,
                                 ir_.CreateXor(b.step[i], c(static_cast<int64_t>(way.bytes) << i)));
    }
    b.span = ir_.CreateSub(highest, b.lowest);
    const int64_t last = static_cast<int64_t>(size_.shared_bytes) - way.bytes;
    b.inside = ir_.CreateAnd(ir_.CreateICmpSGE(low, c(0)), ir_.CreateICmpSLE(high, c(last)));
    b.in_row = ir_.CreateAnd(b.inside, ir_.CreateICmpEQ(misplaced, c(0)));
    b.start = ir_.CreateAnd(ir_.CreateAdd(b.first, b.lowest), c(b.row - 1));
    IR fits = ir_.CreateICmpULE(ir_.CreateAdd(b.start, b.span), c(2 * b.row - way.bytes));
    IR alike = ir_.CreateICmpEQ(ir_.CreateAnd(upper, c(b.row - 1)), c(0));
    b.in_rows = ir_.CreateAnd(b.inside, ir_.CreateAnd(fits, alike));
    return b;
}

/// Host address of the lane with which row `g` of the gang begins.
Emitter::IR Emitter::butterfly_pointer(const Butterfly& b, unsigned g) {
    IR at = b.first;
    for (unsigned i = b.bits; i < lane_bits_; ++i)
        if (g * b.lanes >> i & 1) at = ir_.CreateAdd(at, b.step[i]);
    return ir_.CreateGEP(ir_.getInt8Ty(),
                         block_member(offsetof(TranslatedBlock, shared), ir_.getPtrTy()), at);
}

/// The start of the row of memory that the lowest lane of row g is in.
Emitter::IR Emitter::butterfly_row(const Butterfly& b, unsigned g) {
    IR back = ir_.CreateSub(b.lowest, b.start);
    return ir_.CreateGEP(ir_.getInt8Ty(), butterfly_pointer(b, g), back);
}

/// How many elements each lane of a row is behind the start of its row of memory.
Emitter::IR Emitter::butterfly_places(const Butterfly& b, unsigned bytes) {
    IR shift = constant(64, static_cast<uint64_t>(std::countr_zero(bytes)));
    llvm::Type* element = type(bytes * 8, false);
    const auto elements = [&](IR x) {
        return ir_.CreateVectorSplat(b.lanes, ir_.CreateTrunc(ir_.CreateAShr(x, shift), element));
    };
    IR places = elements(ir_.CreateSub(b.start, b.lowest));
    for (unsigned i = 0; i < b.bits; ++i) {
        SmallVector<Constant*, 16> has;
        for (unsigned l = 0; l < b.lanes; ++l)
            has.push_back(ConstantInt::getBool(cx_, l >> i & 1));
        places = ir_.CreateAdd(places,
                               ir_.CreateSelect(ConstantVector::get(has), elements(b.step[i]),
                                                Constant::getNullValue(places->getType())));
    }
    return places;
}

Emitter::IR Emitter::load_butterfly(const Way& way, IR mask) {
    const Butterfly b = butterfly(way);
    auto* t = FixedVectorType::get(IntegerType::get(cx_, element_bits(way)), b.lanes);
    const Align align(way.bytes);
    llvm::BasicBlock *row = block("row"), *other = block("no_row"), *done = block("gathered");
    Ways ways(done);
    ir_.CreateCondBr(b.in_row, row, other);
    ir_.SetInsertPoint(row);
    SmallVector<IR, 16> parts;
    for (unsigned g = 0; g * b.lanes < lanes_; ++g)
        parts.push_back(ir_.CreateAlignedLoad(t, butterfly_pointer(b, g), align));
    ways.end(ir_, whole(parts));
    ir_.SetInsertPoint(other);
    if (b.permuted) {
        llvm::BasicBlock *rows = block("rows"), *lanes = block("gather");
        ir_.CreateCondBr(b.in_rows, rows, lanes);
        ir_.SetInsertPoint(rows);
        ways.end(ir_, load_from_rows(way, b));
        ir_.SetInsertPoint(lanes);
    }
    ways.end(ir_, mask || has_masks_ ? gather_lanes(way, mask)[0] : load_one_by_one(way, b));
    return ways.value(ir_);
}

Emitter::IR Emitter::load_from_rows(const Way& way, const Butterfly& b) {
    auto* t = FixedVectorType::get(IntegerType::get(cx_, element_bits(way)), b.lanes);
    const Align align(way.bytes);
    const Intrinsic::ID pick = way.bytes == 4 ? Intrinsic::x86_avx512_vpermi2var_d_512
                                              : Intrinsic::x86_avx512_vpermi2var_q_512;
    IR places = butterfly_places(b, way.bytes);
    SmallVector<IR, 16> parts;
    for (unsigned g = 0; g * b.lanes < lanes_; ++g) {
        IR p = butterfly_row(b, g), behind = ir_.CreateConstGEP1_64(ir_.getInt8Ty(), p, b.row);
        IR low = ir_.CreateAlignedLoad(t, p, align), high = ir_.CreateAlignedLoad(t, behind, align);
        parts.push_back(has_masks_ ? ir_.CreateIntrinsic(pick, {}, {low, places, high})
                                   : pick_by_halves(ir_, low, high, places));
    }
    return whole(parts);
}

/// Host addresses of the lanes of row `g`: those of all rows are the same from the first one on.
SmallVector<Emitter::IR, 16> Emitter::butterfly_lanes(const Butterfly& b, unsigned g) {
    IR p = butterfly_pointer(b, g);
    SmallVector<IR, 16> lanes;
    for (unsigned l = 0; l < b.lanes; ++l) {
        IR at = constant(64, 0);
        for (unsigned i = 0; i < b.bits; ++i)
            if (l >> i & 1) at = ir_.CreateAdd(at, b.step[i]);
        lanes.push_back(ir_.CreateGEP(ir_.getInt8Ty(), p, at));
    }
    return lanes;
}

/// All lanes, which are inside: faster than the gathers of hosts without mask registers.
Emitter::IR Emitter::load_one_by_one(const Way& way, const Butterfly& b) {
    llvm::Type* element = type(way.bytes * 8, false);
    SmallVector<IR, 16> parts;
    for (unsigned g = 0; g * b.lanes < lanes_; ++g) {
        IR x = PoisonValue::get(FixedVectorType::get(element, b.lanes));
        for (const auto& [l, p] : enumerate(butterfly_lanes(b, g)))
            x = ir_.CreateInsertElement(x, ir_.CreateAlignedLoad(element, p, Align(way.bytes)), l);
        parts.push_back(x);
    }
    return whole(parts);
}

void Emitter::store_one_by_one(const Way& way, const Butterfly& b, IR x) {
    for (unsigned g = 0; g * b.lanes < lanes_; ++g)
        for (const auto& [l, p] : enumerate(butterfly_lanes(b, g)))
            ir_.CreateAlignedStore(ir_.CreateExtractElement(x, uint64_t{g * b.lanes + l}), p,
                                   Align(way.bytes));
}

/// Of global memory, by all lanes: those of a row of the host may all want one element, or lie one
/// after the other.
bool Emitter::may_be_alike(const Way& way, IR mask) const {
    return (has_masks_ || host_.gathers) && !one_thread_ && !mask && way.split && way.index_steps &&
           (way.bytes == 4 || way.bytes == 8) && way.bytes >= 1u << way.scale;
}

Emitter::IR Emitter::load_alike(const Way& way) {
    const Value& index = *way.index_steps;
    const unsigned lanes = row_bytes(has_masks_) / way.bytes,
                   bits = static_cast<unsigned>(std::countr_zero(lanes));
    IR base = host_pointer(way, way.base.v), differ = constant(32, 0), misplaced = differ;
    for (unsigned i = 0; i < bits; ++i) {
        IR step = step_of(index, i);
        differ = ir_.CreateOr(differ, step);
        misplaced = ir_.CreateOr(
            misplaced, ir_.CreateXor(step, constant(32, uint64_t{way.bytes >> way.scale} << i)));
    }
    llvm::Type* element = type(way.bytes * 8, false);
    const auto pointer = [&](unsigned g) {
        IR at = index.v;
        for (unsigned i = bits; i < lane_bits_; ++i)
            if (g * lanes >> i & 1) at = ir_.CreateAdd(at, step_of(index, i));
        return indexed_pointer(way, base, at);
    };
    llvm::BasicBlock *same = block("same"), *other = block("not_same"), *row = block("row"),
                     *each = block("gather"), *done = block("gathered");
    Ways ways(done);
    const auto rows = [&](const std::function<IR(unsigned)>& load) {
        SmallVector<IR, 16> parts;
        for (unsigned g = 0; g * lanes < lanes_; ++g)
            parts.push_back(load(g));
        ways.end(ir_, whole(parts));
    };
    ir_.CreateCondBr(ir_.CreateIsNull(differ), same, other);
    ir_.SetInsertPoint(same);
    rows([&](unsigned g) {
        return ir_.CreateVectorSplat(lanes,
                                     ir_.CreateAlignedLoad(element, pointer(g), Align(way.bytes)));
    });
    ir_.SetInsertPoint(other);
    ir_.CreateCondBr(ir_.CreateIsNull(misplaced), row, each);
    ir_.SetInsertPoint(row);
    rows([&](unsigned g) {
        return ir_.CreateAlignedLoad(FixedVectorType::get(element, lanes), pointer(g),
                                     Align(way.bytes));
    });
    ir_.SetInsertPoint(each);
    ways.end(ir_, gather_lanes(way, nullptr)[0]);
    return ways.value(ir_);
}

/// Which lane is at each place of two rows of memory, and at which places there is one.
struct Emitter::ButterflyInverse {
    IR lane[2], taken[2];
    IR distinct = nullptr; ///< each bit of the lane's number is one of the place of its own
};

Emitter::ButterflyInverse Emitter::inverse(const Butterfly& b, unsigned bytes) {
    llvm::Type* element = type(bytes * 8, false);
    IR shift = constant(64, static_cast<uint64_t>(std::countr_zero(bytes)));
    IR sum = constant(64, 0), all = sum, flipped = sum;
    const auto over = [&](IR x) {
        return ir_.CreateVectorSplat(b.lanes, ir_.CreateTrunc(x, element));
    };
    ButterflyInverse r;
    IR place[2], zero = Constant::getNullValue(FixedVectorType::get(element, b.lanes));
    for (unsigned k = 0; k < 2; ++k) {
        SmallVector<Constant*, 16> numbers;
        for (unsigned l = 0; l < b.lanes; ++l)
            numbers.push_back(ConstantInt::get(element, k * b.lanes + l));
        // From the lowest lane on: what is before it has high bits.
        place[k] = ir_.CreateSub(ConstantVector::get(numbers),
                                 over(ir_.CreateLShr(b.start, shift)));
        r.lane[k] = zero;
    }
    r.distinct = ir_.getTrue();
    for (unsigned i = 0; i < b.bits; ++i) {
        IR negative = ir_.CreateICmpSLT(b.step[i], constant(64, 0));
        IR size = ir_.CreateLShr(
            ir_.CreateBinaryIntrinsic(Intrinsic::abs, b.step[i], ir_.getFalse()), shift);
        sum = ir_.CreateAdd(sum, size);
        r.distinct = ir_.CreateAnd(r.distinct, ir_.CreateIsNotNull(size));
        all = ir_.CreateOr(all, size);
        flipped = ir_.CreateOr(
            flipped, ir_.CreateSelect(negative, constant(64, 1ull << i), constant(64, 0)));
        IR bit = ir_.CreateVectorSplat(b.lanes, ConstantInt::get(element, 1ull << i));
        for (unsigned k = 0; k < 2; ++k)
            r.lane[k] = ir_.CreateOr(
                r.lane[k],
                ir_.CreateSelect(ir_.CreateICmpNE(ir_.CreateAnd(place[k], over(size)), zero), bit,
                                 zero));
    }
    for (unsigned k = 0; k < 2; ++k) {
        r.lane[k] = ir_.CreateXor(r.lane[k], over(flipped));
        r.taken[k] = ir_.CreateICmpEQ(ir_.CreateAnd(place[k], over(ir_.CreateNot(all))), zero);
    }
    IR bits = ir_.CreateUnaryIntrinsic(Intrinsic::ctpop, all);
    r.distinct = both(
        r.distinct, both(ir_.CreateICmpEQ(sum, all), ir_.CreateICmpEQ(bits, constant(64, b.bits))));
    return r;
}

void Emitter::store_butterfly(const Way& way, IR x, IR mask) {
    const Butterfly b = butterfly(way);
    const Align align(way.bytes);
    llvm::BasicBlock *row = block("row"), *other = block("no_row"), *done = block("scattered");
    const auto part_of = [&](IR v, unsigned g) { return lanes_from(v, g * b.lanes, b.lanes); };
    ir_.CreateCondBr(b.in_row, row, other);
    ir_.SetInsertPoint(row);
    for (unsigned g = 0; g * b.lanes < lanes_; ++g) {
        store_where(part_of(x, g), butterfly_pointer(b, g), align,
                    mask ? part_of(mask, g) : nullptr, true);
    }
    ir_.CreateBr(done);
    ir_.SetInsertPoint(other);
    if (b.permuted) {
        llvm::BasicBlock *rows = block("rows"), *lanes = block("scatter");
        const ButterflyInverse inv = inverse(b, way.bytes);
        ir_.CreateCondBr(ir_.CreateAnd(b.in_rows, inv.distinct), rows, lanes);
        ir_.SetInsertPoint(rows);
        put_in_rows(b, inv, x, mask, way.bytes);
        ir_.CreateBr(done);
        ir_.SetInsertPoint(lanes);
    }
    if (mask || has_masks_)
        scatter_lanes(way, x, mask, 0);
    else
        store_one_by_one(way, b, x);
    ir_.CreateBr(done);
    ir_.SetInsertPoint(done);
}

/// Whole rows are written: nobody else has shared memory meanwhile, and the host then need not wait
/// for parts of rows when they are loaded next.
void Emitter::put_in_rows(const Butterfly& b, const ButterflyInverse& inv, IR x, IR mask,
                          unsigned bytes) {
    const Intrinsic::ID permute = !has_masks_  ? Intrinsic::x86_avx2_permd
                                  : bytes == 4 ? Intrinsic::x86_avx512_permvar_si_512
                                               : Intrinsic::x86_avx512_permvar_di_512;
    for (unsigned g = 0; g * b.lanes < lanes_; ++g) {
        IR data = lanes_from(x, g * b.lanes, b.lanes), p = butterfly_row(b, g), takes = nullptr;
        if (mask) takes = ir_.CreateSExt(lanes_from(mask, g * b.lanes, b.lanes), data->getType());
        for (unsigned k = 0; k < 2; ++k) {
            IR at = ir_.CreateConstGEP1_64(ir_.getInt8Ty(), p, k * b.row);
            IR taken = inv.taken[k];
            if (mask)
                taken = ir_.CreateAnd(
                    taken, ir_.CreateICmpSLT(ir_.CreateIntrinsic(permute, {}, {takes, inv.lane[k]}),
                                             Constant::getNullValue(data->getType())));
            IR old = ir_.CreateAlignedLoad(data->getType(), at, Align(bytes));
            IR y = ir_.CreateIntrinsic(permute, {}, {data, inv.lane[k]});
            ir_.CreateAlignedStore(ir_.CreateSelect(taken, y, old), at, Align(bytes));
        }
    }
}

} // namespace acc::model::jit
