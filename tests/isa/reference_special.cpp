// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Special functions: computed in double, compared within the errors that isa/Float.td documents.
#include <algorithm>

#include "tests/isa/float_formats.h"

namespace acc::test {
namespace {

/// |got - want| is within `error`; results that are no finite number, and zeros, are met exactly.
template <class F>
bool within(F got, double want, double error) {
    using Limits = std::numeric_limits<F>;
    if (std::isnan(want)) return std::isnan(got);
    if (std::isinf(want)) return static_cast<double>(got) == want;
    if (want == 0) return got == 0 && std::signbit(got) == std::signbit(want);
    if (std::isinf(got))
        return std::abs(want) + error > static_cast<double>(Limits::max()) &&
               (got > 0) == (want > 0);
    const auto half_smallest = static_cast<double>(Limits::denorm_min()) / 2;
    return std::abs(static_cast<double>(got) - want) <= std::max(error, half_smallest);
}

double ulp(double x) {
    return x == 0 || !std::isfinite(x) ? 0 : std::ldexp(1.0, std::max(std::ilogb(x), -126) - 23);
}

struct Function {
    const char* name;
    double (*f)(double);
    double (*error)(double a, double want);
    Kind kind;
};
const double kTwoPi = 6.283185307179586;
double log2_error(double, double want) {
    return std::abs(want) < 1 ? 0x1p-22 : std::abs(want) * 0x1p-22;
}
/// Documented for |a| <= 2 pi, "growing with |a|".
double circular_error(double a, double) {
    return 0x1p-20 * 0.70710678 * std::max(1.0, std::abs(a) / kTwoPi);
}
double sine(double x) {
    return std::isinf(x) ? std::nan("") : std::sin(x);
}
double cosine(double x) {
    return std::isinf(x) ? std::nan("") : std::cos(x);
}
const Function kFunctions[] = {
    {"rcp.approx.f32", [](double x) { return 1 / x; },
     [](double, double want) { return ulp(want); }, Kind::F32},
    {"rsqrt.approx.f32", [](double x) { return 1 / std::sqrt(x); },
     [](double, double want) { return want * std::exp2(-22.9); }, Kind::F32},
    {"sqrt.approx.f32", [](double x) { return std::sqrt(x); },
     [](double, double want) { return want * 0x1p-23; }, Kind::F32},
    {"sin.approx.f32", sine, circular_error, Kind::Small},
    {"cos.approx.f32", cosine, circular_error, Kind::Small},
    {"ex2.approx.f32", [](double x) { return std::exp2(x); },
     [](double, double want) { return 2 * ulp(want); }, Kind::Small},
    {"lg2.approx.f32", [](double x) { return std::log2(x); }, log2_error, Kind::F32},
    {"tanh.approx.f32", [](double x) { return std::tanh(x); },
     [](double, double want) { return std::abs(want) * 0x1p-11; }, Kind::Small}};

void singles(std::vector<AluCase>& t) {
    for (const Function& f : kFunctions)
        for (const Choice& m : choices(row_of(f.name))) {
            const bool ftz = m.is("ftz");
            AluCase c{m.mnemonic(), Kind::F32, f.kind, Kind::None,
                      Kind::None,   false,     false,  [](const Values&) { return Result{}; }};
            c.accepts = [=](uint64_t got_bits, const Values& v) {
                float a = as<Single>(v.a);
                if (ftz) a = flush(a);
                if (m.is("absa")) a = std::abs(a);
                if (m.is("nega")) a = -a;
                const double want = f.f(a), error = f.error(a, want);
                const float got = as<Single>(got_bits);
                if (std::isnan(got) && static_cast<uint32_t>(got_bits) != kNan32) return false;
                if (ftz && std::fpclassify(got) == FP_SUBNORMAL) return false;
                if (ftz && got == 0 && std::abs(want) < 0x1p-126 + error)
                    return std::signbit(got) == std::signbit(want);
                return within(got, want, error);
            };
            t.push_back(c);
        }
}

void doubles(std::vector<AluCase>& t) {
    const struct {
        const char* name;
        double (*f)(double);
        double relative;
    } functions[] = {
        {"rcp.approx.f64", [](double x) { return 1 / x; }, 0x1p-23},
        {"rsqrt.approx.f64", [](double x) { return 1 / std::sqrt(x); }, std::exp2(-22.9)}};
    for (const auto& f : functions) {
        AluCase c{f.name,     Kind::F64, Kind::F64, Kind::None,
                  Kind::None, false,     false,     [](const Values&) { return Result{}; }};
        c.accepts = [=](uint64_t got_bits, const Values& v) {
            const double want = f.f(flush(as<Double>(v.a))), got = as<Double>(got_bits);
            if (std::isnan(want)) return got_bits == kNan64;
            return within(got, want, std::abs(want) * f.relative);
        };
        t.push_back(c);
    }
}

} // namespace

const std::vector<AluCase>& special_function_cases() {
    static const std::vector<AluCase> cases = [] {
        std::vector<AluCase> t;
        singles(t);
        doubles(t);
        return t;
    }();
    return cases;
}

} // namespace acc::test
