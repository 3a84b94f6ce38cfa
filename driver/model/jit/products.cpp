// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of matrices of whole warps: calls of functions that are there (products.h), so that a
// kernel with hundreds of them is translated as fast as any. Operands go through memory. Those of
// floats are unpacked there once, for all products of a block that have them; accumulators stay in
// the host's registers; and two products beside each other with one A are one call.
#include <algorithm>

#include "driver/model/jit/emitter.h"
#include "driver/model/jit/products.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;

namespace {
constexpr unsigned kHalfRow = 16;   ///< words in a vector of the host
constexpr unsigned kMostWords = 8;  ///< of an operand: f64
constexpr size_t kKept[] = {8, 16}; ///< unpacked operands A and B
/// Rooms for rows: of D, A, C, and of B from here on.
constexpr unsigned kRowsD = 0, kRowsA = 1, kRowsC = 2, kRowsB = 3;

/// The field's registers.
std::optional<isa::OperandInfo> operand_of(const Inst& inst, Field field) {
    for (const isa::OperandInfo& operand : inst.row->operands())
        if (operand.kind == isa::OperandKind::Reg && operand.field == field) return operand;
    return std::nullopt;
}
unsigned words_of(const Inst& inst, Field field) {
    const auto operand = operand_of(inst, field);
    return operand ? operand->regs : 0;
}
/// Registers that the instruction writes are among the field's.
bool overwrites(const Inst& inst, const Inst& other, Field field) {
    const unsigned first = other.reg(field), count = words_of(other, field);
    return std::any_of(inst.defs.begin(), inst.defs.end(),
                       [&](Reg r) { return r >= first && r < first + count; });
}
} // namespace

/// Register i of an operand of a matrix product.
Value Emitter::matrix_word(unsigned first, unsigned i) {
    if (first == isa::kZeroReg) return constant_value(32, 0);
    return get32(static_cast<Reg>(first + i));
}

/// What the field's registers hold.
std::vector<Value> Emitter::matrix_words(const Inst& inst, Field field) {
    std::vector<Value> words;
    for (unsigned i = 0; i < words_of(inst, field); ++i)
        words.push_back(matrix_word(inst.reg(field), i));
    return words;
}

void Emitter::put_matrix(const Inst& inst, const std::vector<SmallVector<IR, 8>>& parts) {
    for (unsigned i = 0; i < words_of(inst, Field::rd); ++i)
        put32(static_cast<Reg>(inst.reg(Field::rd) + i),
              vector_value(32, dry_ ? nullptr : whole(parts[i])));
}

/// A member of a product's entry.
Emitter::IR Emitter::product_function(size_t number, size_t offset) {
    IR table = block_member(offsetof(TranslatedBlock, products), ir_.getPtrTy());
    return ir_.CreateLoad(
        ir_.getPtrTy(),
        ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), table, sizeof(Product) * number + offset));
}

/// Rows of warp p, in this room for them.
Emitter::IR Emitter::in_rows(unsigned number, const std::vector<Value>& words, unsigned p) {
    IR& room = product_rows_[number];
    if (!room)
        room = in_frame(ArrayType::get(FixedVectorType::get(type(32, false), kLanes), kMostWords),
                        128);
    for (unsigned i = 0; i < words.size(); ++i)
        ir_.CreateAlignedStore(part(vector(words[i]), p), alu_row(room, i), Align(128));
    return room;
}

/// The next instruction, if it is a product that can be made together with this one.
const Inst* Emitter::beside(const Inst& inst) const {
    const std::vector<Inst>& block = program_.blocks[current_].insts;
    const auto next = block.begin() + (&inst - block.data()) + 1;
    if (next == block.end() || !next->row || next->op() != inst.op() ||
        next->mods() != inst.mods() || next->guarded() ||
        next->reg(Field::ra) != inst.reg(Field::ra))
        return nullptr;
    for (Field field : {Field::ra, Field::rb, Field::rc})
        if (overwrites(inst, *next, field)) return nullptr;
    return &*next;
}

/// Where the operand of warp p is unpacked, and its rows, in this room; these are null where it has
/// been.
std::array<Emitter::IR, 2> Emitter::unpacked(const Inst& inst, Field field, unsigned rows,
                                             unsigned p) {
    const size_t which = field == Field::ra ? 0 : 1;
    UnpackedOperand wanted{inst.op(), inst.mods(), p, {}, nullptr};
    const std::vector<Value> words = matrix_words(inst, field);
    for (const Value& v : words)
        wanted.words.push_back(vector(v));
    std::vector<UnpackedOperand>& kept = unpacked_[which];
    const auto found = std::find_if(kept.begin(), kept.end(), [&](const UnpackedOperand& k) {
        return k.op == wanted.op && k.mods == wanted.mods && k.warp == p && k.words == wanted.words;
    });
    if (found != kept.end()) {
        std::rotate(found, found + 1, kept.end()); // the one that was asked for last is the last
        return {Constant::getNullValue(ir_.getPtrTy()), kept.back().room};
    }
    std::vector<IR>& free = unpacked_rooms_[which];
    if (kept.size() == kKept[which]) {
        wanted.room = kept.front().room;
        kept.erase(kept.begin());
    } else {
        if (free.size() == kept.size())
            free.push_back(in_frame(
                ArrayType::get(ir_.getFloatTy(), which == 0 ? kUnpackedA : kUnpackedB), 64));
        const auto in_use = [&](IR room) {
            return std::any_of(kept.begin(), kept.end(),
                               [&](const UnpackedOperand& k) { return k.room == room; });
        };
        wanted.room = *std::find_if_not(free.begin(), free.end(), in_use);
    }
    kept.push_back(wanted);
    return {in_rows(rows, words, p), wanted.room};
}

