// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The LLVM target "acc". The instruction records are generated from the ISA table; what is here is what LLVM needs
// besides: registers, conventions, nodes and selection patterns.
include "llvm/Target/Target.td"

include "ACCRegisters.td"
include "ACCCallingConv.td"
include "ACCOperands.td"
include "ACCGenInstrs.td"
include "ACCInstrInfo.td"

defm : RemapAllTargetPseudoPointerOperands<GPR64>;

include "ACCPatternsInteger.td"
include "ACCPatternsFloat.td"
include "ACCPatternsControl.td"
include "ACCPatternsNvvm.td"

def : ProcessorModel<"acc1", NoSchedModel, []>;
def ACC : Target { let InstructionSet = ACCInstrInfo; }
