// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ACC1 integer, logic, shift and bit instructions: 0x010 .. 0x17f.

class IntOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Integer"; }

// ---- add, subtract
let IsCommutable = 1 in {
def IADD   : IntOp<0x010, "iadd.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = a + b, modulo 2^32">;
def IADD64 : IntOp<0x011, "iadd.b64", (outs R64:$rd), (ins R64:$ra, RI64:$rb), [], "rd = a + b, modulo 2^64">;
}
def ISUB   : IntOp<0x012, "isub.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = a - b, modulo 2^32">;
def ISUB64 : IntOp<0x013, "isub.b64", (outs R64:$rd), (ins R64:$ra, RI64:$rb), [], "rd = a - b, modulo 2^64">;
def IADDX  : IntOp<0x014, "iaddx.b32", (outs R32:$rd, PD:$pd), (ins R32:$ra, RI32:$rb, PS:$ps), [],
                   "rd = a + b + ps; pd = carry out of bit 31">;
def ISUBX  : IntOp<0x015, "isubx.b32", (outs R32:$rd, PD:$pd), (ins R32:$ra, RI32:$rb, PS:$ps), [],
                   "rd = a - b - ps; pd = borrow out (a < b + ps, unsigned, exact)">;
def IADDSAT : IntOp<0x016, "iaddsat.s32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = a + b clamped to the signed 32-bit range">;
def ISUBSAT : IntOp<0x017, "isubsat.s32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = a - b clamped to the signed 32-bit range">;
def MShift : Mod<"shift", 0, 5, [], "shift amount">;
def ILEA   : IntOp<0x018, "ilea.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [MShift],
                   "rd = (a << shift) + b, modulo 2^32">;
def ILEA64 : IntOp<0x019, "ilea.b64", (outs R64:$rd), (ins R32:$ra, RI64:$rb),
                   [MShift, Mod<"idx", 5, 1, ["s", "u"], "a is sign- or zero-extended to 64 bits">],
                   "rd = (ext64(a) << shift) + b, modulo 2^64">;

// ---- multiply
let IsCommutable = 1 in {
def IMUL    : IntOp<0x020, "imul.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = low 32 bits of a * b">;
def IMULHIS : IntOp<0x021, "imulhi.s32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = high 32 bits of the signed product">;
def IMULHIU : IntOp<0x022, "imulhi.u32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = high 32 bits of the unsigned product">;
def IMULWS  : IntOp<0x023, "imulw.s32", (outs R64:$rd), (ins R32:$ra, RI32:$rb), [], "rd = signed 64-bit product of two 32-bit values">;
def IMULWU  : IntOp<0x024, "imulw.u32", (outs R64:$rd), (ins R32:$ra, RI32:$rb), [], "rd = unsigned 64-bit product of two 32-bit values">;
def IMUL64  : IntOp<0x025, "imul.b64", (outs R64:$rd), (ins R64:$ra, RI64:$rb), [], "rd = low 64 bits of a * b">;
def IMULHIS64 : IntOp<0x026, "imulhi.s64", (outs R64:$rd), (ins R64:$ra, RI64:$rb), [], "rd = high 64 bits of the signed product">;
def IMULHIU64 : IntOp<0x027, "imulhi.u64", (outs R64:$rd), (ins R64:$ra, RI64:$rb), [], "rd = high 64 bits of the unsigned product">;
def IMAD    : IntOp<0x028, "imad.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [], "rd = low 32 bits of a * b + c">;
def IMADHIS : IntOp<0x029, "imadhi.s32", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [], "rd = high 32 bits of the signed product a * b, plus c">;
def IMADHIU : IntOp<0x02a, "imadhi.u32", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [], "rd = high 32 bits of the unsigned product a * b, plus c">;
def IMADWS  : IntOp<0x02b, "imadw.s32", (outs R64:$rd), (ins R32:$ra, RI32:$rb, RI64:$rc), [], "rd = signed 64-bit product a * b, plus 64-bit c">;
def IMADWU  : IntOp<0x02c, "imadw.u32", (outs R64:$rd), (ins R32:$ra, RI32:$rb, RI64:$rc), [], "rd = unsigned 64-bit product a * b, plus 64-bit c">;
def IMAD64  : IntOp<0x02d, "imad.b64", (outs R64:$rd), (ins R64:$ra, RI64:$rb, RI64:$rc), [], "rd = low 64 bits of a * b + c">;
}
def IMUL24S : IntOp<0x02e, "imul24.s32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = low 32 bits of the product of the sign-extended low 24 bits">;
def IMUL24U : IntOp<0x02f, "imul24.u32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = low 32 bits of the product of the zero-extended low 24 bits">;

