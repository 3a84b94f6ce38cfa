// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// f16 and bf16 arithmetic of inline PTX against exact computations rounded once.
#include "formats.h"

static double ftz(double v) {
    return flush_to_zero(v, F16);
}
static u16 h(double v) {
    return encode(round_to(v, F16), F16);
}
static u16 hz(double v) {
    return encode(ftz(round_to(v, F16)), F16);
}
static u16 hsat(double v) {
    return encode(saturate(round_to(v, F16)), F16);
}
static u16 g(double v) {
    return encode(round_to(v, BF16), BF16);
}
static double d(u16 v) {
    return decode(v, F16);
}
static double e(u16 v) {
    return decode(v, BF16);
}
static double relu(double v) {
    return v > 0 ? v : 0;
}
static double either_nan(double a, double b, double v) {
    return a != a || b != b ? (double)NAN : v;
}
static double sign_of_product(double a, double b, double magnitude) {
    if (magnitude != magnitude) return magnitude;
    return std::signbit(a) != std::signbit(b) ? -magnitude : magnitude;
}
/// Negation leaves NaNs alone or not: as the bits.
static u16 flip(u16 v) {
    return v ^ 0x8000;
}

#define PAIR(EXPRESSION) pairwise(a, b, 0, [](u16 a, u16 b, u16) -> u16 { return EXPRESSION; })
#define PAIR3(EXPRESSION) pairwise(a, b, c, [](u16 a, u16 b, u16 c) -> u16 { return EXPRESSION; })
#define PAIR1(EXPRESSION) pairwise(a, a, 0, [](u16 a, u16, u16) -> u16 { return EXPRESSION; })

CASE2(add_f16, "add.f16", u16, u16, u16, h(d(a) + d(b)))
CASE2(add_ftz, "add.rn.ftz.f16", u16, u16, u16, hz(ftz(d(a)) + ftz(d(b))))
CASE2(add_sat, "add.sat.f16", u16, u16, u16, hsat(d(a) + d(b)))
CASE2(sub_f16x2, "sub.f16x2", u32, u32, u32, PAIR(h(d(a) - d(b))))
CASE2(sub_ftz_sat, "sub.ftz.sat.f16x2", u32, u32, u32,
      PAIR(encode(saturate(d(hz(ftz(d(a)) - ftz(d(b))))), F16)))
CASE2(mul_f16, "mul.f16", u16, u16, u16, h(d(a) * d(b)))
CASE2(mul_ftz, "mul.ftz.f16x2", u32, u32, u32, PAIR(hz(ftz(d(a)) * ftz(d(b)))))
CASE3(fma_f16, "fma.rn.f16", u16, u16, u16, u16, h(exact_sum(d(a) * d(b), d(c))))
CASE3(fma_ftz, "fma.rn.ftz.f16", u16, u16, u16, u16,
      hz(exact_sum(ftz(d(a)) * ftz(d(b)), ftz(d(c)))))
CASE3(fma_sat, "fma.rn.sat.f16x2", u32, u32, u32, u32, PAIR3(hsat(exact_sum(d(a) * d(b), d(c)))))
CASE3(fma_relu, "fma.rn.relu.f16x2", u32, u32, u32, u32,
      PAIR3(encode(relu(round_to(exact_sum(d(a) * d(b), d(c)), F16)), F16)))
CASE3(fma_bf16, "fma.rn.bf16", u16, u16, u16, u16, g(exact_sum(e(a) * e(b), e(c))))
CASE3(fma_relu_bf16, "fma.rn.relu.bf16x2", u32, u32, u32, u32,
      PAIR3(encode(relu(round_to(exact_sum(e(a) * e(b), e(c)), BF16)), BF16)))
CASE2(add_bf16x2, "add.rn.bf16x2", u32, u32, u32, PAIR(g(exact_sum(e(a), e(b)))))
CASE2(mul_bf16, "mul.rn.bf16", u16, u16, u16, g(e(a) * e(b)))
CASE1(neg_f16x2, "neg.f16x2", u32, u32, PAIR1(flip(a)))
CASE1(abs_bf16x2, "abs.bf16x2", u32, u32, PAIR1(a & 0x7fff))
CASE1(neg_ftz, "neg.ftz.f16", u16, u16, is_nan(a, F16) ? 0xffff : flip(encode(ftz(d(a)), F16)))
CASE1(abs_ftz, "abs.ftz.f16x2", u32, u32, PAIR1(encode(std::fabs(ftz(d(a))), F16)))
CASE2(min_f16, "min.f16", u16, u16, u16, h(smaller(d(a), d(b))))
CASE2(max_nan, "max.NaN.f16x2", u32, u32, u32, PAIR(h(either_nan(d(a), d(b), larger(d(a), d(b))))))
CASE2(min_ftz, "min.ftz.f16x2", u32, u32, u32, PAIR(h(smaller(ftz(d(a)), ftz(d(b))))))
CASE2(max_xorsign, "max.xorsign.abs.f16", u16, u16, u16,
      h(sign_of_product(d(a), d(b), larger(std::fabs(d(a)), std::fabs(d(b))))))
