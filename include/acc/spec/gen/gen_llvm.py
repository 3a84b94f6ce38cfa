# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ACCGenInstrs.td: the LLVM backend's instruction records. README.md describes the shape."""

import re

from acc_isa import FIELDS, FORM_OF_FIELD

REGISTER_CLASS = {1: "GPR32", 2: "GPR64", 4: "GPR128", 8: "GPR256"}
IMMEDIATE = {"s32": "ACCImm32", "b32": "ACCImm32", "sext64": "ACCImm64", "f32": "ACCFImm32", "f64hi": "ACCFImmHi",
             "off": "ACCOff", "pcrel": "ACCRel", "s64": "ACCWide", "sreg": "ACCSReg"}
# Modifiers of one of the operands a and b.
ONE_OPERAND = re.compile("(s?neg|s?abs|t|i8|f8)[ab]")


class Record:
    """One record: a row in one form, with or without its optional predicate operands."""

    def __init__(self, row, form, variant):
        self.row, self.form, self.variant = row, form, variant
        self.outs, self.ins, self.lets = [], [], []
        for operand in row.operands:
            self._add(operand)
        if row.mods:
            self.ins.append("ACCMods:$mods")
            self._field("mods", "mods", 32, 96)

    def _field(self, name, variable, width, low):
        self.lets.append(f"bits<{width}> {variable}; let Inst{{{low + width - 1}-{low}}} = {variable};")

    def _word_field(self, name):
        low, width = FIELDS[name]
        self._field(name, name, width, low)

    def _true(self, name):
        low, width = FIELDS[name]
        self.lets.append(f"let Inst{{{low + width - 1}-{low}}} = {(1 << width) - 1};")

    def _add(self, operand):
        name = operand.field
        if operand.kind == "pred":
            self._add_predicate(operand)
        elif operand.kind == "reg" and FORM_OF_FIELD.get(name) == self.form:
            self.ins.append(f"{IMMEDIATE[operand.imm]}:${name}")
            self._field(name, name, 32, 64)
        elif operand.kind == "reg":
            (self.outs if operand.is_out else self.ins).append(f"{REGISTER_CLASS[operand.regs]}:${name}")
            self._word_field(name)
        else:
            self.ins.append(f"{IMMEDIATE[operand.imm]}:${name}")
            self._field(name, name, 64 if operand.imm == "s64" else 32, 64)

    def _add_predicate(self, operand):
        name = operand.field
        wanted = {"pd": "np" not in self.variant, "pe": "pe" in self.variant}
        wanted["ps"] = not self.row.mod("bop") or "ps" in self.variant
        if not wanted.get(name, True):
            self._true(name)
            return
        (self.outs if operand.is_out else self.ins).append(f"PRED:${name}")
        self._word_field(name)
        if not operand.is_out:
            self.ins.append(f"ACCNeg:${name}neg")
            self._field(name, name + "neg", 1, FIELDS[name + "neg"][0])

    @property
    def name(self):
        name = self.row.name
        if len(self.row.forms) > 1:
            letters = ("i" if FORM_OF_FIELD.get(o.field) == self.form and self.form else "r"
                       for o in self.row.ins if o.field in ("ra", "rb", "rc"))
            name += "_" + "".join(letters)
        return "_".join([name, *self.variant])

    @property
    def asm(self):
        operands = [o.split(":")[1] for o in self.outs + self.ins]
        return self.row.mnemonic + (" " + ", ".join(operands) if operands else "")

    def flags(self):
        row, flags = self.row, self.row.flags
        volatile = "v" in self.variant
        sources = [o for o in row.ins if o.kind != "imm"]
        pure = not any(flags[f] for f in ("MayLoad", "MayStore", "SideEffects", "IsTerminator"))
        register_free = all(FORM_OF_FIELD.get(o.field) == self.form and self.form for o in sources)
        one_sided = any(ONE_OPERAND.fullmatch(m.name) for m in row.mods)
        side_effects = flags["SideEffects"] or volatile
        # LLVM takes the intrinsics of such instructions for memory accesses, and wants records to agree.
        touches = side_effects and (row.group != "Control" or volatile)
        yield "mayLoad", flags["MayLoad"] or touches
        yield "mayStore", flags["MayStore"] or touches
        yield "hasSideEffects", side_effects
        yield "isBranch", flags["IsBranch"]
        yield "isCall", flags["IsCall"]
        yield "isReturn", flags["IsReturn"]
        yield "isTerminator", flags["IsTerminator"]
        yield "isBarrier", flags["IsTerminator"]
        yield "isIndirectBranch", flags["IsBranch"] and any(o.kind == "reg" for o in row.ins)
        # An exchange of operands must not leave a modifier of one of them behind.
        yield "isCommutable", flags["IsCommutable"] and not one_sided and self.form != FORM_OF_FIELD["rb"]
        yield "isConvergent", flags["IsWarpOp"] or flags["IsBlockSync"] or flags["IsCall"] or row.name == "ACTIVEMASK"
        # p2r reads every predicate.
        cheap = pure and register_free and row.outs and row.name != "P2R" and not volatile
        yield "isReMaterializable", cheap
        yield "isAsCheapAsAMove", cheap
        yield "isMoveReg", row.name in ("MOV", "MOV64") and self.form == 0

    def text(self):
        lets = list(self.lets)
        flags = [name for name, value in self.flags() if value]
        if flags:
            lets.append(" ".join(f"let {name} = 1;" for name in flags))
        asm = self.asm.replace("{", "(").replace("}", ")")
        head = f'def {self.name} : ACCInst<0x{self.row.code:03x}, {self.form}, "{asm}"> {{\n'
        dags = f"  let OutOperandList = (outs{_list(self.outs)}); let InOperandList = (ins{_list(self.ins)});\n"
        return head + dags + "".join(f"  {line}\n" for line in lets) + "}\n"


