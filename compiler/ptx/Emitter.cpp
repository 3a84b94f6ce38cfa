// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Emitter.h"

#include "llvm/ADT/bit.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

#include <utility>

using namespace llvm;

namespace acc::ptx {
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
    {"%cluster_ctarank", Intrinsic::nvvm_read_ptx_sreg_cluster_ctarank}, {"%cluster_nctarank", Intrinsic::nvvm_read_ptx_sreg_cluster_nctarank},
    {"%clusterid.x", Intrinsic::nvvm_read_ptx_sreg_clusterid_x}, {"%clusterid.y", Intrinsic::nvvm_read_ptx_sreg_clusterid_y}, {"%clusterid.z", Intrinsic::nvvm_read_ptx_sreg_clusterid_z},
    {"%nclusterid.x", Intrinsic::nvvm_read_ptx_sreg_nclusterid_x}, {"%nclusterid.y", Intrinsic::nvvm_read_ptx_sreg_nclusterid_y}, {"%nclusterid.z", Intrinsic::nvvm_read_ptx_sreg_nclusterid_z},
    {"%cluster_ctaid.x", Intrinsic::nvvm_read_ptx_sreg_cluster_ctaid_x}, {"%cluster_ctaid.y", Intrinsic::nvvm_read_ptx_sreg_cluster_ctaid_y}, {"%cluster_ctaid.z", Intrinsic::nvvm_read_ptx_sreg_cluster_ctaid_z},
    {"%cluster_nctaid.x", Intrinsic::nvvm_read_ptx_sreg_cluster_nctaid_x}, {"%cluster_nctaid.y", Intrinsic::nvvm_read_ptx_sreg_cluster_nctaid_y}, {"%cluster_nctaid.z", Intrinsic::nvvm_read_ptx_sreg_cluster_nctaid_z},
    {"%dynamic_smem_size", Intrinsic::nvvm_read_ptx_sreg_dynamic_smem_size},
};
// clang-format on

} // namespace

void memory_barrier(IRBuilder<>& builder) {
    llvm::FunctionType* type = llvm::FunctionType::get(builder.getVoidTy(), false);
    builder.CreateCall(InlineAsm::get(type, "", "~{memory}", /*hasSideEffects=*/true))
        ->addFnAttr(Attribute::NoUnwind);
}

CallInst* opaque(IRBuilder<>& builder, Value* value) {
    llvm::FunctionType* type = llvm::FunctionType::get(value->getType(), {value->getType()}, false);
    CallInst* call = builder.CreateCall(InlineAsm::get(type, "", "=r,0", /*hasSideEffects=*/true),
                                        {value});
    for (Attribute::AttrKind attribute :
         {Attribute::NoUnwind, Attribute::WillReturn, Attribute::Convergent})
        call->addFnAttr(attribute);
    call->setMemoryEffects(MemoryEffects::inaccessibleMemOnly());
    return call;
}

Emitter::Emitter(IRBuilder<>& b, const Program& program, std::vector<Value*> values,
                 std::vector<llvm::Type*> outputs, bool volatile_)
    : builder(b), surroundings(nullptr), is_volatile(volatile_), values_(std::move(values)),
      output_types_(std::move(outputs)), registers_(program.registers.size()) {
    declare(program);
    if (!program.variables.empty())
        unsupported("the variable '" + program.variables[0].name + "' in an asm statement");
}

Emitter::Emitter(IRBuilder<>& b, const Program& program, std::vector<Value*> values,
                 std::vector<llvm::Type*> outputs, bool volatile_, Surroundings& around)
    : builder(b), surroundings(&around), is_volatile(volatile_), values_(std::move(values)),
      output_types_(std::move(outputs)), registers_(program.registers.size()) {
    declare(program);
    if (!program.variables.empty())
        unsupported("the variable '" + program.variables[0].name + "' in an asm statement");
    for (unsigned i = 0; i < output_types_.size(); ++i) {
        Value* given = std::exchange(values_[i], nullptr);
        AllocaInst* place = local(values_[i], output_types_[i], "out");
        if (given) builder.CreateStore(given, place);
    }
}

