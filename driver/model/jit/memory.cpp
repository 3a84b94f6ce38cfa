// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads and stores, which have been looked at before (segments.cpp) or need no look.
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/MDBuilder.h>

#include "driver/model/jit/access.h"
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

namespace {

/// Lanes, a power of two, of which each group lies in consecutive elements, or is one element.
struct Pattern {
    unsigned lanes = 1;
    bool one_element = false;
};
Pattern pattern_of(const Value& at, unsigned bytes, unsigned bits) {
    unsigned consecutive = 0, same = 0;
    while (consecutive < bits && at.step[consecutive] == static_cast<int64_t>(bytes) << consecutive)
        ++consecutive;
    while (same < bits && at.step[same] == 0 && !at.is_dynamic(same))
        ++same;
    return same > consecutive ? Pattern{1u << same, true} : Pattern{1u << consecutive, false};
}

SmallVector<int, 32> sequence(unsigned first, unsigned count, unsigned stride = 1) {
    SmallVector<int, 32> s;
    for (unsigned i = 0; i < count; ++i)
        s.push_back(static_cast<int>(first + i * stride));
    return s;
}

} // namespace

std::optional<Access> plain_access(const Inst& inst) {
    if (!inst.row) return std::nullopt;
    const isa::RowInfo& row = *inst.row;
    const bool load = row.has(isa::kMayLoad), store = row.has(isa::kMayStore);
    // Atomics and the like have side effects besides; matrix rows have no size.
    if (load == store || row.mem_bytes == 0 || row.has(isa::kSideEffects)) return std::nullopt;
    Access a;
    a.bytes = row.mem_bytes;
    a.store = store;
    a.space = row.space;
    const std::string_view name = row.mnemonic;
    a.is_signed = load && (name.ends_with(".s8") || name.ends_with(".s16"));
    if (a.space == isa::Space::Shared) return a;
    if (is_strong(inst, store)) return std::nullopt;
    return a;
}

bool is_strong(const Inst& inst, bool store) {
    const uint32_t m = inst.mods();
    if (store) return mods::MSemSt.get(m) != 0;
    return mods::MSemLd.get(m) != 0 || mods::MCacheLd.get(m) == mods::MCacheLd_cv;
}

void Emitter::find_address(Way& way) {
    const Inst& inst = way.inst;
    const bool wide = !way.shared && !way.local;
    const unsigned bits = wide ? 64 : 32;
    const Value offset = constant_value(
        bits, static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(inst.imm()))));
    way.root = way.plain = source(inst, Field::ra, bits);
    way.at = add(way.root, offset, bits);
    // Atomics have other operands and modifiers in these places; they do not come here.
    const Reg r = static_cast<Reg>(inst.reg(Field::rb));
    if (r == isa::kZeroReg) return;
    Value index = get32(r);
    if (wide && is_wide(index)) {
        way.index_steps = index;
        index = vector_value(32, vector(index));
    }
    way.indexed = true;
    way.root_index = index;
    const unsigned scale = mods::MScale.get(inst.mods());
    const bool is_signed = mods::MIdx.get(inst.mods()) == 0;
    if (wide && way.at.is_uniform() && index.is_vector() && way.bytes >= 4 && scale <= 3) {
        way.split = true;
        way.base = way.at;
        way.index = index;
        way.scale = scale;
        way.index_signed = is_signed;
        way.at = vector_value(64, nullptr); // not needed
        return;
    }
    const Value scaled = shift_left(wide ? extend(index, is_signed) : index, scale, bits);
    way.plain = add(way.root, scaled, bits);
    way.at = add(way.plain, offset, bits);
}

/// Nothing: the interpreter does it.
std::optional<Emitter::Way> Emitter::way_of(const Inst& inst) {
    const std::optional<Access> access = plain_access(inst);
    if (!access) return std::nullopt;
    Way way{inst,
            {},
            access->bytes,
            access->is_signed,
            access->store,
            access->space == isa::Space::Shared,
            access->space == isa::Space::Local};
    find_address(way);
    if (way.local && (!way.at.is_uniform() || access->bytes < 4)) return std::nullopt;
    const auto misaligned = [&](uint64_t step) { return step % access->bytes != 0; };
    bool steps_fit = true; // those that are known at run time only: steps_aligned()
    for (int64_t s : way.at.step)
        steps_fit = steps_fit && !misaligned(static_cast<uint64_t>(s < 0 ? -s : s));
    if (way.at.is_linear() && !steps_fit) // each lane is looked at
        way.at = vector_value(way.at.bits, vector(way.at));
    return way;
}

bool Emitter::emit_memory(const Inst& inst) {
    if (inst.local) {
        move_local(inst);
        return true;
    }
    const std::optional<Way> way = way_of(inst);
    if (!way) return false;
    emit_access(*way);
    return true;
}

/// A word of local memory that is a register, or several.
void Emitter::move_local(const Inst& inst) {
    const bool store = inst.row->has(isa::kMayStore);
    const unsigned other = inst.reg(store ? Field::rc : Field::rd), words = inst.row->mem_bytes / 4;
    for (unsigned i = 0; i < words; i += 2) {
        const Reg local = static_cast<Reg>(*inst.local + i);
        const Reg reg = static_cast<Reg>(other == isa::kZeroReg ? other : other + i);
        const Reg from = store ? reg : local, to = store ? local : reg;
        if (words > 1)
            put64(to, settled(get64(from)));
        else
            put32(to, raw32(from));
    }
}

