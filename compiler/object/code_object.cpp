// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/object/code_object.h"

#include <algorithm>
#include <unordered_set>

#include "acc/spec/acc_mmu.h"
#include "acc/spec/descriptor_check.h"
#include "compiler/object/elf.h"

namespace acc::object {
namespace {

constexpr uint64_t kPage = 4096;
/// Larger images than this are not code objects but damage (device addresses have 48 bits; a module
/// may be large, not that large).
constexpr uint64_t kMaxImageBytes = 1ull << 36;

[[noreturn]] void malformed(const std::string& what) {
    throw Error("code object: " + what);
}

std::string quoted(std::string_view name) {
    return "'" + std::string(name) + "'";
}

constexpr uint64_t kDescriptorAlign = 64;

} // namespace

CodeObject::CodeObject(Bytes file) : file_(file) {
    read_header();
    read_segments();
    read_sections();
    read_symbols();
    read_functions();
    read_relocations();
    read_kernels();
    read_build_id();
}

void CodeObject::read_header() {
    const auto header = read<ElfHeader>(file_, 0, "ELF header");
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
        malformed("the file does not start with the ELF magic");
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_ident[EI_VERSION] != EV_CURRENT)
        malformed("not a 64-bit little-endian ELF file of version 1");
    if (header.e_machine != ACC_ELF_MACHINE)
        throw Error("code object: e_machine is " + std::to_string(header.e_machine) +
                        ", this device needs " + std::to_string(ACC_ELF_MACHINE) +
                        "; compile the program with accc",
                    Error::Kind::WrongArch);
    if (header.e_type != ET_DYN)
        malformed("e_type is " + std::to_string(header.e_type) +
                  ", not ET_DYN: a relocatable file must be linked first");
    if (header.e_ident[EI_OSABI] != ACC_ELF_OSABI ||
        header.e_ident[EI_ABIVERSION] != ACC_ELF_ABIVERSION)
        throw Error("code object: made for ABI version " +
                        std::to_string(header.e_ident[EI_ABIVERSION]) + ", this runtime has " +
                        std::to_string(ACC_ELF_ABIVERSION) + "; recompile the program with accc",
                    Error::Kind::WrongArch);
    arch_ = header.e_flags & ACC_EF_ARCH_MASK;
    sm_ = (header.e_flags & ACC_EF_SM_MASK) >> ACC_EF_SM_SHIFT;
    if ((header.e_flags & ~(ACC_EF_ARCH_MASK | ACC_EF_SM_MASK)) != 0)
        malformed("unknown e_flags bits");
    if (arch_ != ACC_EF_ARCH_ACC1)
        throw Error("code object: for instruction set " + std::to_string(arch_) +
                        ", this device has " + std::to_string(ACC_EF_ARCH_ACC1) +
                        "; recompile the program with accc",
                    Error::Kind::WrongArch);
    if (header.e_phentsize != sizeof(ElfSegment) ||
        (header.e_shnum != 0 && header.e_shentsize != sizeof(ElfSection)))
        malformed("header table entries have an unknown size");
    segment_table_ = header.e_phoff;
    segment_count_ = header.e_phnum;
    section_table_ = header.e_shoff;
    section_count_ = header.e_shnum;
    section_names_ = header.e_shstrndx;
}

void CodeObject::read_segments() {
    slice(file_, segment_table_, uint64_t{segment_count_} * sizeof(ElfSegment),
          "program header table");
    for (uint16_t i = 0; i < segment_count_; ++i) {
        const auto raw = read<ElfSegment>(file_, segment_table_ + uint64_t{i} * sizeof(ElfSegment),
                                          "program header");
        if (raw.p_type != PT_LOAD || raw.p_memsz == 0) continue;
        if (raw.p_vaddr % kPage != 0)
            malformed("segment " + std::to_string(i) + " does not start on a page");
        if (raw.p_vaddr > kMaxImageBytes || raw.p_memsz > kMaxImageBytes)
            malformed("segment " + std::to_string(i) + " is larger than any image may be");
        if (raw.p_filesz > raw.p_memsz)
            malformed("segment " + std::to_string(i) +
                      " has more bytes in the file than in memory");
        if (!segments_.empty() && raw.p_vaddr < segments_.back().address + segments_.back().bytes)
            malformed("segment " + std::to_string(i) +
                      " overlaps the one before it or is out of order");
        if ((raw.p_flags & ~uint32_t{PF_R | PF_W | PF_X}) != 0 || (raw.p_flags & PF_R) == 0)
            malformed("segment " + std::to_string(i) + " has unknown permissions");
        if ((raw.p_flags & PF_W) != 0 && (raw.p_flags & PF_X) != 0)
            malformed("segment " + std::to_string(i) + " is both writable and executable");
        segments_.push_back({raw.p_vaddr, raw.p_memsz,
                             slice(file_, raw.p_offset, raw.p_filesz, "segment"),
                             (raw.p_flags & PF_W) != 0, (raw.p_flags & PF_X) != 0});
        image_bytes_ = (raw.p_vaddr + raw.p_memsz + kPage - 1) & ~(kPage - 1);
    }
    if (segments_.empty()) malformed("there is nothing to load (no PT_LOAD segment)");
}

