// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/alu.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Support/MemoryBuffer.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "acc/spec/acc_isa_opcodes.h"
#include "driver/model/jit/emitter.h"
#include "driver/model/src/interp/simd/lift.h"

namespace acc::model::jit {

using namespace llvm;
using isa::Field;
using isa::Opcode;

namespace {

constexpr const char* kPrefix = "acc_alu_";

std::unique_ptr<Module> read(std::string_view code, LLVMContext& context) {
    auto module = getLazyBitcodeModule(MemoryBufferRef(StringRef(code.data(), code.size()), "alu"),
                                       context);
    if (!module) throw std::runtime_error(toString(module.takeError()));
    return std::move(*module);
}

/// The functions bind_*(Bind* table) fill a table of functions by opcode.
void read_table(Function& bind, const DataLayout& layout, std::map<unsigned, std::string>& names) {
    if (Error error = bind.materialize()) throw std::runtime_error(toString(std::move(error)));
    for (const BasicBlock& block : bind)
        for (const Instruction& inst : block) {
            const auto* store = dyn_cast<StoreInst>(&inst);
            const auto* function = store ? dyn_cast<Function>(store->getValueOperand()) : nullptr;
            if (!function) continue;
            APInt offset(64, 0);
            const llvm::Value* base = store->getPointerOperand()->stripAndAccumulateConstantOffsets(
                layout, offset, true);
            if (base != bind.getArg(0)) continue;
            names[static_cast<unsigned>(offset.getZExtValue() / sizeof(interp::Bind))] =
                function->getName().str();
        }
}

} // namespace

AluLibrary::AluLibrary(bool masks) : code_(alu_code(masks)) {
    LLVMContext context;
    const std::unique_ptr<Module> module = read(code_, context);
    for (Function& function : *module)
        if (function.hasExternalLinkage() && function.getName().contains("bind_") &&
            function.arg_size() == 1)
            read_table(function, module->getDataLayout(), functions_);
}

FunctionCallee AluLibrary::declare(Module& module, unsigned opcode) {
    llvm::Type* pointer = PointerType::getUnqual(module.getContext());
    return module.getOrInsertFunction(
        kPrefix + std::to_string(opcode),
        FunctionType::get(llvm::Type::getVoidTy(module.getContext()), {pointer, pointer}, false));
}

void AluLibrary::link(Module& module) const {
    std::unique_ptr<Module> code;
    for (const auto& [opcode, name] : functions_) {
        const std::string declared = kPrefix + std::to_string(opcode);
        if (!module.getFunction(declared)) continue;
        if (!code) code = read(code_, module.getContext());
        Function* function = code->getFunction(name);
        function->setLinkage(GlobalValue::ExternalLinkage);
        function->setComdat(nullptr);
        function->setName(declared);
    }
    if (!code) return;
    code->setTargetTriple(module.getTargetTriple());
    code->setDataLayout(module.getDataLayout());
    if (Linker::linkModules(module, std::move(code), Linker::LinkOnlyNeeded))
        throw std::runtime_error("the functions of opcodes cannot be linked");
    for (Function& function : module) {
        if (function.isDeclaration() || !function.getName().starts_with(kPrefix)) {
            if (function.isDeclaration() || function.hasExternalLinkage()) continue;
        }
        function.setAttributes({});
        function.addFnAttr(Attribute::AlwaysInline);
        function.addFnAttr(Attribute::NoUnwind);
        function.setLinkage(GlobalValue::InternalLinkage);
    }
}

namespace {
/// Functions that would change the host's rounding mode are the interpreter's.
bool rounds_otherwise(const Inst& inst) {
    const Opcode op = inst.op();
    const bool arithmetic = (op >= Opcode::FADD && op <= Opcode::FSQRT) ||
                            (op >= Opcode::DADD && op <= Opcode::DSQRT) ||
                            op == Opcode::CVT_f32_f64;
    return arithmetic && (inst.mods() & isa::mods::MRnd.mask());
}
} // namespace

/// The instruction by the interpreter's function, in line.
bool Emitter::emit_alu(const Inst& inst) {
    const auto opcode = static_cast<unsigned>(inst.op());
    if (!alu_.has(opcode) || rounds_otherwise(inst)) return false;
    const isa::RowInfo& row = *inst.row;
    bool all_uniform = true, has_result = false, reads_predicate = false;
    unsigned result_words = 0;
    std::vector<std::pair<Field, std::vector<Value>>> sources;
    for (const isa::OperandInfo& operand : row.operands()) {
        if (operand.kind == isa::OperandKind::PredIn) reads_predicate = true;
        if (operand.kind != isa::OperandKind::Reg) continue;
        if (operand.is_out) {
            has_result = true;
            result_words = operand.regs;
            continue;
        }
        std::vector<Value> words;
        if (operand.regs == 2) {
            const Value whole = source(inst, operand.field, 64);
            words = {truncate(settled(whole)), high_word(settled(whole))};
        } else { // special functions do not tell one NaN from another
            const bool special = inst.op() >= Opcode::RCP && inst.op() <= Opcode::TANH;
            words = {special ? float_source(inst, operand.field, 32)
                             : source(inst, operand.field, 32)};
        }
        for (const Value& word : words)
            all_uniform = all_uniform && word.is_uniform();
        sources.emplace_back(operand.field, std::move(words));
    }
    Value predicate = constant_value(1, 1);
    if (reads_predicate) {
        predicate = get_pred(inst.reg(Field::ps), isa::get(inst.word, Field::psneg));
        all_uniform = all_uniform && predicate.is_uniform();
    }
    // Of what is the same for all, one warp's lanes are enough.
    SmallVector<AluCall, 8> calls;
    for (unsigned p = 0; p < (all_uniform ? 1 : warps_) && !dry_; ++p)
        calls.push_back(call_alu(inst, sources, predicate, result_words, p));
    const auto result = [&](unsigned bits, auto of) {
        if (dry_) return all_uniform ? uniform(bits, nullptr) : vector_value(bits, nullptr);
        SmallVector<IR, 8> parts;
        for (const AluCall& call : calls)
            parts.push_back(of(call));
        return all_uniform ? uniform(bits, ir_.CreateExtractElement(parts[0], uint64_t{0}))
                           : vector_value(bits, whole(parts));
    };
    llvm::Type* one_row = FixedVectorType::get(type(32, false), kLanes);
    const auto rd = static_cast<Reg>(inst.reg(Field::rd));
    if (has_result && rd != isa::kZeroReg)
        for (unsigned i = 0; i < result_words; ++i)
            put32(static_cast<Reg>(rd + i), result(32, [&](const AluCall& call) {
                      return ir_.CreateAlignedLoad(one_row, alu_row(call.rows, i), Align(128));
                  }));
    for (const isa::OperandInfo& operand : row.operands()) {
        if (operand.kind != isa::OperandKind::PredOut) continue;
        const size_t offset = operand.field == Field::pd ? offsetof(interp::LiftOp, predicate_d)
                                                         : offsetof(interp::LiftOp, predicate_e);
        put_pred(inst.reg(operand.field), result(1, [&](const AluCall& call) {
                     return mask_from_bits(ir_.CreateLoad(
                         type(32, false),
                         ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), call.op, offset)));
                 }));
    }
    return true;
}

