// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface references of the driver API: variables of a module that the program
// describes and binds step by step. What is described so far is bound as soon as it makes a
// texture.
#include <algorithm>
#include <bit>

#include "runtime/cuda/driver_texref.h"

#include "runtime/cuda/driver.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

void DriverReference::refresh(ApiContext& context) {
    const bool memory = resource_.resType == cudaResourceTypeLinear ||
                        resource_.resType == cudaResourceTypePitch2D;
    if (!has_resource_ || (memory && !format_)) {
        slot_.unbind(context);
        return;
    }
    ImageDescription description;
    description.resource = resource_;
    if (resource_.resType == cudaResourceTypeLinear)
        description.resource.res.linear.desc = desc_of(*format_);
    if (resource_.resType == cudaResourceTypePitch2D)
        description.resource.res.pitch2D.desc = desc_of(*format_);
    if (!surface_) description.sampler = sampler_;
    slot_.bind(context, description);
}

void DriverReference::set_resource(ApiContext& context, const cudaResourceDesc* resource) {
    has_resource_ = resource != nullptr;
    if (has_resource_) resource_ = *resource;
    try {
        refresh(context);
    } catch (...) {
        has_resource_ = false;
        slot_.unbind(context);
        throw;
    }
}

void DriverReference::changed(ApiContext& context) {
    // Between two calls the description may be none that a texture can have: then nothing is bound,
    // and a kernel that reads it faults.
    try {
        refresh(context);
    } catch (const rt::Error& error) {
        if (error.status() != Status::InvalidValue &&
            error.status() != Status::InvalidFilterSetting)
            throw;
        slot_.unbind(context);
    }
}

DriverReference& DriverReferences::of(ApiContext& context, rt::Module& module,
                                      const std::string& name, bool surface) {
    const rt::Variable* variable = module.variable(name);
    if (variable == nullptr || variable->bytes != sizeof(uint64_t))
        fail(Status::NoSuchName, "module {} has no {} reference '{}'", module.name(),
             surface ? "surface" : "texture", name);
    std::lock_guard lock(mutex_);
    for (const auto& known : references_)
        if (known->variable == variable->va && known->module == &module) return *known;
    references_.push_back(std::make_unique<DriverReference>(&module, variable->va, surface));
    return *references_.back();
}

DriverReference& DriverReferences::create() {
    std::lock_guard lock(mutex_);
    references_.push_back(std::make_unique<DriverReference>(nullptr, 0, false));
    return *references_.back();
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

struct Found {
    DriverReference& reference;
    ApiContext& context;
    /// One caller at a time describes and binds.
    std::unique_lock<std::mutex> lock;
};

Found find(const void* handle, bool surface) {
    const auto found = HandleTable<DriverReference>::get().find(handle);
    if (found.object == nullptr || found.object->surface() != surface ||
        found.owner != &driver_current())
        rt::fail(rt::Status::InvalidHandle, "{} is not a {} reference of this context", handle,
                 surface ? "surface" : "texture");
    return {*found.object, *found.owner, std::unique_lock(found.object->mutex)};
}

Found texture(CUtexref handle) {
    return find(handle, false);
}

template <typename F>
void change(CUtexref handle, F&& what) {
    Found found = texture(handle);
    what(found.reference.sampler());
    found.reference.changed(found.context);
}

template <typename H>
H get_reference(CUmodule module, const char* name, bool surface) {
    ApiContext& context = driver_current();
    const auto found = HandleTable<rt::Module>::get().find(module);
    if (found.object == nullptr || found.owner != &context)
        rt::fail(rt::Status::InvalidHandle, "the module is not loaded in this context");
    return HandleTable<DriverReference>::get().of<H>(
        context.driver_references->of(context, *found.object, name, surface), context);
}

int checked_dimension(int dimension) {
    if (dimension < 0 || dimension > 2)
        rt::fail(rt::Status::InvalidValue, "texture reference: dimension {}", dimension);
    return dimension;
}

void check_override(unsigned flags) {
    if (flags != CU_TRSA_OVERRIDE_FORMAT)
        rt::fail(rt::Status::InvalidValue,
                 "texture reference: the flags of an array are CU_TRSA_OVERRIDE_FORMAT");
}

template <typename T>
T checked_mode(T mode, int most) {
    if (static_cast<int>(mode) < 0 || static_cast<int>(mode) > most)
        rt::fail(rt::Status::InvalidValue, "texture reference: mode {} does not exist",
                 static_cast<int>(mode));
    return mode;
}

const cudaResourceDesc& bound_to(const DriverReference& reference, cudaResourceType type) {
    const cudaResourceDesc* resource = reference.resource();
    if (resource == nullptr || resource->resType != type)
        rt::fail(rt::Status::InvalidValue, "the reference is not bound to such a thing");
    return *resource;
}

cudaResourceDesc array_resource(CUarray array) {
    cudaResourceDesc resource{};
    array_of(array);
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = reinterpret_cast<cudaArray_t>(array);
    return resource;
}

} // namespace

