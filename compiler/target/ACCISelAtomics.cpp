// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Atomics, fences and memory ordering. The machine has relaxed, acquire, release and acq_rel operations;
// sequential consistency is a fence.sc before the operation, as in PTX's own mapping.
#include "compiler/target/ACCISelDAGToDAG.h"
#include "compiler/target/ACCMemoryOrder.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include <acc/spec/acc_isa_opcodes.h>

using namespace llvm;
namespace mods = acc::isa::mods;

// ---- ordering and scope

std::optional<ACCScope> llvm::findACCScope(const LLVMContext &Ctx, SyncScope::ID Scope) {
  if (Scope == SyncScope::SingleThread)
    return ACCScope::CTA;
  if (Scope == SyncScope::System)
    return ACCScope::Sys;
  StringRef Name = Ctx.getSyncScopeName(Scope).value_or("?");
  if (Name == "block" || Name == "workgroup")
    return ACCScope::CTA;
  if (Name == "device" || Name == "cluster" || Name == "agent")
    return ACCScope::GPU;
  return std::nullopt;
}

ACCScope llvm::getACCScope(const LLVMContext &Ctx, SyncScope::ID Scope) {
  return findACCScope(Ctx, Scope).value_or(ACCScope::Sys);
}

namespace {
// Values of `scope` in loads and stores, in atomics, and of `fscope` in fences, by ACCScope.
constexpr unsigned LoadScope[] = {mods::LD_global_b32::scope_cta, mods::LD_global_b32::scope_gpu,
                                  mods::LD_global_b32::scope_sys};
constexpr unsigned AtomScope[] = {mods::ATOM_global_add_b32::scope_cta, mods::ATOM_global_add_b32::scope_gpu,
                                  mods::ATOM_global_add_b32::scope_sys};
constexpr unsigned FenceScope[] = {mods::FENCE::fscope_cta, mods::FENCE::fscope_gpu, mods::FENCE::fscope_sys};
} // namespace

unsigned llvm::accLoadOrder(const MemSDNode &N, const LLVMContext &Ctx) {
  namespace LD = mods::LD_global_b32;
  AtomicOrdering Order = N.getSuccessOrdering();
  if (Order == AtomicOrdering::NotAtomic)
    return N.isVolatile() ? LD::sem.of(LD::sem_volatile) : 0;
  unsigned Sem = isAcquireOrStronger(Order) ? LD::sem_acquire : LD::sem_relaxed;
  return LD::sem.of(Sem) | LD::scope.of(LoadScope[unsigned(getACCScope(Ctx, N.getSyncScopeID()))]);
}

unsigned llvm::accStoreOrder(const MemSDNode &N, const LLVMContext &Ctx) {
  namespace ST = mods::ST_global_b32;
  AtomicOrdering Order = N.getSuccessOrdering();
  if (Order == AtomicOrdering::NotAtomic)
    return N.isVolatile() ? ST::sem.of(ST::sem_volatile) : 0;
  unsigned Sem = isReleaseOrStronger(Order) ? ST::sem_release : ST::sem_relaxed;
  return ST::sem.of(Sem) | ST::scope.of(LoadScope[unsigned(getACCScope(Ctx, N.getSyncScopeID()))]);
}

/// Modifiers of an atomic read-modify-write.
static unsigned atomicOrder(const MemSDNode &N, const LLVMContext &Ctx) {
  namespace ATOM = mods::ATOM_global_add_b32;
  AtomicOrdering Order = N.getMergedOrdering();
  unsigned Sem = 0;
  if (isAcquireOrStronger(Order))
    Sem |= ATOM::sem_acquire;
  if (isReleaseOrStronger(Order))
    Sem |= ATOM::sem_release; // both: acq_rel = 3
  return ATOM::sem.of(Sem) | ATOM::scope.of(AtomScope[unsigned(getACCScope(Ctx, N.getSyncScopeID()))]);
}

