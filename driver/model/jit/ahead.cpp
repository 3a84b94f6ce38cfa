// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of memory before they are asked for. The host's prefetchers follow addresses that one
// instruction accesses in equal steps, of less than a page; but warps of a tile, one after the
// other, are a row of the matrix apart, and threads that go through a matrix plane by plane, or
// by the whole grid, move by far more. Where they go next is known here.
#include <algorithm>

#include <llvm/IR/Intrinsics.h>

#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
constexpr unsigned kLine = 64; ///< bytes
/// Instructions that take as long as memory does, and turns of a loop at most: of less than these
/// one is not far enough ahead.
constexpr size_t kLatency = 40, kMostTurns = 4;
constexpr int64_t kFar = 512; ///< a step of an index, of elements of 4 bytes and more

/// In a loop, it makes an index whose steps are known at run time only, or large. (What does not
/// change from turn to turn is made in front of a loop.)
bool moves_far(const Inst& inst) {
    if (strides(inst)) return true;
    if (inst.op_is(isa::Opcode::IMAD) || inst.op_is(isa::Opcode::IMUL)) return inst.form() == 0;
    const bool adds = inst.op_is(isa::Opcode::IADD) || inst.op_is(isa::Opcode::IADD64);
    const int64_t by = static_cast<int32_t>(inst.imm());
    return adds && inst.form() != 0 && (by >= kFar || by <= -kFar) && !inst.defs.empty() &&
           std::find(inst.uses.begin(), inst.uses.end(), inst.defs.front()) != inst.uses.end();
}
} // namespace

/// From an access in block b: the innermost loop decides, and only where its turns are far apart.
Emitter::Ahead Emitter::ahead_in(unsigned b) const {
    unsigned first = 0, last = ~0u;
    for (unsigned end = b; end < program_.blocks.size(); ++end)
        for (unsigned s : program_.blocks[end].succ)
            if (s <= b && (last == ~0u || end - s < last - first)) {
                first = s;
                last = end;
            }
    if (last == ~0u) return {.block = true};
    bool far = false;
    size_t instructions = 1;
    for (unsigned i = first; i <= last; ++i) {
        const std::vector<Inst>& insts = program_.blocks[i].insts;
        instructions += insts.size();
        far = far || std::any_of(insts.begin(), insts.end(), moves_far);
    }
    if (!far) return {};
    return {.turns = std::clamp<size_t>(kLatency / instructions, 1, kMostTurns)};
}

/// Neighbours fetch the same lines.
bool Emitter::is_ahead(const Way& way) {
    const int64_t offset = static_cast<int32_t>(way.inst.imm()) + way.plain.at(0);
    for (const auto& [base, at] : ahead_)
        if (base == way.plain.v && std::abs(at - offset) < int64_t{kLine}) return true;
    ahead_.emplace_back(way.plain.v, offset);
    return false;
}

/// Of an access to pieces of so many bytes. They begin anywhere in a line, which the last piece has
/// fetched already; so what counts is where they end.
void Emitter::fetch_ahead(const Way& way, ArrayRef<IR> pieces, unsigned bytes) {
    if (one_thread_ || way.shared || way.local || is_parameter(way) || way.plain.is_vector())
        return;
    const Ahead& ahead = way_ahead_;
    // The next block may store anywhere: in a transposed matrix, far away.
    if ((ahead.block ? way.store : !ahead.turns) || is_ahead(way)) return;
    IR step = constant(64, uint64_t{size_.block[0]} * way.bytes);
    if (ahead.turns) {
        auto* last = cast<AllocaInst>(in_frame(ir_.getInt64Ty(), 8));
        new StoreInst(constant(64, 0), last, last->getNextNode()->getIterator());
        IR now = ir_.CreatePtrToInt(pieces[0], ir_.getInt64Ty());
        step = ir_.CreateSub(now, ir_.CreateLoad(ir_.getInt64Ty(), last));
        step = ir_.CreateMul(step, constant(64, ahead.turns));
        ir_.CreateStore(now, last);
    }
    for (IR p : pieces)
        for (unsigned at = kLine - 1; at < bytes + kLine - 1; at += kLine)
            ir_.CreateIntrinsic(
                Intrinsic::prefetch, {p->getType()},
                {ir_.CreateGEP(ir_.getInt8Ty(), p, ir_.CreateAdd(step, constant(64, at))),
                 ir_.getInt32(way.store), ir_.getInt32(3), ir_.getInt32(1)});
}

} // namespace acc::model::jit
