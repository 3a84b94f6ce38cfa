// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that device code calls by their C names, the launch hooks clang's host code calls, and
// the conversions of the built-in variables. The device functions without a body are defined by the
// device library.
#pragma once
#include "../cuda_device_runtime_api.h"

extern "C" {
__device__ int vprintf(const char*, const char*);
__device__ int printf(const char*,
                      ...); // clang turns a call into vprintf(format, packed arguments)
__device__ void* malloc(size_t) __attribute__((nothrow, malloc));
__device__ void free(void*) __attribute__((nothrow));
__device__ void __assertfail(const char* message, const char* file, unsigned line,
                             const char* function, size_t charSize) __attribute__((noreturn));
// What <assert.h> calls.
__attribute__((noreturn)) __device__ static inline void
__assert_fail(const char* message, const char* file, unsigned line, const char* function) {
    __assertfail(message, file, line, function, sizeof(char));
}

// Byte operations: clang turns these into memory intrinsics.
__device__ static inline void* memcpy(void* to, const void* from, size_t count) {
    return __builtin_memcpy(to, from, count);
}
__device__ static inline void* memmove(void* to, const void* from, size_t count) {
    return __builtin_memmove(to, from, count);
}
__device__ static inline void* memset(void* to, int value, size_t count) {
    return __builtin_memset(to, value, count);
}

unsigned __cudaPushCallConfiguration(dim3 gridDim, dim3 blockDim = 1, size_t sharedMem = 0,
                                     void* stream = 0);
} // extern "C"

#if !defined(__CUDA_ARCH__)
// What a __device__ function is for the host (compiler/dialect, HostCalls): code may name it. It is
// made in the files that do.
static void __acc_no_host_code() __asm__("__acc_no_host_code") __attribute__((unused));
static void __acc_no_host_code() {
    ::fputs("a __device__ function was called on the host\n", stderr);
    ::exit(1);
}
#endif

// The device's functions under their names in std: the same functions, as <cstdlib>'s are.
namespace std {
using ::free;
using ::malloc;
} // namespace std
