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
    /// Runs the lanes in Gang::mask from `op` to an op whose handler is `stop`.
    void (*run_one)(Gang* g, const Op* op);
    /// A texture fetch at level 0 by all lanes of the gang's first warp from the image whose record
    /// is at the address. False: this needs run_one, and nothing has been done. wanted: registers
    /// of the result that must be written, as bits.
    bool (*fetch)(const Gang* g, const Op* op, uint64_t image, uint32_t wanted);
    // Ops that are no instructions, or not yet.
    Handler undecoded; ///< decodes its op, then executes it
    Handler next_page; ///< the op behind the last one of a page
    Handler bad_fetch; ///< an op whose pc cannot be fetched: faults with cause op.imm
    Handler illegal;   ///< faults with illegal instruction
    Handler stop;      ///< ends the run; the running group stays
    Handler guard;     ///< masks by the guard, then goes to op.guarded
};

// Each is made by code of its own host instruction set: calling it where the host lacks that is an
// illegal instruction. choose_variant asks first.
const Variant& variant_v2(); ///< x86-64-v2
const Variant& variant_v3(); ///< x86-64-v3: AVX2, FMA
const Variant& variant_v4(); ///< x86-64-v4: AVX-512

/// Whether there is a variant of that name ("v2", "v3", "v4") and this host has its instructions.
bool host_can_run(const char* name);
/// The variant named; without a name (null) the one that the environment variable ACC_MODEL_SIMD
/// names; without that the best this host can run. Throws std::system_error when the name is wrong
/// or the host cannot run it.
const Variant& choose_variant(const char* name);

} // namespace acc::model::interp
