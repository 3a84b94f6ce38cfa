// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Selection of the arithmetic llvm.nvvm.* intrinsics.

// Suffixes of the intrinsics and the modifier bits they stand for.
class Suffix<string s, int m> { string S = s; int M = m; }
defvar Roundings = [Suffix<"_rn", 0>, Suffix<"_rz", 1>, Suffix<"_rm", 2>, Suffix<"_rp", 3>];
defvar Ftz = [Suffix<"", 0>, Suffix<"_ftz", 4>];
defvar Sat = [Suffix<"", 0>, Suffix<"_sat", 8>];

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
  def : Pat<(f32 (!cast<Intrinsic>("int_nvvm_saturate"#F.S#"_f") f32:$a)), (FADD_ri $a, 0x80000000, !or(F.M, 8))>;
  def : Pat<(f32 (!cast<Intrinsic>("int_nvvm_fabs"#F.S) f32:$a)),
            !if(F.M, (FADD_ri f32:$a, 0, 0x24), (AND_ri f32:$a, 0x7fffffff))>;
  foreach N = [Suffix<"", 0>, Suffix<"_nan", 0x200>] in
    foreach X = [Suffix<"", 0>, Suffix<"_xorsign_abs", 0x400>] in {
      defvar M = !or(F.M, N.M, X.M);
      defm : Nvvm2<"fmin"#F.S#N.S#X.S#"_f", f32, "FMIN", M>;
      defm : Nvvm2<"fmax"#F.S#N.S#X.S#"_f", f32, "FMAX", M>;
    }
  defvar RF = !if(F.M, 16, 0); // frnd has its ftz bit elsewhere
  defm : Nvvm1<"floor"#F.S#"_f", f32, "FRND_f32", !or(2, RF)>;
  defm : Nvvm1<"ceil"#F.S#"_f", f32, "FRND_f32", !or(3, RF)>;
  defm : Nvvm1<"trunc"#F.S#"_f", f32, "FRND_f32", !or(1, RF)>;
  defm : Nvvm1<"round"#F.S#"_f", f32, "FRND_f32", RF>;
}
def : Pat<(f64 (int_nvvm_fabs f64:$a)), (DCOPYSIGN_ri $a, 0)>;
def : Pat<(f32 (int_nvvm_sqrt_f f32:$a)), (FSQRT $a)>;
def : Pat<(f32 (int_nvvm_rcp_approx_ftz_f f32:$a)), (RCP $a, 4)>;
def : Pat<(f64 (int_nvvm_rcp_approx_ftz_d f64:$a)), (RCP64 $a)>;
def : Pat<(f64 (int_nvvm_rsqrt_approx_d f64:$a)), (RSQRT64 $a)>;
def : Pat<(f64 (int_nvvm_rsqrt_approx_ftz_d f64:$a)), (RSQRT64 $a)>;
defm : Nvvm2<"fmin_d", f64, "DMIN", 0>;
defm : Nvvm2<"fmax_d", f64, "DMAX", 0>;
defm : Nvvm1<"floor_d", f64, "FRND_f64", 2>;
defm : Nvvm1<"ceil_d", f64, "FRND_f64", 3>;
defm : Nvvm1<"trunc_d", f64, "FRND_f64", 1>;
defm : Nvvm1<"round_d", f64, "FRND_f64", 0>;
// No clamp in f64: max(x, 0) gives 0 for NaN, then min(x, 1).
def : Pat<(f64 (int_nvvm_saturate_d f64:$a)), (DMIN_ri (DMAX_ri $a, 0), 0x3ff00000)>;

// ---- conversions
foreach R = Roundings in {
  foreach F = Ftz in {
    defvar M = !or(R.M, F.M);
    def : Pat<(f32 (!cast<Intrinsic>("int_nvvm_d2f"#R.S#F.S) f64:$a)), (CVT_f32_f64 $a, M)>;
  }
}
// To an integer the rounding values differ: rzi 0, rni 1, rmi 2, rpi 3.
foreach R = [Suffix<"_rz", 0>, Suffix<"_rn", 1>, Suffix<"_rm", 2>, Suffix<"_rp", 3>] in {
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
  foreach F = [Suffix<"f", 0>, Suffix<"d", 1>] in {
    defvar T = !if(F.M, f64, f32);
    defvar N = !if(F.M, "f64", "f32");
    def : Pat<(T (!cast<Intrinsic>("int_nvvm_i2"#F.S#R.S) i32:$a)), (!cast<Instruction>("CVT_"#N#"_s32") $a, R.M)>;
    def : Pat<(T (!cast<Intrinsic>("int_nvvm_ui2"#F.S#R.S) i32:$a)), (!cast<Instruction>("CVT_"#N#"_u32") $a, R.M)>;
    def : Pat<(T (!cast<Intrinsic>("int_nvvm_ll2"#F.S#R.S) i64:$a)), (!cast<Instruction>("CVT_"#N#"_s64") $a, R.M)>;
    def : Pat<(T (!cast<Intrinsic>("int_nvvm_ull2"#F.S#R.S) i64:$a)), (!cast<Instruction>("CVT_"#N#"_u64") $a, R.M)>;
  }
}
def : Pat<(f64 (int_nvvm_lohi_i2d i32:$l, i32:$h)), (REG_SEQUENCE GPR64, $l, sub0, $h, sub1)>;
def : Pat<(i32 (int_nvvm_d2i_lo f64:$a)), (EXTRACT_SUBREG $a, sub0)>;
def : Pat<(i32 (int_nvvm_d2i_hi f64:$a)), (EXTRACT_SUBREG $a, sub1)>;
def : Pat<(i32 (int_nvvm_f2tf32_rna f32:$a)), (CVT_tf32_f32 $a, 1)>;
def : Pat<(i32 (int_nvvm_f2tf32_rn f32:$a)), (CVT_tf32_f32 $a, 0)>;

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
    defvar M = !or(!if(A, 1, 0), !if(B, 2, 0));
    def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_idp4a"#S) i32:$a, i32:$b, i32:$c)), (DP4A_rrr $a, $b, $c, M)>;
    def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_idp2a"#S) i32:$a, i32:$b, timm0, i32:$c)), (DP2A_rrr $a, $b, $c, M)>;
    def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_idp2a"#S) i32:$a, i32:$b, timm1, i32:$c)), (DP2A_rrr $a, $b, $c, !or(M, 4))>;
  }
// prmt of the machine has the selector as b and the second word as c.
def : Pat<(i32 (int_nvvm_prmt i32:$a, i32:$b, i32:$s)), (PRMT_rrr $a, $s, $b, 0)>;
def : Pat<(i32 (int_nvvm_prmt i32:$a, i32:$b, (i32 imm:$s))), (PRMT_rir $a, imm:$s, $b, 0)>;
foreach X = [Suffix<"f4e", 1>, Suffix<"b4e", 2>] in
  def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_prmt_"#X.S) i32:$a, i32:$b, i32:$s)), (PRMT_rrr $a, $s, $b, X.M)>;
foreach X = [Suffix<"rc8", 3>, Suffix<"ecl", 4>, Suffix<"ecr", 5>, Suffix<"rc16", 6>] in
  def : Pat<(i32 (!cast<Intrinsic>("int_nvvm_prmt_"#X.S) i32:$a, i32:$s)), (PRMT_rrr $a, $s, (i32 RZ), X.M)>;
// flo: position of the leading bit, or the shift that brings it to the top.
foreach X = [Suffix<"_u", 0>, Suffix<"_s", 1>] in {
  defvar I = !cast<Intrinsic>("int_nvvm_flo"#X.S);
  defvar F32 = !if(X.M, BFINDS32, BFINDU32);
  defvar F64 = !if(X.M, BFINDS64, BFINDU64);
  def : Pat<(i32 (I i32:$a, timm0)), (F32 $a, 0)>;
  def : Pat<(i32 (I i32:$a, timm1)), (F32 $a, 1)>;
  def : Pat<(i32 (I i64:$a, timm0)), (F64 $a, 0)>;
  def : Pat<(i32 (I i64:$a, timm1)), (F64 $a, 1)>;
}
def : Pat<(i32 (int_nvvm_fns i32:$a, i32:$b, i32:$c)), (FNS_rrr $a, $b, $c)>;
def : Pat<(i32 (int_nvvm_fshl_clamp i32:$h, i32:$l, i32:$n)), (SHFL_L_rrr $l, $n, $h, 1)>;
def : Pat<(i32 (int_nvvm_fshr_clamp i32:$h, i32:$l, i32:$n)), (SHFL_R_rrr $l, $n, $h, 1)>;
def : Pat<(i32 (int_nvvm_bmsk_wrap i32:$a, i32:$b)), (BMSK_rr $a, $b, 0)>;
def : Pat<(i32 (int_nvvm_bmsk_clamp i32:$a, i32:$b)), (BMSK_rr $a, $b, 1)>;
