// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a row of the table needs in a CUDA source: F1(name, result, operand, expression of x,
// reference, bound), F2 with operands x and y, F3 with z, F4 with w. A file of rows includes this
// once.
#pragma once

#include "table.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstring>

namespace accuracy {
namespace {

struct None {};
typedef __half f16;
typedef __nv_bfloat16 bf16;
typedef float f32;
typedef double f64;
typedef short s16;
typedef unsigned short u16;
typedef int s32;
typedef unsigned u32;
typedef long long s64;
typedef unsigned long long u64;

template <class T>
struct TypeOf;
#define ACCURACY_TYPE(T)                                                                           \
    template <>                                                                                    \
    struct TypeOf<T> {                                                                             \
        static constexpr Type value = Type::T;                                                     \
    };
ACCURACY_TYPE(f16)
ACCURACY_TYPE(bf16)
ACCURACY_TYPE(f32)
ACCURACY_TYPE(f64)
ACCURACY_TYPE(s16)
ACCURACY_TYPE(u16)
ACCURACY_TYPE(s32)
ACCURACY_TYPE(u32)
ACCURACY_TYPE(s64)
ACCURACY_TYPE(u64)
#undef ACCURACY_TYPE
template <>
struct TypeOf<None> {
    static constexpr Type value = Type::u64;
};

template <class T>
__device__ T operand(const uint64_t* words, unsigned i) {
    T value;
    uint64_t word = words[i];
    memcpy(&value, &word, sizeof value);
    return value;
}
template <>
__device__ None operand<None>(const uint64_t*, unsigned) {
    return None();
}

template <int line>
struct Function;

template <class F>
__global__ void evaluate(unsigned n, const uint64_t* a, const uint64_t* b, const uint64_t* c,
                         const uint64_t* d, uint64_t* results) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    typename F::Result value = F::call(operand<typename F::X>(a, i), operand<typename F::Y>(b, i),
                                       operand<typename F::Z>(c, i), operand<typename F::W>(d, i));
    uint64_t word = 0;
    memcpy(&word, &value, sizeof value);
    results[i] = word;
}

template <class F>
void launch(unsigned n, const uint64_t* const* operands, uint64_t* results) {
    evaluate<F>
        <<<(n + 255) / 256, 256>>>(n, operands[0], operands[1], operands[2], operands[3], results);
}

#define ACCURACY_JOIN_(a, b) a##b
#define ACCURACY_JOIN(a, b) ACCURACY_JOIN_(a, b)
#define ACCURACY_ROW(NAME, COUNT, R, XT, YT, ZT, WT, EXPRESSION, REFERENCE, BOUND)                 \
    template <>                                                                                    \
    struct Function<__LINE__> {                                                                    \
        typedef R Result;                                                                          \
        typedef XT X;                                                                              \
        typedef YT Y;                                                                              \
        typedef ZT Z;                                                                              \
        typedef WT W;                                                                              \
        static __device__ R call(X x, Y y, Z z, W w) {                                             \
            (void)x, (void)y, (void)z, (void)w;                                                    \
            return EXPRESSION;                                                                     \
        }                                                                                          \
    };                                                                                             \
    const Registered ACCURACY_JOIN(registered_, __LINE__)(                                         \
        {NAME,                                                                                     \
         TypeOf<R>::value,                                                                         \
         COUNT,                                                                                    \
         {TypeOf<XT>::value, TypeOf<YT>::value, TypeOf<ZT>::value, TypeOf<WT>::value},             \
         REFERENCE,                                                                                \
         BOUND,                                                                                    \
         &launch<Function<__LINE__>>});
#define F1(NAME, R, X, EXPRESSION, REFERENCE, BOUND)                                               \
    ACCURACY_ROW(NAME, 1, R, X, None, None, None, EXPRESSION, REFERENCE, BOUND)
#define F2(NAME, R, X, Y, EXPRESSION, REFERENCE, BOUND)                                            \
    ACCURACY_ROW(NAME, 2, R, X, Y, None, None, EXPRESSION, REFERENCE, BOUND)
#define F3(NAME, R, X, Y, Z, EXPRESSION, REFERENCE, BOUND)                                         \
    ACCURACY_ROW(NAME, 3, R, X, Y, Z, None, EXPRESSION, REFERENCE, BOUND)
#define F4(NAME, R, X, Y, Z, W, EXPRESSION, REFERENCE, BOUND)                                      \
    ACCURACY_ROW(NAME, 4, R, X, Y, Z, W, EXPRESSION, REFERENCE, BOUND)
/// A function whose result is defined to the last bit: the reference is of the same name.
#define E1(NAME, R, X, EXPRESSION, REFERENCE) F1(NAME, R, X, EXPRESSION, REFERENCE, ulp(0))
#define E2(NAME, R, X, Y, EXPRESSION, REFERENCE) F2(NAME, R, X, Y, EXPRESSION, REFERENCE, ulp(0))
#define E3(NAME, R, X, Y, Z, EXPRESSION, REFERENCE)                                                \
    F3(NAME, R, X, Y, Z, EXPRESSION, REFERENCE, ulp(0))

} // namespace
} // namespace accuracy
