// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What most programs do with textures, in the host's registers: all lanes of a warp fetch, by
// floats or by numbers, without offsets, from level 0 of one image of one to three axes with texels
// of four bytes. The same results as those of texture.cpp, which does everything.
#pragma once

#include "driver/model/src/interp/simd/texture.h"

namespace acc::model::interp::ACC_SIMD {

ACC_INLINE bool is_quick(const Op* op, const Image& image, uint32_t mask, bool readable) {
    return mask == ~0u && readable && image.texel_bytes == 4 && image.bytes <= 0x7fffffffu &&
           image.record.kind <= ACC_IMAGE_3D && op->c == row_offset(kZeroRow);
}

/// Channels of texels at these numbers, -1 is the border.
template <int C>
ACC_INLINE void quick_texels(const Gang* g, const Image& image, i32v x, i32v y, i32v z,
                             u32v* words) {
    const acc_texture& r = image.record;
    const ImageLevel& level = image.levels[0];
    const i32v outside = (x | y | z) < 0;
    u32v offset = (u32v)x * 4u + (u32v)y * (uint32_t)level.row_pitch +
                  (u32v)z * (uint32_t)level.slice_pitch;
    offset = choose(outside, splat(0), offset);
    const u32v packed = take_words(g->window + (level.base - g->vm_base), offset);
    constexpr unsigned bits = 32 / C;
    for (int c = 0; c < C; ++c) {
        words[c] = packed >> (uint32_t)(bits * c);
        if constexpr (C > 1) { // to the top, and down again with or without the sign
            const u32v top = words[c] << (32 - bits);
            words[c] = r.type == ACC_TEXEL_SIGNED ? (u32v)((i32v)top >> (32 - bits))
                                                  : top >> (32 - bits);
        }
    }
    convert_texels(r, words);
    if (mask_of(outside))
        for (int c = 0; c < C; ++c)
            words[c] = choose(outside, splat(r.kind == ACC_IMAGE_LINEAR ? 0 : r.border[c]),
                              words[c]);
}

template <int Dims, int C>
ACC_INLINE void quick_linear(const Gang* g, const Image& image, const Axis* axes, u32v* words) {
    typedef float f32h __attribute__((ext_vector_type(16)));
    constexpr double unit = Dims == 1 ? 0x1p-8 : Dims == 2 ? 0x1p-16 : 0x1p-24;
    f64h sums[C][2];
    for (int c = 0; c < C; ++c)
        sums[c][0] = sums[c][1] = 0;
    for (unsigned corner = 0; corner < 1u << Dims; ++corner) {
        f32v weight = 1.0f;
        i32v n[3] = {0, 0, 0};
        for (int a = 0; a < Dims; ++a) {
            const bool second = corner >> a & 1;
            weight *= second ? axes[a].weight : 256.0f - axes[a].weight;
            n[a] = second ? axes[a].second : axes[a].first;
        }
        u32v texel[4];
        quick_texels<C>(g, image, n[0], n[1], n[2], texel);
        for (int c = 0; c < C; ++c) {
            const f32v value = weight != 0.0f ? (f32v)texel[c] : 0.0f;
            for (int half = 0; half < 2; ++half) {
                f32h w, v;
                __builtin_memcpy(&w, (const char*)&weight + 64 * half, 64);
                __builtin_memcpy(&v, (const char*)&value + 64 * half, 64);
                sums[c][half] = __builtin_elementwise_fma(__builtin_convertvector(w, f64h) * unit,
                                                          __builtin_convertvector(v, f64h),
                                                          sums[c][half]);
            }
        }
    }
    for (int c = 0; c < C; ++c) {
        f32v v;
        for (int half = 0; half < 2; ++half) {
            const f32h part = __builtin_convertvector(sums[c][half], f32h);
            __builtin_memcpy((char*)&v + 64 * half, &part, 64);
        }
        words[c] = canonical(v);
    }
}

template <int Dims, int C>
__attribute__((noinline)) void quick_fetch(const Gang* g, const Op* op, const Image& image,
                                           char* r) {
    const acc_texture& record = image.record;
    Fetch f{};
    f.image = &image;
    f.normalized = is_normalized(record);
    const bool numbers = mod<mods::MCoord>(op->mods) == mods::MCoord_s32;
    const bool linear = !numbers && record.filter == ACC_FILTER_LINEAR &&
                        record.kind != ACC_IMAGE_LINEAR;
    Axis axes[Dims];
    for (int a = 0; a < Dims; ++a) {
        const u32v c = load_row(r + op->b + a * kRowBytes);
        const uint32_t size = image.levels[0].size[a];
        if (numbers)
            axes[a].first = locate_number(f, (i32v)c, (unsigned)a, size, record.address_mode[a]);
        else
            axes[a] = locate(f, (f32v)c, (unsigned)a, size,
                             record.kind == ACC_IMAGE_LINEAR ? (unsigned)ACC_ADDRESS_BORDER
                                                             : record.address_mode[a],
                             linear);
    }
    u32v words[4];
    const i32v none = 0;
    if (linear)
        quick_linear<Dims, C>(g, image, axes, words);
    else
        quick_texels<C>(g, image, axes[0].first, Dims > 1 ? axes[Dims > 1].first : none,
                        Dims > 2 ? axes[Dims - 1].first : none, words);
    const uint32_t one = gives_floats(record) ? 0x3f800000 : 1;
    for (int c = 0; c < 4; ++c)
        store_row(r + op->d + c * kRowBytes, c < C ? words[c] : splat(c == 3 ? one : 0));
}

template <int Dims>
ACC_INLINE void quick_fetch(const Gang* g, const Op* op, const Image& image, char* r) {
    if (image.record.channels == 1) return quick_fetch<Dims, 1>(g, op, image, r);
    if (image.record.channels == 2) return quick_fetch<Dims, 2>(g, op, image, r);
    quick_fetch<Dims, 4>(g, op, image, r);
}

} // namespace acc::model::interp::ACC_SIMD
