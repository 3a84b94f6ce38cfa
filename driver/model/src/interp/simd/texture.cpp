// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture fetches, a warp at a time: lanes that fetch from one image go together, and of these
// those that want one level.
#include "driver/model/src/interp/simd/texture_quick.h"

#include "acc/spec/acc_isa_opcodes.h"

namespace acc::model::interp::ACC_SIMD {

bool read_slowly(const Fetch& f, const uint64_t* address, uint32_t mask, u32v* words) {
    alignas(64) uint8_t copy[kLanes][16] = {};
    alignas(64) uint64_t offset[kLanes];
    const uint32_t bytes = f.image->texel_bytes;
    for (unsigned l = 0; l < kLanes; ++l) {
        offset[l] = 16 * l;
        if (!(mask >> l & 1)) continue;
        if (!check_device(f.g, f.op, f.warp, l, address[l], bytes, 1, ACC_ACCESS_READ))
            return false;
        read_device(*f.g->block->launch->vm, copy[l], address[l], bytes);
    }
    take_texels(f.image->record, copy[0], offset, words);
    return true;
}

namespace {

/// Sums of weighted texels, or (filter point) words.
struct Result {
    u32v words[4];
    f64h sums[4][2];
};

ACC_INLINE f64h widen(f32v v, int half) {
    typedef float f32h __attribute__((ext_vector_type(16)));
    f32h part;
    __builtin_memcpy(&part, (const char*)&v + 64 * half, 64);
    return __builtin_convertvector(part, f64h);
}
ACC_INLINE u32v narrow(const f64h* sums) {
    typedef float f32h __attribute__((ext_vector_type(16)));
    f32v v;
    for (int half = 0; half < 2; ++half) {
        const f32h part = __builtin_convertvector(sums[half], f32h);
        __builtin_memcpy((char*)&v + 64 * half, &part, 64);
    }
    return canonical(v);
}

ACC_INLINE void add(Result& to, unsigned channel, f32v weight, float unit, u32v word) {
    // A texel without weight does not count, whatever it is.
    const f32v value = weight != 0.0f ? (f32v)word : 0.0f;
    for (int half = 0; half < 2; ++half)
        to.sums[channel][half] = __builtin_elementwise_fma(
            widen(weight, half) * (double)unit, widen(value, half), to.sums[channel][half]);
}

/// A level filtered along `dims` axes; z: what counts slices beyond them.
bool sample_axes(const Fetch& f, const ImageLevel& level, uint32_t mask, const Axis* axes,
                 unsigned dims, i32v z, bool linear, Result& out) {
    const i32v none = 0;
    if (!linear)
        return fetch_texels(f, level, mask, axes[0].first, dims > 1 ? axes[1].first : none,
                            dims > 2 ? axes[2].first : z, out.words);
    for (unsigned c = 0; c < f.image->record.channels; ++c)
        out.sums[c][0] = out.sums[c][1] = 0;
    const float unit = dims == 1 ? 0x1p-8f : dims == 2 ? 0x1p-16f : 0x1p-24f;
    for (unsigned corner = 0; corner < 1u << dims; ++corner) {
        f32v weight = 1.0f;
        i32v n[3] = {none, none, z};
        for (unsigned a = 0; a < dims; ++a) {
            const bool second = corner >> a & 1;
            weight *= second ? axes[a].weight : 256.0f - axes[a].weight;
            n[a] = second ? axes[a].second : axes[a].first;
        }
        const uint32_t counts = mask & mask_of(weight != 0.0f);
        if (!counts) continue;
        u32v words[4];
        if (!fetch_texels(f, level, counts, n[0], n[1], n[2], words)) return false;
        for (unsigned c = 0; c < f.image->record.channels; ++c)
            add(out, c, vector_of(counts) ? weight : 0.0f, unit, words[c]);
    }
    return true;
}

/// A place on a cubemap: the face, and the position in it.
struct CubePlace {
    i32v face;
    f32v s, t;
};
ACC_INLINE CubePlace cube_place(f32v x, f32v y, f32v z) {
    x = without_nan(x), y = without_nan(y), z = without_nan(z);
    const f32v ax = __builtin_elementwise_abs(x), ay = __builtin_elementwise_abs(y),
               az = __builtin_elementwise_abs(z);
    const i32v by_x = (ax >= ay) & (ax >= az), by_y = ~by_x & (ay >= az);
    CubePlace p;
    const f32v m = by_x ? x : by_y ? y : z;
    const i32v negative = (i32v)m < 0; // the sign of a zero does not matter: s and t are 0
    p.face = by_x ? 0 : by_y ? (i32v)2 : (i32v)4;
    const i32v minus = negative & (m != 0.0f);
    p.face -= minus; // of elements that are 0 or -1
    const f32v s = by_x ? (minus ? z : -z) : by_y ? x : (minus ? -x : x);
    const f32v t = by_y ? (minus ? -z : z) : -y;
    const f32v size = __builtin_elementwise_abs(m);
    // Infinite components: 0 where the quotient is none.
    p.s = without_nan(size != 0.0f ? s / size : 0.0f);
    p.t = without_nan(size != 0.0f ? t / size : 0.0f);
    return p;
}
ACC_INLINE f32v in_face(f32v q) {
    return (q + 1.0f) * 0.5f;
}

/// What an instruction's geometry says.
struct Shape {
    unsigned dims; ///< axes that are filtered
    bool layered, cube;
};
constexpr Shape kShapes[] = {{1, false, false}, {2, false, false}, {3, false, false},
                             {1, true, false},  {2, true, false},  {2, false, true},
                             {2, true, true}};

/// Coordinates of the lanes: x, y, z and the layer, words.
struct Coordinates {
    u32v c[4];
};

ACC_INLINE i32v layer_of(const Fetch& f, const Shape& shape, u32v layer) {
    if (!shape.layered) return 0;
    const uint32_t count = shape.cube ? f.image->record.depth / 6 : f.image->record.depth;
    return (i32v)(layer < count ? layer : splat(count - 1));
}

bool sample_seamless(const Fetch& f, const ImageLevel& level, uint32_t mask, i32v first_slice,
                     const CubePlace& place, Result& out);

/// Step 1 to 5 on one level, before the last rounding.
bool sample_level(const Fetch& f, const ImageLevel& level, uint32_t mask, const Shape& shape,
                  const Coordinates& at, bool linear, Result& out) {
    const acc_texture& r = f.image->record;
    Axis axes[3];
    i32v z = layer_of(f, shape, at.c[3]);
    if (shape.cube) {
        const CubePlace place = cube_place((f32v)at.c[0], (f32v)at.c[1], (f32v)at.c[2]);
        if (linear && (r.flags & ACC_TEXTURE_SEAMLESS))
            return sample_seamless(f, level, mask, z * 6, place, out);
        axes[0] = locate(f, in_face(place.s), 0, level.size[0], ACC_ADDRESS_CLAMP, linear);
        axes[1] = locate(f, in_face(place.t), 1, level.size[1], ACC_ADDRESS_CLAMP, linear);
        z = z * 6 + place.face;
    } else {
        for (unsigned a = 0; a < shape.dims; ++a)
            axes[a] = locate(f, (f32v)at.c[a], a, level.size[a],
                             r.kind == ACC_IMAGE_LINEAR ? (unsigned)ACC_ADDRESS_BORDER
                                                        : r.address_mode[a],
                             linear);
    }
    return sample_axes(f, level, mask, axes, shape.dims, z, linear, out);
}

/// A texel of face `face`, number (i, j) of which one may be one outside: where it lies on the
/// cube. False: beyond a corner, where there is none.
bool cross_edge(int32_t n, int32_t& face, int32_t& i, int32_t& j) {
    const bool out_i = i < 0 || i >= n, out_j = j < 0 || j >= n;
    if (!out_i && !out_j) return true;
    if (out_i && out_j) return false;
    // Its middle in units of half a texel, on the plane of the face, then on that of the next one:
    // what is beyond the edge by half a texel there is beyond by half a texel here.
    const int32_t s = 2 * i + 1 - n, t = 2 * j + 1 - n;
    int32_t p[3];
    switch (face) {
    case 0: p[0] = n, p[1] = -t, p[2] = -s; break;
    case 1: p[0] = -n, p[1] = -t, p[2] = s; break;
    case 2: p[0] = s, p[1] = n, p[2] = t; break;
    case 3: p[0] = s, p[1] = -n, p[2] = -t; break;
    case 4: p[0] = s, p[1] = -t, p[2] = n; break;
    default: p[0] = -s, p[1] = -t, p[2] = -n; break;
    }
    const int32_t own = face / 2;
    for (int32_t axis = 0; axis < 3; ++axis) {
        if (axis == own || (p[axis] <= n && p[axis] >= -n)) continue;
        face = 2 * axis + (p[axis] < 0);
        p[axis] = p[axis] < 0 ? -n : n;
        p[own] = p[own] < 0 ? 1 - n : n - 1;
        break;
    }
    int32_t u, v;
    switch (face) {
    case 0: u = -p[2], v = -p[1]; break;
    case 1: u = p[2], v = -p[1]; break;
    case 2: u = p[0], v = p[2]; break;
    case 3: u = p[0], v = -p[2]; break;
    case 4: u = p[0], v = -p[1]; break;
    default: u = -p[0], v = -p[1]; break;
    }
    i = (u + n - 1) / 2, j = (v + n - 1) / 2;
    return true;
}

/// Filtering across the edges of faces; rare, so lane by lane where it matters.
bool sample_seamless(const Fetch& f, const ImageLevel& level, uint32_t mask, i32v first_slice,
                     const CubePlace& place, Result& out) {
    const auto n = (int32_t)level.size[0];
    const unsigned channels = f.image->record.channels;
    f32v weights[2];
    i32v numbers[2];
    const f32v positions[2] = {in_face(place.s), in_face(place.t)};
    for (int a = 0; a < 2; ++a) {
        const f32v v = (float)n * positions[a] - 0.5f;
        const f32v whole = __builtin_elementwise_floor(v);
        weights[a] = without_nan(__builtin_elementwise_roundeven((v - whole) * 256.0f));
        const i32v i = __builtin_convertvector(whole, i32v);
        numbers[a] = i < -1 ? (i32v)-1 : i >= n ? (i32v)(n - 1) : i;
    }
    u32v words[4][4];
    uint32_t missing[4];
    for (int corner = 0; corner < 4; ++corner) {
        alignas(64) int32_t x[kLanes], y[kLanes], face[kLanes];
        *(u32row*)x = (u32v)(numbers[0] + (corner & 1));
        *(u32row*)y = (u32v)(numbers[1] + (corner >> 1));
        *(u32row*)face = (u32v)place.face;
        missing[corner] = 0;
        for (unsigned l = 0; l < kLanes; ++l)
            if (!cross_edge(n, face[l], x[l], y[l])) missing[corner] |= 1u << l, x[l] = y[l] = 0;
        if (!fetch_texels(f, level, mask & ~missing[corner], (i32v) * (u32row*)x,
                          (i32v) * (u32row*)y, (i32v) * (u32row*)face + first_slice, words[corner]))
            return false;
    }
    for (unsigned c = 0; c < channels; ++c) {
        out.sums[c][0] = out.sums[c][1] = 0;
        f64h others[2] = {0, 0}; // of a missing one: the sum of those that there are
        for (int corner = 0; corner < 4; ++corner)
            for (int half = 0; half < 2; ++half) {
                const i32v there = ~vector_of(missing[corner]);
                others[half] += widen(there ? (f32v)words[corner][c] : 0.0f, half);
            }
        for (int corner = 0; corner < 4; ++corner) {
            const f32v weight = (corner & 1 ? weights[0] : 256.0f - weights[0]) *
                                (corner & 2 ? weights[1] : 256.0f - weights[1]);
            const i32v gone = vector_of(missing[corner]), counts = weight != 0.0f;
            for (int half = 0; half < 2; ++half) {
                const f64h texel = widen(counts & ~gone ? (f32v)words[corner][c] : 0.0f, half);
                const f64h mean = others[half] / 3.0;
                const f64h is_gone = widen(counts & gone ? (f32v)1.0f : 0.0f, half);
                const f64h value = is_gone != 0.0 ? mean : texel;
                out.sums[c][half] = __builtin_elementwise_fma(widen(weight, half) * 0x1p-16, value,
                                                              out.sums[c][half]);
            }
        }
    }
    return true;
}

ACC_INLINE void put_results(const Fetch& f, char* r, uint32_t mask, Result& result, bool linear) {
    const acc_texture& record = f.image->record;
    for (unsigned c = 0; linear && c < record.channels; ++c)
        result.words[c] = narrow(result.sums[c]);
    fill_channels(record, result.words);
    for (int c = 0; c < 4; ++c)
        store_row_masked(r + f.op->d + c * kRowBytes, result.words[c], mask);
}

/// Texel numbers of a level that is a number, too.
bool fetch_numbers(const Fetch& f, uint32_t mask, const Shape& shape, const Coordinates& at,
                   unsigned level_number, char* r) {
    const ImageLevel& level = f.image->levels[level_number];
    const acc_texture& record = f.image->record;
    Result result;
    i32v n[3] = {0, 0, layer_of(f, shape, at.c[3])};
    for (unsigned a = 0; a < shape.dims; ++a)
        n[a] = locate_number(f, (i32v)at.c[a], a, level.size[a],
                             shape.cube ? (unsigned)ACC_ADDRESS_CLAMP : record.address_mode[a]);
    if (shape.cube) n[2] = n[2] * 6 + locate_number(f, (i32v)at.c[2], 2, 6, ACC_ADDRESS_CLAMP);
    if (!fetch_texels(f, level, mask, n[0], n[1], n[2], result.words)) return false;
    put_results(f, r, mask, result, false);
    return true;
}

/// Levels of detail are given as the nearest two levels and the second one's weight of 256.
struct Levels {
    i32v first;
    f32v weight;
};
ACC_INLINE Levels levels_of(const acc_texture& r, f32v lod) {
    const float bias = __builtin_bit_cast(float, r.mip_bias),
                least = __builtin_bit_cast(float, r.mip_min),
                most = __builtin_bit_cast(float, r.mip_max);
    lod = without_nan(lod + bias);
    lod = lod < least ? least : lod;
    lod = lod > most ? most : lod;
    lod = lod > 0.0f ? lod : 0.0f;
    const float last = (float)(r.levels - 1);
    lod = lod > last ? last : lod;
    if (r.mip_filter == ACC_FILTER_POINT)
        return {__builtin_convertvector(__builtin_elementwise_floor(lod + 0.5f), i32v), 0.0f};
    const f32v whole = __builtin_elementwise_floor(lod);
    return {__builtin_convertvector(whole, i32v),
            __builtin_elementwise_roundeven((lod - whole) * 256.0f)};
}

bool linear_levels(const Fetch& f, uint32_t mask, const Shape& shape, const Coordinates& at,
                   unsigned first, f32v weight, bool linear, char* r) {
    Result a, b;
    const uint32_t counts = mask & mask_of(weight != 0.0f);
    if (!sample_level(f, f.image->levels[first], mask, shape, at, linear, a)) return false;
    if (!counts) {
        put_results(f, r, mask, a, linear);
        return true;
    }
    if (!sample_level(f, f.image->levels[first + 1], counts, shape, at, linear, b)) return false;
    for (unsigned c = 0; c < f.image->record.channels; ++c) {
        for (int half = 0; half < 2; ++half) {
            const f64h w = widen(weight, half) * 0x1p-8;
            const f64h x = linear ? a.sums[c][half] : widen((f32v)a.words[c], half);
            const f64h y = linear ? b.sums[c][half] : widen((f32v)b.words[c], half);
            const f64h both = __builtin_elementwise_fma(w, y, (1.0 - w) * x);
            a.sums[c][half] = w == 0.0 ? x : w == 1.0 ? y : both;
        }
        const u32v sum = narrow(a.sums[c]);
        a.words[c] = linear ? sum : choose(weight == 0.0f, a.words[c], sum);
    }
    put_results(f, r, mask, a, false);
    return true;
}

bool fetch_levels(const Fetch& f, uint32_t mask, const Shape& shape, const Coordinates& at,
                  f32v lod, bool linear, char* r) {
    const Levels levels = levels_of(f.image->record, lod);
    while (mask) {
        alignas(64) int32_t first[kLanes];
        *(u32row*)first = (u32v)levels.first;
        const int32_t level = first[__builtin_ctz(mask)];
        const uint32_t same = mask & mask_of(levels.first == level);
        if (!linear_levels(f, same, shape, at, (unsigned)level, levels.weight, linear, r))
            return false;
        mask &= ~same;
    }
    return true;
}

/// Levels of detail that gradients say. A logarithm a lane: rare.
f32v lod_of_gradients(const Fetch& f, uint32_t mask, const Shape& shape, const Coordinates& at,
                      const char* r) {
    const ImageLevel& level = f.image->levels[0];
    alignas(64) float lod[kLanes] = {};
    for (uint32_t left = mask; left; left &= left - 1) {
        const unsigned l = (unsigned)__builtin_ctz(left);
        double longest = 0;
        double at_lane[3] = {};
        for (int a = 0; shape.cube && a < 3; ++a)
            at_lane[a] = (double)__builtin_bit_cast(float, ((const uint32_t*)&at.c[a])[l]);
        for (unsigned way = 0; way < 2; ++way) {
            double d[3];
            for (unsigned a = 0; a < 3; ++a)
                d[a] = (double)__builtin_bit_cast(float,
                                                  lane(r + f.op->c + (way * 3 + a) * kRowBytes, l));
            if (shape.cube) {
                int axis = 0;
                if (__builtin_fabs(at_lane[1]) > __builtin_fabs(at_lane[0])) axis = 1;
                if (__builtin_fabs(at_lane[2]) > __builtin_fabs(at_lane[axis])) axis = 2;
                const double m = at_lane[axis];
                double projected[2];
                int k = 0;
                for (int other = 0; other < 3; ++other)
                    if (other != axis) {
                        const double q = at_lane[other] / m;
                        projected[k++] = (d[other] - q * d[axis]) / m / 2;
                    }
                d[0] = projected[0], d[1] = projected[1];
            }
            double sum = 0;
            for (unsigned a = 0; a < shape.dims; ++a) {
                const double texels = f.normalized ? d[a] * (double)level.size[a] : d[a];
                sum += texels * texels;
            }
            if (sum > longest) longest = sum;
        }
        lod[l] = longest > 0 ? (float)(__builtin_log2(longest) / 2) : -__builtin_inff();
    }
    return (f32v) * (const u32row*)lod;
}

ACC_INLINE void take_offsets(Fetch& f, const Shape& shape, u32v packed) {
    f.shifted = false;
    for (int a = 0; a < 3; ++a)
        f.offset[a] = 0;
    if (shape.cube || !(mask_of(packed != 0u) & f.lanes)) return;
    f.shifted = true;
    for (int a = 0; a < 3; ++a)
        f.offset[a] = (i32v)(packed << (24 - 8 * a)) >> 24;
}

enum class What { Base, Lod, Grad, Gather };

/// The lanes f.lanes, whose image is found.
template <What W>
bool fetch_image(Fetch& f, unsigned geometry, char* r) {
    const uint32_t mods = f.op->mods;
    const Shape& shape = kShapes[geometry];
    const acc_texture& record = f.image->record;
    Coordinates at;
    for (int i = 0; i < 4; ++i)
        at.c[i] = load_row(r + f.op->b + i * kRowBytes);
    constexpr int kOffsets[] = {0, 1, 6, 0}; // register of c
    take_offsets(f, shape, load_row(r + f.op->c + kOffsets[(int)W] * kRowBytes));
    f.normalized = is_normalized(record);
    const bool linear = record.filter == ACC_FILTER_LINEAR && record.kind != ACC_IMAGE_LINEAR;
    const bool numbers = W != What::Grad && mod<mods::MCoord>(mods) == mods::MCoord_s32;
    if constexpr (W == What::Base) {
        if (numbers) return fetch_numbers(f, f.lanes, shape, at, 0, r);
        Result result;
        if (!sample_level(f, f.image->levels[0], f.lanes, shape, at, linear, result)) return false;
        put_results(f, r, f.lanes, result, linear);
        return true;
    } else if constexpr (W == What::Lod) {
        if (!numbers)
            return fetch_levels(f, f.lanes, shape, at, (f32v)load_row(r + f.op->c), linear, r);
        alignas(64) int32_t level[kLanes];
        const int32_t last = record.levels - 1;
        i32v number = (i32v)load_row(r + f.op->c);
        number = number < 0 ? 0 : number > last ? (i32v)last : number;
        *(u32row*)level = (u32v)number;
        for (uint32_t left = f.lanes; left;) {
            const int32_t one = level[__builtin_ctz(left)];
            const uint32_t same = left & mask_of(number == one);
            if (!fetch_numbers(f, same, shape, at, (unsigned)one, r)) return false;
            left &= ~same;
        }
        return true;
    } else {
        return fetch_levels(f, f.lanes, shape, at, lod_of_gradients(f, f.lanes, shape, at, r),
                            linear, r);
    }
}

constexpr unsigned kGatherGeometry[] = {mods::MGeom_2d, mods::MGeom_a2d, mods::MGeom_cube,
                                        mods::MGeom_acube};

bool gather_image(Fetch& f, unsigned geometry, char* r) {
    const Shape& shape = kShapes[geometry];
    const acc_texture& record = f.image->record;
    const ImageLevel& level = f.image->levels[0];
    const unsigned channel = mod<mods::TEXGATHER::comp>(f.op->mods);
    Coordinates at;
    for (int i = 0; i < 4; ++i)
        at.c[i] = load_row(r + f.op->b + i * kRowBytes);
    take_offsets(f, shape, load_row(r + f.op->c));
    f.normalized = is_normalized(record);
    Axis axes[2];
    i32v z = layer_of(f, shape, at.c[3]);
    if (shape.cube) {
        const CubePlace place = cube_place((f32v)at.c[0], (f32v)at.c[1], (f32v)at.c[2]);
        axes[0] = locate(f, in_face(place.s), 0, level.size[0], ACC_ADDRESS_CLAMP, true);
        axes[1] = locate(f, in_face(place.t), 1, level.size[1], ACC_ADDRESS_CLAMP, true);
        z = z * 6 + place.face;
    } else {
        for (unsigned a = 0; a < 2; ++a)
            axes[a] = locate(f, (f32v)at.c[a], a, level.size[a], record.address_mode[a], true);
    }
    Result result;
    for (int i = 0; i < 4; ++i) {
        u32v words[4];
        const bool right = i == 1 || i == 2, below = i < 2;
        if (!fetch_texels(f, level, f.lanes, right ? axes[0].second : axes[0].first,
                          below ? axes[1].second : axes[1].first, z, words))
            return false;
        fill_channels(record, words);
        result.words[i] = words[channel];
    }
    for (int i = 0; i < 4; ++i)
        store_row_masked(r + f.op->d + i * kRowBytes, result.words[i], f.lanes);
    return true;
}

/// One warp: image after image.
template <What W>
__attribute__((noinline)) bool fetch_warp(Gang* g, const Op* op, unsigned warp, uint32_t mask,
                                          char* r) {
    const unsigned geometry = W == What::Gather
                                  ? kGatherGeometry[mod<mods::TEXGATHER::ggeom>(op->mods)]
                                  : mod<mods::MGeom>(op->mods);
    const u32v lo = load_row(r + op->a), hi = load_row(r + op->a + kRowBytes);
    while (mask) {
        const unsigned first = (unsigned)__builtin_ctz(mask);
        const uint32_t low = lane(r + op->a, first), high = lane(r + op->a + kRowBytes, first);
        Fetch f;
        f.g = g, f.op = op, f.warp = warp;
        f.lanes = mask & mask_of((lo == low) & (hi == high));
        const uint64_t address = (uint64_t)high << 32 | low;
        f.image = kept_image(g, address, kGeometryKinds[geometry]);
        if (__builtin_expect(!f.image, 0))
            f.image = find_image(g, op, warp, f.lanes, address, kGeometryKinds[geometry], false);
        if (!f.image) return false;
        f.readable = was_readable(g, *f.image) || is_all_readable(g, *f.image);
        if constexpr (W == What::Base)
            if (f.lanes == ~0u && f.readable && fetch_quickly(g, op, *f.image, r, ~0u)) return true;
        if constexpr (W == What::Gather) {
            if (!gather_image(f, geometry, r)) return false;
        } else {
            if (!fetch_image<W>(f, geometry, r)) return false;
        }
        mask &= ~f.lanes;
    }
    return true;
}

template <What W>
void ACC_HANDLER_CC fetch(ACC_HANDLER_ARGS) {
    char* r = regs;
    for (uint64_t w = 0; w < warps; ++w, r += stride)
        if (m[w] && !fetch_warp<W>(g, op, (unsigned)w, m[w], r)) return;
    ACC_NEXT();
}
template <LaneFunction F>
void ACC_HANDLER_CC by_lanes(ACC_HANDLER_ARGS) {
    for (uint64_t w = 0; w < warps; ++w)
        if (m[w] && !F(g, op, (unsigned)w, m[w])) return;
    ACC_NEXT();
}
template <Handler H>
void bind_plain(const Inst&, Op& op) {
    op.handler[0] = op.handler[1] = H;
}

} // namespace

bool fetch_kept(const Gang* g, const Op* op, uint64_t address, uint32_t wanted) {
    const Image* image = kept_image(g, address, kGeometryKinds[mod<mods::MGeom>(op->mods)]);
    return image && was_readable(g, *image) && fetch_quickly(g, op, *image, g->regs, wanted);
}

void bind_texture(Bind* t) {
    t[ACC_OPCODE(TEX)] = bind_plain<fetch<What::Base>>;
    t[ACC_OPCODE(TEXLOD)] = bind_plain<fetch<What::Lod>>;
    t[ACC_OPCODE(TEXGRAD)] = bind_plain<fetch<What::Grad>>;
    t[ACC_OPCODE(TEXGATHER)] = bind_plain<fetch<What::Gather>>;
    t[ACC_OPCODE(TEXQUERY)] = bind_plain<by_lanes<texture_query>>;
    t[ACC_OPCODE(SURFLD)] = bind_plain<by_lanes<surface_load>>;
    t[ACC_OPCODE(SURFST)] = bind_plain<by_lanes<surface_store>>;
}

} // namespace acc::model::interp::ACC_SIMD
