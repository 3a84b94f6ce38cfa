// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/meetings.h"

#include <llvm/ADT/BitVector.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/Local.h>
#include <llvm/Transforms/Utils/SSAUpdater.h>

namespace acc::model::jit {

using namespace llvm;

namespace {

constexpr uint64_t kMostBytes = 256 << 10; ///< of all frames; a stack has twice that
/// Of one: tiles that threads keep in registers had better stay on stacks of their own, where loops
/// over them are as they were (tiles.cpp).
constexpr uint64_t kMostOfGang = 3 << 10;
constexpr unsigned kMostMade = 8; ///< instructions by which a value is made anew

class Meetings {
  public:
    explicit Meetings(Function& function)
        : function_(function), layout_(function.getParent()->getDataLayout()),
          ir_(function.getContext()) {}
    bool run();

  private:
    void find_gangs();
    void cut(ArrayRef<CallInst*> calls);
    void find_crossing();
    bool crosses(Instruction* v) const { return numbers_.count(v) != 0; }
    unsigned cost(llvm::Value* v, unsigned left) const;
    bool find_places();
    void connect();
    void leave_last_gang();
    llvm::Value* frame();
    llvm::Value* place_of(Instruction* v);
    void keep(Instruction* v);
    llvm::Value* again(llvm::Value* v, unsigned meeting);
    llvm::Value* reload(Instruction* v);
    void use_again(Instruction* v);

