// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texture and surface references: variables at namespace scope, on the host a description that
// binding reads, on the device the object that is bound (docs/isa/textures.md). Gone with CUDA 13.
#pragma once

#include "channel_descriptor.h"
#include "surface_types.h"
#include "texture_types.h"

template <class T, int texType = cudaTextureType1D,
          enum cudaTextureReadMode mode = cudaReadModeElementType>
struct __attribute__((device_builtin_texture_type)) texture : public textureReference {
    texture(int norm = 0, enum cudaTextureFilterMode fMode = cudaFilterModePoint,
            enum cudaTextureAddressMode aMode = cudaAddressModeClamp)
        : texture(norm, fMode, aMode, cudaCreateChannelDesc<T>()) {}
    texture(int norm, enum cudaTextureFilterMode fMode, enum cudaTextureAddressMode aMode,
            struct cudaChannelFormatDesc desc)
        : textureReference() {
        normalized = norm;
        filterMode = fMode;
        addressMode[0] = addressMode[1] = addressMode[2] = aMode;
        channelDesc = desc;
    }
};

template <class T, int dim = 1>
struct surface;
template <int dim>
struct __attribute__((device_builtin_surface_type)) surface<void, dim> : public surfaceReference {
    surface() : surfaceReference() { channelDesc = cudaCreateChannelDesc<void>(); }
};

// Binding, with the types of the templates.
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaBindTexture(size_t* offset, const texture<T, dim, mode>& tex,
                                          const void* devPtr, const cudaChannelFormatDesc& desc,
                                          size_t size = UINT_MAX) {
    return ::cudaBindTexture(offset, static_cast<const textureReference*>(&tex), devPtr, &desc,
                             size);
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaBindTexture(size_t* offset, const texture<T, dim, mode>& tex,
                                          const void* devPtr, size_t size = UINT_MAX) {
    return cudaBindTexture(offset, tex, devPtr, tex.channelDesc, size);
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaBindTexture2D(size_t* offset, const texture<T, dim, mode>& tex,
                                            const void* devPtr, const cudaChannelFormatDesc& desc,
                                            size_t width, size_t height, size_t pitch) {
    return ::cudaBindTexture2D(offset, static_cast<const textureReference*>(&tex), devPtr, &desc,
                               width, height, pitch);
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaBindTexture2D(size_t* offset, const texture<T, dim, mode>& tex,
                                            const void* devPtr, size_t width, size_t height,
                                            size_t pitch) {
    return cudaBindTexture2D(offset, tex, devPtr, tex.channelDesc, width, height, pitch);
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaBindTextureToArray(const texture<T, dim, mode>& tex,
                                                 cudaArray_const_t array,
                                                 const cudaChannelFormatDesc& desc) {
    return ::cudaBindTextureToArray(static_cast<const textureReference*>(&tex), array, &desc);
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaBindTextureToArray(const texture<T, dim, mode>& tex,
                                                 cudaArray_const_t array) {
    cudaChannelFormatDesc desc;
    const cudaError_t error = ::cudaGetChannelDesc(&desc, array);
    return error == cudaSuccess ? cudaBindTextureToArray(tex, array, desc) : error;
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaBindTextureToMipmappedArray(const texture<T, dim, mode>& tex,
                                                          cudaMipmappedArray_const_t mipmappedArray,
                                                          const cudaChannelFormatDesc& desc) {
    return ::cudaBindTextureToMipmappedArray(static_cast<const textureReference*>(&tex),
                                             mipmappedArray, &desc);
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t
cudaBindTextureToMipmappedArray(const texture<T, dim, mode>& tex,
                                cudaMipmappedArray_const_t mipmappedArray) {
    cudaArray_t first;
    cudaChannelFormatDesc desc;
    cudaError_t error = ::cudaGetMipmappedArrayLevel(&first, mipmappedArray, 0);
    if (error == cudaSuccess) error = ::cudaGetChannelDesc(&desc, first);
    return error == cudaSuccess ? cudaBindTextureToMipmappedArray(tex, mipmappedArray, desc)
                                : error;
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaUnbindTexture(const texture<T, dim, mode>& tex) {
    return ::cudaUnbindTexture(static_cast<const textureReference*>(&tex));
}
template <class T, int dim, enum cudaTextureReadMode mode>
static inline cudaError_t cudaGetTextureAlignmentOffset(size_t* offset,
                                                        const texture<T, dim, mode>& tex) {
    return ::cudaGetTextureAlignmentOffset(offset, static_cast<const textureReference*>(&tex));
}
template <class T, int dim>
static inline cudaError_t cudaBindSurfaceToArray(const surface<T, dim>& surf,
                                                 cudaArray_const_t array,
                                                 const cudaChannelFormatDesc& desc) {
    return ::cudaBindSurfaceToArray(static_cast<const surfaceReference*>(&surf), array, &desc);
}
template <class T, int dim>
static inline cudaError_t cudaBindSurfaceToArray(const surface<T, dim>& surf,
                                                 cudaArray_const_t array) {
    cudaChannelFormatDesc desc;
    const cudaError_t error = ::cudaGetChannelDesc(&desc, array);
    return error == cudaSuccess ? cudaBindSurfaceToArray(surf, array, desc) : error;
}
