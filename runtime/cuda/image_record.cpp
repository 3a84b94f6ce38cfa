// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From what a program describes to the record that the device reads.
#include <algorithm>
#include <bit>

#include <acc/spec/texture_check.h>

#include "runtime/cuda/image_objects.h"
#include "runtime/cuda/memory.h"

namespace acc::cuda {

using rt::ComponentKind;
using rt::ElementFormat;
using rt::fail;
using rt::Status;

static_assert(int{cudaAddressModeWrap} == ACC_ADDRESS_WRAP &&
              int{cudaAddressModeClamp} == ACC_ADDRESS_CLAMP &&
              int{cudaAddressModeMirror} == ACC_ADDRESS_MIRROR &&
              int{cudaAddressModeBorder} == ACC_ADDRESS_BORDER &&
              int{cudaFilterModeLinear} == ACC_FILTER_LINEAR &&
              int{cudaReadModeNormalizedFloat} == ACC_READ_NORMALIZED);

namespace {

void set_format(acc_texture& t, const ElementFormat& format) {
    t.channels = format.components;
    t.bits = format.bits;
    t.type = format.kind == ComponentKind::Signed     ? ACC_TEXEL_SIGNED
             : format.kind == ComponentKind::Unsigned ? ACC_TEXEL_UNSIGNED
                                                      : ACC_TEXEL_FLOAT;
}

uint32_t kind_of(const rt::ArrayShape& shape) {
    if (shape.cubemap()) return shape.layered() ? ACC_IMAGE_CUBEMAP_LAYERED : ACC_IMAGE_CUBEMAP;
    switch (shape.dimensions()) {
    case 1: return shape.layered() ? ACC_IMAGE_1D_LAYERED : ACC_IMAGE_1D;
    case 2: return shape.layered() ? ACC_IMAGE_2D_LAYERED : ACC_IMAGE_2D;
    default: return ACC_IMAGE_3D;
    }
}

void set_levels(acc_texture& t, const rt::Array& first, unsigned levels) {
    const rt::ArrayShape& shape = first.shape;
    set_format(t, shape.format);
    t.base = first.va;
    t.kind = kind_of(shape);
    t.levels = static_cast<uint8_t>(levels);
    t.width = static_cast<uint32_t>(shape.extent.width);
    t.height = static_cast<uint32_t>(shape.rows());
    t.depth = static_cast<uint32_t>(shape.slices());
    t.row_pitch = first.pitch;
    t.slice_pitch = first.slice_bytes();
}

/// Bytes of the allocation from `address` on. Throws Error(InvalidValue) when there is none.
uint64_t bytes_from(ApiContext& context, const void* address) {
    const PointerInfo info = describe(context, address);
    const auto at = reinterpret_cast<uint64_t>(address);
    if (!info.known || info.device != at)
        fail(Status::InvalidValue, "texture: {} is not in any memory of the device", address);
    return info.base + info.bytes - at;
}

void check_alignment(const void* address) {
    if (reinterpret_cast<uint64_t>(address) % rt::limits::kTextureMemoryAlign != 0)
        fail(Status::InvalidValue, "texture: {} is not a multiple of {} bytes", address,
             rt::limits::kTextureMemoryAlign);
}

void set_linear(ApiContext& context, acc_texture& t, const cudaResourceDesc& resource) {
    const auto& linear = resource.res.linear;
    const ElementFormat format = format_of(linear.desc);
    check_alignment(linear.devPtr);
    // What is beyond the allocation is outside of the texture, too: fetches give zeros.
    const uint64_t bytes = std::min<uint64_t>(linear.sizeInBytes,
                                              bytes_from(context, linear.devPtr));
    const uint64_t width = bytes / format.bytes();
    if (width == 0 || width > rt::limits::kTexture1DLinear)
        fail(Status::InvalidValue, "texture: {} elements of plain memory (there may be 1 to {})",
             width, rt::limits::kTexture1DLinear);
    set_format(t, format);
    t.base = reinterpret_cast<uint64_t>(linear.devPtr);
    t.kind = ACC_IMAGE_LINEAR;
    t.levels = 1;
    t.width = static_cast<uint32_t>(width);
    t.height = t.depth = 1;
}

void set_pitched(ApiContext& context, acc_texture& t, const cudaResourceDesc& resource) {
    const auto& rows = resource.res.pitch2D;
    const ElementFormat format = format_of(rows.desc);
    check_alignment(rows.devPtr);
    if (rows.width == 0 || rows.height == 0 || rows.width > rt::limits::kTexture2DLinear.width ||
        rows.height > rt::limits::kTexture2DLinear.height ||
        rows.pitchInBytes > rt::limits::kTexture2DLinearPitch ||
        rows.pitchInBytes < rows.width * format.bytes() ||
        (rows.height > 1 && rows.pitchInBytes % rt::limits::kTexturePitchAlign != 0))
        fail(Status::InvalidValue,
             "texture: {} x {} elements of {} bytes with a pitch of {} (a multiple of {})",
             rows.width, rows.height, format.bytes(), rows.pitchInBytes,
             rt::limits::kTexturePitchAlign);
    const uint64_t bytes = (rows.height - 1) * rows.pitchInBytes + rows.width * format.bytes();
    if (bytes > bytes_from(context, rows.devPtr))
        fail(Status::InvalidValue, "texture: {} bytes at {} are more than its allocation has",
             bytes, rows.devPtr);
    set_format(t, format);
    t.base = reinterpret_cast<uint64_t>(rows.devPtr);
    t.kind = ACC_IMAGE_2D;
    t.levels = 1;
    t.width = static_cast<uint32_t>(rows.width);
    t.height = static_cast<uint32_t>(rows.height);
    t.depth = 1;
    t.row_pitch = acc::spec::texture_round_up(rows.pitchInBytes, 16); // of a single row: any
    t.slice_pitch = t.row_pitch * rows.height;
}

void set_resource(ApiContext& context, acc_texture& t, const cudaResourceDesc& resource) {
    switch (resource.resType) {
    case cudaResourceTypeArray: set_levels(t, array_of(resource.res.array.array), 1); return;
    case cudaResourceTypeMipmappedArray: {
        const rt::Image& image = image_of(resource.res.mipmap.mipmap);
        set_levels(t, image.level(0), image.levels());
        return;
    }
    case cudaResourceTypeLinear: set_linear(context, t, resource); return;
    case cudaResourceTypePitch2D: set_pitched(context, t, resource); return;
    }
    fail(Status::InvalidValue, "resource type {} does not exist",
         static_cast<int>(resource.resType));
}

/// Elements that are fractions however they are read.
bool always_normalized(const cudaResourceDesc& resource) {
    switch (resource.resType) {
    case cudaResourceTypeArray: return array_of(resource.res.array.array).shape.format.normalized;
    case cudaResourceTypeMipmappedArray:
        return image_of(resource.res.mipmap.mipmap).shape().format.normalized;
    case cudaResourceTypeLinear: return format_of(resource.res.linear.desc).normalized;
    case cudaResourceTypePitch2D: return format_of(resource.res.pitch2D.desc).normalized;
    }
    return false;
}

/// Both APIs number the formats: kind and width, then one, two and four components.
ElementFormat view_format(cudaResourceViewFormat format) {
    struct Row {
        ComponentKind kind;
        uint8_t bits;
    };
    constexpr Row kRows[] = {{ComponentKind::Unsigned, 8},  {ComponentKind::Signed, 8},
                             {ComponentKind::Unsigned, 16}, {ComponentKind::Signed, 16},
                             {ComponentKind::Unsigned, 32}, {ComponentKind::Signed, 32},
                             {ComponentKind::Float, 16},    {ComponentKind::Float, 32}};
    const int number = format - cudaResViewFormatUnsignedChar1;
    if (number < 0 || format > cudaResViewFormatUnsignedBlockCompressed7)
        fail(Status::InvalidValue, "resource view: format {} does not exist",
             static_cast<int>(format));
    if (format > cudaResViewFormatFloat4)
        fail(Status::NotSupported, "resource view: block-compressed formats are not there");
    return {kRows[number / 3].kind, kRows[number / 3].bits, static_cast<uint8_t>(1 << number % 3),
            false};
}

void reinterpret(acc_texture& t, const ElementFormat& format) {
    if (format.bytes() != acc::spec::texel_bytes(t))
        fail(Status::InvalidValue, "texture: elements of {} bytes cannot be read as {} bytes",
             acc::spec::texel_bytes(t), format.bytes());
    set_format(t, format);
}

void view_layers(acc_texture& t, const cudaResourceViewDesc& view) {
    const bool layered = acc::spec::is_layered(t.kind) && t.kind != ACC_IMAGE_CUBEMAP;
    const unsigned unit = t.kind == ACC_IMAGE_CUBEMAP_LAYERED ? 6 : 1, layers = t.depth / unit;
    if (!layered) {
        if (view.firstLayer != 0 || view.lastLayer != 0)
            fail(Status::InvalidValue, "resource view: layers of an image that has none");
        return;
    }
    if (view.firstLayer > view.lastLayer || view.lastLayer >= layers)
        fail(Status::InvalidValue, "resource view: layers {} to {} of {}", view.firstLayer,
             view.lastLayer, layers);
    if (view.firstLayer == 0 && view.lastLayer + 1 == layers) return;
    // Further levels lie where those of the whole image lie.
    if (t.levels > 1)
        fail(Status::NotSupported, "resource view: some of the layers of several levels");
    t.base += view.firstLayer * unit * t.slice_pitch;
    t.depth = (view.lastLayer - view.firstLayer + 1) * unit;
}

void set_view(acc_texture& t, const cudaResourceDesc& resource, const cudaResourceViewDesc& view) {
    if (resource.resType != cudaResourceTypeArray &&
        resource.resType != cudaResourceTypeMipmappedArray)
        fail(Status::InvalidValue, "resource view: of plain memory there is none");
    if (view.format != cudaResViewFormatNone) reinterpret(t, view_format(view.format));
    // Of dimensions that the image does not have programs say 0 or 1; layers are named below.
    const bool stacked = acc::spec::is_layered(t.kind);
    const auto fits = [stacked](size_t asked, uint32_t have) {
        return asked == have || (asked == 0 && (have == 1 || stacked));
    };
    if (view.width != t.width || !fits(view.height, t.height) || !fits(view.depth, t.depth))
        fail(Status::InvalidValue, "resource view: {} x {} x {} of an image of {} x {} x {}",
             view.width, view.height, view.depth, t.width, t.height, t.depth);
    const unsigned first = view.firstMipmapLevel, last = view.lastMipmapLevel;
    if (first > last || last >= t.levels)
        fail(Status::InvalidValue, "resource view: levels {} to {} of {}", first, last, t.levels);
    if (first != 0) set_levels(t, image_of(resource.res.mipmap.mipmap).level(first), t.levels);
    if (first != 0 && view.format != cudaResViewFormatNone)
        reinterpret(t, view_format(view.format));
    t.levels = static_cast<uint8_t>(last - first + 1);
    view_layers(t, view);
}

uint8_t checked(int value, int most, const char* what) {
    if (value < 0 || value > most)
        fail(Status::InvalidValue, "texture: {} {} does not exist", what, value);
    return static_cast<uint8_t>(value);
}

void set_sampler(acc_texture& t, const cudaTextureDesc& sampler, bool normalized_texels) {
    // Elements of 32 bits are never read as fractions.
    const uint8_t read = checked(sampler.readMode, cudaReadModeNormalizedFloat, "read mode");
    if (normalized_texels || (t.type != ACC_TEXEL_FLOAT && t.bits < 32)) t.read_mode = read;
    if (normalized_texels) t.read_mode = ACC_READ_NORMALIZED;
    if (sampler.normalizedCoords != 0) t.flags |= ACC_TEXTURE_NORMALIZED;
    if (sampler.sRGB != 0) t.flags |= ACC_TEXTURE_SRGB;
    const bool floats = acc::spec::gives_floats(t);
    for (int i = 0; i < 4; ++i) // of integers the bits
        t.border[i] = std::bit_cast<uint32_t>(sampler.borderColor[i]);
    if (t.kind == ACC_IMAGE_LINEAR) return; // neither filtered nor addressed
    for (int i = 0; i < 3; ++i)
        t.address_mode[i] = checked(sampler.addressMode[i], cudaAddressModeBorder, "address mode");
    t.filter = checked(sampler.filterMode, cudaFilterModeLinear, "filter mode");
    t.mip_filter = checked(sampler.mipmapFilterMode, cudaFilterModeLinear, "mipmap filter mode");
    if (t.levels == 1 && !floats) t.mip_filter = ACC_FILTER_POINT;
    if (!floats && (t.filter == ACC_FILTER_LINEAR || t.mip_filter == ACC_FILTER_LINEAR))
        fail(Status::InvalidFilterSetting,
             "texture: linear filtering of elements that are read as integers");
    if (sampler.seamlessCubemap != 0) t.flags |= ACC_TEXTURE_SEAMLESS;
    t.max_anisotropy = static_cast<uint8_t>(std::min(sampler.maxAnisotropy, 16u));
    t.mip_bias = std::bit_cast<uint32_t>(sampler.mipmapLevelBias);
    t.mip_min = std::bit_cast<uint32_t>(sampler.minMipmapLevelClamp);
    t.mip_max = std::bit_cast<uint32_t>(sampler.maxMipmapLevelClamp);
}

void check_surface(const cudaResourceDesc& resource) {
    if (resource.resType != cudaResourceTypeArray)
        fail(Status::InvalidValue, "surface: only arrays have surfaces");
    // Levels need no flag: programs that make their levels by kernels give none, and CUDA takes it.
    const rt::Array& array = array_of(resource.res.array.array);
    if (!array.image.mipmapped() && (array.shape.flags & rt::kArraySurface) == 0)
        fail(Status::InvalidValue,
             "surface: the array was not made for surfaces (cudaArraySurfaceLoadStore)");
}

/// An array of one row serves readers who give one coordinate, and those who give two.
void set_dimensions(acc_texture& t, unsigned dimensions) {
    if (dimensions == 1 && t.kind == ACC_IMAGE_2D && t.height == 1) t.kind = ACC_IMAGE_1D;
    if (dimensions == 2 && t.kind == ACC_IMAGE_1D) t.kind = ACC_IMAGE_2D;
}

} // namespace

acc_texture record_of(ApiContext& context, const ImageDescription& description) {
    const cudaResourceDesc& resource = description.resource;
    if (resource.flags != 0)
        fail(Status::InvalidValue, "resource: unknown flags {:#x}", resource.flags);
    acc_texture t{};
    t.magic = ACC_TEXTURE_MAGIC;
    t.version = 1;
    if (!description.sampler) check_surface(resource);
    set_resource(context, t, resource);
    if (description.format) reinterpret(t, format_of(*description.format));
    if (description.view) set_view(t, resource, *description.view);
    const bool reinterpreted = description.format ||
                               (description.view &&
                                description.view->format != cudaResViewFormatNone);
    if (description.dimensions) set_dimensions(t, *description.dimensions);
    if (description.sampler)
        set_sampler(t, *description.sampler, !reinterpreted && always_normalized(resource));
    else
        t.flags |= ACC_TEXTURE_SURFACE;
    if (const auto error = acc::spec::texture_error(t); error.member != nullptr)
        fail(Status::InvalidValue, "texture: the device accepts no such {}", error.member);
    return t;
}

} // namespace acc::cuda
