// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SIMD-in-a-word intrinsics over every pair of edge lanes and random words. The reference takes the
// lanes as numbers, applies the definition of the CUDA Math API to whole numbers, and puts the
// result's low bits back.
#include "check.h"

typedef long long Number;

static Number low_of(int bits, bool is_signed) {
    return is_signed ? -(1ll << (bits - 1)) : 0;
}
static Number high_of(int bits, bool is_signed) {
    return (1ll << (is_signed ? bits - 1 : bits)) - 1;
}
static Number clamp(Number v, int bits, bool is_signed) {
    const Number low = low_of(bits, is_signed), high = high_of(bits, is_signed);
    return v < low ? low : v > high ? high : v;
}
static Number lane_of(unsigned word, int bits, int lane, bool is_signed) {
    const Number raw = (word >> (lane * bits)) % (1ull << bits);
    return is_signed && raw > high_of(bits, true) ? raw - (1ll << bits) : raw;
}
/// Half of a sum, halves away from zero.
static Number rounded_half(Number sum) {
    return sum < 0 ? -((-sum + 1) / 2) : (sum + 1) / 2;
}
static Number floored_half(Number sum) {
    return sum >= 0 ? sum / 2 : -((-sum + 1) / 2);
}
static Number distance(Number a, Number b) {
    return a > b ? a - b : b - a;
}

// Name, are the lanes signed, value of a lane. All of them exist for two and for four lanes.
#define BINARY(X)                                                                                  \
    X(__vadd, false, a + b)                                                                        \
    X(__vaddss, true, clamp(a + b, bits, true))                                                    \
    X(__vaddus, false, clamp(a + b, bits, false))                                                  \
    X(__vsub, false, a - b)                                                                        \
    X(__vsubss, true, clamp(a - b, bits, true))                                                    \
    X(__vsubus, false, clamp(a - b, bits, false))                                                  \
    X(__vavgs, true, rounded_half(a + b))                                                          \
    X(__vavgu, false, rounded_half(a + b))                                                         \
    X(__vhaddu, false, floored_half(a + b))                                                        \
    X(__vabsdiffs, true, distance(a, b))                                                           \
    X(__vabsdiffu, false, distance(a, b))                                                          \
    X(__vmaxs, true, a > b ? a : b)                                                                \
    X(__vmaxu, false, a > b ? a : b)                                                               \
    X(__vmins, true, a < b ? a : b)                                                                \
    X(__vminu, false, a < b ? a : b)                                                               \
    X(__vcmpeq, false, a == b ? -1 : 0)                                                            \
    X(__vcmpne, false, a != b ? -1 : 0)                                                            \
    X(__vcmpges, true, a >= b ? -1 : 0)                                                            \
    X(__vcmpgeu, false, a >= b ? -1 : 0)                                                           \
    X(__vcmpgts, true, a > b ? -1 : 0)                                                             \
    X(__vcmpgtu, false, a > b ? -1 : 0)                                                            \
    X(__vcmples, true, a <= b ? -1 : 0)                                                            \
    X(__vcmpleu, false, a <= b ? -1 : 0)                                                           \
    X(__vcmplts, true, a < b ? -1 : 0)                                                             \
    X(__vcmpltu, false, a < b ? -1 : 0)                                                            \
    X(__vseteq, false, a == b)                                                                     \
    X(__vsetne, false, a != b)                                                                     \
    X(__vsetges, true, a >= b)                                                                     \
    X(__vsetgeu, false, a >= b)                                                                    \
    X(__vsetgts, true, a > b)                                                                      \
    X(__vsetgtu, false, a > b)                                                                     \
    X(__vsetles, true, a <= b)                                                                     \
    X(__vsetleu, false, a <= b)                                                                    \
    X(__vsetlts, true, a < b)                                                                      \
    X(__vsetltu, false, a < b)
#define UNARY(X)                                                                                   \
    X(__vabs, true, a < 0 ? -a : a)                                                                \
    X(__vabsss, true, clamp(a < 0 ? -a : a, bits, true))                                           \
    X(__vneg, true, -a)                                                                            \
    X(__vnegss, true, clamp(-a, bits, true))

struct Out {
#define FIELD(name, is_signed, value) unsigned name##2_, name##4_;
    BINARY(FIELD)
    UNARY(FIELD)
#undef FIELD
    unsigned sads2, sads4, sadu2, sadu4;
    int dp4a, dp2a_lo, dp2a_hi, viaddmax, vimin3_relu, viaddmin_relu;
    unsigned dp4a_u, dp2a_lo_u, dp2a_hi_u, viaddmin_u, vimax3_u;
};

__global__ void run(const unsigned* in, Out* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    const unsigned a = in[3 * i], b = in[3 * i + 1], c = in[3 * i + 2];
    Out o;
#define CALL(name, is_signed, value) o.name##2_ = name##2(a, b), o.name##4_ = name##4(a, b);
    BINARY(CALL)
#undef CALL
#define CALL(name, is_signed, value) o.name##2_ = name##2(a), o.name##4_ = name##4(a);
    UNARY(CALL)
#undef CALL
    o.sads2 = __vsads2(a, b), o.sads4 = __vsads4(a, b);
    o.sadu2 = __vsadu2(a, b), o.sadu4 = __vsadu4(a, b);
    o.dp4a = __dp4a((int)a, (int)b, (int)c), o.dp4a_u = __dp4a(a, b, c);
    o.dp2a_lo = __dp2a_lo((int)a, (int)b, (int)c), o.dp2a_lo_u = __dp2a_lo(a, b, c);
    o.dp2a_hi = __dp2a_hi((int)a, (int)b, (int)c), o.dp2a_hi_u = __dp2a_hi(a, b, c);
    o.viaddmax = __viaddmax_s32((int)a, (int)b, (int)c), o.viaddmin_u = __viaddmin_u32(a, b, c);
    o.vimin3_relu = __vimin3_s32_relu((int)a, (int)b, (int)c), o.vimax3_u = __vimax3_u32(a, b, c);
    o.viaddmin_relu = __viaddmin_s32_relu((int)a, (int)b, (int)c);
    out[i] = o;
}

