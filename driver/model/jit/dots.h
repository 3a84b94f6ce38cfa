// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class Function;
}

namespace acc::model::jit {

/// Sums of dot products of bytes, each of which takes something off for bytes that have a sign: the
/// sum of what is taken off is made apart, where many sums share it. And what is the same for all
/// lanes is loaded into all before it is changed, which hosts do faster than the other way round.
void gather_corrections(llvm::Function& function);

} // namespace acc::model::jit
