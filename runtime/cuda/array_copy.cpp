// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies whose one side, or both, is an array.
#include <algorithm>

#include "runtime/cuda/array.h"
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/memcpy.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

/// True when `length` from `at` does not end by `limit`, whatever the numbers.
bool passes(size_t at, size_t length, size_t limit) {
    return at > limit || length > limit - at;
}

uint8_t* place_in(const rt::Array& array, size_t x, size_t y, size_t z) {
    return reinterpret_cast<uint8_t*>(array.va + z * array.slice_bytes() + y * array.pitch + x);
}

void check_element(const rt::Array& array, size_t x) {
    if (x % array.shape.format.bytes() != 0)
        fail(Status::InvalidValue, "copy: byte {} of a row does not begin an element of {} bytes",
             x, array.shape.format.bytes());
}

} // namespace

CopyEnd end_of(const rt::Array& array, size_t x, size_t y, size_t z, size_t width, size_t height,
               size_t depth) {
    const rt::ArrayShape& shape = array.shape;
    if (passes(x, width, shape.row_bytes()) || passes(y, height, shape.rows()) ||
        passes(z, depth, shape.slices()))
        fail(Status::InvalidValue,
             "copy: {} bytes, {} rows and {} planes at ({} bytes, {}, {}) are not inside an array "
             "of {} bytes, {} rows and {} planes",
             width, height, depth, x, y, z, shape.row_bytes(), shape.rows(), shape.slices());
    check_element(array, x);
    return {place_in(array, x, y, z), array.pitch, shape.rows()};
}

void copy_ends(rt::Stream& on, const CopyEnd& dst, const CopyEnd& src, size_t width, size_t height,
               size_t depth, rt::CopyKind kind, bool async) {
    rt::copy_rect(
        on, {dst.at, src.at, width, height, depth, dst.pitch, src.pitch, dst.slice, src.slice},
        kind, async);
}

ByteRun::ByteRun(const rt::Array& array, size_t x, size_t y, size_t bytes)
    : base_(place_in(array, 0, y, 0)), x_(x), row_(array.shape.row_bytes()), pitch_(array.pitch) {
    const size_t rows = array.shape.rows();
    if (x >= row_ || y >= rows || passes(x, bytes, (rows - y) * row_))
        fail(Status::InvalidValue,
             "copy: {} bytes from byte {} of row {} are not inside an array of {} bytes and {} "
             "rows",
             bytes, x, y, row_, rows);
    check_element(array, x);
}

void ByteRun::advance(size_t bytes) {
    x_ += bytes;
    if (x_ != row_) return;
    x_ = 0;
    base_ += pitch_;
}

void ByteRun::advance_rows(size_t rows, size_t bytes_of_row) {
    base_ += rows * (endless() ? bytes_of_row : pitch_);
}

void copy_run(rt::Stream& on, ByteRun dst, ByteRun src, size_t bytes, rt::CopyKind kind,
              bool async) {
    while (bytes != 0) {
        const size_t row = std::min(dst.row(), src.row());
        const bool rows = (dst.endless() || (dst.at_start_of_row() && dst.row() == row)) &&
                          (src.endless() || (src.at_start_of_row() && src.row() == row)) &&
                          bytes >= row;
        if (rows) {
            const size_t count = bytes / row;
            copy_ends(on, {dst.at(), dst.endless() ? row : dst.pitch(), 0},
                      {src.at(), src.endless() ? row : src.pitch(), 0}, row, count, 1, kind, async);
            dst.advance_rows(count, row);
            src.advance_rows(count, row);
            bytes -= count * row;
            continue;
        }
        const size_t piece = std::min({bytes, dst.left(), src.left()});
        (async ? rt::copy_async : rt::copy)(on, dst.at(), src.at(), piece, kind);
        dst.advance(piece);
        src.advance(piece);
        bytes -= piece;
    }
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

/// Copies between an array and memory: `with_host` is the direction when that is the host's.
rt::CopyKind direction_of(cudaMemcpyKind kind, cudaMemcpyKind with_host) {
    if (kind != with_host && kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault)
        rt::fail(rt::Status::InvalidMemcpyKind, "copy direction {} does not fit a copy of an array",
                 static_cast<int>(kind));
    return to_core(kind);
}

rt::CopyKind between_arrays(cudaMemcpyKind kind) {
    return direction_of(kind, cudaMemcpyDeviceToDevice);
}

/// Rows of plain memory.
CopyEnd rows_at(const void* memory, size_t pitch) {
    return {static_cast<uint8_t*>(const_cast<void*>(memory)), pitch, 0};
}

cudaError_t to_array(cudaArray_t dst, size_t x, size_t y, const void* src, size_t pitch,
                     size_t width, size_t height, cudaMemcpyKind kind, cudaStream_t stream,
                     bool async) {
    const rt::CopyKind direction = direction_of(kind, cudaMemcpyHostToDevice);
    rt::Stream& on = find_stream(current(), stream);
    const CopyEnd to = end_of(array_of(dst), x, y, 0, width, height, 1);
    if (pitch > kMaxPitch || (height > 1 && width > pitch)) return cudaErrorInvalidPitchValue;
    copy_ends(on, to, rows_at(src, pitch), width, height, 1, direction, async);
    return cudaSuccess;
}

cudaError_t from_array(void* dst, size_t pitch, cudaArray_const_t src, size_t x, size_t y,
                       size_t width, size_t height, cudaMemcpyKind kind, cudaStream_t stream,
                       bool async) {
    const rt::CopyKind direction = direction_of(kind, cudaMemcpyDeviceToHost);
    rt::Stream& on = find_stream(current(), stream);
    const CopyEnd from = end_of(array_of(src), x, y, 0, width, height, 1);
    if (pitch > kMaxPitch || (height > 1 && width > pitch)) return cudaErrorInvalidPitchValue;
    copy_ends(on, rows_at(dst, pitch), from, width, height, 1, direction, async);
    return cudaSuccess;
}

void run_to_array(cudaArray_t dst, size_t x, size_t y, const void* src, size_t bytes,
                  cudaMemcpyKind kind, cudaStream_t stream, bool async) {
    const rt::CopyKind direction = direction_of(kind, cudaMemcpyHostToDevice);
    rt::Stream& on = find_stream(current(), stream);
    copy_run(on, ByteRun(array_of(dst), x, y, bytes), ByteRun(src), bytes, direction, async);
}

void run_from_array(void* dst, cudaArray_const_t src, size_t x, size_t y, size_t bytes,
                    cudaMemcpyKind kind, cudaStream_t stream, bool async) {
    const rt::CopyKind direction = direction_of(kind, cudaMemcpyDeviceToHost);
    rt::Stream& on = find_stream(current(), stream);
    copy_run(on, ByteRun(dst), ByteRun(array_of(src), x, y, bytes), bytes, direction, async);
}

} // namespace