Emitter::Emitter(IRBuilder<>& b, const Program& program, Surroundings& around)
    : builder(b), surroundings(&around), is_volatile(false), registers_(program.registers.size()) {
    declare(program);
}

void Emitter::declare(const Program& program) {
    for (const Register& declared : program.registers) {
        Type type = type_of(declared.type);
        if (!type.ir)
            unsupported("register '" + declared.name + "' of type '." + declared.type +
                        "' is not supported");
        register_types_.push_back(type.ir);
    }
}

/// The local variable of a register, made when it is first used. A register that is never set holds
/// some number on the machine, but to LLVM a branch on an undefined value is unreachable: it is 0.
AllocaInst* Emitter::local(Value*& slot, llvm::Type* type, StringRef name) {
    if (!slot) {
        BasicBlock& entry = builder.GetInsertBlock()->getParent()->getEntryBlock();
        IRBuilder<> start(&entry, entry.begin());
        slot = start.CreateAlloca(type, nullptr, name);
        start.CreateStore(Constant::getNullValue(type), slot);
    }
    return cast<AllocaInst>(slot);
}

Value* Emitter::carry() {
    if (!surroundings || !carry_) return carry_;
    return builder.CreateLoad(builder.getInt1Ty(), carry_);
}

void Emitter::set_carry(Value* value) {
    if (surroundings)
        builder.CreateStore(value, local(carry_, value->getType(), "cc"));
    else
        carry_ = value;
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
    const char* machine = name == "%total_smem_size"       ? "__acc_sr_total_shared"
                          : name == "%is_explicit_cluster" ? "__acc_sr_is_explicit_cluster"
                                                           : nullptr;
    if (!machine) unsupported("register '" + name.str() + "' is not known");
    Module* module = builder.GetInsertBlock()->getModule();
    Value* value = builder.CreateCall(module->getOrInsertFunction(machine, builder.getInt32Ty()));
    const bool is_predicate = name == "%is_explicit_cluster";
    return is_predicate ? builder.CreateICmpNE(value, builder.getInt32(0)) : value;
}

Value* Emitter::raw(const Operand& operand) {
    if (operand.negated) unsupported("'!' before a value that is no predicate");
    if (operand.minus) unsupported("'-' before '" + operand.name + "'");
    if (!operand.selector.empty())
        unsupported("the part '." + operand.selector + "' of '" + operand.name + "'");
    switch (operand.kind) {
    case Operand::Asm:
        if (operand.index >= values_.size()) unsupported("operand number out of range");
        if (is_place(operand.index)) return output(operand.index);
        // An output that is read before it is written is as a register that is never set.
        return values_[operand.index] ? values_[operand.index]
                                      : Constant::getNullValue(output_types_[operand.index]);
    case Operand::Register: {
        llvm::Type* type = register_types_[operand.index];
        Value*& value = registers_[operand.index];
        if (surroundings) return builder.CreateLoad(type, local(value, type, operand.name));
        return value ? value : Constant::getNullValue(type);
    }
    case Operand::Variable:
    case Operand::Special: return named(operand);
    default: unsupported("operand of an unexpected kind");
    }
}

Value* Emitter::output(unsigned index) {
    return is_place(index) ? builder.CreateLoad(output_types_[index], values_[index])
                           : values_[index];
}

/// A name that is no register's: an address, or a register of the machine.
Value* Emitter::named(const Operand& operand) {
    Value* address = surroundings ? surroundings->address_of(operand) : nullptr;
    if (!address) {
        if (operand.integer) unsupported("'" + operand.name + "' has no address to add to");
        return special_register(operand.name);
    }
    return operand.integer ? builder.CreatePtrAdd(address, builder.getInt64(operand.integer))
                           : address;
}

