// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Queues: packets, the control block, faults. Generated from it: acc_queue.h (`generate.py queue`), what packet_check.h
// checks (`packet_table`), the corpus of bad packets for tests (`packet_corpus`), docs/host-interface/queues.md.
include "Schema.td"

def : Header<"ACC_SPEC_QUEUE_H", "Queues, packets and faults">;

def : Note<[{
User-mode queues: a ring of 64-byte packets in the process's GPU address space, a control block, and a doorbell.

The producer writes packets at index (write_index % size), header last (release), advances write_index and writes
the new write_index to the doorbell. The command processor consumes in order. Unless a packet's BARRIER bit is
clear, it starts only when all earlier packets of the queue are complete. Completion: when `signal` is not 0, the
64-bit `value` is stored there (release, system scope), then an interrupt is raised if INTERRUPT is set. A packet
that faults halts the queue (control.status = ERROR, control.error_index = its index); nothing after it runs until
the queue has been disabled and enabled again.
}]>;
def : Constant<"ACC_PACKET_BYTES", "64u">;

def : Note<"Header flags.">;
def PacketFlag : FlagSet<"ACC_PKT_F_", 4, "u">;
def PacketFlagBarrier : Flag<PacketFlag, "BARRIER", 0, "wait for all earlier packets of this queue">;
def PacketFlagInterrupt : Flag<PacketFlag, "INTERRUPT", 1, "raise an interrupt on completion">;
def PacketFlagCooperative : Flag<PacketFlag, "COOPERATIVE", 2, "dispatch: all blocks resident together, bar.grid allowed">;
defvar EveryPacket = [PacketFlagBarrier, PacketFlagInterrupt];

def : Note<"Packet types (header.type).">;
def : Constant<"ACC_PKT_INVALID", "0u", "not yet written">;
def : PacketType<"DISPATCH", 1, "acc_packet_dispatch", !listconcat(EveryPacket, [PacketFlagCooperative])>;
def : PacketType<"COPY", 2, "acc_packet_copy", EveryPacket>;
def : PacketType<"COPY_RECT", 3, "acc_packet_copy_rect", EveryPacket>;
def : PacketType<"FILL", 4, "acc_packet_fill", EveryPacket>;
def : PacketType<"BARRIER_AND", 5, "acc_packet_barrier", EveryPacket, "waits until all values have reached their thresholds">;
def : PacketType<"BARRIER_OR", 6, "acc_packet_barrier", EveryPacket, "waits until one of the values has">;
def : PacketType<"WAIT_VALUE", 7, "acc_packet_wait_value", EveryPacket>;
def : PacketType<"WRITE_VALUE", 8, "acc_packet_write_value", EveryPacket>;
def : PacketType<"TIMESTAMP", 9, "acc_packet_timestamp", EveryPacket>;
def : PacketType<"CACHE", 10, "acc_packet_cache", EveryPacket>;

def PacketHeader : Struct<"acc_packet_header", 4>;
def : Member<PacketHeader, "u16", "type", 0, "ACC_PKT_*; written last, 0 = not yet valid">;
def : Member<PacketHeader, "u16", "flags", 2, "ACC_PKT_F_*">;

def Dispatch : Struct<"acc_packet_dispatch", 64>;
defm : Frame<Dispatch>;
def : Member<Dispatch, "u32", "grid", 4, "blocks: x 1..2^31-1, y and z 1..65535", 3>;
def : Member<Dispatch, "u16", "block", 16, "threads: x, y 1..1024, z 1..64, product 1..1024", 3>;
def : Member<Dispatch, "u16", "cluster", 22, "0: as the kernel's descriptor says; else ACC_CLUSTER_GIVEN and the cluster size in blocks, less one, in 4 bits each: x 3:0, y 7:4, z 11:8. At most 16 blocks; divides the grid; the descriptor's, when that has one">;
def : Member<Dispatch, "u32", "dynamic_shared", 24, "bytes on top of the descriptor's static shared memory">;
def : Member<Dispatch, "u32", "stack_bytes", 28, "extra local memory per thread for ACC_KD_DYNAMIC_STACK kernels">;
def : Member<Dispatch, "u64", "kernel", 32, "address of the acc_kernel_descriptor"> { let Align = 64; }
def : Member<Dispatch, "u64", "kernarg", 40, "address of the parameter buffer"> { let Align = 16; }

