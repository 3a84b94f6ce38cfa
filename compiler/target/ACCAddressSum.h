// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An index or a distance as a sum of products, in the 64-bit arithmetic of addresses.
#pragma once

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/MathExtras.h"
#include <map>

namespace llvm {
class CastInst;
class Loop;
class ScalarEvolution;

/// What a 64-bit address may have as its index: a 32-bit value extended to 64 bits; null when V is none.
CastInst *getACCExtension(Value *V);
/// Can an access multiply its index by this?
inline bool isACCScale(int64_t Factor) { return Factor > 0 && Factor <= 16 && isPowerOf2_64(Factor); }

/// A value that is not taken apart: of 64 bits, of 32 and extended, or (in sums modulo 2^32) of 32.
struct ACCLeaf {
  enum ExtensionKind { Whole, Signed, Unsigned, Word };
  Value *V;
  ExtensionKind Kind;
};

/// The product of leaves, by their numbers in ascending order.
using ACCTerm = SmallVector<unsigned, 2>;

struct ACCSum {
  std::map<ACCTerm, int64_t> Terms; ///< with their factors, none of which is 0
  int64_t Constant = 0;

  void addTerm(const ACCTerm &Term, int64_t Factor);
  void add(const ACCSum &Other, int64_t Factor = 1);
  friend bool operator==(const ACCSum &A, const ACCSum &B) {
    return A.Constant == B.Constant && A.Terms == B.Terms;
  }
  friend bool operator<(const ACCSum &A, const ACCSum &B) {
    return std::tie(A.Constant, A.Terms) < std::tie(B.Constant, B.Terms);
  }
};

/// Numbers the leaves in the order in which they are met, so that results do not depend on where they lie.
class ACCLeaves {
public:
  unsigned number(Value *V, ACCLeaf::ExtensionKind Kind);
  const ACCLeaf &operator[](unsigned Number) const { return Leaves[Number]; }
  /// Does the loop leave all factors as they are?
  bool isFixed(const ACCTerm &Term, const Loop &L) const;
  /// The sum as a value of type \p Ty, which is i32 for a sum of words.
  Value *expand(const ACCSum &Sum, Type *Ty, IRBuilderBase &B) const;

private:
  SmallVector<ACCLeaf, 16> Leaves;
  DenseMap<std::pair<Value *, unsigned>, unsigned> Numbers;
};

/// Takes values apart. Of what the loop does not change only constants are split off: it has been computed.
class ACCSumBuilder {
public:
  ACCSumBuilder(const Loop &L, ScalarEvolution &SE, ACCLeaves &Leaves) : L(L), SE(SE), Leaves(Leaves) {}
  /// A value of 64 bits.
  ACCSum build(Value *V) { return build(V, ACCLeaf::Whole, 0); }
  /// A value of 32 bits, extended.
  ACCSum buildExtended(Value *V, bool Signed) {
    return build(V, Signed ? ACCLeaf::Signed : ACCLeaf::Unsigned, 0);
  }

  /// A value of 32 bits, modulo 2^32.
  ACCSum buildWord(Value *V) { return build(V, ACCLeaf::Word, 0); }

private:
  ACCSum build(Value *V, ACCLeaf::ExtensionKind Kind, unsigned Depth);
  ACCSum leaf(Value *V, ACCLeaf::ExtensionKind Kind);
  ACCSum ofExtension(CastInst &Ext, unsigned Depth);
  bool isExact(const Instruction &I, ACCLeaf::ExtensionKind Kind) const;
  bool multiply(const ACCSum &A, const ACCSum &B, ACCSum &Product) const;

  const Loop &L;
  ScalarEvolution &SE;
  ACCLeaves &Leaves;
};

} // namespace llvm
