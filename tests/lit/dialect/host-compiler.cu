// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this (with g++ 12 as its host compiler; with CLANG, and clang++ as that).
// Programs see the host compiler, not the one that reads them; headers of the system see clang.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
// RUN: accc -arch=sm_80 -E %s | FileCheck %s
// RUN: accc -arch=sm_80 -DCLANG -ccbin clang++-22 -c %s -o %t.o
// What a program or a command line defines stays as it is, whatever header is read in between.
// RUN: accc -arch=sm_80 -DOWN -U__GNUC_MINOR__ -c %s -o %t.o
// CHECK: "the compiler is " "{{[0-9]+}}.2.0"
#include <immintrin.h>

#include <vector>

#ifdef OWN
#define __clang__ own
#undef __GNUC__
#include <atomic>
#define TEXT(x) #x
#define QUOTE(x) TEXT(x)
static_assert(sizeof(QUOTE(__clang__)) == sizeof("own"), "");
#ifdef __GNUC__
#error "__GNUC__ came back"
#endif
#elif defined(CLANG)
#if !defined(__clang__) || __clang_major__ < 10 || __GNUC__ != 4 || !__has_feature(cxx_lambdas)
#error "no clang"
#endif
#else
#if defined(__clang__) || defined(__clang_major__) || defined(__llvm__) || defined(__CUDA__)
#error "clang shows"
#endif
#if defined(__has_feature) || defined(__has_extension) || defined(__NVPTX__)
#error "what g++ 12 does not have"
#endif
#if !defined(__has_builtin) || !defined(__has_cpp_attribute) || !__has_attribute(unused)
#error "what g++ 12 has is missing"
#endif
#if __GNUC__ != _GLIBCXX_RELEASE || __GNUG__ != __GNUC__ || !defined(__GNUC_PATCHLEVEL__)
#error "another g++ than the library's"
#endif
#if !defined(__CUDACC__) || !defined(__NVCC__)
#error "no nvcc"
#endif
static const int version = __GNUC__ * 100 + __GNUC_MINOR__;
static_assert(version >= 1000, "");
int the_compiler_is(const char* = "the compiler is " __VERSION__);
#endif

// The headers' own code still is what it is for clang.
__global__ void kernel(int* p) { *p = __popc(unsigned(*p)); }
int main() {
    std::vector<int> v(3);
    __m128i x = _mm_set1_epi32(1);
    return int(v.size()) + _mm_cvtsi128_si32(x);
}
