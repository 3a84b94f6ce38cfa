// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registers of ACC1 and their classes. See docs/isa/abi.md for the roles.

class ACCReg<bits<16> Enc, string N> : Register<N> {
  let Namespace = "ACC";
  let HWEncoding = Enc;
}
class ACCGroup<bits<16> Enc, string N, list<Register> Subs, list<SubRegIndex> Idx> : RegisterWithSubRegs<N, Subs> {
  let Namespace = "ACC";
  let HWEncoding = Enc;
  let SubRegIndices = Idx;
  let CoveredBySubRegs = 1;
}

let Namespace = "ACC" in {
  def sub0 : SubRegIndex<32, 0>;
  def sub1 : SubRegIndex<32, 32>;
  def sub0_1 : SubRegIndex<64, 0>;
  def sub2_3 : SubRegIndex<64, 64>;
  def sub0_3 : SubRegIndex<128, 0>;
  def sub4_7 : SubRegIndex<128, 128>;
  def sub4_5 : ComposedSubRegIndex<sub4_7, sub0_1>;
  def sub6_7 : ComposedSubRegIndex<sub4_7, sub2_3>;
  foreach i = [2, 4, 6] in {
    defvar Pair = !cast<SubRegIndex>("sub"#i#"_"#!add(i, 1));
    def sub#i : ComposedSubRegIndex<Pair, sub0>;
    def sub#!add(i, 1) : ComposedSubRegIndex<Pair, sub1>;
  }
}

foreach i = 0...254 in
  def R#i : ACCReg<i, "r"#i>, DwarfRegNum<[i]>;
// Reads as zero; writes are dropped.
let isConstant = 1 in {
  def RZ : ACCReg<255, "rz">, DwarfRegNum<[255]>;
  def RZ64 : ACCReg<255, "rz">;
}
foreach i = 0...6 in
  def P#i : ACCReg<i, "p"#i>, DwarfRegNum<[!add(256, i)]>;
let isConstant = 1 in
  def PT : ACCReg<7, "pt">;

// Groups print as their first register, as the assembly writes them.
foreach i = 0...126 in
  def D#i : ACCGroup<!mul(i, 2), "r"#!mul(i, 2),
                     [!cast<Register>("R"#!mul(i, 2)), !cast<Register>("R"#!add(!mul(i, 2), 1))], [sub0, sub1]>;
foreach i = 0...62 in
  def Q#i : ACCGroup<!mul(i, 4), "r"#!mul(i, 4),
                     [!cast<Register>("D"#!mul(i, 2)), !cast<Register>("D"#!add(!mul(i, 2), 1))], [sub0_1, sub2_3]>;
foreach i = 0...30 in
  def O#i : ACCGroup<!mul(i, 8), "r"#!mul(i, 8),
                     [!cast<Register>("Q"#!mul(i, 2)), !cast<Register>("Q"#!add(!mul(i, 2), 1))], [sub0_3, sub4_7]>;

// Allocation goes up from r4, so that a kernel's register count stays small. r0 is the stack pointer, r1 the scratch
// register of the ABI, r2:r3 the link register; they are reserved where they have that role.
def GPR32 : RegisterClass<"ACC", [i32, f32], 32, (add (sequence "R%u", 4, 254), R2, R3, R1, R0, RZ)>;
def GPR64 : RegisterClass<"ACC", [i64, f64], 64, (add (sequence "D%u", 2, 126), D1, D0, RZ64)>;
let Size = 128 in
def GPR128 : RegisterClass<"ACC", [untyped], 128, (add (sequence "Q%u", 1, 62), Q0)>;
let Size = 256 in
def GPR256 : RegisterClass<"ACC", [untyped], 256, (add (sequence "O%u", 1, 30), O0)>;
let CopyCost = 1 in
// Spilled as a word: the size of i1 alone would round to slots of no bytes.
def PRED : RegisterClass<"ACC", [i1], 32, (add (sequence "P%u", 0, 6), PT)> { let Size = 32; }
