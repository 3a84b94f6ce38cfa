// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcuda::wmma: fragments, their elements, and what fills them.

#pragma once

namespace nvcuda {
namespace wmma {

struct matrix_a;
struct matrix_b;
struct accumulator;
struct row_major;
struct col_major;
enum layout_t { mem_row_major, mem_col_major };

/// Types of elements that C++ does not have.
namespace precision {
struct tf32;
}
namespace experimental {
namespace precision {
struct u4;
struct s4;
struct b1;
} // namespace precision
enum bmmaBitOp { bmmaBitOpXOR = 1, bmmaBitOpAND = 2 };
enum bmmaAccumulateOp { bmmaAccumulateOpPOPC = 1 };
} // namespace experimental

/// What holds elements of a type, and what fill_fragment makes of a value for it.
template <typename T>
struct __acc_storage {
    typedef T type;
    static __device__ __forceinline__ T fill(T value) { return value; }
};
template <>
struct __acc_storage<precision::tf32> {
    typedef float type;
    static __device__ __forceinline__ float fill(float value) { return value; }
};
/// Packed ones: as many copies of the low bits as a word holds.
template <>
struct __acc_storage<experimental::precision::u4> {
    typedef unsigned type;
    static __device__ __forceinline__ unsigned fill(unsigned value) {
        return (value & 15) * 0x11111111u;
    }
};
template <>
struct __acc_storage<experimental::precision::s4> {
    typedef int type;
    static __device__ __forceinline__ int fill(int value) {
        return (int)(((unsigned)value & 15) * 0x11111111u);
    }
};
template <>
struct __acc_storage<experimental::precision::b1> {
    typedef unsigned type;
    static __device__ __forceinline__ unsigned fill(unsigned value) { return 0u - (value & 1); }
};

/// A thread's part of a fragment: `size` elements in `packed` pieces of storage.
template <typename T, int size, int packed = size>
struct alignas(8) __acc_fragment {
    typedef T element_type;
    typedef typename __acc_storage<T>::type storage_element_type;
    enum { num_elements = size };
    enum { num_storage_elements = packed };
    storage_element_type x[packed];
};

template <typename Use, int m, int n, int k, typename T, typename Layout = void>
class fragment;

template <typename T, int size, int packed>
static __device__ __forceinline__ void fill_fragment(__acc_fragment<T, size, packed>& f,
                                                     const typename __acc_storage<T>::type& value) {
    const typename __acc_storage<T>::type each = __acc_storage<T>::fill(value);
#pragma unroll
    for (int i = 0; i < packed; ++i)
        f.x[i] = each;
}

// Registers of 32 bits as the words that instructions have.
template <typename T, int size, int packed>
static __device__ __forceinline__ unsigned* __acc_words(__acc_fragment<T, size, packed>& f) {
    return reinterpret_cast<unsigned*>(f.x);
}
template <typename T, int size, int packed>
static __device__ __forceinline__ const unsigned*
__acc_words(const __acc_fragment<T, size, packed>& f) {
    return reinterpret_cast<const unsigned*>(f.x);
}

// ---- the lists. X(use, m, n, k, type, elements, pieces of storage)
#define __ACC_WMMA_HALF(X)                                                                         \
    X(matrix_a, 16, 16, 16, __half, 16, 16)                                                        \
    X(matrix_b, 16, 16, 16, __half, 16, 16)                                                        \
    X(matrix_a, 32, 8, 16, __half, 16, 16)                                                         \
    X(matrix_b, 32, 8, 16, __half, 16, 16)                                                         \
    X(matrix_a, 8, 32, 16, __half, 16, 16)                                                         \
    X(matrix_b, 8, 32, 16, __half, 16, 16)
#define __ACC_WMMA_BYTES(X, T)                                                                     \
    X(matrix_a, 16, 16, 16, T, 8, 8)                                                               \
    X(matrix_b, 16, 16, 16, T, 8, 8)                                                               \
    X(matrix_a, 32, 8, 16, T, 16, 16)                                                              \
    X(matrix_b, 32, 8, 16, T, 4, 4)                                                                \
    X(matrix_a, 8, 32, 16, T, 4, 4)                                                                \
    X(matrix_b, 8, 32, 16, T, 16, 16)
#define __ACC_WMMA_TF32(X)                                                                         \
    X(matrix_a, 16, 16, 8, precision::tf32, 4, 4)                                                  \
    X(matrix_b, 16, 16, 8, precision::tf32, 4, 4)
#define __ACC_WMMA_DOUBLE(X)                                                                       \
    X(matrix_a, 8, 8, 4, double, 1, 1)                                                             \
    X(matrix_b, 8, 8, 4, double, 1, 1)

#define __ACC_WMMA_CLASSES(use, m, n, k, T, size, packed)                                          \
    template <>                                                                                    \
    class fragment<use, m, n, k, T, row_major> : public __acc_fragment<T, size, packed> {};        \
    template <>                                                                                    \
    class fragment<use, m, n, k, T, col_major> : public __acc_fragment<T, size, packed> {};
#define __ACC_WMMA_CLASS(use, m, n, k, T, layout, size, packed)                                    \
    template <>                                                                                    \
    class fragment<use, m, n, k, T, layout> : public __acc_fragment<T, size, packed> {};

__ACC_WMMA_HALF(__ACC_WMMA_CLASSES)
__ACC_WMMA_CLASS(accumulator, 16, 16, 16, __half, void, 8, 8)
__ACC_WMMA_CLASS(accumulator, 32, 8, 16, __half, void, 8, 8)
__ACC_WMMA_CLASS(accumulator, 8, 32, 16, __half, void, 8, 8)
__ACC_WMMA_CLASS(accumulator, 16, 16, 16, float, void, 8, 8)
__ACC_WMMA_CLASS(accumulator, 32, 8, 16, float, void, 8, 8)
__ACC_WMMA_CLASS(accumulator, 8, 32, 16, float, void, 8, 8)
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 720
__ACC_WMMA_BYTES(__ACC_WMMA_CLASSES, signed char)
__ACC_WMMA_BYTES(__ACC_WMMA_CLASSES, unsigned char)
__ACC_WMMA_CLASS(accumulator, 16, 16, 16, int, void, 8, 8)
__ACC_WMMA_CLASS(accumulator, 32, 8, 16, int, void, 8, 8)
__ACC_WMMA_CLASS(accumulator, 8, 32, 16, int, void, 8, 8)
#endif
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 730
__ACC_WMMA_CLASS(matrix_a, 8, 8, 32, experimental::precision::u4, row_major, 8, 1)
__ACC_WMMA_CLASS(matrix_b, 8, 8, 32, experimental::precision::u4, col_major, 8, 1)
__ACC_WMMA_CLASS(matrix_a, 8, 8, 32, experimental::precision::s4, row_major, 8, 1)
__ACC_WMMA_CLASS(matrix_b, 8, 8, 32, experimental::precision::s4, col_major, 8, 1)
__ACC_WMMA_CLASS(accumulator, 8, 8, 32, int, void, 2, 2)
__ACC_WMMA_CLASS(matrix_a, 8, 8, 128, experimental::precision::b1, row_major, 32, 1)
__ACC_WMMA_CLASS(matrix_b, 8, 8, 128, experimental::precision::b1, col_major, 32, 1)
__ACC_WMMA_CLASS(accumulator, 8, 8, 128, int, void, 2, 2)
#endif
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
__ACC_WMMA_BYTES(__ACC_WMMA_CLASSES, __nv_bfloat16) // as many elements as of bytes
__ACC_WMMA_TF32(__ACC_WMMA_CLASSES)
__ACC_WMMA_CLASS(accumulator, 16, 16, 8, float, void, 8, 8)
__ACC_WMMA_DOUBLE(__ACC_WMMA_CLASSES)
__ACC_WMMA_CLASS(accumulator, 8, 8, 4, double, void, 2, 2)
#endif
#undef __ACC_WMMA_HALF
#undef __ACC_WMMA_BYTES
#undef __ACC_WMMA_TF32
#undef __ACC_WMMA_DOUBLE
#undef __ACC_WMMA_CLASSES
#undef __ACC_WMMA_CLASS

} // namespace wmma
} // namespace nvcuda
