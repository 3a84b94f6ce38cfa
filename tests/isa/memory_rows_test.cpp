// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every load and store of the table with every value of its modifiers: any index, scale and offset
// that lead to the right address. What the shapes of addresses do is in memory_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "tests/isa/machine.h"
#include "tests/isa/modifiers.h"

namespace acc::test {
namespace {

constexpr unsigned kThreads = 128, kArenaBytes = 4096, kLocalBytes = 64;
constexpr uint64_t kInputs = Machine::kData + 0x1000, kOut = Machine::kData + 0x8000,
                   kArena = Machine::kData + 0x100000;

/// The inputs of a thread, 32 bytes.
struct Input {
    uint64_t base;
    uint32_t index, skip;
    uint8_t value[16];
};

class MemoryRows : public ::testing::Test {
  protected:
    void SetUp() override {
        for (uint8_t& byte : arena_)
            byte = static_cast<uint8_t>(bits_());
    }
    /// Where a thread's element lies in its memory, and what its memory holds before.
    unsigned offset(unsigned t, unsigned bytes, bool local) const {
        return local ? t * 5 % (kLocalBytes / bytes) * bytes : t * 37 % kThreads * bytes;
    }
    const uint8_t* before(unsigned t, unsigned at, bool local) const {
        return arena_ + (local ? 32 * t + at % 32 : at);
    }
    /// base = address of the element - (index << scale) - offset
    void prepare(const Choice& m, unsigned bytes, isa::Space space) {
        const bool window = space == isa::Space::Shared || space == isa::Space::Local;
        immediate_ = bits_() % 2 ? static_cast<int32_t>(bits_()) : 0;
        std::memcpy(machine_.at<uint8_t>(kArena), arena_, kArenaBytes);
        for (unsigned t = 0; t < kThreads; ++t) {
            Input in{};
            in.index = static_cast<uint32_t>(bits_());
            in.skip = partial_ && t % 4 == 1;
            for (uint8_t& byte : in.value)
                byte = static_cast<uint8_t>(bits_());
            const auto index = m.is("idx") ? int64_t{in.index}
                                           : int64_t{static_cast<int32_t>(in.index)};
            in.base = (window ? 0 : kArena) + offset(t, bytes, space == isa::Space::Local) -
                      (static_cast<uint64_t>(index) << m["scale"]) -
                      static_cast<uint64_t>(int64_t{immediate_});
            inputs_[t] = in;
        }
        std::memcpy(machine_.at<Input>(kInputs), inputs_, sizeof inputs_);
    }
    std::string address(const Choice& m) const {
        std::string text = "[r8 + r10";
        if (m["scale"]) text += "<<" + std::to_string(m["scale"]);
        if (immediate_ > 0) text += " + " + std::to_string(immediate_);
        if (immediate_ < 0) text += " - " + std::to_string(-int64_t{immediate_});
        return text + "]";
    }
    /// Shared and local memory are filled from the arena before, and shared memory goes back there.
    void run(const std::string& instruction, isa::Space space, const std::string& after) {
        std::string text = R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        shl.b32 r5, r4, 5
        iadd.b64 r6, r2, 0x100000
        ld.global.b128 r8, [r2 + r5 + 4096]
        ld.global.b128 r12, [r2 + r5 + 4112]
        isetp.s32.ne p0, r11, 0
        ld.global.b128 r24, [r6 + r5]
        ld.global.b128 r28, [r6 + r5 + 16]
)";
        if (space == isa::Space::Shared)
            text += "st.shared.b128 [r5], r24\nst.shared.b128 [r5 + 16], r28\n";
        if (space == isa::Space::Local)
            text += "st.local.b128 [rz], r24\nst.local.b128 [rz + 16], r28\nst.local.b128 [rz + "
                    "32], r24\nst.local.b128 [rz + 48], r28\n";
        text += "bar.sync 0, rz\n@!p0 " + instruction + "\nbar.sync 0, rz\n" + after +
                "st.global.b128 [r2 + r4<<4 + 32768], r16\nexit\n";
        machine_.load(text);
        LaunchShape shape;
        shape.block[0] = kThreads;
        shape.shared = kArenaBytes;
        shape.local = kLocalBytes;
        const Outcome o = machine_.run(shape);
        ASSERT_EQ(o.result, model::RunResult::Done)
            << "cause " << o.fault.cause << " pc +" << o.fault.pc - Machine::kCode << text;
    }
    void check_load(const isa::RowInfo& row, const Choice& m) {
        prepare(m, row.mem_bytes, row.space);
        run(m.mnemonic() + " r16, " + address(m), row.space, "");
        const bool local = row.space == isa::Space::Local;
        const char kind = row.mnemonic[std::strlen(row.mnemonic) - (row.mem_bytes == 1 ? 2 : 3)];
        for (unsigned t = 0; t < kThreads; ++t) {
            uint32_t want[4] = {};
            if (!inputs_[t].skip) {
                const uint8_t* from = before(t, offset(t, row.mem_bytes, local), local);
                std::memcpy(want, from, row.mem_bytes);
                if (kind == 's' && (from[row.mem_bytes - 1] & 0x80))
                    want[0] |= ~0u << (8 * row.mem_bytes);
            }
            ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kOut + 16 * t), want, 16), 0)
                << m.mnemonic() << " " << address(m) << " thread " << t;
        }
        machine_.proves({m.mnemonic()});
    }
    void check_store(const isa::RowInfo& row, const Choice& m) {
        const unsigned bytes = row.mem_bytes;
        const bool local = row.space == isa::Space::Local;
        prepare(m, bytes, row.space);
        const char* back = row.space == isa::Space::Shared
                               ? "ld.shared.b128 r24, [r5]\nst.global.b128 [r6 + r5], r24\n"
                                 "ld.shared.b128 r24, [r5 + 16]\nst.global.b128 [r6 + r5 + 16], "
                                 "r24\n"
                               : "";
        const std::string chunks = "and.b32 r20, r4, 3\nshl.b32 r20, r20, 4\nld.local.b128 r16, "
                                   "[r20]\n";
        run(m.mnemonic() + " " + address(m) + ", r12", row.space, local ? chunks : back);
        uint8_t want[kArenaBytes];
        std::memcpy(want, arena_, kArenaBytes);
        for (unsigned t = 0; t < kThreads; ++t) {
            const unsigned at = offset(t, bytes, local);
            if (!local) {
                if (!inputs_[t].skip) std::memcpy(want + at, inputs_[t].value, bytes);
                continue;
            }
            uint8_t memory[kLocalBytes]; // of which each thread shows a quarter
            for (unsigned i = 0; i < kLocalBytes; ++i)
                memory[i] = *before(t, i, true);
            if (!inputs_[t].skip) std::memcpy(memory + at, inputs_[t].value, bytes);
            ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kOut + 16 * t), memory + 16 * (t & 3), 16),
                      0)
                << m.mnemonic() << " " << address(m) << " thread " << t;
        }
        if (!local)
            ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kArena), want, kArenaBytes), 0)
                << m.mnemonic() << " " << address(m);
        machine_.proves({m.mnemonic()});
    }

    Machine machine_;
    std::mt19937 bits_{11};
    uint8_t arena_[kArenaBytes];
    Input inputs_[kThreads];
    int32_t immediate_ = 0;
    bool partial_ = false;
};

