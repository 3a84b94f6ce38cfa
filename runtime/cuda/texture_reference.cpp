// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/texture_reference.h"

#include <algorithm>

#include "runtime/core/copy.h"
#include "runtime/cuda/image_objects.h"
#include "runtime/cuda/registration.h"
#include "surface_types.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

void ReferenceSlot::write(ApiContext& context, uint64_t object) const {
    if (variable_ == 0) return;
    context.core.synchronize(); // kernels that were launched before read what was bound before
    rt::copy(context.core.legacy_stream(), reinterpret_cast<void*>(variable_), &object,
             sizeof object, rt::CopyKind::HostToDevice);
}

void ReferenceSlot::bind(ApiContext& context, const ImageDescription& description) {
    // Programs bind the same again before each launch.
    if (bound() && context.core.texture_records().holds(object_, record_of(context, description)))
        return;
    const uint64_t object = ImageObjects::get().create(context, description, true);
    try {
        write(context, object);
    } catch (...) {
        ImageObjects::get().release(object);
        throw;
    }
    forget();
    object_ = object;
}

void ReferenceSlot::unbind(ApiContext& context) {
    if (!bound()) return;
    write(context, 0);
    forget();
}

void ReferenceSlot::forget() {
    if (bound()) ImageObjects::get().release(object_);
    object_ = 0;
}

void ReferenceBindings::bind(ApiContext& context, const ReferenceEntry& entry,
                             const ImageDescription& description, size_t offset) {
    const uint64_t variable = context.binaries.reference(context, entry);
    std::lock_guard lock(mutex_);
    Binding& binding = bindings_.try_emplace(&entry, Binding{ReferenceSlot(variable), 0})
                           .first->second;
    binding.slot.bind(context, description);
    binding.offset = offset;
}

void ReferenceBindings::unbind(ApiContext& context, const ReferenceEntry& entry) {
    std::lock_guard lock(mutex_);
    const auto it = bindings_.find(&entry);
    if (it != bindings_.end()) it->second.slot.unbind(context);
}

size_t ReferenceBindings::offset_of(const ReferenceEntry& entry) {
    std::lock_guard lock(mutex_);
    const auto it = bindings_.find(&entry);
    if (it == bindings_.end() || !it->second.slot.bound())
        fail(Status::InvalidTextureBinding, "texture reference {} is not bound", entry.name);
    return it->second.offset;
}

void ReferenceBindings::drop(const FatBinary& binary) {
    std::lock_guard lock(mutex_);
    for (auto it = bindings_.begin(); it != bindings_.end();) {
        const auto at = it++;
        if (at->first->binary != &binary) continue;
        at->second.slot.forget();
        bindings_.erase(at);
    }
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

const ReferenceEntry& texture_of(const void* reference) {
    const ReferenceEntry* entry = Registry::get().find_reference(reference);
    if (entry == nullptr || entry->surface)
        rt::fail(rt::Status::InvalidTexture, "{} is not a texture reference of this program",
                 reference);
    return *entry;
}

const ReferenceEntry& surface_of(const void* reference) {
    const ReferenceEntry* entry = Registry::get().find_reference(reference);
    if (entry == nullptr || !entry->surface)
        rt::fail(rt::Status::InvalidSurface, "{} is not a surface reference of this program",
                 reference);
    return *entry;
}

cudaTextureDesc sampler_of(const ReferenceEntry& entry) {
    const auto& from = *static_cast<const textureReference*>(entry.host);
    cudaTextureDesc to{};
    std::copy(from.addressMode, from.addressMode + 3, to.addressMode);
    to.filterMode = from.filterMode;
    to.readMode = entry.normalized ? cudaReadModeNormalizedFloat : cudaReadModeElementType;
    to.sRGB = from.sRGB;
    to.normalizedCoords = from.normalized;
    to.maxAnisotropy = from.maxAnisotropy;
    to.mipmapFilterMode = from.mipmapFilterMode;
    to.mipmapLevelBias = from.mipmapLevelBias;
    to.minMipmapLevelClamp = from.minMipmapLevelClamp;
    to.maxMipmapLevelClamp = from.maxMipmapLevelClamp;
    to.disableTrilinearOptimization = from.disableTrilinearOptimization;
    return to;
}

void bind(ApiContext& context, const ReferenceEntry& entry, ImageDescription description,
          size_t offset) {
    if (!entry.surface) description.sampler = sampler_of(entry);
    if (entry.dimensions == cudaTextureType1D || entry.dimensions == cudaTextureType2D)
        description.dimensions = entry.dimensions;
    context.references.bind(context, entry, description, offset);
}

/// Where a texture of memory at `address` begins, and how far before that. Throws
/// Error(InvalidValue) when the program does not want to know of an offset that there is.
struct Start {
    void* memory;
    size_t offset;
};
Start start_of(const void* address, size_t* offset) {
    const auto at = reinterpret_cast<uint64_t>(address);
    const size_t beyond = at % rt::limits::kTextureMemoryAlign;
    if (offset == nullptr && beyond != 0)
        rt::fail(rt::Status::InvalidValue,
                 "binding {}: it is not a multiple of {} bytes, and 'offset' is null", address,
                 rt::limits::kTextureMemoryAlign);
    return {reinterpret_cast<void*>(at - beyond), beyond};
}

/// Binds an array, whose elements may be read as others of the same size.
void bind_elements(ApiContext& context, const ReferenceEntry& entry,
                   const cudaResourceDesc& resource, const rt::ElementFormat& own,
                   const cudaChannelFormatDesc& asked) {
    ImageDescription description;
    description.resource = resource;
    if (format_of(asked) != own) description.format = asked;
    bind(context, entry, description, 0);
}

} // namespace

