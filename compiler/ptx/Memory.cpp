// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads, stores, addresses, fences and asynchronous copies. Semantics: PTX ISA, 9.7.9, 9.7.13.
#include "compiler/ptx/Memory.h"
#include "compiler/ptx/Forms.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;

namespace acc::ptx {

unsigned space_of(Instruction& in) {
    if (in.has("global")) return 1;
    if (in.has("shared") || in.has("shared::cta") || in.has("shared::cluster")) return 3;
    if (in.has("const")) return 4;
    in.hint({"param", "param::entry", "param::func"}); // generic addresses
    return in.has("local") ? 5 : 0;
}

SyncScope::ID scope_of(Emitter& e, Instruction& in, StringRef fallback) {
    StringRef scope = in.one_of({"cta", "cluster", "gpu", "sys"});
    StringRef name = scope == "cta"       ? "block"
                     : scope == "gpu"     ? "device"
                     : scope == "cluster" ? "cluster"
                     : scope == "sys"     ? ""
                                          : fallback;
    return e.builder.getContext().getOrInsertSyncScopeID(name);
}

/// Hints about caches change nothing that a program can see. A cache policy is an operand more.
void cache_hints(Emitter& e, Instruction& in, size_t operands) {
    in.hint({"L1::evict_normal", "L1::evict_unchanged", "L1::evict_first", "L1::evict_last",
             "L1::no_allocate", "L2::evict_normal", "L2::evict_first", "L2::evict_last", "L2::64B",
             "L2::128B", "L2::256B"});
    bool policy = in.has("L2::cache_hint");
    if (in.count() != operands + policy)
        e.unsupported(policy ? "the operand for .L2::cache_hint is missing"
                             : "an operand that needs .L2::cache_hint");
    if (policy) in.read(e, operands, e.bits(64));
}

namespace {

using E = Emitter;
using I = Instruction;

/// How an access is ordered. Vectors are volatile accesses with fences: LLVM has no atomic ones,
/// and the machine's volatile access is at least a relaxed one.
struct Access {
    unsigned space = 0, length = 1;
    Type element;
    bool is_volatile = false;
    AtomicOrdering ordering = AtomicOrdering::NotAtomic;
    SyncScope::ID scope = SyncScope::System;

