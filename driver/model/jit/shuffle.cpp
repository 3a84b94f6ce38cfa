// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Warp operations whose members are all threads of a whole warp. Others are the interpreter's.
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

bool Emitter::emit_shuffle(const Inst&) {
    return false;
}

} // namespace acc::model::jit