ACC_API cudaError_t cudaMemcpy2DToArray(cudaArray_t dst, size_t x, size_t y, const void* src,
                                        size_t pitch, size_t width, size_t height,
                                        cudaMemcpyKind kind) {
    return guard(__func__, [&] {
        return to_array(dst, x, y, src, pitch, width, height, kind, nullptr, false);
    });
}

ACC_API cudaError_t cudaMemcpy2DToArrayAsync(cudaArray_t dst, size_t x, size_t y, const void* src,
                                             size_t pitch, size_t width, size_t height,
                                             cudaMemcpyKind kind, cudaStream_t stream) {
    return guard(__func__, [&] {
        return to_array(dst, x, y, src, pitch, width, height, kind, stream, true);
    });
}

ACC_API cudaError_t cudaMemcpy2DFromArray(void* dst, size_t pitch, cudaArray_const_t src, size_t x,
                                          size_t y, size_t width, size_t height,
                                          cudaMemcpyKind kind) {
    return guard(__func__, [&] {
        return from_array(dst, pitch, src, x, y, width, height, kind, nullptr, false);
    });
}

ACC_API cudaError_t cudaMemcpy2DFromArrayAsync(void* dst, size_t pitch, cudaArray_const_t src,
                                               size_t x, size_t y, size_t width, size_t height,
                                               cudaMemcpyKind kind, cudaStream_t stream) {
    return guard(__func__, [&] {
        return from_array(dst, pitch, src, x, y, width, height, kind, stream, true);
    });
}

ACC_API cudaError_t cudaMemcpy2DArrayToArray(cudaArray_t dst, size_t dst_x, size_t dst_y,
                                             cudaArray_const_t src, size_t src_x, size_t src_y,
                                             size_t width, size_t height, cudaMemcpyKind kind) {
    return guard(__func__, [&] {
        const rt::CopyKind direction = between_arrays(kind);
        rt::Stream& on = find_stream(current(), nullptr);
        const CopyEnd to = end_of(array_of(dst), dst_x, dst_y, 0, width, height, 1);
        const CopyEnd from = end_of(array_of(src), src_x, src_y, 0, width, height, 1);
        copy_ends(on, to, from, width, height, 1, direction, false);
    });
}

ACC_API cudaError_t cudaMemcpyToArray(cudaArray_t dst, size_t x, size_t y, const void* src,
                                      size_t bytes, cudaMemcpyKind kind) {
    return guard(__func__, [&] { run_to_array(dst, x, y, src, bytes, kind, nullptr, false); });
}

ACC_API cudaError_t cudaMemcpyToArrayAsync(cudaArray_t dst, size_t x, size_t y, const void* src,
                                           size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    return guard(__func__, [&] { run_to_array(dst, x, y, src, bytes, kind, stream, true); });
}

ACC_API cudaError_t cudaMemcpyFromArray(void* dst, cudaArray_const_t src, size_t x, size_t y,
                                        size_t bytes, cudaMemcpyKind kind) {
    return guard(__func__, [&] { run_from_array(dst, src, x, y, bytes, kind, nullptr, false); });
}

ACC_API cudaError_t cudaMemcpyFromArrayAsync(void* dst, cudaArray_const_t src, size_t x, size_t y,
                                             size_t bytes, cudaMemcpyKind kind,
                                             cudaStream_t stream) {
    return guard(__func__, [&] { run_from_array(dst, src, x, y, bytes, kind, stream, true); });
}

ACC_API cudaError_t cudaMemcpyArrayToArray(cudaArray_t dst, size_t dst_x, size_t dst_y,
                                           cudaArray_const_t src, size_t src_x, size_t src_y,
                                           size_t bytes, cudaMemcpyKind kind) {
    return guard(__func__, [&] {
        const rt::CopyKind direction = between_arrays(kind);
        rt::Stream& on = find_stream(current(), nullptr);
        copy_run(on, ByteRun(array_of(dst), dst_x, dst_y, bytes),
                 ByteRun(array_of(src), src_x, src_y, bytes), bytes, direction, false);
    });
}
