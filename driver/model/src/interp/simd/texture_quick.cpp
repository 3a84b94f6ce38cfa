// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/simd/texture_quick.h"

#include "acc/spec/acc_isa_opcodes.h"

namespace acc::model::interp::ACC_SIMD {
namespace {

/// A format of texels: channels of so many bits.
template <int Bits, int Channels>
struct Texel {
    enum { bits = Bits, channels = Channels, bytes = Bits * Channels / 8, words = (bytes + 3) / 4 };
};

template <int I>
ACC_INLINE u32h every_fourth(const u32h* x) {
    typedef uint32_t two __attribute__((ext_vector_type(32)));
    const two a = __builtin_shufflevector(x[0], x[1], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                                          14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                                          28, 29, 30, 31),
              b = __builtin_shufflevector(x[2], x[3], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                                          14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                                          28, 29, 30, 31);
    return __builtin_shufflevector(a, b, I, I + 4, I + 8, I + 12, I + 16, I + 20, I + 24, I + 28,
                                   I + 32, I + 36, I + 40, I + 44, I + 48, I + 52, I + 56, I + 60);
}
template <class V>
ACC_INLINE V read_anywhere(const uint8_t* p) {
    V v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}
/// The words of sixteen texels beside each other.
template <class T>
ACC_INLINE void take_row(const uint8_t* p, u32h* words) {
    typedef uint8_t u8h __attribute__((ext_vector_type(16)));
    typedef uint16_t u16h __attribute__((ext_vector_type(16)));
    u32h x[T::words];
    if constexpr (T::bytes == 1)
        x[0] = __builtin_convertvector(read_anywhere<u8h>(p), u32h);
    else if constexpr (T::bytes == 2)
        x[0] = __builtin_convertvector(read_anywhere<u16h>(p), u32h);
    else
        for (int i = 0; i < T::words; ++i)
            x[i] = read_anywhere<u32h>(p + 64 * i);
    if constexpr (T::words == 1) {
        words[0] = x[0];
    } else if constexpr (T::words == 2) {
        words[0] = __builtin_shufflevector(x[0], x[1], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22,
                                           24, 26, 28, 30);
        words[1] = __builtin_shufflevector(x[0], x[1], 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23,
                                           25, 27, 29, 31);
    } else {
        words[0] = every_fourth<0>(x);
        words[1] = every_fourth<1>(x);
        words[2] = every_fourth<2>(x);
        words[3] = every_fourth<3>(x);
    }
}
ACC_INLINE u32v both_halves(u32h low, u32h high) {
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
}
/// Those of texels anywhere.
template <class T>
ACC_INLINE void take_each(const uint8_t* from, u32v offset, u32v* words) {
    alignas(64) uint32_t at[kLanes];
    *(u32row*)at = offset;
#ifdef __AVX512F__
    if constexpr (T::bytes >= 4) {
        typedef int Int16 __attribute__((vector_size(64)));
        for (int w = 0; w < T::words; ++w) {
            u32h half[2];
            for (int i = 0; i < 2; ++i)
                half[i] = (u32h)__builtin_ia32_gathersiv16si(
                    Int16{}, from + 4 * w, (Int16)(*(const u32h*)(at + 16 * i)), (uint16_t)-1, 1);
            words[w] = both_halves(half[0], half[1]);
        }
        return;
    }
#endif
    alignas(64) uint32_t taken[T::words][kLanes];
    for (unsigned l = 0; l < kLanes; ++l)
        for (int w = 0; w < T::words; ++w) {
            const uint8_t* p = from + at[l] + 4 * w;
            if constexpr (T::bytes == 1)
                taken[w][l] = *p;
            else if constexpr (T::bytes == 2)
                taken[w][l] = *(const uint16_t*)p;
            else
                taken[w][l] = *(const uint32_t*)p;
        }
    for (int w = 0; w < T::words; ++w)
        words[w] = *(const u32row*)taken[w];
}
/// Of texels of one word that are within 32 behind the first lane of each half, as where an image
/// is scaled: picked from all of these. False: they are not. `bytes`: how many there are at `from`.
template <class T>
ACC_INLINE bool take_near(const uint8_t* from, uint64_t bytes, u32v offset, u32v* words) {
#ifdef __AVX512F__
    if constexpr (T::bytes == 4) {
        constexpr uint32_t span = 128;
        const u32v way = offset - half_bases(offset);
        const uint64_t first[2] = {offset[0], offset[16]};
        if (mask_of(way < span) != ~0u ||
            (first[0] > first[1] ? first[0] : first[1]) + span > bytes)
            return false;
        const u32v place = way >> 2u;
        typedef int Int16 __attribute__((vector_size(64)));
        u32h half[2];
        for (int i = 0; i < 2; ++i) {
            const uint8_t* p = from + first[i];
            half[i] = (u32h)__builtin_ia32_vpermi2vard512(
                read_anywhere<Int16>(p), (Int16)(i ? (u32h)place.hi : (u32h)place.lo),
                read_anywhere<Int16>(p + 64));
        }
        words[0] = both_halves(half[0], half[1]);
        return true;
    }
#endif
    return false;
}
/// The channels of texels at offsets that fit into 31 bits, as integers.
template <class T>
ACC_INLINE void take_quickly(bool is_signed, const uint8_t* from, uint64_t bytes, u32v offset,
                             u32v* channels) {
    u32v words[T::words];
    const u32v steps = (lane_numbers() & 15u) * (uint32_t)T::bytes;
    if (__builtin_expect(mask_of(offset == half_bases(offset) + steps) == ~0u, 1)) {
        u32h half[2][T::words];
        take_row<T>(from + offset[0], half[0]);
        take_row<T>(from + offset[16], half[1]);
        for (int w = 0; w < T::words; ++w)
            words[w] = both_halves(half[0][w], half[1][w]);
    } else if (!take_near<T>(from, bytes, offset, words)) {
        take_each<T>(from, offset, words);
    }
    for (int c = 0; c < T::channels; ++c) {
        const int bit = c * T::bits;
        channels[c] = words[bit / 32];
        if constexpr (T::bits < 32) { // to the top, and down again with or without the sign
            const u32v top = channels[c] << (uint32_t)(32 - T::bits - bit % 32);
            channels[c] = is_signed ? (u32v)((i32v)top >> (32 - T::bits))
                                    : top >> (uint32_t)(32 - T::bits);
        }
    }
}

/// Steps 1 to 3 of an axis. What is usual is done without what it does not need.
template <bool Linear>
ACC_INLINE Axis quick_axis(const Fetch& f, f32v x, unsigned axis) {
    const acc_texture& r = f.image->record;
    const uint32_t n = f.image->levels[0].size[axis];
    const unsigned mode = r.kind == ACC_IMAGE_LINEAR ? (unsigned)ACC_ADDRESS_BORDER
                                                     : r.address_mode[axis];
    const bool wraps = f.normalized && mode == ACC_ADDRESS_WRAP,
               clamps = mode == ACC_ADDRESS_CLAMP || (!f.normalized && mode != ACC_ADDRESS_BORDER);
    if (n > kFloatSizes || (!wraps && !clamps)) return locate(f, x, axis, n, mode, Linear);
    const float size = (float)n, last = (float)(n - 1);
    Axis a;
    if (wraps) {
        const f32v u = size * without_nan(x - __builtin_elementwise_floor(x)); // 0 to n
        const f32v v = Linear ? u - 0.5f : u, whole = __builtin_elementwise_floor(v);
        const i32v i = __builtin_convertvector(whole, i32v), second = i + 1;
        a.first = Linear ? (i < 0 ? i + (int32_t)n : i) : (i >= (int32_t)n ? i - (int32_t)n : i);
        a.second = second >= (int32_t)n ? second - (int32_t)n : second;
        a.weight = __builtin_elementwise_roundeven((v - whole) * 256.0f);
        return a;
    }
    if (f.normalized) x = size * x;
    const auto inside = [&](f32v v) ACC_LAMBDA {
        v = v > 0.0f ? v : 0.0f; // a NaN, too
        return __builtin_convertvector(v < last ? v : last, i32v);
    };
    if constexpr (!Linear) {
        a.first = a.second = inside(x);
        a.weight = 0;
    } else {
        const f32v v = without_nan(x) - 0.5f, whole = __builtin_elementwise_floor(v);
        a.first = inside(whole);
        a.second = inside(whole + 1.0f);
        a.weight = without_nan(__builtin_elementwise_roundeven((v - whole) * 256.0f));
    }
    return a;
}

/// Offsets of texels along an axis; of the border 0.
ACC_INLINE u32v offset_of(i32v number, uint64_t pitch) {
    return (u32v)(number < 0 ? (i32v)0 : number) * (uint32_t)pitch;
}

/// Channels of the texels at these offsets, where `outside` says so (any: somewhere) the border.
template <class T>
ACC_INLINE void quick_texels(const Gang* g, const Image& image, u32v offset, bool any, i32v outside,
                             u32v* channels) {
    const acc_texture& r = image.record;
    if (any) offset = choose(outside, splat(0), offset);
    take_quickly<T>(r.type == ACC_TEXEL_SIGNED, g->window + (image.levels[0].base - g->vm_base),
                    image.bytes, offset, channels);
    convert_texels(r, T::channels, channels);
    if (any)
        for (int c = 0; c < T::channels; ++c)
            channels[c] = choose(outside, splat(r.kind == ACC_IMAGE_LINEAR ? 0 : r.border[c]),
                                 channels[c]);
}

ACC_INLINE f64h widened(f32v v, int half) {
    typedef float f32h __attribute__((ext_vector_type(16)));
    return __builtin_convertvector(half ? (f32h)v.hi : (f32h)v.lo, f64h);
}

/// Step 5.
template <int Dims, class T>
ACC_INLINE void quick_linear(const Gang* g, const Image& image, const Axis* axes, u32v* channels) {
    typedef float f32h __attribute__((ext_vector_type(16)));
    const ImageLevel& level = image.levels[0];
    const uint64_t pitch[3] = {T::bytes, level.row_pitch, level.slice_pitch};
    // Of each axis both texels: offset, weight (as parts of 1), whether they are outside.
    u32v offset[Dims][2];
    f32v weight[Dims][2];
    i32v outside[Dims][2];
    uint32_t any = 0;
    for (int a = 0; a < Dims; ++a) {
        const i32v numbers[2] = {axes[a].first, axes[a].second};
        weight[a][1] = axes[a].weight * 0x1p-8f;
        weight[a][0] = 1.0f - weight[a][1];
        for (int i = 0; i < 2; ++i) {
            offset[a][i] = offset_of(numbers[i], pitch[a]);
            outside[a][i] = numbers[i] < 0;
            if (image.borders) any |= mask_of(outside[a][i]);
        }
    }
    f64h sums[T::channels][2];
    for (int c = 0; c < T::channels; ++c)
        sums[c][0] = sums[c][1] = 0;
#pragma clang loop unroll(disable)
    for (unsigned corner = 0; corner < 1u << Dims; ++corner) {
        u32v at = offset[0][corner & 1];
        f32v w = weight[0][corner & 1];
        i32v out = outside[0][corner & 1];
        for (int a = 1; a < Dims; ++a) {
            at += offset[a][corner >> a & 1];
            w *= weight[a][corner >> a & 1];
            out |= outside[a][corner >> a & 1];
        }
        const i32v none = w == 0.0f;
        const uint32_t without = mask_of(none);
        if (without == ~0u) continue;
        u32v texel[4];
        quick_texels<T>(g, image, at, any, out, texel);
        for (int c = 0; c < T::channels; ++c) {
            const f32v value = without ? (none ? (f32v)0.0f : (f32v)texel[c]) : (f32v)texel[c];
            for (int half = 0; half < 2; ++half)
                sums[c][half] = __builtin_elementwise_fma(widened(w, half), widened(value, half),
                                                          sums[c][half]);
        }
    }
    for (int c = 0; c < T::channels; ++c) {
        const f32h low = __builtin_convertvector(sums[c][0], f32h),
                   high = __builtin_convertvector(sums[c][1], f32h);
        channels[c] = canonical(__builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                                                        11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                        22, 23, 24, 25, 26, 27, 28, 29, 30, 31));
    }
}

/// The rows of a result that somebody wants.
template <class T>
ACC_INLINE void put_channels(const acc_texture& record, const u32v* channels, char* to,
                             uint32_t wanted) {
    for (int c = 0; c < T::channels; ++c)
        store_row(to + c * kRowBytes, channels[c]);
    for (int c = T::channels; c < 4; ++c)
        if (wanted >> c & 1)
            store_row(to + c * kRowBytes, splat(c < 3 ? 0 : gives_floats(record) ? 0x3f800000 : 1));
}
ACC_INLINE uint64_t pitch_of(const Image& image, int axis) {
    return axis == 1 ? image.levels[0].row_pitch : image.levels[0].slice_pitch;
}

/// Image::plain, by floats.
template <int Dims, class T>
void plain_fetch(const Gang* g, const Op* op, const Image& image, char* r, uint32_t wanted) {
    u32v offset;
    for (int a = 0; a < Dims; ++a) {
        const f32v last = (float)(image.levels[0].size[a] - 1);
        f32v x = (f32v)load_row(r + op->b + a * kRowBytes);
        x = x > 0.0f ? x : 0.0f; // a NaN, too
        const u32v i = (u32v) __builtin_convertvector(x < last ? x : last, i32v);
        offset = a == 0 ? i * (uint32_t)T::bytes : offset + i * (uint32_t)pitch_of(image, a);
    }
    u32v channels[4];
    quick_texels<T>(g, image, offset, false, (i32v)0, channels);
    put_channels<T>(image.record, channels, r + op->d, wanted);
}

template <int Dims, class T>
void quick_fetch(const Gang* g, const Op* op, const Image& image, char* r, uint32_t wanted) {
    const acc_texture& record = image.record;
    u32v channels[4];
    const bool numbers = mod<mods::MCoord>(op->mods) == mods::MCoord_s32;
    Fetch f{};
    f.image = &image;
    f.normalized = is_normalized(record);
    const auto coordinate = [&](int a) ACC_LAMBDA { return load_row(r + op->b + a * kRowBytes); };
    Axis axes[Dims];
    if (!numbers && record.filter == ACC_FILTER_LINEAR && record.kind != ACC_IMAGE_LINEAR) {
        for (int a = 0; a < Dims; ++a)
            axes[a] = quick_axis<true>(f, (f32v)coordinate(a), (unsigned)a);
        quick_linear<Dims, T>(g, image, axes, channels);
        return put_channels<T>(record, channels, r + op->d, wanted);
    }
    u32v offset = 0;
    i32v all = 0;
    for (int a = 0; a < Dims; ++a) {
        if (numbers)
            axes[a].first = locate_number(f, (i32v)coordinate(a), (unsigned)a,
                                          image.levels[0].size[a], record.address_mode[a]);
        else
            axes[a] = quick_axis<false>(f, (f32v)coordinate(a), (unsigned)a);
        offset += (u32v)axes[a].first *
                  (a == 0 ? (uint32_t)T::bytes : (uint32_t)pitch_of(image, a));
        all |= axes[a].first;
    }
    const i32v outside = all < 0;
    quick_texels<T>(g, image, offset, image.borders && mask_of(outside), outside, channels);
    put_channels<T>(record, channels, r + op->d, wanted);
}

typedef void QuickFetch(const Gang* g, const Op* op, const Image& image, char* r, uint32_t wanted);
/// Of one kind of fetch and a number of axes: by Image::format.
template <template <int, class> class Kind, int Dims>
constexpr QuickFetch* kFormats[] = {
    Kind<Dims, Texel<8, 1>>::fetch,  Kind<Dims, Texel<8, 2>>::fetch,
    Kind<Dims, Texel<8, 4>>::fetch,  Kind<Dims, Texel<16, 1>>::fetch,
    Kind<Dims, Texel<16, 2>>::fetch, Kind<Dims, Texel<16, 4>>::fetch,
    Kind<Dims, Texel<32, 1>>::fetch, Kind<Dims, Texel<32, 2>>::fetch,
    Kind<Dims, Texel<32, 4>>::fetch};
template <int Dims, class T>
struct Plain {
    static constexpr QuickFetch* fetch = plain_fetch<Dims, T>;
};
template <int Dims, class T>
struct Any {
    static constexpr QuickFetch* fetch = quick_fetch<Dims, T>;
};
constexpr QuickFetch* const* kQuick[2][3] = {
    {kFormats<Any, 1>, kFormats<Any, 2>, kFormats<Any, 3>},
    {kFormats<Plain, 1>, kFormats<Plain, 2>, kFormats<Plain, 3>}};

} // namespace

bool fetch_quickly(const Gang* g, const Op* op, const Image& image, char* r, uint32_t wanted) {
    const unsigned geometry = mod<mods::MGeom>(op->mods);
    if (geometry > mods::MGeom_3d || !image.quick || op->c != row_offset(kZeroRow)) return false;
    const bool plain = image.plain && mod<mods::MCoord>(op->mods) != mods::MCoord_s32;
    kQuick[plain][geometry][image.format](g, op, image, r, wanted);
    return true;
}

} // namespace acc::model::interp::ACC_SIMD