/// A constant that all threads read from the parameters, which can be read.
bool Emitter::is_parameter(const Way& way) const {
    const std::optional<uint64_t> at = way.at.parameter;
    return at && !way.store && way.inst.row->space == isa::Space::Const && *at % way.bytes == 0 &&
           *at <= size_.kernarg_bytes && size_.kernarg_bytes - *at >= way.bytes;
}

Value Emitter::stored_word(const Inst& inst, unsigned i) {
    const unsigned r = inst.reg(Field::rc);
    return r == isa::kZeroReg ? constant_value(32, 0) : get32(static_cast<Reg>(r + i));
}

/// The access is inside and aligned whatever the threads do.
bool Emitter::always_fast(const Way& way) const {
    if (is_parameter(way)) return true;
    if ((!way.shared && !way.local) || way.at.is_vector() || way.at.guarded || way.at.dynamic)
        return false;
    const uint64_t limit = way.shared ? size_.shared_bytes : size_.local_bytes;
    if (way.at.align != 0 && way.at.align % way.bytes) return false;
    return way.at.lowest() >= 0 && way.at.most <= limit &&
           way.at.most + static_cast<uint64_t>(way.at.highest()) + way.bytes <= limit;
}

/// Lane by lane, as far as the steps from lane to lane say.
bool Emitter::is_gathered(const Way& way) const {
    return pattern_of(way.at, way.bytes, lane_bits_).lanes < 8;
}

/// i1: the steps that are known at run time only keep elements aligned. Null: they do.
Emitter::IR Emitter::steps_aligned(const Way& way) {
    IR all = nullptr;
    if (way.at.dynamic_align % way.bytes == 0) return nullptr;
    for (unsigned i = 0; i < kLaneBits; ++i)
        if (way.at.is_dynamic(i))
            all = all ? ir_.CreateOr(all, way.at.dynamic_step[i]) : way.at.dynamic_step[i];
    if (!all) return nullptr;
    IR below = ir_.CreateAnd(all, ConstantInt::get(all->getType(), way.bytes - 1));
    return ir_.CreateIsNull(below);
}

/// What of the address is looked at.
Emitter::LookedAt Emitter::looked_at(const Way& way) const {
    if (way.at.is_vector()) return LookedAt::EachLane;
    const bool all = !partial_[current_] && !way.inst.guarded();
    if (!all && is_butterfly(way)) return LookedAt::EachLane;
    if (all || !way.at.is_linear() || way.at.dynamic) return LookedAt::Whole;
    // Lanes that take no part may be anywhere. Those of gathers are not accessed; around shared
    // memory there is room for loads.
    const bool gathered = is_gathered(way) && !in_groups(way);
    const int64_t span = way.at.highest() - way.at.lowest();
    if (!gathered && !(way.shared && span <= static_cast<int64_t>(kSharedRoom) - 64))
        return LookedAt::Whole;
    const int64_t step = way.at.step[0];
    const int64_t most = (INT64_C(1) << 31) / lanes_; // no lane's comes round
    bool even = step > -most && step < most;
    for (unsigned i = 0; i < lane_bits_; ++i)
        even = even && way.at.step[i] == step << i;
    return even ? LookedAt::Ends : way.shared ? LookedAt::EachLane : LookedAt::Whole;
}

/// Bytes that one look covers: of an element, or of all lanes whose steps are known; and of the
/// accesses that are looked at together.
uint64_t Emitter::extent(const Way& way) const {
    const uint64_t last = way.bytes + way.more;
    return looked_at(way) == LookedAt::Whole
               ? static_cast<uint64_t>(way.at.highest() - way.at.lowest()) + last
               : last;
}

