// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/object/fat_binary.h"

namespace acc::object::test {
namespace {

using testing::HasSubstr;

const std::vector<uint8_t> kCode = {1, 2, 3, 4, 5};
const std::vector<uint8_t> kIr = {9, 8, 7};

std::vector<uint8_t> valid() {
    return write_fat_binary(
        {{ACC_FATBIN_CODE_OBJECT, ACC_EF_ARCH_ACC1, kCode}, {ACC_FATBIN_IR, 80, kIr}});
}
acc_fatbin_header& header(std::vector<uint8_t>& f) {
    return *reinterpret_cast<acc_fatbin_header*>(f.data());
}
acc_fatbin_entry& entry(std::vector<uint8_t>& f, unsigned n) {
    return reinterpret_cast<acc_fatbin_entry*>(f.data() + sizeof(acc_fatbin_header))[n];
}

TEST(FatBinary, HoldsWhatWasWritten) {
    std::vector<uint8_t> file = valid();
    file.resize(file.size() + 100); // more may follow
    const FatBinary fat{Bytes(file)};
    ASSERT_EQ(fat.entries().size(), 2u);
    EXPECT_TRUE(std::ranges::equal(fat.entries()[0].data, kCode));
    EXPECT_TRUE(std::ranges::equal(fat.entries()[1].data, kIr));
    EXPECT_EQ(fat.entries()[1].arch, 80u);
    EXPECT_EQ(fat.total_size() + 100, file.size());
    EXPECT_TRUE(std::ranges::equal(fat.code_object(ACC_EF_ARCH_ACC1), kCode));
    EXPECT_EQ(entry(file, 0).offset % 64, 0u);
}

TEST(FatBinary, AnEmptyContainerIsAContainer) {
    const std::vector<uint8_t> file = write_fat_binary({});
    EXPECT_TRUE(is_fat_binary(file));
    EXPECT_TRUE(FatBinary(Bytes(file)).entries().empty());
}

TEST(FatBinary, TheBuildIdNamesTheContent) {
    const auto other = write_fat_binary({{ACC_FATBIN_CODE_OBJECT, ACC_EF_ARCH_ACC1, kIr}});
    EXPECT_EQ(FatBinary(Bytes(valid())).build_id(), FatBinary(Bytes(valid())).build_id());
    EXPECT_NE(FatBinary(Bytes(valid())).build_id(), FatBinary(Bytes(other)).build_id());
}

TEST(FatBinary, MissingArchitectureListsWhatIsThere) {
    try {
        std::vector<uint8_t> file = valid();
        FatBinary(Bytes(file)).code_object(7);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::WrongArch);
        EXPECT_THAT(
            error.what(),
            HasSubstr(
                "code object for architecture 1, relocatable device code for architecture 80"));
    }
}

struct Broken {
    const char* name;
    void (*breaks)(std::vector<uint8_t>&);
    const char* message;
};
class BrokenFatBinary : public testing::TestWithParam<Broken> {};

TEST_P(BrokenFatBinary, IsRefusedWithAReason) {
    std::vector<uint8_t> file = valid();
    GetParam().breaks(file);
    try {
        FatBinary fat{Bytes(file)};
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr(GetParam().message));
    }
}

using F = std::vector<uint8_t>&;
INSTANTIATE_TEST_SUITE_P(
    , BrokenFatBinary,
    testing::Values(Broken{"Magic", [](F f) { f[0] ^= 1; }, "magic"},
                    Broken{"Version", [](F f) { header(f).version = 2; }, "version 2"},
                    Broken{"Count", [](F f) { header(f).count = 0xffffffff; }, "entries"},
                    Broken{"CountBeyondTheEnd", [](F f) { header(f).count = 1000; }, "outside"},
                    Broken{"TotalSize", [](F f) { header(f).total_size = ~0ull; }, "outside"},
                    Broken{"TotalSizeSmall", [](F f) { header(f).total_size = 8; }, "outside"},
                    Broken{"Offset", [](F f) { entry(f, 1).offset = ~0ull - 63; }, "outside"},
                    Broken{"OffsetUnaligned", [](F f) { entry(f, 1).offset += 1; }, "64"},
                    Broken{"OffsetInTheTable", [](F f) { entry(f, 1).offset = 0; }, "table"},
                    Broken{"Size", [](F f) { entry(f, 1).size = ~0ull; }, "outside"},
                    Broken{"Reserved", [](F f) { entry(f, 0).reserved = 1; }, "reserved"},
                    Broken{"Truncated", [](F f) { f.resize(f.size() - 1); }, "outside"}),
    [](const auto& info) { return std::string(info.param.name); });

} // namespace
} // namespace acc::object::test
