// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cvt of inline PTX against the host, with every rounding and modifier.
#include "formats.h"

typedef __int128 wide;

static double decode_h(u16 v) {
    return decode(v, F16);
}
static double decode_g(u16 v) {
    return decode(v, BF16);
}
static double z(double v) {
    return flush_to_zero(v, F32);
}
/// Toward zero, nearest even, down, up: the integral roundings.
static double rzi(double v) {
    return std::trunc(v);
}
static double rni(double v) {
    return std::nearbyint(v);
}
static double rmi(double v) {
    return std::floor(v);
}
static double rpi(double v) {
    return std::ceil(v);
}
template <class T>
static T clamped(wide v) {
    const bool is_signed = (T)-1 < (T)0;
    const wide high = is_signed ? ((wide)1 << (sizeof(T) * 8 - 1)) - 1
                                : ((wide)1 << (sizeof(T) * 8)) - 1;
    const wide low = is_signed ? -high - 1 : 0;
    return (T)(v > high ? high : v < low ? low : v);
}
/// An integral number as T. `top`: NaN gives 100...0, which is so when a type is f64, s64 or u64.
template <class T>
static T integer(double v, bool top = sizeof(T) == 8) {
    if (v != v) return top ? (T)(1ull << (sizeof(T) * 8 - 1)) : (T)0;
    return clamped<T>(std::fabs(v) < 0x1p100 ? (wide)v
                      : v > 0                ? (wide)1 << 100
                                             : -((wide)1 << 100));
}
/// An integer of up to 64 bits in the format.
static double real(wide v, int bits, Rounding mode) {
    wide magnitude = v < 0 ? -v : v;
    int shift = 0;
    bool sticky = false;
    for (; magnitude >> 53; ++shift) {
        sticky |= magnitude & 1;
        magnitude >>= 1;
    }
    if (bits < 53) { // to odd first, then once more
        double d = std::ldexp((double)(u64)(magnitude | sticky), shift);
        Format format = {bits, -1000, INFINITY, 0};
        return round_to(v < 0 ? -d : d, format, mode);
    }
    volatile s64 s = (s64)v;
    volatile u64 u = (u64)v;
    std::fesetround(mode == RN   ? FE_TONEAREST
                    : mode == RZ ? FE_TOWARDZERO
                    : mode == RM ? FE_DOWNWARD
                                 : FE_UPWARD);
    volatile double d = v < 0 ? (double)s : (double)u;
    std::fesetround(FE_TONEAREST);
    return d;
}
/// Into f16's range, where too large numbers end.
static u16 half(double v, Rounding mode = RN) {
    return encode(round_to(v, F16, mode), F16);
}
static double finite(double v, double largest) {
    return v > largest ? largest : v < -largest ? -largest : v;
}

// ---- integers
CASE1(s8_s32, "cvt.s8.s32", s32, s32, (int8_t)a)
CASE1(u8_s32_sat, "cvt.sat.u8.s32", u32, s32, clamped<uint8_t>(a))
CASE1(s8_s32_sat, "cvt.sat.s8.s32", s32, s32, clamped<int8_t>(a))
CASE1(s16_u32_sat, "cvt.sat.s16.u32", s16, u32, clamped<s16>(a))
CASE1(u32_s32_sat, "cvt.sat.u32.s32", u32, s32, clamped<u32>(a))
CASE1(s32_u32_sat, "cvt.sat.s32.u32", s32, u32, clamped<s32>(a))
CASE1(u64_s32_sat, "cvt.sat.u64.s32", u64, s32, clamped<u64>(a))
CASE1(s32_s64_sat, "cvt.sat.s32.s64", s32, s64, clamped<s32>(a))
CASE1(u16_s64_sat, "cvt.sat.u16.s64", u16, s64, clamped<u16>(a))
CASE1(s64_s16, "cvt.s64.s16", s64, s16, a)
CASE1(u32_s64, "cvt.u32.s64", u32, s64, a)

// ---- floating point to integers
CASE1(s32_f32_rzi, "cvt.rzi.s32.f32", s32, f32, integer<s32>(rzi(a)))
CASE1(s32_f32_rni, "cvt.rni.s32.f32", s32, f32, integer<s32>(rni(a)))
CASE1(u32_f32_rmi, "cvt.rmi.u32.f32", u32, f32, integer<u32>(rmi(a)))
CASE1(s32_f32_ftz, "cvt.rpi.ftz.s32.f32", s32, f32, integer<s32>(rpi(z(a))))
CASE1(s64_f32, "cvt.rzi.s64.f32", s64, f32, integer<s64>(rzi(a)))
CASE1(u64_f32, "cvt.rpi.u64.f32", u64, f32, integer<u64>(rpi(a)))
CASE1(s32_f64, "cvt.rzi.s32.f64", s32, f64, integer<s32>(rzi(a), true))
CASE1(u32_f64, "cvt.rni.u32.f64", u32, f64, integer<u32>(rni(a), true))
CASE1(s64_f64, "cvt.rmi.s64.f64", s64, f64, integer<s64>(rmi(a)))
CASE1(u64_f64, "cvt.rni.u64.f64", u64, f64, integer<u64>(rni(a)))
CASE1(s16_f32, "cvt.rzi.s16.f32", s16, f32, integer<s16>(rzi(a)))
CASE1(u16_f64, "cvt.rzi.u16.f64", u16, f64, integer<u16>(rzi(a), true))
CASE1(u8_f32, "cvt.rni.sat.u8.f32", u32, f32, integer<uint8_t>(rni(a)))
CASE1(s32_f16, "cvt.rzi.s32.f16", s32, u16, integer<s32>(rzi(decode_h(a))))
CASE1(s64_f16, "cvt.rni.s64.f16", s64, u16, integer<s64>(rni(decode_h(a))))
CASE1(u32_bf16, "cvt.rpi.u32.bf16", u32, u16, integer<u32>(rpi(decode_g(a))))

