// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/texture.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "acc/spec/acc_isa_opcodes.h"
#include "acc/spec/texture_check.h"
#include "driver/model/src/interp/indirect.h"
#include "driver/model/src/interp/sched.h"

namespace acc::model::interp {
namespace {

namespace mods = isa::mods;

const uint32_t* row(const Gang* g, unsigned warp, unsigned offset) {
    return reinterpret_cast<const uint32_t*>(g->regs + warp * g->stride + offset);
}
uint32_t* row(Gang* g, unsigned warp, unsigned offset) {
    return reinterpret_cast<uint32_t*>(g->regs + warp * g->stride + offset);
}
uint64_t handle(const Gang* g, const Op* op, unsigned warp, unsigned lane) {
    return uint64_t{row(g, warp, op->a + kRowBytes)[lane]} << 32 | row(g, warp, op->a)[lane];
}

void raise_image(Gang* g, const Op* op, unsigned warp, uint32_t lanes, uint64_t address,
                 uint32_t member) {
    raise_access(g, op, ACC_FAULT_IMAGE, warp, lanes, ACC_ACCESS_READ, address,
                 sizeof(acc_texture));
    g->block->fault.info = member;
}

void decode(const acc_texture& record, Image& image) {
    image.record = record;
    image.texel_bytes = spec::texel_bytes(record);
    image.bytes = spec::texture_bytes(record);
    image.quick = image.bytes <= 0x7fffffff && record.kind <= ACC_IMAGE_3D;
    const bool buffer = record.kind == ACC_IMAGE_LINEAR;
    image.borders = buffer;
    image.plain = !buffer && record.filter == ACC_FILTER_POINT &&
                  !(record.flags & ACC_TEXTURE_NORMALIZED) &&
                  std::max({record.width, record.height, record.depth}) <= kFloatSizes;
    for (unsigned mode : record.address_mode)
        if (mode == ACC_ADDRESS_BORDER) image.borders = true;
    image.plain = image.plain && !image.borders;
    image.format = static_cast<uint8_t>(3 * (std::bit_width(record.bits) - 4) +
                                        std::bit_width(record.channels) - 1);
    image.readable_at = 0;
    spec::TextureLevel level = spec::texture_first_level(record);
    for (unsigned i = 0; i < record.levels; ++i, level = spec::texture_next_level(record, level))
        image.levels[i] = {level.base,
                           level.row_pitch,
                           level.slice_pitch,
                           {level.width, level.height, level.depth}};
}

struct Kept {
    Image images[kKeptImages];
};
thread_local Kept kept;

} // namespace

Image* kept_images() {
    return kept.images;
}

const Image* find_image(Gang* g, const Op* op, unsigned warp, uint32_t lanes, uint64_t address,
                        uint32_t kinds, bool surface) {
    const AddressSpace& vm = *g->block->launch->vm;
    const auto first = static_cast<unsigned>(std::countr_zero(lanes));
    if (address % ACC_TEXTURE_ALIGN) {
        raise_image(g, op, warp, lanes, address, 0);
        return nullptr;
    }
    if (!check_device(g, op, warp, first, address, sizeof(acc_texture), ACC_TEXTURE_ALIGN,
                      ACC_ACCESS_READ))
        return nullptr;
    acc_texture record;
    read_device(vm, &record, address, sizeof record);
    Image& image = kept.images[kept_place(address)];
    const bool same = image.at == address && image.space == vm.id &&
                      std::memcmp(&image.record, &record, sizeof record) == 0;
    if (!same) {
        const spec::TextureError error = spec::texture_error(record);
        if (error.member != nullptr) {
            raise_image(g, op, warp, lanes, address, error.offset);
            return nullptr;
        }
        decode(record, image);
        image.at = address;
        image.space = vm.id;
    }
    if (!(kinds >> record.kind & 1) || (surface && !(record.flags & ACC_TEXTURE_SURFACE))) {
        raise_image(g, op, warp, lanes, address,
                    kinds >> record.kind & 1 ? offsetof(acc_texture, flags)
                                             : offsetof(acc_texture, kind));
        return nullptr;
    }
    return &image;
}

bool is_all_readable(Gang* g, const Image& image) {
    const AddressSpace& vm = *g->block->launch->vm;
    const uint64_t epoch = vm.permission_epoch.load(std::memory_order_acquire);
    if (image.readable_at == epoch) return true;
    const uint64_t offset = image.record.base - vm.base;
    if (offset >= vm.bytes || image.bytes > vm.bytes - offset) return false;
    for (uint64_t page = offset >> ACC_PAGE_SHIFT;
         page <= (offset + image.bytes - 1) >> ACC_PAGE_SHIFT; ++page)
        if ((vm.perm[page] & (kPermRead | kPermPoison | kPermIndirect)) != kPermRead) return false;
    const_cast<Image&>(image).readable_at = epoch; // of this thread
    return true;
}

const uint32_t* srgb_values() {
    static const auto values = [] {
        struct {
            uint32_t bits[256];
        } table;
        for (int i = 0; i < 256; ++i) {
            // The number that instructions convert is a float already.
            const double c = static_cast<double>(static_cast<float>(i) / 255.0f);
            const double linear = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
            table.bits[i] = std::bit_cast<uint32_t>(static_cast<float>(linear));
        }
        return table;
    }();
    return values.bits;
}

namespace {

// PTX's numbers for txq: of OpenCL's channel types and orders, and its own enumerations.
uint32_t data_type(const acc_texture& r) {
    if (r.type == ACC_TEXEL_FLOAT) return r.bits == 16 ? 0x10dd : 0x10de;
    const uint32_t size = r.bits == 8 ? 0 : r.bits == 16 ? 1 : 2;
    const bool is_signed = r.type == ACC_TEXEL_SIGNED;
    if (r.read_mode == ACC_READ_NORMALIZED) return (is_signed ? 0x10d0 : 0x10d2) + size;
    return (is_signed ? 0x10d7 : 0x10da) + size;
}
uint32_t order(const acc_texture& r) {
    return r.channels == 1 ? 0x10b0 : r.channels == 2 ? 0x10b2 : 0x10b5;
}
uint32_t address_mode(uint8_t mode) {
    static constexpr uint32_t kNumbers[] = {0, 3, 1, 4}; // wrap, clamp to edge, mirror, border
    return kNumbers[mode];
}

uint32_t layers(const acc_texture& r) {
    if (!spec::is_layered(r.kind)) return 1;
    return spec::is_cubemap(r.kind) ? r.depth / 6 : r.depth;
}

uint32_t answer(const Image& image, uint32_t query, uint32_t level) {
    const acc_texture& r = image.record;
    const bool there = level < r.levels;
    switch (query) {
    case mods::TEXQUERY::query_width: return there ? image.levels[level].size[0] : 0;
    case mods::TEXQUERY::query_height: return there ? image.levels[level].size[1] : 0;
    case mods::TEXQUERY::query_depth:
        return !there ? 0 : spec::is_layered(r.kind) ? 1 : image.levels[level].size[2];
    case mods::TEXQUERY::query_layers: return layers(r);
    case mods::TEXQUERY::query_levels: return r.levels;
    case mods::TEXQUERY::query_data_type: return data_type(r);
    case mods::TEXQUERY::query_order: return order(r);
    case mods::TEXQUERY::query_normalized: return (r.flags & ACC_TEXTURE_NORMALIZED) != 0;
    case mods::TEXQUERY::query_filter: return r.filter;
    case mods::TEXQUERY::query_address_x: return address_mode(r.address_mode[0]);
    case mods::TEXQUERY::query_address_y: return address_mode(r.address_mode[1]);
    case mods::TEXQUERY::query_address_z: return address_mode(r.address_mode[2]);
    default: return 1; // samples
    }
}

/// Where a surface instruction's access of a lane is.
struct Place {
    uint64_t address = 0;
    bool inside = true;
};

/// Kinds that the surface geometries take.
constexpr uint32_t kSurfaceKinds[] = {
    kRowKinds, kRowKinds, 1u << ACC_IMAGE_3D, 1u << ACC_IMAGE_1D_LAYERED,
    1u << ACC_IMAGE_2D_LAYERED | 1u << ACC_IMAGE_CUBEMAP | 1u << ACC_IMAGE_CUBEMAP_LAYERED};

/// The coordinate, or the nearest one below `size`, which `inside` then says.
int64_t within(int32_t coordinate, uint32_t size, bool& inside) {
    if (coordinate >= 0 && static_cast<uint32_t>(coordinate) < size) return coordinate;
    inside = false;
    return coordinate < 0 ? 0 : int64_t{size} - 1;
}

Place place_of(const Image& image, uint32_t geometry, uint32_t size, const int32_t (&c)[4]) {
    const ImageLevel& level = image.levels[0];
    const uint64_t row_bytes = uint64_t{level.size[0]} * image.texel_bytes;
    Place place;
    int64_t x = c[0];
    if (x < 0 || static_cast<uint64_t>(x) + size > row_bytes) {
        place.inside = false;
        const uint64_t last = row_bytes >= size ? (row_bytes - size) / size * size : 0;
        x = c[0] < 0 ? 0 : static_cast<int64_t>(last);
        if (row_bytes < size) return {level.base, false}; // there is no access that is inside
    }
    const bool rows = geometry == mods::MSGeom_2d || geometry == mods::MSGeom_3d ||
                      geometry == mods::MSGeom_a2d;
    const int64_t y = rows ? within(c[1], level.size[1], place.inside) : 0;
    int64_t z = 0;
    if (geometry == mods::MSGeom_3d) z = within(c[2], level.size[2], place.inside);
    if (geometry >= mods::MSGeom_a1d) z = within(c[3], level.size[2], place.inside);
    place.address = level.base + static_cast<uint64_t>(z) * level.slice_pitch +
                    static_cast<uint64_t>(y) * level.row_pitch + static_cast<uint64_t>(x);
    return place;
}

/// act(lane, address) for the lanes whose access takes place; false when one faults. All lanes are
/// looked at before the first acts.
template <class Act, class Skip>
bool each_access(Gang* g, const Op* op, unsigned warp, uint32_t lanes, uint32_t access, Act act,
                 Skip skip) {
    const uint32_t geometry = mods::MSGeom.get(op->mods), bound = mods::MBound.get(op->mods),
                   size = 1u << mods::MSize.get(op->mods);
    uint64_t at[kLanes];
    uint32_t taking_part = 0;
    for (uint32_t left = lanes; left; left &= left - 1) {
        const auto lane = static_cast<unsigned>(std::countr_zero(left));
        const Image* image = find_image(g, op, warp, 1u << lane, handle(g, op, warp, lane),
                                        kSurfaceKinds[geometry], true);
        if (!image) return false;
        int32_t c[4];
        for (unsigned i = 0; i < 4; ++i)
            c[i] = static_cast<int32_t>(row(g, warp, op->b + i * kRowBytes)[lane]);
        const Place place = place_of(*image, geometry, size, c);
        if (c[0] % static_cast<int32_t>(size) != 0) {
            raise_access(g, op, ACC_FAULT_MISALIGNED, warp, 1u << lane, access, place.address,
                         size);
            return false;
        }
        const bool none = uint64_t{image->levels[0].size[0]} * image->texel_bytes < size;
        if (!place.inside &&
            (bound == mods::MBound_trap || (none && bound == mods::MBound_clamp))) {
            raise_access(g, op, ACC_FAULT_SURFACE_RANGE, warp, 1u << lane, access, image->at, size);
            return false;
        }
        if (!place.inside && bound == mods::MBound_zero) continue;
        if (!check_device(g, op, warp, lane, place.address, size, 1, access)) return false;
        at[lane] = place.address;
        taking_part |= 1u << lane;
    }
    for (uint32_t left = lanes; left; left &= left - 1) {
        const auto lane = static_cast<unsigned>(std::countr_zero(left));
        if (taking_part >> lane & 1)
            act(lane, at[lane], size);
        else
            skip(lane);
    }
    return true;
}

} // namespace

bool texture_query(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    for (uint32_t left = lanes; left; left &= left - 1) {
        const auto lane = static_cast<unsigned>(std::countr_zero(left));
        const Image* image = find_image(g, op, warp, 1u << lane, handle(g, op, warp, lane),
                                        kAnyKind, false);
        if (!image) return false;
        const uint32_t level = row(g, warp, op->b)[lane];
        row(g, warp, op->d)[lane] = answer(*image, mods::TEXQUERY::query.get(op->mods), level);
    }
    return true;
}

bool surface_load(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    const AddressSpace& vm = *g->block->launch->vm;
    const auto set = [&](unsigned lane, const uint32_t (&words)[4]) {
        if (op->flags & kOpDiscard) return;
        for (unsigned i = 0; i < 4; ++i)
            row(g, warp, op->d + i * kRowBytes)[lane] = words[i];
    };
    return each_access(
        g, op, warp, lanes, ACC_ACCESS_READ,
        [&](unsigned lane, uint64_t address, uint32_t size) {
            uint32_t words[4] = {};
            read_device(vm, words, address, size);
            set(lane, words);
        },
        [&](unsigned lane) { set(lane, {}); });
}

bool surface_store(Gang* g, const Op* op, unsigned warp, uint32_t lanes) {
    const AddressSpace& vm = *g->block->launch->vm;
    return each_access(
        g, op, warp, lanes, ACC_ACCESS_WRITE,
        [&](unsigned lane, uint64_t address, uint32_t size) {
            uint32_t words[4];
            for (unsigned i = 0; i < 4; ++i)
                words[i] = row(g, warp, op->c + i * kRowBytes)[lane];
            write_device(vm, address, words, size);
        },
        [](unsigned) {});
}

} // namespace acc::model::interp
