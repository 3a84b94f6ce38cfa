// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instruction words. The fields come from the generated records; only symbols and guards are ours.
#include "compiler/target/mc/ACCMCTargetDesc.h"
#include "llvm/ADT/APInt.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Support/EndianStream.h"

using namespace llvm;

namespace {

/// Byte of the word where an immediate starts.
constexpr unsigned ImmByte = 8;

class ACCMCCodeEmitter : public MCCodeEmitter {
public:
  explicit ACCMCCodeEmitter(const MCRegisterInfo &MRI) : MRI(MRI) {}

  void encodeInstruction(const MCInst &MI, SmallVectorImpl<char> &CB, SmallVectorImpl<MCFixup> &Fixups,
                         const MCSubtargetInfo &STI) const override;

private:
  // The next three are named by the generated getBinaryCodeForInstr.
  void getBinaryCodeForInstr(const MCInst &MI, SmallVectorImpl<MCFixup> &Fixups, APInt &Inst, APInt &Scratch,
                             const MCSubtargetInfo &STI) const;
  void getMachineOpValue(const MCInst &MI, const MCOperand &MO, APInt &Op, SmallVectorImpl<MCFixup> &Fixups,
                         const MCSubtargetInfo &STI) const;
  void encodeRel(const MCInst &MI, unsigned OpNo, APInt &Op, SmallVectorImpl<MCFixup> &Fixups,
                 const MCSubtargetInfo &STI) const;

  const MCRegisterInfo &MRI;
};

} // namespace

void ACCMCCodeEmitter::encodeInstruction(const MCInst &MI, SmallVectorImpl<char> &CB,
                                         SmallVectorImpl<MCFixup> &Fixups, const MCSubtargetInfo &STI) const {
  APInt Inst(128, 0), Scratch(128, 0);
  getBinaryCodeForInstr(MI, Fixups, Inst, Scratch, STI);
  if (unsigned Guard = MI.getFlags(); Guard & ACCGuard::Valid)
    Inst.insertBits(Guard & (ACCGuard::Mask | ACCGuard::Negated), 12, 4);
  support::endian::write<uint64_t>(CB, Inst.extractBitsAsZExtValue(64, 0), endianness::little);
  support::endian::write<uint64_t>(CB, Inst.extractBitsAsZExtValue(64, 64), endianness::little);
}

void ACCMCCodeEmitter::getMachineOpValue(const MCInst &MI, const MCOperand &MO, APInt &Op,
                                         SmallVectorImpl<MCFixup> &Fixups, const MCSubtargetInfo &) const {
  if (MO.isReg()) {
    Op = MRI.getEncodingValue(MO.getReg());
  } else if (MO.isImm()) {
    Op = static_cast<uint64_t>(MO.getImm());
  } else {
    bool Wide = MI.getOpcode() == ACC::MOVI64;
    Fixups.push_back(
        MCFixup::create(ImmByte, MO.getExpr(), MCFixupKind(Wide ? ACC::fixup_imm64 : ACC::fixup_imm32)));
    Op = 0;
  }
}

void ACCMCCodeEmitter::encodeRel(const MCInst &MI, unsigned OpNo, APInt &Op, SmallVectorImpl<MCFixup> &Fixups,
                                 const MCSubtargetInfo &) const {
  const MCOperand &MO = MI.getOperand(OpNo);
  if (MO.isImm()) {
    Op = static_cast<uint64_t>(MO.getImm());
    return;
  }
  Fixups.push_back(MCFixup::create(ImmByte, MO.getExpr(), MCFixupKind(ACC::fixup_pc32), /*PCRel=*/true));
  Op = 0;
}

#include "ACCGenMCCodeEmitter.inc"

MCCodeEmitter *llvm::createACCMCCodeEmitter(const MCInstrInfo &, MCContext &Ctx) {
  return new ACCMCCodeEmitter(*Ctx.getRegisterInfo());
}

std::unique_ptr<MCCodeEmitter> llvm::createACCWordEncoder(const MCRegisterInfo &MRI) {
  return std::make_unique<ACCMCCodeEmitter>(MRI);
}
