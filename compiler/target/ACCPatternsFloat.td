// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Selection of f32 and f64 arithmetic, comparisons and conversions. Modifiers have the names of the ISA table
// (Schema.td, Float.td, Convert.td): MNegA_na is the modifier MNegA with the value `na`.

// An f32 immediate is its bits; an f64 immediate is the high word, and only values with a zero low word have one.
def fbits : SDNodeXForm<fpimm, [{
  return CurDAG->getTargetConstant(N->getValueAPF().bitcastToAPInt().getZExtValue(), SDLoc(N), MVT::i32); }]>;
def fhigh : SDNodeXForm<fpimm, [{
  return CurDAG->getTargetConstant(N->getValueAPF().bitcastToAPInt().lshr(32).getZExtValue(), SDLoc(N), MVT::i32); }]>;
def fbits64 : SDNodeXForm<fpimm, [{
  return CurDAG->getTargetConstant(N->getValueAPF().bitcastToAPInt(), SDLoc(N), MVT::i64); }]>;
def fimm32 : FPImmLeaf<f32, [{ (void)Imm; return true; }]>;
def fimmhi : FPImmLeaf<f64, [{ return Imm.bitcastToAPInt().trunc(32).isZero(); }]>;
def fone : FPImmLeaf<fAny, [{ return Imm.isExactlyValue(1.0); }]>;

// How a type's immediates and records look.
class FTy<ValueType t, string p, string f> {
  ValueType T = t;
  string Prefix = p; // first letter of the record names
  FPImmLeaf Imm = !cast<FPImmLeaf>(f);
  SDNodeXForm X = !if(!eq(p, "F"), fbits, fhigh);
}
def TyF32 : FTy<f32, "F", "fimm32">;
def TyF64 : FTy<f64, "D", "fimmhi">;

// ---- constants and moves between types
def : Pat<(f32 fpimm:$a), (MOV_i (fbits $a))>;
def : Pat<(f64 fpimm:$a), (MOVI64 (fbits64 $a))>;
def : Pat<(i32 (bitconvert f32:$a)), (COPY_TO_REGCLASS $a, GPR32)>;
def : Pat<(f32 (bitconvert i32:$a)), (COPY_TO_REGCLASS $a, GPR32)>;
def : Pat<(i64 (bitconvert f64:$a)), (COPY_TO_REGCLASS $a, GPR64)>;
def : Pat<(f64 (bitconvert i64:$a)), (COPY_TO_REGCLASS $a, GPR64)>;
def : Pat<(f64 (bitconvert (i64 (build_pair i32:$l, i32:$h)))), (REG_SEQUENCE GPR64, $l, sub0, $h, sub1)>;

// ---- sign bits: logic on the word that holds them, exact for every value including NaN
def : Pat<(f32 (fneg f32:$a)), (XOR_ri $a, 0x80000000)>;
def : Pat<(f32 (fabs f32:$a)), (AND_ri $a, 0x7fffffff)>;
def : Pat<(f32 (fneg (fabs f32:$a))), (OR_ri $a, 0x80000000)>;
def : Pat<(f64 (fneg f64:$a)),
          (INSERT_SUBREG $a, (XOR_ri (i32 (EXTRACT_SUBREG $a, sub1)), 0x80000000), sub1)>;
def : Pat<(f64 (fabs f64:$a)), (DCOPYSIGN_ri $a, 0)>;
def : Pat<(f64 (fneg (fabs f64:$a))), (DCOPYSIGN_ri $a, 0x80000000)>;
def : Pat<(f32 (fcopysign f32:$a, f32:$b)), (FCOPYSIGN_rr $a, $b)>;
def : Pat<(f64 (fcopysign f64:$a, f64:$b)), (DCOPYSIGN_rr $a, $b)>;
def : Pat<(f32 (fcopysign f32:$a, f64:$b)), (FCOPYSIGN_rr $a, (i32 (EXTRACT_SUBREG $b, sub1)))>;
def : Pat<(f64 (fcopysign f64:$a, f32:$b)),
          (DCOPYSIGN_rr $a, (INSERT_SUBREG (f64 (IMPLICIT_DEF)), $b, sub1))>;

