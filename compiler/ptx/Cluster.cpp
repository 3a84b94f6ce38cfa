// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Clusters: addresses of other blocks' shared memory, stores and copies that report to an mbarrier,
// bulk copies, and what is a hint here. Semantics: PTX ISA, 9.7.9, 9.7.13. An address in
// .shared::cluster is one in .shared whose upper byte may name a block (docs/isa/abi.md).
#include "compiler/ptx/Memory.h"

#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

constexpr unsigned kShared = 3, kGlobal = 1;
constexpr unsigned kRankShift = 24;

/// Calls a function of the machine or of the device library.
CallInst* call_function(E& e, const Twine& name, ArrayRef<Value*> arguments) {
    e.has_effects = true;
    SmallVector<llvm::Type*> types;
    for (Value* argument : arguments)
        types.push_back(argument->getType());
    Module* module = e.builder.GetInsertBlock()->getModule();
    auto* type = llvm::FunctionType::get(e.builder.getVoidTy(), types, false);
    CallInst* call = e.builder.CreateCall(module->getOrInsertFunction(name.str(), type), arguments);
    call->addFnAttr(Attribute::NoUnwind);
    return call;
}

/// Addresses as numbers: 32 bits in shared memory, else 64.
Value* number(E& e, Value* address, unsigned space) {
    return e.builder.CreatePtrToInt(address, e.builder.getIntNTy(space == kShared ? 32 : 64));
}
Value* shared_address(E& e, I& in, size_t operand) {
    return number(e, e.read_address(in.operand(operand), kShared), kShared);
}
Value* global_address(E& e, I& in, size_t operand) {
    return number(e, e.read_address(in.operand(operand), kGlobal), kGlobal);
}
Value* own_rank(E& e) {
    return e.call(Intrinsic::nvvm_read_ptx_sreg_cluster_ctarank);
}

/// mapa d, a, b: of a generic address, or of one in shared memory.
void map_address(E& e, I& in) {
    Type type = in.type(e);
    bool shared = in.has("shared::cluster");
    Value* address = e.builder.CreateZExtOrTrunc(in.read(e, 1, type), e.builder.getInt32Ty());
    Value* mapped = e.machine("mapa", e.builder.getInt64Ty(), {address, in.read(e, 2, e.bits(32))});
    if (shared) mapped = e.builder.CreateTrunc(mapped, e.builder.getInt32Ty());
    e.write(in.operand(0), e.builder.CreateZExtOrTrunc(mapped, type.ir));
}

Value* rank_of(E& e, Value* address) {
    IRBuilder<>& b = e.builder;
    Value* named = b.CreateLShr(b.CreateTrunc(address, b.getInt32Ty()), kRankShift);
    return b.CreateSelect(b.CreateICmpEQ(named, b.getInt32(0)), own_rank(e),
                          b.CreateSub(named, b.getInt32(1)));
}

void rank_of_address(E& e, I& in) {
    in.hint({"shared::cluster"});
    Type type = in.type(e);
    Value* address = e.builder.CreateZExtOrTrunc(in.read(e, 1, type), e.builder.getInt64Ty());
    e.write(in.operand(0), rank_of(e, address));
}

/// isspacep.shared[::cta]: of the block's own memory, whether its address names the block or not.
void is_shared(E& e, I& in) {
    IRBuilder<>& b = e.builder;
    Value* address = in.read(e, 1, e.bits(64));
    Value* any = e.call(Intrinsic::nvvm_isspacep_shared,
                        {b.CreateIntToPtr(address, PointerType::get(b.getContext(), 0))});
    in.hint({"shared", "shared::cta"});
    if (!in.has("shared::cluster"))
        any = b.CreateAnd(any, b.CreateICmpEQ(rank_of(e, address), own_rank(e)));
    e.write(in.operand(0), any);
}

/// The words of a completion mechanism.
void completion_words(I& in) {
    in.hint({"async", "bulk", "weak", "mbarrier::complete_tx::bytes", "bulk_group", "shared::cta",
             "shared::cluster", "global"});
}
void complete(E& e, I& in, size_t barrier, unsigned bytes) {
    e.call(Intrinsic::nvvm_mbarrier_complete_tx_scope_cta_space_cta,
           {e.read_address(in.operand(barrier), kShared), e.builder.getInt32(bytes)});
}

