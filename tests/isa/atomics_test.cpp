// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every atomic of the table, with every ordering and scope: the old value comes back, memory gets
// the new one. Threads at one address are served in the order of their numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "tests/isa/float_formats.h"
#include "tests/isa/half_formats.h"
#include "tests/isa/machine.h"

namespace acc::test {
namespace {

using u128 = unsigned __int128;
constexpr unsigned kThreads = 96;
constexpr uint64_t kInputs = Machine::kData + 0x1000, kOut = Machine::kData + 0x8000,
                   kArena = Machine::kData + 0x10000;

/// What a thread brings, 64 bytes.
struct Input {
    u128 operand, compare;
    uint64_t address;
    uint32_t skip, unused[5];
};
static_assert(sizeof(Input) == 64);

struct Operation {
    std::string space, op, type;
    unsigned bytes;
    explicit Operation(const isa::RowInfo& row) : bytes(row.mem_bytes) {
        const std::string text = row.mnemonic; // atom.SPACE.OP.TYPE
        const size_t one = text.find('.', 5), two = text.find('.', one + 1);
        space = text.substr(5, one - 5);
        op = text.substr(one + 1, two - one - 1);
        type = text.substr(two + 1);
    }
};

uint64_t packed(uint64_t a, uint64_t b, bool bf) {
    const auto add = [&](uint64_t x, uint64_t y) {
        return uint64_t{half_add(half_number(x, bf), half_number(y, bf), bf)};
    };
    return add(a, b) | add(a >> 16, b >> 16) << 16;
}
template <class T>
bool first_is_less(u128 a, u128 b) {
    return static_cast<T>(a) < static_cast<T>(b);
}
bool less(const std::string& type, u128 a, u128 b) {
    if (type == "s32") return first_is_less<int32_t>(a, b);
    if (type == "u32") return first_is_less<uint32_t>(a, b);
    return type == "s64" ? first_is_less<int64_t>(a, b) : first_is_less<uint64_t>(a, b);
}

u128 next(const Operation& o, u128 old, u128 c, u128 compare) {
    const auto a = static_cast<uint64_t>(old), b = static_cast<uint64_t>(c);
    if (o.op == "exch") return c;
    if (o.op == "cas") return old == compare ? c : old;
    if (o.op == "and") return old & c;
    if (o.op == "or") return old | c;
    if (o.op == "xor") return old ^ c;
    if (o.op == "inc") return a >= b ? 0 : a + 1;
    if (o.op == "dec") return a == 0 || a > b ? b : a - 1;
    const bool max = o.op == "max";
    if (o.op == "add") {
        if (o.type == "f32") return add<Single>(as<Single>(a), as<Single>(b), kNearest);
        if (o.type == "f64") return add<Double>(as<Double>(a), as<Double>(b), kNearest);
        if (o.type.find("f16") == std::string::npos) return a + b;
        const uint64_t sum = packed(a, b, o.type[0] == 'b');
        return o.bytes == 2 ? sum & 0xffff : sum;
    }
    if (o.type == "f32") return extreme<Single>(as<Single>(a), as<Single>(b), max, false);
    if (o.type == "f64") return extreme<Double>(as<Double>(a), as<Double>(b), max, false);
    return less(o.type, old, c) != max ? old : c;
}

class Atomics : public ::testing::Test {
  protected:
    u128 cut(u128 x, unsigned bytes) { return bytes == 16 ? x : x & ((u128{1} << 8 * bytes) - 1); }
    /// Whatever fits the type; floats are near each other, or special.
    u128 draw(const Operation& o) {
        const uint64_t special32[] = {0, 0x80000000, 0x7f800000, 0x7fc00000, 1, 0x807fffff},
                       special64[] = {0, 1ull << 63, 0x7ffull << 52, 0x7ff8ull << 48, 1};
        u128 x = bits_();
        if (o.op == "cas") return cut((x % 3) * (~u128{0} / 255) + x % 2, o.bytes);
        if (o.type == "f32")
            x = x % 8 ? (x & 0x807fffff) | (120 + (x >> 40) % 16) << 23 : special32[(x >> 8) % 6];
        else if (o.type == "f64")
            x = x % 8 ? (x & 0x800fffffffffffff) | (1000 + bits_() % 16) << 52
                      : special64[(x >> 8) % 5];
        else if (o.type == "f16" || o.type == "f16x2")
            x = x % 8 ? (x & 0x8fff8fff) + 0x30003000 : x;
        else if (o.type == "bf16" || o.type == "bf16x2")
            x = x % 8 ? (x & 0x83ff83ff) + 0x3e003e00 : x;
        else if (o.op == "inc" || o.op == "dec")
            x %= 7;
        else
            x |= u128{bits_()} << 64;
        return cut(x, o.bytes);
    }
    void check(const isa::RowInfo& row, const Choice& m, bool together, bool partial) {
        const Operation o(row);
        const bool shared = o.space == "shared";
        u128 memory[kThreads];
        for (unsigned t = 0; t < kThreads; ++t) {
            memory[t] = draw(o);
            std::memcpy(machine_.at<char>(kArena + 16 * t), &memory[t], 16);
            Input& in = inputs_[t] = {};
            in.operand = draw(o);
            in.compare = bits_() % 2 ? memory[t] : draw(o);
            in.address = (shared ? 0 : kArena) + 16 * place(t, together) - 32;
            in.skip = partial && t % 3 == 1;
        }
        std::memcpy(machine_.at<Input>(kInputs), inputs_, sizeof inputs_);
        run(o, m, shared);
        for (unsigned t = 0; t < kThreads; ++t) {
            if (inputs_[t].skip) continue;
            u128& at = memory[place(t, together)];
            u128 old;
            std::memcpy(&old, machine_.at<char>(kOut + 16 * t), 16);
            ASSERT_TRUE(cut(old, std::max(o.bytes, 4u)) == at)
                << m.mnemonic() << " thread " << t << " together " << together << " got 0x"
                << std::hex << static_cast<uint64_t>(old) << " want 0x"
                << static_cast<uint64_t>(at);
            at = cut(next(o, at, inputs_[t].operand, inputs_[t].compare), o.bytes);
        }
        for (unsigned t = 0; t < kThreads; ++t)
            ASSERT_EQ(std::memcmp(machine_.at<char>(kArena + 16 * t), &memory[t], o.bytes), 0)
                << m.mnemonic() << " element " << t << " together " << together;
        machine_.proves({m.mnemonic()});
    }

