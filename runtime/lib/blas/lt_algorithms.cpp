// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLASLt's algorithms: there is one, with number 0, which needs no workspace. Hints are kept and
// change nothing.
#include "runtime/lib/blas/lt_log.h"
#include "runtime/lib/blas/lt_matmul.h"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

#define ACC_AT(member) offsetof(Algorithm, member), sizeof(Algorithm::member)

constexpr Attribute kConfig[] = {
    {CUBLASLT_ALGO_CONFIG_ID, ACC_AT(id)},
    {CUBLASLT_ALGO_CONFIG_TILE_ID, ACC_AT(tile)},
    {CUBLASLT_ALGO_CONFIG_SPLITK_NUM, ACC_AT(split_k)},
    {CUBLASLT_ALGO_CONFIG_REDUCTION_SCHEME, ACC_AT(reduction_scheme)},
    {CUBLASLT_ALGO_CONFIG_CTA_SWIZZLING, ACC_AT(swizzling)},
    {CUBLASLT_ALGO_CONFIG_CUSTOM_OPTION, ACC_AT(custom_option)},
    {CUBLASLT_ALGO_CONFIG_STAGES_ID, ACC_AT(stages)},
    {CUBLASLT_ALGO_CONFIG_INNER_SHAPE_ID, ACC_AT(inner_shape)},
    {CUBLASLT_ALGO_CONFIG_CLUSTER_SHAPE_ID, ACC_AT(cluster_shape)},
};

/// What the one algorithm can do, as an attribute table over these values.
struct Capabilities {
    int32_t split_k = 0;
    uint32_t reduction_schemes = CUBLASLT_REDUCTION_SCHEME_NONE;
    uint32_t swizzling = 0;
    int32_t strided_batch = 1, out_of_place = 1, half_results = 0;
    uint32_t tile = CUBLASLT_MATMUL_TILE_64x64;
    int32_t custom_options = 0, custom_order = 0;
    uint32_t pointer_modes = CUBLASLT_POINTER_MODE_MASK_HOST | CUBLASLT_POINTER_MODE_MASK_DEVICE |
                             CUBLASLT_POINTER_MODE_MASK_DEVICE_VECTOR |
                             CUBLASLT_POINTER_MODE_MASK_ALPHA_DEVICE_VECTOR_BETA_ZERO |
                             CUBLASLT_POINTER_MODE_MASK_ALPHA_DEVICE_VECTOR_BETA_HOST;
    uint32_t epilogues = 0x3ff;
    uint32_t stages = CUBLASLT_MATMUL_STAGES_16x1;
    int32_t negative_ld = 0;
    uint64_t implementation = CUBLASLT_NUMERICAL_IMPL_FLAGS_FMA;
    uint32_t alignment = 1;
    int32_t pointer_array = 1, emulation = 0;
};

#undef ACC_AT
#define ACC_AT(member) offsetof(Capabilities, member), sizeof(Capabilities::member)

constexpr Attribute kCapabilities[] = {
    {CUBLASLT_ALGO_CAP_SPLITK_SUPPORT, ACC_AT(split_k)},
    {CUBLASLT_ALGO_CAP_REDUCTION_SCHEME_MASK, ACC_AT(reduction_schemes)},
    {CUBLASLT_ALGO_CAP_CTA_SWIZZLING_SUPPORT, ACC_AT(swizzling)},
    {CUBLASLT_ALGO_CAP_STRIDED_BATCH_SUPPORT, ACC_AT(strided_batch)},
    {CUBLASLT_ALGO_CAP_OUT_OF_PLACE_RESULT_SUPPORT, ACC_AT(out_of_place)},
    {CUBLASLT_ALGO_CAP_UPLO_SUPPORT, ACC_AT(half_results)},
    {CUBLASLT_ALGO_CAP_CUSTOM_OPTION_MAX, ACC_AT(custom_options)},
    {CUBLASLT_ALGO_CAP_CUSTOM_MEMORY_ORDER, ACC_AT(custom_order)},
    {CUBLASLT_ALGO_CAP_POINTER_MODE_MASK, ACC_AT(pointer_modes)},
    {CUBLASLT_ALGO_CAP_EPILOGUE_MASK, ACC_AT(epilogues)},
    {CUBLASLT_ALGO_CAP_LD_NEGATIVE, ACC_AT(negative_ld)},
    {CUBLASLT_ALGO_CAP_NUMERICAL_IMPL_FLAGS, ACC_AT(implementation)},
    {CUBLASLT_ALGO_CAP_MIN_ALIGNMENT_A_BYTES, ACC_AT(alignment)},
    {CUBLASLT_ALGO_CAP_MIN_ALIGNMENT_B_BYTES, ACC_AT(alignment)},
    {CUBLASLT_ALGO_CAP_MIN_ALIGNMENT_C_BYTES, ACC_AT(alignment)},
    {CUBLASLT_ALGO_CAP_MIN_ALIGNMENT_D_BYTES, ACC_AT(alignment)},
    {CUBLASLT_ALGO_CAP_POINTER_ARRAY_BATCH_SUPPORT, ACC_AT(pointer_array)},
    {CUBLASLT_ALGO_CAP_FLOATING_POINT_EMULATION_SUPPORT, ACC_AT(emulation)},
};

void make(cublasLtMatmulAlgo_t* algorithm) {
    *algorithm = {};
    Algorithm& made = inside<Algorithm>(algorithm);
    made.tile = CUBLASLT_MATMUL_TILE_64x64;
    made.stages = CUBLASLT_MATMUL_STAGES_16x1;
    made.split_k = 1;
    made.valid = kAlgorithmMark;
}

