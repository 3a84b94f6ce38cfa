// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/PtxEmitter.h"

#include "llvm/ADT/bit.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend::ptx {
namespace {

struct SpecialRow {
    const char* name;
    Intrinsic::ID intrinsic;
};
// clang-format off
constexpr SpecialRow kSpecial[] = {
    {"%tid.x", Intrinsic::nvvm_read_ptx_sreg_tid_x}, {"%tid.y", Intrinsic::nvvm_read_ptx_sreg_tid_y}, {"%tid.z", Intrinsic::nvvm_read_ptx_sreg_tid_z},
    {"%ntid.x", Intrinsic::nvvm_read_ptx_sreg_ntid_x}, {"%ntid.y", Intrinsic::nvvm_read_ptx_sreg_ntid_y}, {"%ntid.z", Intrinsic::nvvm_read_ptx_sreg_ntid_z},
    {"%ctaid.x", Intrinsic::nvvm_read_ptx_sreg_ctaid_x}, {"%ctaid.y", Intrinsic::nvvm_read_ptx_sreg_ctaid_y}, {"%ctaid.z", Intrinsic::nvvm_read_ptx_sreg_ctaid_z},
    {"%nctaid.x", Intrinsic::nvvm_read_ptx_sreg_nctaid_x}, {"%nctaid.y", Intrinsic::nvvm_read_ptx_sreg_nctaid_y}, {"%nctaid.z", Intrinsic::nvvm_read_ptx_sreg_nctaid_z},
    {"%laneid", Intrinsic::nvvm_read_ptx_sreg_laneid}, {"%warpid", Intrinsic::nvvm_read_ptx_sreg_warpid}, {"%nwarpid", Intrinsic::nvvm_read_ptx_sreg_nwarpid},
    {"%smid", Intrinsic::nvvm_read_ptx_sreg_smid}, {"%nsmid", Intrinsic::nvvm_read_ptx_sreg_nsmid}, {"%gridid", Intrinsic::nvvm_read_ptx_sreg_gridid},
    {"%lanemask_eq", Intrinsic::nvvm_read_ptx_sreg_lanemask_eq}, {"%lanemask_lt", Intrinsic::nvvm_read_ptx_sreg_lanemask_lt},
    {"%lanemask_le", Intrinsic::nvvm_read_ptx_sreg_lanemask_le}, {"%lanemask_gt", Intrinsic::nvvm_read_ptx_sreg_lanemask_gt},
    {"%lanemask_ge", Intrinsic::nvvm_read_ptx_sreg_lanemask_ge}, {"%clock", Intrinsic::nvvm_read_ptx_sreg_clock},
    {"%clock64", Intrinsic::nvvm_read_ptx_sreg_clock64}, {"%globaltimer", Intrinsic::nvvm_read_ptx_sreg_globaltimer},
};
// clang-format on

} // namespace

void Emitter::declare(const Declaration& declaration) {
    Type type = type_of(declaration.type);
    if (!type.ir) unsupported("register type ." + declaration.type);
    if (declaration.count == 0) declared_[declaration.name] = type.ir;
    for (unsigned i = 0; i < declaration.count; ++i)
        declared_[declaration.name + std::to_string(i)] = type.ir;
}

Type Emitter::type_of(StringRef modifier) const {
    LLVMContext& context = builder.getContext();
    if (modifier == "pred") return {llvm::Type::getInt1Ty(context), false, false, 1};
    if (modifier == "f16") return {llvm::Type::getHalfTy(context), false, true, 16};
    if (modifier == "bf16") return {llvm::Type::getBFloatTy(context), false, true, 16};
    if (modifier == "f16x2")
        return {FixedVectorType::get(llvm::Type::getHalfTy(context), 2), false, true, 32};
    if (modifier == "bf16x2")
        return {FixedVectorType::get(llvm::Type::getBFloatTy(context), 2), false, true, 32};
    if (modifier == "f32") return {llvm::Type::getFloatTy(context), false, true, 32};
    if (modifier == "f64") return {llvm::Type::getDoubleTy(context), false, true, 64};
    unsigned bits = 0;
    if (modifier.size() < 2 || !StringRef("usb").contains(modifier[0]) ||
        modifier.drop_front().getAsInteger(10, bits))
        return {};
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64 && bits != 128) return {};
    return {llvm::Type::getIntNTy(context, bits), modifier[0] == 's', false, bits};
}

