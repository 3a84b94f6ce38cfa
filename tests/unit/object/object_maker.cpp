// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/unit/object/object_maker.h"

#include <cstring>
#include <stdexcept>

#include "compiler/isa/assemble.h"

namespace acc::object::test {
namespace {

void append(std::vector<uint8_t>& out, const void* data, size_t bytes) {
    const auto* p = static_cast<const uint8_t*>(data);
    out.insert(out.end(), p, p + bytes);
}

uint32_t add_name(std::string& names, const std::string& name) {
    const auto at = static_cast<uint32_t>(names.size());
    names += name;
    names += '\0';
    return at;
}

} // namespace

ObjectMaker::ObjectMaker() : sections_(1), symbols_(1), names_(1, '\0') {}

uint16_t ObjectMaker::section(const std::string& name, uint32_t type, uint64_t flags,
                              std::vector<uint8_t> data, uint64_t align) {
    const uint64_t bytes = data.size();
    sections_.push_back({name, type, flags, align, bytes, std::move(data), {}});
    return static_cast<uint16_t>(sections_.size() - 1);
}

uint16_t ObjectMaker::space(const std::string& name, uint64_t bytes, uint64_t align) {
    sections_.push_back({name, SHT_NOBITS, SHF_ALLOC | SHF_WRITE, align, bytes, {}, {}});
    return static_cast<uint16_t>(sections_.size() - 1);
}

uint32_t ObjectMaker::symbol(const std::string& name, uint16_t section, uint64_t value,
                             uint64_t bytes, uint8_t type, uint8_t binding, uint8_t other) {
    const uint32_t at = name.empty() ? 0 : add_name(names_, name);
    symbols_.push_back(
        {at, static_cast<uint8_t>(ELF64_ST_INFO(binding, type)), other, section, value, bytes});
    return static_cast<uint32_t>(symbols_.size() - 1);
}

void ObjectMaker::relocation(uint16_t section, uint64_t offset, uint32_t type, uint32_t symbol,
                             int64_t addend) {
    sections_[section].relocations.push_back(
        {offset, ELF64_R_INFO(uint64_t{symbol}, type), addend});
}

std::vector<uint8_t> ObjectMaker::write() const {
    std::vector<uint8_t> out(sizeof(Elf64_Ehdr));
    std::vector<Elf64_Shdr> table(1);
    std::string section_names(1, '\0');
    const auto add = [&](const std::string& name, uint32_t type, uint64_t flags, const void* data,
                         size_t bytes, uint64_t align) {
        out.resize((out.size() + 15) / 16 * 16);
        table.push_back(
            {add_name(section_names, name), type, flags, 0, out.size(), bytes, 0, 0, align, 0});
        append(out, data, bytes);
    };
    for (size_t i = 1; i < sections_.size(); ++i) {
        const Section& s = sections_[i];
        add(s.name, s.type, s.flags, s.data.data(), s.data.size(), s.align);
        table.back().sh_size = s.type == SHT_NOBITS ? s.bytes : s.data.size();
    }
    const auto symtab = static_cast<uint32_t>(table.size());
    add(".symtab", SHT_SYMTAB, 0, symbols_.data(), symbols_.size() * sizeof(Elf64_Sym), 8);
    table.back().sh_link = symtab + 1;
    table.back().sh_entsize = sizeof(Elf64_Sym);
    add(".strtab", SHT_STRTAB, 0, names_.data(), names_.size(), 1);
    for (size_t i = 1; i < sections_.size(); ++i) {
        const auto& relocations = sections_[i].relocations;
        if (relocations.empty()) continue;
        add(".rela" + sections_[i].name, SHT_RELA, 0, relocations.data(),
            relocations.size() * sizeof(Elf64_Rela), 8);
        table.back().sh_link = symtab;
        table.back().sh_info = static_cast<uint32_t>(i);
    }
    const size_t names_at = table.size();
    add_name(section_names, ".shstrtab");
    table.push_back({static_cast<uint32_t>(section_names.size() - 10), SHT_STRTAB, 0, 0, out.size(),
                     section_names.size(), 0, 0, 1, 0});
    append(out, section_names.data(), section_names.size());

    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, "\177ELF\2\1\1", 7);
    header.e_type = ET_REL;
    header.e_machine = ACC_ELF_MACHINE;
    header.e_version = EV_CURRENT;
    header.e_flags = ACC_EF_ARCH_ACC1;
    header.e_shoff = out.size();
    header.e_ehsize = sizeof header;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shnum = static_cast<uint16_t>(table.size());
    header.e_shstrndx = static_cast<uint16_t>(names_at);
    std::memcpy(out.data(), &header, sizeof header);
    append(out, table.data(), table.size() * sizeof(Elf64_Shdr));
    return out;
}

std::vector<uint8_t> code(const std::string& text) {
    const isa::Assembly assembly = isa::assemble(text);
    if (!assembly.ok()) throw std::logic_error(assembly.errors[0].text());
    std::vector<uint8_t> out(assembly.words.size() * isa::kWordBytes);
    for (size_t i = 0; i < assembly.words.size(); ++i)
        isa::store_word(out.data() + i * isa::kWordBytes, assembly.words[i]);
    return out;
}

acc_kernel_descriptor descriptor(uint32_t param_index, uint32_t param_count,
                                 uint32_t kernarg_bytes) {
    acc_kernel_descriptor d{};
    d.magic = ACC_KERNEL_DESCRIPTOR_MAGIC;
    d.version = 1;
    d.num_regs = 16;
    d.kernarg_bytes = kernarg_bytes;
    d.param_index = param_index;
    d.param_count = param_count;
    return d;
}