    Function& function_;
    const DataLayout& layout_;
    IRBuilder<> ir_;
    PHINode* position_ = nullptr;
    BasicBlock *entry_ = nullptr, *head_ = nullptr, *last_ = nullptr, *done_ = nullptr;
    unsigned gangs_ = 0;
    struct Meeting {
        BasicBlock *before = nullptr, *behind = nullptr, *resume = nullptr;
        BitVector live; ///< values that are needed behind it
        DenseMap<llvm::Value*, llvm::Value*> again;
    };
    std::vector<Meeting> meetings_;
    std::vector<Instruction*> values_; ///< that are needed behind some meeting
    DenseMap<llvm::Value*, unsigned> numbers_;
    DenseMap<Instruction*, uint64_t> places_; ///< in a frame
    DenseSet<Instruction*> made_;             ///< anew, not kept
    uint64_t frame_bytes_ = 64;               ///< where the gang goes on comes first
    AllocaInst *frames_ = nullptr, *now_ = nullptr, *left_ = nullptr;
};

/// The loop over the gangs becomes one turn.
void Meetings::find_gangs() {
    const unsigned kind = function_.getContext().getMDKindID(kPosition);
    for (Instruction& inst : instructions(function_))
        if (inst.getMetadata(kind)) position_ = cast<PHINode>(&inst);
    head_ = position_->getParent();
    entry_ = &function_.getEntryBlock();
    last_ = position_->getIncomingBlock(position_->getIncomingBlock(0) == entry_ ? 1 : 0);
    auto* turn = cast<BranchInst>(last_->getTerminator());
    done_ = turn->getSuccessor(turn->getSuccessor(0) == head_ ? 1 : 0);
    ir_.SetInsertPoint(turn);
    ir_.CreateBr(done_);
    turn->eraseFromParent();
    // What one gang leaves to the next is no value.
    for (PHINode& phi : make_early_inc_range(head_->phis())) {
        if (&phi == position_) continue;
        phi.replaceAllUsesWith(phi.getIncomingValueForBlock(entry_));
        phi.eraseFromParent();
    }
    position_->removeIncomingValue(last_, /*DeletePHIIfEmpty=*/false);
}

/// Blocks end at meetings.
void Meetings::cut(ArrayRef<CallInst*> calls) {
    for (CallInst* call : calls) {
        BasicBlock* before = call->getParent();
        BasicBlock* behind = before->splitBasicBlock(std::next(call->getIterator()), "met");
        call->eraseFromParent();
        Meeting& m = meetings_.emplace_back();
        m.before = before;
        m.behind = behind;
    }
    for (Meeting& m : meetings_) // of two in one block, the first one was cut again
        m.before = m.behind->getSinglePredecessor();
}

/// Liveness. What the entry makes is the same for all gangs.
void Meetings::find_crossing() {
    DenseMap<BasicBlock*, unsigned> order;
    std::vector<BasicBlock*> blocks;
    for (BasicBlock* b : post_order(&function_)) {
        order[b] = static_cast<unsigned>(blocks.size());
        blocks.push_back(b);
    }
    DenseMap<llvm::Value*, unsigned> all;
    std::vector<Instruction*> defs;
    for (BasicBlock* b : blocks)
        for (Instruction& inst : *b)
            if (b != entry_ && !inst.getType()->isVoidTy()) {
                const bool elsewhere = any_of(inst.users(), [&](const User* u) {
                    return cast<Instruction>(u)->getParent() != b || llvm::isa<PHINode>(u);
                });
                if (!elsewhere) continue;
                all[&inst] = static_cast<unsigned>(defs.size());
                defs.push_back(&inst);
            }
    const auto n = static_cast<unsigned>(defs.size());
    std::vector<BitVector> in(blocks.size(), BitVector(n)), used = in, made = in;
    for (size_t i = 0; i < blocks.size(); ++i)
        for (Instruction& inst : *blocks[i]) {
            if (const auto d = all.find(&inst); d != all.end()) made[i].set(d->second);
            for (const Use& u : inst.operands()) {
                const auto d = all.find(u.get());
                if (d == all.end()) continue;
                auto* phi = dyn_cast<PHINode>(&inst);
                BasicBlock* at = phi ? phi->getIncomingBlock(u) : blocks[i];
                const auto place = order.find(at);
                if (place == order.end()) continue;
                // Of a phi: at the end of the block that it comes from.
                if (defs[d->second]->getParent() != at) used[place->second].set(d->second);
            }
        }
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < blocks.size(); ++i) {
            BitVector live(n);
            for (BasicBlock* s : successors(blocks[i]))
                live |= in[order[s]];
            live.reset(made[i]);
            live |= used[i];
            changed = changed || live != in[i];
            in[i] = std::move(live);
        }
    }
    BitVector crossing(n);
    for (Meeting& m : meetings_)
        if (const auto b = order.find(m.behind); b != order.end()) crossing |= in[b->second];
    BitVector empty(n);
    for (const unsigned d : crossing.set_bits()) {
        numbers_[defs[d]] = static_cast<unsigned>(values_.size());
        values_.push_back(defs[d]);
    }
    for (Meeting& m : meetings_) {
        m.live.resize(static_cast<unsigned>(values_.size()));
        const auto b = order.find(m.behind);
        for (const unsigned d : (b == order.end() ? empty : in[b->second]).set_bits())
            m.live.set(numbers_[defs[d]]);
    }
}

/// Instructions that make a vector from what is kept anyway; more than `left`: it is not made so.
unsigned Meetings::cost(llvm::Value* v, unsigned left) const {
    auto* inst = dyn_cast<Instruction>(v);
    if (!inst || inst->getParent() == entry_) return 0;
    if (!inst->getType()->isVectorTy()) return crosses(inst) ? 0 : left + 1;
    const bool plain = llvm::isa<BinaryOperator, CastInst, CmpInst, ShuffleVectorInst,
                                 InsertElementInst, SelectInst>(inst) &&
                       !inst->isIntDivRem();
    if (!plain || left == 0) return left + 1;
    unsigned sum = 1;
    for (const Use& u : inst->operands()) {
        sum += cost(u.get(), left - sum);
        if (sum > left) return left + 1;
    }
    return sum;
}

bool Meetings::find_places() {
    for (Instruction* v : values_)
        if (v->getType()->isVectorTy() && cost(v, kMostMade) <= kMostMade) made_.insert(v);
    for (Instruction* v : values_) {
        if (made_.contains(v)) continue;
        const uint64_t bytes = layout_.getTypeAllocSize(v->getType());
        frame_bytes_ = alignTo(frame_bytes_, std::min<uint64_t>(PowerOf2Ceil(bytes), 64));
        places_[v] = frame_bytes_;
        frame_bytes_ += bytes;
    }
    // Rows of several frames shall not fall on each other in the host's cache.
    frame_bytes_ = alignTo(frame_bytes_, 64) | 64;
    return frame_bytes_ <= kMostOfGang && frame_bytes_ * gangs_ <= kMostBytes;
}

