// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Returns from functions: of one whose code stands in line, to behind its call; of one that several
// calls share, to the call whose address is there. Likewise calls and jumps through registers go to
// one of the places that they are known to have gone to.
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using namespace llvm;

/// Threads that return to somewhere else than where the function was called are the interpreter's.
void Emitter::check_return(unsigned b) {
    const Inst& last = program_.blocks[b].insts.back();
    const Value to = canonical(get64(static_cast<Reg>(last.reg(isa::Field::ra))));
    llvm::BasicBlock *good = block("returns"), *other = block("returns_elsewhere");
    IR bad = ir_.CreateICmpNE(vector(to), splat(code_address(last.return_to).v));
    branch_likely(ir_.CreateNot(any(ir_.CreateAnd(bad, mask_or_all()))), good, other);
    ir_.SetInsertPoint(other);
    leave_at(last);
    ir_.SetInsertPoint(good);
}

/// The address by which a block goes on, in cond_; a call's link is written behind that, for the
/// register may be the same.
void Emitter::begin_switch(unsigned b) {
    const Inst& last = program_.blocks[b].insts.back();
    cond_ = canonical(get64(static_cast<Reg>(last.reg(isa::Field::ra))));
    if (dry_)
        cond_shape_[b] = cond_shape_[b] ? join(*cond_shape_[b], cond_)
                                        : static_cast<const Shape&>(cond_);
    before_switch_ = state();
    if (last.op_is(isa::Opcode::CALLX))
        put64(static_cast<Reg>(last.reg(isa::Field::rd)), code_address(last.pc + isa::kWordBytes));
}

/// Threads go to where there is no host code.
void Emitter::leave_at_switch(unsigned b) {
    set_state(before_switch_);
    leave_at(program_.blocks[b].insts.back());
}

/// All threads that are left go to one place.
void Emitter::end_switch(unsigned b) {
    const CodeBlock& code = program_.blocks[b];
    for (unsigned i = 0; i < code.succ.size(); ++i) {
        llvm::BasicBlock *here = block("goes_here"), *other = block("goes_elsewhere");
        ir_.CreateCondBr(ir_.CreateICmpEQ(scalar(cond_), code_address(code.targets[i]).v), here,
                         other);
        ir_.SetInsertPoint(here);
        go(b, code.succ[i]);
        ir_.SetInsertPoint(other);
    }
    leave_at_switch(b);
}

/// The same where they part.
void Emitter::end_switch_chained(unsigned b) {
    const CodeBlock& code = program_.blocks[b];
    IR to = vector(cond_), left = here();
    std::vector<IR> going;
    for (uint64_t target : code.targets) {
        IR these = kept(ir_.CreateICmpEQ(to, splat(code_address(target).v)));
        going.push_back(ir_.CreateAnd(left, these));
        left = ir_.CreateAnd(left, ir_.CreateNot(these));
    }
    llvm::BasicBlock *good = block("go_on"), *other = block("goes_elsewhere");
    branch_likely(ir_.CreateNot(is_any(left)), good, other);
    ir_.SetInsertPoint(other);
    leave_at_switch(b);
    ir_.SetInsertPoint(good);
    for (unsigned i = 0; i < going.size(); ++i)
        add_waiting(code.succ[i], going[i]);
    go_on_in_chain(b);
}

} // namespace acc::model::jit
