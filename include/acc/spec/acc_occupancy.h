/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * Occupancy: how many blocks of a kernel one compute unit holds at a time. The chip's scheduler,
 * the launch checks and the occupancy functions of the runtime share this one answer. Limits:
 * acc_mmu.h.
 */
#ifndef ACC_SPEC_OCCUPANCY_H
#define ACC_SPEC_OCCUPANCY_H

#include "acc_mmu.h"

/* Registers are allocated to a thread in multiples of this. */
#define ACC_REG_GRANULARITY 8u
/* Shared memory is allocated to a block in multiples of this, bytes. */
#define ACC_SHARED_GRANULARITY 128u

/* Registers (32-bit) that a block occupies: threads are allocated as whole warps. num_regs: 0..255,
 * threads: 1..1024. */
static inline uint32_t acc_block_registers(uint32_t num_regs, uint32_t threads) {
    uint32_t warps = (threads + ACC_WARP_SIZE - 1) / ACC_WARP_SIZE;
    uint32_t per_thread = (num_regs + ACC_REG_GRANULARITY - 1) & ~(ACC_REG_GRANULARITY - 1);

    return warps * ACC_WARP_SIZE * per_thread;
}

/*
 * Blocks of `threads` threads, each thread with num_regs registers, each block with shared_bytes of
 * shared memory (static and dynamic), that are resident on one compute unit together. 0: not even
 * one fits.
 */
static inline uint32_t acc_blocks_per_cu(uint32_t num_regs, uint32_t threads,
                                         uint32_t shared_bytes) {
    uint32_t warps = (threads + ACC_WARP_SIZE - 1) / ACC_WARP_SIZE;
    uint32_t registers = acc_block_registers(num_regs, threads);
    uint32_t blocks = ACC_MAX_BLOCKS_PER_CU;

    if (threads == 0 || threads > ACC_MAX_THREADS_PER_BLOCK ||
        shared_bytes > ACC_SHARED_PER_BLOCK_OPTIN)
        return 0;
    if (ACC_MAX_THREADS_PER_CU / (warps * ACC_WARP_SIZE) < blocks)
        blocks = ACC_MAX_THREADS_PER_CU / (warps * ACC_WARP_SIZE);
    if (registers != 0 && ACC_REGS_PER_CU / registers < blocks)
        blocks = ACC_REGS_PER_CU / registers;
    if (shared_bytes != 0) {
        uint32_t rounded = (shared_bytes + ACC_SHARED_GRANULARITY - 1) &
                           ~(ACC_SHARED_GRANULARITY - 1);

        if (ACC_SHARED_PER_CU / rounded < blocks) blocks = ACC_SHARED_PER_CU / rounded;
    }
    return blocks;
}

#endif
