// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/isa/float_formats.h"

namespace acc::test {
namespace {

Rounding rounding(const Choice& m) {
    return static_cast<Rounding>(m["rnd"]); // in the order of the modifier's values
}

/// An operand after ftz, absolute value and negation.
template <class T>
typename T::F operand(uint64_t x, const Choice& m, const char* absolute, const char* negate) {
    typename T::F f = as<T>(x);
    if (m.is("ftz") || m.is("sftz")) f = flush(f);
    if (m.is(absolute)) f = std::abs(f);
    return m.is(negate) ? -f : f;
}
/// A result after ftz and sat.
template <class T>
uint64_t result(uint64_t x, const Choice& m) {
    typename T::F f = as<T>(x);
    if (m.is("ftz")) f = flush(f);
    if (m.is("sat")) f = std::isnan(f) || !(f > 0) ? 0 : f > 1 ? 1 : f;
    return bits<T>(f);
}

template <class T>
AluCase shape(int operands) {
    const Kind k = T::kind, none = Kind::None;
    return {"", k, k, operands > 1 ? k : none, operands > 2 ? k : none, false, false, nullptr};
}

template <class T>
uint64_t xorsign(uint64_t magnitude, typename T::F a, typename T::F b) {
    const typename T::F f = as<T>(magnitude);
    if (std::isnan(f)) return magnitude;
    return bits<T>(std::signbit(a) != std::signbit(b) ? -f : f);
}

template <class T>
void arithmetic(std::vector<AluCase>& t) {
    const std::string s = std::string(".") + T::name;
    const auto a = [](const Choice& m, const Values& v) {
        return operand<T>(v.a, m, "absa", "nega");
    };
    const auto b = [](const Choice& m, const Values& v) {
        return operand<T>(v.b, m, "absb", "negb");
    };
    const auto c = [](const Choice& m, const Values& v) { return operand<T>(v.c, m, "", "negc"); };
    with_modifiers(t, "fadd" + s, shape<T>(2), [=](const Choice& m, const Values& v) {
        return Result{result<T>(add<T>(a(m, v), b(m, v), rounding(m)), m)};
    });
    with_modifiers(t, "fmul" + s, shape<T>(2), [=](const Choice& m, const Values& v) {
        return Result{result<T>(mul<T>(a(m, v), b(m, v), rounding(m)), m)};
    });
    with_modifiers(t, "ffma" + s, shape<T>(3), [=](const Choice& m, const Values& v) {
        return Result{result<T>(fma<T>(a(m, v), b(m, v), c(m, v), rounding(m)), m)};
    });
    with_modifiers(t, "fdiv" + s, shape<T>(2), [=](const Choice& m, const Values& v) {
        return Result{result<T>(divide<T>(a(m, v), b(m, v), rounding(m)), m)};
    });
    with_modifiers(t, "frcp" + s, shape<T>(1), [=](const Choice& m, const Values& v) {
        return Result{result<T>(divide<T>(1, a(m, v), rounding(m)), m)};
    });
    with_modifiers(t, "fsqrt" + s, shape<T>(1), [=](const Choice& m, const Values& v) {
        return Result{result<T>(root<T>(a(m, v), rounding(m)), m)};
    });
    for (const bool max : {false, true})
        with_modifiers(
            t, (max ? "fmax" : "fmin") + s, shape<T>(2), [=](const Choice& m, const Values& v) {
                const auto x = a(m, v), y = b(m, v);
                if (!m.is("xorsign")) return Result{extreme<T>(x, y, max, m.is("nan"))};
                const uint64_t d = extreme<T>(std::abs(x), std::abs(y), max, m.is("nan"));
                return Result{xorsign<T>(d, x, y)};
            });
    with_modifiers(t, "fcopysign" + s, shape<T>(2), [](const Choice&, const Values& v) { // copies
                                                                                         // bits: a
                                                                                         // NaN
                                                                                         // keeps
                                                                                         // its
                                                                                         // payload
        constexpr uint64_t sign = uint64_t{1} << (sizeof(typename T::F) * 8 - 1);
        return Result{(v.a & (sign - 1)) | (v.b & sign)};
    });
}

/// The comparisons in the order of the modifier's values.
template <class F>
bool compared(F a, F b, uint32_t comparison) {
    const bool u = std::isnan(a) || std::isnan(b);
    const bool results[] = {a == b,     !u && a != b, a<b, a <= b, a> b, a >= b,     !u,
                            u,          u || a == b,  u || a != b,       u || a < b, u || a <= b,
                            u || a > b, u || a >= b};
    return results[comparison];
}
bool combined(bool r, bool ps, uint32_t operation) {
    const bool results[] = {r, r && ps, r || ps, r != ps};
    return results[operation];
}

template <class T>
void compares(std::vector<AluCase>& t) {
    const std::string s = std::string(".") + T::name;
    AluCase two{"", Kind::None, T::kind, T::kind, Kind::None, true, true, nullptr};
    two.writes_second = true;
    with_modifiers(t, "fsetp" + s, two, [](const Choice& m, const Values& v) {
        const bool r = compared(operand<T>(v.a, m, "sabsa", "snega"),
                                operand<T>(v.b, m, "sabsb", "snegb"), m["cmp"]);
        return Result{0, combined(r, v.ps, m["bop"]), combined(!r, v.ps, m["bop"])};
    });
    with_modifiers(t, "ftestp" + s,
                   {"", Kind::None, T::kind, Kind::None, Kind::None, true, false, nullptr},
                   [](const Choice& m, const Values& v) {
                       const int kind = std::fpclassify(as<T>(v.a));
                       const bool results[] = {kind != FP_NAN && kind != FP_INFINITE,
                                               kind == FP_INFINITE,
                                               kind != FP_NAN,
                                               kind == FP_NAN,
                                               kind == FP_NORMAL,
                                               kind == FP_SUBNORMAL};
                       return Result{0, results[m["fclass"]]};
                   });
}

} // namespace

const std::vector<AluCase>& float_cases() {
    static const std::vector<AluCase> cases = [] {
        std::vector<AluCase> t;
        arithmetic<Single>(t);
        arithmetic<Double>(t);
        compares<Single>(t);
        compares<Double>(t);
        return t;
    }();
    return cases;
}

} // namespace acc::test