CASE2(max_bf16, "max.bf16x2", u32, u32, u32, PAIR(g(larger(e(a), e(b)))))
CASE2(min_nan_bf16, "min.NaN.bf16", u16, u16, u16, g(either_nan(e(a), e(b), smaller(e(a), e(b)))))
TEXT2(setp_f16, "{.reg .pred p; setp.lt.f16 p, %1, %2; selp.u32 %0, 1, 2, p;}", u32, u16, u16,
      d(a) < d(b) ? 1 : 2)
TEXT2(
    setp_f16x2,
    "{.reg .pred p, q; setp.ge.ftz.f16x2 p|q, %1, %2; selp.u32 %0, 1, 0, p; @q add.u32 %0, %0, 2;}",
    u32, u32, u32,
    (ftz(d((u16)a)) >= ftz(d((u16)b)) ? 1 : 0) +
        (ftz(d((u16)(a >> 16))) >= ftz(d((u16)(b >> 16))) ? 2 : 0))
TEXT2(setp_bf16, "{.reg .pred p; setp.equ.bf16 p, %1, %2; selp.u32 %0, 1, 2, p;}", u32, u16, u16,
      !(e(a) < e(b)) && !(e(a) > e(b)) ? 1 : 2)
TEXT2(set_f16, "set.gt.u32.f16 %0, %1, %2;", u32, u16, u16, d(a) > d(b) ? ~0u : 0)

/// The function with the documented relative error; overflow and underflow at the format's ends.
static bool close(u16 got, double want, const Format& f, double error) {
    double v = decode(got, f);
    if (want != want) return v != v;
    if (std::fabs(want) < std::ldexp(1.0, f.emin))
        return std::fabs(v - want) <= std::ldexp(1.0, f.emin - f.stored);
    if (std::isinf(round_to(want, f))) return std::isinf(v);
    return std::fabs(v / want - 1) <= error + std::ldexp(1.0, -f.bits);
}

__global__ void functions(const u16* in, u16* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    unsigned pair = in[i] | (unsigned)in[i] << 16, packed;
    asm("ex2.approx.f16 %0, %1;" : "=h"(out[6 * i]) : "h"(in[i]));
    asm("ex2.approx.f16x2 %0, %1;" : "=r"(packed) : "r"(pair));
    out[6 * i + 1] = packed >> 16;
    asm("tanh.approx.f16 %0, %1;" : "=h"(out[6 * i + 2]) : "h"(in[i]));
    asm("tanh.approx.f16x2 %0, %1;" : "=r"(packed) : "r"(pair));
    out[6 * i + 3] = packed >> 16;
    asm("ex2.approx.ftz.bf16 %0, %1;" : "=h"(out[6 * i + 4]) : "h"(in[i]));
    asm("tanh.approx.bf16x2 %0, %1;" : "=r"(packed) : "r"(pair));
    out[6 * i + 5] = packed;
}

int main() {
    std::vector<u16> in;
    for (unsigned v = 0; v < 65536; v += 13)
        in.push_back((u16)v);
    Buffer<u16> source(in), out(6 * in.size());
    functions<<<((int)in.size() + 127) / 128, 128>>>(source.device(), out.device(), (int)in.size());
    SYNC();
    out.download();
    for (size_t i = 0; i < in.size(); ++i) {
        double x = d(in[i]), y = e(in[i]);
        for (int k = 0; k < 2; ++k)
            EXPECT(close(out[6 * i + k], std::exp2(x), F16, 0x1p-9), "ex2 %g", x);
        for (int k = 2; k < 4; ++k)
            EXPECT(close(out[6 * i + k], std::tanh(x), F16, 0x1p-10), "tanh %g", x);
        EXPECT(close(out[6 * i + 4], flush_to_zero(std::exp2(y), BF16), BF16, 0x1p-7), "ex2 %g", y);
        EXPECT(close(out[6 * i + 5], std::tanh(y), BF16, 0x1p-8), "tanh %g", y);
    }
    return run_all();
}