def : Constant<"ACC_CLUSTER_GIVEN", "0x8000u", "dispatch: cluster; bits 14:12 are 0">;

def Copy : Struct<"acc_packet_copy", 64, "linear copy; ranges must not overlap">;
defm : Frame<Copy>;
def : Member<Copy, "u32", "reserved0", 4> { let Reserved = 1; }
def : Member<Copy, "u64", "dst", 8, "device address">;
def : Member<Copy, "u64", "src", 16, "device address">;
def : Member<Copy, "u64", "bytes", 24>;
def : Member<Copy, "u64", "reserved1", 32, "", 2> { let Reserved = 1; }

def CopyRect : Struct<"acc_packet_copy_rect", 64, "height rows of width bytes, depth planes">;
defm : Frame<CopyRect>;
def : Member<CopyRect, "u32", "width", 4, "bytes">;
def : Member<CopyRect, "u64", "dst", 8>;
def : Member<CopyRect, "u64", "src", 16>;
def : Member<CopyRect, "u32", "dst_pitch", 24, "bytes from row to row">;
def : Member<CopyRect, "u32", "src_pitch", 28, "bytes from row to row">;
def : Member<CopyRect, "u32", "height", 32, "rows">;
def : Member<CopyRect, "u32", "depth", 36, "planes (1 for 2D)">;
def : Member<CopyRect, "u32", "dst_slice", 40, "rows from plane to plane">;
def : Member<CopyRect, "u32", "src_slice", 44, "rows from plane to plane">;

def Fill : Struct<"acc_packet_fill", 64, "repeats an element">;
defm : Frame<Fill>;
def : Member<Fill, "u32", "pattern", 4, "low element_bytes bytes are used">;
def : Member<Fill, "u64", "dst", 8> { let AlignTo = "element_bytes"; }
def : Member<Fill, "u64", "width", 16, "bytes per row"> { let AlignTo = "element_bytes"; }
def : Member<Fill, "u64", "pitch", 24, "bytes from row to row"> { let AlignTo = "element_bytes"; let When = "height"; let WhenMin = 2; }
def : Member<Fill, "u32", "height", 32, "rows"> { let Min = 1; }
def : Member<Fill, "u32", "element_bytes", 36> { let OneOf = [1, 2, 4]; }
def : Member<Fill, "u64", "reserved", 40> { let Reserved = 1; }

def Barrier : Struct<"acc_packet_barrier", 64, "values are compared unsigned: reached means >= the threshold">;
defm : Frame<Barrier>;
def : Member<Barrier, "u32", "reserved0", 4> { let Reserved = 1; }
def : Member<Barrier, "u64", "wait_address", 8, "unused: 0", 2> { let Align = 8; }
def : Member<Barrier, "u64", "wait_value", 24, "thresholds", 2>;
def : Member<Barrier, "u64", "reserved1", 40> { let Reserved = 1; }

def WaitCondition : Enumeration<"ACC_WAIT_">;
def : Value<WaitCondition, "GEQ", 0, "cyclic: (signed)(memory - reference) >= 0">;
def : Value<WaitCondition, "EQ", 1>;
def : Value<WaitCondition, "AND", 2, "memory & reference != 0">;
def : Value<WaitCondition, "NOR", 3, "~(memory | reference) != 0">;
def : Value<WaitCondition, "GEU", 4, "memory >= reference, unsigned">;
def WaitValue : Struct<"acc_packet_wait_value", 64>;
defm : Frame<WaitValue>;
def : Member<WaitValue, "u32", "condition", 4> { let In = WaitCondition; }
def : Member<WaitValue, "u64", "address", 8> { let AlignTo = "size"; }
def : Member<WaitValue, "u64", "reference", 16, "(memory & mask) condition reference">;
def : Member<WaitValue, "u64", "mask", 24, "(memory & mask) condition reference">;
def : Member<WaitValue, "u32", "size", 32, "bytes of the value"> { let OneOf = [4, 8]; }
def : Member<WaitValue, "u32", "reserved0", 36> { let Reserved = 1; }
def : Member<WaitValue, "u64", "reserved1", 40> { let Reserved = 1; }

