// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An activation as kernels know it.
#pragma once

#include "runtime/lib/dnn/descriptors.h"
#include "runtime/lib/dnn/kernels/elementwise.h"

namespace acc::dnn {

struct Activation {
    Op op = Op::Identity, gradient = Op::Identity;
    double parameter[3] = {};
    bool propagates_nan = true;
};

Activation activation_of(const cudnnActivationStruct& given);

} // namespace acc::dnn
