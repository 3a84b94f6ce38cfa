// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Is a record of an image one that texture and surface instructions accept, and where do its levels
// lie? From host/Texture.td; whether memory is mapped there is not looked at.
#pragma once

#include <cstddef>
#include <cstdint>

#include <acc/spec/acc_texture.h>

namespace acc::spec {

struct TextureError {
    const char* member = nullptr; ///< of acc_texture; null: nothing is wrong
    uint32_t offset = 0;          ///< in the record
};

/// Sizes and place of one level.
struct TextureLevel {
    uint64_t base = 0;
    uint64_t row_pitch = 0;
    uint64_t slice_pitch = 0;
    uint32_t width = 1;
    uint32_t height = 1;
    uint32_t depth = 1;
};

constexpr uint32_t texel_bytes(const acc_texture& t) {
    return uint32_t(t.channels) * t.bits / 8;
}

/// Are slices counted by a coordinate of their own, which levels do not halve?
constexpr bool is_layered(uint32_t kind) {
    return kind >= ACC_IMAGE_1D_LAYERED;
}

constexpr bool is_cubemap(uint32_t kind) {
    return kind >= ACC_IMAGE_CUBEMAP;
}

constexpr bool is_one_row(uint32_t kind) {
    return kind == ACC_IMAGE_LINEAR || kind == ACC_IMAGE_1D || kind == ACC_IMAGE_1D_LAYERED;
}

constexpr bool is_one_slice(uint32_t kind) {
    return kind <= ACC_IMAGE_2D;
}

/// Do texture instructions give floats?
constexpr bool gives_floats(const acc_texture& t) {
    return t.type == ACC_TEXEL_FLOAT || t.read_mode == ACC_READ_NORMALIZED;
}

constexpr uint64_t texture_round_up(uint64_t value, uint64_t to) {
    return (value + to - 1) / to * to;
}

/// Pitches that are not looked at are what they would be without gaps.
constexpr TextureLevel texture_first_level(const acc_texture& t) {
    TextureLevel level{t.base, t.row_pitch, t.slice_pitch, t.width, t.height, t.depth};
    if (is_one_row(t.kind))
        level.row_pitch = texture_round_up(uint64_t(t.width) * texel_bytes(t), 16);
    if (is_one_slice(t.kind)) level.slice_pitch = level.row_pitch * level.height;
    return level;
}

/// The level behind `before`.
constexpr TextureLevel texture_next_level(const acc_texture& t, const TextureLevel& before) {
    const uint64_t end = before.base - t.base + before.slice_pitch * before.depth;
    TextureLevel next;
    next.base = t.base + texture_round_up(end, ACC_TEXTURE_LEVEL_ALIGN);
    next.width = before.width > 1 ? before.width / 2 : 1;
    next.height = before.height > 1 ? before.height / 2 : 1;
    next.depth = is_layered(t.kind) || before.depth == 1 ? before.depth : before.depth / 2;
    next.row_pitch = texture_round_up(uint64_t(next.width) * texel_bytes(t), ACC_TEXTURE_ROW_ALIGN);
    next.slice_pitch = next.row_pitch * next.height;
    return next;
}

/// Level `number` of a record without errors.
constexpr TextureLevel texture_level(const acc_texture& t, uint32_t number) {
    TextureLevel level = texture_first_level(t);
    for (uint32_t i = 0; i < number; i++)
        level = texture_next_level(t, level);
    return level;
}

/// Bytes from base to the end of the last level of a record without errors.
constexpr uint64_t texture_bytes(const acc_texture& t) {
    const TextureLevel last = texture_level(t, t.levels - 1u);
    return last.base - t.base + last.slice_pitch * last.depth;
}

namespace detail {

#define ACC_TEXTURE_WRONG(member)                                                                  \
    TextureError {                                                                                 \
        #member, offsetof(acc_texture, member)                                                     \
    }

constexpr TextureError texture_size_error(const acc_texture& t) {
    if (is_one_row(t.kind) && t.height != 1) return ACC_TEXTURE_WRONG(height);
    if (is_one_slice(t.kind) && t.depth != 1) return ACC_TEXTURE_WRONG(depth);
    if (is_cubemap(t.kind) && t.height != t.width) return ACC_TEXTURE_WRONG(height);
    if (t.kind == ACC_IMAGE_CUBEMAP && t.depth != 6) return ACC_TEXTURE_WRONG(depth);
    if (is_cubemap(t.kind) && t.depth % 6 != 0) return ACC_TEXTURE_WRONG(depth);
    const TextureLevel first = texture_first_level(t);
    if (first.row_pitch < uint64_t(t.width) * texel_bytes(t)) return ACC_TEXTURE_WRONG(row_pitch);
    if (first.slice_pitch < first.row_pitch * t.height) return ACC_TEXTURE_WRONG(slice_pitch);
    uint32_t largest = t.width > t.height ? t.width : t.height;
    if (!is_layered(t.kind) && t.depth > largest) largest = t.depth;
    if (t.kind == ACC_IMAGE_LINEAR) largest = 1;
    uint32_t levels = 1;
    while (largest >> levels)
        levels++;
    if (t.levels > levels) return ACC_TEXTURE_WRONG(levels);
    constexpr uint64_t kEnd = uint64_t(1) << 56; // generic addresses have a tag above
    if (t.base >= kEnd || texture_bytes(t) > kEnd - t.base) return ACC_TEXTURE_WRONG(base);
    return {};
}

} // namespace detail

/// The first member that is wrong.
constexpr TextureError texture_error(const acc_texture& t) {
#define ACC_TEXTURE_RULE(member, offset, wrong)                                                    \
    if (wrong) return {member, offset};
#include <acc/spec/acc_texture_rules.inc>
    if (t.type == ACC_TEXEL_FLOAT && t.bits == 8) return ACC_TEXTURE_WRONG(bits);
    if (t.type != ACC_TEXEL_FLOAT && t.read_mode == ACC_READ_NORMALIZED && t.bits == 32)
        return ACC_TEXTURE_WRONG(read_mode);
    if (t.filter == ACC_FILTER_LINEAR && !gives_floats(t)) return ACC_TEXTURE_WRONG(filter);
    if (t.mip_filter == ACC_FILTER_LINEAR && !gives_floats(t)) return ACC_TEXTURE_WRONG(mip_filter);
    return detail::texture_size_error(t);
}
#undef ACC_TEXTURE_WRONG

} // namespace acc::spec
