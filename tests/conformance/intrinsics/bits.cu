// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integer intrinsics against bit-by-bit references.
#include "check.h"

struct Out {
    int clz, clzll, popc, popcll, ffs, ffsll;
    unsigned brev, perm, fl, flc, fr, frc, umulhi, umul24, usad, uhadd, urhadd;
    int mulhi, mul24, sad, hadd, rhadd;
    unsigned square24_rest;
    bool square24_negative;
    unsigned long long brevll, umul64hi;
    long long mul64hi;
};

__global__ void run(const unsigned long long* in, Out* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    const unsigned long long x = in[2 * i], y = in[2 * i + 1];
    const unsigned a = (unsigned)x, b = (unsigned)y, c = (unsigned)(y >> 32);
    Out o;
    // A square that wraps may be negative, whatever the optimiser knows of squares.
    o.square24_rest = (unsigned)__mul24((int)a, (int)a) % 3u;
    o.square24_negative = __mul24((int)a, (int)a) < 0;
    o.clz = __clz(a), o.clzll = __clzll(x), o.popc = __popc(a), o.popcll = __popcll(x);
    o.ffs = __ffs(a), o.ffsll = __ffsll(x), o.brev = __brev(a), o.brevll = __brevll(x);
    o.perm = __byte_perm(a, b, c);
    o.fl = __funnelshift_l(a, b, c), o.flc = __funnelshift_lc(a, b, c % 40);
    o.fr = __funnelshift_r(a, b, c), o.frc = __funnelshift_rc(a, b, c % 40);
    o.umulhi = __umulhi(a, b), o.mulhi = __mulhi((int)a, (int)b);
    o.umul24 = __umul24(a, b), o.mul24 = __mul24((int)a, (int)b);
    o.umul64hi = __umul64hi(x, y), o.mul64hi = __mul64hi((long long)x, (long long)y);
    o.usad = __usad(a, b, c), o.sad = __sad((int)a, (int)b, c);
    o.uhadd = __uhadd(a, b), o.urhadd = __urhadd(a, b), o.hadd = __hadd((int)a, (int)b),
    o.rhadd = __rhadd((int)a, (int)b);
    out[i] = o;
}

static int leading(unsigned long long v, int bits) {
    int n = 0;
    for (int i = bits - 1; i >= 0 && !((v >> i) & 1); --i)
        ++n;
    return n;
}
static int ones(unsigned long long v) {
    int n = 0;
    for (int i = 0; i < 64; ++i)
        n += (v >> i) & 1;
    return n;
}
static int first(unsigned long long v) {
    for (int i = 0; i < 64; ++i)
        if ((v >> i) & 1) return i + 1;
    return 0;
}
static unsigned long long reversed(unsigned long long v, int bits) {
    unsigned long long r = 0;
    for (int i = 0; i < bits; ++i)
        r |= ((v >> i) & 1) << (bits - 1 - i);
    return r;
}
/// Bit i of hi:lo.
static unsigned bit_of(unsigned lo, unsigned hi, int i) {
    return i < 0 ? 0 : i < 32 ? (lo >> i) & 1 : (hi >> (i - 32)) & 1;
}
static unsigned window(unsigned lo, unsigned hi, int from) {
    unsigned r = 0;
    for (int i = 0; i < 32; ++i)
        r |= bit_of(lo, hi, from + i) << i;
    return r;
}
static unsigned permuted(unsigned a, unsigned b, unsigned s) {
    unsigned r = 0;
    for (int i = 0; i < 4; ++i) {
        const unsigned which = (s >> (4 * i)) & 7;
        r |= (((which < 4 ? a : b) >> (8 * (which & 3))) & 255) << (8 * i);
    }
    return r;
}

