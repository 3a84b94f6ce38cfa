// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The message buffer lies in memory that kernels can write: whatever stands there, the host reads
// and writes inside the buffer only, and prints bounded text.
#include <gtest/gtest.h>

#include <random>

#include "acc/spec/acc_code_object.h"
#include "runtime/core/printer.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

constexpr uint64_t kHeader = 32;

struct Messages : testing::Test {
    Rig rig;
    Allocation buffer;
    uint64_t pinned = 0;

    void SetUp() override {
        rig.context.limits().printf_bytes = 64 * 1024;
        rig.context.enable_services(ACC_KD_USES_HOSTCALL);
        buffer = *rig.context.memory().find(rig.context.printer().address());
        pinned = rig.allocate(64 << 20, MemoryKind::Pinned);
        std::memset(reinterpret_cast<void*>(pinned), 0x77, 64 << 20);
    }
    void header(uint64_t written, uint64_t capacity, uint64_t dropped = 0) {
        const uint64_t words[] = {written, capacity, dropped, 0};
        std::memcpy(buffer.host, words, sizeof words);
    }
    void expect_nothing_else_touched() {
        const auto* bytes = reinterpret_cast<const uint8_t*>(pinned);
        for (size_t i = 0; i < (64u << 20); i += 64)
            ASSERT_EQ(bytes[i], 0x77) << i;
    }
    std::string flushed() {
        testing::internal::CaptureStdout();
        rig.context.printer().flush();
        return testing::internal::GetCapturedStdout();
    }
};

TEST_F(Messages, ADamagedCapacityIsNotBelieved) {
    for (const uint64_t value : {32ull << 20, 1ull << 44, ~0ull, ~0ull - 31}) {
        header(value, value, value);
        EXPECT_EQ(flushed(), "");
        expect_nothing_else_touched();
    }
    // The buffer is whole again.
    uint64_t words[2];
    std::memcpy(words, buffer.host, sizeof words);
    EXPECT_EQ(words[0], 0u);
    EXPECT_EQ(words[1], 64u * 1024);
}

TEST_F(Messages, RandomRecordsDoNoHarm) {
    std::mt19937_64 random(1);
    const uint64_t capacity = 64 * 1024;
    for (int round = 0; round < 20; ++round) {
        for (uint64_t i = 0; i < capacity; i += 8) {
            const uint64_t word = random();
            std::memcpy(buffer.host + kHeader + i, &word, 8);
        }
        // Records that look right, with random sizes, formats and arguments.
        for (uint64_t at = 0; at + 64 < capacity;) {
            const auto size = static_cast<uint32_t>(16 * (2 + random() % 20));
            const uint32_t kind = static_cast<uint32_t>(random() % 4);
            const uint64_t format = random() % 2 != 0 ? buffer.va + kHeader + random() % capacity
                                                      : pinned + (64 << 20) - 1 - random() % 4096;
            const auto arguments = static_cast<uint32_t>(random() % 3 != 0 ? random() % 400
                                                                           : random());
            std::memcpy(buffer.host + kHeader + at, &size, 4);
            std::memcpy(buffer.host + kHeader + at + 4, &kind, 4);
            std::memcpy(buffer.host + kHeader + at + 8, &format, 8);
            std::memcpy(buffer.host + kHeader + at + 16, &arguments, 4);
            at += size;
        }
        header(random() % 2 != 0 ? random() : random() % (2 * capacity), random());
        testing::internal::CaptureStderr(); // assertions
        flushed();
        testing::internal::GetCapturedStderr();
    }
    expect_nothing_else_touched();
}

/// 24 bytes of record header, then the arguments as device code packs them.
TEST_F(Messages, FieldsWiderThanTheHostPrintsAreNarrow) {
    const char format[] = "%70000d|%*d|%5d|%.99999f|%d";
    std::memcpy(reinterpret_cast<void*>(pinned), format, sizeof format);
    const uint32_t fixed[] = {64, 1};
    const uint64_t rest[] = {pinned, 36};
    std::memcpy(buffer.host + kHeader, fixed, 8);
    std::memcpy(buffer.host + kHeader + 8, rest, 16);
    const int32_t integers[] = {1, 3, 2, 3, 0, 0, 7};
    std::memcpy(buffer.host + kHeader + 24, integers, sizeof integers);
    const double half = 0.5;
    std::memcpy(buffer.host + kHeader + 24 + 16, &half, 8);
    const int32_t last = 9;
    std::memcpy(buffer.host + kHeader + 24 + 24, &last, 4);
    header(64, 64 * 1024);
    EXPECT_EQ(flushed(), "1|  2|    3|0.500000|9");
}

TEST_F(Messages, RandomFormatsDoNoHarm) {
    std::mt19937_64 random(2);
    const char letters[] = "%%%%*.-+ #0123456789hlLqjztdiuoxXcseEfFgGaApn$'Iw";
    for (int round = 0; round < 2000; ++round) {
        std::string format;
        for (uint64_t i = random() % 40; i > 0; --i)
            format += letters[random() % (sizeof letters - 1)];
        const uint64_t text = pinned + 4096;
        std::memcpy(reinterpret_cast<void*>(text), format.c_str(), format.size() + 1);
        const uint32_t fixed[] = {256, 1};
        const uint64_t rest[] = {text, 200};
        std::memcpy(buffer.host + kHeader, fixed, 8);
        std::memcpy(buffer.host + kHeader + 8, rest, 16);
        for (uint64_t i = 24; i < 256; i += 8) {
            const uint64_t word = random() % 3 != 0 ? random() : text;
            std::memcpy(buffer.host + kHeader + i, &word, 8);
        }
        header(256, 64 * 1024);
        EXPECT_LT(flushed().size(), 40u << 20) << format;
    }
    std::memset(reinterpret_cast<void*>(pinned), 0x77, 64 << 20);
    expect_nothing_else_touched();
}

} // namespace
} // namespace acc::rt::test
