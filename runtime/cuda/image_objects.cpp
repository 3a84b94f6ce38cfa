// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/image_objects.h"

#include "surface_types.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

const rt::Image* image_in(const cudaResourceDesc& resource) {
    switch (resource.resType) {
    case cudaResourceTypeArray: return &array_of(resource.res.array.array).image;
    case cudaResourceTypeMipmappedArray: return &image_of(resource.res.mipmap.mipmap);
    default: return nullptr;
    }
}

} // namespace

ImageObjects& ImageObjects::get() {
    static ImageObjects* const objects = new ImageObjects;
    return *objects;
}

uint64_t ImageObjects::create(ApiContext& context, const ImageDescription& description,
                              bool hidden) {
    const acc_texture record = record_of(context, description);
    const uint64_t handle = context.core.texture_records().create(record);
    std::lock_guard lock(mutex_);
    objects_[handle] = {&context, description, image_in(description.resource), hidden};
    return handle;
}

ImageObjects::Map::iterator ImageObjects::find(uint64_t handle, bool surface) {
    const auto it = objects_.find(handle);
    if (it == objects_.end() || it->second.hidden ||
        it->second.description.sampler.has_value() == surface)
        fail(Status::InvalidValue, "{:#x} is not a {} object (destroyed before?)", handle,
             surface ? "surface" : "texture");
    return it;
}

void ImageObjects::destroy(uint64_t handle, bool surface) {
    std::lock_guard lock(mutex_);
    const auto it = find(handle, surface);
    it->second.owner->core.texture_records().destroy(handle);
    objects_.erase(it);
}

void ImageObjects::release(uint64_t handle) {
    std::lock_guard lock(mutex_);
    const auto it = objects_.find(handle);
    if (it == objects_.end()) return;
    it->second.owner->core.texture_records().destroy(handle);
    objects_.erase(it);
}

ImageDescription ImageObjects::describe(uint64_t handle, bool surface) {
    std::lock_guard lock(mutex_);
    return find(handle, surface)->second.description;
}

void ImageObjects::forget(const rt::Image& image) {
    std::lock_guard lock(mutex_);
    for (auto& [handle, object] : objects_) {
        if (object.image != &image) continue;
        object.owner->core.texture_records().invalidate(handle);
        object.image = nullptr;
    }
}

void ImageObjects::forget(const ApiContext& context) {
    std::lock_guard lock(mutex_);
    std::erase_if(objects_, [&](const auto& entry) { return entry.second.owner == &context; });
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaCreateTextureObject(cudaTextureObject_t* object,
                                            const cudaResourceDesc* resource,
                                            const cudaTextureDesc* sampler,
                                            const cudaResourceViewDesc* view) {
    return guard(__func__, [&] {
        require(object, "pTexObject");
        require(resource, "pResDesc");
        require(sampler, "pTexDesc");
        ImageDescription description{*resource, *sampler, {}, {}, {}};
        if (view != nullptr) description.view = *view;
        *object = ImageObjects::get().create(current(), description, false);
    });
}

ACC_API cudaError_t cudaDestroyTextureObject(cudaTextureObject_t object) {
    return guard(__func__, [&] {
        current();
        if (object != 0) ImageObjects::get().destroy(object, false); // none is no error
    });
}

ACC_API cudaError_t cudaGetTextureObjectResourceDesc(cudaResourceDesc* resource,
                                                     cudaTextureObject_t object) {
    return guard(__func__, [&] {
        require(resource, "pResDesc");
        current();
        *resource = ImageObjects::get().describe(object, false).resource;
    });
}

ACC_API cudaError_t cudaGetTextureObjectTextureDesc(cudaTextureDesc* sampler,
                                                    cudaTextureObject_t object) {
    return guard(__func__, [&] {
        require(sampler, "pTexDesc");
        current();
        *sampler = *ImageObjects::get().describe(object, false).sampler;
    });
}

ACC_API cudaError_t cudaGetTextureObjectResourceViewDesc(cudaResourceViewDesc* view,
                                                         cudaTextureObject_t object) {
    return guard(__func__, [&] {
        require(view, "pResViewDesc");
        current();
        const ImageDescription description = ImageObjects::get().describe(object, false);
        if (!description.view)
            rt::fail(rt::Status::InvalidValue, "the texture object was made without a view");
        *view = *description.view;
    });
}

ACC_API cudaError_t cudaCreateSurfaceObject(cudaSurfaceObject_t* object,
                                            const cudaResourceDesc* resource) {
    return guard(__func__, [&] {
        require(object, "pSurfObject");
        require(resource, "pResDesc");
        *object = ImageObjects::get().create(current(), {*resource, {}, {}, {}, {}}, false);
    });
}

ACC_API cudaError_t cudaDestroySurfaceObject(cudaSurfaceObject_t object) {
    return guard(__func__, [&] {
        current();
        if (object != 0) ImageObjects::get().destroy(object, true);
    });
}

ACC_API cudaError_t cudaGetSurfaceObjectResourceDesc(cudaResourceDesc* resource,
                                                     cudaSurfaceObject_t object) {
    return guard(__func__, [&] {
        require(resource, "pResDesc");
        current();
        *resource = ImageObjects::get().describe(object, true).resource;
    });
}
