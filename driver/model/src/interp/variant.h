// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The handlers, compiled for one host instruction set.
#pragma once

#include "driver/model/src/interp/state.h"

namespace acc::model::interp {

struct Variant {
    const char* name;
    Bind bind[4096]; ///< by opcode; null: no executor for this opcode
    /// Runs the gang's running group from Gang::current.
    void (*run)(Gang* g);
    /// Executes the rest of a warp operation whose members stand at different instructions, see
    /// warp_rendezvous.cpp.
    Handler undecoded; ///< decodes its op, then executes it
    Handler next_page; ///< the op behind the last one of a page
    Handler bad_fetch; ///< an op whose pc cannot be fetched: faults with cause op.imm
    Handler illegal;   ///< faults with illegal instruction
    Handler guard;     ///< masks by the guard, then goes to op.guarded
};

const Variant& variant_v2(); ///< x86-64-v2
const Variant& variant_v3(); ///< x86-64-v3: AVX2, FMA
const Variant& variant_v4(); ///< x86-64-v4: AVX-512

/// The best one this host can run; the environment variable ACC_MODEL_SIMD=v2|v3|v4 forces one.
const Variant& host_variant();

} // namespace acc::model::interp
