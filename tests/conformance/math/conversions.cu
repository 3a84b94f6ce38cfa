// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conversions between integers and floating point, and float and double arithmetic bit for bit.
#include "../common/check.h"

#include <cmath>
#include <cstdint>

struct Out {
    float f_from_i32, f_from_u32, f_from_i64, f_from_u64, f_from_d;
    double d_from_i32, d_from_u32, d_from_i64, d_from_u64, d_from_f;
    int32_t i32_from_f, i32_from_d;
    uint32_t u32_from_f, u32_from_d;
    int64_t i64_from_f, i64_from_d;
    uint64_t u64_from_f, u64_from_d;
    int8_t i8;
    uint16_t u16;
    float fsum, fproduct, fquotient, fsqrt, ffma;
    double dsum, dproduct, dquotient, dsqrt, dfma;
    int compared;
};

struct In {
    int32_t i32;
    int64_t i64;
    float f, g; // |f| < 2^30, so that conversions to integers are defined
    double d, e;
};

__host__ __device__ void convert(const In& in, Out& out) {
    out.f_from_i32 = (float)in.i32;
    out.f_from_u32 = (float)(uint32_t)in.i32;
    out.f_from_i64 = (float)in.i64;
    out.f_from_u64 = (float)(uint64_t)in.i64;
    out.f_from_d = (float)in.d;
    out.d_from_i32 = (double)in.i32;
    out.d_from_u32 = (double)(uint32_t)in.i32;
    out.d_from_i64 = (double)in.i64;
    out.d_from_u64 = (double)(uint64_t)in.i64;
    out.d_from_f = (double)in.f;
    out.i32_from_f = (int32_t)in.f;
    out.i32_from_d = (int32_t)in.d;
    out.u32_from_f = (uint32_t)fabsf(in.f);
    out.u32_from_d = (uint32_t)fabs(in.d);
    out.i64_from_f = (int64_t)(in.f * 1048576.0f);
    out.i64_from_d = (int64_t)(in.d * 1048576.0);
    out.u64_from_f = (uint64_t)fabsf(in.f * 1048576.0f);
    out.u64_from_d = (uint64_t)fabs(in.d * 1048576.0);
    out.i8 = (int8_t)in.i32;
    out.u16 = (uint16_t)in.i32;
    out.fquotient = in.f / in.g;
    out.fsqrt = sqrtf(fabsf(in.f));
    out.ffma = fmaf(in.f, in.g, in.f);
    out.dquotient = in.d / in.e;
    out.dsqrt = sqrt(fabs(in.d));
    out.dfma = fma(in.d, in.e, in.d);
    out.compared = (in.f < in.g) | (in.f <= in.g) << 1 | (in.f == in.g) << 2 | (in.d > in.e) << 3 |
                   (in.d != in.e) << 4 | (in.f == in.f) << 5;
    out.fsum = in.f + in.g;
    out.fproduct = in.f * in.g;
    out.dsum = in.d + in.e;
    out.dproduct = in.d * in.e;
}

__global__ void convert_all(const In* in, Out* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) convert(in[i], out[i]);
}

static uint64_t random_bits() {
    static uint64_t state = 4242;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double random_value() {
    return std::ldexp((double)(int64_t)random_bits(), (int)(random_bits() % 90) - 64 - 60);
}

#define SAME(field)                                                                                \
    EXPECT(std::memcmp(&got.field, &want.field, sizeof want.field) == 0,                           \
           #field " at %d: %.17g, expected %.17g", i, (double)got.field, (double)want.field)

int main() {
    const int n = 5000;
    Buffer<In> in(n);
    Buffer<Out> out(n);
    for (int i = 0; i < n; ++i) {
        in[i].i32 = (int32_t)(random_bits() >> (random_bits() % 33));
        in[i].i64 = (int64_t)(random_bits() >> (random_bits() % 64));
        in[i].f = (float)random_value();
        in[i].g = i % 10 == 0 ? in[i].f : (float)random_value();
        in[i].d = random_value();
        in[i].e = random_value();
    }
    in.upload();
    convert_all<<<(n + 127) / 128, 128>>>(in.device(), out.device(), n);
    SYNC();
    out.download();
    for (int i = 0; i < n; ++i) {
        const Out got = out[i];
        Out want;
        convert(in[i], want);
        SAME(f_from_i32);
        SAME(f_from_u32);
        SAME(f_from_i64);
        SAME(f_from_u64);
        SAME(f_from_d);
        SAME(d_from_i32);
        SAME(d_from_u32);
        SAME(d_from_i64);
        SAME(d_from_u64);
        SAME(d_from_f);
        SAME(i32_from_f);
        SAME(i32_from_d);
        SAME(u32_from_f);
        SAME(u32_from_d);
        SAME(i64_from_f);
        SAME(i64_from_d);
        SAME(u64_from_f);
        SAME(u64_from_d);
        SAME(i8);
        SAME(u16);
        SAME(fsum);
        SAME(fproduct);
        SAME(fquotient);
        SAME(fsqrt);
        SAME(ffma);
        SAME(dsum);
        SAME(dproduct);
        SAME(dquotient);
        SAME(dsqrt);
        SAME(dfma);
        SAME(compared);
    }
    return finish();
}
