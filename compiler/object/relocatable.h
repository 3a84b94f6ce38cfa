// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reader of the relocatable ELF files (ET_REL) of the code generator; used by the linker step.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/object/bytes.h"
#include "compiler/object/elf.h"

namespace acc::object {

struct RelRelocation {
    uint64_t offset = 0; ///< in the section it patches
    uint32_t type = 0;   ///< R_ACC_*
    uint32_t symbol = 0; ///< index into symbols
    int64_t addend = 0;
};

struct RelSection {
    std::string_view name;
    uint32_t type = 0;
    uint64_t flags = 0;
    uint64_t align = 1; ///< power of two
    uint64_t bytes = 0; ///< in memory
    Bytes data;         ///< empty for SHT_NOBITS
    std::vector<RelRelocation> relocations;

    bool allocated() const { return (flags & SHF_ALLOC) != 0; }
};

struct RelSymbol {
    std::string_view name; ///< empty for section symbols
    uint64_t value = 0; ///< offset in the section; the value itself for SHN_ABS; the alignment for
                        ///< SHN_COMMON
    uint64_t bytes = 0;
    uint32_t section = 0; ///< index into sections, or SHN_UNDEF, SHN_ABS, SHN_COMMON
    uint8_t type = 0, binding = 0, other = 0;

    bool defined_in_section() const { return section != SHN_UNDEF && section < SHN_LORESERVE; }
};

/// All indices in it are valid: symbols name existing sections, relocations name existing symbols
/// and lie in their section.
struct RelocatableFile {
    uint32_t flags = 0;               ///< e_flags: ACC_EF_*
    std::vector<RelSection> sections; ///< by ELF index; 0 is the null section
    std::vector<RelSymbol> symbols;   ///< by ELF index; 0 is the null symbol
};

/// `file` must outlive the result. Throws Error.
RelocatableFile read_relocatable(Bytes file);

} // namespace acc::object