    bool is_atomic() const { return ordering != AtomicOrdering::NotAtomic; }
};

Access access_of(E& e, I& in, size_t operands) {
    Access access;
    access.element = in.type(e);
    access.space = space_of(in);
    access.length = in.has("v2") ? 2 : in.has("v4") ? 4 : in.has("v8") ? 8 : 1;
    in.hint({"weak", "ca", "cg", "cs", "lu", "nc", "wb", "wt"}); // weak is the default
    cache_hints(e, in, operands);
    bool device = in.has("mmio"), cached = !in.has("cv");
    access.is_volatile = in.has("volatile") || device || !cached || e.is_volatile;
    if (in.has("acquire")) access.ordering = AtomicOrdering::Acquire;
    if (in.has("release")) access.ordering = AtomicOrdering::Release;
    if (in.has("relaxed")) access.ordering = AtomicOrdering::Monotonic;
    if (access.is_atomic()) access.scope = scope_of(e, in, "");
    if (device) access.ordering = AtomicOrdering::NotAtomic; // mmio.relaxed.sys
    if (access.element.bits * access.length > 256) e.unsupported("a vector of more than 256 bits");
    e.has_effects |= access.is_volatile || access.is_atomic();
    return access;
}

/// The pieces that are one access each: 128 bits at most, and words of 128 bits are two.
struct Piece {
    llvm::Type* type;
    unsigned first, count; ///< elements
    Value* address;
    Align alignment;
};

std::vector<Piece> pieces_of(E& e, const Access& access, Value* address) {
    unsigned bits = access.element.bits;
    llvm::Type* element = e.builder.getIntNTy(std::min(bits, 64u));
    unsigned words = bits == 128 ? 2 : 1;
    unsigned per_piece = std::max(1u, std::min(access.length, 128 / bits));
    std::vector<Piece> pieces;
    for (unsigned first = 0; first < access.length; first += per_piece) {
        unsigned elements = per_piece * words;
        llvm::Type* type = elements == 1 ? element : FixedVectorType::get(element, elements);
        Align alignment(bits / 8 * per_piece);
        Value* at = first ? e.builder.CreatePtrAdd(address, e.builder.getInt64(first * bits / 8))
                          : address;
        pieces.push_back({type, first, per_piece, at, alignment});
    }
    return pieces;
}

Value* load_piece(E& e, const Access& access, const Piece& piece) {
    bool vector = piece.type->isVectorTy();
    LoadInst* load = e.builder.CreateAlignedLoad(piece.type, piece.address, piece.alignment,
                                                 access.is_volatile ||
                                                     (vector && access.is_atomic()));
    if (access.is_atomic() && !vector) load->setAtomic(access.ordering, access.scope);
    if (access.ordering == AtomicOrdering::Acquire && vector)
        e.builder.CreateFence(access.ordering, access.scope);
    return load;
}

/// Elements of the operand {a, b, ...}, or the operand itself.
ArrayRef<Operand> elements_of(E& e, const Operand& operand, unsigned length) {
    if (length == 1) return ArrayRef<Operand>(operand);
    if (operand.kind != Operand::Vector || operand.parts.size() != length)
        e.unsupported("the operand must be a vector of " + std::to_string(length));
    return operand.parts;
}

void load(E& e, I& in) {
    Access access = access_of(e, in, 2);
    Value* address = e.read_address(in.operand(1), access.space);
    ArrayRef<Operand> targets = elements_of(e, in.operand(0), access.length);
    IRBuilder<>& b = e.builder;
    SmallVector<Value*> values;
    for (const Piece& piece : pieces_of(e, access, address)) {
        Value* loaded = load_piece(e, access, piece);
        if (access.element.bits == 128) { // i128 from two words
            Value* whole = b.CreateBitCast(loaded, b.getInt128Ty());
            values.push_back(whole);
        } else if (piece.count == 1) {
            values.push_back(loaded);
        } else {
            for (unsigned i = 0; i < piece.count; ++i)
                values.push_back(b.CreateExtractElement(loaded, i));
        }
    }
    for (auto [target, value] : zip_equal(targets, values))
        e.write(target, b.CreateBitCast(value, access.element.ir), access.element);
}

void store(E& e, I& in) {
    Access access = access_of(e, in, 2);
    e.has_effects = true;
    Value* address = e.read_address(in.operand(0), access.space);
    ArrayRef<Operand> sources = elements_of(e, in.operand(1), access.length);
    IRBuilder<>& b = e.builder;
    Type integer = e.bits(access.element.bits);
    for (const Piece& piece : pieces_of(e, access, address)) {
        Value* value;
        if (piece.count == 1) {
            value = b.CreateBitCast(e.read(sources[piece.first], integer), piece.type);
        } else {
            value = PoisonValue::get(piece.type);
            for (unsigned i = 0; i < piece.count; ++i)
                value = b.CreateInsertElement(value, e.read(sources[piece.first + i], integer), i);
        }
        bool vector = piece.type->isVectorTy();
        if (access.ordering == AtomicOrdering::Release && vector)
            b.CreateFence(access.ordering, access.scope);
        StoreInst* store = b.CreateAlignedStore(value, piece.address, piece.alignment,
                                                access.is_volatile ||
                                                    (vector && access.is_atomic()));
        if (access.is_atomic() && !vector) store->setAtomic(access.ordering, access.scope);
    }
}

void membar(E& e, I& in) {
    e.has_effects = true;
    StringRef level = in.one_of({"cta", "gl", "sys"});
    e.call(level == "cta"  ? Intrinsic::nvvm_membar_cta
           : level == "gl" ? Intrinsic::nvvm_membar_gl
                           : Intrinsic::nvvm_membar_sys);
}

void fence(E& e, I& in) {
    e.has_effects = true;
    AtomicOrdering ordering = in.has("sc")        ? AtomicOrdering::SequentiallyConsistent
                              : in.has("acquire") ? AtomicOrdering::Acquire
                              : in.has("release") ? AtomicOrdering::Release
                                                  : AtomicOrdering::AcquireRelease;
    in.hint({"acq_rel"}); // the default
    e.builder.CreateFence(ordering, scope_of(e, in, ""));
}

void proxy_fence(E& e, I& in) {
    e.has_effects = true;
    in.hint({"proxy"});
    if (in.has("alias")) {
        e.call(Intrinsic::nvvm_fence_proxy_alias);
        return;
    }
    in.hint({"async"});
    StringRef space = in.one_of({"global", "shared::cta"});
    e.call(space == "global"        ? Intrinsic::nvvm_fence_proxy_async_global
           : space == "shared::cta" ? Intrinsic::nvvm_fence_proxy_async_shared_cta
                                    : Intrinsic::nvvm_fence_proxy_async);
}

/// cvta.space.u64 d, a (to generic); cvta.to.space.u64 d, a
void convert_address(E& e, I& in) {
    Type type = in.type(e);
    unsigned space = space_of(in);
    llvm::Type* specific = PointerType::get(e.builder.getContext(), space);
    llvm::Type* generic = PointerType::get(e.builder.getContext(), 0);
    bool to = in.has("to");
    Value* pointer = e.builder.CreateIntToPtr(in.read(e, 1, type), to ? generic : specific);
    pointer = e.builder.CreateAddrSpaceCast(pointer, to ? specific : generic);
    e.write(in.operand(0), e.builder.CreatePtrToInt(pointer, type.ir));
}

void is_space(E& e, I& in) {
    StringRef space = in.one_of({"global", "const", "local"});
    Intrinsic::ID id = space == "global"  ? Intrinsic::nvvm_isspacep_global
                       : space == "const" ? Intrinsic::nvvm_isspacep_const
                                          : Intrinsic::nvvm_isspacep_local;
    Value* pointer = e.builder.CreateIntToPtr(in.read(e, 1, e.bits(64)),
                                              PointerType::get(e.builder.getContext(), 0));
    e.write(in.operand(0), e.call(id, {pointer}));
}

/// A hint; the address is still evaluated.
void prefetch(E& e, I& in) {
    if (in.has("local")) {
        in.hint({"L1", "L2"});
        e.read_address(in.operand(0), 5);
        return;
    }
    in.hint({"global"});
    StringRef level = in.one_of({"L1", "L2", "L2::evict_last", "L2::evict_normal"});
    e.call(level == "L1" ? Intrinsic::nvvm_prefetch_L1 : Intrinsic::nvvm_prefetch_L2,
           {e.read_address(in.operand(0), 0)});
}

/// A hint about a line of the cache: that its value is no longer of interest (which it keeps here),
/// or how long it should stay.
void cache_line(E& e, I& in) {
    in.hint({"global", "L2", "L2::evict_normal"});
    e.read_address(in.operand(0), 0);
    if (e.read_constant(in.operand(1), "the size of the line") != 128)
        e.unsupported("a line of another size than 128 bytes");
}

/// cp.async: how many bytes are read. Behind the size may stand the size of the source, or a
/// predicate that says that the source is ignored; then a cache policy.
Value* source_bytes(E& e, I& in, uint64_t bytes) {
    bool policy = in.has("L2::cache_hint");
    size_t optional = in.count() - 3 - policy;
    if (in.count() < size_t{3} + policy || optional > 1)
        e.unsupported(policy ? "the operand for .L2::cache_hint is missing"
                             : "an operand that needs .L2::cache_hint");
    if (policy) in.read(e, in.count() - 1, e.bits(64));
    if (optional == 0) return nullptr;
    const Operand& operand = in.operand(3);
    if (!e.is_predicate(operand)) return e.read(operand, e.bits(32));
    return e.builder.CreateSelect(e.read_predicate(operand), e.builder.getInt32(0),
                                  e.builder.getInt32(uint32_t(bytes)));
}

void copy_async(E& e, I& in) {
    e.has_effects = true;
    in.hint({"async", "shared", "shared::cta", "global", "L2::64B", "L2::128B", "L2::256B"});
    uint64_t bytes = e.read_constant(in.operand(2), "the size of the copy");
    bool global = in.one_of({"ca", "cg"}) == "cg";
    if (global ? bytes != 16 : bytes != 4 && bytes != 8 && bytes != 16)
        e.unsupported(global ? "the size of the copy must be 16"
                             : "the size of the copy must be 4, 8 or 16");
    Value* partial = source_bytes(e, in, bytes);
    static constexpr Intrinsic::ID ids[4][2] = {{Intrinsic::nvvm_cp_async_ca_shared_global_4,
                                                 Intrinsic::nvvm_cp_async_ca_shared_global_4_s},
                                                {Intrinsic::nvvm_cp_async_ca_shared_global_8,
                                                 Intrinsic::nvvm_cp_async_ca_shared_global_8_s},
                                                {Intrinsic::nvvm_cp_async_ca_shared_global_16,
                                                 Intrinsic::nvvm_cp_async_ca_shared_global_16_s},
                                                {Intrinsic::nvvm_cp_async_cg_shared_global_16,
                                                 Intrinsic::nvvm_cp_async_cg_shared_global_16_s}};
    unsigned row = global ? 3 : bytes == 4 ? 0 : bytes == 8 ? 1 : 2;
    SmallVector<Value*> arguments = {e.read_address(in.operand(0), 3),
                                     e.read_address(in.operand(1), 1)};
    if (partial) arguments.push_back(partial);
    e.call(ids[row][partial != nullptr], arguments);
}

void copy_group(E& e, I& in) {
    e.has_effects = true;
    in.hint({"async"});
    if (in.has("commit_group"))
        e.call(Intrinsic::nvvm_cp_async_commit_group);
    else if (in.has("wait_all"))
        e.call(Intrinsic::nvvm_cp_async_wait_all);
    else if (in.has("wait_group"))
        e.call(
            Intrinsic::nvvm_cp_async_wait_group,
            {e.builder.getInt32(uint32_t(e.read_constant(in.operand(0), "the number of groups")))});
}

constexpr Form kForms[] = {
    {"ld [weak] [$space|const] [ca|cg|cs|lu|cv] [nc] [$evict] [$evict2] [L2::cache_hint] "
     "[$prefetch] "
     "[v2|v4|v8] $mem : d a [policy]",
     load},
    {"ld [weak] param|param::entry|param::func [v2|v4|v8] $mem : d a", load},
    {"ld volatile [$space|const] [$prefetch] [v2|v4|v8] $mem : d a", load},
    {"ld relaxed|acquire $scope [$space] [$evict] [$evict2] [L2::cache_hint] [$prefetch] "
     "[v2|v4|v8] "
     "$mem : d a [policy]",
     load},
    {"ld mmio relaxed sys [global] $mem : d a", load},
    {"ldu [global] [v2|v4] $mem : d a", load},
    {"st [weak] [$space] [wb|cg|cs|wt] [$evict] [$evict2] [L2::cache_hint] [v2|v4|v8] $mem : a b "
     "[policy]",
     store},
    {"st [weak] param|param::func [v2|v4|v8] $mem : a b", store},
    {"st volatile [$space] [v2|v4|v8] $mem : a b", store},
    {"st relaxed|release $scope [$space] [$evict] [$evict2] [L2::cache_hint] [v2|v4|v8] $mem : a b "
     "[policy]",
     store},
    {"st mmio relaxed sys [global] $mem : a b", store},
    {"membar cta|gl|sys :", membar},
    {"fence [sc|acq_rel|acquire|release] $scope :", fence},
    {"fence proxy alias :", proxy_fence},
    {"fence proxy async [global|shared::cta] :", proxy_fence},
    {"cvta $space|const|param u64 : d a", convert_address},
    {"cvta to $space|const|param u64 : d a", convert_address},
    {"isspacep global|const|local : p a", is_space},
    {"prefetch [global|local] L1|L2 : a", prefetch},
    {"prefetch global L2::evict_last|L2::evict_normal : a", prefetch},
    {"prefetchu L1 : a", prefetch},
    {"discard [global] L2 : a n", cache_line},
    {"applypriority [global] L2::evict_normal : a n", cache_line},
    {"cp async ca|cg shared|shared::cta global [L2::cache_hint] [$prefetch] : d a n [m] [policy]",
     copy_async},
    {"cp async commit_group|wait_all :", copy_group},
    {"cp async wait_group : n", copy_group},
};

} // namespace

std::span<const Form> memory_forms() {
    return kForms;
}

} // namespace acc::ptx
