// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Returns from functions: of one whose code stands in line, to behind its call; of one that several
// calls share, to the call whose address is there.
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

Value Emitter::return_address(unsigned b) {
    const Inst& last = program_.blocks[b].insts.back();
    return canonical(get64(static_cast<Reg>(last.reg(isa::Field::ra))));
}

/// From a function that several call; all threads that are left return to one place.
void Emitter::switch_return(unsigned b) {
    const CodeBlock& code = program_.blocks[b];
    IR to = return_address(b).v;
    for (unsigned i = 0; i < code.succ.size(); ++i) {
        llvm::BasicBlock *here = block("returns"), *other = block("returns_elsewhere");
        ir_.CreateCondBr(ir_.CreateICmpEQ(to, code_address(code.returns[i]).v), here, other);
        ir_.SetInsertPoint(here);
        go(b, code.succ[i]);
        ir_.SetInsertPoint(other);
    }
    leave_at(code.insts.back());
}

/// The same where they part.
void Emitter::end_shared_return(unsigned b) {
    const CodeBlock& code = program_.blocks[b];
    IR to = vector(return_address(b)), left = mask_or_all();
    std::vector<IR> going;
    for (uint64_t place : code.returns) {
        IR here = ir_.CreateICmpEQ(to, splat(code_address(place).v));
        going.push_back(ir_.CreateAnd(left, here));
        left = ir_.CreateAnd(left, ir_.CreateNot(here));
    }
    llvm::BasicBlock *good = block("returns"), *other = block("returns_elsewhere");
    branch_likely(ir_.CreateNot(any(left)), good, other);
    ir_.SetInsertPoint(other);
    leave_at(code.insts.back());
    ir_.SetInsertPoint(good);
    for (unsigned i = 0; i < going.size(); ++i)
        add_to_mask(code.succ[i], going[i]);
    go_on_in_chain(b);
}

} // namespace acc::model::jit