bool is_made(const cublasLtMatmulAlgo_t* algorithm) {
    return algorithm != nullptr && inside<Algorithm>(algorithm).valid == kAlgorithmMark;
}

cublasStatus_t plan(cublasLtMatmulDesc_t description, cublasLtMatrixLayout_t a,
                    cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d) {
    if (description == nullptr || a == nullptr || b == nullptr || c == nullptr || d == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    MatmulPlan ignored;
    // Programs ask before they know their biases: any address will do.
    MatmulDescription known = inside<MatmulDescription>(description);
    if (known.bias == nullptr) known.bias = description;
    if (known.aux == nullptr) known.aux = description;
    return plan_matmul(known, inside<Layout>(a), inside<Layout>(b), inside<Layout>(c),
                       inside<Layout>(d), ignored);
}

/// A list of numbers, as the capabilities that are lists are asked for.
cublasStatus_t give_list(uint32_t one, void* value, size_t size, size_t* written) {
    if (size == 0 ? written == nullptr : value == nullptr || size < sizeof one)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (written != nullptr) *written = sizeof one;
    if (size != 0) std::memcpy(value, &one, sizeof one);
    return CUBLAS_STATUS_SUCCESS;
}

MatmulArithmetic arithmetic(cublasComputeType_t compute, cudaDataType scale, cudaDataType a,
                            cudaDataType b, cudaDataType c, cudaDataType d) {
    return matmul_arithmetic(compute, scale, type_of(a), type_of(b), type_of(c), type_of(d));
}

} // namespace
} // namespace acc::blas

using namespace acc::blas;

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulAlgoGetHeuristic(
    cublasLtHandle_t handle, cublasLtMatmulDesc_t description, cublasLtMatrixLayout_t a,
    cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
    cublasLtMatmulPreference_t preference, int wanted, cublasLtMatmulHeuristicResult_t results[],
    int* found) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (preference == nullptr || wanted <= 0 || results == nullptr || found == nullptr)
        return CUBLAS_STATUS_INVALID_VALUE;
    *found = 0;
    const cublasStatus_t status = plan(description, a, b, c, d);
    if (status != CUBLAS_STATUS_SUCCESS)
        return lt_finished("cublasLtMatmulAlgoGetHeuristic", status);
    results[0] = {};
    make(&results[0].algo);
    results[0].state = CUBLAS_STATUS_SUCCESS;
    results[0].wavesCount = 1;
    *found = 1;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulAlgoGetIds(
    cublasLtHandle_t handle, cublasComputeType_t compute, cudaDataType scale, cudaDataType a,
    cudaDataType b, cudaDataType c, cudaDataType d, int wanted, int ids[], int* found) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (wanted <= 0 || ids == nullptr || found == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    *found = 0;
    if (arithmetic(compute, scale, a, b, c, d).accumulator == Type::None)
        return CUBLAS_STATUS_NOT_SUPPORTED;
    ids[(*found)++] = 0;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulAlgoInit(
    cublasLtHandle_t handle, cublasComputeType_t compute, cudaDataType scale, cudaDataType a,
    cudaDataType b, cudaDataType c, cudaDataType d, int id, cublasLtMatmulAlgo_t* algorithm) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (algorithm == nullptr || id < 0) return CUBLAS_STATUS_INVALID_VALUE;
    if (arithmetic(compute, scale, a, b, c, d).accumulator == Type::None)
        return CUBLAS_STATUS_NOT_SUPPORTED;
    make(algorithm);
    inside<Algorithm>(algorithm).id = id;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulAlgoCheck(
    cublasLtHandle_t handle, cublasLtMatmulDesc_t description, cublasLtMatrixLayout_t a,
    cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
    const cublasLtMatmulAlgo_t* algorithm, cublasLtMatmulHeuristicResult_t* result) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (!is_made(algorithm) || result == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    const Algorithm& asked = inside<Algorithm>(algorithm);
    const cublasStatus_t status = asked.split_k > 1 ? CUBLAS_STATUS_NOT_SUPPORTED
                                                    : plan(description, a, b, c, d);
    if (status != CUBLAS_STATUS_SUCCESS) return status;
    *result = {};
    result->algo = *algorithm;
    result->wavesCount = 1;
    return CUBLAS_STATUS_SUCCESS;
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulAlgoCapGetAttribute(
    const cublasLtMatmulAlgo_t* algorithm, cublasLtMatmulAlgoCapAttributes_t name, void* value,
    size_t size, size_t* written) {
    if (!is_made(algorithm)) return CUBLAS_STATUS_INVALID_VALUE;
    const Capabilities all;
    if (name == CUBLASLT_ALGO_CAP_TILE_IDS) return give_list(all.tile, value, size, written);
    if (name == CUBLASLT_ALGO_CAP_STAGES_IDS) return give_list(all.stages, value, size, written);
    return get_attribute(kCapabilities, &all, name, value, size, written);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulAlgoConfigSetAttribute(
    cublasLtMatmulAlgo_t* algorithm, cublasLtMatmulAlgoConfigAttributes_t name, const void* value,
    size_t size) {
    if (!is_made(algorithm)) return CUBLAS_STATUS_INVALID_VALUE;
    return set_attribute(kConfig, algorithm->data, name, value, size);
}

ACC_LIBRARY_API cublasStatus_t cublasLtMatmulAlgoConfigGetAttribute(
    const cublasLtMatmulAlgo_t* algorithm, cublasLtMatmulAlgoConfigAttributes_t name, void* value,
    size_t size, size_t* written) {
    if (!is_made(algorithm)) return CUBLAS_STATUS_INVALID_VALUE;
    return get_attribute(kConfig, algorithm->data, name, value, size, written);
}
