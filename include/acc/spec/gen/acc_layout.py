# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the tables of plain C headers (host/Queue.td, PageTable.td, CodeObject.td, Texture.td; host/Schema.td says what a row is), checks them, and
writes the headers and their pages of the reference."""

import json
import os
import subprocess
import textwrap

SPEC = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Name of the header, table, page.
HEADERS = {"queue": ("acc_queue.h", "Queue.td", "queues.md"), "mmu": ("acc_mmu.h", "PageTable.td", "memory.md"),
           "code_object": ("acc_code_object.h", "CodeObject.td", "code-objects.md"),
           "texture": ("acc_texture.h", "Texture.td", "textures.md")}
SIZES = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i64": 8}
PACKET_BYTES = 64


class TableError(Exception):
    """The table contradicts itself."""


class Row(dict):
    """A record: its fields as attributes, and `kind`, the class."""

    __getattr__ = dict.__getitem__


class Table:
    """The rows of one header in the order of the file: `items` for what the header shows, `members` by struct."""

    KINDS = ("Note", "Constant", "Value", "Flag", "Unused", "Union", "Struct", "PacketType")

    def __init__(self, path, tblgen):
        self.td = os.path.basename(path)
        command = [tblgen, "--dump-json", "-I", os.path.join(SPEC, "host"), path]
        records = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        def rows(kind):
            return [Row(records[name], kind=kind) for name in records["!instanceof"].get(kind, [])]

        by_name = {name: Row(records[name]) for name in records if not name.startswith("!")}
        self.header = rows("Header")[0]
        self.sets = {row["!name"]: row for kind in ("Enumeration", "FlagSet") for row in rows(kind)}
        self.items = sorted((row for kind in self.KINDS for row in rows(kind)), key=line_of)
        self.structs = {row.Name: row for row in self.items if row.kind == "Struct"}
        self.packets = [row for row in self.items if row.kind == "PacketType"]
        members = sorted(rows("Member"), key=lambda row: row.Offset)
        for struct in self.structs.values():
            struct["members"] = [row for row in members if row.Of["def"] == struct["!name"]]
        for row in self.items:
            if row.kind == "PacketType":
                row["flags"] = [by_name[flag["def"]] for flag in row.Flags]
            elif row.kind == "Union":
                row["parts"] = [by_name[part["def"]] for part in row.Parts]
        self.check()

    def of(self, kind, owner):
        """Rows of a kind that belong to a set (the name of its record)."""
        return [row for row in self.items if row.kind == kind and row.Of["def"] == owner]

    def size(self, kind):
        """(bytes, alignment) of a type."""
        if kind in SIZES:
            return SIZES[kind], SIZES[kind]
        struct = self.structs[kind]
        return struct.Bytes, max(self.size(member.Type)[1] for member in struct.members)

    def check(self):
        seen = set()
        for name in (name for row in self.items for name in names(self, row)):
            if name in seen:
                raise TableError(f"two rows give {name}")
            seen.add(name)
        for struct in self.structs.values():
            self.check_struct(struct)
        for owner in self.sets:
            used = 0
            for flag in self.of("Flag", owner):
                if used & mask_of(flag) or flag.Low + flag.Width > 64:
                    raise TableError(f"flag {flag.Name} overlaps another or does not fit")
                used |= mask_of(flag)
        for packet in self.packets:
            if self.structs[packet.Layout].Bytes != PACKET_BYTES:
                raise TableError(f"{packet.Layout} is no packet: {self.structs[packet.Layout].Bytes} bytes")
        if self.packets and [packet.Number for packet in self.packets] != list(range(1, len(self.packets) + 1)):
            raise TableError("packet types are not numbered 1, 2, ...")

    def check_struct(self, struct):
        """The compiler lays the members out as the table says: no gaps, natural alignment."""
        end = 0
        for member in struct.members:
            size, align = self.size(member.Type)
            if member.Offset != end or member.Offset % align:
                raise TableError(f"{struct.Name}.{member.Name}: offset {member.Offset}, the one before ends at {end}")
            end += size * member.Count
            for other in (member.AlignTo, member.When):
                if other and other not in [one.Name for one in struct.members]:
                    raise TableError(f"{struct.Name}.{member.Name}: no member {other}")
        if end != struct.Bytes or end % self.size(struct.Name)[1]:
            raise TableError(f"{struct.Name}: {struct.Bytes} bytes, its members end at {end}")


def load(which, tblgen):
    return Table(os.path.join(SPEC, "host", HEADERS[which][1]), tblgen)


def line_of(row):
    return int(row["!locs"][0].rsplit(":", 2)[1])


def mask_of(flag):
    return ((1 << flag.Width) - 1) << flag.Low


def names(table, row):
    """What a row defines in C."""
    if row.kind in ("Constant", "Struct"):
        return [row.Name]
    if row.kind == "PacketType":
        return [f"ACC_PKT_{row.Name}"]
    if row.kind == "Union":
        return [prefix(table, row.parts[0]) + row.Name]
    return [prefix(table, row) + row.Name] if "Of" in row else []


def prefix(table, row):
    return table.sets[row.Of["def"]].Prefix


def value(table, row):
    """The value of a macro as C writes it."""
    if row.kind == "Constant":
        return row.Number
    if row.kind in ("Value", "PacketType"):
        return f"{row.Number}u"
    owner = row.parts[0] if row.kind == "Union" else row
    bits = sum(mask_of(part) for part in row.parts) if row.kind == "Union" else mask_of(row) if row.kind == "Flag" else unused(table, row)
    shape = table.sets[owner.Of["def"]]
    return f"0x{bits:0{shape.Digits}x}{shape.Suffix}"


def unused(table, row):
    return ((1 << row.Width) - 1) & ~sum(mask_of(flag) for flag in table.of("Flag", row.Of["def"]))


def values_of(table, member):
    """The values a member may have: {number: name}; empty when any."""
    if member.OneOf:
        return {number: str(number) for number in member.OneOf}
    return {row.Number: prefix(table, row) + row.Name for row in table.of("Value", member.In["def"])}


def meaning(table, member):
    """The text of a member and what its rules say."""
    parts = [member.Text] if member.Text else []
    if member.Reserved:
        parts.append("must be zero")
    if member.Align > 1:
        parts.append(f"a multiple of {member.Align}")
    if member.AlignTo:
        parts.append(f"a multiple of {member.AlignTo}" + (f" when {member.When} >= {member.WhenMin}" if member.When else ""))
    if member.OneOf:
        parts.append(", ".join(map(str, member.OneOf[:-1])) + f" or {member.OneOf[-1]}")
    for owner in (member.In["def"], member.Known["def"]):
        if table.sets[owner].Prefix:
            parts.append(f"{table.sets[owner].Prefix}*")
    if member.Min:
        parts.append(f"at least {member.Min}")
    if member.Max:
        parts.append(f"at most {member.Max}")
    if member.Is:
        parts.append(member.Is)
    return "; ".join(parts)


# ---- the header

HEAD = "/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */\n/* Generated by include/acc/spec/gen/generate.py {which} from host/{td}: do not edit. */\n"
C_TYPES = {"u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t", "i64": "int64_t"}


def header(which, table):
    """The C header: macros and structs only, so that C, C++ and the kernel can use it."""
    out = [HEAD.format(which=which, td=HEADERS[which][1]) + f"#ifndef {table.header.Guard}", f"#define {table.header.Guard}", "",
           "#ifdef __KERNEL__", "#include <linux/types.h>", "#else", "#include <stdint.h>", "#endif", ""]
    last = None
    for row in table.items:
        if last and (row.kind in ("Note", "Struct") or last == "Struct"):
            out.append("")
        last = row.kind
        if row.kind == "Note":
            out += comment(row.Text)
        elif row.kind == "Struct":
            out += struct_text(table, row)
        else:
            out.append(f"#define {names(table, row)[0]} {value(table, row)}" + tail(row.Text))
    if table.packets:
        out += ["", "/* Any packet. */", "union acc_packet {", "    struct acc_packet_header header;"]
        out += [f"    struct {layout} {layout.removeprefix('acc_packet_')};" for layout in dict.fromkeys(row.Layout for row in table.packets)]
        out += [f"    uint8_t bytes[{PACKET_BYTES}];", f"    uint64_t words[{PACKET_BYTES // 8}];", "};"]
    return "\n".join(out + ["", "#endif", ""])


def tail(text):
    return f" /* {text} */" if text else ""


def comment(text):
    paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    lines = [line for part in paragraphs for line in ["", *textwrap.wrap(part, 96)]][1:]
    if len(lines) == 1:
        return [f"/* {lines[0]} */"]
    return ["/*", *(f" * {line}".rstrip() for line in lines), " */"]


def struct_text(table, struct):
    lines = [f"struct {struct.Name} {{" + tail(struct.Text)]
    for member in struct.members:
        array = f"[{member.Count}]" if member.Count > 1 else ""
        kind = C_TYPES.get(member.Type, f"struct {member.Type}")
        lines.append(f"    {kind} {member.Name}{array};" + tail(meaning(table, member)))
    return lines + ["};"]


def layout(tables):
    """acc_layout.inc: what the compiler's layout of the structs is compared with."""
    out = ["/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */",
           "/* Generated by include/acc/spec/gen/generate.py layout from the tables in host: do not edit.",
           "   ACC_STRUCT(struct, bytes), ACC_MEMBER(struct, member, offset, bytes) */"]
    for table in tables:
        for struct in table.structs.values():
            out.append(f"ACC_STRUCT({struct.Name}, {struct.Bytes})")
            out += [f"ACC_MEMBER({struct.Name}, {member.Name}, {member.Offset}, {table.size(member.Type)[0] * member.Count})"
                    for member in struct.members]
    return "\n".join(out + ["#undef ACC_STRUCT", "#undef ACC_MEMBER", ""])


