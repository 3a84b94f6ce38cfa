// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ACC1 floating point: f32 0x200, f64 0x280, half formats 0x300, special functions 0x380.
// IEEE 754: subnormals are supported unless ftz; the canonical NaN is 0x7fffffff (f32), 0x7fff...ffff (f64), 0x7fff (f16, bf16).

class FltOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Floating point"; }
defvar AB = [MNegA, MAbsA, MNegB, MAbsB];
// Signs and flush of the comparisons, whose low bits hold the comparison itself.
def MCmpNegA : Mod<"snega", 8, 1, ["", "na"], "negate a (after abs)">;
def MCmpAbsA : Mod<"sabsa", 9, 1, ["", "aa"], "absolute value of a">;
def MCmpNegB : Mod<"snegb", 10, 1, ["", "nb"], "negate b (after abs)">;
def MCmpAbsB : Mod<"sabsb", 11, 1, ["", "ab"], "absolute value of b">;
def MCmpFtz : Mod<"sftz", 6, 1, ["", "ftz"], "subnormal inputs become zero">;
def MCmpHFtz : Mod<"hftz", 6, 1, ["", "ftz"], "subnormal inputs become zero">;

let IsCommutable = 1 in {
def FADD : FltOp<0x200, "fadd.f32", (outs F32:$rd), (ins F32:$ra, FI32:$rb), !listconcat([MRnd, MFtz, MSat], AB), "rd = a + b, rounded once">;
def FMUL : FltOp<0x201, "fmul.f32", (outs F32:$rd), (ins F32:$ra, FI32:$rb), !listconcat([MRnd, MFtz, MSat], AB), "rd = a * b, rounded once">;
def FFMA : FltOp<0x202, "ffma.f32", (outs F32:$rd), (ins F32:$ra, FI32:$rb, FI32:$rc), [MRnd, MFtz, MSat, MNegA, MNegB, MNegC], "rd = a * b + c, rounded once">;
def FMIN : FltOp<0x203, "fmin.f32", (outs F32:$rd), (ins F32:$ra, FI32:$rb), !listconcat([MFtz, MNan, MXorSign], AB), "rd = IEEE 754-2019 minimumNumber; -0 < +0; two NaNs give the canonical NaN">;
def FMAX : FltOp<0x204, "fmax.f32", (outs F32:$rd), (ins F32:$ra, FI32:$rb), !listconcat([MFtz, MNan, MXorSign], AB), "rd = IEEE 754-2019 maximumNumber; -0 < +0; two NaNs give the canonical NaN">;
}
def FDIV  : FltOp<0x205, "fdiv.f32", (outs F32:$rd), (ins F32:$ra, FI32:$rb), [MRnd, MFtz], "rd = a / b, correctly rounded">;
def FRCP  : FltOp<0x206, "frcp.f32", (outs F32:$rd), (ins F32:$ra), [MRnd, MFtz], "rd = 1 / a, correctly rounded">;
def FSQRT : FltOp<0x207, "fsqrt.f32", (outs F32:$rd), (ins F32:$ra), [MRnd, MFtz], "rd = square root of a, correctly rounded">;
def FSETP : FltOp<0x208, "fsetp.f32", (outs PD:$pd, PD:$pe), (ins F32:$ra, FI32:$rb, PS:$ps), !listconcat([MFCmp, MBool, MCmpFtz],
                    [MCmpNegA, MCmpAbsA, MCmpNegB, MCmpAbsB]),
                    "pd = (a cmp b) bop ps; pe = (not (a cmp b)) bop ps; without bop ps is not read">;
def MClass : Mod<"fclass", 0, 3, ["finite", "infinite", "number", "notanumber", "normal", "subnormal"], "class">;
def FTESTP : FltOp<0x209, "ftestp.f32", (outs PD:$pd), (ins F32:$ra), [MClass], "pd = a is of the class">;
def FCOPYSIGN : FltOp<0x20a, "fcopysign.f32", (outs F32:$rd), (ins F32:$ra, FI32:$rb), [], "rd = magnitude of a with the sign of b">;

let IsCommutable = 1 in {
def DADD : FltOp<0x280, "fadd.f64", (outs F64:$rd), (ins F64:$ra, FI64:$rb), !listconcat([MRnd], AB), "rd = a + b, rounded once">;
def DMUL : FltOp<0x281, "fmul.f64", (outs F64:$rd), (ins F64:$ra, FI64:$rb), !listconcat([MRnd], AB), "rd = a * b, rounded once">;
def DFMA : FltOp<0x282, "ffma.f64", (outs F64:$rd), (ins F64:$ra, FI64:$rb, FI64:$rc), [MRnd, MNegA, MNegB, MNegC], "rd = a * b + c, rounded once">;
def DMIN : FltOp<0x283, "fmin.f64", (outs F64:$rd), (ins F64:$ra, FI64:$rb), !listconcat([MNan], AB), "rd = IEEE 754-2019 minimumNumber; -0 < +0; two NaNs give the canonical NaN">;
def DMAX : FltOp<0x284, "fmax.f64", (outs F64:$rd), (ins F64:$ra, FI64:$rb), !listconcat([MNan], AB), "rd = IEEE 754-2019 maximumNumber; -0 < +0; two NaNs give the canonical NaN">;
}
def DDIV  : FltOp<0x285, "fdiv.f64", (outs F64:$rd), (ins F64:$ra, FI64:$rb), [MRnd], "rd = a / b, correctly rounded">;
def DRCP  : FltOp<0x286, "frcp.f64", (outs F64:$rd), (ins F64:$ra), [MRnd], "rd = 1 / a, correctly rounded">;
def DSQRT : FltOp<0x287, "fsqrt.f64", (outs F64:$rd), (ins F64:$ra), [MRnd], "rd = square root of a, correctly rounded">;
def DSETP : FltOp<0x288, "fsetp.f64", (outs PD:$pd, PD:$pe), (ins F64:$ra, FI64:$rb, PS:$ps), [MFCmp, MBool,
                    MCmpNegA, MCmpAbsA, MCmpNegB, MCmpAbsB],
                    "pd = (a cmp b) bop ps; pe = (not (a cmp b)) bop ps; without bop ps is not read">;
