// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The machine's registers and operations as functions (the backend makes instructions of the
// calls), and the structures that device code shares with the host: docs/printf.md and
// docs/device-heap.md.
#pragma once

#include "device.h"

extern "C" {
__attribute__((const)) u64 __acc_sr_printf();
__attribute__((const)) u64 __acc_sr_heap();
__attribute__((noreturn)) void __acc_trap(u32 code);
}

/// Ring of host messages, in pinned memory.
struct MessageBuffer {
    u64 write_offset; ///< bytes reserved so far; more than capacity after an overflow
    u64 capacity;     ///< bytes of data
    u64 dropped;      ///< messages that did not fit
    u64 reserved;
    unsigned char data[];
};

struct MessageHeader {
    u32 total_size; ///< written last: 0 = not complete
    u32 kind;       ///< kPrintf, kAssert
    u64 format;     ///< address of the format string
    u32 argument_bytes;
    u32 pad;
};
constexpr u32 kPrintf = 1, kAssert = 2;
/// High word of a string's address that is its place in the message, from the start of the
/// arguments.
constexpr u32 kInMessage = 0xff000000u;

/// Arguments of a kAssert message.
struct AssertArguments {
    u64 message, file, function; ///< addresses of strings
    u32 line;
    u32 block[3], thread[3];
    u32 pad;
};

/// Control block of the device heap. The host sets begin and end and zeroes the rest.
constexpr int kHeapClasses = 40;
struct Heap {
    u64 begin, end;               ///< range that the host has reserved
    u64 used;                     ///< bytes from begin that were ever handed out
    u64 launches;                 ///< address of the launch area (acc/spec/acc_queue.h)
    u64 free_lists[kHeapClasses]; ///< per class: address of the first free block | 16-bit change
                                  ///< counter << 48
};

/// In front of every block. The size of class c is 32 << c bytes, header included.
struct BlockHeader {
    u32 size_class;
    u32 state; ///< kInUse or kFree: finds double frees and wild pointers
    u64 next;  ///< in a free list
};
constexpr u32 kInUse = 0x55534544u, kFree = 0x46524545u;

/// Trap codes of docs/isa/abi.md.
constexpr u32 kTrapAssert = 1, kTrapHeap = 3;
