// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensors of n, c and up to three coordinates as kernels of windows see them.
#pragma once

#include "runtime/lib/dnn/descriptors.h"
#include "runtime/lib/dnn/kernels/windows.h"

namespace acc::dnn {

Pixels pixels_of(const Tensor& t, const void* data);
/// The sizes of the coordinates; those that are not there stay 1.
void set_sizes(int (&size)[kWindowDims], const Tensor& t);

} // namespace acc::dnn
