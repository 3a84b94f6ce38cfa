// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every ALU instruction against the scalar reference on special and random values: every value of
// every modifier, register and immediate forms, all lanes and a part of them.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <sstream>

#include "tests/isa/machine.h"
#include "tests/isa/reference.h"

namespace acc::test {
namespace {

constexpr unsigned kThreads = 256;
constexpr uint64_t kInputs = Machine::kData + 0x10000, kPlane = kThreads * 4,
                   kOutputs = Machine::kData + 0x40000;

unsigned words(Kind k) {
    if (k == Kind::None) return 0;
    return k == Kind::Int64 || k == Kind::F64 ? 2 : 1;
}

class Source {
  public:
    uint64_t draw(Kind kind) {
        switch (kind) {
        case Kind::Int32:
            return static_cast<uint32_t>(
                pick({0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fffffff, 0x80000000, 0x80000001,
                      0xfffffffe, 0xffffffff}));
        case Kind::Int64:
            return pick({0, 1, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000,
                         0xffffffffffffffff, 0xffffffff80000000, 0x7fffffff});
        case Kind::Shift:
            return static_cast<uint32_t>(bits_() % 3 ? bits_() % 70 | (bits_() % 70) << 8
                                                     : pick({0, 31, 32, 33, 63, 64, 65, 0xffffffff,
                                                             0x2000, 0xff00, 0x1f1f}));
        case Kind::Count: return static_cast<uint32_t>(bits_() % 81) - 40u;
        case Kind::Lane: return bits_() % 35;
        case Kind::Small: return small();
        case Kind::F32: return float_bits<uint32_t>(23, 127, 8);
        case Kind::F64: return float_bits<uint64_t>(52, 1023, 11);
        case Kind::Half: return half() | half() << 16;
        default: return bits_() & 1;
        }
    }

