// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensor copies: boxes of tensors that a tensor map describes, between global and shared memory.
// The device library does them (compiler/devicelib/tensor.cpp). Semantics: PTX ISA, 9.7.9.27.
#include "compiler/ptx/Memory.h"

#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

constexpr unsigned kShared = 3;

CallInst* call_library(E& e, const char* name, llvm::Type* result, ArrayRef<Value*> arguments) {
    e.has_effects = true;
    SmallVector<llvm::Type*> types;
    for (Value* argument : arguments)
        types.push_back(argument->getType());
    Module* module = e.builder.GetInsertBlock()->getModule();
    CallInst* call = e.builder.CreateCall(
        module->getOrInsertFunction(name, llvm::FunctionType::get(result, types, false)),
        arguments);
    call->addFnAttr(Attribute::NoUnwind);
    return call;
}

unsigned dimensions(I& in) {
    return unsigned(in.one_of({"1d", "2d", "3d", "4d", "5d"})[0] - '0');
}

/// [map, {c0, ...}]: the address of the map, and five coordinates.
struct Box {
    Value* map;
    SmallVector<Value*> coordinates;
};
Box box_of(E& e, I& in, size_t operand, unsigned rank) {
    const Operand& box = in.operand(operand);
    if (box.kind != Operand::Image || box.parts.size() != 2)
        e.unsupported("a box is written [tensor map, {coordinates}]");
    const Operand& at = box.parts[1];
    if (at.kind != Operand::Vector || at.parts.size() != rank)
        e.unsupported("the coordinates must be a vector of " + std::to_string(rank));
    Box result;
    result.map = e.read(box.parts[0], e.bits(64));
    for (unsigned i = 0; i < 5; ++i)
        result.coordinates.push_back(i < rank ? e.read(at.parts[i], e.bits(32))
                                              : e.builder.getInt32(0));
    return result;
}

Value* shared_address(E& e, I& in, size_t operand) {
    return e.builder.CreatePtrToInt(e.read_address(in.operand(operand), kShared),
                                    e.builder.getInt32Ty());
}

void words(I& in) {
    in.hint({"async", "bulk", "tensor", "reduce", "prefetch", "L2", "global", "shared::cta",
             "shared::cluster", "tile", "im2col_no_offs", "bulk_group",
             "mbarrier::complete_tx::bytes"});
}

/// What stands behind the operands that all have: the offsets of im2col, the blocks of a multicast,
/// a cache policy.
struct Rest {
    Value *offsets = nullptr, *blocks = nullptr;
};
Rest rest_of(E& e, I& in, size_t operand, unsigned rank) {
    Rest rest;
    bool columns = in.has("im2col"), all = in.has("multicast::cluster"),
         policy = in.has("L2::cache_hint");
    if (in.count() != operand + columns + all + policy)
        e.unsupported("operands for im2col, .multicast::cluster and .L2::cache_hint, no others");
    IRBuilder<>& b = e.builder;
    if (columns) {
        const Operand& offsets = in.operand(operand++);
        const bool single = rank == 3 && offsets.kind != Operand::Vector;
        if (!single && (offsets.kind != Operand::Vector || offsets.parts.size() + 2 != rank))
            e.unsupported("im2col has an offset for each of width, height and depth");
        rest.offsets = b.getInt64(0); // 16 bits each
        for (unsigned i = 0; i + 2 < rank; ++i) {
            Value* offset = b.CreateZExt(e.read(single ? offsets : offsets.parts[i], e.bits(16)),
                                         b.getInt64Ty());
            rest.offsets = b.CreateOr(rest.offsets, b.CreateShl(offset, 16 * i));
        }
    }
    if (all) rest.blocks = b.CreateZExt(in.read(e, operand++, e.bits(16)), b.getInt32Ty());
    if (policy) in.read(e, operand, e.bits(64));
    return rest;
}

