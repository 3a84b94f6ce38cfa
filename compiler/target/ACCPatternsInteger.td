// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Selection of integer, logic, shift, bit and predicate operations.

def simm32 : ImmLeaf<i64, [{ return isInt<32>(Imm); }]>;
def uimm32 : ImmLeaf<i64, [{ return isUInt<32>(Imm); }]>;
// A predicate or its negation: (register, negated).
def psrc : ComplexPattern<i1, 2, "selectPredicate", [], [], 0>;

class OneUse2<SDPatternOperator Op>
    : PatFrag<(ops node:$a, node:$b), (Op node:$a, node:$b), [{ return N->hasOneUse(); }]>;
class OneUse1<SDPatternOperator Op> : PatFrag<(ops node:$a), (Op node:$a), [{ return N->hasOneUse(); }]>;
def mul1 : OneUse2<mul>;
def shl1 : OneUse2<shl>;
def setcc1 : PatFrag<(ops node:$a, node:$b, node:$c), (setcc node:$a, node:$b, node:$c),
                     [{ return N->hasOneUse(); }]>;

// ---- two operands
multiclass Bin32<SDPatternOperator Op, string I> {
  def : Pat<(i32 (Op i32:$a, i32:$b)), (!cast<Instruction>(I#"_rr") $a, $b)>;
  def : Pat<(i32 (Op i32:$a, (i32 imm:$b))), (!cast<Instruction>(I#"_ri") $a, imm:$b)>;
}
multiclass Bin64<SDPatternOperator Op, string I> {
  def : Pat<(i64 (Op i64:$a, i64:$b)), (!cast<Instruction>(I#"_rr") $a, $b)>;
  def : Pat<(i64 (Op i64:$a, simm32:$b)), (!cast<Instruction>(I#"_ri") $a, imm:$b)>;
}
multiclass Shift64<SDPatternOperator Op, string I> {
  def : Pat<(i64 (Op i64:$a, i32:$b)), (!cast<Instruction>(I#"_rr") $a, $b)>;
  def : Pat<(i64 (Op i64:$a, (i32 imm:$b))), (!cast<Instruction>(I#"_ri") $a, imm:$b)>;
}
defm : Bin32<add, "IADD">;
defm : Bin32<sub, "ISUB">;
defm : Bin32<mul, "IMUL">;
defm : Bin32<mulhs, "IMULHIS">;
defm : Bin32<mulhu, "IMULHIU">;
defm : Bin32<sdiv, "S32_DIV">;
defm : Bin32<srem, "S32_REM">;
defm : Bin32<udiv, "U32_DIV">;
defm : Bin32<urem, "U32_REM">;
defm : Bin32<smin, "IS32_MIN">;
defm : Bin32<smax, "IS32_MAX">;
defm : Bin32<umin, "IU32_MIN">;
defm : Bin32<umax, "IU32_MAX">;
defm : Bin32<saddsat, "IADDSAT">;
defm : Bin32<ssubsat, "ISUBSAT">;
defm : Bin32<and, "AND">;
defm : Bin32<or, "OR">;
defm : Bin32<xor, "XOR">;
defm : Bin32<shl, "SHL">;
defm : Bin32<srl, "SHRU">;
defm : Bin32<sra, "SHRS">;
defm : Bin32<avgfloors, "IHADDS">;
defm : Bin32<avgflooru, "IHADDU">;
defm : Bin64<add, "IADD64">;
defm : Bin64<sub, "ISUB64">;
defm : Bin64<mul, "IMUL64">;
defm : Bin64<mulhs, "IMULHIS64">;
defm : Bin64<mulhu, "IMULHIU64">;
defm : Bin64<sdiv, "S64_DIV">;
defm : Bin64<srem, "S64_REM">;
defm : Bin64<udiv, "U64_DIV">;
defm : Bin64<urem, "U64_REM">;
defm : Bin64<smin, "IS64_MIN">;
defm : Bin64<smax, "IS64_MAX">;
defm : Bin64<umin, "IU64_MIN">;
defm : Bin64<umax, "IU64_MAX">;
defm : Bin64<and, "AND_64">;
defm : Bin64<or, "OR_64">;
defm : Bin64<xor, "XOR_64">;
defm : Shift64<shl, "SHL64">;
defm : Shift64<srl, "SHRU64">;
defm : Shift64<sra, "SHRS64">;

def : Pat<(i32 (avgceils i32:$a, i32:$b)), (IHADDS_rr $a, $b, MUp_up)>;
def : Pat<(i32 (avgceilu i32:$a, i32:$b)), (IHADDU_rr $a, $b, MUp_up)>;
def : Pat<(sub (i32 0), i32:$b), (ISUB_rr (i32 RZ), $b)>;
def : Pat<(sub (i64 0), i64:$b), (ISUB64_rr (i64 RZ64), $b)>;
def : Pat<(xor i32:$a, (i32 -1)), (NOT $a)>;
def : Pat<(xor i64:$a, (i64 -1)), (NOT64 $a)>;
def : Pat<(i32 (abs i32:$a)), (IABS $a)>;
def : Pat<(i64 (abs i64:$a)), (IABS64 $a)>;
def : Pat<(i32 (abds i32:$a, i32:$b)), (ISADS_rrr $a, $b, (i32 RZ))>;
def : Pat<(i32 (abdu i32:$a, i32:$b)), (ISADU_rrr $a, $b, (i32 RZ))>;
def : Pat<(i32 (abds i32:$a, (i32 imm:$b))), (ISADS_rir $a, imm:$b, (i32 RZ))>;
def : Pat<(i32 (abdu i32:$a, (i32 imm:$b))), (ISADU_rir $a, imm:$b, (i32 RZ))>;
def : Pat<(add (OneUse2<abds> i32:$a, i32:$b), i32:$c), (ISADS_rrr $a, $b, $c)>;
def : Pat<(add (OneUse2<abdu> i32:$a, i32:$b), i32:$c), (ISADU_rrr $a, $b, $c)>;
def : Pat<(add (OneUse2<abds> i32:$a, (i32 imm:$b)), i32:$c), (ISADS_rir $a, imm:$b, $c)>;
def : Pat<(add (OneUse2<abdu> i32:$a, (i32 imm:$b)), i32:$c), (ISADU_rir $a, imm:$b, $c)>;

// ---- multiply-add, widening products, shift-add
def : Pat<(add (mul1 i32:$a, i32:$b), i32:$c), (IMAD_rrr $a, $b, $c)>;
def : Pat<(add (mul1 i32:$a, (i32 imm:$b)), i32:$c), (IMAD_rir $a, imm:$b, $c)>;
def : Pat<(add (mul1 i32:$a, i32:$b), (i32 imm:$c)), (IMAD_rri $a, $b, imm:$c)>;
def : Pat<(add (mul1 i64:$a, i64:$b), i64:$c), (IMAD64_rrr $a, $b, $c)>;
def : Pat<(add (mul1 i64:$a, simm32:$b), i64:$c), (IMAD64_rir $a, imm:$b, $c)>;
def : Pat<(add (mul1 i64:$a, i64:$b), simm32:$c), (IMAD64_rri $a, $b, imm:$c)>;

def imm_lo32 : SDNodeXForm<imm, [{
  return CurDAG->getSignedTargetConstant(SignExtend64<32>(N->getZExtValue()), SDLoc(N), MVT::i32); }]>;
multiclass WideMul<SDPatternOperator Ext, ImmLeaf Imm, string W> {
  defvar MUL = "IMULW"#W;
  defvar MAD = "IMADW"#W;
  let AddedComplexity = 5 in {
  def : Pat<(mul (i64 (Ext i32:$a)), (i64 (Ext i32:$b))), (!cast<Instruction>(MUL#"_rr") $a, $b)>;
  def : Pat<(mul (i64 (Ext i32:$a)), Imm:$b), (!cast<Instruction>(MUL#"_ri") $a, (imm_lo32 $b))>;
  def : Pat<(add (mul1 (i64 (Ext i32:$a)), (i64 (Ext i32:$b))), i64:$c),
            (!cast<Instruction>(MAD#"_rrr") $a, $b, $c)>;
  def : Pat<(add (mul1 (i64 (Ext i32:$a)), Imm:$b), i64:$c),
            (!cast<Instruction>(MAD#"_rir") $a, (imm_lo32 $b), $c)>;
  }
}
defm : WideMul<sext, simm32, "S">;
defm : WideMul<zext, uimm32, "U">;

def shamt : ImmLeaf<i32, [{ return Imm >= 0 && Imm < 32; }]>;
def ilea_s : SDNodeXForm<imm, [{
  return CurDAG->getTargetConstant(mods::MShift.of(N->getZExtValue()), SDLoc(N), MVT::i32); }]>;
def ilea64_u : SDNodeXForm<imm, [{
  namespace LEA = mods::ILEA64;
  return CurDAG->getTargetConstant(LEA::shift.of(N->getZExtValue()) | LEA::idx.of(LEA::idx_u), SDLoc(N), MVT::i32); }]>;
def : Pat<(add (shl1 i32:$a, shamt:$s), i32:$b), (ILEA_rr $a, $b, (ilea_s $s))>;
def : Pat<(add (shl1 i32:$a, shamt:$s), (i32 imm:$b)), (ILEA_ri $a, imm:$b, (ilea_s $s))>;
def : Pat<(add (i64 (sext i32:$a)), i64:$b), (ILEA64_rr $a, $b, ILEA64_idx_s)>;
def : Pat<(add (i64 (zext i32:$a)), i64:$b), (ILEA64_rr $a, $b, ILEA64_idx_u)>;
def : Pat<(add (shl1 (i64 (sext i32:$a)), shamt:$s), i64:$b), (ILEA64_rr $a, $b, (ilea_s $s))>;
def : Pat<(add (shl1 (i64 (zext i32:$a)), shamt:$s), i64:$b), (ILEA64_rr $a, $b, (ilea64_u $s))>;
def : Pat<(add (shl1 (i64 (sext i32:$a)), shamt:$s), simm32:$b), (ILEA64_ri $a, imm:$b, (ilea_s $s))>;
def : Pat<(add (shl1 (i64 (zext i32:$a)), shamt:$s), simm32:$b), (ILEA64_ri $a, imm:$b, (ilea64_u $s))>;
def : Pat<(shl (i64 (sext i32:$a)), shamt:$s), (ILEA64_ri $a, 0, (ilea_s $s))>;
def : Pat<(shl (i64 (zext i32:$a)), shamt:$s), (ILEA64_ri $a, 0, (ilea64_u $s))>;

// ---- three-input logic. The truth table of a function is the function of the inputs' tables.
multiclass Lop3<SDPatternOperator Inner, SDPatternOperator Outer, int Lut> {
  def : Pat<(Outer (OneUse2<Inner> i32:$a, i32:$b), i32:$c), (LOP3_rrr $a, $b, $c, Lut)>;
  def : Pat<(Outer (OneUse2<Inner> i32:$a, (i32 imm:$b)), i32:$c), (LOP3_rir $a, imm:$b, $c, Lut)>;
  def : Pat<(Outer (OneUse2<Inner> i32:$a, i32:$b), (i32 imm:$c)), (LOP3_rri $a, $b, imm:$c, Lut)>;
}
defm : Lop3<and, and, !and(!and(MLut_a, MLut_b), MLut_c)>;
defm : Lop3<and, or, !or(!and(MLut_a, MLut_b), MLut_c)>;
defm : Lop3<and, xor, !xor(!and(MLut_a, MLut_b), MLut_c)>;
defm : Lop3<or, and, !and(!or(MLut_a, MLut_b), MLut_c)>;
defm : Lop3<or, or, !or(!or(MLut_a, MLut_b), MLut_c)>;
defm : Lop3<or, xor, !xor(!or(MLut_a, MLut_b), MLut_c)>;
defm : Lop3<xor, and, !and(!xor(MLut_a, MLut_b), MLut_c)>;
defm : Lop3<xor, or, !or(!xor(MLut_a, MLut_b), MLut_c)>;
defm : Lop3<xor, xor, !xor(!xor(MLut_a, MLut_b), MLut_c)>;
defvar MLut_not_b = !xor(MLut_b, MLut_ones);
let AddedComplexity = 10 in {
def : Pat<(and i32:$a, (xor i32:$b, (i32 -1))), (LOP3_rrr $a, $b, (i32 RZ), !and(MLut_a, MLut_not_b))>;
def : Pat<(or i32:$a, (xor i32:$b, (i32 -1))), (LOP3_rrr $a, $b, (i32 RZ), !or(MLut_a, MLut_not_b))>;
def : Pat<(xor (OneUse2<xor> i32:$a, i32:$b), (i32 -1)), (LOP3_rrr $a, $b, (i32 RZ), !xor(MLut_a, MLut_not_b))>;
def : Pat<(xor (OneUse2<and> i32:$a, i32:$b), (i32 -1)), (LOP3_rrr $a, $b, (i32 RZ), !xor(!and(MLut_a, MLut_b), MLut_ones))>;
def : Pat<(xor (OneUse2<or> i32:$a, i32:$b), (i32 -1)), (LOP3_rrr $a, $b, (i32 RZ), !xor(!or(MLut_a, MLut_b), MLut_ones))>;
}

// ---- funnel shifts; shift amounts that the program masks itself
def : Pat<(i32 (fshl i32:$h, i32:$l, i32:$n)), (SHFL_L_rrr $l, $n, $h, MShfMode_wrap)>;
def : Pat<(i32 (fshl i32:$h, i32:$l, (i32 imm:$n))), (SHFL_L_rir $l, imm:$n, $h, MShfMode_wrap)>;
def : Pat<(i32 (fshr i32:$h, i32:$l, i32:$n)), (SHFL_R_rrr $l, $n, $h, MShfMode_wrap)>;
def : Pat<(i32 (fshr i32:$h, i32:$l, (i32 imm:$n))), (SHFL_R_rir $l, imm:$n, $h, MShfMode_wrap)>;
def : Pat<(i32 (rotl i32:$a, i32:$n)), (SHFL_L_rrr $a, $n, $a, MShfMode_wrap)>;
def : Pat<(i32 (rotl i32:$a, (i32 imm:$n))), (SHFL_L_rir $a, imm:$n, $a, MShfMode_wrap)>;
def : Pat<(i32 (rotr i32:$a, i32:$n)), (SHFL_R_rrr $a, $n, $a, MShfMode_wrap)>;
def : Pat<(i32 (rotr i32:$a, (i32 imm:$n))), (SHFL_R_rir $a, imm:$n, $a, MShfMode_wrap)>;
def : Pat<(i32 (shl i32:$a, (and i32:$n, (i32 31)))), (SHFL_L_rrr (i32 RZ), $n, $a, MShfMode_wrap)>;
def : Pat<(i32 (srl i32:$a, (and i32:$n, (i32 31)))), (SHFL_R_rrr $a, $n, (i32 RZ), MShfMode_wrap)>;

// ---- bits
def : Pat<(i32 (ctpop i32:$a)), (POPC $a)>;
def : Pat<(i32 (ctlz i32:$a)), (CLZ $a)>;
def : Pat<(i32 (cttz i32:$a)), (CTZ $a)>;
multiclass Count64<SDPatternOperator Op, Instruction I> {
  def : Pat<(i64 (Op i64:$a)), (ZEXT32 (I $a))>;
  def : Pat<(i32 (trunc (i64 (Op i64:$a)))), (I $a)>;
}
defm : Count64<ctpop, POPC_64>;
defm : Count64<ctlz, CLZ_64>;
defm : Count64<cttz, CTZ_64>;
def : Pat<(i32 (bitreverse i32:$a)), (BREV $a)>;
def : Pat<(i64 (bitreverse i64:$a)), (BREV64 $a)>;
def : Pat<(i32 (bswap i32:$a)), (PRMT_rir $a, 0x0123, (i32 RZ), PRMT_pmode_default)>;
def : Pat<(i64 (bswap i64:$a)),
          (REG_SEQUENCE GPR64, (PRMT_rir (i32 (EXTRACT_SUBREG $a, sub1)), 0x0123, (i32 RZ), PRMT_pmode_default), sub0,
                               (PRMT_rir (i32 (EXTRACT_SUBREG $a, sub0)), 0x0123, (i32 RZ), PRMT_pmode_default), sub1)>;
def : Pat<(sext_inreg i32:$a, i8), (SEXT8 $a)>;
def : Pat<(sext_inreg i32:$a, i16), (SEXT16 $a)>;
def : Pat<(sext_inreg i32:$a, i1), (BF32ES_ri $a, 0x100)>;
def : Pat<(sext_inreg i64:$a, i1), (BF64ES_ri $a, 0x100)>;
def : Pat<(sext_inreg i64:$a, i8), (SEXT32 (SEXT8 (i32 (EXTRACT_SUBREG $a, sub0))))>;
def : Pat<(sext_inreg i64:$a, i16), (SEXT32 (SEXT16 (i32 (EXTRACT_SUBREG $a, sub0))))>;
def : Pat<(sext_inreg i64:$a, i32), (SEXT32 (i32 (EXTRACT_SUBREG $a, sub0)))>;

// ---- constants, extensions, halves
def : Pat<(i32 imm:$a), (MOV_i imm:$a)>;
def : Pat<(i64 simm32:$a), (MOV64_i imm:$a)>;
let AddedComplexity = -1 in
def : Pat<(i64 imm:$a), (MOVI64 imm:$a)>;
def : Pat<(i64 (sext i32:$a)), (SEXT32 $a)>;
def : Pat<(i64 (zext i32:$a)), (ZEXT32 $a)>;
def : Pat<(i64 (anyext i32:$a)), (INSERT_SUBREG (i64 (IMPLICIT_DEF)), $a, sub0)>;
def : Pat<(i32 (trunc i64:$a)), (EXTRACT_SUBREG $a, sub0)>;
def : Pat<(i32 (trunc (srl i64:$a, (i32 32)))), (EXTRACT_SUBREG $a, sub1)>;
def : Pat<(i64 (build_pair i32:$l, i32:$h)), (REG_SEQUENCE GPR64, $l, sub0, $h, sub1)>;
def : Pat<(or (i64 (shl (i64 (anyext i32:$h)), (i32 32))), (i64 (zext i32:$l))),
          (REG_SEQUENCE GPR64, $l, sub0, $h, sub1)>;
def : Pat<(or (i64 (shl (i64 (zext i32:$h)), (i32 32))), (i64 (zext i32:$l))),
          (REG_SEQUENCE GPR64, $l, sub0, $h, sub1)>;
def : Pat<(and i64:$a, (i64 0xffffffff)), (ZEXT32 (i32 (EXTRACT_SUBREG $a, sub0)))>;

// ---- predicates
def : Pat<(i1 -1), (PSET 0)>;
def : Pat<(i1 0), (PSET 1)>;
def : Pat<(and (psrc i1:$p, i32:$n), (psrc i1:$q, i32:$m)), (PLOP $p, $n, $q, $m, PLOP_pop_and)>;
def : Pat<(or (psrc i1:$p, i32:$n), (psrc i1:$q, i32:$m)), (PLOP $p, $n, $q, $m, PLOP_pop_or)>;
def : Pat<(xor (psrc i1:$p, i32:$n), (psrc i1:$q, i32:$m)), (PLOP $p, $n, $q, $m, PLOP_pop_xor)>;
def : Pat<(xor i1:$p, (i1 -1)), (PMOV $p, 1)>;
def pneg : SDNodeXForm<imm, [{ return CurDAG->getTargetConstant(!N->getZExtValue(), SDLoc(N), MVT::i32); }]>;
multiclass Ext1<SDPatternOperator Op, int V> {
  def : Pat<(i32 (Op (psrc i1:$p, i32:$n))), (SELP_ri (i32 RZ), V, $p, (pneg $n))>;
  def : Pat<(i64 (Op (psrc i1:$p, i32:$n))), (SELP64_ri (i64 RZ64), V, $p, (pneg $n))>;
}
defm : Ext1<zext, 1>;
defm : Ext1<anyext, 1>;
defm : Ext1<sext, -1>;
// The low bit of a word as a predicate: ne on the masked word.
def : Pat<(i1 (trunc i32:$a)), (ISETPS32_ri (AND_ri $a, 1), 0, MICmp_ne)>;
def : Pat<(i1 (trunc i64:$a)), (ISETPS32_ri (AND_ri (i32 (EXTRACT_SUBREG $a, sub0)), 1), 0, MICmp_ne)>;
foreach C = [SETEQ] in def : Pat<(setcc i1:$a, i1:$b, C), (PLOP $a, 0, $b, 1, PLOP_pop_xor)>;
def : Pat<(setcc i1:$a, i1:$b, SETNE), (PLOP $a, 0, $b, 0, PLOP_pop_xor)>;
foreach C = [SETUGT, SETLT] in def : Pat<(setcc i1:$a, i1:$b, C), (PLOP $a, 0, $b, 1, PLOP_pop_and)>;
foreach C = [SETULT, SETGT] in def : Pat<(setcc i1:$a, i1:$b, C), (PLOP $a, 1, $b, 0, PLOP_pop_and)>;
foreach C = [SETUGE, SETLE] in def : Pat<(setcc i1:$a, i1:$b, C), (PLOP $a, 0, $b, 1, PLOP_pop_or)>;
foreach C = [SETULE, SETGE] in def : Pat<(setcc i1:$a, i1:$b, C), (PLOP $a, 1, $b, 0, PLOP_pop_or)>;

// ---- compare, alone or combined with another predicate
multiclass ICmp<ValueType T, ImmLeaf Imm, string I, CondCode C, int Code> {
  defvar RR = !cast<Instruction>(I#"_rr");
  defvar RI = !cast<Instruction>(I#"_ri");
  defvar RRP = !cast<Instruction>(I#"_rr_ps");
  defvar RIP = !cast<Instruction>(I#"_ri_ps");
  def : Pat<(i1 (setcc T:$a, T:$b, C)), (RR $a, $b, Code)>;
  def : Pat<(i1 (setcc T:$a, (T Imm:$b), C)), (RI $a, imm:$b, Code)>;
  foreach B = [0, 1] in {
    defvar Op = !if(B, or, and);
    defvar M = !or(Code, !if(B, MBool_or, MBool_and));
    def : Pat<(Op (i1 (setcc1 T:$a, T:$b, C)), (psrc i1:$p, i32:$n)), (RRP $a, $b, $p, $n, M)>;
    def : Pat<(Op (i1 (setcc1 T:$a, (T Imm:$b), C)), (psrc i1:$p, i32:$n)), (RIP $a, imm:$b, $p, $n, M)>;
  }
}
def anyimm32 : ImmLeaf<i32, [{ (void)Imm; return true; }]>;
multiclass ICmpAll<ValueType T, ImmLeaf Imm, string W> {
  defm : ICmp<T, Imm, "ISETPS"#W, SETEQ, MICmp_eq>;
  defm : ICmp<T, Imm, "ISETPS"#W, SETNE, MICmp_ne>;
  defm : ICmp<T, Imm, "ISETPS"#W, SETLT, MICmp_lt>;
  defm : ICmp<T, Imm, "ISETPS"#W, SETLE, MICmp_le>;
  defm : ICmp<T, Imm, "ISETPS"#W, SETGT, MICmp_gt>;
  defm : ICmp<T, Imm, "ISETPS"#W, SETGE, MICmp_ge>;
  defm : ICmp<T, Imm, "ISETPU"#W, SETULT, MICmp_lt>;
  defm : ICmp<T, Imm, "ISETPU"#W, SETULE, MICmp_le>;
  defm : ICmp<T, Imm, "ISETPU"#W, SETUGT, MICmp_gt>;
  defm : ICmp<T, Imm, "ISETPU"#W, SETUGE, MICmp_ge>;
}
defm : ICmpAll<i32, anyimm32, "32">;
defm : ICmpAll<i64, simm32, "64">;

// ---- select
multiclass Sel<ValueType T, ImmLeaf Imm, Instruction RR, Instruction RI> {
  def : Pat<(T (select (psrc i1:$p, i32:$n), T:$a, T:$b)), (RR $a, $b, $p, $n)>;
  def : Pat<(T (select (psrc i1:$p, i32:$n), T:$a, (T Imm:$b))), (RI $a, imm:$b, $p, $n)>;
  def : Pat<(T (select (psrc i1:$p, i32:$n), (T Imm:$a), T:$b)), (RI $b, imm:$a, $p, (pneg $n))>;
}
defm : Sel<i32, anyimm32, SELP_rr, SELP_ri>;
defm : Sel<i64, simm32, SELP64_rr, SELP64_ri>;
def : Pat<(i1 (select i1:$c, i1:$a, i1:$b)), (PLOP (PLOP $c, 0, $a, 0, PLOP_pop_and), 0, (PLOP $c, 1, $b, 0, PLOP_pop_and), 0, PLOP_pop_or)>;
let AddedComplexity = 8 in {
def : Pat<(i32 (select (psrc i1:$p, i32:$n), (i32 imm:$a), (i32 0))), (SELP_ri (i32 RZ), imm:$a, $p, (pneg $n))>;
def : Pat<(i32 (select (psrc i1:$p, i32:$n), (i32 0), (i32 imm:$b))), (SELP_ri (i32 RZ), imm:$b, $p, $n)>;
}
