// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A product as cuBLASLt's descriptors say it.
#pragma once

#include "runtime/lib/blas/lt_descriptors.h"
#include "runtime/lib/blas/products.h"

namespace acc::blas {

/// The product that the descriptors say, still without matrices, and what comes behind it.
struct MatmulPlan {
    Product product;
    Type accumulator = Type::None;
    Type scale = Type::None;
    bool swapped = false;       ///< rows are contiguous in D: it is D^T = op(B)^T op(A)^T that is
                                ///< computed
    bool gradient_of_d = false; ///< the bias's gradient, sums of rows of D, A or B
    bool gradient_of_a = false;
    bool gradient_of_b = false;
    Type bias_type = Type::None;
};

/// Looks at everything; the status is what cublasLtMatmul returns.
cublasStatus_t plan_matmul(const MatmulDescription&, const Layout& a, const Layout& b,
                           const Layout& c, const Layout& d, MatmulPlan& plan);

/// The types that go together (cublasLtMatmulAlgoGetIds asks, too).
struct MatmulArithmetic {
    Type accumulator = Type::None; ///< None: no such combination
    Type bias = Type::None;        ///< the bias's type when nothing else is said
};
MatmulArithmetic matmul_arithmetic(cublasComputeType_t compute, cudaDataType scale, Type a, Type b,
                                   Type c, Type d);

} // namespace acc::blas
