// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/object/relocatable.h"

#include "acc/spec/acc_code_object.h"

namespace acc::object {
namespace {

constexpr uint64_t kMaxAlign = 1ull << 16;
constexpr uint64_t kMaxSectionBytes = 1ull << 36;

[[noreturn]] void malformed(const std::string& what) {
    throw Error("relocatable file: " + what);
}
std::string quoted(std::string_view name) {
    return "'" + std::string(name) + "'";
}

ElfHeader read_header(Bytes file) {
    const auto header = read<ElfHeader>(file, 0, "ELF header");
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
        malformed("not a 64-bit little-endian ELF file");
    if (header.e_machine != ACC_ELF_MACHINE || header.e_type != ET_REL)
        malformed("not a relocatable file of this device (e_machine " +
                  std::to_string(header.e_machine) + ", e_type " + std::to_string(header.e_type) +
                  ")");
    const uint32_t arch = header.e_flags & ~ACC_EF_SM_MASK;
    if (arch != 0 && arch != ACC_EF_ARCH_ACC1)
        malformed("e_flags " + std::to_string(header.e_flags) + " names no known instruction set");
    if (header.e_shentsize != sizeof(ElfSection) || header.e_shstrndx >= header.e_shnum)
        malformed("the section header table is damaged (or there are more than 65279 sections)");
    return header;
}

ElfSection section_header(Bytes file, const ElfHeader& header, uint32_t index) {
    return read<ElfSection>(file, header.e_shoff + uint64_t{index} * sizeof(ElfSection),
                            "section header");
}

RelSection read_section(Bytes file, const ElfSection& raw, Bytes names) {
    RelSection section;
    section.name = string_at(names, raw.sh_name, "section name");
    section.type = raw.sh_type;
    section.flags = raw.sh_flags;
    section.align = raw.sh_addralign == 0 ? 1 : raw.sh_addralign;
    section.bytes = raw.sh_size;
    if ((section.align & (section.align - 1)) != 0 || section.align > kMaxAlign)
        malformed("section " + quoted(section.name) + " has alignment " +
                  std::to_string(section.align));
    if (section.bytes > kMaxSectionBytes)
        malformed("section " + quoted(section.name) + " is larger than any image may be");
    if ((raw.sh_flags & SHF_COMPRESSED) != 0)
        malformed("section " + quoted(section.name) + " is compressed; compile without -gz");
    if (raw.sh_type != SHT_NOBITS && raw.sh_type != SHT_NULL)
        section.data = slice(file, raw.sh_offset, raw.sh_size, "section");
    return section;
}

void read_symbols(Bytes file, const ElfHeader& header, const ElfSection& raw,
                  RelocatableFile& out) {
    if (!out.symbols.empty()) malformed("there are two symbol tables");
    if (raw.sh_link >= header.e_shnum)
        malformed("the symbol table names a string table that does not exist");
    const Bytes table = slice(file, raw.sh_offset, raw.sh_size, "symbol table");
    const Bytes names = out.sections[raw.sh_link].data;
    for (uint64_t at = 0; at + sizeof(ElfSymbol) <= table.size(); at += sizeof(ElfSymbol)) {
        const auto symbol = read<ElfSymbol>(table, at, "symbol");
        RelSymbol result{symbol.st_name ? string_at(names, symbol.st_name, "symbol name") : "",
                         symbol.st_value,
                         symbol.st_size,
                         symbol.st_shndx,
                         static_cast<uint8_t>(ELF64_ST_TYPE(symbol.st_info)),
                         static_cast<uint8_t>(ELF64_ST_BIND(symbol.st_info)),
                         symbol.st_other};
        if (result.defined_in_section()) {
            if (result.section >= out.sections.size())
                malformed("symbol " + quoted(result.name) + " is in a section that does not exist");
            const RelSection& home = out.sections[result.section];
            if (result.value > home.bytes || result.bytes > home.bytes - result.value)
                malformed("symbol " + quoted(result.name) + " is not inside its section " +
                          quoted(home.name));
        } else if (result.section != SHN_UNDEF && result.section != SHN_ABS &&
                   result.section != SHN_COMMON) {
            malformed("symbol " + quoted(result.name) + " has an unknown section index");
        }
        out.symbols.push_back(result);
    }
}

/// Bytes a relocation patches; 0 = unknown type.
uint64_t field_bytes(uint32_t type) {
    switch (type) {
    case R_ACC_ABS64:
    case R_ACC_REL64: return 8;
    case R_ACC_ABS32:
    case R_ACC_REL32:
    case R_ACC_PC32:
    case R_ACC_ABS64_LO:
    case R_ACC_ABS64_HI: return 4;
    default: return 0;
    }
}

void read_relocations(Bytes file, const ElfSection& raw, RelocatableFile& out) {
    if (raw.sh_info == 0 || raw.sh_info >= out.sections.size())
        malformed("relocations for a section that does not exist");
    RelSection& target = out.sections[raw.sh_info];
    const Bytes table = slice(file, raw.sh_offset, raw.sh_size, "relocations");
    for (uint64_t at = 0; at + sizeof(ElfRela) <= table.size(); at += sizeof(ElfRela)) {
        const auto rela = read<ElfRela>(table, at, "relocation");
        RelRelocation result{rela.r_offset, static_cast<uint32_t>(ELF64_R_TYPE(rela.r_info)),
                             static_cast<uint32_t>(ELF64_R_SYM(rela.r_info)), rela.r_addend};
        if (result.type == R_ACC_NONE) continue;
        const uint64_t bytes = field_bytes(result.type);
        const std::string where = quoted(target.name) + " at offset " +
                                  std::to_string(result.offset);
        if (bytes == 0)
            malformed("relocation of unknown type " + std::to_string(result.type) + " in " + where);
        if (result.offset > target.data.size() || bytes > target.data.size() - result.offset)
            malformed("relocation outside its section: " + where);
        if (result.symbol >= out.symbols.size())
            malformed("relocation against a symbol that does not exist: " + where);
        target.relocations.push_back(result);
    }
}

} // namespace

RelocatableFile read_relocatable(Bytes file) {
    const ElfHeader header = read_header(file);
    RelocatableFile out;
    // No instruction set, which LLVM's object writer leaves there by default, means the only one.
    out.flags = ACC_EF_ARCH_ACC1 | (header.e_flags & ACC_EF_SM_MASK);
    const ElfSection names_header = section_header(file, header, header.e_shstrndx);
    const Bytes names = slice(file, names_header.sh_offset, names_header.sh_size,
                              "section name table");
    for (uint32_t i = 0; i < header.e_shnum; ++i)
        out.sections.push_back(read_section(file, section_header(file, header, i), names));
    for (uint32_t i = 0; i < header.e_shnum; ++i)
        if (out.sections[i].type == SHT_SYMTAB)
            read_symbols(file, header, section_header(file, header, i), out);
    for (uint32_t i = 0; i < header.e_shnum; ++i) {
        if (out.sections[i].type == SHT_REL)
            malformed("section " + quoted(out.sections[i].name) +
                      " has relocations without addends");
        if (out.sections[i].type == SHT_RELA)
            read_relocations(file, section_header(file, header, i), out);
    }
    return out;
}

} // namespace acc::object
