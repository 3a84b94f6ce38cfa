// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integer arithmetic of inline PTX against the host.
#include "ptx.h"

typedef __int128 wide;
typedef unsigned __int128 uwide;

static s32 clamp32(wide v) {
    return v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : (s32)v;
}
static s64 low24(s32 v) {
    return (s64)((u64)(u32)v << 40) >> 40;
}
template <class T>
static T distance(T a, T b) {
    return a < b ? (T)((wide)b - a) : (T)((wide)a - b);
}
static s32 dot4(u32 a, u32 b, s32 c, bool a_signed, bool b_signed) {
    s64 sum = c;
    for (int i = 0; i < 4; ++i) {
        u32 x = a >> (8 * i) & 255, y = b >> (8 * i) & 255;
        sum += (a_signed ? (s64)(int8_t)x : x) * (b_signed ? (s64)(int8_t)y : y);
    }
    return (s32)sum;
}
static s32 dot2(u32 a, u32 b, s32 c, bool a_signed, bool b_signed, bool high) {
    s64 sum = c;
    for (int i = 0; i < 2; ++i) {
        u32 x = a >> (16 * i) & 0xffff, y = b >> (8 * i + (high ? 16 : 0)) & 255;
        sum += (a_signed ? (s64)(int16_t)x : x) * (b_signed ? (s64)(int8_t)y : y);
    }
    return (s32)sum;
}

CASE2(add_u16, "add.u16", u16, u16, u16, a + b)
CASE2(add_s64, "add.s64", s64, s64, s64, (u64)a + (u64)b)
CASE2(sub_s32, "sub.s32", s32, s32, s32, (u32)a - (u32)b)
CASE2(add_sat, "add.sat.s32", s32, s32, s32, clamp32((wide)a + b))
CASE2(sub_sat, "sub.sat.s32", s32, s32, s32, clamp32((wide)a - b))
CASE2(mul_lo_s16, "mul.lo.s16", s16, s16, s16, (s32)a* b)
CASE2(mul_hi_s16, "mul.hi.s16", s16, s16, s16, ((s32)a * b) >> 16)
CASE2(mul_hi_u16, "mul.hi.u16", u16, u16, u16, ((u32)a * b) >> 16)
CASE2(mul_lo_u32, "mul.lo.u32", u32, u32, u32, a* b)
CASE2(mul_hi_s32, "mul.hi.s32", s32, s32, s32, ((wide)a * b) >> 32)
CASE2(mul_hi_u32, "mul.hi.u32", u32, u32, u32, ((u64)a * b) >> 32)
CASE2(mul_hi_s64, "mul.hi.s64", s64, s64, s64, ((wide)a * b) >> 64)
CASE2(mul_hi_u64, "mul.hi.u64", u64, u64, u64, ((uwide)a * b) >> 64)
CASE2(mul_wide_u16, "mul.wide.u16", u32, u16, u16, (u32)a* b)
CASE2(mul_wide_s16, "mul.wide.s16", s32, s16, s16, (s32)a* b)
CASE2(mul_wide_s32, "mul.wide.s32", s64, s32, s32, (s64)a* b)
CASE2(mul_wide_u32, "mul.wide.u32", u64, u32, u32, (u64)a* b)
CASE3(mad_lo, "mad.lo.s32", s32, s32, s32, s32, (u32)a*(u32)b + (u32)c)
CASE3(mad_hi, "mad.hi.s32", s32, s32, s32, s32, (u32)(((wide)a * b) >> 32) + (u32)c)
CASE3(mad_hi_sat, "mad.hi.sat.s32", s32, s32, s32, s32, clamp32((((wide)a * b) >> 32) + c))
CASE3(mad_wide, "mad.wide.u32", u64, u32, u32, u64, (u64)a* b + c)
CASE3(mad_wide_s16, "mad.wide.s16", s32, s16, s16, s32, (u32)((s32)a * b) + (u32)c)
CASE3(mad_lo_u64, "mad.lo.u64", u64, u64, u64, u64, a* b + c)
CASE2(mul24_lo, "mul24.lo.s32", s32, s32, s32, (u64)(low24(a) * low24(b)))
CASE2(mul24_hi, "mul24.hi.u32", u32, u32, u32, ((u64)(a & 0xffffff) * (b & 0xffffff)) >> 16)
CASE3(mad24_hi, "mad24.hi.sat.s32", s32, s32, s32, s32,
      clamp32((s32)((low24(a) * low24(b)) >> 16) + (wide)c))
