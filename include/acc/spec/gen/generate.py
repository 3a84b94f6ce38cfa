#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes what is generated from the tables: isa/*.td, host/*.td.

usage: generate.py KIND OUT [--tblgen PATH]
  opcodes  OUT = acc_isa_opcodes.h
  table    OUT = acc_isa_table.inc
  llvm     OUT = ACCGenInstrs.td
  docs     OUT = folder of the instruction pages (docs/isa/instructions)
  host     OUT = folder of the pages about the registers and the plain C headers (docs/host-interface)
  registers OUT = acc_regs.h
  register_table OUT = acc_regs_table.inc
  queue, mmu, code_object, texture   OUT = acc_queue.h, acc_mmu.h, acc_code_object.h, acc_texture.h
  packet_table OUT = acc_packet_table.inc
  packet_corpus OUT = acc_packet_corpus.inc
  layout   OUT = acc_layout.inc
  descriptor_rules OUT = acc_descriptor_rules.inc
  texture_rules OUT = acc_texture_rules.inc
"""

import argparse
import os
import subprocess
import sys

import acc_isa
import acc_layout
import acc_packets
import acc_regs
import gen_docs
import gen_headers
import gen_host_docs
import gen_llvm

SPEC = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ISA_TD = os.path.join(SPEC, "isa", "Isa.td")
REGISTER_TEXTS = {"registers": acc_regs.header, "register_table": acc_regs.rows}
PACKET_TEXTS = {"packet_table": acc_packets.table_text, "packet_corpus": acc_packets.corpus_text}
TEXTS = {"opcodes": gen_headers.opcodes, "table": gen_headers.table, "llvm": gen_llvm.instruction_records}


def host_text(kind, tblgen):
    """What is generated from host/*.td; None when the kind is another."""
    if kind in REGISTER_TEXTS:
        return REGISTER_TEXTS[kind](acc_regs.Table(tblgen))
    if kind in PACKET_TEXTS:
        return PACKET_TEXTS[kind](acc_layout.load("queue", tblgen))
    if kind == "layout":
        return acc_layout.layout(acc_layout.load(which, tblgen) for which in acc_layout.HEADERS)
    if kind == "descriptor_rules":
        return acc_layout.descriptor_rules(acc_layout.load("code_object", tblgen))
    if kind == "texture_rules":
        return acc_layout.texture_rules(acc_layout.load("texture", tblgen))
    return acc_layout.header(kind, acc_layout.load(kind, tblgen)) if kind in acc_layout.HEADERS else None


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def write_folder(folder, pages):
    os.makedirs(folder, exist_ok=True)
    for name, text in pages.items():
        write(os.path.join(folder, name), text)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("kind", choices=[*TEXTS, *REGISTER_TEXTS, *PACKET_TEXTS, *acc_layout.HEADERS, "layout", "descriptor_rules", "texture_rules", "docs", "host"])
    parser.add_argument("out")
    parser.add_argument("--tblgen", default="/usr/lib/llvm-22/bin/llvm-tblgen")
    arguments = parser.parse_args()
    try:
        if arguments.kind == "host":
            write_folder(arguments.out, gen_host_docs.pages(arguments.tblgen))
            return
        if text := host_text(arguments.kind, arguments.tblgen):
            write(arguments.out, text)
            return
        isa = acc_isa.load(ISA_TD, arguments.tblgen)
    except (acc_isa.TableError, acc_layout.TableError, acc_regs.TableError) as error:
        sys.exit(f"{arguments.kind}: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr if isinstance(error.stderr, str) else error.stderr.decode())
    if arguments.kind != "docs":
        write(arguments.out, TEXTS[arguments.kind](isa))
        return
    write_folder(arguments.out, gen_docs.pages(isa))


if __name__ == "__main__":
    main()
