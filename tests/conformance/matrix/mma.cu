// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Options: -arch=sm_80
// mma.sync in every shape and type, ldmatrix, stmatrix and movmatrix, as PTX. Each thread's
// elements are placed by the formulas of the PTX manual ("Matrix fragments for mma..."); the
// products of small integers are exact in all formats.
#include "../common/check.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

typedef uint32_t u32;

/// Registers of a thread, as words: A at 0, B at 16, C at 32; D goes to 48.
constexpr int kWords = 64, kA = 0, kB = 16, kC = 32, kD = 48;

#define R(i) "r"(w[i])
#define OUT2 "=r"(w[kD]), "=r"(w[kD + 1])
#define OUT4 OUT2, "=r"(w[kD + 2]), "=r"(w[kD + 3])
#define OUT8 OUT4, "=r"(w[kD + 4]), "=r"(w[kD + 5]), "=r"(w[kD + 6]), "=r"(w[kD + 7])
#define A1 R(kA)
#define A2 A1, R(kA + 1)
#define A4 A2, R(kA + 2), R(kA + 3)
#define B1 R(kB)
#define B2 B1, R(kB + 1)
#define C2 R(kC), R(kC + 1)
#define C4 C2, R(kC + 2), R(kC + 3)
#define C8 C4, R(kC + 4), R(kC + 5), R(kC + 6), R(kC + 7)
#define D_(i) (*(double*)&w[i])
#define DOUT2 "=d"(D_(kD)), "=d"(D_(kD + 2))
#define DOUT4 DOUT2, "=d"(D_(kD + 4)), "=d"(D_(kD + 6))
#define DA1 "d"(D_(kA))
#define DA2 DA1, "d"(D_(kA + 2))
#define DA4 DA2, "d"(D_(kA + 4)), "d"(D_(kA + 6))
#define DA8 DA4, "d"(D_(kA + 8)), "d"(D_(kA + 10)), "d"(D_(kA + 12)), "d"(D_(kA + 14))
#define DB1 "d"(D_(kB))
#define DB2 DB1, "d"(D_(kB + 2))
#define DB4 DB2, "d"(D_(kB + 4)), "d"(D_(kB + 6))
#define DC2 "d"(D_(kC)), "d"(D_(kC + 2))
#define DC4 DC2, "d"(D_(kC + 4)), "d"(D_(kC + 6))

// Text behind the name, by the numbers of registers of D, A, B, C.
#define T_2_2_1_2 "{%0,%1}, {%2,%3}, {%4}, {%5,%6};"
#define T_2_4_2_2 "{%0,%1}, {%2,%3,%4,%5}, {%6,%7}, {%8,%9};"
#define T_2_1_1_2 "{%0,%1}, {%2}, {%3}, {%4,%5};"
#define T_4_2_1_4 "{%0,%1,%2,%3}, {%4,%5}, {%6}, {%7,%8,%9,%10};"
#define T_4_4_2_4 "{%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%10,%11,%12,%13};"
#define T_4_8_4_4                                                                                  \
    "{%0,%1,%2,%3}, {%4,%5,%6,%7,%8,%9,%10,%11}, {%12,%13,%14,%15}, {%16,%17,%18,%19};"
#define T_4_2_2_4 "{%0,%1,%2,%3}, {%4,%5}, {%6,%7}, {%8,%9,%10,%11};"
#define T_8_2_2_8                                                                                  \
    "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9}, {%10,%11}, {%12,%13,%14,%15,%16,%17,%18,%19};"
#define T_8_2_2_4 "{%0,%1,%2,%3,%4,%5,%6,%7}, {%8,%9}, {%10,%11}, {%12,%13,%14,%15};"

