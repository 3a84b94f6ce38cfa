// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every matrix instruction on random values of its formats. Fragments are written element by
// element from the formulas of the PTX documentation ("Matrix fragments for mma.m16n8k16" and so
// on).
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "tests/isa/half_formats.h"
#include "tests/isa/machine.h"
#include "tests/isa/modifiers.h"

namespace acc::test {
namespace {

constexpr uint64_t kA = Machine::kData + 0x1000, kB = Machine::kData + 0x2000,
                   kC = Machine::kData + 0x3000, kD = Machine::kData + 0x4000;

double byte_value(uint32_t code, bool e5m2) {
    if (e5m2) return half_number(code << 8, false);
    const int field = static_cast<int>(code >> 3 & 15), fraction = static_cast<int>(code & 7);
    if ((code & 0x7f) == 0x7f) return std::nan("");
    const double x = field ? std::ldexp(8 + fraction, field - 10) : std::ldexp(fraction, -9);
    return code & 0x80 ? -x : x;
}

/// An instruction taken apart: mma.mMnNkK.D.A.B with what is left out filled in.
struct Mma {
    int m = 0, n = 0, k = 0;
    std::string d, a, b;
    explicit Mma(const std::string& mnemonic) {
        std::vector<std::string> parts;
        for (size_t at = 4; at < mnemonic.size();) {
            const size_t end = std::min(mnemonic.find('.', at), mnemonic.size());
            parts.push_back(mnemonic.substr(at, end - at));
            at = end + 1;
        }
        std::sscanf(parts[0].c_str(), "m%dn%dk%d", &m, &n, &k);
        d = parts[1];
        a = parts.size() > 2 ? parts[2] : d;
        b = parts.size() > 3 ? parts[3] : a;
    }
    static unsigned width(const std::string& format) {
        if (format == "f64") return 64;
        if (format == "f32" || format == "tf32" || format == "s32") return 32;
        if (format == "f16" || format == "bf16") return 16;
        return format == "i4" ? 4 : format == "b1" ? 1 : 8;
    }
};

class Matrix : public ::testing::Test {
  protected:
    /// Code of element i of a lane's fragment; a lane has 32 bytes for each operand.
    uint64_t code(uint64_t base, unsigned lane, unsigned i, unsigned width) {
        const uint64_t bit = uint64_t{i} * width;
        uint64_t word = 0;
        std::memcpy(&word, machine_.at<char>(base + 32 * lane + bit / 8), (width + 7) / 8);
        return width == 64 ? word : (word >> bit % 8) & ((uint64_t{1} << width) - 1);
    }
    void set_code(uint64_t base, unsigned lane, unsigned i, unsigned width, uint64_t value) {
        if (width < 8) { // cleared before
            machine_.word<uint8_t>(base + 32 * lane +
                                   i * width / 8) |= static_cast<uint8_t>(value << i * width % 8);
            return;
        }
        std::memcpy(machine_.at<char>(base + 32 * lane + i * width / 8), &value, width / 8);
    }
    uint64_t draw(const std::string& f) {
        const uint64_t x = bits_();
        const bool special = x >> 60 == 0 && specials_;
        if (f == "f16") return special ? x & 0xffff : (x & 0x8fff) + 0x3000;
        if (f == "bf16") return special ? x & 0xffff : (x & 0x83ff) + 0x3e00;
        if (f == "f32" || f == "tf32") // low bits of tf32 are not looked at
            return special ? x & 0xffffffff : (x & 0x80ffffff) + 0x3f000000;
        if (f == "f64") return special ? x : (x & 0x800fffffffffffff) | (1020 + bits_() % 8) << 52;
        if (f == "s32") return special ? 0x7fffff00 | (x & 0x800000ff) : x & 0xffffffff;
        if (f == "f8") { // no NaN but as a special one
            const uint64_t code = x & 0xff;
            return (code & 0x7f) < 0x7b || special ? code : code & 0xbf;
        }
        return x & ((uint64_t{1} << Mma::width(f)) - 1);
    }
    double value(const std::string& f, uint64_t code, bool second_format) {
        if (f == "f16") return half_number(code, false);
        if (f == "bf16") return half_number(code, true);
        if (f == "f32") return std::bit_cast<float>(static_cast<uint32_t>(code));
        if (f == "tf32") return std::bit_cast<float>(static_cast<uint32_t>(code) & ~0x1fffu);
        if (f == "f64") return std::bit_cast<double>(code);
        return byte_value(static_cast<uint32_t>(code), second_format);
    }
    /// Element i of a lane's fragment of A, B, C.
    static std::pair<int, int> place_a(const Mma& op, int lane, int i) {
        const int per = std::max(1, 32 / static_cast<int>(Mma::width(op.a))), part = i / per;
        const int row = lane / 4 + (op.m == 16 ? 8 * (part % 2) : 0);
        const int half = op.m == 16 ? part / 2 : part; // the second half of k
        return {row, lane % 4 * per + i % per + op.k / 2 * half};
    }
    static std::pair<int, int> place_b(const Mma& op, int lane, int i) {
        const int per = std::max(1, 32 / static_cast<int>(Mma::width(op.b)));
        return {lane % 4 * per + i % per + op.k / 2 * (i / per), lane / 4};
    }
    static std::pair<int, int> place_c(int lane, int i) {
        return {lane / 4 + 8 * (i / 2), lane % 4 * 2 + i % 2};
    }
    void fill(const Mma& op) {
        std::memset(machine_.at<char>(kA), 0, 0x4000);
        for (unsigned lane = 0; lane < 32; ++lane) {
            for (int i = 0; i < op.m * op.k / 32; ++i) {
                const uint64_t x = draw(op.a);
                set_code(kA, lane, static_cast<unsigned>(i), Mma::width(op.a), x);
                const auto [row, column] = place_a(op, static_cast<int>(lane), i);
                a_[row][column] = x;
            }
            for (int i = 0; i < op.k * op.n / 32; ++i) {
                const uint64_t x = draw(op.b);
                set_code(kB, lane, static_cast<unsigned>(i), Mma::width(op.b), x);
                const auto [row, column] = place_b(op, static_cast<int>(lane), i);
                b_[row][column] = x;
            }
            for (int i = 0; i < op.m * op.n / 32; ++i) {
                const uint64_t x = draw(op.d);
                set_code(kC, lane, static_cast<unsigned>(i), Mma::width(op.d), x);
                const auto [row, column] = place_c(static_cast<int>(lane), i);
                c_[row][column] = x;
            }
        }
    }
    void run(const std::string& instruction) {
        machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        shl.b32 r5, r4, 5
        ld.global.b128 r8, [r2 + r5 + 4096]
        ld.global.b128 r12, [r2 + r5 + 4112]
        ld.global.b128 r16, [r2 + r5 + 8192]
        ld.global.b128 r24, [r2 + r5 + 12288]
        ld.global.b128 r28, [r2 + r5 + 12304]
)" + instruction + R"(
        st.global.b128 [r2 + r5 + 16384], r32
        st.global.b128 [r2 + r5 + 16400], r36
        exit
)");
        const Outcome o = machine_.run({});
        ASSERT_EQ(o.result, model::RunResult::Done) << instruction << " cause " << o.fault.cause;
    }
    /// check(row, column, code of the result) for every element of the result.
    template <class F>
    void each_result(const Mma& op, F check) {
        for (unsigned lane = 0; lane < 32; ++lane)
            for (int i = 0; i < op.m * op.n / 32; ++i) {
                const auto [row, column] = place_c(static_cast<int>(lane), i);
                check(row, column, code(kD, lane, static_cast<unsigned>(i), Mma::width(op.d)));
                if (HasFatalFailure()) return;
            }
    }
    void check_floats(const Mma& op, const Choice& m);
    void check_doubles(const Mma& op, const Choice& m);
    void check_integers(const Mma& op, const Choice& m);
    void check_bits(const Mma& op, const Choice& m);
    void fill_pairs(const Choice& m, bool half_c);
    void check_pairs(const Choice& m, bool half_d);

