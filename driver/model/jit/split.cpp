// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/split.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/Analysis/VectorUtils.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>

namespace acc::model::jit {

using namespace llvm;

namespace {

using Pieces = SmallVector<llvm::Value*, 16>;

unsigned lanes_of(llvm::Type* t) {
    const auto* v = dyn_cast<FixedVectorType>(t);
    return v ? v->getNumElements() : 0;
}

class Splitter {
  public:
    Splitter(Function& function, unsigned lanes)
        : function_(function), ir_(function.getContext()), each_(lanes) {}
    void run();

  private:
    unsigned pieces_of(llvm::Type* t) const;
    llvm::Type* piece_type(llvm::Type* t) const {
        return FixedVectorType::get(t->getScalarType(), each_);
    }
    const Pieces& get(llvm::Value* v);
    Pieces of_constant(Constant* c) const;
    Pieces cut(llvm::Value* v);
    llvm::Value* whole(llvm::Value* v);
    llvm::Value* piece(llvm::Value* v, unsigned i) {
        return pieces_of(v->getType()) ? get(v)[i] : v;
    }
    bool concerned(const Instruction& inst) const;
    void visit(Instruction& inst);
    bool split(Instruction& inst);
    bool split_shuffle(ShuffleVectorInst& inst);
    bool split_cast(CastInst& inst);
    bool split_mask_bits(CastInst& inst);
    bool split_memory(Instruction& inst, llvm::Value* at);
    bool split_call(CallInst& inst);
    bool split_masked(IntrinsicInst& inst);
    bool split_reduction(IntrinsicInst& inst);
    bool split_element(Instruction& inst);
    template <class F>
    bool each(Instruction& inst, F f);
    void keep_whole(Instruction& inst);
    llvm::Value* pick(ArrayRef<llvm::Value*> sources, ArrayRef<int> mask);
    void replace(Instruction& inst, llvm::Value* by);

