// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The registers of the PCI function: one `def` is one register, field or command value. Generated from it:
// include/acc/spec/acc_regs.h (`generate.py registers`) and docs/host-interface/registers.md.
//
// Every register is little endian, naturally aligned and accessed with its own width only. An access of another width, to
// a place without a register, or a write to a read-only register has no effect, reads all ones, and adds one to
// DEV_BUS_ERRORS. A register that reads all ones where the table says otherwise means that the device is gone.

class Block<string name, int base, int count, int stride, string text> {
  string Name = name;     // prefix of the names: ACC_<Name>_<Register>
  int Base = base;        // byte offset in BAR 0
  int Count = count;      // instances
  int Stride = stride;    // bytes from instance to instance
  string Text = text;
}
class Reg<Block block, string name, int offset, int width, string access, string text> {
  Block In = block;
  string Name = name;
  int Offset = offset;    // bytes from the start of the block (instance)
  int Bits = width;       // 32 or 64
  int Count = 1;          // array of so many registers, Bits / 8 bytes apart
  string Access = access; // "ro" read only, "rw", "wo" (reads 0), "w1c" (writing 1 clears the bit), "rc" (reading clears)
  string Text = text;
  string Reset = "0";     // value after reset; "" = depends on the device
}
class Field<Reg reg, string name, int low, int width, string text> {
  Reg Of = reg;
  string Name = name;
  int Low = low;
  int Width = width;
  string Text = text;
}
class Value<Reg reg, string name, int value, string text> { // a value of a whole register
  Reg Of = reg;
  string Name = name;
  int Number = value;
  string Text = text;
}
class Constant<string name, int value, string text> { string Name = name; int Number = value; string Text = text; }

// Identity on the bus.
def : Constant<"ACC_PCI_VENDOR_ID", 0x0acc, "PCI vendor: ours">;
def : Constant<"ACC_PCI_DEVICE_ID", 0x0001, "PCI device: first generation (ACC1)">;
def : Constant<"ACC_PCI_CLASS", 0x120000, "class code: processing accelerator">;
def : Constant<"ACC_BAR0_BYTES", 0x200000, "BAR 0: 32 bits, not prefetchable: registers and doorbells">;
def : Constant<"ACC_MSIX_TABLE", 0x8000, "offset of the MSI-X table in BAR 0">;
def : Constant<"ACC_MSIX_PBA", 0x9000, "offset of the MSI-X pending bits in BAR 0">;
def : Constant<"ACC_MSIX_VECTORS", 8, "entries of the MSI-X table">;
def : Constant<"ACC_MSIX_EVENT", 0, "MSI-X vector: a bit of IRQ_STATUS was set">;
def : Constant<"ACC_MSIX_COMPLETION", 1, "MSI-X vectors 1..4: a bit of IRQ_COMPLETION[vector - 1] was set">;
def : Constant<"ACC_MAX_QUEUES", 256, "hardware queues that the register layout has room for">;
def : Constant<"ACC_MAX_ADDRESS_SPACES", 64, "address spaces that the register layout has room for">;
def : Constant<"ACC_DOORBELL_BYTES", 4096, "one doorbell page, the unit a process may map">;

