// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/sparse/kernels/access.cuh"

namespace acc::sparse {

/// Calls f(C{}) for the type that is computed in.
template <class F>
cudaError_t with_float_type(Element compute, F f) {
    switch (compute) {
    case Element::F32: return f(float{});
    case Element::F64: return f(double{});
    case Element::C32: return f(C32{});
    case Element::C64: return f(C64{});
    default: return cudaErrorInvalidValue;
    }
}
template <class F>
cudaError_t with_type(Element compute, F f) {
    return compute == Element::I32 ? f(int{}) : with_float_type(compute, f);
}

} // namespace acc::sparse