/// i1: the fast way may be gone. mask: the lanes (null: all).
Emitter::IR Emitter::may_go_fast(const Way& way, IR mask, unsigned place) {
    const uint64_t e = way.bytes;
    const unsigned bits = way.at.bits;
    IR low = nullptr, starts = nullptr;
    // What is not known to be aligned is rotated so far: what is not then is far outside.
    const bool aligned = way.at.align == 0 || way.at.align % e == 0;
    const unsigned shift = way.split || (!way.at.is_vector() && aligned)
                               ? 0
                               : static_cast<unsigned>(std::countr_zero(e));
    if (way.local || way.shared) {
        const uint64_t size = way.local ? size_.local_bytes : size_.shared_bytes;
        low = constant(32, 0);
        starts = constant(32, size < extent(way) ? 0 : ((size - extent(way)) >> shift) + 1);
    } else {
        places_[place].bytes = extent(way);
        places_[place].shift = shift;
        low = ir_.CreateLoad(type(64, false), range_member(place, offsetof(AccessRange, low)));
        starts = ir_.CreateLoad(type(64, false),
                                range_member(place, offsetof(AccessRange, starts)));
    }
    if (way.split) return index_in_range(way, low, starts, mask);
    const auto rotated = [&](IR x) -> IR {
        if (shift == 0) return x;
        IR by = ConstantInt::get(x->getType(), shift);
        return ir_.CreateIntrinsic(Intrinsic::fshr, {x->getType()}, {x, x, by});
    };
    const LookedAt what = looked_at(way);
    const auto good = [&](IR from) { return ir_.CreateICmpULT(rotated(from), starts); };
    const auto lowest = [&] {
        return ir_.CreateAdd(way.at.v, constant(bits, static_cast<uint64_t>(way.at.lowest())));
    };
    if (what == LookedAt::Whole) {
        IR first = ir_.CreateSub(lowest(), low), ok = nullptr;
        if (!way.at.dynamic)
            ok = good(first);
        else
            for (IR end : dynamic_ends(way.at, &ok))
                ok = both(ok, good(ir_.CreateAdd(first, end)));
        if (IR aligned = steps_aligned(way)) ok = both(ok, aligned);
        return way.at.guarded ? both(ok, way.at.holds) : ok;
    }
    const auto those_that_take_part = [&] {
        if (what == LookedAt::EachLane) {
            IR d = rotated(ir_.CreateSub(vector(way.at), splat(low)));
            return nobody(ir_.CreateICmpUGE(d, splat(starts)), mask);
        }
        IR lanes = bits_of(mask ? mask : all_lanes());
        IR from = ir_.CreateSub(way.at.v, low), ok = nullptr;
        IR step = constant(bits, static_cast<uint64_t>(way.at.step[0]));
        for (IR lane : ends_of(lanes, bits))
            ok = both(ok, good(ir_.CreateAdd(from, ir_.CreateMul(lane, step))));
        return way.at.guarded ? both(ok, way.at.holds) : ok;
    };
    // Most of the time those that take no part are inside shared memory too, and that is known
    // from another access.
    const uint64_t all = static_cast<uint64_t>(way.at.highest() - way.at.lowest()) + extent(way);
    if (!way.shared || way.at.is_vector() || way.at.guarded || all > size_.shared_bytes)
        return those_that_take_part();
    IR inside = constant(32, ((size_.shared_bytes - all) >> shift) + 1), first = lowest();
    const auto is_inside = [&](IR x) { return ir_.CreateICmpULT(rotated(x), inside); };
    IR ok = nullptr;
    if (!way.at.dynamic) return or_else(is_inside(first), those_that_take_part);
    for (IR end : dynamic_ends(way.at, &ok))
        ok = both(ok, is_inside(ir_.CreateAdd(first, end)));
    return or_else(ok, those_that_take_part);
}

/// a, or, where it is false, what is made then.
Emitter::IR Emitter::or_else(IR a, const std::function<IR()>& b) {
    llvm::BasicBlock *from = ir_.GetInsertBlock(), *other = block("or"), *done = block("known");
    branch_likely(a, done, other);
    ir_.SetInsertPoint(other);
    IR x = b();
    llvm::BasicBlock* end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(done);
    PHINode* phi = ir_.CreatePHI(a->getType(), 2);
    phi->addIncoming(ir_.getTrue(), from);
    phi->addIncoming(x, end);
    return phi;
}

/// i1: and even the memory of lanes that take no part may be read. Null: that is looked at anyway.
Emitter::IR Emitter::all_in_range(const Way& way, unsigned place) {
    if (way.at.is_vector() || looked_at(way) == LookedAt::Whole) return nullptr;
    IR low = ir_.CreateLoad(type(64, false), range_member(place, offsetof(AccessRange, low)));
    IR starts = ir_.CreateLoad(type(64, false), range_member(place, offsetof(AccessRange, starts)));
    IR shift = constant(64, places_[place].shift), from = ir_.CreateSub(way.at.v, low),
       ok = nullptr;
    for (int64_t step : {way.at.lowest(), way.at.highest()}) {
        IR d = ir_.CreateAdd(from, constant(64, static_cast<uint64_t>(step)));
        d = ir_.CreateIntrinsic(Intrinsic::fshr, {d->getType()}, {d, d, shift});
        ok = both(ok, ir_.CreateICmpULT(d, starts));
    }
    return ok;
}

Emitter::IR Emitter::both(IR a, IR b) {
    return a ? ir_.CreateAnd(a, b) : b;
}

/// The numbers of the first and of the last lane, in so many bits.
std::array<Emitter::IR, 2> Emitter::ends_of(IR lanes, unsigned bits) {
    IR first = ir_.CreateBinaryIntrinsic(Intrinsic::cttz, lanes, ir_.getFalse());
    IR last = ir_.CreateSub(constant(lanes_, lanes_ - 1),
                            ir_.CreateBinaryIntrinsic(Intrinsic::ctlz, lanes, ir_.getFalse()));
    return {ir_.CreateZExtOrTrunc(first, type(bits, false)),
            ir_.CreateZExtOrTrunc(last, type(bits, false))};
}

/// None of the lanes is in `bad`.
Emitter::IR Emitter::nobody(IR bad, IR mask) {
    if (mask) bad = ir_.CreateAnd(bad, mask);
    return ir_.CreateNot(any(bad));
}

