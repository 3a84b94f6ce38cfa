// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/tiles.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <llvm/ADT/SetVector.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/ValueMapper.h>

#include <algorithm>
#include <optional>

namespace acc::model::jit {

using namespace llvm;

namespace {

/// The host's registers: their bits, and so many of them for what a loop keeps from turn to turn,
/// and with what that is made of.
struct Budget {
    unsigned bits, kept, all;
};
constexpr Budget kMasked{512, 24, 30}, kUnmasked{256, 12, 14};
constexpr uint64_t kTurnsPrepared = 256; ///< of a loop for which something is made beforehand
constexpr uint64_t kMostMemory = 8192;   ///< bytes for that

bool is_vector(const llvm::Value* v) {
    return v->getType()->isVectorTy() && v->getType()->getScalarSizeInBits() > 1;
}

llvm::Value* without_casts(llvm::Value* v) {
    while (auto* cast = dyn_cast<BitCastInst>(v))
        v = cast->getOperand(0);
    return v;
}

/// One scalar in all lanes: where it is loaded, the host's instructions do that by the way.
bool is_splat(llvm::Value* v) {
    const auto* shuffle = dyn_cast<ShuffleVectorInst>(v);
    return shuffle && shuffle->isZeroEltSplat() &&
           llvm::isa<InsertElementInst>(without_casts(shuffle->getOperand(0)));
}

/// Vectors that are kept from turn to turn and depend on each other.
struct Kept {
    SmallVector<Instruction*, 2> roots; ///< new values of the phis, and what is read outside
    unsigned registers = 0;
    SmallSetVector<llvm::Value*, 8> leaves; ///< what these are made of, and does not change with
                                            ///< them
};

class Divider {
  public:
    Divider(BasicBlock& loop, const Budget& budget) : loop_(loop), budget_(budget) {}
    void run();

  private:
    unsigned registers_of(const llvm::Value* v) const;
    bool fits();
    bool here(const llvm::Value* v) const {
        const auto* inst = dyn_cast<Instruction>(v);
        return inst && inst->getParent() == &loop_;
    }
    bool find_kept();
    unsigned find(unsigned i);
    void collect(Instruction* root, SmallVectorImpl<unsigned>& phis);
    void find_leaves(Kept& kept);
    std::optional<uint64_t> turns() const;
    unsigned cost_of(const Kept& kept, const DenseSet<llvm::Value*>& there) const;
    void make_groups();
    void find_prepared();
    BasicBlock& copy(ValueToValueMapTy& map);
    static void keep_needed(BasicBlock& block);
    static PHINode* count_in(BasicBlock& block);
    llvm::Value* place_of(size_t prepared, PHINode* turn, BasicBlock& block) const;
    void prepare();
    void use_prepared(BasicBlock& block, const ValueToValueMapTy* map);