    Function& function_;
    IRBuilder<> ir_;
    const unsigned each_; ///< lanes of a piece
    DenseMap<llvm::Value*, Pieces> pieces_;
    SmallVector<Instruction*, 64> dead_;
};

/// Pieces that a value of the type is made into; 0: it stays as it is.
unsigned Splitter::pieces_of(llvm::Type* t) const {
    const unsigned lanes = lanes_of(t);
    return lanes > each_ && lanes % each_ == 0 ? lanes / each_ : 0;
}

Pieces Splitter::of_constant(Constant* c) const {
    Pieces pieces;
    for (unsigned i = 0; i < pieces_of(c->getType()); ++i) {
        SmallVector<Constant*, 16> elements;
        for (unsigned l = 0; l < each_; ++l)
            elements.push_back(c->getAggregateElement(i * each_ + l));
        pieces.push_back(ConstantVector::get(elements));
    }
    return pieces;
}

/// Pieces of a value that is there as a whole.
Pieces Splitter::cut(llvm::Value* v) {
    Pieces pieces;
    for (unsigned i = 0; i < pieces_of(v->getType()); ++i) {
        SmallVector<int, 16> which;
        for (unsigned l = 0; l < each_; ++l)
            which.push_back(static_cast<int>(i * each_ + l));
        pieces.push_back(ir_.CreateShuffleVector(v, which));
    }
    return pieces;
}

const Pieces& Splitter::get(llvm::Value* v) {
    const auto known = pieces_.find(v);
    if (known != pieces_.end()) return known->second;
    auto* c = dyn_cast<Constant>(v);
    return pieces_[v] = c && !llvm::isa<ConstantExpr>(c) ? of_constant(c) : cut(v);
}

/// The value in one piece.
llvm::Value* Splitter::whole(llvm::Value* v) {
    if (!pieces_of(v->getType()) || llvm::isa<Constant>(v)) return v;
    Pieces x = get(v);
    while (x.size() > 1) {
        Pieces next;
        for (size_t i = 0; i < x.size(); i += 2) {
            if (i + 1 == x.size()) {
                next.push_back(x[i]);
                continue;
            }
            const unsigned a = lanes_of(x[i]->getType()), b = lanes_of(x[i + 1]->getType());
            SmallVector<int, 64> both, wider;
            for (unsigned l = 0; l < a; ++l)
                wider.push_back(l < b ? static_cast<int>(l) : -1);
            llvm::Value* y = a == b ? x[i + 1] : ir_.CreateShuffleVector(x[i + 1], wider);
            for (unsigned l = 0; l < a + b; ++l)
                both.push_back(static_cast<int>(l));
            next.push_back(ir_.CreateShuffleVector(x[i], y, both));
        }
        x = next;
    }
    return x[0];
}

bool Splitter::concerned(const Instruction& inst) const {
    if (pieces_of(inst.getType())) return true;
    return any_of(inst.operands(), [&](const Use& u) { return pieces_of(u->getType()) != 0; });
}

/// The instruction for each piece: f(number).
template <class F>
bool Splitter::each(Instruction& inst, F f) {
    Pieces pieces;
    for (unsigned i = 0; i < pieces_of(inst.getType()); ++i) {
        llvm::Value* v = f(i);
        if (auto* made = dyn_cast<Instruction>(v);
            made && llvm::isa<FPMathOperator>(made) && llvm::isa<FPMathOperator>(inst))
            made->copyFastMathFlags(&inst);
        pieces.push_back(v);
    }
    pieces_[&inst] = std::move(pieces);
    return true;
}

/// An instruction that has no pieces: its operands are put together, its result is cut.
void Splitter::keep_whole(Instruction& inst) {
    for (Use& u : inst.operands())
        if (pieces_of(u->getType())) u.set(whole(u));
    if (!pieces_of(inst.getType())) return;
    ir_.SetInsertPoint(inst.getNextNode());
    pieces_[&inst] = cut(&inst);
}

/// Lanes of the sources, which follow each other, each of as many lanes; -1: any.
llvm::Value* Splitter::pick(ArrayRef<llvm::Value*> sources, ArrayRef<int> mask) {
    const unsigned each = lanes_of(sources[0]->getType());
    SmallVector<unsigned, 8> used;
    bool same = true; // it is one of the sources
    for (size_t l = 0; l < mask.size(); ++l) {
        if (mask[l] < 0) continue;
        const unsigned s = static_cast<unsigned>(mask[l]) / each;
        if (!is_contained(used, s)) used.push_back(s);
        same = same && static_cast<unsigned>(mask[l]) % each == l;
    }
    llvm::Type* t = FixedVectorType::get(sources[0]->getType()->getScalarType(),
                                         static_cast<unsigned>(mask.size()));
    if (used.empty()) return PoisonValue::get(t);
    if (used.size() == 1 && same && mask.size() == each) return sources[used[0]];
    const auto of_two = [&](unsigned a, unsigned b) {
        SmallVector<int, 32> which;
        for (int m : mask) {
            const unsigned s = m < 0 ? ~0u : static_cast<unsigned>(m) / each;
            const int lane = m % static_cast<int>(each);
            which.push_back(s == a ? lane : s == b ? static_cast<int>(each) + lane : -1);
        }
        return ir_.CreateShuffleVector(sources[a], sources[b], which);
    };
    llvm::Value* result = nullptr;
    for (size_t i = 0; i < used.size(); i += 2) {
        const unsigned a = used[i], b = used[std::min(i + 1, used.size() - 1)];
        llvm::Value* two = of_two(a, b);
        SmallVector<int, 32> which;
        for (size_t l = 0; l < mask.size(); ++l) {
            const unsigned s = mask[l] < 0 ? ~0u : static_cast<unsigned>(mask[l]) / each;
            which.push_back(static_cast<int>(s == a || s == b ? mask.size() + l : l));
        }
        result = result ? ir_.CreateShuffleVector(result, two, which) : two;
    }
    return result;
}

bool Splitter::split_shuffle(ShuffleVectorInst& inst) {
    SmallVector<llvm::Value*, 32> sources;
    for (unsigned o = 0; o < 2; ++o) {
        llvm::Value* v = inst.getOperand(o);
        if (pieces_of(v->getType()))
            sources.append(get(v).begin(), get(v).end());
        else
            sources.push_back(v);
    }
    const ArrayRef<int> mask = inst.getShuffleMask();
    if (!pieces_of(inst.getType())) {
        replace(inst, pick(sources, mask));
        return true;
    }
    Pieces pieces;
    for (unsigned i = 0; i < pieces_of(inst.getType()); ++i)
        pieces.push_back(pick(sources, mask.slice(i * each_, each_)));
    pieces_[&inst] = std::move(pieces);
    return true;
}

void Splitter::replace(Instruction& inst, llvm::Value* by) {
    inst.replaceAllUsesWith(by);
    dead_.push_back(&inst);
}

/// A mask as the bits of an integer, or the other way round.
bool Splitter::split_mask_bits(CastInst& inst) {
    llvm::Type* bits = ir_.getIntNTy(each_);
    if (pieces_of(inst.getDestTy())) {
        llvm::Value* x = inst.getOperand(0);
        return each(inst, [&](unsigned i) {
            llvm::Value* part = ir_.CreateTrunc(ir_.CreateLShr(x, i * each_), bits);
            return ir_.CreateBitCast(part, piece_type(inst.getDestTy()));
        });
    }
    const Pieces& pieces = get(inst.getOperand(0));
    const auto is_zero_test = [&](const User* user) {
        const auto* compare = dyn_cast<ICmpInst>(user);
        return compare && compare->isEquality() && llvm::isa<ConstantInt>(compare->getOperand(1)) &&
               cast<ConstantInt>(compare->getOperand(1))->isZero();
    };
    SmallVector<ICmpInst*, 4> tests;
    for (User* user : inst.users())
        if (is_zero_test(user)) tests.push_back(cast<ICmpInst>(user));
    if (!tests.empty()) { // whether there is any
        llvm::Value* all = pieces[0];
        for (llvm::Value* p : ArrayRef(pieces).drop_front())
            all = ir_.CreateOr(all, p);
        llvm::Value* x = ir_.CreateBitCast(all, bits);
        for (ICmpInst* test : tests) {
            IRBuilder<>::InsertPointGuard guard(ir_);
            ir_.SetInsertPoint(test);
            replace(*test, ir_.CreateICmp(test->getPredicate(), x, ConstantInt::get(bits, 0)));
        }
    }
    if (tests.size() == inst.getNumUses()) {
        dead_.push_back(&inst);
        return true;
    }
    llvm::Value* sum = nullptr;
    for (size_t i = 0; i < pieces.size(); ++i) {
        llvm::Value* x = ir_.CreateZExt(ir_.CreateBitCast(pieces[i], bits), inst.getDestTy());
        x = ir_.CreateShl(x, i * each_);
        sum = sum ? ir_.CreateOr(sum, x) : x;
    }
    replace(inst, sum);
    return true;
}

bool Splitter::split_cast(CastInst& inst) {
    llvm::Type *from = inst.getSrcTy(), *to = inst.getDestTy();
    if (inst.getOpcode() == Instruction::BitCast && (lanes_of(from) == 0 || lanes_of(to) == 0))
        return from->getScalarSizeInBits() == 1 || to->getScalarSizeInBits() == 1
                   ? split_mask_bits(inst)
                   : false;
    if (lanes_of(from) != lanes_of(to)) return false;
    return each(inst, [&](unsigned i) {
        return ir_.CreateCast(inst.getOpcode(), piece(inst.getOperand(0), i), piece_type(to));
    });
}

/// A load or a store of whole vectors.
bool Splitter::split_memory(Instruction& inst, llvm::Value* at) {
    auto* load = dyn_cast<LoadInst>(&inst);
    auto* store = dyn_cast<StoreInst>(&inst);
    llvm::Type* t = load ? load->getType() : store->getValueOperand()->getType();
    const unsigned bits = t->getScalarSizeInBits();
    if (!pieces_of(t) || bits % 8 || (store && store->isVolatile())) return false;
    const uint64_t bytes = bits / 8 * each_;
    const Align align = load ? load->getAlign() : store->getAlign();
    const auto place = [&](unsigned i) {
        return ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), at, i * bytes);
    };
    if (load)
        return each(inst, [&](unsigned i) {
            LoadInst* part = ir_.CreateAlignedLoad(
                piece_type(t), place(i), commonAlignment(align, i * bytes), load->isVolatile());
            part->copyMetadata(*load);
            return part;
        });
    const Pieces& pieces = get(store->getValueOperand());
    for (unsigned i = 0; i < pieces.size(); ++i)
        ir_.CreateAlignedStore(pieces[i], place(i), commonAlignment(align, i * bytes))
            ->copyMetadata(*store);
    dead_.push_back(&inst);
    return true;
}

