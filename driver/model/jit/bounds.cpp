// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bases that do not change while a gang runs: parameters; and, where threads run one after the
// other, what came to the scalar code as one value for all. Of an access to such a base by an index
// of 32 bits, the interpreter keeps beside the range which indices are good (AccessRange), as long
// as the base is the one for which it did so: a look is one subtraction and one comparison.
#include <bit>

#include "driver/model/jit/emitter.h"
#include "driver/model/jit/look.h"

namespace acc::model::jit {

using namespace llvm;

/// Made once, before they begin.
Emitter::IR Emitter::made_before(IR& value, const std::function<IR()>& make) {
    if (value) return value;
    IRBuilder<>::InsertPointGuard guard(ir_);
    ir_.SetInsertPoint(prologue_->getTerminator());
    return value = make();
}

/// A 64-bit word of the parameters.
Emitter::IR Emitter::fixed_parameter(uint64_t offset) {
    return made_before(fixed_parameters_[offset], [&] {
        IR parameters = block_member(offsetof(TranslatedBlock, parameters), ir_.getPtrTy());
        LoadInst* load = ir_.CreateAlignedLoad(
            type(64, false), ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), parameters, offset),
            Align(8));
        load->setMetadata(LLVMContext::MD_invariant_load, MDNode::get(cx_, {}));
        return load;
    });
}

/// The access has such a base, and its index moves by whole elements.
bool Emitter::has_fixed_base(const Way& way) const {
    if (dry_ || way.shared || way.local || !(way.root.word || fixed_.count(way.root.v)))
        return false;
    const bool alone = one_thread_ && way.at.is_uniform();
    const unsigned unit = 1u << isa::mods::MScale.get(way.inst.mods());
    return way.indexed ? (alone || way.split) && unit % way.bytes == 0 : alone;
}

Emitter::IR Emitter::fixed_base(const Way& way) {
    return way.root.word ? fixed_parameter(*way.root.word) : way.root.v;
}

/// Host address of the base.
Emitter::IR Emitter::fixed_pointer(IR base) {
    return made_before(fixed_pointers_[base], [&] {
        IR window = block_member(offsetof(TranslatedBlock, window_offset), ir_.getPtrTy());
        return ir_.CreateGEP(ir_.getInt8Ty(), window, base);
    });
}

/// The address of a member of the place's AccessRange.
Emitter::IR Emitter::range_member(unsigned place, size_t offset) {
    IR ranges = block_member(offsetof(TranslatedBlock, ranges), ir_.getPtrTy());
    return ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), ranges,
                                          place * sizeof(AccessRange) + offset);
}

/// i1: all accesses of the look may be made, which has a fixed base. base: of the first one.
Emitter::IR Emitter::look_at_index(const Way& way, unsigned place, IR mask, int64_t offset) {
    TranslatedPlace& p = places_[place];
    p.indexed = true;
    p.index_signed = isa::mods::MIdx.get(way.inst.mods()) == 0;
    p.scale = way.indexed ? isa::mods::MScale.get(way.inst.mods()) : 0;
    p.bytes = extent(way);
    p.shift = static_cast<unsigned>(std::countr_zero(way.bytes));
    kept_.push_back({place, fixed_base(way), offset});
    IR from = ir_.CreateLoad(type(32, false), range_member(place, offsetof(AccessRange, from)));
    IR count = ir_.CreateLoad(type(32, false), range_member(place, offsetof(AccessRange, count)));
    if (!way.indexed || !way.root_index.is_vector()) {
        IR index = way.indexed ? way.root_index.v : constant(32, 0);
        return ir_.CreateICmpULT(ir_.CreateSub(index, from), count);
    }
    IR d = ir_.CreateSub(way.root_index.v, splat(from));
    return nobody(ir_.CreateICmpUGE(d, splat(count)), mask);
}

/// Of two with fixed bases.
bool Emitter::has_same_bounds(const Look& a, const Look& b) const {
    const Way &x = a.way, &y = b.way;
    const uint32_t m = x.inst.mods(), n = y.inst.mods();
    return has_fixed_base(x) && x.root.word == y.root.word && x.root.v == y.root.v &&
           a.lowest == b.lowest && a.highest == b.highest && x.bytes == y.bytes &&
           x.store == y.store && x.indexed == y.indexed &&
           isa::mods::MScale.get(m) == isa::mods::MScale.get(n) &&
           isa::mods::MIdx.get(m) == isa::mods::MIdx.get(n);
}

/// Before the gang, or its threads, begin: what is kept is forgotten where it is not of this base.
void Emitter::emit_bases() {
    if (!prologue_ || kept_.empty()) return;
    IRBuilder<>::InsertPointGuard guard(ir_);
    llvm::Instruction* end = prologue_->getTerminator();
    ir_.SetInsertPoint(end);
    llvm::BasicBlock *other = block("other_bases"), *begin = end->getSuccessor(0);
    IR differ = constant(64, 0);
    std::vector<IR> bases;
    for (const KeptBase& k : kept_) {
        bases.push_back(ir_.CreateAdd(k.base, constant(64, static_cast<uint64_t>(k.offset))));
        IR old = ir_.CreateLoad(type(64, false),
                                range_member(k.place, offsetof(AccessRange, base)));
        differ = ir_.CreateOr(differ, ir_.CreateXor(old, bases.back()));
    }
    branch_likely(ir_.CreateIsNull(differ), begin, other);
    end->eraseFromParent();
    ir_.SetInsertPoint(other);
    for (size_t i = 0; i < kept_.size(); ++i) {
        ir_.CreateStore(bases[i], range_member(kept_[i].place, offsetof(AccessRange, base)));
        ir_.CreateStore(constant(32, 0),
                        range_member(kept_[i].place, offsetof(AccessRange, count)));
    }
    ir_.CreateBr(begin);
}

} // namespace acc::model::jit
