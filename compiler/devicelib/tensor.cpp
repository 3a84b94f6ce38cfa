// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensor copies (cp.async.bulk.tensor): boxes of tensors that a tensor map describes. The thread
// that starts one does it, row by row; the calls come from PTX (compiler/ptx/Tensor.cpp).
//
// In shared memory a box lies without gaps, dimension 0 fastest; with a swizzle, bits of the
// address above the pattern's row are xored to those that choose a piece of 16 bytes.
#include "cuda/acc_impl/tensor_map_layout.h"
#include "device.h"

typedef unsigned char u8;

extern "C" {
__attribute__((noreturn)) void __acc_trap(u32 code);
u64 __acc_map_shared(u32 address, u32 rank) __asm__("__acc_op.mapa") __attribute__((const));
void __acc_complete_tx(__attribute__((address_space(3))) void* barrier,
                       u32 bytes) __asm__("llvm.nvvm.mbarrier.complete.tx.scope.cta.space.cta");
}

#define COPY extern "C" __attribute__((noinline))

namespace {

using Map = const acc_tensor_map;
template <class T>
using Shared = __attribute__((address_space(3))) T*;
template <class T>
LOCAL Shared<T> shared(u32 address) {
    return (Shared<T>)(u64)address;
}
struct alignas(16) Piece {
    u64 words[2];
};

/// Where byte `at` of the box is.
LOCAL u32 place(Map& map, u32 base, u32 at) {
    const u32 address = base + at, mask = (1u << map.swizzle) - 1; // of 32, 64, 128 bytes
    return address ^ ((address >> 7 & mask) << 4);
}

/// The value of elements outside of the tensor.
LOCAL u64 filling(Map& map) {
    if (!map.nan_fill) return 0;
    // One bit pattern for every width of floats: all exponent bits, and quiet.
    return map.element == 8 ? 0x7ff8000000000000ull : map.element == 4 ? 0x7fffffffull : 0x7fffull;
}

/// Bytes move in units of 16 or 4 where both sides are aligned to them. Elements do not straddle
/// the swizzle's pieces of 16.
LOCAL u32 unit_of(u64 one, u64 other, u32 bytes) {
    const u64 both = one | other;
    if (both % 16 == 0 && bytes >= 16) return 16;
    return both % 4 == 0 && bytes >= 4 ? 4 : 1;
}
LOCAL void load_row(Map& map, u32 base, u32 at, u64 from, u32 bytes) {
    while (bytes) {
        const u32 to = place(map, base, at), unit = unit_of(to, from, bytes);
        if (unit == 16)
            *shared<Piece>(to) = *(const Piece*)from;
        else if (unit == 4)
            *shared<u32>(to) = *(const u32*)from;
        else
            *shared<u8>(to) = *(const u8*)from;
        bytes -= unit, at += unit, from += unit;
    }
}
LOCAL void store_row(Map& map, u64 to, u32 base, u32 at, u32 bytes) {
    while (bytes) {
        const u32 from = place(map, base, at), unit = unit_of(to, from, bytes);
        if (unit == 16)
            *(Piece*)to = *shared<Piece>(from);
        else if (unit == 4)
            *(u32*)to = *shared<u32>(from);
        else
            *(u8*)to = *shared<u8>(from);
        bytes -= unit, at += unit, to += unit;
    }
}
LOCAL void fill_row(Map& map, u32 base, u32 at, u32 bytes) {
    const u64 value = filling(map);
    const u32 end = at + bytes;
    while (at < end) {
        const u32 to = place(map, base, at);
        if (value == 0 && unit_of(to, 0, end - at) >= 4) {
            *shared<u32>(to) = 0;
            at += 4;
        } else {
            *shared<u8>(to) = u8(value >> 8 * (at % map.element));
            ++at;
        }
    }
}

/// A row of the box: its first element's address in global memory, the bytes before it in the box,
/// its first and its last element (behind it) that the tensor has.
struct Row {
    u64 address;
    u32 at, begin, end;
};

LOCAL i64 size_of(Map& map, unsigned dimension) {
    return i64(map.last[dimension]) + 1;
}
LOCAL u32 count_of(Map& map, unsigned dimension) {
    if (dimension >= map.rank) return 1;
    if (dimension == 0) return map.box[0];
    return (map.box[dimension] + map.step[dimension] - 1u) / map.step[dimension];
}

LOCAL Map& checked(u64 address, unsigned rank, unsigned mode) {
    Map& map = *(Map*)address;
    // What is no tensor map, or one of something else, must not be taken for one.
    if (map.magic != ACC_TENSOR_MAP_MAGIC || map.rank != rank || map.mode != mode) __acc_trap(0);
    return map;
}

/// Elements of a row that starts at coordinate c0 and has so many.
LOCAL void clip(Map& map, i64 c0, u32 count, Row& row) {
    const i64 size = size_of(map, 0), first = c0 < 0 ? -c0 : 0, behind = size - c0;
    row.begin = first < i64(count) ? u32(first) : count;
    row.end = behind < 0 ? 0 : behind < i64(count) ? u32(behind) : count;
    if (row.end < row.begin) row.begin = row.end = count;
}

/// Where a row or a pixel is, coordinate by coordinate. (No arrays: the library has no stack of its
/// own address space.)
struct Spot {
    u64 address;
    bool inside;
};
LOCAL void add(Map& map, Spot& spot, unsigned dimension, i64 coordinate) {
    if (dimension >= map.rank) return;
    spot.inside = spot.inside && coordinate >= 0 && coordinate < size_of(map, dimension);
    spot.address += u64(coordinate) * map.stride[dimension - 1];
}
LOCAL Row row_at(Map& map, const Spot& spot, u32 at, i64 c0, u32 count) {
    Row row{spot.address, at, count, count};
    if (spot.inside) clip(map, c0, count, row);
    return row;
}

/// Every row of the box at the coordinates. Returns the bytes of the box.
template <class F>
LOCAL u32 each_row(Map& map, int c0, int c1, int c2, int c3, int c4, F f) {
    const u32 count = count_of(map, 0), n1 = count_of(map, 1), n2 = count_of(map, 2),
              n3 = count_of(map, 3), rows = n1 * n2 * n3 * count_of(map, 4);
    const u32 bytes = count * map.element;
    for (u32 r = 0; r < rows; ++r) {
        Spot spot{map.address + u64(i64(c0) * map.element), true};
        add(map, spot, 1, i64(c1) + i64(r % n1) * map.step[1]);
        add(map, spot, 2, i64(c2) + i64(r / n1 % n2) * map.step[2]);
        add(map, spot, 3, i64(c3) + i64(r / (n1 * n2) % n3) * map.step[3]);
        add(map, spot, 4, i64(c4) + i64(r / (n1 * n2 * n3)) * map.step[4]);
        f(row_at(map, spot, r * bytes, c0, count));
    }
    return rows * bytes;
}

LOCAL void load_clipped(Map& map, u32 to, const Row& row, u32 count) {
    const u32 element = map.element;
    fill_row(map, to, row.at, row.begin * element);
    load_row(map, to, row.at + row.begin * element, row.address + u64(row.begin) * element,
             (row.end - row.begin) * element);
    fill_row(map, to, row.at + row.end * element, (count - row.end) * element);
}

} // namespace

