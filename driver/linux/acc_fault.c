// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Faults
 *
 * The device writes a report of each fault into a FIFO and halts the queue. The driver moves
 * reports to the address space they happened in, where FAULT_GET of its owner (and nobody else)
 * finds them, translates the hardware queue number to the process's, and stops the queue. A queue
 * gives its hardware number away only after the FIFO has been read, so a report cannot meet the
 * number's next owner.
 *
 * Reports are in their list before waiters wake: who sees ECANCELED finds the reason.
 */

#include <linux/ratelimit.h>
#include <linux/uaccess.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "acc_device.h"
#include "acc_fault.h"
#include "acc_queue.h"
#include "acc_trace.h"
#include "acc_vm.h"

/* Size of the first version of struct drm_acc_fault, the least that a caller may pass. */
#define ACC_FAULT_MIN_STRIDE offsetofend(struct drm_acc_fault, pad)
/* Records per visit; the FIFO is as long, so only a device gone mad has more. */
#define ACC_FAULT_FIFO_LENGTH 64

void acc_fault_list_init(struct acc_fault_list *list)
{
	spin_lock_init(&list->lock);
	list->head = 0;
	list->count = 0;
	list->lost = 0;
}

static void acc_fault_list_add(struct acc_fault_list *list, const struct drm_acc_fault *fault)
{
	spin_lock(&list->lock);
	if (list->count < ACC_FAULTS_KEPT) {
		list->ring[(list->head + list->count) % ACC_FAULTS_KEPT] = *fault;
		list->count++;
	} else {
		list->lost++;
	}
	spin_unlock(&list->lock);
}

static bool acc_fault_list_take(struct acc_fault_list *list, struct drm_acc_fault *fault)
{
	bool taken;

	spin_lock(&list->lock);
	taken = list->count;
	if (taken) {
		*fault = list->ring[list->head];
		list->head = (list->head + 1) % ACC_FAULTS_KEPT;
		list->count--;
	}
	spin_unlock(&list->lock);
	return taken;
}

/* The taker could not be given what it took: it is the oldest again, if there is still room. */
static void acc_fault_list_untake(struct acc_fault_list *list, const struct drm_acc_fault *fault)
{
	spin_lock(&list->lock);
	if (list->count < ACC_FAULTS_KEPT) {
		list->head = (list->head + ACC_FAULTS_KEPT - 1) % ACC_FAULTS_KEPT;
		list->ring[list->head] = *fault;
		list->count++;
	} else {
		list->lost++;
	}
	spin_unlock(&list->lock);
}

static void acc_fault_read_record(struct acc_device *acc, struct acc_fault_record *record)
{
	u64 *words = (u64 *)record;
	unsigned int i;

	BUILD_BUG_ON(sizeof(*record) != 16 * sizeof(u64));
	for (i = 0; i < sizeof(*record) / sizeof(u64); i++)
		words[i] = acc_read64(acc, ACC_FAULTS_RECORD(i));
}

static void acc_fault_translate(const struct acc_fault_record *record, u32 queue_id,
				struct drm_acc_fault *fault)
{
	*fault = (struct drm_acc_fault) {
		.cause = record->cause,
		.access = record->access,
		.queue_id = queue_id,
		.lane_mask = record->lane_mask,
		.packet_index = record->packet_index,
		.pc = record->pc,
		.address = record->address,
		.kernel = record->kernel,
		.block = { record->block[0], record->block[1], record->block[2] },
		.thread = { record->thread[0], record->thread[1], record->thread[2] },
		.info = record->info,
		.access_bytes = record->access_bytes,
		.compute_unit = record->compute_unit,
		.warp = record->warp,
	};
}

static const char *acc_fault_cause(u32 cause)
{
	static const char * const names[] = {
		[ACC_FAULT_NONE] = "none",
		[ACC_FAULT_ILLEGAL_INSTRUCTION] = "illegal instruction",
		[ACC_FAULT_UNMAPPED] = "unmapped address",
		[ACC_FAULT_PERMISSION] = "permission",
		[ACC_FAULT_MISALIGNED] = "misaligned address",
		[ACC_FAULT_SHARED_RANGE] = "shared memory range",
		[ACC_FAULT_LOCAL_RANGE] = "local memory range",
		[ACC_FAULT_TRAP] = "trap",
		[ACC_FAULT_BREAKPOINT] = "breakpoint",
		[ACC_FAULT_INVALID_PC] = "invalid pc",
		[ACC_FAULT_WARP_OP] = "warp operation",
		[ACC_FAULT_BARRIER] = "barrier",
		[ACC_FAULT_INVALID_PACKET] = "invalid packet",
		[ACC_FAULT_INVALID_KERNEL] = "invalid kernel",
		[ACC_FAULT_INVALID_LAUNCH] = "invalid launch",
		[ACC_FAULT_HANG] = "watchdog",
		[ACC_FAULT_ECC] = "memory error",
		[ACC_FAULT_DEADLOCK] = "deadlock",
		[ACC_FAULT_IMAGE] = "texture or surface",
		[ACC_FAULT_SURFACE_RANGE] = "surface range",
	};

	return cause < ARRAY_SIZE(names) && names[cause] ? names[cause] : "unknown";
}

