// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The least a backend must define around the generated instruction records; test_generator.py reads it.
include "llvm/Target/Target.td"

class Reg<string n, int encoding> : Register<n> {
  let Namespace = "ACC";
  let HWEncoding = encoding;
}
def R0 : Reg<"r0", 0>;
def R1 : Reg<"r1", 1>;
def P0 : Reg<"p0", 0>;
def GPR32 : RegisterClass<"ACC", [i32, f32], 32, (add R0)>;
def GPR64 : RegisterClass<"ACC", [i64, f64], 64, (add R1)>;
def GPR128 : RegisterClass<"ACC", [v4i32], 128, (add R1)>;
def GPR256 : RegisterClass<"ACC", [v8i32], 256, (add R1)>;
def PRED : RegisterClass<"ACC", [i1], 8, (add P0)>;

def ACCImm32 : Operand<i32>;
def ACCImm64 : Operand<i64>;
def ACCFImm32 : Operand<i32>;
def ACCFImmHi : Operand<i32>;
def ACCOff : Operand<i32>;
def ACCRel : Operand<OtherVT>;
def ACCSReg : Operand<i32>;
def ACCWide : Operand<i64>;
def ACCNeg : Operand<i1>;
def ACCMods : OperandWithDefaultOps<i32, (ops (i32 0))>;

class ACCInst<bits<12> opcode, bits<2> form, string asm> : Instruction {
  bits<128> Inst = 0;
  let Inst{11-0} = opcode;
  let Inst{14-12} = 7;
  let Inst{63-62} = form;
  let Namespace = "ACC";
  let Size = 16;
  let AsmString = asm;
  let hasSideEffects = 0;
  let mayLoad = 0;
  let mayStore = 0;
}
include "ACCGenInstrs.td"

def : Pat<(fadd f32:$a, f32:$b), (FADD_rr $a, $b, FADD_rnd_rz)>;
def : Pat<(fmul f32:$a, f32:$b), (FMUL_rr $a, $b)>;
defm : RemapAllTargetPseudoPointerOperands<GPR64>;
def ACCInstrInfo : InstrInfo { let guessInstructionProperties = 0; }
def ACC : Target { let InstructionSet = ACCInstrInfo; }