ACC_API CUresult cuModuleGetTexRef(CUtexref* reference, CUmodule module, const char* name) {
    return driver_guard(__func__, [&] {
        require(reference, "pTexRef");
        require(name, "name");
        *reference = get_reference<CUtexref>(module, name, false);
    });
}

ACC_API CUresult cuModuleGetSurfRef(CUsurfref* reference, CUmodule module, const char* name) {
    return driver_guard(__func__, [&] {
        require(reference, "pSurfRef");
        require(name, "name");
        *reference = get_reference<CUsurfref>(module, name, true);
    });
}

ACC_API CUresult cuTexRefCreate(CUtexref* reference) {
    return driver_guard(__func__, [&] {
        require(reference, "pTexRef");
        ApiContext& context = driver_current();
        *reference = HandleTable<DriverReference>::get().of<CUtexref>(
            context.driver_references->create(), context);
    });
}

ACC_API CUresult cuTexRefDestroy(CUtexref reference) {
    return driver_guard(__func__, [&] {
        {
            Found found = texture(reference);
            found.reference.set_resource(found.context, nullptr);
        }
        HandleTable<DriverReference>::get().take(reference);
    });
}

// ---- what is bound
// ------------------------------------------------------------------------------------------------

ACC_API CUresult cuTexRefSetArray(CUtexref reference, CUarray array, unsigned flags) {
    return driver_guard(__func__, [&] {
        Found found = texture(reference);
        check_override(flags);
        const cudaResourceDesc resource = array_resource(array);
        found.reference.set_format(array_of(array).shape.format);
        found.reference.set_resource(found.context, &resource);
    });
}

ACC_API CUresult cuTexRefSetMipmappedArray(CUtexref reference, CUmipmappedArray mipmap,
                                           unsigned flags) {
    return driver_guard(__func__, [&] {
        Found found = texture(reference);
        check_override(flags);
        found.reference.set_format(image_of(mipmap).shape().format);
        cudaResourceDesc resource{};
        resource.resType = cudaResourceTypeMipmappedArray;
        resource.res.mipmap.mipmap = reinterpret_cast<cudaMipmappedArray_t>(mipmap);
        found.reference.set_resource(found.context, &resource);
    });
}

ACC_API CUresult cuTexRefSetAddress_v2(size_t* offset, CUtexref reference, CUdeviceptr address,
                                       size_t bytes) {
    return driver_guard(__func__, [&] {
        Found found = texture(reference);
        if (address == 0) { // nothing is bound any more
            found.reference.set_resource(found.context, nullptr);
            return;
        }
        const size_t beyond = address % rt::limits::kTextureMemoryAlign;
        if (beyond != 0 && offset == nullptr)
            rt::fail(rt::Status::InvalidValue,
                     "binding {:#x}: it is not a multiple of {} bytes, and 'ByteOffset' is null",
                     address, rt::limits::kTextureMemoryAlign);
        cudaResourceDesc resource{};
        resource.resType = cudaResourceTypeLinear;
        resource.res.linear = {pointer_of(address - beyond), {}, bytes_with(beyond, bytes)};
        found.reference.set_resource(found.context, &resource);
        if (offset != nullptr) *offset = beyond;
    });
}

ACC_API CUresult cuTexRefSetAddress2D_v3(CUtexref reference, const CUDA_ARRAY_DESCRIPTOR* desc,
                                         CUdeviceptr address, size_t pitch) {
    return driver_guard(__func__, [&] {
        require(desc, "desc");
        Found found = texture(reference);
        found.reference.set_format(format_of(desc->Format, desc->NumChannels));
        cudaResourceDesc resource{};
        resource.resType = cudaResourceTypePitch2D;
        resource.res.pitch2D = {pointer_of(address), {}, desc->Width, desc->Height, pitch};
        found.reference.set_resource(found.context, &resource);
    });
}