bool ACCTargetLowering::shouldInsertFencesForAtomic(const Instruction *I) const {
  if (const auto *Load = dyn_cast<LoadInst>(I))
    return Load->getOrdering() == AtomicOrdering::SequentiallyConsistent;
  if (const auto *Store = dyn_cast<StoreInst>(I))
    return Store->getOrdering() == AtomicOrdering::SequentiallyConsistent;
  if (const auto *RMW = dyn_cast<AtomicRMWInst>(I))
    return RMW->getOrdering() == AtomicOrdering::SequentiallyConsistent;
  if (const auto *CI = dyn_cast<AtomicCmpXchgInst>(I))
    return CI->getMergedOrdering() == AtomicOrdering::SequentiallyConsistent;
  return false;
}

AtomicOrdering ACCTargetLowering::atomicOperationOrderAfterFenceSplit(const Instruction *I) const {
  if (isa<LoadInst>(I))
    return AtomicOrdering::Acquire;
  return isa<StoreInst>(I) ? AtomicOrdering::Release : AtomicOrdering::AcquireRelease;
}

Instruction *ACCTargetLowering::emitLeadingFence(IRBuilderBase &B, Instruction *I, AtomicOrdering Ord) const {
  if (Ord != AtomicOrdering::SequentiallyConsistent)
    return nullptr;
  return B.CreateFence(Ord, getAtomicSyncScopeID(I).value_or(SyncScope::System));
}

Instruction *ACCTargetLowering::emitTrailingFence(IRBuilderBase &B, Instruction *I,
                                                  AtomicOrdering Ord) const {
  // AtomicExpand makes read-modify-writes relaxed; loads keep their acquire, and stores need nothing behind
  // them.
  if (Ord != AtomicOrdering::SequentiallyConsistent || isa<LoadInst>(I) || isa<StoreInst>(I))
    return nullptr;
  return B.CreateFence(AtomicOrdering::Acquire, getAtomicSyncScopeID(I).value_or(SyncScope::System));
}

// ---- which operations exist

TargetLowering::AtomicExpansionKind ACCTargetLowering::shouldExpandAtomicRMWInIR(AtomicRMWInst *RMW) const {
  if (RMW->getPointerAddressSpace() == ACCAS::Local)
    return AtomicExpansionKind::NotAtomic; // one thread's own memory
  Type *Ty = RMW->getType();
  bool Is32 = Ty->isIntegerTy(32), Is64 = Ty->isIntegerTy(64);
  auto When = [](bool Legal) { return Legal ? AtomicExpansionKind::None : AtomicExpansionKind::CmpXChg; };
  switch (RMW->getOperation()) {
  case AtomicRMWInst::Add:
  case AtomicRMWInst::Sub: // an add of the negated value
  case AtomicRMWInst::And:
  case AtomicRMWInst::Or:
  case AtomicRMWInst::Xor:
  case AtomicRMWInst::Min:
  case AtomicRMWInst::Max:
  case AtomicRMWInst::UMin:
  case AtomicRMWInst::UMax:
    return When(Is32 || Is64);
  case AtomicRMWInst::Xchg:
    return When(Is32 || Is64 || Ty->isIntegerTy(128) || Ty->isFloatTy() || Ty->isDoubleTy() ||
                Ty->isPointerTy());
  case AtomicRMWInst::UIncWrap:
  case AtomicRMWInst::UDecWrap:
    return When(Is32);
  case AtomicRMWInst::FAdd:
    return When(Ty->isFloatTy() || Ty->isDoubleTy());
  case AtomicRMWInst::FMin: // minnum, as the machine's min and max
  case AtomicRMWInst::FMax:
    return When(Ty->isFloatTy() || Ty->isDoubleTy());
  default:
    return AtomicExpansionKind::CmpXChg;
  }
}

TargetLowering::AtomicExpansionKind
ACCTargetLowering::shouldExpandAtomicCmpXchgInIR(AtomicCmpXchgInst *CI) const {
  return CI->getPointerAddressSpace() == ACCAS::Local ? AtomicExpansionKind::NotAtomic
                                                      : AtomicExpansionKind::None;
}

