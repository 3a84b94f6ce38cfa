/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * The ACC code object: an ELF64 little-endian file of type ET_DYN with e_machine ACC_ELF_MACHINE.
 *
 * A loader reserves one contiguous range of device addresses for all PT_LOAD segments (the "image"; addresses in the
 * file are offsets from its start, p_vaddr, 4096-aligned segments), copies the segments there, zero-fills p_memsz - p_filesz, and applies
 * the relocations of .rela.dyn. Segments: text R+X, read-only data R (holds .acc.kernels and .rodata), data R+W (.data, .constant, .bss).
 * Sections the tools read: .dynsym/.dynstr (global functions, kernels and variables), .acc.kernels (array of
 * acc_kernel_descriptor, allocated, read by the command processor), .acc.params (array of acc_kernel_param, not allocated),
 * .note.gnu.build-id, .debug_* (DWARF 5, not allocated).
 *
 * Plain C, no other headers but stdint, so that the kernel module, firmware and tools can include it.
 */
#ifndef ACC_SPEC_CODE_OBJECT_H
#define ACC_SPEC_CODE_OBJECT_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define ACC_ELF_MACHINE 0xACC1u /* in the unassigned range; nobody else's */
#define ACC_ELF_OSABI 0x40u
#define ACC_ELF_ABIVERSION 1u

/* e_flags: the instruction set the code is for, and features it needs. */
#define ACC_EF_ARCH_MASK 0xffu
#define ACC_EF_ARCH_ACC1 0x01u
#define ACC_EF_SM_MASK 0xffff00u /* bits 23:8: the -arch number it was compiled for (__CUDA_ARCH__ / 10), 0 = unknown */
#define ACC_EF_SM_SHIFT 8u

/* The compute capability that the device reports, 10 * major + minor: of several architectures in a program the newest up to it is compiled. */
#define ACC_COMPUTE_CAPABILITY 80u

/* Relocations of .rela.dyn (also used in relocatable files between compiler and linker step). */
#define R_ACC_NONE 0u
#define R_ACC_ABS64 1u  /* 8 bytes at P = S + A (data, or bits 127:64 of a movi.b64) */
#define R_ACC_ABS32 2u  /* 4 bytes at P = S + A, must fit unsigned (shared and local offsets; immediates) */
#define R_ACC_REL32 3u  /* 4 bytes at P = S + A - P, P = address of the field; must fit signed */
#define R_ACC_PC32 4u   /* imm field of a branch, call or lea.pc: S + A - (instruction + 16); P = address of the imm field (instruction + 8) */
#define R_ACC_RELATIVE64 5u /* 8 bytes at P = image base + A (only in .rela.dyn) */
#define R_ACC_ABS64_LO 6u /* 4 bytes at P = low word of S + A */
#define R_ACC_ABS64_HI 7u /* 4 bytes at P = high word of S + A */
#define R_ACC_REL64 8u  /* 8 bytes at P = S + A - P (the entry field of a kernel descriptor) */

/* st_other bits of symbols in .dynsym. */
#define ACC_STO_KERNEL 0x10u   /* function symbol that has a descriptor of the same name */
#define ACC_STO_CONSTANT 0x20u /* __constant__ variable */
#define ACC_STO_MANAGED 0x40u  /* __managed__ variable: a pointer slot the runtime fills */

#define ACC_KERNEL_DESCRIPTOR_MAGIC 0x44434341u /* "ACCD" */

/* Kernel descriptor, 64 bytes, 64-byte aligned. The command processor reads it through the queue's address space. */
struct acc_kernel_descriptor {
    uint32_t magic;        /* ACC_KERNEL_DESCRIPTOR_MAGIC */
    uint16_t version;      /* 1 */
    uint16_t flags;        /* ACC_KD_* */
    int64_t entry;         /* entry point minus address of this descriptor, multiple of 16 */
    uint32_t name;         /* offset of the kernel's symbol name in .dynstr (tools only) */
    uint16_t num_regs;     /* registers used: 1 + highest register number, 0..255 */
    uint16_t num_barriers; /* named barriers used: 1 + highest number, 0..16 */
    uint32_t shared_bytes; /* static shared memory */
    uint32_t local_bytes;  /* local memory per thread the kernel and its known callees need; excludes dynamic stack */
    uint32_t kernarg_bytes; /* size of the parameter buffer */
    uint32_t max_threads;  /* largest block it may be launched with (launch bounds), 0 = 1024 */
    uint32_t reqd_block[3]; /* required block size, 0 = any */
    uint32_t min_blocks;   /* blocks per compute unit it was compiled for, 0 = unknown */
    uint32_t param_index;  /* first entry in .acc.params */
    uint32_t param_count;  /* entries in .acc.params */
};
#define ACC_KD_DYNAMIC_STACK 0x0001u /* recursion or indirect calls: needs the configured stack size on top of local_bytes */
#define ACC_KD_USES_GRID_BARRIER 0x0002u
#define ACC_KD_USES_HOSTCALL 0x0004u /* printf and friends */
#define ACC_KD_USES_HEAP 0x0008u     /* device malloc */

/* One parameter of a kernel: its place in the kernarg buffer. */
struct acc_kernel_param {
    uint32_t offset; /* bytes from the start of the buffer, aligned to align */
    uint32_t size;   /* bytes */
    uint32_t align;  /* bytes, power of two */
    uint32_t kind;   /* ACC_PARAM_* */
};
#define ACC_PARAM_VALUE 0u
#define ACC_PARAM_POINTER 1u /* a device pointer: sanitizers and reports look at it */

/* ---- fat binary: what the host object embeds (section .nv_fatbin), and what module-load calls accept ---------------- */
#define ACC_FATBIN_MAGIC 0x4e49424641434341ull /* "ACCAFBIN" in memory */
#define ACC_FATBIN_VERSION 1u

struct acc_fatbin_header {
    uint64_t magic;      /* ACC_FATBIN_MAGIC */
    uint32_t version;    /* ACC_FATBIN_VERSION */
    uint32_t count;      /* number of entries that follow */
    uint64_t total_size; /* bytes of the whole container, header included */
    uint8_t build_id[16]; /* hash over all entries */
};
struct acc_fatbin_entry {
    uint32_t kind;     /* ACC_FATBIN_* */
    uint32_t arch;     /* ACC_EF_ARCH_* for code objects; the -arch number (e.g. 80) for IR and PTX */
    uint64_t offset;   /* bytes from the header's start, 64-byte aligned */
    uint64_t size;     /* bytes */
    uint64_t reserved; /* 0 */
};
#define ACC_FATBIN_CODE_OBJECT 1u
#define ACC_FATBIN_IR 2u  /* LLVM bitcode, for whole-program linking of relocatable device code */
#define ACC_FATBIN_PTX 3u

/* The wrapper that the host compiler emits around the container (facts of the CUDA host ABI). */
#define ACC_FATBIN_WRAPPER_MAGIC 0x466243b1u

#endif
