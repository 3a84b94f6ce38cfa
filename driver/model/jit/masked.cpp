// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses by part of the lanes on hosts without mask registers: there LLVM asks of each lane, by a
// branch, whether it takes part, and AMD's masked stores take as long as twelve plain ones.
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
constexpr unsigned kHostBytes = 32; ///< of a vector of such a host

unsigned lanes_in(llvm::Value* v) {
    return cast<FixedVectorType>(v->getType())->getNumElements();
}
} // namespace

/// Stores the lanes of the mask (null: all). own: nobody else has the memory meanwhile, so others
/// may be written as they are.
void Emitter::store_where(IR x, IR p, Align align, IR mask, bool own) {
    if (!mask) {
        ir_.CreateAlignedStore(x, p, align);
        return;
    }
    if (has_masks_ || one_thread_) {
        ir_.CreateMaskedStore(x, p, align, mask);
        return;
    }
    if (own) { // volatile: LLVM would make a masked store of it
        IR old = ir_.CreateAlignedLoad(x->getType(), p, align, /*isVolatile=*/true);
        ir_.CreateAlignedStore(ir_.CreateSelect(mask, x, old), p, align);
        return;
    }
    llvm::BasicBlock *all = block("all"), *some = block("not_all"), *done = block("stored");
    IR bits = ir_.CreateBitCast(mask, ir_.getIntNTy(lanes_in(mask)));
    ir_.CreateCondBr(ir_.CreateICmpEQ(bits, Constant::getAllOnesValue(bits->getType())), all, some);
    ir_.SetInsertPoint(all);
    ir_.CreateAlignedStore(x, p, align);
    ir_.CreateBr(done);
    ir_.SetInsertPoint(some);
    ir_.CreateMaskedStore(x, p, align, mask);
    ir_.CreateBr(done);
    ir_.SetInsertPoint(done);
}

/// Where LLVM would ask lane by lane. mask: not null.
bool Emitter::gathers_by_host(IR mask) const {
    const auto* known = dyn_cast<Constant>(mask);
    return host_.gathers && !one_thread_ && (!known || known->isAllOnesValue());
}

/// What lies at base + (index << scale), words or pairs, by the host's own gathers; zeros for lanes
/// that are not in the mask. The indices are signed.
Emitter::IR Emitter::host_gather(IR base, IR index, unsigned scale, unsigned bits, IR mask) {
    const unsigned index_bits = index->getType()->getScalarSizeInBits();
    const unsigned count = kHostBytes * 8 / std::max(bits, index_bits);
    static constexpr Intrinsic::ID kWhich[2][2] = {
        {Intrinsic::x86_avx2_gather_d_d_256, Intrinsic::x86_avx2_gather_d_q_256},
        {Intrinsic::x86_avx2_gather_q_d_256, Intrinsic::x86_avx2_gather_q_q_256}};
    const Intrinsic::ID which = kWhich[index_bits == 64][bits == 64];
    auto* t = FixedVectorType::get(ir_.getIntNTy(bits), count);
    IR zero = Constant::getNullValue(t);
    SmallVector<IR, 16> parts;
    for (unsigned first = 0; first < lanes_; first += count) {
        IR takes = ir_.CreateSExt(lanes_from(mask, first, count), t);
        parts.push_back(ir_.CreateIntrinsic(which, {},
                                            {zero, base, lanes_from(index, first, count), takes,
                                             ir_.getInt8(static_cast<uint8_t>(1u << scale))}));
    }
    return whole(parts);
}

/// Words of the elements of the lanes of the mask; `more` bytes behind their start.
Emitter::IR Emitter::gather_by_host(const Way& way, unsigned more, unsigned bits, IR mask) {
    if (way.split) {
        IR base = host_pointer(way, ir_.CreateAdd(way.base.v, constant(64, more)));
        return host_gather(base, way.index.v, way.scale, bits, mask);
    }
    IR at = way.at.is_vector() ? way.at.v : lanes_of(way.at), base = nullptr;
    if (way.shared)
        base = block_member(offsetof(TranslatedBlock, shared), ir_.getPtrTy());
    else
        base = ir_.CreateIntToPtr(
            block_member(offsetof(TranslatedBlock, window_offset), type(64, false)),
            ir_.getPtrTy());
    base = ir_.CreateConstGEP1_64(ir_.getInt8Ty(), base, more);
    return host_gather(base, at, 0, bits, mask);
}

/// Stores the lanes of a mask that is not known here, each at its place: the others store to where
/// nobody looks. Groups without any are passed over.
void Emitter::scatter_by_lanes(IR x, IR pointers, Align align, IR mask) {
    constexpr unsigned kGroup = 8;
    llvm::Type* element = x->getType()->getScalarType();
    IR nowhere = ir_.CreateVectorSplat(kGroup, in_frame(ir_.getInt64Ty(), 8)), bits = bits_of(mask);
    for (unsigned first = 0; first < lanes_; first += kGroup) {
        llvm::BasicBlock *some = block("some"), *done = block("done");
        IR group = ir_.CreateTrunc(ir_.CreateLShr(bits, constant(lanes_, first)),
                                   ir_.getIntNTy(kGroup));
        ir_.CreateCondBr(ir_.CreateIsNotNull(group), some, done);
        ir_.SetInsertPoint(some);
        IR to = ir_.CreateSelect(lanes_from(mask, first, kGroup),
                                 lanes_from(pointers, first, kGroup), nowhere);
        IR part = lanes_from(x, first, kGroup);
        for (unsigned l = 0; l < kGroup; ++l)
            ir_.CreateAlignedStore(ir_.CreateExtractElement(part, uint64_t{l}),
                                   ir_.CreateExtractElement(to, uint64_t{l}),
                                   std::min(align, Align(element->getScalarSizeInBits() / 8)));
        ir_.CreateBr(done);
        ir_.SetInsertPoint(done);
    }
}

} // namespace acc::model::jit