def DEV : Block<"DEV", 0x0, 1, 0, "The device: identity, state, reset.">;
def DEV_ID : Reg<DEV, "ID", 0x00, 32, "ro", "identifies the register layout"> { let Reset = "0x31434341"; }
def : Value<DEV_ID, "MAGIC", 0x31434341, "\"ACC1\"">;
def DEV_VERSION : Reg<DEV, "VERSION", 0x04, 32, "ro", "version of the interface; a new minor version only adds"> { let Reset = "0x00010001"; }
def : Field<DEV_VERSION, "MINOR", 0, 16, "1.MINOR">;
def : Field<DEV_VERSION, "MAJOR", 16, 16, "a driver refuses a major version it does not know">;
let Reset = "" in {
def : Reg<DEV, "VRAM_BYTES", 0x08, 64, "ro", "size of device memory, a multiple of 2 MiB">;
def : Reg<DEV, "COMPUTE_UNITS", 0x10, 32, "ro", "compute units">;
def : Reg<DEV, "QUEUES", 0x14, 32, "ro", "hardware queues, 1..256">;
def : Reg<DEV, "ADDRESS_SPACES", 0x18, 32, "ro", "address spaces (VMIDs), 1..64">;
def : Reg<DEV, "CLOCK_KHZ", 0x1c, 32, "ro", "clock of the compute units">;
def : Reg<DEV, "UUID_LO", 0x20, 64, "ro", "bytes 0..7 of the device's unique number">;
def : Reg<DEV, "UUID_HI", 0x28, 64, "ro", "bytes 8..15">;
def : Reg<DEV, "VA_WINDOW_BYTES", 0x30, 64, "ro", "largest virtual address window of one address space">;
def DEV_APERTURE : Reg<DEV, "APERTURE", 0x38, 32, "ro", "where the host sees device memory">;
def : Reg<DEV, "TIMESTAMP", 0x40, 64, "ro", "device time in nanoseconds, the clock of TIMESTAMP packets">;
}
def : Value<DEV_APERTURE, "BAR2", 1, "BAR 2 of this function">;
def : Value<DEV_APERTURE, "COMPANION", 2, "BAR 2 of function 1 of the same slot">;
def DEV_STATUS : Reg<DEV, "STATUS", 0x48, 32, "ro", "state of the device"> { let Reset = "1"; }
def : Field<DEV_STATUS, "READY", 0, 1, "registers answer and queues can be enabled">;
def : Field<DEV_STATUS, "RESETTING", 1, 1, "a reset is going on; every other register may be stale">;
def DEV_RESET : Reg<DEV, "RESET", 0x4c, 32, "wo", "writing KEY resets the device: all queues and address spaces are disabled, faults and interrupts dropped; VRAM keeps its contents, configuration space and the MSI-X table their values. A function-level reset does the same, and resets those two as well. Commands and doorbells are ignored until STATUS.READY.">;
def : Value<DEV_RESET, "KEY", 0x54455352, "\"RSET\"">;
def : Reg<DEV, "BUS_ERRORS", 0x50, 32, "ro", "wrong register accesses since power-on">;
def : Reg<DEV, "DMA_ERRORS", 0x54, 32, "ro", "accesses to system memory that the bus refused (bus mastering off, no such memory), since power-on">;
def : Reg<DEV, "ECC_CORRECTED", 0x58, 64, "ro", "corrected memory errors since power-on">;
def : Reg<DEV, "ECC_UNCORRECTED", 0x60, 64, "ro", "uncorrected memory errors since power-on">;
def : Reg<DEV, "PACKETS", 0x68, 64, "ro", "packets completed since power-on">;
def : Reg<DEV, "DISPATCHES", 0x70, 64, "ro", "dispatches started since power-on">;
def : Reg<DEV, "BLOCKS", 0x78, 64, "ro", "thread blocks ended since power-on">;
def : Reg<DEV, "BYTES_COPIED", 0x80, 64, "ro", "bytes that copy and fill packets wrote since power-on">;

def IRQ : Block<"IRQ", 0x100, 1, 0, "Interrupts. Message-signalled only (MSI-X); there is no INTx pin.">;
def IRQ_STATUS : Reg<IRQ, "STATUS", 0x00, 32, "w1c", "what happened; setting a bit that was clear raises vector ACC_MSIX_EVENT when the bit is enabled">;
def : Field<IRQ_STATUS, "FAULT", 0, 1, "the fault FIFO is not empty">;
def : Field<IRQ_STATUS, "HALT", 1, 1, "a queue halted with an error">;
def : Field<IRQ_STATUS, "ECC", 2, 1, "a memory error: DEV_ECC_CORRECTED or DEV_ECC_UNCORRECTED has grown">;
def : Field<IRQ_STATUS, "TEST", 3, 1, "IRQ_TEST was written">;
def : Reg<IRQ, "ENABLE", 0x04, 32, "rw", "bits of IRQ_STATUS that raise an interrupt; enabling a bit that is set raises one at once">;
def : Reg<IRQ, "TEST", 0x08, 32, "wo", "any write sets IRQ_STATUS.TEST: lets a driver check its interrupt path">;
def : Reg<IRQ, "COMPLETION", 0x20, 64, "rc", "queues 64n..64n+63 that were armed (QUEUE_IRQ_ARM) and have completed a packet with ACC_PKT_F_INTERRUPT; setting the first bit raises vector ACC_MSIX_COMPLETION + n"> { let Count = 4; }

