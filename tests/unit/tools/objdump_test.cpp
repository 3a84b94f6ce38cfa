// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// accc-objdump: what it shows of a known module (tests/unit/object/object_maker.cpp), and its
// command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "compiler/object/fat_binary.h"
#include "compiler/object/linker.h"
#include "nv_decode.h"
#include "runtime/tools/objdump/dump.h"
#include "tests/unit/object/object_maker.h"

namespace acc::objdump {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<uint8_t> module_file() {
    return object::link_code_object(object::test::sample().maker.write());
}
std::string shown(const std::vector<uint8_t>& file, const std::vector<std::string>& arguments) {
    std::vector<std::string> all = arguments;
    all.push_back("file");
    unsigned extracted = 0;
    return dump("file", file, parse_options(all), extracted);
}

TEST(Objdump, ShowsInstructionsByFunctionAndNamesTheirTargets) {
    const std::string text = shown(module_file(), {});
    EXPECT_THAT(text, HasSubstr("<kernel_a>:\n"));
    EXPECT_THAT(text, HasSubstr("<helper>:\n"));
    EXPECT_THAT(text, HasSubstr("call r2, 0x1060 // helper\n"));
    EXPECT_THAT(text, HasSubstr("lea.pc r4, 0x2000 // table\n"));
    EXPECT_THAT(text, HasSubstr("// address of counter+0x4\n"));
}

TEST(Objdump, ShowsLinesWhereTheyChange) {
    const std::string text = shown(module_file(), {"-l"});
    const auto at = [&](const char* what) { return text.find(what); };
    EXPECT_LT(at("; /src/a.cu:10\n"), at("lea.pc"));
    EXPECT_LT(at("lea.pc"), at("; /src/a.cu:11\n"));
    EXPECT_LT(at("; /src/a.cu:11\n"), at("call"));
    EXPECT_LT(at("movi.b64"), at("; /src/a.cu:12\n"));
    EXPECT_LT(at("; /src/a.cu:12\n"), at("; /inc/inc.h:3\n"));
}

TEST(Objdump, ShowsOnlyTheFunctionsAskedFor) {
    const std::string text = shown(module_file(), {"--function", "kernel_b"});
    EXPECT_THAT(text, HasSubstr("<kernel_b>:\n"));
    EXPECT_THAT(text, Not(HasSubstr("<kernel_a>")));
}

TEST(Objdump, ShowsKernelsHeadersSymbolsAndRelocations) {
    const std::string text = shown(module_file(), {"-x"});
    EXPECT_THAT(text, HasSubstr("16 registers, 0 barriers, 0 bytes shared, 0 bytes local"));
    EXPECT_THAT(text, HasSubstr("0: offset 0, 8 bytes, pointer"));
    EXPECT_THAT(text, HasSubstr("constant greeting"));
    EXPECT_THAT(text, HasSubstr("managed  table"));
    EXPECT_THAT(text, HasSubstr("r-x\n"));
    EXPECT_THAT(text, HasSubstr("0000000000002000  0x80\n"));
    EXPECT_THAT(text, Not(HasSubstr("lea.pc")));
}

TEST(Objdump, ShowsDamagedInstructionsAsData) {
    object::test::Sample s = object::test::sample();
    s.maker.data(s.text)[0x41] |= 0xf; // opcode 0xf07 of `exit`
    EXPECT_THAT(shown(object::link_code_object(s.maker.write()), {}),
                HasSubstr("// undefined opcode 0xf07"));
}

std::vector<uint8_t> fat_binary() {
    return object::write_fat_binary({{ACC_FATBIN_CODE_OBJECT, ACC_EF_ARCH_ACC1, module_file()},
                                     {ACC_FATBIN_PTX, 80, module_file()}});
}

/// A host object with two containers, padded as a host linker does when it joins sections.
std::vector<uint8_t> host_object() {
    std::vector<uint8_t> section = fat_binary();
    section.resize(section.size() + 24);
    const std::vector<uint8_t> second = fat_binary();
    section.insert(section.end(), second.begin(), second.end());
    object::test::ObjectMaker maker;
    maker.section(".nv_fatbin", SHT_PROGBITS, SHF_ALLOC, section, 8);
    std::vector<uint8_t> file = maker.write();
    reinterpret_cast<Elf64_Ehdr*>(file.data())->e_machine = EM_X86_64;
    return file;
}

TEST(Objdump, ShowsTheEntriesOfFatBinaries) {
    const std::string text = shown(fat_binary(), {});
    EXPECT_THAT(text, HasSubstr("<kernel_a>"));
    EXPECT_THAT(text, HasSubstr("PTX text for architecture 80"));
}

TEST(Objdump, FindsEveryFatBinaryOfAHostObject) {
    const std::string text = shown(host_object(), {});
    EXPECT_THAT(text, HasSubstr("2 fat binaries"));
    EXPECT_NE(text.find("<kernel_a>"), text.rfind("<kernel_a>"));
}

TEST(Objdump, LooksIntoArchives) {
    const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) /
                                         "objdump_archive";
    std::filesystem::create_directories(folder);
    const std::vector<uint8_t> member = host_object();
    const auto object = folder / "a_member_with_a_long_name.o", archive = folder / "lib.a";
    std::ofstream(object, std::ios::binary)
        .write(reinterpret_cast<const char*>(member.data()),
               static_cast<std::streamsize>(member.size()));
    std::filesystem::remove(archive);
    ASSERT_EQ(std::system(("ar qc '" + archive.string() + "' '" + object.string() + "' '" +
                           object.string() + "'")
                              .c_str()),
              0);
    std::ifstream in(archive, std::ios::binary);
    const std::string text = shown(
        {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}, {"-k"});
    EXPECT_THAT(text, HasSubstr("4 fat binaries"));
    EXPECT_THAT(text, HasSubstr("a_member_with_a_long_name.o: fat binary"));
    std::filesystem::remove_all(folder);
}

