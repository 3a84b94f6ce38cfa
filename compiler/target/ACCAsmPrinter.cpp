// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Machine instructions to MC instructions, and the kernels' descriptors and parameter records
// (include/acc/spec/acc_code_object.h).
#include "compiler/target/ACCKernelInfo.h"
#include "compiler/target/ACCMachineFunctionInfo.h"
#include "compiler/target/ACCTargetMachine.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCELFObjectWriter.h"
#include "llvm/MC/MCELFStreamer.h"
#include "llvm/MC/MCExpr.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCSectionELF.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCSymbolELF.h"
#include <acc/spec/acc_code_object.h>
#include <acc/spec/acc_mmu.h>

using namespace llvm;

namespace {

class ACCAsmPrinter : public AsmPrinter {
public:
  static char ID;
  ACCAsmPrinter(TargetMachine &TM, std::unique_ptr<MCStreamer> Streamer)
      : AsmPrinter(TM, std::move(Streamer), ID) {}

  StringRef getPassName() const override { return "ACC assembly printer"; }
  void emitStartOfAsmFile(Module &M) override;
  void emitInstruction(const MachineInstr *MI) override;
  void emitGlobalVariable(const GlobalVariable *GV) override;
  void emitFunctionBodyEnd() override { Resources.add(*MF); }
  void emitEndOfAsmFile(Module &M) override;
  const MCExpr *lowerConstant(const Constant *C, const Constant *Base, uint64_t Offset) override;

private:
  MCSymbol *addressSymbol(const GlobalValue &Value);
  MCOperand lowerOperand(const MachineOperand &Op);
  MCOperand symbolOperand(MCSymbol *Symbol, int64_t Offset);
  void emitDescriptor(const Function &Kernel);
  void emitParameters(const Function &Kernel);

  ACCResourceInfo Resources;
  uint32_t NextParam = 0;
};

char ACCAsmPrinter::ID;

/// "64,2,1" as three numbers; absent ones are \p Missing.
std::array<uint32_t, 3> parseDims(const Function &F, StringRef Attribute, uint32_t Missing) {
  std::array<uint32_t, 3> Dims{Missing, Missing, Missing};
  SmallVector<StringRef, 3> Parts;
  F.getFnAttribute(Attribute).getValueAsString().split(Parts, ',');
  for (unsigned I = 0; I < 3 && I < Parts.size(); ++I)
    Parts[I].trim().getAsInteger(10, Dims[I]);
  return Dims;
}

/// A result that nobody reads, of an instruction that exists for its effects: an atomic without its old value
/// is a reduction, a shuffle may do without its predicate.
bool isUnwanted(const MachineOperand &Op) {
  return Op.isReg() && Op.isDef() && Op.isDead() && Op.getParent()->mayStore() &&
         (ACC::GPR32RegClass.contains(Op.getReg()) || ACC::PREDRegClass.contains(Op.getReg()));
}

MCOperand discard(const MachineOperand &Op) {
  return MCOperand::createReg(ACC::PREDRegClass.contains(Op.getReg()) ? ACC::PT : ACC::RZ);
}

uint32_t numberAttribute(const Function &F, StringRef Attribute) {
  uint32_t Value = 0;
  F.getFnAttribute(Attribute).getValueAsString().getAsInteger(10, Value);
  return Value;
}

uint16_t descriptorFlags(const Function &Kernel, const ACCResources &Needs) {
  uint16_t Flags = Needs.DynamicStack ? ACC_KD_DYNAMIC_STACK : 0;
  if (Kernel.hasFnAttribute("acc-grid-barrier"))
    Flags |= ACC_KD_USES_GRID_BARRIER;
  if (Kernel.hasFnAttribute("acc-hostcall"))
    Flags |= ACC_KD_USES_HOSTCALL;
  if (Kernel.hasFnAttribute("acc-heap"))
    Flags |= ACC_KD_USES_HEAP;
  if (Kernel.hasFnAttribute("acc-launches"))
    Flags |= ACC_KD_LAUNCHES;
  return Flags;
}

} // namespace

MCOperand ACCAsmPrinter::symbolOperand(MCSymbol *Symbol, int64_t Offset) {
  const MCExpr *Expr = MCSymbolRefExpr::create(Symbol, OutContext);
  if (Offset)
    Expr = MCBinaryExpr::createAdd(Expr, MCConstantExpr::create(Offset, OutContext), OutContext);
  return MCOperand::createExpr(Expr);
}

static std::string descriptorName(const MCSymbol &Kernel) { return (Kernel.getName() + ".kd").str(); }

/// Nobody calls a kernel: its address is its descriptor's, which launches from device code name.
MCSymbol *ACCAsmPrinter::addressSymbol(const GlobalValue &Value) {
  const auto *Kernel = dyn_cast<Function>(&Value);
  if (!Kernel || !isACCKernel(*Kernel))
    return getSymbol(&Value);
  return OutContext.getOrCreateSymbol(descriptorName(*getSymbol(Kernel)));
}