bool Splitter::split_masked(IntrinsicInst& inst) {
    const auto arg = [&](unsigned n) { return inst.getArgOperand(n); };
    switch (inst.getIntrinsicID()) {
    case Intrinsic::masked_gather:
        return each(inst, [&](unsigned i) {
            return ir_.CreateMaskedGather(piece_type(inst.getType()), piece(arg(0), i),
                                          inst.getParamAlign(0).valueOrOne(), piece(arg(1), i),
                                          piece(arg(2), i));
        });
    case Intrinsic::masked_scatter:
        for (unsigned i = 0; i < pieces_of(arg(0)->getType()); ++i)
            ir_.CreateMaskedScatter(piece(arg(0), i), piece(arg(1), i),
                                    inst.getParamAlign(1).valueOrOne(), piece(arg(2), i));
        dead_.push_back(&inst);
        return true;
    case Intrinsic::masked_store: {
        llvm::Type* t = arg(0)->getType();
        const uint64_t bytes = t->getScalarSizeInBits() / 8 * each_;
        const Align align = inst.getParamAlign(1).valueOrOne();
        for (unsigned i = 0; i < pieces_of(t); ++i)
            ir_.CreateMaskedStore(
                piece(arg(0), i),
                ir_.CreateConstInBoundsGEP1_64(ir_.getInt8Ty(), arg(1), i * bytes),
                commonAlignment(align, i * bytes), piece(arg(2), i));
        dead_.push_back(&inst);
        return true;
    }
    default: return false;
    }
}

