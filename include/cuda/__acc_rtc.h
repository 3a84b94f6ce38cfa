// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a source sees that is compiled at run time (NVRTC): the built-in types, variables and
// functions of the device, and nothing of the host's C and C++ libraries. Precompiled by the
// compiler (compiler/driver/RtcHeader), with acc_impl/rtc in the search path.
#pragma once

#define __CUDACC_RTC__ 1
#define __CUDACC__ 1
#define __ACC__ 1
#define __CUDACC_VER_MAJOR__ 12
#define __CUDACC_VER_MINOR__ 9
#define __CUDACC_VER_BUILD__ 41
#define __CUDA_API_VER_MAJOR__ 12
#define __CUDA_API_VER_MINOR__ 9
#define __NVCC_DIAG_PRAGMA_SUPPORT__ 1
#if defined(__CLANG_RDC__)
#define __CUDACC_RDC__ 1
#endif

#include <__clang_cuda_math_forward_declares.h>

#include "acc_impl/rtc/host_names.h"

// What clang's headers name of the C and C++ libraries. A program's own `std` and macros are its
// own.
#define std __acc_std
#define HUGE_VAL __builtin_huge_val()
#define HUGE_VALF __builtin_huge_valf()
#define FP_NAN 0
#define FP_INFINITE 1
#define FP_ZERO 2
#define FP_SUBNORMAL 3
#define FP_NORMAL 4
#define INT_MAX __INT_MAX__
#define INT_MIN (-__INT_MAX__ - 1)
#define UINT_MAX (__INT_MAX__ * 2U + 1U)
#include "cuda_runtime.h"
#undef std
#undef HUGE_VAL
#undef HUGE_VALF
#undef FP_NAN
#undef FP_INFINITE
#undef FP_ZERO
#undef FP_SUBNORMAL
#undef FP_NORMAL
#undef INT_MAX
#undef INT_MIN
#undef UINT_MAX
#include "device_launch_parameters.h"
