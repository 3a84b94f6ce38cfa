/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * User-mode queues: a ring of 64-byte packets in the process's GPU address space, a control block, and a doorbell.
 *
 * The producer writes packets at index (write_index % size), header last (release), advances write_index and writes
 * the new write_index to the doorbell. The command processor consumes in order. Unless a packet's BARRIER bit is clear, it starts
 * only when all earlier packets of the queue are complete. Completion: when `signal` is not 0, the 64-bit `value` is
 * stored there (release, system scope), then an interrupt is raised if INTERRUPT is set. A packet that faults
 * halts the queue (control.status = ERROR, control.error_index = its index); nothing after it runs until the queue has been disabled and enabled again.
 */
#ifndef ACC_SPEC_QUEUE_H
#define ACC_SPEC_QUEUE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#define ACC_PACKET_BYTES 64u

/* Packet types (header.type). */
#define ACC_PKT_INVALID 0u
#define ACC_PKT_DISPATCH 1u
#define ACC_PKT_COPY 2u
#define ACC_PKT_COPY_RECT 3u
#define ACC_PKT_FILL 4u
#define ACC_PKT_BARRIER_AND 5u
#define ACC_PKT_BARRIER_OR 6u
#define ACC_PKT_WAIT_VALUE 7u
#define ACC_PKT_WRITE_VALUE 8u
#define ACC_PKT_TIMESTAMP 9u
#define ACC_PKT_CACHE 10u

/* Header flags. */
#define ACC_PKT_F_BARRIER 0x0001u   /* wait for all earlier packets of this queue */
#define ACC_PKT_F_INTERRUPT 0x0002u /* raise an interrupt on completion */
#define ACC_PKT_F_COOPERATIVE 0x0004u /* dispatch: all blocks resident together, bar.grid allowed */

struct acc_packet_header {
    uint16_t type;  /* ACC_PKT_*; written last, 0 = not yet valid */
    uint16_t flags; /* ACC_PKT_F_* */
};

struct acc_packet_dispatch {
    struct acc_packet_header header;
    uint32_t grid[3];          /* blocks: x 1..2^31-1, y and z 1..65535 */
    uint16_t block[3];         /* threads: x, y 1..1024, z 1..64, product 1..1024 */
    uint16_t reserved;         /* 0 */
    uint32_t dynamic_shared;   /* bytes on top of the descriptor's static shared memory */
    uint32_t stack_bytes;      /* extra local memory per thread for ACC_KD_DYNAMIC_STACK kernels */
    uint64_t kernel;           /* address of the acc_kernel_descriptor, 64-byte aligned */
    uint64_t kernarg;          /* address of the parameter buffer, 16-byte aligned */
    uint64_t signal;           /* address of a 64-bit value, 8-byte aligned, or 0 */
    uint64_t value;
};

struct acc_packet_copy { /* linear copy; ranges must not overlap */
    struct acc_packet_header header;
    uint32_t reserved0;
    uint64_t dst, src; /* device addresses */
    uint64_t bytes;
    uint64_t reserved1[2];
    uint64_t signal, value;
};

struct acc_packet_copy_rect { /* height rows of width bytes, depth planes */
    struct acc_packet_header header;
    uint32_t width;           /* bytes */
    uint64_t dst, src;
    uint32_t dst_pitch, src_pitch; /* bytes from row to row */
    uint32_t height, depth;   /* rows, planes (1 for 2D) */
    uint32_t dst_slice, src_slice; /* rows from plane to plane */
    uint64_t signal, value;
};

struct acc_packet_fill { /* repeats an element */
    struct acc_packet_header header;
    uint32_t pattern;   /* low element_bytes bytes are used */
    uint64_t dst;       /* aligned to element_bytes */
    uint64_t width;     /* bytes per row, multiple of element_bytes */
    uint64_t pitch;     /* bytes from row to row (used when height > 1) */
    uint32_t height;    /* rows, >= 1 */
    uint32_t element_bytes; /* 1, 2 or 4 */
    uint64_t reserved;
    uint64_t signal, value;
};

struct acc_packet_barrier { /* AND: waits until all, OR: until one of the given values is >= its threshold (unsigned); unused addresses 0 */
    struct acc_packet_header header;
    uint32_t reserved0;
    uint64_t wait_address[2];
    uint64_t wait_value[2];
    uint64_t reserved1;
    uint64_t signal, value;
};

struct acc_packet_wait_value {
    struct acc_packet_header header;
    uint32_t condition; /* ACC_WAIT_* */
    uint64_t address;   /* 8-byte aligned (4 when size is 4) */
    uint64_t reference, mask; /* (memory & mask) condition reference */
    uint32_t size;      /* 4 or 8 */
    uint32_t reserved0;
    uint64_t reserved1;
    uint64_t signal, value;
};
#define ACC_WAIT_GEQ 0u /* cyclic: (signed)(memory - reference) >= 0 */
#define ACC_WAIT_EQ 1u
#define ACC_WAIT_AND 2u /* memory & reference != 0 */
#define ACC_WAIT_NOR 3u /* ~(memory | reference) != 0 */
#define ACC_WAIT_GEU 4u /* memory >= reference, unsigned */

