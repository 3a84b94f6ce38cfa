/* SPDX-License-Identifier: MIT */
#ifndef _ACC_DRM_H_
#define _ACC_DRM_H_

#include "drm.h"

#if defined(__cplusplus)
extern "C" {
#endif

/**
 * DOC: Overview
 *
 * The interface of the ACC kernel driver, on a DRM render node. A process
 *
 * 1. asks what the device is (&DRM_IOCTL_ACC_DEV_QUERY),
 * 2. makes a GPU address space over a window of addresses of its choice (&DRM_IOCTL_ACC_VM_CREATE),
 * 3. makes buffers (&DRM_IOCTL_ACC_BO_CREATE) and maps them there (&DRM_IOCTL_ACC_VM_BIND), and
 *    into itself (&DRM_IOCTL_ACC_BO_MMAP_OFFSET, then mmap(2)),
 * 4. makes user-mode queues (&DRM_IOCTL_ACC_QUEUE_CREATE) and maps their doorbell pages.
 *
 * From then on work is given to the device without system calls: packets into the ring, the new
 * write index into the doorbell page. Completion is a 64-bit value that a packet stores in memory
 * (a user fence). &DRM_IOCTL_ACC_WAIT_FENCE sleeps for some. Layout of rings, control blocks and
 * packets: the hardware's description of queues.
 *
 * Rules of the interface:
 *
 * - DRM_ACC_VERSION_MAJOR changes when a program for the former version would be misunderstood,
 *   DRM_ACC_VERSION_MINOR when something is added. DRM_IOCTL_VERSION tells the driver's.
 * - A field or flag bit without a meaning must be zero, else the call fails with EINVAL.
 * - Structures grow at their end only. The size in the ioctl number, &drm_acc_obj_array.stride and
 *   &drm_acc_dev_query.size tell the other side's version: what one side does not know is zero.
 * - Numbers of address spaces and queues belong to the open file, start at 1, and are not valid in
 *   another one.
 * - Errors common to all: EINVAL bad argument, EFAULT bad pointer, ENOENT no such object in this
 *   file, ENOMEM, EINTR (restart the call), ENODEV the device is gone (unplugged, or it does not
 *   answer any more).
 */

/**
 * define DRM_ACC_VERSION_MAJOR - version of this interface, with DRM_ACC_VERSION_MINOR
 *
 * - 1.0: the first.
 * - 2.0: user fences stay user fences: QUEUE_SYNC signals no sync objects, WAIT_FENCE takes many,
 *   FENCE_EVENTFD.
 */
#define DRM_ACC_VERSION_MAJOR 2
/** define DRM_ACC_VERSION_MINOR - see DRM_ACC_VERSION_MAJOR */
#define DRM_ACC_VERSION_MINOR 0

/** enum drm_acc_ioctl_id - numbers of the ioctls, relative to DRM_COMMAND_BASE */
enum drm_acc_ioctl_id {
	/** @DRM_ACC_DEV_QUERY: Ask about the device. */
	DRM_ACC_DEV_QUERY = 0,
	/** @DRM_ACC_VM_CREATE: Create an address space. */
	DRM_ACC_VM_CREATE,
	/** @DRM_ACC_VM_DESTROY: Destroy an address space. */
	DRM_ACC_VM_DESTROY,
	/** @DRM_ACC_VM_GET_STATE: State of an address space. */
	DRM_ACC_VM_GET_STATE,
	/** @DRM_ACC_VM_BIND: Map and unmap buffers in an address space. */
	DRM_ACC_VM_BIND,
	/** @DRM_ACC_BO_CREATE: Create a buffer. */
	DRM_ACC_BO_CREATE,
	/** @DRM_ACC_BO_MMAP_OFFSET: Where to mmap(2) a buffer. */
	DRM_ACC_BO_MMAP_OFFSET,
	/** @DRM_ACC_QUEUE_CREATE: Create a user-mode queue. */
	DRM_ACC_QUEUE_CREATE,
	/** @DRM_ACC_QUEUE_DESTROY: Stop and destroy a queue. */
	DRM_ACC_QUEUE_DESTROY,
	/** @DRM_ACC_QUEUE_GET_STATE: State and counters of a queue. */
	DRM_ACC_QUEUE_GET_STATE,
	/** @DRM_ACC_QUEUE_SET_PROPERTY: Change a queue. */
	DRM_ACC_QUEUE_SET_PROPERTY,
	/** @DRM_ACC_QUEUE_SYNC: Let a user fence follow sync objects. */
	DRM_ACC_QUEUE_SYNC,
	/** @DRM_ACC_WAIT_FENCE: Sleep until user fences have their values. */
	DRM_ACC_WAIT_FENCE,
	/** @DRM_ACC_FAULT_GET: Take fault reports of an address space. */
	DRM_ACC_FAULT_GET,
	/** @DRM_ACC_FENCE_EVENTFD: Let an eventfd be told when a user fence has a value. */
	DRM_ACC_FENCE_EVENTFD,
};

/** struct drm_acc_obj_array - an array in the caller's memory */
struct drm_acc_obj_array {
	/**
	 * @stride: Bytes from element to element, at least the size of the first version of its
	 * structure, at most 4096, a multiple of 8.
	 */
	__u32 stride;
	/** @count: Number of elements. */
	__u32 count;
	/** @array: Address of the first element; ignored when @count is 0. */
	__u64 array;
};

/** DRM_ACC_OBJ_ARRAY() - initialiser for a &struct drm_acc_obj_array of cnt elements at ptr */
#define DRM_ACC_OBJ_ARRAY(cnt, ptr) \
	{ .stride = sizeof((ptr)[0]), .count = (cnt), .array = (__u64)(__UINTPTR_TYPE__)(ptr) }

/* --- device ------------------------------------------------------------- */

/** enum drm_acc_dev_query_type - what &struct drm_acc_dev_query asks for */
enum drm_acc_dev_query_type {
	/**
	 * @DRM_ACC_DEV_QUERY_INFO: &struct drm_acc_dev_info, constant as long as the file is open.
	 */
	DRM_ACC_DEV_QUERY_INFO = 0,
	/** @DRM_ACC_DEV_QUERY_MEMORY: &struct drm_acc_dev_memory. */
	DRM_ACC_DEV_QUERY_MEMORY,
	/** @DRM_ACC_DEV_QUERY_TIMESTAMP: &struct drm_acc_dev_timestamp. */
	DRM_ACC_DEV_QUERY_TIMESTAMP,
	/** @DRM_ACC_DEV_QUERY_ERRORS: &struct drm_acc_dev_errors. */
	DRM_ACC_DEV_QUERY_ERRORS,
};

/** struct drm_acc_dev_query - argument of &DRM_IOCTL_ACC_DEV_QUERY */
struct drm_acc_dev_query {
	/** @type: &enum drm_acc_dev_query_type. */
	__u32 type;
	/**
	 * @size: Size of the structure at @pointer, at most 4096. When @pointer is 0 the driver's
	 * size is returned here. Otherwise min(@size, the driver's size) bytes are written, the
	 * rest of the caller's structure is cleared, and @size becomes the number written.
	 */
	__u32 size;
	/** @pointer: Where to write. */
	__u64 pointer;
};

/** struct drm_acc_dev_info - answer to &DRM_ACC_DEV_QUERY_INFO */
struct drm_acc_dev_info {
	/**
	 * @hw_version: Version of the hardware interface: major in bits 31:16, minor in bits 15:0.
	 */
	__u32 hw_version;
	/** @compute_units: Number of compute units. */
	__u32 compute_units;
	/** @clock_khz: Clock of the compute units. */
	__u32 clock_khz;
	/** @max_queues: Hardware queues, shared by all processes. */
	__u32 max_queues;
	/**
	 * @max_vms: Address spaces that can have queues at the same time, shared by all processes.
	 */
	__u32 max_vms;
	/** @max_priority: Highest queue priority that this process may use without privileges. */
	__u32 max_priority;
	/** @vram_bytes: Size of device memory. */
	__u64 vram_bytes;
	/** @vram_visible_bytes: How much of it, from its start, can be mapped by the host. */
	__u64 vram_visible_bytes;
	/** @va_bits: Width of a GPU virtual address. */
	__u32 va_bits;
	/** @page_bytes: Granularity of buffers and mappings. */
	__u32 page_bytes;
	/** @va_window_bytes: Largest window of one address space. */
	__u64 va_window_bytes;
	/** @uuid: The device's unique number. */
	__u8 uuid[16];
	/**
	 * @hang_check_ms: A queue that has the device for this long and does nothing is reset. The
	 * time in which it waits for its turn does not count.
	 */
	__u32 hang_check_ms;
	/** @pad: Zero. */
	__u32 pad;
};

/** struct drm_acc_dev_memory - answer to &DRM_ACC_DEV_QUERY_MEMORY */
struct drm_acc_dev_memory {
	/** @vram_total: Bytes of device memory that buffers can use. */
	__u64 vram_total;
	/** @vram_used: Bytes in use by all processes. */
	__u64 vram_used;
};

/** struct drm_acc_dev_timestamp - answer to &DRM_ACC_DEV_QUERY_TIMESTAMP */
struct drm_acc_dev_timestamp {
	/** @device_ns: Device time in nanoseconds, the clock of TIMESTAMP packets. */
	__u64 device_ns;
	/** @cpu_ns: CLOCK_MONOTONIC at about the same moment. */
	__u64 cpu_ns;
};

/**
 * struct drm_acc_dev_errors - answer to &DRM_ACC_DEV_QUERY_ERRORS; all since the driver was bound
 */
struct drm_acc_dev_errors {
	/** @ecc_corrected: Corrected memory errors. */
	__u64 ecc_corrected;
	/** @ecc_uncorrected: Uncorrected memory errors. */
	__u64 ecc_uncorrected;
	/** @faults: Faults that halted a queue, of all processes. */
	__u64 faults;
	/** @queue_resets: Queues reset because they hung. */
	__u64 queue_resets;
	/** @device_resets: Resets of the whole device. */
	__u64 device_resets;
};

/* --- address spaces ------------------------------------------------------ */

/**
 * struct drm_acc_vm_create - argument of &DRM_IOCTL_ACC_VM_CREATE
 *
 * ENOSPC: no device memory for a page table, or this file has 1024 address spaces.
 */
struct drm_acc_vm_create {
	/**
	 * @va_base: First address of the window, a multiple of the page size. Usually addresses
	 * that the process has reserved in itself, too.
	 */
	__u64 va_base;
	/**
	 * @va_bytes: Size of the window, a multiple of the page size, 1
	 * page..&drm_acc_dev_info.va_window_bytes; it must end below 1 << va_bits.
	 */
	__u64 va_bytes;
	/** @flags: Must be zero. */
	__u32 flags;
	/** @vm_id: Returned: the address space's number. */
	__u32 vm_id;
};

/** struct drm_acc_vm_destroy - argument of &DRM_IOCTL_ACC_VM_DESTROY; EBUSY while it has queues */
struct drm_acc_vm_destroy {
	/** @vm_id: Address space. */
	__u32 vm_id;
	/** @pad: Must be zero. */
	__u32 pad;
};

/** enum drm_acc_vm_state - state of an address space */
enum drm_acc_vm_state {
	/** @DRM_ACC_VM_STATE_USABLE: Nothing happened. */
	DRM_ACC_VM_STATE_USABLE = 0,
	/**
	 * @DRM_ACC_VM_STATE_UNUSABLE: An asynchronous bind failed half way, a reset of the device
	 * did not bring it back, or the device is gone. Destroy it.
	 */
	DRM_ACC_VM_STATE_UNUSABLE,
};

/** struct drm_acc_vm_get_state - argument of &DRM_IOCTL_ACC_VM_GET_STATE */
struct drm_acc_vm_get_state {
	/** @vm_id: Address space. */
	__u32 vm_id;
	/** @state: Returned: &enum drm_acc_vm_state. */
	__u32 state;
	/** @faults_pending: Returned: fault reports that &DRM_IOCTL_ACC_FAULT_GET would give. */
	__u32 faults_pending;
	/**
	 * @faults_lost: Returned: fault reports dropped since creation because too many were
	 * waiting.
	 */
	__u32 faults_lost;
};

/** enum drm_acc_sync_flags - &drm_acc_sync.flags */
enum drm_acc_sync_flags {
	/** @DRM_ACC_SYNC_TYPE_MASK: Kind of the handle. */
	DRM_ACC_SYNC_TYPE_MASK = 0xff,
	/** @DRM_ACC_SYNC_TYPE_SYNCOBJ: A binary sync object. */
	DRM_ACC_SYNC_TYPE_SYNCOBJ = 0,
	/** @DRM_ACC_SYNC_TYPE_TIMELINE_SYNCOBJ: A point of a timeline sync object. */
	DRM_ACC_SYNC_TYPE_TIMELINE_SYNCOBJ = 1,
	/** @DRM_ACC_SYNC_WAIT: Wait for it before the operation (zero, the default). */
	DRM_ACC_SYNC_WAIT = 0,
	/** @DRM_ACC_SYNC_SIGNAL: Signal it when the operation is done. */
	DRM_ACC_SYNC_SIGNAL = (int)(1u << 31),
};

/** struct drm_acc_sync - a sync object to wait for or to signal */
struct drm_acc_sync {
	/** @flags: &enum drm_acc_sync_flags. */
	__u32 flags;
	/** @handle: Sync object. */
	__u32 handle;
	/**
	 * @timeline_value: Point, not 0, for DRM_ACC_SYNC_TYPE_TIMELINE_SYNCOBJ; zero otherwise.
	 */
	__u64 timeline_value;
};

/** enum drm_acc_vm_bind_op_type - what one element of a bind does */
enum drm_acc_vm_bind_op_type {
	/**
	 * @DRM_ACC_VM_BIND_OP_MAP: Map a range of a buffer. Existing mappings in the range are
	 * replaced.
	 */
	DRM_ACC_VM_BIND_OP_MAP = 0,
	/**
	 * @DRM_ACC_VM_BIND_OP_UNMAP: Unmap everything in the range; mappings that reach beyond it
	 * are split.
	 */
	DRM_ACC_VM_BIND_OP_UNMAP,
	/**
	 * @DRM_ACC_VM_BIND_OP_SYNC_ONLY: No change; orders @syncs after all earlier binds
	 * (asynchronous binds only).
	 */
	DRM_ACC_VM_BIND_OP_SYNC_ONLY,
};

/** enum drm_acc_vm_bind_op_flags - &drm_acc_vm_bind_op.flags, for DRM_ACC_VM_BIND_OP_MAP */
enum drm_acc_vm_bind_op_flags {
	/** @DRM_ACC_VM_BIND_OP_MAP_READONLY: The device may not write. */
	DRM_ACC_VM_BIND_OP_MAP_READONLY = 1 << 0,
	/** @DRM_ACC_VM_BIND_OP_MAP_EXEC: The device may fetch instructions. */
	DRM_ACC_VM_BIND_OP_MAP_EXEC = 1 << 1,
};

/** struct drm_acc_vm_bind_op - one change of an address space */
struct drm_acc_vm_bind_op {
	/** @type: &enum drm_acc_vm_bind_op_type. */
	__u32 type;
	/** @flags: &enum drm_acc_vm_bind_op_flags. */
	__u32 flags;
	/** @bo_handle: Buffer, for MAP; zero otherwise. */
	__u32 bo_handle;
	/** @pad: Must be zero. */
	__u32 pad;
	/**
	 * @bo_offset: First byte of the buffer, for MAP, a multiple of the page size; zero
	 * otherwise.
	 */
	__u64 bo_offset;
	/** @va: First address, a multiple of the page size; zero for SYNC_ONLY. */
	__u64 va;
	/**
	 * @bytes: Size, a multiple of the page size, not 0, the range inside the window; zero for
	 * SYNC_ONLY.
	 */
	__u64 bytes;
	/**
	 * @syncs: Array of &struct drm_acc_sync, at most 1024, only for asynchronous binds. Waiting
	 * for what an earlier operation of the same call signals is waiting for that operation. A
	 * fence that ended with an error has signalled.
	 */
	struct drm_acc_obj_array syncs;
};

/** enum drm_acc_vm_bind_flags - &drm_acc_vm_bind.flags */
enum drm_acc_vm_bind_flags {
	/**
	 * @DRM_ACC_VM_BIND_ASYNC: Do it later, in order with the other asynchronous binds of the
	 * address space, each operation after its wait syncs. Arguments are checked and memory is
	 * reserved by the call, so that the operation itself does not fail. Without this flag the
	 * changes are in force when the call returns.
	 */
	DRM_ACC_VM_BIND_ASYNC = 1 << 0,
};

/**
 * struct drm_acc_vm_bind - argument of &DRM_IOCTL_ACC_VM_BIND
 *
 * ENOSPC: no device memory for page tables. EINVAL also when the address space is UNUSABLE.
 * EBUSY: 262144 operations of asynchronous binds of the address space are pending.
 */
struct drm_acc_vm_bind {
	/** @vm_id: Address space. */
	__u32 vm_id;
	/** @flags: &enum drm_acc_vm_bind_flags. */
	__u32 flags;
	/**
	 * @ops: Array of &struct drm_acc_vm_bind_op, 1..65536 elements, done in order. When a
	 * synchronous bind fails, @ops.count tells how many were done; an asynchronous one then
	 * does nothing at all.
	 */
	struct drm_acc_obj_array ops;
};

/* --- buffers -------------------------------------------------------------- */

/** enum drm_acc_bo_flags - &drm_acc_bo_create.flags: exactly one placement */
enum drm_acc_bo_flags {
	/**
	 * @DRM_ACC_BO_VRAM: Device memory. The host sees it through the aperture, write-combined.
	 */
	DRM_ACC_BO_VRAM = 1 << 0,
	/** @DRM_ACC_BO_SYSTEM: System memory, cached and coherent. */
	DRM_ACC_BO_SYSTEM = 1 << 1,
};

/**
 * struct drm_acc_bo_create - argument of &DRM_IOCTL_ACC_BO_CREATE; the contents are zero. ENOSPC:
 * not enough device memory
 */
struct drm_acc_bo_create {
	/** @bytes: Size, not 0; rounded up to pages, and returned so. */
	__u64 bytes;
	/** @flags: &enum drm_acc_bo_flags. */
	__u32 flags;
	/**
	 * @exclusive_vm_id: When not 0, the buffer can be mapped in this address space only and
	 * cannot be exported (EPERM); binding it is cheaper.
	 */
	__u32 exclusive_vm_id;
	/**
	 * @handle: Returned: GEM handle. Closed with DRM_IOCTL_GEM_CLOSE; the memory lives until
	 * its last mapping goes.
	 */
	__u32 handle;
	/** @pad: Must be zero. */
	__u32 pad;
};

/** struct drm_acc_bo_mmap_offset - argument of &DRM_IOCTL_ACC_BO_MMAP_OFFSET */
struct drm_acc_bo_mmap_offset {
	/** @handle: GEM handle. */
	__u32 handle;
	/** @pad: Must be zero. */
	__u32 pad;
	/** @offset: Returned: offset for mmap(2) on the device's file. */
	__u64 offset;
};

/* --- queues ---------------------------------------------------------------- */

/**
 * struct drm_acc_queue_create - argument of &DRM_IOCTL_ACC_QUEUE_CREATE; EBUSY: no hardware queue
 * or address space number is free, or this file has its share of the queues (a quarter)
 */
struct drm_acc_queue_create {
	/** @vm_id: Address space. */
	__u32 vm_id;
	/**
	 * @priority: 0 (lowest)..3, 1 is normal: how the time of the address space is shared out
	 * among its queues. Address spaces get equal time, but what is spent on queues of priority
	 * 3 counts a quarter; so that needs CAP_SYS_NICE (EACCES), as everything above
	 * &drm_acc_dev_info.max_priority does.
	 */
	__u32 priority;
	/** @ring_va: GPU address of the ring, page-aligned, mapped. */
	__u64 ring_va;
	/**
	 * @control_va: GPU address of the control block, page-aligned, mapped writable. Its read
	 * index tells the first packet.
	 */
	__u64 control_va;
	/** @ring_packets: Size of the ring in packets, a power of two, 16..65536. */
	__u32 ring_packets;
	/**
	 * @watchdog_ms: A kernel of which no thread block ends for this long while it executes is
	 * stopped with a HANG fault; 0: may run for ever.
	 */
	__u32 watchdog_ms;
	/** @flags: Must be zero. */
	__u32 flags;
	/** @queue_id: Returned: the queue's number. */
	__u32 queue_id;
	/**
	 * @doorbell_offset: Returned: offset for mmap(2) of the doorbell page (one page,
	 * PROT_WRITE, MAP_SHARED). The 64-bit write index goes to its start.
	 */
	__u64 doorbell_offset;
};

/** struct drm_acc_queue_destroy - argument of &DRM_IOCTL_ACC_QUEUE_DESTROY; what runs is stopped */
struct drm_acc_queue_destroy {
	/** @queue_id: Queue. */
	__u32 queue_id;
	/** @pad: Must be zero. */
	__u32 pad;
};

/**
 * enum drm_acc_queue_state - bits of &drm_acc_queue_get_state.state; any but ACTIVE means that the
 * queue executes nothing any more
 */
enum drm_acc_queue_state {
	/** @DRM_ACC_QUEUE_STATE_ACTIVE: It has packets that are not complete. */
	DRM_ACC_QUEUE_STATE_ACTIVE = 1 << 0,
	/** @DRM_ACC_QUEUE_STATE_FAULT: A packet faulted; &DRM_IOCTL_ACC_FAULT_GET tells how. */
	DRM_ACC_QUEUE_STATE_FAULT = 1 << 1,
	/** @DRM_ACC_QUEUE_STATE_HUNG: It had the device, did nothing, and was reset. */
	DRM_ACC_QUEUE_STATE_HUNG = 1 << 2,
	/** @DRM_ACC_QUEUE_STATE_LOST: The device was reset, for whatever reason. */
	DRM_ACC_QUEUE_STATE_LOST = 1 << 3,
};

/** struct drm_acc_queue_get_state - argument of &DRM_IOCTL_ACC_QUEUE_GET_STATE */
struct drm_acc_queue_get_state {
	/** @queue_id: Queue. */
	__u32 queue_id;
	/** @state: Returned: &enum drm_acc_queue_state. */
	__u32 state;
	/** @read_index: Returned: packets completed in order. */
	__u64 read_index;
	/** @runtime_ns: Returned: device time spent on the queue. */
	__u64 runtime_ns;
};

/** enum drm_acc_queue_property - what &DRM_IOCTL_ACC_QUEUE_SET_PROPERTY changes */
enum drm_acc_queue_property {
	/** @DRM_ACC_QUEUE_PROPERTY_PRIORITY: As &drm_acc_queue_create.priority. */
	DRM_ACC_QUEUE_PROPERTY_PRIORITY = 0,
	/** @DRM_ACC_QUEUE_PROPERTY_WATCHDOG_MS: As &drm_acc_queue_create.watchdog_ms. */
	DRM_ACC_QUEUE_PROPERTY_WATCHDOG_MS,
	/** @DRM_ACC_QUEUE_PROPERTY_PRINTF_BUFFER: GPU address that kernels read as sr_printf. */
	DRM_ACC_QUEUE_PROPERTY_PRINTF_BUFFER,
	/** @DRM_ACC_QUEUE_PROPERTY_DEVICE_HEAP: GPU address that kernels read as sr_heap. */
	DRM_ACC_QUEUE_PROPERTY_DEVICE_HEAP,
};

/** struct drm_acc_queue_set_property - argument of &DRM_IOCTL_ACC_QUEUE_SET_PROPERTY */
struct drm_acc_queue_set_property {
	/** @queue_id: Queue. */
	__u32 queue_id;
	/** @property: &enum drm_acc_queue_property. */
	__u32 property;
	/** @value: Its new value. */
	__u64 value;
};

/**
 * DOC: User fences and sync objects
 *
 * A user fence is a 64-bit value in memory that packets of a queue raise. It takes as long as the
 * program that runs there, perhaps for ever, so it never becomes a dma-fence: what sync objects,
 * sync files and reservations of buffers hold has to signal in finite time whatever programs do,
 * because memory management and other drivers wait for it. Whoever wants to know about user fences
 * waits for them (&DRM_IOCTL_ACC_WAIT_FENCE) or lets an eventfd be told
 * (&DRM_IOCTL_ACC_FENCE_EVENTFD). The other way is open: a user fence may follow sync objects
 * (&DRM_IOCTL_ACC_QUEUE_SYNC).
 */

/** struct drm_acc_queue_sync - argument of &DRM_IOCTL_ACC_QUEUE_SYNC: sync objects to user fence
 *
 * When all sync objects have signalled, @value is stored at @bo_offset of buffer @bo_handle (a
 * WAIT_VALUE packet can wait for it); if one signalled with an error, the store is done all the
 * same. If the queue is destroyed before, it is not done.
 *
 * EINVAL also when a sync object has DRM_ACC_SYNC_SIGNAL: a user fence cannot signal one. EBUSY:
 * 1024 of these and of &DRM_IOCTL_ACC_FENCE_EVENTFD together are pending on the queue.
 */
struct drm_acc_queue_sync {
	/** @queue_id: Queue. */
	__u32 queue_id;
	/** @flags: Must be zero. */
	__u32 flags;
	/** @syncs: Array of &struct drm_acc_sync, 1..1024, all to wait for. */
	struct drm_acc_obj_array syncs;
	/** @bo_handle: Buffer that holds the user fence. */
	__u32 bo_handle;
	/** @pad: Must be zero. */
	__u32 pad;
	/** @bo_offset: Its place, a multiple of 8. */
	__u64 bo_offset;
	/** @value: Value to store. */
	__u64 value;
};

/** struct drm_acc_fence_eventfd - argument of &DRM_IOCTL_ACC_FENCE_EVENTFD
 *
 * Adds 1 to an eventfd(2), once, when the 64-bit value at @bo_offset of buffer @bo_handle has
 * become >= @value (unsigned) by a packet of the queue that has its INTERRUPT flag; at once when it
 * is already. Also when the queue halts, is reset or destroyed before: the program then looks at
 * the value and at &DRM_IOCTL_ACC_QUEUE_GET_STATE. The place is named by buffer, not by address,
 * because it is looked at whoever runs; the buffer and the eventfd may be closed meanwhile.
 *
 * EBADF, EINVAL: @fd is none, or no eventfd. EBUSY: as for &DRM_IOCTL_ACC_QUEUE_SYNC.
 */
struct drm_acc_fence_eventfd {
	/** @queue_id: Queue that will store the value. */
	__u32 queue_id;
	/** @flags: Must be zero. */
	__u32 flags;
	/** @bo_handle: Buffer that holds the user fence. */
	__u32 bo_handle;
	/** @fd: File descriptor of the eventfd. */
	__s32 fd;
	/** @bo_offset: Place of the user fence, a multiple of 8. */
	__u64 bo_offset;
	/** @value: Value to reach. */
	__u64 value;
};

/** struct drm_acc_user_fence - a value in memory of the calling process that a queue will raise */
struct drm_acc_user_fence {
	/** @address: Address in the calling process, a multiple of 8. */
	__u64 address;
	/** @value: Value to reach. */
	__u64 value;
	/** @queue_id: Queue that will store the value. */
	__u32 queue_id;
	/** @pad: Must be zero. */
	__u32 pad;
};

/** enum drm_acc_wait_fence_flags - &drm_acc_wait_fence.flags */
enum drm_acc_wait_fence_flags {
	/** @DRM_ACC_WAIT_FENCE_ANY: One fence is enough; without this flag: all. */
	DRM_ACC_WAIT_FENCE_ANY = 1 << 0,
};

/** struct drm_acc_wait_fence - argument of &DRM_IOCTL_ACC_WAIT_FENCE
 *
 * Sleeps until the 64-bit value of each of the user fences (or of one of them) is >= the wanted one
 * (unsigned). A fence that has once been seen there counts, whatever happens to its value later.
 * Woken by packets of the queues that have their INTERRUPT flag. ETIME: the time is over.
 * ECANCELED: a queue halted, was reset or destroyed and its value is not there (and, with ANY, no
 * other fence's is).
 */
struct drm_acc_wait_fence {
	/** @fences: Array of &struct drm_acc_user_fence, 1..1024. */
	struct drm_acc_obj_array fences;
	/**
	 * @deadline_ns: Absolute CLOCK_MONOTONIC time in nanoseconds; a time in the past only
	 * looks. INT64_MAX: no limit.
	 */
	__s64 deadline_ns;
	/** @flags: &enum drm_acc_wait_fence_flags. */
	__u32 flags;
	/**
	 * @index: Returned: with ANY and success, the first fence of the array that is there; with
	 * ECANCELED, the first one that will not come. Otherwise as it was.
	 */
	__u32 index;
};

/* --- faults ------------------------------------------------------------------ */

/**
 * struct drm_acc_fault - a fault that halted a queue. Causes, accesses and the meaning of @info:
 * the hardware's description of faults.
 */
struct drm_acc_fault {
	/** @cause: ACC_FAULT_*. */
	__u32 cause;
	/** @access: ACC_ACCESS_*, for memory faults. */
	__u32 access;
	/** @queue_id: Queue. */
	__u32 queue_id;
	/** @lane_mask: Threads of the warp that faulted together. */
	__u32 lane_mask;
	/** @packet_index: Index of the packet in its queue. */
	__u64 packet_index;
	/** @pc: GPU address of the instruction, 0 when none. */
	__u64 pc;
	/** @address: Address that was accessed. */
	__u64 address;
	/** @kernel: GPU address of the kernel descriptor, 0 when none. */
	__u64 kernel;
	/** @block: Index of the thread block. */
	__u32 block[3];
	/** @thread: Index of the thread in its block. */
	__u32 thread[3];
	/** @info: Trap code, field offset, as @cause has it. */
	__u64 info;
	/** @access_bytes: Size of the access. */
	__u32 access_bytes;
	/** @compute_unit: Where it ran. */
	__u32 compute_unit;
	/** @warp: Warp of the block. */
	__u32 warp;
	/** @pad: Zero. */
	__u32 pad;
};

/** struct drm_acc_fault_get - argument of &DRM_IOCTL_ACC_FAULT_GET */
struct drm_acc_fault_get {
	/** @vm_id: Address space. */
	__u32 vm_id;
	/** @flags: Must be zero. */
	__u32 flags;
	/**
	 * @faults: Array of &struct drm_acc_fault to fill, oldest first; its count becomes the
	 * number taken, 0 when there is none.
	 */
	struct drm_acc_obj_array faults;
};

/* --- numbers ------------------------------------------------------------------- */

#define DRM_IOCTL_ACC_DEV_QUERY \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_DEV_QUERY, struct drm_acc_dev_query)
#define DRM_IOCTL_ACC_VM_CREATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_VM_CREATE, struct drm_acc_vm_create)
#define DRM_IOCTL_ACC_VM_DESTROY \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_VM_DESTROY, struct drm_acc_vm_destroy)
#define DRM_IOCTL_ACC_VM_GET_STATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_VM_GET_STATE, struct drm_acc_vm_get_state)
#define DRM_IOCTL_ACC_VM_BIND \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_VM_BIND, struct drm_acc_vm_bind)
#define DRM_IOCTL_ACC_BO_CREATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_BO_CREATE, struct drm_acc_bo_create)
#define DRM_IOCTL_ACC_BO_MMAP_OFFSET \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_BO_MMAP_OFFSET, struct drm_acc_bo_mmap_offset)
#define DRM_IOCTL_ACC_QUEUE_CREATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_QUEUE_CREATE, struct drm_acc_queue_create)
#define DRM_IOCTL_ACC_QUEUE_DESTROY \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_QUEUE_DESTROY, struct drm_acc_queue_destroy)
#define DRM_IOCTL_ACC_QUEUE_GET_STATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_QUEUE_GET_STATE, struct drm_acc_queue_get_state)
#define DRM_IOCTL_ACC_QUEUE_SET_PROPERTY \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_QUEUE_SET_PROPERTY, struct drm_acc_queue_set_property)
#define DRM_IOCTL_ACC_QUEUE_SYNC \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_QUEUE_SYNC, struct drm_acc_queue_sync)
#define DRM_IOCTL_ACC_WAIT_FENCE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_WAIT_FENCE, struct drm_acc_wait_fence)
#define DRM_IOCTL_ACC_FAULT_GET \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_FAULT_GET, struct drm_acc_fault_get)
#define DRM_IOCTL_ACC_FENCE_EVENTFD \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_ACC_FENCE_EVENTFD, struct drm_acc_fence_eventfd)

#if defined(__cplusplus)
}
#endif

#endif /* _ACC_DRM_H_ */
