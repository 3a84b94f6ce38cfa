// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions have one algorithm under all names that CUDA documents.
#pragma once

#include "runtime/lib/dnn/handle.h"

namespace acc::dnn {

/// An error unless there is an algorithm of that name.
cudnnStatus_t check_algorithm(cudnnConvolutionFwdAlgo_t algo);
cudnnStatus_t check_algorithm(cudnnConvolutionBwdDataAlgo_t algo);
cudnnStatus_t check_algorithm(cudnnConvolutionBwdFilterAlgo_t algo);

} // namespace acc::dnn