// ---- divide. Division by zero: quotient all ones, remainder = a. Signed overflow (min / -1): quotient min, remainder 0.
multiclass IDivRem<bits<12> c, string t, OperandClass R, OperandClass RI> {
  def _DIV : IntOp<c, "idiv."#t, (outs R:$rd), (ins R:$ra, RI:$rb), [],
                "rd = a / b truncated toward zero; b = 0 gives all ones; minimum / -1 gives minimum">;
  def _REM : IntOp<!add(c, 1), "irem."#t, (outs R:$rd), (ins R:$ra, RI:$rb), [],
                "rd = a - trunc(a / b) * b; b = 0 gives a; minimum / -1 gives 0">;
}
defm S32 : IDivRem<0x030, "s32", R32, RI32>;
defm U32 : IDivRem<0x032, "u32", R32, RI32>;
defm S64 : IDivRem<0x034, "s64", R64, RI64>;
defm U64 : IDivRem<0x036, "u64", R64, RI64>;

// ---- minimum, maximum, absolute value, difference
multiclass IMinMax<bits<12> c, string t, OperandClass R, OperandClass RI> {
  let IsCommutable = 1 in {
  def _MIN : IntOp<c, "imin."#t, (outs R:$rd), (ins R:$ra, RI:$rb), [], "rd = the smaller of a and b">;
  def _MAX : IntOp<!add(c, 1), "imax."#t, (outs R:$rd), (ins R:$ra, RI:$rb), [], "rd = the larger of a and b">;
  }
}
defm IS32 : IMinMax<0x040, "s32", R32, RI32>;
defm IU32 : IMinMax<0x042, "u32", R32, RI32>;
defm IS64 : IMinMax<0x044, "s64", R64, RI64>;
defm IU64 : IMinMax<0x046, "u64", R64, RI64>;
def IABS   : IntOp<0x048, "iabs.s32", (outs R32:$rd), (ins R32:$ra), [], "rd = |a|, modulo 2^32">;
def IABS64 : IntOp<0x049, "iabs.s64", (outs R64:$rd), (ins R64:$ra), [], "rd = |a|, modulo 2^64">;
def ISADS  : IntOp<0x04a, "isad.s32", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [], "rd = |a - b| + c, signed difference, modulo 2^32">;
def ISADU  : IntOp<0x04b, "isad.u32", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [], "rd = |a - b| + c, unsigned difference, modulo 2^32">;
def MUp : Mod<"up", 0, 1, ["", "up"], "round up">;
def IHADDS : IntOp<0x04c, "ihadd.s32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [MUp], "rd = (a + b (+ 1 if up)) >> 1, without overflow, signed">;
def IHADDU : IntOp<0x04d, "ihadd.u32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [MUp], "rd = (a + b (+ 1 if up)) >> 1, without overflow, unsigned">;

// ---- dot products and SIMD in a word
def MDpA : Mod<"ta", 0, 1, ["s8", "u8"], "signedness of the elements of a">;
def MDpB : Mod<"tb", 1, 1, ["sb", "ub"], "signedness of the elements of b">;
def DP4A  : IntOp<0x050, "dp4a", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [MDpA, MDpB], "rd = c + sum of the four products of the bytes of a and b, modulo 2^32">;
def DP2A  : IntOp<0x051, "dp2a", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [MDpA, MDpB, Mod<"half", 2, 1, ["lo", "hi"], "which two bytes of b">],
                  "rd = c + sum of the two products of the 16-bit halves of a and the two chosen bytes of b, modulo 2^32">;