const MCExpr *ACCAsmPrinter::lowerConstant(const Constant *C, const Constant *Base, uint64_t Offset) {
  if (const auto *Kernel = dyn_cast<Function>(C))
    return MCSymbolRefExpr::create(addressSymbol(*Kernel), OutContext);
  return AsmPrinter::lowerConstant(C, Base, Offset);
}

MCOperand ACCAsmPrinter::lowerOperand(const MachineOperand &Op) {
  switch (Op.getType()) {
  case MachineOperand::MO_Register:
    return MCOperand::createReg(Op.getReg());
  case MachineOperand::MO_Immediate:
    return MCOperand::createImm(Op.getImm());
  case MachineOperand::MO_MachineBasicBlock:
    return symbolOperand(Op.getMBB()->getSymbol(), 0);
  case MachineOperand::MO_GlobalAddress:
    return symbolOperand(addressSymbol(*Op.getGlobal()), Op.getOffset());
  case MachineOperand::MO_ExternalSymbol:
    return symbolOperand(GetExternalSymbolSymbol(Op.getSymbolName()), Op.getOffset());
  case MachineOperand::MO_ConstantPoolIndex:
    return symbolOperand(GetCPISymbol(Op.getIndex()), Op.getOffset());
  case MachineOperand::MO_JumpTableIndex:
    return symbolOperand(GetJTISymbol(Op.getIndex()), 0);
  default:
    reportACCUnsupported(MF->getFunction(), "an instruction operand of an unknown kind",
                         Op.getParent()->getDebugLoc());
    return MCOperand::createImm(0);
  }
}

/// e_flags: the instruction set, and the architecture in CUDA's terms that the front end wrote down.
void ACCAsmPrinter::emitStartOfAsmFile(Module &M) {
  if (OutStreamer->hasRawTextSupport())
    return;
  const auto *Arch = mdconst::extract_or_null<ConstantInt>(M.getModuleFlag("acc.arch"));
  uint64_t SM = Arch ? Arch->getZExtValue() : 0;
  static_cast<MCELFStreamer &>(*OutStreamer)
      .getWriter()
      .setELFHeaderEFlags(ACC_EF_ARCH_ACC1 | (SM << ACC_EF_SM_SHIFT & ACC_EF_SM_MASK));
}

void ACCAsmPrinter::emitInstruction(const MachineInstr *MI) {
  const MCInstrDesc &Desc = MI->getDesc();
  if (MI->isPseudo())
    return reportACCUnsupported(MF->getFunction(),
                                "the pseudo instruction " +
                                    MF->getSubtarget().getInstrInfo()->getName(MI->getOpcode()),
                                MI->getDebugLoc());
  MCInst Inst;
  Inst.setOpcode(MI->getOpcode());
  for (unsigned I = 0; I < Desc.getNumOperands(); ++I) {
    const MachineOperand &Op = MI->getOperand(I);
    Inst.addOperand(isUnwanted(Op) ? discard(Op) : lowerOperand(Op));
  }
  // The guard pass adds a predicate and its sense behind the described operands.
  if (unsigned Guard = Desc.getNumOperands(); !MI->isCall() && !MI->isReturn() &&
                                              MI->getNumOperands() > Guard + 1 &&
                                              MI->getOperand(Guard + 1).isImm())
    Inst.setFlags(ACCGuard::Valid | TM.getMCRegisterInfo()->getEncodingValue(MI->getOperand(Guard).getReg()) |
                  (MI->getOperand(Guard + 1).getImm() ? ACCGuard::Negated : 0));
  EmitToStreamer(*OutStreamer, Inst);
}

void ACCAsmPrinter::emitGlobalVariable(const GlobalVariable *GV) {
  // Shared variables are offsets in the code; they have no storage in the image.
  if (GV->getAddressSpace() == ACCAS::Shared)
    return;
  auto *Symbol = static_cast<MCSymbolELF *>(getSymbol(GV));
  if (GV->getAddressSpace() == ACCAS::Constant && !GV->hasLocalLinkage())
    Symbol->setOther(ACC_STO_CONSTANT);
  if (GV->hasMetadata("acc.managed"))
    Symbol->setOther(ACC_STO_MANAGED);
  AsmPrinter::emitGlobalVariable(GV);
}

void ACCAsmPrinter::emitEndOfAsmFile(Module &M) {
  SmallVector<const Function *> Kernels;
  for (const Function &F : M)
    if (!F.isDeclaration() && isACCKernel(F))
      Kernels.push_back(&F);
  if (Kernels.empty())
    return;
  OutStreamer->switchSection(OutContext.getELFSection(".acc.kernels", ELF::SHT_PROGBITS, ELF::SHF_ALLOC));
  OutStreamer->emitValueToAlignment(Align(64));
  for (const Function *Kernel : Kernels)
    emitDescriptor(*Kernel);
  OutStreamer->switchSection(OutContext.getELFSection(".acc.params", ELF::SHT_PROGBITS, 0));
  for (const Function *Kernel : Kernels)
    emitParameters(*Kernel);
}

