// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Logic, shifts, bit fields, comparison and selection of inline PTX against the host.
#include "ptx.h"

template <class T>
static T shl(T a, u32 n) {
    return n >= sizeof(T) * 8 ? 0 : (T)(a << n);
}
template <class T>
static T shr(T a, u32 n) {
    if (n >= sizeof(T) * 8) return a < 0 ? (T)-1 : (T)0;
    return (T)(a >> n);
}
static int top_bit(u64 v) {
    return v ? 63 - __builtin_clzll(v) : -1;
}
/// PTX bfe, by its definition: bit by bit.
static u64 extract(u64 a, u32 position, u32 length, int width, bool is_signed) {
    position &= 255, length &= 255;
    u64 sign = 0;
    if (is_signed && length != 0) {
        u32 at = position + length - 1;
        sign = a >> (at < (u32)width ? at : (u32)width - 1) & 1;
    }
    u64 d = 0;
    for (int i = 0; i < width; ++i) {
        u64 bit = i < (int)length && position + i < (u32)width ? a >> (position + i) & 1 : sign;
        d |= bit << i;
    }
    return d;
}
static u64 insert(u64 a, u64 b, u32 position, u32 length, int width) {
    position &= 255, length &= 255;
    for (u32 i = 0; i < length && position + i < (u32)width; ++i)
        b = (b & ~(1ull << (position + i))) | (a >> i & 1) << (position + i);
    return b;
}
static u32 permute(u32 a, u32 b, u32 selector) {
    u64 bytes = (u64)b << 32 | a;
    u32 d = 0;
    for (int i = 0; i < 4; ++i) {
        u32 s = selector >> (4 * i) & 15, byte = (u32)(bytes >> (8 * (s & 7))) & 255;
        if (s & 8) byte = byte & 128 ? 255 : 0;
        d |= byte << (8 * i);
    }
    return d;
}
static u32 permute_mode(u32 a, u32 b, int n, const char* const* picks) {
    u64 bytes = (u64)b << 32 | a;
    u32 d = 0;
    for (int i = 0; i < 4; ++i) // picks[n] lists bytes from the top
        d = d << 8 | ((u32)(bytes >> (8 * (picks[n][i] - '0'))) & 255);
    return d;
}
static const char* const f4e[] = {"3210", "4321", "5432", "6543"};
static const char* const b4e[] = {"5670", "6701", "7012", "0123"};
static const char* const rc8[] = {"0000", "1111", "2222", "3333"};
static const char* const ecl[] = {"3210", "3211", "3222", "3333"};
static const char* const ecr[] = {"0000", "1110", "2210", "3210"};
static const char* const rc16[] = {"1010", "3232", "1010", "3232"};
static u32 sign_extend(u32 a, u32 b, bool clamp, bool is_signed) {
    u32 n = b & 31;
    bool large = b >= 32 && clamp;
    u32 mask = large ? 0 : ~0u << n;
    bool sign = n != 0 && !large && is_signed && (a >> ((n - 1) & 31) & 1);
    return (a & ~mask) | (sign ? mask : 0);
}
static u32 bit_mask(u32 a, u32 b, bool clamp) {
    u32 n = b & 31, at = a & 31, d = 0;
    if (clamp && a >= 32) return 0;
    if (clamp && b >= 32) n = 32;
    for (u32 i = at; i < 32 && i < at + n; ++i)
        d |= 1u << i;
    return d;
}
/// PTX fns.
static u32 nth_set(u32 mask, u32 base, s32 offset) {
    if (base >= 32) return ~0u;
    if (offset == 0) return mask >> base & 1 ? base : ~0u;
    s32 step = offset > 0 ? 1 : -1, at = (s32)base;
    u32 left = offset > 0 ? (u32)offset : 0u - (u32)offset;
    for (; at >= 0 && at < 32; at += step)
        if (mask >> at & 1 && --left == 0) return (u32)at;
    return ~0u;
}

CASE2(and_b16, "and.b16", u16, u16, u16, a& b)
CASE2(xor_b64, "xor.b64", u64, u64, u64, a ^ b)
CASE1(not_b32, "not.b32", u32, u32, ~a)
CASE1(cnot_b64, "cnot.b64", u64, u64, a == 0)
CASE2(shl_b16, "shl.b16", u16, u16, u32, shl(a, b))
CASE2(shl_b64, "shl.b64", u64, u64, u32, shl(a, b))
CASE2(shr_s16, "shr.s16", s16, s16, u32, shr(a, b))
CASE2(shr_u32, "shr.u32", u32, u32, u32, shr(a, b))
CASE2(shr_s64, "shr.s64", s64, s64, u32, shr(a, b))
CASE3(shf_l_wrap, "shf.l.wrap.b32", u32, u32, u32, u32, (u32)(shl((u64)b << 32 | a, c & 31) >> 32))
CASE3(shf_l_clamp, "shf.l.clamp.b32", u32, u32, u32, u32,
      (u32)(shl((u64)b << 32 | a, c > 32 ? 32 : c) >> 32))
