# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the ISA table (llvm-tblgen --dump-json of isa/Isa.td) into plain objects and checks it.

The checks are those that TableGen cannot express: no two rows share an encoding or an assembly text,
fields do not overlap, modifiers fit and do not collide. A mistake stops the build with the row's name.
"""

import json
import os
import subprocess
from dataclasses import dataclass, field

# Field name -> (lowest bit, width), as Schema.td documents the instruction word.
FIELDS = {
    "opcode": (0, 12), "guard": (12, 3), "gneg": (15, 1), "rd": (16, 8), "ra": (24, 8), "rb": (32, 8), "rc": (40, 8),
    "pd": (48, 3), "pe": (51, 3), "ps": (54, 3), "psneg": (57, 1), "pq": (58, 3), "pqneg": (61, 1), "form": (62, 2),
    "imm": (64, 32), "mods": (96, 32),
}
REGISTER_FIELDS = ("rd", "ra", "rb", "rc")
FLAGS = ("MayLoad", "MayStore", "SideEffects", "IsBranch", "IsCall", "IsReturn", "IsTerminator", "IsWarpOp",
         "IsBlockSync", "IsCommutable", "Wide64")
FORM_OF_FIELD = {"rb": 1, "rc": 2}


class TableError(Exception):
    """The table contradicts itself."""


@dataclass
class Operand:
    field: str       # "rd", "ps", "imm", ...
    cls: str         # name of the OperandClass record: "R32", "FI64", "PS", ...
    kind: str        # "reg", "pred", "imm"
    regs: int        # registers in the group (kind "reg")
    imm: str         # what an immediate here means, "" when there can be none
    is_float: bool
    is_out: bool


@dataclass
class Mod:
    name: str
    bit: int
    width: int
    values: list     # assembly suffixes; empty for numeric modifiers
    max: int         # largest valid encoding
    prose: str
    named: list = field(default_factory=list)  # (name, encoding) of a numeric modifier
    record: str = "" # name of the table's record, "" when the row describes it in place

    @property
    def numeric(self):
        return not self.values

    @property
    def mask(self):
        return ((1 << self.width) - 1) << self.bit

    def named_values(self):
        """(name, encoding) of each value: its assembly suffix, `default` for the one that prints nothing; numeric: as the table names it."""
        return self.named or [(name or "default", value) for value, name in enumerate(self.values)]


@dataclass
class Rule:
    mod: str
    values: list
    needs: str


@dataclass
class Row:
    name: str
    code: int
    mnemonic: str
    group: str
    prose: str
    operands: list
    mods: list
    rules: list
    flags: dict = field(default_factory=dict)
    mem_bytes: int = 0
    space: str = ""
    unproven: str = ""

    def operand(self, name):
        return next((o for o in self.operands if o.field == name), None)

    def mod(self, name):
        return next((m for m in self.mods if m.name == name), None)

    @property
    def outs(self):
        return [o for o in self.operands if o.is_out]

    @property
    def ins(self):
        return [o for o in self.operands if not o.is_out]

    @property
    def forms(self):
        """Allowed values of the form field."""
        return [0] + [FORM_OF_FIELD[o.field] for o in self.operands if o.kind == "reg" and o.imm]

    def word_mask(self, form):
        """All bits of the 128-bit word that may be set in this form, as one integer."""
        mask = bits("opcode") | bits("guard") | bits("gneg") | bits("form")
        for operand in self.operands:
            if FORM_OF_FIELD.get(operand.field) == form:
                mask |= bits("imm")
                continue
            mask |= bits(operand.field)
            if operand.field in ("ps", "pq"):
                mask |= bits(operand.field + "neg")
            if operand.imm == "s64":
                mask |= bits("mods")
        for mod in self.mods:
            mask |= mod.mask << 96
        return mask


@dataclass
class SpecialReg:
    number: int
    name: str
    width: int
    prose: str


@dataclass
class Isa:
    rows: list
    special: list

    @property
    def shared_mods(self):
        """The modifiers with a record of their own, in the order of the rows that use them: {record name: Mod}."""
        return {mod.record: mod for row in self.rows for mod in row.mods if mod.record}


def bits(name):
    low, width = FIELDS[name]
    return ((1 << width) - 1) << low


def _operand(records, arg, is_out):
    reference, name = arg
    record = records[reference["def"]]
    return Operand(name, reference["def"], record["Kind"], record["Regs"], record["Imm"], bool(record["IsFloat"]), is_out)


def _mod(records, reference):
    record = records[reference["def"]]
    return Mod(record["Name"], record["Bit"], record["Width"], record["Values"], record["Max"], record["Prose"],
               [(records[n["def"]]["Name"], records[n["def"]]["Value"]) for n in record["Named"]],
               "" if reference["def"].startswith("anonymous_") else reference["def"])


def _rule(records, reference):
    record = records[reference["def"]]
    return Rule(record["Mod"], record["Values"], record["Needs"])


def _integer(value):
    return sum(bit << i for i, bit in enumerate(value))


def _row(records, name):
    record = records[name]
    operands = [_operand(records, arg, True) for arg in record["Outs"]["args"]]
    operands += [_operand(records, arg, False) for arg in record["Ins"]["args"]]
    return Row(
        name, _integer(record["Code"]), record["Mnemonic"], record["Group"], record["Prose"], operands,
        [_mod(records, m) for m in record["Mods"]], [_rule(records, r) for r in record["Rules"]],
        {flag: bool(record[flag]) for flag in FLAGS}, record["MemBytes"], record["Space"], record["Unproven"])


def load(td_path, tblgen):
    """The checked table. td_path: isa/Isa.td; tblgen: path of llvm-tblgen."""
    command = [tblgen, "--dump-json", "-I", os.path.dirname(td_path), td_path]
    records = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    rows = sorted((_row(records, name) for name in records["!instanceof"]["Op"]), key=lambda row: row.code)
    special = [SpecialReg(_integer(records[n]["Number"]), records[n]["Name"], records[n]["Width"], records[n]["Prose"])
               for n in records["!instanceof"]["SpecialReg"]]
    special.sort(key=lambda register: register.number)
    isa = Isa(rows, special)
    check(isa)
    return isa


def check(isa):
    """Raises TableError at the first contradiction."""
    _unique("opcode", ((row.code, row.name) for row in isa.rows))
    _unique("mnemonic", ((row.mnemonic, row.name) for row in isa.rows))
    for row in isa.rows:
        _check_row(row)
    _check_prefixes(isa.rows)
    if [r.number for r in isa.special] != list(range(len(isa.special))):
        raise TableError("special registers are not numbered 0, 1, 2, ...")
    _unique("special register name", ((r.name, r.number) for r in isa.special))


def _unique(what, pairs):
    seen = {}
    for key, owner in pairs:
        if key in seen:
            raise TableError(f"{what} {key!r} belongs to {seen[key]} and {owner}")
        seen[key] = owner


def _check_row(row):
    def fail(text):
        raise TableError(f"{row.name}: {text}")

    if row.code == 0:
        fail("opcode 0 is never assigned: the zero word must trap")
    for operand in row.operands:
        if operand.field not in FIELDS or operand.field in ("opcode", "guard", "gneg", "form", "mods"):
            fail(f"operand ${operand.field} is no field of the word")
        if operand.kind == "reg" and operand.field not in REGISTER_FIELDS:
            fail(f"register operand in field {operand.field}")
        if operand.kind == "reg" and operand.imm and operand.field not in FORM_OF_FIELD:
            fail(f"only rb and rc can be immediates, not {operand.field}")
    _unique(f"{row.name}: field", ((o.field, o.cls) for o in row.operands))
    if row.operand("imm") and len(row.forms) > 1:
        fail("has $imm and a register-or-immediate operand: the word has one immediate")
    if row.flags["Wide64"] != any(o.imm == "s64" for o in row.operands) or (row.flags["Wide64"] and row.mods):
        fail("Wide64 goes with an I64 operand and without modifiers")
    used = 0
    for mod in row.mods:
        if mod.bit + mod.width > 32 or used & mod.mask:
            fail(f"modifier {mod.name} overlaps or does not fit")
        used |= mod.mask
        if not 0 <= mod.max < 1 << mod.width or (mod.values and mod.max != len(mod.values) - 1):
            fail(f"modifier {mod.name}: largest value {mod.max}")
        if any(mod.values or not 0 <= value <= mod.max for _, value in mod.named):
            fail(f"modifier {mod.name}: names are for numbers up to {mod.max}")
        if "" in mod.values[1:] or "default" in mod.values:
            fail(f"modifier {mod.name}: only the value 0 prints nothing, and none is called `default`")
    _unique(f"{row.name}: modifier", ((m.name, m.name) for m in row.mods))
    _unique(f"{row.name}: suffix", ((v, m.name) for m in row.mods for v in m.values if v))
    for rule in row.rules:
        mod, needs = row.mod(rule.mod), row.mod(rule.needs)
        if not mod or not needs or any(v not in mod.values for v in rule.values):
            fail(f"rule {rule} names what the row does not have")


def _check_prefixes(rows):
    """The assembler takes the longest mnemonic; so a mnemonic must not read as another one with suffixes."""
    by_mnemonic = {row.mnemonic: row for row in rows}
    for row in rows:
        parts = row.mnemonic.split(".")
        for cut in range(1, len(parts)):
            shorter = by_mnemonic.get(".".join(parts[:cut]))
            if shorter and any(parts[cut] in m.values for m in shorter.mods):
                raise TableError(f"{row.mnemonic} reads as {shorter.mnemonic} with a modifier")