void ACCAsmPrinter::emitDescriptor(const Function &Kernel) {
  ACCResources Needs = Resources.total(Kernel);
  if (Needs.LocalBytes > ACC_MAX_LOCAL_PER_THREAD)
    reportACCTooLarge(Kernel, "local memory per thread", Needs.LocalBytes, ACC_MAX_LOCAL_PER_THREAD,
                      "; the functions it calls are in it");
  std::array<uint32_t, 3> MaxBlock = parseDims(Kernel, "nvvm.maxntid", 1);
  std::array<uint32_t, 3> ReqBlock{};
  if (Kernel.hasFnAttribute("nvvm.reqntid"))
    ReqBlock = parseDims(Kernel, "nvvm.reqntid", 1);
  std::array<uint32_t, 3> Cluster{};
  if (Kernel.hasFnAttribute("nvvm.cluster_dim"))
    Cluster = parseDims(Kernel, "nvvm.cluster_dim", 1);
  uint64_t ClusterBlocks = uint64_t(Cluster[0]) * Cluster[1] * Cluster[2];
  if (ClusterBlocks > ACC_MAX_CLUSTER_BLOCKS)
    reportACCUnsupported(Kernel,
                         "a cluster of " + Twine(ClusterBlocks) + " blocks (at most " +
                             Twine(ACC_MAX_CLUSTER_BLOCKS) + ")",
                         DebugLoc());
  // Bounds may be wider than any block.
  uint32_t MaxThreads = 0;
  if (Kernel.hasFnAttribute("nvvm.maxntid"))
    MaxThreads =
        std::min<uint64_t>(uint64_t(MaxBlock[0]) * MaxBlock[1] * MaxBlock[2], ACC_MAX_THREADS_PER_BLOCK);

  MCSymbol *Label = OutContext.getOrCreateSymbol(descriptorName(*getSymbol(&Kernel)));
  OutStreamer->emitSymbolAttribute(Label, MCSA_ELF_TypeObject);
  OutStreamer->emitLabel(Label);
  OutStreamer->emitIntValue(ACC_KERNEL_DESCRIPTOR_MAGIC, 4);
  OutStreamer->emitIntValue(1, 2);
  OutStreamer->emitIntValue(descriptorFlags(Kernel, Needs), 2);
  OutStreamer->emitIntValue(0, 8); // entry: the linker step knows it
  OutStreamer->emitIntValue(0, 4); // name: likewise
  OutStreamer->emitIntValue(Needs.NumRegs, 2);
  OutStreamer->emitIntValue(Needs.NumBarriers, 2);
  OutStreamer->emitIntValue(numberAttribute(Kernel, "acc-shared-bytes"), 4);
  OutStreamer->emitIntValue(alignTo(Needs.LocalBytes, 16), 4);
  OutStreamer->emitIntValue(getACCKernelArgOffsets(Kernel).back(), 4);
  OutStreamer->emitIntValue(MaxThreads, 4);
  for (uint32_t Dim : ReqBlock)
    OutStreamer->emitIntValue(Dim, 4);
  OutStreamer->emitIntValue(std::min<uint64_t>(numberAttribute(Kernel, "nvvm.minctasm"), 255), 1);
  for (uint32_t Dim : Cluster)
    OutStreamer->emitIntValue(std::min<uint32_t>(Dim, 255), 1);
  OutStreamer->emitIntValue(NextParam, 4);
  OutStreamer->emitIntValue(Kernel.arg_size(), 4);
  OutStreamer->emitELFSize(Label, MCConstantExpr::create(sizeof(acc_kernel_descriptor), OutContext));
  NextParam += Kernel.arg_size();
}

void ACCAsmPrinter::emitParameters(const Function &Kernel) {
  SmallVector<uint64_t> Offsets = getACCKernelArgOffsets(Kernel);
  for (const Argument &Arg : Kernel.args()) {
    auto [Size, Alignment] = getACCKernelArgLayout(Arg);
    bool IsPointer = Arg.getType()->isPointerTy() && !Arg.hasByValAttr();
    for (uint64_t Field : {Offsets[Arg.getArgNo()], Size, Alignment.value(),
                           uint64_t(IsPointer ? ACC_PARAM_POINTER : ACC_PARAM_VALUE)})
      OutStreamer->emitIntValue(Field, 4);
  }
}

void llvm::registerACCAsmPrinter() { static RegisterAsmPrinter<ACCAsmPrinter> Printer(getTheACCTarget()); }
