// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Schema of the ACC1 instruction table. LLVM-free TableGen: `llvm-tblgen --dump-json Isa.td` is read by the
// generators; nothing here includes LLVM's target description. One `def` of class Op is one opcode.
//
// Instruction word: 128 bits, little endian (bit 0 is the least significant bit of the first byte).
//
//   bits      field   meaning
//   11:0      opcode  Op.Code
//   14:12     guard   predicate that guards the instruction, 7 = pt (always)
//   15        gneg    guard is negated
//   23:16     rd      destination register (or first register of a group)
//   31:24     ra      source register A
//   39:32     rb      source register B
//   47:40     rc      source register C
//   50:48     pd      destination predicate, 7 = discard
//   53:51     pe      second destination predicate, 7 = discard
//   56:54     ps      source predicate, 57 = psneg
//   60:58     pq      second source predicate, 61 = pqneg
//   63:62     form    0 = registers; 1 = imm replaces rb; 2 = imm replaces rc; 3 reserved
//   95:64     imm     32-bit immediate
//   127:96    mods    per-opcode modifiers (class Mod; bit numbers below are relative to bit 96)
//
// A field that a row does not name is reserved: it must be zero, otherwise the instruction traps with
// `illegal instruction`. A row names a field by using it as an operand name. `form` is available exactly when
// an operand of a row has a class with Imm != "" (then imm is reserved unless that form is chosen or the row has an
// operand $imm; a row never has both). The register field that an immediate replaces is reserved in that form.
// The wide rows (Wide64 = 1) use bits 127:64 as one 64-bit immediate.

class OperandClass {
  string Kind = "";      // "reg", "pred", "imm"
  int Regs = 1;          // number of consecutive 32-bit registers (1, 2, 4, 8)
  bit IsFloat = 0;       // documentation and the LLVM register class type hint
  string Imm = "";       // what an immediate in this place means: "", "s32", "sext64", "f32", "f64hi", "b32"
}
class RegOp<int regs> : OperandClass { let Kind = "reg"; let Regs = regs; }

// Registers. A group of n registers starts at a multiple of n (n = 2, 4, 8); register number 255 (rz) names a group of
// zeros; a group never contains r255.
def R32  : RegOp<1>;
def R64  : RegOp<2>;
def R128 : RegOp<4>;
def R256 : RegOp<8>;
def F32  : RegOp<1> { let IsFloat = 1; }
def F64  : RegOp<2> { let IsFloat = 1; }
// Register or 32-bit immediate.
def RI32 : RegOp<1> { let Imm = "s32"; }
def RI64 : RegOp<2> { let Imm = "sext64"; }        // immediate is sign-extended to 64 bits
def FI32 : RegOp<1> { let Imm = "f32"; let IsFloat = 1; }
def FI64 : RegOp<2> { let Imm = "f64hi"; let IsFloat = 1; } // immediate is the high word, the low word is zero
def RIH  : RegOp<1> { let Imm = "b32"; }           // packed halves, raw bits
// Predicates. A source predicate has a negation bit next to it.
def PD   : OperandClass { let Kind = "pred"; }
def PS   : OperandClass { let Kind = "pred"; }
// Immediates.
def I32  : OperandClass { let Kind = "imm"; let Imm = "s32"; }     // plain 32-bit constant
def Off  : OperandClass { let Kind = "imm"; let Imm = "off"; }     // signed byte offset of an address
def Rel  : OperandClass { let Kind = "imm"; let Imm = "pcrel"; }   // signed byte distance from the next instruction
def I64  : OperandClass { let Kind = "imm"; let Imm = "s64"; }     // bits 127:64, Wide64 rows only
def SReg : OperandClass { let Kind = "imm"; let Imm = "sreg"; }    // number of a special register (SpecialReg.Number)

// Operand dag operators; the argument names are the fields.
def outs;
def ins;

// A named encoding of a numeric modifier: what software composes its numbers of.
class NamedValue<string name, int value> { string Name = name; int Value = value; }

