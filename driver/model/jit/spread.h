// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/Function.h>

namespace acc::model::jit {

/// For hosts without mask registers: gathers and scatters of part of the lanes become ones of all
/// lanes, of which those that take no part are at a place of their own, and masks that come as bits
/// are made in vectors. LLVM would make a branch for each lane of the former, which took four
/// fifths of a translation, and a few instructions for each bit of the latter.
void spread_lanes(llvm::Function& function);

} // namespace acc::model::jit
