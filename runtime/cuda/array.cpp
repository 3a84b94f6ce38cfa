// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/array.h"

#include <algorithm>
#include <bit>

#include "runtime/cuda/image_objects.h"
#include "runtime/cuda/memory.h"

namespace acc::cuda {

using rt::ComponentKind;
using rt::ElementFormat;
using rt::fail;
using rt::Status;

static_assert(cudaArrayLayered == rt::kArrayLayered && cudaArrayCubemap == rt::kArrayCubemap &&
              cudaArraySurfaceLoadStore == rt::kArraySurface &&
              cudaArrayTextureGather == rt::kArrayGather &&
              cudaArrayColorAttachment == rt::kArrayColorAttachment &&
              cudaArraySparse == rt::kArraySparse &&
              cudaArrayDeferredMapping == rt::kArrayDeferredMapping);

namespace {

// Both APIs number the normalized formats in the same order: kind and width, then one, two and four
// components.
struct Normalized {
    ComponentKind kind;
    uint8_t bits;
};
constexpr Normalized kNormalized[] = {{ComponentKind::Unsigned, 8},
                                      {ComponentKind::Unsigned, 16},
                                      {ComponentKind::Signed, 8},
                                      {ComponentKind::Signed, 16}};
constexpr int kNormalizedFormats = 12;
static_assert(cudaChannelFormatKindSignedNormalized16X4 -
                      cudaChannelFormatKindUnsignedNormalized8X1 ==
                  kNormalizedFormats - 1 &&
              CU_AD_FORMAT_SNORM_INT16X4 - CU_AD_FORMAT_UNORM_INT8X1 == kNormalizedFormats - 1);

ElementFormat normalized_format(int number) {
    const Normalized& of = kNormalized[number / 3];
    return {of.kind, of.bits, static_cast<uint8_t>(1 << number % 3), true};
}

int normalized_number(const ElementFormat& format) {
    const int row = (format.kind == ComponentKind::Signed ? 2 : 0) + (format.bits == 16 ? 1 : 0);
    return row * 3 + std::countr_zero(unsigned{format.components});
}

int normalized_number(int value, int first) {
    return value >= first && value < first + kNormalizedFormats ? value - first : -1;
}

[[noreturn]] void no_format(const cudaChannelFormatDesc& desc) {
    fail(Status::InvalidChannelDescriptor,
         "channel format: there are no elements of {}, {}, {} and {} bits of kind {}", desc.x,
         desc.y, desc.z, desc.w, static_cast<int>(desc.f));
}

/// How many components there are; all must be of the same size.
int components_of(const cudaChannelFormatDesc& desc) {
    const int bits[4] = {desc.x, desc.y, desc.z, desc.w};
    int count = 0;
    while (count < 4 && bits[count] != 0) {
        if (bits[count] != bits[0]) no_format(desc);
        ++count;
    }
    if (count == 0 || count == 3 || std::any_of(bits + count, bits + 4, [](int b) { return b; }))
        no_format(desc);
    return count;
}

} // namespace

ElementFormat format_of(const cudaChannelFormatDesc& desc) {
    const int normalized = normalized_number(desc.f, cudaChannelFormatKindUnsignedNormalized8X1);
    if (desc.f == cudaChannelFormatKindNV12 ||
        (normalized < 0 && desc.f > cudaChannelFormatKindNone &&
         desc.f <= cudaChannelFormatKindUnsignedNormalized1010102))
        fail(Status::NotSupported,
             "channel format {}: planar, block-compressed and packed elements are not there",
             static_cast<int>(desc.f));
    const int components = components_of(desc);
    ElementFormat format{ComponentKind::Unsigned, static_cast<uint8_t>(desc.x),
                         static_cast<uint8_t>(components), false};
    if (normalized >= 0) {
        format = normalized_format(normalized);
        if (format.bits != desc.x || format.components != components) no_format(desc);
        return format;
    }
    switch (desc.f) {
    case cudaChannelFormatKindSigned: format.kind = ComponentKind::Signed; break;
    case cudaChannelFormatKindUnsigned: break;
    case cudaChannelFormatKindFloat: format.kind = ComponentKind::Float; break;
    default: no_format(desc);
    }
    const bool sized = desc.x == 16 || desc.x == 32 || (desc.x == 8 && format.integer());
    if (!sized) no_format(desc);
    return format;
}

cudaChannelFormatDesc desc_of(const ElementFormat& format) {
    const auto bits = [&](int i) { return i < format.components ? format.bits : 0; };
    cudaChannelFormatDesc desc{bits(0), bits(1), bits(2), bits(3), cudaChannelFormatKindUnsigned};
    if (format.normalized)
        desc.f = static_cast<cudaChannelFormatKind>(cudaChannelFormatKindUnsignedNormalized8X1 +
                                                    normalized_number(format));
    else if (format.kind != ComponentKind::Unsigned)
        desc.f = format.kind == ComponentKind::Signed ? cudaChannelFormatKindSigned
                                                      : cudaChannelFormatKindFloat;
    return desc;
}

ElementFormat format_of(CUarray_format format, unsigned channels) {
    const int normalized = normalized_number(format, CU_AD_FORMAT_UNORM_INT8X1);
    ElementFormat element;
    if (normalized >= 0) element = normalized_format(normalized);
    const auto with = [&](ComponentKind kind, uint8_t bits) {
        element = {kind, bits, static_cast<uint8_t>(channels), false};
    };
    switch (format) {
    case CU_AD_FORMAT_UNSIGNED_INT8: with(ComponentKind::Unsigned, 8); break;
    case CU_AD_FORMAT_UNSIGNED_INT16: with(ComponentKind::Unsigned, 16); break;
    case CU_AD_FORMAT_UNSIGNED_INT32: with(ComponentKind::Unsigned, 32); break;
    case CU_AD_FORMAT_SIGNED_INT8: with(ComponentKind::Signed, 8); break;
    case CU_AD_FORMAT_SIGNED_INT16: with(ComponentKind::Signed, 16); break;
    case CU_AD_FORMAT_SIGNED_INT32: with(ComponentKind::Signed, 32); break;
    case CU_AD_FORMAT_HALF: with(ComponentKind::Float, 16); break;
    case CU_AD_FORMAT_FLOAT: with(ComponentKind::Float, 32); break;
    default:
        if (normalized < 0 && format >= CU_AD_FORMAT_UNORM_INT_101010_2 &&
            format <= CU_AD_FORMAT_YUV444_16bit_SemiPlanar)
            fail(Status::NotSupported,
                 "array format {}: planar, block-compressed and packed elements are not there",
                 static_cast<int>(format));
        if (normalized < 0)
            fail(Status::InvalidValue, "array format {} does not exist", static_cast<int>(format));
    }
    if ((channels != 1 && channels != 2 && channels != 4) || channels != element.components)
        fail(Status::InvalidValue, "array format {} with {} channels does not exist",
             static_cast<int>(format), channels);
    return element;
}

CUarray_format driver_format_of(const ElementFormat& format) {
    if (format.normalized)
        return static_cast<CUarray_format>(CU_AD_FORMAT_UNORM_INT8X1 + normalized_number(format));
    if (!format.integer()) return format.bits == 16 ? CU_AD_FORMAT_HALF : CU_AD_FORMAT_FLOAT;
    const int first = format.kind == ComponentKind::Signed ? CU_AD_FORMAT_SIGNED_INT8
                                                           : CU_AD_FORMAT_UNSIGNED_INT8;
    return static_cast<CUarray_format>(first + std::countr_zero(format.bits / 8u));
}

// ---- making and freeing
// -------------------------------------------------------------------------------------------

cudaArray_t make_array(ApiContext& context, const rt::ArrayShape& shape) {
    rt::Image& image = with_unused_memory(
        context, [&]() -> rt::Image& { return context.core.images().create(shape, 1, false); });
    return HandleTable<rt::Array>::get().of<cudaArray_t>(image.level(0), context);
}

cudaMipmappedArray_t make_mipmapped(ApiContext& context, const rt::ArrayShape& shape,
                                    unsigned levels) {
    rt::Image& image = with_unused_memory(
        context, [&]() -> rt::Image& { return context.core.images().create(shape, levels, true); });
    return HandleTable<rt::Image>::get().of<cudaMipmappedArray_t>(image, context);
}

rt::Array& array_of(const void* handle) {
    if (handle == nullptr) fail(Status::InvalidValue, "the array is a null pointer");
    const auto found = HandleTable<rt::Array>::get().find(handle);
    if (found.object == nullptr)
        fail(Status::InvalidHandle, "{} is not an array (freed before?)", handle);
    return *found.object;
}

rt::Image& image_of(const void* handle) {
    if (handle == nullptr) fail(Status::InvalidValue, "the mipmapped array is a null pointer");
    const auto found = HandleTable<rt::Image>::get().find(handle);
    if (found.object == nullptr)
        fail(Status::InvalidHandle, "{} is not a mipmapped array (freed before?)", handle);
    return *found.object;
}

cudaArray_t level_of(const void* mipmapped, unsigned level) {
    rt::Image& image = image_of(mipmapped);
    if (level >= image.levels())
        fail(Status::InvalidValue, "level {} of a mipmapped array that has {}", level,
             image.levels());
    ApiContext* owner = HandleTable<rt::Image>::get().find(mipmapped).owner;
    return HandleTable<rt::Array>::get().of<cudaArray_t>(image.level(level), *owner);
}

void free_array(const void* handle) {
    const rt::Array& array = array_of(handle);
    if (array.image.mipmapped())
        fail(Status::InvalidValue, "freeing a level of a mipmapped array: it goes with the whole");
    HandleTable<rt::Array>::get().find(handle).owner->core.synchronize();
    const auto taken = HandleTable<rt::Array>::get().take(handle);
    if (taken.object == nullptr) fail(Status::InvalidHandle, "the array was freed meanwhile");
    ImageObjects::get().forget(taken.object->image);
    taken.owner->core.images().destroy(taken.object->image);
}

void free_mipmapped(const void* handle) {
    image_of(handle);
    HandleTable<rt::Image>::get().find(handle).owner->core.synchronize();
    const auto taken = HandleTable<rt::Image>::get().take(handle);
    if (taken.object == nullptr)
        fail(Status::InvalidHandle, "the mipmapped array was freed meanwhile");
    ImageObjects::get().forget(*taken.object);
    HandleTable<rt::Array>::get().drop_if(
        [&](const rt::Array& array, const ApiContext*) { return &array.image == taken.object; });
    taken.owner->core.images().destroy(*taken.object);
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

rt::ArrayShape shape_of(const cudaChannelFormatDesc* desc, const cudaExtent& extent,
                        unsigned flags) {
    require(desc, "desc");
    return {format_of(*desc), {extent.width, extent.height, extent.depth}, flags};
}

/// Both kinds of arrays: only those with deferred mapping have requirements to ask about, only
/// sparse ones tiles, and there are neither.
[[noreturn]] void neither_sparse_nor_deferred() {
    rt::fail(rt::Status::InvalidValue, "the array is neither sparse nor has deferred mapping");
}

} // namespace

ACC_API cudaError_t cudaMallocArray(cudaArray_t* array, const cudaChannelFormatDesc* desc,
                                    size_t width, size_t height, unsigned flags) {
    return guard(__func__, [&] {
        require(array, "array");
        if ((flags & (cudaArrayLayered | cudaArrayCubemap)) != 0)
            rt::fail(rt::Status::InvalidValue,
                     "cudaMallocArray: layered arrays and cubemaps are cudaMalloc3DArray's");
        *array = make_array(current(), shape_of(desc, {width, height, 0}, flags));
    });
}

ACC_API cudaError_t cudaMalloc3DArray(cudaArray_t* array, const cudaChannelFormatDesc* desc,
                                      cudaExtent extent, unsigned flags) {
    return guard(__func__, [&] {
        require(array, "array");
        *array = make_array(current(), shape_of(desc, extent, flags));
    });
}

ACC_API cudaError_t cudaMallocMipmappedArray(cudaMipmappedArray_t* array,
                                             const cudaChannelFormatDesc* desc, cudaExtent extent,
                                             unsigned levels, unsigned flags) {
    return guard(__func__, [&] {
        require(array, "mipmappedArray");
        *array = make_mipmapped(current(), shape_of(desc, extent, flags), levels);
    });
}

ACC_API cudaError_t cudaGetMipmappedArrayLevel(cudaArray_t* array,
                                               cudaMipmappedArray_const_t mipmapped,
                                               unsigned level) {
    return guard(__func__, [&] {
        require(array, "levelArray");
        current();
        *array = level_of(mipmapped, level);
    });
}

ACC_API cudaError_t cudaFreeArray(cudaArray_t array) {
    return guard(__func__, [&] {
        current();
        if (array != nullptr) free_array(array);
    });
}

ACC_API cudaError_t cudaFreeMipmappedArray(cudaMipmappedArray_t array) {
    return guard(__func__, [&] {
        current();
        if (array != nullptr) free_mipmapped(array);
    });
}

ACC_API cudaError_t cudaGetChannelDesc(cudaChannelFormatDesc* desc, cudaArray_const_t array) {
    return guard(__func__, [&] {
        require(desc, "desc");
        current();
        *desc = desc_of(array_of(array).shape.format);
    });
}

ACC_API cudaError_t cudaArrayGetInfo(cudaChannelFormatDesc* desc, cudaExtent* extent,
                                     unsigned* flags, cudaArray_t array) {
    return guard(__func__, [&] {
        current();
        const rt::ArrayShape& shape = array_of(array).shape;
        if (desc != nullptr) *desc = desc_of(shape.format);
        if (extent != nullptr)
            *extent = {shape.extent.width, shape.extent.height, shape.extent.depth};
        if (flags != nullptr) *flags = shape.flags;
    });
}

ACC_API cudaError_t cudaArrayGetPlane(cudaArray_t* plane, cudaArray_t array, unsigned) {
    return guard(__func__, [&] {
        require(plane, "pPlaneArray");
        current();
        array_of(array);
        rt::fail(rt::Status::InvalidValue, "the array's format has no planes");
    });
}

ACC_API cudaError_t cudaArrayGetMemoryRequirements(cudaArrayMemoryRequirements* requirements,
                                                   cudaArray_t array, int device) {
    return guard(__func__, [&] {
        require(requirements, "memoryRequirements");
        current();
        Runtime::get().device(device);
        array_of(array);
        neither_sparse_nor_deferred();
    });
}

ACC_API cudaError_t cudaMipmappedArrayGetMemoryRequirements(
    cudaArrayMemoryRequirements* requirements, cudaMipmappedArray_t array, int device) {
    return guard(__func__, [&] {
        require(requirements, "memoryRequirements");
        current();
        Runtime::get().device(device);
        image_of(array);
        neither_sparse_nor_deferred();
    });
}

ACC_API cudaError_t cudaArrayGetSparseProperties(cudaArraySparseProperties* properties,
                                                 cudaArray_t array) {
    return guard(__func__, [&] {
        require(properties, "sparseProperties");
        current();
        array_of(array);
        neither_sparse_nor_deferred();
    });
}

ACC_API cudaError_t cudaMipmappedArrayGetSparseProperties(cudaArraySparseProperties* properties,
                                                          cudaMipmappedArray_t array) {
    return guard(__func__, [&] {
        require(properties, "sparseProperties");
        current();
        image_of(array);
        neither_sparse_nor_deferred();
    });
}

ACC_API cudaError_t cudaDeviceGetTexture1DLinearMaxWidth(size_t* width,
                                                         const cudaChannelFormatDesc* desc,
                                                         int device) {
    return guard(__func__, [&] {
        require(width, "maxWidthInElements");
        require(desc, "fmtDesc");
        format_of(*desc);
        Runtime::get().device(device);
        *width = rt::limits::kTexture1DLinear;
    });
}