def WriteValue : Struct<"acc_packet_write_value", 64>;
defm : Frame<WriteValue>;
def : Member<WriteValue, "u32", "size", 4, "bytes of the value"> { let OneOf = [4, 8]; }
def : Member<WriteValue, "u64", "address", 8> { let AlignTo = "size"; }
def : Member<WriteValue, "u64", "data", 16>;
def : Member<WriteValue, "u64", "reserved", 24, "", 3> { let Reserved = 1; }

def Timestamp : Struct<"acc_packet_timestamp", 64, "stores the device time in nanoseconds (sr_globaltimer) at `address`">;
defm : Frame<Timestamp>;
def : Member<Timestamp, "u32", "reserved0", 4> { let Reserved = 1; }
def : Member<Timestamp, "u64", "address", 8> { let Align = 8; }
def : Member<Timestamp, "u64", "reserved", 16, "", 4> { let Reserved = 1; }

def CacheAction : FlagSet<"ACC_CACHE_", 1, "u">;
def : Flag<CacheAction, "INVALIDATE_ICACHE", 0, "needed after code in memory has changed">;
def : Flag<CacheAction, "INVALIDATE_DATA", 1>;
def : Flag<CacheAction, "WRITEBACK_DATA", 2>;

def Cache : Struct<"acc_packet_cache", 64>;
defm : Frame<Cache>;
def : Member<Cache, "u32", "actions", 4> { let Known = CacheAction; }
def : Member<Cache, "u64", "address", 8, "range for TLB actions; 0, 0 = everything">;
def : Member<Cache, "u64", "bytes", 16, "range for TLB actions; 0, 0 = everything">;
def : Member<Cache, "u64", "reserved", 24, "", 3> { let Reserved = 1; }

def : Note<"Queue control block, in memory mapped into the GPU address space and the process; 4096-byte aligned.">;
def QueueControl : Struct<"acc_queue_control", 192>;
def : Member<QueueControl, "u64", "write_index", 0, "producer: packets written so far">;
def : Member<QueueControl, "u8", "pad0", 8, "", 56>;
def : Member<QueueControl, "u64", "read_index", 64, "device: packets completed in order so far">;
def : Member<QueueControl, "u8", "pad1", 72, "", 56>;
def : Member<QueueControl, "u32", "status", 128, "ACC_QUEUE_*">;
def : Member<QueueControl, "u32", "error_cause", 132, "ACC_FAULT_* of the packet that halted the queue">;
def : Member<QueueControl, "u64", "error_index", 136, "its packet index">;
def : Member<QueueControl, "u8", "pad2", 144, "", 48>;

def QueueState : Enumeration<"ACC_QUEUE_">;
def : Value<QueueState, "IDLE", 0>;
def : Value<QueueState, "ACTIVE", 1>;
def : Value<QueueState, "ERROR", 2>;

def : Note<[{
Kernels that kernels launch (docs/dynamic-parallelism.md). Device code hands work over in launch records, which lie in the
launch area, in memory that kernels write. It fills a record in, links it to the newest one at submitted[q] (q: the low
byte of sr_gridid, the hardware queue) and stores its address there (release, device scope). The command processor of the
queue takes the list of records (exchange with 0, acquire) whenever a slice of a block of a kernel with ACC_KD_LAUNCHES
ends, and brings it into the order in which it was linked. It finds the area through the heap's control block (sr_heap),
whose word 24 is the area's address, 0 for none.
}]>;
def LaunchKind : Enumeration<"ACC_LAUNCH_">;
def : Value<LaunchKind, "WORK", 1, "executes `packet` (DISPATCH, COPY, COPY_RECT or FILL; no flags, no signal) in `stream`; gives the record back when it is done">;
def : Value<LaunchKind, "MARK", 2, "`event` stands for all work before it in `stream`">;
def : Value<LaunchKind, "WAIT", 3, "later work of `stream` waits for the last MARK of `event`">;
def : Value<LaunchKind, "JOIN", 4, "stores 1 to `done` when all work of threads of `block` is done; the device gives the record back">;
def LaunchStream : Enumeration<"ACC_LAUNCH_STREAM_">;
def : Value<LaunchStream, "BLOCK", 0, "one for each block of a grid; all others: one for each grid and number">;
def : Value<LaunchStream, "TAIL", 3, "one after the other when the grid and all other work of its threads is done">;
def : Value<LaunchStream, "FREE", 4, "at once, whatever came before">;

