// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What ACC_DEVICES may say.
#include "runtime/backend/model/devices.h"

#include <gtest/gtest.h>

#include <fstream>

#include "runtime/core/status.h"

namespace acc::rt::test {
namespace {

std::string text_of_error(const std::string& value) {
    try {
        read_devices(value, {});
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::SystemNotReady);
        return error.what();
    }
    return "no error";
}

std::string file_with(const std::string& text) {
    const std::string path = testing::TempDir() + "devices.txt";
    std::ofstream(path) << text;
    return path;
}

TEST(Devices, ANumber) {
    ModelDevice like;
    like.compute_units = 3;
    const auto devices = read_devices("5", like);
    ASSERT_EQ(devices.size(), 5u);
    EXPECT_EQ(devices[4].compute_units, 3u);
    for (const char* value : {"0", "65", "99999999999999999999"})
        EXPECT_NE(text_of_error(value).find("between 1 and 64"), std::string::npos) << value;
    EXPECT_NE(text_of_error("-1").find("nor a file"), std::string::npos);
}

TEST(Devices, AFileDescribesEach) {
    ModelDevice like;
    like.compute_units = 3;
    const auto devices = read_devices(file_with("# two\n"
                                                "device compute_units=2 vram_mib=512\n\n"
                                                "  device  # as the others\n"),
                                      like);
    ASSERT_EQ(devices.size(), 2u);
    EXPECT_EQ(devices[0].compute_units, 2u);
    EXPECT_EQ(devices[0].vram_bytes, 512ull << 20);
    EXPECT_EQ(devices[1].compute_units, 3u);
    EXPECT_EQ(devices[1].vram_bytes, 0u); // left open
}

TEST(Devices, AFileThatIsWrongIsSaidWithItsLine) {
    const struct {
        const char *text, *expected;
    } kRows[] = {{"device compute_units=0", ":1: compute_units=0 is not a number between 1"},
                 {"device\ndevice vram_mib=1x", ":2: vram_mib=1x"},
                 {"device color=red", "`color=red`"},
                 {"device compute_units", "is not a number"},
                 {"2 devices", "begins with `device`"},
                 {"# nothing", "has no device"}};
    for (const auto& row : kRows) {
        const std::string text = text_of_error(file_with(row.text));
        EXPECT_NE(text.find(row.expected), std::string::npos) << text;
    }
}

TEST(Devices, TogetherTheyPromiseWhatTheHostHas) {
    EXPECT_EQ(default_vram_mib(32ull << 30, 1), 24576u);
    EXPECT_EQ(default_vram_mib(32ull << 30, 4), 6144u);
    EXPECT_EQ(default_vram_mib(1ull << 30, 1), 4096u);
    EXPECT_EQ(default_vram_mib(1ull << 30, 8), 512u);
    EXPECT_EQ(default_vram_mib(1ull << 40, 2), 65536u);
}

} // namespace
} // namespace acc::rt::test
