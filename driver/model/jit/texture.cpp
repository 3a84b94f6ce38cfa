// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture fetches at level 0 from an image that is the same for all threads: a service of their
// own, which needs neither the image's address nor coordinates that the geometry does not have in
// rows of registers.
#include "driver/model/jit/emitter.h"

namespace acc::model::jit {

using isa::Field;
using isa::Opcode;
namespace mods = isa::mods;

bool Emitter::emit_texture(const Inst& inst) {
    if (!inst.op_is(Opcode::TEX) || one_thread_ || inst.reg(Field::rc) != isa::kZeroReg ||
        mods::MGeom.get(inst.mods()) > mods::MGeom_3d)
        return false;
    const Value image = source(inst, Field::ra, 64);
    if (!image.is_uniform()) return false;
    const unsigned at = place(inst);
    if (!dry_) {
        touch(inst);
        const unsigned axes = mods::MGeom.get(inst.mods()) - mods::MGeom_1d + 1;
        for (unsigned i = 0; i < axes; ++i)
            if (const unsigned first = inst.reg(Field::rb); first != isa::kZeroReg) {
                const auto r = static_cast<Reg>(first + i);
                save_value(r, get(r), nullptr);
            }
        IR mask = effective_mask(inst);
        const RegSet live = live_behind(inst);
        uint32_t wanted = 0;
        for (unsigned i = 0; i < 4 && inst.reg(Field::rd) != isa::kZeroReg; ++i)
            wanted |= uint32_t{live[inst.reg(Field::rd) + i]} << i;
        for (unsigned p = 0; p < warps_; ++p)
            call_service(
                offsetof(TranslatedBlock, texture), ir_.getVoidTy(),
                {warp_[p], ir_.getInt32(at), part_bits(mask, p), image.v, ir_.getInt32(wanted)});
    }
    for (Reg r : inst.defs)
        put32(r, vector_value(32, dry_ ? nullptr : load_row(r)));
    return true;
}

} // namespace acc::model::jit
