// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The names and explanations of statuses, for cuBLAS and cuBLASLt.
#pragma once

#include <cublas_api.h>

namespace acc::blas {

const char* name_of(cublasStatus_t status);
const char* text_of(cublasStatus_t status);

} // namespace acc::blas