def MVLanes : Mod<"lanes", 0, 1, ["x4", "x2"], "four bytes or two halves">;
def MVSign  : Mod<"vsign", 1, 1, ["u", "s"], "unsigned or signed elements">;
def MVSat   : Mod<"vsat", 2, 1, ["", "sat"], "saturate to the element's range">;
class VOp<bits<12> c, string m, list<Mod> extra, string p> : IntOp<c, m, (outs R32:$rd), (ins R32:$ra, RI32:$rb), !listconcat([MVLanes, MVSign], extra), p>;
def VADD   : VOp<0x058, "vadd", [MVSat], "element-wise a + b">;
def VSUB   : VOp<0x059, "vsub", [MVSat], "element-wise a - b">;
def VMIN   : VOp<0x05a, "vmin", [], "element-wise minimum">;
def VMAX   : VOp<0x05b, "vmax", [], "element-wise maximum">;
def VAVG   : VOp<0x05c, "vavg", [Mod<"up", 3, 1, ["", "up"], "round up">], "element-wise (a + b (+ 1 if up)) >> 1 without overflow">;
def VABSD  : VOp<0x05d, "vabsdiff", [], "element-wise |a - b|, unsigned result">;
def VABS   : VOp<0x05e, "vabs", [MVSat], "element-wise |a| (b is not used: rz)">;
def VNEG   : VOp<0x05f, "vneg", [MVSat], "element-wise -a (b is not used: rz)">;
def VSET   : VOp<0x060, "vset", [Mod<"cmp", 4, 3, ["eq", "ne", "lt", "le", "gt", "ge"], "comparison">, Mod<"vres", 7, 1, ["one", "mask"], "true is 1 or all ones">],
                 "element-wise comparison">;
def VSADS  : IntOp<0x061, "vsad", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [MVLanes, MVSign], "rd = c + sum of the element-wise |a - b|, modulo 2^32">;

// ---- compare
multiclass ISetp<bits<12> c, string t, OperandClass R, OperandClass RI> {
  def "" : IntOp<c, "isetp."#t, (outs PD:$pd, PD:$pe), (ins R:$ra, RI:$rb, PS:$ps), [MICmp, MBool],
                 "pd = (a cmp b) bop ps; pe = (not (a cmp b)) bop ps; without bop ps is not read">;
}
defm ISETPS32 : ISetp<0x070, "s32", R32, RI32>;
defm ISETPU32 : ISetp<0x071, "u32", R32, RI32>;
defm ISETPS64 : ISetp<0x072, "s64", R64, RI64>;
defm ISETPU64 : ISetp<0x073, "u64", R64, RI64>;

// ---- logic
class LogOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Logic and bits"; }
multiclass Logic<bits<12> c, string m, string p> {
  let IsCommutable = 1 in {
  def "" : LogOp<c, m#".b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = "#p>;
  def _64 : LogOp<!add(c, 1), m#".b64", (outs R64:$rd), (ins R64:$ra, RI64:$rb), [], "rd = "#p>;
  }
}
defm AND : Logic<0x100, "and", "a and b, bitwise">;
defm OR  : Logic<0x102, "or", "a or b, bitwise">;
defm XOR : Logic<0x104, "xor", "a exclusive-or b, bitwise">;
def NOT   : LogOp<0x106, "not.b32", (outs R32:$rd), (ins R32:$ra), [], "rd = not a, bitwise">;
def NOT64 : LogOp<0x107, "not.b64", (outs R64:$rd), (ins R64:$ra), [], "rd = not a, bitwise">;
def MLut : Mod<"lut", 0, 8, [], "truth table: bit (4*a + 2*b + c) is the result"> {
  let Named = [NamedValue<"a", 0xf0>, NamedValue<"b", 0xcc>, NamedValue<"c", 0xaa>, NamedValue<"ones", 0xff>]; // tables of single inputs
}
def LOP3  : LogOp<0x108, "lop3.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb, RI32:$rc), [MLut],
                  "rd = bitwise function of three inputs">;