/// Products of one A, two or one, of warp p: their results.
Emitter::IR Emitter::call_fused(size_t number, ArrayRef<const Inst*> products, unsigned p) {
    const unsigned words = words_of(*products[0], Field::rc);
    SmallVector<IR, 32> arguments{ir_.getInt32(products[0]->mods())};
    const std::array<IR, 2> a = unpacked(*products[0], Field::ra, kRowsA, p);
    arguments.append({a[0], a[1]});
    for (unsigned n = 0; n < products.size(); ++n) {
        const std::array<IR, 2> b = unpacked(*products[n], Field::rb, kRowsB + n, p);
        arguments.append({b[0], b[1]});
    }
    auto* half = FixedVectorType::get(ir_.getFloatTy(), kHalfRow);
    for (const Inst* inst : products)
        for (const Value& v : matrix_words(*inst, Field::rc)) {
            IR row = ir_.CreateBitCast(part(vector(v), p),
                                       FixedVectorType::get(ir_.getFloatTy(), kLanes));
            for (unsigned first : {0u, kHalfRow}) {
                SmallVector<int, kHalfRow> lanes;
                for (unsigned i = 0; i < kHalfRow; ++i)
                    lanes.push_back(static_cast<int>(first + i));
                arguments.push_back(ir_.CreateShuffleVector(row, lanes));
            }
        }
    SmallVector<llvm::Type*, 32> types;
    for (IR x : arguments)
        types.push_back(x->getType());
    auto* result = ArrayType::get(half, 2 * words * products.size());
    CallInst* call = ir_.CreateCall(
        FunctionType::get(result, types, false),
        product_function(number, offsetof(Product, fused) + sizeof(void*) * (products.size() - 1)),
        arguments);
    call->setCallingConv(CallingConv::X86_RegCall);
    return call;
}

/// Products of floats, in registers.
void Emitter::emit_fused(size_t number, ArrayRef<const Inst*> products) {
    const unsigned words = words_of(*products[0], Field::rc);
    std::vector<std::vector<SmallVector<IR, 8>>> parts(products.size(),
                                                       std::vector<SmallVector<IR, 8>>(words));
    for (unsigned p = 0; p < warps_ && !dry_; ++p) {
        IR result = call_fused(number, products, p);
        for (unsigned i = 0; i < words * products.size(); ++i) {
            SmallVector<int, kLanes> lanes;
            for (unsigned l = 0; l < kLanes; ++l)
                lanes.push_back(static_cast<int>(l));
            IR row = ir_.CreateShuffleVector(ir_.CreateExtractValue(result, 2 * i),
                                             ir_.CreateExtractValue(result, 2 * i + 1), lanes);
            parts[i / words][i % words].push_back(
                ir_.CreateBitCast(row, FixedVectorType::get(type(32, false), kLanes)));
        }
    }
    for (size_t n = 0; n < products.size(); ++n)
        put_matrix(*products[n], parts[n]);
}

/// Any product, in memory.
void Emitter::emit_on_rows(size_t number, const Inst& inst) {
    std::vector<SmallVector<IR, 8>> parts(words_of(inst, Field::rd));
    const std::vector<Value> a = matrix_words(inst, Field::ra), b = matrix_words(inst, Field::rb),
                             c = matrix_words(inst, Field::rc);
    auto* row = FixedVectorType::get(type(32, false), kLanes);
    for (unsigned p = 0; p < warps_ && !dry_; ++p) {
        IR to = in_rows(kRowsD, {}, p);
        const SmallVector<IR, 5> arguments{ir_.getInt32(inst.mods()), in_rows(kRowsA, a, p),
                                           in_rows(kRowsB, b, p), in_rows(kRowsC, c, p), to};
        SmallVector<llvm::Type*, 5> types;
        for (IR x : arguments)
            types.push_back(x->getType());
        ir_.CreateCall(FunctionType::get(ir_.getVoidTy(), types, false),
                       product_function(number, offsetof(Product, on_rows)), arguments);
        for (unsigned i = 0; i < parts.size(); ++i)
            parts[i].push_back(ir_.CreateAlignedLoad(row, alu_row(to, i), Align(128)));
    }
    put_matrix(inst, parts);
}

bool Emitter::emit_product(const Inst& inst) {
    const Products& all = products(has_masks_);
    const size_t number = all.find(static_cast<uint32_t>(inst.op()));
    if (number == all.count || partial_[current_] || inst.guarded() || one_thread_) return false;
    if (&inst == made_before_) { // with the one in front of it
        made_before_ = nullptr;
        return true;
    }
    if (!all.all[number].fused[0]) return emit_on_rows(number, inst), true;
    const Inst* next = beside(inst);
    made_before_ = next;
    next ? emit_fused(number, {&inst, next}) : emit_fused(number, {&inst});
    return true;
}

} // namespace acc::model::jit
