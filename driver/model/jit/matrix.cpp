// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ldmatrix and stmatrix of whole warps: the rows of their matrices are pieces of 16 bytes, which
// lie in order in the registers, or are turned there. Products of matrices are alu.cpp's.
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

namespace {

constexpr unsigned kRows = 8, kRowWords = 4; ///< of a matrix

/// How many matrices the instruction moves; 0: it is another.
unsigned matrices_of(Opcode op) {
    switch (op) {
    case Opcode::LDMATRIX1:
    case Opcode::STMATRIX1: return 1;
    case Opcode::LDMATRIX2:
    case Opcode::STMATRIX2: return 2;
    case Opcode::LDMATRIX4:
    case Opcode::STMATRIX4: return 4;
    default: return 0;
    }
}

} // namespace

/// The transpose of an 8x8 matrix of halves, whose rows are four words each, of one warp: word 4 *
/// g
/// + t has elements 2 * t and 2 * t + 1 of column g.
Emitter::IR Emitter::transposed(IR x) {
    SmallVector<int, kLanes> even, odd;
    SmallVector<Constant*, kLanes> by;
    for (int l = 0; l < static_cast<int>(kLanes); ++l) {
        const int g = l / 4, t = l % 4;
        even.push_back(8 * t + g / 2);
        odd.push_back(8 * t + 4 + g / 2);
        by.push_back(ir_.getInt32(g % 2 ? 16 : 0));
    }
    IR shift = ConstantVector::get(by),
       low = ConstantVector::getSplat(ElementCount::getFixed(kLanes), ir_.getInt32(0xffff));
    IR first = ir_.CreateLShr(ir_.CreateShuffleVector(x, even), shift);
    IR second = ir_.CreateLShr(ir_.CreateShuffleVector(x, odd), shift);
    return ir_.CreateOr(ir_.CreateAnd(first, low), ir_.CreateShl(second, 16));
}

/// Host address of the row that a lane names.
Emitter::IR Emitter::row_pointer(const Way& way, unsigned lane) {
    if (!way.at.is_vector()) return lane_pointer(way, lane);
    return host_pointer(way, ir_.CreateExtractElement(way.at.v, lane));
}

/// Matrix m of warp p: the rows one after the other.
Emitter::IR Emitter::load_matrix(const Way& way, unsigned p, unsigned m, bool turned) {
    auto* row = FixedVectorType::get(ir_.getInt32Ty(), kRowWords);
    SmallVector<IR, 8> rows;
    for (unsigned r = 0; r < kRows; ++r)
        rows.push_back(
            ir_.CreateAlignedLoad(row, row_pointer(way, p * kLanes + m * kRows + r), Align(16)));
    IR x = whole(rows);
    return turned ? transposed(x) : x;
}

void Emitter::store_matrix(const Way& way, unsigned p, unsigned m, IR x, bool turned) {
    if (turned) x = transposed(x);
    for (unsigned r = 0; r < kRows; ++r) {
        SmallVector<int, kRowWords> words;
        for (unsigned i = 0; i < kRowWords; ++i)
            words.push_back(static_cast<int>(kRowWords * r + i));
        ir_.CreateAlignedStore(ir_.CreateShuffleVector(x, words),
                               row_pointer(way, p * kLanes + m * kRows + r), Align(16));
    }
}

/// i1: the rows of all matrices may be accessed. Null: they may.
Emitter::IR Emitter::matrices_in_range(Way& way, unsigned count, unsigned at_place) {
    if (count * kRows == kLanes)
        return always_fast(way) ? nullptr : may_go_fast(way, nullptr, at_place);
    // The other threads give no address.
    SmallVector<Constant*, kLanes> users;
    for (unsigned l = 0; l < lanes_; ++l)
        users.push_back(ir_.getInt1(l % kLanes < count * kRows));
    way.at = vector_value(32, vector(way.at));
    return may_go_fast(way, ConstantVector::get(users), at_place);
}

bool Emitter::emit_matrix_memory(const Inst& inst) {
    const unsigned count = matrices_of(inst.op());
    if (!count || partial_[current_] || inst.guarded() || one_thread_) return false;
    const bool store = inst.row->has(isa::kMayStore) && inst.op() >= Opcode::STMATRIX1;
    const bool turned = mods::MTrans.get(inst.mods()) != 0;
    Way way{inst, {}, 4 * kRowWords, false, store, true, false};
    way.root = way.plain = source(inst, Field::ra, 32);
    way.at = add(way.plain, constant_value(32, inst.imm()), 32);
    bool aligned = way.at.dynamic_align % way.bytes == 0;
    for (int64_t step : way.at.step)
        aligned = aligned && step % static_cast<int64_t>(way.bytes) == 0;
    if (!aligned) way.at = vector_value(32, vector(way.at));
    std::vector<Value> given;
    for (unsigned m = 0; m < count && store; ++m)
        given.push_back(matrix_word(inst.reg(Field::rc), m));
    const unsigned at_place = place(inst);
    std::vector<IR> result(store ? 0 : count);
    if (!dry_) {
        touch(inst);
        move_matrices(way, at_place, given, turned, result);
    }
    for (unsigned m = 0; m < result.size(); ++m)
        put32(static_cast<Reg>(inst.reg(Field::rd) + m), vector_value(32, result[m]));
    return true;
}

/// Rows that are not good are the interpreter's, which faults.
void Emitter::move_matrices(Way& way, unsigned at_place, const std::vector<Value>& given,
                            bool turned, std::vector<IR>& result) {
    const unsigned count = matrices_of(way.inst.op());
    llvm::BasicBlock *fast = block("matrices"), *slow = block("slow"), *done = block("done");
    if (IR good = matrices_in_range(way, count, at_place))
        branch_likely(good, fast, slow);
    else
        ir_.CreateCondBr(ir_.getTrue(), fast, slow);
    ir_.SetInsertPoint(fast);
    std::vector<IR> quick;
    for (unsigned m = 0; m < count; ++m) {
        SmallVector<IR, 8> parts;
        IR x = way.store ? vector(given[m]) : nullptr;
        for (unsigned p = 0; p < warps_; ++p)
            if (way.store)
                store_matrix(way, p, m, part(x, p), turned);
            else
                parts.push_back(load_matrix(way, p, m, turned));
        if (!way.store) quick.push_back(whole(parts));
    }
    llvm::BasicBlock* fast_end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(slow);
    const State before = state(); // what is read here is read here only
    store_operands(way.inst);
    ask(way.inst, at_place, nullptr, true);
    set_state(before);
    std::vector<IR> exact;
    for (unsigned m = 0; m < quick.size(); ++m)
        exact.push_back(load_row(static_cast<Reg>(way.inst.reg(Field::rd) + m)));
    llvm::BasicBlock* slow_end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(done);
    for (unsigned m = 0; m < quick.size(); ++m) {
        PHINode* phi = ir_.CreatePHI(quick[m]->getType(), 2);
        phi->addIncoming(quick[m], fast_end);
        phi->addIncoming(exact[m], slow_end);
        result[m] = phi;
    }
}

} // namespace acc::model::jit
