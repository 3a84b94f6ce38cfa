// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads and stores with cache hints, and questions about and conversions between address spaces.
#pragma once

#define __ACC_DEV static __device__ __forceinline__ __attribute__((__nodebug__))

// The vector type of clang with the layout of each built-in vector type: hints apply to whole
// vectors.
template <class T>
struct __acc_word {
    typedef T type;
};
#define __ACC_WORD(T, E, N)                                                                        \
    template <>                                                                                    \
    struct __acc_word<T> {                                                                         \
        typedef E type __attribute__((ext_vector_type(N)));                                        \
    };
__ACC_WORD(char2, signed char, 2)
__ACC_WORD(char4, signed char, 4)
__ACC_WORD(uchar2, unsigned char, 2)
__ACC_WORD(uchar4, unsigned char, 4)
__ACC_WORD(short2, short, 2)
__ACC_WORD(short4, short, 4)
__ACC_WORD(ushort2, unsigned short, 2)
__ACC_WORD(ushort4, unsigned short, 4)
__ACC_WORD(int2, int, 2)
__ACC_WORD(int4, int, 4)
__ACC_WORD(uint2, unsigned int, 2)
__ACC_WORD(uint4, unsigned int, 4)
__ACC_WORD(longlong2, long long, 2)
__ACC_WORD(ulonglong2, unsigned long long, 2)
__ACC_WORD(float2, float, 2)
__ACC_WORD(float4, float, 4)
__ACC_WORD(double2, double, 2)
#undef __ACC_WORD

// Every type that has hinted accesses, with the suffix of its read-only load builtin.
#define __ACC_EACH_TYPE(X)                                                                         \
    X(char, c)                                                                                     \
    X(signed char, sc)                                                                             \
    X(unsigned char, uc)                                                                           \
    X(short, s)                                                                                    \
    X(unsigned short, us)                                                                          \
    X(int, i)                                                                                      \
    X(unsigned int, ui)                                                                            \
    X(long, l)                                                                                     \
    X(unsigned long, ul)                                                                           \
    X(long long, ll)                                                                               \
    X(unsigned long long, ull)                                                                     \
    X(float, f)                                                                                    \
    X(double, d)                                                                                   \
    X(char2, sc2)                                                                                  \
    X(char4, sc4)                                                                                  \
    X(uchar2, uc2)                                                                                 \
    X(uchar4, uc4)                                                                                 \
    X(short2, s2)                                                                                  \
    X(short4, s4)                                                                                  \
    X(ushort2, us2)                                                                                \
    X(ushort4, us4)                                                                                \
    X(int2, i2)                                                                                    \
    X(int4, i4)                                                                                    \
    X(uint2, ui2)                                                                                  \
    X(uint4, ui4)                                                                                  \
    X(longlong2, ll2)                                                                              \
    X(ulonglong2, ull2)                                                                            \
    X(float2, f2)                                                                                  \
    X(float4, f4)                                                                                  \
    X(double2, d2)