TEST_F(MemoryRows, EveryLoad) {
    for (const isa::RowInfo& row : isa::kRows)
        if (std::strncmp(row.mnemonic, "ld.", 3) == 0)
            for (const Choice& m : choices(row)) {
                partial_ = !partial_;
                check_load(row, m);
                if (HasFatalFailure()) return;
            }
}

TEST_F(MemoryRows, EveryStore) {
    for (const isa::RowInfo& row : isa::kRows)
        if (std::strncmp(row.mnemonic, "st.", 3) == 0)
            for (const Choice& m : choices(row)) {
                partial_ = !partial_;
                check_store(row, m);
                if (HasFatalFailure()) return;
            }
}

/// Hints: nothing changes, and an address that is not mapped is no fault.
TEST_F(MemoryRows, PrefetchNeverFaultsAndDiscardLeavesTheOtherLines) {
    for (const Choice& m : choices(row_of("prefetch"))) {
        prepare(m, 16, isa::Space::Global);
        for (unsigned t = 0; t < kThreads; t += 3)
            machine_.word<Input>(kInputs + 32 * t).base = bits_() * uint64_t{0x100000001};
        run(m.mnemonic() + " " + address(m), isa::Space::Global, "");
        ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kArena), arena_, kArenaBytes), 0);
        machine_.proves({"prefetch"});
    }
    for (const Choice& m : choices(row_of("discard"))) {
        prepare(m, 16, isa::Space::Global);
        // Every thread at the same line, the third.
        for (unsigned t = 0; t < kThreads; ++t) {
            auto& in = machine_.word<Input>(kInputs + 32 * t);
            in.base += 256 - offset(t, 16, false);
        }
        run(m.mnemonic() + " " + address(m), isa::Space::Global, "");
        ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kArena), arena_, 256), 0);
        ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kArena + 384), arena_ + 384, kArenaBytes - 384),
                  0);
        machine_.proves({"discard"});
    }
}

/// Two blocks pass a message: the data, a fence, a flag; the flag, a fence, the data.
TEST_F(MemoryRows, FencesOrderAMessage) {
    for (const Choice& m : choices(row_of("fence"))) {
        machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_ctaid_x
        isetp.s32.eq p0, r4, 0
        mov.b32 r6, 1
@p0     bra reader
        mov.b32 r5, 4711
        st.global.b32 [r2 + 256], r5
        )" + m.mnemonic() +
                      R"(
        st.global.b32.relaxed.gpu [r2 + 512], r6
        exit
reader: ld.global.b32.relaxed.gpu r7, [r2 + 512]
        isetp.s32.eq p1, r7, 0
@p1     bra reader
        )" + m.mnemonic() +
                      R"(
        ld.global.b32 r8, [r2 + 256]
        st.global.b32 [r2 + 1024], r8
        exit
)");
        std::memset(machine_.at<uint8_t>(Machine::kData), 0, 2048);
        LaunchShape shape;
        shape.grid[0] = 2;
        ASSERT_EQ(machine_.run(shape, 2, 1000).result, model::RunResult::Done) << m.mnemonic();
        ASSERT_EQ(machine_.word<uint32_t>(Machine::kData + 1024), 4711u) << m.mnemonic();
        machine_.proves({"fence"});
    }
}

} // namespace
} // namespace acc::test