/// Of an address in two parts: the indices with which it is inside are a range of 32-bit numbers.
Emitter::IR Emitter::index_in_range(const Way& way, IR low, IR starts, IR mask) {
    const auto c = [&](int64_t x) { return constant(64, static_cast<uint64_t>(x)); };
    IR first = ir_.CreateSub(low, way.base.v); // <= index << scale < first + starts
    IR last = ir_.CreateSub(ir_.CreateAdd(first, starts), c(1));
    // To whole indices: the least one rounds up.
    IR least = ir_.CreateAShr(ir_.CreateAdd(first, c((1 << way.scale) - 1)), c(way.scale));
    IR most = ir_.CreateAShr(last, c(way.scale));
    least = ir_.CreateBinaryIntrinsic(Intrinsic::smax, least, c(way.index_signed ? INT32_MIN : 0));
    most = ir_.CreateBinaryIntrinsic(Intrinsic::smin, most, c(INT32_MAX));
    // A base so far away that the differences overflow is not what the range was made for.
    IR sane = ir_.CreateICmpULT(ir_.CreateAdd(first, c(INT64_C(1) << 62)), c(INT64_MIN));
    IR any = ir_.CreateAnd(ir_.CreateICmpSLE(least, most), ir_.CreateICmpNE(starts, c(0)));
    IR span = ir_.CreateTrunc(ir_.CreateSub(most, least), type(32, false));
    IR from = ir_.CreateTrunc(least, type(32, false));
    IR good = ir_.CreateICmpULE(ir_.CreateSub(way.index.v, splat(from)), splat(span));
    IR ok = ir_.CreateAnd(sane, any);
    // Elements: the base is aligned, and the indices move by whole ones.
    const unsigned unit = 1u << way.scale;
    if (way.bytes > 1 && way.base.align != 0 && way.base.align % way.bytes)
        ok = ir_.CreateAnd(ok, ir_.CreateICmpEQ(ir_.CreateAnd(way.base.v, c(way.bytes - 1)), c(0)));
    if (unit < way.bytes)
        good = ir_.CreateAnd(
            good,
            ir_.CreateICmpEQ(ir_.CreateAnd(way.index.v, splat(constant(32, way.bytes / unit - 1))),
                             Constant::getNullValue(way.index.v->getType())));
    return ir_.CreateAnd(ok, nobody(ir_.CreateNot(good), mask));
}

/// Host address of a device address or an offset.
Emitter::IR Emitter::host_pointer(const Way& way, IR at) {
    const bool vec = at->getType()->isVectorTy();
    if (is_parameter(way)) {
        IR parameters = block_member(offsetof(TranslatedBlock, parameters), ir_.getPtrTy());
        return ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), parameters, *way.at.parameter);
    }
    if (way.shared) {
        IR shared = block_member(offsetof(TranslatedBlock, shared), ir_.getPtrTy());
        // Lanes that take no part may lie in the room before it: at negative offsets.
        return ir_.CreateGEP(ir_.getInt8Ty(), shared, ir_.CreateSExt(at, type(64, vec)));
    }
    IR offset = block_member(offsetof(TranslatedBlock, window_offset), type(64, false));
    IR address = ir_.CreateAdd(at, vec ? splat(offset) : offset);
    return ir_.CreateIntToPtr(
        address, vec ? static_cast<llvm::Type*>(FixedVectorType::get(ir_.getPtrTy(), lanes_))
                     : ir_.getPtrTy());
}

/// Host address of what a lane accesses, of an address that is no vector: a base that accesses at
/// other offsets have too, and a constant. `more` bytes behind it.
Emitter::IR Emitter::lane_pointer(const Way& way, unsigned lane, int64_t more) {
    const Value& plain = way.plain;
    const int64_t offset = static_cast<int32_t>(way.inst.imm()), step = plain.at(lane);
    constexpr int64_t kSmall = 1 << 29;
    const auto small = [](int64_t x) { return x > -kSmall && x < kSmall; };
    if (one_thread_ && has_fixed_base(way)) {
        IR p = fixed_pointer(fixed_base(way));
        if (way.indexed) {
            const Value wide = extend(way.root_index, isa::mods::MIdx.get(way.inst.mods()) == 0);
            p = ir_.CreateGEP(IntegerType::get(cx_, 8u << mods::MScale.get(way.inst.mods())), p,
                              wide.v);
        }
        return ir_.CreateConstGEP1_64(ir_.getInt8Ty(), p, static_cast<uint64_t>(offset));
    }
    // Offsets of 32 bits wrap; these do not: the lanes that take part are known to lie in shared
    // memory, and so close to it is the base then.
    const bool fits = !way.shared || (!plain.dynamic && small(offset) && small(step));
    if (is_parameter(way) || plain.is_vector() || !fits)
        return ir_.CreateConstGEP1_64(ir_.getInt8Ty(), host_pointer(way, value_at(way.at, lane)),
                                      static_cast<uint64_t>(more));
    IR p = nullptr;
    if (way.shared)
        p = ir_.CreateGEP(ir_.getInt8Ty(),
                          block_member(offsetof(TranslatedBlock, shared), ir_.getPtrTy()),
                          plain.most <= INT32_MAX ? ir_.CreateZExt(plain.v, type(64, false))
                                                  : ir_.CreateSExt(plain.v, type(64, false)));
    else
        p = ir_.CreateGEP(ir_.getInt8Ty(),
                          block_member(offsetof(TranslatedBlock, window_offset), ir_.getPtrTy()),
                          plain.v);
    for (unsigned i = 0; i < kLaneBits; ++i)
        if (plain.is_dynamic(i) && (lane >> i & 1))
            p = ir_.CreateGEP(ir_.getInt8Ty(), p, plain.dynamic_step[i]);
    return ir_.CreateConstGEP1_64(ir_.getInt8Ty(), p, static_cast<uint64_t>(offset + step + more));
}

