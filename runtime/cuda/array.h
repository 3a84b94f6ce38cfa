// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays as both APIs make, describe and copy them. cudaArray_t and CUarray are the same handles.
#pragma once

#include "runtime/core/array.h"
#include "runtime/core/copy.h"
#include "runtime/cuda/driver.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

/// Throws Error(InvalidChannelDescriptor, NotSupported).
rt::ElementFormat format_of(const cudaChannelFormatDesc& desc);
/// Throws Error(InvalidValue, NotSupported).
rt::ElementFormat format_of(CUarray_format format, unsigned channels);
cudaChannelFormatDesc desc_of(const rt::ElementFormat& format);
CUarray_format driver_format_of(const rt::ElementFormat& format);

/// A new array, or the handle of a new mipmapped one. Throws Error(InvalidValue, OutOfMemory,
/// NotSupported).
cudaArray_t make_array(ApiContext& context, const rt::ArrayShape& shape);
cudaMipmappedArray_t make_mipmapped(ApiContext& context, const rt::ArrayShape& shape,
                                    unsigned levels);
/// Waits for the device, then frees. Throws Error(InvalidHandle), Error(InvalidValue) for a level
/// of a mipmapped array.
void free_array(const void* handle);
void free_mipmapped(const void* handle);

/// The array of a handle, whichever context it is of. Throws Error(InvalidHandle), Error(
/// InvalidValue) when it is null.
rt::Array& array_of(const void* handle);
rt::Image& image_of(const void* handle);
/// The handle of a level of a mipmapped array, the same one each time. Throws Error(InvalidHandle,
/// InvalidValue).
cudaArray_t level_of(const void* mipmapped, unsigned level);

/// One side of a copy of rows: where it begins and how it goes on.
struct CopyEnd {
    uint8_t* at = nullptr;
    size_t pitch = 0; ///< bytes from row to row
    size_t slice = 0; ///< rows from plane to plane
};
/// A box of an array; `x` and `width` are in bytes. Throws Error(InvalidValue) unless it lies
/// inside.
CopyEnd end_of(const rt::Array& array, size_t x, size_t y, size_t z, size_t width, size_t height,
               size_t depth);
void copy_ends(rt::Stream& on, const CopyEnd& dst, const CopyEnd& src, size_t width, size_t height,
               size_t depth, rt::CopyKind kind, bool async);

/// Bytes in a row: plain memory, or an array's rows one after the other.
class ByteRun {
  public:
    explicit ByteRun(const void* memory)
        : base_(static_cast<uint8_t*>(const_cast<void*>(memory))) {}
    /// From byte `x` of row `y` of the array's first plane. Throws Error(InvalidValue) unless
    /// `bytes` of it are there.
    ByteRun(const rt::Array& array, size_t x, size_t y, size_t bytes);

    /// Bytes to the end of the row.
    size_t left() const { return row_ - x_; }
    uint8_t* at() const { return base_ + x_; }
    size_t row() const { return row_; }
    size_t pitch() const { return pitch_; }
    bool at_start_of_row() const { return x_ == 0; }
    bool endless() const { return row_ == SIZE_MAX; }
    void advance(size_t bytes); ///< at most to the end of the row
    void advance_rows(size_t rows, size_t bytes_of_row);

  private:
    uint8_t* base_ = nullptr; ///< of the row
    size_t x_ = 0;
    size_t row_ = SIZE_MAX, pitch_ = 0;
};
/// Copies `bytes` from one to the other.
void copy_run(rt::Stream& on, ByteRun dst, ByteRun src, size_t bytes, rt::CopyKind kind,
              bool async);

} // namespace acc::cuda