ACC_API CUresult cuTexRefSetFormat(CUtexref reference, CUarray_format format, int channels) {
    return driver_guard(__func__, [&] {
        Found found = texture(reference);
        found.reference.set_format(format_of(format, static_cast<unsigned>(channels)));
        found.reference.changed(found.context);
    });
}

ACC_API CUresult cuTexRefGetAddress_v2(CUdeviceptr* address, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(address, "pdptr");
        Found found = texture(reference);
        *address = reinterpret_cast<CUdeviceptr>(
            bound_to(found.reference, cudaResourceTypeLinear).res.linear.devPtr);
    });
}

ACC_API CUresult cuTexRefGetArray(CUarray* array, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(array, "phArray");
        Found found = texture(reference);
        *array = reinterpret_cast<CUarray>(
            bound_to(found.reference, cudaResourceTypeArray).res.array.array);
    });
}

ACC_API CUresult cuTexRefGetMipmappedArray(CUmipmappedArray* mipmap, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(mipmap, "phMipmappedArray");
        Found found = texture(reference);
        *mipmap = reinterpret_cast<CUmipmappedArray>(
            bound_to(found.reference, cudaResourceTypeMipmappedArray).res.mipmap.mipmap);
    });
}

ACC_API CUresult cuTexRefGetFormat(CUarray_format* format, int* channels, CUtexref reference) {
    return driver_guard(__func__, [&] {
        Found found = texture(reference);
        const auto& known = found.reference.format();
        if (!known) rt::fail(rt::Status::InvalidValue, "the reference has no format yet");
        if (format != nullptr) *format = driver_format_of(*known);
        if (channels != nullptr) *channels = known->components;
    });
}

// ---- how it is read
// -----------------------------------------------------------------------------------------------

ACC_API CUresult cuTexRefSetAddressMode(CUtexref reference, int dimension, CUaddress_mode mode) {
    return driver_guard(__func__, [&] {
        checked_dimension(dimension);
        checked_mode(mode, CU_TR_ADDRESS_MODE_BORDER);
        change(reference, [&](cudaTextureDesc& s) {
            s.addressMode[dimension] = static_cast<cudaTextureAddressMode>(mode);
        });
    });
}

ACC_API CUresult cuTexRefSetFilterMode(CUtexref reference, CUfilter_mode mode) {
    return driver_guard(__func__, [&] {
        checked_mode(mode, CU_TR_FILTER_MODE_LINEAR);
        change(reference, [&](cudaTextureDesc& s) {
            s.filterMode = static_cast<cudaTextureFilterMode>(mode);
        });
    });
}

ACC_API CUresult cuTexRefSetMipmapFilterMode(CUtexref reference, CUfilter_mode mode) {
    return driver_guard(__func__, [&] {
        checked_mode(mode, CU_TR_FILTER_MODE_LINEAR);
        change(reference, [&](cudaTextureDesc& s) {
            s.mipmapFilterMode = static_cast<cudaTextureFilterMode>(mode);
        });
    });
}

ACC_API CUresult cuTexRefSetMipmapLevelBias(CUtexref reference, float bias) {
    return driver_guard(__func__, [&] {
        change(reference, [&](cudaTextureDesc& s) { s.mipmapLevelBias = bias; });
    });
}

ACC_API CUresult cuTexRefSetMipmapLevelClamp(CUtexref reference, float least, float most) {
    return driver_guard(__func__, [&] {
        change(reference, [&](cudaTextureDesc& s) {
            s.minMipmapLevelClamp = least;
            s.maxMipmapLevelClamp = most;
        });
    });
}

ACC_API CUresult cuTexRefSetMaxAnisotropy(CUtexref reference, unsigned most) {
    return driver_guard(
        __func__, [&] { change(reference, [&](cudaTextureDesc& s) { s.maxAnisotropy = most; }); });
}

ACC_API CUresult cuTexRefSetBorderColor(CUtexref reference, float* colour) {
    return driver_guard(__func__, [&] {
        require(colour, "pBorderColor");
        change(reference,
               [&](cudaTextureDesc& s) { std::copy(colour, colour + 4, s.borderColor); });
    });
}

