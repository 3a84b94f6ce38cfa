// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// fmin and fmax of numbers from memory, NaNs of every kind and both zeros among them: a NaN is
// neither, and -0 is less than +0. Also as a loop keeps them. And their products, rounded to zero.
#include <cfenv>
#include <cmath>

#include "../common/check.h"

static const unsigned kSingle[] = {
    0,          0x80000000, 1,          0x80000001, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000,
    0x7f800001, 0xff800001, 0x7fc00000, 0xffc00000, 0x7fffffff, 0xffffffff, 0x7fa12345, 0x00800000,
    0x40490fdb, 0x3f800001, 0x3f7fffff, 0x7f7fffff, 0xff7fffff, 0x9a000001, 0x3eaaaaab};
static const unsigned long long kDouble[] = {0,
                                             1ull << 63,
                                             1,
                                             1ull << 63 | 1,
                                             0x3ff0000000000000,
                                             0xbff0000000000000,
                                             0x7ff0000000000000,
                                             0xfff0000000000000,
                                             0x7ff0000000000001,
                                             0xfff0000000000001,
                                             0x7ff8000000000000,
                                             0xffffffffffffffff};
constexpr int kSingles = sizeof kSingle / sizeof *kSingle,
              kDoubles = sizeof kDouble / sizeof *kDouble;

__global__ void singles(const float* v, float* out) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= kSingles * kSingles) return;
    const float a = v[i / kSingles], b = v[i % kSingles];
    float least = a, most = a;
    for (int j = 0; j < kSingles; ++j) {
        least = fminf(least, -v[(i + j * j) % kSingles]);
        most = fmaxf(most, fabsf(v[(i + j * 5) % kSingles]));
    }
    out[4 * i] = fminf(a, b);
    out[4 * i + 1] = fmaxf(a, b);
    out[4 * i + 2] = least;
    out[4 * i + 3] = most;
}
__global__ void products(const float* v, float* out) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < kSingles * kSingles) out[i] = __fmul_rz(v[i / kSingles], v[i % kSingles]);
}
__global__ void doubles(const double* v, double* out) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i >= kDoubles * kDoubles) return;
    out[2 * i] = fmin(v[i / kDoubles], v[i % kDoubles]);
    out[2 * i + 1] = fmax(v[i / kDoubles], v[i % kDoubles]);
}

/// Volatile, so that it is computed here.
static float product_to_zero(volatile float a, volatile float b) {
    std::fesetround(FE_TOWARDZERO);
    volatile float product = a * b;
    std::fesetround(FE_TONEAREST);
    return product;
}

/// By bits, as order of sign and magnitude.
template <class T>
static T wanted(T a, T b, bool least) {
    if (std::isnan(a)) return b;
    if (std::isnan(b)) return a;
    if (a == b) return std::signbit(a) == least ? a : b;
    return (a < b) == least ? a : b;
}
template <class T>
static bool same(T x, T y) {
    return std::isnan(x) ? std::isnan(y) : x == y && std::signbit(x) == std::signbit(y);
}

int main() {
    float *v = nullptr, *out = nullptr;
    CHECK(cudaMallocManaged(&v, sizeof kSingle));
    CHECK(cudaMallocManaged(&out, kSingles * kSingles * 4 * sizeof(float)));
    std::memcpy(v, kSingle, sizeof kSingle);
    singles<<<(kSingles * kSingles + 63) / 64, 64>>>(v, out);
    SYNC();
    for (int i = 0; i < kSingles * kSingles; ++i) {
        const float a = v[i / kSingles], b = v[i % kSingles];
        float least = a, most = a;
        for (int j = 0; j < kSingles; ++j) {
            least = wanted(least, -v[(i + j * j) % kSingles], true);
            most = wanted(most, std::fabs(v[(i + j * 5) % kSingles]), false);
        }
        EXPECT(same(out[4 * i], wanted(a, b, true)), "%d", i);
        EXPECT(same(out[4 * i + 1], wanted(a, b, false)), "%d", i);
        EXPECT(same(out[4 * i + 2], least), "%d", i);
        EXPECT(same(out[4 * i + 3], most), "%d", i);
    }
    products<<<(kSingles * kSingles + 63) / 64, 64>>>(v, out);
    SYNC();
    for (int i = 0; i < kSingles * kSingles; ++i)
        EXPECT(same(out[i], product_to_zero(v[i / kSingles], v[i % kSingles])), "%d", i);
    double *w = nullptr, *results = nullptr;
    CHECK(cudaMallocManaged(&w, sizeof kDouble));
    CHECK(cudaMallocManaged(&results, kDoubles * kDoubles * 2 * sizeof(double)));
    std::memcpy(w, kDouble, sizeof kDouble);
    doubles<<<(kDoubles * kDoubles + 63) / 64, 64>>>(w, results);
    SYNC();
    for (int i = 0; i < kDoubles * kDoubles; ++i) {
        EXPECT(same(results[2 * i], wanted(w[i / kDoubles], w[i % kDoubles], true)), "%d", i);
        EXPECT(same(results[2 * i + 1], wanted(w[i / kDoubles], w[i % kDoubles], false)), "%d", i);
    }
    return finish();
}
