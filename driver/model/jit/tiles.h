// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace llvm {
class Function;
}

namespace acc::model::jit {

/// Loops of one block that only load and compute, and keep more vectors from turn to turn than the
/// host has registers (the tile of a matrix that threads hold), become several one after the other:
/// each with as many of these vectors as fit. What several of them need and takes more than a load
/// is made beforehand, by a loop of its own, and kept in memory.
/// masks: the host has mask registers, and with them 32 vectors of 512 bits.
void divide_loops(llvm::Function& function, bool masks);

} // namespace acc::model::jit
