// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies and fills. Pointers may be device addresses (device, pinned, managed memory, module
// variables) or ordinary host memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/core/context.h"

namespace acc::rt {

/// Direction, as the caller states it. Default: found out from the pointers.
enum class CopyKind { HostToHost, HostToDevice, DeviceToHost, DeviceToDevice, Default };

/// `height` rows of `width` bytes in `depth` planes.
struct RectCopy {
    void* dst = nullptr;
    const void* src = nullptr;
    size_t width = 0, height = 1, depth = 1;
    size_t dst_pitch = 0, src_pitch = 0; ///< bytes from row to row
    size_t dst_slice = 0, src_slice = 0; ///< rows from plane to plane
};

/// Bytes from the first to past the last byte that a rectangle touches; width, height and depth are
/// not 0. Throws Error(InvalidValue) when the number does not fit 64 bits.
size_t rect_extent(size_t width, size_t height, size_t depth, size_t pitch, size_t slice);
/// Where a copy begins in a volume of rows and planes; x and pitch in bytes, slice in rows.
struct VolumePlace {
    size_t x, y, z, pitch, slice;
};
/// Its address. Throws Error(InvalidValue) when it is no address, or `base` is in an allocation and
/// the place is beyond its end.
uint8_t* place_in_volume(Context& context, const void* base, const VolumePlace& at);
/// Throws Error(InvalidValue) unless the device may write these bytes and they lie in one
/// allocation.
void check_device_range(Context& context, const void* dst, size_t bytes);

/// Copies `bytes`; returns when the source may be reused and, unless both sides are device memory,
/// the copy is done. Throws Error(InvalidValue, InvalidMemcpyKind).
void copy(Stream& stream, void* dst, const void* src, size_t bytes, CopyKind kind);
/// Puts the copy into the stream. With pageable host memory it may wait for the stream, as CUDA's
/// does.
void copy_async(Stream& stream, void* dst, const void* src, size_t bytes, CopyKind kind);
void copy_rect(Stream& stream, const RectCopy& rect, CopyKind kind, bool async);

/// Fills `height` rows of `width` bytes with the low `element_bytes` (1, 2, 4) of `value`.
void fill(Stream& stream, void* dst, uint32_t value, uint32_t element_bytes, size_t width,
          size_t height, size_t pitch, bool async);

} // namespace acc::rt
