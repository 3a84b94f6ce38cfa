// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Blocks.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace acc::ptx {

Blocks::Blocks(IRBuilder<>& builder, const Program& program, Function& function, BasicBlock* next)
    : builder_(builder), program_(program), function_(function), next_(next) {
    for (const Label& label : program.labels) {
        BasicBlock*& block = blocks_[{label.scope, label.name}];
        if (block) throw Unsupported{"the label '" + label.name + "' is there twice"};
        block = BasicBlock::Create(function.getContext(), label.name, &function, next);
    }
}

BasicBlock* Blocks::new_block() {
    return BasicBlock::Create(function_.getContext(), "", &function_, next_);
}

bool Blocks::ended() const {
    return builder_.GetInsertBlock()->getTerminator() != nullptr;
}

BasicBlock* Blocks::label(StringRef name, unsigned scope) {
    while (true) {
        auto found = blocks_.find({scope, name.str()});
        if (found != blocks_.end()) return found->second;
        if (scope == 0) throw Unsupported{"there is no label '" + name.str() + "' here"};
        scope = program_.scopes[scope];
    }
}

void Blocks::enter(size_t position) {
    const std::vector<Label>& labels = program_.labels;
    for (; next_label_ < labels.size() && labels[next_label_].position == position; ++next_label_) {
        const Label& label = labels[next_label_];
        BasicBlock* block = blocks_[{label.scope, label.name}];
        if (!ended()) builder_.CreateBr(block);
        builder_.SetInsertPoint(block);
    }
}

void Blocks::statement(Emitter& emitter, const Statement& statement) {
    if (ended()) builder_.SetInsertPoint(new_block()); // nobody comes here
    emitter.scope = statement.scope;
    if (!statement.guard) return translate(emitter, statement);
    Value* condition = emitter.read_predicate(*statement.guard);
    BasicBlock *taken = new_block(), *after = new_block();
    builder_.CreateCondBr(condition, taken, after);
    builder_.SetInsertPoint(taken);
    translate(emitter, statement);
    if (!ended()) builder_.CreateBr(after);
    builder_.SetInsertPoint(after);
}

} // namespace acc::ptx
