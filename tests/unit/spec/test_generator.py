# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The ISA table's checks catch each kind of mistake, and the real table passes them.

usage: test_generator.py LLVM_TBLGEN [unittest arguments]
"""

import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
SPEC = os.path.join(ROOT, "include", "acc", "spec")
sys.path.insert(0, os.path.join(SPEC, "gen"))
import acc_isa  # noqa: E402
import gen_headers  # noqa: E402
import gen_llvm  # noqa: E402

TBLGEN = sys.argv.pop(1) if len(sys.argv) > 1 else "/usr/lib/llvm-22/bin/llvm-tblgen"
SR = 'def SR_X : SpecialReg<0, "x", 32, "">;\n'


def table(rows):
    """Loads a table of the given rows with the real schema."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(SPEC, "isa", "Schema.td"), encoding="utf-8") as schema:
            text = schema.read()
        path = os.path.join(folder, "Isa.td")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + SR + rows)
        return acc_isa.load(path, TBLGEN)


class Mistakes(unittest.TestCase):
    def refused(self, rows, reason):
        with self.assertRaisesRegex(acc_isa.TableError, reason):
            table(rows)

    def test_two_rows_with_one_opcode(self):
        self.refused('def A : Op<1, "a", (outs), (ins), [], "">; def B : Op<1, "b", (outs), (ins), [], "">;', "opcode 1 belongs to A and B")

    def test_two_rows_with_one_mnemonic(self):
        self.refused('def A : Op<1, "a", (outs), (ins), [], "">; def B : Op<2, "a", (outs), (ins), [], "">;', "mnemonic 'a'")

    def test_opcode_zero(self):
        self.refused('def A : Op<0, "a", (outs), (ins), [], "">;', "never assigned")

    def test_immediate_used_twice(self):
        self.refused('def A : Op<1, "a", (outs), (ins R32:$ra, RI32:$rb, Off:$imm), [], "">;', "one immediate")

    def test_immediate_in_place_of_ra(self):
        self.refused('def A : Op<1, "a", (outs), (ins RI32:$ra), [], "">;', "only rb and rc")

    def test_field_used_twice(self):
        self.refused('def A : Op<1, "a", (outs), (ins R32:$ra, R32:$ra), [], "">;', "field 'ra'")

    def test_unknown_field(self):
        self.refused('def A : Op<1, "a", (outs), (ins R32:$rx), [], "">;', "no field of the word")

    def test_overlapping_modifiers(self):
        mods = '[Mod<"x", 0, 2, ["", "p"]>, Mod<"y", 1, 1, ["", "q"]>]'
        self.refused(f'def A : Op<1, "a", (outs), (ins), {mods}, "">;', "modifier y overlaps")

    def test_modifier_with_too_many_values(self):
        self.refused('def A : Op<1, "a", (outs), (ins), [Mod<"x", 0, 1, ["p", "q", "r"]>], "">;', "largest value")

    def test_value_without_suffix_in_the_middle(self):
        self.refused('def A : Op<1, "a", (outs), (ins), [Mod<"x", 0, 2, ["p", "", "q"]>], "">;', "only the value 0 prints nothing")

    def test_name_of_a_number_that_does_not_fit(self):
        self.refused('def M : Mod<"x", 0, 2, []> { let Named = [NamedValue<"big", 4>]; } def A : Op<1, "a", (outs), (ins), [M], "">;', "numbers up to 3")

    def test_one_suffix_for_two_modifiers(self):
        mods = '[Mod<"x", 0, 1, ["", "p"]>, Mod<"y", 1, 1, ["", "p"]>]'
        self.refused(f'def A : Op<1, "a", (outs), (ins), {mods}, "">;', "suffix 'p'")

    def test_mnemonic_that_reads_as_another_with_a_suffix(self):
        self.refused('def A : Op<1, "a", (outs), (ins), [Mod<"x", 0, 1, ["", "p"]>], "">; def B : Op<2, "a.p", (outs), (ins), [], "">;', "reads as")

    def test_wide_row_with_modifiers(self):
        self.refused('let Wide64 = 1 in def A : Op<1, "a", (outs), (ins I64:$imm), [MFtz], "">;', "Wide64")

    def test_rule_about_an_unknown_modifier(self):
        self.refused('def A : Op<1, "a", (outs), (ins), [], ""> { let Rules = [ModRule<"x", ["p"], "y">]; }', "does not have")

    def test_gap_in_special_registers(self):
        self.refused('def SR_Z : SpecialReg<2, "z", 32, "">;', "not numbered")


