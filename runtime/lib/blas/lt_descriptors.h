// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What lies in cuBLASLt's opaque descriptors.
#pragma once

#include <cublasLt.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace acc::blas {

struct Layout {
    int32_t type;
    int32_t order;
    uint64_t rows, columns;
    int64_t ld;
    int32_t batch;
    int32_t batch_mode;
    int64_t stride; ///< elements from one matrix of the batch to the next
    int64_t plane_offset;
};
static_assert(sizeof(Layout) <= sizeof(cublasLtMatrixLayoutOpaque_t));

struct MatmulDescription {
    int32_t compute, scale_type, pointer_mode, transa, transb, transc, fill_mode, epilogue;
    const void* bias;
    int64_t bias_batch_stride;
    void* aux;
    int64_t aux_ld, aux_batch_stride, alpha_batch_stride;
    int32_t sm_count_target, aux_type; ///< type -1: follows from D's
    const void* a_scale;
    const void* b_scale;
    const void* c_scale;
    const void* d_scale;
    void* amax_d;
    const void* aux_scale;
    void* aux_amax;
    int32_t bias_type;
    int8_t fast_accumulation;
    int32_t a_scale_mode, b_scale_mode, c_scale_mode, d_scale_mode, aux_scale_mode,
        d_out_scale_mode;
    void* d_out_scale;
    const void* emulation;
};
static_assert(sizeof(MatmulDescription) <= sizeof(cublasLtMatmulDescOpaque_t));

struct TransformDescription {
    int32_t scale_type, pointer_mode, transa, transb;
};
static_assert(sizeof(TransformDescription) <= sizeof(cublasLtMatrixTransformDescOpaque_t));

struct Preference {
    uint32_t search_mode;
    uint64_t max_workspace;
    uint32_t reduction_schemes, alignment_a, alignment_b, alignment_c, alignment_d;
    float max_waves;
    uint64_t implementations;
};
static_assert(sizeof(Preference) <= sizeof(cublasLtMatmulPreferenceOpaque_t));

struct Emulation {
    int32_t strategy, special_values, mantissa_control, max_mantissa_bits, mantissa_bit_offset;
    int32_t* mantissa_bits;
};
static_assert(sizeof(Emulation) <= sizeof(cublasLtEmulationDescOpaque_t));

/// An algorithm is the types it is for and the hints it was told.
struct Algorithm {
    int32_t id, tile, split_k, reduction_scheme, swizzling, custom_option;
    uint16_t inner_shape, cluster_shape;
    int32_t stages;
    int32_t valid; ///< kAlgorithmMark
};
static_assert(sizeof(Algorithm) <= sizeof(cublasLtMatmulAlgo_t));
inline constexpr int32_t kAlgorithmMark = 0x41434331;

/// Whether the leading dimension of a layout by columns, rows or strips of 32 columns leaves room
/// for what it leads along.
inline bool is_leading(const Layout& layout) {
    const uint64_t along = layout.order == CUBLASLT_ORDER_ROW     ? layout.columns
                           : layout.order == CUBLASLT_ORDER_COL32 ? layout.rows * 32
                                                                  : layout.rows;
    return layout.ld >= int64_t(along > 1 ? along : 1);
}

template <class Inside, class Opaque>
Inside& inside(Opaque* opaque) {
    return *reinterpret_cast<Inside*>(opaque->data);
}
template <class Inside, class Opaque>
const Inside& inside(const Opaque* opaque) {
    return *reinterpret_cast<const Inside*>(opaque->data);
}

/// An attribute: where its value lies in what is described.
struct Attribute {
    int name;
    size_t offset;
    size_t size;
};

template <size_t N>
const Attribute* find_attribute(const Attribute (&table)[N], int name) {
    for (const Attribute& row : table)
        if (row.name == name) return &row;
    return nullptr;
}

/// Copies a value in, as every SetAttribute does: the size must be the attribute's.
template <size_t N>
cublasStatus_t set_attribute(const Attribute (&table)[N], void* described, int name,
                             const void* value, size_t size) {
    const Attribute* row = find_attribute(table, name);
    if (described == nullptr || value == nullptr || row == nullptr || size != row->size)
        return CUBLAS_STATUS_INVALID_VALUE;
    std::memcpy(static_cast<char*>(described) + row->offset, value, size);
    return CUBLAS_STATUS_SUCCESS;
}

/// Copies a value out; with size 0 only the size is asked for.
template <size_t N>
cublasStatus_t get_attribute(const Attribute (&table)[N], const void* described, int name,
                             void* value, size_t size, size_t* written) {
    const Attribute* row = find_attribute(table, name);
    if (described == nullptr || row == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (size == 0 ? written == nullptr : value == nullptr || size != row->size)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (written != nullptr) *written = row->size;
    if (size != 0) std::memcpy(value, static_cast<const char*>(described) + row->offset, size);
    return CUBLAS_STATUS_SUCCESS;
}

} // namespace acc::blas
