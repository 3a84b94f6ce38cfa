// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Barriers, warp operations and the end of threads. Semantics: PTX ISA, 9.7.9, 9.7.13, 9.7.20.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

/// The words that say what a barrier is anyway: every barrier may be executed by part of a warp.
void barrier_words(E& e, I& in) {
    e.has_effects = true;
    in.hint({"cta", "aligned", "sync", "arrive", "red", "cluster"});
}

/// bar.sync a[, b]
void barrier_sync(E& e, I& in) {
    barrier_words(e, in);
    Value* number = in.read(e, 0, e.bits(32));
    if (in.count() == 1)
        e.call(Intrinsic::nvvm_barrier_cta_sync_all, {number});
    else
        e.call(Intrinsic::nvvm_barrier_cta_sync_count, {number, in.read(e, 1, e.bits(32))});
}

void barrier_arrive(E& e, I& in) {
    barrier_words(e, in);
    e.call(Intrinsic::nvvm_barrier_cta_arrive_count,
           {in.read(e, 0, e.bits(32)), in.read(e, 1, e.bits(32))});
}

/// bar.red.op.type d, a[, b], [!]c
void barrier_reduce(E& e, I& in) {
    barrier_words(e, in);
    in.hint({"u32", "pred"});
    StringRef op = in.one_of({"popc", "and", "or"});
    bool counted = in.count() == 4;
    static constexpr Intrinsic::ID ids[3][2] = {
        {Intrinsic::nvvm_barrier_cta_red_popc_all, Intrinsic::nvvm_barrier_cta_red_popc_count},
        {Intrinsic::nvvm_barrier_cta_red_and_all, Intrinsic::nvvm_barrier_cta_red_and_count},
        {Intrinsic::nvvm_barrier_cta_red_or_all, Intrinsic::nvvm_barrier_cta_red_or_count}};
    SmallVector<Value*> arguments = {in.read(e, 1, e.bits(32))};
    if (counted) arguments.push_back(in.read(e, 2, e.bits(32)));
    arguments.push_back(e.read_predicate(in.last()));
    unsigned row = op == "popc" ? 0 : op == "and" ? 1 : 2;
    e.write(in.operand(0), e.call(ids[row][counted], arguments));
}

void barrier_warp(E& e, I& in) {
    barrier_words(e, in);
    in.hint({"warp"});
    e.call(Intrinsic::nvvm_bar_warp_sync, {in.read(e, 0, e.bits(32))});
}

void barrier_cluster(E& e, I& in) {
    barrier_words(e, in);
    in.hint({"release", "acquire"}); // the defaults
    if (in.has("wait"))
        e.call(Intrinsic::nvvm_barrier_cluster_wait);
    else
        e.call(in.has("relaxed") ? Intrinsic::nvvm_barrier_cluster_arrive_relaxed
                                 : Intrinsic::nvvm_barrier_cluster_arrive);
}

/// shfl.sync.mode.b32 d[|p], a, b, c, mask
void shuffle(E& e, I& in) {
    e.has_effects = true;
    in.hint({"sync"});
    Type type = in.type(e);
    StringRef mode = in.one_of({"up", "down", "bfly", "idx"});
    Intrinsic::ID id = mode == "up"     ? Intrinsic::nvvm_shfl_sync_up_i32p
                       : mode == "down" ? Intrinsic::nvvm_shfl_sync_down_i32p
                       : mode == "bfly" ? Intrinsic::nvvm_shfl_sync_bfly_i32p
                                        : Intrinsic::nvvm_shfl_sync_idx_i32p;
    Value* result = e.call(
        id, {in.read(e, 4, type), in.read(e, 1, type), in.read(e, 2, type), in.read(e, 3, type)});
    e.write_pair(in.operand(0), e.builder.CreateExtractValue(result, 0),
                 e.builder.CreateExtractValue(result, 1));
}

/// vote.sync.mode.pred/b32 d, [!]p, mask
void vote(E& e, I& in) {
    e.has_effects = true;
    in.hint({"sync", "pred", "b32"});
    StringRef mode = in.one_of({"all", "any", "uni", "ballot"});
    Intrinsic::ID id = mode == "all"   ? Intrinsic::nvvm_vote_all_sync
                       : mode == "any" ? Intrinsic::nvvm_vote_any_sync
                       : mode == "uni" ? Intrinsic::nvvm_vote_uni_sync
                                       : Intrinsic::nvvm_vote_ballot_sync;
    e.write(in.operand(0),
            e.call(id, {in.read(e, 2, e.bits(32)), e.read_predicate(in.operand(1))}));
}