// ---- shifts. Amounts are unsigned 32-bit; an amount >= the width shifts everything out (sign fill for s).
def SHL    : LogOp<0x110, "shl.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = a << b; b >= 32 gives 0">;
def SHL64  : LogOp<0x111, "shl.b64", (outs R64:$rd), (ins R64:$ra, RI32:$rb), [], "rd = a << b; b >= 64 gives 0">;
def SHRU   : LogOp<0x112, "shr.u32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = a >> b, zero fill; b >= 32 gives 0">;
def SHRU64 : LogOp<0x113, "shr.u64", (outs R64:$rd), (ins R64:$ra, RI32:$rb), [], "rd = a >> b, zero fill; b >= 64 gives 0">;
def SHRS   : LogOp<0x114, "shr.s32", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [], "rd = a >> b, sign fill; b >= 32 gives the sign">;
def SHRS64 : LogOp<0x115, "shr.s64", (outs R64:$rd), (ins R64:$ra, RI32:$rb), [], "rd = a >> b, sign fill; b >= 64 gives the sign">;
def MShfMode : Mod<"smode", 0, 1, ["wrap", "clamp"], "amount modulo 32, or clamped to 32">;
def SHFL_L : LogOp<0x116, "shf.l", (outs R32:$rd), (ins R32:$ra, RI32:$rb, R32:$rc), [MShfMode], "rd = high word of ({c, a} << b): a is the low word, c the high word">;
def SHFL_R : LogOp<0x117, "shf.r", (outs R32:$rd), (ins R32:$ra, RI32:$rb, R32:$rc), [MShfMode], "rd = low word of ({c, a} >> b): a is the low word, c the high word">;

// ---- bit fields
multiclass BitField<bits<12> c, string w, OperandClass R> {
  def EU : LogOp<c, "bfe.u"#w, (outs R:$rd), (ins R:$ra, RI32:$rb), [], "extract: start = b[7:0], length = b[15:8]; zero-extended; bits beyond the register read as zero; length 0 gives 0">;
  def ES : LogOp<!add(c, 1), "bfe.s"#w, (outs R:$rd), (ins R:$ra, RI32:$rb), [], "extract as PTX bfe.s: start = b[7:0], length = b[15:8]; sign-extended from bit min(start + length - 1, msb)">;
  def I  : LogOp<!add(c, 2), "bfi.b"#w, (outs R:$rd), (ins R:$ra, RI32:$rb, R:$rc), [], "insert: c with bits [start, start + length) replaced by the low bits of a; start = b[7:0], length = b[15:8]">;
}
defm BF32 : BitField<0x120, "32", R32>;
defm BF64 : BitField<0x124, "64", R64>;
multiclass BitCount<bits<12> c, string m, string p> {
  def "" : LogOp<c, m#".b32", (outs R32:$rd), (ins R32:$ra), [], p>;
  def _64 : LogOp<!add(c, 1), m#".b64", (outs R32:$rd), (ins R64:$ra), [], p>;
}
defm POPC : BitCount<0x130, "popc", "rd = number of one bits of a">;
defm CLZ  : BitCount<0x132, "clz", "rd = number of leading zero bits of a; a = 0 gives the width">;
defm CTZ  : BitCount<0x134, "ctz", "rd = number of trailing zero bits of a; a = 0 gives the width">;
def BREV   : LogOp<0x136, "brev.b32", (outs R32:$rd), (ins R32:$ra), [], "rd = bits of a in reverse order">;
def BREV64 : LogOp<0x137, "brev.b64", (outs R64:$rd), (ins R64:$ra), [], "rd = bits of a in reverse order">;
def MShiftAmt : Mod<"amt", 0, 1, ["", "shiftamt"], "give the left shift that brings the bit to the top instead of its position">;
def BFINDU32 : LogOp<0x13a, "bfind.u32", (outs R32:$rd), (ins R32:$ra), [MShiftAmt], "position of the highest one bit; none gives 0xffffffff">;
def BFINDS32 : LogOp<0x13b, "bfind.s32", (outs R32:$rd), (ins R32:$ra), [MShiftAmt], "position of the highest bit that differs from the sign; none gives 0xffffffff">;
def BFINDU64 : LogOp<0x13c, "bfind.u64", (outs R32:$rd), (ins R64:$ra), [MShiftAmt], "position of the highest one bit; none gives 0xffffffff">;
def BFINDS64 : LogOp<0x13d, "bfind.s64", (outs R32:$rd), (ins R64:$ra), [MShiftAmt], "position of the highest bit that differs from the sign; none gives 0xffffffff">;
def FNS  : LogOp<0x13e, "fns", (outs R32:$rd), (ins R32:$ra, RI32:$rb, R32:$rc), [], "PTX fns: position of the c-th (signed count) one bit of a, starting at bit b; none gives 0xffffffff">;
def BMSK : LogOp<0x13f, "bmsk", (outs R32:$rd), (ins R32:$ra, RI32:$rb), [MShfMode], "mask of b one bits starting at bit a">;
def PRMT : LogOp<0x140, "prmt", (outs R32:$rd), (ins R32:$ra, RI32:$rb, R32:$rc),
                 [Mod<"pmode", 0, 3, ["", "f4e", "b4e", "rc8", "ecl", "ecr", "rc16"], "PTX prmt mode">],
                 "byte permute of {c, a}: selector b, four bits per result byte (PTX prmt with a = a, b = c, c = b)">;