void CodeObject::read_sections() {
    slice(file_, section_table_, uint64_t{section_count_} * sizeof(ElfSection),
          "section header table");
    if (section_count_ == 0) return;
    if (section_names_ >= section_count_)
        malformed("the section name table's index " + std::to_string(section_names_) +
                  " does not exist");
    const auto names_header = read<ElfSection>(
        file_, section_table_ + uint64_t{section_names_} * sizeof(ElfSection),
        "section name table header");
    const Bytes names = slice(file_, names_header.sh_offset, names_header.sh_size,
                              "section name table");
    for (uint16_t i = 0; i < section_count_; ++i) {
        const auto raw = read<ElfSection>(file_, section_table_ + uint64_t{i} * sizeof(ElfSection),
                                          "section header");
        Section section;
        section.name = string_at(names, raw.sh_name, "section name");
        section.type = raw.sh_type;
        section.flags = raw.sh_flags;
        section.address = raw.sh_addr;
        section.bytes = raw.sh_size;
        section.link = raw.sh_link;
        if (raw.sh_type != SHT_NOBITS && raw.sh_type != SHT_NULL)
            section.data = slice(file_, raw.sh_offset, raw.sh_size, "section");
        sections_.push_back(section);
    }
}

const CodeObject::Section* CodeObject::find_section(std::string_view name) const {
    for (const Section& section : sections_)
        if (section.name == name) return &section;
    return nullptr;
}

Bytes CodeObject::section(std::string_view name) const {
    const Section* found = find_section(name);
    return found != nullptr ? found->data : Bytes{};
}

const Segment* CodeObject::segment_of(uint64_t address, uint64_t bytes) const {
    for (const Segment& segment : segments_)
        if (address >= segment.address && address - segment.address <= segment.bytes &&
            bytes <= segment.bytes - (address - segment.address))
            return &segment;
    return nullptr;
}

Symbol CodeObject::read_symbol(Bytes table, uint64_t at, Bytes names) const {
    const auto raw = read<ElfSymbol>(table, at, "symbol");
    Symbol symbol;
    symbol.name = string_at(names, raw.st_name, "symbol name");
    if (raw.st_shndx == SHN_UNDEF)
        malformed("symbol " + quoted(symbol.name) +
                  " is undefined; code objects are linked completely");
    symbol.address = raw.st_value;
    symbol.bytes = raw.st_size;
    symbol.function = ELF64_ST_TYPE(raw.st_info) == STT_FUNC;
    symbol.global = ELF64_ST_BIND(raw.st_info) != STB_LOCAL;
    symbol.flags = raw.st_other & (ACC_STO_KERNEL | ACC_STO_CONSTANT | ACC_STO_MANAGED);
    if (segment_of(symbol.address, symbol.bytes) == nullptr)
        malformed("symbol " + quoted(symbol.name) + " lies outside the image");
    return symbol;
}

void CodeObject::read_symbols() {
    const Section* table = find_section(".dynsym");
    if (table == nullptr) return;
    if (table->link >= sections_.size())
        malformed(".dynsym names a string table that does not exist");
    if (table->data.size() % sizeof(ElfSymbol) != 0)
        malformed(".dynsym has a size that is no multiple of a symbol's");
    const Bytes names = sections_[table->link].data;
    for (uint64_t at = sizeof(ElfSymbol); at < table->data.size();
         at += sizeof(ElfSymbol)) // entry 0 is the null symbol
        symbols_.push_back(read_symbol(table->data, at, names));
}

/// .symtab also has the functions that cannot be found by name. It can be stripped.
void CodeObject::read_functions() {
    const Section* table = find_section(".symtab");
    if (table != nullptr && table->link < sections_.size()) {
        const Bytes names = sections_[table->link].data;
        for (uint64_t at = sizeof(ElfSymbol); at + sizeof(ElfSymbol) <= table->data.size();
             at += sizeof(ElfSymbol))
            functions_.push_back(read_symbol(table->data, at, names));
    } else {
        functions_ = symbols_;
    }
    std::erase_if(functions_, [](const Symbol& symbol) { return !symbol.function; });
    std::sort(functions_.begin(), functions_.end(),
              [](const Symbol& a, const Symbol& b) { return a.address < b.address; });
}

void CodeObject::read_relocations() {
    const Section* table = find_section(".rela.dyn");
    if (table == nullptr) return;
    if (table->data.size() % sizeof(ElfRela) != 0)
        malformed(".rela.dyn has a size that is no multiple of a relocation's");
    for (uint64_t at = 0; at < table->data.size(); at += sizeof(ElfRela)) {
        const auto raw = read<ElfRela>(table->data, at, "relocation");
        const auto type = static_cast<uint32_t>(ELF64_R_TYPE(raw.r_info));
        if (type == R_ACC_NONE) continue;
        if (type != R_ACC_RELATIVE64)
            malformed("dynamic relocation of type " + std::to_string(type) +
                      "; only R_ACC_RELATIVE64 is allowed");
        const Segment* segment = segment_of(raw.r_offset, 8);
        if (segment == nullptr || raw.r_offset - segment->address + 8 > segment->data.size())
            malformed("a relocation at image offset " + std::to_string(raw.r_offset) +
                      " is outside every segment's file bytes");
        if (raw.r_addend < 0 || static_cast<uint64_t>(raw.r_addend) > image_bytes_)
            malformed("a relocation at image offset " + std::to_string(raw.r_offset) +
                      " points outside the image");
        relocations_.push_back({raw.r_offset, type, raw.r_addend});
    }
}