def LaunchRecord : Struct<"acc_launch_record", 128, "parameters of a dispatch follow it">;
def : Member<LaunchRecord, "u8", "packet", 0, "WORK: the packet", 64>;
def : Member<LaunchRecord, "u64", "next", 64, "the record that was linked before, 0: none">;
def : Member<LaunchRecord, "u64", "grid", 72, "sr_gridid of the thread">;
def : Member<LaunchRecord, "u64", "block", 80, "its block, x fastest">;
def : Member<LaunchRecord, "u64", "stream", 88, "ACC_LAUNCH_STREAM_*, or any other number">;
def : Member<LaunchRecord, "u64", "event", 96, "MARK, WAIT: any number">;
def : Member<LaunchRecord, "u32", "kind", 104, "ACC_LAUNCH_*">;
def : Member<LaunchRecord, "u32", "pool", 108, "that it was taken from">;
def : Member<LaunchRecord, "u32", "done", 112, "JOIN: written by the command processor">;
def : Member<LaunchRecord, "u32", "depth", 116, "for device code: launches from the host to this one">;
def : Member<LaunchRecord, "u64", "reserved", 120>;

def LaunchPool : Struct<"acc_launch_pool", 32, "records of one size: a stack of free ones, linked by `next`, and what was never used">;
def : Member<LaunchPool, "u64", "free", 0, "address of the first in bits 47:0, a count of changes above">;
def : Member<LaunchPool, "u64", "used", 8, "records from `begin` that were ever taken">;
def : Member<LaunchPool, "u64", "begin", 16, "address of the first record">;
def : Member<LaunchPool, "u32", "most", 24, "records">;
def : Member<LaunchPool, "u32", "bytes", 28, "from record to record">;

def LaunchArea : Struct<"acc_launch_area", 4096>;
def : Constant<"ACC_LAUNCH_QUEUES", "256u">;
def : Constant<"ACC_LAUNCH_POOLS", "4u", "launches; launches with many parameters; other work; JOINs">;
def : Constant<"ACC_LAUNCH_MAX_DEPTH", "24u", "launches from the host to the deepest grid">;
def : Constant<"ACC_LAUNCH_AREA_IN_HEAP", "24u", "byte of the heap's control block where the area's address is">;
def : Member<LaunchArea, "u64", "submitted", 0, "newest record of each queue", 256>;
def : Member<LaunchArea, "acc_launch_pool", "pools", 2048, "", 4>;
def : Member<LaunchArea, "u64", "next_handle", 2176, "for device code, like all that follows: streams and events">;
def : Member<LaunchArea, "u32", "stack_bytes", 2184, "of kernels with ACC_KD_DYNAMIC_STACK">;
def : Member<LaunchArea, "u32", "errors", 2188, "failed calls ever, for cudaGetLastError">;
def : Member<LaunchArea, "u64", "tables", 2192, "what the host's runtime has written down (docs/dynamic-parallelism.md)">;
def : Member<LaunchArea, "u64", "lost", 2200, "the last error for which `kept` had no place, above it the grid">;
def : Member<LaunchArea, "u64", "joins", 2208, "records of JOINs that are taken">;
def : Member<LaunchArea, "u64", "reserved", 2216>;
def : Member<LaunchArea, "u64", "kept", 2224, "threads that have an error, and which", 234>;