  private:
    static unsigned place(unsigned t, bool together) { return together ? 5 : t * 37 % kThreads; }
    void run(const Operation& o, const Choice& m, bool shared) {
        std::string text = R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        shl.b32 r5, r4, 6
        shl.b32 r6, r4, 4
        ld.global.b128 r12, [r2 + r5 + 4096]
        ld.global.b128 r20, [r2 + r5 + 4112]
        ld.global.b128 r24, [r2 + r5 + 4128]
        isetp.s32.eq p0, r26, 0
        ld.global.b128 r28, [r2 + r6 + 65536]
)";
        if (shared) text += "st.shared.b128 [r6], r28\nbar.sync 0, rz\n";
        text += "@p0 " + m.mnemonic() + " r16, [r24 + 32], " + (o.op == "cas" ? "r20, " : "") +
                "r12\nbar.sync 0, rz\n";
        if (shared) text += "ld.shared.b128 r28, [r6]\nst.global.b128 [r2 + r6 + 65536], r28\n";
        text += "st.global.b128 [r2 + r6 + 32768], r16\nexit\n";
        machine_.load(text);
        LaunchShape shape;
        shape.block[0] = kThreads;
        shape.shared = 16 * kThreads;
        const Outcome outcome = machine_.run(shape);
        ASSERT_EQ(outcome.result, model::RunResult::Done)
            << "cause " << outcome.fault.cause << text;
    }
    Machine machine_;
    std::mt19937_64 bits_{3};
    Input inputs_[kThreads];
};

TEST_F(Atomics, EveryRow) {
    unsigned round = 0;
    for (const isa::RowInfo& row : isa::kRows)
        if (std::strncmp(row.mnemonic, "atom.", 5) == 0)
            for (const Choice& m : choices(row)) {
                check(row, m, round % 2, round % 3 == 1);
                if (HasFatalFailure()) return;
                ++round;
            }
}

} // namespace
} // namespace acc::test
