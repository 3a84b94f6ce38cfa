// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface objects of the driver API: the same objects as the runtime API's, in other
// words.
#include <algorithm>

#include "runtime/cuda/driver.h"
#include "runtime/cuda/image_objects.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

cudaResourceDesc resource_of(const CUDA_RESOURCE_DESC& from) {
    cudaResourceDesc to{};
    to.flags = from.flags;
    switch (from.resType) {
    case CU_RESOURCE_TYPE_ARRAY:
        to.resType = cudaResourceTypeArray;
        to.res.array.array = reinterpret_cast<cudaArray_t>(from.res.array.hArray);
        return to;
    case CU_RESOURCE_TYPE_MIPMAPPED_ARRAY:
        to.resType = cudaResourceTypeMipmappedArray;
        to.res.mipmap.mipmap = reinterpret_cast<cudaMipmappedArray_t>(
            from.res.mipmap.hMipmappedArray);
        return to;
    case CU_RESOURCE_TYPE_LINEAR: {
        const auto& linear = from.res.linear;
        to.resType = cudaResourceTypeLinear;
        to.res.linear = {pointer_of(linear.devPtr),
                         desc_of(format_of(linear.format, linear.numChannels)), linear.sizeInBytes};
        return to;
    }
    case CU_RESOURCE_TYPE_PITCH2D: {
        const auto& rows = from.res.pitch2D;
        to.resType = cudaResourceTypePitch2D;
        to.res.pitch2D = {pointer_of(rows.devPtr),
                          desc_of(format_of(rows.format, rows.numChannels)), rows.width,
                          rows.height, rows.pitchInBytes};
        return to;
    }
    default:
        rt::fail(rt::Status::InvalidValue, "resource type {} does not exist",
                 static_cast<int>(from.resType));
    }
}

CUDA_RESOURCE_DESC resource_of(const cudaResourceDesc& from) {
    CUDA_RESOURCE_DESC to{};
    to.flags = from.flags;
    switch (from.resType) {
    case cudaResourceTypeArray:
        to.resType = CU_RESOURCE_TYPE_ARRAY;
        to.res.array.hArray = reinterpret_cast<CUarray>(from.res.array.array);
        break;
    case cudaResourceTypeMipmappedArray:
        to.resType = CU_RESOURCE_TYPE_MIPMAPPED_ARRAY;
        to.res.mipmap.hMipmappedArray = reinterpret_cast<CUmipmappedArray>(from.res.mipmap.mipmap);
        break;
    case cudaResourceTypeLinear: {
        const rt::ElementFormat format = format_of(from.res.linear.desc);
        to.resType = CU_RESOURCE_TYPE_LINEAR;
        to.res.linear = {reinterpret_cast<CUdeviceptr>(from.res.linear.devPtr),
                         driver_format_of(format), format.components, from.res.linear.sizeInBytes};
        break;
    }
    case cudaResourceTypePitch2D: {
        const auto& rows = from.res.pitch2D;
        const rt::ElementFormat format = format_of(rows.desc);
        to.resType = CU_RESOURCE_TYPE_PITCH2D;
        to.res.pitch2D = {reinterpret_cast<CUdeviceptr>(rows.devPtr),
                          driver_format_of(format),
                          format.components,
                          rows.width,
                          rows.height,
                          rows.pitchInBytes};
        break;
    }
    }
    return to;
}

cudaTextureDesc sampler_of(const CUDA_TEXTURE_DESC& from) {
    constexpr unsigned kKnown = CU_TRSF_READ_AS_INTEGER | CU_TRSF_NORMALIZED_COORDINATES |
                                CU_TRSF_SRGB | CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION |
                                CU_TRSF_SEAMLESS_CUBEMAP;
    check_flags(from.flags, kKnown, "texture");
    const auto has = [&](unsigned flag) { return (from.flags & flag) != 0 ? 1 : 0; };
    cudaTextureDesc to{};
    for (int i = 0; i < 3; ++i)
        to.addressMode[i] = static_cast<cudaTextureAddressMode>(from.addressMode[i]);
    to.filterMode = static_cast<cudaTextureFilterMode>(from.filterMode);
    to.readMode = has(CU_TRSF_READ_AS_INTEGER) ? cudaReadModeElementType
                                               : cudaReadModeNormalizedFloat;
    to.sRGB = has(CU_TRSF_SRGB);
    std::copy(from.borderColor, from.borderColor + 4, to.borderColor);
    to.normalizedCoords = has(CU_TRSF_NORMALIZED_COORDINATES);
    to.maxAnisotropy = from.maxAnisotropy;
    to.mipmapFilterMode = static_cast<cudaTextureFilterMode>(from.mipmapFilterMode);
    to.mipmapLevelBias = from.mipmapLevelBias;
    to.minMipmapLevelClamp = from.minMipmapLevelClamp;
    to.maxMipmapLevelClamp = from.maxMipmapLevelClamp;
    to.disableTrilinearOptimization = has(CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION);
    to.seamlessCubemap = has(CU_TRSF_SEAMLESS_CUBEMAP);
    return to;
}

