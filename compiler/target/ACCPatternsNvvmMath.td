// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Selection of the arithmetic llvm.nvvm.* intrinsics.

// Suffixes of the intrinsics and the modifier bits they stand for.
class Suffix<string s, int m> { string S = s; int M = m; }
defvar Roundings = [Suffix<"_rn", MRnd_default>, Suffix<"_rz", MRnd_rz>, Suffix<"_rm", MRnd_rm>, Suffix<"_rp", MRnd_rp>];
defvar Ftz = [Suffix<"", MFtz_default>, Suffix<"_ftz", MFtz_ftz>];
defvar Sat = [Suffix<"", MSat_default>, Suffix<"_sat", MSat_sat>];

multiclass Nvvm2<string I, ValueType T, string R, int M> {
  def : Pat<(T (!cast<Intrinsic>("int_nvvm_"#I) T:$a, T:$b)), (!cast<Instruction>(R#"_rr") $a, $b, M)>;
}
multiclass Nvvm1<string I, ValueType T, string R, int M> {
  def : Pat<(T (!cast<Intrinsic>("int_nvvm_"#I) T:$a)), (!cast<Instruction>(R) $a, M)>;
}
foreach R = Roundings in {
  foreach F = Ftz in {
    foreach S = Sat in {
      defm : Nvvm2<"add"#R.S#F.S#S.S#"_f", f32, "FADD", !or(R.M, F.M, S.M)>;
      def : Pat<(f32 (!cast<Intrinsic>("int_nvvm_fma"#R.S#F.S#S.S#"_f") f32:$a, f32:$b, f32:$c)),
                (FFMA_rrr $a, $b, $c, !or(R.M, F.M, S.M))>;
    }
    defvar M = !or(R.M, F.M);
    defm : Nvvm2<"mul"#R.S#F.S#"_f", f32, "FMUL", M>;
    defm : Nvvm2<"div"#R.S#F.S#"_f", f32, "FDIV", M>;
    defm : Nvvm1<"rcp"#R.S#F.S#"_f", f32, "FRCP", M>;
    defm : Nvvm1<"sqrt"#R.S#F.S#"_f", f32, "FSQRT", M>;
  }
  defm : Nvvm2<"add"#R.S#"_d", f64, "DADD", R.M>;
  defm : Nvvm2<"mul"#R.S#"_d", f64, "DMUL", R.M>;
  defm : Nvvm2<"div"#R.S#"_d", f64, "DDIV", R.M>;
  defm : Nvvm1<"rcp"#R.S#"_d", f64, "DRCP", R.M>;
  defm : Nvvm1<"sqrt"#R.S#"_d", f64, "DSQRT", R.M>;
  def : Pat<(f64 (!cast<Intrinsic>("int_nvvm_fma"#R.S#"_d") f64:$a, f64:$b, f64:$c)), (DFMA_rrr $a, $b, $c, R.M)>;
}
// Division is one instruction and correctly rounded, which is within what the approximations promise.
foreach F = Ftz in {
  defm : Nvvm2<"div_approx"#F.S#"_f", f32, "FDIV", F.M>;
  defm : Nvvm2<"div_full"#F.S, f32, "FDIV", F.M>;
  defm : Nvvm1<"sqrt_approx"#F.S#"_f", f32, "SQRT", F.M>;
  defm : Nvvm1<"rsqrt_approx"#F.S#"_f", f32, "RSQRT", F.M>;
  defm : Nvvm1<"sin_approx"#F.S#"_f", f32, "SIN", F.M>;
  defm : Nvvm1<"cos_approx"#F.S#"_f", f32, "COS", F.M>;
  defm : Nvvm1<"lg2_approx"#F.S#"_f", f32, "LG2", F.M>;
  defm : Nvvm1<"ex2_approx"#F.S, f32, "EX2", F.M>;
  // saturate: x + -0 clamped; -0 keeps every x as it is.
  def : Pat<(f32 (!cast<Intrinsic>("int_nvvm_saturate"#F.S#"_f") f32:$a)), (FADD_ri $a, 0x80000000, !or(F.M, MSat_sat))>;
  def : Pat<(f32 (!cast<Intrinsic>("int_nvvm_fabs"#F.S) f32:$a)),
            !if(F.M, (FADD_ri f32:$a, 0, !or(F.M, MAbsA_aa)), (AND_ri f32:$a, 0x7fffffff))>;
  foreach N = [Suffix<"", MNan_default>, Suffix<"_nan", MNan_nan>] in
    foreach X = [Suffix<"", MXorSign_default>, Suffix<"_xorsign_abs", MXorSign_xorsign>] in {
      defvar M = !or(F.M, N.M, X.M);
      defm : Nvvm2<"fmin"#F.S#N.S#X.S#"_f", f32, "FMIN", M>;
      defm : Nvvm2<"fmax"#F.S#N.S#X.S#"_f", f32, "FMAX", M>;
    }
  defvar RF = !if(F.M, MRndFtz_ftz, MRndFtz_default); // frnd has its ftz bit elsewhere
  defm : Nvvm1<"floor"#F.S#"_f", f32, "FRND_f32", !or(MRndF_rmi, RF)>;
  defm : Nvvm1<"ceil"#F.S#"_f", f32, "FRND_f32", !or(MRndF_rpi, RF)>;
  defm : Nvvm1<"trunc"#F.S#"_f", f32, "FRND_f32", !or(MRndF_rzi, RF)>;
  defm : Nvvm1<"round"#F.S#"_f", f32, "FRND_f32", !or(MRndF_rni, RF)>;
}
def : Pat<(f64 (int_nvvm_fabs f64:$a)), (DCOPYSIGN_ri $a, 0)>;
def : Pat<(f32 (int_nvvm_sqrt_f f32:$a)), (FSQRT $a)>;
def : Pat<(f32 (int_nvvm_rcp_approx_ftz_f f32:$a)), (RCP $a, MFtz_ftz)>;
def : Pat<(f64 (int_nvvm_rcp_approx_ftz_d f64:$a)), (RCP64 $a)>;
def : Pat<(f64 (int_nvvm_rsqrt_approx_d f64:$a)), (RSQRT64 $a)>;
def : Pat<(f64 (int_nvvm_rsqrt_approx_ftz_d f64:$a)), (RSQRT64 $a)>;
defm : Nvvm2<"fmin_d", f64, "DMIN", MNan_default>;
defm : Nvvm2<"fmax_d", f64, "DMAX", MNan_default>;
defm : Nvvm1<"floor_d", f64, "FRND_f64", MRndF_rmi>;
defm : Nvvm1<"ceil_d", f64, "FRND_f64", MRndF_rpi>;
defm : Nvvm1<"trunc_d", f64, "FRND_f64", MRndF_rzi>;
defm : Nvvm1<"round_d", f64, "FRND_f64", MRndF_rni>;
// No clamp in f64: max(x, 0) gives 0 for NaN, then min(x, 1).
def : Pat<(f64 (int_nvvm_saturate_d f64:$a)), (DMIN_ri (DMAX_ri $a, 0), 0x3ff00000)>;

// ---- conversions
foreach R = Roundings in {
  foreach F = Ftz in {
    defvar M = !or(R.M, F.M);
    def : Pat<(f32 (!cast<Intrinsic>("int_nvvm_d2f"#R.S#F.S) f64:$a)), (CVT_f32_f64 $a, M)>;
  }
}
// To an integer the rounding is another modifier.
foreach R = [Suffix<"_rz", MRndI_rzi>, Suffix<"_rn", MRndI_rni>, Suffix<"_rm", MRndI_rmi>, Suffix<"_rp", MRndI_rpi>] in {
  foreach F = Ftz in {
    defvar M = !or(R.M, F.M);
    def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_f2i"#R.S#F.S) f32:$a)), (CVT_s32_f32 $a, M)>;
    def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_f2ui"#R.S#F.S) f32:$a)), (CVT_u32_f32 $a, M)>;
    def : Pat<(i64 (!cast<Intrinsic>("int_nvvm_f2ll"#R.S#F.S) f32:$a)), (CVT_s64_f32 $a, M)>;
    def : Pat<(i64 (!cast<Intrinsic>("int_nvvm_f2ull"#R.S#F.S) f32:$a)), (CVT_u64_f32 $a, M)>;
  }
  def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_d2i"#R.S) f64:$a)), (CVT_s32_f64 $a, R.M)>;
  def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_d2ui"#R.S) f64:$a)), (CVT_u32_f64 $a, R.M)>;
  def : Pat<(i64 (!cast<Intrinsic>("int_nvvm_d2ll"#R.S) f64:$a)), (CVT_s64_f64 $a, R.M)>;
  def : Pat<(i64 (!cast<Intrinsic>("int_nvvm_d2ull"#R.S) f64:$a)), (CVT_u64_f64 $a, R.M)>;
}
foreach R = Roundings in {
  foreach F = ["f", "d"] in {
    defvar T = !if(!eq(F, "d"), f64, f32);
    defvar N = !if(!eq(F, "d"), "f64", "f32");
    def : Pat<(T (!cast<Intrinsic>("int_nvvm_i2"#F#R.S) i32:$a)), (!cast<Instruction>("CVT_"#N#"_s32") $a, R.M)>;
    def : Pat<(T (!cast<Intrinsic>("int_nvvm_ui2"#F#R.S) i32:$a)), (!cast<Instruction>("CVT_"#N#"_u32") $a, R.M)>;
    def : Pat<(T (!cast<Intrinsic>("int_nvvm_ll2"#F#R.S) i64:$a)), (!cast<Instruction>("CVT_"#N#"_s64") $a, R.M)>;
    def : Pat<(T (!cast<Intrinsic>("int_nvvm_ull2"#F#R.S) i64:$a)), (!cast<Instruction>("CVT_"#N#"_u64") $a, R.M)>;
  }
}
def : Pat<(f64 (int_nvvm_lohi_i2d i32:$l, i32:$h)), (REG_SEQUENCE GPR64, $l, sub0, $h, sub1)>;
def : Pat<(i32 (int_nvvm_d2i_lo f64:$a)), (EXTRACT_SUBREG $a, sub0)>;
def : Pat<(i32 (int_nvvm_d2i_hi f64:$a)), (EXTRACT_SUBREG $a, sub1)>;
def : Pat<(i32 (int_nvvm_f2tf32_rna f32:$a)), (CVT_tf32_f32 $a, CVT_tf32_f32_tfrnd_rna)>;
def : Pat<(i32 (int_nvvm_f2tf32_rn f32:$a)), (CVT_tf32_f32 $a, CVT_tf32_f32_tfrnd_default)>;

// ---- integers
def : Pat<(i32 (int_nvvm_mulhi_i i32:$a, i32:$b)), (IMULHIS_rr $a, $b)>;
def : Pat<(i32 (int_nvvm_mulhi_ui i32:$a, i32:$b)), (IMULHIU_rr $a, $b)>;
def : Pat<(i64 (int_nvvm_mulhi_ll i64:$a, i64:$b)), (IMULHIS64_rr $a, $b)>;
def : Pat<(i64 (int_nvvm_mulhi_ull i64:$a, i64:$b)), (IMULHIU64_rr $a, $b)>;
def : Pat<(i32 (int_nvvm_mul24_i i32:$a, i32:$b)), (IMUL24S_rr $a, $b)>;
def : Pat<(i32 (int_nvvm_mul24_ui i32:$a, i32:$b)), (IMUL24U_rr $a, $b)>;
def : Pat<(i32 (int_nvvm_sad_i i32:$a, i32:$b, i32:$c)), (ISADS_rrr $a, $b, $c)>;
def : Pat<(i32 (int_nvvm_sad_ui i32:$a, i32:$b, i32:$c)), (ISADU_rrr $a, $b, $c)>;
def timm0 : TImmLeaf<i1, [{ return Imm == 0; }]>;
def timm1 : TImmLeaf<i1, [{ return Imm != 0; }]>;
foreach A = [0, 1] in
  foreach B = [0, 1] in {
    defvar S = !if(A, "_u", "_s")#!if(B, "_u", "_s");
    defvar M = !or(!if(A, MDpA_u8, MDpA_s8), !if(B, MDpB_ub, MDpB_sb));
    def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_idp4a"#S) i32:$a, i32:$b, i32:$c)), (DP4A_rrr $a, $b, $c, M)>;
    def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_idp2a"#S) i32:$a, i32:$b, timm0, i32:$c)), (DP2A_rrr $a, $b, $c, !or(M, DP2A_half_lo))>;
    def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_idp2a"#S) i32:$a, i32:$b, timm1, i32:$c)), (DP2A_rrr $a, $b, $c, !or(M, DP2A_half_hi))>;
  }
// prmt of the machine has the selector as b and the second word as c.
def : Pat<(i32 (int_nvvm_prmt i32:$a, i32:$b, i32:$s)), (PRMT_rrr $a, $s, $b, PRMT_pmode_default)>;
def : Pat<(i32 (int_nvvm_prmt i32:$a, i32:$b, (i32 imm:$s))), (PRMT_rir $a, imm:$s, $b, PRMT_pmode_default)>;
foreach X = [Suffix<"f4e", PRMT_pmode_f4e>, Suffix<"b4e", PRMT_pmode_b4e>] in
  def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_prmt_"#X.S) i32:$a, i32:$b, i32:$s)), (PRMT_rrr $a, $s, $b, X.M)>;
foreach X = [Suffix<"rc8", PRMT_pmode_rc8>, Suffix<"ecl", PRMT_pmode_ecl>, Suffix<"ecr", PRMT_pmode_ecr>, Suffix<"rc16", PRMT_pmode_rc16>] in
  def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_prmt_"#X.S) i32:$a, i32:$s)), (PRMT_rrr $a, $s, (i32 RZ), X.M)>;
// flo: position of the leading bit, or the shift that brings it to the top.
foreach X = ["u", "s"] in {
  defvar I = !cast<Intrinsic>("int_nvvm_flo_"#X);
  defvar F32 = !if(!eq(X, "s"), BFINDS32, BFINDU32);
  defvar F64 = !if(!eq(X, "s"), BFINDS64, BFINDU64);
  def : Pat<(i32 (I i32:$a, timm0)), (F32 $a, MShiftAmt_default)>;
  def : Pat<(i32 (I i32:$a, timm1)), (F32 $a, MShiftAmt_shiftamt)>;
  def : Pat<(i32 (I i64:$a, timm0)), (F64 $a, MShiftAmt_default)>;
  def : Pat<(i32 (I i64:$a, timm1)), (F64 $a, MShiftAmt_shiftamt)>;
}
def : Pat<(i32 (int_nvvm_fns i32:$a, i32:$b, i32:$c)), (FNS_rrr $a, $b, $c)>;
def : Pat<(i32 (int_nvvm_fshl_clamp i32:$h, i32:$l, i32:$n)), (SHFL_L_rrr $l, $n, $h, MShfMode_clamp)>;
def : Pat<(i32 (int_nvvm_fshr_clamp i32:$h, i32:$l, i32:$n)), (SHFL_R_rrr $l, $n, $h, MShfMode_clamp)>;
def : Pat<(i32 (int_nvvm_bmsk_wrap i32:$a, i32:$b)), (BMSK_rr $a, $b, MShfMode_wrap)>;
def : Pat<(i32 (int_nvvm_bmsk_clamp i32:$a, i32:$b)), (BMSK_rr $a, $b, MShfMode_clamp)>;
