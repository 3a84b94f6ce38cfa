// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An instruction of the machine as a function of the device: TEXT is its mnemonic and modifiers in
// the ISA table's words (compiler/frontend/README.md, "Machine operations"). Device pass only.
#pragma once

#define __ACC_MACHINE_OP(RETURN, NAME, PARAMETERS, TEXT)                                           \
    __device__ __attribute__((const)) RETURN NAME PARAMETERS __asm__("__acc_op." TEXT)
