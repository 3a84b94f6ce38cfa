// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class Function;
}

namespace acc::model::jit {

/// Lanes of the vectors that split_vectors leaves: 512 bits of words.
inline constexpr unsigned kPieceLanes = 16;

/// Makes of each vector of a multiple of kPieceLanes lanes several of so many. LLVM would do so
/// when it selects instructions, but there it takes time that grows with the square of the lanes.
void split_vectors(llvm::Function& function);

} // namespace acc::model::jit