/// st.async [a], b, [mbar]: done at once.
void store_async(E& e, I& in) {
    e.has_effects = true;
    completion_words(in);
    Type type = in.type(e);
    unsigned length = in.has("v2") ? 2 : in.has("v4") ? 4 : 1;
    Value* address = e.read_address(in.operand(0), kShared);
    const Operand& source = in.operand(1);
    if (length > 1 && (source.kind != Operand::Vector || source.parts.size() != length))
        e.unsupported("the operand must be a vector of " + std::to_string(length));
    unsigned bytes = type.bits / 8;
    for (unsigned i = 0; i < length; ++i) {
        Value* at = i ? e.builder.CreatePtrAdd(address, e.builder.getInt64(i * bytes)) : address;
        StoreInst* store = e.builder.CreateAlignedStore(
            e.read(length > 1 ? source.parts[i] : source, e.bits(type.bits)), at, Align(bytes));
        store->setVolatile(true);
    }
    complete(e, in, 2, bytes * length);
}

/// red.async.relaxed.cluster.op [a], b, [mbar]
void reduce_async(E& e, I& in) {
    e.has_effects = true;
    completion_words(in);
    in.hint({"relaxed", "cluster"});
    using RMW = AtomicRMWInst;
    Type type = in.type(e);
    RMW::BinOp op = in.has("inc")   ? RMW::UIncWrap
                    : in.has("dec") ? RMW::UDecWrap
                    : in.has("min") ? (type.is_signed ? RMW::Min : RMW::UMin)
                    : in.has("max") ? (type.is_signed ? RMW::Max : RMW::UMax)
                    : in.has("and") ? RMW::And
                    : in.has("or")  ? RMW::Or
                    : in.has("xor") ? RMW::Xor
                                    : RMW::Add;
    in.hint({"add"});
    SyncScope::ID scope = e.builder.getContext().getOrInsertSyncScopeID("cluster");
    e.builder.CreateAtomicRMW(op, e.read_address(in.operand(0), kShared), in.read(e, 1, type),
                              Align(type.bits / 8), AtomicOrdering::Monotonic, scope);
    complete(e, in, 2, type.bits / 8);
}

/// The operand behind the others for .L2::cache_hint: a hint.
void cache_policy(E& e, I& in, size_t operands) {
    bool policy = in.has("L2::cache_hint");
    if (in.count() != operands + policy)
        e.unsupported(policy ? "the operand for .L2::cache_hint is missing"
                             : "an operand that needs .L2::cache_hint");
    if (policy) in.read(e, operands, e.bits(64));
}

/// cp.async.bulk.shared.global [to], [from], bytes, [mbar][, blocks][, policy]
void bulk_load(E& e, I& in) {
    completion_words(in);
    bool all = in.has("multicast::cluster");
    cache_policy(e, in, 4 + all);
    Value *to = shared_address(e, in, 0), *from = global_address(e, in, 1),
          *bytes = in.read(e, 2, e.bits(32)), *barrier = shared_address(e, in, 3);
    if (!all) {
        call_function(e, "__acc_bulk_load", {to, from, barrier, bytes});
        return;
    }
    Value* blocks = e.builder.CreateZExt(in.read(e, 4, e.bits(16)), e.builder.getInt32Ty());
    call_function(e, "__acc_cp_bulk_multicast", {to, from, barrier, bytes, blocks});
}

/// cp.async.bulk.shared::cluster.shared::cta [to], [from], bytes, [mbar]
void bulk_send(E& e, I& in) {
    completion_words(in);
    Value *to = shared_address(e, in, 0), *from = shared_address(e, in, 1),
          *bytes = in.read(e, 2, e.bits(32)), *barrier = shared_address(e, in, 3);
    call_function(e, "__acc_bulk_send", {to, from, barrier, bytes});
}

/// cp.async.bulk.global.shared::cta.bulk_group [to], [from], bytes[, policy]
void bulk_store(E& e, I& in) {
    completion_words(in);
    cache_policy(e, in, 3);
    Value *to = global_address(e, in, 0), *from = shared_address(e, in, 1),
          *bytes = in.read(e, 2, e.bits(32));
    call_function(e, "__acc_bulk_store", {to, from, bytes});
}