#define KERNEL(name, text, outs, ...)                                                              \
    __global__ void name(u32* all) {                                                               \
        alignas(8) u32 w[kWords];                                                                  \
        for (int i = 0; i < kWords; ++i)                                                           \
            w[i] = all[threadIdx.x * kWords + i];                                                  \
        asm volatile(text : outs : __VA_ARGS__);                                                   \
        for (int i = 0; i < 16; ++i)                                                               \
            all[threadIdx.x * kWords + kD + i] = w[kD + i];                                        \
    }

/// Bits of an element of a format for a small integer (of fp8 and f16 one that they hold).
uint64_t encode(const std::string& f, int x) {
    if (f == "f64") {
        double d = x;
        uint64_t bits;
        std::memcpy(&bits, &d, 8);
        return bits;
    }
    u32 bits;
    float v = float(x);
    std::memcpy(&bits, &v, 4);
    if (f == "f32" || f == "tf32") return bits;
    if (f == "bf16") return bits >> 16;
    if (f == "f16" || f == "e4m3" || f == "e5m2") {
        if (x == 0) return 0;
        const int fraction = f == "f16"    ? 10
                             : f == "e4m3" ? 3
                                           : 2,
                  bias = f == "e4m3" ? 7 : 15, width = f == "f16" ? 16 : 8;
        const u32 exponent = (bits >> 23 & 255) - 127 + u32(bias);
        return (bits >> 31) << (width - 1) | exponent << fraction |
               (bits & 0x7fffff) >> (23 - fraction);
    }
    return u32(x);
}
double decode(const std::string& f, uint64_t bits) {
    if (f == "f64") {
        double d;
        std::memcpy(&d, &bits, 8);
        return d;
    }
    if (f == "f32") {
        float v;
        const u32 low = u32(bits);
        std::memcpy(&v, &low, 4);
        return v;
    }
    if (f == "s32") return int(u32(bits));
    const int e = int(bits >> 10 & 31), m = int(bits & 1023);
    const double x = e ? std::ldexp(1024 + m, e - 25) : std::ldexp(m, -24);
    return bits & 0x8000 ? -x : x;
}
int width_of(const std::string& f) {
    if (f == "f64") return 64;
    if (f == "f32" || f == "tf32" || f == "s32") return 32;
    if (f == "f16" || f == "bf16") return 16;
    if (f == "s8" || f == "u8" || f == "e4m3" || f == "e5m2") return 8;
    return f == "b1" ? 1 : 4;
}

struct Registers {
    std::vector<u32> w = std::vector<u32>(32 * kWords);
    void put(int lane, int base, int i, int width, uint64_t bits) {
        const int bit = i * width;
        u32* at = &w[size_t(lane * kWords + base + bit / 32)];
        if (width == 64) {
            at[0] = u32(bits);
            at[1] = u32(bits >> 32);
        } else {
            const u32 mask = width == 32 ? ~0u : (1u << width) - 1;
            at[0] = (at[0] & ~(mask << bit % 32)) | (u32(bits) & mask) << bit % 32;
        }
    }
    uint64_t get(int lane, int base, int i, int width) const {
        const int bit = i * width;
        const u32* at = &w[size_t(lane * kWords + base + bit / 32)];
        if (width == 64) return at[0] | uint64_t(at[1]) << 32;
        return width == 32 ? at[0] : at[0] >> bit % 32 & ((1u << width) - 1);
    }
    void run(void (*kernel)(u32*)) {
        u32* device;
        CHECK(cudaMalloc(&device, w.size() * 4));
        CHECK(cudaMemcpy(device, w.data(), w.size() * 4, cudaMemcpyHostToDevice));
        kernel<<<1, 32>>>(device);
        CHECK(cudaDeviceSynchronize());
        CHECK(cudaMemcpy(w.data(), device, w.size() * 4, cudaMemcpyDeviceToHost));
        cudaFree(device);
    }
};