def rules(table, kind, struct, macro, variable):
    """What the members of a struct must fulfil by themselves: lines of macro(member, offset, is it wrong?)."""
    out = ["/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */",
           f"/* Generated by include/acc/spec/gen/generate.py {kind} from host/{table.td}: do not edit.",
           f"   {macro}(member, offset in the struct, is it wrong?) */"]
    for member in table.structs[struct].members:
        for i in range(member.Count):
            name = member.Name + (f"[{i}]" if member.Count > 1 else "")
            offset = member.Offset + i * table.size(member.Type)[0]
            out += [f'{macro}("{name}", {offset}, {one})' for one in wrongs(table, member, f"{variable}.{name}")]
    return "\n".join(out + [f"#undef {macro}", ""])


def wrongs(table, member, name):
    """Expressions that are true when the member `name` breaks one of its rules."""
    known = sum(mask_of(flag) for flag in table.of("Flag", member.Known["def"]))
    values = values_of(table, member)
    wrong = [f"{name} != {member.Is}"] if member.Is else []
    wrong += [f"{name} > {member.Max}"] if member.Max else []
    wrong += [f"{name} < {member.Min}"] if member.Min else []
    wrong += [f"{name} % {member.Align} != 0"] if member.Align > 1 else []
    wrong += [f"({name} & ~0x{known:x}u) != 0"] if known else []
    wrong += [" && ".join(f"{name} != {value}" for value in values)] if values else []
    return wrong + ([f"{name} != 0"] if member.Reserved else [])