    Machine machine_;
    std::mt19937_64 bits_{5};
    bool specials_ = false;
    uint64_t a_[16][256], b_[256][8], c_[16][8];
    float pair_a_[4][8][4], pair_b_[4][4][8], pair_c_[4][8][8];
};

/// A chain of fused multiply-adds in f32, k rising; f16 accumulators are rounded at the end.
uint64_t chain(const std::vector<float>& a, const std::vector<float>& b, float c, bool half) {
    for (size_t k = 0; k < a.size(); ++k)
        c = std::fma(a[k], b[k], c);
    if (half) return half_bits(c, false);
    return std::isnan(c) ? 0x7fffffff : std::bit_cast<uint32_t>(c);
}

void Matrix::check_floats(const Mma& op, const Choice& m) {
    const bool half = op.d == "f16";
    each_result(op, [&](int row, int column, uint64_t got) {
        std::vector<float> a, b;
        for (int k = 0; k < op.k; ++k) {
            a.push_back(static_cast<float>(value(op.a, a_[row][k], m.is("f8a"))));
            b.push_back(static_cast<float>(value(op.b, b_[k][column], m.is("f8b"))));
        }
        const uint64_t want = chain(a, b, static_cast<float>(value(op.d, c_[row][column], false)),
                                    half);
        ASSERT_EQ(got, want) << m.mnemonic() << " row " << row << " column " << column;
    });
}

/// f64: a chain of fused multiply-adds, k rising (docs/interpreter.md).
void Matrix::check_doubles(const Mma& op, const Choice& m) {
    each_result(op, [&](int row, int column, uint64_t got) {
        double x = value("f64", c_[row][column], false);
        for (int k = 0; k < op.k; ++k)
            x = std::fma(value("f64", a_[row][k], false), value("f64", b_[k][column], false), x);
        const uint64_t want = std::isnan(x) ? 0x7fffffffffffffff : std::bit_cast<uint64_t>(x);
        ASSERT_EQ(got, want) << m.mnemonic();
    });
}

void Matrix::check_integers(const Mma& op, const Choice& m) {
    const auto number = [](uint64_t code, unsigned width, bool is_unsigned) {
        const auto x = static_cast<int64_t>(code);
        return !is_unsigned && (code >> (width - 1) & 1) ? x - (int64_t{1} << width) : x;
    };
    each_result(op, [&](int row, int column, uint64_t got) {
        int64_t sum = static_cast<int32_t>(static_cast<uint32_t>(c_[row][column]));
        for (int k = 0; k < op.k; ++k)
            sum += number(a_[row][k], Mma::width(op.a), m.is("i8a")) *
                   number(b_[k][column], Mma::width(op.b), m.is("i8b"));
        if (m.is("satfinite")) sum = std::clamp<int64_t>(sum, INT32_MIN, INT32_MAX);
        ASSERT_EQ(static_cast<uint32_t>(got), static_cast<uint32_t>(sum)) << m.mnemonic();
    });
}

void Matrix::check_bits(const Mma& op, const Choice& m) {
    each_result(op, [&](int row, int column, uint64_t got) {
        auto sum = static_cast<uint32_t>(c_[row][column]);
        for (int k = 0; k < op.k; ++k)
            sum += static_cast<uint32_t>(m.is("b1op") ? a_[row][k] & b_[k][column]
                                                      : a_[row][k] ^ b_[k][column]);
        ASSERT_EQ(static_cast<uint32_t>(got), sum) << m.mnemonic();
    });
}

/// m8n8k4 of f16: which of the four products a thread works for, and where element i of its
/// accumulators is.
unsigned pair_of(unsigned lane) {
    return lane % 16 / 4;
}
std::pair<unsigned, unsigned> pair_place(unsigned lane, unsigned i, bool half) {
    const unsigned upper = lane < 16 ? 0 : 4;
    if (half) return {lane % 4 + upper, i};
    return {(lane & 1) + (i & 2) + upper, (i & 4) + (lane & 2) + (i & 1)};
}

void Matrix::fill_pairs(const Choice& m, bool half_c) {
    std::memset(machine_.at<char>(kA), 0, 0x4000);
    for (unsigned lane = 0; lane < 32; ++lane) {
        const unsigned pair = pair_of(lane), upper = lane < 16 ? 0 : 4, own = lane % 4;
        for (unsigned i = 0; i < 4; ++i) {
            uint64_t x = draw("f16");
            set_code(kA, lane, i, 16, x);
            const bool columns = m.is("la");
            pair_a_[pair][(columns ? i : own) + upper][columns ? own : i] = static_cast<float>(
                half_number(x, false));
            x = draw("f16");
            set_code(kB, lane, i, 16, x);
            const bool rows = m.is("lb");
            pair_b_[pair][rows ? own : i][(rows ? i : own) + upper] = static_cast<float>(
                half_number(x, false));
        }
        for (unsigned i = 0; i < 8; ++i) {
            const uint64_t x = draw(half_c ? "f16" : "f32");
            set_code(kC, lane, i, half_c ? 16 : 32, x);
            const auto [row, column] = pair_place(lane, i, half_c);
            pair_c_[pair][row][column] = static_cast<float>(
                value(half_c ? "f16" : "f32", x, false));
        }
    }
}

void Matrix::check_pairs(const Choice& m, bool half_d) {
    for (unsigned lane = 0; lane < 32; ++lane)
        for (unsigned i = 0; i < 8; ++i) {
            const unsigned pair = pair_of(lane);
            const auto [row, column] = pair_place(lane, i, half_d);
            std::vector<float> a, b;
            for (unsigned k = 0; k < 4; ++k) {
                a.push_back(pair_a_[pair][row][k]);
                b.push_back(pair_b_[pair][k][column]);
            }
            ASSERT_EQ(code(kD, lane, i, half_d ? 16 : 32),
                      chain(a, b, pair_c_[pair][row][column], half_d))
                << m.mnemonic() << " lane " << lane << " element " << i;
        }
}

TEST_F(Matrix, ProductsOfQuadPairs) {
    for (const isa::RowInfo& row : isa::kRows) {
        const std::string name = row.mnemonic;
        if (!name.starts_with("mma.m8n8k4.f16") && !name.starts_with("mma.m8n8k4.f32")) continue;
        const bool half_d = name.starts_with("mma.m8n8k4.f16"),
                   half_c = half_d || name.ends_with("f16.f16.f16");
        for (const Choice& m : choices(row))
            for (int round = 0; round < 4; ++round) {
                specials_ = round >= 2;
                fill_pairs(m, half_c);
                run(m.mnemonic() + " r32, r8, r16, r24");
                if (HasFatalFailure()) return;
                check_pairs(m, half_d);
                if (HasFatalFailure()) return;
                machine_.proves({m.mnemonic()});
            }
    }
}

TEST_F(Matrix, EveryMultiplyAccumulate) {
    for (const isa::RowInfo& row : isa::kRows) {
        if (std::strncmp(row.mnemonic, "mma.", 4) != 0) continue;
        const Mma op(row.mnemonic);
        if (op.m == 8 && op.a == "f16") continue; // above
        for (const Choice& m : choices(row))
            for (int round = 0; round < 4; ++round) {
                specials_ = round >= 2;
                fill(op);
                run(m.mnemonic() + " r32, r8, r16, r24");
                if (HasFatalFailure()) return;
                if (op.d == "f64")
                    check_doubles(op, m);
                else if (op.a == "b1")
                    check_bits(op, m);
                else if (op.d == "s32")
                    check_integers(op, m);
                else
                    check_floats(op, m);
                if (HasFatalFailure()) return;
                machine_.proves({m.mnemonic()});
            }
    }
}

/// Rows of the matrices lie anywhere in shared memory; lanes 8 * matrix + row give their addresses.
class Fragments : public Matrix {
  protected:
    void check(int count, bool store, bool trans) {
        uint8_t memory[4096];
        for (uint8_t& byte : memory)
            byte = static_cast<uint8_t>(bits_());
        std::memcpy(machine_.at<uint8_t>(kSharedImage), memory, sizeof memory);
        uint32_t at[32];
        for (uint32_t i = 0; i < 32; ++i) {
            at[i] = (i * 37 % 256) * 16; // no two alike
            machine_.word<uint32_t>(kA + 4 * i) = at[i] - 80;
            for (uint32_t r = 0; r < 4; ++r)
                machine_.word<uint32_t>(kB + 16 * i + 4 * r) = static_cast<uint32_t>(bits_());
        }
        const std::string name = std::string(store ? "stmatrix" : "ldmatrix") + ".x" +
                                 std::to_string(count) + (trans ? ".trans" : "");
        machine_.load(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        shl.b32 r5, r4, 7
        iadd.b64 r6, r2, 0x8000
)" + copies(true) + R"(
        ld.global.b32 r8, [r2 + r4<<2 + 4096]
        ld.global.b128 r32, [r2 + r4<<4 + 8192]
        bar.sync 0, rz
)" + name + (store ? " [r8 + 80], r32" : " r32, [r8 + 80]") +
                      R"(
        bar.sync 0, rz
        st.global.b128 [r2 + r4<<4 + 16384], r32
)" + copies(false) + "exit\n");
        LaunchShape shape;
        shape.shared = sizeof memory;
        const Outcome o = machine_.run(shape);
        ASSERT_EQ(o.result, model::RunResult::Done) << name << " cause " << o.fault.cause;
        for (uint32_t lane = 0; lane < 32; ++lane)
            for (uint32_t matrix = 0; matrix < 4; ++matrix) {
                const uint32_t given = machine_.word<uint32_t>(kB + 16 * lane + 4 * matrix);
                uint32_t want = given;
                for (uint32_t i = 0; i < 2 && matrix < static_cast<uint32_t>(count); ++i) {
                    const uint32_t g = lane / 4, t = lane % 4 * 2 + i;
                    const uint32_t row = trans ? t : g, column = trans ? g : t;
                    uint8_t* place = memory + at[8 * matrix + row] + 2 * column;
                    const auto element = static_cast<uint16_t>(given >> (16 * i));
                    if (store) {
                        std::memcpy(place, &element, 2);
                        continue;
                    }
                    uint16_t loaded;
                    std::memcpy(&loaded, place, 2);
                    want = (want & ~(0xffffu << (16 * i))) | uint32_t{loaded} << (16 * i);
                }
                ASSERT_EQ(machine_.word<uint32_t>(kD + 16 * lane + 4 * matrix), want)
                    << name << " lane " << lane << " register " << matrix;
            }
        ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kSharedImage), memory, sizeof memory), 0)
            << name;
        machine_.proves({name});
    }

  private:
    static constexpr uint64_t kSharedImage = Machine::kData + 0x8000;
    /// Shared memory from its image, or to it: 128 bytes a thread.
    static std::string copies(bool load) {
        std::string text;
        for (int i = 0; i < 128; i += 16) {
            const std::string offset = " + " + std::to_string(i) + "]";
            text += load ? "ld.global.b128 r40, [r6 + r5" + offset + "\nst.shared.b128 [r5" +
                               offset + ", r40\n"
                         : "ld.shared.b128 r40, [r5" + offset + "\nst.global.b128 [r6 + r5" +
                               offset + ", r40\n";
        }
        return text;
    }
};