// __ldg: the data does not change while the kernel runs (a load with !invariant.load from global
// memory).
// __ldca, __ldlu: ordinary. __ldcg, __ldcv: always go to memory (volatile). __ldcs: streaming
// (!nontemporal).
// __stwb, __stcg: ordinary. __stcs: streaming. __stwt: volatile.
#define __ACC_HINTED(T, S)                                                                         \
    __ACC_DEV T __ldg(const T* p) {                                                                \
        typedef __acc_word<T>::type __w;                                                           \
        return __builtin_bit_cast(T, __nvvm_ldg_##S((const __w*)p));                               \
    }                                                                                              \
    __ACC_DEV T __ldca(const T* p) {                                                               \
        return *p;                                                                                 \
    }                                                                                              \
    __ACC_DEV T __ldlu(const T* p) {                                                               \
        return *p;                                                                                 \
    }                                                                                              \
    __ACC_DEV T __ldcg(const T* p) {                                                               \
        const __acc_word<T>::type word = *(const volatile __acc_word<T>::type*)p;                  \
        return __builtin_bit_cast(T, word);                                                        \
    }                                                                                              \
    __ACC_DEV T __ldcv(const T* p) {                                                               \
        const __acc_word<T>::type word = *(const volatile __acc_word<T>::type*)p;                  \
        return __builtin_bit_cast(T, word);                                                        \
    }                                                                                              \
    __ACC_DEV T __ldcs(const T* p) {                                                               \
        const __acc_word<T>::type word = __builtin_nontemporal_load(                               \
            (const __acc_word<T>::type*)p);                                                        \
        return __builtin_bit_cast(T, word);                                                        \
    }                                                                                              \
    __ACC_DEV void __stwb(T* p, T value) {                                                         \
        *p = value;                                                                                \
    }                                                                                              \
    __ACC_DEV void __stcg(T* p, T value) {                                                         \
        *p = value;                                                                                \
    }                                                                                              \
    __ACC_DEV void __stcs(T* p, T value) {                                                         \
        typedef __acc_word<T>::type __w;                                                           \
        __builtin_nontemporal_store(__builtin_bit_cast(__w, value), (__w*)p);                      \
    }                                                                                              \
    __ACC_DEV void __stwt(T* p, T value) {                                                         \
        typedef __acc_word<T>::type __w;                                                           \
        *(volatile __w*)p = __builtin_bit_cast(__w, value);                                        \
    }
__ACC_EACH_TYPE(__ACC_HINTED)
#undef __ACC_HINTED
#undef __ACC_EACH_TYPE

// Address spaces.
#define __ACC_SPACE(N) __attribute__((address_space(N)))
__ACC_DEV __attribute__((const)) unsigned __isGlobal(const void* p) {
    return __nvvm_isspacep_global(p);
}
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 900 // else in cluster_intrinsics.h
__ACC_DEV __attribute__((const)) unsigned __isShared(const void* p) {
    return __nvvm_isspacep_shared(p);
}
#endif
__ACC_DEV __attribute__((const)) unsigned __isConstant(const void* p) {
    return __nvvm_isspacep_const(p);
}
__ACC_DEV __attribute__((const)) unsigned __isLocal(const void* p) {
    return __nvvm_isspacep_local(p);
}
__ACC_DEV __attribute__((const)) unsigned __isGridConstant(const void* p) {
    return __nvvm_isspacep_const(p);
}
__ACC_DEV size_t __cvta_generic_to_global(const void* p) {
    return (size_t)(__ACC_SPACE(1) const void*)p;
}
__ACC_DEV size_t __cvta_generic_to_shared(const void* p) {
    return (size_t)(__ACC_SPACE(3) const void*)p;
}
__ACC_DEV size_t __cvta_generic_to_constant(const void* p) {
    return (size_t)(__ACC_SPACE(4) const void*)p;
}
__ACC_DEV size_t __cvta_generic_to_local(const void* p) {
    return (size_t)(__ACC_SPACE(5) const void*)p;
}
__ACC_DEV void* __cvta_global_to_generic(size_t p) {
    return (void*)(__ACC_SPACE(1) void*)p;
}
__ACC_DEV void* __cvta_shared_to_generic(size_t p) {
    return (void*)(__ACC_SPACE(3) void*)p;
}
__ACC_DEV void* __cvta_constant_to_generic(size_t p) {
    return (void*)(__ACC_SPACE(4) void*)p;
}
__ACC_DEV void* __cvta_local_to_generic(size_t p) {
    return (void*)(__ACC_SPACE(5) void*)p;
}
#undef __ACC_SPACE

// The property tells a cache what to keep: here nothing follows from it.
__ACC_DEV void* __nv_associate_access_property(const void* p, unsigned long long) {
    return const_cast<void*>(p);
}

#undef __ACC_DEV