  private:
    uint64_t pick(std::initializer_list<uint64_t> special) {
        if (bits_() % 4) return bits_() % 2 ? bits_() : bits_() >> (bits_() % 64);
        return special.begin()[bits_() % special.size()];
    }
    /// Numbers near each other, near powers of two and integers, subnormals, infinities, NaN,
    /// anything.
    template <class U>
    U float_bits(int fraction, int bias, int exponent_bits) {
        const U sign = static_cast<U>(bits_() & 1) << (fraction + exponent_bits),
                ones = (U{1} << fraction) - 1;
        const U top = (U{1} << exponent_bits) - 1;
        U f = static_cast<U>(bits_()) & ones;
        if (bits_() % 3 == 0)
            f = bits_() % 2 ? f & ~(ones >> 8) : bits_() % 2 ? ones - (f & 3) : f & 3;
        switch (bits_() % 8) {
        case 0: return static_cast<U>(bits_());
        case 1: return sign | (f >> (bits_() % fraction));               // subnormals and zero
        case 2: return sign | top << fraction | (bits_() % 2 ? 0 : f);   // infinity, NaN
        case 3: return sign | (top - 1 - (bits_() % 3)) << fraction | f; // large
        case 4:
            return sign | static_cast<U>(bias + static_cast<int>(bits_() % 70)) << fraction |
                   f; // integers and beyond
        default:
            return sign | static_cast<U>(bias - 4 + static_cast<int>(bits_() % 8)) << fraction | f;
        }
    }
    /// f32: mostly of size 2^-9 to 2^8.
    uint64_t small() {
        if (bits_() % 8 == 0) return float_bits<uint32_t>(23, 127, 8);
        return (bits_() & 0x807fffff) | (118 + bits_() % 17) << 23;
    }
    uint64_t half() {
        switch (bits_() % 4) {
        case 0: return bits_() & 0xffff;
        case 1: return (bits_() & 0x83ff); // f16 subnormals
        case 2: return 0x3800 + (bits_() & 0x8fff);
        default:
            return pick({0, 0x8000, 0x3c00, 0x7bff, 0x7c00, 0xfc00, 0x7f80, 0x7f7f, 0x0080, 0x0400,
                         0x7fff, 0xffff}) &
                   0xffff;
        }
    }
    std::mt19937_64 bits_{20260101};
};

std::string reg(unsigned n) {
    return "r" + std::to_string(n);
}

/// Loads the operands to r4, r8, r12 and p0, runs the instruction, stores r16 and p1. Lanes with
/// tid % 4 == 3 skip it when `partial`. Of an operand whose bit is in `same` all threads load one
/// value.
std::string program(const AluCase& c, const std::string& b_text, const std::string& c_text,
                    bool partial, unsigned same = 0) {
    std::ostringstream s;
    s << "mov.sr r40, sr_tid_x\nmov.sr64 r42, sr_kernarg\nmov.b32 r16, 77\nmov.b32 r17, 78\n";
    const Kind kinds[] = {c.a, c.b, c.c};
    for (unsigned k = 0; k < 3; ++k)
        for (unsigned w = 0; w < words(kinds[k]); ++w)
            s << "ld.global.b32 " << reg(4 + 4 * k + w) << ", [r42"
              << (same >> k & 1 ? " + " : " + r40<<2 + ")
              << kInputs - Machine::kData + (2 * k + w) * kPlane << "]\n";
    s << "ld.global.b32 r41, [r42 + r40<<2 + " << kInputs - Machine::kData + 6 * kPlane
      << "]\nisetp.s32.ne p0, r41, 0\n";
    if (partial) s << "and.b32 r41, r40, 3\nisetp.s32.eq p2, r41, 3\n@p2 bra skip\n";
    s << c.mnemonic << " ";
    const char* separator = "";
    const auto put = [&](const std::string& text) {
        s << separator << text;
        separator = ", ";
    };
    const std::string preds = c.writes_second ? "p1|p3" : "p1";
    if (c.d != Kind::None && c.writes_pred)
        put("r16|" + preds);
    else
        put(c.d != Kind::None ? "r16" : preds);
    if (c.a != Kind::None) put("r4");
    if (c.b != Kind::None) put(b_text);
    if (c.c != Kind::None) put(c_text);
    if (c.reads_pred) put("p0");
    s << "\nskip:\nselp.b32 r18, r0, rz, pt\n";
    for (unsigned w = 0; w < 2; ++w)
        s << "st.global.b32 [r42 + r40<<2 + " << kOutputs - Machine::kData + w * kPlane << "], "
          << reg(16 + w) << "\n";
    s << "p2r r18\nst.global.b32 [r42 + r40<<2 + " << kOutputs - Machine::kData + 2 * kPlane
      << "], r18\nexit\n";
    return s.str();
}

/// A value as an immediate of its kind is written.
std::string immediate_text(Kind kind, uint32_t imm) {
    if (kind == Kind::Int32 || kind == Kind::Int64 || kind == Kind::Count)
        return std::to_string(static_cast<int32_t>(imm));
    char text[32];
    std::snprintf(text, sizeof text, "0x%x", imm);
    return text;
}

class Checker {
  public:
    void run(const AluCase& c) {
        const isa::RowInfo& row = row_of(c.mnemonic);
        draw(c);
        check(c, program(c, "r8", "r12", false), false);
        draw(c);
        check(c, program(c, "r8", "r12", true), true);
        // Immediate forms: every thread has the same b or c.
        if (row.forms >> 1 & 1) with_immediate(c, false);
        if (row.forms >> 2 & 1) with_immediate(c, true);
    }
    /// With operands that all threads have in common, which translated code knows.
    void run_uniform(const AluCase& c) {
        for (unsigned same = 0; same < 8; ++same) {
            draw(c);
            for (Values& v : values_) {
                if (same & 1) v.a = values_[0].a;
                if (same & 2) v.b = values_[0].b;
                if (same & 4) v.c = values_[0].c;
            }
            check(c, program(c, "r8", "r12", false, same), false);
        }
    }

