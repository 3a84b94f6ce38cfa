// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Single arguments at which functions went wrong, found by tests/accuracy; expected values by MPFR.
#include "../common/check.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <climits>
#include <cmath>

enum { kDoubles = 11, kFloats = 6, kHalves = 9 };

__global__ void run(const double* in, const long* scale, double* doubles, float* floats,
                    unsigned short* halves) {
    doubles[0] = expm1(in[0]);
    doubles[1] = erfcx(in[1]);
    doubles[2] = normcdfinv(in[2]);
    doubles[3] = scalbln(in[3], scale[0]);
    doubles[4] = scalbln(in[4], scale[1]);
    doubles[5] = scalbln(in[5], scale[1]);
    doubles[6] = scalbln(in[2], scale[0]);
    doubles[7] = expm1(-in[0]);
    doubles[8] = sinh(in[14]);
    doubles[9] = cosh(in[14]);
    doubles[10] = pow(in[15], (int)scale[2]);
    floats[0] = erfcxf((float)in[1]);
    floats[1] = normcdfinvf((float)in[2]);
    floats[2] = scalblnf((float)in[3], scale[0]);
    floats[3] = scalblnf((float)in[4], scale[1]);
    floats[4] = scalblnf((float)in[5], scale[1]);
    floats[5] = scalblnf(-(float)in[2], scale[1]);
    halves[0] = __half_as_ushort(hexp(__double2half(in[6])));
    halves[1] = __half_as_ushort(hexp2(__double2half(in[7])));
    halves[2] = __half_as_ushort(hexp10(__double2half(in[8])));
    halves[3] = __half_as_ushort(hlog(__double2half(in[9])));
    halves[4] = __half_as_ushort(hlog10(__double2half(in[10])));
    halves[5] = __half_as_ushort(hsin(__double2half(in[11])));
    halves[6] = __half_as_ushort(hcos(__double2half(in[12])));
    halves[7] = __half_as_ushort(__high2half(h2cos(__half2half2(__double2half(in[12])))));
    halves[8] = __bfloat16_as_ushort(hexp10(__double2bfloat16(in[13])));
}

template <class T>
static bool same(T got, T want) {
    return got == want && std::signbit(got) == std::signbit(want);
}

int main() {
    const double arguments[] = {0x1.62ce58784bb28p+9,
                                -0x1.ab41b09886fe9p+4,
                                0.5,
                                INFINITY,
                                0.0,
                                -INFINITY,
                                0x1.de4p-8,
                                0x1.714p-11,
                                -0x1.c28p+0,
                                0x1.5ep-8,
                                0x1.e3cp-3,
                                0x1.accp-3,
                                0x1.dfp-5,
                                -0x1.2ap-6,
                                0x1.636a6a6416b46p+9,
                                1.0000001};
    const double doubles[kDoubles] = {0x1.afae4e5beb04cp+1023,
                                      INFINITY,
                                      0.0,
                                      INFINITY,
                                      0.0,
                                      -INFINITY,
                                      0.0,
                                      -1.0,
                                      INFINITY,
                                      INFINITY,
                                      0x1.28d384c892314p+7};
    const float floats[kFloats] = {INFINITY, 0.0f, INFINITY, 0.0f, -INFINITY, -INFINITY};
    const float halves[kHalves] = {0x1.01cp+0f,  0x1.004p+0f,  0x1.1ccp-6f,
                                   -0x1.4ecp+2f, -0x1.40cp-1f, 0x1.a9cp-3f,
                                   0x1.ff4p-1f,  0x1.ff4p-1f,  0x1.eap-1f};
    const int count = sizeof arguments / sizeof *arguments;
    Buffer<double> in(count);
    Buffer<long> scale(3);
    Buffer<double> out(kDoubles);
    Buffer<float> out_floats(kFloats);
    Buffer<unsigned short> out_halves(kHalves);
    for (int i = 0; i < count; ++i)
        in[i] = arguments[i];
    scale[0] = LONG_MIN;
    scale[1] = LONG_MAX;
    scale[2] = 50000000;
    in.upload();
    scale.upload();
    run<<<1, 1>>>(in.device(), scale.device(), out.device(), out_floats.device(),
                  out_halves.device());
    SYNC();
    out.download();
    out_floats.download();
    out_halves.download();
    for (int i = 0; i < kDoubles; ++i)
        EXPECT(i == 0 || i == 10 ? std::fabs(out[i] / doubles[i] - 1) < 0x1p-51
                                 : same(out[i], doubles[i]),
               "double %d: %a, expected %a", i, out[i], doubles[i]);
    for (int i = 0; i < kFloats; ++i)
        EXPECT(same(out_floats[i], floats[i]), "float %d: %a, expected %a", i,
               (double)out_floats[i], (double)floats[i]);
    for (int i = 0; i < kHalves; ++i) {
        const unsigned short want = i == 8 ? __bfloat16_as_ushort(__float2bfloat16(halves[i]))
                                           : __half_as_ushort(__float2half(halves[i]));
        EXPECT(out_halves[i] == want, "half %d: %#x, expected %#x", i, out_halves[i], want);
    }
    return finish();
}