def DTESTP : FltOp<0x289, "ftestp.f64", (outs PD:$pd), (ins F64:$ra), [MClass], "pd = a is of the class">;
def DCOPYSIGN : FltOp<0x28a, "fcopysign.f64", (outs F64:$rd), (ins F64:$ra, FI64:$rb), [], "rd = magnitude of a with the sign of b">;

// ---- half formats: f16 and bf16, scalar (low half) and packed
class HalfOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, !listconcat([MHFmt], mods), p> { let Group = "Half precision"; }
let IsCommutable = 1 in {
def HADD : HalfOp<0x300, "hadd", (outs R32:$rd), (ins R32:$ra, RIH:$rb), !listconcat([MFtz, MSat], AB), "rd = a + b per element, rounded once">;
def HMUL : HalfOp<0x301, "hmul", (outs R32:$rd), (ins R32:$ra, RIH:$rb), !listconcat([MFtz, MSat], AB), "rd = a * b per element, rounded once">;
def HFMA : HalfOp<0x302, "hfma", (outs R32:$rd), (ins R32:$ra, RIH:$rb, RIH:$rc), [MFtz, MSat, MNegA, MNegB, MNegC, Mod<"relu", 14, 1, ["", "relu"], "negative results and NaN become 0">], "rd = a * b + c per element, rounded once">;
def HMIN : HalfOp<0x303, "hmin", (outs R32:$rd), (ins R32:$ra, RIH:$rb), !listconcat([MFtz, MNan, MXorSign], AB), "minimumNumber per element">;
def HMAX : HalfOp<0x304, "hmax", (outs R32:$rd), (ins R32:$ra, RIH:$rb), !listconcat([MFtz, MNan, MXorSign], AB), "maximumNumber per element">;
}
def HSETP : HalfOp<0x305, "hsetp", (outs PD:$pd, PD:$pe), (ins R32:$ra, RIH:$rb, PS:$ps), [MFCmp, MBool, MCmpHFtz],
                   "packed: pd from the low, pe from the high elements; scalar: pd = (a cmp b) bop ps, pe its complement before bop">;
def HSET  : HalfOp<0x306, "hset", (outs R32:$rd), (ins R32:$ra, RIH:$rb), [MFCmp, Mod<"hres", 4, 1, ["one", "mask"], "true is 1.0 or all ones">, MCmpHFtz], "per element comparison">;
def HEX2  : HalfOp<0x307, "hex2", (outs R32:$rd), (ins R32:$ra), [MFtz], "2^a per element; relative error below 2^-9.9 (f16), 2^-7 (bf16)">;
def HTANH : HalfOp<0x308, "htanh", (outs R32:$rd), (ins R32:$ra), [], "tanh(a) per element; relative error below 2^-10.9 (f16), 2^-8 (bf16)">;

// ---- special functions: fast, with documented maximum errors; f32 subnormal inputs and results as ftz says
class SfuOp<bits<12> c, string m, string p> : Op<c, m#".approx.f32", (outs F32:$rd), (ins F32:$ra), [MFtz, MNegA, MAbsA], p> { let Group = "Special functions"; }
def RCP   : SfuOp<0x380, "rcp", "rd = 1 / a; at most 1 ulp; 1/±0 = ±inf, 1/±inf = ±0">;
def RSQRT : SfuOp<0x381, "rsqrt", "rd = 1 / sqrt(a); relative error at most 2^-22.9; a < 0 gives NaN, ±0 gives ±inf">;
def SQRT  : SfuOp<0x382, "sqrt", "rd = sqrt(a); relative error at most 2^-23; a < 0 gives NaN">;
def SIN   : SfuOp<0x383, "sin", "rd = sin(a); absolute error at most 2^-20.5 for |a| <= 2 pi, growing with |a|; ±inf gives NaN">;
def COS   : SfuOp<0x384, "cos", "rd = cos(a); absolute error at most 2^-20.5 for |a| <= 2 pi, growing with |a|; ±inf gives NaN">;
def EX2   : SfuOp<0x385, "ex2", "rd = 2^a; at most 2 ulp">;
def LG2   : SfuOp<0x386, "lg2", "rd = log2(a); absolute error at most 2^-22 where the result is in (-1, 1), else relative error at most 2^-22; a < 0 gives NaN, ±0 gives -inf">;
def TANH  : SfuOp<0x387, "tanh", "rd = tanh(a); relative error at most 2^-11">;
def RCP64   : Op<0x388, "rcp.approx.f64", (outs F64:$rd), (ins F64:$ra), [], "rd = 1 / a; relative error at most 2^-23; subnormal inputs give ±inf"> { let Group = "Special functions"; }
def RSQRT64 : Op<0x389, "rsqrt.approx.f64", (outs F64:$rd), (ins F64:$ra), [], "rd = 1 / sqrt(a); relative error at most 2^-22.9; subnormal inputs give ±inf"> { let Group = "Special functions"; }