bool Splitter::split_reduction(IntrinsicInst& inst) {
    const Intrinsic::ID id = inst.getIntrinsicID();
    Pieces x = get(inst.getArgOperand(0));
    const auto combine = [&](llvm::Value* a, llvm::Value* b) -> llvm::Value* {
        switch (id) {
        case Intrinsic::vector_reduce_add: return ir_.CreateAdd(a, b);
        case Intrinsic::vector_reduce_and: return ir_.CreateAnd(a, b);
        case Intrinsic::vector_reduce_or: return ir_.CreateOr(a, b);
        case Intrinsic::vector_reduce_xor: return ir_.CreateXor(a, b);
        case Intrinsic::vector_reduce_smin: return ir_.CreateBinaryIntrinsic(Intrinsic::smin, a, b);
        case Intrinsic::vector_reduce_smax: return ir_.CreateBinaryIntrinsic(Intrinsic::smax, a, b);
        case Intrinsic::vector_reduce_umin: return ir_.CreateBinaryIntrinsic(Intrinsic::umin, a, b);
        case Intrinsic::vector_reduce_umax: return ir_.CreateBinaryIntrinsic(Intrinsic::umax, a, b);
        default: return nullptr;
        }
    };
    for (size_t i = 1; i < x.size(); ++i) {
        x[0] = combine(x[0], x[i]);
        if (!x[0]) return false;
    }
    replace(inst, ir_.CreateUnaryIntrinsic(id, x[0]));
    return true;
}

bool Splitter::split_call(CallInst& call) {
    auto* inst = dyn_cast<IntrinsicInst>(&call);
    if (!inst) return false;
    if (split_masked(*inst)) return true;
    if (!pieces_of(call.getType())) return call.arg_size() == 1 && split_reduction(*inst);
    const Intrinsic::ID id = inst->getIntrinsicID();
    if (!isTriviallyVectorizable(id)) return false;
    for (const Use& u : call.args()) // each is a vector of as many lanes, or a scalar
        if (lanes_of(u->getType()) && lanes_of(u->getType()) != lanes_of(call.getType()))
            return false;
    return each(call, [&](unsigned i) {
        SmallVector<llvm::Value*, 4> arguments;
        for (const Use& u : call.args())
            arguments.push_back(piece(u, i));
        return ir_.CreateIntrinsic(piece_type(call.getType()), id, arguments);
    });
}

/// Elements by a constant number.
bool Splitter::split_element(Instruction& inst) {
    const bool insert = llvm::isa<InsertElementInst>(inst);
    const auto* number = dyn_cast<ConstantInt>(inst.getOperand(insert ? 2 : 1));
    if (!number || number->getValue().uge(lanes_of(inst.getOperand(0)->getType()))) return false;
    const uint64_t n = number->getZExtValue();
    Pieces pieces = get(inst.getOperand(0));
    llvm::Value*& p = pieces[n / each_];
    if (!insert) {
        replace(inst, ir_.CreateExtractElement(p, n % each_));
        return true;
    }
    p = ir_.CreateInsertElement(p, inst.getOperand(1), n % each_);
    pieces_[&inst] = std::move(pieces);
    return true;
}