Emitter::IR Emitter::widened(const Way& way, IR x) {
    if (way.bytes >= 4) return x;
    llvm::Type* to = type(32, x->getType()->isVectorTy());
    return way.is_signed ? ir_.CreateSExt(x, to) : ir_.CreateZExt(x, to);
}

/// What memory holds an element as: integers of its size; 16 bytes are four words.
unsigned Emitter::element_bits(const Way& way) const {
    return way.bytes == 16 ? 32 : way.bytes * 8;
}

/// The results, in words (or one 64-bit value), of the fast way.
std::vector<Emitter::IR> Emitter::load_fast(const Way& way, IR mask) {
    const unsigned bits = element_bits(way), words = way.bytes == 16 ? 4 : 1;
    llvm::Type* element = IntegerType::get(cx_, bits);
    const Align align(bits / 8);
    std::vector<IR> result;
    if (way.local) return load_local(way);
    if (auto words = from_rows(way, mask)) return *words;
    if (one_thread_ && is_parameter(way) && way.bytes == 8)
        return {fixed_parameter(*way.at.parameter)};
    if (way.at.is_uniform()) {
        IR p = lane_pointer(way, 0);
        for (unsigned i = 0; i < words; ++i) {
            LoadInst* load = ir_.CreateAlignedLoad(
                element, ir_.CreateConstInBoundsGEP1_64(element, p, i), align);
            if (is_parameter(way))
                load->setMetadata(LLVMContext::MD_invariant_load, MDNode::get(cx_, {}));
            result.push_back(widened(way, load));
        }
        return result;
    }
    if (is_butterfly(way)) return {load_butterfly(way, mask)};
    const Pattern pattern = way.at.is_linear() ? pattern_of(way.at, way.bytes, lane_bits_)
                                               : Pattern{};
    if (pattern.lanes < 8) {
        if (const std::optional<Span> span = span_of(way)) {
            if (!span->stride) return {widened(way, load_span(way, *span))};
            for (IR x : load_columns(way, *span))
                result.push_back(widened(way, x));
            return result;
        }
        if (const std::optional<BitOrder> order = order_of(way))
            return {widened(way, load_ordered(way, *order))};
        return gather(way, mask);
    }
    // Groups of lanes one after the other.
    std::vector<IR> groups(words), pieces;
    for (unsigned lane = 0; lane < lanes_; lane += pattern.lanes) {
        IR p = lane_pointer(way, lane);
        pieces.push_back(p);
        std::vector<IR> part;
        if (pattern.one_element) {
            for (unsigned i = 0; i < words; ++i)
                part.push_back(ir_.CreateVectorSplat(
                    pattern.lanes,
                    ir_.CreateAlignedLoad(element, ir_.CreateConstInBoundsGEP1_64(element, p, i),
                                          align)));
        } else {
            auto* t = FixedVectorType::get(element, pattern.lanes * words);
            // The range check covers all lanes, and hosts are slower with a mask.
            IR whole = ir_.CreateAlignedLoad(t, p, align);
            for (unsigned i = 0; i < words; ++i)
                part.push_back(
                    words == 1 ? whole
                               : ir_.CreateShuffleVector(whole, sequence(i, pattern.lanes, words)));
        }
        for (unsigned i = 0; i < words; ++i)
            groups[i] = groups[i] ? join_groups(groups[i], part[i]) : part[i];
    }
    if (!pattern.one_element) fetch_ahead(way, pieces, pattern.lanes * way.bytes);
    for (unsigned i = 0; i < words; ++i)
        result.push_back(widened(way, groups[i]));
    return result;
}

/// The lanes of x, then those of y.
Emitter::IR Emitter::join_groups(IR x, IR y) {
    const auto lanes = [](IR v) { return cast<FixedVectorType>(v->getType())->getNumElements(); };
    const unsigned nx = lanes(x), ny = lanes(y);
    if (nx != ny) { // y is padded
        SmallVector<int, 32> pad = sequence(0, ny);
        pad.resize(nx, -1);
        y = ir_.CreateShuffleVector(y, pad);
    }
    SmallVector<int, 32> both = sequence(0, nx);
    for (unsigned i = 0; i < ny; ++i)
        both.push_back(static_cast<int>(nx + i));
    return ir_.CreateShuffleVector(x, y, both);
}

/// Host addresses of word i of the elements of all lanes.
Emitter::IR Emitter::host_pointers(const Way& way, unsigned i) {
    if (!way.split) {
        IR at = way.at.is_vector() ? way.at.v : lanes_of(way.at);
        return host_pointer(way, i ? ir_.CreateAdd(at, splat(constant(way.at.bits, 4 * i))) : at);
    }
    IR base = host_pointer(way, i ? ir_.CreateAdd(way.base.v, constant(64, 4 * i)) : way.base.v);
    return ir_.CreateGEP(IntegerType::get(cx_, 8u << way.scale), base, way.index.v);
}

