// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The product of matrices that everything of level 3, batched and cuBLASLt is made of:
//   D = epilogue(alpha op(A) op(B) + beta C), for each of `batch` problems.
// Accumulators are float, double, int, cuComplex or cuDoubleComplex; A, B, C and D have types of
// their own.
#pragma once

#include "runtime/lib/blas/types.h"

#include <cublas_api.h>
#include <cuda_runtime_api.h>

#include <cstdint>

namespace acc::blas {

/// What of a matrix is stored, and what the rest follows from. Ones: nothing, it is all ones.
enum class Shape : unsigned char { General, Symmetric, Hermitian, Triangular, Ones };

/// A or B. `data`, or for batches of pointers `array`; bytes from one problem to the next
/// otherwise: `batch_stride`.
struct Operand {
    const void* data = nullptr;
    const void* const* array = nullptr;
    int64_t batch_stride = 0;
    int64_t offset = 0; ///< bytes from there to the first element
    int64_t ld = 0;
    Type type = Type::F32;
    int element_size = 4; ///< of `type`
    bool transposed = false;
    bool conjugated = false;
    Shape shape = Shape::General; ///< of the matrix before op
    bool upper = false;           ///< which half is stored, when it is not general
    bool unit = false;            ///< Triangular: ones on the diagonal
};

/// C or D.
struct Target {
    void* data = nullptr;
    void* const* array = nullptr;
    int64_t batch_stride = 0;
    int64_t offset = 0;
    int64_t ld = 0;
    Type type = Type::F32;
};

/// alpha or beta: a value of the accumulators' type, or where one of type `type` lies on the device
/// (for each row `row_stride` apart).
struct Factor {
    double value[2] = {1, 0};
    const void* pointer = nullptr;
    Type type = Type::F32;
    int64_t row_stride = 0;
    bool conjugated = false;
};

enum class Activation : unsigned char { None, Relu, Gelu, ReluGradient, GeluGradient };

/// What becomes of the sum before it is stored, in this order: + bias, the auxiliary value stored
/// or read, activation, scale.
struct Epilogue {
    const void* bias = nullptr; ///< a value for each row
    int64_t bias_batch_stride = 0;
    Type bias_type = Type::F32;
    bool bias_of_columns = false;
    Activation activation = Activation::None;
    void* aux = nullptr; ///< values before the activation; ReLU: bits
    int64_t aux_ld = 0;
    int64_t aux_batch_stride = 0;
    Type aux_type = Type::F32;
    const float* a_scale = nullptr;
    const float* b_scale = nullptr;
    const float* c_scale = nullptr;
    const float* d_scale = nullptr;
    float* d_amax = nullptr; ///< the largest size before d_scale
};

/// Which part of the result is written.
enum class Part : unsigned char { All, Lower, Upper };

struct Product {
    int64_t m = 0, n = 0, k = 0, batch = 1;
    Operand a, b;
    Target c, d;
    Factor alpha, beta;
    Part part = Part::All;
    bool real_diagonal = false; ///< Hermitian results: the diagonal's imaginary parts become zero
    Epilogue epilogue;
    bool has_epilogue = false;
};

/// Adds up in float, double, int (I32), cuComplex (C32) or cuDoubleComplex (C64). m, n > 0, batch >
/// 0.
cublasStatus_t launch_product(cudaStream_t stream, Type accumulator, const Product& product);

/// The two ways: tiles in shared memory, for operands of shape General and, but for float and int,
/// one alpha and beta for all rows; one thread for each element, for any.
cublasStatus_t launch_tiles(cudaStream_t stream, Type accumulator, const Product& product);
cublasStatus_t launch_elements(cudaStream_t stream, Type accumulator, const Product& product);

} // namespace acc::blas