/* For who looks after the machine; the process gets the whole report. */
static void acc_fault_log(struct acc_device *acc, const struct acc_queue *queue,
			  const struct acc_fault_record *record)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);

	if (!__ratelimit(&limit))
		return;
	drm_notice(&acc->drm, "fault: %s (%u), queue %u of %s[%d], address 0x%llx, pc 0x%llx\n",
		   acc_fault_cause(record->cause), record->cause, queue->id, queue->comm,
		   queue->pid, record->address, record->pc);
}

/* Returns the reference to the address space that the caller has to give back, or NULL. */
static struct acc_vm *acc_fault_deliver(struct acc_device *acc,
					const struct acc_fault_record *record)
{
	struct acc_queue *queue = acc_queue_from_hw(acc, record->queue);
	struct acc_vm *vm = acc_vm_from_vmid(acc, record->vmid);
	struct drm_acc_fault fault;

	trace_acc_fault(acc, record);
	atomic64_inc(&acc->counters.faults);
	if (queue && vm && READ_ONCE(queue->vm) == vm) {
		acc_fault_translate(record, queue->id, &fault);
		acc_fault_list_add(&vm->faults, &fault);
		acc_fault_log(acc, queue, record);
		acc_queue_stopped(queue, DRM_ACC_QUEUE_STATE_FAULT);
	} else {
		atomic64_inc(&acc->counters.faults_stray);
	}
	if (queue)
		acc_queue_put(queue);
	return vm;
}

void acc_fault_drain(struct acc_device *acc)
{
	struct acc_vm *vms[ACC_FAULT_FIFO_LENGTH];
	struct acc_fault_record record;
	unsigned int i;
	u32 count;

	mutex_lock(&acc->fault_lock);
	for (i = 0; i < ACC_FAULT_FIFO_LENGTH && !READ_ONCE(acc->lost); i++) {
		count = acc_read32(acc, ACC_FAULTS_COUNT);
		if (!count || count == U32_MAX)
			break;
		acc_fault_read_record(acc, &record);
		acc_write32(acc, ACC_FAULTS_POP, 1);
		vms[i] = acc_fault_deliver(acc, &record);
	}
	mutex_unlock(&acc->fault_lock);
	/* Perhaps the last references, whose end takes the locks of an address space. */
	while (i--)
		if (vms[i])
			acc_vm_put(vms[i]);
}

static int acc_fault_copy(const struct drm_acc_fault *fault, u64 user, u32 stride)
{
	size_t bytes = min_t(size_t, stride, sizeof(*fault));

	if (copy_to_user(u64_to_user_ptr(user), fault, bytes) ||
	    clear_user(u64_to_user_ptr(user + bytes), stride - bytes))
		return -EFAULT;
	return 0;
}

int acc_ioctl_fault_get(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_fault_get *args = data;
	struct drm_acc_obj_array *array = &args->faults;
	u32 wanted = array->count, taken = 0;
	struct drm_acc_fault fault;
	struct acc_vm *vm;
	int ret = 0, idx;

	if (args->flags)
		return -EINVAL;
	if (wanted && (array->stride < ACC_FAULT_MIN_STRIDE ||
		       array->stride > ACC_STRUCT_BYTES_MAX ||
		       !IS_ALIGNED(array->stride, sizeof(u64))))
		return -EINVAL;
	vm = acc_vm_lookup(file->driver_priv, args->vm_id);
	if (!vm)
		return -ENOENT;

	/* The process may have seen the halt in memory before the interrupt came. */
	if (drm_dev_enter(drm, &idx)) {
		acc_fault_drain(to_acc(drm));
		drm_dev_exit(idx);
	}
	while (taken < wanted && acc_fault_list_take(&vm->faults, &fault)) {
		ret = acc_fault_copy(&fault, array->array + (u64)taken * array->stride,
				     array->stride);
		if (ret) {
			acc_fault_list_untake(&vm->faults, &fault);
			break;
		}
		taken++;
	}
	acc_vm_put(vm);
	/* Those taken must be told, so an error after them is for the next call. */
	if (ret && !taken)
		return ret;
	array->count = taken;
	return 0;
}