// ---- arithmetic
multiclass FBin<FTy Y, SDPatternOperator Op, string I, int Mods = 0> {
  defvar RR = !cast<Instruction>(Y.Prefix#I#"_rr");
  defvar RI = !cast<Instruction>(Y.Prefix#I#"_ri");
  def : Pat<(Y.T (Op Y.T:$a, Y.T:$b)), (RR $a, $b, Mods)>;
  def : Pat<(Y.T (Op Y.T:$a, (Y.T Y.Imm:$b))), (RI $a, (Y.X $b), Mods)>;
}
multiclass FArith<FTy Y> {
  defvar ADD = !cast<Instruction>(Y.Prefix#"ADD_rr");
  defvar ADDI = !cast<Instruction>(Y.Prefix#"ADD_ri");
  defvar MUL = !cast<Instruction>(Y.Prefix#"MUL_rr");
  defvar FMA = !cast<Instruction>(Y.Prefix#"FMA_rrr");
  defvar FMAB = !cast<Instruction>(Y.Prefix#"FMA_rir");
  defvar FMAC = !cast<Instruction>(Y.Prefix#"FMA_rri");
  defm : FBin<Y, fadd, "ADD">;
  defm : FBin<Y, fmul, "MUL">;
  defm : FBin<Y, fdiv, "DIV">;
  defm : FBin<Y, fminnum, "MIN">;
  defm : FBin<Y, fmaxnum, "MAX">;
  defm : FBin<Y, fminimumnum, "MIN">;
  defm : FBin<Y, fmaximumnum, "MAX">;
  defm : FBin<Y, fminimum, "MIN", MNan_nan>;
  defm : FBin<Y, fmaximum, "MAX", MNan_nan>;
  def : Pat<(Y.T (fsub Y.T:$a, Y.T:$b)), (ADD $a, $b, MNegB_nb)>;
  def : Pat<(Y.T (fsub (Y.T Y.Imm:$a), Y.T:$b)), (ADDI $b, (Y.X $a), MNegA_na)>;
  def : Pat<(Y.T (fadd Y.T:$a, (fabs Y.T:$b))), (ADD $a, $b, MAbsB_ab)>;
  def : Pat<(Y.T (fsub Y.T:$a, (fabs Y.T:$b))), (ADD $a, $b, !or(MAbsB_ab, MNegB_nb))>;
  def : Pat<(Y.T (fmul (fneg Y.T:$a), Y.T:$b)), (MUL $a, $b, MNegA_na)>;
  def : Pat<(Y.T (fmul (fabs Y.T:$a), Y.T:$b)), (MUL $a, $b, MAbsA_aa)>;
  def : Pat<(Y.T (fneg (OneUse2<fmul> Y.T:$a, Y.T:$b))), (MUL $a, $b, MNegA_na)>;
  def : Pat<(Y.T (fdiv (Y.T fone), Y.T:$b)), (!cast<Instruction>(Y.Prefix#"RCP") $b)>;
  def : Pat<(Y.T (fsqrt Y.T:$a)), (!cast<Instruction>(Y.Prefix#"SQRT") $a)>;
  def : Pat<(Y.T (fcanonicalize Y.T:$a)),
            (!cast<Instruction>(Y.Prefix#"MUL_ri") $a, !if(!eq(Y.Prefix, "F"), 0x3f800000, 0x3ff00000))>;
  def : Pat<(Y.T (fma Y.T:$a, Y.T:$b, Y.T:$c)), (FMA $a, $b, $c)>;
  def : Pat<(Y.T (fma Y.T:$a, (Y.T Y.Imm:$b), Y.T:$c)), (FMAB $a, (Y.X $b), $c)>;
  def : Pat<(Y.T (fma Y.T:$a, Y.T:$b, (Y.T Y.Imm:$c))), (FMAC $a, $b, (Y.X $c))>;
  def : Pat<(Y.T (fma (fneg Y.T:$a), Y.T:$b, Y.T:$c)), (FMA $a, $b, $c, MNegA_na)>;
  def : Pat<(Y.T (fma (fneg Y.T:$a), (Y.T Y.Imm:$b), Y.T:$c)), (FMAB $a, (Y.X $b), $c, MNegA_na)>;
  def : Pat<(Y.T (fma (fneg Y.T:$a), Y.T:$b, (Y.T Y.Imm:$c))), (FMAC $a, $b, (Y.X $c), MNegA_na)>;
  def : Pat<(Y.T (fma Y.T:$a, Y.T:$b, (fneg Y.T:$c))), (FMA $a, $b, $c, MNegC_nc)>;
  def : Pat<(Y.T (fma Y.T:$a, (Y.T Y.Imm:$b), (fneg Y.T:$c))), (FMAB $a, (Y.X $b), $c, MNegC_nc)>;
  def : Pat<(Y.T (fma (fneg Y.T:$a), Y.T:$b, (fneg Y.T:$c))), (FMA $a, $b, $c, !or(MNegA_na, MNegC_nc))>;
}
defm : FArith<TyF32>;
defm : FArith<TyF64>;

// ---- rounding to integral values
multiclass FRound<ValueType T, Instruction I> {
  def : Pat<(T (frint T:$a)), (I $a, MRndF_rni)>;
  def : Pat<(T (fnearbyint T:$a)), (I $a, MRndF_rni)>;
  def : Pat<(T (froundeven T:$a)), (I $a, MRndF_rni)>;
  def : Pat<(T (ftrunc T:$a)), (I $a, MRndF_rzi)>;
  def : Pat<(T (ffloor T:$a)), (I $a, MRndF_rmi)>;
  def : Pat<(T (fceil T:$a)), (I $a, MRndF_rpi)>;
  def : Pat<(T (fround T:$a)), (I $a, MRndF_rna)>;
}
defm : FRound<f32, FRND_f32>;
defm : FRound<f64, FRND_f64>;

// ---- conversions
multiclass FloatInt<ValueType F, string N> {
  foreach I = [i32, i64] in {
    defvar S = !if(!eq(I, i32), "s32", "s64");
    defvar U = !if(!eq(I, i32), "u32", "u64");
    defvar ToS = !cast<Instruction>("CVT_"#S#"_"#N);
    defvar ToU = !cast<Instruction>("CVT_"#U#"_"#N);
    defvar FromS = !cast<Instruction>("CVT_"#N#"_"#S);
    defvar FromU = !cast<Instruction>("CVT_"#N#"_"#U);
    defvar Round = !cast<Instruction>("FRND_"#N);
    def : Pat<(I (fp_to_sint F:$a)), (ToS $a)>;
    def : Pat<(I (fp_to_uint F:$a)), (ToU $a)>;
    def : Pat<(I (fp_to_sint (frint F:$a))), (ToS $a, MRndI_rni)>;
    def : Pat<(I (fp_to_sint (froundeven F:$a))), (ToS $a, MRndI_rni)>;
    def : Pat<(I (fp_to_sint (ffloor F:$a))), (ToS $a, MRndI_rmi)>;
    def : Pat<(I (fp_to_sint (fceil F:$a))), (ToS $a, MRndI_rpi)>;
    def : Pat<(I (lrint F:$a)), (ToS $a, MRndI_rni)>;
    def : Pat<(I (llrint F:$a)), (ToS $a, MRndI_rni)>;
    def : Pat<(I (lround F:$a)), (ToS (Round $a, MRndF_rna))>;
    def : Pat<(I (llround F:$a)), (ToS (Round $a, MRndF_rna))>;
    def : Pat<(F (sint_to_fp I:$a)), (FromS $a)>;
    def : Pat<(F (uint_to_fp I:$a)), (FromU $a)>;
  }
}
// The machine clamps, and NaN gives 0, as LLVM's saturating operations want: from f32 to 32 bits only.
def : Pat<(i32 (fp_to_sint_sat f32:$a, i32)), (CVT_s32_f32 $a)>;
def : Pat<(i32 (fp_to_uint_sat f32:$a, i32)), (CVT_u32_f32 $a)>;
defm : FloatInt<f32, "f32">;
defm : FloatInt<f64, "f64">;
def : Pat<(f64 (fpextend f32:$a)), (CVT_f64_f32 $a)>;
def : Pat<(f32 (fpround f64:$a)), (CVT_f32_f64 $a)>;
// Halves live in the low 16 bits of a word; wide results have a zero high half.
def : Pat<(f32 (f16_to_fp i32:$a)), (CVT_f32_f16 $a)>;
def : Pat<(f64 (f16_to_fp i32:$a)), (CVT_f64_f16 $a)>;
def : Pat<(i32 (fp_to_f16 f32:$a)), (CVT_f16_f32 $a)>;
def : Pat<(i32 (fp_to_f16 f64:$a)), (CVT_f16_f64 $a)>;
def : Pat<(f32 (bf16_to_fp i32:$a)), (CVT_f32_bf16 $a)>;
def : Pat<(f64 (bf16_to_fp i32:$a)), (CVT_f64_bf16 $a)>;
def : Pat<(i32 (fp_to_bf16 f32:$a)), (CVT_bf16_f32 $a)>;
def : Pat<(i32 (fp_to_bf16 f64:$a)), (CVT_bf16_f64 $a)>;

// ---- compare, alone or combined with another predicate
multiclass FCmp<FTy Y, string I, CondCode C, int Code> {
  defvar RR = !cast<Instruction>(I#"_rr");
  defvar RI = !cast<Instruction>(I#"_ri");
  defvar RRP = !cast<Instruction>(I#"_rr_ps");
  defvar RIP = !cast<Instruction>(I#"_ri_ps");
  def : Pat<(i1 (setcc Y.T:$a, Y.T:$b, C)), (RR $a, $b, Code)>;
  def : Pat<(i1 (setcc Y.T:$a, (Y.T Y.Imm:$b), C)), (RI $a, (Y.X $b), Code)>;
  def : Pat<(i1 (setcc (fabs Y.T:$a), Y.T:$b, C)), (RR $a, $b, !or(Code, MCmpAbsA_aa))>;
  def : Pat<(i1 (setcc (fabs Y.T:$a), (Y.T Y.Imm:$b), C)), (RI $a, (Y.X $b), !or(Code, MCmpAbsA_aa))>;
  foreach B = [0, 1] in {
    defvar Op = !if(B, or, and);
    defvar M = !or(Code, !if(B, MBool_or, MBool_and));
    def : Pat<(Op (i1 (setcc1 Y.T:$a, Y.T:$b, C)), (psrc i1:$p, i32:$n)), (RRP $a, $b, $p, $n, M)>;
    def : Pat<(Op (i1 (setcc1 Y.T:$a, (Y.T Y.Imm:$b), C)), (psrc i1:$p, i32:$n)),
              (RIP $a, (Y.X $b), $p, $n, M)>;
  }
}
class FCode<CondCode c, int n> { CondCode C = c; int N = n; }
foreach X = [FCode<SETOEQ, MFCmp_eq>, FCode<SETONE, MFCmp_ne>, FCode<SETOLT, MFCmp_lt>, FCode<SETOLE, MFCmp_le>,
             FCode<SETOGT, MFCmp_gt>, FCode<SETOGE, MFCmp_ge>, FCode<SETO, MFCmp_num>, FCode<SETUO, MFCmp_nan>,
             FCode<SETUEQ, MFCmp_equ>, FCode<SETUNE, MFCmp_neu>, FCode<SETULT, MFCmp_ltu>, FCode<SETULE, MFCmp_leu>,
             FCode<SETUGT, MFCmp_gtu>, FCode<SETUGE, MFCmp_geu>, FCode<SETEQ, MFCmp_eq>, FCode<SETNE, MFCmp_neu>,
             FCode<SETLT, MFCmp_lt>, FCode<SETLE, MFCmp_le>, FCode<SETGT, MFCmp_gt>, FCode<SETGE, MFCmp_ge>] in {
  defm : FCmp<TyF32, "FSETP", X.C, X.N>;
  defm : FCmp<TyF64, "DSETP", X.C, X.N>;
}

// ---- select
multiclass FSel<FTy Y, Instruction RR> {
  def : Pat<(Y.T (select (psrc i1:$p, i32:$n), Y.T:$a, Y.T:$b)), (RR $a, $b, $p, $n)>;
}
defm : FSel<TyF32, SELP_rr>;
defm : FSel<TyF64, SELP64_rr>;
def : Pat<(f32 (select (psrc i1:$p, i32:$n), f32:$a, (f32 fimm32:$b))), (SELP_ri $a, (fbits $b), $p, $n)>;
def : Pat<(f32 (select (psrc i1:$p, i32:$n), (f32 fimm32:$a), f32:$b)), (SELP_ri $b, (fbits $a), $p, (pneg $n))>;