CUDA_TEXTURE_DESC sampler_of(const cudaTextureDesc& from) {
    CUDA_TEXTURE_DESC to{};
    const auto flag = [&](bool set, unsigned bit) { to.flags |= set ? bit : 0; };
    for (int i = 0; i < 3; ++i)
        to.addressMode[i] = static_cast<CUaddress_mode>(from.addressMode[i]);
    to.filterMode = static_cast<CUfilter_mode>(from.filterMode);
    flag(from.readMode == cudaReadModeElementType, CU_TRSF_READ_AS_INTEGER);
    flag(from.sRGB != 0, CU_TRSF_SRGB);
    flag(from.normalizedCoords != 0, CU_TRSF_NORMALIZED_COORDINATES);
    flag(from.disableTrilinearOptimization != 0, CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION);
    flag(from.seamlessCubemap != 0, CU_TRSF_SEAMLESS_CUBEMAP);
    std::copy(from.borderColor, from.borderColor + 4, to.borderColor);
    to.maxAnisotropy = from.maxAnisotropy;
    to.mipmapFilterMode = static_cast<CUfilter_mode>(from.mipmapFilterMode);
    to.mipmapLevelBias = from.mipmapLevelBias;
    to.minMipmapLevelClamp = from.minMipmapLevelClamp;
    to.maxMipmapLevelClamp = from.maxMipmapLevelClamp;
    return to;
}

/// Both have the same members, and the same values.
template <typename To, typename From>
To convert_view(const From& from) {
    To to{};
    to.format = static_cast<decltype(to.format)>(from.format);
    to.width = from.width;
    to.height = from.height;
    to.depth = from.depth;
    to.firstMipmapLevel = from.firstMipmapLevel;
    to.lastMipmapLevel = from.lastMipmapLevel;
    to.firstLayer = from.firstLayer;
    to.lastLayer = from.lastLayer;
    return to;
}

cudaResourceViewDesc view_of(const CUDA_RESOURCE_VIEW_DESC& from) {
    return convert_view<cudaResourceViewDesc>(from);
}

CUDA_RESOURCE_VIEW_DESC view_of(const cudaResourceViewDesc& from) {
    return convert_view<CUDA_RESOURCE_VIEW_DESC>(from);
}

} // namespace

ACC_API CUresult cuTexObjectCreate(CUtexObject* object, const CUDA_RESOURCE_DESC* resource,
                                   const CUDA_TEXTURE_DESC* sampler,
                                   const CUDA_RESOURCE_VIEW_DESC* view) {
    return driver_guard(__func__, [&] {
        require(object, "pTexObject");
        require(resource, "pResDesc");
        require(sampler, "pTexDesc");
        ImageDescription description{resource_of(*resource), sampler_of(*sampler), {}, {}, {}};
        if (view != nullptr) description.view = view_of(*view);
        *object = ImageObjects::get().create(driver_current(), description, false);
    });
}

ACC_API CUresult cuTexObjectDestroy(CUtexObject object) {
    return driver_guard(__func__, [&] {
        driver_current();
        ImageObjects::get().destroy(object, false);
    });
}

ACC_API CUresult cuTexObjectGetResourceDesc(CUDA_RESOURCE_DESC* resource, CUtexObject object) {
    return driver_guard(__func__, [&] {
        require(resource, "pResDesc");
        driver_current();
        *resource = resource_of(ImageObjects::get().describe(object, false).resource);
    });
}

ACC_API CUresult cuTexObjectGetTextureDesc(CUDA_TEXTURE_DESC* sampler, CUtexObject object) {
    return driver_guard(__func__, [&] {
        require(sampler, "pTexDesc");
        driver_current();
        *sampler = sampler_of(*ImageObjects::get().describe(object, false).sampler);
    });
}

ACC_API CUresult cuTexObjectGetResourceViewDesc(CUDA_RESOURCE_VIEW_DESC* view, CUtexObject object) {
    return driver_guard(__func__, [&] {
        require(view, "pResViewDesc");
        driver_current();
        const ImageDescription description = ImageObjects::get().describe(object, false);
        if (!description.view)
            rt::fail(rt::Status::InvalidValue, "the texture object was made without a view");
        *view = view_of(*description.view);
    });
}

ACC_API CUresult cuSurfObjectCreate(CUsurfObject* object, const CUDA_RESOURCE_DESC* resource) {
    return driver_guard(__func__, [&] {
        require(object, "pSurfObject");
        require(resource, "pResDesc");
        *object = ImageObjects::get().create(driver_current(),
                                             {resource_of(*resource), {}, {}, {}, {}}, false);
    });
}

ACC_API CUresult cuSurfObjectDestroy(CUsurfObject object) {
    return driver_guard(__func__, [&] {
        driver_current();
        ImageObjects::get().destroy(object, true);
    });
}

ACC_API CUresult cuSurfObjectGetResourceDesc(CUDA_RESOURCE_DESC* resource, CUsurfObject object) {
    return driver_guard(__func__, [&] {
        require(resource, "pResDesc");
        driver_current();
        *resource = resource_of(ImageObjects::get().describe(object, true).resource);
    });
}