/// Global to shared memory; returns the bytes of the box.
COPY u32 __acc_tensor_load(u64 tensor, u32 to, u32 rank, int c0, int c1, int c2, int c3, int c4) {
    Map& map = checked(tensor, rank, ACC_TENSOR_TILED);
    const u32 count = map.box[0];
    return each_row(map, c0, c1, c2, c3, c4,
                    [&](const Row& row) { load_clipped(map, to, row, count); });
}

/// Into every block of the mask, each with its own mbarrier.
COPY void __acc_tensor_multicast(u64 tensor, u32 to, u32 barrier, u32 blocks, u32 rank, int c0,
                                 int c1, int c2, int c3, int c4) {
    for (u32 block = 0; blocks >> block; ++block) {
        if (!(blocks >> block & 1)) continue;
        const u32 bytes = __acc_tensor_load(tensor, u32(__acc_map_shared(to, block)), rank, c0, c1,
                                            c2, c3, c4);
        __acc_complete_tx(shared<void>(u32(__acc_map_shared(barrier, block))), bytes);
    }
}

/// Shared to global memory; what is outside of the tensor stays away.
COPY void __acc_tensor_store(u64 tensor, u32 from, u32 rank, int c0, int c1, int c2, int c3,
                             int c4) {
    Map& map = checked(tensor, rank, ACC_TENSOR_TILED);
    each_row(map, c0, c1, c2, c3, c4, [&](const Row& row) {
        store_row(map, row.address + u64(row.begin) * map.element, from,
                  row.at + row.begin * map.element, (row.end - row.begin) * map.element);
    });
}