class RealTable(unittest.TestCase):
    isa = acc_isa.load(os.path.join(SPEC, "isa", "Isa.td"), TBLGEN)

    def test_every_row_has_a_group_and_prose(self):
        for row in self.isa.rows:
            self.assertTrue(row.group and row.prose, row.name)

    def test_masks_of_a_row(self):
        fadd = next(row for row in self.isa.rows if row.name == "FADD")
        registers = 0xffffff << 16 | 0xffff | 3 << 62  # rd ra rb, opcode guard gneg, form
        mods = 0xff << 96
        self.assertEqual(fadd.word_mask(0), registers | mods)
        self.assertEqual(fadd.word_mask(1), registers & ~(0xff << 32) | mods | 0xffffffff << 64)

    def test_llvm_accepts_the_records(self):
        """llvm-tblgen reads the generated records with stand-ins for what the backend defines."""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "ACCGenInstrs.td"), "w", encoding="utf-8") as file:
                file.write(gen_llvm.instruction_records(self.isa))
            path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stand_in.td")
            include = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(TBLGEN))), "include")
            for kind in ("-gen-instr-info", "-gen-emitter", "-gen-dag-isel"):
                command = [TBLGEN, kind, "-I", include, "-I", folder, path]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Names(unittest.TestCase):
    """What C++ and patterns call the modifiers."""

    ROWS = """def MLut : Mod<"lut", 4, 2, []> { let Named = [NamedValue<"a", 2>]; }
              def A : Op<1, "a", (outs R32:$rd), (ins R32:$ra), [MFtz, MLut, Mod<"q", 8, 2, ["", "x"]>], "">;"""

    def test_cpp(self):
        text = gen_headers.opcodes(table(self.ROWS))
        self.assertIn("inline constexpr ModField MFtz{2, 1};\nenum : uint32_t { MFtz_default = 0, MFtz_ftz = 1 };", text)
        self.assertIn("inline constexpr ModField MLut{4, 2};\nenum : uint32_t { MLut_a = 2 };", text)
        self.assertIn("namespace A {", text)
        self.assertIn("inline constexpr ModField q{8, 2};\nenum : uint32_t { q_default = 0, q_x = 1 };", text)

    def test_tablegen(self):
        text = gen_llvm.instruction_records(table(self.ROWS))
        for line in ("A_opcode = 0x001", "MFtz_ftz = 0x4", "MFtz_default = 0x0", "MLut_a = 0x20", "MLut_bit = 4", "A_q_x = 0x100"):
            self.assertIn(f"defvar {line};", text)

    def test_loads_and_stores_of_a_space(self):
        rows = '''def LD_global_b32 : Op<1, "ld.global.b32", (outs R32:$rd), (ins R64:$ra), [], ""> { let MemBytes = 4; }
                  def ST_global_b8 : Op<2, "st.global.b8", (outs), (ins R64:$ra), [], ""> { let MemBytes = 1; }'''
        text = gen_headers.opcodes(table(rows))
        self.assertIn("#define ACC_ISA_LOADS_global(X) \\\n    X(global, b32, 4)\n", text)
        self.assertIn("#define ACC_ISA_STORES_global(X) \\\n    X(global, b8, 1)\n", text)


if __name__ == "__main__":
    unittest.main()