// ---- integers to floating point
CASE1(f32_s32_rn, "cvt.rn.f32.s32", f32, s32, real(a, 24, RN))
CASE1(f32_s32_rz, "cvt.rz.f32.s32", f32, s32, real(a, 24, RZ))
CASE1(f32_u64_rp, "cvt.rp.f32.u64", f32, u64, real(a, 24, RP))
CASE1(f32_s64_rm, "cvt.rm.f32.s64", f32, s64, real(a, 24, RM))
CASE1(f64_u64_rz, "cvt.rz.f64.u64", f64, u64, real(a, 53, RZ))
CASE1(f64_s64_rp, "cvt.rp.f64.s64", f64, s64, real(a, 53, RP))
CASE1(f64_s16, "cvt.rn.f64.s16", f64, s16, a)
CASE1(f32_sat, "cvt.rn.sat.f32.s32", f32, s32, a > 0 ? 1 : 0)
CASE1(f16_s32_rz, "cvt.rz.f16.s32", u16, s32, half(a, RZ))
CASE1(f16_u64, "cvt.rn.f16.u64", u16, u64,
      half(real(a, 40, RN) == 65520 && a != 65520 ? 65521 : (double)a))
CASE1(bf16_s32_rm, "cvt.rm.bf16.s32", u16, s32, encode(round_to(a, BF16, RM), BF16))

// ---- the same format
CASE1(f32_rni, "cvt.rni.f32.f32", f32, f32, std::copysign(rni(a), a))
CASE1(f32_rmi_ftz, "cvt.rmi.ftz.f32.f32", f32, f32, std::copysign(rmi(z(a)), a))
CASE1(f32_rpi_sat, "cvt.rpi.sat.f32.f32", f32, f32, saturate(rpi(a)))
CASE1(f32_sat_f32, "cvt.sat.f32.f32", f32, f32, saturate(a))
CASE1(f32_ftz, "cvt.ftz.f32.f32", f32, f32, z(a))
CASE1(f64_rzi, "cvt.rzi.f64.f64", f64, f64, rzi(a))
CASE1(f64_sat, "cvt.sat.f64.f64", f64, f64, saturate(a))
CASE1(f16_rni, "cvt.rni.f16.f16", u16, u16, half(std::copysign(rni(decode_h(a)), decode_h(a))))

// ---- wider and narrower
CASE1(f64_f32, "cvt.f64.f32", f64, f32, a)
CASE1(f64_f32_ftz, "cvt.ftz.f64.f32", f64, f32, z(a))
CASE1(f32_f16, "cvt.f32.f16", f32, u16, decode_h(a))
CASE1(f32_f16_sat, "cvt.sat.f32.f16", f32, u16, saturate(decode_h(a)))
CASE1(f64_bf16, "cvt.f64.bf16", f64, u16, decode_g(a))
CASE1(f32_f64_rz, "cvt.rz.f32.f64", f32, f64, round_to(a, F32, RZ))
CASE1(f32_f64_ftz, "cvt.rn.ftz.f32.f64", f32, f64, z(round_to(a, F32)))
CASE1(f32_f64_sat, "cvt.rp.sat.f32.f64", f32, f64, saturate(round_to(a, F32, RP)))
CASE1(f16_f32_rn, "cvt.rn.f16.f32", u16, f32, half(a))
CASE1(f16_f32_rz, "cvt.rz.f16.f32", u16, f32, half(a, RZ))
CASE1(f16_f32_rm, "cvt.rm.ftz.f16.f32", u16, f32, half(z(a), RM))
CASE1(f16_f32_sat, "cvt.rn.sat.f16.f32", u16, f32, half(saturate(round_to(a, F16))))
CASE1(f16_relu, "cvt.rn.relu.f16.f32", u16, f32, half(a > 0 ? a : 0))
CASE1(f16_finite, "cvt.rz.satfinite.f16.f32", u16, f32, half(finite(a, 65504), RZ))
CASE1(f16_f64, "cvt.rp.f16.f64", u16, f64, half(a, RP))
CASE1(bf16_f32, "cvt.rn.bf16.f32", u16, f32, encode(round_to(a, BF16), BF16))
CASE1(bf16_relu, "cvt.rz.relu.bf16.f32", u16, f32, encode(round_to(a > 0 ? a : 0, BF16, RZ), BF16))
CASE2(f16x2, "cvt.rn.f16x2.f32", u32, f32, f32, (u32)half(a) << 16 | half(b))
CASE2(f16x2_relu, "cvt.rz.relu.f16x2.f32", u32, f32, f32,
      (u32)half(a > 0 ? a : 0, RZ) << 16 | half(b > 0 ? b : 0, RZ))
CASE2(bf16x2, "cvt.rn.bf16x2.f32", u32, f32, f32,
      (u32)encode(round_to(a, BF16), BF16) << 16 | encode(round_to(b, BF16), BF16))
CASE1(tf32, "cvt.rn.tf32.f32", u32, f32,
      a != a ? 0x7fffffff & ~0x1fffu
             : bits_as<u32>((float)round_to(a, Format{11, -126, 0x1.ffcp127, 0})))

int main() {
    return run_all();
}