/// Whether lanes whose addresses are vectors lie in consecutive elements after all, as a clamped
/// neighbour does but at the edges. Nothing when they cannot.
Emitter::IR Emitter::in_a_row(const Way& way, IR mask) {
    const unsigned unit = way.split ? 1u << way.scale : 1;
    if (one_thread_ || way.bytes > 8 || way.bytes % unit || !way.at.is_vector()) return nullptr;
    IR lanes = way.split ? way.index.v : way.at.v;
    Value row;
    row.bits = way.split ? 32 : way.at.bits;
    row.kind = Kind::Linear;
    for (unsigned i = 0; i < lane_bits_; ++i)
        row.step[i] = static_cast<int64_t>(way.bytes / unit) << i;
    row.v = ir_.CreateExtractElement(lanes, uint64_t{0});
    IR good = nobody(ir_.CreateICmpNE(lanes, lanes_of(row)), mask);
    if (!mask || !way.split) return good;
    // Lane 0, which perhaps takes no part, may be anywhere, and between it and those that do 32
    // bits may wrap: the one in front of element 0 would be 4 GB behind it.
    IR last = constant(32, way.index_signed ? INT32_MAX - lanes_ * way.bytes : INT32_MAX);
    return both(good,
                way.index_signed ? ir_.CreateICmpSLE(row.v, last) : ir_.CreateICmpULE(row.v, last));
}

/// Of an address in two parts: an index of 32 bits, as 64.
Emitter::IR Emitter::wide_index(const Way& way, IR index) {
    llvm::Type* wide = type(64, false);
    return way.index_signed ? ir_.CreateSExt(index, wide) : ir_.CreateZExt(index, wide);
}

/// And the address of an index, behind that of the base.
Emitter::IR Emitter::indexed_pointer(const Way& way, IR base, IR index) {
    return ir_.CreateGEP(IntegerType::get(cx_, 8u << way.scale), base, wide_index(way, index));
}

/// The words of what the lanes load: in one piece where they lie in a row.
std::vector<Emitter::IR> Emitter::gather(const Way& way, IR mask) {
    if (may_be_alike(way, mask)) return {load_alike(way)};
    IR row = in_a_row(way, mask);
    if (!row) return gather_lanes(way, mask);
    llvm::BasicBlock *piece = block("row"), *lanes = block("gather"), *done = block("gathered");
    ir_.CreateCondBr(row, piece, lanes);
    ir_.SetInsertPoint(piece);
    auto* t = FixedVectorType::get(IntegerType::get(cx_, element_bits(way)), lanes_);
    const Align align(way.bytes);
    IR p = pointer_of(way, 0);
    IR x = widened(way, mask ? ir_.CreateMaskedLoad(t, p, align, mask, Constant::getNullValue(t))
                             : static_cast<IR>(ir_.CreateAlignedLoad(t, p, align)));
    llvm::BasicBlock* piece_end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(lanes);
    IR y = gather_lanes(way, mask)[0];
    llvm::BasicBlock* lanes_end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(done);
    PHINode* phi = ir_.CreatePHI(x->getType(), 2);
    phi->addIncoming(x, piece_end);
    phi->addIncoming(y, lanes_end);
    return {phi};
}

std::vector<Emitter::IR> Emitter::gather_lanes(const Way& way, IR mask) {
    const unsigned bits = element_bits(way);
    if (const std::vector<unsigned> few = few_lanes(mask); !few.empty() && way.bytes != 16) {
        IR x = Constant::getNullValue(type(bits, true));
        for (unsigned l : few)
            x = ir_.CreateInsertElement(
                x, ir_.CreateAlignedLoad(type(bits, false), pointer_of(way, l), Align(way.bytes)),
                l);
        return {widened(way, x)};
    }
    if (passes_over_rows(way, mask)) return {gather_rows(way, mask)};
    if (!mask) mask = all_lanes();
    if (way.bytes >= 4) {
        std::vector<IR> words;
        for (unsigned i = 0; i < (way.bytes == 16 ? 4u : 1u); ++i) {
            if (gathers_by_host(mask)) {
                words.push_back(gather_by_host(way, 4 * i, bits, mask));
                continue;
            }
            words.push_back(ir_.CreateMaskedGather(type(bits, true), host_pointers(way, i),
                                                   Align(bits / 8), mask,
                                                   Constant::getNullValue(type(bits, true))));
        }
        return words;
    }
    IR at = way.at.is_vector() ? way.at.v : lanes_of(way.at);
    // Hosts gather words: those around the elements, which lie in the same page.
    IR word = ir_.CreateAnd(at, splat(constant(way.at.bits, ~3ull)));
    IR w = nullptr;
    if (gathers_by_host(mask)) {
        Way whole_word = way;
        whole_word.split = false;
        whole_word.at = vector_value(way.at.bits, word);
        w = gather_by_host(whole_word, 0, 32, mask);
    } else {
        w = ir_.CreateMaskedGather(type(32, true), host_pointer(way, word), Align(4), mask,
                                   Constant::getNullValue(type(32, true)));
    }
    IR by = ir_.CreateShl(ir_.CreateAnd(at, splat(constant(way.at.bits, 3))),
                          splat(constant(way.at.bits, 3)));
    if (way.at.bits == 64) by = ir_.CreateTrunc(by, type(32, true));
    return {widened(way, ir_.CreateTrunc(ir_.CreateLShr(w, by), type(bits, true)))};
}