def FAULTS : Block<"FAULTS", 0x200, 1, 0, "The fault FIFO: 64 records, oldest first. When it is full new faults are counted and dropped; their queues halt all the same.">;
def : Reg<FAULTS, "COUNT", 0x00, 32, "ro", "records in the FIFO">;
def : Reg<FAULTS, "LOST", 0x04, 32, "ro", "faults that found the FIFO full, since power-on">;
def : Reg<FAULTS, "POP", 0x08, 32, "wo", "any write drops the oldest record">;
def : Reg<FAULTS, "RECORD", 0x80, 64, "ro", "the oldest record, struct acc_fault_record as 16 words; zeros when there is none"> { let Count = 16; }

def INJECT : Block<"INJECT", 0x400, 1, 0, "Fault injection, for tests of drivers. Works only after KEY was written to INJECT_UNLOCK; a device reset locks it again and ends what was injected. A command while it is locked, or with an argument out of range, counts in DEV_BUS_ERRORS and does nothing.">;
def INJECT_UNLOCK : Reg<INJECT, "UNLOCK", 0x00, 32, "rw", "KEY unlocks, anything else locks; reads 1 when unlocked">;
def : Value<INJECT_UNLOCK, "KEY", 0x4b4c4e55, "\"UNLK\"">;
def INJECT_COMMAND : Reg<INJECT, "COMMAND", 0x04, 32, "wo", "what to inject, with INJECT_ARGUMENT">;
def : Value<INJECT_COMMAND, "HANG_QUEUE", 1, "queue ARGUMENT makes no progress until it is reset, although it has all the time it wants">;
def : Value<INJECT_COMMAND, "HANG_DEVICE", 2, "no queue makes progress and queue commands stay busy until the device is reset">;
def : Value<INJECT_COMMAND, "LOSE_INTERRUPTS", 3, "the next ARGUMENT interrupt messages are not sent">;
def : Value<INJECT_COMMAND, "POISON_PAGE", 4, "the 4 KiB page at VRAM offset ARGUMENT has an uncorrectable error">;
def : Value<INJECT_COMMAND, "CORRECTED_ECC", 5, "ARGUMENT corrected errors happen">;
def : Value<INJECT_COMMAND, "VANISH", 6, "the device answers no access any more, as if it had been pulled out; only a restart of the machine brings it back">;
def : Value<INJECT_COMMAND, "SCRUB_PAGE", 7, "the page at VRAM offset ARGUMENT is repaired">;
def : Reg<INJECT, "ARGUMENT", 0x08, 64, "rw", "argument of the next command">;

def VM : Block<"VM", 0x10000, 64, 0x100, "Address spaces, one instance each.">;
def : Reg<VM, "ROOT", 0x00, 64, "rw", "VRAM offset of the level-3 page table, a multiple of 4096">;
def : Reg<VM, "VA_BASE", 0x08, 64, "rw", "first virtual address of the window, a multiple of 4096">;
def : Reg<VM, "VA_BYTES", 0x10, 64, "rw", "size of the window, a multiple of 4096, at most DEV_VA_WINDOW_BYTES; addresses outside it are unmapped whatever the table says">;
def VM_COMMAND : Reg<VM, "COMMAND", 0x18, 32, "wo", "starts a command; ignored while VM_STATUS.BUSY">;
def : Value<VM_COMMAND, "ENABLE", 1, "use ROOT, VA_BASE and VA_BYTES">;
def : Value<VM_COMMAND, "DISABLE", 2, "its queues must have been disabled">;
def : Value<VM_COMMAND, "INVALIDATE", 3, "forget cached translations of INVALIDATE_VA, INVALIDATE_BYTES; over when no access uses an old one any more">;
def : Value<VM_COMMAND, "INVALIDATE_ALL", 4, "the same for the whole window">;
def VM_STATUS : Reg<VM, "STATUS", 0x1c, 32, "ro", "state of the address space">;
def : Field<VM_STATUS, "ENABLED", 0, 1, "queues can be bound to it">;
def : Field<VM_STATUS, "BUSY", 1, 1, "a command is going on">;
def : Field<VM_STATUS, "REJECTED", 2, 1, "the last command had bad arguments or came in the wrong state">;
def : Reg<VM, "INVALIDATE_VA", 0x20, 64, "rw", "first address of the range, a multiple of 4096">;
def : Reg<VM, "INVALIDATE_BYTES", 0x28, 64, "rw", "its size, a multiple of 4096">;