void reduce(E& e, I& in) {
    e.has_effects = true;
    in.hint({"sync"});
    Type type = in.type(e);
    StringRef op = in.one_of({"add", "min", "max", "and", "or", "xor"});
    Intrinsic::ID id = op == "add"   ? Intrinsic::nvvm_redux_sync_add
                       : op == "and" ? Intrinsic::nvvm_redux_sync_and
                       : op == "or"  ? Intrinsic::nvvm_redux_sync_or
                       : op == "xor" ? Intrinsic::nvvm_redux_sync_xor
                       : op == "min" ? (type.is_signed ? Intrinsic::nvvm_redux_sync_min
                                                       : Intrinsic::nvvm_redux_sync_umin)
                                     : (type.is_signed ? Intrinsic::nvvm_redux_sync_max
                                                       : Intrinsic::nvvm_redux_sync_umax);
    if (type.is_float) {
        static constexpr Intrinsic::ID ids[2][2][2] = {
            {{Intrinsic::nvvm_redux_sync_fmin, Intrinsic::nvvm_redux_sync_fmin_NaN},
             {Intrinsic::nvvm_redux_sync_fmin_abs, Intrinsic::nvvm_redux_sync_fmin_abs_NaN}},
            {{Intrinsic::nvvm_redux_sync_fmax, Intrinsic::nvvm_redux_sync_fmax_NaN},
             {Intrinsic::nvvm_redux_sync_fmax_abs, Intrinsic::nvvm_redux_sync_fmax_abs_NaN}}};
        bool magnitude = in.has("abs"), nan = in.has("NaN");
        id = ids[op == "max"][magnitude][nan];
    }
    e.write(in.operand(0), e.call(id, {in.read(e, 1, type), in.read(e, 2, e.bits(32))}));
}

/// match.any.sync.type d, a, mask; match.all.sync.type d[|p], a, mask
void match(E& e, I& in) {
    e.has_effects = true;
    in.hint({"sync"});
    Type type = in.type(e);
    bool wide = type.bits == 64, any = in.one_of({"any", "all"}) == "any";
    Value *a = in.read(e, 1, type), *mask = in.read(e, 2, e.bits(32));
    Intrinsic::ID id = any ? (wide ? Intrinsic::nvvm_match_any_sync_i64
                                   : Intrinsic::nvvm_match_any_sync_i32)
                           : (wide ? Intrinsic::nvvm_match_all_sync_i64p
                                   : Intrinsic::nvvm_match_all_sync_i32p);
    Value* result = e.call(id, {mask, a});
    if (any) return e.write(in.operand(0), result);
    e.write_pair(in.operand(0), e.builder.CreateExtractValue(result, 0),
                 e.builder.CreateExtractValue(result, 1));
}

void elect(E& e, I& in) {
    e.has_effects = true;
    in.hint({"sync"});
    Value* result = e.call(Intrinsic::nvvm_elect_sync, {in.read(e, 1, e.bits(32))});
    if (in.operand(0).kind != Operand::Pair) e.unsupported("the result must be d|p");
    e.write_pair(in.operand(0), e.builder.CreateExtractValue(result, 0),
                 e.builder.CreateExtractValue(result, 1));
}

void active_mask(E& e, I& in) {
    e.has_effects = true;
    in.hint({"b32"});
    e.write(in.operand(0), e.call(Intrinsic::nvvm_activemask));
}

void sleep(E& e, I& in) {
    e.has_effects = true;
    in.hint({"u32"});
    e.call(Intrinsic::nvvm_nanosleep, {in.read(e, 0, e.bits(32))});
}

/// An event that a profiler counts; there is none.
void event(E& e, I& in) {
    e.has_effects = true;
    in.hint({"mask"});
    e.read_constant(in.operand(0), "the event");
}

/// What the thread stored stays: to LLVM these instructions read no memory (StopsPass).
void stop(E& e, I& in) {
    e.has_effects = true;
    Intrinsic::ID id = Intrinsic::debugtrap;
    if (in.opcode() == "exit") id = Intrinsic::nvvm_exit;
    if (in.opcode() == "trap") id = Intrinsic::trap;
    e.call(id);
}

constexpr Form kForms[] = {
    {"bar [cta] sync : a [b]", barrier_sync},
    {"bar [cta] arrive : a b", barrier_arrive},
    {"bar [cta] red popc u32 : d a c [x]", barrier_reduce},
    {"bar [cta] red and|or pred : d a c [x]", barrier_reduce},
    {"bar warp sync : m", barrier_warp},
    {"barrier [cta] sync [aligned] : a [b]", barrier_sync},
    {"barrier [cta] arrive [aligned] : a b", barrier_arrive},
    {"barrier [cta] red popc [aligned] u32 : d a c [x]", barrier_reduce},
    {"barrier [cta] red and|or [aligned] pred : d a c [x]", barrier_reduce},
    {"barrier cluster arrive [release|relaxed] [aligned] :", barrier_cluster},
    {"barrier cluster wait [acquire] [aligned] :", barrier_cluster},
    {"shfl sync up|down|bfly|idx b32 : d a b c m", shuffle},
    {"vote sync all|any|uni pred : p a m", vote},
    {"vote sync ballot b32 : d a m", vote},
    {"redux sync add|min|max u32|s32 : d a m", reduce},
    {"redux sync and|or|xor b32 : d a m", reduce},
    {"redux sync min|max [abs] [NaN] f32 : d a m", reduce},
    {"match any|all sync b32|b64 : d a m", match},
    {"elect sync : d m", elect},
    {"activemask b32 : d", active_mask},
    {"nanosleep u32 : t", sleep},
    {"pmevent : n", event},
    {"pmevent mask : n", event},
    {"trap :", stop},
    {"brkpt :", stop},
    {"exit :", stop},
};

} // namespace

std::span<const Form> warp_forms() {
    return kForms;
}

} // namespace acc::ptx