Value* Emitter::immediate(const Operand& operand, const Type& type) {
    if (operand.kind == Operand::Integer) {
        // Bits of a float are written 0f... or 0d...; the number 1 is not 1.0.
        if (type.is_float)
            unsupported("the integer " + operand.name + " as a floating-point operand");
        return ConstantInt::get(builder.getContext(),
                                APInt(64, uint64_t(operand.integer)).sextOrTrunc(type.bits));
    }
    if (type.is_float && (type.bits == 64 || (operand.is_double && type.ir->isFloatTy()))) {
        double value = operand.is_double ? llvm::bit_cast<double>(operand.float_bits)
                                         : llvm::bit_cast<float>(uint32_t(operand.float_bits));
        return ConstantFP::get(type.ir, value);
    }
    if (type.bits != (operand.is_double ? 64u : 32u))
        unsupported("the constant " + operand.name + " does not have the operand's width");
    return fit(builder.getInt(APInt(type.bits, operand.float_bits)), type.ir, false);
}

unsigned Emitter::part_width(const Operand& vector, unsigned bits) const {
    unsigned parts = unsigned(vector.parts.size());
    if ((parts != 2 && parts != 4) || bits / parts < 8 || bits % parts)
        unsupported("a vector of " + std::to_string(parts) + " for " + std::to_string(bits) +
                    " bits");
    return bits / parts;
}

Value* Emitter::read(const Operand& operand, const Type& type) {
    if (operand.kind == Operand::Integer || operand.kind == Operand::Float)
        return immediate(operand, type);
    if (operand.kind == Operand::Vector) { // mov.b64 %0, {lo, hi}
        Value* whole = ConstantInt::get(builder.getIntNTy(type.bits), 0);
        unsigned width = part_width(operand, type.bits);
        for (size_t i = 0; i < operand.parts.size(); ++i)
            whole = builder.CreateOr(
                whole, builder.CreateShl(builder.CreateZExt(read(operand.parts[i], bits(width)),
                                                            whole->getType()),
                                         width * i));
        return fit(whole, type.ir, false);
    }
    Value* value = raw(operand);
    if (value->getType()->isIntegerTy(1) != (type.bits == 1))
        unsupported("'" + operand.name + "': a predicate and a value are not the same");
    return fit(value, type.ir, type.is_signed);
}

bool Emitter::is_predicate(const Operand& operand) const {
    return operand.negated ||
           (operand.kind == Operand::Register && register_types_[operand.index]->isIntegerTy(1));
}

Value* Emitter::read_predicate(const Operand& operand) {
    if (operand.kind == Operand::Integer)
        return builder.getInt1((operand.integer != 0) != operand.negated);
    const bool special = operand.kind == Operand::Special && operand.name == "%is_explicit_cluster";
    const bool declared = operand.kind == Operand::Register &&
                          register_types_[operand.index]->isIntegerTy(1);
    if (!special && !declared) unsupported("'" + operand.name + "' is not a predicate register");
    Operand plain = operand;
    plain.negated = false;
    Value* value = raw(plain);
    return operand.negated ? builder.CreateNot(value) : value;
}

uint64_t Emitter::read_constant(const Operand& operand, const char* what) {
    auto* constant = dyn_cast<ConstantInt>(read(operand, type_of("u32")));
    if (!constant) unsupported(std::string(what) + " must be a constant");
    return constant->getZExtValue();
}

Value* Emitter::read_address(const Operand& operand, unsigned space) {
    if (operand.kind != Operand::Address) unsupported("an address is written in brackets");
    const Operand &start = operand.parts[0], &distance = operand.parts[1];
    if (start.kind == Operand::Special && !(surroundings && surroundings->address_of(start)))
        unsupported("'" + start.name + "' is not declared");
    Value* base = start.kind == Operand::Integer ? builder.getInt64(uint64_t(start.integer))
                                                 : raw(start);
    if (base->getType()->isIntegerTy(1)) unsupported("a predicate is no address");
    llvm::Type* pointer = PointerType::get(builder.getContext(), space);
    if (base->getType()->isPointerTy() && base->getType() != pointer)
        base = builder.CreateAddrSpaceCast(base, pointer);
    else
        base = fit(base, pointer, false);
    return builder.CreatePtrAdd(base, read(distance, type_of("s64")));
}

