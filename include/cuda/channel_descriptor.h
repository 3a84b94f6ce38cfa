// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cudaCreateChannelDesc<T>() and the 3D copy helpers.
#pragma once
#include "cuda_runtime_api.h"

#if defined(__cplusplus)
namespace __acc_channel {
template <class T>
struct Kind;
template <>
struct Kind<char> {
    static const cudaChannelFormatKind f = char(-1) < char(0) ? cudaChannelFormatKindSigned
                                                              : cudaChannelFormatKindUnsigned;
};
#define __ACC_KIND(T, K)                                                                           \
    template <>                                                                                    \
    struct Kind<T> {                                                                               \
        static const cudaChannelFormatKind f = cudaChannelFormatKind##K;                           \
    }
__ACC_KIND(signed char, Signed);
__ACC_KIND(unsigned char, Unsigned);
__ACC_KIND(short, Signed);
__ACC_KIND(unsigned short, Unsigned);
__ACC_KIND(int, Signed);
__ACC_KIND(unsigned int, Unsigned);
__ACC_KIND(float, Float);
#undef __ACC_KIND

template <class _Element>
inline cudaChannelFormatDesc make(int components) {
    const int bits = int(sizeof(_Element)) * 8;
    cudaChannelFormatDesc desc = {bits, components > 1 ? bits : 0, components > 2 ? bits : 0,
                                  components > 3 ? bits : 0, Kind<_Element>::f};
    return desc;
}
} // namespace __acc_channel

/// Channel format of texture element type T; a type that is no texture element has none.
template <class T>
inline cudaChannelFormatDesc cudaCreateChannelDesc() {
    cudaChannelFormatDesc none = {0, 0, 0, 0, cudaChannelFormatKindNone};
    return none;
}
#define __ACC_SCALAR(T)                                                                            \
    template <>                                                                                    \
    inline cudaChannelFormatDesc cudaCreateChannelDesc<T>() {                                      \
        return __acc_channel::make<T>(1);                                                          \
    }
#define __ACC_VECTORS(V, E)                                                                        \
    template <>                                                                                    \
    inline cudaChannelFormatDesc cudaCreateChannelDesc<V##1>() {                                   \
        return __acc_channel::make<E>(1);                                                          \
    }                                                                                              \
    template <>                                                                                    \
    inline cudaChannelFormatDesc cudaCreateChannelDesc<V##2>() {                                   \
        return __acc_channel::make<E>(2);                                                          \
    }                                                                                              \
    template <>                                                                                    \
    inline cudaChannelFormatDesc cudaCreateChannelDesc<V##4>() {                                   \
        return __acc_channel::make<E>(4);                                                          \
    }
__ACC_SCALAR(char)
__ACC_SCALAR(signed char)
__ACC_SCALAR(unsigned char)
__ACC_SCALAR(short)
__ACC_SCALAR(unsigned short)
__ACC_SCALAR(int)
__ACC_SCALAR(unsigned int)
__ACC_SCALAR(float)
__ACC_VECTORS(char, signed char)
__ACC_VECTORS(uchar, unsigned char)
__ACC_VECTORS(short, short)
__ACC_VECTORS(ushort, unsigned short)
__ACC_VECTORS(int, int)
__ACC_VECTORS(uint, unsigned int)
__ACC_VECTORS(float, float)
#undef __ACC_SCALAR
#undef __ACC_VECTORS

static inline cudaChannelFormatDesc cudaCreateChannelDescHalf() {
    cudaChannelFormatDesc desc = {16, 0, 0, 0, cudaChannelFormatKindFloat};
    return desc;
}
static inline cudaChannelFormatDesc cudaCreateChannelDescHalf1() {
    return cudaCreateChannelDescHalf();
}
static inline cudaChannelFormatDesc cudaCreateChannelDescHalf2() {
    cudaChannelFormatDesc desc = {16, 16, 0, 0, cudaChannelFormatKindFloat};
    return desc;
}
static inline cudaChannelFormatDesc cudaCreateChannelDescHalf4() {
    cudaChannelFormatDesc desc = {16, 16, 16, 16, cudaChannelFormatKindFloat};
    return desc;
}
#endif
