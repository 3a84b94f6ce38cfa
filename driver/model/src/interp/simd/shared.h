// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shared and local memory accesses of one warp by offsets, used for their own spaces and through
// generic addresses.
//
// Shared memory is plain bytes. Local memory is interleaved: word w of the threads of a warp is one
// row, so that threads at the same offset (the stack) read and write whole rows.
#pragma once

#include "driver/model/src/interp/cluster.h"
#include "driver/model/src/interp/simd/memory.h"

namespace acc::model::interp::ACC_SIMD {

// Windows are below 4 GiB. An access of Bytes at an offset is inside when offset <= size - Bytes.
template <int Bytes>
ACC_INLINE uint32_t lanes_inside(u32v offset, uint64_t size) {
    if (size < Bytes) return 0;
    return mask_of((offset <= (uint32_t)(size - Bytes)) & ((offset & (uint32_t)(Bytes - 1)) == 0u));
}
/// The fault of offsets that are not inside.
template <int Bytes>
__attribute__((noinline, cold)) void
raise_offsets(Gang* g, const Op* op, unsigned w, uint32_t mask, const u32v& offset, uint64_t size,
              uint32_t access, uint64_t aperture, uint32_t cause) {
    LaneAddresses at;
    for (unsigned l = 0; l < kLanes; ++l)
        at.va[l] = ((const uint32_t*)&offset)[l];
    raise_window(g, op, w, mask, at, size, Bytes, access, aperture, cause);
}

/// Both halves of a full warp read or write consecutive elements, or (loads) one element each,
/// inside of shared memory.
enum class Shape { Other, Unit, Same };
template <class E, bool Load>
ACC_INLINE Shape shared_shape(const Gang* g, u32v offset, uint32_t (&base)[2]) {
    const u32v delta = offset - half_bases(offset);
    base[0] = offset[0];
    base[1] = offset[16];
    const uint64_t last = base[0] > base[1] ? base[0] : base[1];
    const bool aligned = ((base[0] | base[1]) & (E::Bytes - 1)) == 0;
    if (mask_of(delta == half_steps<E::Bytes>()) == ~0u)
        return aligned && last + 16 * E::Bytes <= g->shared_bytes ? Shape::Unit : Shape::Other;
    if (Load && mask_of(delta == 0u) == ~0u)
        return aligned && last + E::Bytes <= g->shared_bytes ? Shape::Same : Shape::Other;
    return Shape::Other;
}

/// Some lane is not inside of the block's own memory: it names another's of the cluster, or faults.
template <class E>
__attribute__((noinline, cold)) bool load_cluster(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                                  const u32v& offset, char* d) {
    uint64_t at[kLanes];
    uint8_t* places[kLanes];
    for (unsigned l = 0; l < kLanes; ++l)
        at[l] = ((const uint32_t*)&offset)[l];
    if (!shared_places(g, op, w, mask, at, E::Bytes, ACC_ACCESS_READ, places)) return false;
    Staging<E> s;
    for_lanes(mask, [&](unsigned l) ACC_LAMBDA { load_lane<E>(places[l], s, l); });
    commit<E>(d, s, mask);
    return true;
}
template <class E>
__attribute__((noinline, cold)) bool store_cluster(Gang* g, const Op* op, unsigned w, uint32_t mask,
                                                   const u32v& offset, const char* c) {
    uint64_t at[kLanes];
    uint8_t* places[kLanes];
    for (unsigned l = 0; l < kLanes; ++l)
        at[l] = ((const uint32_t*)&offset)[l];
    if (!shared_places(g, op, w, mask, at, E::Bytes, ACC_ACCESS_WRITE, places)) return false;
    for_lanes(mask, [&](unsigned l) ACC_LAMBDA { store_lane<E>(places[l], c, l); });
    return true;
}

template <class E>
ACC_INLINE bool load_shared(Gang* g, const Op* op, unsigned w, uint32_t mask, u32v offset,
                            char* d) {
    const uint8_t* memory = g->shared;
    if (mask == ~0u) {
        uint32_t base[2];
        const Shape shape = shared_shape<E, true>(g, offset, base);
        if (shape == Shape::Unit) {
            load_half<E>(memory + base[0], d);
            load_half<E>(memory + base[1], d + 64);
            return true;
        }
        if (shape == Shape::Same) {
            broadcast_half<E>(memory + base[0], d);
            broadcast_half<E>(memory + base[1], d + 64);
            return true;
        }
    }
    const uint32_t inside = lanes_inside<E::Bytes>(offset, g->shared_bytes);
    if (__builtin_expect((inside & mask) != mask, 0))
        return load_cluster<E>(g, op, w, mask, offset, d);
    alignas(64) uint32_t at[kLanes];
    *(u32row*)at = offset;
    Staging<E> s;
    for_lanes(mask, [&](unsigned l) ACC_LAMBDA { load_lane<E>(memory + at[l], s, l); });
    commit<E>(d, s, mask);
    return true;
}
template <class E>
ACC_INLINE bool store_shared(Gang* g, const Op* op, unsigned w, uint32_t mask, u32v offset,
                             const char* c) {
    uint8_t* memory = g->shared;
    if (mask == ~0u) {
        uint32_t base[2];
        if (shared_shape<E, false>(g, offset, base) == Shape::Unit) {
            store_half<E>(memory + base[0], c);
            store_half<E>(memory + base[1], c + 64);
            return true;
        }
    }
    const uint32_t inside = lanes_inside<E::Bytes>(offset, g->shared_bytes);
    if (__builtin_expect((inside & mask) != mask, 0))
        return store_cluster<E>(g, op, w, mask, offset, c);
    alignas(64) uint32_t at[kLanes];
    *(u32row*)at = offset;
    for_lanes(mask, [&](unsigned l) ACC_LAMBDA { store_lane<E>(memory + at[l], c, l); });
    return true;
}

/// Byte `offset` of lane l in a warp's local memory (only bytes of one word are adjacent).
ACC_INLINE uint64_t local_place(uint32_t offset, unsigned l) {
    return ((uint64_t)(offset >> 2) * kLanes + l) * 4 + (offset & 3);
}

template <class E>
ACC_INLINE bool load_local(Gang* g, const Op* op, unsigned w, uint32_t mask, u32v offset, char* d) {
    const uint32_t inside = lanes_inside<E::Bytes>(offset, g->local_bytes);
    if (__builtin_expect((inside & mask) != mask, 0)) {
        raise_offsets<E::Bytes>(g, op, w, mask, offset, g->local_bytes, ACC_ACCESS_READ,
                                ACC_LOCAL_APERTURE, ACC_FAULT_LOCAL_RANGE);
        return false;
    }
    const uint8_t* memory = g->local + w * g->local_warp_bytes;
    const uint32_t first = offset[__builtin_ctz(mask)];
    if (E::Bytes >= 4 && (mask_of(offset == first) & mask) == mask) {
        for (int i = 0; i < E::Rows; ++i)
            store_row_masked(
                d + i * kRowBytes,
                load_row((const char*)memory + (uint64_t)first * kLanes + i * kRowBytes), mask);
        return true;
    }
    alignas(64) uint32_t at[kLanes];
    *(u32row*)at = offset;
    Staging<E> s;
    for_lanes(mask, [&](unsigned l) ACC_LAMBDA {
        for (int i = 0; i < E::Rows; ++i) {
            typename E::type v;
            __builtin_memcpy(&v, memory + local_place(at[l] + 4 * (unsigned)i, l), sizeof v);
            s.rows[i][l] = E::widen(v);
        }
    });
    commit<E>(d, s, mask);
    return true;
}
template <class E>
ACC_INLINE bool store_local(Gang* g, const Op* op, unsigned w, uint32_t mask, u32v offset,
                            const char* c) {
    const uint32_t inside = lanes_inside<E::Bytes>(offset, g->local_bytes);
    if (__builtin_expect((inside & mask) != mask, 0)) {
        raise_offsets<E::Bytes>(g, op, w, mask, offset, g->local_bytes, ACC_ACCESS_WRITE,
                                ACC_LOCAL_APERTURE, ACC_FAULT_LOCAL_RANGE);
        return false;
    }
    uint8_t* memory = g->local + w * g->local_warp_bytes;
    const uint32_t first = offset[__builtin_ctz(mask)];
    if (E::Bytes >= 4 && (mask_of(offset == first) & mask) == mask) {
        for (int i = 0; i < E::Rows; ++i)
            store_row_masked((char*)memory + (uint64_t)first * kLanes + i * kRowBytes,
                             load_row(c + i * kRowBytes), mask);
        return true;
    }
    alignas(64) uint32_t at[kLanes];
    *(u32row*)at = offset;
    for_lanes(mask, [&](unsigned l) ACC_LAMBDA {
        for (int i = 0; i < E::Rows; ++i) {
            const typename E::type v = (typename E::type)lane(c + i * kRowBytes, l);
            __builtin_memcpy(memory + local_place(at[l] + 4 * (unsigned)i, l), &v, sizeof v);
        }
    });
    return true;
}

} // namespace acc::model::interp::ACC_SIMD
