// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The __nv_atomic_* builtins of CUDA 12.8: GNU-style atomics with a memory order and a thread
// scope. Macros, since the order and scope of clang's scoped atomics must be constants and the
// scope has a default.
#pragma once
// clang-format off: a table of one-line functions

#define __NV_ATOMIC_RELAXED __ATOMIC_RELAXED
#define __NV_ATOMIC_CONSUME __ATOMIC_CONSUME
#define __NV_ATOMIC_ACQUIRE __ATOMIC_ACQUIRE
#define __NV_ATOMIC_RELEASE __ATOMIC_RELEASE
#define __NV_ATOMIC_ACQ_REL __ATOMIC_ACQ_REL
#define __NV_ATOMIC_SEQ_CST __ATOMIC_SEQ_CST

#define __NV_THREAD_SCOPE_THREAD __MEMORY_SCOPE_SINGLE
#define __NV_THREAD_SCOPE_BLOCK __MEMORY_SCOPE_WRKGRP
#define __NV_THREAD_SCOPE_CLUSTER __MEMORY_SCOPE_DEVICE
#define __NV_THREAD_SCOPE_DEVICE __MEMORY_SCOPE_DEVICE
#define __NV_THREAD_SCOPE_SYSTEM __MEMORY_SCOPE_SYSTEM

// Picks the scope if it was written, system scope if not.
#define __ACC_SCOPE(...) __ACC_SCOPE_OF(__VA_ARGS__, __MEMORY_SCOPE_SYSTEM, )
#define __ACC_SCOPE_OF(IGNORED, SCOPE, ...) SCOPE

// The scope once more, for the compiler's front end (atomics.h); a fence has it in a call before it.
#define __ACC_AT(p, ...) ((__typeof__(&*(p)))__acc_atomic_scope((p), __ACC_SCOPE(0, ##__VA_ARGS__)))
extern "C" __device__ void __acc_fence_scope(int scope);

#define __nv_atomic_load_n(p, order, ...) __scoped_atomic_load_n(__ACC_AT(p, ##__VA_ARGS__), order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_load(p, out, order, ...) __scoped_atomic_load(__ACC_AT(p, ##__VA_ARGS__), out, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_store_n(p, v, order, ...) __scoped_atomic_store_n(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_store(p, v, order, ...) __scoped_atomic_store(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_exchange_n(p, v, order, ...) __scoped_atomic_exchange_n(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_exchange(p, v, out, order, ...)                                                                    \
  __scoped_atomic_exchange(__ACC_AT(p, ##__VA_ARGS__), v, out, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_compare_exchange_n(p, expected, v, weak, success, failure, ...)                                    \
  __scoped_atomic_compare_exchange_n(__ACC_AT(p, ##__VA_ARGS__), expected, v, weak, success, failure,                  \
                                     __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_compare_exchange(p, expected, v, weak, success, failure, ...)                                      \
  __scoped_atomic_compare_exchange(__ACC_AT(p, ##__VA_ARGS__), expected, v, weak, success, failure,                    \
                                   __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_fetch_add(p, v, order, ...) __scoped_atomic_fetch_add(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_fetch_sub(p, v, order, ...) __scoped_atomic_fetch_sub(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_fetch_and(p, v, order, ...) __scoped_atomic_fetch_and(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_fetch_or(p, v, order, ...) __scoped_atomic_fetch_or(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_fetch_xor(p, v, order, ...) __scoped_atomic_fetch_xor(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_fetch_min(p, v, order, ...) __scoped_atomic_fetch_min(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_fetch_max(p, v, order, ...) __scoped_atomic_fetch_max(__ACC_AT(p, ##__VA_ARGS__), v, order, __ACC_SCOPE(0, ##__VA_ARGS__))
#define __nv_atomic_add(p, v, order, ...) ((void)__nv_atomic_fetch_add(p, v, order, ##__VA_ARGS__))
#define __nv_atomic_sub(p, v, order, ...) ((void)__nv_atomic_fetch_sub(p, v, order, ##__VA_ARGS__))
#define __nv_atomic_and(p, v, order, ...) ((void)__nv_atomic_fetch_and(p, v, order, ##__VA_ARGS__))
#define __nv_atomic_or(p, v, order, ...) ((void)__nv_atomic_fetch_or(p, v, order, ##__VA_ARGS__))
#define __nv_atomic_xor(p, v, order, ...) ((void)__nv_atomic_fetch_xor(p, v, order, ##__VA_ARGS__))
#define __nv_atomic_min(p, v, order, ...) ((void)__nv_atomic_fetch_min(p, v, order, ##__VA_ARGS__))
#define __nv_atomic_max(p, v, order, ...) ((void)__nv_atomic_fetch_max(p, v, order, ##__VA_ARGS__))
#define __nv_atomic_thread_fence(order, ...)                                                                           \
  (__acc_fence_scope(__ACC_SCOPE(0, ##__VA_ARGS__)), __scoped_atomic_thread_fence(order, __ACC_SCOPE(0, ##__VA_ARGS__)))
