// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fixups and relocations (the R_ACC_* of acc_code_object.h).
#include "compiler/target/mc/ACCMCTargetDesc.h"
#include "llvm/MC/MCAsmBackend.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCELFObjectWriter.h"
#include "llvm/MC/MCObjectWriter.h"
#include "llvm/MC/MCValue.h"
#include "llvm/Support/MathExtras.h"
#include <acc/spec/acc_code_object.h>

using namespace llvm;

namespace {

class ACCELFObjectWriter : public MCELFObjectTargetWriter {
public:
  ACCELFObjectWriter()
      : MCELFObjectTargetWriter(/*Is64Bit=*/true, ACC_ELF_OSABI, ACC_ELF_MACHINE,
                                /*HasRelocationAddend=*/true, ACC_ELF_ABIVERSION) {}

  unsigned getRelocType(const MCFixup &Fixup, const MCValue &, bool IsPCRel) const override {
    switch (unsigned(Fixup.getKind())) {
    case ACC::fixup_pc32:
      return R_ACC_PC32;
    case ACC::fixup_imm32:
      return R_ACC_ABS32;
    case ACC::fixup_imm64:
      return R_ACC_ABS64;
    case FK_Data_4:
      return IsPCRel ? R_ACC_REL32 : R_ACC_ABS32;
    case FK_Data_8:
      if (!IsPCRel)
        return R_ACC_ABS64;
      return R_ACC_REL64;
    default:
      reportError(Fixup.getLoc(), "this relocation has no encoding in ACC code objects");
      return R_ACC_NONE;
    }
  }

  bool needsRelocateWithSymbol(const MCValue &, unsigned) const override { return false; }
};

class ACCAsmBackend : public MCAsmBackend {
public:
  ACCAsmBackend() : MCAsmBackend(endianness::little) {}

  std::unique_ptr<MCObjectTargetWriter> createObjectTargetWriter() const override {
    return std::make_unique<ACCELFObjectWriter>();
  }

  MCFixupKindInfo getFixupKindInfo(MCFixupKind Kind) const override {
    static const MCFixupKindInfo Infos[ACC::NumTargetFixupKinds] = {
        {"fixup_pc32", 0, 32, 0}, {"fixup_imm32", 0, 32, 0}, {"fixup_imm64", 0, 64, 0}};
    if (Kind < FirstTargetFixupKind)
      return MCAsmBackend::getFixupKindInfo(Kind);
    return Infos[Kind - FirstTargetFixupKind];
  }

  void applyFixup(const MCFragment &F, const MCFixup &Fixup, const MCValue &Target, uint8_t *Data,
                  uint64_t Value, bool IsResolved) override;

  bool writeNopData(raw_ostream &OS, uint64_t Count, const MCSubtargetInfo *) const override;
};

} // namespace

void ACCAsmBackend::applyFixup(const MCFragment &F, const MCFixup &Fixup, const MCValue &Target,
                               uint8_t *Data, uint64_t Value, bool IsResolved) {
  maybeAddReloc(F, Fixup, Target, Value, IsResolved);
  if (!IsResolved)
    return;
  // A branch counts from the next instruction; the assembler counted from the field at byte 8.
  if (unsigned(Fixup.getKind()) == ACC::fixup_pc32) {
    Value -= 8;
    if (!isInt<32>(int64_t(Value)))
      getContext().reportError(Fixup.getLoc(), "branch target is further than 2 GiB");
  }
  unsigned Bytes = getFixupKindInfo(Fixup.getKind()).TargetSize / 8;
  for (unsigned I = 0; I < Bytes; ++I)
    Data[I] |= uint8_t(Value >> (8 * I));
}

bool ACCAsmBackend::writeNopData(raw_ostream &OS, uint64_t Count, const MCSubtargetInfo *) const {
  // nop with guard pt.
  static const char Nop[16] = {0x01, 0x70};
  if (Count % sizeof(Nop))
    return false;
  for (; Count; Count -= sizeof(Nop))
    OS.write(Nop, sizeof(Nop));
  return true;
}

MCAsmBackend *llvm::createACCAsmBackend(const Target &, const MCSubtargetInfo &, const MCRegisterInfo &,
                                        const MCTargetOptions &) {
  return new ACCAsmBackend();
}
