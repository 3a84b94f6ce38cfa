// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What most programs do with textures, in the host's registers: all lanes of a warp fetch, by
// floats or by numbers, without offsets, from level 0 of one image of one to three axes. The same
// results as those of texture.cpp, which does everything.
#pragma once

#include "driver/model/src/interp/simd/texture.h"

namespace acc::model::interp::ACC_SIMD {

/// The whole warp. False: it is none of these fetches, and nothing has been done. wanted: registers
/// of the result that must be written, as bits.
bool fetch_quickly(const Gang* g, const Op* op, const Image& image, char* r, uint32_t wanted);

/// The image that was found at this address before, if its record is still the same, and all of it
/// can be read without a look.
ACC_INLINE const Image* kept_image(const Gang* g, uint64_t address, uint32_t kinds) {
    const Image* image = kept_images() + kept_place(address);
    const AddressSpace* vm = g->block->launch->vm;
    if (image->at != address || image->space != vm->id) return nullptr;
    const uint64_t offset = address - g->vm_base; // it has been looked at
    if ((g->perm[offset >> ACC_PAGE_SHIFT] & (kPermRead | kPermPoison | kPermIndirect)) !=
        kPermRead)
        return nullptr;
    u32v now, before;
    static_assert(sizeof(u32v) == sizeof(acc_texture));
    __builtin_memcpy(&now, g->window + offset, sizeof now);
    __builtin_memcpy(&before, &image->record, sizeof before);
    if (mask_of(now == before) != ~0u || !(kinds >> image->record.kind & 1)) return nullptr;
    return image;
}
ACC_INLINE bool was_readable(const Gang* g, const Image& image) {
    const uint64_t* epoch = (const uint64_t*)&g->block->launch->vm->permission_epoch;
    return image.readable_at == __atomic_load_n(epoch, __ATOMIC_ACQUIRE);
}

} // namespace acc::model::interp::ACC_SIMD
