// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// 64-bit division, remainder, high products, bit fields and conversions of integers against the
// host's, where a quotient lies at, just below and just above an integer, and at the ends of the
// range.
#include "../common/check.h"

typedef unsigned long long u64;
typedef long long i64;

struct Results {
    u64 q, r, high, field;
    i64 sq, sr, shigh, sfield;
    float f, sf;
};

__host__ __device__ inline u64 high_product(u64 a, u64 b) {
#ifdef __CUDA_ARCH__
    return __umul64hi(a, b);
#else
    return (u64)((unsigned __int128)a * b >> 64);
#endif
}
__host__ __device__ inline i64 signed_high_product(i64 a, i64 b) {
#ifdef __CUDA_ARCH__
    return __mul64hi(a, b);
#else
    return (i64)((__int128)a * b >> 64);
#endif
}

__host__ __device__ inline Results compute(u64 a, u64 b) {
    Results x;
    x.q = a / b;
    x.r = a % b;
    const bool overflow = (i64)b == -1 && a == 1ull << 63;
    x.sq = overflow ? 0 : (i64)a / (i64)b;
    x.sr = overflow ? 0 : (i64)a % (i64)b;
    x.high = high_product(a, b);
    x.shigh = signed_high_product((i64)a, (i64)b);
    const unsigned start = b & 63, length = 1 + (b >> 6 & 62) % (64 - start);
    x.field = a >> start & (~0ull >> (64 - length));
    x.sfield = (i64)(a << (64 - start - length)) >> (64 - length);
    x.f = (float)a;
    x.sf = (float)(i64)a;
    return x;
}

__global__ void kernel(const u64* a, const u64* b, Results* out, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) out[i] = compute(a[i], b[i]);
}

static u64 state = 0x9e3779b97f4a7c15ull;
static u64 any_bits() {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}
/// Of any magnitude, often next to a power of two.
static u64 any_size() {
    const u64 x = any_bits() >> any_bits() % 64;
    switch (any_bits() % 4) {
    case 0: return (1ull << any_bits() % 64) + (any_bits() % 5 - 2);
    case 1: return 0 - x;
    default: return x;
    }
}

int main() {
    std::vector<u64> a, b;
    const u64 ends[] = {0,
                        1,
                        2,
                        3,
                        ~0ull,
                        ~0ull - 1,
                        1ull << 63,
                        (1ull << 63) - 1,
                        1ull << 62,
                        (1ull << 62) - 1,
                        (1ull << 53) + 1,
                        1ull << 32,
                        (1ull << 32) - 1};
    for (u64 x : ends)
        for (u64 y : ends)
            if (y != 0) a.push_back(x), b.push_back(y);
    while (a.size() < (1 << 18)) {
        u64 y = any_size();
        if (y == 0) y = 1;
        const u64 quotient = (~0ull / y) >> any_bits() % 64;
        const u64 multiple = y * (quotient != 0 ? any_bits() % quotient + 1 : 1);
        a.push_back(any_bits() % 3 == 0 ? any_size() : multiple + (any_bits() % 3 - 1));
        b.push_back(y);
    }
    const int count = (int)a.size();
    Buffer<u64> x(a), y(b);
    Buffer<Results> out(a.size());
    kernel<<<(count + 255) / 256, 256>>>(x.device(), y.device(), out.device(), count);
    SYNC();
    out.download();
    for (int i = 0; i < count; ++i) {
        const Results want = compute(a[i], b[i]), &got = out[i];
        EXPECT(got.q == want.q && got.r == want.r, "%llx / %llx: %llx rest %llx", a[i], b[i], got.q,
               got.r);
        EXPECT(got.sq == want.sq && got.sr == want.sr, "signed %llx / %llx: %llx rest %llx", a[i],
               b[i], got.sq, got.sr);
        EXPECT(got.high == want.high && got.shigh == want.shigh, "%llx * %llx: %llx %llx", a[i],
               b[i], got.high, got.shigh);
        EXPECT(got.field == want.field && got.sfield == want.sfield, "%llx field %llx: %llx %llx",
               a[i], b[i], got.field, got.sfield);
        EXPECT(got.f == want.f && got.sf == want.sf, "%llx as float: %a %a", a[i], got.f, got.sf);
    }
    return finish();
}
