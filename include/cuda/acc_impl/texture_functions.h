// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tex1D<T>() and its kin for texture objects, and for references, which are CUDA's before 13.
#pragma once

#include "acc_impl/texture_machine.h"

#define __ACC_TEX_INLINE static __device__ __attribute__((always_inline)) inline
#define __ACC_TEX_PARAMETERS(...) __VA_ARGS__

// One function: its parameters behind the object, and the instruction for object `o`.
#define __ACC_TEX_OBJECT(NAME, PARAMETERS, FETCH)                                                  \
    template <class T>                                                                             \
    __ACC_TEX_INLINE T NAME(cudaTextureObject_t o, __ACC_TEX_PARAMETERS PARAMETERS) {              \
        return __acc_texel<T>::of(FETCH);                                                          \
    }                                                                                              \
    template <class T>                                                                             \
    __ACC_TEX_INLINE void NAME(T* value, cudaTextureObject_t o, __ACC_TEX_PARAMETERS PARAMETERS) { \
        *value = __acc_texel<T>::of(FETCH);                                                        \
    }
#define __ACC_TEX_REFERENCE(NAME, TYPE, PARAMETERS, FETCH)                                         \
    template <class T>                                                                             \
    __ACC_TEX_INLINE T NAME(texture<T, TYPE, cudaReadModeElementType> reference,                   \
                            __ACC_TEX_PARAMETERS PARAMETERS) {                                     \
        const cudaTextureObject_t o = *(const cudaTextureObject_t*)&reference;                     \
        return __acc_texel<T>::of(FETCH);                                                          \
    }                                                                                              \
    template <class T>                                                                             \
    __ACC_TEX_INLINE typename __acc_texel<T>::floats NAME(                                         \
        texture<T, TYPE, cudaReadModeNormalizedFloat> reference,                                   \
        __ACC_TEX_PARAMETERS PARAMETERS) {                                                         \
        const cudaTextureObject_t o = *(const cudaTextureObject_t*)&reference;                     \
        return __acc_texel<typename __acc_texel<T>::floats>::of(FETCH);                            \
    }
// The same of sparse images: every texel is there.
#define __ACC_TEX_RESIDENT(NAME, PARAMETERS, FETCH)                                                \
    template <class T>                                                                             \
    __ACC_TEX_INLINE T NAME(cudaTextureObject_t o, __ACC_TEX_PARAMETERS PARAMETERS,                \
                            bool* isResident) {                                                    \
        *isResident = true;                                                                        \
        return __acc_texel<T>::of(FETCH);                                                          \
    }