namespace {
enum Operation { kAdd, kMin, kMax, kInc, kDec, kAnd, kOr, kXor };

template <class T>
LOCAL void reduce_number(T* to, T value, u32 operation) {
    if (operation == kAdd) __scoped_atomic_fetch_add(to, value, 0, __MEMORY_SCOPE_DEVICE);
    if (operation == kMin) __scoped_atomic_fetch_min(to, value, 0, __MEMORY_SCOPE_DEVICE);
    if (operation == kMax) __scoped_atomic_fetch_max(to, value, 0, __MEMORY_SCOPE_DEVICE);
}
template <class T>
LOCAL void reduce_bits(T* to, T value, u32 operation) {
    if (operation == kAnd) __scoped_atomic_fetch_and(to, value, 0, __MEMORY_SCOPE_DEVICE);
    if (operation == kOr) __scoped_atomic_fetch_or(to, value, 0, __MEMORY_SCOPE_DEVICE);
    if (operation == kXor) __scoped_atomic_fetch_xor(to, value, 0, __MEMORY_SCOPE_DEVICE);
}
LOCAL void reduce_counter(u32* to, u32 value, u32 operation) {
    if (operation == kInc) __nvvm_atom_inc_gen_ui(to, value);
    if (operation == kDec) __nvvm_atom_dec_gen_ui(to, value);
}
template <class T>
LOCAL T element_at(Map& map, u32 base, u32 at) {
    return *shared<T>(place(map, base, at));
}

/// Types as CUtensorMapDataType numbers them.
LOCAL void reduce_element(Map& map, u64 to, u32 base, u32 at, u32 operation) {
    switch (map.type) {
    case 2: {
        const u32 value = element_at<u32>(map, base, at);
        reduce_number((u32*)to, value, operation);
        reduce_bits((u32*)to, value, operation);
        reduce_counter((u32*)to, value, operation);
        break;
    }
    case 3: {
        const int value = element_at<int>(map, base, at);
        reduce_number((int*)to, value, operation);
        reduce_bits((int*)to, value, operation);
        break;
    }
    case 4: {
        const u64 value = element_at<u64>(map, base, at);
        reduce_number((u64*)to, value, operation);
        reduce_bits((u64*)to, value, operation);
        break;
    }
    case 5: {
        const i64 value = element_at<i64>(map, base, at);
        reduce_number((i64*)to, value, operation);
        reduce_bits((i64*)to, value, operation);
        break;
    }
    case 6: reduce_number((_Float16*)to, element_at<_Float16>(map, base, at), operation); break;
    case 7:
    case 10: reduce_number((float*)to, element_at<float>(map, base, at), operation); break;
    case 8: reduce_number((double*)to, element_at<double>(map, base, at), operation); break;
    case 9: reduce_number((__bf16*)to, element_at<__bf16>(map, base, at), operation); break;
    default: __acc_trap(0); // no reduction of such elements
    }
}
} // namespace

COPY void __acc_tensor_reduce(u64 tensor, u32 from, u32 operation, u32 rank, int c0, int c1, int c2,
                              int c3, int c4) {
    Map& map = checked(tensor, rank, ACC_TENSOR_TILED);
    each_row(map, c0, c1, c2, c3, c4, [&](const Row& row) {
        for (u32 i = row.begin; i < row.end; ++i)
            reduce_element(map, row.address + u64(i) * map.element, from, row.at + i * map.element,
                           operation);
    });
}

namespace {
/// One step of a dimension of the pixels' box. False: it begins anew.
LOCAL bool step(Map& map, unsigned dimension, int& c) {
    c += map.step[dimension];
    if (c < size_of(map, dimension) + map.upper[dimension - 1]) return true;
    c = map.lower[dimension - 1];
    return false;
}
/// The next pixel: width first, then height and depth; then the next image.
LOCAL void next_pixel(Map& map, u32 rank, int& c1, int& c2, int& c3, int& c4) {
    if (step(map, 1, c1)) return;
    if (rank == 3) {
        ++c2;
        return;
    }
    if (step(map, 2, c2)) return;
    if (rank == 4) {
        ++c3;
        return;
    }
    if (!step(map, 3, c3)) ++c4;
}
} // namespace

/// Columns of pixels for a convolution: from (w, h, d, n) on, `pixels` of the box that the corners
/// name, with `channels` channels each, moved by the offsets of the filter's element (16 bits
/// each).
COPY u32 __acc_tensor_load_im2col(u64 tensor, u32 to, u32 rank, u64 offsets, int c0, int c1, int c2,
                                  int c3, int c4) {
    Map& map = checked(tensor, rank, ACC_TENSOR_IM2COL);
    const u32 count = map.channels, bytes = count * map.element;
    const i64 w = offsets & 0xffff, h = offsets >> 16 & 0xffff, d = offsets >> 32 & 0xffff;
    for (u32 pixel = 0; pixel < map.pixels; ++pixel) {
        Spot spot{map.address + u64(i64(c0) * map.element), true};
        add(map, spot, 1, c1 + w);
        add(map, spot, 2, c2 + (rank > 3 ? h : 0));
        add(map, spot, 3, c3 + (rank > 4 ? d : 0));
        add(map, spot, 4, c4);
        load_clipped(map, to, row_at(map, spot, pixel * bytes, c0, count), count);
        next_pixel(map, rank, c1, c2, c3, c4);
    }
    return map.pixels * bytes;
}

COPY void __acc_tensor_multicast_im2col(u64 tensor, u32 to, u32 barrier, u32 blocks, u32 rank,
                                        u64 offsets, int c0, int c1, int c2, int c3, int c4) {
    for (u32 block = 0; blocks >> block; ++block) {
        if (!(blocks >> block & 1)) continue;
        const u32 bytes = __acc_tensor_load_im2col(tensor, u32(__acc_map_shared(to, block)), rank,
                                                   offsets, c0, c1, c2, c3, c4);
        __acc_complete_tx(shared<void>(u32(__acc_map_shared(barrier, block))), bytes);
    }
}
