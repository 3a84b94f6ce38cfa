// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One PTX instruction against a computation of the host, over all combinations of interesting
// operands. Plain CUDA: nvcc builds it as accc does.
//   CASE2(name, "add.sat.s32", s32, s32, s32, expression in a and b)
// asm: "add.sat.s32 %0, %1, %2;". The types are result, operands. CASE1 and CASE3 likewise; TEXTn
// takes the whole text.
#pragma once

#include "../common/check.h"

#include <cfenv>
#include <cmath>
#include <cstdint>
#include <type_traits>

typedef int16_t s16;
typedef uint16_t u16;
typedef int32_t s32;
typedef uint32_t u32;
typedef long long s64;
typedef unsigned long long u64;
typedef float f32;
typedef double f64;
#define ACC_CONSTRAINT_s16 "h"
#define ACC_CONSTRAINT_u16 "h"
#define ACC_CONSTRAINT_s32 "r"
#define ACC_CONSTRAINT_u32 "r"
#define ACC_CONSTRAINT_s64 "l"
#define ACC_CONSTRAINT_u64 "l"
#define ACC_CONSTRAINT_f32 "f"
#define ACC_CONSTRAINT_f64 "d"

template <class To, class From>
To bits_as(From from) {
    static_assert(sizeof(To) == sizeof(From), "same size");
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}

/// Bit patterns that matter for integers and as f16, bf16 or pairs of them.
inline const std::vector<u64>& patterns() {
    static const std::vector<u64> values = {0,
                                            1,
                                            2,
                                            3,
                                            5,
                                            15,
                                            16,
                                            31,
                                            32,
                                            33,
                                            63,
                                            64,
                                            65,
                                            127,
                                            128,
                                            255,
                                            256,
                                            0x3c00,
                                            0x3c01,
                                            0x7fff,
                                            0x8000,
                                            0x8001,
                                            0xffff,
                                            0x10000,
                                            0x3c00bc00,
                                            0x7c00fc00,
                                            0x7e000001,
                                            0x12345678,
                                            0x7fffffff,
                                            0x80000000,
                                            0x80000001,
                                            0xdeadbeef,
                                            0xfffffffe,
                                            0xffffffff,
                                            0x100000000,
                                            0x0123456789abcdef,
                                            0x7fffffffffffffff,
                                            0x8000000000000000,
                                            0xdeadbeefcafebabe,
                                            0xfffffffffffffff0,
                                            ~0ull};
    return values;
}

inline const std::vector<double>& numbers() {
    static const std::vector<double> values = {0.0,           -0.0,         1.0,
                                               -1.0,          0.5,          -0.5,
                                               1.5,           2.5,          -2.5,
                                               3.0,           0.1,          -0.7,
                                               1.0 / 3,       100.25,       -254.5,
                                               255.5,         32767.5,      -32769.0,
                                               65504.0,       65519.0,      65520.0,
                                               1e5,           16777217.0,   2147483647.0,
                                               -2147483649.0, 4294967295.5, 9.3e18,
                                               -9.3e18,       1.9e19,       1e30,
                                               1e38,          -3.4e38,      0x1.fffffep127,
                                               0x1p-126,      0x1p-127,     -0x1p-149,
                                               0x1.8p-130,    0x1p-14,      0x1p-24,
                                               -0x1.8p-25,    0x1p-1030,    1e300,
                                               INFINITY,      -INFINITY,    NAN};
    return values;
}

template <class T>
std::vector<T> values_of() {
    std::vector<T> values;
    if (std::is_floating_point<T>::value) {
        for (double v : numbers())
            if (sizeof(T) == 8 || v != v || std::isinf(v) || std::fabs(v) <= 0x1.fffffep127)
                values.push_back((T)v);
    } else {
        for (u64 v : patterns())
            if (sizeof(T) == 8 || v >> (sizeof(T) * 8) == 0) values.push_back((T)v);
    }
    return values;
}

template <class T>
u64 raw(T value) {
    u64 bits = 0;
    std::memcpy(&bits, &value, sizeof value);
    return bits;
}

template <class T>
bool same(T got, T want) {
    return got == want;
}
/// NaNs only have to be NaNs.
template <>
inline bool same(f32 got, f32 want) {
    return (got != got && want != want) || bits_as<u32>(got) == bits_as<u32>(want);
}
template <>
inline bool same(f64 got, f64 want) {
    return (got != got && want != want) || bits_as<u64>(got) == bits_as<u64>(want);
}