// There are ordered loads and stores of 128 bits, but LLVM has no atomic value of that width; they are
// exchanges.
TargetLowering::AtomicExpansionKind ACCTargetLowering::shouldExpandAtomicLoadInIR(LoadInst *Load) const {
  return Load->getType()->isIntegerTy(128) ? AtomicExpansionKind::CmpXChg : AtomicExpansionKind::None;
}

TargetLowering::AtomicExpansionKind ACCTargetLowering::shouldExpandAtomicStoreInIR(StoreInst *Store) const {
  return Store->getValueOperand()->getType()->isIntegerTy(128) ? AtomicExpansionKind::Expand
                                                               : AtomicExpansionKind::None;
}

void ACCTargetLowering::lowerAtomic128(AtomicSDNode *N, SmallVectorImpl<SDValue> &Results,
                                       SelectionDAG &DAG) const {
  SDLoc DL(N);
  SmallVector<SDValue, 6> Ops{N->getChain(), N->getBasePtr()};
  for (unsigned I = 2; I < N->getNumOperands(); ++I) {
    auto [Low, High] = DAG.SplitScalar(N->getOperand(I), DL, MVT::i64, MVT::i64);
    Ops.append({Low, High});
  }
  unsigned Opcode = N->getOpcode() == ISD::ATOMIC_SWAP ? ACCISD::EXCH_128 : ACCISD::CAS_128;
  SDValue Old = DAG.getMemIntrinsicNode(Opcode, DL, DAG.getVTList(MVT::i64, MVT::i64, MVT::Other), Ops,
                                        MVT::i128, N->getMemOperand());
  Results.push_back(DAG.getNode(ISD::BUILD_PAIR, DL, MVT::i128, Old, Old.getValue(1)));
  Results.push_back(Old.getValue(2));
}

namespace {

enum AtomSpace { AtomGeneric, AtomGlobal, AtomShared };

std::optional<AtomSpace> atomSpace(unsigned AS) {
  switch (AS) {
  case ACCAS::Generic:
    return AtomGeneric;
  case ACCAS::Global:
    return AtomGlobal;
  case ACCAS::Shared:
    return AtomShared;
  default:
    return std::nullopt;
  }
}

struct AtomRow {
  unsigned Opcode; ///< ISD
  MVT::SimpleValueType VT;
  unsigned Records[3]; ///< by AtomSpace
};
#define ACC_ATOM(NODE, VT, OP)                                                                               \
  {                                                                                                          \
    ISD::ATOMIC_##NODE, MVT::VT, { ACC::ATOM_generic_##OP, ACC::ATOM_global_##OP, ACC::ATOM_shared_##OP }    \
  }
const AtomRow AtomRows[] = {
    ACC_ATOM(LOAD_ADD, i32, add_b32),       ACC_ATOM(LOAD_ADD, i64, add_b64),
    ACC_ATOM(LOAD_AND, i32, and_b32),       ACC_ATOM(LOAD_AND, i64, and_b64),
    ACC_ATOM(LOAD_OR, i32, or_b32),         ACC_ATOM(LOAD_OR, i64, or_b64),
    ACC_ATOM(LOAD_XOR, i32, xor_b32),       ACC_ATOM(LOAD_XOR, i64, xor_b64),
    ACC_ATOM(LOAD_MIN, i32, min_s32),       ACC_ATOM(LOAD_MIN, i64, min_s64),
    ACC_ATOM(LOAD_MAX, i32, max_s32),       ACC_ATOM(LOAD_MAX, i64, max_s64),
    ACC_ATOM(LOAD_UMIN, i32, min_u32),      ACC_ATOM(LOAD_UMIN, i64, min_u64),
    ACC_ATOM(LOAD_UMAX, i32, max_u32),      ACC_ATOM(LOAD_UMAX, i64, max_u64),
    ACC_ATOM(LOAD_FADD, f32, add_f32),      ACC_ATOM(LOAD_FADD, f64, add_f64),
    ACC_ATOM(LOAD_FMIN, f32, min_f32),      ACC_ATOM(LOAD_FMIN, f64, min_f64),
    ACC_ATOM(LOAD_FMAX, f32, max_f32),      ACC_ATOM(LOAD_FMAX, f64, max_f64),
    ACC_ATOM(LOAD_UINC_WRAP, i32, inc_u32), ACC_ATOM(LOAD_UDEC_WRAP, i32, dec_u32),
    ACC_ATOM(SWAP, i32, exch_b32),          ACC_ATOM(SWAP, i64, exch_b64),
    ACC_ATOM(SWAP, f32, exch_b32),          ACC_ATOM(SWAP, f64, exch_b64),
};
#undef ACC_ATOM

} // namespace

