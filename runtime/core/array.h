// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays: memory that textures and surfaces address by element. An image holds one array, or the
// levels of a mipmapped one, each of them an array. Elements lie row after row, rows at a pitch,
// slices (of the third dimension, layers, faces of a cube) one after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "runtime/core/memory.h"

namespace acc::rt {

enum class ComponentKind : uint8_t { Signed, Unsigned, Float };

/// What an element is: one, two or four components of the same kind.
struct ElementFormat {
    ComponentKind kind = ComponentKind::Unsigned;
    uint8_t bits = 0; ///< of a component: 8, 16, 32
    uint8_t components = 0;
    bool normalized = false; ///< integers that stand for fractions, however they are read

    uint32_t bytes() const { return bits / 8u * components; }
    bool integer() const { return kind != ComponentKind::Float; }
    bool operator==(const ElementFormat&) const = default;
};

/// In elements. 0: that dimension is not there.
struct Extent {
    uint64_t width = 0, height = 0, depth = 0;
    bool operator==(const Extent&) const = default;
};

/// Flags of an array, with the numbers of both APIs.
enum ArrayFlag : unsigned {
    kArrayLayered = 0x01,
    kArraySurface = 0x02, ///< surfaces may be made of it
    kArrayCubemap = 0x04,
    kArrayGather = 0x08, ///< its textures are read by gathering, too
    kArrayColorAttachment = 0x20,
    kArraySparse = 0x40,
    kArrayDeferredMapping = 0x80,
};

/// The largest arrays and textures. A limit of layers is in `depth`.
namespace limits {
inline constexpr Extent kTexture1D{131072, 0, 0};
inline constexpr Extent kTexture2D{131072, 65536, 0};
inline constexpr Extent kTexture3D{16384, 16384, 16384};
inline constexpr Extent kTextureCubemap{32768, 32768, 6};
inline constexpr Extent kTexture1DLayered{32768, 0, 2048};
inline constexpr Extent kTexture2DLayered{32768, 32768, 2048};
inline constexpr Extent kTextureCubemapLayered{32768, 32768, 2046};
inline constexpr Extent kTexture1DMipmapped{32768, 0, 0};
inline constexpr Extent kTexture2DMipmapped{32768, 32768, 0};
inline constexpr Extent kTexture2DGather{32768, 32768, 0};
inline constexpr Extent kSurface1D{32768, 0, 0};
inline constexpr Extent kSurface2D{131072, 65536, 0};
inline constexpr Extent kSurface3D{16384, 16384, 16384};
inline constexpr Extent kSurfaceCubemap{32768, 32768, 6};
inline constexpr Extent kSurface1DLayered{32768, 0, 2048};
inline constexpr Extent kSurface2DLayered{32768, 32768, 2048};
inline constexpr Extent kSurfaceCubemapLayered{32768, 32768, 2046};
/// Textures of plain memory: elements, and bytes from row to row.
inline constexpr uint64_t kTexture1DLinear = 1u << 28;
inline constexpr Extent kTexture2DLinear{131072, 65000, 0};
inline constexpr uint64_t kTexture2DLinearPitch = 2097120;
/// Addresses of arrays and of their levels.
inline constexpr uint64_t kTextureAlign = 512;
/// Addresses of plain memory that a texture reads.
inline constexpr uint64_t kTextureMemoryAlign = 16;
/// Rows of arrays, and of plain memory that a 2D texture reads.
inline constexpr uint64_t kTexturePitchAlign = 32;
} // namespace limits

/// What an array is, apart from where.
struct ArrayShape {
    ElementFormat format;
    Extent extent; ///< the depth of a layered array counts its layers, of a cubemap its faces
    unsigned flags = 0;

    bool layered() const { return (flags & kArrayLayered) != 0; }
    bool cubemap() const { return (flags & kArrayCubemap) != 0; }
    uint64_t rows() const { return extent.height != 0 ? extent.height : 1; }
    uint64_t slices() const { return extent.depth != 0 ? extent.depth : 1; }
    uint64_t row_bytes() const { return extent.width * format.bytes(); }
    /// How many dimensions an address inside one layer or face has.
    unsigned dimensions() const {
        if (extent.height == 0) return 1;
        return extent.depth == 0 || layered() || cubemap() ? 2 : 3;
    }
    /// Levels of a complete mipmap.
    unsigned most_levels() const;
    /// The shape of a level.
    ArrayShape level(unsigned number) const;
};

/// Throws Error(InvalidValue, NotSupported) unless there are arrays of this shape.
void check_shape(const ArrayShape& shape, bool mipmapped);

class Image;

class Array {
  public:
    Array(Image& of, unsigned number, const ArrayShape& what, uint64_t address, uint64_t row)
        : image(of), level(number), shape(what), va(address), pitch(row) {}

    Image& image;
    const unsigned level;
    const ArrayShape shape;
    const uint64_t va;
    const uint64_t pitch; ///< bytes from row to row

    uint64_t slice_bytes() const { return pitch * shape.rows(); }
};

class Image {
  public:
    /// Throws Error as check_shape does, and Error(OutOfMemory).
    Image(MemoryManager& memory, const ArrayShape& shape, unsigned levels, bool mipmapped);
    ~Image();
    Image(const Image&) = delete;

    const ArrayShape& shape() const { return shape_; }
    unsigned levels() const { return static_cast<unsigned>(levels_.size()); }
    Array& level(unsigned number) { return levels_[number]; }
    const Array& level(unsigned number) const { return levels_[number]; }
    /// False: it holds one array, which is all that the program knows of it.
    bool mipmapped() const { return mipmapped_; }
    const Allocation& memory() const { return allocation_; }

  private:
    MemoryManager& memory_;
    const ArrayShape shape_;
    const bool mipmapped_;
    std::vector<Array> levels_;
    Allocation allocation_;
};

/// The images of a context.
class Images {
  public:
    explicit Images(MemoryManager& memory) : memory_(memory) {}

    /// `levels` of a mipmapped image are clamped to what there can be.
    Image& create(const ArrayShape& shape, unsigned levels, bool mipmapped);
    /// The caller has waited for the work that uses it. Throws Error(InvalidHandle).
    void destroy(Image& image);
    /// The device's memory is going away.
    void clear();

  private:
    MemoryManager& memory_;
    std::mutex mutex_; // protects images_
    std::unordered_map<const Image*, std::unique_ptr<Image>> images_;
};

} // namespace acc::rt
