// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the files of graphs' operations share.
#pragma once

#include "runtime/lib/dnn/graph.h"

namespace acc::dnn::graph {

/// A tensor of an operation and where it is.
struct Operand {
    bool given = false;
    Tensor tensor;
    Place place;
};
Operand operand_of(const Descriptor& operation, cudnnBackendAttributeName_t name,
                   const Places& places);

cudnnStatus_t check_norm_forward(const Descriptor& operation);
cudnnStatus_t run_norm_forward(const Descriptor& operation, const Places& places,
                               cudaStream_t stream);
cudnnStatus_t check_norm_backward(const Descriptor& operation);
cudnnStatus_t run_norm_backward(const Descriptor& operation, const Places& places,
                                cudaStream_t stream);

} // namespace acc::dnn::graph