template <class Lane>
static unsigned word_of(int bits, unsigned x, unsigned y, bool is_signed, Lane lane) {
    unsigned word = 0;
    for (int i = 0; i < 32 / bits; ++i) {
        const Number v = lane(lane_of(x, bits, i, is_signed), lane_of(y, bits, i, is_signed), bits);
        word |= (unsigned)((unsigned long long)v % (1ull << bits)) << (i * bits);
    }
    return word;
}
static unsigned sum_of(int bits, unsigned x, unsigned y, bool is_signed) {
    Number sum = 0;
    for (int i = 0; i < 32 / bits; ++i)
        sum += distance(lane_of(x, bits, i, is_signed), lane_of(y, bits, i, is_signed));
    return (unsigned)sum;
}
static unsigned dot(int bits, int first, unsigned x, unsigned y, unsigned c, bool is_signed) {
    Number sum = is_signed ? (int)c : (Number)c;
    for (int i = 0; i < 32 / bits; ++i)
        sum += lane_of(x, bits, i, is_signed) * lane_of(y, 8, first + i, is_signed);
    return (unsigned)sum;
}

int main() {
    const unsigned edges[] = {0,    1,    2,    3,      0x7e,   0x7f,   0x80,   0x81,
                              0xfd, 0xfe, 0xff, 0x7fff, 0x8000, 0x8001, 0xfffd, 0xffff};
    const int n = 1 << 13;
    Array<unsigned> in(3 * n);
    Array<Out> out(n);
    for (int i = 0; i < n; ++i) {
        unsigned a = (unsigned)next_random(), b = (unsigned)next_random();
        if (i < 512) { // edge lanes: as halves, then as bytes
            const unsigned x = edges[i % 16], y = edges[i / 16 % 16];
            a = i < 256 ? x | x << 16 : (x & 255) * 0x01010101u;
            b = i < 256 ? y | (y ^ 0x8000) << 16 : (y & 255) * 0x01010101u;
        }
        in[3 * i] = a, in[3 * i + 1] = b, in[3 * i + 2] = (unsigned)next_random();
    }
    in.upload();
    run<<<n / 128, 128>>>(in.device(), out.device(), n);
    wait_for_kernel();
    out.download();
    for (int i = 0; i < n; ++i) {
        const unsigned x = in[3 * i], y = in[3 * i + 1], z = in[3 * i + 2];
        const Out& o = out[i];
#define COMPARE(name, is_signed, value)                                                            \
    {                                                                                              \
        auto lane = [](Number a, Number b, int bits) -> Number {                                   \
            (void)a, (void)b, (void)bits;                                                          \
            return value;                                                                          \
        };                                                                                         \
        expect_equal(#name "2", o.name##2_, word_of(16, x, y, is_signed, lane), x, y);             \
        expect_equal(#name "4", o.name##4_, word_of(8, x, y, is_signed, lane), x, y);              \
    }
        BINARY(COMPARE)
        UNARY(COMPARE)
#undef COMPARE
        expect_equal("vsads2", o.sads2, sum_of(16, x, y, true), x, y);
        expect_equal("vsads4", o.sads4, sum_of(8, x, y, true), x, y);
        expect_equal("vsadu2", o.sadu2, sum_of(16, x, y, false), x, y);
        expect_equal("vsadu4", o.sadu4, sum_of(8, x, y, false), x, y);
        expect_equal("dp4a", o.dp4a, (int)dot(8, 0, x, y, z, true), x, y);
        expect_equal("dp4a unsigned", o.dp4a_u, dot(8, 0, x, y, z, false), x, y);
        expect_equal("dp2a_lo", o.dp2a_lo, (int)dot(16, 0, x, y, z, true), x, y);
        expect_equal("dp2a_lo unsigned", o.dp2a_lo_u, dot(16, 0, x, y, z, false), x, y);
        expect_equal("dp2a_hi", o.dp2a_hi, (int)dot(16, 2, x, y, z, true), x, y);
        expect_equal("dp2a_hi unsigned", o.dp2a_hi_u, dot(16, 2, x, y, z, false), x, y);
        const int sa = (int)x, sb = (int)y, sc = (int)z, sum = (int)(x + y);
        const int least = sa < sb ? sa < sc ? sa : sc : sb < sc ? sb : sc;
        const unsigned most = x > y ? x > z ? x : z : y > z ? y : z;
        expect_equal("viaddmax_s32", o.viaddmax, sum > sc ? sum : sc, x, y);
        expect_equal("viaddmin_u32", o.viaddmin_u, x + y < z ? x + y : z, x, y);
        expect_equal("vimin3_s32_relu", o.vimin3_relu, least > 0 ? least : 0, x, y);
        expect_equal("vimax3_u32", o.vimax3_u, most, x, y);
        const int smaller = sum < sc ? sum : sc;
        expect_equal("viaddmin_s32_relu", o.viaddmin_relu, smaller > 0 ? smaller : 0, x, y);
    }
    return finish();
}
