// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX memory, synchronisation and warp instructions → IR. Semantics: PTX ISA, chapter 9.
#include "compiler/frontend/PtxInstructions.h"

#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend::ptx {
namespace {

using E = Emitter;
using S = const Statement;

const Operand& operand(E& e, S& s, size_t index) {
    if (index >= s.operands.size()) e.unsupported("too few operands");
    return s.operands[index];
}

unsigned space_of(S& s) {
    if (s.has("global")) return 1;
    if (s.has("shared") || s.has("shared::cta")) return 3;
    if (s.has("const")) return 4;
    return s.has("local") ? 5 : 0;
}

/// LLVM's name of a PTX scope; the default of PTX instructions with a scope is what `fallback`
/// says.
SyncScope::ID scope_of(E& e, S& s, StringRef fallback) {
    StringRef name = s.has("cta")                  ? "block"
                     : s.has("gpu") || s.has("gl") ? "device"
                     : s.has("cluster")            ? "cluster"
                     : s.has("sys")                ? ""
                                                   : fallback;
    return e.builder.getContext().getOrInsertSyncScopeID(name);
}

struct Ordering {
    bool is_volatile = false;
    AtomicOrdering atomic = AtomicOrdering::NotAtomic;
};

Ordering ordering_of(S& s) {
    if (s.has("volatile") || s.has("mmio")) return {true, AtomicOrdering::NotAtomic};
    if (s.has("relaxed")) return {false, AtomicOrdering::Monotonic};
    if (s.has("acquire")) return {false, AtomicOrdering::Acquire};
    if (s.has("release")) return {false, AtomicOrdering::Release};
    return {};
}

unsigned vector_length(S& s) {
    return s.has("v2") ? 2 : s.has("v4") ? 4 : 1;
}

void load(E& e, S& s) {
    Type type = e.last_type(s);
    unsigned space = space_of(s), length = vector_length(s);
    if (s.has("param") || s.operands.size() < 2) e.unsupported("this form of ld");
    Value* address = e.read_address(s.operands[1], space);
    Ordering ordering = ordering_of(s);
    llvm::Type* whole = length == 1 ? type.ir : FixedVectorType::get(type.ir, length);
    LoadInst* value = e.builder.CreateAlignedLoad(whole, address, Align(type.bits / 8 * length),
                                                  ordering.is_volatile);
    if (ordering.atomic != AtomicOrdering::NotAtomic) {
        if (length != 1) e.unsupported("atomic vector load");
        value->setAtomic(ordering.atomic, scope_of(e, s, ""));
    }
    if (length == 1) return e.write(s.operands[0], value, type.is_signed);
    if (s.operands[0].kind != Operand::Vector || s.operands[0].parts.size() != length)
        e.unsupported("vector load without a vector of destinations");
    for (unsigned i = 0; i < length; ++i)
        e.write(s.operands[0].parts[i], e.builder.CreateExtractElement(value, i), type.is_signed);
}

void store(E& e, S& s) {
    Type type = e.last_type(s);
    unsigned space = space_of(s), length = vector_length(s);
    if (s.operands.size() < 2) e.unsupported("this form of st");
    Value* address = e.read_address(s.operands[0], space);
    Value* value;
    if (length == 1) {
        value = e.read(s.operands[1], type);
    } else {
        if (s.operands[1].kind != Operand::Vector || s.operands[1].parts.size() != length)
            e.unsupported("vector store without a vector of sources");
        value = PoisonValue::get(FixedVectorType::get(type.ir, length));
        for (unsigned i = 0; i < length; ++i)
            value = e.builder.CreateInsertElement(value, e.read(s.operands[1].parts[i], type), i);
    }
    Ordering ordering = ordering_of(s);
    StoreInst* instruction = e.builder.CreateAlignedStore(
        value, address, Align(type.bits / 8 * length), ordering.is_volatile);
    if (ordering.atomic != AtomicOrdering::NotAtomic) {
        if (length != 1) e.unsupported("atomic vector store");
        instruction->setAtomic(ordering.atomic, scope_of(e, s, ""));
    }
}

AtomicOrdering atomic_ordering(S& s) {
    if (s.has("acq_rel")) return AtomicOrdering::AcquireRelease;
    if (s.has("acquire")) return AtomicOrdering::Acquire;
    return s.has("release") ? AtomicOrdering::Release : AtomicOrdering::Monotonic;
}

AtomicRMWInst::BinOp atomic_operation(E& e, S& s, const Type& type) {
    if (s.has("add")) return type.is_float ? AtomicRMWInst::FAdd : AtomicRMWInst::Add;
    if (s.has("min"))
        return type.is_float    ? AtomicRMWInst::FMin
               : type.is_signed ? AtomicRMWInst::Min
                                : AtomicRMWInst::UMin;
    if (s.has("max"))
        return type.is_float    ? AtomicRMWInst::FMax
               : type.is_signed ? AtomicRMWInst::Max
                                : AtomicRMWInst::UMax;
    struct Row {
        const char* name;
        AtomicRMWInst::BinOp op;
    };
    static constexpr Row rows[] = {
        {"and", AtomicRMWInst::And},      {"or", AtomicRMWInst::Or},
        {"xor", AtomicRMWInst::Xor},      {"exch", AtomicRMWInst::Xchg},
        {"inc", AtomicRMWInst::UIncWrap}, {"dec", AtomicRMWInst::UDecWrap}};
    for (const Row& row : rows)
        if (s.has(row.name)) return row.op;
    e.unsupported("atomic operation");
}

/// atom d, [a], b[, c]; red [a], b
void atomic(E& e, S& s) {
    bool reduction = s.opcode == "red";
    size_t first = reduction ? 0 : 1;
    Type type = e.last_type(s);
    if (s.operands.size() < first + 2) e.unsupported("number of operands");
    Value* address = e.read_address(s.operands[first], space_of(s));
    SyncScope::ID scope = scope_of(e, s, "device");
    AtomicOrdering ordering = atomic_ordering(s);
    Value* old;
    if (s.has("cas")) {
        if (s.operands.size() != 4) e.unsupported("number of operands");
        Value* pair = e.builder.CreateAtomicCmpXchg(
            address, e.read(s.operands[2], type), e.read(s.operands[3], type), Align(type.bits / 8),
            ordering, AtomicCmpXchgInst::getStrongestFailureOrdering(ordering), scope);
        old = e.builder.CreateExtractValue(pair, 0);
    } else {
        old = e.builder.CreateAtomicRMW(atomic_operation(e, s, type), address,
                                        e.read(s.operands[first + 1], type), Align(type.bits / 8),
                                        ordering, scope);
    }
    if (!reduction) e.write(s.operands[0], old, type.is_signed);
}

void membar(E& e, S& s) {
    Intrinsic::ID id = s.has("cta")  ? Intrinsic::nvvm_membar_cta
                       : s.has("gl") ? Intrinsic::nvvm_membar_gl
                                     : Intrinsic::nvvm_membar_sys;
    e.builder.CreateIntrinsic(id, ArrayRef<llvm::Type*>(), ArrayRef<Value*>());
}

void fence(E& e, S& s) {
    if (s.has("proxy")) e.unsupported("proxy fences");
    AtomicOrdering ordering = s.has("sc")        ? AtomicOrdering::SequentiallyConsistent
                              : s.has("acquire") ? AtomicOrdering::Acquire
                              : s.has("release") ? AtomicOrdering::Release
                                                 : AtomicOrdering::AcquireRelease;
    e.builder.CreateFence(ordering, scope_of(e, s, ""));
}

/// bar.sync a[, b]; barrier.sync; bar.arrive a, b; bar.warp.sync m
void barrier(E& e, S& s) {
    Type type = e.type_of("u32");
    IRBuilder<>& b = e.builder;
    if (s.has("warp"))
        return void(
            b.CreateIntrinsic(Intrinsic::nvvm_bar_warp_sync, {}, {e.read(operand(e, s, 0), type)}));
    bool counted = s.operands.size() == 2;
    if (s.operands.empty() || s.operands.size() > 2 || s.has("red") || s.has("cluster"))
        e.unsupported("this form of barrier");
    Value* number = e.read(s.operands[0], type);
    if (s.has("arrive")) {
        if (!counted) e.unsupported("bar.arrive without a count");
        b.CreateIntrinsic(Intrinsic::nvvm_barrier_cta_arrive_count, {},
                          {number, e.read(s.operands[1], type)});
    } else if (counted) {
        b.CreateIntrinsic(Intrinsic::nvvm_barrier_cta_sync_count, {},
                          {number, e.read(s.operands[1], type)});
    } else {
        b.CreateIntrinsic(Intrinsic::nvvm_barrier_cta_sync_all, {}, {number});
    }
}

/// shfl.sync.mode.b32 d[|p], a, b, c, mask
void shuffle(E& e, S& s) {
    if (s.operands.size() != 5 || !s.has("sync")) e.unsupported("shfl without .sync");
    Type type = e.type_of("b32");
    struct Row {
        const char* mode;
        Intrinsic::ID id;
    };
    static constexpr Row rows[] = {{"up", Intrinsic::nvvm_shfl_sync_up_i32p},
                                   {"down", Intrinsic::nvvm_shfl_sync_down_i32p},
                                   {"bfly", Intrinsic::nvvm_shfl_sync_bfly_i32p},
                                   {"idx", Intrinsic::nvvm_shfl_sync_idx_i32p}};
    for (const Row& row : rows) {
        if (!s.has(row.mode)) continue;
        Value* result = e.builder.CreateIntrinsic(
            row.id, {},
            {e.read(s.operands[4], type), e.read(s.operands[1], type), e.read(s.operands[2], type),
             e.read(s.operands[3], type)});
        bool pair = s.operands[0].kind == Operand::Pair;
        e.write(pair ? s.operands[0].parts[0] : s.operands[0],
                e.builder.CreateExtractValue(result, 0));
        if (pair) e.write(s.operands[0].parts[1], e.builder.CreateExtractValue(result, 1));
        return;
    }
    e.unsupported("shfl mode");
}

/// vote.sync.mode.pred/b32 d, [!]p, mask
void vote(E& e, S& s) {
    if (s.operands.size() != 3 || !s.has("sync")) e.unsupported("vote without .sync");
    struct Row {
        const char* mode;
        Intrinsic::ID id;
    };
    static constexpr Row rows[] = {{"all", Intrinsic::nvvm_vote_all_sync},
                                   {"any", Intrinsic::nvvm_vote_any_sync},
                                   {"uni", Intrinsic::nvvm_vote_uni_sync},
                                   {"ballot", Intrinsic::nvvm_vote_ballot_sync}};
    for (const Row& row : rows)
        if (s.has(row.mode))
            return e.write(s.operands[0],
                           e.builder.CreateIntrinsic(row.id, {},
                                                     {e.read(s.operands[2], e.type_of("b32")),
                                                      e.read_predicate(s.operands[1])}));
    e.unsupported("vote mode");
}

void redux(E& e, S& s) {
    Type type = e.last_type(s);
    struct Row {
        const char* op;
        Intrinsic::ID is_signed, is_unsigned;
    };
    static constexpr Row rows[] = {
        {"add", Intrinsic::nvvm_redux_sync_add, Intrinsic::nvvm_redux_sync_add},
        {"min", Intrinsic::nvvm_redux_sync_min, Intrinsic::nvvm_redux_sync_umin},
        {"max", Intrinsic::nvvm_redux_sync_max, Intrinsic::nvvm_redux_sync_umax},
        {"and", Intrinsic::nvvm_redux_sync_and, Intrinsic::nvvm_redux_sync_and},
        {"or", Intrinsic::nvvm_redux_sync_or, Intrinsic::nvvm_redux_sync_or},
        {"xor", Intrinsic::nvvm_redux_sync_xor, Intrinsic::nvvm_redux_sync_xor}};
    for (const Row& row : rows)
        if (s.has(row.op) && s.operands.size() == 3 && !type.is_float)
            return e.write(s.operands[0], e.builder.CreateIntrinsic(
                                              type.is_signed ? row.is_signed : row.is_unsigned, {},
                                              {e.read(s.operands[1], type),
                                               e.read(s.operands[2], e.type_of("b32"))}));
    e.unsupported("redux operation");
}

void match(E& e, S& s) {
    if (s.operands.size() != 3) e.unsupported("number of operands");
    Type type = e.last_type(s);
    Value* a = e.read(s.operands[1], type);
    Value* mask = e.read(s.operands[2], e.type_of("b32"));
    bool wide = type.bits == 64;
    if (s.has("any"))
        return e.write(s.operands[0],
                       e.builder.CreateIntrinsic(wide ? Intrinsic::nvvm_match_any_sync_i64
                                                      : Intrinsic::nvvm_match_any_sync_i32,
                                                 {}, {mask, a}));
    Value* result = e.builder.CreateIntrinsic(wide ? Intrinsic::nvvm_match_all_sync_i64p
                                                   : Intrinsic::nvvm_match_all_sync_i32p,
                                              {}, {mask, a});
    bool pair = s.operands[0].kind == Operand::Pair;
    e.write(pair ? s.operands[0].parts[0] : s.operands[0], e.builder.CreateExtractValue(result, 0));
    if (pair) e.write(s.operands[0].parts[1], e.builder.CreateExtractValue(result, 1));
}

void activemask(E& e, S& s) {
    e.write(operand(e, s, 0),
            e.builder.CreateIntrinsic(Intrinsic::nvvm_activemask, ArrayRef<llvm::Type*>(),
                                      ArrayRef<Value*>()));
}

/// cvta.space.u64 d, a (to generic); cvta.to.space.u64 d, a
void cvta(E& e, S& s) {
    if (s.operands.size() != 2) e.unsupported("number of operands");
    Type type = e.last_type(s);
    unsigned space = space_of(s);
    llvm::Type* specific = PointerType::get(e.builder.getContext(), space);
    llvm::Type* generic = PointerType::get(e.builder.getContext(), 0);
    bool to = s.has("to");
    Value* pointer = e.builder.CreateIntToPtr(e.read(s.operands[1], type), to ? generic : specific);
    e.write(s.operands[0],
            e.builder.CreatePtrToInt(
                e.builder.CreateAddrSpaceCast(pointer, to ? specific : generic), type.ir));
}

void isspacep(E& e, S& s) {
    Intrinsic::ID id = s.has("global")  ? Intrinsic::nvvm_isspacep_global
                       : s.has("const") ? Intrinsic::nvvm_isspacep_const
                       : s.has("local") ? Intrinsic::nvvm_isspacep_local
                                        : Intrinsic::nvvm_isspacep_shared;
    Value* pointer = e.builder.CreateIntToPtr(e.read(operand(e, s, 1), e.type_of("u64")),
                                              PointerType::get(e.builder.getContext(), 0));
    e.write(operand(e, s, 0), e.builder.CreateIntrinsic(id, {}, {pointer}));
}

/// A hint; the address is still evaluated.
void prefetch(E& e, S& s) {
    Operand address = operand(e, s, 0);
    e.builder.CreateIntrinsic(s.has("L2") ? Intrinsic::nvvm_prefetch_L2
                                          : Intrinsic::nvvm_prefetch_L1,
                              {}, {e.read_address(address, 0)});
}

/// cp.async.{ca,cg}.shared.global [d], [a], size[, source size]; commit_group; wait_group n;
/// wait_all
void cp_async(E& e, S& s) {
    IRBuilder<>& b = e.builder;
    if (s.has("commit_group"))
        return void(b.CreateIntrinsic(Intrinsic::nvvm_cp_async_commit_group,
                                      ArrayRef<llvm::Type*>(), ArrayRef<Value*>()));
    if (s.has("wait_all"))
        return void(b.CreateIntrinsic(Intrinsic::nvvm_cp_async_wait_all, ArrayRef<llvm::Type*>(),
                                      ArrayRef<Value*>()));
    if (s.has("wait_group"))
        return void(b.CreateIntrinsic(Intrinsic::nvvm_cp_async_wait_group, {},
                                      {e.read(operand(e, s, 0), e.type_of("u32"))}));
    if (s.has("bulk") || s.has("mbarrier") || s.operands.size() < 3 || s.operands.size() > 4)
        e.unsupported("this form of cp.async");
    Value* size = e.read(s.operands[2], e.type_of("u32"));
    auto* constant = dyn_cast<ConstantInt>(size);
    uint64_t bytes = constant ? constant->getZExtValue() : 0;
    bool partial = s.operands.size() == 4;
    Intrinsic::ID id = Intrinsic::not_intrinsic;
    if (s.has("cg") && bytes == 16)
        id = partial ? Intrinsic::nvvm_cp_async_cg_shared_global_16_s
                     : Intrinsic::nvvm_cp_async_cg_shared_global_16;
    else if (bytes == 4)
        id = partial ? Intrinsic::nvvm_cp_async_ca_shared_global_4_s
                     : Intrinsic::nvvm_cp_async_ca_shared_global_4;
    else if (bytes == 8)
        id = partial ? Intrinsic::nvvm_cp_async_ca_shared_global_8_s
                     : Intrinsic::nvvm_cp_async_ca_shared_global_8;
    else if (bytes == 16)
        id = partial ? Intrinsic::nvvm_cp_async_ca_shared_global_16_s
                     : Intrinsic::nvvm_cp_async_ca_shared_global_16;
    else
        e.unsupported("copy size (must be 4, 8 or 16)");
    SmallVector<Value*> arguments = {e.read_address(s.operands[0], 3),
                                     e.read_address(s.operands[1], 1)};
    if (partial) arguments.push_back(e.read(s.operands[3], e.type_of("u32")));
    b.CreateIntrinsic(id, {}, arguments);
}

void nanosleep(E& e, S& s) {
    e.builder.CreateIntrinsic(Intrinsic::nvvm_nanosleep, {},
                              {e.read(operand(e, s, 0), e.type_of("u32"))});
}
void trap(E& e, S&) {
    e.builder.CreateIntrinsic(Intrinsic::trap, ArrayRef<llvm::Type*>(), ArrayRef<Value*>());
}
void breakpoint(E& e, S&) {
    e.builder.CreateIntrinsic(Intrinsic::debugtrap, ArrayRef<llvm::Type*>(), ArrayRef<Value*>());
}
void exit_thread(E& e, S&) {
    e.builder.CreateIntrinsic(Intrinsic::nvvm_exit, ArrayRef<llvm::Type*>(), ArrayRef<Value*>());
}

constexpr InstructionRow kRows[] = {
    {"ld", load},           {"ldu", load},
    {"st", store},          {"atom", atomic},
    {"red", atomic},        {"membar", membar},
    {"fence", fence},       {"bar", barrier},
    {"barrier", barrier},   {"shfl", shuffle},
    {"vote", vote},         {"redux", redux},
    {"match", match},       {"activemask", activemask},
    {"cvta", cvta},         {"isspacep", isspacep},
    {"prefetch", prefetch}, {"prefetchu", prefetch},
    {"cp", cp_async},       {"nanosleep", nanosleep},
    {"trap", trap},         {"brkpt", breakpoint},
    {"exit", exit_thread},
};

} // namespace

std::span<const InstructionRow> memory_instructions() {
    return kRows;
}

} // namespace acc::frontend::ptx