bool ACCDAGToDAGISel::trySelectAtomic(SDNode *N) {
  switch (N->getOpcode()) {
  case ISD::ATOMIC_FENCE:
    return selectFence(N), true;
  case ISD::ATOMIC_CMP_SWAP:
    return selectCompareSwap(cast<AtomicSDNode>(N)), true;
  case ACCISD::CAS_128:
  case ACCISD::EXCH_128:
    return selectAtomic128(cast<MemSDNode>(N)), true;
  case ISD::ATOMIC_LOAD:
  case ISD::ATOMIC_STORE:
    return false;
  default:
    if (auto *Atomic = dyn_cast<AtomicSDNode>(N))
      return selectAtomicRMW(Atomic), true;
    return false;
  }
}

bool ACCDAGToDAGISel::rejectScope(SDNode *N, SyncScope::ID Scope, bool Matters) {
  const LLVMContext &Ctx = *CurDAG->getContext();
  if (!Matters || findACCScope(Ctx, Scope))
    return false;
  unsupported(N, "the synchronisation scope '" + Ctx.getSyncScopeName(Scope).value_or("?") + "'");
  return true;
}

bool ACCDAGToDAGISel::rejectAtomic(MemSDNode *N) {
  if (atomSpace(N->getAddressSpace()))
    return rejectScope(N, N->getSyncScopeID(), true);
  unsupported(N, "an atomic operation in address space " + Twine(N->getAddressSpace()));
  return true;
}

void ACCDAGToDAGISel::selectAtomicRMW(AtomicSDNode *N) {
  if (rejectAtomic(N))
    return;
  SDLoc DL(N);
  MVT VT = N->getSimpleValueType(0);
  const auto *Row =
      find_if(AtomRows, [&](const AtomRow &R) { return R.Opcode == N->getOpcode() && MVT(R.VT) == VT; });
  if (Row == std::end(AtomRows) || N->getMemoryVT() != VT)
    return unsupported(N, Twine("the atomic ") + N->getOperationName(CurDAG) + " of " +
                              N->getMemoryVT().getEVTString());
  Address Addr = selectAddress(N->getBasePtr(), /*HasIndex=*/false);
  SDNode *Atom = CurDAG->getMachineNode(Row->Records[*atomSpace(N->getAddressSpace())], DL, VT, MVT::Other,
                                        {Addr.Base, N->getVal(), Addr.Offset,
                                         imm32(atomicOrder(*N, *CurDAG->getContext()), DL), N->getChain()});
  setMemRef(Atom, N);
  ReplaceNode(N, Atom);
}

