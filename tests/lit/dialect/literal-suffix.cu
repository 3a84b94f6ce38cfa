// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this program, and warns.
// A suffix of a literal that is not the program's to define, and a macro behind a string.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -c %s -o %t.o 2>&1 | FileCheck %s
#include <cinttypes>
#include <cstdio>
struct day {
    int n;
};
// CHECK: literal-suffix.cu:[[#@LINE+1]]:{{.*}}warning: invalid suffix on literal
__host__ __device__ constexpr day operator""d(unsigned long long n) { return {int(n)}; }
// clang-format off
// CHECK: literal-suffix.cu:[[#@LINE+1]]:{{.*}}warning: invalid suffix on literal
void f() { std::printf("%"PRId64"\n", int64_t(operator""d(3).n)); }
