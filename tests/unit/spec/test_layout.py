# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tables of plain C headers: their checks catch each kind of mistake; what is made of their rows is what the rows say.

usage: test_layout.py LLVM_TBLGEN [unittest arguments]
"""

import os
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "include", "acc", "spec", "gen"))
import acc_layout  # noqa: E402
import acc_packets  # noqa: E402

TBLGEN = sys.argv.pop(1) if len(sys.argv) > 1 else "/usr/lib/llvm-22/bin/llvm-tblgen"
HEAD = 'include "Schema.td"\ndef : Header<"GUARD_H", "Title">;\n'
# One packet type with a member of every kind of rule.
PACKET = HEAD + '''
def F : FlagSet<"ACC_PKT_F_", 4, "u">;
def FA : Flag<F, "A", 0>;
def FB : Flag<F, "B", 3>;
def E : Enumeration<"ACC_E_">;
def : Value<E, "X", 0>;
def : Value<E, "Y", 2>;
def K : FlagSet<"ACC_K_", 1, "u">;
def : Flag<K, "ONE", 0>;
def PacketHeader : Struct<"acc_packet_header", 4>;
def : Member<PacketHeader, "u16", "type", 0>;
def : Member<PacketHeader, "u16", "flags", 2>;
def P : Struct<"acc_packet_p", 64>;
defm : Frame<P>;
def : Member<P, "u32", "kind", 4> { let In = E; }
def : Member<P, "u32", "size", 8> { let OneOf = [4, 8]; }
def : Member<P, "u32", "rows", 12> { let Min = 1; }
def : Member<P, "u64", "at", 16> { let AlignTo = "size"; let When = "rows"; let WhenMin = 2; }
def : Member<P, "u64", "bits", 24> { let Known = K; }
def : Member<P, "u64", "gap", 32, "", 2> { let Reserved = 1; }
def : PacketType<"P", 1, "acc_packet_p", [FA, FB]>;
'''


def table(text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "Table.td")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return acc_layout.Table(path, TBLGEN)


class Mistakes(unittest.TestCase):
    def refused(self, rows, reason):
        with self.assertRaisesRegex(acc_layout.TableError, reason):
            table(HEAD + rows)

    def test_two_rows_with_one_name(self):
        self.refused('def : Constant<"ACC_A", "1">; def : Constant<"ACC_A", "2">;', "two rows give ACC_A")

    def test_gap(self):
        self.refused('def S : Struct<"acc_s", 16>; def : Member<S, "u32", "a", 0>; def : Member<S, "u64", "b", 8>;', "acc_s.b: offset 8")

    def test_overlap(self):
        self.refused('def S : Struct<"acc_s", 8>; def : Member<S, "u32", "a", 0, "", 2>; def : Member<S, "u32", "b", 4>;', "acc_s.b: offset 4")

    def test_misaligned_member(self):
        self.refused('def S : Struct<"acc_s", 12>; def : Member<S, "u32", "a", 0>; def : Member<S, "u64", "b", 4>;', "acc_s.b")

    def test_size(self):
        self.refused('def S : Struct<"acc_s", 8>; def : Member<S, "u32", "a", 0>;', "acc_s: 8 bytes, its members end at 4")

    def test_hidden_padding_at_the_end(self):
        self.refused('def S : Struct<"acc_s", 12>; def : Member<S, "u64", "a", 0>; def : Member<S, "u32", "b", 8>;', "acc_s: 12 bytes")

    def test_flags_that_overlap(self):
        self.refused('def F : FlagSet<"ACC_", 1, "u">; def : Flag<F, "A", 0, "", 2>; def : Flag<F, "B", 1>;', "flag B overlaps")

    def test_rule_about_an_unknown_member(self):
        self.refused('def S : Struct<"acc_s", 4>; def : Member<S, "u32", "a", 0> { let AlignTo = "b"; }', "no member b")

    def test_packet_of_another_size(self):
        self.refused('def S : Struct<"acc_s", 4>; def : Member<S, "u32", "a", 0>; def : PacketType<"S", 1, "acc_s", []>;', "no packet")

    def test_types_with_a_hole(self):
        with self.assertRaisesRegex(acc_layout.TableError, "numbered"):
            table(PACKET.replace('PacketType<"P", 1', 'PacketType<"P", 2'))


class Packets(unittest.TestCase):
    def setUp(self):
        self.table = table(PACKET)
        self.cases = {what: (where, bytes(packet.raw)) for what, where, packet in acc_packets.corpus(self.table)}

    def test_every_reserved_bit_is_a_case(self):
        for bit in range(128):
            where, raw = self.cases[f"P: gap, reserved bit {bit}"]
            self.assertEqual(where, 32)
            self.assertEqual(int.from_bytes(raw[32:48], "little"), 1 << bit)

    def test_flags(self):
        self.assertEqual({bit for bit in range(16) if self.cases[f"P: flag {bit}"][0] == -1}, {0, 3})
        self.assertEqual(self.cases["P: flag 1"][0], 2)

    def test_types(self):
        self.assertEqual(self.cases["type 0"][0], 0)
        self.assertEqual(self.cases["type 2"][0], 0)

    def test_values(self):
        self.assertEqual([self.cases[f"P: kind = {n:#x}"][0] for n in (0, 1, 2, 3)], [-1, 4, -1, 4])
        self.assertEqual([self.cases[f"P: size = {n:#x}"][0] for n in (3, 4, 5, 8)], [8, -1, 8, -1])
        self.assertEqual(self.cases["P: rows = 0"][0], 12)
        self.assertEqual([self.cases[f"P: bits with bit {n}"][0] for n in (1, 63)], [24, 24])

    def test_alignment_to_another_member_only_when_it_matters(self):
        self.assertEqual([self.cases[f"P: at = {n} with size 4"][0] for n in (3, 4, 5)], [16, -1, 16])
        self.assertEqual(self.cases["P: at = 3 with size 4, rows 1"][0], -1)

    def test_order_of_the_checks(self):
        kinds = [rule.kind for rule in acc_packets.rules(self.table, self.table.packets[0])]
        self.assertEqual(kinds, ["Zero", "OneOf", "OneOf", "Min", "Known", "AlignTo", "Align"])


class RealTables(unittest.TestCase):
    def test_they_pass(self):
        for which in acc_layout.HEADERS:
            self.assertTrue(acc_layout.load(which, TBLGEN).items)

    def test_reserved_bits_of_page_table_entries(self):
        text = acc_layout.header("mmu", acc_layout.load("mmu", TBLGEN))
        self.assertIn("#define ACC_PTE_RESERVED_MASK 0xfff0000000000fc0ull", text)


if __name__ == "__main__":
    unittest.main()
