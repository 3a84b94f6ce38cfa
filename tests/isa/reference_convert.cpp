// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions: the value of the source as a number, rounded into the target by definition.
#include <algorithm>

#include "tests/isa/float_formats.h"
#include "tests/isa/half_formats.h"

namespace acc::test {
namespace {

enum Integral { kTowardZero, kNearestEven, kDownward, kUpward, kNearestAway };

quad integral(quad x, Integral mode) {
    const bool negative = x < 0;
    const quad m = negative ? -x : x;
    if (m >= 0x1p112) return x;
    const auto whole = static_cast<unsigned __int128>(m);
    const quad rest = m - static_cast<quad>(whole);
    bool up = false;
    switch (mode) {
    case kNearestEven: up = rest > 0.5 || (rest == 0.5 && (whole & 1)); break;
    case kDownward: up = negative && rest > 0; break;
    case kUpward: up = !negative && rest > 0; break;
    case kNearestAway: up = rest >= 0.5; break;
    default: break;
    }
    const quad r = static_cast<quad>(whole + up);
    return negative ? -r : r;
}

/// A float format; conversions keep NaN (canonical), infinities and the sign of zero.
struct Format {
    const char* name;
    Kind kind;
    double (*value)(uint64_t);
    uint64_t (*make)(const Exact&, double like, Rounding);
};
template <class T>
uint64_t make(const Exact& x, double like, Rounding mode) {
    if (!std::isfinite(like)) return bits<T>(static_cast<typename T::F>(like));
    return finish<T>(x, mode, std::signbit(like));
}
const Format kFormats[] = {
    {"f32", Kind::F32, [](uint64_t x) { return static_cast<double>(as<Single>(x)); }, make<Single>},
    {"f64", Kind::F64, [](uint64_t x) { return as<Double>(x); }, make<Double>},
    {"f16", Kind::Half, [](uint64_t x) { return half_number(x, false); },
     [](const Exact& x, double like, Rounding m) -> uint64_t {
         return half_bits(x, like, false, m);
     }},
    {"bf16", Kind::Half, [](uint64_t x) { return half_number(x, true); },
     [](const Exact& x, double like, Rounding m) -> uint64_t {
         return half_bits(x, like, true, m);
     }}};
const Format& kF32 = kFormats[0];

Kind result_kind(const Format& f) {
    return f.kind == Kind::Half ? Kind::Int32 : f.kind;
}
Rounding rounding(const Choice& m) {
    return static_cast<Rounding>(m["rnd"]);
}
/// ftz is about f32 numbers only.
double flushed(const Format& f, double x, const Choice& m) {
    const bool tiny = &f == &kF32 && std::abs(x) < 0x1p-126;
    return tiny && (m.is("ftz") || m.is("rftz")) ? std::copysign(0.0, x) : x;
}
AluCase shape(Kind d, Kind a, Kind b = Kind::None) {
    return {"", d, a, b, Kind::None, false, false, nullptr};
}

struct Integer {
    const char* name;
    Kind kind;
    quad low, high;
    quad (*value)(uint64_t);
};
const Integer kIntegers[] = {
    {"s32", Kind::Int32, -0x1p31, 0x1p31 - 1,
     [](uint64_t x) -> quad { return static_cast<int32_t>(static_cast<uint32_t>(x)); }},
    {"u32", Kind::Int32, 0, 0x1p32 - 1,
     [](uint64_t x) -> quad { return static_cast<uint32_t>(x); }},
    {"s64", Kind::Int64, -0x1p63, static_cast<quad>(INT64_MAX),
     [](uint64_t x) -> quad { return static_cast<int64_t>(x); }},
    {"u64", Kind::Int64, 0, static_cast<quad>(UINT64_MAX), [](uint64_t x) -> quad { return x; }}};

/// PTX: NaN gives the top bit alone when the source is f64 or the result has 64 bits, else 0.
uint64_t of_nan(const Integer& to, const Format& from) {
    if (to.kind == Kind::Int64) return uint64_t{1} << 63;
    return from.kind == Kind::F64 ? 0x80000000 : 0;
}
uint64_t clamp_to(const Integer& to, double x, Integral mode) {
    const quad r = std::isinf(x) ? static_cast<quad>(x) : integral(x, mode);
    const quad c = r < to.low ? to.low : r > to.high ? to.high : r;
    return c < 0 ? static_cast<uint64_t>(static_cast<int64_t>(c)) : static_cast<uint64_t>(c);
}

void integers_and_floats(std::vector<AluCase>& t) {
    for (const Format& f : kFormats)
        for (const Integer& i : kIntegers) {
            with_modifiers(
                t, std::string("cvt.") + i.name + "." + f.name, shape(i.kind, f.kind),
                [=, &f](const Choice& m, const Values& v) {
                    const Integral modes[] = {kTowardZero, kNearestEven, kDownward, kUpward};
                    const double x = flushed(f, f.value(v.a), m);
                    return Result{std::isnan(x) ? of_nan(i, f) : clamp_to(i, x, modes[m["irnd"]])};
                });
            with_modifiers(t, std::string("cvt.") + f.name + "." + i.name,
                           shape(result_kind(f), i.kind), [=](const Choice& m, const Values& v) {
                               return Result{f.make({i.value(v.a)}, 0.0, rounding(m))};
                           });
        }
}

/// Negative values and NaN become +0.
double relu(double x, const Choice& m) {
    return m.is("relu") && !(x > 0) ? 0 : x;
}

void floats(std::vector<AluCase>& t) {
    const std::pair<int, int> pairs[] = {{1, 0}, {0, 1}, {0, 2}, {2, 0}, {0, 3},
                                         {3, 0}, {1, 2}, {2, 1}, {1, 3}, {3, 1}};
    for (const auto& [to_index, from_index] : pairs) {
        const Format &to = kFormats[to_index], &from = kFormats[from_index];
        with_modifiers(
            t, std::string("cvt.") + to.name + "." + from.name, shape(result_kind(to), from.kind),
            [&to, &from](const Choice& m, const Values& v) {
                double x = flushed(from, from.value(v.a), m);
                // Both clamps are exact, so that rounding after them is rounding once.
                if (m.is("sat")) x = std::isnan(x) || !(x > 0) ? 0 : std::min(x, 1.0);
                const uint64_t d = to.make({x}, x, rounding(m));
                if (&to != &kF32) return Result{d};
                return Result{bits<Single>(static_cast<float>(flushed(to, as<Single>(d), m)))};
            });
    }
    for (const Format& f : kFormats)
        with_modifiers(t, std::string("frnd.") + f.name, shape(result_kind(f), f.kind),
                       [&f](const Choice& m, const Values& v) {
                           const Integral modes[] = {kNearestEven, kTowardZero, kDownward, kUpward,
                                                     kNearestAway};
                           const double x = flushed(f, f.value(v.a), m);
                           const quad r = std::isfinite(x) ? integral(x, modes[m["irnd"]]) : 0;
                           return Result{f.make({r}, x, kNearest)};
                       });
    for (const int half : {2, 3}) {
        const Format& to = kFormats[half];
        with_modifiers(
            t, std::string("cvt.") + to.name + "x2.f32", shape(Kind::Int32, Kind::F32, Kind::F32),
            [&to](const Choice& m, const Values& v) {
                const double a = relu(as<Single>(v.a), m), b = relu(as<Single>(v.b), m);
                return Result{to.make({a}, a, rounding(m)) << 16 | to.make({b}, b, rounding(m))};
            });
    }
    with_modifiers(
        t, "cvt.tf32.f32", shape(Kind::Int32, Kind::F32),
        [](const Choice& m, const Values& v) -> Result {
            const double x = relu(as<Single>(v.a), m);
            if (std::isnan(x)) return {kNan32 & ~0x1fffu};
            if (x == 0 || std::isinf(x)) return {bits<Single>(static_cast<float>(x))};
            const double unit = std::ldexp(1.0, std::max(std::ilogb(x), -126) - 10);
            const quad r = integral(x / unit, m.is("tfrnd") ? kNearestAway : kNearestEven);
            const auto d = static_cast<float>(static_cast<double>(r) * unit);
            return {bits<Single>(r == 0 ? std::copysign(0.0f, static_cast<float>(x)) : d)};
        });
}

// ---- 8-bit floats (OCP): e4m3 has no infinities, one NaN a sign, bias 7; e5m2 is IEEE, bias 15
struct Byte {
    const char* name;
    int fraction_bits, bias;
    uint32_t largest, overflow;
    double value(uint32_t code) const {
        const uint32_t magnitude = code & 0x7f;
        const int fraction = static_cast<int>(magnitude & ((1u << fraction_bits) - 1)),
                  field = static_cast<int>(magnitude >> fraction_bits);
        if (magnitude > largest)
            return fraction_bits == 2 && magnitude == 0x7c ? (code & 0x80 ? -HUGE_VAL : HUGE_VAL)
                                                           : std::nan("");
        const double x = field ? std::ldexp((1 << fraction_bits) + fraction,
                                            field - bias - fraction_bits)
                               : std::ldexp(fraction, 1 - bias - fraction_bits);
        return code & 0x80 ? -x : x;
    }
    /// Nearest, ties to even; beyond the largest number and half a unit it overflows.
    uint32_t make(double x, bool satfinite) const {
        if (std::isnan(x)) return 0x7f;
        const uint32_t sign = std::signbit(x) ? 0x80 : 0, beyond = satfinite ? largest : overflow;
        const double m = std::abs(x), top = value(largest), unit = top - value(largest - 1);
        if (m > top + unit / 2 || (m == top + unit / 2 && (largest & 1))) return sign | beyond;
        uint32_t best = 0;
        for (uint32_t code = 1; code <= largest; ++code) {
            const double near = std::abs(value(code) - m), now = std::abs(value(best) - m);
            if (near < now || (near == now && !(code & 1))) best = code;
        }
        return sign | best;
    }
};
const Byte kBytes[] = {{"e4m3", 3, 7, 0x7e, 0x7f}, {"e5m2", 2, 15, 0x7b, 0x7c}};

void bytes(std::vector<AluCase>& t) {
    for (const Byte& byte : kBytes) {
        const std::string name = byte.name;
        with_modifiers(t, "cvt." + name + "x2.f32", shape(Kind::Int32, Kind::F32, Kind::F32),
                       [&byte](const Choice& m, const Values& v) {
                           const bool sat = m.is("satfinite");
                           return Result{byte.make(relu(as<Single>(v.a), m), sat) << 8 |
                                         byte.make(relu(as<Single>(v.b), m), sat)};
                       });
        with_modifiers(t, "cvt." + name + "x2.f16x2", shape(Kind::Int32, Kind::Half),
                       [&byte](const Choice& m, const Values& v) {
                           const bool sat = m.is("satfinite");
                           return Result{byte.make(relu(half_number(v.a >> 16, false), m), sat)
                                             << 8 |
                                         byte.make(relu(half_number(v.a, false), m), sat)};
                       });
        with_modifiers(t, "cvt.f16x2." + name + "x2", shape(Kind::Int32, Kind::Half),
                       [&byte](const Choice& m, const Values& v) {
                           const auto half = [&](uint64_t code) {
                               return half_bits(relu(byte.value(code & 0xff), m), false);
                           };
                           return Result{uint64_t{half(v.a >> 8)} << 16 | half(v.a)};
                       });
    }
}

} // namespace

const std::vector<AluCase>& convert_cases() {
    static const std::vector<AluCase> cases = [] {
        std::vector<AluCase> t;
        integers_and_floats(t);
        floats(t);
        bytes(t);
        return t;
    }();
    return cases;
}

} // namespace acc::test