def QUEUE : Block<"QUEUE", 0x20000, 256, 0x100, "Hardware queues, one instance each.">;
def : Reg<QUEUE, "RING", 0x00, 64, "rw", "virtual address of the ring, a multiple of 4096">;
def : Reg<QUEUE, "CONTROL", 0x08, 64, "rw", "virtual address of struct acc_queue_control, a multiple of 4096">;
def : Reg<QUEUE, "PACKETS", 0x10, 32, "rw", "size of the ring in packets, a power of two, 16..65536">;
def : Reg<QUEUE, "VMID", 0x14, 32, "rw", "address space of the queue">;
def : Reg<QUEUE, "PRIORITY", 0x18, 32, "rw", "0 (lowest) .. 3: shares of the time that the address space gets, each level four times the one below. Address spaces get equal time, whatever queues they have; only what is spent on a queue of level 3 counts a quarter. May change at any time">;
def QUEUE_COMMAND : Reg<QUEUE, "COMMAND", 0x1c, 32, "wo", "starts a command; ignored while QUEUE_STATUS.BUSY">;
def : Value<QUEUE_COMMAND, "ENABLE", 1, "use RING, CONTROL, PACKETS, VMID; the first packet is control.read_index">;
def : Value<QUEUE_COMMAND, "DISABLE", 2, "running blocks end at an instruction boundary, their effects stay; over when nothing of the queue touches memory any more">;
def : Value<QUEUE_COMMAND, "RESET", 3, "like DISABLE, whatever state the queue is in; accepted while BUSY">;
def QUEUE_STATUS : Reg<QUEUE, "STATUS", 0x20, 32, "ro", "state of the queue">;
def : Field<QUEUE_STATUS, "ENABLED", 0, 1, "the queue takes doorbells">;
def : Field<QUEUE_STATUS, "BUSY", 1, 1, "a command is going on">;
def : Field<QUEUE_STATUS, "REJECTED", 2, 1, "the last command had bad arguments or came in the wrong state">;
def : Field<QUEUE_STATUS, "ACTIVE", 3, 1, "it has packets that are not complete">;
def : Field<QUEUE_STATUS, "HALTED", 4, 1, "it halted with an error; DISABLE ends that state">;
def : Reg<QUEUE, "IRQ_ARM", 0x24, 32, "wo", "any write: the next completed packet with ACC_PKT_F_INTERRUPT sets the queue's bit in IRQ_COMPLETION and disarms. A driver arms, looks at the value it waits for, then sleeps.">;
def : Reg<QUEUE, "WATCHDOG_MS", 0x28, 32, "rw", "a dispatch of which no block ends for this long while it executes faults with ACC_FAULT_HANG; 0: never">;
def : Reg<QUEUE, "PRINTF", 0x30, 64, "rw", "virtual address kernels see as sr_printf; may change while the queue is idle">;
def : Reg<QUEUE, "HEAP", 0x38, 64, "rw", "virtual address kernels see as sr_heap; may change while the queue is idle">;
def : Reg<QUEUE, "READ_INDEX", 0x40, 64, "ro", "packets completed in order">;
def : Reg<QUEUE, "PROGRESS", 0x48, 64, "ro", "grows whenever the queue does anything, waiting for a value included. It stands still, too, while the queue waits for its turn: see STALLED_NS. Counts since power-on">;
def : Reg<QUEUE, "RUNTIME_NS", 0x50, 64, "ro", "device time spent on this queue number since power-on; a driver takes differences">;
def : Reg<QUEUE, "STALLED_NS", 0x58, 64, "ro", "device time that the queue was given since it last did anything (PROGRESS grew, or a command ended) although it has something to do (STATUS.ACTIVE or BUSY); 0 when it has not. The time in which it waits for its turn does not count, so a value of a driver's limit or more means hung">;

def DOORBELL : Block<"DOORBELL", 0x100000, 256, 0x1000, "Doorbell pages, one queue each: safe to map into the process that owns the queue.">;
def : Reg<DOORBELL, "WRITE_INDEX", 0x00, 64, "wo", "packets up to this index are ready; ignored when the queue is not enabled">;
