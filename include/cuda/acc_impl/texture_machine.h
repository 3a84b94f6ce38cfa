// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texture and surface instructions as functions, by the names and modifiers of the ISA table
// (compiler/frontend/README.md, "Textures and surfaces"), and what their words are as types of
// CUDA.
#pragma once

#include "surface_types.h"
#include "texture_types.h"
#include "vector_types.h"

struct __acc_words {
    unsigned x, y, z, w;
};

// Arguments: the object, x, y, z, the layer, then what the instruction has besides.
#define __ACC_TEX_GEOMETRY(G)                                                                      \
    __device__ __attribute__((pure)) __acc_words __acc_tex_##G(                                    \
        unsigned long long, float, float, float, int, int offsets) __asm__("__acc_tex." #G);       \
    __device__ __attribute__((pure)) __acc_words __acc_tex_lod_##G(                                \
        unsigned long long, float, float, float, int, float lod,                                   \
        int offsets) __asm__("__acc_tex.lod." #G);                                                 \
    __device__ __attribute__((pure)) __acc_words __acc_tex_grad_##G(                               \
        unsigned long long, float, float, float, int, float, float, float, float, float, float,    \
        int offsets, int) __asm__("__acc_tex.grad." #G);
__ACC_TEX_GEOMETRY(1d)
__ACC_TEX_GEOMETRY(2d)
__ACC_TEX_GEOMETRY(3d)
__ACC_TEX_GEOMETRY(a1d)
__ACC_TEX_GEOMETRY(a2d)
__ACC_TEX_GEOMETRY(cube)
__ACC_TEX_GEOMETRY(acube)
#undef __ACC_TEX_GEOMETRY
__device__
    __attribute__((pure)) __acc_words __acc_tex_1d_s32(unsigned long long, int, int, int, int,
                                                       int offsets) __asm__("__acc_tex.1d.s32");
#define __ACC_TEX_GATHER(C)                                                                        \
    __device__ __attribute__((pure)) __acc_words __acc_tex_gather_##C(                             \
        unsigned long long, float, float, float, int,                                              \
        int offsets) __asm__("__acc_tex.gather.2d." #C);
__ACC_TEX_GATHER(r)
__ACC_TEX_GATHER(g)
__ACC_TEX_GATHER(b)
__ACC_TEX_GATHER(a)
#undef __ACC_TEX_GATHER

// Elements of textures: what T is made of the words, and the type of floats with as many elements.
template <class T>
struct __acc_texel;
#define __ACC_TEXEL(T, FLOATS, N)                                                                  \
    template <>                                                                                    \
    struct __acc_texel<T> {                                                                        \
        using floats = FLOATS;                                                                     \
        static __device__ __attribute__((always_inline)) T of(__acc_words v) {                     \
            return __ACC_TEXEL_##N(T);                                                             \
        }                                                                                          \
    };
// Through a pointer: floats are the bits of their words, integers the low part.
template <class _Element>
static __device__ __attribute__((always_inline)) inline _Element __acc_element(unsigned word) {
    return (_Element)word;
}
template <>
__device__ __attribute__((always_inline)) inline float __acc_element<float>(unsigned word) {
    return __builtin_bit_cast(float, word);
}
#define __ACC_TEXEL_0(T) __acc_element<T>(v.x)
#define __ACC_TEXEL_1(T)                                                                           \
    T {                                                                                            \
        __acc_element<decltype(T::x)>(v.x)                                                         \
    }
#define __ACC_TEXEL_2(T)                                                                           \
    T {                                                                                            \
        __acc_element<decltype(T::x)>(v.x), __acc_element<decltype(T::x)>(v.y)                     \
    }
#define __ACC_TEXEL_4(T)                                                                           \
    T {                                                                                            \
        __acc_element<decltype(T::x)>(v.x), __acc_element<decltype(T::x)>(v.y),                    \
            __acc_element<decltype(T::x)>(v.z), __acc_element<decltype(T::x)>(v.w)                 \
    }
#define __ACC_TEXELS(SCALAR, VECTOR)                                                               \
    __ACC_TEXEL(SCALAR, float, 0)                                                                  \
    __ACC_TEXEL(VECTOR##1, float1, 1)                                                              \
    __ACC_TEXEL(VECTOR##2, float2, 2)                                                              \
    __ACC_TEXEL(VECTOR##4, float4, 4)
__ACC_TEXEL(char, float, 0)
__ACC_TEXELS(signed char, char)
__ACC_TEXELS(unsigned char, uchar)
__ACC_TEXELS(short, short)
__ACC_TEXELS(unsigned short, ushort)
__ACC_TEXELS(int, int)
__ACC_TEXELS(unsigned int, uint)
__ACC_TEXELS(float, float)
#undef __ACC_TEXELS
#undef __ACC_TEXEL_4
#undef __ACC_TEXEL_2
#undef __ACC_TEXEL_1
#undef __ACC_TEXEL_0
#undef __ACC_TEXEL