Type Emitter::last_type(const Statement& statement) const {
    for (size_t i = statement.modifiers.size(); i-- > 0;)
        if (Type type = type_of(statement.modifiers[i]); type.ir) return type;
    unsupported("no type");
}

Value* Emitter::fit(Value* value, llvm::Type* type, bool is_signed) {
    llvm::Type* from = value->getType();
    if (from == type) return value;
    const DataLayout& layout = builder.GetInsertBlock()->getModule()->getDataLayout();
    if (from->isPointerTy())
        return fit(builder.CreatePtrToInt(value, layout.getIntPtrType(from)), type, is_signed);
    if (type->isPointerTy())
        return builder.CreateIntToPtr(fit(value, layout.getIntPtrType(type), false), type);
    unsigned have = unsigned(from->getPrimitiveSizeInBits()),
             want = unsigned(type->getPrimitiveSizeInBits());
    if (!have || !want) unsupported("operand of an unusual type");
    Value* integer = from->isIntegerTy() ? value
                                         : builder.CreateBitCast(value, builder.getIntNTy(have));
    if (have != want)
        integer = is_signed ? builder.CreateSExtOrTrunc(integer, builder.getIntNTy(want))
                            : builder.CreateZExtOrTrunc(integer, builder.getIntNTy(want));
    return type->isIntegerTy() ? integer : builder.CreateBitCast(integer, type);
}

Value* Emitter::special_register(StringRef name) {
    if (name == "WARP_SZ") return builder.getInt32(32);
    for (const SpecialRow& row : kSpecial)
        if (name == row.name)
            return builder.CreateIntrinsic(row.intrinsic, ArrayRef<llvm::Type*>(),
                                           ArrayRef<Value*>());
    if (name == "%globaltimer_lo")
        return builder.CreateTrunc(special_register("%globaltimer"), builder.getInt32Ty());
    if (name == "%globaltimer_hi")
        return builder.CreateTrunc(builder.CreateLShr(special_register("%globaltimer"), 32),
                                   builder.getInt32Ty());
    if (name == "%clock_hi")
        return builder.CreateTrunc(builder.CreateLShr(special_register("%clock64"), 32),
                                   builder.getInt32Ty());
    const char* machine = name == "%total_smem_size" ? "__acc_sr_total_shared" : nullptr;
    if (!machine) unsupported("register " + name.str());
    Module* module = builder.GetInsertBlock()->getModule();
    return builder.CreateCall(module->getOrInsertFunction(machine, builder.getInt32Ty()));
}

Value* Emitter::raw(const Operand& operand) {
    switch (operand.kind) {
    case Operand::Asm:
        if (operand.index >= values_.size()) unsupported("operand number out of range");
        // An output that is read before it is written has no value.
        return values_[operand.index] ? values_[operand.index]
                                      : UndefValue::get(output_types_[operand.index]);
    case Operand::Register: {
        auto found = registers_.find(operand.name);
        if (found != registers_.end()) return found->second;
        auto declared = declared_.find(operand.name);
        return declared != declared_.end() ? UndefValue::get(declared->second)
                                           : special_register(operand.name);
    }
    default: unsupported("operand of an unexpected kind");
    }
}

