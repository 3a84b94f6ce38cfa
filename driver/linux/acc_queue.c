// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: User-mode queues
 *
 * Life of a queue: created with a hardware number, enabled at once; stopped for good by a fault, a
 * hang or a device reset (@state says which, the number stays); destroyed by its owner, from when
 * on the hardware number is free. References (waiters, fences, doorbell mappings, the interrupt
 * handler for a moment) keep the memory, never the hardware.
 */

#include <linux/capability.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "uapi/drm/acc_drm.h"

#include "acc_device.h"
#include "acc_fault.h"
#include "acc_queue.h"
#include "acc_reset.h"
#include "acc_trace.h"
#include "acc_vm.h"

/* One file may have this part of the device's queues, so that others find some. */
#define ACC_QUEUE_SHARE 4
#define ACC_RING_PACKETS_MIN 16
#define ACC_RING_PACKETS_MAX 65536
/* What a process may see of the state; ACTIVE is added from the device. */
#define ACC_QUEUE_STATE_UAPI (DRM_ACC_QUEUE_STATE_FAULT | DRM_ACC_QUEUE_STATE_HUNG | \
			      DRM_ACC_QUEUE_STATE_LOST)

/* --- references and lookups ------------------------------------------------ */

static void acc_queue_release(struct kref *ref)
{
	struct acc_queue *queue = container_of(ref, struct acc_queue, ref);

	__free_page(queue->doorbell_dummy);
	kfree(queue);
}

struct acc_queue *acc_queue_get(struct acc_queue *queue)
{
	kref_get(&queue->ref);
	return queue;
}

void acc_queue_put(struct acc_queue *queue)
{
	kref_put(&queue->ref, acc_queue_release);
}

struct acc_queue *acc_queue_lookup(struct acc_file *file, u32 id)
{
	struct acc_queue *queue;

	xa_lock(&file->queues);
	queue = xa_load(&file->queues, id);
	if (queue && !test_bit(0, &queue->dying))
		acc_queue_get(queue);
	else
		queue = NULL;
	xa_unlock(&file->queues);
	return queue;
}

struct acc_queue *acc_queue_from_hw(struct acc_device *acc, u32 hw)
{
	struct acc_queue *queue;
	unsigned long flags;

	if (hw >= acc->info.queues)
		return NULL;
	spin_lock_irqsave(&acc->queue_lock, flags);
	queue = acc->queues[hw];
	if (queue)
		acc_queue_get(queue);
	spin_unlock_irqrestore(&acc->queue_lock, flags);
	return queue;
}

/* --- completion and stops, from any context --------------------------------- */

void acc_queue_arm(struct acc_queue *queue)
{
	int idx;

	/* A stopped queue completes nothing, a destroyed one's number may be somebody else's. */
	if (READ_ONCE(queue->state) || READ_ONCE(queue->acc->lost))
		return;
	if (!drm_dev_enter(&queue->acc->drm, &idx))
		return;
	acc_write32(queue->acc, ACC_QUEUE_IRQ_ARM(queue->hw), 1);
	drm_dev_exit(idx);
}

void acc_queue_wake(struct acc_queue *queue)
{
	atomic_inc(&queue->wakes);
	wake_up_all(&queue->wait);
}

void acc_queue_completed(struct acc_queue *queue)
{
	unsigned long flags;
	bool remain;

	spin_lock_irqsave(&queue->lock, flags);
	remain = acc_queue_fences_check(queue);
	spin_unlock_irqrestore(&queue->lock, flags);
	if (remain) {
		/* Armed before the second look, else what completes in between is not told. */
		acc_queue_arm(queue);
		spin_lock_irqsave(&queue->lock, flags);
		acc_queue_fences_check(queue);
		spin_unlock_irqrestore(&queue->lock, flags);
	}
	acc_queue_wake(queue);
}

void acc_queue_stopped(struct acc_queue *queue, u32 state_bit)
{
	unsigned long flags;
	bool news;

	spin_lock_irqsave(&queue->lock, flags);
	news = !(queue->state & state_bit);
	WRITE_ONCE(queue->state, queue->state | state_bit);
	/* What the device did store before it stopped counts. */
	acc_queue_fences_check(queue);
	acc_queue_fences_cancel(queue);
	spin_unlock_irqrestore(&queue->lock, flags);
	if (news)
		trace_acc_queue_halt(queue, state_bit);
	acc_queue_wake(queue);
}

/* --- creation and destruction ------------------------------------------------ */

static int acc_queue_check_priority(u64 priority)
{
	if (priority > ACC_PRIORITY_HIGHEST)
		return -EINVAL;
	if (priority > ACC_PRIORITY_UNPRIVILEGED && !capable(CAP_SYS_NICE))
		return -EACCES;
	return 0;
}

