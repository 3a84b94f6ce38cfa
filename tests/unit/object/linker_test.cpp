// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the code generator's file to a code object: layout, relocations, descriptors, symbols,
// errors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/isa/disassemble.h"
#include "compiler/object/code_object.h"
#include "compiler/object/linker.h"
#include "tests/unit/object/object_maker.h"

namespace acc::object::test {
namespace {

using testing::HasSubstr;

struct Linked {
    std::vector<uint8_t> file;
    CodeObject object;
    explicit Linked(const ObjectMaker& maker)
        : file(link_code_object(maker.write())), object(file) {}

    const Symbol& symbol(std::string_view name) const {
        for (const Symbol& s : object.symbols())
            if (s.name == name) return s;
        throw std::out_of_range(std::string(name));
    }
    uint64_t read64(uint64_t address) const {
        return read<uint64_t>(object.image_at(address, 8), 0, "test");
    }
    uint32_t read32(uint64_t address) const {
        return read<uint32_t>(object.image_at(address, 4), 0, "test");
    }
    isa::Word instruction(uint64_t address) const {
        return isa::load_word(object.image_at(address, 16).data());
    }
};

std::string link_error(const ObjectMaker& maker) {
    try {
        link_code_object(maker.write());
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

TEST(Linker, SegmentsHaveTheirPermissionsAndPages) {
    const Linked l(sample().maker);
    const auto& segments = l.object.segments();
    ASSERT_EQ(segments.size(), 3u);
    EXPECT_FALSE(segments[0].write || segments[0].execute);
    EXPECT_TRUE(segments[1].execute && !segments[1].write);
    EXPECT_TRUE(segments[2].write && !segments[2].execute);
    for (const Segment& s : segments)
        EXPECT_EQ(s.address % 4096, 0u);
    EXPECT_GT(segments[2].bytes, segments[2].data.size()); // .bss
    EXPECT_EQ(l.symbol("counter").address % 64, 4u);       // the section's alignment is kept
}

TEST(Linker, PcRelativeReferencesReachTheirSymbols) {
    const Linked l(sample().maker);
    const uint64_t text = l.symbol("kernel_a").address;
    const auto target = [&](uint64_t at) {
        return at + 16 + static_cast<uint64_t>(int64_t{static_cast<int32_t>(l.instruction(at).hi)});
    };
    EXPECT_EQ(target(text), l.symbol("table").address);
    EXPECT_EQ(target(text + 0x10), text + 0x60);
}

TEST(Linker, AbsoluteAddressesBecomeLoadTimeRelocations) {
    const Linked l(sample().maker);
    const uint64_t text = l.symbol("kernel_a").address, table = l.symbol("table").address;
    ASSERT_EQ(l.object.relocations().size(), 2u);
    EXPECT_EQ(l.object.relocations()[0].address, text + 0x28);
    EXPECT_EQ(l.object.relocations()[0].addend,
              static_cast<int64_t>(l.symbol("counter").address + 4));
    EXPECT_EQ(l.object.relocations()[1].address, table);
    EXPECT_EQ(l.object.relocations()[1].addend, static_cast<int64_t>(l.symbol("greeting").address));
    EXPECT_EQ(l.read64(text + 0x28), l.symbol("counter").address + 4);
}

TEST(Linker, AbsoluteSymbolsAndDistancesAreFinal) {
    const Linked l(sample().maker);
    const uint64_t text = l.symbol("kernel_a").address, table = l.symbol("table").address;
    EXPECT_EQ(l.read32(text + 0x38), 0x1235u);
    EXPECT_EQ(l.read32(table + 8),
              static_cast<uint32_t>(l.symbol("kernel_b").address - (table + 8)));
    EXPECT_EQ(l.read32(table + 12), 0x1234u);
}

TEST(Linker, KernelsHaveFilledDescriptors) {
    const Linked l(sample().maker);
    ASSERT_EQ(l.object.kernels().size(), 2u);
    const KernelInfo& a = l.object.kernels()[0];
    EXPECT_EQ(a.name, "kernel_a");
    EXPECT_EQ(a.entry, l.symbol("kernel_a").address);
    EXPECT_EQ(a.descriptor_address % 64, 0u);
    ASSERT_EQ(a.params.size(), 2u);
    EXPECT_EQ(a.params[1].offset, 8u);
    EXPECT_EQ(l.object.kernels()[1].name, "kernel_b");
    EXPECT_EQ(l.object.kernels()[1].entry, l.symbol("kernel_b").address);
}

TEST(Linker, SymbolsKeepTheirMarks) {
    const Linked l(sample().maker);
    EXPECT_EQ(l.symbol("kernel_a").flags, ACC_STO_KERNEL);
    EXPECT_EQ(l.symbol("table").flags, ACC_STO_MANAGED);
    EXPECT_EQ(l.symbol("greeting").flags, ACC_STO_CONSTANT);
    EXPECT_THROW(l.symbol("helper"), std::out_of_range); // local
    EXPECT_THROW(l.symbol("kernel_a.kd"),
                 std::out_of_range); // the descriptor is found by its table
    ASSERT_NE(l.object.function_at(l.symbol("kernel_a").address + 0x64), nullptr);
    EXPECT_EQ(l.object.function_at(l.symbol("kernel_a").address + 0x64)->name, "helper");
}

TEST(Linker, HiddenSymbolsAreNotFoundByName) {
    Sample s = sample();
    s.maker.symbol("hidden", s.data, 8, 4, STT_OBJECT, STB_GLOBAL, STV_HIDDEN);
    EXPECT_THROW(Linked(s.maker).symbol("hidden"), std::out_of_range);
}

TEST(Linker, CommonSymbolsGetSpace) {
    Sample s = sample();
    s.maker.symbol("common", SHN_COMMON, 32, 40, STT_OBJECT); // value = alignment
    const Linked l(s.maker);
    EXPECT_EQ(l.symbol("common").address % 32, 0u);
    EXPECT_GE(l.symbol("common").address, l.symbol("counter").address + 8);
}

TEST(Linker, EqualInputGivesEqualBuildIdsAndOtherInputAnother) {
    const Linked a(sample().maker), b(sample().maker);
    EXPECT_EQ(a.file, b.file);
    ASSERT_EQ(a.object.build_id().size(), 16u);
    Sample s = sample();
    s.maker.data(s.rodata)[0] = 'H';
    const Linked c(s.maker);
    EXPECT_FALSE(std::ranges::equal(a.object.build_id(), c.object.build_id()));
}

TEST(Linker, ErrorsNameTheSymbol) {
    Sample s = sample();
    s.maker.symbol("missing", SHN_UNDEF, 0, 0, STT_NOTYPE);
    s.maker.symbol("also_missing", SHN_UNDEF, 0, 0, STT_NOTYPE);
    EXPECT_THAT(link_error(s.maker), HasSubstr("undefined symbols: 'missing', 'also_missing'"));
    Sample twice = sample();
    twice.maker.symbol("table", twice.data, 0, 16, STT_OBJECT);
    EXPECT_THAT(link_error(twice.maker), HasSubstr("'table' is defined twice"));
    Sample no_code = sample();
    no_code.maker.symbol("ghost.kd", no_code.kernels, 0, 64, STT_OBJECT, STB_LOCAL);
    EXPECT_THAT(link_error(no_code.maker), HasSubstr("'ghost' has a descriptor but no code"));
    Sample shared = sample();
    shared.maker.symbol("kernel_a.kd", shared.kernels, 64, 64, STT_OBJECT, STB_LOCAL);
    EXPECT_THAT(link_error(shared.maker), HasSubstr("shares its descriptor"));
}

TEST(Linker, AddressesThatOnlyTheLoaderKnowsDoNotFitIn32Bits) {
    for (const uint32_t type : {R_ACC_ABS32, R_ACC_ABS64_LO, R_ACC_ABS64_HI}) {
        Sample s = sample();
        s.maker.relocation(s.text, 0x08, type, s.table);
        EXPECT_THAT(link_error(s.maker), HasSubstr("'table'")) << type;
    }
}

TEST(Linker, WeakUndefinedSymbolsAreNull) {
    Sample s = sample();
    const uint32_t weak = s.maker.symbol("weak", SHN_UNDEF, 0, 0, STT_NOTYPE, STB_WEAK);
    s.maker.data(s.data).resize(24);
    s.maker.relocation(s.data, 16, R_ACC_ABS64, weak);
    const Linked l(s.maker);
    EXPECT_EQ(l.read64(l.symbol("table").address + 16), 0u);
    EXPECT_EQ(l.object.relocations().size(), 2u);
    s.maker.relocation(s.text, 0x08, R_ACC_PC32, weak);
    EXPECT_THAT(link_error(s.maker), HasSubstr("'weak'"));
}

TEST(Linker, RefusesWhatDeviceCodeCannotHave) {
    Sample constructors = sample();
    constructors.maker.section(".init_array", SHT_INIT_ARRAY, SHF_ALLOC | SHF_WRITE,
                               std::vector<uint8_t>(8));
    EXPECT_THAT(link_error(constructors.maker), HasSubstr("dynamic initialisation"));
    Sample tls = sample();
    tls.maker.section(".tdata", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS,
                      std::vector<uint8_t>(8));
    EXPECT_THAT(link_error(tls.maker), HasSubstr("thread_local"));
    Sample outside = sample();
    outside.maker.relocation(outside.data, 13, R_ACC_ABS32, outside.limit);
    EXPECT_THAT(link_error(outside.maker), HasSubstr("outside its section"));
    Sample unknown = sample();
    unknown.maker.relocation(unknown.data, 0, 99, unknown.limit);
    EXPECT_THAT(link_error(unknown.maker), HasSubstr("unknown type 99"));
    EXPECT_THAT(link_error(ObjectMaker()), HasSubstr("no device code"));
}

TEST(Linker, DebugAddressesAreImageOffsets) {
    const Linked l(sample().maker);
    const Bytes line = l.object.section(".debug_line");
    EXPECT_EQ(read<uint64_t>(line, 4 + 8 + 51 + 3, "test"), l.symbol("kernel_a").address);
    EXPECT_TRUE(l.object.section(".comment").empty());
}

} // namespace
} // namespace acc::object::test
