// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Half precision: one element at a time.
#include <algorithm>

#include "tests/isa/half_formats.h"
#include "tests/isa/reference.h"

namespace acc::test {
namespace {

/// The element format of a choice.
struct Format {
    explicit Format(const Choice& m) : bf(m["hfmt"] >= 2), packed(m["hfmt"] % 2 != 0) {}
    const bool bf, packed;
};

/// The bits of an operand after ftz, absolute value and negation (a NaN has a sign, too).
uint32_t operand_bits(uint64_t h, const Choice& m, bool bf, const char* absolute,
                      const char* negate) {
    auto x = static_cast<uint32_t>(h & 0xffff);
    if (m.is("ftz") || m.is("hftz")) x = half_flush(x, bf);
    if (m.is(absolute)) x &= 0x7fff;
    if (m.is(negate)) x ^= 0x8000;
    return x;
}
double operand(uint64_t h, const Choice& m, bool bf, const char* absolute, const char* negate) {
    return half_number(operand_bits(h, m, bf, absolute, negate), bf);
}
uint32_t result(uint32_t h, const Choice& m, bool bf) {
    if (m.is("ftz")) h = half_flush(h, bf);
    const double x = half_number(h, bf);
    if (m.is("sat")) return std::isnan(x) || !(x > 0) ? 0 : x > 1 ? half_bits(1.0, bf) : h;
    return h;
}
uint32_t relu(uint32_t h, const Choice& m, bool bf) {
    return m.is("relu") && !(half_number(h, bf) > 0) ? 0 : h;
}

/// f(choice, a, b, c of one element) for the elements of the words.
template <class F>
void element_wise(std::vector<AluCase>& t, const char* mnemonic, int operands, F f) {
    const Kind h = Kind::Half, none = Kind::None;
    const AluCase shape{
        "",    Kind::Int32, h,      operands > 1 ? h : none, operands > 2 ? h : none,
        false, false,       nullptr};
    with_modifiers(t, mnemonic, shape, [=](const Choice& m, const Values& v) {
        const uint64_t low = f(m, v.a, v.b, v.c);
        if (!Format(m).packed) return Result{low};
        return Result{low | uint64_t{f(m, v.a >> 16, v.b >> 16, v.c >> 16)} << 16};
    });
}

/// PTX min and max of one element.
uint32_t extreme(double x, double y, const Choice& m, bool max, bool bf) {
    if (std::isnan(x) || std::isnan(y)) {
        if (m.is("nan") || (std::isnan(x) && std::isnan(y))) return 0x7fff;
        return half_bits(std::isnan(x) ? y : x, bf);
    }
    const bool first = x == y ? std::signbit(x) != max : (x < y) != max;
    return half_bits(first ? x : y, bf);
}

void arithmetic(std::vector<AluCase>& t) {
    element_wise(t, "hadd", 2, [](const Choice& m, uint64_t a, uint64_t b, uint64_t) {
        const bool bf = Format(m).bf;
        return result(
            half_add(operand(a, m, bf, "absa", "nega"), operand(b, m, bf, "absb", "negb"), bf), m,
            bf);
    });
    element_wise(t, "hmul", 2, [](const Choice& m, uint64_t a, uint64_t b, uint64_t) {
        const bool bf = Format(m).bf;
        return result(
            half_bits(operand(a, m, bf, "absa", "nega") * operand(b, m, bf, "absb", "negb"), bf), m,
            bf);
    });
    element_wise(t, "hfma", 3, [](const Choice& m, uint64_t a, uint64_t b, uint64_t c) {
        const bool bf = Format(m).bf;
        const uint32_t d = half_fma(operand(a, m, bf, "", "nega"), operand(b, m, bf, "", "negb"),
                                    operand(c, m, bf, "", "negc"), bf);
        return relu(result(d, m, bf), m, bf);
    });
    for (const bool max : {false, true})
        element_wise(t, max ? "hmax" : "hmin", 2,
                     [=](const Choice& m, uint64_t a, uint64_t b, uint64_t) {
                         const bool bf = Format(m).bf;
                         const uint32_t x_bits = operand_bits(a, m, bf, "absa", "nega"),
                                        y_bits = operand_bits(b, m, bf, "absb", "negb");
                         const double x = half_number(x_bits, bf), y = half_number(y_bits, bf);
                         if (!m.is("xorsign")) return extreme(x, y, m, max, bf);
                         const uint32_t d = extreme(std::abs(x), std::abs(y), m, max, bf);
                         if (half_is_nan(d, bf)) return d;
                         return d | ((x_bits ^ y_bits) & 0x8000);
                     });
}

bool compared(double a, double b, uint32_t comparison) {
    const bool u = std::isnan(a) || std::isnan(b);
    const bool results[] = {a == b,     !u && a != b, a<b, a <= b, a> b, a >= b,     !u,
                            u,          u || a == b,  u || a != b,       u || a < b, u || a <= b,
                            u || a > b, u || a >= b};
    return results[comparison];
}
bool compared(const Choice& m, uint64_t a, uint64_t b) {
    const bool bf = Format(m).bf;
    return compared(operand(a, m, bf, "", ""), operand(b, m, bf, "", ""), m["cmp"]);
}

void compares(std::vector<AluCase>& t) {
    element_wise(t, "hset", 2, [](const Choice& m, uint64_t a, uint64_t b, uint64_t) {
        const uint32_t yes = m.is("hres") ? 0xffffu : half_bits(1.0, Format(m).bf);
        return compared(m, a, b) ? yes : 0u;
    });
    AluCase two{"", Kind::None, Kind::Half, Kind::Half, Kind::None, true, true, nullptr};
    two.writes_second = true;
    with_modifiers(t, "hsetp", two, [](const Choice& m, const Values& v) {
        const bool low = compared(m, v.a, v.b),
                   second = Format(m).packed ? compared(m, v.a >> 16, v.b >> 16) : !low;
        const auto combine = [&](bool r) {
            const bool results[] = {r, r && v.ps, r || v.ps, r != v.ps};
            return results[m["bop"]];
        };
        return Result{0, combine(low), combine(second)};
    });
}

/// An element of a function that has an error: relative, or half a unit of the subnormal numbers.
bool near(uint32_t got, double want, double relative, bool bf, bool flushed) {
    const double smallest = bf ? 0x1p-126 : 0x1p-14, unit = bf ? 0x1p-133 : 0x1p-24,
                 largest = bf ? 0x1.ffp127 : 65520;
    if (std::isnan(want)) return got == 0x7fff;
    const double x = half_number(got, bf);
    if (flushed && std::abs(want) < smallest * (1 + relative))
        return x == 0 || std::abs(x) == smallest;
    if (std::isinf(x)) return std::abs(want) * (1 + relative) >= largest && (x > 0) == (want > 0);
    if (want == 0) return x == 0 && std::signbit(x) == std::signbit(want);
    return std::abs(x - want) <= std::max(std::abs(want) * relative, unit / 2);
}

void functions(std::vector<AluCase>& t) {
    const struct {
        const char* name;
        double (*f)(double);
        double f16_error, bf16_error;
    } functions[] = {{"hex2", [](double x) { return std::exp2(x); }, std::exp2(-9.9), 0x1p-7},
                     {"htanh", [](double x) { return std::tanh(x); }, std::exp2(-10.9), 0x1p-8}};
    for (const auto& f : functions)
        for (const Choice& m : choices(row_of(f.name))) {
            const Format format(m);
            AluCase c{
                m.mnemonic(), Kind::Int32, Kind::Half, Kind::None,
                Kind::None,   false,       false,      [](const Values&) { return Result{}; }};
            c.accepts = [=](uint64_t got, const Values& v) {
                const double error = format.bf ? f.bf16_error : f.f16_error;
                const auto one = [&](uint64_t d, uint64_t a) {
                    return near(static_cast<uint32_t>(d & 0xffff),
                                f.f(operand(a, m, format.bf, "", "")), error, format.bf,
                                m.is("ftz"));
                };
                return one(got, v.a) &&
                       (format.packed ? one(got >> 16, v.a >> 16) : got >> 16 == 0);
            };
            t.push_back(c);
        }
}

} // namespace

const std::vector<AluCase>& half_cases() {
    static const std::vector<AluCase> cases = [] {
        std::vector<AluCase> t;
        arithmetic(t);
        compares(t);
        functions(t);
        return t;
    }();
    return cases;
}

} // namespace acc::test