static int acc_queue_check_args(const struct drm_acc_queue_create *args)
{
	if (args->flags)
		return -EINVAL;
	if (!is_power_of_2(args->ring_packets) || args->ring_packets < ACC_RING_PACKETS_MIN ||
	    args->ring_packets > ACC_RING_PACKETS_MAX)
		return -EINVAL;
	if (!IS_ALIGNED(args->ring_va, ACC_PAGE_BYTES) ||
	    !IS_ALIGNED(args->control_va, ACC_PAGE_BYTES))
		return -EINVAL;
	return acc_queue_check_priority(args->priority);
}

static struct acc_queue *acc_queue_alloc(struct acc_file *file,
					 const struct drm_acc_queue_create *args)
{
	struct acc_queue *queue = kzalloc(sizeof(*queue), GFP_KERNEL_ACCOUNT);

	if (!queue)
		return NULL;
	/* Here, so that a page fault after destruction cannot fail. */
	queue->doorbell_dummy = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!queue->doorbell_dummy) {
		kfree(queue);
		return NULL;
	}
	kref_init(&queue->ref);
	queue->acc = file->acc;
	queue->file = file;
	queue->pid = task_tgid_nr(current);
	get_task_comm(queue->comm, current);
	queue->hw = -1;
	spin_lock_init(&queue->lock);
	init_waitqueue_head(&queue->wait);
	INIT_LIST_HEAD(&queue->fences);
	mutex_init(&queue->command_lock);
	mutex_init(&queue->doorbell_lock);
	queue->ring_va = args->ring_va;
	queue->control_va = args->control_va;
	queue->ring_packets = args->ring_packets;
	queue->priority = args->priority;
	queue->watchdog_ms = args->watchdog_ms;
	return queue;
}

static int acc_queue_take_number(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	atomic_t *count = &queue->file->queue_count;
	unsigned long flags;
	int ret = -EBUSY;
	u32 hw;

	if (atomic_inc_return(count) > DIV_ROUND_UP(acc->info.queues, ACC_QUEUE_SHARE)) {
		atomic_dec(count);
		return -EBUSY;
	}
	spin_lock_irqsave(&acc->queue_lock, flags);
	for (hw = 0; hw < acc->info.queues; hw++) {
		if (acc->queues[hw])
			continue;
		acc->queues[hw] = queue;
		queue->hw = hw;
		ret = 0;
		break;
	}
	spin_unlock_irqrestore(&acc->queue_lock, flags);
	if (ret)
		atomic_dec(count);
	return ret;
}

static void acc_queue_give_number(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	unsigned long flags;

	spin_lock_irqsave(&acc->queue_lock, flags);
	acc->queues[queue->hw] = NULL;
	spin_unlock_irqrestore(&acc->queue_lock, flags);
	atomic_dec(&queue->file->queue_count);
}

/*
 * Hardware number, hardware address space, enable: all or nothing. One read section of reset.lock,
 * so that a reset sees a queue that runs or none.
 */
static int acc_queue_start(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	int ret;

	down_read(&acc->reset.lock);
	ret = READ_ONCE(acc->lost) ? -ENODEV : acc_vm_hw_get(queue->vm);
	if (ret)
		goto out;
	ret = acc_queue_take_number(queue);
	if (ret)
		goto err_vm;
	mutex_lock(&queue->command_lock);
	ret = acc_queue_hw_enable(queue);
	mutex_unlock(&queue->command_lock);
	if (ret)
		goto err_number;
	goto out;

err_number:
	acc_queue_give_number(queue);
err_vm:
	acc_vm_hw_put(queue->vm);
out:
	up_read(&acc->reset.lock);
	if (ret == -ETIMEDOUT) {
		acc_reset_now(acc, "a queue cannot be enabled");
		ret = -EIO;
	}
	return ret;
}

/* Stops the hardware; with nothing left of the queue in the device, its fault report included. */
static void acc_queue_stop_hw(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	int ret, idx;

	if (!drm_dev_enter(&acc->drm, &idx))
		return;
	down_read(&acc->reset.lock);
	mutex_lock(&queue->command_lock);
	/* Not afterwards: a device reset may have cleared the counters. */
	acc_queue_hw_sample(queue);
	ret = acc_queue_hw_disable(queue);
	mutex_unlock(&queue->command_lock);
	up_read(&acc->reset.lock);

	if (ret == -ETIMEDOUT)
		acc_reset_now(acc, "a queue does not stop");
	acc_fault_drain(acc);
	drm_dev_exit(idx);
}

