// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/array.h"

#include <algorithm>
#include <bit>

#include "runtime/core/log.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

uint64_t round_up(uint64_t value, uint64_t to) {
    return (value + to - 1) / to * to;
}

std::string text_of(const ArrayShape& shape) {
    return fmt::format("{} x {} x {} elements of {} bytes, flags {:#x}", shape.extent.width,
                       shape.extent.height, shape.extent.depth, shape.format.bytes(), shape.flags);
}

bool within(const Extent& extent, const Extent& limit) {
    return extent.width <= limit.width && extent.height <= limit.height &&
           extent.depth <= limit.depth;
}

Extent texture_limit(const ArrayShape& shape, bool mipmapped) {
    if (shape.cubemap())
        return shape.layered() ? limits::kTextureCubemapLayered : limits::kTextureCubemap;
    switch (shape.dimensions()) {
    case 1:
        if (shape.layered()) return limits::kTexture1DLayered;
        return mipmapped ? limits::kTexture1DMipmapped : limits::kTexture1D;
    case 2:
        if (shape.layered()) return limits::kTexture2DLayered;
        return mipmapped ? limits::kTexture2DMipmapped : limits::kTexture2D;
    default: return limits::kTexture3D;
    }
}

Extent surface_limit(const ArrayShape& shape) {
    if (shape.cubemap())
        return shape.layered() ? limits::kSurfaceCubemapLayered : limits::kSurfaceCubemap;
    switch (shape.dimensions()) {
    case 1: return shape.layered() ? limits::kSurface1DLayered : limits::kSurface1D;
    case 2: return shape.layered() ? limits::kSurface2DLayered : limits::kSurface2D;
    default: return limits::kSurface3D;
    }
}

/// Which dimensions there are, and whether they fit the flags.
void check_dimensions(const ArrayShape& shape) {
    const Extent& extent = shape.extent;
    const bool stacked = shape.layered() || shape.cubemap();
    if (extent.width == 0 || (stacked && extent.depth == 0) ||
        (!stacked && extent.height == 0 && extent.depth != 0))
        fail(Status::InvalidValue, "array: there is none of {}", text_of(shape));
    if (shape.cubemap() && (extent.width != extent.height ||
                            (shape.layered() ? extent.depth % 6 != 0 : extent.depth != 6)))
        fail(Status::InvalidValue, "array: a cubemap is square and has six faces a layer, not {}",
             text_of(shape));
    if ((shape.flags & kArrayGather) != 0 &&
        (extent.height == 0 || extent.depth != 0 || !within(extent, limits::kTexture2DGather)))
        fail(Status::InvalidValue, "array: gathering is for 2D arrays of at most {} x {}, not {}",
             limits::kTexture2DGather.width, limits::kTexture2DGather.height, text_of(shape));
}

} // namespace

unsigned ArrayShape::most_levels() const {
    const bool deep = dimensions() == 3;
    return static_cast<unsigned>(
        std::bit_width(std::max({extent.width, extent.height, deep ? extent.depth : 0})));
}

ArrayShape ArrayShape::level(unsigned number) const {
    const auto half = [number](uint64_t size) {
        return size == 0 ? 0 : std::max<uint64_t>(size >> number, 1);
    };
    ArrayShape of = *this;
    of.extent.width = half(extent.width);
    of.extent.height = half(extent.height);
    if (dimensions() == 3) of.extent.depth = half(extent.depth);
    return of;
}

void check_shape(const ArrayShape& shape, bool mipmapped) {
    constexpr unsigned kMissing = kArraySparse | kArrayDeferredMapping;
    constexpr unsigned kKnown = kArrayLayered | kArraySurface | kArrayCubemap | kArrayGather |
                                kArrayColorAttachment | kMissing;
    if ((shape.flags & ~kKnown) != 0)
        fail(Status::InvalidValue, "array: unknown flags {:#x}", shape.flags & ~kKnown);
    check_dimensions(shape);
    if (!within(shape.extent, texture_limit(shape, mipmapped)) ||
        ((shape.flags & kArraySurface) != 0 && !within(shape.extent, surface_limit(shape))))
        fail(Status::InvalidValue, "array: {} are beyond the device's limits", text_of(shape));
    if ((shape.flags & kMissing) != 0)
        fail(Status::NotSupported, "sparse arrays and arrays with deferred mapping are not there");
}

Image::Image(MemoryManager& memory, const ArrayShape& shape, unsigned levels, bool mipmapped)
    : memory_(memory), shape_(shape), mipmapped_(mipmapped) {
    check_shape(shape, mipmapped);
    struct Place {
        ArrayShape shape;
        uint64_t offset, pitch;
    };
    std::vector<Place> places;
    uint64_t bytes = 0;
    for (unsigned i = 0; i < levels; ++i) {
        const ArrayShape of = shape.level(i);
        const uint64_t pitch = round_up(of.row_bytes(), limits::kTexturePitchAlign);
        places.push_back({of, bytes, pitch});
        bytes += round_up(pitch * of.rows() * of.slices(), limits::kTextureAlign);
    }
    allocation_ = memory.allocate(MemoryKind::Array, bytes, limits::kTextureAlign);
    levels_.reserve(levels);
    for (unsigned i = 0; i < levels; ++i)
        levels_.emplace_back(*this, i, places[i].shape, allocation_.va + places[i].offset,
                             places[i].pitch);
    trace("array at {:#x}: {}, {} levels", allocation_.va, text_of(shape), levels);
}

Image::~Image() {
    memory_.release(allocation_.va, MemoryKind::Array);
}

Image& Images::create(const ArrayShape& shape, unsigned levels, bool mipmapped) {
    const unsigned most = mipmapped ? shape.most_levels() : 1;
    auto image = std::make_unique<Image>(memory_, shape, std::clamp(levels, 1u, std::max(most, 1u)),
                                         mipmapped);
    std::lock_guard lock(mutex_);
    Image& made = *image;
    images_.emplace(&made, std::move(image));
    return made;
}

void Images::destroy(Image& image) {
    std::unique_ptr<Image> dying; // goes without the lock
    std::lock_guard lock(mutex_);
    const auto it = images_.find(&image);
    if (it == images_.end()) fail(Status::InvalidHandle, "freeing an array that does not exist");
    dying = std::move(it->second);
    images_.erase(it);
}

void Images::clear() {
    std::lock_guard lock(mutex_);
    images_.clear();
}

} // namespace acc::rt
