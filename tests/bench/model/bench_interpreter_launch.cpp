// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Launch and wait with the interpreter as executor: an empty kernel, and one that stores a value
// per thread.
#include <cstdio>
#include <cstring>
#include <string>

#include "compiler/isa/assemble.h"
#include "tests/bench/model/measure.h"
#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

/// Assembles a kernel behind its descriptor at VRAM offset `at`; returns the descriptor's address.
uint64_t load(Rig& rig, uint64_t at, const char* text) {
    isa::Assembly program = isa::assemble(text, kVramVa + at + 64);
    for (auto& error : program.errors)
        std::printf("%s\n", error.text().c_str());
    std::memcpy(rig.vram<uint8_t>(at + 64), program.words.data(), program.words.size() * 16);
    auto* k = rig.vram<acc_kernel_descriptor>(at);
    *k = *rig.vram<acc_kernel_descriptor>(0);
    k->entry = 64;
    k->num_regs = 16;
    return kVramVa + at;
}

int run() {
    Rig rig(0, make_interpreter());
    UserQueue queue{rig, 0};
    uint64_t empty = load(rig, 0x100000, "exit\n");
    uint64_t store = load(rig, 0x101000, R"(
        mov.sr64 r2, sr_kernarg
        ld.const.b64 r6, [r2]
        mov.sr r8, sr_ctaid_x
        mov.sr r9, sr_ntid_x
        mov.sr r10, sr_tid_x
        imad.b32 r10, r8, r9, r10
        st.global.b32 [r6 + r10<<2], r10
        exit
)");
    *rig.vram<uint64_t>(0x8000) = kVramVa + 0x200000;
    auto packet = [&](uint64_t kernel, uint32_t grid, uint16_t block) {
        Packet p = dispatch(kVramVa + 0x8000, grid, block);
        p.dispatch.kernel = kernel;
        return p;
    };
    std::printf("%u compute units\n", rig.chip->compute_units());
    measure("launch + wait, exit, 1 x 1", 20000, [&] { queue.run(packet(empty, 1, 1)); });
    measure("launch + wait, exit, 1 x 256", 20000, [&] { queue.run(packet(empty, 1, 256)); });
    measure("launch + wait, exit, 8 x 256", 20000, [&] { queue.run(packet(empty, 8, 256)); });
    measure("launch + wait, store, 1 x 32", 20000, [&] { queue.run(packet(store, 1, 32)); });
    measure("launch + wait, store, 8 x 256", 10000, [&] { queue.run(packet(store, 8, 256)); });
    measure("launch + wait, store, 1024 x 256", 500, [&] { queue.run(packet(store, 1024, 256)); });
    return 0;
}

} // namespace
} // namespace acc::model::test

int main() {
    return acc::model::test::run();
}
