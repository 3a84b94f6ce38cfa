/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * GPU page tables: 48-bit virtual addresses, four levels of 512 eight-byte entries, 4 KiB pages, tables in VRAM.
 * Level 3 (root) is indexed by va[47:39], 2 by va[38:30], 1 by va[29:21], 0 by va[20:12]. A level-1 entry with LARGE
 * set maps 2 MiB. Translations may be cached, the invalid ones too: after any change software invalidates the range
 * (register VM_COMMAND, or the driver's call) before it relies on it.
 */
#ifndef ACC_SPEC_MMU_H
#define ACC_SPEC_MMU_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define ACC_VA_BITS 48
#define ACC_PAGE_SHIFT 12
#define ACC_PAGE_BYTES 4096u
#define ACC_LARGE_PAGE_SHIFT 21
#define ACC_LARGE_PAGE_BYTES (1u << 21)
#define ACC_PT_LEVELS 4
#define ACC_PT_ENTRIES 512

#define ACC_PTE_VALID 0x001ull
#define ACC_PTE_WRITE 0x002ull
#define ACC_PTE_EXEC 0x004ull
#define ACC_PTE_SYSTEM 0x008ull /* bus address in system memory; otherwise an offset in VRAM */
#define ACC_PTE_LARGE 0x010ull  /* level 1 only: maps 2 MiB */
#define ACC_PTE_POISON 0x020ull /* accesses fault with ACC_FAULT_ECC */
#define ACC_PTE_ADDR_MASK 0x000ffffffffff000ull
#define ACC_PTE_RESERVED_MASK 0xfff0000000000fc0ull /* must be zero */

/* Generic address tags (bits 63:56) and apertures. */
#define ACC_AS_TAG_SHIFT 56
#define ACC_AS_TAG_GLOBAL 0x00u
#define ACC_AS_TAG_SHARED 0x01u
#define ACC_AS_TAG_LOCAL 0x02u
#define ACC_SHARED_APERTURE 0x0100000000000000ull
#define ACC_LOCAL_APERTURE 0x0200000000000000ull

/* Architectural limits of ACC1 (device properties report them). */
#define ACC_WARP_SIZE 32
#define ACC_MAX_THREADS_PER_BLOCK 1024
#define ACC_MAX_BLOCK_X 1024
#define ACC_MAX_BLOCK_Y 1024
#define ACC_MAX_BLOCK_Z 64
#define ACC_MAX_GRID_X 0x7fffffffu
#define ACC_MAX_GRID_Y 65535u
#define ACC_MAX_GRID_Z 65535u
#define ACC_MAX_THREADS_PER_CU 2048
#define ACC_MAX_BLOCKS_PER_CU 32
#define ACC_REGS_PER_CU 65536
#define ACC_SHARED_PER_CU (228 * 1024)
#define ACC_SHARED_PER_BLOCK 49152      /* without opting in */
#define ACC_SHARED_PER_BLOCK_OPTIN (227 * 1024)
#define ACC_MAX_LOCAL_PER_THREAD (512 * 1024)
#define ACC_NUM_BARRIERS 16

#endif