Emitter::IR Emitter::alu_row(IR rows, unsigned i) {
    return ir_.CreateConstInBoundsGEP1_64(FixedVectorType::get(type(32, false), kLanes), rows, i);
}

/// Room in the function's frame, of this type.
Emitter::IR Emitter::in_frame(llvm::Type* t, uint64_t alignment) {
    IRBuilder<>::InsertPointGuard guard(ir_);
    llvm::BasicBlock& entry = function_->getEntryBlock();
    ir_.SetInsertPoint(&entry, entry.begin());
    AllocaInst* room = ir_.CreateAlloca(t);
    room->setAlignment(Align(alignment));
    return room;
}

/// Calls the function for warp p of the gang, with operands in memory.
Emitter::AluCall Emitter::call_alu(const Inst& inst,
                                   const std::vector<std::pair<Field, std::vector<Value>>>& sources,
                                   const Value& predicate, unsigned result_words, unsigned p) {
    using interp::LiftOp;
    IR op = in_frame(ArrayType::get(ir_.getInt8Ty(), sizeof(LiftOp)), alignof(LiftOp));
    const auto set = [&](size_t offset, IR x) {
        ir_.CreateStore(x, ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), op, offset));
    };
    set(offsetof(interp::Op, imm), ir_.getInt64(inst.imm()));
    set(offsetof(interp::Op, mods), ir_.getInt32(inst.mods()));
    set(offsetof(interp::Op, flags), ir_.getInt8(0));
    set(offsetof(interp::Op, opcode), ir_.getInt16(static_cast<uint16_t>(inst.op())));
    set(offsetof(LiftOp, predicate), one_thread_ ? ir_.CreateZExt(predicate.v, type(32, false))
                                                 : part_bits(vector(predicate), p));
    const auto rows = [&](unsigned count) {
        return in_frame(ArrayType::get(FixedVectorType::get(type(32, false), kLanes), count), 128);
    };
    for (const auto& [field, words] : sources) {
        IR room = rows(static_cast<unsigned>(words.size()));
        for (unsigned i = 0; i < words.size(); ++i)
            ir_.CreateAlignedStore(part(vector(words[i]), p), alu_row(room, i), Align(128));
        set(field == Field::ra   ? offsetof(LiftOp, source_a)
            : field == Field::rb ? offsetof(LiftOp, source_b)
                                 : offsetof(LiftOp, source_c),
            room);
    }
    IR results = result_words ? rows(result_words) : nullptr;
    if (results) set(offsetof(LiftOp, result), results);
    // Of the instruction, only what is the same for all forms: immediates are operands.
    const auto opcode = static_cast<unsigned>(inst.op());
    IR word = in_frame(ArrayType::get(ir_.getInt8Ty(), sizeof(interp::Inst)),
                       alignof(interp::Inst));
    const auto set_word = [&](size_t offset, IR x) {
        ir_.CreateStore(x, ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), word, offset));
    };
    set_word(offsetof(interp::Inst, opcode), ir_.getInt32(opcode));
    set_word(offsetof(interp::Inst, form), ir_.getInt32(0));
    set_word(offsetof(interp::Inst, mods), ir_.getInt32(inst.mods()));
    set_word(offsetof(interp::Inst, imm), ir_.getInt32(inst.imm()));
    ir_.CreateCall(AluLibrary::declare(module_, opcode), {word, op});
    return {op, results};
}

} // namespace acc::model::jit