/// [to], [map, at], [mbar]
void load(E& e, I& in) {
    words(in);
    unsigned rank = dimensions(in);
    Value* to = shared_address(e, in, 0);
    Box box = box_of(e, in, 1, rank);
    Value* barrier = e.read_address(in.operand(2), kShared);
    Rest rest = rest_of(e, in, 3, rank);
    IRBuilder<>& b = e.builder;
    SmallVector<Value*> arguments = {box.map, to};
    if (rest.blocks) {
        arguments.push_back(b.CreatePtrToInt(barrier, b.getInt32Ty()));
        arguments.push_back(rest.blocks);
    }
    arguments.push_back(b.getInt32(rank));
    if (rest.offsets) arguments.push_back(rest.offsets);
    append_range(arguments, box.coordinates);
    if (rest.blocks) {
        call_library(e, rest.offsets ? "__acc_tensor_multicast_im2col" : "__acc_tensor_multicast",
                     b.getVoidTy(), arguments);
        return;
    }
    Value* bytes = call_library(e, rest.offsets ? "__acc_tensor_load_im2col" : "__acc_tensor_load",
                                b.getInt32Ty(), arguments);
    e.call(Intrinsic::nvvm_mbarrier_complete_tx_scope_cta_space_cta, {barrier, bytes});
}

/// [map, at], [from]
void store(E& e, I& in) {
    words(in);
    unsigned rank = dimensions(in);
    Box box = box_of(e, in, 0, rank);
    SmallVector<Value*> arguments = {box.map, shared_address(e, in, 1)};
    rest_of(e, in, 2, rank);
    static constexpr const char* kOperations[] = {"add", "min", "max", "inc",
                                                  "dec", "and", "or",  "xor"};
    StringRef operation = in.opcode() == "cp"
                              ? in.one_of({"add", "min", "max", "inc", "dec", "and", "or", "xor"})
                              : "";
    if (!operation.empty())
        arguments.push_back(
            e.builder.getInt32(unsigned(find(kOperations, operation) - kOperations)));
    arguments.push_back(e.builder.getInt32(rank));
    append_range(arguments, box.coordinates);
    call_library(e, operation.empty() ? "__acc_tensor_store" : "__acc_tensor_reduce",
                 e.builder.getVoidTy(), arguments);
}

/// Hints; the operands are still evaluated.
void prefetch(E& e, I& in) {
    words(in);
    unsigned rank = dimensions(in);
    box_of(e, in, 0, rank);
    rest_of(e, in, 1, rank);
}
void prefetch_map(E& e, I& in) {
    in.hint({"param", "const", "tensormap"});
    e.read_address(in.operand(0), 0);
}

#define ACC_DIMS "1d|2d|3d|4d|5d "
#define ACC_TX "mbarrier::complete_tx::bytes "
constexpr Form kForms[] = {
    {"cp async bulk tensor " ACC_DIMS "shared::cluster global [tile] " ACC_TX
     "[multicast::cluster] [L2::cache_hint] : a b m [blocks] [policy]",
     load},
    {"cp async bulk tensor " ACC_DIMS "shared::cta global [tile] " ACC_TX
     "[L2::cache_hint] : a b m [policy]",
     load},
    {"cp async bulk tensor 3d|4d|5d shared::cluster global im2col " ACC_TX
     "[multicast::cluster] [L2::cache_hint] : a b m o [blocks] [policy]",
     load},
    {"cp async bulk tensor 3d|4d|5d shared::cta global im2col " ACC_TX
     "[L2::cache_hint] : a b m o [policy]",
     load},
    {"cp async bulk tensor " ACC_DIMS "global shared::cta [tile] bulk_group [L2::cache_hint] : b a "
     "[policy]",
     store},
    {"cp reduce async bulk tensor " ACC_DIMS
     "global shared::cta add|min|max|inc|dec|and|or|xor [tile] bulk_group [L2::cache_hint] : b a "
     "[policy]",
     store},
    {"cp async bulk prefetch tensor " ACC_DIMS "L2 global [tile] [L2::cache_hint] : b [policy]",
     prefetch},
    {"cp async bulk prefetch tensor 3d|4d|5d L2 global im2col [L2::cache_hint] : b o [policy]",
     prefetch},
    {"prefetch [param|const] tensormap : a", prefetch_map},
};
#undef ACC_DIMS
#undef ACC_TX

} // namespace

std::span<const Form> tensor_forms() {
    return kForms;
}

} // namespace acc::ptx