template <class C>
__global__ void run_case(typename C::A* a, typename C::B* b, typename C::C* c, typename C::D* d,
                         int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) d[i] = C::device(a[i], b[i], c[i]);
}

template <class C>
void check_case(const char* text) {
    std::vector<typename C::A> as = values_of<typename C::A>(), a;
    std::vector<typename C::B> bs = values_of<typename C::B>(), b;
    std::vector<typename C::C> cs = values_of<typename C::C>(), c;
    if (C::operands < 3) cs.resize(1);
    if (C::operands < 2) bs.resize(1);
    for (auto x : as)
        for (auto y : bs)
            for (size_t k = 0; k < cs.size(); k += C::operands < 3 ? 1 : 2) {
                a.push_back(x);
                b.push_back(y);
                c.push_back(cs[k]);
            }
    Buffer<typename C::A> da(a);
    Buffer<typename C::B> db(b);
    Buffer<typename C::C> dc(c);
    Buffer<typename C::D> dd(a.size());
    run_case<C><<<((int)a.size() + 127) / 128, 128>>>(da.device(), db.device(), dc.device(),
                                                      dd.device(), (int)a.size());
    SYNC();
    dd.download();
    int wrong = 0;
    for (size_t i = 0; i < a.size(); ++i) {
        typename C::D want = C::host(a[i], b[i], c[i]);
        if (same(dd[i], want) || ++wrong > 2) continue;
        ++failures();
        std::printf("%s: operands %.9g %.9g %.9g: %.9g (0x%llx), expected %.9g (0x%llx)\n", text,
                    (double)a[i], (double)b[i], (double)c[i], (double)dd[i], raw(dd[i]),
                    (double)want, raw(want));
    }
}

#define ACC_CASE(N, NAME, TEXT, TD, TA, TB, TC, ...)                                               \
    struct NAME {                                                                                  \
        typedef TD D;                                                                              \
        typedef TA A;                                                                              \
        typedef TB B;                                                                              \
        typedef TC C;                                                                              \
        enum { operands = N };                                                                     \
        static __device__ D device(A a, B b, C c) {                                                \
            D d;                                                                                   \
            asm(TEXT                                                                               \
                : "=" ACC_CONSTRAINT_##TD(d)                                                       \
                : ACC_CONSTRAINT_##TA(a), ACC_CONSTRAINT_##TB(b), ACC_CONSTRAINT_##TC(c));         \
            return d;                                                                              \
        }                                                                                          \
        static D host(A a, B b, C c) {                                                             \
            (void)b, (void)c;                                                                      \
            return (D)(__VA_ARGS__);                                                               \
        }                                                                                          \
    };                                                                                             \
    static const Registered registered_##NAME(TEXT, check_case<NAME>);

#define TEXT1(NAME, TEXT, D, A, ...) ACC_CASE(1, NAME, TEXT, D, A, s32, s32, __VA_ARGS__)
#define TEXT2(NAME, TEXT, D, A, B, ...) ACC_CASE(2, NAME, TEXT, D, A, B, s32, __VA_ARGS__)
#define TEXT3(NAME, TEXT, D, A, B, C, ...) ACC_CASE(3, NAME, TEXT, D, A, B, C, __VA_ARGS__)
#define CASE1(NAME, OP, D, A, ...) TEXT1(NAME, OP " %0, %1;", D, A, __VA_ARGS__)
#define CASE2(NAME, OP, D, A, B, ...) TEXT2(NAME, OP " %0, %1, %2;", D, A, B, __VA_ARGS__)
#define CASE3(NAME, OP, D, A, B, C, ...) TEXT3(NAME, OP " %0, %1, %2, %3;", D, A, B, C, __VA_ARGS__)

/// The cases of the program, in order.
struct Registered {
    const char* text;
    void (*check)(const char*);
    const Registered* next;
    static const Registered*& first() {
        static const Registered* list = nullptr;
        return list;
    }
    Registered(const char* t, void (*c)(const char*)) : text(t), check(c), next(first()) {
        first() = this;
    }
};

inline int run_all() {
    for (const Registered* entry = Registered::first(); entry; entry = entry->next)
        entry->check(entry->text);
    return finish();
}