// ---- moves and extensions
class MovOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Moves and predicates"; }
def MOV    : MovOp<0x150, "mov.b32", (outs R32:$rd), (ins RI32:$rb), [], "rd = b">;
def MOV64  : MovOp<0x151, "mov.b64", (outs R64:$rd), (ins RI64:$rb), [], "rd = b">;
let Wide64 = 1 in
def MOVI64 : MovOp<0x152, "movi.b64", (outs R64:$rd), (ins I64:$imm), [], "rd = 64-bit immediate (bits 127:64)">;
def LEAPC  : MovOp<0x153, "lea.pc", (outs R64:$rd), (ins Rel:$imm), [], "rd = address of the next instruction + imm">;
def MOVSR  : MovOp<0x154, "mov.sr", (outs R32:$rd), (ins SReg:$imm), [], "rd = special register (32-bit ones; the low word of 64-bit ones)">;
def MOVSR64 : MovOp<0x155, "mov.sr64", (outs R64:$rd), (ins SReg:$imm), [], "rd = special register, zero-extended when it has 32 bits">;
def SEXT8  : MovOp<0x156, "sext.s8", (outs R32:$rd), (ins R32:$ra), [], "rd = sign-extended low byte of a">;
def SEXT16 : MovOp<0x157, "sext.s16", (outs R32:$rd), (ins R32:$ra), [], "rd = sign-extended low half of a">;
def SEXT32 : MovOp<0x158, "sext.s32", (outs R64:$rd), (ins R32:$ra), [], "rd = a sign-extended to 64 bits">;
def ZEXT32 : MovOp<0x159, "zext.u32", (outs R64:$rd), (ins R32:$ra), [], "rd = a zero-extended to 64 bits">;
def ISATOP : MovOp<0x15a, "isat", (outs R32:$rd), (ins R32:$ra),
                   [Mod<"sto", 0, 3, ["u8s", "s8s", "u16s", "s16s", "s8u", "u8u", "s16u", "u16u"], "target type and source sign, e.g. u8s: signed source clamped to u8">],
                   "rd = a clamped to an 8- or 16-bit range">;
def ISAT64 : MovOp<0x15b, "isat64", (outs R32:$rd), (ins R64:$ra),
                   [Mod<"sto", 0, 2, ["s32s", "u32s", "s32u", "u32u"], "target type and source sign">], "rd = 64-bit a clamped to a 32-bit range">;
def SELP   : MovOp<0x160, "selp.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rb, PS:$ps), [], "rd = ps ? a : b">;
def SELP64 : MovOp<0x161, "selp.b64", (outs R64:$rd), (ins R64:$ra, RI64:$rb, PS:$ps), [], "rd = ps ? a : b">;
def PLOP   : MovOp<0x168, "plop", (outs PD:$pd, PD:$pe), (ins PS:$ps, PS:$pq), [Mod<"pop", 0, 2, ["and", "or", "xor"], "operation">],
                   "pd = ps op pq; pe = not pd">;
def PMOV   : MovOp<0x169, "pmov", (outs PD:$pd), (ins PS:$ps), [], "pd = ps">;
def P2R    : MovOp<0x16a, "p2r", (outs R32:$rd), (ins), [], "rd = bit i is predicate pi for i = 0..6, the other bits are zero">;
def R2P    : MovOp<0x16b, "r2p", (outs), (ins R32:$ra, I32:$imm), [], "for i = 0..6, when bit i of imm is set: pi = bit i of a">;
