// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integer operators of all widths and signs, against the host's.
#include "../common/check.h"

#include <cstdint>

static const int kOps = 16, kSamples = 3000;

/// Every operator on a type; wide enough results are truncated as C does. Division by zero and
/// INT_MIN / -1 are avoided.
template <class T, class U>
__host__ __device__ void all_operators(T a, T b, T* out) {
    const T divisor = b == 0 || b == (T)-1 ? (T)3 : b;
    const unsigned shift = (unsigned)((U)b % (sizeof(T) * 8));
    out[0] = (T)((U)a + (U)b);
    out[1] = (T)((U)a - (U)b);
    out[2] = (T)((unsigned long long)(U)a * (unsigned long long)(U)b);
    out[3] = (T)(a / divisor);
    out[4] = (T)(a % divisor);
    out[5] = (T)(a & b);
    out[6] = (T)(a | b);
    out[7] = (T)(a ^ b);
    out[8] = (T)~a;
    out[9] = (T)((U)a << shift);
    out[10] = (T)(a >> shift);
    out[11] = (T)(a < b);
    out[12] = (T)(a >= b);
    out[13] = (T)(a == b);
    out[14] = (T)(a > b ? a : b);
    out[15] = (T)(0 - (U)a);
}

template <class T, class U>
__global__ void compute(const T* a, const T* b, T* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) all_operators<T, U>(a[i], b[i], out + i * 16);
}

static unsigned long long random_bits() {
    static unsigned long long state = 99;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

template <class T, class U>
static void check_type(const char* name) {
    const T edges[] = {
        0, 1,     (T)-1, (T)((U)1 << (sizeof(T) * 8 - 1)), (T) ~((U)1 << (sizeof(T) * 8 - 1)), 2, 3,
        7, (T)-7, 100};
    Buffer<T> a(kSamples), b(kSamples), out(kSamples * kOps);
    for (int i = 0; i < kSamples; ++i) {
        a[i] = i < 100 ? edges[i % 10] : (T)(random_bits() >> (random_bits() % 64));
        b[i] = i < 100 ? edges[i / 10] : (T)(random_bits() >> (random_bits() % 64));
    }
    a.upload();
    b.upload();
    compute<T, U><<<(kSamples + 63) / 64, 64>>>(a.device(), b.device(), out.device(), kSamples);
    SYNC();
    out.download();
    for (int i = 0; i < kSamples; ++i) {
        T expected[kOps];
        all_operators<T, U>(a[i], b[i], expected);
        for (int op = 0; op < kOps; ++op)
            EXPECT(out[i * kOps + op] == expected[op],
                   "%s operator %d of %lld, %lld: %lld, expected %lld", name, op, (long long)a[i],
                   (long long)b[i], (long long)out[i * kOps + op], (long long)expected[op]);
    }
}

int main() {
    check_type<int8_t, uint8_t>("int8");
    check_type<uint8_t, uint8_t>("uint8");
    check_type<int16_t, uint16_t>("int16");
    check_type<uint16_t, uint16_t>("uint16");
    check_type<int32_t, uint32_t>("int32");
    check_type<uint32_t, uint32_t>("uint32");
    check_type<int64_t, uint64_t>("int64");
    check_type<uint64_t, uint64_t>("uint64");
    return finish();
}
