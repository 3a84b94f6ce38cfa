// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operations on the two halves or four bytes of a word (CUDA's SIMD intrinsics).
#include "device.h"

namespace {

/// Applies a scalar operation to each of the 32/bits elements. T: signed or unsigned element type.
template <typename T, typename Operation>
LOCAL int each(int a, int b, Operation operation) {
    constexpr int width = int(sizeof(T)) * 8;
    constexpr u32 mask = (1u << width) - 1;
    u32 result = 0;
#pragma unroll
    for (int at = 0; at < 32; at += width)
        result |= (u32(operation(int(T(u32(a) >> at)), int(T(u32(b) >> at)))) & mask) << at;
    return int(result);
}

template <typename T>
LOCAL int clamp(int value) {
    constexpr bool is_signed = T(-1) < T(0);
    constexpr int high = is_signed ? (1 << (sizeof(T) * 8 - 1)) - 1 : (1 << (sizeof(T) * 8)) - 1;
    constexpr int low = is_signed ? -high - 1 : 0;
    return value < low ? low : value > high ? high : value;
}

LOCAL int distance(int a, int b) {
    return a > b ? a - b : b - a;
}

template <typename T>
LOCAL int sum_of_distances(int a, int b) {
    constexpr int width = int(sizeof(T)) * 8;
    int sum = 0;
#pragma unroll
    for (int at = 0; at < 32; at += width)
        sum += distance(int(T(u32(a) >> at)), int(T(u32(b) >> at)));
    return sum;
}

} // namespace

// One row per operation: name, element type for 2 and for 4 elements, expression of the elements x
// and y.
#define BINARY(name, T2, T4, expression)                                                           \
    NV int __nv_##name##2(int a, int b) {                                                          \
        using T = T2;                                                                              \
        (void)sizeof(T);                                                                           \
        return each<T2>(a, b, [](int x, int y) { return expression; });                            \
    }                                                                                              \
    NV int __nv_##name##4(int a, int b) {                                                          \
        using T = T4;                                                                              \
        (void)sizeof(T);                                                                           \
        return each<T4>(a, b, [](int x, int y) { return expression; });                            \
    }
#define UNARY(name, T2, T4, expression)                                                            \
    NV int __nv_##name##2(int a) {                                                                 \
        using T = T2;                                                                              \
        (void)sizeof(T);                                                                           \
        return each<T2>(a, 0, [](int x, int) { return expression; });                              \
    }                                                                                              \
    NV int __nv_##name##4(int a) {                                                                 \
        using T = T4;                                                                              \
        (void)sizeof(T);                                                                           \
        return each<T4>(a, 0, [](int x, int) { return expression; });                              \
    }
// Element types: S signed, U unsigned.
using S2 = short;
using S4 = signed char;
using U2 = unsigned short;
using U4 = unsigned char;
#define ROW(kind, name, sign, expression) kind(name, sign##2, sign##4, expression)

ROW(BINARY, vadd, U, x + y)
ROW(BINARY, vsub, U, x - y)
ROW(BINARY, vaddss, S, clamp<T>(x + y))
ROW(BINARY, vaddus, U, clamp<T>(x + y))
ROW(BINARY, vsubss, S, clamp<T>(x - y))
ROW(BINARY, vsubus, U, clamp<T>(x - y))
ROW(BINARY, vavgs, S, (x + y + ((x + y) >= 0)) >> 1)
ROW(BINARY, vavgu, U, (x + y + 1) >> 1)
ROW(BINARY, vhaddu, U, (x + y) >> 1)
ROW(BINARY, vabsdiffs, S, distance(x, y))
ROW(BINARY, vabsdiffu, U, distance(x, y))
ROW(BINARY, vmaxs, S, (x > y ? x : y))
ROW(BINARY, vmaxu, U, (x > y ? x : y))
ROW(BINARY, vmins, S, (x < y ? x : y))
ROW(BINARY, vminu, U, (x < y ? x : y))
ROW(UNARY, vabs, S, (x < 0 ? -x : x))
ROW(UNARY, vabsss, S, clamp<T>(x < 0 ? -x : x))
ROW(UNARY, vneg, S, -x)
ROW(UNARY, vnegss, S, clamp<T>(-x))

#define COMPARISON(name, sign, op)                                                                 \
    ROW(BINARY, vcmp##name, sign, ((x op y) ? -1 : 0))                                             \
    ROW(BINARY, vset##name, sign, ((x op y) ? 1 : 0))
COMPARISON(eq, U, ==)
COMPARISON(ne, U, !=)
COMPARISON(ges, S, >=)
COMPARISON(geu, U, >=)
COMPARISON(gts, S, >)
COMPARISON(gtu, U, >)
COMPARISON(les, S, <=)
COMPARISON(leu, U, <=)
COMPARISON(lts, S, <)
COMPARISON(ltu, U, <)

NV int __nv_vsads2(int a, int b) {
    return sum_of_distances<short>(a, b);
}
NV int __nv_vsads4(int a, int b) {
    return sum_of_distances<signed char>(a, b);
}
NV int __nv_vsadu2(int a, int b) {
    return sum_of_distances<unsigned short>(a, b);
}
NV int __nv_vsadu4(int a, int b) {
    return sum_of_distances<unsigned char>(a, b);
}
