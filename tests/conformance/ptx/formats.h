// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Floating-point formats in doubles, with every rounding: what the host cannot do by itself.
#pragma once

#include "ptx.h"

enum Rounding { RN, RZ, RM, RP };

struct Format {
    int bits; ///< of the significand, with the leading one
    int emin; ///< exponent of the smallest normal number
    double largest;
    int stored; ///< bits of the significand that are stored, for halves
};
static const Format F16 = {11, -14, 65504.0, 10}, BF16 = {8, -126, 0x1.fep127, 7},
                    F32 = {24, -126, 0x1.fffffep127, 23};

/// v in the format, rounded once.
inline double round_to(double v, const Format& f, Rounding mode = RN) {
    if (v == 0 || v != v || std::isinf(v)) return v;
    int e = std::ilogb(v) < f.emin ? f.emin : std::ilogb(v);
    double ulp = std::ldexp(1.0, e - f.bits + 1), q = v / ulp;
    q = mode == RN   ? std::nearbyint(q)
        : mode == RZ ? std::trunc(q)
        : mode == RM ? std::floor(q)
                     : std::ceil(q);
    double r = std::copysign(q * ulp, v);
    if (std::fabs(r) <= f.largest) return r;
    bool away = mode == RN || (mode == RP && v > 0) || (mode == RM && v < 0);
    return std::copysign(away ? INFINITY : f.largest, v);
}

/// a + b so that rounding it again is as rounding the exact sum (round to odd).
inline double exact_sum(double a, double b) {
    double s = a + b;
    if (s != s || std::isinf(s)) return s;
    double t = s - a, error = (a - (s - t)) + (b - t);
    if (error != 0 && !(bits_as<u64>(s) & 1))
        s = std::nextafter(s, error > 0 ? INFINITY : -INFINITY);
    return s;
}

inline double flush_to_zero(double v, const Format& f) {
    return std::fabs(v) < std::ldexp(1.0, f.emin) ? std::copysign(0.0, v) : v;
}
inline double saturate(double v) {
    return v > 1 ? 1 : v > 0 ? v : 0; // NaN is 0
}

inline double decode(u16 h, const Format& f) {
    int ebits = 15 - f.stored, e = h >> f.stored & ((1 << ebits) - 1),
        m = h & ((1 << f.stored) - 1);
    double v = e == (1 << ebits) - 1 ? (m ? (double)NAN : (double)INFINITY)
               : e == 0 ? std::ldexp((double)m, f.emin - f.stored)
                        : std::ldexp((double)(m | 1 << f.stored), f.emin - f.stored + e - 1);
    return h & 0x8000 ? -v : v;
}
/// A number of the format. NaN is 0x7fff, the machine's and PTX's canonical one.
inline u16 encode(double v, const Format& f) {
    if (v != v) return 0x7fff;
    u16 sign = std::signbit(v) ? 0x8000 : 0;
    v = std::fabs(v);
    int top = (1 << (15 - f.stored)) - 1;
    if (std::isinf(v)) return (u16)(sign | top << f.stored);
    if (v < std::ldexp(1.0, f.emin)) return (u16)(sign | (u16)std::ldexp(v, f.stored - f.emin));
    int e = std::ilogb(v);
    return (u16)(sign | (e - f.emin + 1) << f.stored |
                 ((int)std::ldexp(v, f.stored - e) & ((1 << f.stored) - 1)));
}

inline bool is_nan(u16 h, const Format& f) {
    return decode(h, f) != decode(h, f);
}

/// minimumNumber and maximumNumber, -0 below +0.
inline double smaller(double a, double b) {
    if (a != a) return b;
    if (b != b) return a;
    return a == b ? (std::signbit(a) ? a : b) : a < b ? a : b;
}
inline double larger(double a, double b) {
    if (a != a) return b;
    if (b != b) return a;
    return a == b ? (std::signbit(a) ? b : a) : a > b ? a : b;
}

/// Applies F(double, double, double) to both halves.
template <class F>
u32 pairwise(u32 a, u32 b, u32 c, F f) {
    return (u32)f((u16)a, (u16)b, (u16)c) | (u32)f((u16)(a >> 16), (u16)(b >> 16), (u16)(c >> 16))
                                                << 16;
}