/// Of the gang that runs.
llvm::Value* Meetings::frame() {
    llvm::Value* offset = ir_.CreateMul(
        ir_.CreateZExt(ir_.CreateLoad(ir_.getInt32Ty(), now_), ir_.getInt64Ty()),
        ir_.getInt64(frame_bytes_));
    return ir_.CreateGEP(ir_.getInt8Ty(), frames_, offset);
}

llvm::Value* Meetings::place_of(Instruction* v) {
    return ir_.CreateConstGEP1_64(ir_.getInt8Ty(), frame(), places_[v]);
}

namespace {
/// Masks are kept as bits.
llvm::Type* bits_of_mask(llvm::Type* t) {
    auto* vector = dyn_cast<FixedVectorType>(t);
    return vector && vector->getElementType()->isIntegerTy(1)
               ? IntegerType::get(t->getContext(), vector->getNumElements())
               : nullptr;
}
} // namespace

void Meetings::keep(Instruction* v) {
    ir_.SetInsertPoint(llvm::isa<PHINode>(v) ? &*v->getParent()->getFirstInsertionPt()
                                             : v->getNextNode());
    llvm::Type* bits = bits_of_mask(v->getType());
    llvm::Value* at = place_of(v);
    ir_.CreateStore(bits ? ir_.CreateBitCast(v, bits) : v, at);
}

llvm::Value* Meetings::reload(Instruction* v) {
    llvm::Type *t = v->getType(), *bits = bits_of_mask(t);
    llvm::Value* x = ir_.CreateLoad(bits ? bits : t, place_of(v));
    return bits ? ir_.CreateBitCast(x, t) : x;
}

/// v where a gang goes on.
llvm::Value* Meetings::again(llvm::Value* v, unsigned meeting) {
    auto* inst = dyn_cast<Instruction>(v);
    if (!inst || inst->getParent() == entry_) return v;
    Meeting& m = meetings_[meeting];
    if (llvm::Value* known = m.again.lookup(inst)) return known;
    llvm::Value* made = nullptr;
    if (crosses(inst) && !made_.contains(inst)) {
        ir_.SetInsertPoint(m.resume->getTerminator());
        made = reload(inst);
    } else {
        SmallVector<llvm::Value*, 4> operands;
        for (const Use& u : inst->operands())
            operands.push_back(again(u.get(), meeting));
        Instruction* copy = inst->clone();
        for (unsigned i = 0; i < operands.size(); ++i)
            copy->setOperand(i, operands[i]);
        copy->insertBefore(m.resume->getTerminator()->getIterator());
        made = copy;
    }
    m.again[inst] = made;
    return made;
}

