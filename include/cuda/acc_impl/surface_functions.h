// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// surf1Dread<T>(), surf1Dwrite() and their kin, for surface objects and for references, which are
// CUDA's before 13. x counts bytes.
#pragma once

#include "acc_impl/texture_machine.h"

#define __ACC_SURF_INLINE static __device__ __attribute__((always_inline)) inline
#define __ACC_SURF_PARAMETERS(...) __VA_ARGS__

// Instructions of one geometry, boundary mode and size.
#define __ACC_SURF_MACHINE(G, BOUND, SIZE)                                                         \
    __device__ __acc_words __acc_surf_ld_##G##_##BOUND##_##SIZE(                                   \
        unsigned long long, int, int, int, int) __asm__("__acc_surf.ld." #G "." #BOUND "." #SIZE); \
    __device__ void __acc_surf_st_##G##_##BOUND##_##SIZE(                                          \
        unsigned long long, int, int, int, int, unsigned, unsigned, unsigned,                      \
        unsigned) __asm__("__acc_surf.st." #G "." #BOUND "." #SIZE);
#define __ACC_SURF_BOUNDS(G, SIZE)                                                                 \
    __ACC_SURF_MACHINE(G, zero, SIZE)                                                              \
    __ACC_SURF_MACHINE(G, clamp, SIZE)                                                             \
    __ACC_SURF_MACHINE(G, trap, SIZE)
// Access of 1, 2, 4, 8 or 16 bytes.
template <int Bytes>
struct __acc_surface;
#define __ACC_SURF_CASE(OP, G, SIZE, ...)                                                          \
    mode == cudaBoundaryModeZero    ? __acc_surf_##OP##_##G##_zero_##SIZE(__VA_ARGS__)             \
    : mode == cudaBoundaryModeClamp ? __acc_surf_##OP##_##G##_clamp_##SIZE(__VA_ARGS__)            \
                                    : __acc_surf_##OP##_##G##_trap_##SIZE(__VA_ARGS__)
#define __ACC_SURF_GEOMETRY(G, SIZE)                                                               \
    static __device__ __attribute__((always_inline)) __acc_words read_##G(                         \
        unsigned long long o, int x, int y, int z, int layer, cudaSurfaceBoundaryMode mode) {      \
        return __ACC_SURF_CASE(ld, G, SIZE, o, x, y, z, layer);                                    \
    }                                                                                              \
    static __device__ __attribute__((always_inline)) void write_##G(                               \
        unsigned long long o, int x, int y, int z, int layer, __acc_words v,                       \
        cudaSurfaceBoundaryMode mode) {                                                            \
        __ACC_SURF_CASE(st, G, SIZE, o, x, y, z, layer, v.x, v.y, v.z, v.w);                       \
    }
#define __ACC_SURF_SIZE(BYTES, SIZE)                                                               \
    __ACC_SURF_BOUNDS(1d, SIZE)                                                                    \
    __ACC_SURF_BOUNDS(2d, SIZE)                                                                    \
    __ACC_SURF_BOUNDS(3d, SIZE)                                                                    \
    __ACC_SURF_BOUNDS(a1d, SIZE)                                                                   \
    __ACC_SURF_BOUNDS(a2d, SIZE)                                                                   \
    template <>                                                                                    \
    struct __acc_surface<BYTES> {                                                                  \
        __ACC_SURF_GEOMETRY(1d, SIZE)                                                              \
        __ACC_SURF_GEOMETRY(2d, SIZE)                                                              \
        __ACC_SURF_GEOMETRY(3d, SIZE)                                                              \
        __ACC_SURF_GEOMETRY(a1d, SIZE)                                                             \
        __ACC_SURF_GEOMETRY(a2d, SIZE)                                                             \
    };
__ACC_SURF_SIZE(1, b8)
__ACC_SURF_SIZE(2, b16)
__ACC_SURF_SIZE(4, b32)
__ACC_SURF_SIZE(8, b64)
__ACC_SURF_SIZE(16, b128)
#undef __ACC_SURF_SIZE
#undef __ACC_SURF_GEOMETRY
#undef __ACC_SURF_CASE
#undef __ACC_SURF_BOUNDS
#undef __ACC_SURF_MACHINE

