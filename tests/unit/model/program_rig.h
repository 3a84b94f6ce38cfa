// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A chip with its interpreter, and a queue that launches assembled programs.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "compiler/isa/assemble.h"
#include "tests/unit/model/rig.h"

namespace acc::model::test {

inline constexpr uint64_t kCode = 0x100000, kData = 0x200000, kArgs = 0x8000;

class EndToEndTest : public testing::TestWithParam<unsigned> {
  protected:
    EndToEndTest() : EndToEndTest(Rig::list_of(make_interpreter())) {}
    explicit EndToEndTest(std::vector<std::unique_ptr<Executor>> executors)
        : rig(GetParam(), std::move(executors)) {}

    Rig rig;
    UserQueue queue{rig, 2};
    acc_fault_record record{};
    uint64_t instructions = 0;

    /// Puts the program into VRAM; its descriptor is the one at the start of VRAM.
    void load(const std::string& text) {
        isa::Assembly program = isa::assemble(text, kVramVa + kCode);
        for (auto& error : program.errors)
            ADD_FAILURE() << error.text();
        instructions = program.words.size();
        std::memcpy(rig.vram<uint8_t>(kCode), program.words.data(), instructions * 16);
        auto* k = rig.vram<acc_kernel_descriptor>(0);
        k->entry = kCode;
        k->num_regs = 32;
        k->kernarg_bytes = 64;
        Packet p = make_packet(ACC_PKT_CACHE);
        p.cache.actions = ACC_CACHE_INVALIDATE_ICACHE;
        ASSERT_TRUE(completes(p));
    }
    void argument(unsigned i, uint64_t value) { rig.vram<uint64_t>(kArgs)[i] = value; }
    Packet kernel(uint32_t grid, uint16_t block, uint16_t flags = 0) {
        return dispatch(kVramVa + kArgs, grid, block, ACC_PKT_F_BARRIER | flags);
    }
    /// Runs to completion, or says what the device found wrong.
    testing::AssertionResult completes(const Packet& p) {
        if (queue.run(p)) return testing::AssertionSuccess();
        rig.chip->fault_pop(record);
        return testing::AssertionFailure()
               << "cause " << record.cause << " info " << record.info << " pc "
               << reinterpret_cast<void*>(record.pc) << " address "
               << reinterpret_cast<void*>(record.address);
    }
    uint32_t* out() { return rig.vram<uint32_t>(kData); }

    void SetUp() override {
        argument(0, kVramVa + kData);
        argument(1, 0);
    }
};

/// r10 = global thread number, r6:r7 = first argument.
inline const std::string kPrologue = R"(
        mov.sr64 r2, sr_kernarg
        ld.const.b64 r6, [r2]
        mov.sr r8, sr_ctaid_x
        mov.sr r9, sr_ntid_x
        mov.sr r10, sr_tid_x
        imad.b32 r10, r8, r9, r10
)";

} // namespace acc::model::test