int main() {
    const int n = 1 << 14;
    Array<unsigned long long> in(2 * n);
    Array<Out> out(n);
    const unsigned long long edges[] = {0,          1,          ~0ull,
                                        1ull << 63, 1ull << 31, 0x7fffffff,
                                        0xffffffff, 1ull << 32, 0x7fffffffffffffff};
    for (int i = 0; i < 2 * n; ++i)
        in[i] = i < 162 ? edges[i % 2 ? i / 2 % 9 : i / 18] : next_random() >> (next_random() % 64);
    in.upload();
    run<<<n / 128, 128>>>(in.device(), out.device(), n);
    wait_for_kernel();
    out.download();
    for (int i = 0; i < n; ++i) {
        const unsigned long long x = in[2 * i], y = in[2 * i + 1];
        const unsigned a = (unsigned)x, b = (unsigned)y, c = (unsigned)(y >> 32);
        const long long sa = (int)a, sb = (int)b;
        const Out& o = out[i];
        expect_equal("clz", o.clz, leading(a, 32), a);
        expect_equal("clzll", o.clzll, leading(x, 64), x);
        expect_equal("popc", o.popc, ones(a), a);
        expect_equal("popcll", o.popcll, ones(x), x);
        expect_equal("ffs", o.ffs, first(a), a);
        expect_equal("ffsll", o.ffsll, first(x), x);
        expect_equal("brev", o.brev, (unsigned)reversed(a, 32), a);
        expect_equal("brevll", o.brevll, reversed(x, 64), x);
        expect_equal("byte_perm", o.perm, permuted(a, b, c), a, b);
        expect_equal("funnelshift_l", o.fl, window(a, b, 32 - (int)(c & 31)), a, b);
        expect_equal("funnelshift_lc", o.flc, window(a, b, 32 - (int)(c % 40 > 32 ? 32 : c % 40)),
                     a, b);
        expect_equal("funnelshift_r", o.fr, window(a, b, (int)(c & 31)), a, b);
        expect_equal("funnelshift_rc", o.frc, window(a, b, (int)(c % 40 > 32 ? 32 : c % 40)), a, b);
        expect_equal("umulhi", o.umulhi, (unsigned)(((unsigned long long)a * b) >> 32), a, b);
        expect_equal("mulhi", o.mulhi, (int)((sa * sb) >> 32), a, b);
        expect_equal("umul24", o.umul24,
                     (unsigned)((unsigned long long)(a % (1u << 24)) * (b % (1u << 24))), a, b);
        const long long a24 = (sa % (1 << 24) + (1 << 24) + (1 << 23)) % (1 << 24) - (1 << 23);
        const long long b24 = (sb % (1 << 24) + (1 << 24) + (1 << 23)) % (1 << 24) - (1 << 23);
        expect_equal("mul24", o.mul24, (int)(unsigned)(a24 * b24), a, b);
        const unsigned square = (unsigned)(a24 * a24);
        expect_equal("mul24 squared, modulo", o.square24_rest, square % 3u, a);
        expect_equal("mul24 squared, sign", o.square24_negative, (bool)(square >> 31), a);
        expect_equal("umul64hi", o.umul64hi, (unsigned long long)(((unsigned __int128)x * y) >> 64),
                     x, y);
        expect_equal("mul64hi", o.mul64hi,
                     (long long)(((__int128)(long long)x * (long long)y) >> 64), x, y);
        expect_equal("usad", o.usad, (unsigned)((a > b ? a - b : b - a) + c), a, b);
        expect_equal("sad", o.sad, (int)(unsigned)((sa > sb ? sa - sb : sb - sa) + c), a, b);
        expect_equal("uhadd", o.uhadd, (unsigned)(((unsigned long long)a + b) / 2), a, b);
        expect_equal("urhadd", o.urhadd, (unsigned)(((unsigned long long)a + b + 1) / 2), a, b);
        expect_equal("hadd", o.hadd, (int)((sa + sb) >> 1), a, b);
        expect_equal("rhadd", o.rhadd, (int)((sa + sb + 1) >> 1), a, b);
    }
    return finish();
}
