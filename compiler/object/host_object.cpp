// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/object/host_object.h"

#include <charconv>

#include "acc/spec/acc_code_object.h"
#include "compiler/object/elf.h"
#include "compiler/object/fat_binary.h"

namespace acc::object {
namespace {

constexpr std::string_view kSection = ".nv_fatbin";
constexpr std::string_view kArchive = "!<arch>\n";

/// The containers of one section: one after the other, padded with zeros (the host linker joins the
/// sections of all objects).
void split_section(Bytes section, const std::string& member, std::vector<EmbeddedFatBinary>& out) {
    for (uint64_t at = 0; at + sizeof(acc_fatbin_header) <= section.size();) {
        const Bytes rest = section.subspan(at);
        if (!is_fat_binary(rest)) {
            at += 8; // padding, or a container of another tool; ours are 8-byte aligned
            continue;
        }
        const uint64_t bytes = FatBinary(rest).total_size();
        out.push_back({member, rest.first(bytes)});
        at += (std::max<uint64_t>(bytes, sizeof(acc_fatbin_header)) + 7) & ~uint64_t{7};
    }
}

void read_elf(Bytes file, const std::string& member, std::vector<EmbeddedFatBinary>& out) {
    const auto header = read<ElfHeader>(file, 0, "ELF header");
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
        throw Error("host file: only 64-bit little-endian ELF files can hold device code");
    if (header.e_shoff == 0) return;
    const auto section = [&](uint64_t index) {
        return read<ElfSection>(file, header.e_shoff + index * sizeof(ElfSection),
                                "section header");
    };
    if (header.e_shentsize != sizeof(ElfSection))
        throw Error("host file: section headers have an unknown size");
    // Files with many sections keep both numbers in section 0.
    const ElfSection first = section(0);
    const uint64_t count = header.e_shnum != 0 ? header.e_shnum : first.sh_size;
    const uint64_t names_index = header.e_shstrndx != SHN_XINDEX ? header.e_shstrndx
                                                                 : first.sh_link;
    if (names_index >= count) throw Error("host file: the section name table does not exist");
    if (count > file.size() / sizeof(ElfSection))
        throw Error("host file: more section headers than the file has room for");
    const ElfSection names_header = section(names_index);
    const Bytes names = slice(file, names_header.sh_offset, names_header.sh_size,
                              "section name table");
    for (uint64_t i = 1; i < count; ++i) {
        const ElfSection raw = section(i);
        if (raw.sh_type == SHT_PROGBITS &&
            string_at(names, raw.sh_name, "section name") == kSection)
            split_section(slice(file, raw.sh_offset, raw.sh_size, "section .nv_fatbin"), member,
                          out);
    }
}

/// System V / GNU archives: 60-byte member headers with decimal sizes, long names in the member
/// "//".
void read_archive(Bytes file, std::vector<EmbeddedFatBinary>& out) {
    constexpr uint64_t kHeader = 60, kName = 16, kSizeAt = 48, kSizeDigits = 10;
    Bytes long_names;
    for (uint64_t at = kArchive.size(); at + kHeader <= file.size();) {
        const auto* header = reinterpret_cast<const char*>(file.data() + at);
        std::string_view digits(header + kSizeAt, kSizeDigits);
        uint64_t bytes = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(),
                                                  bytes);
        if (error != std::errc() || std::string_view(header + kHeader - 2, 2) != "`\n")
            throw Error("archive: damaged member header at byte " + std::to_string(at));
        const Bytes content = slice(file, at + kHeader, bytes, "archive member");
        std::string name(header, kName);
        name.erase(name.find_last_not_of(' ') + 1);
        uint64_t offset = 0;
        if (name == "//")
            long_names = content;
        else if (name.size() > 1 && name[0] == '/' &&
                 std::from_chars(name.data() + 1, name.data() + name.size(), offset).ec ==
                     std::errc() &&
                 offset < long_names.size())
            name = std::string(reinterpret_cast<const char*>(long_names.data() + offset),
                               strnlen(reinterpret_cast<const char*>(long_names.data() + offset),
                                       long_names.size() - offset));
        if (const size_t slash = name.find_first_of("/\n", 1);
            slash != std::string::npos && name != "//")
            name.resize(slash);
        if (is_elf(content)) read_elf(content, name, out);
        at += kHeader + bytes + (bytes & 1);
    }
}

} // namespace

std::vector<EmbeddedFatBinary> find_fat_binaries(Bytes file) {
    std::vector<EmbeddedFatBinary> out;
    if (is_elf(file))
        read_elf(file, "", out);
    else if (file.size() >= kArchive.size() &&
             std::memcmp(file.data(), kArchive.data(), kArchive.size()) == 0)
        read_archive(file, out);
    return out;
}

} // namespace acc::object