def descriptor_rules(table):
    """acc_descriptor_rules.inc: what the members of a kernel descriptor `d` must fulfil by themselves."""
    return rules(table, "descriptor_rules", "acc_kernel_descriptor", "ACC_DESCRIPTOR_RULE", "d")


def texture_rules(table):
    """acc_texture_rules.inc: what the members of a record of an image `t` must fulfil by themselves."""
    return rules(table, "texture_rules", "acc_texture", "ACC_TEXTURE_RULE", "t")


# ---- the page

def page(which, table, head):
    """The page of the reference."""
    out, open_table = [f"# {table.header.Title}", "", f"`#include <acc/spec/{HEADERS[which][0]}>`"], False
    for row in table.items:
        defines = row.kind not in ("Note", "Struct")
        if defines and not open_table:
            out += ["", "| name | value | meaning |", "|---|---|---|"]
        open_table = defines
        if row.kind == "Note":
            paragraphs = [" ".join(part.split()) for part in row.Text.strip().split("\n\n")]
            paragraphs[-1] += "" if paragraphs[-1].endswith((".", ":")) else "."
            out += [line for part in paragraphs for line in ("", part)]
        elif row.kind == "Struct":
            out += struct_page(table, row)
        else:
            text = row.Text
            if row.kind == "PacketType":
                flags = ", ".join(flag.Name for flag in row.flags)
                text = f"`struct {row.Layout}`; flags {flags}" + (f"; {text}" if text else "")
            out.append(f"| `{names(table, row)[0]}` | `{value(table, row)}` | {cell(text)} |")
    return head + "\n".join(out) + "\n"


def struct_page(table, struct):
    out = ["", f"### struct {struct.Name}"]
    if struct.Text:
        out += ["", struct.Text + ("" if struct.Text.endswith(".") else ".")]
    out += ["", "| offset | bytes | field | meaning |", "|---|---|---|---|"]
    for member in struct.members:
        array = f"[{member.Count}]" if member.Count > 1 else ""
        total = table.size(member.Type)[0] * member.Count
        out.append(f"| {member.Offset} | {total} | `{member.Name}{array}` | {cell(meaning(table, member))} |")
    return out + ["", f"{struct.Bytes} bytes."]


def cell(text):
    return text.replace("|", "\\|")