CASE3(shf_r_wrap, "shf.r.wrap.b32", u32, u32, u32, u32, (u32)shr((u64)b << 32 | a, c & 31))
CASE3(shf_r_clamp, "shf.r.clamp.b32", u32, u32, u32, u32,
      (u32)shr((u64)b << 32 | a, c > 32 ? 32 : c))
CASE1(brev_b64, "brev.b64", u64, u64, [&] {
    u64 d = 0;
    for (int i = 0; i < 64; ++i)
        d |= (a >> i & 1) << (63 - i);
    return d;
}())
CASE1(popc_b64, "popc.b64", u32, u64, __builtin_popcountll(a))
CASE1(clz_b32, "clz.b32", u32, u32, a ? __builtin_clz(a) : 32)
CASE1(bfind_u32, "bfind.u32", u32, u32, top_bit(a))
CASE1(bfind_s64, "bfind.s64", u32, s64, top_bit((u64)(a < 0 ? ~a : a)))
CASE1(bfind_amt, "bfind.shiftamt.s32", u32, s32,
      top_bit((u32)(a < 0 ? ~a : a)) < 0 ? -1 : 31 - top_bit((u32)(a < 0 ? ~a : a)))
CASE3(fns, "fns.b32", u32, u32, u32, s32, nth_set(a, b, c))
CASE3(bfe_u32, "bfe.u32", u32, u32, u32, u32, extract(a, b, c, 32, false))
CASE3(bfe_s32, "bfe.s32", s32, s32, u32, u32, extract((u32)a, b, c, 32, true))
CASE3(bfe_u64, "bfe.u64", u64, u64, u32, u32, extract(a, b, c, 64, false))
CASE3(bfe_s64, "bfe.s64", s64, s64, u32, u32, extract((u64)a, b, c, 64, true))
TEXT3(bfi_b32, "bfi.b32 %0, %1, 0xdeadbeef, %2, %3;", u32, u32, u32, u32,
      insert(a, 0xdeadbeef, b, c, 32))
TEXT3(bfi_b64, "bfi.b64 %0, %1, 0x123456789abcdef, %2, %3;", u64, u64, u32, u32,
      insert(a, 0x123456789abcdef, b, c, 64))
CASE2(szext_clamp, "szext.clamp.s32", s32, s32, u32, sign_extend((u32)a, b, true, true))
CASE2(szext_wrap, "szext.wrap.s32", s32, s32, u32, sign_extend((u32)a, b, false, true))
CASE2(szext_u, "szext.clamp.u32", u32, u32, u32, sign_extend(a, b, true, false))
CASE2(bmsk_clamp, "bmsk.clamp.b32", u32, u32, u32, bit_mask(a, b, true))
CASE2(bmsk_wrap, "bmsk.wrap.b32", u32, u32, u32, bit_mask(a, b, false))
CASE3(prmt, "prmt.b32", u32, u32, u32, u32, permute(a, b, c))
CASE3(prmt_f4e, "prmt.b32.f4e", u32, u32, u32, u32, permute_mode(a, b, c & 3, f4e))
CASE3(prmt_b4e, "prmt.b32.b4e", u32, u32, u32, u32, permute_mode(a, b, c & 3, b4e))
CASE3(prmt_rc8, "prmt.b32.rc8", u32, u32, u32, u32, permute_mode(a, b, c & 3, rc8))
CASE3(prmt_ecl, "prmt.b32.ecl", u32, u32, u32, u32, permute_mode(a, b, c & 3, ecl))
CASE3(prmt_ecr, "prmt.b32.ecr", u32, u32, u32, u32, permute_mode(a, b, c & 3, ecr))
CASE3(prmt_rc16, "prmt.b32.rc16", u32, u32, u32, u32, permute_mode(a, b, c & 3, rc16))
TEXT3(lop3_d8, "lop3.b32 %0, %1, %2, %3, 0xd8;", u32, u32, u32, u32,
      (a & b) | (~a & c & b) | (a & ~b & ~c) | 0)
TEXT3(lop3_and,
      "{.reg .pred p, q; setp.gt.u32 q, %1, 5; lop3.or.b32 %0|p, %1, %2, %3, 0x96, q; "
      "selp.b32 %0, %0, 7, p;}",
      u32, u32, u32, u32, (a ^ b ^ c) != 0 || a > 5 ? a ^ b ^ c : 7)

// ---- comparison and selection
CASE2(set_lt, "set.lt.u32.s32", u32, s32, s32, a < b ? ~0u : 0)
CASE2(set_f, "set.geu.f32.f32", f32, f32, f32, !(a < b) ? 1.0f : 0.0f)
CASE2(set_lo, "set.lo.s32.u64", s32, u64, u64, a < b ? -1 : 0)
TEXT2(setp_ls, "{.reg .pred p; setp.ls.u32 p, %1, %2; selp.u32 %0, 1, 2, p;}", u32, u32, u32,
      a <= b ? 1 : 2)