bool Splitter::split(Instruction& inst) {
    if (auto* binary = dyn_cast<BinaryOperator>(&inst))
        return each(inst, [&](unsigned i) {
            llvm::Value* v = ir_.CreateBinOp(binary->getOpcode(), piece(inst.getOperand(0), i),
                                             piece(inst.getOperand(1), i));
            if (auto* made = dyn_cast<Instruction>(v)) made->copyIRFlags(binary);
            return v;
        });
    if (auto* unary = dyn_cast<UnaryOperator>(&inst))
        return each(inst, [&](unsigned i) {
            return ir_.CreateUnOp(unary->getOpcode(), piece(inst.getOperand(0), i));
        });
    if (auto* compare = dyn_cast<CmpInst>(&inst))
        return each(inst, [&](unsigned i) {
            return ir_.CreateCmp(compare->getPredicate(), piece(inst.getOperand(0), i),
                                 piece(inst.getOperand(1), i));
        });
    if (llvm::isa<SelectInst>(inst))
        return each(inst, [&](unsigned i) {
            return ir_.CreateSelect(piece(inst.getOperand(0), i), piece(inst.getOperand(1), i),
                                    piece(inst.getOperand(2), i));
        });
    if (llvm::isa<FreezeInst>(inst))
        return each(inst,
                    [&](unsigned i) { return ir_.CreateFreeze(piece(inst.getOperand(0), i)); });
    if (auto* at = dyn_cast<GetElementPtrInst>(&inst))
        return each(inst, [&](unsigned i) {
            SmallVector<llvm::Value*, 2> indices;
            for (const Use& u : at->indices())
                indices.push_back(piece(u, i));
            return ir_.CreateGEP(at->getSourceElementType(), piece(at->getPointerOperand(), i),
                                 indices);
        });
    if (auto* cast = dyn_cast<CastInst>(&inst)) return split_cast(*cast);
    if (auto* shuffle = dyn_cast<ShuffleVectorInst>(&inst)) return split_shuffle(*shuffle);
    if (auto* load = dyn_cast<LoadInst>(&inst))
        return split_memory(inst, load->getPointerOperand());
    if (auto* store = dyn_cast<StoreInst>(&inst))
        return split_memory(inst, store->getPointerOperand());
    if (llvm::isa<InsertElementInst>(inst) || llvm::isa<ExtractElementInst>(inst))
        return split_element(inst);
    if (auto* call = dyn_cast<CallInst>(&inst)) return split_call(*call);
    return false;
}

void Splitter::visit(Instruction& inst) {
    ir_.SetInsertPoint(&inst);
    if (split(inst)) {
        if (pieces_.count(&inst)) dead_.push_back(&inst);
    } else {
        keep_whole(inst);
    }
}

void Splitter::run() {
    SmallVector<PHINode*, 64> phis;
    SmallVector<Instruction*, 256> work;
    for (BasicBlock* block : ReversePostOrderTraversal<Function*>(&function_))
        for (Instruction& inst : *block) {
            if (!concerned(inst)) continue;
            auto* phi = dyn_cast<PHINode>(&inst);
            if (!phi) {
                work.push_back(&inst);
                continue;
            }
            phis.push_back(phi);
            dead_.push_back(phi);
            ir_.SetInsertPoint(phi);
            each(inst, [&](unsigned) {
                return ir_.CreatePHI(piece_type(phi->getType()), phi->getNumIncomingValues());
            });
        }
    for (Instruction* inst : work)
        visit(*inst);
    for (PHINode* phi : phis)
        for (unsigned n = 0; n < phi->getNumIncomingValues(); ++n) {
            ir_.SetInsertPoint(phi->getIncomingBlock(n)->getTerminator());
            const Pieces from = get(phi->getIncomingValue(n));
            for (unsigned i = 0; i < from.size(); ++i)
                cast<PHINode>(pieces_[phi][i])->addIncoming(from[i], phi->getIncomingBlock(n));
        }
    for (Instruction* inst : dead_) {
        inst->replaceAllUsesWith(PoisonValue::get(inst->getType()));
        inst->eraseFromParent();
    }
}

} // namespace

void split_vectors(Function& function, unsigned lanes) {
    Splitter(function, lanes).run();
}

} // namespace acc::model::jit
