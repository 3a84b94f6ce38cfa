// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The machine-code layer of the target "acc": enumerations that TableGen gives, operand kinds, fixups, and
// the functions that make the parts of the layer.
#pragma once

#include "llvm/MC/MCFixup.h"
#include "llvm/MC/MCInstrDesc.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include <memory>

namespace llvm {
class MCAsmBackend;
class MCCodeEmitter;
class MCInstPrinter;

/// The one Target object; registered by acc::initializeTarget().
Target &getTheACCTarget();
void initializeACCTargetInfo();
void initializeACCTargetMC();

MCCodeEmitter *createACCMCCodeEmitter(const MCInstrInfo &MII, MCContext &Ctx);
/// The same without a context, for printing: instructions are printed from their words.
std::unique_ptr<MCCodeEmitter> createACCWordEncoder(const MCRegisterInfo &MRI);
MCAsmBackend *createACCAsmBackend(const Target &T, const MCSubtargetInfo &STI, const MCRegisterInfo &MRI,
                                  const MCTargetOptions &Options);
MCInstPrinter *createACCInstPrinter(const Triple &T, unsigned Variant, const MCAsmInfo &MAI,
                                    const MCInstrInfo &MII, const MCRegisterInfo &MRI);

namespace ACCOp {
/// What an immediate operand means (MCOperandInfo::OperandType); names as in ACCOperands.td.
enum OperandType : unsigned {
  OPERAND_IMM32 = MCOI::OPERAND_FIRST_TARGET,
  OPERAND_IMM64,
  OPERAND_FIMM32,
  OPERAND_FIMMHI,
  OPERAND_OFF,
  OPERAND_SREG,
  OPERAND_NEG,
  OPERAND_WIDE,
  OPERAND_REL,
};
} // namespace ACCOp

namespace ACCGuard {
/// A guard travels in MCInst::Flags, as it is an operand of no record: 0 = none, else Valid | predicate |
/// Negated.
enum : unsigned { Mask = 7, Negated = 8, Valid = 16 };
} // namespace ACCGuard

namespace ACC {
enum Fixups {
  /// The 32-bit immediate at byte 8 of the word, relative to the next instruction.
  fixup_pc32 = FirstTargetFixupKind,
  /// The 32-bit immediate at byte 8: an absolute 32-bit address (shared or local offset).
  fixup_imm32,
  /// The 64-bit immediate at byte 8.
  fixup_imm64,
  LastTargetFixupKind,
  NumTargetFixupKinds = LastTargetFixupKind - FirstTargetFixupKind
};
} // namespace ACC
} // namespace llvm

#define GET_REGINFO_ENUM
#include "ACCGenRegisterInfo.inc"
#define GET_INSTRINFO_ENUM
#include "ACCGenInstrInfo.inc"
#define GET_SUBTARGETINFO_ENUM
#include "ACCGenSubtargetInfo.inc"
