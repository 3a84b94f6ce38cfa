// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/keep.h"

#if defined(__x86_64__)

// Of the caller, all registers but rax are kept: rax has the function to call, and its result.
#define ACC_KEEP_BEGIN(name)                                                                       \
    ".text\n"                                                                                      \
    ".hidden " name "\n.globl " name "\n.type " name ",@function\n" name ":\n"                     \
    "pushq %rbp\n movq %rsp, %rbp\n"                                                               \
    "pushq %rcx\n pushq %rdx\n pushq %rsi\n pushq %rdi\n"                                          \
    "pushq %r8\n pushq %r9\n pushq %r10\n pushq %r11\n"
#define ACC_KEEP_END(name)                                                                         \
    "leaq -64(%rbp), %rsp\n"                                                                       \
    "popq %r11\n popq %r10\n popq %r9\n popq %r8\n"                                                \
    "popq %rdi\n popq %rsi\n popq %rdx\n popq %rcx\n"                                              \
    "popq %rbp\n retq\n"                                                                           \
    ".size " name ", .-" name "\n"

// AVX-512: 32 vectors of 64 bytes, then 8 masks.
asm(ACC_KEEP_BEGIN("acc_jit_keep_512") R"(
    subq $2112, %rsp
    andq $-64, %rsp
    .altmacro
    .macro acc_keep_zmm i
    vmovdqa64 %zmm\i, 64*\i(%rsp)
    .endm
    .macro acc_keep_k i
    kmovq %k\i, 2048+8*\i(%rsp)
    .endm
    .set i, 0
    .rept 32
    acc_keep_zmm %i
    .set i, i+1
    .endr
    .set i, 0
    .rept 8
    acc_keep_k %i
    .set i, i+1
    .endr
    vzeroupper
    callq *%rax
    .macro acc_back_zmm i
    vmovdqa64 64*\i(%rsp), %zmm\i
    .endm
    .macro acc_back_k i
    kmovq 2048+8*\i(%rsp), %k\i
    .endm
    .set i, 0
    .rept 32
    acc_back_zmm %i
    .set i, i+1
    .endr
    .set i, 0
    .rept 8
    acc_back_k %i
    .set i, i+1
    .endr
    .noaltmacro
)" ACC_KEEP_END("acc_jit_keep_512"));

asm(ACC_KEEP_BEGIN("acc_jit_keep_256") R"(
    subq $512, %rsp
    andq $-64, %rsp
    .altmacro
    .macro acc_keep_ymm i
    vmovdqa %ymm\i, 32*\i(%rsp)
    .endm
    .set i, 0
    .rept 16
    acc_keep_ymm %i
    .set i, i+1
    .endr
    vzeroupper
    callq *%rax
    .macro acc_back_ymm i
    vmovdqa 32*\i(%rsp), %ymm\i
    .endm
    .set i, 0
    .rept 16
    acc_back_ymm %i
    .set i, i+1
    .endr
    .noaltmacro
)" ACC_KEEP_END("acc_jit_keep_256"));

asm(ACC_KEEP_BEGIN("acc_jit_keep_128") R"(
    subq $256, %rsp
    andq $-64, %rsp
    .altmacro
    .macro acc_keep_xmm i
    movdqa %xmm\i, 16*\i(%rsp)
    .endm
    .set i, 0
    .rept 16
    acc_keep_xmm %i
    .set i, i+1
    .endr
    callq *%rax
    .macro acc_back_xmm i
    movdqa 16*\i(%rsp), %xmm\i
    .endm
    .set i, 0
    .rept 16
    acc_back_xmm %i
    .set i, i+1
    .endr
    .noaltmacro
)" ACC_KEEP_END("acc_jit_keep_128"));

extern "C" void acc_jit_keep_512();
extern "C" void acc_jit_keep_256();
extern "C" void acc_jit_keep_128();

namespace acc::model::jit {

void (*register_keeper(llvm::StringRef features))() {
    if (features.contains("+avx512f")) // masks of 64 bits are AVX-512BW's
        return features.contains("+avx512bw") ? acc_jit_keep_512 : nullptr;
    return features.contains("+avx,") ? acc_jit_keep_256 : acc_jit_keep_128;
}

} // namespace acc::model::jit

#else

namespace acc::model::jit {
void (*register_keeper(llvm::StringRef))() {
    return nullptr;
}
} // namespace acc::model::jit

#endif
