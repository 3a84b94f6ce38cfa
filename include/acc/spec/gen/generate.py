#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes what is generated from the ISA table.

usage: generate.py KIND OUT [--tblgen PATH]
  opcodes  OUT = acc_isa_opcodes.h
  table    OUT = acc_isa_table.inc
  llvm     OUT = ACCGenInstrs.td
  docs     OUT = folder of the instruction pages (docs/isa/instructions)
  host     OUT = folder of the pages about the registers and the plain C headers (docs/host-interface)
  registers OUT = acc_regs.h
  register_table OUT = acc_regs_table.inc
"""

import argparse
import os
import subprocess
import sys

import acc_isa
import acc_regs
import gen_docs
import gen_headers
import gen_host_docs
import gen_llvm

SPEC = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ISA_TD = os.path.join(SPEC, "isa", "Isa.td")
REGISTER_TEXTS = {"registers": acc_regs.header, "register_table": acc_regs.rows}
TEXTS = {"opcodes": gen_headers.opcodes, "table": gen_headers.table, "llvm": gen_llvm.instruction_records}


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def write_folder(folder, pages):
    os.makedirs(folder, exist_ok=True)
    for name, text in pages.items():
        write(os.path.join(folder, name), text)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("kind", choices=[*TEXTS, *REGISTER_TEXTS, "docs", "host"])
    parser.add_argument("out")
    parser.add_argument("--tblgen", default="/usr/lib/llvm-22/bin/llvm-tblgen")
    arguments = parser.parse_args()
    if arguments.kind == "host":
        write_folder(arguments.out, gen_host_docs.pages(SPEC, acc_regs.Table(arguments.tblgen)))
        return
    if arguments.kind in REGISTER_TEXTS:
        write(arguments.out, REGISTER_TEXTS[arguments.kind](acc_regs.Table(arguments.tblgen)))
        return
    try:
        isa = acc_isa.load(ISA_TD, arguments.tblgen)
    except acc_isa.TableError as error:
        sys.exit(f"{ISA_TD}: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr.decode())
    if arguments.kind != "docs":
        write(arguments.out, TEXTS[arguments.kind](isa))
        return
    write_folder(arguments.out, gen_docs.pages(isa))


if __name__ == "__main__":
    main()