  private:
    void draw(const AluCase& c) {
        for (Values& v : values_)
            v = {source_.draw(c.a), source_.draw(c.b), source_.draw(c.c),
                 (source_.draw(Kind::Pred) & 1) != 0};
        // equal operands now and then
        for (unsigned t = 0; t < kThreads; t += 11)
            values_[t].b = c.b == c.a ? values_[t].a : values_[t].b;
    }
    void with_immediate(const AluCase& c, bool for_c) {
        draw(c);
        const Kind kind = for_c ? c.c : c.b;
        const auto imm = static_cast<uint32_t>(source_.draw(kind == Kind::F64 ? Kind::F32 : kind));
        const std::string text = immediate_text(kind, imm);
        uint64_t value = imm;
        if (kind == Kind::Int64)
            value = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int32_t>(imm)));
        if (kind == Kind::F64) value = uint64_t{imm} << 32;
        for (Values& v : values_)
            (for_c ? v.c : v.b) = value;
        check(c, for_c ? program(c, "r8", text, true) : program(c, text, "r12", true), true);
    }
    void write_inputs() {
        for (unsigned t = 0; t < kThreads; ++t) {
            const uint64_t v[3] = {values_[t].a, values_[t].b, values_[t].c};
            for (unsigned k = 0; k < 6; ++k)
                machine_.word<uint32_t>(kInputs + k * kPlane +
                                        t * 4) = static_cast<uint32_t>(v[k / 2] >> (k % 2 * 32));
            machine_.word<uint32_t>(kInputs + 6 * kPlane + t * 4) = values_[t].ps;
        }
    }
    void check(const AluCase& c, const std::string& text, bool partial) {
        machine_.load(text);
        write_inputs();
        LaunchShape shape;
        shape.block[0] = kThreads;
        shape.regs = 48;
        const Outcome outcome = machine_.run(shape);
        ASSERT_EQ(outcome.result, model::RunResult::Done)
            << c.mnemonic << " cause " << outcome.fault.cause << " pc +"
            << outcome.fault.pc - Machine::kCode;
        for (unsigned t = 0; t < kThreads; ++t) {
            const auto failures = ::testing::UnitTest::GetInstance()
                                      ->current_test_info()
                                      ->result()
                                      ->total_part_count();
            check_thread(c, t, partial && t % 4 == 3, text);
            if (::testing::UnitTest::GetInstance()
                    ->current_test_info()
                    ->result()
                    ->total_part_count() != failures)
                return; // one thread is enough
        }
        machine_.proves({c.mnemonic});
    }
    void check_thread(const AluCase& c, unsigned t, bool skipped, const std::string& text) {
        const uint64_t low = machine_.word<uint32_t>(kOutputs + t * 4),
                       high = machine_.word<uint32_t>(kOutputs + kPlane + t * 4);
        const auto preds = machine_.word<uint32_t>(kOutputs + 2 * kPlane + t * 4);
        const bool pred = preds >> 1 & 1, second = preds >> 3 & 1;
        const Values& v = values_[t];
        std::ostringstream where;
        where << c.mnemonic << std::hex << " a=0x" << v.a << " b=0x" << v.b << " c=0x" << v.c
              << " ps=" << v.ps << " thread " << std::dec << t << "\n"
              << text;
        if (skipped) {
            ASSERT_EQ(low, 77u) << where.str();
            ASSERT_EQ(high, 78u) << where.str();
            ASSERT_FALSE(pred);
            return;
        }
        const Result want = c.reference(v);
        if (c.accepts) {
            const uint64_t got = words(c.d) == 1 ? low : high << 32 | low;
            ASSERT_TRUE(c.accepts(got, v)) << where.str() << "got 0x" << std::hex << got;
            return;
        }
        if (words(c.d) == 1) {
            ASSERT_EQ(low, static_cast<uint32_t>(want.d)) << where.str();
            ASSERT_EQ(high, 78u) << where.str();
        } else if (words(c.d) == 2) {
            ASSERT_EQ(high << 32 | low, want.d) << where.str();
        }
        if (c.writes_pred) ASSERT_EQ(pred, want.p) << where.str();
        if (c.writes_second) ASSERT_EQ(second, want.q) << where.str();
    }
    Machine machine_;
    Source source_;
    std::vector<Values> values_{kThreads};
};

void run_all(const std::vector<AluCase>& cases) {
    Checker checker;
    for (const AluCase& c : cases)
        checker.run(c);
}

TEST(Alu, IntegerInstructionsMatchTheReference) {
    run_all(integer_cases());
}
TEST(Alu, FloatInstructionsMatchTheReference) {
    run_all(float_cases());
}
TEST(Alu, HalfPrecisionInstructionsMatchTheReference) {
    run_all(half_cases());
}
TEST(Alu, SpecialFunctionsAreWithinTheirErrors) {
    run_all(special_function_cases());
}
TEST(Alu, ConversionsMatchTheReference) {
    run_all(convert_cases());
}

// Few enough to run in translated code, too (CMakeLists.txt): what has host code of its own there.
TEST(UniformOperands, MatchTheReference) {
    Checker checker;
    for (const auto* cases : {&integer_cases(), &convert_cases(), &half_cases()})
        for (const AluCase& c : *cases) {
            const bool chosen = c.mnemonic.starts_with("idiv.") ||
                                c.mnemonic.starts_with("irem.") || c.mnemonic.starts_with("dp4a") ||
                                c.mnemonic == "vadd.x4.s.sat" || c.mnemonic == "hfma.f16x2" ||
                                c.mnemonic == "hfma.bf16" || c.mnemonic == "cvt.s32.f64.rni" ||
                                c.mnemonic == "frnd.f64.rni" ||
                                (c.mnemonic.ends_with(".f32.rzi") && c.mnemonic[5] == '3');
            for (int i = 0; chosen && i < 2; ++i)
                checker.run_uniform(c);
        }
}

} // namespace
} // namespace acc::test
