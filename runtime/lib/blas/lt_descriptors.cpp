// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Making cuBLASLt's descriptors, and their attributes.
#include "runtime/lib/blas/lt_descriptors.h"

#include "runtime/lib/common/api.h"

#include <new>

namespace acc::blas {
namespace {

#define ACC_AT(STRUCT, member) offsetof(STRUCT, member), sizeof(STRUCT::member)

constexpr Attribute kLayout[] = {
    {CUBLASLT_MATRIX_LAYOUT_TYPE, ACC_AT(Layout, type)},
    {CUBLASLT_MATRIX_LAYOUT_ORDER, ACC_AT(Layout, order)},
    {CUBLASLT_MATRIX_LAYOUT_ROWS, ACC_AT(Layout, rows)},
    {CUBLASLT_MATRIX_LAYOUT_COLS, ACC_AT(Layout, columns)},
    {CUBLASLT_MATRIX_LAYOUT_LD, ACC_AT(Layout, ld)},
    {CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, ACC_AT(Layout, batch)},
    {CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, ACC_AT(Layout, stride)},
    {CUBLASLT_MATRIX_LAYOUT_PLANE_OFFSET, ACC_AT(Layout, plane_offset)},
    {CUBLASLT_MATRIX_LAYOUT_BATCH_MODE, ACC_AT(Layout, batch_mode)},
};

constexpr Attribute kMatmul[] = {
    {CUBLASLT_MATMUL_DESC_COMPUTE_TYPE, ACC_AT(MatmulDescription, compute)},
    {CUBLASLT_MATMUL_DESC_SCALE_TYPE, ACC_AT(MatmulDescription, scale_type)},
    {CUBLASLT_MATMUL_DESC_POINTER_MODE, ACC_AT(MatmulDescription, pointer_mode)},
    {CUBLASLT_MATMUL_DESC_TRANSA, ACC_AT(MatmulDescription, transa)},
    {CUBLASLT_MATMUL_DESC_TRANSB, ACC_AT(MatmulDescription, transb)},
    {CUBLASLT_MATMUL_DESC_TRANSC, ACC_AT(MatmulDescription, transc)},
    {CUBLASLT_MATMUL_DESC_FILL_MODE, ACC_AT(MatmulDescription, fill_mode)},
    {CUBLASLT_MATMUL_DESC_EPILOGUE, ACC_AT(MatmulDescription, epilogue)},
    {CUBLASLT_MATMUL_DESC_BIAS_POINTER, ACC_AT(MatmulDescription, bias)},
    {CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE, ACC_AT(MatmulDescription, bias_batch_stride)},
    {CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, ACC_AT(MatmulDescription, aux)},
    {CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, ACC_AT(MatmulDescription, aux_ld)},
    {CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_BATCH_STRIDE, ACC_AT(MatmulDescription, aux_batch_stride)},
    {CUBLASLT_MATMUL_DESC_ALPHA_VECTOR_BATCH_STRIDE, ACC_AT(MatmulDescription, alpha_batch_stride)},
    {CUBLASLT_MATMUL_DESC_SM_COUNT_TARGET, ACC_AT(MatmulDescription, sm_count_target)},
    {CUBLASLT_MATMUL_DESC_A_SCALE_POINTER, ACC_AT(MatmulDescription, a_scale)},
    {CUBLASLT_MATMUL_DESC_B_SCALE_POINTER, ACC_AT(MatmulDescription, b_scale)},
    {CUBLASLT_MATMUL_DESC_C_SCALE_POINTER, ACC_AT(MatmulDescription, c_scale)},
    {CUBLASLT_MATMUL_DESC_D_SCALE_POINTER, ACC_AT(MatmulDescription, d_scale)},
    {CUBLASLT_MATMUL_DESC_AMAX_D_POINTER, ACC_AT(MatmulDescription, amax_d)},
    {CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE, ACC_AT(MatmulDescription, aux_type)},
    {CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_SCALE_POINTER, ACC_AT(MatmulDescription, aux_scale)},
    {CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_AMAX_POINTER, ACC_AT(MatmulDescription, aux_amax)},
    {CUBLASLT_MATMUL_DESC_FAST_ACCUM, ACC_AT(MatmulDescription, fast_accumulation)},
    {CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, ACC_AT(MatmulDescription, bias_type)},
    {CUBLASLT_MATMUL_DESC_A_SCALE_MODE, ACC_AT(MatmulDescription, a_scale_mode)},
    {CUBLASLT_MATMUL_DESC_B_SCALE_MODE, ACC_AT(MatmulDescription, b_scale_mode)},
    {CUBLASLT_MATMUL_DESC_C_SCALE_MODE, ACC_AT(MatmulDescription, c_scale_mode)},
    {CUBLASLT_MATMUL_DESC_D_SCALE_MODE, ACC_AT(MatmulDescription, d_scale_mode)},
    {CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_SCALE_MODE, ACC_AT(MatmulDescription, aux_scale_mode)},
    {CUBLASLT_MATMUL_DESC_D_OUT_SCALE_POINTER, ACC_AT(MatmulDescription, d_out_scale)},
    {CUBLASLT_MATMUL_DESC_D_OUT_SCALE_MODE, ACC_AT(MatmulDescription, d_out_scale_mode)},
    {CUBLASLT_MATMUL_DESC_EMULATION_DESCRIPTOR, ACC_AT(MatmulDescription, emulation)},
};

constexpr Attribute kTransform[] = {
    {CUBLASLT_MATRIX_TRANSFORM_DESC_SCALE_TYPE, ACC_AT(TransformDescription, scale_type)},
    {CUBLASLT_MATRIX_TRANSFORM_DESC_POINTER_MODE, ACC_AT(TransformDescription, pointer_mode)},
    {CUBLASLT_MATRIX_TRANSFORM_DESC_TRANSA, ACC_AT(TransformDescription, transa)},
    {CUBLASLT_MATRIX_TRANSFORM_DESC_TRANSB, ACC_AT(TransformDescription, transb)},
};

constexpr Attribute kPreference[] = {
    {CUBLASLT_MATMUL_PREF_SEARCH_MODE, ACC_AT(Preference, search_mode)},
    {CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, ACC_AT(Preference, max_workspace)},
    {CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, ACC_AT(Preference, reduction_schemes)},
    {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, ACC_AT(Preference, alignment_a)},
    {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, ACC_AT(Preference, alignment_b)},
    {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, ACC_AT(Preference, alignment_c)},
    {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, ACC_AT(Preference, alignment_d)},
    {CUBLASLT_MATMUL_PREF_MAX_WAVES_COUNT, ACC_AT(Preference, max_waves)},
    {CUBLASLT_MATMUL_PREF_IMPL_MASK, ACC_AT(Preference, implementations)},
};

constexpr Attribute kEmulation[] = {
    {CUBLASLT_EMULATION_DESC_STRATEGY, ACC_AT(Emulation, strategy)},
    {CUBLASLT_EMULATION_DESC_SPECIAL_VALUES_SUPPORT, ACC_AT(Emulation, special_values)},
    {CUBLASLT_EMULATION_DESC_FIXEDPOINT_MANTISSA_CONTROL, ACC_AT(Emulation, mantissa_control)},
    {CUBLASLT_EMULATION_DESC_FIXEDPOINT_MAX_MANTISSA_BIT_COUNT,
     ACC_AT(Emulation, max_mantissa_bits)},
    {CUBLASLT_EMULATION_DESC_FIXEDPOINT_MANTISSA_BIT_OFFSET,
     ACC_AT(Emulation, mantissa_bit_offset)},
    {CUBLASLT_EMULATION_DESC_FIXEDPOINT_MANTISSA_BIT_COUNT_POINTER,
     ACC_AT(Emulation, mantissa_bits)},
};

/// A descriptor of the heap, filled by `init`; an init that fails leaves none.
template <class Opaque, class Init>
cublasStatus_t create(Opaque** made, Init init) {
    if (made == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *made = new (std::nothrow) Opaque();
    if (*made == nullptr) return CUBLAS_STATUS_ALLOC_FAILED;
    const cublasStatus_t status = init(*made);
    if (status != CUBLAS_STATUS_SUCCESS) {
        delete *made;
        *made = nullptr;
    }
    return status;
}

template <class Opaque>
cublasStatus_t destroy(Opaque* opaque) {
    delete opaque;
    return CUBLAS_STATUS_SUCCESS;
}

/// The data of a descriptor, or null.
template <class Opaque>
auto* data_of(Opaque* opaque) {
    return opaque == nullptr ? nullptr : opaque->data;
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixLayoutInit_internal(cublasLtMatrixLayout_t layout,
                                                                 size_t size, cudaDataType type,
                                                                 uint64_t rows, uint64_t columns,
                                                                 int64_t ld) {
    if (layout == nullptr || size < sizeof(Layout)) return CUBLAS_STATUS_INVALID_VALUE;
    inside<Layout>(layout) = {
        int32_t(type), CUBLASLT_ORDER_COL, rows, columns, ld, 1, CUBLASLT_BATCH_MODE_STRIDED, 0, 0};
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* layout,
                                                          cudaDataType type, uint64_t rows,
                                                          uint64_t columns, int64_t ld) {
    return create(layout, [&](cublasLtMatrixLayout_t made) {
        return cublasLtMatrixLayoutInit_internal(made, sizeof(*made), type, rows, columns, ld);
    });
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout) {
    return destroy(layout);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixLayoutSetAttribute(
    cublasLtMatrixLayout_t layout, cublasLtMatrixLayoutAttribute_t name, const void* value,
    size_t size) {
    return set_attribute(kLayout, data_of(layout), name, value, size);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixLayoutGetAttribute(
    cublasLtMatrixLayout_t layout, cublasLtMatrixLayoutAttribute_t name, void* value, size_t size,
    size_t* written) {
    return get_attribute(kLayout, data_of(layout), name, value, size, written);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulDescInit_internal(cublasLtMatmulDesc_t description,
                                                               size_t size,
                                                               cublasComputeType_t compute,
                                                               cudaDataType scale_type) {
    if (description == nullptr || size < sizeof(MatmulDescription))
        return CUBLAS_STATUS_INVALID_VALUE;
    MatmulDescription fresh = {};
    fresh.compute = compute;
    fresh.scale_type = scale_type;
    fresh.pointer_mode = CUBLASLT_POINTER_MODE_HOST;
    fresh.fill_mode = CUBLAS_FILL_MODE_FULL;
    fresh.epilogue = CUBLASLT_EPILOGUE_DEFAULT;
    fresh.aux_type = fresh.bias_type = -1;
    inside<MatmulDescription>(description) = fresh;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* description,
                                                        cublasComputeType_t compute,
                                                        cudaDataType scale_type) {
    return create(description, [&](cublasLtMatmulDesc_t made) {
        return cublasLtMatmulDescInit_internal(made, sizeof(*made), compute, scale_type);
    });
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t description) {
    return destroy(description);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t description,
                                                              cublasLtMatmulDescAttributes_t name,
                                                              const void* value, size_t size) {
    return set_attribute(kMatmul, data_of(description), name, value, size);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulDescGetAttribute(cublasLtMatmulDesc_t description,
                                                              cublasLtMatmulDescAttributes_t name,
                                                              void* value, size_t size,
                                                              size_t* written) {
    return get_attribute(kMatmul, data_of(description), name, value, size, written);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixTransformDescInit_internal(
    cublasLtMatrixTransformDesc_t description, size_t size, cudaDataType scale_type) {
    if (description == nullptr || size < sizeof(TransformDescription))
        return CUBLAS_STATUS_INVALID_VALUE;
    inside<TransformDescription>(description) = {int32_t(scale_type), CUBLASLT_POINTER_MODE_HOST,
                                                 CUBLAS_OP_N, CUBLAS_OP_N};
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixTransformDescCreate(
    cublasLtMatrixTransformDesc_t* description, cudaDataType scale_type) {
    return create(description, [&](cublasLtMatrixTransformDesc_t made) {
        return cublasLtMatrixTransformDescInit_internal(made, sizeof(*made), scale_type);
    });
}

ACC_LIBRARY_API cublasStatus_t
cublasLtMatrixTransformDescDestroy(cublasLtMatrixTransformDesc_t description) {
    return destroy(description);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixTransformDescSetAttribute(
    cublasLtMatrixTransformDesc_t description, cublasLtMatrixTransformDescAttributes_t name,
    const void* value, size_t size) {
    return set_attribute(kTransform, data_of(description), name, value, size);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatrixTransformDescGetAttribute(
    cublasLtMatrixTransformDesc_t description, cublasLtMatrixTransformDescAttributes_t name,
    void* value, size_t size, size_t* written) {
    return get_attribute(kTransform, data_of(description), name, value, size, written);
}

ACC_LIBRARY_API cublasStatus_t
cublasLtMatmulPreferenceInit_internal(cublasLtMatmulPreference_t preference, size_t size) {
    if (preference == nullptr || size < sizeof(Preference)) return CUBLAS_STATUS_INVALID_VALUE;
    inside<Preference>(preference) = {CUBLASLT_SEARCH_BEST_FIT,
                                      0,
                                      CUBLASLT_REDUCTION_SCHEME_MASK,
                                      256,
                                      256,
                                      256,
                                      256,
                                      0,
                                      ~uint64_t(0)};
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t
cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* preference) {
    return create(preference, [&](cublasLtMatmulPreference_t made) {
        return cublasLtMatmulPreferenceInit_internal(made, sizeof(*made));
    });
}

ACC_LIBRARY_API cublasStatus_t
cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference) {
    return destroy(preference);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulPreferenceSetAttribute(
    cublasLtMatmulPreference_t preference, cublasLtMatmulPreferenceAttributes_t name,
    const void* value, size_t size) {
    return set_attribute(kPreference, data_of(preference), name, value, size);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulPreferenceGetAttribute(
    cublasLtMatmulPreference_t preference, cublasLtMatmulPreferenceAttributes_t name, void* value,
    size_t size, size_t* written) {
    return get_attribute(kPreference, data_of(preference), name, value, size, written);
}

ACC_LIBRARY_API cublasStatus_t
cublasLtEmulationDescInit_internal(cublasLtEmulationDesc_t description, size_t size) {
    if (description == nullptr || size < sizeof(Emulation)) return CUBLAS_STATUS_INVALID_VALUE;
    inside<Emulation>(description) = {CUBLAS_EMULATION_STRATEGY_DEFAULT,
                                      CUDA_EMULATION_SPECIAL_VALUES_SUPPORT_DEFAULT,
                                      CUDA_EMULATION_MANTISSA_CONTROL_DYNAMIC,
                                      0,
                                      0,
                                      nullptr};
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtEmulationDescCreate(cublasLtEmulationDesc_t* description) {
    return create(description, [&](cublasLtEmulationDesc_t made) {
        return cublasLtEmulationDescInit_internal(made, sizeof(*made));
    });
}

ACC_LIBRARY_API cublasStatus_t cublasLtEmulationDescDestroy(cublasLtEmulationDesc_t description) {
    return destroy(description);
}

ACC_LIBRARY_API cublasStatus_t cublasLtEmulationDescSetAttribute(
    cublasLtEmulationDesc_t description, cublasLtEmulationDescAttributes_t name, const void* value,
    size_t size) {
    return set_attribute(kEmulation, data_of(description), name, value, size);
}

ACC_LIBRARY_API cublasStatus_t cublasLtEmulationDescGetAttribute(
    cublasLtEmulationDesc_t description, cublasLtEmulationDescAttributes_t name, void* value,
    size_t size, size_t* written) {
    return get_attribute(kEmulation, data_of(description), name, value, size, written);
}