std::vector<Emitter::IR> Emitter::load_local(const Way& way) {
    std::vector<IR> words;
    if (one_thread_) {
        for (unsigned i = 0; i < way.bytes / 4; ++i)
            words.push_back(ir_.CreateLoad(type(32, false), local_row(way, i, 0)));
        return words;
    }
    llvm::Type* t = FixedVectorType::get(ir_.getInt32Ty(), kLanes);
    for (unsigned i = 0; i < way.bytes / 4; ++i) {
        SmallVector<IR, 8> parts;
        for (unsigned p = 0; p < warps_; ++p)
            parts.push_back(ir_.CreateAlignedLoad(t, local_row(way, i, p), Align(64)));
        words.push_back(whole(parts));
    }
    return words;
}

/// Word i of the element at a uniform offset in local memory is a row.
Emitter::IR Emitter::local_row(const Way& way, unsigned i, unsigned p) {
    IR local = member(offsetof(TranslatedWarp, local), ir_.getPtrTy(), true, p);
    IR row = ir_.CreateAdd(ir_.CreateLShr(way.at.v, 2), constant(32, i));
    return at_lane(ir_.CreateGEP(ir_.getInt8Ty(), local,
                                 ir_.CreateShl(ir_.CreateZExt(row, type(64, false)), 7)));
}

/// So many lanes have one place each: the last one that stores wins. One of a warp does, often.
void Emitter::store_last_ones(const Way& way, unsigned lanes, IR x, IR mask) {
    for (unsigned first = 0; first < lanes_; first += lanes) {
        llvm::BasicBlock* done = nullptr;
        IR last = constant(64, lanes - 1);
        if (mask) {
            IR bits = ir_.CreateBitCast(lanes_from(mask, first, lanes), ir_.getIntNTy(lanes));
            llvm::BasicBlock* some = block("some");
            done = block("done");
            ir_.CreateCondBr(ir_.CreateIsNotNull(bits), some, done);
            ir_.SetInsertPoint(some);
            IR behind = ir_.CreateBinaryIntrinsic(Intrinsic::ctlz, bits, ir_.getTrue());
            last = ir_.CreateSub(last, ir_.CreateZExtOrTrunc(behind, type(64, false)));
        }
        IR part = lanes_from(x, first, lanes);
        ir_.CreateAlignedStore(ir_.CreateExtractElement(part, last), lane_pointer(way, first),
                               Align(way.bytes));
        if (!done) continue;
        ir_.CreateBr(done);
        ir_.SetInsertPoint(done);
    }
}

