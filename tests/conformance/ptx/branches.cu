// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Asm statements with labels and branches, and the carry flag from one statement to the next, as
// libraries for large integers use it: each instruction in a function of its own.
#include "../common/check.h"

#include <cstdint>

typedef unsigned long long u64;
typedef unsigned __int128 u128;

// ---- carries

#define STEP(NAME, TEXT)                                                                           \
    __device__ __forceinline__ u64 NAME(u64 a, u64 b) {                                            \
        u64 r;                                                                                     \
        asm volatile(TEXT " %0, %1, %2;" : "=l"(r) : "l"(a), "l"(b));                              \
        return r;                                                                                  \
    }
STEP(add_cc, "add.cc.u64")
STEP(addc_cc, "addc.cc.u64")
STEP(addc, "addc.u64")
STEP(sub_cc, "sub.cc.u64")
STEP(subc_cc, "subc.cc.u64")
STEP(subc, "subc.u64")
#undef STEP
#define STEP(NAME, TEXT)                                                                           \
    __device__ __forceinline__ u64 NAME(u64 a, u64 b, u64 c) {                                     \
        u64 r;                                                                                     \
        asm volatile(TEXT " %0, %1, %2, %3;" : "=l"(r) : "l"(a), "l"(b), "l"(c));                  \
        return r;                                                                                  \
    }
STEP(mad_lo_cc, "mad.lo.cc.u64")
STEP(madc_lo_cc, "madc.lo.cc.u64")
STEP(madc_hi_cc, "madc.hi.cc.u64")
STEP(mad_hi_cc, "mad.hi.cc.u64")
STEP(madc_hi, "madc.hi.u64")
#undef STEP

constexpr int kLimbs = 4;
struct Number {
    u64 limb[kLimbs];
};
struct Results {
    Number sum, difference;
    u64 borrow;
    u64 product[kLimbs + 1];
    u64 chosen;
};

__global__ void big(const Number* a, const Number* b, Results* out, int count) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) return;
    const Number x = a[i], y = b[i];
    Results r;
    r.sum.limb[0] = add_cc(x.limb[0], y.limb[0]);
#pragma unroll
    for (int k = 1; k < kLimbs - 1; ++k)
        r.sum.limb[k] = addc_cc(x.limb[k], y.limb[k]);
    r.sum.limb[kLimbs - 1] = addc(x.limb[kLimbs - 1], y.limb[kLimbs - 1]);

    r.difference.limb[0] = sub_cc(x.limb[0], y.limb[0]);
#pragma unroll
    for (int k = 1; k < kLimbs; ++k)
        r.difference.limb[k] = subc_cc(x.limb[k], y.limb[k]);
    r.borrow = subc(0, 0);

    // x * y.limb[0]: low halves, then high halves one limb further.
    r.product[0] = mad_lo_cc(x.limb[0], y.limb[0], 0);
#pragma unroll
    for (int k = 1; k < kLimbs; ++k)
        r.product[k] = madc_lo_cc(x.limb[k], y.limb[0], 0);
    r.product[kLimbs] = addc(0, 0);
    r.product[1] = mad_hi_cc(x.limb[0], y.limb[0], r.product[1]);
#pragma unroll
    for (int k = 1; k < kLimbs - 1; ++k)
        r.product[k + 1] = madc_hi_cc(x.limb[k], y.limb[0], r.product[k + 1]);
    r.product[kLimbs] = madc_hi(x.limb[kLimbs - 1], y.limb[0], r.product[kLimbs]);

    // The flag goes past control flow, too.
    u64 low;
    asm volatile("add.cc.u64 %0, %1, %2;" : "=l"(low) : "l"(x.limb[0]), "l"(y.limb[0]));
    if (low & 1)
        asm volatile("addc.u64 %0, %1, 10;" : "=l"(r.chosen) : "l"(x.limb[1]));
    else
        asm volatile("addc.u64 %0, %1, 20;" : "=l"(r.chosen) : "l"(x.limb[1]));
    out[i] = r;
}