TEST(Objdump, SaysWhenThereIsNoDeviceCode) {
    EXPECT_THROW(shown({'h', 'e', 'l', 'l', 'o'}, {}), object::Error);
    EXPECT_THROW(shown({}, {}), object::Error);
    std::vector<uint8_t> cut = module_file();
    cut.resize(cut.size() / 2);
    EXPECT_THROW(shown(cut, {}), object::Error);
}

TEST(Objdump, ExtractsEntries) {
    const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) /
                                         "objdump_extract";
    std::filesystem::create_directories(folder);
    shown(fat_binary(), {"--extract", (folder / "out").string()});
    EXPECT_EQ(std::filesystem::file_size(folder / "out.0.co"), module_file().size());
    EXPECT_TRUE(std::filesystem::exists(folder / "out.1.ptx"));
    std::filesystem::remove_all(folder);
}

TEST(Objdump, CommandLineMistakesAreNamed) {
    EXPECT_THAT(parse_options({"--frob", "x"}).error, HasSubstr("--frob"));
    EXPECT_THAT(parse_options({"-dq", "x"}).error, HasSubstr("-dq"));
    EXPECT_THAT(parse_options({"-d"}).error, HasSubstr("no file"));
    EXPECT_THAT(parse_options({"x", "--function"}).error, HasSubstr("--function needs a value"));
    EXPECT_TRUE(parse_options({"--help"}).error.empty());
    EXPECT_TRUE(parse_options({"-dlC", "x"}).demangle);
    EXPECT_TRUE(parse_options({"x"}).disassemble);
    EXPECT_FALSE(parse_options({"-k", "x"}).disassemble);
}

// libcufilt, by cu++filt's documentation.
TEST(Demangle, NamesOfDeviceCode) {
    int status = 1;
    char* text = __cu_demangle("_Z6kernelPfi", nullptr, nullptr, &status);
    EXPECT_STREQ(text, "kernel(float*, int)");
    EXPECT_EQ(status, 0);
    std::free(text);
    EXPECT_EQ(__cu_demangle("no mangled name", nullptr, nullptr, &status), nullptr);
    EXPECT_EQ(status, -2);
    size_t length = 4;
    EXPECT_EQ(__cu_demangle(nullptr, nullptr, &length, &status), nullptr);
    EXPECT_EQ(status, -3);
}

} // namespace
} // namespace acc::objdump
