// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Intrinsics whose operands become modifiers, or that give several results.
#include "compiler/target/ACCISelDAGToDAG.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include <acc/spec/acc_isa_opcodes.h>

using namespace llvm;
namespace mods = acc::isa::mods;

bool ACCDAGToDAGISel::trySelectIntrinsic(SDNode *N) {
  if (N->getOpcode() != ISD::INTRINSIC_W_CHAIN)
    return false;
  namespace S = mods::SHFL;
  switch (N->getConstantOperandVal(1)) {
  case Intrinsic::nvvm_shfl_sync_idx_i32:
  case Intrinsic::nvvm_shfl_sync_idx_f32:
    return selectShuffle(N, S::shmode_idx, false), true;
  case Intrinsic::nvvm_shfl_sync_up_i32:
  case Intrinsic::nvvm_shfl_sync_up_f32:
    return selectShuffle(N, S::shmode_up, false), true;
  case Intrinsic::nvvm_shfl_sync_down_i32:
  case Intrinsic::nvvm_shfl_sync_down_f32:
    return selectShuffle(N, S::shmode_down, false), true;
  case Intrinsic::nvvm_shfl_sync_bfly_i32:
  case Intrinsic::nvvm_shfl_sync_bfly_f32:
    return selectShuffle(N, S::shmode_bfly, false), true;
  case Intrinsic::nvvm_shfl_sync_idx_i32p:
  case Intrinsic::nvvm_shfl_sync_idx_f32p:
    return selectShuffle(N, S::shmode_idx, true), true;
  case Intrinsic::nvvm_shfl_sync_up_i32p:
  case Intrinsic::nvvm_shfl_sync_up_f32p:
    return selectShuffle(N, S::shmode_up, true), true;
  case Intrinsic::nvvm_shfl_sync_down_i32p:
  case Intrinsic::nvvm_shfl_sync_down_f32p:
    return selectShuffle(N, S::shmode_down, true), true;
  case Intrinsic::nvvm_shfl_sync_bfly_i32p:
  case Intrinsic::nvvm_shfl_sync_bfly_f32p:
    return selectShuffle(N, S::shmode_bfly, true), true;
  case Intrinsic::nvvm_match_all_sync_i32p:
  case Intrinsic::nvvm_match_all_sync_i64p: {
    bool Is64 = N->getConstantOperandVal(1) == Intrinsic::nvvm_match_all_sync_i64p;
    SDValue Mask = N->getOperand(2);
    auto *ConstMask = dyn_cast<ConstantSDNode>(Mask);
    if (ConstMask)
      Mask = imm32(ConstMask->getSExtValue(), SDLoc(N));
    unsigned Opcode = Is64 ? (ConstMask ? ACC::MATCH_ALL64_ri : ACC::MATCH_ALL64_rr)
                           : (ConstMask ? ACC::MATCH_ALL_ri : ACC::MATCH_ALL_rr);
    CurDAG->SelectNodeTo(N, Opcode, N->getVTList(), {N->getOperand(3), Mask, N->getOperand(0)});
    return true;
  }
  case Intrinsic::nvvm_elect_sync: {
    SDValue Mask = N->getOperand(2);
    auto *ConstMask = dyn_cast<ConstantSDNode>(Mask);
    if (ConstMask)
      Mask = imm32(ConstMask->getSExtValue(), SDLoc(N));
    CurDAG->SelectNodeTo(N, ConstMask ? ACC::ELECT_i : ACC::ELECT_r, N->getVTList(),
                         {Mask, N->getOperand(0)});
    return true;
  }
  default:
    return false;
  }
}

namespace {
/// PTX's control operand of shfl.sync: where the clamp value and the segment mask stand.
constexpr acc::isa::ModField ControlClamp{0, mods::SHFL::clamp.width},
    ControlSegment{8, mods::SHFL::seg.width};
} // namespace

/// Operands of the intrinsic: chain, id, member mask, value, lane, control.
void ACCDAGToDAGISel::selectShuffle(SDNode *N, unsigned Mode, bool WithPredicate) {
  namespace S = mods::SHFL;
  SDLoc DL(N);
  SDValue Chain = N->getOperand(0), Mask = N->getOperand(2), Value = N->getOperand(3),
          Lane = N->getOperand(4), Control = N->getOperand(5);
  unsigned Mods = S::shmode.of(Mode);
  auto *ConstControl = dyn_cast<ConstantSDNode>(Control);
  auto *ConstLane = dyn_cast<ConstantSDNode>(Lane);
  auto Node = [&](unsigned Opcode, SDValue A, SDValue B) {
    return SDValue(CurDAG->getMachineNode(Opcode, DL, MVT::i32, A, B), 0);
  };
  if (ConstControl) {
    uint64_t C = ConstControl->getZExtValue();
    Mods |= S::clamp.of(ControlClamp.get(C)) | S::seg.of(ControlSegment.get(C));
    if (ConstLane) {
      Mods |= S::src.of(S::src_simm) | S::simmlane.of(ConstLane->getZExtValue());
      Lane = zeroReg();
    }
  } else {
    // The control goes into the lane's register; the segment mask is already shifted once.
    constexpr unsigned Step = acc::isa::kShflClamp.bit;
    static_assert(acc::isa::kShflSegment.bit == Step + ControlSegment.bit);
    Mods |= S::src.of(S::src_cr);
    if (ConstLane)
      Lane =
          SDValue(CurDAG->getMachineNode(ACC::MOV_i, DL, MVT::i32, imm32(ConstLane->getSExtValue(), DL)), 0);
    SDValue Low = Node(ACC::AND_ri, Lane, imm32(acc::isa::kShflLane.mask(), DL));
    SDValue Clamp = Node(ACC::AND_ri, Control, imm32(ControlClamp.mask(), DL));
    SDValue Segment = Node(ACC::AND_ri, Control, imm32(ControlSegment.mask(), DL));
    auto ShiftAdd = [&](SDValue A, SDValue B) {
      return SDValue(
          CurDAG->getMachineNode(ACC::ILEA_rr, DL, MVT::i32, {A, B, imm32(mods::MShift.of(Step), DL)}), 0);
    };
    Lane = ShiftAdd(Segment, ShiftAdd(Clamp, Low));
  }
  auto *ConstMask = dyn_cast<ConstantSDNode>(Mask);
  if (ConstMask)
    Mask = imm32(ConstMask->getSExtValue(), DL);
  unsigned Opcode = WithPredicate ? (ConstMask ? ACC::SHFL_rri : ACC::SHFL_rrr)
                                  : (ConstMask ? ACC::SHFL_rri_np : ACC::SHFL_rrr_np);
  CurDAG->SelectNodeTo(N, Opcode, N->getVTList(), {Value, Lane, Mask, imm32(Mods, DL), Chain});
}
