// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// DAG nodes, pseudo instructions and the few records that the ISA table's generator cannot give: those with a second
// meaning for the same encoding (a guarded branch, a constant predicate).

// ---- nodes
def SDT_ACCCall : SDTypeProfile<0, -1, [SDTCisPtrTy<0>]>;
def SDT_ACCBrCond : SDTypeProfile<0, 3, [SDTCisVT<0, i1>, SDTCisVT<1, i32>, SDTCisVT<2, OtherVT>]>;
def SDT_ACCAddr : SDTypeProfile<1, 1, [SDTCisSameAs<0, 1>]>;
def ACCcall : SDNode<"ACCISD::CALL", SDT_ACCCall, [SDNPHasChain, SDNPOptInGlue, SDNPOutGlue, SDNPVariadic]>;
def ACCret : SDNode<"ACCISD::RET", SDTNone, [SDNPHasChain, SDNPOptInGlue, SDNPVariadic]>;
def ACCexit : SDNode<"ACCISD::EXIT", SDTNone, [SDNPHasChain]>;
def ACCpcaddr : SDNode<"ACCISD::PC_ADDR", SDT_ACCAddr>;
def ACCsreg : SDNode<"ACCISD::SREG", SDTypeProfile<1, 1, [SDTCisVT<1, i32>]>>;
def ACCcallseq_start : SDNode<"ISD::CALLSEQ_START", SDCallSeqStart<[SDTCisVT<0, i32>, SDTCisVT<1, i32>]>,
                              [SDNPHasChain, SDNPOutGlue]>;
def ACCcallseq_end : SDNode<"ISD::CALLSEQ_END", SDCallSeqEnd<[SDTCisVT<0, i32>, SDTCisVT<1, i32>]>,
                            [SDNPHasChain, SDNPOptInGlue, SDNPOutGlue]>;

def build_pair : SDNode<"ISD::BUILD_PAIR", SDTypeProfile<1, 2, [SDTCisVT<0, i64>, SDTCisVT<1, i32>, SDTCisVT<2, i32>]>>;

// ---- second meanings of table rows
let isBranch = 1, isTerminator = 1 in
def BRA_P : ACCInst<BRA_opcode, 0, "bra $imm"> {
  let OutOperandList = (outs);
  let InOperandList = (ins ACCRel:$imm, PRED:$guard, ACCNeg:$gneg);
  bits<32> imm; let Inst{95-64} = imm;
  bits<3> guard; let Inst{14-12} = guard;
  bits<1> gneg; let Inst{15} = gneg;
}
// llvm.nvvm.exit stands in the middle of a block.
let hasSideEffects = 1, mayLoad = 1, mayStore = 1 in
def EXIT_INLINE : ACCInst<EXIT_opcode, 0, "exit"> {
  let OutOperandList = (outs);
  let InOperandList = (ins);
}
let isReMaterializable = 1, isAsCheapAsAMove = 1 in
def LEAPC_sym : ACCInst<LEAPC_opcode, 0, "lea.pc $rd, $imm"> {
  let OutOperandList = (outs GPR64:$rd);
  let InOperandList = (ins ACCSym:$imm);
  bits<8> rd; let Inst{23-16} = rd;
  bits<32> imm; let Inst{95-64} = imm;
}
let isReMaterializable = 1, isAsCheapAsAMove = 1 in
def PSET : ACCInst<PMOV_opcode, 0, "pmov $pd, pt"> {
  let OutOperandList = (outs PRED:$pd);
  let InOperandList = (ins ACCNeg:$psneg);
  bits<3> pd; let Inst{50-48} = pd;
  let Inst{56-54} = 7;
  bits<1> psneg; let Inst{57} = psneg;
}
// ---- calls and the frame
// The link register is written by the call; arguments and results are implicit operands.
let isCall = 1, isConvergent = 1, hasSideEffects = 1, Defs = [D1, R1] in {
def CALL_D : ACCInst<CALL_opcode, 0, "call r2, $imm"> {
  let OutOperandList = (outs);
  let InOperandList = (ins ACCSym:$imm, variable_ops);
  bits<32> imm; let Inst{95-64} = imm;
  let Inst{23-16} = 2;
}
def CALL_X : ACCInst<CALLX_opcode, 0, "callx r2, $ra"> {
  let OutOperandList = (outs);
  let InOperandList = (ins GPR64:$ra, variable_ops);
  bits<8> ra; let Inst{31-24} = ra;
  let Inst{23-16} = 2;
}
}
let isReturn = 1, isTerminator = 1, isBarrier = 1, Uses = [D1] in
def RET_L : ACCInst<RET_opcode, 0, "ret r2"> {
  let OutOperandList = (outs);
  let InOperandList = (ins variable_ops);
  let Inst{31-24} = 2;
}
let Defs = [R0], Uses = [R0], hasSideEffects = 1 in {
def ADJCALLSTACKDOWN : ACCPseudo<(outs), (ins i32imm:$a, i32imm:$b), "# callseq_start $a $b",
                                 [(ACCcallseq_start timm:$a, timm:$b)]>;
def ADJCALLSTACKUP : ACCPseudo<(outs), (ins i32imm:$a, i32imm:$b), "# callseq_end $a $b",
                               [(ACCcallseq_end timm:$a, timm:$b)]>;
}
// Spill slots of predicates are words, which pass through the scratch register r1; expanded when frame indices are
// replaced.
let Defs = [R1] in {
let mayStore = 1 in
def SPILL_PRED : ACCPseudo<(outs), (ins PRED:$src, i32imm:$fi, i32imm:$off), "# spill $src">;
let mayLoad = 1 in
def RELOAD_PRED : ACCPseudo<(outs PRED:$dst), (ins i32imm:$fi, i32imm:$off), "# reload $dst">;
}

def ACCInstrInfo : InstrInfo;