int draw(const std::string& f) {
    static u32 seed = 1;
    seed = seed * 1664525 + 1013904223;
    const int x = int(seed >> 16);
    if (f == "b1") return x & 1;
    if (f[0] == 'u') return f == "u4" ? x & 15 : x & 255;
    if (f == "s8") return (x & 255) - 128;
    if (f == "s4") return (x & 15) - 8;
    if (f == "s32") return x - 30000;
    return x % 9 - 4;
}

/// Element i of a thread's part of A (m x k), B (k x 8) and C, D (m x 8).
void place_a(int m, int k, int width, int lane, int i, int& row, int& column) {
    const int per = width == 64 ? 1 : 32 / width, word = i / per;
    row = lane / 4 + (m == 16 && word % 2 ? 8 : 0);
    const int group = m == 16 ? word / 2 : word; // words that follow go on along k
    column = lane % 4 * per + i % per + group * 4 * per;
    (void)k;
}
void place_b(int width, int lane, int i, int& row, int& column) {
    const int per = width == 64 ? 1 : 32 / width;
    row = lane % 4 * per + i % per + i / per * 4 * per;
    column = lane / 4;
}
void place_c(int lane, int i, int& row, int& column) {
    row = lane / 4 + (i >= 2 ? 8 : 0);
    column = lane % 4 * 2 + i % 2;
}

void compare(const char* name, void (*kernel)(u32*), int m, int k, const std::string& fa,
             const std::string& fb, const std::string& fd, const char* how = "") {
    Registers r;
    std::vector<int> a(size_t(m * k)), b(size_t(k * 8)), c(size_t(m * 8));
    int row, column;
    for (int lane = 0; lane < 32; ++lane) {
        for (int i = 0; i < m * k / 32; ++i) {
            place_a(m, k, width_of(fa), lane, i, row, column);
            const int x = a[size_t(row * k + column)] = draw(fa);
            r.put(lane, kA, i, width_of(fa), encode(fa, x));
        }
        for (int i = 0; i < k * 8 / 32; ++i) {
            place_b(width_of(fb), lane, i, row, column);
            const int x = b[size_t(row * 8 + column)] = draw(fb);
            r.put(lane, kB, i, width_of(fb), encode(fb, x));
        }
        for (int i = 0; i < m * 8 / 32; ++i) {
            place_c(lane, i, row, column);
            int x = draw(fd);
            if (std::string(how) == "satfinite")
                x = x % 2 ? INT32_MAX - x % 64 : INT32_MIN + x % 64;
            c[size_t(row * 8 + column)] = x;
            r.put(lane, kC, i, width_of(fd), encode(fd, x));
        }
    }
    r.run(kernel);
    for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < m * 8 / 32; ++i) {
            place_c(lane, i, row, column);
            double want = c[size_t(row * 8 + column)];
            for (int j = 0; j < k; ++j) {
                const int x = a[size_t(row * k + j)], y = b[size_t(j * 8 + column)];
                want += std::string(how) == "xor"   ? x ^ y
                        : std::string(how) == "and" ? x & y
                                                    : x * y;
            }
            if (std::string(how) == "satfinite")
                want = want > INT32_MAX ? INT32_MAX : want < INT32_MIN ? INT32_MIN : want;
            EXPECT(decode(fd, r.get(lane, kD, i, width_of(fd))) == want, "%s lane %d element %d",
                   name, lane, i);
        }
}