/// cp.reduce.async.bulk: element by element, in the device library.
void bulk_reduce(E& e, I& in) {
    completion_words(in);
    in.hint({"reduce", "noftz"});
    bool global = in.has("bulk_group");
    StringRef op = in.one_of({"add", "min", "max", "inc", "dec", "and", "or", "xor"});
    StringRef type = in.one_of(
        {"f16", "bf16", "b32", "u32", "s32", "b64", "u64", "s64", "f32", "f64"});
    Value* bytes = in.read(e, 2, e.bits(32));
    std::string name = ("__acc_cp_reduce_" + op + "_" + type).str();
    Value* from = shared_address(e, in, 1);
    IRBuilder<>& b = e.builder;
    llvm::Type* generic = PointerType::get(b.getContext(), 0);
    Value* to = e.read_address(in.operand(0), global ? kGlobal : kShared);
    to = b.CreatePtrToInt(b.CreateAddrSpaceCast(to, generic), b.getInt64Ty());
    call_function(e, name, {to, from, bytes});
    if (global) return cache_policy(e, in, 3);
    e.call(Intrinsic::nvvm_mbarrier_complete_tx_scope_cta_space_cta,
           {e.read_address(in.operand(3), kShared), bytes});
}

/// A hint; the operands are still evaluated.
void bulk_prefetch(E& e, I& in) {
    completion_words(in);
    in.hint({"prefetch", "L2"});
    cache_policy(e, in, 2);
    global_address(e, in, 0);
    in.read(e, 1, e.bits(32));
}

void bulk_group(E& e, I& in) {
    e.has_effects = true;
    in.hint({"async", "bulk"});
    if (in.has("commit_group")) {
        e.call(Intrinsic::nvvm_cp_async_bulk_commit_group);
        return;
    }
    in.hint({"wait_group"});
    Value* groups = e.builder.getInt32(
        uint32_t(e.read_constant(in.operand(0), "the number of groups")));
    e.call(in.has("read") ? Intrinsic::nvvm_cp_async_bulk_wait_group_read
                          : Intrinsic::nvvm_cp_async_bulk_wait_group,
           {groups});
}

void fence_of_barriers(E& e, I& in) {
    e.has_effects = true;
    in.hint({"mbarrier_init", "release", "cluster"});
    e.call(Intrinsic::nvvm_fence_mbarrier_init_release_cluster);
}

/// Fences between proxies: all accesses are of one proxy here, so they are fences of memory.
void fence_of_proxies(E& e, I& in) {
    e.has_effects = true;
    in.hint({"proxy", "async", "async::generic", "tensormap::generic", "acquire", "release", "cta",
             "cluster", "gpu", "sys", "sync_restrict::shared::cta",
             "sync_restrict::shared::cluster"});
    if (in.count() == 2) {
        e.read_address(in.operand(0), 0);
        e.read_constant(in.operand(1), "the size of the tensor map");
    }
    e.call(Intrinsic::nvvm_membar_sys);
}

/// Kernels before this one are complete when it starts, so there is nothing to wait for or to tell.
void dependent_grids(E& e, I& in) {
    e.has_effects = true;
    in.hint({"launch_dependents", "wait"});
    memory_barrier(e.builder);
}

/// The registers of a thread are what the kernel was compiled for: only the request is looked at.
void set_registers(E& e, I& in) {
    e.has_effects = true;
    in.hint({"inc", "dec", "sync", "aligned", "u32"});
    uint64_t count = e.read_constant(in.operand(0), "the number of registers");
    if (count < 24 || count > 256 || count % 8)
        e.unsupported("the number of registers must be a multiple of 8 from 24 to 256");
}

/// What a cache should keep: a number that only cache hints look at.
void cache_policies(E& e, I& in) {
    in.hint({"fractional", "range", "cvt", "global", "L2", "b64", "L2::evict_last",
             "L2::evict_normal", "L2::evict_first", "L2::evict_unchanged"});
    for (size_t i = 1; i < in.count(); ++i)
        in.operand(i);
    e.write(in.operand(0), e.builder.getInt64(0));
}

