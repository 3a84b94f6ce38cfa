// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Branches, calls and returns. Semantics: PTX ISA, 9.7.12. Asm statements have branches to their
// own labels only.
#include "compiler/ptx/Forms.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

Surroundings& around(E& e) {
    if (!e.surroundings) e.unsupported("branches in an asm statement lead to its own labels");
    return *e.surroundings;
}

/// .uni says that all threads of the warp go the same way.
void branch(E& e, I& in) {
    in.hint({"uni"});
    const Operand& label = in.operand(0);
    if (label.kind != Operand::Special) e.unsupported("the target must be a label");
    e.builder.CreateBr(around(e).label(label.name, e.scope));
}

void branch_by_index(E& e, I& in) {
    in.hint({"idx", "uni"});
    Value* index = in.read(e, 0, e.bits(32));
    const Operand& name = in.operand(1);
    const BranchTargets* targets = around(e).targets(name.name, e.scope);
    if (!targets) e.unsupported("'" + name.name + "' is no list of .branchtargets");
    BasicBlock* here = e.builder.GetInsertBlock();
    BasicBlock* beyond = BasicBlock::Create(here->getContext(), "", here->getParent());
    SwitchInst* choice = e.builder.CreateSwitch(index, beyond, unsigned(targets->labels.size()));
    for (size_t i = 0; i < targets->labels.size(); ++i)
        choice->addCase(e.builder.getInt32(uint32_t(i)),
                        around(e).label(targets->labels[i], targets->scope));
    new UnreachableInst(here->getContext(), beyond);
}

/// call (r), f, (a, b), prototype
void call(E& e, I& in) {
    in.hint({"uni"});
    around(e).call(e, in);
}

void leave(E& e, I& in) {
    in.hint({"uni"});
    around(e).leave(e);
}

constexpr Form kForms[] = {
    {"bra [uni] : label", branch},
    {"brx idx [uni] : index list", branch_by_index},
    {"call [uni] : f [a] [b] [c]", call},
    {"ret [uni] :", leave},
};

} // namespace

std::span<const Form> control_forms() {
    return kForms;
}

} // namespace acc::ptx
