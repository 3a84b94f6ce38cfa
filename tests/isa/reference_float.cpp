// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstring>

#include "tests/isa/exact_float.h"
#include "tests/isa/reference.h"

namespace acc::test {
namespace {

constexpr uint32_t kNan32 = 0x7fffffff;
constexpr uint64_t kNan64 = 0x7fffffffffffffff;

// The two formats under one interface.
struct Single {
    using F = float;
    using U = uint32_t;
    static constexpr Kind kind = Kind::F32;
    static constexpr U nan = kNan32;
    static constexpr const char* name = "f32";
};
struct Double {
    using F = double;
    using U = uint64_t;
    static constexpr Kind kind = Kind::F64;
    static constexpr U nan = kNan64;
    static constexpr const char* name = "f64";
};
template <class T>
typename T::F as(uint64_t x) {
    return std::bit_cast<typename T::F>(static_cast<typename T::U>(x));
}
template <class T>
uint64_t bits(typename T::F x) {
    return std::isnan(x) ? T::nan : std::bit_cast<typename T::U>(x);
}

template <class F>
F flush(F x) {
    return std::abs(x) < std::numeric_limits<F>::min() ? std::copysign(F{0}, x) : x;
}

const struct {
    const char* suffix;
    Rounding mode;
} kModes[] = {{"", kNearest}, {".rz", kZero}, {".rm", kDown}, {".rp", kUp}};

/// The rounded value of an exact one; zeros have sign `zero_sign` (what IEEE 754 says for the
/// operation).
template <class T>
uint64_t finish(const Exact& x, Rounding mode, bool negative_zero) {
    if (x.value == 0 && x.rest == 0)
        return bits<T>(negative_zero ? -typename T::F{0} : typename T::F{0});
    return bits<T>(round_to<typename T::F, typename T::U>(x, mode));
}
/// Sign of an exact zero sum of two numbers.
template <class F>
bool zero_sum_negative(F a, F b, Rounding mode) {
    if (std::signbit(a) == std::signbit(b)) return std::signbit(a);
    return mode == kDown;
}
template <class T>
uint64_t add(typename T::F a, typename T::F b, Rounding mode) {
    if (!std::isfinite(a) || !std::isfinite(b)) return bits<T>(a + b);
    return finish<T>(exact_sum(a, b), mode, zero_sum_negative(a, b, mode));
}
template <class T>
uint64_t mul(typename T::F a, typename T::F b, Rounding mode) {
    if (!std::isfinite(a) || !std::isfinite(b)) return bits<T>(a * b);
    return finish<T>({static_cast<quad>(a) * b}, mode, std::signbit(a) != std::signbit(b));
}
template <class T>
uint64_t fma(typename T::F a, typename T::F b, typename T::F c, Rounding mode) {
    using F = typename T::F;
    if (!std::isfinite(a) || !std::isfinite(b) || !std::isfinite(c))
        return bits<T>(std::isfinite(a) && std::isfinite(b) ? c : a * b + c);
    const quad product = static_cast<quad>(a) * b;
    const F product_sign = std::signbit(a) != std::signbit(b) ? F{-1} : F{1};
    const Exact sum = exact_sum(product, c);
    return finish<T>(sum, mode, zero_sum_negative(product_sign, c, mode));
}
template <class T>
uint64_t divide(typename T::F a, typename T::F b, Rounding mode) {
    if (!std::isfinite(a) || !std::isfinite(b) || b == 0) return bits<T>(a / b);
    // 113 bits tell a quotient of 53-bit numbers from every boundary between results that it is not
    // on.
    return finish<T>({static_cast<quad>(a) / b}, mode, std::signbit(a) != std::signbit(b));
}
template <class T>
uint64_t root(typename T::F a, Rounding mode) {
    if (!(a > 0) || !std::isfinite(a))
        return bits<T>(a == 0 ? a : a > 0 ? a : std::numeric_limits<typename T::F>::quiet_NaN());
    quad s = sqrtl(static_cast<long double>(a));
    s = s + (static_cast<quad>(a) - s * s) / (2 * s);
    const quad error = static_cast<quad>(a) - s * s;
    return finish<T>({s, error > 0 ? 1 : error < 0 ? -1 : 0}, mode, false);
}
template <class T>
uint64_t extreme(typename T::F a, typename T::F b, bool max, bool propagate) {
    if (std::isnan(a) || std::isnan(b)) {
        if (propagate || (std::isnan(a) && std::isnan(b))) return T::nan;
        return bits<T>(std::isnan(a) ? b : a);
    }
    if (a == b) return bits<T>(std::signbit(a) != max ? a : b); // -0 below +0
    return bits<T>((a < b) != max ? a : b);
}

template <class T>
void push(std::vector<AluCase>& t, const std::string& name, int operands,
          std::function<uint64_t(const Values&)> f) {
    const Kind k = T::kind, none = Kind::None;
    t.push_back({name, k, k, operands > 1 ? k : none, operands > 2 ? k : none, false, false,
                 [f](const Values& v) { return Result{f(v), false}; }});
}

template <class T>
void arithmetic(std::vector<AluCase>& t) {
    const std::string s = std::string(".") + T::name;
    for (const auto& m : kModes) {
        const Rounding mode = m.mode;
        push<T>(t, "fadd" + s + m.suffix, 2,
                [=](const Values& v) { return add<T>(as<T>(v.a), as<T>(v.b), mode); });
        push<T>(t, "fmul" + s + m.suffix, 2,
                [=](const Values& v) { return mul<T>(as<T>(v.a), as<T>(v.b), mode); });
        push<T>(t, "ffma" + s + m.suffix, 3,
                [=](const Values& v) { return fma<T>(as<T>(v.a), as<T>(v.b), as<T>(v.c), mode); });
        push<T>(t, "fdiv" + s + m.suffix, 2,
                [=](const Values& v) { return divide<T>(as<T>(v.a), as<T>(v.b), mode); });
        push<T>(t, "frcp" + s + m.suffix, 1,
                [=](const Values& v) { return divide<T>(1, as<T>(v.a), mode); });
        push<T>(t, "fsqrt" + s + m.suffix, 1,
                [=](const Values& v) { return root<T>(as<T>(v.a), mode); });
    }
    using F = typename T::F;
    const auto absolute = [](F x) { return std::abs(x); };
    push<T>(t, "fadd" + s + ".na.ab", 2,
            [=](const Values& v) { return add<T>(-as<T>(v.a), absolute(as<T>(v.b)), kNearest); });
    push<T>(t, "fadd" + s + ".rz.na.aa.nb", 2,
            [=](const Values& v) { return add<T>(-absolute(as<T>(v.a)), -as<T>(v.b), kZero); });
    push<T>(t, "fmul" + s + ".nb.aa", 2,
            [=](const Values& v) { return mul<T>(absolute(as<T>(v.a)), -as<T>(v.b), kNearest); });
    push<T>(t, "ffma" + s + ".na.nc", 3, [=](const Values& v) {
        return fma<T>(-as<T>(v.a), as<T>(v.b), -as<T>(v.c), kNearest);
    });
    push<T>(t, "ffma" + s + ".rm.nb", 3,
            [=](const Values& v) { return fma<T>(as<T>(v.a), -as<T>(v.b), as<T>(v.c), kDown); });
    for (const bool max : {false, true}) {
        const std::string op = max ? "fmax" : "fmin";
        push<T>(t, op + s, 2,
                [=](const Values& v) { return extreme<T>(as<T>(v.a), as<T>(v.b), max, false); });
        push<T>(t, op + s + ".nan.na", 2,
                [=](const Values& v) { return extreme<T>(-as<T>(v.a), as<T>(v.b), max, true); });
    }
    push<T>(t, "fcopysign" + s, 2, [](const Values& v) { // copies bits: a NaN keeps its payload
        constexpr uint64_t sign = uint64_t{1} << (sizeof(F) * 8 - 1);
        return (v.a & (sign - 1)) | (v.b & sign);
    });
}

template <class T>
void compares(std::vector<AluCase>& t) {
    using F = typename T::F;
    const char* const names[] = {"eq",  "ne",  "lt",  "le",  "gt",  "ge",  "num",
                                 "nan", "equ", "neu", "ltu", "leu", "gtu", "geu"};
    const char* const bops[] = {"", ".and", ".or", ".xor"};
    for (int cmp = 0; cmp < 14; ++cmp) {
        const int bop = cmp % 4;
        t.push_back({std::string("fsetp.") + T::name + "." + names[cmp] + bops[bop], Kind::None,
                     T::kind, T::kind, Kind::None, true, bop != 0, [=](const Values& v) {
                         const F a = as<T>(v.a), b = as<T>(v.b);
                         const bool u = std::isnan(a) || std::isnan(b);
                         const bool results[] = {a == b,      !u && a != b, a<b, a <= b, a> b,
                                                 a >= b,      !u,           u,
                                                 u || a == b, u || a != b,  u || a < b,
                                                 u || a <= b, u || a > b,   u || a >= b};
                         const bool r = results[cmp],
                                    combined[] = {r, r && v.ps, r || v.ps, r != v.ps};
                         return Result{0, combined[bop]};
                     }});
    }
    const char* const classes[] = {"finite",     "infinite", "number",
                                   "notanumber", "normal",   "subnormal"};
    for (int c = 0; c < 6; ++c)
        t.push_back({std::string("ftestp.") + T::name + "." + classes[c], Kind::None, T::kind,
                     Kind::None, Kind::None, true, false, [=](const Values& v) {
                         const F a = as<T>(v.a);
                         const int kind = std::fpclassify(a);
                         const bool results[] = {kind != FP_NAN && kind != FP_INFINITE,
                                                 kind == FP_INFINITE,
                                                 kind != FP_NAN,
                                                 kind == FP_NAN,
                                                 kind == FP_NORMAL,
                                                 kind == FP_SUBNORMAL};
                         return Result{0, results[c]};
                     }});
}

uint64_t saturate(uint64_t x) {
    const float f = as<Single>(x);
    return bits<Single>(std::isnan(f) || !(f > 0) ? 0.0f : f > 1 ? 1.0f : f);
}
uint64_t flushed(uint64_t x) {
    return bits<Single>(flush(as<Single>(x)));
}
void single_modifiers(std::vector<AluCase>& t) {
    const auto f = [](uint64_t x) { return flush(as<Single>(x)); };
    push<Single>(t, "fadd.f32.ftz", 2,
                 [=](const Values& v) { return flushed(add<Single>(f(v.a), f(v.b), kNearest)); });
    push<Single>(t, "fmul.f32.ftz", 2,
                 [=](const Values& v) { return flushed(mul<Single>(f(v.a), f(v.b), kNearest)); });
    push<Single>(t, "ffma.f32.ftz", 3, [=](const Values& v) {
        return flushed(fma<Single>(f(v.a), f(v.b), f(v.c), kNearest));
    });
    push<Single>(t, "ffma.f32.rp.ftz.sat", 3, [=](const Values& v) {
        return saturate(flushed(fma<Single>(f(v.a), f(v.b), f(v.c), kUp)));
    });
    push<Single>(t, "fadd.f32.sat", 2, [=](const Values& v) {
        return saturate(add<Single>(as<Single>(v.a), as<Single>(v.b), kNearest));
    });
    push<Single>(t, "fdiv.f32.ftz", 2, [=](const Values& v) {
        return flushed(divide<Single>(f(v.a), f(v.b), kNearest));
    });
    push<Single>(t, "fmin.f32.ftz", 2,
                 [=](const Values& v) { return extreme<Single>(f(v.a), f(v.b), false, false); });
    push<Single>(t, "fmax.f32.xorsign", 2, [=](const Values& v) {
        const float a = as<Single>(v.a), b = as<Single>(v.b);
        const uint64_t m = extreme<Single>(std::abs(a), std::abs(b), true, false);
        return std::isnan(as<Single>(m)) ? m : m | ((v.a ^ v.b) & 0x80000000u);
    });
}

// ---- halves
uint32_t half_from(const Exact& x, bool bf, bool negative_zero) {
    if (x.value == 0 && x.rest == 0) return negative_zero ? 0x8000 : 0;
    return round_to_half(x, bf, kNearest);
}
/// value of the low 16 bits, as double with infinities and NaN
double half_number(uint64_t x, bool bf) {
    const auto h = static_cast<uint32_t>(x & 0xffff), infinity = bf ? 0x7f80u : 0x7c00u;
    if (half_is_nan(h, bf)) return std::nan("");
    if ((h & 0x7fff) == infinity) return h & 0x8000 ? -HUGE_VAL : HUGE_VAL;
    return half_value(h, bf);
}
/// Bits of a double that is no finite number or is exact.
uint32_t special_half(double x, bool bf) {
    if (std::isnan(x)) return 0x7fff;
    return (bf ? 0x7f80u : 0x7c00u) | (x < 0 ? 0x8000u : 0);
}
uint32_t half_fma(double a, double b, double c, bool bf) {
    const double p = a * b; // exact
    if (!std::isfinite(p + c)) return special_half(p + c, bf);
    return half_from(exact_sum(p, c), bf, std::signbit(p) == std::signbit(c) && std::signbit(p));
}
uint32_t half_add(double a, double b, bool bf) {
    if (!std::isfinite(a + b)) return special_half(a + b, bf);
    return half_from(exact_sum(a, b), bf, std::signbit(a) && std::signbit(b));
}
uint32_t half_mul(double a, double b, bool bf) {
    if (!std::isfinite(a * b)) return special_half(a * b, bf);
    return half_from({static_cast<quad>(a) * b}, bf, std::signbit(a) != std::signbit(b));
}
uint32_t half_extreme(uint64_t a, uint64_t b, bool bf, bool max) {
    const double x = half_number(a, bf), y = half_number(b, bf);
    if (std::isnan(x) && std::isnan(y)) return 0x7fff;
    if (std::isnan(x) || std::isnan(y))
        return static_cast<uint32_t>(std::isnan(x) ? b : a) & 0xffff;
    const bool first = x == y ? std::signbit(x) != max : (x < y) != max;
    return static_cast<uint32_t>(first ? a : b) & 0xffff;
}

void halves(std::vector<AluCase>& t) {
    const Kind h = Kind::Half;
    for (const bool bf : {false, true})
        for (const bool packed : {false, true}) {
            const std::string s = std::string(bf ? ".bf16" : ".f16") + (packed ? "x2" : "");
            const auto element_wise = [=](const Values& v, auto f) {
                const uint32_t low = f(v.a & 0xffff, v.b & 0xffff, v.c & 0xffff);
                return Result{packed ? low | f(v.a >> 16, v.b >> 16, v.c >> 16) << 16 : low, false};
            };
            const auto n = [=](uint64_t x) { return half_number(x, bf); };
            t.push_back(
                {"hadd" + s, Kind::Int32, h, h, Kind::None, false, false, [=](const Values& v) {
                     return element_wise(v, [=](uint64_t a, uint64_t b, uint64_t) {
                         return half_add(n(a), n(b), bf);
                     });
                 }});
            t.push_back({"hadd" + s + ".nb", Kind::Int32, h, h, Kind::None, false, false,
                         [=](const Values& v) {
                             return element_wise(v, [=](uint64_t a, uint64_t b, uint64_t) {
                                 return half_add(n(a), -n(b), bf);
                             });
                         }});
            t.push_back(
                {"hmul" + s, Kind::Int32, h, h, Kind::None, false, false, [=](const Values& v) {
                     return element_wise(v, [=](uint64_t a, uint64_t b, uint64_t) {
                         return half_mul(n(a), n(b), bf);
                     });
                 }});
            t.push_back({"hfma" + s, Kind::Int32, h, h, h, false, false, [=](const Values& v) {
                             return element_wise(v, [=](uint64_t a, uint64_t b, uint64_t c) {
                                 return half_fma(n(a), n(b), n(c), bf);
                             });
                         }});
            t.push_back(
                {"hmin" + s, Kind::Int32, h, h, Kind::None, false, false, [=](const Values& v) {
                     return element_wise(v, [=](uint64_t a, uint64_t b, uint64_t) {
                         return half_extreme(a, b, bf, false);
                     });
                 }});
            t.push_back(
                {"hmax" + s, Kind::Int32, h, h, Kind::None, false, false, [=](const Values& v) {
                     return element_wise(v, [=](uint64_t a, uint64_t b, uint64_t) {
                         return half_extreme(a, b, bf, true);
                     });
                 }});
            t.push_back({"hset" + s + ".lt.mask", Kind::Int32, h, h, Kind::None, false, false,
                         [=](const Values& v) {
                             return element_wise(v, [=](uint64_t a, uint64_t b, uint64_t) {
                                 return n(a) < n(b) ? 0xffffu : 0u;
                             });
                         }});
            t.push_back({"hsetp" + s + ".geu.xor", Kind::None, h, h, Kind::None, true, true,
                         [=](const Values& v) {
                             return Result{0, !(n(v.a & 0xffff) < n(v.b & 0xffff)) != v.ps};
                         }});
        }
}

void special_functions(std::vector<AluCase>& t) {
    struct Function {
        const char* name;
        double (*f)(double);
        double tolerance;
    };
    const Function functions[] = {
        {"rcp.approx.f32", [](double x) { return 1 / x; }, 0x1p-23},
        {"rsqrt.approx.f32", [](double x) { return 1 / std::sqrt(x); }, 0x1.125p-23},
        {"sqrt.approx.f32", [](double x) { return std::sqrt(x); }, 0x1p-23},
        {"ex2.approx.f32", [](double x) { return std::exp2(x); }, 0x1p-22},
        {"tanh.approx.f32", [](double x) { return std::tanh(x); }, 0x1p-11}};
    for (const Function& f : functions)
        t.push_back({f.name, Kind::F32, Kind::F32, Kind::None, Kind::None, false, false,
                     [f](const Values& v) {
                         const double y = f.f(as<Single>(v.a));
                         return Result{std::bit_cast<uint64_t>(y), false};
                     },
                     f.tolerance});
}

} // namespace

const std::vector<AluCase>& float_cases() {
    static const std::vector<AluCase> cases = [] {
        std::vector<AluCase> t;
        arithmetic<Single>(t);
        arithmetic<Double>(t);
        compares<Single>(t);
        compares<Double>(t);
        single_modifiers(t);
        halves(t);
        special_functions(t);
        return t;
    }();
    return cases;
}

// ---- conversions
namespace {

quad integral(quad x, int mode) { // 0 zero, 1 nearest even, 2 down, 3 up, 4 nearest away
    const bool negative = x < 0;
    const quad m = negative ? -x : x;
    if (m >= 0x1p112) return x;
    const auto whole = static_cast<unsigned __int128>(m);
    const quad rest = m - static_cast<quad>(whole);
    bool up = false;
    switch (mode) {
    case 1: up = rest > 0.5 || (rest == 0.5 && (whole & 1)); break;
    case 2: up = negative && rest > 0; break;
    case 3: up = !negative && rest > 0; break;
    case 4: up = rest >= 0.5; break;
    default: break;
    }
    const quad r = static_cast<quad>(whole + up);
    return negative ? -r : r;
}

struct Format {
    const char* name;
    Kind kind;
    double (*value)(uint64_t);
    uint64_t (*make)(const Exact&, Rounding);
};
const Format kFormats[] = {{"f32", Kind::F32,
                            [](uint64_t x) { return static_cast<double>(as<Single>(x)); },
                            [](const Exact& x, Rounding m) { return finish<Single>(x, m, false); }},
                           {"f64", Kind::F64, [](uint64_t x) { return as<Double>(x); },
                            [](const Exact& x, Rounding m) { return finish<Double>(x, m, false); }},
                           {"f16", Kind::Half, [](uint64_t x) { return half_number(x, false); },
                            [](const Exact& x, Rounding m) -> uint64_t {
                                return x.value == 0 ? 0 : round_to_half(x, false, m);
                            }},
                           {"bf16", Kind::Half, [](uint64_t x) { return half_number(x, true); },
                            [](const Exact& x, Rounding m) -> uint64_t {
                                return x.value == 0 ? 0 : round_to_half(x, true, m);
                            }}};

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

uint64_t clamp_to(const Integer& to, double x, int mode, bool from_f64) {
    if (std::isnan(x))
        return from_f64 || to.kind == Kind::Int64
                   ? uint64_t{1} << (to.kind == Kind::Int64 ? 63 : 31)
                   : 0;
    const quad r = std::isinf(x) ? static_cast<quad>(x) : integral(x, mode);
    const quad c = r < to.low ? to.low : r > to.high ? to.high : r;
    return c < 0 ? static_cast<uint64_t>(static_cast<int64_t>(c)) : static_cast<uint64_t>(c);
}

void integers_and_floats(std::vector<AluCase>& t) {
    const char* const to_integer[] = {".rzi", ".rni", ".rmi", ".rpi"};
    for (const Format& f : kFormats)
        for (const Integer& i : kIntegers) {
            for (int mode = 0; mode < 4; ++mode)
                t.push_back({std::string("cvt.") + i.name + "." + f.name + to_integer[mode], i.kind,
                             f.kind, Kind::None, Kind::None, false, false, [=](const Values& v) {
                                 return Result{clamp_to(i, f.value(v.a), mode, f.kind == Kind::F64),
                                               false};
                             }});
            for (const auto& m : kModes) {
                const Rounding mode = m.mode;
                t.push_back({std::string("cvt.") + f.name + "." + i.name + m.suffix,
                             f.kind == Kind::Half ? Kind::Int32 : f.kind, i.kind, Kind::None,
                             Kind::None, false, false, [=](const Values& v) {
                                 return Result{f.make({i.value(v.a)}, mode), false};
                             }});
            }
        }
}

/// Float to float, through the value.
uint64_t convert(const Format& to, double x, Rounding mode, uint64_t nan, uint64_t infinity,
                 uint64_t sign) {
    if (std::isnan(x)) return nan;
    const uint64_t s = std::signbit(x) ? sign : 0;
    if (std::isinf(x)) return infinity | s;
    if (x == 0) return s;
    const uint64_t r = to.make({x}, mode);
    return r;
}
void floats(std::vector<AluCase>& t) {
    struct Target {
        uint64_t nan, infinity, sign;
    };
    const Target targets[] = {{kNan32, 0x7f800000, 0x80000000},
                              {kNan64, 0x7ff0000000000000, uint64_t{1} << 63},
                              {0x7fff, 0x7c00, 0x8000},
                              {0x7fff, 0x7f80, 0x8000}};
    const struct {
        int to, from;
        bool rounds;
    } pairs[] = {{1, 0, false}, {0, 1, true},  {0, 2, false}, {2, 0, true},  {0, 3, false},
                 {3, 0, true},  {1, 2, false}, {2, 1, true},  {1, 3, false}, {3, 1, true}};
    for (const auto& p : pairs)
        for (const auto& m : kModes) {
            if (!p.rounds && m.mode != kNearest) continue;
            const Format to = kFormats[p.to], from = kFormats[p.from];
            const Target target = targets[p.to];
            const Rounding mode = m.mode;
            t.push_back({std::string("cvt.") + to.name + "." + from.name + m.suffix,
                         to.kind == Kind::Half ? Kind::Int32 : to.kind, from.kind, Kind::None,
                         Kind::None, false, false, [=](const Values& v) {
                             return Result{convert(to, from.value(v.a), mode, target.nan,
                                                   target.infinity, target.sign),
                                           false};
                         }});
        }
    const char* const roundings[] = {".rzi", ".rni", ".rmi", ".rpi", ".rna"};
    for (int f = 0; f < 4; ++f)
        for (int mode = 0; mode < 5; ++mode) {
            const Format format = kFormats[f];
            const Target target = targets[f];
            t.push_back({std::string("frnd.") + format.name + roundings[mode],
                         format.kind == Kind::Half ? Kind::Int32 : format.kind, format.kind,
                         Kind::None, Kind::None, false, false, [=](const Values& v) {
                             const double x = format.value(v.a);
                             if (!std::isfinite(x))
                                 return Result{convert(format, x, kNearest, target.nan,
                                                       target.infinity, target.sign),
                                               false};
                             const quad r = integral(x, mode);
                             return Result{r == 0 ? (std::signbit(x) ? target.sign : 0)
                                                  : format.make({r}, kNearest),
                                           false};
                         }});
        }
    t.push_back({"cvt.f16x2.f32", Kind::Int32, Kind::F32, Kind::F32, Kind::None, false, false,
                 [](const Values& v) {
                     const auto h = [](uint64_t x) {
                         return convert(kFormats[2], as<Single>(x), kNearest, 0x7fff, 0x7c00,
                                        0x8000);
                     };
                     return Result{h(v.a) << 16 | h(v.b), false};
                 }});
    t.push_back({"cvt.bf16x2.f32.rz.relu", Kind::Int32, Kind::F32, Kind::F32, Kind::None, false,
                 false, [](const Values& v) {
                     const auto h = [](uint64_t x) -> uint64_t {
                         const float f = as<Single>(x);
                         return f > 0 ? convert(kFormats[3], f, kZero, 0x7fff, 0x7f80, 0x8000) : 0;
                     };
                     return Result{h(v.a) << 16 | h(v.b), false};
                 }});
}

} // namespace

const std::vector<AluCase>& convert_cases() {
    static const std::vector<AluCase> cases = [] {
        std::vector<AluCase> t;
        integers_and_floats(t);
        floats(t);
        return t;
    }();
    return cases;
}

} // namespace acc::test
