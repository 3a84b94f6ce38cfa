// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of two words (functions.py): each is run on the same inputs in both places.
#pragma once
#include "prelude.cuh"
#ifndef __CUDACC__
#include "harness.h"

struct FunctionTest {
    const char* kernel;
    uint64_t (*reference)(uint64_t, uint64_t);
    CUresult (*run)(CUfunction, CUdeviceptr in, CUdeviceptr out, int n);
};

inline const std::vector<uint64_t>& inputs() {
    static const std::vector<uint64_t> all = [] {
        std::vector<uint64_t> in;
        const uint64_t special[] = {0,
                                    1,
                                    2,
                                    31,
                                    32,
                                    63,
                                    127,
                                    128,
                                    255,
                                    0x7fff,
                                    0x8000,
                                    0xffff,
                                    0x7fffffff,
                                    0x80000000,
                                    0xffffffff,
                                    0x100000000,
                                    0x7fffffffffffffff,
                                    0x8000000000000000,
                                    0xffffffffffffffff,
                                    0x3f800000};
        uint64_t x = 88172645463325252ull;
        for (uint64_t a : special)
            for (int i = 0; i < 10; ++i) {
                in.push_back(a);
                in.push_back(special[next(x) % (sizeof special / sizeof *special)]);
            }
        while (in.size() < 2 * 448) {
            next(x);
            in.push_back(in.size() % 3 ? x : x >> 40);
        }
        return in;
    }();
    return all;
}

template <int N>
int check_functions(const FunctionTest (&tests)[N]) {
    const std::vector<uint64_t>& in = inputs();
    const int n = (int)in.size() / 2;
    Buffer<uint64_t> from(in), to(n);
    int bad = 0;
    for (const FunctionTest& test : tests) {
        std::vector<uint64_t> want(n);
        for (int i = 0; i < n; ++i)
            want[i] = test.reference(in[2 * i], in[2 * i + 1]);
        for (const Build& build : builds) {
            must(test.run(kernel_of(build, test.kernel), from.at, to.at, n), test.kernel);
            std::vector<uint64_t> got = to.read();
            for (int i = 0; i < n; ++i)
                if (got[i] != want[i]) {
                    printf("%s of %s (0x%llx, 0x%llx): host 0x%llx device 0x%llx\n", test.kernel,
                           build.file, (unsigned long long)in[2 * i],
                           (unsigned long long)in[2 * i + 1], (unsigned long long)want[i],
                           (unsigned long long)got[i]);
                    ++bad;
                    break;
                }
        }
    }
    return bad;
}
#endif
