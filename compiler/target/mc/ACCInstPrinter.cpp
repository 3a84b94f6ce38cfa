// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Assembly text. An instruction is encoded and then printed by the toolchain's one disassembler, so that
// compiler output, accc-objdump and the assembler speak the same language; a symbol takes the place of its
// operand's number.
#include "compiler/isa/disassemble.h"
#include "compiler/target/mc/ACCMCTargetDesc.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCCodeEmitter.h"
#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace {

class ACCInstPrinter : public MCInstPrinter {
public:
  ACCInstPrinter(const MCAsmInfo &MAI, const MCInstrInfo &MII, const MCRegisterInfo &MRI)
      : MCInstPrinter(MAI, MII, MRI), Encoder(createACCWordEncoder(MRI)) {}

  std::pair<const char *, uint64_t> getMnemonic(const MCInst &) const override { return {nullptr, 0}; }
  void printInst(const MCInst *MI, uint64_t Address, StringRef Annot, const MCSubtargetInfo &STI,
                 raw_ostream &OS) override;
  void printRegName(raw_ostream &OS, MCRegister Reg) override { OS << MRI.getName(Reg); }

private:
  std::unique_ptr<MCCodeEmitter> Encoder;
};

const MCExpr *symbolOperand(const MCInst &MI) {
  for (const MCOperand &Op : MI)
    if (Op.isExpr())
      return Op.getExpr();
  return nullptr;
}

/// A number that the disassembler prints as "0x10" wherever a symbol stands: a branch to the next instruction
/// counted from address 0, or an immediate of 16.
constexpr StringLiteral Placeholder = "0x10";

} // namespace

void ACCInstPrinter::printInst(const MCInst *MI, uint64_t, StringRef Annot, const MCSubtargetInfo &STI,
                               raw_ostream &OS) {
  SmallString<16> Bytes;
  SmallVector<MCFixup, 1> Fixups;
  Encoder->encodeInstruction(*MI, Bytes, Fixups, STI);
  acc::isa::Word Word{support::endian::read64le(Bytes.data()), support::endian::read64le(Bytes.data() + 8)};
  const MCExpr *Symbol = symbolOperand(*MI);
  std::string Text = acc::isa::disassemble(Word, 0);
  if (Symbol) {
    SmallString<64> Name;
    raw_svector_ostream NameOS(Name);
    MAI.printExpr(NameOS, *Symbol);
    size_t At = Text.rfind(Placeholder.str());
    if (At != std::string::npos)
      Text.replace(At, Placeholder.size(), Name.c_str());
    else
      Text += " // " + Name.str().str();
  }
  OS << '\t' << Text;
  printAnnotation(OS, Annot);
}

MCInstPrinter *llvm::createACCInstPrinter(const Triple &, unsigned, const MCAsmInfo &MAI,
                                          const MCInstrInfo &MII, const MCRegisterInfo &MRI) {
  return new ACCInstPrinter(MAI, MII, MRI);
}