struct acc_packet_write_value {
    struct acc_packet_header header;
    uint32_t size; /* 4 or 8 */
    uint64_t address, data;
    uint64_t reserved[3];
    uint64_t signal, value;
};

struct acc_packet_timestamp { /* stores the device time in nanoseconds (sr_globaltimer) at `address` */
    struct acc_packet_header header;
    uint32_t reserved0;
    uint64_t address;
    uint64_t reserved[4];
    uint64_t signal, value;
};

struct acc_packet_cache {
    struct acc_packet_header header;
    uint32_t actions; /* ACC_CACHE_* */
    uint64_t address, bytes; /* range for TLB actions; 0, 0 = everything */
    uint64_t reserved[3];
    uint64_t signal, value;
};
#define ACC_CACHE_INVALIDATE_ICACHE 0x1u /* needed after code in memory has changed */
#define ACC_CACHE_INVALIDATE_DATA 0x2u
#define ACC_CACHE_WRITEBACK_DATA 0x4u

/* Queue control block, in memory mapped into the GPU address space and the process; 4096-byte aligned. */
struct acc_queue_control {
    uint64_t write_index; /* producer: packets written so far */
    uint8_t pad0[56];
    uint64_t read_index;  /* device: packets completed in order so far */
    uint8_t pad1[56];
    uint32_t status;      /* ACC_QUEUE_* */
    uint32_t error_cause; /* ACC_FAULT_* of the packet that halted the queue */
    uint64_t error_index; /* its packet index */
    uint8_t pad2[48];
};
#define ACC_QUEUE_IDLE 0u
#define ACC_QUEUE_ACTIVE 1u
#define ACC_QUEUE_ERROR 2u

/* Fault causes. */
#define ACC_FAULT_NONE 0u
#define ACC_FAULT_ILLEGAL_INSTRUCTION 1u /* undefined opcode, reserved bit or modifier, impossible register */
#define ACC_FAULT_UNMAPPED 2u            /* no valid translation */
#define ACC_FAULT_PERMISSION 3u          /* write to read-only, or fetch from a page without execute */
#define ACC_FAULT_MISALIGNED 4u
#define ACC_FAULT_SHARED_RANGE 5u        /* beyond the block's shared memory */
#define ACC_FAULT_LOCAL_RANGE 6u         /* beyond the thread's local memory: stack overflow */
#define ACC_FAULT_TRAP 7u                /* trap instruction; code in info */
#define ACC_FAULT_BREAKPOINT 8u
#define ACC_FAULT_INVALID_PC 9u          /* pc not 16-byte aligned */
#define ACC_FAULT_WARP_OP 10u            /* member mask without the thread itself, or empty */
#define ACC_FAULT_BARRIER 11u            /* bad barrier number or count, or a barrier that can never complete */
#define ACC_FAULT_INVALID_PACKET 12u     /* reserved type, field or bit; info = byte offset of the field */
#define ACC_FAULT_INVALID_KERNEL 13u     /* descriptor unreadable or inconsistent; info = byte offset of the field */
#define ACC_FAULT_INVALID_LAUNCH 14u     /* sizes beyond the device's limits; info = byte offset of the packet field */
#define ACC_FAULT_HANG 15u               /* watchdog: no progress */
#define ACC_FAULT_ECC 16u
#define ACC_FAULT_DEADLOCK 17u           /* no thread of the resident blocks can ever run again; info = 0 or: */
#define ACC_DEADLOCK_WARP_OPS 1u         /* threads that one member mask names wait at different warp operations */

#define ACC_ACCESS_READ 0u
#define ACC_ACCESS_WRITE 1u
#define ACC_ACCESS_EXECUTE 2u
#define ACC_ACCESS_ATOMIC 3u

/* One entry of the fault FIFO, 128 bytes. */
struct acc_fault_record {
    uint32_t cause;      /* ACC_FAULT_* */
    uint32_t access;     /* ACC_ACCESS_*, for memory faults */
    uint32_t vmid, queue; /* address space and hardware queue numbers */
    uint64_t packet_index;
    uint64_t pc;         /* address of the faulting instruction, 0 when none */
    uint64_t address;    /* generic address accessed */
    uint64_t kernel;     /* address of the kernel descriptor, 0 when none */
    uint32_t block[3], thread[3]; /* indices of the first faulting thread */
    uint32_t lane_mask;  /* threads of the warp that faulted together */
    uint32_t access_bytes;
    uint64_t info;       /* trap code, field offset, kind of deadlock */
    uint32_t compute_unit, warp;
    uint8_t reserved[32];
};

#endif