def _list(operands):
    return " " + ", ".join(operands) if operands else ""


def _variants(row):
    """Tuples of suffixes: which optional predicate operands a record has."""
    pe = [(), ("pe",)] if row.name == "HSETP" else [()]
    ps = [(), ("ps",)] if row.mod("bop") else [()]
    np = [(), ("np",)] if row.operand("rd") and row.operand("pd") else [()]
    # A counter must be read where the program reads it: the variant with side effects.
    sreg = [(), ("v",)] if any(o.imm == "sreg" for o in row.ins) else [()]
    return [a + b + c + d for a in pe for b in ps for c in np for d in sreg]


def records(isa):
    return [Record(row, form, variant) for row in isa.rows for form in row.forms for variant in _variants(row)]


def _constants(isa):
    """Opcodes, for records that the backend writes itself; modifier values in place, for patterns: MRnd_rz = 1, FADD_rnd_rz = 1."""
    for row in isa.rows:
        yield f"defvar {row.name}_opcode = 0x{row.code:03x};\n"
    for name, mod in isa.shared_mods.items():
        yield from _mod_constants(name, mod)
    for row in isa.rows:
        for mod in row.mods:
            yield from _mod_constants(f"{row.name}_{mod.name}", mod)
    for register in isa.special:
        yield f"defvar SR_{register.name} = {register.number};\n"


def _mod_constants(name, mod):
    for value, encoding in mod.named_values():
        yield f"defvar {name}_{value} = 0x{encoding << mod.bit:x};\n"
    if mod.numeric:
        yield f"defvar {name}_bit = {mod.bit};\n"


def instruction_records(isa):
    """The text of ACCGenInstrs.td."""
    head = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n// Generated by include/acc/spec/gen from the ISA table.\n\n"
    return head + "".join(_constants(isa)) + "\n" + "".join(record.text() for record in records(isa))
