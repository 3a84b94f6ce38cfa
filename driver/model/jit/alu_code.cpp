// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interpreter's functions of opcodes as LLVM bitcode (driver/model/src/interp/simd/lift.h).
#include "driver/model/jit/alu.h"

#define ACC_EMBED(symbol, file)                                                                    \
    asm(".section .rodata\n"                                                                       \
        ".balign 16\n"                                                                             \
        ".hidden " symbol "\n"                                                                     \
        ".globl " symbol "\n" symbol ":\n"                                                         \
        ".incbin \"" file "\"\n"                                                                   \
        ".hidden " symbol "_end\n"                                                                 \
        ".globl " symbol "_end\n" symbol "_end:\n"                                                 \
        ".previous\n")
ACC_EMBED("acc_alu_v3", ACC_ALU_V3);
ACC_EMBED("acc_alu_v4", ACC_ALU_V4);

extern "C" const char acc_alu_v3[], acc_alu_v3_end[], acc_alu_v4[], acc_alu_v4_end[];

namespace acc::model::jit {

std::string_view alu_code(bool masks) {
    return masks ? std::string_view(acc_alu_v4, static_cast<size_t>(acc_alu_v4_end - acc_alu_v4))
                 : std::string_view(acc_alu_v3, static_cast<size_t>(acc_alu_v3_end - acc_alu_v3));
}

} // namespace acc::model::jit