#if CUDART_VERSION < 13000
#define __ACC_TEX(NAME, TYPE, PARAMETERS, FETCH)                                                   \
    __ACC_TEX_OBJECT(NAME, PARAMETERS, FETCH)                                                      \
    __ACC_TEX_REFERENCE(NAME, cudaTextureType##TYPE, PARAMETERS, FETCH)
#else
#define __ACC_TEX(NAME, TYPE, PARAMETERS, FETCH) __ACC_TEX_OBJECT(NAME, PARAMETERS, FETCH)
#endif
#define __ACC_TEX_SPARSE(NAME, TYPE, PARAMETERS, FETCH)                                            \
    __ACC_TEX(NAME, TYPE, PARAMETERS, FETCH)                                                       \
    __ACC_TEX_RESIDENT(NAME, PARAMETERS, FETCH)

// tex1D, tex1DLod, tex1DGrad and so on: the parameters of the place, the instruction's arguments
// for it, its gradients as parameters and as arguments.
#define __ACC_TEX_FAMILY(KIND, NAME, TYPE, GEOMETRY, PLACE, AT, GRADIENT, DX, DY)                  \
    KIND(NAME, TYPE, (__ACC_TEX_PARAMETERS PLACE),                                                 \
         __acc_tex_##GEOMETRY(o, __ACC_TEX_PARAMETERS AT, 0))                                      \
    KIND(NAME##Lod, TYPE, (__ACC_TEX_PARAMETERS PLACE, float level),                               \
         __acc_tex_lod_##GEOMETRY(o, __ACC_TEX_PARAMETERS AT, level, 0))                           \
    KIND(NAME##Grad, TYPE, (__ACC_TEX_PARAMETERS PLACE, GRADIENT dPdx, GRADIENT dPdy),             \
         __acc_tex_grad_##GEOMETRY(o, __ACC_TEX_PARAMETERS AT, __ACC_TEX_PARAMETERS DX,            \
                                   __ACC_TEX_PARAMETERS DY, 0, 0))

__ACC_TEX(tex1Dfetch, 1D, (int x), __acc_tex_1d_s32(o, x, 0, 0, 0, 0))
__ACC_TEX_FAMILY(__ACC_TEX, tex1D, 1D, 1d, (float x), (x, 0, 0, 0), float, (dPdx, 0, 0),
                 (dPdy, 0, 0))
__ACC_TEX_FAMILY(__ACC_TEX_SPARSE, tex2D, 2D, 2d, (float x, float y), (x, y, 0, 0), float2,
                 (dPdx.x, dPdx.y, 0), (dPdy.x, dPdy.y, 0))
__ACC_TEX_FAMILY(__ACC_TEX_SPARSE, tex3D, 3D, 3d, (float x, float y, float z), (x, y, z, 0), float4,
                 (dPdx.x, dPdx.y, dPdx.z), (dPdy.x, dPdy.y, dPdy.z))
__ACC_TEX_FAMILY(__ACC_TEX, tex1DLayered, 1DLayered, a1d, (float x, int layer), (x, 0, 0, layer),
                 float, (dPdx, 0, 0), (dPdy, 0, 0))
__ACC_TEX_FAMILY(__ACC_TEX_SPARSE, tex2DLayered, 2DLayered, a2d, (float x, float y, int layer),
                 (x, y, 0, layer), float2, (dPdx.x, dPdx.y, 0), (dPdy.x, dPdy.y, 0))
__ACC_TEX_FAMILY(__ACC_TEX, texCubemap, Cubemap, cube, (float x, float y, float z), (x, y, z, 0),
                 float4, (dPdx.x, dPdx.y, dPdx.z), (dPdy.x, dPdy.y, dPdy.z))
__ACC_TEX_FAMILY(__ACC_TEX, texCubemapLayered, CubemapLayered, acube,
                 (float x, float y, float z, int layer), (x, y, z, layer), float4,
                 (dPdx.x, dPdx.y, dPdx.z), (dPdy.x, dPdy.y, dPdy.z))

__ACC_TEX_INLINE __acc_words __acc_gather_2d(unsigned long long o, float x, float y, int comp) {
    return comp == 0   ? __acc_tex_gather_r(o, x, y, 0, 0, 0)
           : comp == 1 ? __acc_tex_gather_g(o, x, y, 0, 0, 0)
           : comp == 2 ? __acc_tex_gather_b(o, x, y, 0, 0, 0)
                       : __acc_tex_gather_a(o, x, y, 0, 0, 0);
}
// The result of a gather from a reference has four elements, whatever the texels have.
template <class T>
struct __acc_gathered;
#define __ACC_GATHERED(SCALAR, VECTOR)                                                             \
    template <>                                                                                    \
    struct __acc_gathered<SCALAR> {                                                                \
        using type = VECTOR##4;                                                                    \
    };                                                                                             \
    template <>                                                                                    \
    struct __acc_gathered<VECTOR##1> : __acc_gathered<SCALAR> {};                                  \
    template <>                                                                                    \
    struct __acc_gathered<VECTOR##2> : __acc_gathered<SCALAR> {};                                  \
    template <>                                                                                    \
    struct __acc_gathered<VECTOR##4> : __acc_gathered<SCALAR> {};
__ACC_GATHERED(signed char, char)
__ACC_GATHERED(unsigned char, uchar)
__ACC_GATHERED(short, short)
__ACC_GATHERED(unsigned short, ushort)
__ACC_GATHERED(int, int)
__ACC_GATHERED(unsigned int, uint)
__ACC_GATHERED(float, float)
#undef __ACC_GATHERED
template <>
struct __acc_gathered<char> : __acc_gathered<signed char> {};

__ACC_TEX_OBJECT(tex2Dgather, (float x, float y, int comp = 0), __acc_gather_2d(o, x, y, comp))
template <class T>
__ACC_TEX_INLINE T tex2Dgather(cudaTextureObject_t o, float x, float y, bool* isResident,
                               int comp = 0) {
    *isResident = true;
    return __acc_texel<T>::of(__acc_gather_2d(o, x, y, comp));
}
#if CUDART_VERSION < 13000
template <class T>
__ACC_TEX_INLINE typename __acc_gathered<T>::type
tex2Dgather(texture<T, cudaTextureType2D, cudaReadModeElementType> reference, float x, float y,
            int comp = 0) {
    const cudaTextureObject_t o = *(const cudaTextureObject_t*)&reference;
    return __acc_texel<typename __acc_gathered<T>::type>::of(__acc_gather_2d(o, x, y, comp));
}
template <class T>
__ACC_TEX_INLINE float4
tex2Dgather(texture<T, cudaTextureType2D, cudaReadModeNormalizedFloat> reference, float x, float y,
            int comp = 0) {
    const cudaTextureObject_t o = *(const cudaTextureObject_t*)&reference;
    return __acc_texel<float4>::of(__acc_gather_2d(o, x, y, comp));
}
#endif

#undef __ACC_TEX_FAMILY
#undef __ACC_TEX_SPARSE
#undef __ACC_TEX
#undef __ACC_TEX_RESIDENT
#undef __ACC_TEX_REFERENCE
#undef __ACC_TEX_OBJECT
#undef __ACC_TEX_PARAMETERS
#undef __ACC_TEX_INLINE
