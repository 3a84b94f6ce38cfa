// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/ccl/program.h"

#include <cuda_runtime.h>
#include <nccl.h>

namespace acc::ccl {

/// Loads the kernels on the current device: later launches find them there, while others wait in
/// their kernels.
cudaError_t load_kernels();

/// Runs a program. `type`: of a step that reduces, else any.
cudaError_t launch_program(bool reduces, ncclDataType_t type, const Fabric* fabric,
                           Program* program, cudaStream_t stream);

/// result[i] = operand[i] * scalar.
cudaError_t launch_scale(ncclDataType_t type, Scalar scalar, const void* operand, void* result,
                         size_t count, cudaStream_t stream);

} // namespace acc::ccl