Value* Emitter::read(const Operand& operand, const Type& type) {
    if (operand.kind == Operand::Integer) {
        llvm::Type* integer = builder.getIntNTy(type.bits);
        return fit(ConstantInt::get(integer, uint64_t(operand.integer), true, true), type.ir,
                   false);
    }
    if (operand.kind == Operand::Float) {
        if (operand.is_double && type.bits == 32 && type.is_float)
            return ConstantFP::get(type.ir, llvm::bit_cast<double>(operand.float_bits));
        return fit(builder.getInt(APInt(operand.is_double ? 64 : 32, operand.float_bits)), type.ir,
                   false);
    }
    if (operand.kind == Operand::Vector) { // mov.b64 %0, {lo, hi}
        Value* whole = ConstantInt::get(builder.getIntNTy(type.bits), 0);
        unsigned width = type.bits / unsigned(operand.parts.size());
        for (size_t i = 0; i < operand.parts.size(); ++i) {
            Value* part = read(operand.parts[i], {builder.getIntNTy(width), false, false, width});
            whole = builder.CreateOr(
                whole, builder.CreateShl(builder.CreateZExt(part, whole->getType()), width * i));
        }
        return fit(whole, type.ir, false);
    }
    return fit(raw(operand), type.ir, type.is_signed);
}

Value* Emitter::read_predicate(const Operand& operand) {
    Value* value = operand.kind == Operand::Integer ? builder.getInt1(operand.integer != 0)
                                                    : raw(operand);
    if (!value->getType()->isIntegerTy(1))
        value = builder.CreateICmpNE(
            fit(value, builder.getIntNTy(unsigned(value->getType()->getPrimitiveSizeInBits())),
                false),
            ConstantInt::get(
                builder.getIntNTy(unsigned(value->getType()->getPrimitiveSizeInBits())), 0));
    return operand.negated ? builder.CreateNot(value) : value;
}

Value* Emitter::read_address(const Operand& operand, unsigned space) {
    if (operand.kind != Operand::Address) unsupported("address without brackets");
    Value* base = operand.parts[0].kind == Operand::Integer
                      ? builder.getInt64(uint64_t(operand.parts[0].integer))
                      : raw(operand.parts[0]);
    llvm::Type* pointer = PointerType::get(builder.getContext(), space);
    if (base->getType()->isPointerTy() && base->getType() != pointer)
        base = builder.CreateAddrSpaceCast(base, pointer);
    else
        base = fit(base, pointer, false);
    Value* offset = operand.parts.size() > 1 ? read(operand.parts[1], type_of("s64"))
                                             : builder.getInt64(uint64_t(operand.integer));
    return builder.CreatePtrAdd(base, offset);
}

void Emitter::write(const Operand& operand, Value* value, bool is_signed) {
    if (operand.kind == Operand::Discard) return;
    if (operand.kind == Operand::Vector) { // mov.b64 {lo, hi}, %0
        unsigned bits = unsigned(value->getType()->getPrimitiveSizeInBits()),
                 width = bits / unsigned(operand.parts.size());
        Value* whole = fit(value, builder.getIntNTy(bits), false);
        for (size_t i = 0; i < operand.parts.size(); ++i)
            write(operand.parts[i], builder.CreateTrunc(builder.CreateLShr(whole, width * i),
                                                        builder.getIntNTy(width)));
        return;
    }
    if (operand.kind == Operand::Asm) {
        if (operand.index >= output_types_.size()) unsupported("writing to an input operand");
        values_[operand.index] = fit(value, output_types_[operand.index], is_signed);
        return;
    }
    auto declared = declared_.find(operand.name);
    if (operand.kind != Operand::Register || declared == declared_.end())
        unsupported("destination '" + operand.name + "' is not declared");
    registers_[operand.name] = fit(value, declared->second, is_signed);
}

void Emitter::merge(const Snapshot& before, BasicBlock* skipped, BasicBlock* taken) {
    auto join = [&](Value* after, Value* earlier) -> Value* {
        if (after == earlier || !after) return after;
        PHINode* phi = builder.CreatePHI(after->getType(), 2);
        phi->addIncoming(after, taken);
        phi->addIncoming(earlier && earlier->getType() == after->getType()
                             ? earlier
                             : UndefValue::get(after->getType()),
                         skipped);
        return phi;
    };
    for (size_t i = 0; i < values_.size(); ++i)
        values_[i] = join(values_[i], before.values[i]);
    for (auto& entry : registers_) {
        auto earlier = before.registers.find(entry.getKey());
        entry.second = join(entry.second,
                            earlier == before.registers.end() ? nullptr : earlier->second);
    }
}

} // namespace acc::frontend::ptx
