// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constants of cuRAND's device functions that programs use by name.
#pragma once
#define CURAND_GLOBALS_H

#define CURAND_2POW32 (4294967296.f)
#define CURAND_2POW32_DOUBLE (4294967296.)
#define CURAND_2POW32_INV (2.3283064e-10f) // 2^-32
#define CURAND_2POW32_INV_DOUBLE (2.3283064365386963e-10)
#define CURAND_2POW53_INV_DOUBLE (1.1102230246251565e-16)
#define CURAND_2POW32_INV_2PI (2.3283064e-10f * 6.2831855f)
#define CURAND_2PI (6.2831855f)
#define CURAND_2POW53_INV_2PI_DOUBLE (1.1102230246251565e-16 * 6.2831853071795860)
#define CURAND_PI_DOUBLE (3.1415926535897932)
#define CURAND_2PI_DOUBLE (6.2831853071795860)
#define CURAND_SQRT2 (-1.4142135f) // negative: the factor of erfcinv in the quantile of the normal
#define CURAND_SQRT2_DOUBLE (-1.4142135623730951)

// What cuRAND's device functions are; a program may define it first, to have them on the host as
// well.
#if !defined(QUALIFIERS)
#define QUALIFIERS static __forceinline__ __device__
#endif

// A table: TABLE() is its start, on the device and on the host.
#if defined(__CUDA_ARCH__)
#define __ACC_RAND_TABLE static const __device__
#else
#define __ACC_RAND_TABLE static const
#endif
