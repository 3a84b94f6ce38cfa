// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operand kinds and the base class of the instruction records of ACCGenInstrs.td
// (the contract between the two is include/acc/spec/gen/README.md).

class ACCOperand<ValueType T, string Kind> : Operand<T> {
  let OperandNamespace = "ACCOp";
  let OperandType = "OPERAND_"#Kind;
}
def ACCImm32 : ACCOperand<i32, "IMM32">;
def ACCImm64 : ACCOperand<i64, "IMM64">;    // a sign-extended 32-bit value
def ACCFImm32 : ACCOperand<i32, "FIMM32">;  // the raw bits of an f32
def ACCFImmHi : ACCOperand<i32, "FIMMHI">;  // the high word of an f64 whose low word is zero
def ACCOff : ACCOperand<i32, "OFF">;
def ACCSReg : ACCOperand<i32, "SREG">;
def ACCNeg : ACCOperand<i32, "NEG">;
def ACCWide : ACCOperand<i64, "WIDE">;
def ACCRel : ACCOperand<OtherVT, "REL"> { let EncoderMethod = "encodeRel"; }
// The same for symbols, which are addresses to LLVM while branch targets are blocks.
def ACCSym : ACCOperand<i64, "REL"> { let EncoderMethod = "encodeRel"; }
// Raw modifier bits 127:96. Patterns may leave them out.
def ACCMods : OperandWithDefaultOps<i32, (ops (i32 0))>;

class ACCInst<bits<12> Opcode, bits<2> Form, string Asm> : Instruction {
  let Namespace = "ACC";
  let Size = 16;
  let AsmString = Asm;
  let hasSideEffects = 0;
  let mayLoad = 0;
  let mayStore = 0;
  field bits<128> Inst = 0;
  field bits<128> SoftFail = 0;
  let Inst{11-0} = Opcode;
  let Inst{14-12} = 7; // guard pt; the code emitter puts another one
  let Inst{63-62} = Form;
}

class ACCPseudo<dag Outs, dag Ins, string Asm, list<dag> Pats = []> : Instruction {
  let Namespace = "ACC";
  let OutOperandList = Outs;
  let InOperandList = Ins;
  let AsmString = Asm;
  let Pattern = Pats;
  let isPseudo = 1;
  let isCodeGenOnly = 1;
  let hasSideEffects = 0;
  let mayLoad = 0;
  let mayStore = 0;
}
