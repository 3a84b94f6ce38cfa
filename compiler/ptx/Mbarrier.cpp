// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mbarrier objects in shared memory. Semantics: PTX ISA, 9.7.13.15.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

/// The object's address in shared memory, of any block of the cluster; without .shared it is
/// generic. The machine's operations on an mbarrier are always ordered.
Value* object(E& e, I& in, size_t operand) {
    e.has_effects = true;
    in.hint({"b64", "cta", "cluster", "acquire", "release", "relaxed"});
    bool shared = !in.one_of({"shared", "shared::cta", "shared::cluster"}).empty();
    Value* address = e.read_address(in.operand(operand), shared ? 3 : 0);
    if (shared) return address;
    return e.builder.CreateAddrSpaceCast(address, PointerType::get(e.builder.getContext(), 3));
}

/// mbarrier.init [a], count
void init(E& e, I& in) {
    in.has("init");
    Value* a = object(e, in, 0);
    e.call(Intrinsic::nvvm_mbarrier_init_shared, {a, in.read(e, 1, e.bits(32))});
}

void invalidate(E& e, I& in) {
    in.has("inval");
    e.call(Intrinsic::nvvm_mbarrier_inval_shared, {object(e, in, 0)});
}

/// mbarrier.expect_tx|complete_tx [a], bytes
void transactions(E& e, I& in) {
    Intrinsic::ID id = in.one_of({"expect_tx", "complete_tx"}) == "expect_tx"
                           ? Intrinsic::nvvm_mbarrier_expect_tx_scope_cta_space_cta
                           : Intrinsic::nvvm_mbarrier_complete_tx_scope_cta_space_cta;
    Value* a = object(e, in, 0);
    e.call(id, {a, in.read(e, 1, e.bits(32))});
}

/// mbarrier.arrive[_drop][.expect_tx|.noComplete] d, [a][, count]
void arrive(E& e, I& in) {
    bool drop = in.one_of({"arrive", "arrive_drop"}) == "arrive_drop";
    Value* a = object(e, in, 1);
    Value* count = in.count() == 3 ? in.read(e, 2, e.bits(32)) : e.builder.getInt32(1);
    Intrinsic::ID id = drop ? Intrinsic::nvvm_mbarrier_arrive_drop_scope_cta_space_cta
                            : Intrinsic::nvvm_mbarrier_arrive_scope_cta_space_cta;
    if (in.has("noComplete")) {
        id = drop ? Intrinsic::nvvm_mbarrier_arrive_drop_noComplete_shared
                  : Intrinsic::nvvm_mbarrier_arrive_noComplete_shared;
    } else if (in.has("expect_tx")) { // the count is of bytes; then one arrival
        e.call(Intrinsic::nvvm_mbarrier_expect_tx_scope_cta_space_cta, {a, count});
        count = e.builder.getInt32(1);
    }
    e.write(in.operand(0), e.call(id, {a, count}));
}

/// At a barrier of any block of the cluster, which has no result.
void arrive_elsewhere(E& e, I& in) {
    if (in.operand(0).kind != Operand::Discard)
        e.unsupported("the result of an arrival in .shared::cluster must be '_'");
    arrive(e, in);
}

/// mbarrier.test_wait|try_wait[.parity] p, [a], phase[, how long it may sleep]
void wait(E& e, I& in) {
    bool may_sleep = in.one_of({"test_wait", "try_wait"}) == "try_wait", parity = in.has("parity");
    Value* a = object(e, in, 1);
    Value* phase = in.read(e, 2, e.bits(parity ? 32 : 64));
    if (in.count() == 4) in.read(e, 3, e.bits(32)); // at most: not at all is allowed
    static constexpr Intrinsic::ID ids[2][2] = {
        {Intrinsic::nvvm_mbarrier_test_wait_scope_cta_space_cta,
         Intrinsic::nvvm_mbarrier_test_wait_parity_scope_cta_space_cta},
        {Intrinsic::nvvm_mbarrier_try_wait_scope_cta_space_cta,
         Intrinsic::nvvm_mbarrier_try_wait_parity_scope_cta_space_cta}};
    e.write(in.operand(0), e.call(ids[may_sleep][parity], {a, phase}));
}

/// mbarrier.pending_count d, state
void pending(E& e, I& in) {
    in.hint({"pending_count", "b64"});
    e.write(in.operand(0),
            e.call(Intrinsic::nvvm_mbarrier_pending_count, {in.read(e, 1, e.bits(64))}));
}

/// cp.async.mbarrier.arrive[.noinc] [a]
void copies_arrive(E& e, I& in) {
    in.hint({"async", "mbarrier", "arrive"});
    Value* a = object(e, in, 0);
    e.call(in.has("noinc") ? Intrinsic::nvvm_cp_async_mbarrier_arrive_noinc_shared
                           : Intrinsic::nvvm_cp_async_mbarrier_arrive_shared,
           {a});
}

constexpr Form kForms[] = {
    {"mbarrier init [shared|shared::cta] b64 : a n", init},
    {"mbarrier inval [shared|shared::cta] b64 : a", invalidate},
    {"mbarrier expect_tx|complete_tx [relaxed] [cta|cluster] [shared|shared::cta|shared::cluster] "
     "b64 : a n",
     transactions},
    {"mbarrier arrive|arrive_drop [release|relaxed] [cta|cluster] [shared|shared::cta] b64 : d a "
     "[n]",
     arrive},
    {"mbarrier arrive|arrive_drop [release|relaxed] [cta|cluster] shared::cluster b64 : d a [n]",
     arrive_elsewhere},
    {"mbarrier arrive|arrive_drop expect_tx [release|relaxed] [cta|cluster] shared::cluster b64 : "
     "d a n",
     arrive_elsewhere},
    {"mbarrier arrive|arrive_drop expect_tx [release|relaxed] [cta|cluster] [shared|shared::cta] "
     "b64 : d a n",
     arrive},
    {"mbarrier arrive|arrive_drop noComplete [release] [cta] [shared|shared::cta] b64 : d a n",
     arrive},
    {"mbarrier test_wait [parity] [acquire|relaxed] [cta|cluster] [shared|shared::cta] b64 : p a s",
     wait},
    {"mbarrier try_wait [parity] [acquire|relaxed] [cta|cluster] [shared|shared::cta] b64 : p a s "
     "[t]",
     wait},
    {"mbarrier pending_count b64 : d s", pending},
    {"cp async mbarrier arrive [noinc] [shared|shared::cta] b64 : a", copies_arrive},
};

} // namespace

std::span<const Form> mbarrier_forms() {
    return kForms;
}

} // namespace acc::ptx