static void check_carries() {
    const int count = 2000;
    std::vector<Number> a(count), b(count);
    u64 seed = 1;
    auto next = [&] {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        const u64 value = seed ^ (seed >> 29);
        return (seed >> 60) < 4 ? ~0ull : (seed >> 60) < 7 ? 0 : value;
    };
    for (int i = 0; i < count; ++i)
        for (int k = 0; k < kLimbs; ++k)
            a[i].limb[k] = next(), b[i].limb[k] = next();
    Buffer<Number> x(a), y(b);
    Buffer<Results> out(count);
    big<<<(count + 127) / 128, 128>>>(x.device(), y.device(), out.device(), count);
    SYNC();
    const std::vector<Results> results = out.download();
    for (int i = 0; i < count; ++i) {
        u128 carry = 0, product = 0;
        __int128 borrow = 0;
        for (int k = 0; k < kLimbs; ++k) {
            const u128 sum = (u128)a[i].limb[k] + b[i].limb[k] + carry;
            carry = sum >> 64;
            EXPECT(results[i].sum.limb[k] == (u64)sum, "sum %d, %d", i, k);
            const __int128 difference = (__int128)a[i].limb[k] - b[i].limb[k] + borrow;
            borrow = difference >> 64;
            EXPECT(results[i].difference.limb[k] == (u64)difference, "difference %d, %d", i, k);
            product += (u128)a[i].limb[k] * b[i].limb[0];
            EXPECT(results[i].product[k] == (u64)product, "product %d, %d", i, k);
            product >>= 64;
        }
        EXPECT(results[i].product[kLimbs] == (u64)product, "product %d, last", i);
        EXPECT(results[i].borrow == (u64)borrow, "borrow %d", i);
        const u64 low = a[i].limb[0] + b[i].limb[0];
        EXPECT(results[i].chosen == a[i].limb[1] + (low & 1 ? 10 : 20) + (low < a[i].limb[0]),
               "chosen %d", i);
    }
}

// ---- branches

/// Steps of the Collatz sequence.
__device__ int steps(unsigned n) {
    int count = 0;
    asm("{\n"
        ".reg .pred p, odd;\n"
        ".reg .u32 low;\n"
        "AGAIN:\n"
        "setp.le.u32 p, %1, 1;\n"
        "@p bra DONE;\n"
        "and.b32 low, %1, 1;\n"
        "setp.ne.u32 odd, low, 0;\n"
        "@odd mad.lo.u32 %1, %1, 3, 1;\n"
        "@!odd shr.u32 %1, %1, 1;\n"
        "add.s32 %0, %0, 1;\n"
        "bra AGAIN;\n"
        "DONE:\n"
        "}"
        : "+r"(count), "+r"(n));
    return count;
}

/// Three ways, by a label that each instance of the statement has for itself.
__device__ int sign(int x) {
    int r;
    asm volatile(".reg .pred neg%=, zero%=;\n"
                 "setp.lt.s32 neg%=, %1, 0;\n"
                 "@neg%= bra NEG%=;\n"
                 "setp.eq.s32 zero%=, %1, 0;\n"
                 "mov.s32 %0, 1;\n"
                 "@!zero%= bra END%=;\n"
                 "mov.s32 %0, 0;\n"
                 "bra.uni END%=;\n"
                 "NEG%=:\n"
                 "mov.s32 %0, -1;\n"
                 "END%=:\n"
                 : "=r"(r)
                 : "r"(x));
    return r;
}

__global__ void branches(int* out) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[3 * i] = steps(i + 1);
    out[3 * i + 1] = sign(i - 64);
    out[3 * i + 2] = sign(64 - i) * 2 + steps(sign(i - 1) + 4);
}

/// A lock that is taken by the statement.
__global__ void locked(int* lock, int* sum) {
    asm volatile("{\n"
                 ".reg .b32 old;\n"
                 ".reg .pred taken;\n"
                 "WAIT:\n"
                 "atom.acquire.gpu.global.cas.b32 old, [%0], 0, 1;\n"
                 "setp.eq.s32 taken, old, 0;\n"
                 "@!taken bra WAIT;\n"
                 "}" ::"l"(lock)
                 : "memory");
    *sum += 1;
    asm volatile("st.release.gpu.global.b32 [%0], 0;" ::"l"(lock) : "memory");
}

static int host_steps(unsigned n) {
    int count = 0;
    for (; n > 1; ++count)
        n = n & 1 ? 3 * n + 1 : n / 2;
    return count;
}

static void check_branches() {
    const int threads = 256;
    Buffer<int> out(3 * threads, -7);
    branches<<<2, threads / 2>>>(out.device());
    SYNC();
    const std::vector<int> got = out.download();
    auto sign_of = [](int x) { return (x > 0) - (x < 0); };
    for (int i = 0; i < threads; ++i) {
        EXPECT(got[3 * i] == host_steps(unsigned(i + 1)), "steps %d", i);
        EXPECT(got[3 * i + 1] == sign_of(i - 64), "sign %d", i);
        EXPECT(got[3 * i + 2] == sign_of(64 - i) * 2 + host_steps(unsigned(sign_of(i - 1) + 4)),
               "both %d", i);
    }
    Buffer<int> lock(1, 0), sum(1, 0);
    locked<<<4, 64>>>(lock.device(), sum.device());
    SYNC();
    EXPECT(sum.download()[0] == 256, "under the lock: %d", sum.download()[0]);
}

int main() {
    check_carries();
    check_branches();
    return finish();
}