void Emitter::write(const Operand& operand, Value* value, bool is_signed) {
    if (operand.negated) unsupported("'!' before a destination");
    if (!operand.selector.empty())
        unsupported("the part '." + operand.selector + "' of '" + operand.name + "'");
    if (operand.kind == Operand::Discard) return;
    unsigned width = unsigned(value->getType()->getPrimitiveSizeInBits());
    if (operand.kind == Operand::Vector) { // mov.b64 {lo, hi}, %0
        unsigned part = part_width(operand, width);
        Value* whole = fit(value, builder.getIntNTy(width), false);
        for (size_t i = 0; i < operand.parts.size(); ++i)
            write(operand.parts[i], builder.CreateTrunc(builder.CreateLShr(whole, part * i),
                                                        builder.getIntNTy(part)));
        return;
    }
    bool is_asm = operand.kind == Operand::Asm;
    if (!is_asm && operand.kind != Operand::Register)
        unsupported("destination '" + operand.name + "' is not declared");
    if (is_asm && operand.index >= output_types_.size())
        unsupported("writing to the input operand " + operand.name);
    llvm::Type* type = is_asm ? output_types_[operand.index] : register_types_[operand.index];
    if (value->getType()->isIntegerTy(1) != type->isIntegerTy(1))
        unsupported("'" + operand.name + "': a predicate and a value are not the same");
    if (width > type->getPrimitiveSizeInBits() && !type->isPointerTy())
        unsupported("destination '" + operand.name + "' is narrower than the result");
    Value*& target = (is_asm ? values_ : registers_)[operand.index];
    Value* fitted = fit(value, type, is_signed);
    if (is_asm ? is_place(operand.index) : surroundings != nullptr)
        builder.CreateStore(fitted, local(target, type, operand.name));
    else
        target = fitted;
}

void Emitter::write_pair(const Operand& operand, Value* first, Value* second) {
    if (operand.kind != Operand::Pair) return write(operand, first);
    write(operand.parts[0], first);
    write(operand.parts[1], second);
}

Value* Emitter::machine(const Twine& name, llvm::Type* result, ArrayRef<Value*> arguments) {
    SmallVector<llvm::Type*> types;
    for (Value* argument : arguments)
        types.push_back(argument->getType());
    AttributeList attributes;
    LLVMContext& context = builder.getContext();
    for (Attribute::AttrKind kind :
         {Attribute::NoUnwind, Attribute::WillReturn, Attribute::NoSync, Attribute::Speculatable})
        attributes = attributes.addFnAttribute(context, kind);
    attributes = attributes.addFnAttribute(
        context, Attribute::getWithMemoryEffects(context, MemoryEffects::none()));
    Module* module = builder.GetInsertBlock()->getModule();
    return builder.CreateCall(
        module->getOrInsertFunction(("__acc_op." + name).str(),
                                    llvm::FunctionType::get(result, types, false), attributes),
        arguments);
}

void Emitter::merge(const Snapshot& before, BasicBlock* skipped, BasicBlock* taken) {
    auto join = [&](Value* after, Value* earlier) -> Value* {
        if (after == earlier || !after) return after;
        PHINode* phi = builder.CreatePHI(after->getType(), 2);
        phi->addIncoming(after, taken);
        phi->addIncoming(earlier && earlier->getType() == after->getType()
                             ? earlier
                             : Constant::getNullValue(after->getType()),
                         skipped);
        return phi;
    };
    for (size_t i = 0; i < values_.size(); ++i)
        values_[i] = join(values_[i], before.values[i]);
    for (size_t i = 0; i < registers_.size(); ++i)
        registers_[i] = join(registers_[i], before.registers[i]);
    carry_ = join(carry_, before.carry);
}

} // namespace acc::ptx