def : Note<"Fault causes.">;
def FaultCause : Enumeration<"ACC_FAULT_">;
def : Value<FaultCause, "NONE", 0>;
def : Value<FaultCause, "ILLEGAL_INSTRUCTION", 1, "undefined opcode, reserved bit or modifier, impossible register">;
def : Value<FaultCause, "UNMAPPED", 2, "no valid translation">;
def : Value<FaultCause, "PERMISSION", 3, "write to read-only, or fetch from a page without execute">;
def : Value<FaultCause, "MISALIGNED", 4>;
def : Value<FaultCause, "SHARED_RANGE", 5, "beyond the block's shared memory">;
def : Value<FaultCause, "LOCAL_RANGE", 6, "beyond the thread's local memory: stack overflow">;
def : Value<FaultCause, "TRAP", 7, "trap instruction; code in info">;
def : Value<FaultCause, "BREAKPOINT", 8>;
def : Value<FaultCause, "INVALID_PC", 9, "pc not 16-byte aligned">;
def : Value<FaultCause, "WARP_OP", 10, "matrix operation of a warp with threads that have exited">;
def : Value<FaultCause, "BARRIER", 11, "bad barrier number or count, or a barrier that can never complete">;
def : Value<FaultCause, "INVALID_PACKET", 12, "reserved type, field or bit; info = byte offset of the field">;
def : Value<FaultCause, "INVALID_KERNEL", 13, "descriptor unreadable or inconsistent; info = byte offset of the field">;
def : Value<FaultCause, "INVALID_LAUNCH", 14, "sizes beyond the device's limits; info = byte offset of the packet field">;
def : Value<FaultCause, "HANG", 15, "watchdog: no progress">;
def : Value<FaultCause, "ECC", 16>;
def : Value<FaultCause, "DEADLOCK", 17, "no thread of the resident blocks can ever run again; info = 0 or ACC_DEADLOCK_*">;
def : Value<FaultCause, "IMAGE", 18, "a texture or surface instruction and the record it names (acc_texture.h) do not go together; address = the record, info = byte offset of the member">;
def : Value<FaultCause, "SURFACE_RANGE", 19, "a surface instruction that traps outside of the image was there; address = the record">;
def Deadlock : Enumeration<"ACC_DEADLOCK_">;
def : Value<Deadlock, "WARP_OPS", 1, "threads that one member mask names wait at different warp operations">;

def Trap : Enumeration<"ACC_TRAP_">;
def : Value<Trap, "ASSERT", 1, "an assertion of the program">;
def : Value<Trap, "CHECK", 4294967296, "no instruction has this code: a device model that executes kernels in two ways found a difference, at address">;

def Access : Enumeration<"ACC_ACCESS_">;
def : Value<Access, "READ", 0>;
def : Value<Access, "WRITE", 1>;
def : Value<Access, "EXECUTE", 2>;
def : Value<Access, "ATOMIC", 3>;

def : Note<"One entry of the fault FIFO, 128 bytes.">;
def FaultRecord : Struct<"acc_fault_record", 128>;
def : Member<FaultRecord, "u32", "cause", 0, "ACC_FAULT_*">;
def : Member<FaultRecord, "u32", "access", 4, "ACC_ACCESS_*, for memory faults">;
def : Member<FaultRecord, "u32", "vmid", 8, "number of the address space">;
def : Member<FaultRecord, "u32", "queue", 12, "number of the hardware queue">;
def : Member<FaultRecord, "u64", "packet_index", 16>;
def : Member<FaultRecord, "u64", "pc", 24, "address of the faulting instruction, 0 when none">;
def : Member<FaultRecord, "u64", "address", 32, "generic address accessed">;
def : Member<FaultRecord, "u64", "kernel", 40, "address of the kernel descriptor, 0 when none">;
def : Member<FaultRecord, "u32", "block", 48, "index of the block of the first faulting thread", 3>;
def : Member<FaultRecord, "u32", "thread", 60, "index of the thread in the block", 3>;
def : Member<FaultRecord, "u32", "lane_mask", 72, "threads of the warp that faulted together">;
def : Member<FaultRecord, "u32", "access_bytes", 76>;
def : Member<FaultRecord, "u64", "info", 80, "trap code, field offset, kind of deadlock">;
def : Member<FaultRecord, "u32", "compute_unit", 88>;
def : Member<FaultRecord, "u32", "warp", 92>;
def : Member<FaultRecord, "u8", "reserved", 96, "", 32>;
