// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuBLASLt's log.
#pragma once

#include <cublas_api.h>

namespace acc::blas {

/// What functions return through: a failure is a line of ACC_LOG=debug, and every call one of the
/// program's own log.
cublasStatus_t lt_finished(const char* function, cublasStatus_t status);

} // namespace acc::blas