/* Takes the queue, which nobody can look up any more, off the device. */
static void acc_queue_kill(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	struct acc_vm *vm = queue->vm;

	acc_queue_stopped(queue, ACC_QUEUE_STATE_KILLED);
	acc_doorbell_revoke(queue);
	acc_queue_stop_hw(queue);
	trace_acc_queue_destroy(queue, queue->state);

	down_read(&acc->reset.lock);
	acc_queue_give_number(queue);
	acc_vm_hw_put(vm);
	mutex_lock(&queue->command_lock);
	WRITE_ONCE(queue->vm, NULL);
	mutex_unlock(&queue->command_lock);
	up_read(&acc->reset.lock);
	/*
	 * An address space that did not obey has asked for a reset: until that is over the device
	 * may use its translations, so nothing may be freed.
	 */
	flush_work(&acc->reset.work);
	acc_vm_put(vm);
}

/* True for the one caller that may destroy it. */
static bool acc_queue_claim(struct acc_queue *queue)
{
	return !test_and_set_bit(0, &queue->dying);
}

static void acc_queue_destroy(struct acc_queue *queue)
{
	struct acc_file *file = queue->file;

	acc_queue_kill(queue);
	/* Together under the lock, so that the file's run time never goes back. */
	xa_lock(&file->queues);
	__xa_erase(&file->queues, queue->id);
	atomic64_add(queue->runtime_ns, &file->runtime_ns);
	xa_unlock(&file->queues);
	acc_queue_put(queue);
}

void acc_queue_release_all(struct acc_file *file)
{
	struct acc_queue *queue;
	unsigned long id;

	xa_for_each(&file->queues, id, queue)
		if (acc_queue_claim(queue))
			acc_queue_destroy(queue);
}

int acc_ioctl_queue_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct acc_file *afile = file->driver_priv;
	struct acc_device *acc = to_acc(drm);
	struct drm_acc_queue_create *args = data;
	struct acc_queue *queue;
	int ret, idx;

	ret = acc_queue_check_args(args);
	if (ret)
		return ret;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	ret = -ENODEV;
	if (READ_ONCE(acc->lost))
		goto out;

	ret = -ENOMEM;
	queue = acc_queue_alloc(afile, args);
	if (!queue)
		goto out;
	ret = -ENOENT;
	queue->vm = acc_vm_lookup(afile, args->vm_id);
	if (!queue->vm)
		goto err_queue;
	/* Else every packet would be a fault; the device looks at the control block only. */
	ret = -EINVAL;
	if (!acc_vm_is_mapped(queue->vm, args->ring_va, (u64)args->ring_packets * ACC_PACKET_BYTES,
			      false) ||
	    !acc_vm_is_mapped(queue->vm, args->control_va, ACC_PAGE_BYTES, true))
		goto err_vm;
	/* The number is reserved first and names the queue last, when nothing can fail. */
	ret = xa_alloc(&afile->queues, &queue->id, NULL, xa_limit_31b, GFP_KERNEL);
	if (ret)
		goto err_vm;
	ret = acc_queue_start(queue);
	if (ret)
		goto err_id;

	acc_reset_watch(acc);
	trace_acc_queue_create(queue);
	args->queue_id = queue->id;
	args->doorbell_offset = acc_doorbell_offset(queue);
	xa_store(&afile->queues, queue->id, queue, GFP_KERNEL);
	goto out;

err_id:
	xa_erase(&afile->queues, queue->id);
err_vm:
	acc_vm_put(queue->vm);
err_queue:
	acc_queue_put(queue);
out:
	drm_dev_exit(idx);
	return ret;
}

int acc_ioctl_queue_destroy(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_queue_destroy *args = data;
	struct acc_queue *queue;

	if (args->pad)
		return -EINVAL;
	queue = acc_queue_lookup(file->driver_priv, args->queue_id);
	if (!queue)
		return -ENOENT;
	if (!acc_queue_claim(queue)) {
		acc_queue_put(queue);
		return -ENOENT;
	}
	acc_queue_destroy(queue);
	acc_queue_put(queue);
	return 0;
}

/* --- state and properties ------------------------------------------------------ */

/* Reads the device's view; finds also a halt whose interrupt was lost. */
static u32 acc_queue_sample(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	u32 status;

	down_read(&acc->reset.lock);
	mutex_lock(&queue->command_lock);
	status = acc_queue_hw_sample(queue);
	mutex_unlock(&queue->command_lock);
	up_read(&acc->reset.lock);
	if (status & ACC_QUEUE_STATUS_HALTED_MASK) {
		acc_fault_drain(acc);
		acc_queue_stopped(queue, DRM_ACC_QUEUE_STATE_FAULT);
	}
	return status;
}

