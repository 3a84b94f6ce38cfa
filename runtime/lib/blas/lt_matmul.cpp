// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cublasLtMatmul: from descriptors to a Product.
#include "runtime/lib/blas/lt_matmul.h"

#include "runtime/lib/blas/compute.h"
#include "runtime/lib/blas/lt_log.h"
#include "runtime/lib/common/api.h"

namespace acc::blas {
namespace {

bool is_fp8(Type type) {
    return type == Type::E4M3 || type == Type::E5M2;
}
bool is_narrow(Type type) {
    return type == Type::F16 || type == Type::BF16;
}

bool is_epilogue(int32_t epilogue) {
    switch (epilogue) {
    case CUBLASLT_EPILOGUE_DEFAULT:
    case CUBLASLT_EPILOGUE_RELU:
    case CUBLASLT_EPILOGUE_RELU_AUX:
    case CUBLASLT_EPILOGUE_BIAS:
    case CUBLASLT_EPILOGUE_RELU_BIAS:
    case CUBLASLT_EPILOGUE_RELU_AUX_BIAS:
    case CUBLASLT_EPILOGUE_DRELU:
    case CUBLASLT_EPILOGUE_DRELU_BGRAD:
    case CUBLASLT_EPILOGUE_GELU:
    case CUBLASLT_EPILOGUE_GELU_AUX:
    case CUBLASLT_EPILOGUE_GELU_BIAS:
    case CUBLASLT_EPILOGUE_GELU_AUX_BIAS:
    case CUBLASLT_EPILOGUE_DGELU:
    case CUBLASLT_EPILOGUE_DGELU_BGRAD:
    case CUBLASLT_EPILOGUE_BGRADA:
    case CUBLASLT_EPILOGUE_BGRADB: return true;
    default: return false;
    }
}

Activation activation_of(int32_t epilogue) {
    if ((epilogue & CUBLASLT_EPILOGUE_DRELU) == CUBLASLT_EPILOGUE_DRELU)
        return Activation::ReluGradient;
    if ((epilogue & CUBLASLT_EPILOGUE_DGELU) == CUBLASLT_EPILOGUE_DGELU)
        return Activation::GeluGradient;
    if (epilogue & CUBLASLT_EPILOGUE_RELU) return Activation::Relu;
    if (epilogue & CUBLASLT_EPILOGUE_GELU) return Activation::Gelu;
    return Activation::None;
}

/// Only plain layouts are here: columns or rows, one after the other.
bool is_plain(const Layout& layout) {
    return (layout.order == CUBLASLT_ORDER_COL || layout.order == CUBLASLT_ORDER_ROW) &&
           layout.plane_offset == 0;
}

/// A or B: whether op or rows that are contiguous turn it around.
Operand operand_of(const Layout& layout, int32_t op, bool swapped) {
    Operand result = operand(nullptr, layout.ld, Type(type_of(cudaDataType(layout.type))),
                             cublasOperation_t(op));
    result.transposed = ((op != CUBLAS_OP_N) != (layout.order == CUBLASLT_ORDER_ROW)) != swapped;
    result.batch_stride = layout.stride * result.element_size;
    return result;
}

Target target_of(const Layout& layout) {
    Target result = target(nullptr, layout.ld, type_of(cudaDataType(layout.type)));
    result.batch_stride = layout.stride * int64_t(size_of(result.type));
    return result;
}

/// Sizes agree: (m x k) (k x n), C and D m x n, batches of one size.
cublasStatus_t check_sizes(const MatmulDescription& desc, const Layout& a, const Layout& b,
                           const Layout& c, const Layout& d) {
    for (const Layout* layout : {&a, &b, &c, &d}) {
        if (!is_plain(*layout)) return CUBLAS_STATUS_NOT_SUPPORTED;
        if (!is_leading(*layout) || layout->batch < 0 || layout->batch != d.batch ||
            layout->batch_mode != d.batch_mode)
            return CUBLAS_STATUS_INVALID_VALUE;
    }
    const uint64_t m = desc.transa == CUBLAS_OP_N ? a.rows : a.columns;
    const uint64_t k = desc.transa == CUBLAS_OP_N ? a.columns : a.rows;
    const uint64_t k_of_b = desc.transb == CUBLAS_OP_N ? b.rows : b.columns;
    const uint64_t n = desc.transb == CUBLAS_OP_N ? b.columns : b.rows;
    if (k != k_of_b || d.rows != m || d.columns != n || c.rows != m || c.columns != n)
        return CUBLAS_STATUS_INVALID_VALUE;
    return c.order == d.order ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t check_options(const MatmulDescription& desc) {
    const auto is_op = [](int32_t op) {
        return op == CUBLAS_OP_N || op == CUBLAS_OP_T || op == CUBLAS_OP_C;
    };
    if (!is_op(desc.transa) || !is_op(desc.transb) || !is_epilogue(desc.epilogue) ||
        desc.pointer_mode < CUBLASLT_POINTER_MODE_HOST ||
        desc.pointer_mode > CUBLASLT_POINTER_MODE_ALPHA_DEVICE_VECTOR_BETA_HOST ||
        !is_compute_type(cublasComputeType_t(desc.compute)))
        return CUBLAS_STATUS_INVALID_VALUE;
    // Scales of parts of matrices, and of what is stored beside D, are not here.
    const bool scalars = desc.a_scale_mode == 0 && desc.b_scale_mode == 0 &&
                         desc.c_scale_mode == 0 && desc.d_scale_mode == 0 &&
                         desc.d_out_scale_mode == 0 && desc.aux_scale_mode == 0;
    if (desc.transc != CUBLAS_OP_N || desc.fill_mode != CUBLAS_FILL_MODE_FULL || !scalars ||
        desc.aux_scale != nullptr || desc.aux_amax != nullptr || desc.d_out_scale != nullptr ||
        desc.alpha_batch_stride != 0)
        return CUBLAS_STATUS_NOT_SUPPORTED;
    return CUBLAS_STATUS_SUCCESS;
}

/// Whether biases, their gradients and auxiliary values can have the type beside such sums.
bool goes_beside(Type type, Type sums) {
    if (sums != Type::F32) return type == sums;
    return type == Type::F32 || is_narrow(type) || is_fp8(type) || type == Type::I8;
}

/// The epilogue of a product, and its gradients of biases.
cublasStatus_t plan_epilogue(const MatmulDescription& desc, const Layout& d, Type bias,
                             MatmulPlan& plan) {
    Epilogue& e = plan.product.epilogue;
    e.activation = activation_of(desc.epilogue);
    const bool biased = desc.epilogue < 256 && (desc.epilogue & CUBLASLT_EPILOGUE_BIAS) != 0;
    plan.gradient_of_d = desc.epilogue < 256 && (desc.epilogue & 16) != 0;
    plan.gradient_of_a = desc.epilogue == CUBLASLT_EPILOGUE_BGRADA;
    plan.gradient_of_b = desc.epilogue == CUBLASLT_EPILOGUE_BGRADB;
    plan.bias_type = desc.bias_type == -1 ? bias : type_of(cudaDataType(desc.bias_type));
    const bool uses_bias = biased || plan.gradient_of_d || plan.gradient_of_a || plan.gradient_of_b;
    if (uses_bias && desc.bias == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
    if (uses_bias && !goes_beside(plan.bias_type, biased ? Type::F32 : plan.accumulator))
        return CUBLAS_STATUS_NOT_SUPPORTED;
    if (biased) {
        e.bias = desc.bias;
        e.bias_type = plan.bias_type;
        e.bias_batch_stride = desc.bias_batch_stride;
        e.bias_of_columns = plan.swapped;
    }
    if ((desc.epilogue & 128) != 0 && desc.epilogue < 256) {
        if (desc.aux == nullptr ||
            desc.aux_ld < int64_t(d.order == CUBLASLT_ORDER_ROW ? d.columns : d.rows))
            return CUBLAS_STATUS_INVALID_VALUE;
        e.aux = desc.aux;
        e.aux_ld = desc.aux_ld;
        e.aux_batch_stride = desc.aux_batch_stride;
        e.aux_type = desc.aux_type == -1 ? plan.product.d.type
                                         : type_of(cudaDataType(desc.aux_type));
        const bool bits = e.activation == Activation::Relu ||
                          e.activation == Activation::ReluGradient;
        if (!bits && !goes_beside(e.aux_type, Type::F32)) return CUBLAS_STATUS_NOT_SUPPORTED;
    }
    e.a_scale = static_cast<const float*>(desc.a_scale);
    e.b_scale = static_cast<const float*>(desc.b_scale);
    e.c_scale = static_cast<const float*>(desc.c_scale);
    e.d_scale = static_cast<const float*>(desc.d_scale);
    e.d_amax = static_cast<float*>(desc.amax_d);
    plan.product.has_epilogue = biased || e.activation != Activation::None ||
                                e.a_scale != nullptr || e.b_scale != nullptr ||
                                e.c_scale != nullptr || e.d_scale != nullptr || e.d_amax != nullptr;
    const bool in_float = plan.accumulator == Type::F32 || plan.scale == Type::F32;
    return in_float || !plan.product.has_epilogue ? CUBLAS_STATUS_SUCCESS
                                                  : CUBLAS_STATUS_NOT_SUPPORTED;
}

/// Sums over op(A)'s columns, op(B)'s rows or D's columns, with a matrix of ones.
cublasStatus_t add_gradients(cudaStream_t stream, const MatmulDescription& desc,
                             const MatmulPlan& plan, const Product& p) {
    if (!plan.gradient_of_a && !plan.gradient_of_b && !plan.gradient_of_d)
        return CUBLAS_STATUS_SUCCESS;
    // In the turned problem what was A is B.
    const bool of_rows = plan.gradient_of_d ? !plan.swapped : plan.gradient_of_a != plan.swapped;
    Product sums;
    Operand ones = operand(nullptr, 1, p.a.type);
    ones.shape = Shape::Ones;
    const Operand d = as_operand(p.d);
    sums.m = of_rows ? p.m : 1;
    sums.n = of_rows ? 1 : p.n;
    sums.k = !plan.gradient_of_d ? p.k : of_rows ? p.n : p.m;
    sums.a = !of_rows ? ones : plan.gradient_of_d ? d : p.a;
    sums.b = of_rows ? ones : plan.gradient_of_d ? d : p.b;
    sums.batch = p.batch;
    sums.alpha = constant(1);
    sums.beta = constant(0);
    sums.alpha.type = sums.beta.type = plan.accumulator;
    sums.c = sums.d = target(const_cast<void*>(desc.bias), of_rows ? p.m : 1, plan.bias_type);
    sums.d.batch_stride = sums.c.batch_stride = desc.bias_batch_stride *
                                                int64_t(size_of(plan.bias_type));
    return launch_elements(stream, plan.accumulator, sums);
}

/// alpha and beta where the pointer mode says.
cublasStatus_t set_factors(const MatmulDescription& desc, const void* alpha, const void* beta,
                           const MatmulPlan& plan, Product& p) {
    const int32_t mode = desc.pointer_mode;
    const bool vector = mode >= CUBLASLT_POINTER_MODE_DEVICE_VECTOR;
    const bool beta_is_zero = mode == CUBLASLT_POINTER_MODE_ALPHA_DEVICE_VECTOR_BETA_ZERO;
    if (alpha == nullptr || (beta == nullptr && !beta_is_zero)) return CUBLAS_STATUS_INVALID_VALUE;
    if (vector && plan.swapped) return CUBLAS_STATUS_NOT_SUPPORTED;
    Context host, device;
    device.pointer_mode = CUBLAS_POINTER_MODE_DEVICE;
    const bool beta_on_host = mode == CUBLASLT_POINTER_MODE_HOST ||
                              mode == CUBLASLT_POINTER_MODE_ALPHA_DEVICE_VECTOR_BETA_HOST;
    p.alpha = factor(mode == CUBLASLT_POINTER_MODE_HOST ? host : device, alpha, plan.scale);
    p.beta = beta_is_zero ? constant(0) : factor(beta_on_host ? host : device, beta, plan.scale);
    p.beta.type = plan.scale;
    if (vector) p.alpha.row_stride = 1;
    if (mode == CUBLASLT_POINTER_MODE_DEVICE_VECTOR) p.beta.row_stride = 1;
    return CUBLAS_STATUS_SUCCESS;
}

/// A matrix by address or by an array of addresses.
template <class Matrix, class Data>
void place(Matrix& matrix, Data* data, const Layout& layout) {
    if (layout.batch_mode == CUBLASLT_BATCH_MODE_POINTER_ARRAY)
        matrix.array = reinterpret_cast<decltype(matrix.array)>(data);
    else
        matrix.data = data;
}

cublasStatus_t run_matmul(const MatmulDescription& desc, const void* alpha, const void* a,
                          const Layout& la, const void* b, const Layout& lb, const void* beta,
                          const void* c, const Layout& lc, void* d, const Layout& ld,
                          cudaStream_t stream) {
    MatmulPlan plan;
    if (const cublasStatus_t status = plan_matmul(desc, la, lb, lc, ld, plan);
        status != CUBLAS_STATUS_SUCCESS)
        return status;
    Product& p = plan.product;
    if (const cublasStatus_t status = set_factors(desc, alpha, beta, plan, p);
        status != CUBLAS_STATUS_SUCCESS)
        return status;
    place(p.a, plan.swapped ? b : a, plan.swapped ? lb : la);
    place(p.b, plan.swapped ? a : b, plan.swapped ? la : lb);
    place(p.c, const_cast<void*>(c), lc);
    place(p.d, d, ld);
    if (p.m == 0 || p.n == 0 || p.batch == 0) return CUBLAS_STATUS_SUCCESS;
    if (p.epilogue.d_amax != nullptr)
        if (const cudaError_t error = cudaMemsetAsync(p.epilogue.d_amax, 0, sizeof(float), stream);
            error != cudaSuccess)
            return status_of(error);
    const cublasStatus_t status = launch_product(stream, plan.accumulator, p);
    return status == CUBLAS_STATUS_SUCCESS ? add_gradients(stream, desc, plan, p) : status;
}

} // namespace

MatmulArithmetic matmul_arithmetic(cublasComputeType_t compute, cudaDataType scale, Type a, Type b,
                                   Type c, Type d) {
    const Type of_scale = type_of(scale);
    const bool float_compute = compute == CUBLAS_COMPUTE_32F ||
                               compute == CUBLAS_COMPUTE_32F_PEDANTIC;
    // Bytes of floating point: A and B of either kind, but not both e5m2.
    if (is_fp8(a) && is_fp8(b)) {
        const bool both_e5m2 = a == Type::E5M2 && b == Type::E5M2;
        const bool c_fits = is_narrow(c) || c == Type::F32;
        const bool d_fits = d == c || (is_fp8(d) && is_narrow(c));
        if (!float_compute || both_e5m2 || !c_fits || !d_fits || of_scale != Type::F32) return {};
        return {Type::F32, is_narrow(c) ? c : Type::BF16};
    }
    if ((compute == CUBLAS_COMPUTE_32I || compute == CUBLAS_COMPUTE_32I_PEDANTIC) &&
        a == Type::I8 && b == Type::I8 && c == Type::I8 && d == Type::I8 && of_scale == Type::F32)
        return {Type::I32, Type::F32};
    if (c != d) return {};
    const Arithmetic plain = arithmetic_of(compute, a, b, c);
    if (plain.accumulator == Type::None || of_scale != plain.scale || a == Type::CI8) return {};
    return {plain.accumulator, d};
}

cublasStatus_t plan_matmul(const MatmulDescription& desc, const Layout& a, const Layout& b,
                           const Layout& c, const Layout& d, MatmulPlan& plan) {
    if (const cublasStatus_t status = check_options(desc); status != CUBLAS_STATUS_SUCCESS)
        return status;
    if (const cublasStatus_t status = check_sizes(desc, a, b, c, d);
        status != CUBLAS_STATUS_SUCCESS)
        return status;
    const auto type = [](const Layout& layout) { return type_of(cudaDataType(layout.type)); };
    const MatmulArithmetic arithmetic = matmul_arithmetic(cublasComputeType_t(desc.compute),
                                                          cudaDataType(desc.scale_type), type(a),
                                                          type(b), type(c), type(d));
    if (arithmetic.accumulator == Type::None) return CUBLAS_STATUS_NOT_SUPPORTED;
    plan.accumulator = arithmetic.accumulator;
    plan.scale = type_of(cudaDataType(desc.scale_type));
    plan.swapped = d.order == CUBLASLT_ORDER_ROW;
    Product& p = plan.product;
    p.m = int64_t(plan.swapped ? d.columns : d.rows);
    p.n = int64_t(plan.swapped ? d.rows : d.columns);
    p.k = int64_t(desc.transa == CUBLAS_OP_N ? a.columns : a.rows);
    p.batch = d.batch;
    const Operand of_a = operand_of(a, desc.transa, plan.swapped);
    const Operand of_b = operand_of(b, desc.transb, plan.swapped);
    p.a = plan.swapped ? of_b : of_a;
    p.b = plan.swapped ? of_a : of_b;
    p.c = target_of(c);
    p.d = target_of(d);
    return plan_epilogue(desc, d, arithmetic.bias, plan);
}

} // namespace acc::blas

using namespace acc::blas;

ACC_LIBRARY_API cublasStatus_t
cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t description, const void* alpha,
               const void* a, cublasLtMatrixLayout_t a_layout, const void* b,
               cublasLtMatrixLayout_t b_layout, const void* beta, const void* c,
               cublasLtMatrixLayout_t c_layout, void* d, cublasLtMatrixLayout_t d_layout,
               const cublasLtMatmulAlgo_t* algorithm, void*, size_t, cudaStream_t stream) {
    if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
    if (description == nullptr || a_layout == nullptr || b_layout == nullptr ||
        c_layout == nullptr || d_layout == nullptr)
        return lt_finished("cublasLtMatmul", CUBLAS_STATUS_INVALID_VALUE);
    if (algorithm != nullptr && inside<Algorithm>(algorithm).valid != kAlgorithmMark)
        return lt_finished("cublasLtMatmul", CUBLAS_STATUS_INVALID_VALUE);
    return lt_finished("cublasLtMatmul",
                       run_matmul(inside<MatmulDescription>(description), alpha, a,
                                  inside<Layout>(a_layout), b, inside<Layout>(b_layout), beta, c,
                                  inside<Layout>(c_layout), d, inside<Layout>(d_layout), stream));
}
