// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of ELF64 (System V ABI, generic) that code objects use. Numbers are the
// specification's.
#pragma once

#include <elf.h>

namespace acc::object {

using ElfHeader = Elf64_Ehdr;
using ElfSegment = Elf64_Phdr;
using ElfSection = Elf64_Shdr;
using ElfSymbol = Elf64_Sym;
using ElfRela = Elf64_Rela;

} // namespace acc::object