CASE3(mad24_lo, "mad24.lo.u32", u32, u32, u32, u32, (a & 0xffffff) * (b & 0xffffff) + c)
CASE3(sad_s32, "sad.s32", s32, s32, s32, s32, (u32)distance(a, b) + (u32)c)
CASE3(sad_u16, "sad.u16", u16, u16, u16, u16, distance(a, b) + c)
CASE2(min_s16, "min.s16", s16, s16, s16, a < b ? a : b)
CASE2(max_u64, "max.u64", u64, u64, u64, a < b ? b : a)
CASE2(min_relu, "min.relu.s32", s32, s32, s32, (a < b ? a : b) < 0 ? 0 : a < b ? a : b)
CASE2(max_relu, "max.relu.s32", s32, s32, s32, a < b ? (b < 0 ? 0 : b) : (a < 0 ? 0 : a))
CASE1(abs_s32, "abs.s32", s32, s32, a < 0 ? 0 - (u32)a : (u32)a)
CASE1(neg_s64, "neg.s64", s64, s64, 0 - (u64)a)
CASE3(dp4a_su, "dp4a.s32.u32", s32, s32, u32, s32, dot4((u32)a, b, c, true, false))
CASE3(dp4a_ss, "dp4a.s32.s32", s32, s32, s32, s32, dot4((u32)a, (u32)b, c, true, true))
CASE3(dp2a_lo, "dp2a.lo.u32.s32", s32, u32, s32, s32, dot2(a, (u32)b, c, false, true, false))
CASE3(dp2a_hi, "dp2a.hi.s32.u32", s32, s32, u32, s32, dot2((u32)a, b, c, true, false, true))
// Divisors of zero have no documented result, but one that can be tested for and replaced.
TEXT2(div_s32, "{.reg .pred p; setp.ne.s32 p, %2, 0; mov.s32 %0, 0; @p div.s32 %0, %1, %2;}", s32,
      s32, s32, b == 0 ? 0 : (s64)a / b)
TEXT2(rem_u64, "{.reg .pred p; setp.ne.u64 p, %2, 0; mov.u64 %0, 0; @p rem.u64 %0, %1, %2;}", u64,
      u64, u64, b == 0 ? 0 : a % b)
TEXT2(div_tested, "{.reg .pred p; div.s32 %0, %1, %2; setp.eq.s32 p, %2, 0; @p mov.s32 %0, 77;}",
      s32, s32, s32, b == 0 ? 77 : (s64)a / b)
TEXT2(rem_tested, "{.reg .pred p; rem.s64 %0, %1, %2; setp.eq.s64 p, %2, 0; @p mov.s64 %0, 78;}",
      s64, s64, s64,
      b == 0    ? 78
      : b == -1 ? 0
                : a % b)
TEXT2(div_u16, "{.reg .pred p; div.u16 %0, %1, %2; setp.eq.u16 p, %2, 0; @p mov.u16 %0, 79;}", u16,
      u16, u16, b == 0 ? 79 : a / b)
// Carries: 64-bit sums by halves.
TEXT2(
    carry,
    "{.reg .u32 al, ah, bl, bh; mov.b64 {al, ah}, %1; mov.b64 {bl, bh}, %2; add.cc.u32 al, al, bl; "
    "addc.u32 ah, ah, bh; mov.b64 %0, {al, ah};}",
    u64, u64, u64, a + b)
TEXT2(
    borrow,
    "{.reg .u32 al, ah, bl, bh; mov.b64 {al, ah}, %1; mov.b64 {bl, bh}, %2; sub.cc.u32 al, al, bl; "
    "subc.u32 ah, ah, bh; mov.b64 %0, {al, ah};}",
    u64, u64, u64, a - b)
TEXT2(long_product,
      "{.reg .u32 l, h; mul.lo.u32 l, %1, %2; mul.hi.u32 h, %1, %2; mad.lo.cc.u32 l, %1, 3, l; "
      "madc.hi.u32 h, %1, 3, h; mov.b64 %0, {l, h};}",
      u64, u32, u32, (u64)a* b + (u64)a * 3)
TEXT1(guarded_carry,
      "{.reg .pred p; .reg .u32 t; setp.gt.u32 p, %1, 5; add.cc.u32 t, 0xffffffff, 1; "
      "@p add.cc.u32 t, 0, 0; addc.u32 %0, 0, 0;}",
      u32, u32, a > 5 ? 0 : 1)

int main() {
    return run_all();
}