TEXT2(setp_num, "{.reg .pred p; setp.num.f64 p, %1, %2; selp.u32 %0, 1, 2, p;}", u32, f64, f64,
      a == a && b == b ? 1 : 2)
TEXT2(setp_neu, "{.reg .pred p; setp.neu.f32 p, %1, %2; selp.u32 %0, 1, 2, p;}", u32, f32, f32,
      a != b ? 1 : 2)
TEXT2(setp_ne, "{.reg .pred p; setp.ne.f32 p, %1, %2; selp.u32 %0, 1, 2, p;}", u32, f32, f32,
      a<b || a> b ? 1 : 2)
static float flushed(float v) {
    return std::fpclassify(v) == FP_SUBNORMAL ? std::copysign(0.0f, v) : v;
}
TEXT2(setp_ftz, "{.reg .pred p; setp.gt.ftz.f32 p, %1, %2; selp.u32 %0, 1, 2, p;}", u32, f32, f32,
      flushed(a) > flushed(b) ? 1 : 2)
TEXT2(setp_pair,
      "{.reg .pred p, q, r; setp.gt.s32 r, %1, 3; setp.lt.and.s32 p|q, %1, %2, !r; "
      "selp.u32 %0, 1, 0, p; @q add.u32 %0, %0, 2;}",
      u32, s32, s32, (a < b && !(a > 3) ? 1 : 0) + (!(a < b) && !(a > 3) ? 2 : 0))
CASE3(slct_s, "slct.u64.s32", u64, u64, u64, s32, c >= 0 ? a : b)
CASE3(slct_f, "slct.f32.f32", f32, f32, f32, f32, c >= 0 ? a : b)
CASE3(slct_ftz, "slct.ftz.s32.f32", s32, s32, s32, f32, flushed(c) >= 0 ? a : b)

// ---- moves, scopes, guards
TEXT1(mov_unpack, "{.reg .b16 a, b, c, d; mov.b64 {a, b, c, d}, %1; mov.b64 %0, {d, c, b, a};}",
      u64, u64, (a >> 48) | (a >> 16 & 0xffff0000) | (a & 0xffff0000) << 16 | a << 48)
TEXT1(mov_low, "{.reg .b32 l; mov.b64 {l, _}, %1; mov.b32 %0, l;}", u32, u64, a)
TEXT1(scopes,
      "{.reg .u32 t; mov.u32 t, %1; {.reg .u32 t; mov.u32 t, 2; {.reg .u32 t; "
      "mov.u32 t, 9;}} mov.u32 %0, t;}",
      u32, u32, a)
TEXT1(families, "{.reg .u32 r<12>; mov.u32 r11, %1; mov.u32 r1, 5; add.u32 %0, r11, r1;}", u32, u32,
      a + 5)
TEXT1(
    numbers_of_all_kinds,
    "{.reg .u32 t; add.u32 t, %1, 0x10; add.u32 t, t, 010; add.u32 t, t, 0b11; add.u32 %0, t, 7U;}",
    u32, u32, a + 16 + 8 + 3 + 7)
TEXT1(float_numbers, "{.reg .f32 t; add.f32 t, %1, 0f3F800000; add.f32 %0, t, 1.5e1;}", f32, f32,
      (a + 1.0f) + 15.0f)
TEXT1(double_numbers, "add.f64 %0, %1, 0dC000000000000000;", f64, f64, a - 2.0)

__global__ void tied(int* out, int a, int b, int c) {
    int r;
    asm("sub.s32 %0, %1, %2;" : "=r"(r) : "r"(b), "0"(a), "r"(c));
    out[0] = r;
    asm("add.s32 %0, %1, %2;" : "=r"(r) : "0"(a), "r"(c));
    out[1] = r;
    r = a;
    asm("sub.s32 %0, %0, %1;" : "+r"(r) : "r"(b));
    out[2] = r;
    int s = b;
    asm("add.s32 %0, %0, %2;\n\tsub.s32 %1, %1, %3;" : "+r"(r), "+r"(s) : "r"(c), "n"(4));
    out[3] = r;
    out[4] = s;
}

int main() {
    Buffer<int> out(5);
    tied<<<1, 1>>>(out.device(), 10, 100, 1000);
    SYNC();
    out.download();
    EXPECT(out[0] == 100 - 10, "%d", out[0]);
    EXPECT(out[1] == 10 + 1000, "%d", out[1]);
    EXPECT(out[2] == 10 - 100, "%d", out[2]);
    EXPECT(out[3] == -90 + 1000 && out[4] == 100 - 4, "%d %d", out[3], out[4]);
    return run_all();
}