namespace {

/// DWARF 5 line table of one sequence of five instructions, written by hand after section 6.2.4 of
/// the standard: /src/a.cu lines 10, 11, none, 12 and then inc.h line 3, at 16 bytes an
/// instruction; the address is relocated.
std::vector<uint8_t> line_unit() {
    const std::vector<uint8_t> header = {
        1, 1, 1, 0xfd, 12, 13,              // min_inst, max_ops, default_is_stmt, line_base -3,
                                            // line_range 12, opcode_base 13
        0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, // lengths of the standard
                                            // opcodes
        1, 1, 0x08, 2, '/', 's', 'r', 'c', 0, '/', 'i', 'n', 'c', 0, // directories: path
                                                                     // as string
        2, 1, 0x08, 2, 0x0b, 2, 'a', '.', 'c', 'u', 0, 0, 'i', 'n', 'c', '.', 'h', 0, 1 // files:
                                                                                        // path,
                                                                                        // directory
                                                                                        // index
    };
    const std::vector<uint8_t> program = {
        0, 9,  2, 0,    0, 0,    0, 0, 0, 0, 0, // set_address (relocated at byte 3)
        4, 0,  3, 9,    5, 7,    1, // set_file 0; advance_line 9 -> 10; set_column 7; copy
        2, 16, 3, 1,    1,          // +16, line 11
        2, 16, 3, 0x75, 1,          // +16, line 0 (-11): no line
        2, 16, 3, 12,   1,          // +16, line 12
        4, 1,  2, 16,   3, 0x77, 1, // file 1, +16, line 3 (-9)
        2, 16, 0, 1,    1           // +16, end_sequence
    };
    std::vector<uint8_t> out(4);
    const auto put = [&out](const std::vector<uint8_t>& bytes) {
        out.insert(out.end(), bytes.begin(), bytes.end());
    };
    put({5, 0, 8, 0});
    put({static_cast<uint8_t>(header.size()), 0, 0, 0});
    put(header);
    put(program);
    out[0] = static_cast<uint8_t>(out.size() - 4);
    return out;
}

} // namespace

Sample sample() {
    Sample s;
    ObjectMaker& m = s.maker;
    s.text = m.section(".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR,
                       code("lea.pc r4, 0x10\n" // 0x00 kernel_a: address of table
                            "call r2, 0x10\n"   // 0x10 helper
                            "movi.b64 r6, 0\n"  // 0x20 address of counter
                            "mov.b32 r8, 0\n"   // 0x30 the absolute symbol limit
                            "exit\n"            // 0x40
                            "exit\n"            // 0x50 kernel_b
                            "ret r2\n"));       // 0x60 helper
    s.rodata = m.section(".rodata.str", SHT_PROGBITS, SHF_ALLOC, {'h', 'i', 0});
    s.data = m.section(".data.table", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, std::vector<uint8_t>(16),
                       8);
    s.bss = m.space(".bss", 100, 64);
    s.kernels = m.section(
        ".acc.kernels", SHT_PROGBITS, SHF_ALLOC,
        bytes_of<acc_kernel_descriptor>({descriptor(0, 2, 12), descriptor(2, 0, 0)}), 64);
    s.params = m.section(
        ".acc.params", SHT_PROGBITS, 0,
        bytes_of<acc_kernel_param>({{0, 8, 8, ACC_PARAM_POINTER}, {8, 4, 4, ACC_PARAM_VALUE}}), 4);
    s.debug_line = m.section(".debug_line", SHT_PROGBITS, 0, line_unit(), 1);
    m.section(".comment", SHT_PROGBITS, 0, {'x', 0}, 1);

    m.symbol("", s.text, 0, 0, STT_SECTION, STB_LOCAL);
    s.helper = m.symbol("helper", s.text, 0x60, 0x10, STT_FUNC, STB_LOCAL);
    m.symbol("kernel_a.kd", s.kernels, 0, 64, STT_OBJECT, STB_LOCAL);
    m.symbol("kernel_b.kd", s.kernels, 64, 64, STT_OBJECT, STB_LOCAL);
    s.kernel_a = m.symbol("kernel_a", s.text, 0, 0x50, STT_FUNC);
    s.kernel_b = m.symbol("kernel_b", s.text, 0x50, 0x10, STT_FUNC, STB_WEAK);
    s.table = m.symbol("table", s.data, 0, 16, STT_OBJECT, STB_GLOBAL, ACC_STO_MANAGED);
    s.counter = m.symbol("counter", s.bss, 4, 8, STT_OBJECT);
    s.limit = m.symbol("limit", SHN_ABS, 0x1234, 0, STT_NOTYPE, STB_LOCAL);
    const uint32_t greeting = m.symbol("greeting", s.rodata, 0, 3, STT_OBJECT, STB_GLOBAL,
                                       ACC_STO_CONSTANT);

    m.relocation(s.text, 0x08, R_ACC_PC32, s.table);
    m.relocation(s.text, 0x18, R_ACC_PC32, s.helper);
    m.relocation(s.text, 0x28, R_ACC_ABS64, s.counter, 4);
    m.relocation(s.text, 0x38, R_ACC_ABS32, s.limit, 1);
    m.relocation(s.data, 0, R_ACC_ABS64, greeting);
    m.relocation(s.data, 8, R_ACC_REL32, s.kernel_b);
    m.relocation(s.data, 12, R_ACC_ABS64_LO, s.limit);
    m.relocation(s.debug_line, 4 + 8 + 51 + 3, R_ACC_ABS64, s.kernel_a);
    return s;
}

} // namespace acc::object::test
