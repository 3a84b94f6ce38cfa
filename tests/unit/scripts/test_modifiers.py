# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/checks/modifiers.py finds numbers in the place of modifiers, and nothing else."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../scripts/checks"))

import modifiers  # noqa: E402


class Cpp(unittest.TestCase):
    def numbers(self, text):
        return [problem.split("the number ")[1].split()[0] for problem in modifiers.cpp_problems("a.cpp", text)]

    def test_operators(self):
        self.assertEqual(self.numbers("x = op.mods & 0x40;"), ["0x40"])
        self.assertEqual(self.numbers("x = op->mods >> 4 & 3;"), ["4", "3"])
        self.assertEqual(self.numbers("x = 7 & w.mods;"), ["7"])
        self.assertEqual(self.numbers("if ((in.mods & 15) != Cmp) return;"), ["15"])
        self.assertEqual(self.numbers("if ((mods >> Field) == 2) return;"), ["2"])
        self.assertEqual(self.numbers("op.mods |= 1u << 3;"), ["1u", "3"])
        self.assertEqual(self.numbers("uint32_t mods = 12;"), ["12"])
        self.assertEqual(self.numbers("use(a.mods & (8));"), ["8"])

    def test_arguments_of_the_same_call(self):
        self.assertEqual(self.numbers("a = with_sign(a, op.mods, 0x200, 0x100);"), ["0x200", "0x100"])
        self.assertEqual(self.numbers("set(word, Field::mods, 3);"), ["3"])

    def test_switch(self):
        self.assertEqual(self.numbers("switch (op.mods & Mask) { case 0: f(); break; case 2: g(9); }"), ["2"])
        self.assertEqual(self.numbers("switch (mod<mods::MRnd>(op.mods)) { case 1: f(); default: g(); }"), ["1"])

    def test_comparison_of_a_value(self):
        self.assertEqual(self.numbers("if (mods::SHFL::src.get(w.mods) == 2) f();"), ["2"])

    def test_another_name_for_them(self):
        self.assertEqual(self.numbers("void f() { uint32_t m = op.mods; if (m & 4) g(); }"), ["4"])
        self.assertEqual(self.numbers("void f() { if (a) { auto m = w->op->mods; g(m); } h(m & 4); }"), [])
        self.assertEqual(self.numbers("void f() { const auto m = get(op.mods); if (m & 4) g(); }"), [])

    def test_line(self):
        self.assertIn("a.cpp:3:", list(modifiers.cpp_problems("a.cpp", "\n/* mods & 1 */\nx = mods & 4;"))[0])

    def test_names_pass(self):
        for text in ("if (op.mods & kFtz) x = flush(x);", "x = mod<mods::MRnd>(op.mods);", "if (in.mods == 0) return;",
                     "x = mods::MRnd.of(mods::MRnd_rz) | 4;", "for (const ModInfo& mod : row.mods()) n += 2;",
                     "row.mods()[rule.needs].field().get(bits) == 0;", "f(mod<mods::MLut>(op.mods) >> i & 1);",
                     "set(word, Field::mods, mod.field().of(value));", "data.mods = op->mods; x = 3;", "// mods bit 3 & 1\nf(2);",
                     "round(mod<mods::MRnd>(op.mods), x, 3.5);", "if (mods::A::b.get(op->mods)) f(1, 2);",
                     "element<K>(n, op.mods, n.get(a, 3));", "namespace mods = isa::mods; int x = 3;"):
            self.assertEqual(self.numbers(text), [], text)


class TableGen(unittest.TestCase):
    PLACES = {"FADD_rr": 2, "FADD_ri": 2, "FENCE": 0}

    def numbers(self, text):
        return [problem.split("the number ")[1].split()[0] for problem in modifiers.Backend({"a.td": text}, self.PLACES).run()]

    def test_operand(self):
        self.assertEqual(self.numbers("def : Pat<(fsub f32:$a, f32:$b), (FADD_rr $a, $b, 0x40)>;"), ["0x40"])
        self.assertEqual(self.numbers("def : Pat<(x), (FENCE 1)>;"), ["1"])
        self.assertEqual(self.numbers("def : Pat<(x), (FENCE !or(FenceSc, 4))>;"), ["4"])
        self.assertEqual(self.numbers("def : Pat<(x), (FADD_rr $a, $b, 0)>;"), ["0"])

    def test_instruction_that_a_multiclass_puts_together(self):
        self.assertEqual(self.numbers('multiclass A<string P> { defvar I = !cast<Instruction>(P#"_rr"); def : Pat<(x), (I $a, 2)>; }'), ["2"])
        self.assertEqual(self.numbers('def : Pat<(x), (!cast<Instruction>(P#"RR") $a, 8)>;'), ["8"])
        self.assertEqual(self.numbers("multiclass A<Instruction I> { def : Pat<(x), (I $a, 1)>; }"), ["1"])

    def test_flow_through_a_template_argument(self):
        text = "multiclass A<ValueType T, int Mods = 0> { def : Pat<(x), (FADD_rr $a, $b, Mods)>; } defm : A<f32, 5>; defm : A<f64, MRnd_rz>;"
        self.assertEqual(self.numbers(text), ["5"])

    def test_flow_through_a_defvar(self):
        self.assertEqual(self.numbers("defvar M = !or(MRnd_rz, 16); def : Pat<(x), (FADD_rr $a, $b, M)>;"), ["16"])

    def test_flow_through_a_field(self):
        text = "class S<string n, int m> { string N = n; int M = m; } foreach X = [S<\"a\", 2>, S<\"b\", MFtz_ftz>] in def : Pat<(x), (FADD_rr $a, $b, X.M)>;"
        self.assertEqual(self.numbers(text), ["2"])

    def test_flow_through_a_field_and_a_template_argument(self):
        text = ("class S<int m> { int M = m; } multiclass A<int Code> { def : Pat<(x), (FADD_rr $a, $b, Code)>; } "
                "foreach X = [S<3>] in defm : A<X.M>;")
        self.assertEqual(self.numbers(text), ["3"])

    def test_opcode(self):
        self.assertEqual(self.numbers('def BRA_P : ACCInst<0x002, 0, "bra">;'), ["0x002"])

    def test_names_and_other_operands_pass(self):
        for text in ("def : Pat<(x), (FADD_rr $a, $b, MNegB_nb)>;", "def : Pat<(x), (FADD_ri $a, 0x80000000, !or(MAbsA_aa, MFtz_ftz))>;",
                     "def : Pat<(x), (FADD_ri $a, 7)>;", "def : Pat<(x), (XOR_ri $a, 0x80000000)>;", "def : Pat<(x), (FADD_rr $a, $b)>;",
                     "def : Pat<(srl i64:$a, (i32 32)), (FADD_rr $a, $b, MRnd_rz)>; // 0x40",
                     'def : Pat<(x), (!cast<Instruction>(P#"MUL_ri") $a, !if(!eq(P, "F"), 0x3f800000, 0x3ff00000))>;'):
            self.assertEqual(self.numbers(text), [], text)


if __name__ == "__main__":
    unittest.main()