/// The gangs in turn, each to its next meeting or its end.
void Meetings::connect() {
    LLVMContext& cx = function_.getContext();
    ir_.SetInsertPoint(entry_->getTerminator());
    llvm::Type* word = ir_.getInt32Ty();
    frames_ = ir_.CreateAlloca(ir_.getInt8Ty(), ir_.getInt64(frame_bytes_ * gangs_));
    frames_->setAlignment(Align(64));
    now_ = ir_.CreateAlloca(word);
    left_ = ir_.CreateAlloca(word);
    llvm::Value* count = function_.getArg(2);
    ir_.CreateStore(ir_.getInt32(0), now_);
    ir_.CreateStore(count, left_);
    for (unsigned g = 0; g < gangs_; ++g)
        ir_.CreateStore(ir_.getInt32(0),
                        ir_.CreateConstGEP1_64(ir_.getInt8Ty(), frames_, g * frame_bytes_));
    BasicBlock* step = BasicBlock::Create(cx, "step", &function_);
    BasicBlock* choose = BasicBlock::Create(cx, "choose", &function_);
    entry_->getTerminator()->eraseFromParent();
    ir_.SetInsertPoint(entry_);
    ir_.CreateBr(choose);
    ir_.SetInsertPoint(step);
    llvm::Value* next = ir_.CreateAdd(ir_.CreateLoad(word, now_), ir_.getInt32(1));
    next = ir_.CreateSelect(ir_.CreateICmpULT(next, count), next, ir_.getInt32(0));
    ir_.CreateStore(next, now_);
    ir_.CreateBr(choose);
    ir_.SetInsertPoint(choose);
    // 0: it begins. A gang that has ended is passed over.
    SwitchInst* where = ir_.CreateSwitch(ir_.CreateLoad(word, frame()), step,
                                         static_cast<unsigned>(meetings_.size()) + 1);
    where->addCase(ir_.getInt32(0), head_);
    for (unsigned i = 0; i < meetings_.size(); ++i) {
        Meeting& m = meetings_[i];
        m.resume = BasicBlock::Create(cx, "resume", &function_, m.behind);
        m.before->getTerminator()->eraseFromParent();
        ir_.SetInsertPoint(m.before);
        ir_.CreateStore(ir_.getInt32(i + 1), frame());
        ir_.CreateBr(step);
        ir_.SetInsertPoint(m.resume);
        ir_.CreateBr(m.behind);
        where->addCase(ir_.getInt32(i + 1), m.resume);
    }
    last_->getTerminator()->eraseFromParent();
    ir_.SetInsertPoint(last_);
    ir_.CreateStore(ir_.getInt32(~0u), frame());
    llvm::Value* left = ir_.CreateSub(ir_.CreateLoad(word, left_), ir_.getInt32(1));
    ir_.CreateStore(left, left_);
    ir_.CreateCondBr(ir_.CreateIsNull(left), done_, step);
    ir_.SetInsertPoint(head_, head_->getFirstInsertionPt());
    llvm::Value* position = ir_.CreateLoad(word, now_);
    if (const auto number = numbers_.find(position_); number != numbers_.end()) {
        auto* inst = cast<Instruction>(position);
        values_[number->second] = inst;
        places_[inst] = places_[position_];
        const unsigned n = number->second;
        numbers_.erase(position_);
        numbers_[inst] = n;
    }
    position_->replaceAllUsesWith(position);
    position_->eraseFromParent();
}

void Meetings::use_again(Instruction* v) {
    SSAUpdater updater;
    updater.Initialize(v->getType(), "again");
    updater.AddAvailableValue(v->getParent(), v);
    SmallVector<Use*, 16> uses;
    for (Use& u : v->uses()) {
        auto* user = cast<Instruction>(u.getUser());
        if (user->getParent() != v->getParent() || llvm::isa<PHINode>(user)) uses.push_back(&u);
    }
    for (unsigned i = 0; i < meetings_.size(); ++i)
        if (meetings_[i].live[numbers_[v]])
            updater.AddAvailableValue(meetings_[i].resume, again(v, i));
    for (Use* u : uses)
        updater.RewriteUse(*u);
}

bool Meetings::run() {
    SmallVector<CallInst*, 16> calls;
    for (Instruction& inst : instructions(function_))
        if (auto* call = dyn_cast<CallInst>(&inst))
            if (Function* f = call->getCalledFunction(); f && f->getName() == kMeeting)
                calls.push_back(call);
    if (!function_.hasFnAttribute(kGangs)) return true;
    gangs_ = static_cast<unsigned>(
        std::stoul(function_.getFnAttribute(kGangs).getValueAsString().str()));
    find_gangs();
    cut(calls);
    find_crossing();
    if (!find_places()) return false;
    connect();
    for (Instruction* v : values_)
        if (!made_.contains(v)) keep(v);
    for (Instruction* v : values_)
        use_again(v);
    for (Meeting& m : meetings_) // what nobody needs before the next meeting
        for (Instruction& inst : make_early_inc_range(reverse(*m.resume)))
            if (isInstructionTriviallyDead(&inst)) inst.eraseFromParent();
    return true;
}

} // namespace

bool make_meetings(Function& function) {
    return Meetings(function).run();
}

} // namespace acc::model::jit
