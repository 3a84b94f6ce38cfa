// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Records of images (acc_texture.h), decoded, and what texture and surface instructions do that
// needs no speed. Fetches: simd/texture.cpp.
#pragma once

#include "acc/spec/acc_texture.h"
#include "driver/model/src/interp/async.h"

namespace acc::model::interp {

struct ImageLevel {
    uint64_t base, row_pitch, slice_pitch;
    uint32_t size[3]; ///< width, height, depth
};

/// Sizes to which numbers of texels are exact as floats.
inline constexpr uint32_t kFloatSizes = 1 << 24;

struct Image {
    static constexpr unsigned kMostLevels = 29;
    acc_texture record;
    uint64_t at;          ///< address of the record
    uint64_t space;       ///< AddressSpace::id
    uint64_t bytes;       ///< from base to the end of the last level
    uint64_t readable_at; ///< AddressSpace::permission_epoch when all of it was found readable, in
                          ///< the window; 0: it was not
    uint32_t texel_bytes;
    bool quick;     ///< of one to three axes, and offsets of texels have 31 bits
    bool borders;   ///< some axis has a border, or texels outside are zero
    bool plain;     ///< quick: coordinates are numbers of texels, the nearest one inside is meant
    uint8_t format; ///< 3 * (8, 16, 32 bits: 0, 1, 2) + (1, 2, 4 channels: 0, 1, 2)
    ImageLevel levels[kMostLevels];
};

/// Geometries of instructions, as kinds of images that they take: bit ACC_IMAGE_*.
inline constexpr uint32_t kRowKinds = 1u << ACC_IMAGE_1D | 1u << ACC_IMAGE_2D;
inline constexpr uint32_t kGeometryKinds[] = {
    1u << ACC_IMAGE_LINEAR | kRowKinds,
    kRowKinds,
    1u << ACC_IMAGE_3D,
    1u << ACC_IMAGE_1D_LAYERED,
    1u << ACC_IMAGE_2D_LAYERED,
    1u << ACC_IMAGE_CUBEMAP,
    1u << ACC_IMAGE_CUBEMAP_LAYERED,
};
inline constexpr uint32_t kAnyKind = ~0u;

/// Images that this thread has decoded last, by the address of their records; at = 0: none. A
/// record is compared with memory each time.
inline constexpr unsigned kKeptImages = 16;
Image* kept_images();
constexpr unsigned kept_place(uint64_t address) {
    return static_cast<unsigned>(address / ACC_TEXTURE_ALIGN) % kKeptImages;
}

/// The record at `address`, whose kind is one of `kinds` (and which is a surface). Null: a fault
/// has been raised for `lanes`. The image is good until the next call on this thread.
const Image* find_image(Gang* g, const Op* op, unsigned warp, uint32_t lanes, uint64_t address,
                        uint32_t kinds, bool surface);
/// Can texels be read without a look at each?
bool is_all_readable(Gang* g, const Image& image);
/// Linear values of sRGB's 256 numbers, as bits of floats.
const uint32_t* srgb_values();

LaneFunction texture_query, surface_load, surface_store;

} // namespace acc::model::interp