template <class T>
__ACC_SURF_INLINE T __acc_from_words(__acc_words words) {
    T value;
    __builtin_memcpy(&value, &words, sizeof(T));
    return value;
}
template <class T>
__ACC_SURF_INLINE __acc_words __acc_to_words(T value) {
    __acc_words words = {0, 0, 0, 0};
    __builtin_memcpy(&words, &value, sizeof(T));
    return words;
}

// One pair of functions: its coordinates as parameters, the geometry and its arguments.
#define __ACC_SURF_FUNCTIONS(NAME, HANDLE, TAKE, PARAMETERS, GEOMETRY, AT)                         \
    template <class T>                                                                             \
    __ACC_SURF_INLINE T NAME##read(HANDLE, __ACC_SURF_PARAMETERS PARAMETERS,                       \
                                   cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {          \
        TAKE;                                                                                      \
        return __acc_from_words<T>(                                                                \
            __acc_surface<(int)sizeof(T)>::read_##GEOMETRY(o, __ACC_SURF_PARAMETERS AT, mode));    \
    }                                                                                              \
    template <class T>                                                                             \
    __ACC_SURF_INLINE void NAME##read(T* value, HANDLE, __ACC_SURF_PARAMETERS PARAMETERS,          \
                                      cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {       \
        TAKE;                                                                                      \
        *value = __acc_from_words<T>(                                                              \
            __acc_surface<(int)sizeof(T)>::read_##GEOMETRY(o, __ACC_SURF_PARAMETERS AT, mode));    \
    }                                                                                              \
    template <class T>                                                                             \
    __ACC_SURF_INLINE void NAME##write(T value, HANDLE, __ACC_SURF_PARAMETERS PARAMETERS,          \
                                       cudaSurfaceBoundaryMode mode = cudaBoundaryModeTrap) {      \
        TAKE;                                                                                      \
        __acc_surface<(int)sizeof(T)>::write_##GEOMETRY(o, __ACC_SURF_PARAMETERS AT,               \
                                                        __acc_to_words(value), mode);              \
    }
#define __ACC_SURF_OBJECT(NAME, TYPE, PARAMETERS, GEOMETRY, AT)                                    \
    __ACC_SURF_FUNCTIONS(NAME, cudaSurfaceObject_t o, , PARAMETERS, GEOMETRY, AT)
#define __ACC_SURF_REFERENCE(NAME, TYPE, PARAMETERS, GEOMETRY, AT)                                 \
    __ACC_SURF_FUNCTIONS(NAME, __ACC_SURF_PARAMETERS(surface<void, TYPE> reference),               \
                         const cudaSurfaceObject_t o = *(const cudaSurfaceObject_t*)&reference,    \
                         PARAMETERS, GEOMETRY, AT)
#define __ACC_SURF_ALL(KIND)                                                                       \
    KIND(surf1D, cudaSurfaceType1D, (int x), 1d, (x, 0, 0, 0))                                     \
    KIND(surf2D, cudaSurfaceType2D, (int x, int y), 2d, (x, y, 0, 0))                              \
    KIND(surf3D, cudaSurfaceType3D, (int x, int y, int z), 3d, (x, y, z, 0))                       \
    KIND(surf1DLayered, cudaSurfaceType1DLayered, (int x, int layer), a1d, (x, 0, 0, layer))       \
    KIND(surf2DLayered, cudaSurfaceType2DLayered, (int x, int y, int layer), a2d,                  \
         (x, y, 0, layer))                                                                         \
    KIND(surfCubemap, cudaSurfaceTypeCubemap, (int x, int y, int face), a2d, (x, y, 0, face))      \
    KIND(surfCubemapLayered, cudaSurfaceTypeCubemapLayered, (int x, int y, int layerFace), a2d,    \
         (x, y, 0, layerFace))
__ACC_SURF_ALL(__ACC_SURF_OBJECT)
#if CUDART_VERSION < 13000
__ACC_SURF_ALL(__ACC_SURF_REFERENCE)
#endif

#undef __ACC_SURF_ALL
#undef __ACC_SURF_REFERENCE
#undef __ACC_SURF_OBJECT
#undef __ACC_SURF_FUNCTIONS
#undef __ACC_SURF_PARAMETERS
#undef __ACC_SURF_INLINE