// A modifier. Values are assembly suffixes (".x" without the dot), index = encoded value; "" = nothing printed (the
// default). Encodings > Max (>= size(Values)) are reserved and trap. Numeric modifiers print as {name=value}.
class Mod<string name, int at, int width, list<string> values, string prose = ""> {
  string Name = name;
  int Bit = at;
  int Width = width;
  list<string> Values = values;
  bit Numeric = !eq(!size(values), 0);
  int Max = !if(!eq(!size(values), 0), !sub(!shl(1, width), 1), !sub(!size(values), 1)); // largest valid encoding
  list<NamedValue> Named = []; // numeric modifiers only
  string Prose = prose;
}

// When modifier `mod` of a row has one of `values`, modifier `needs` must not be 0, otherwise the instruction traps.
class ModRule<string mod, list<string> values, string needs> {
  string Mod = mod;
  list<string> Values = values;
  string Needs = needs;
}

class Op<bits<12> opc, string mnemonic, dag o, dag i, list<Mod> mods, string prose> {
  bits<12> Code = opc;
  string Mnemonic = mnemonic;
  dag Outs = o;
  dag Ins = i;
  list<Mod> Mods = mods;
  list<ModRule> Rules = [];
  string Prose = prose;   // semantics; the ISA reference prints it
  string Unproven = "";   // why the ISA tests compare nothing of this row with a reference; empty: they do (tests/isa/coverage_test.cpp)
  string Group = "";
  bit Wide64 = 0;         // bits 127:64 are one immediate
  bit MayLoad = 0;
  bit MayStore = 0;
  bit SideEffects = 0;    // must not be removed, duplicated or moved across
  bit IsBranch = 0;
  bit IsCall = 0;
  bit IsReturn = 0;
  bit IsTerminator = 0;
  bit IsBarrier = 0;      // LLVM sense: control never falls through (when unguarded)
  bit IsWarpOp = 0;       // names other threads of the warp: waits for the member mask
  bit IsBlockSync = 0;    // CTA barrier
  bit IsCommutable = 0;   // ra and rb can be exchanged
  int MemBytes = 0;       // bytes accessed per thread
  string Space = "";      // "generic" "global" "shared" "local" "const"
}

class SpecialReg<bits<8> number, string name, int width, string prose> {
  bits<8> Number = number;
  string Name = name;     // without the sr_ prefix
  int Width = width;      // 32 or 64
  string Prose = prose;
}

// ---- modifiers used by many rows -------------------------------------------------------------------------------
def MRnd  : Mod<"rnd", 0, 2, ["", "rz", "rm", "rp"], "rounding: nearest even (default), toward zero, down, up">;
def MFtz  : Mod<"ftz", 2, 1, ["", "ftz"], "subnormal f32 inputs and results become signed zero">;
def MSat  : Mod<"sat", 3, 1, ["", "sat"], "clamp the result to [0, 1]; NaN becomes 0">;
def MNegA : Mod<"nega", 4, 1, ["", "na"], "negate operand a (after abs)">;
def MAbsA : Mod<"absa", 5, 1, ["", "aa"], "absolute value of operand a">;
def MNegB : Mod<"negb", 6, 1, ["", "nb"], "negate operand b (after abs)">;
def MAbsB : Mod<"absb", 7, 1, ["", "ab"], "absolute value of operand b">;
def MNegC : Mod<"negc", 8, 1, ["", "nc"], "negate operand c">;
def MNan  : Mod<"nan", 9, 1, ["", "nan"], "a NaN operand makes the result the canonical NaN (default: the other operand)">;
def MXorSign : Mod<"xorsign", 10, 1, ["", "xorsign"], "sign of the result is the exclusive or of the operands' signs; magnitudes are compared">;
// Integer and floating compare. Float: ordered forms first, then unordered (true when an operand is NaN).
def MICmp : Mod<"cmp", 0, 3, ["eq", "ne", "lt", "le", "gt", "ge"], "comparison">;
def MFCmp : Mod<"cmp", 0, 4, ["eq", "ne", "lt", "le", "gt", "ge", "num", "nan", "equ", "neu", "ltu", "leu", "gtu", "geu"],
                "comparison; ne is ordered, neu unordered; num: both are numbers; nan: either is NaN">;
def MBool : Mod<"bop", 4, 2, ["", "and", "or", "xor"], "combine: none (pd = cmp), cmp and ps, cmp or ps, cmp xor ps">;
def MHFmt : Mod<"hfmt", 12, 2, ["f16", "f16x2", "bf16", "bf16x2"], "element format; scalar formats use and write the low half, the high half of the result is zero">;