KernelInfo CodeObject::read_kernel(uint64_t address, Bytes params, Bytes names) const {
    KernelInfo kernel;
    // From the loaded bytes, not from the section: the command processor reads those.
    kernel.descriptor = read<acc_kernel_descriptor>(
        image_at(address, sizeof(acc_kernel_descriptor)), 0, "kernel descriptor");
    const acc_kernel_descriptor& d = kernel.descriptor;
    if (d.magic != ACC_KERNEL_DESCRIPTOR_MAGIC || d.version != 1)
        malformed("the kernel descriptor at image offset " + std::to_string(address) +
                  " has no valid magic or an unknown version");
    kernel.name = string_at(names, d.name, "kernel name");
    kernel.descriptor_address = address;
    kernel.entry = kernel.descriptor_address + static_cast<uint64_t>(d.entry);
    const Segment* code = segment_of(kernel.entry, 16);
    if (kernel.entry % 16 != 0 || code == nullptr || !code->execute)
        malformed("kernel " + quoted(kernel.name) +
                  " has an entry point that is not in executable code");
    if (const char* wrong = spec::descriptor_error(d).member; wrong != nullptr)
        malformed("kernel " + quoted(kernel.name) + " has an impossible " + wrong +
                  " in its descriptor");
    const uint64_t first = uint64_t{d.param_index} * sizeof(acc_kernel_param);
    slice(params, first, uint64_t{d.param_count} * sizeof(acc_kernel_param), "kernel parameters");
    uint64_t end = 0;
    for (uint32_t i = 0; i < d.param_count; ++i) {
        const auto param = read<acc_kernel_param>(
            params, first + uint64_t{i} * sizeof(acc_kernel_param), "kernel parameter");
        const bool aligned = param.align != 0 && (param.align & (param.align - 1)) == 0 &&
                             param.offset % param.align == 0;
        if (!aligned || param.offset < end ||
            uint64_t{param.offset} + param.size > d.kernarg_bytes || param.kind > ACC_PARAM_POINTER)
            malformed("parameter " + std::to_string(i) + " of kernel " + quoted(kernel.name) +
                      " does not fit its buffer");
        end = uint64_t{param.offset} + param.size;
        kernel.params.push_back(param);
    }
    return kernel;
}

void CodeObject::read_kernels() {
    const Section* kernels = find_section(".acc.kernels");
    if (kernels == nullptr || kernels->bytes == 0) return;
    if (kernels->bytes % sizeof(acc_kernel_descriptor) != 0)
        malformed(".acc.kernels has a size that is no multiple of a descriptor's");
    if (kernels->address % kDescriptorAlign != 0 ||
        image_at(kernels->address, kernels->bytes).empty())
        malformed(".acc.kernels is not loaded or not 64-byte aligned");
    const Bytes params = section(".acc.params");
    const Bytes names = section(".dynstr");
    std::unordered_set<std::string_view> seen;
    for (uint64_t at = 0; at < kernels->bytes; at += sizeof(acc_kernel_descriptor)) {
        KernelInfo kernel = read_kernel(kernels->address + at, params, names);
        if (!seen.insert(kernel.name).second)
            malformed("kernel " + quoted(kernel.name) + " has two descriptors");
        kernels_.push_back(std::move(kernel));
    }
}

void CodeObject::read_build_id() {
    const Bytes note = section(".note.gnu.build-id");
    if (note.empty()) return;
    const auto header = read<Elf64_Nhdr>(note, 0, "build id note");
    const uint64_t name_bytes = (uint64_t{header.n_namesz} + 3) & ~uint64_t{3};
    build_id_ = slice(note, sizeof header + name_bytes, header.n_descsz, "build id");
}

const Symbol* CodeObject::function_at(uint64_t address) const {
    const auto after = std::upper_bound(
        functions_.begin(), functions_.end(), address,
        [](uint64_t value, const Symbol& symbol) { return value < symbol.address; });
    if (after == functions_.begin()) return nullptr;
    const Symbol& symbol = *std::prev(after);
    return address - symbol.address < symbol.bytes ? &symbol : nullptr;
}

Bytes CodeObject::image_at(uint64_t address, uint64_t bytes) const {
    const Segment* segment = segment_of(address, bytes);
    if (segment == nullptr || address - segment->address > segment->data.size() ||
        bytes > segment->data.size() - (address - segment->address))
        return {};
    return segment->data.subspan(address - segment->address, bytes);
}

} // namespace acc::object
