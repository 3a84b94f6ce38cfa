// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Atomic functions. All are relaxed; the plain name is device scope, _block and _system narrow and
// widen it. They are clang's scoped atomics, so the IR has ordinary `atomicrmw ... monotonic` and
// `cmpxchg ... monotonic` instructions. clang drops their scope for this target: __ACC_SCOPED names
// it once more, for the compiler's front end, and gives the address.
#pragma once

extern "C" __device__ void* __acc_atomic_scope(const volatile void* address, int scope);
#define __ACC_SCOPED(T, ADDRESS, SCOPE) ((T*)__acc_atomic_scope((ADDRESS), (SCOPE)))

#define __ACC_DEV static __device__ __forceinline__ __attribute__((__nodebug__))

#define __ACC_ATOMIC_SCOPE(SUFFIX, SCOPE)                                                          \
    __ACC_ATOMIC_ARITHMETIC(int, SUFFIX, SCOPE)                                                    \
    __ACC_ATOMIC_ARITHMETIC(unsigned, SUFFIX, SCOPE)                                               \
    __ACC_ATOMIC_OP(Add, fetch_add, unsigned long long, SUFFIX, SCOPE)                             \
    __ACC_ATOMIC_OP(Add, fetch_add, float, SUFFIX, SCOPE)                                          \
    __ACC_ATOMIC_DOUBLE(SUFFIX, SCOPE)                                                             \
    __ACC_ATOMIC_OP(Exch, exchange_n, unsigned long long, SUFFIX, SCOPE)                           \
    __ACC_ATOMIC_EXCH_FLOAT(SUFFIX, SCOPE)                                                         \
    __ACC_ATOMIC_LOGIC(unsigned long long, SUFFIX, SCOPE)                                          \
    __ACC_ATOMIC_LOGIC(long long, SUFFIX, SCOPE)                                                   \
    __ACC_ATOMIC_OP(Inc, fetch_uinc, unsigned, SUFFIX, SCOPE)                                      \
    __ACC_ATOMIC_OP(Dec, fetch_udec, unsigned, SUFFIX, SCOPE)                                      \
    __ACC_ATOMIC_CAS(int, SUFFIX, SCOPE)                                                           \
    __ACC_ATOMIC_CAS(unsigned, SUFFIX, SCOPE)                                                      \
    __ACC_ATOMIC_CAS(unsigned long long, SUFFIX, SCOPE)                                            \
    __ACC_ATOMIC_CAS(unsigned short, SUFFIX, SCOPE)

#define __ACC_ATOMIC_OP(NAME, OP, T, SUFFIX, SCOPE)                                                \
    __ACC_DEV T atomic##NAME##SUFFIX(T* address, T value) {                                        \
        return __scoped_atomic_##OP(__ACC_SCOPED(T, address, SCOPE), value, __ATOMIC_RELAXED,      \
                                    SCOPE);                                                        \
    }
// Programs written for compute capabilities below 6.0 define their own atomicAdd(double *, double)
// there.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 600
#define __ACC_ATOMIC_DOUBLE(SUFFIX, SCOPE) __ACC_ATOMIC_OP(Add, fetch_add, double, SUFFIX, SCOPE)
#else
#define __ACC_ATOMIC_DOUBLE(SUFFIX, SCOPE)
#endif
#define __ACC_ATOMIC_LOGIC(T, SUFFIX, SCOPE)                                                       \
    __ACC_ATOMIC_OP(Min, fetch_min, T, SUFFIX, SCOPE)                                              \
    __ACC_ATOMIC_OP(Max, fetch_max, T, SUFFIX, SCOPE)                                              \
    __ACC_ATOMIC_OP(And, fetch_and, T, SUFFIX, SCOPE)                                              \
    __ACC_ATOMIC_OP(Or, fetch_or, T, SUFFIX, SCOPE)                                                \
    __ACC_ATOMIC_OP(Xor, fetch_xor, T, SUFFIX, SCOPE)
#define __ACC_ATOMIC_ARITHMETIC(T, SUFFIX, SCOPE)                                                  \
    __ACC_ATOMIC_OP(Add, fetch_add, T, SUFFIX, SCOPE)                                              \
    __ACC_ATOMIC_OP(Sub, fetch_sub, T, SUFFIX, SCOPE)                                              \
    __ACC_ATOMIC_OP(Exch, exchange_n, T, SUFFIX, SCOPE)                                            \
    __ACC_ATOMIC_LOGIC(T, SUFFIX, SCOPE)
#define __ACC_ATOMIC_EXCH_FLOAT(SUFFIX, SCOPE)                                                     \
    __ACC_DEV float atomicExch##SUFFIX(float* address, float value) {                              \
        const unsigned bits = __builtin_bit_cast(unsigned, value);                                 \
        return __builtin_bit_cast(                                                                 \
            float, __scoped_atomic_exchange_n(__ACC_SCOPED(unsigned, address, SCOPE), bits,        \
                                              __ATOMIC_RELAXED, SCOPE));                           \
    }
// The value found is returned, whether or not it was replaced.
#define __ACC_ATOMIC_CAS(T, SUFFIX, SCOPE)                                                         \
    __ACC_DEV T atomicCAS##SUFFIX(T* address, T compare, T value) {                                \
        __scoped_atomic_compare_exchange_n(__ACC_SCOPED(T, address, SCOPE), &compare, value,       \
                                           false, __ATOMIC_RELAXED, __ATOMIC_RELAXED, SCOPE);      \
        return compare;                                                                            \
    }

__ACC_ATOMIC_SCOPE(, __MEMORY_SCOPE_DEVICE)
__ACC_ATOMIC_SCOPE(_block, __MEMORY_SCOPE_WRKGRP)
__ACC_ATOMIC_SCOPE(_system, __MEMORY_SCOPE_SYSTEM)

#undef __ACC_ATOMIC_SCOPE
#undef __ACC_ATOMIC_OP
#undef __ACC_ATOMIC_LOGIC
#undef __ACC_ATOMIC_DOUBLE
#undef __ACC_ATOMIC_ARITHMETIC
#undef __ACC_ATOMIC_EXCH_FLOAT
#undef __ACC_ATOMIC_CAS
#undef __ACC_DEV
