// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts of texture fetches (docs/isa/textures.md): from coordinates to texel numbers and weights,
// and from texel numbers to values, for the lanes of a warp.
#pragma once

#include "driver/model/src/interp/indirect.h"
#include "driver/model/src/interp/sched.h"
#include "driver/model/src/interp/simd/float.h"
#include "driver/model/src/interp/simd/memory.h"
#include "driver/model/src/interp/texture.h"

namespace acc::model::interp::ACC_SIMD {

/// Lanes of one warp that fetch from one image.
struct Fetch {
    Gang* g;
    const Op* op;
    unsigned warp;
    uint32_t lanes;
    const Image* image;
    bool readable;   ///< texels need no look at each
    bool normalized; ///< coordinates are
    i32v offset[3];  ///< in texels
    bool shifted;    ///< some offset is not 0
};

/// Texels along an axis: numbers inside of the image or -1, the border; weight of the second one,
/// of 256.
struct Axis {
    i32v first, second;
    f32v weight;
};

/// Coordinates are in units of the image's sizes.
ACC_INLINE bool is_normalized(const acc_texture& r) {
    return r.kind >= ACC_IMAGE_CUBEMAP ||
           ((r.flags & ACC_TEXTURE_NORMALIZED) && r.kind != ACC_IMAGE_LINEAR);
}

ACC_INLINE i32v modulo(i32v i, int32_t n) {
    alignas(64) int32_t v[kLanes];
    *(u32row*)v = (u32v)i;
    for (unsigned l = 0; l < kLanes; ++l) {
        v[l] %= n;
        v[l] += v[l] < 0 ? n : 0;
    }
    return (i32v) * (const u32row*)v;
}

/// Step 3. Without offsets numbers are at most one beyond an end that wraps or mirrors.
ACC_INLINE i32v texel_number(i32v i, uint32_t n, unsigned mode, bool shifted) {
    const int32_t size = (int32_t)n;
    switch (mode) {
    case ACC_ADDRESS_WRAP:
        if (shifted) return modulo(i, size);
        i = i < 0 ? i + size : i;
        return i >= size ? i - size : i;
    case ACC_ADDRESS_MIRROR:
        if (shifted) i = modulo(i, 2 * size);
        i = i < 0 ? -1 - i : i;
        i = i >= size ? 2 * size - 1 - i : i;
        return i < 0 ? 0 : i; // two beyond the end of a single texel
    case ACC_ADDRESS_BORDER: return (u32v)i < n ? i : (i32v)-1;
    default: i = i < 0 ? 0 : i; return i >= size ? size - 1 : i;
    }
}

ACC_INLINE f32v without_nan(f32v x) {
    return x == x ? x : 0.0f;
}

/// Steps 1 to 3 of one axis.
ACC_INLINE Axis locate(const Fetch& f, f32v x, unsigned axis, uint32_t n, unsigned mode,
                       bool linear) {
    const float size = (float)n;
    x = without_nan(x);
    if (!f.normalized) {
        mode = mode == ACC_ADDRESS_BORDER ? mode : ACC_ADDRESS_CLAMP;
    } else if (mode == ACC_ADDRESS_WRAP || mode == ACC_ADDRESS_MIRROR) {
        x = __builtin_elementwise_abs(x) < __builtin_inff() ? x : 0.0f;
        const f32v whole = __builtin_elementwise_floor(x);
        f32v part = x - whole;
        if (mode == ACC_ADDRESS_MIRROR) {
            const f32v half = whole * 0.5f;
            part = __builtin_elementwise_floor(half) != half ? 1.0f - part : part;
        }
        x = size * part;
    } else {
        x = size * x;
        x = without_nan(x); // 0 * infinity is none: sizes are at least 1
    }
    Axis a;
    const f32v v = linear ? x - 0.5f : x;
    const f32v whole = __builtin_elementwise_floor(v);
    a.weight = without_nan(__builtin_elementwise_roundeven((v - whole) * 256.0f));
    // Far enough outside for every size and offset.
    f32v i = whole < -65536.0f ? -65536.0f : whole;
    i = i > 536870912.0f ? 536870912.0f : i;
    const i32v first = __builtin_convertvector(i, i32v) + f.offset[axis];
    a.first = texel_number(first, n, mode, f.shifted);
    a.second = linear ? texel_number(first + 1, n, mode, f.shifted) : a.first;
    return a;
}

/// Texel numbers that the program gives.
ACC_INLINE i32v locate_number(const Fetch& f, i32v i, unsigned axis, uint32_t n, unsigned mode) {
    i = i < -0x40000000 ? (i32v)-0x40000000 : i > 0x40000000 ? (i32v)0x40000000 : i;
    const bool border = mode == ACC_ADDRESS_BORDER || f.image->record.kind == ACC_IMAGE_LINEAR;
    return texel_number(i + f.offset[axis], n, border ? ACC_ADDRESS_BORDER : ACC_ADDRESS_CLAMP,
                        false);
}

/// Words at offsets that fit into 31 bits; of neighbours at once.
ACC_INLINE u32v take_words(const uint8_t* from, u32v offset) {
    const u32v start = half_bases(offset);
    if (mask_of(offset == start + (lane_numbers() & 15u) * 4u) == ~0u) {
        u32v words;
        for (int half = 0; half < 2; ++half)
            __builtin_memcpy((char*)&words + 64 * half, from + offset[16 * half], 64);
        return words;
    }
    alignas(64) int32_t at[kLanes];
    alignas(64) uint32_t words[kLanes];
    *(u32row*)at = offset;
    for (unsigned l = 0; l < kLanes; ++l)
        words[l] = *(const uint32_t*)(from + at[l]);
    return *(const u32row*)words;
}

template <class T, int C>
ACC_INLINE void take_channels(const uint8_t* from, const uint64_t* offset, u32v* out) {
    alignas(64) uint32_t words[C][kLanes];
    for (unsigned l = 0; l < kLanes; ++l) {
        const T* texel = (const T*)(from + offset[l]);
        for (int c = 0; c < C; ++c)
            words[c][l] = (uint32_t)texel[c];
    }
    for (int c = 0; c < C; ++c)
        out[c] = *(const u32row*)words[c];
}
template <class T>
ACC_INLINE void take_texels(unsigned channels, const uint8_t* from, const uint64_t* offset,
                            u32v* out) {
    if (channels == 1) return take_channels<T, 1>(from, offset, out);
    if (channels == 2) return take_channels<T, 2>(from, offset, out);
    take_channels<T, 4>(from, offset, out);
}

/// The channels as 32-bit integers.
ACC_INLINE void take_texels(const acc_texture& r, const uint8_t* from, const uint64_t* offset,
                            u32v* out) {
    const bool is_signed = r.type == ACC_TEXEL_SIGNED;
    if (r.bits == 32) return take_texels<uint32_t>(r.channels, from, offset, out);
    if (r.bits == 16 && is_signed) return take_texels<int16_t>(r.channels, from, offset, out);
    if (r.bits == 16) return take_texels<uint16_t>(r.channels, from, offset, out);
    if (is_signed) return take_texels<int8_t>(r.channels, from, offset, out);
    take_texels<uint8_t>(r.channels, from, offset, out);
}

ACC_INLINE u32v half_to_float(u32v h) {
    const u32v magnitude = h & 0x7fffu, sign = (h & 0x8000u) << 16;
    const u32v finite = (u32v)((f32v)(magnitude << 13) * 0x1p112f);
    return choose(magnitude >= 0x7c00u, (magnitude << 13) | 0x7f800000u, finite) | sign;
}

/// x / n, rounded, of what normalized channels may be: n = 127, 255, 32767, 65535, |x| at most n
/// + 1. (One step of correction is enough for all of these.)
ACC_INLINE f32v quotient(f32v x, float n) {
#ifdef __FMA__
    const float reciprocal = 1.0f / n;
    const f32v q = x * reciprocal;
    const f32v left = __builtin_elementwise_fma(-q, (f32v)n, x);
    return __builtin_elementwise_fma(left, (f32v)reciprocal, q);
#else
    return x / n;
#endif
}

/// Step 4: what the channels are worth, floats or integers. channels: r.channels, where it is
/// known.
ACC_INLINE void convert_texels(const acc_texture& r, unsigned channels, u32v* words) {
    if (r.type == ACC_TEXEL_FLOAT) {
        for (unsigned c = 0; r.bits == 16 && c < channels; ++c)
            words[c] = half_to_float(words[c]);
        return;
    }
    if (r.read_mode != ACC_READ_NORMALIZED) return;
    const bool is_signed = r.type == ACC_TEXEL_SIGNED;
    const float one = (float)((1 << (r.bits - is_signed)) - 1);
    const bool srgb = (r.flags & ACC_TEXTURE_SRGB) && r.bits == 8 && !is_signed;
    const uint32_t* table = srgb ? srgb_values() : nullptr;
    for (unsigned c = 0; c < channels; ++c) {
        if (srgb && c < 3) {
            alignas(64) uint32_t number[kLanes];
            *(u32row*)number = words[c];
            for (unsigned l = 0; l < kLanes; ++l)
                number[l] = table[number[l]];
            words[c] = *(const u32row*)number;
            continue;
        }
        const f32v x = quotient(__builtin_convertvector((i32v)words[c], f32v), one);
        words[c] = (u32v)(x < -1.0f ? -1.0f : x);
    }
}

/// Texels (x, y, z) of the lanes `mask`, whose numbers are inside, read one after the other with
/// all checks. False: a fault has been raised.
bool read_slowly(const Fetch& f, const uint64_t* address, uint32_t mask, u32v* words);

/// Channels of the texels (x, y, z) of a level for the lanes `mask`; numbers of -1 are the border.
/// Other lanes have anything. False: a fault has been raised.
ACC_INLINE bool fetch_texels(const Fetch& f, const ImageLevel& level, uint32_t mask, i32v x, i32v y,
                             i32v z, u32v* words) {
    const acc_texture& r = f.image->record;
    const uint32_t outside = mask_of((x | y | z) < 0), taken = mask & ~outside;
    const i32v in = vector_of(taken);
    x = in ? x : 0, y = in ? y : 0, z = in ? z : 0; // the first texel can be read
    alignas(64) uint64_t offset[kLanes];
    if (f.image->bytes <= 0x7fffffffu) {
        const u32v o = (u32v)x * f.image->texel_bytes + (u32v)y * (uint32_t)level.row_pitch +
                       (u32v)z * (uint32_t)level.slice_pitch;
        alignas(64) uint32_t narrow[kLanes];
        *(u32row*)narrow = o;
        for (unsigned l = 0; l < kLanes; ++l)
            offset[l] = narrow[l];
    } else {
        alignas(64) uint32_t n[3][kLanes];
        *(u32row*)n[0] = (u32v)x, *(u32row*)n[1] = (u32v)y, *(u32row*)n[2] = (u32v)z;
        for (unsigned l = 0; l < kLanes; ++l)
            offset[l] = (uint64_t)n[0][l] * f.image->texel_bytes + n[1][l] * level.row_pitch +
                        n[2][l] * level.slice_pitch;
    }
    if (taken) {
        if (__builtin_expect(f.readable, 1)) {
            take_texels(r, f.g->window + (level.base - f.g->vm_base), offset, words);
        } else {
            for (unsigned l = 0; l < kLanes; ++l)
                offset[l] += level.base;
            if (!read_slowly(f, offset, taken, words)) return false;
        }
        convert_texels(r, r.channels, words);
    }
    if (outside & mask)
        for (unsigned c = 0; c < r.channels; ++c)
            words[c] = select(taken, words[c], splat(r.kind == ACC_IMAGE_LINEAR ? 0 : r.border[c]));
    return true;
}

ACC_INLINE bool gives_floats(const acc_texture& r) {
    return r.type == ACC_TEXEL_FLOAT || r.read_mode == ACC_READ_NORMALIZED;
}
/// Channels that texels do not have.
ACC_INLINE void fill_channels(const acc_texture& r, u32v* words) {
    if (r.channels < 2) words[1] = splat(0);
    if (r.channels < 4) {
        words[2] = splat(0);
        words[3] = splat(gives_floats(r) ? 0x3f800000 : 1);
    }
}

} // namespace acc::model::interp::ACC_SIMD
