// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++17's special functions come with the program's <cmath>, not with what every .cu file sees (they take a tenth of the time of
// reading it); what libstdc++ includes for them is there without an #include, as with nvcc.
// RUN: %cuda_device -std=c++17 %s -o /dev/null
// RUN: %cuda_host -std=c++17 %s -o /dev/null
// RUN: %cuda_host -std=c++14 %s -o /dev/null
// RUN: g++ -std=c++17 -Wall -Werror -pedantic -fsyntax-only -I %cuda_headers -x c++ -DHOST %s
#if defined(__STDCPP_MATH_SPEC_FUNCS__) && !defined(HOST)
#error "the special functions were read"
#endif
#ifndef HOST
#if __cplusplus >= 201703L
int largest(int a) { return std::max(a, std::numeric_limits<int>::max()); }
std::is_same<int, int> same;
#endif
#endif
#include <cmath>
#if __cplusplus >= 201703L
double beta(double x) { return std::beta(x, 2.0) + std::legendre(2, x); }
#endif
double sine(double x) { return std::sin(x); }
