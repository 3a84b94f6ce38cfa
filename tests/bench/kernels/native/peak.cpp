// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prints the floating-point operations per second that one core of this machine gives: twelve
// chains of fused multiply-adds of 16 floats each, the best of ten tries of 20 ms. Shares of the
// peak are relative to it.

#include "native.h"

namespace {

constexpr int chains = 12;

__attribute__((noinline)) float chain(long turns, float factor, float term) {
    float16 sums[chains];
    for (int i = 0; i < chains; ++i)
        sums[i] = splat(static_cast<float>(i));
    for (long turn = 0; turn < turns; ++turn) {
#pragma unroll
        for (float16& sum : sums)
            sum = __builtin_elementwise_fma(sum, splat(factor), splat(term));
    }
    float result = 0;
    for (const float16& sum : sums)
        for (int lane = 0; lane < 16; ++lane)
            result += sum[lane];
    return result;
}

} // namespace

int main(int argc, char**) {
    const float factor = 0.5f / static_cast<float>(argc); // not known to the compiler
    const long turns = 1000000;
    double best = 0;
    float use = 0;
    for (int i = 0; i < 10; ++i) {
        const double begin = bench::cpu_seconds();
        use += chain(turns, factor, static_cast<float>(i)); // each is another
        best = std::max(best, 2.0 * 16 * chains * turns / (bench::cpu_seconds() - begin));
    }
    std::printf("%.4g\n", use == 0 ? 0 : best);
    return 0;
}