#define ACC_TX "mbarrier::complete_tx::bytes"
constexpr Form kForms[] = {
    {"mapa u64 : d a b", map_address},
    {"mapa shared::cluster u32|u64 : d a b", map_address},
    {"getctarank u64 : d a", rank_of_address},
    {"getctarank shared::cluster u32|u64 : d a", rank_of_address},
    {"isspacep shared|shared::cta|shared::cluster : p a", is_shared},
    {"st async [weak] [shared::cluster] " ACC_TX " [v2] b32|b64|u32|u64|s32|s64|f32|f64 : a b m",
     store_async},
    {"st async [weak] [shared::cluster] " ACC_TX " v4 b32|u32|s32|f32 : a b m", store_async},
    {"red async relaxed cluster [shared::cluster] " ACC_TX " inc|dec u32 : a b m", reduce_async},
    {"red async relaxed cluster [shared::cluster] " ACC_TX " min|max u32|s32 : a b m",
     reduce_async},
    {"red async relaxed cluster [shared::cluster] " ACC_TX " and|or|xor b32 : a b m", reduce_async},
    {"red async relaxed cluster [shared::cluster] " ACC_TX " add u32|s32|u64 : a b m",
     reduce_async},
    {"cp async bulk shared::cluster global " ACC_TX
     " [multicast::cluster] [L2::cache_hint] : a b n m [blocks] [policy]",
     bulk_load},
    {"cp async bulk shared::cta global " ACC_TX " [L2::cache_hint] : a b n m [policy]", bulk_load},
    {"cp async bulk shared::cluster shared::cta " ACC_TX " : a b n m", bulk_send},
    {"cp async bulk global shared::cta bulk_group [L2::cache_hint] : a b n [policy]", bulk_store},
    {"cp async bulk commit_group :", bulk_group},
    {"cp async bulk wait_group [read] : n", bulk_group},
    {"cp async bulk prefetch L2 global [L2::cache_hint] : a n [policy]", bulk_prefetch},
    {"cp reduce async bulk shared::cluster shared::cta " ACC_TX " and|or|xor b32 : a b n m",
     bulk_reduce},
    {"cp reduce async bulk shared::cluster shared::cta " ACC_TX " add u32|s32|u64 : a b n m",
     bulk_reduce},
    {"cp reduce async bulk shared::cluster shared::cta " ACC_TX " inc|dec u32 : a b n m",
     bulk_reduce},
    {"cp reduce async bulk shared::cluster shared::cta " ACC_TX " min|max u32|s32 : a b n m",
     bulk_reduce},
    {"cp reduce async bulk global shared::cta bulk_group [L2::cache_hint] and|or|xor b32|b64 : a b "
     "n [policy]",
     bulk_reduce},
    {"cp reduce async bulk global shared::cta bulk_group [L2::cache_hint] add "
     "u32|s32|u64|f32|f64 : a b n [policy]",
     bulk_reduce},
    {"cp reduce async bulk global shared::cta bulk_group [L2::cache_hint] add noftz f16|bf16 : a b "
     "n [policy]",
     bulk_reduce},
    {"cp reduce async bulk global shared::cta bulk_group [L2::cache_hint] inc|dec u32 : a b n "
     "[policy]",
     bulk_reduce},
    {"cp reduce async bulk global shared::cta bulk_group [L2::cache_hint] min|max "
     "u32|s32|u64|s64|f16|bf16 : a b n [policy]",
     bulk_reduce},
    {"fence mbarrier_init release cluster :", fence_of_barriers},
    {"fence proxy async shared::cluster :", fence_of_proxies},
    {"fence proxy async::generic acquire sync_restrict::shared::cluster cluster :",
     fence_of_proxies},
    {"fence proxy async::generic release sync_restrict::shared::cta cluster :", fence_of_proxies},
    {"fence proxy tensormap::generic release cta|cluster|gpu|sys :", fence_of_proxies},
    {"fence proxy tensormap::generic acquire cta|cluster|gpu|sys : a n", fence_of_proxies},
    {"fence acquire sync_restrict::shared::cluster cluster :", fence_of_proxies},
    {"fence release sync_restrict::shared::cta cluster :", fence_of_proxies},
    {"griddepcontrol launch_dependents|wait :", dependent_grids},
    {"setmaxnreg inc|dec sync aligned u32 : n", set_registers},
    {"createpolicy fractional L2::evict_last|L2::evict_normal|L2::evict_first|L2::evict_unchanged "
     "[L2::evict_first|L2::evict_unchanged] b64 : d [x]",
     cache_policies},
    {"createpolicy range [global] "
     "L2::evict_last|L2::evict_normal|L2::evict_first|L2::evict_unchanged "
     "[L2::evict_first|L2::evict_unchanged] b64 : d a p q",
     cache_policies},
    {"createpolicy cvt L2 b64 : d a", cache_policies},
};
#undef ACC_TX

} // namespace

std::span<const Form> cluster_forms() {
    return kForms;
}

} // namespace acc::ptx