    BasicBlock& loop_;
    const Budget budget_;
    BasicBlock *before_ = nullptr, *after_ = nullptr;
    SmallVector<PHINode*, 64> phis_; ///< that are vectors
    DenseMap<const llvm::Value*, unsigned> number_;
    SmallVector<unsigned, 64> parent_;    ///< of phis that depend on each other
    DenseSet<const llvm::Value*> moving_; ///< what changes with those
    std::vector<Kept> kept_;
    std::vector<std::vector<Kept*>> groups_;
    SmallVector<Instruction*, 16> prepared_;
    AllocaInst* memory_ = nullptr;
};

unsigned Divider::registers_of(const llvm::Value* v) const {
    const auto bits = v->getType()->getPrimitiveSizeInBits().getFixedValue();
    return static_cast<unsigned>((bits + budget_.bits - 1) / budget_.bits);
}

/// A loop of one block which is as the others will be.
bool Divider::fits() {
    auto* jump = dyn_cast<BranchInst>(loop_.getTerminator());
    if (!jump || !jump->isConditional()) return false;
    const bool first = jump->getSuccessor(0) == &loop_;
    if (first == (jump->getSuccessor(1) == &loop_)) return false;
    after_ = jump->getSuccessor(first ? 1 : 0);
    unsigned registers = 0;
    for (PHINode& phi : loop_.phis()) {
        if (phi.getNumIncomingValues() != 2) return false;
        before_ = phi.getIncomingBlock(phi.getIncomingBlock(0) == &loop_ ? 1 : 0);
        if (!is_vector(&phi)) continue;
        number_[&phi] = static_cast<unsigned>(phis_.size());
        phis_.push_back(&phi);
        registers += registers_of(&phi);
    }
    if (registers <= budget_.kept || before_ == &loop_) return false;
    return none_of(loop_, [](const Instruction& inst) {
        const auto* load = dyn_cast<LoadInst>(&inst);
        return inst.mayWriteToMemory() || inst.mayHaveSideEffects() || (load && !load->isSimple());
    });
}

unsigned Divider::find(unsigned i) {
    while (parent_[i] != i)
        i = parent_[i] = parent_[parent_[i]];
    return i;
}

/// The vector phis that the value depends on within a turn.
void Divider::collect(Instruction* root, SmallVectorImpl<unsigned>& phis) {
    SmallVector<Instruction*, 32> work{root};
    DenseSet<Instruction*> seen;
    while (!work.empty()) {
        Instruction* inst = work.pop_back_val();
        if (!seen.insert(inst).second) continue;
        if (llvm::isa<PHINode>(inst)) {
            if (const auto n = number_.find(inst); n != number_.end()) phis.push_back(n->second);
            continue;
        }
        for (const Use& use : inst->operands())
            if (here(use)) work.push_back(llvm::cast<Instruction>(use));
    }
}

/// What is kept from turn to turn, and what is read outside: divided as far as it can be.
bool Divider::find_kept() {
    for (unsigned i = 0; i < phis_.size(); ++i)
        parent_.push_back(i);
    for (Instruction& inst : loop_) { // in order
        bool moves = number_.count(&inst);
        for (const Use& use : inst.operands())
            moves = moves || (!llvm::isa<PHINode>(inst) && moving_.count(use.get()));
        if (moves) moving_.insert(&inst);
    }
    if (moving_.count(cast<BranchInst>(loop_.getTerminator())->getCondition())) return false;
    SmallVector<std::pair<Instruction*, unsigned>, 64> roots;
    const auto add = [&](Instruction* root, std::optional<unsigned> of) {
        SmallVector<unsigned, 8> phis;
        if (of) phis.push_back(*of);
        collect(root, phis);
        for (unsigned p : phis)
            parent_[find(p)] = find(phis[0]);
        if (!phis.empty()) roots.emplace_back(root, phis[0]);
    };
    for (PHINode& phi : loop_.phis()) {
        llvm::Value* next = phi.getIncomingValueForBlock(&loop_);
        const auto n = number_.find(&phi);
        if (n == number_.end()) {
            if (moving_.count(next)) return false; // a scalar that vectors decide
            continue;
        }
        if (!here(next) || llvm::isa<PHINode>(next)) return false;
        add(llvm::cast<Instruction>(next), n->second);
    }
    for (Instruction& inst : loop_)
        if (moving_.count(&inst) &&
            any_of(inst.users(), [&](const User* user) { return !here(user); }))
            add(&inst, std::nullopt);
    DenseMap<unsigned, unsigned> place;
    for (const auto& [root, phi] : roots) {
        const auto [at, is_new] = place.try_emplace(find(phi), static_cast<unsigned>(kept_.size()));
        if (is_new) kept_.emplace_back();
        kept_[at->second].roots.push_back(root);
    }
    for (unsigned i = 0; i < phis_.size(); ++i)
        kept_[place.lookup(find(i))].registers += registers_of(phis_[i]);
    return kept_.size() > 1;
}

void Divider::find_leaves(Kept& kept) {
    SmallVector<Instruction*, 32> work(kept.roots.begin(), kept.roots.end());
    DenseSet<Instruction*> seen;
    while (!work.empty()) {
        Instruction* inst = work.pop_back_val();
        if (!seen.insert(inst).second || llvm::isa<PHINode>(inst)) continue;
        for (const Use& use : inst->operands()) {
            if (moving_.count(use.get()))
                work.push_back(llvm::cast<Instruction>(use));
            else if (is_vector(use) && !llvm::isa<Constant>(use))
                kept.leaves.insert(without_casts(use));
        }
    }
}

/// How often the loop goes round, where that is a constant.
std::optional<uint64_t> Divider::turns() const {
    const auto* jump = cast<BranchInst>(loop_.getTerminator());
    const auto* compare = dyn_cast<ICmpInst>(jump->getCondition());
    if (!compare) return std::nullopt;
    const auto* end = dyn_cast<ConstantInt>(compare->getOperand(1));
    const auto* added = dyn_cast<BinaryOperator>(compare->getOperand(0));
    const PHINode* phi = dyn_cast<PHINode>(compare->getOperand(0));
    if (added && added->getOpcode() == Instruction::Add)
        phi = dyn_cast<PHINode>(added->getOperand(0));
    if (!end || !phi || phi->getParent() != &loop_) return std::nullopt;
    const auto* next = dyn_cast<BinaryOperator>(phi->getIncomingValueForBlock(&loop_));
    const auto* from = dyn_cast<ConstantInt>(phi->getIncomingValueForBlock(before_));
    if (!next || !from || next->getOpcode() != Instruction::Add || next->getOperand(0) != phi ||
        (added && added != next))
        return std::nullopt;
    const auto* by = dyn_cast<ConstantInt>(next->getOperand(1));
    if (!by) return std::nullopt;
    APInt x = from->getValue();
    for (uint64_t n = 1; n <= kTurnsPrepared; ++n) {
        const APInt after = x + by->getValue();
        const bool holds = ICmpInst::compare(added ? after : x, end->getValue(),
                                             compare->getPredicate());
        if (jump->getSuccessor(holds ? 0 : 1) != &loop_) return n;
        x = after;
    }
    return std::nullopt;
}

/// What a group needs besides what it has: registers count more than loads.
unsigned Divider::cost_of(const Kept& kept, const DenseSet<llvm::Value*>& there) const {
    unsigned cost = 0;
    for (llvm::Value* leaf : kept.leaves)
        if (!there.count(leaf)) cost += is_splat(leaf) ? 1 : 64 * registers_of(leaf);
    return cost;
}

/// Those together that are made of the same.
void Divider::make_groups() {
    unsigned all = 0;
    for (const Kept& kept : kept_)
        all += kept.registers;
    const unsigned loops = (all + budget_.kept - 1) / budget_.kept,
                   most = (all + loops - 1) / loops;
    std::vector<Kept*> left;
    for (Kept& kept : kept_)
        left.push_back(&kept);
    while (!left.empty()) {
        std::vector<Kept*> group;
        DenseSet<llvm::Value*> there;
        unsigned registers = 0, leaves = 0;
        while (!left.empty()) {
            auto best = left.begin();
            unsigned least = ~0u;
            for (auto it = left.begin(); it != left.end(); ++it)
                if (const unsigned cost = cost_of(**it, there); cost < least) {
                    least = cost;
                    best = it;
                }
            Kept* next = *best;
            if (!group.empty() && (registers + next->registers > most ||
                                   registers + next->registers + leaves + least / 64 > budget_.all))
                break;
            registers += next->registers;
            leaves += least / 64;
            there.insert(next->leaves.begin(), next->leaves.end());
            group.push_back(next);
            left.erase(best);
        }
        groups_.push_back(std::move(group));
    }
}

/// What takes more than a load, and more than one group needs, or what that is made of.
void Divider::find_prepared() {
    const std::optional<uint64_t> n = turns();
    if (!n) return;
    SmallSetVector<llvm::Value*, 32> leaves;
    for (const Kept& kept : kept_)
        leaves.insert(kept.leaves.begin(), kept.leaves.end());
    uint64_t bytes = 0;
    for (Instruction& inst : loop_)
        if (leaves.contains(&inst) && !is_splat(&inst) && !llvm::isa<LoadInst>(inst) &&
            !llvm::isa<PHINode>(inst)) {
            prepared_.push_back(&inst);
            bytes += registers_of(&inst) * (budget_.bits / 8);
        }
    if (prepared_.empty() || bytes * *n > kMostMemory) {
        prepared_.clear();
        return;
    }
    IRBuilder<> ir(&loop_.getParent()->getEntryBlock().front());
    memory_ = ir.CreateAlloca(ArrayType::get(ir.getInt8Ty(), bytes * *n));
    memory_->setAlignment(Align(budget_.bits / 8));
}

/// Drops what nobody needs outside of the block, nor its end, nor memory.
void Divider::keep_needed(BasicBlock& block) {
    SmallVector<Instruction*, 64> work;
    for (Instruction& inst : block)
        if (inst.isTerminator() || inst.mayWriteToMemory() || any_of(inst.users(), [&](User* user) {
                return llvm::cast<Instruction>(user)->getParent() != &block;
            }))
            work.push_back(&inst);
    DenseSet<Instruction*> needed;
    while (!work.empty()) {
        Instruction* inst = work.pop_back_val();
        if (inst->getParent() != &block || !needed.insert(inst).second) continue;
        for (const Use& use : inst->operands())
            if (auto* operand = dyn_cast<Instruction>(use)) work.push_back(operand);
    }
    SmallVector<Instruction*, 64> dead;
    for (Instruction& inst : block)
        if (!needed.count(&inst)) dead.push_back(&inst);
    for (Instruction* inst : dead)
        inst->dropAllReferences();
    for (Instruction* inst : dead)
        inst->eraseFromParent();
}

/// The loop once more, in front of it.
BasicBlock& Divider::copy(ValueToValueMapTy& map) {
    Function* function = loop_.getParent();
    BasicBlock* block = CloneBasicBlock(&loop_, map, ".part", function);
    BasicBlock* behind = BasicBlock::Create(block->getContext(), "parts", function, &loop_);
    block->moveBefore(behind);
    map[&loop_] = block;
    map[after_] = behind;
    for (Instruction& inst : *block)
        RemapInstruction(&inst, map, RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
    before_->getTerminator()->replaceSuccessorWith(&loop_, block);
    BranchInst::Create(&loop_, behind);
    for (PHINode& phi : loop_.phis())
        phi.replaceIncomingBlockWith(before_, behind);
    before_ = behind;
    return *block;
}

/// The number of the turn.
PHINode* Divider::count_in(BasicBlock& block) {
    llvm::Type* t = llvm::Type::getInt64Ty(block.getContext());
    auto* count = PHINode::Create(t, 2, "turn", block.begin());
    auto* next = BinaryOperator::CreateAdd(count, ConstantInt::get(t, 1), "",
                                           block.getTerminator()->getIterator());
    for (BasicBlock* p : predecessors(&block))
        count->addIncoming(p == &block ? static_cast<llvm::Value*>(next) : ConstantInt::get(t, 0),
                           p);
    return count;
}

/// Where something that has been made for a turn is.
llvm::Value* Divider::place_of(size_t prepared, PHINode* turn, BasicBlock& block) const {
    uint64_t offset = 0, bytes = 0;
    for (size_t i = 0; i < prepared_.size(); ++i) {
        if (i == prepared) offset = bytes;
        bytes += registers_of(prepared_[i]) * (budget_.bits / 8);
    }
    IRBuilder<> ir(&block, block.getFirstInsertionPt());
    llvm::Value* row = ir.CreateInBoundsGEP(ir.getInt8Ty(), memory_,
                                            ir.CreateMul(turn, ir.getInt64(bytes)));
    return ir.CreateConstInBoundsGEP1_64(ir.getInt8Ty(), row, offset);
}

/// The loop that makes what the others need.
void Divider::prepare() {
    ValueToValueMapTy map;
    BasicBlock& block = copy(map);
    PHINode* turn = count_in(block);
    for (size_t i = 0; i < prepared_.size(); ++i)
        new StoreInst(map[prepared_[i]], place_of(i, turn, block), false, Align(budget_.bits / 8),
                      block.getTerminator()->getIterator());
    keep_needed(block);
}

/// map: of the loop to the block, unless it is the loop itself.
void Divider::use_prepared(BasicBlock& block, const ValueToValueMapTy* map) {
    if (prepared_.empty()) return;
    PHINode* turn = count_in(block);
    for (size_t i = 0; i < prepared_.size(); ++i) {
        llvm::Value* made = map ? static_cast<llvm::Value*>(map->lookup(prepared_[i]))
                                : prepared_[i];
        llvm::Value* place = place_of(i, turn, block);
        auto* load = new LoadInst(made->getType(), place, "", false, Align(budget_.bits / 8),
                                  llvm::cast<Instruction>(made)->getIterator());
        made->replaceUsesWithIf(load, [&](const Use& use) {
            return llvm::cast<Instruction>(use.getUser())->getParent() == &block;
        });
    }
}

void Divider::run() {
    constexpr uint64_t kFewest = 4; // steps of what is kept, for which it is loaded and stored
    if (!fits() || !find_kept()) return;
    const std::optional<uint64_t> n = turns();
    if (n && *n * (moving_.size() - phis_.size()) < kFewest * phis_.size()) return;
    for (Kept& kept : kept_)
        find_leaves(kept);
    make_groups();
    if (groups_.size() < 2) return;
    find_prepared();
    if (!prepared_.empty()) prepare();
    for (const auto& group : ArrayRef(groups_).drop_back()) {
        ValueToValueMapTy map;
        BasicBlock& block = copy(map);
        use_prepared(block, &map);
        for (const Kept* kept : group)
            for (Instruction* root : kept->roots)
                root->replaceUsesWithIf(map[root],
                                        [&](const Use& use) { return !here(use.getUser()); });
        keep_needed(block);
    }
    use_prepared(loop_, nullptr);
    keep_needed(loop_);
}

} // namespace

void divide_loops(Function& function, bool masks) {
    SmallVector<BasicBlock*, 8> loops;
    for (BasicBlock& block : function)
        if (is_contained(successors(&block), &block)) loops.push_back(&block);
    for (BasicBlock* loop : loops)
        Divider(*loop, masks ? kMasked : kUnmasked).run();
}

} // namespace acc::model::jit
