// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hostile code objects: each field broken on purpose gives its own error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "acc/spec/acc_mmu.h"
#include "compiler/object/code_object.h"
#include "compiler/object/linker.h"
#include "tests/unit/object/object_maker.h"

namespace acc::object::test {
namespace {

using testing::HasSubstr;

std::vector<uint8_t> valid() {
    return link_code_object(sample().maker.write());
}

Elf64_Ehdr& header(std::vector<uint8_t>& file) {
    return *reinterpret_cast<Elf64_Ehdr*>(file.data());
}
Elf64_Phdr& segment(std::vector<uint8_t>& file, unsigned n) {
    return reinterpret_cast<Elf64_Phdr*>(file.data() + header(file).e_phoff)[n];
}
Elf64_Shdr& section(std::vector<uint8_t>& file, std::string_view name) {
    auto* table = reinterpret_cast<Elf64_Shdr*>(file.data() + header(file).e_shoff);
    const auto* names = reinterpret_cast<const char*>(file.data() +
                                                      table[header(file).e_shstrndx].sh_offset);
    for (unsigned i = 0; i < header(file).e_shnum; ++i)
        if (names + table[i].sh_name == name) return table[i];
    throw std::out_of_range(std::string(name));
}
acc_kernel_descriptor& kernel(std::vector<uint8_t>& file) {
    return *reinterpret_cast<acc_kernel_descriptor*>(file.data() +
                                                     section(file, ".acc.kernels").sh_offset);
}
template <typename T>
T& entry(std::vector<uint8_t>& file, std::string_view name, unsigned n) {
    return reinterpret_cast<T*>(file.data() + section(file, name).sh_offset)[n];
}

struct Broken {
    const char* name;
    void (*breaks)(std::vector<uint8_t>&);
    const char* message;
};
class BrokenCodeObject : public testing::TestWithParam<Broken> {};

TEST_P(BrokenCodeObject, IsRefusedWithAReason) {
    std::vector<uint8_t> file = valid();
    GetParam().breaks(file);
    try {
        CodeObject object{Bytes(file)};
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr(GetParam().message));
    }
}

using F = std::vector<uint8_t>&;
INSTANTIATE_TEST_SUITE_P(
    , BrokenCodeObject,
    testing::Values(
        Broken{"Magic", [](F f) { f[0] = 0; }, "magic"},
        Broken{"Class", [](F f) { f[EI_CLASS] = 1; }, "64-bit"},
        Broken{"Machine", [](F f) { header(f).e_machine = EM_X86_64; },
               "compile the program with accc"},
        Broken{"Abi", [](F f) { f[EI_ABIVERSION] = 9; }, "ABI version 9"},
        Broken{"Arch", [](F f) { header(f).e_flags = 2; }, "instruction set 2"},
        Broken{"Flags", [](F f) { header(f).e_flags |= 0x1000000; }, "e_flags"},
        Broken{"Relocatable", [](F f) { header(f).e_type = ET_REL; }, "must be linked"},
        Broken{"SegmentTable", [](F f) { header(f).e_phoff = ~0ull - 8; }, "program header table"},
        Broken{"SegmentSize", [](F f) { header(f).e_phentsize = 1; }, "unknown size"},
        Broken{"SectionTable", [](F f) { header(f).e_shoff = f.size(); }, "section header table"},
        Broken{"SectionNames", [](F f) { header(f).e_shstrndx = 500; }, "section name table"},
        Broken{"NoSegments", [](F f) { header(f).e_phnum = 0; }, "nothing to load"},
        Broken{"UnalignedSegment", [](F f) { segment(f, 1).p_vaddr += 16; }, "page"},
        Broken{"OverlappingSegments", [](F f) { segment(f, 1).p_vaddr = 0; }, "overlaps"},
        Broken{"SegmentOutside", [](F f) { segment(f, 0).p_offset = f.size(); },
               "outside the file"},
        Broken{"SegmentOverflow", [](F f) { segment(f, 0).p_offset = ~0ull; }, "outside the file"},
        Broken{"HugeSegment", [](F f) { segment(f, 2).p_memsz = ~0ull; }, "larger"},
        Broken{"MoreFileThanMemory", [](F f) { segment(f, 1).p_memsz = 16; },
               "more bytes in the file"},
        Broken{"WritableCode", [](F f) { segment(f, 1).p_flags |= PF_W; },
               "writable and executable"},
        Broken{"Permissions", [](F f) { segment(f, 0).p_flags = PF_W; }, "permissions"},
        Broken{"SectionOutside", [](F f) { section(f, ".debug_line").sh_size = ~0ull; },
               "outside the file"},
        Broken{"SectionName", [](F f) { section(f, ".debug_line").sh_name = 0xffffffff; },
               "string offset"},
        Broken{"SymbolStrings", [](F f) { section(f, ".dynsym").sh_link = 1000; }, "string table"},
        Broken{"SymbolTableSize", [](F f) { section(f, ".dynsym").sh_size -= 1; }, "multiple"},
        Broken{"SymbolName", [](F f) { entry<Elf64_Sym>(f, ".dynsym", 1).st_name = 0x7fffffff; },
               "string offset"},
        Broken{"UndefinedSymbol", [](F f) { entry<Elf64_Sym>(f, ".dynsym", 1).st_shndx = 0; },
               "undefined"},
        Broken{"SymbolOutside",
               [](F f) { entry<Elf64_Sym>(f, ".dynsym", 1).st_value = 1ull << 40; },
               "outside the image"},
        Broken{"SymbolOverflow", [](F f) { entry<Elf64_Sym>(f, ".dynsym", 1).st_size = ~0ull; },
               "outside the image"},
        Broken{"RelocationType", [](F f) { entry<Elf64_Rela>(f, ".rela.dyn", 0).r_info = 3; },
               "type 3"},
        Broken{"RelocationPlace",
               [](F f) { entry<Elf64_Rela>(f, ".rela.dyn", 0).r_offset = ~0ull - 3; },
               "file bytes"},
        Broken{"RelocationTarget", [](F f) { entry<Elf64_Rela>(f, ".rela.dyn", 0).r_addend = -1; },
               "outside the image"},
        Broken{"KernelMagic", [](F f) { kernel(f).magic = 0; }, "magic"},
        Broken{"KernelEntry", [](F f) { kernel(f).entry += 1; }, "entry point"},
        Broken{"KernelEntryInData", [](F f) { kernel(f).entry = 0; }, "entry point"},
        Broken{"KernelEntryFar", [](F f) { kernel(f).entry = INT64_MIN; }, "entry point"},
        Broken{"KernelName", [](F f) { kernel(f).name = 0xffffffff; }, "kernel name"},
        Broken{"KernelTwice", [](F f) { (&kernel(f))[1].name = kernel(f).name; },
               "two descriptors"},
        Broken{"KernelRegisters", [](F f) { kernel(f).num_regs = 256; }, "num_regs"},
        Broken{"KernelBarriers", [](F f) { kernel(f).num_barriers = 17; }, "num_barriers"},
        Broken{"KernelFlags", [](F f) { kernel(f).flags = 0x8000; }, "flags"},
        Broken{"KernelShared", [](F f) { kernel(f).shared_bytes = ACC_SHARED_PER_BLOCK_OPTIN + 1; },
               "shared_bytes"},
        Broken{"KernelLocal", [](F f) { kernel(f).local_bytes = ACC_MAX_LOCAL_PER_THREAD + 1; },
               "local_bytes"},
        Broken{"KernelThreads", [](F f) { kernel(f).max_threads = 1025; }, "max_threads"},
        Broken{"KernelBlock", [](F f) { kernel(f).reqd_block[2] = 1025; }, "reqd_block[2]"},
        Broken{"ParameterIndex", [](F f) { kernel(f).param_index = 0xffffffff; },
               "kernel parameters"},
        Broken{"ParameterCount", [](F f) { kernel(f).param_count = 0xffffffff; },
               "kernel parameters"},
        Broken{"ParameterSize",
               [](F f) { entry<acc_kernel_param>(f, ".acc.params", 0).size = 0xffffffff; },
               "parameter 0"},
        Broken{"ParameterAlign",
               [](F f) { entry<acc_kernel_param>(f, ".acc.params", 1).align = 3; }, "parameter 1"},
        Broken{"ParameterOverlap",
               [](F f) { entry<acc_kernel_param>(f, ".acc.params", 1).offset = 4; }, "parameter 1"},
        Broken{"ParameterKind", [](F f) { entry<acc_kernel_param>(f, ".acc.params", 1).kind = 7; },
               "parameter 1"},
        Broken{"KernelsNotLoaded", [](F f) { section(f, ".acc.kernels").sh_addr = 1ull << 30; },
               "not loaded"},
        Broken{"KernelsUnaligned", [](F f) { section(f, ".acc.kernels").sh_addr += 8; }, "aligned"},
        Broken{"KernelsSize", [](F f) { section(f, ".acc.kernels").sh_size -= 8; }, "multiple"},
        Broken{"BuildId",
               [](F f) { entry<Elf64_Nhdr>(f, ".note.gnu.build-id", 0).n_descsz = 0xffffffff; },
               "build id"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(CodeObject, EveryTruncationIsRefused) {
    const std::vector<uint8_t> file = valid();
    for (size_t n = 0; n < file.size(); ++n)
        EXPECT_THROW(CodeObject(Bytes(file).first(n)), Error) << n;
}

TEST(CodeObject, WrongArchitectureIsToldFromDamage) {
    std::vector<uint8_t> file = valid();
    header(file).e_machine = EM_X86_64;
    try {
        CodeObject object{Bytes(file)};
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::WrongArch);
    }
}

TEST(CodeObject, TheImageEndsAfterTheLastSegment) {
    std::vector<uint8_t> file = valid();
    const CodeObject object{Bytes(file)};
    const Segment& last = object.segments().back();
    EXPECT_EQ(object.image_bytes(), (last.address + last.bytes + 4095) / 4096 * 4096);
    EXPECT_EQ(object.image_at(last.address, last.data.size()).size(), last.data.size());
    EXPECT_TRUE(object.image_at(last.address, last.bytes).empty()); // zero-filled part
    EXPECT_TRUE(object.image_at(~0ull, 2).empty());
}

} // namespace
} // namespace acc::object::test
