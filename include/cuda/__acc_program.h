// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands between our headers and the program: included by the headers that accc includes
// first (__acc_cuda_wrapper.h), or by itself behind a precompiled __acc_rtc.h, because pragmas are
// not kept in precompiled headers.

// Shows the program's declarations to compiler/dialect (Declarations).
#if __has_attribute(acc_declaration)
#pragma clang attribute acc.push(__attribute__((acc_declaration)),                                 \
                                 apply_to = any(function, variable(is_global)))
// Macros that expand to a line with a #pragma (MacroPragmas).
#pragma acc_macro_pragmas
#endif

// From here on programs see the host compiler: g++ with its library (compiler/dialect), unless
// -ccbin names clang. Debian's last versions of GCC are all x.2.0. Sources that are compiled at run
// time see none, as with NVRTC.
#if defined(__CUDACC_RTC__)
#pragma acc_host_compiler 0 0 0
// NVRTC has it without a header.
#if defined(NDEBUG)
#define assert(condition) ((void)0)
#else
#define assert(condition)                                                                          \
    ((condition)                                                                                   \
         ? (void)0                                                                                 \
         : __assertfail(#condition, __FILE__, __LINE__, __PRETTY_FUNCTION__, sizeof(char)))
#endif
#elif defined(_GLIBCXX_RELEASE) && !defined(__ACC_HOST_COMPILER_CLANG)
#pragma acc_host_compiler _GLIBCXX_RELEASE 2 0
#endif
