// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What functions and kernels of the driver API have in common (driver_module.cpp).
#pragma once

#include "runtime/core/module.h"
#include "runtime/cuda/driver.h"

namespace acc::cuda {

/// Throws Error(InvalidValue) for attributes that do not exist.
int attribute_of(const rt::Kernel& kernel, CUfunction_attribute attribute);
/// Throws Error(InvalidValue, NotSupported).
void set_attribute(rt::Kernel& kernel, CUfunction_attribute attribute, int value);
/// Where a parameter lies; `size` may be null. Throws Error(InvalidValue).
void parameter_of(const rt::Kernel& kernel, size_t index, size_t* offset, size_t* size);

} // namespace acc::cuda
