// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of double that take their rounding mode as an argument, and the overloads of float
// that CUDA adds.
#include "../common/check.h"

#include <cfenv>
#include <cmath>
#include <type_traits>

enum { kDoubles = 7, kWholes = 4 };

__device__ void by_mode(const double* in, double* out, long long* whole, cudaRoundMode mode) {
    out[0] = dadd(in[0], in[1], mode);
    out[1] = dsub(in[0], in[1], mode);
    out[2] = dmul(in[0], in[1], mode);
    out[3] = fma(in[0], in[1], in[2], mode);
    out[4] = ll2double(0x7ffffffffffffff1ll, mode);
    out[5] = ull2double(0xfffffffffffffff1ull, mode);
    out[6] = int2double(-7, mode) + uint2double(9u, mode) + float2double(0.5f, mode);
    whole[0] = double2int(in[3], mode);
    whole[1] = double2uint(in[4], mode);
    whole[2] = double2ll(in[3], mode);
    whole[3] = (long long)double2ull(in[4], mode);
}
__global__ void run(const double* in, double* out, long long* whole) {
    const cudaRoundMode modes[] = {cudaRoundNearest, cudaRoundZero, cudaRoundPosInf,
                                   cudaRoundMinInf};
    for (int m = 0; m < 4; ++m)
        by_mode(in, out + m * kDoubles, whole + m * kWholes, modes[m]);
    // Without a mode: to nearest, and for integers to zero.
    out[4 * kDoubles] = dadd(in[0], in[1]) + dsub(in[0], in[1]) + dmul(in[0], in[1]);
    whole[4 * kWholes] = double2int(in[3]);
}

#define SAME(call, type) static_assert(std::is_same<decltype(call), type>::value, #call)
__global__ void overloads(float* out) {
    SAME(j0(1.0f), float);
    SAME(y1(1.0f), float);
    SAME(jn(2, 1.0f), float);
    SAME(yn(2, 1.0f), float);
    SAME(cyl_bessel_i0(1.0f), float);
    SAME(cyl_bessel_i1(1.0), double);
    out[0] = j0(0.0f) + cyl_bessel_i0(0.0f);
    out[1] = jn(0, 0.0f);
    unsigned swapped = __nv_bswap32(0x01020304u);
    out[2] = swapped == 0x04030201u && __nv_bswap16(0x0102) == 0x0201 &&
             __nv_bswap64(1) == 1ull << 56;
}

int main() {
    const double arguments[] = {1.0 / 3, -1e-17, 0x1p-60, -2.5, 3.5};
    Buffer<double> in(5);
    for (int i = 0; i < 5; ++i)
        in[i] = arguments[i];
    in.upload();
    Buffer<double> out(4 * kDoubles + 1);
    Buffer<long long> whole(4 * kWholes + 1);
    Buffer<float> floats(3);
    run<<<1, 1>>>(in.device(), out.device(), whole.device());
    overloads<<<1, 1>>>(floats.device());
    SYNC();
    out.download();
    whole.download();
    floats.download();
    const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};
    for (int m = 0; m < 4; ++m) {
        fesetround(modes[m]);
        volatile double a = arguments[0], b = arguments[1], c = arguments[2];
        volatile long long large = 0x7ffffffffffffff1ll;
        volatile unsigned long long larger = 0xfffffffffffffff1ull;
        const double negative = std::nearbyint(arguments[3]),
                     positive = std::nearbyint(arguments[4]);
        volatile double want[] = {a + b, a - b, a * b, std::fma(a, b, c), (double)large, 0, 2.5};
        fesetround(FE_TONEAREST);
        want[5] = m == 0 || m == 2 ? 0x1p64 : 0x1.fffffffffffffp63;
        (void)larger;
        for (int i = 0; i < kDoubles; ++i)
            EXPECT(out[m * kDoubles + i] == want[i], "mode %d, %d: %a, expected %a", m, i,
                   out[m * kDoubles + i], want[i]);
        const double wholes[] = {negative, positive, negative, positive};
        for (int i = 0; i < kWholes; ++i)
            EXPECT((double)whole[m * kWholes + i] == wholes[i], "mode %d, whole %d: %lld", m, i,
                   whole[m * kWholes + i]);
    }
    volatile double a = arguments[0], b = arguments[1];
    EXPECT(out[4 * kDoubles] == (a + b) + (a - b) + a * b, "%a", out[4 * kDoubles]);
    EXPECT(whole[4 * kWholes] == -2, "%lld", whole[4 * kWholes]);
    EXPECT(floats[0] == 2 && floats[1] == 1 && floats[2] == 1, "%g %g %g", floats[0], floats[1],
           floats[2]);
    return finish();
}