// clang-format off
KERNEL(f16_8, "mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16 " T_2_2_1_2, OUT2, A2, B1, C2)
KERNEL(f32_8, "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 " T_4_2_1_4, OUT4, A2, B1, C4)
KERNEL(f16_16, "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 " T_2_4_2_2, OUT2, A4, B2, C2)
KERNEL(f32_16, "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 " T_4_4_2_4, OUT4, A4, B2, C4)
KERNEL(bf16_8, "mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32 " T_4_2_1_4, OUT4, A2, B1, C4)
KERNEL(bf16_16, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 " T_4_4_2_4, OUT4, A4, B2, C4)
KERNEL(tf32_4, "mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32 " T_4_2_1_4, OUT4, A2, B1, C4)
KERNEL(tf32_8, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 " T_4_4_2_4, OUT4, A4, B2, C4)
KERNEL(f64_8_4, "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 " T_2_1_1_2, DOUT2, DA1, DB1, DC2)
#define INTEGER(a, b) \
    KERNEL(i_##a##_##b##_8_16, "mma.sync.aligned.m8n8k16.row.col.s32." #a "." #b ".s32 " T_2_1_1_2, OUT2, A1, B1, C2) \
    KERNEL(i_##a##_##b##_16_16, "mma.sync.aligned.m16n8k16.row.col.s32." #a "." #b ".s32 " T_4_2_1_4, OUT4, A2, B1, C4) \
    KERNEL(i_##a##_##b##_16_32, "mma.sync.aligned.m16n8k32.row.col.s32." #a "." #b ".s32 " T_4_4_2_4, OUT4, A4, B2, C4) \
    KERNEL(sat_##a##_##b##_8_16, "mma.sync.aligned.m8n8k16.row.col.satfinite.s32." #a "." #b ".s32 " T_2_1_1_2, OUT2, A1, B1, C2) \
    KERNEL(sat_##a##_##b##_16_32, "mma.sync.aligned.m16n8k32.row.col.satfinite.s32." #a "." #b ".s32 " T_4_4_2_4, OUT4, A4, B2, C4)
INTEGER(s8, s8)
INTEGER(s8, u8)
INTEGER(u8, s8)
INTEGER(u8, u8)
#define NIBBLE(a, b) \
    KERNEL(i_##a##_##b##_8_32, "mma.sync.aligned.m8n8k32.row.col.s32." #a "." #b ".s32 " T_2_1_1_2, OUT2, A1, B1, C2) \
    KERNEL(i_##a##_##b##_16_32, "mma.sync.aligned.m16n8k32.row.col.s32." #a "." #b ".s32 " T_4_2_1_4, OUT4, A2, B1, C4) \
    KERNEL(i_##a##_##b##_16_64, "mma.sync.aligned.m16n8k64.row.col.satfinite.s32." #a "." #b ".s32 " T_4_4_2_4, OUT4, A4, B2, C4)
NIBBLE(s4, s4)
NIBBLE(s4, u4)
NIBBLE(u4, s4)
NIBBLE(u4, u4)
#define BIT(op) \
    KERNEL(op##_8_128, "mma.sync.aligned.m8n8k128.row.col.s32.b1.b1.s32." #op ".popc " T_2_1_1_2, OUT2, A1, B1, C2) \
    KERNEL(op##_16_128, "mma.sync.aligned.m16n8k128.row.col.s32.b1.b1.s32." #op ".popc " T_4_2_1_4, OUT4, A2, B1, C4) \
    KERNEL(op##_16_256, "mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32." #op ".popc " T_4_4_2_4, OUT4, A4, B2, C4)
BIT(xor)
BIT(and)
// These want a newer architecture than sm_80.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900 || defined(__ACC__)
#define NEWER KERNEL
#else
#define NEWER(name, ...) __global__ void name(u32*) {}
#endif
#define SINCE_SM_89 (has_newer())
NEWER(f64_16_4, "mma.sync.aligned.m16n8k4.row.col.f64.f64.f64.f64 " T_4_2_1_4, DOUT4, DA2, DB1, DC4)
NEWER(f64_16_8, "mma.sync.aligned.m16n8k8.row.col.f64.f64.f64.f64 " T_4_4_2_4, DOUT4, DA4, DB2, DC4)
NEWER(f64_16_16, "mma.sync.aligned.m16n8k16.row.col.f64.f64.f64.f64 " T_4_8_4_4, DOUT4, DA8, DB4, DC4)
#define FP8(a, b) \
    NEWER(f32_##a##_##b##_32, "mma.sync.aligned.m16n8k32.row.col.f32." #a "." #b ".f32 " T_4_4_2_4, OUT4, A4, B2, C4) \
    NEWER(f16_##a##_##b##_32, "mma.sync.aligned.m16n8k32.row.col.f16." #a "." #b ".f16 " T_2_4_2_2, OUT2, A4, B2, C2) \
    NEWER(f32_##a##_##b##_16, "mma.sync.aligned.m16n8k16.row.col.f32." #a "." #b ".f32 " T_4_2_1_4, OUT4, A2, B1, C4) \
    NEWER(f16_##a##_##b##_16, "mma.sync.aligned.m16n8k16.row.col.f16." #a "." #b ".f16 " T_2_2_1_2, OUT2, A2, B1, C2)
FP8(e4m3, e4m3)
FP8(e4m3, e5m2)
FP8(e5m2, e4m3)
FP8(e5m2, e5m2)
#define VOLTA(la, lb) \
    KERNEL(v16_##la##_##lb, "mma.sync.aligned.m8n8k4." #la "." #lb ".f16.f16.f16.f16 " T_4_2_2_4, OUT4, A2, B2, C4) \
    KERNEL(v32_##la##_##lb, "mma.sync.aligned.m8n8k4." #la "." #lb ".f32.f16.f16.f32 " T_8_2_2_8, OUT8, A2, B2, C8) \
    KERNEL(vmix_##la##_##lb, "mma.sync.aligned.m8n8k4." #la "." #lb ".f32.f16.f16.f16 " T_8_2_2_4, OUT8, A2, B2, C4)
VOLTA(row, row)
VOLTA(row, col)
VOLTA(col, row)
VOLTA(col, col)
// clang-format on

/// m8n8k4 of f16: four products, of the quad pairs.
void compare_volta(const char* name, void (*kernel)(u32*), bool a_by_rows, bool b_by_rows, bool c16,
                   bool d16) {
    Registers r;
    std::vector<int> a(4 * 8 * 4), b(4 * 4 * 8), c(4 * 64);
    auto place = [](bool half, int lane, int i, int& row, int& column) {
        const int upper = lane < 16 ? 0 : 4;
        row = (half ? lane % 4 : (lane & 1) + (i & 2)) + upper;
        column = half ? i : (i & 4) + (lane & 2) + (i & 1);
    };
    int row, column;
    for (int lane = 0; lane < 32; ++lane) {
        const int pair = lane % 16 / 4, upper = lane < 16 ? 0 : 4;
        for (int i = 0; i < 4; ++i) {
            int x = draw("f16");
            r.put(lane, kA, i, 16, encode("f16", x));
            a[size_t(pair * 32 + ((a_by_rows ? lane % 4 : i) + upper) * 4 +
                     (a_by_rows ? i : lane % 4))] = x;
            x = draw("f16");
            r.put(lane, kB, i, 16, encode("f16", x));
            b[size_t(pair * 32 + (b_by_rows ? lane % 4 : i) * 8 + (b_by_rows ? i : lane % 4) +
                     upper)] = x;
        }
        for (int i = 0; i < 8; ++i) {
            const int x = draw("f16");
            place(c16, lane, i, row, column);
            c[size_t(pair * 64 + row * 8 + column)] = x;
            r.put(lane, kC, i, c16 ? 16 : 32, encode(c16 ? "f16" : "f32", x));
        }
    }
    r.run(kernel);
    for (int lane = 0; lane < 32; ++lane)
        for (int i = 0; i < 8; ++i) {
            const int pair = lane % 16 / 4;
            place(d16, lane, i, row, column);
            double want = c[size_t(pair * 64 + row * 8 + column)];
            for (int k = 0; k < 4; ++k)
                want += a[size_t(pair * 32 + row * 4 + k)] * b[size_t(pair * 32 + k * 8 + column)];
            EXPECT(decode(d16 ? "f16" : "f32", r.get(lane, kD, i, d16 ? 16 : 32)) == want,
                   "%s lane %d element %d", name, lane, i);
        }
}

// ---- matrices of 8 x 8 halves in shared memory
#define ROWS(name, declare, text, ...)                                                             \
    __global__ void name(u32* all) {                                                               \
        __shared__ alignas(16) unsigned short s[32 * 8];                                           \
        declare;                                                                                   \
        for (int i = 0; i < 8; ++i)                                                                \
            s[threadIdx.x * 8 + i] = (unsigned short)(threadIdx.x * 8 + i);                        \
        __syncthreads();                                                                           \
        /* rows in another order than that of threads */                                           \
        const u32 at = (u32)__cvta_generic_to_shared(s + (threadIdx.x * 5 % 32) * 8);              \
        u32 x = all[threadIdx.x], d[4] = {7, 7, 7, 7};                                             \
        asm volatile(text : __VA_ARGS__ : "memory");                                               \
        __syncthreads();                                                                           \
        for (int i = 0; i < 4; ++i)                                                                \
            all[threadIdx.x * 4 + i] = d[i];                                                       \
        for (int i = 0; i < 8; ++i)                                                                \
            all[128 + threadIdx.x * 8 + i] = s[threadIdx.x * 8 + i];                               \
        (void)x;                                                                                   \
    }
// clang-format off
ROWS(ld1, , "ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%0}, [%1];", "=r"(d[0]) : "r"(at))
ROWS(ld1t, , "ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%0}, [%1];", "=r"(d[0]) : "r"(at))
ROWS(ld2, , "ldmatrix.sync.aligned.m8n8.x2.shared::cta.b16 {%0, %1}, [%2];", "=r"(d[0]), "=r"(d[1]) : "r"(at))
ROWS(ld2t, , "ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2+0];", "=r"(d[0]), "=r"(d[1]) : "r"(at))
ROWS(ld4, , "ldmatrix.sync.aligned.x4.m8n8.shared.b16 {%0, %1, %2, %3}, [%4];", "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3]) : "r"(at))
ROWS(ld4t, , "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];", "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3]) : "r"(at))
ROWS(ld4g, , "ldmatrix.sync.aligned.m8n8.x4.b16 {%0, %1, %2, %3}, [%4];", "=r"(d[0]), "=r"(d[1]), "=r"(d[2]), "=r"(d[3]) : "l"(s + (threadIdx.x * 5 % 32) * 8))
ROWS(mov, , "movmatrix.sync.aligned.m8n8.trans.b16 %0, %1;", "=r"(d[0]) : "r"(x))
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900 || defined(__ACC__)
ROWS(st4, , "stmatrix.sync.aligned.m8n8.x4.shared.b16 [%0], {%1, %1, %2, %1};", : "r"(at), "r"(x), "r"(~x))
ROWS(st2t, , "stmatrix.sync.aligned.m8n8.x2.trans.shared.b16 [%0], {%1, %2};", : "r"(at), "r"(x), "r"(~x))
ROWS(st1, , "stmatrix.sync.aligned.m8n8.x1.shared.b16 [%0], {%1};", : "r"(at), "r"(x))
#else
__global__ void st4(u32*) {}
__global__ void st2t(u32*) {}
__global__ void st1(u32*) {}
#endif
// clang-format on

std::vector<u32> rows_after(void (*kernel)(u32*), const std::vector<u32>& in) {
    std::vector<u32> out(128 + 256);
    u32* device;
    CHECK(cudaMalloc(&device, out.size() * 4));
    CHECK(cudaMemset(device, 0, out.size() * 4));
    CHECK(cudaMemcpy(device, in.data(), in.size() * 4, cudaMemcpyHostToDevice));
    kernel<<<1, 32>>>(device);
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemcpy(out.data(), device, out.size() * 4, cudaMemcpyDeviceToHost));
    cudaFree(device);
    return out;
}
/// Thread 8 * matrix + row has given the address of a row.
u32 row_start(int matrix, int row) {
    return u32((8 * matrix + row) * 5 % 32 * 8);
}
void compare_load(const char* name, void (*kernel)(u32*), int count, bool trans) {
    const auto out = rows_after(kernel, std::vector<u32>(32));
    for (int lane = 0; lane < 32; ++lane)
        for (int matrix = 0; matrix < 4; ++matrix) {
            u32 want = 7;
            const int g = lane / 4, t = lane % 4 * 2;
            if (matrix < count && !trans)
                want = (row_start(matrix, g) + u32(t)) | (row_start(matrix, g) + u32(t) + 1) << 16;
            if (matrix < count && trans)
                want = (row_start(matrix, t) + u32(g)) | (row_start(matrix, t + 1) + u32(g)) << 16;
            EXPECT(out[size_t(lane * 4 + matrix)] == want, "%s lane %d matrix %d", name, lane,
                   matrix);
        }
}
void compare_store(const char* name, void (*kernel)(u32*), int count, bool trans,
                   const std::function<u32(int, u32)>& given) {
    std::vector<u32> in;
    for (u32 i = 0; i < 32; ++i)
        in.push_back(0x10000 * (1000 + i) + 2000 + i);
    const auto out = rows_after(kernel, in);
    std::vector<u32> want(256);
    for (u32 i = 0; i < 256; ++i)
        want[i] = i;
    for (int matrix = 0; matrix < count; ++matrix)
        for (int lane = 0; lane < 32; ++lane)
            for (int i = 0; i < 2; ++i) {
                const int g = lane / 4, t = lane % 4 * 2 + i;
                const u32 word = given(matrix, in[size_t(lane)]);
                want[row_start(matrix, trans ? t : g) + u32(trans ? g : t)] = word >> 16 * i &
                                                                              0xffff;
            }
    for (size_t i = 0; i < 256; ++i)
        EXPECT(out[128 + i] == want[i], "%s element %zu", name, i);
}

bool has_newer() {
    cudaFuncAttributes a;
    CHECK(cudaFuncGetAttributes(&a, st1));
    return a.binaryVersion >= 90 || a.ptxVersion >= 90
#ifdef __ACC__
           || true
#endif
        ;
}

int main() {
    compare("f16_8", f16_8, 16, 8, "f16", "f16", "f16");
    compare("f32_8", f32_8, 16, 8, "f16", "f16", "f32");
    compare("f16_16", f16_16, 16, 16, "f16", "f16", "f16");
    compare("f32_16", f32_16, 16, 16, "f16", "f16", "f32");
    compare("bf16_8", bf16_8, 16, 8, "bf16", "bf16", "f32");
    compare("bf16_16", bf16_16, 16, 16, "bf16", "bf16", "f32");
    compare("tf32_4", tf32_4, 16, 4, "tf32", "tf32", "f32");
    compare("tf32_8", tf32_8, 16, 8, "tf32", "tf32", "f32");
    compare("f64_8_4", f64_8_4, 8, 4, "f64", "f64", "f64");
#define INTEGERS(a, b)                                                                             \
    compare("i_" #a "_" #b "_8_16", i_##a##_##b##_8_16, 8, 16, #a, #b, "s32");                     \
    compare("i_" #a "_" #b "_16_16", i_##a##_##b##_16_16, 16, 16, #a, #b, "s32");                  \
    compare("i_" #a "_" #b "_16_32", i_##a##_##b##_16_32, 16, 32, #a, #b, "s32");                  \
    compare("sat_" #a "_" #b "_8_16", sat_##a##_##b##_8_16, 8, 16, #a, #b, "s32", "satfinite");    \
    compare("sat_" #a "_" #b "_16_32", sat_##a##_##b##_16_32, 16, 32, #a, #b, "s32", "satfinite")
    INTEGERS(s8, s8);
    INTEGERS(s8, u8);
    INTEGERS(u8, s8);
    INTEGERS(u8, u8);
#define NIBBLES(a, b)                                                                              \
    compare("i_" #a "_" #b "_8_32", i_##a##_##b##_8_32, 8, 32, #a, #b, "s32");                     \
    compare("i_" #a "_" #b "_16_32", i_##a##_##b##_16_32, 16, 32, #a, #b, "s32");                  \
    compare("i_" #a "_" #b "_16_64", i_##a##_##b##_16_64, 16, 64, #a, #b, "s32", "satfinite")
    NIBBLES(s4, s4);
    NIBBLES(s4, u4);
    NIBBLES(u4, s4);
    NIBBLES(u4, u4);
#define BITS(op)                                                                                   \
    compare(#op "_8_128", op##_8_128, 8, 128, "b1", "b1", "s32", #op);                             \
    compare(#op "_16_128", op##_16_128, 16, 128, "b1", "b1", "s32", #op);                          \
    compare(#op "_16_256", op##_16_256, 16, 256, "b1", "b1", "s32", #op)
    BITS(xor);
    BITS(and);
    if (SINCE_SM_89) {
        compare("f64_16_4", f64_16_4, 16, 4, "f64", "f64", "f64");
        compare("f64_16_8", f64_16_8, 16, 8, "f64", "f64", "f64");
        compare("f64_16_16", f64_16_16, 16, 16, "f64", "f64", "f64");
#define FP8S(a, b)                                                                                 \
    compare("f32_" #a "_" #b "_32", f32_##a##_##b##_32, 16, 32, #a, #b, "f32");                    \
    compare("f16_" #a "_" #b "_32", f16_##a##_##b##_32, 16, 32, #a, #b, "f16");                    \
    compare("f32_" #a "_" #b "_16", f32_##a##_##b##_16, 16, 16, #a, #b, "f32");                    \
    compare("f16_" #a "_" #b "_16", f16_##a##_##b##_16, 16, 16, #a, #b, "f16")
        FP8S(e4m3, e4m3);
        FP8S(e4m3, e5m2);
        FP8S(e5m2, e4m3);
        FP8S(e5m2, e5m2);
    }
#define VOLTAS(la, lb, ra, rb)                                                                     \
    compare_volta("v16_" #la "_" #lb, v16_##la##_##lb, ra, rb, true, true);                        \
    compare_volta("v32_" #la "_" #lb, v32_##la##_##lb, ra, rb, false, false);                      \
    compare_volta("vmix_" #la "_" #lb, vmix_##la##_##lb, ra, rb, true, false)
    VOLTAS(row, row, true, true);
    VOLTAS(row, col, true, false);
    VOLTAS(col, row, false, true);
    VOLTAS(col, col, false, false);
    compare_load("ld1", ld1, 1, false);
    compare_load("ld1t", ld1t, 1, true);
    compare_load("ld2", ld2, 2, false);
    compare_load("ld2t", ld2t, 2, true);
    compare_load("ld4", ld4, 4, false);
    compare_load("ld4t", ld4t, 4, true);
    compare_load("ld4g", ld4g, 4, false);
    if (SINCE_SM_89) {
        compare_store("st4", st4, 4, false, [](int m, u32 x) { return m == 2 ? ~x : x; });
        compare_store("st2t", st2t, 2, true, [](int m, u32 x) { return m == 1 ? ~x : x; });
        compare_store("st1", st1, 1, false, [](int, u32 x) { return x; });
    }
    std::vector<u32> in;
    for (u32 i = 0; i < 32; ++i)
        in.push_back(2 * i | (2 * i + 1) << 16); // element number row * 8 + column
    const auto out = rows_after(mov, in);
    for (u32 lane = 0; lane < 32; ++lane) {
        const u32 g = lane / 4, t = lane % 4 * 2;
        EXPECT(out[lane * 4] == ((t * 8 + g) | ((t + 1) * 8 + g) << 16));
    }
    return finish();
}
