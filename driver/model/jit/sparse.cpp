// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses of each lane at an address of its own, by part of the lanes: one by one where they are
// few, and rows of the host where there is none are passed over. In the trees of sums, fewer and
// fewer threads take part.
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
constexpr unsigned kRow = 16; ///< lanes
} // namespace

/// The lanes of a mask that is known here, when they are so few that each had better go alone: the
/// first of a warp.
std::vector<unsigned> Emitter::few_lanes(IR mask) const {
    std::vector<unsigned> lanes;
    auto* known = mask ? dyn_cast<Constant>(mask) : nullptr;
    if (!known || one_thread_) return lanes;
    for (unsigned l = 0; l < lanes_; ++l) {
        Constant* takes = known->getAggregateElement(l);
        if (!takes || llvm::isa<UndefValue>(takes)) return {};
        if (takes->isOneValue()) lanes.push_back(l);
    }
    return lanes.size() * kLanes <= lanes_ ? lanes : std::vector<unsigned>();
}

/// Host address of a lane's element.
Emitter::IR Emitter::pointer_of(const Way& way, unsigned lane) {
    if (!way.split && !way.at.is_vector()) return lane_pointer(way, lane);
    if (!way.split) return host_pointer(way, ir_.CreateExtractElement(way.at.v, uint64_t{lane}));
    return indexed_pointer(way, host_pointer(way, way.base.v),
                           ir_.CreateExtractElement(way.index.v, uint64_t{lane}));
}

bool Emitter::passes_over_rows(const Way& way, IR mask) const {
    // A butterfly is one that is seldom so.
    return has_masks_ && way.shared && warps_ > 1 && (way.bytes == 4 || way.bytes == 8) && mask &&
           !llvm::isa<Constant>(mask) && !is_butterfly(way);
}

/// f of each row that has lanes of the mask: the first of them, their host addresses, and the mask.
/// Returns what it returns; zeros for other rows.
Emitter::IR Emitter::for_rows(const Way& way, IR mask, llvm::Type* result,
                              const std::function<IR(unsigned, IR, IR)>& f) {
    IR at = vector(way.at);
    SmallVector<IR, 16> parts;
    for (unsigned first = 0; first < lanes_; first += kRow) {
        IR takes = lanes_from(mask, first, kRow);
        llvm::BasicBlock *from = ir_.GetInsertBlock(), *some = block("some"), *done = block("done");
        ir_.CreateCondBr(ir_.CreateIsNotNull(ir_.CreateBitCast(takes, ir_.getInt16Ty())), some,
                         done);
        ir_.SetInsertPoint(some);
        IR offsets = ir_.CreateSExt(lanes_from(at, first, kRow),
                                    FixedVectorType::get(ir_.getInt64Ty(), kRow));
        IR shared = block_member(offsetof(TranslatedBlock, shared), ir_.getPtrTy());
        IR x = f(first, ir_.CreateGEP(ir_.getInt8Ty(), shared, offsets), takes);
        llvm::BasicBlock* end = ir_.GetInsertBlock();
        ir_.CreateBr(done);
        ir_.SetInsertPoint(done);
        if (!result) continue;
        PHINode* phi = ir_.CreatePHI(result, 2);
        phi->addIncoming(x, end);
        phi->addIncoming(Constant::getNullValue(result), from);
        parts.push_back(phi);
    }
    return result ? whole(parts) : nullptr;
}

Emitter::IR Emitter::gather_rows(const Way& way, IR mask) {
    auto* t = FixedVectorType::get(type(element_bits(way), false), kRow);
    return for_rows(way, mask, t, [&](unsigned, IR pointers, IR takes) {
        return ir_.CreateMaskedGather(t, pointers, Align(way.bytes), takes,
                                      Constant::getNullValue(t));
    });
}

void Emitter::scatter_lanes(const Way& way, IR x, IR mask, unsigned word) {
    const Align align(element_bits(way) / 8);
    if (const std::vector<unsigned> few = few_lanes(mask); !few.empty() && way.bytes != 16) {
        for (unsigned l : few)
            ir_.CreateAlignedStore(ir_.CreateExtractElement(x, uint64_t{l}), pointer_of(way, l),
                                   align);
        return;
    }
    if (!has_masks_ && !one_thread_ && mask && !llvm::isa<Constant>(mask))
        return scatter_by_lanes(x, host_pointers(way, word), align, mask);
    if (!passes_over_rows(way, mask)) {
        ir_.CreateMaskedScatter(x, host_pointers(way, word), align, mask ? mask : all_lanes());
        return;
    }
    for_rows(way, mask, nullptr, [&](unsigned first, IR pointers, IR takes) {
        return ir_.CreateMaskedScatter(lanes_from(x, first, kRow), pointers, align, takes);
    });
}

} // namespace acc::model::jit