ACC_API CUresult cuTexRefSetFlags(CUtexref reference, unsigned flags) {
    return driver_guard(__func__, [&] {
        check_flags(flags,
                    CU_TRSF_READ_AS_INTEGER | CU_TRSF_NORMALIZED_COORDINATES | CU_TRSF_SRGB |
                        CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION,
                    "texture reference");
        change(reference, [&](cudaTextureDesc& s) {
            const auto has = [&](unsigned flag) { return (flags & flag) != 0 ? 1 : 0; };
            s.readMode = has(CU_TRSF_READ_AS_INTEGER) ? cudaReadModeElementType
                                                      : cudaReadModeNormalizedFloat;
            s.normalizedCoords = has(CU_TRSF_NORMALIZED_COORDINATES);
            s.sRGB = has(CU_TRSF_SRGB);
            s.disableTrilinearOptimization = has(CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION);
        });
    });
}

ACC_API CUresult cuTexRefGetAddressMode(CUaddress_mode* mode, CUtexref reference, int dimension) {
    return driver_guard(__func__, [&] {
        require(mode, "pam");
        checked_dimension(dimension);
        Found found = texture(reference);
        *mode = static_cast<CUaddress_mode>(found.reference.sampler().addressMode[dimension]);
    });
}

ACC_API CUresult cuTexRefGetFilterMode(CUfilter_mode* mode, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(mode, "pfm");
        *mode = static_cast<CUfilter_mode>(texture(reference).reference.sampler().filterMode);
    });
}

ACC_API CUresult cuTexRefGetMipmapFilterMode(CUfilter_mode* mode, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(mode, "pfm");
        *mode = static_cast<CUfilter_mode>(texture(reference).reference.sampler().mipmapFilterMode);
    });
}

ACC_API CUresult cuTexRefGetMipmapLevelBias(float* bias, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(bias, "pbias");
        *bias = texture(reference).reference.sampler().mipmapLevelBias;
    });
}

ACC_API CUresult cuTexRefGetMipmapLevelClamp(float* least, float* most, CUtexref reference) {
    return driver_guard(__func__, [&] {
        Found found = texture(reference);
        if (least != nullptr) *least = found.reference.sampler().minMipmapLevelClamp;
        if (most != nullptr) *most = found.reference.sampler().maxMipmapLevelClamp;
    });
}

ACC_API CUresult cuTexRefGetMaxAnisotropy(int* most, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(most, "pmaxAniso");
        *most = static_cast<int>(texture(reference).reference.sampler().maxAnisotropy);
    });
}

ACC_API CUresult cuTexRefGetBorderColor(float* colour, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(colour, "pBorderColor");
        Found found = texture(reference);
        std::copy_n(found.reference.sampler().borderColor, 4, colour);
    });
}

ACC_API CUresult cuTexRefGetFlags(unsigned* flags, CUtexref reference) {
    return driver_guard(__func__, [&] {
        require(flags, "pFlags");
        Found found = texture(reference);
        const cudaTextureDesc& s = found.reference.sampler();
        *flags = (s.readMode == cudaReadModeElementType ? CU_TRSF_READ_AS_INTEGER : 0u) |
                 (s.normalizedCoords != 0 ? CU_TRSF_NORMALIZED_COORDINATES : 0u) |
                 (s.sRGB != 0 ? CU_TRSF_SRGB : 0u) |
                 (s.disableTrilinearOptimization != 0 ? CU_TRSF_DISABLE_TRILINEAR_OPTIMIZATION
                                                      : 0u);
    });
}

// ---- surfaces
// -----------------------------------------------------------------------------------------------------

ACC_API CUresult cuSurfRefSetArray(CUsurfref reference, CUarray array, unsigned flags) {
    return driver_guard(__func__, [&] {
        Found found = find(reference, true);
        check_flags(flags, 0, "surface reference");
        const cudaResourceDesc resource = array_resource(array);
        found.reference.set_resource(found.context, &resource);
    });
}

ACC_API CUresult cuSurfRefGetArray(CUarray* array, CUsurfref reference) {
    return driver_guard(__func__, [&] {
        require(array, "phArray");
        Found found = find(reference, true);
        *array = reinterpret_cast<CUarray>(
            bound_to(found.reference, cudaResourceTypeArray).res.array.array);
    });
}
