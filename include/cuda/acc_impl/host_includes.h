// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The standard headers that nvcc makes visible in every .cu file; programs rely on them without an
// #include.
#pragma once
#if defined(__CUDACC__) && defined(__cplusplus)
#define __ACC_IMPLICIT_CMATH // ../cmath
#include <assert.h>
#include <cmath>
#include <cstdlib>
#include <limits.h>
#include <math.h>
#include <new>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if __cplusplus >= 201103L
#include <utility>
#endif
#undef __ACC_IMPLICIT_CMATH
#endif