void ACCDAGToDAGISel::selectCompareSwap(AtomicSDNode *N) {
  static const unsigned Records[3][3] = {
      {ACC::ATOM_generic_cas_b16, ACC::ATOM_generic_cas_b32, ACC::ATOM_generic_cas_b64},
      {ACC::ATOM_global_cas_b16, ACC::ATOM_global_cas_b32, ACC::ATOM_global_cas_b64},
      {ACC::ATOM_shared_cas_b16, ACC::ATOM_shared_cas_b32, ACC::ATOM_shared_cas_b64}};
  if (rejectAtomic(N))
    return;
  SDLoc DL(N);
  unsigned Bits = N->getMemoryVT().getFixedSizeInBits();
  if (Bits != 16 && Bits != 32 && Bits != 64)
    return unsupported(N, "a compare-and-swap of " + Twine(Bits) + " bits");
  Address Addr = selectAddress(N->getBasePtr(), /*HasIndex=*/false);
  SDNode *Atom = CurDAG->getMachineNode(Records[*atomSpace(N->getAddressSpace())][Log2_32(Bits) - 4], DL,
                                        N->getValueType(0), MVT::Other,
                                        {Addr.Base, N->getOperand(2), N->getOperand(3), Addr.Offset,
                                         imm32(atomicOrder(*N, *CurDAG->getContext()), DL), N->getChain()});
  setMemRef(Atom, N);
  ReplaceNode(N, Atom);
}

void ACCDAGToDAGISel::selectAtomic128(MemSDNode *N) {
  static const unsigned Records[2][3] = {
      {ACC::ATOM_generic_cas_b128, ACC::ATOM_global_cas_b128, ACC::ATOM_shared_cas_b128},
      {ACC::ATOM_generic_exch_b128, ACC::ATOM_global_exch_b128, ACC::ATOM_shared_exch_b128}};
  if (rejectAtomic(N))
    return;
  SDLoc DL(N);
  Address Addr = selectAddress(N->getOperand(1), /*HasIndex=*/false);
  SmallVector<SDValue, 8> Ops{Addr.Base};
  for (unsigned I = 2; I < N->getNumOperands(); I += 2)
    Ops.push_back(SDValue(
        CurDAG->getMachineNode(TargetOpcode::REG_SEQUENCE, DL, MVT::Untyped,
                               {CurDAG->getTargetConstant(ACC::GPR128RegClass.getID(), DL, MVT::i32),
                                N->getOperand(I), CurDAG->getTargetConstant(ACC::sub0_1, DL, MVT::i32),
                                N->getOperand(I + 1), CurDAG->getTargetConstant(ACC::sub2_3, DL, MVT::i32)}),
        0));
  Ops.append({Addr.Offset, imm32(atomicOrder(*N, *CurDAG->getContext()), DL), N->getOperand(0)});
  const unsigned *Row = Records[N->getOpcode() == ACCISD::EXCH_128];
  SDNode *Atom =
      CurDAG->getMachineNode(Row[*atomSpace(N->getAddressSpace())], DL, MVT::Untyped, MVT::Other, Ops);
  setMemRef(Atom, N);
  ReplaceUses(SDValue(N, 0), CurDAG->getTargetExtractSubreg(ACC::sub0_1, DL, MVT::i64, SDValue(Atom, 0)));
  ReplaceUses(SDValue(N, 1), CurDAG->getTargetExtractSubreg(ACC::sub2_3, DL, MVT::i64, SDValue(Atom, 0)));
  ReplaceUses(SDValue(N, 2), SDValue(Atom, 1));
  CurDAG->RemoveDeadNode(N);
}

void ACCDAGToDAGISel::selectFence(SDNode *N) {
  namespace F = mods::FENCE;
  SDLoc DL(N);
  auto Order = AtomicOrdering(N->getConstantOperandVal(1));
  auto Scope = SyncScope::ID(N->getConstantOperandVal(2));
  if (rejectScope(N, Scope, true))
    return;
  unsigned Sem = F::fsem_acq_rel;
  if (Order == AtomicOrdering::SequentiallyConsistent)
    Sem = F::fsem_sc;
  else if (Order == AtomicOrdering::Acquire)
    Sem = F::fsem_acquire;
  else if (Order == AtomicOrdering::Release)
    Sem = F::fsem_release;
  unsigned Bits =
      F::fsem.of(Sem) | F::fscope.of(FenceScope[unsigned(getACCScope(*CurDAG->getContext(), Scope))]);
  CurDAG->SelectNodeTo(N, ACC::FENCE, MVT::Other, imm32(Bits, DL), N->getOperand(0));
}