ACC_API cudaError_t cudaBindTexture(size_t* offset, const textureReference* reference,
                                    const void* memory, const cudaChannelFormatDesc* desc,
                                    size_t bytes) {
    return guard(__func__, [&] {
        require(desc, "desc");
        ApiContext& context = current();
        const ReferenceEntry& entry = texture_of(reference);
        const Start start = start_of(memory, offset);
        const size_t most = rt::limits::kTexture1DLinear * format_of(*desc).bytes();
        // The default: as much as there is.
        if (bytes == UINT_MAX) bytes = most - start.offset;
        ImageDescription description;
        description.resource.resType = cudaResourceTypeLinear;
        description.resource.res.linear = {start.memory, *desc, bytes_with(start.offset, bytes)};
        bind(context, entry, description, start.offset);
        if (offset != nullptr) *offset = start.offset;
    });
}

ACC_API cudaError_t cudaBindTexture2D(size_t* offset, const textureReference* reference,
                                      const void* memory, const cudaChannelFormatDesc* desc,
                                      size_t width, size_t height, size_t pitch) {
    return guard(__func__, [&] {
        require(desc, "desc");
        ApiContext& context = current();
        const ReferenceEntry& entry = texture_of(reference);
        const Start start = start_of(memory, offset);
        // Of what the offset leaves in a row, as much as fits the pitch.
        const size_t element = format_of(*desc).bytes();
        const size_t wide = std::min(width + start.offset / element, pitch / element);
        ImageDescription description;
        description.resource.resType = cudaResourceTypePitch2D;
        description.resource.res.pitch2D = {start.memory, *desc, start.offset == 0 ? width : wide,
                                            height, pitch};
        bind(context, entry, description, start.offset);
        if (offset != nullptr) *offset = start.offset;
    });
}

ACC_API cudaError_t cudaBindTextureToArray(const textureReference* reference,
                                           cudaArray_const_t array,
                                           const cudaChannelFormatDesc* desc) {
    return guard(__func__, [&] {
        require(desc, "desc");
        ApiContext& context = current();
        cudaResourceDesc resource{};
        resource.resType = cudaResourceTypeArray;
        resource.res.array.array = const_cast<cudaArray_t>(array);
        const ReferenceEntry& entry = texture_of(reference);
        bind_elements(context, entry, resource, array_of(array).shape.format, *desc);
    });
}

ACC_API cudaError_t cudaBindTextureToMipmappedArray(const textureReference* reference,
                                                    cudaMipmappedArray_const_t mipmap,
                                                    const cudaChannelFormatDesc* desc) {
    return guard(__func__, [&] {
        require(desc, "desc");
        ApiContext& context = current();
        cudaResourceDesc resource{};
        resource.resType = cudaResourceTypeMipmappedArray;
        resource.res.mipmap.mipmap = const_cast<cudaMipmappedArray_t>(mipmap);
        const ReferenceEntry& entry = texture_of(reference);
        bind_elements(context, entry, resource, image_of(mipmap).shape().format, *desc);
    });
}

ACC_API cudaError_t cudaUnbindTexture(const textureReference* reference) {
    return guard(__func__, [&] {
        ApiContext& context = current();
        context.references.unbind(context, texture_of(reference));
    });
}

ACC_API cudaError_t cudaGetTextureAlignmentOffset(size_t* offset,
                                                  const textureReference* reference) {
    return guard(__func__, [&] {
        require(offset, "offset");
        ApiContext& context = current();
        *offset = context.references.offset_of(texture_of(reference));
    });
}

ACC_API cudaError_t cudaGetTextureReference(const textureReference** reference,
                                            const void* symbol) {
    return guard(__func__, [&] {
        require(reference, "texref");
        *reference = static_cast<const textureReference*>(texture_of(symbol).host);
    });
}

ACC_API cudaError_t cudaBindSurfaceToArray(const surfaceReference* reference,
                                           cudaArray_const_t array,
                                           const cudaChannelFormatDesc* desc) {
    return guard(__func__, [&] {
        require(desc, "desc");
        ApiContext& context = current();
        const ReferenceEntry& entry = surface_of(reference);
        ImageDescription description;
        description.resource.resType = cudaResourceTypeArray;
        description.resource.res.array.array = const_cast<cudaArray_t>(array);
        bind(context, entry, description, 0);
    });
}

ACC_API cudaError_t cudaGetSurfaceReference(const surfaceReference** reference,
                                            const void* symbol) {
    return guard(__func__, [&] {
        require(reference, "surfref");
        *reference = static_cast<const surfaceReference*>(surface_of(symbol).host);
    });
}