int acc_ioctl_queue_get_state(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_queue_get_state *args = data;
	struct acc_queue *queue;
	u32 status, state;
	int idx;

	queue = acc_queue_lookup(file->driver_priv, args->queue_id);
	if (!queue)
		return -ENOENT;
	if (!drm_dev_enter(drm, &idx)) {
		acc_queue_put(queue);
		return -ENODEV;
	}
	status = acc_queue_sample(queue);
	drm_dev_exit(idx);

	state = READ_ONCE(queue->state) & ACC_QUEUE_STATE_UAPI;
	if (!state && (status & ACC_QUEUE_STATUS_ACTIVE_MASK))
		state = DRM_ACC_QUEUE_STATE_ACTIVE;
	args->state = state;
	mutex_lock(&queue->command_lock);
	args->read_index = queue->read_index;
	args->runtime_ns = queue->runtime_ns;
	mutex_unlock(&queue->command_lock);
	acc_queue_put(queue);
	return READ_ONCE(to_acc(drm)->lost) ? -ENODEV : 0;
}

u64 acc_queue_file_runtime(struct acc_file *file)
{
	struct acc_queue *queue;
	unsigned long id;
	u64 sum = 0;

	/* The counters are read with a reference and no lock, then added up under the lock. */
	xa_for_each(&file->queues, id, queue) {
		queue = acc_queue_lookup(file, id);
		if (!queue)
			continue;
		acc_queue_sample(queue);
		acc_queue_put(queue);
	}
	xa_lock(&file->queues);
	xa_for_each(&file->queues, id, queue)
		sum += READ_ONCE(queue->runtime_ns);
	sum += atomic64_read(&file->runtime_ns);
	xa_unlock(&file->queues);
	return sum;
}

/* Called with command_lock and reset.lock held. What a stopped queue has is of no consequence. */
static void acc_queue_apply_property(struct acc_queue *queue, u32 property, u64 value)
{
	struct acc_device *acc = queue->acc;
	bool live = queue->enabled && !READ_ONCE(acc->lost);

	switch (property) {
	case DRM_ACC_QUEUE_PROPERTY_PRIORITY:
		queue->priority = value;
		if (live)
			acc_write32(acc, ACC_QUEUE_PRIORITY(queue->hw), value);
		break;
	case DRM_ACC_QUEUE_PROPERTY_WATCHDOG_MS:
		queue->watchdog_ms = value;
		if (live)
			acc_write32(acc, ACC_QUEUE_WATCHDOG_MS(queue->hw), value);
		break;
	case DRM_ACC_QUEUE_PROPERTY_PRINTF_BUFFER:
		queue->printf_va = value;
		if (live)
			acc_write64(acc, ACC_QUEUE_PRINTF(queue->hw), value);
		break;
	case DRM_ACC_QUEUE_PROPERTY_DEVICE_HEAP:
		queue->heap_va = value;
		if (live)
			acc_write64(acc, ACC_QUEUE_HEAP(queue->hw), value);
		break;
	}
}

static int acc_queue_check_property(u32 property, u64 value)
{
	switch (property) {
	case DRM_ACC_QUEUE_PROPERTY_PRIORITY:
		return acc_queue_check_priority(value);
	case DRM_ACC_QUEUE_PROPERTY_WATCHDOG_MS:
		return value > U32_MAX ? -EINVAL : 0;
	case DRM_ACC_QUEUE_PROPERTY_PRINTF_BUFFER:
	case DRM_ACC_QUEUE_PROPERTY_DEVICE_HEAP:
		return 0; /* the device checks each access */
	default:
		return -EINVAL;
	}
}

int acc_ioctl_queue_set_property(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_queue_set_property *args = data;
	struct acc_device *acc = to_acc(drm);
	struct acc_queue *queue;
	int ret, idx;

	ret = acc_queue_check_property(args->property, args->value);
	if (ret)
		return ret;
	queue = acc_queue_lookup(file->driver_priv, args->queue_id);
	if (!queue)
		return -ENOENT;
	ret = -ENODEV;
	if (!drm_dev_enter(drm, &idx))
		goto out;
	if (!READ_ONCE(acc->lost)) {
		down_read(&acc->reset.lock);
		mutex_lock(&queue->command_lock);
		acc_queue_apply_property(queue, args->property, args->value);
		mutex_unlock(&queue->command_lock);
		up_read(&acc->reset.lock);
		ret = 0;
	}
	drm_dev_exit(idx);
out:
	acc_queue_put(queue);
	return ret;
}
