// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ACC1 conversions: 0x400 .. 0x4ff.

class CvtOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Conversions"; }
class FType<string n, OperandClass r, int i> { string Name = n; OperandClass R = r; int Index = i; }
def TF32 : FType<"f32", F32, 0>;
def TF64 : FType<"f64", F64, 1>;
def TF16 : FType<"f16", R32, 2>;
def TBF16 : FType<"bf16", R32, 3>;
class IType<string n, OperandClass r, int i> { string Name = n; OperandClass R = r; int Index = i; }
def TS32 : IType<"s32", R32, 0>;
def TU32 : IType<"u32", R32, 1>;
def TS64 : IType<"s64", R64, 2>;
def TU64 : IType<"u64", R64, 3>;

// Float to integer. Out-of-range values clamp to the nearest end of the range; NaN gives the value with only the top bit
// set when the source is f64 or the result has 64 bits, else 0 (PTX's rule).
def MRndI : Mod<"irnd", 0, 2, ["rzi", "rni", "rmi", "rpi"], "rounding to an integer: toward zero, nearest even, down, up">;
foreach f = [TF32, TF64, TF16, TBF16] in
foreach t = [TS32, TU32, TS64, TU64] in
def CVT_#t.Name#_#f.Name : CvtOp<!add(0x400, !shl(f.Index, 2), t.Index), "cvt."#t.Name#"."#f.Name, (outs t.R:$rd), (ins f.R:$ra), [MRndI, MFtz],
        "rd = a rounded to an integer, clamped to the range of "#t.Name#"; NaN gives "#!if(!or(!eq(f.Name, "f64"), !ge(t.Index, 2)), "the top bit alone", "0")>;
// Integer to float.
foreach f = [TF32, TF64, TF16, TBF16] in
foreach t = [TS32, TU32, TS64, TU64] in
def CVT_#f.Name#_#t.Name : CvtOp<!add(0x420, !shl(f.Index, 2), t.Index), "cvt."#f.Name#"."#t.Name, (outs f.R:$rd), (ins t.R:$ra), [MRnd],
        "rd = a converted, rounded; 16-bit results are in the low half, the high half is zero">;
// Float to float.
def CVT_f64_f32 : CvtOp<0x440, "cvt.f64.f32", (outs F64:$rd), (ins F32:$ra), [MFtz], "exact">;
def CVT_f32_f64 : CvtOp<0x441, "cvt.f32.f64", (outs F32:$rd), (ins F64:$ra), [MRnd, MFtz, MSat], "rounded">;
def CVT_f32_f16 : CvtOp<0x442, "cvt.f32.f16", (outs F32:$rd), (ins R32:$ra), [], "low half of a, exact">;
def CVT_f16_f32 : CvtOp<0x443, "cvt.f16.f32", (outs R32:$rd), (ins F32:$ra), [MRnd, MSat], "rounded, high half zero">;
def CVT_f32_bf16 : CvtOp<0x444, "cvt.f32.bf16", (outs F32:$rd), (ins R32:$ra), [], "low half of a, exact">;
def CVT_bf16_f32 : CvtOp<0x445, "cvt.bf16.f32", (outs R32:$rd), (ins F32:$ra), [MRnd, MSat], "rounded, high half zero">;
def CVT_f64_f16 : CvtOp<0x446, "cvt.f64.f16", (outs F64:$rd), (ins R32:$ra), [], "low half of a, exact">;
def CVT_f16_f64 : CvtOp<0x447, "cvt.f16.f64", (outs R32:$rd), (ins F64:$ra), [MRnd], "rounded once">;
def CVT_f64_bf16 : CvtOp<0x448, "cvt.f64.bf16", (outs F64:$rd), (ins R32:$ra), [], "low half of a, exact">;
def CVT_bf16_f64 : CvtOp<0x449, "cvt.bf16.f64", (outs R32:$rd), (ins F64:$ra), [MRnd], "rounded once">;
def MRelu : Mod<"relu", 4, 1, ["", "relu"], "negative results and NaN become 0">;
def MCvtSat : Mod<"satfinite", 5, 1, ["", "satfinite"], "overflow gives the largest finite value">;
def CVT_f16x2_f32 : CvtOp<0x44a, "cvt.f16x2.f32", (outs R32:$rd), (ins F32:$ra, FI32:$rb), [MRnd, MRelu], "high half from a, low half from b">;
def CVT_bf16x2_f32 : CvtOp<0x44b, "cvt.bf16x2.f32", (outs R32:$rd), (ins F32:$ra, FI32:$rb), [MRnd, MRelu], "high half from a, low half from b">;
def CVT_tf32_f32 : CvtOp<0x44c, "cvt.tf32.f32", (outs R32:$rd), (ins F32:$ra), [Mod<"tfrnd", 0, 1, ["", "rna"], "nearest even or nearest away">, MRelu], "rounded to 10 fraction bits, low 13 bits zero">;
def CVT_e4m3x2_f32 : CvtOp<0x44d, "cvt.e4m3x2.f32", (outs R32:$rd), (ins F32:$ra, FI32:$rb), [MRelu, MCvtSat], "byte 1 from a, byte 0 from b; upper half zero">;
def CVT_e5m2x2_f32 : CvtOp<0x44e, "cvt.e5m2x2.f32", (outs R32:$rd), (ins F32:$ra, FI32:$rb), [MRelu, MCvtSat], "byte 1 from a, byte 0 from b; upper half zero">;
def CVT_e4m3x2_f16x2 : CvtOp<0x44f, "cvt.e4m3x2.f16x2", (outs R32:$rd), (ins R32:$ra), [MRelu, MCvtSat], "two bytes from two halves">;
def CVT_e5m2x2_f16x2 : CvtOp<0x450, "cvt.e5m2x2.f16x2", (outs R32:$rd), (ins R32:$ra), [MRelu, MCvtSat], "two bytes from two halves">;
def CVT_f16x2_e4m3x2 : CvtOp<0x451, "cvt.f16x2.e4m3x2", (outs R32:$rd), (ins R32:$ra), [MRelu], "two halves from the low two bytes, exact">;
def CVT_f16x2_e5m2x2 : CvtOp<0x452, "cvt.f16x2.e5m2x2", (outs R32:$rd), (ins R32:$ra), [MRelu], "two halves from the low two bytes, exact">;
// Round to an integral value in the same format.
def MRndF : Mod<"irnd", 0, 3, ["rni", "rzi", "rmi", "rpi", "rna"], "nearest even, toward zero, down, up, nearest away">;
def MRndFtz : Mod<"rftz", 4, 1, ["", "ftz"], "subnormal f32 inputs and results become signed zero">;
foreach f = [TF32, TF64, TF16, TBF16] in
def FRND_#f.Name : CvtOp<!add(0x460, f.Index), "frnd."#f.Name, (outs f.R:$rd), (ins f.R:$ra), [MRndF, MRndFtz],
        "rd = a rounded to an integral value, sign of zero kept">;
