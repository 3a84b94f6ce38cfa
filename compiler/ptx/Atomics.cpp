// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// atom and red. Semantics: PTX ISA, 9.7.13.
#include "compiler/ptx/Memory.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

/// What a statement does to one element.
struct Atomic {
    AtomicOrdering ordering;
    SyncScope::ID scope;
    Type type;
    Value* address;
    bool is_volatile;
};

AtomicOrdering ordering_of(I& in) {
    in.hint({"relaxed"}); // the default
    if (in.has("acq_rel")) return AtomicOrdering::AcquireRelease;
    if (in.has("acquire")) return AtomicOrdering::Acquire;
    return in.has("release") ? AtomicOrdering::Release : AtomicOrdering::Monotonic;
}

Atomic atomic_of(E& e, I& in, size_t operands, size_t address) {
    e.has_effects = true;
    cache_hints(e, in, operands);
    Type type = in.type(e);
    unsigned space = space_of(in);
    return {ordering_of(in), scope_of(e, in, "device"), type,
            e.read_address(in.operand(address), space), e.is_volatile};
}

AtomicRMWInst::BinOp operation_of(E& e, I& in, const Type& type) {
    using RMW = AtomicRMWInst;
    in.hint({"noftz"}); // which is what the machine does
    if (in.has("add")) return type.is_float ? RMW::FAdd : RMW::Add;
    if (in.has("min")) return type.is_float ? RMW::FMin : type.is_signed ? RMW::Min : RMW::UMin;
    if (in.has("max")) return type.is_float ? RMW::FMax : type.is_signed ? RMW::Max : RMW::UMax;
    static constexpr std::pair<const char*, RMW::BinOp> rows[] = {
        {"and", RMW::And},   {"or", RMW::Or},        {"xor", RMW::Xor},
        {"exch", RMW::Xchg}, {"inc", RMW::UIncWrap}, {"dec", RMW::UDecWrap}};
    for (auto [name, operation] : rows)
        if (in.has(name)) return operation;
    e.unsupported("an atomic operation is missing");
}

Value* modify(E& e, const Atomic& atomic, AtomicRMWInst::BinOp operation, Value* address,
              Value* operand) {
    AtomicRMWInst* old = e.builder.CreateAtomicRMW(
        operation, address, operand, Align(atomic.type.bits / 8), atomic.ordering, atomic.scope);
    old->setVolatile(atomic.is_volatile);
    return old;
}

/// atom d, [a], b; red [a], b. Each element of a vector is atomic by itself.
void read_modify_write(E& e, I& in) {
    size_t results = in.opcode() == "atom" ? 1 : 0;
    Atomic atomic = atomic_of(e, in, results + 2, results);
    AtomicRMWInst::BinOp operation = operation_of(e, in, atomic.type);
    size_t length = in.has("v2") ? 2 : in.has("v4") ? 4 : in.has("v8") ? 8 : 1;
    const Operand& source = in.operand(results + 1);
    auto element = [&](const Operand& operand, size_t i) -> const Operand& {
        if (length == 1) return operand;
        if (operand.kind != Operand::Vector || operand.parts.size() != length)
            e.unsupported("the operand must be a vector of " + std::to_string(length));
        return operand.parts[i];
    };
    SmallVector<Value*> values, old;
    for (size_t i = 0; i < length; ++i)
        values.push_back(e.read(element(source, i), atomic.type));
    for (size_t i = 0; i < length; ++i) {
        Value* distance = e.builder.getInt64(i * atomic.type.bits / 8);
        Value* address = i ? e.builder.CreatePtrAdd(atomic.address, distance) : atomic.address;
        old.push_back(modify(e, atomic, operation, address, values[i]));
    }
    for (size_t i = 0; results && i < length; ++i)
        e.write(element(in.operand(0), i), old[i], atomic.type);
}

void compare_and_swap(E& e, I& in) {
    in.hint({"cas"});
    Atomic atomic = atomic_of(e, in, 4, 1);
    AtomicCmpXchgInst* pair = e.builder.CreateAtomicCmpXchg(
        atomic.address, in.read(e, 2, atomic.type), in.read(e, 3, atomic.type),
        Align(atomic.type.bits / 8), atomic.ordering,
        AtomicCmpXchgInst::getStrongestFailureOrdering(atomic.ordering), atomic.scope);
    pair->setVolatile(atomic.is_volatile);
    e.write(in.operand(0), e.builder.CreateExtractValue(pair, 0));
}

#define ACC_ATOM                                                                                   \
    "atom [relaxed|acquire|release|acq_rel] [$scope] [global|shared|shared::cta|shared::cluster] " \
    "[L2::cache_hint] "
#define ACC_RED                                                                                    \
    "red [relaxed|release] [$scope] [global|shared|shared::cta|shared::cluster] [L2::cache_hint] "
// Of vectors there are global ones only.
#define ACC_ATOM_V "atom [relaxed|acquire|release|acq_rel] [$scope] global [L2::cache_hint] "
#define ACC_RED_V "red [relaxed|release] [$scope] global [L2::cache_hint] "

constexpr Form kForms[] = {
    {ACC_ATOM "add u32|s32|u64|s64|f32|f64 : d a b [policy]", read_modify_write},
    {ACC_ATOM "add noftz f16|bf16|f16x2|bf16x2 : d a b [policy]", read_modify_write},
    {ACC_ATOM "min|max u32|s32|u64|s64 : d a b [policy]", read_modify_write},
    {ACC_ATOM "and|or|xor b32|b64 : d a b [policy]", read_modify_write},
    {ACC_ATOM "exch b32|b64|b128 : d a b [policy]", read_modify_write},
    {ACC_ATOM "inc|dec u32 : d a b [policy]", read_modify_write},
    {ACC_ATOM "cas b16|b32|b64|b128 : d a b c [policy]", compare_and_swap},
    {ACC_ATOM_V "add v2|v4 f32 : d a b [policy]", read_modify_write},
    {ACC_ATOM_V "add|min|max noftz v2|v4|v8 f16|bf16 : d a b [policy]", read_modify_write},
    {ACC_ATOM_V "add|min|max noftz v2|v4 f16x2|bf16x2 : d a b [policy]", read_modify_write},
    {ACC_RED "add u32|s32|u64|s64|f32|f64 : a b [policy]", read_modify_write},
    {ACC_RED "add noftz f16|bf16|f16x2|bf16x2 : a b [policy]", read_modify_write},
    {ACC_RED "min|max u32|s32|u64|s64 : a b [policy]", read_modify_write},
    {ACC_RED "and|or|xor b32|b64 : a b [policy]", read_modify_write},
    {ACC_RED "inc|dec u32 : a b [policy]", read_modify_write},
    {ACC_RED_V "add v2|v4 f32 : a b [policy]", read_modify_write},
    {ACC_RED_V "add|min|max noftz v2|v4|v8 f16|bf16 : a b [policy]", read_modify_write},
    {ACC_RED_V "add|min|max noftz v2|v4 f16x2|bf16x2 : a b [policy]", read_modify_write},
};

#undef ACC_ATOM
#undef ACC_RED
#undef ACC_ATOM_V
#undef ACC_RED_V

} // namespace

std::span<const Form> atomic_forms() {
    return kForms;
}

} // namespace acc::ptx