void Emitter::store_fast(const Way& way, IR mask) {
    const unsigned bits = element_bits(way), words = way.bytes == 16 ? 4 : 1;
    llvm::Type* element = IntegerType::get(cx_, bits);
    const Align align(bits / 8);
    std::vector<Value> values;
    if (way.bytes == 8 && !way.local) {
        values.push_back(stored_pair(way.inst));
    } else {
        for (unsigned i = 0; i < std::max(1u, way.bytes / 4); ++i)
            values.push_back(stored_word(way.inst, i));
    }
    const auto narrowed = [&](IR x) {
        return way.bytes < 4 ? ir_.CreateTrunc(x, x->getType()->isVectorTy()
                                                      ? static_cast<llvm::Type*>(
                                                            FixedVectorType::get(element, lanes_))
                                                      : element)
                             : x;
    };
    if (way.local) {
        for (unsigned i = 0; i < values.size(); ++i)
            for (unsigned p = 0; p < warps_; ++p) {
                IR row = local_row(way, i, p), x = part(vector(values[i]), p);
                store_where(x, row, row_alignment(), mask ? part(mask, p) : nullptr, true);
            }
        return;
    }
    if (way.at.is_uniform()) { // of several lanes that store, the last one wins
        IR p = lane_pointer(way, 0);
        IR last = constant(lanes_, lanes_ - 1);
        if (mask)
            last = ir_.CreateSub(
                last, ir_.CreateBinaryIntrinsic(Intrinsic::ctlz, bits_of(mask), ir_.getTrue()));
        last = ir_.CreateZExtOrTrunc(last, type(32, false));
        for (unsigned i = 0; i < words; ++i) {
            IR x = values[i].is_uniform() ? values[i].v
                                          : ir_.CreateExtractElement(vector(values[i]), last);
            ir_.CreateAlignedStore(narrowed(x), ir_.CreateConstInBoundsGEP1_64(element, p, i),
                                   align);
        }
        return;
    }
    if (is_butterfly(way)) return store_butterfly(way, vector(values[0]), mask);
    const Pattern pattern = way.at.is_linear() ? pattern_of(way.at, way.bytes, lane_bits_)
                                               : Pattern{};
    if (pattern.one_element && pattern.lanes >= 8 && words == 1)
        return store_last_ones(way, pattern.lanes, narrowed(vector(values[0])), mask);
    if (pattern.lanes < 8 || pattern.one_element) {
        if (const std::optional<Span> span = span_of(way))
            return store_span(way, *span, narrowed(vector(values[0])), mask);
        if (const std::optional<BitOrder> order = order_of(way))
            return store_ordered(way, *order, narrowed(vector(values[0])), mask);
        if (words == 1 && !few_lanes(mask).empty())
            return scatter_lanes(way, narrowed(vector(values[0])), mask, 0);
        llvm::BasicBlock* done = nullptr;
        if (IR row = words == 1 ? in_a_row(way, mask) : nullptr) {
            llvm::BasicBlock *piece = block("row"), *lanes = block("scatter");
            done = block("scattered");
            ir_.CreateCondBr(row, piece, lanes);
            ir_.SetInsertPoint(piece);
            IR x = narrowed(vector(values[0])), p = pointer_of(way, 0);
            store_where(x, p, align, mask, false); // lane 0, if it takes no part, may be anywhere
            ir_.CreateBr(done);
            ir_.SetInsertPoint(lanes);
        }
        for (unsigned i = 0; i < words; ++i)
            scatter_lanes(way, narrowed(vector(values[i])), mask, i);
        if (!done) return;
        ir_.CreateBr(done);
        ir_.SetInsertPoint(done);
        return;
    }
    std::vector<IR> pieces;
    for (unsigned lane = 0; lane < lanes_; lane += pattern.lanes)
        pieces.push_back(lane_pointer(way, lane));
    fetch_ahead(way, pieces, pattern.lanes * way.bytes);
    for (unsigned lane = 0; lane < lanes_; lane += pattern.lanes) {
        IR p = pieces[lane / pattern.lanes];
        std::vector<IR> part;
        for (const Value& v : values) {
            IR x = narrowed(vector(v));
            part.push_back(pattern.lanes == lanes_ ? x : lanes_from(x, lane, pattern.lanes));
        }
        IR m = !mask                     ? nullptr
               : pattern.lanes == lanes_ ? mask
                                         : lanes_from(mask, lane, pattern.lanes);
        IR whole = part[0];
        if (words == 4) {
            SmallVector<int, 128> order, mask_order;
            for (unsigned l = 0; l < pattern.lanes; ++l)
                for (unsigned i = 0; i < 4; ++i) {
                    order.push_back(static_cast<int>(i * pattern.lanes + l));
                    mask_order.push_back(static_cast<int>(l));
                }
            IR xy = join_groups(part[0], part[1]), zw = join_groups(part[2], part[3]);
            whole = ir_.CreateShuffleVector(join_groups(xy, zw), order);
            if (m) m = ir_.CreateShuffleVector(m, mask_order);
        }
        store_where(whole, p, align, m, way.shared);
    }
}

/// The access, of an address that is good.
void Emitter::emit_access(const Way& way) {
    const unsigned results = way.store ? 0 : way.bytes == 16 ? 4 : way.local ? way.bytes / 4 : 1;
    const bool pair = way.bytes == 8 && !way.local;
    // One generic address can be a place in each thread's own local memory.
    const bool uniform_result = way.at.is_uniform() && (one_thread_ || !way.local) &&
                                (one_thread_ || way.inst.row->space != isa::Space::Generic);
    std::vector<Value> loaded(results);
    for (Value& v : loaded) {
        v.bits = pair ? 64 : 32;
        v.kind = uniform_result ? Kind::Uniform : Kind::Vector;
        v.two_words = pair && !uniform_result && !one_thread_;
    }
    if (is_parameter(way) && pair && !way.inst.guarded()) loaded[0].word = way.at.parameter;
    if (!way.shared && !way.local && !way.at.is_uniform() &&
        (way.at.is_vector() || pattern_of(way.at, way.bytes, lane_bits_).lanes < 8) &&
        !in_groups(way)) {
        ++gathers_;
        ++gathers_in_[current_];
    }
    if (!dry_) {
        touch(way.inst);
        IR mask = effective_mask(way.inst);
        llvm::BasicBlock *from = nullptr, *done = nullptr;
        if (way.inst.guarded() && mask) { // perhaps nobody
            llvm::BasicBlock* some = block("some");
            done = block("done");
            from = ir_.GetInsertBlock();
            ir_.CreateCondBr(any(mask), some, done);
            ir_.SetInsertPoint(some);
        }
        std::vector<IR> words;
        if (way.store)
            store_fast(way, mask);
        else
            words = load_fast(way, mask);
        for (IR& w : words)
            if (!uniform_result && !w->getType()->isVectorTy()) w = splat(w);
        llvm::BasicBlock* end = ir_.GetInsertBlock();
        if (done) {
            ir_.CreateBr(done);
            ir_.SetInsertPoint(done);
        }
        for (unsigned i = 0; i < results; ++i) {
            loaded[i].v = words[i];
            if (!done) continue;
            PHINode* phi = ir_.CreatePHI(words[i]->getType(), 2);
            phi->addIncoming(words[i], end);
            phi->addIncoming(Constant::getNullValue(phi->getType()), from);
            loaded[i].v = phi;
        }
    }
    const auto rd = static_cast<Reg>(way.inst.reg(Field::rd));
    for (unsigned i = 0; i < results; ++i)
        pair ? put64(rd, loaded[i])
             : put32(static_cast<Reg>(rd == isa::kZeroReg ? rd : rd + i), loaded[i]);
}

} // namespace acc::model::jit
