// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class Function;
}

namespace acc::model::jit {

/// Lanes of pieces of memory: 512 bits of words.
inline constexpr unsigned kPieceLanes = 16;

/// Makes of each vector of a multiple of `lanes` lanes several of so many. LLVM would do so when it
/// selects instructions, but there it takes time that grows with the square of the lanes, and masks
/// of vectors that are too large for the host are packed and unpacked again.
void split_vectors(llvm::Function& function, unsigned lanes);

} // namespace acc::model::jit
