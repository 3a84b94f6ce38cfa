// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of the C library that NVRTC declares, for sources without any header of the host.
#pragma once

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef long clock_t;
typedef __builtin_va_list va_list;
#define va_start(list, last) __builtin_va_start(list, last)
#define va_end(list) __builtin_va_end(list)
#define va_arg(list, type) __builtin_va_arg(list, type)
#define va_copy(to, from) __builtin_va_copy(to, from)
#ifndef NULL
#define NULL __null
#endif