TEST_F(Fragments, AreLoadedAndStored) {
    for (const bool store : {false, true})
        for (const int count : {1, 2, 4})
            for (const bool trans : {false, true}) {
                check(count, store, trans);
                if (HasFatalFailure()) return;
            }
}

TEST_F(Fragments, AreTransposed) {
    uint16_t m[8][8];
    for (uint32_t lane = 0; lane < 32; ++lane)
        for (uint32_t i = 0; i < 2; ++i) {
            m[lane / 4][lane % 4 * 2 + i] = static_cast<uint16_t>(bits_());
            std::memcpy(machine_.at<char>(kA + 32 * lane + 2 * i), &m[lane / 4][lane % 4 * 2 + i],
                        2);
        }
    run("movmatrix r32, r8");
    for (uint32_t lane = 0; lane < 32; ++lane)
        for (uint32_t i = 0; i < 2; ++i)
            EXPECT_EQ(code(kD, lane, i, 16), m[lane % 4 * 2 + i][lane / 4]);
    machine_.proves({"movmatrix"});
}

TEST_F(Matrix, NeedsTheWholeWarp) {
    machine_.load("mov.sr r4, sr_tid_x\nisetp.s32.lt p0, r4, 4\n@p0 exit\nmma.m8n8k4.f64 r32, r8, "
                  "r16, r24\nexit\n");
    const Outcome o = machine_.run({});
    EXPECT_EQ(o.result, model::RunResult::Fault);
    EXPECT_EQ(o.fault.cause, ACC_FAULT_WARP_OP);
}

} // namespace
} // namespace acc::test
