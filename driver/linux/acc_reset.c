// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Hangs and resets
 *
 * From small to large:
 *
 * - A queue that was given the device for hang_check_ms and did nothing is reset. What counts is
 *   the device's own account (STALLED_NS), not the clock: on a busy machine a queue may wait for
 *   its turn for as long as the others' work and the host's load make it. A kernel that loops, or
 *   waits for a value, does something: that is the process's own watchdog.
 * - A queue or an address space that does not obey a command leads to a reset of the device: all
 *   queues of all processes are LOST, address spaces and buffers stay (device memory survives),
 *   programs make new queues. The same happens when somebody else resets the function (sysfs).
 * - A device that is not ready after that, or does not answer at all, is lost for good: every call
 *   fails with ENODEV until the driver is bound again.
 *
 * The hang check also looks after what a lost interrupt would leave behind: fences whose value is
 * there, queues that halted, a device that is gone.
 */

#include <linux/delay.h>
#include <linux/pci.h>

#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "uapi/drm/acc_drm.h"

#include "acc_device.h"
#include "acc_fault.h"
#include "acc_queue.h"
#include "acc_reset.h"
#include "acc_trace.h"
#include "acc_vm.h"

/* Looks per hang_check_ms: how much later than that a queue is found. */
#define ACC_HANG_LOOKS 2

/* --- a queue that hangs --------------------------------------------------------- */

/* -ETIMEDOUT: the queue cannot even be reset. */
static int acc_hang_reset_queue(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	u32 status = acc_queue_hw_sample(queue);
	int ret;

	trace_acc_queue_reset(queue, status);
	drm_warn(&acc->drm, "queue %u of %s[%d] (hardware queue %d) hangs at packet %llu, reset\n",
		 queue->id, queue->comm, queue->pid, queue->hw, queue->read_index);
	ret = acc_queue_hw_reset(queue);
	if (ret)
		return ret;
	atomic64_inc(&acc->counters.queue_resets);
	acc_queue_stopped(queue, DRM_ACC_QUEUE_STATE_HUNG);
	return 0;
}

/* A look without the lock: is there a reason to take it? */
static bool acc_hang_suspects(struct acc_queue *queue)
{
	u32 status;

	if (READ_ONCE(queue->state))
		return false;
	status = acc_read32(queue->acc, ACC_QUEUE_STATUS(queue->hw));
	if (status == U32_MAX) {
		acc_device_check_lost(queue->acc);
		return false;
	}
	/* Whoever commands it waits for the end of the command and finds out by itself. */
	if (status & ACC_QUEUE_STATUS_BUSY_MASK)
		return false;
	return status & ACC_QUEUE_STATUS_HALTED_MASK || acc_queue_hw_stalled(queue);
}

/* With command_lock: the queue has its number. -ETIMEDOUT: only a device reset helps. */
static int acc_hang_judge(struct acc_queue *queue)
{
	u32 status = acc_read32(queue->acc, ACC_QUEUE_STATUS(queue->hw));

	if (status != U32_MAX && status & ACC_QUEUE_STATUS_HALTED_MASK) {
		/* The interrupt that told so was lost. */
		acc_fault_drain(queue->acc);
		acc_queue_stopped(queue, DRM_ACC_QUEUE_STATE_FAULT);
		return 0;
	}
	return acc_queue_hw_stalled(queue) ? acc_hang_reset_queue(queue) : 0;
}

static int acc_hang_check_queue(struct acc_queue *queue)
{
	int ret = 0;

	/* Lost interrupt: what it would have done. */
	if (!list_empty_careful(&queue->fences))
		acc_queue_completed(queue);

	if (!acc_hang_suspects(queue))
		return 0;
	/* Others hold the lock for a few register accesses only, as long as it is not BUSY. */
	mutex_lock(&queue->command_lock);
	if (queue->enabled && !READ_ONCE(queue->state))
		ret = acc_hang_judge(queue);
	mutex_unlock(&queue->command_lock);
	return ret;
}

static void acc_hang_check(struct work_struct *work)
{
	struct acc_device *acc = container_of(work, struct acc_device, reset.hang_check.work);
	unsigned int hw, alive = 0;
	bool helpless = false;
	int idx;

	if (!drm_dev_enter(&acc->drm, &idx))
		return;
	down_read(&acc->reset.lock);
	atomic64_inc(&acc->counters.hang_checks);
	if (!READ_ONCE(acc->lost))
		acc_irq_poll(acc);
	for (hw = 0; hw < acc->info.queues && !READ_ONCE(acc->lost); hw++) {
		struct acc_queue *queue = acc_queue_from_hw(acc, hw);

		if (!queue)
			continue;
		alive++;
		if (acc_hang_check_queue(queue) == -ETIMEDOUT) {
			helpless = true;
			acc_queue_put(queue);
			break;
		}
		acc_queue_put(queue);
	}
	up_read(&acc->reset.lock);

	if (helpless)
		acc_reset_schedule(acc, "a hung queue cannot be reset");
	if (alive && !READ_ONCE(acc->lost))
		acc_reset_watch(acc);
	drm_dev_exit(idx);
}

void acc_reset_watch(struct acc_device *acc)
{
	unsigned int period = max(acc_hang_check_ms / ACC_HANG_LOOKS, 1u);

	if (acc_hang_check_ms)
		queue_delayed_work(acc->reset.wq, &acc->reset.hang_check,
				   msecs_to_jiffies(period));
}

/* --- the device ------------------------------------------------------------------ */

void acc_reset_stop_queues(struct acc_device *acc)
{
	unsigned int hw;

	for (hw = 0; hw < acc->info.queues; hw++) {
		struct acc_queue *queue = acc_queue_from_hw(acc, hw);

		if (!queue)
			continue;
		mutex_lock(&queue->command_lock);
		if (queue->enabled) {
			acc_queue_hw_sample(queue);
			queue->enabled = false;
		}
		mutex_unlock(&queue->command_lock);
		acc_queue_stopped(queue, DRM_ACC_QUEUE_STATE_LOST);
		acc_queue_put(queue);
	}
}

/* The device is fresh from a reset: brings back what outlives one. reset.lock held for writing. */
static int acc_reset_restore(struct acc_device *acc)
{
	int ret = acc_device_wait_ready(acc);

	if (ret)
		return ret;
	acc_irq_enable_events(acc);
	return acc_vm_hw_restore(acc);
}

static void acc_reset_finish(struct acc_device *acc, int ret)
{
	int generation = atomic_inc_return(&acc->reset.generation);

	trace_acc_device_reset(acc, generation, ret);
	atomic64_inc(&acc->counters.device_resets);
	if (ret)
		acc_device_mark_lost(acc, "a reset does not bring it back");
	else
		drm_info(&acc->drm, "device reset %d done\n", generation);
}

static void acc_reset_work(struct work_struct *work)
{
	struct acc_device *acc = container_of(work, struct acc_device, reset.work);
	int ret, idx;

	if (!drm_dev_enter(&acc->drm, &idx))
		return;
	down_write(&acc->reset.lock);
	if (!acc_device_check_lost(acc)) {
		acc_fault_drain(acc);
		acc_reset_stop_queues(acc);
		/* No reader of the FIFO while its registers may be stale. */
		mutex_lock(&acc->fault_lock);
		acc_write32(acc, ACC_DEV_RESET, ACC_DEV_RESET_KEY);
		ret = acc_reset_restore(acc);
		mutex_unlock(&acc->fault_lock);
		acc_reset_finish(acc, ret);
	}
	up_write(&acc->reset.lock);
	drm_dev_exit(idx);
}

void acc_reset_schedule(struct acc_device *acc, const char *why)
{
	if (READ_ONCE(acc->lost))
		return;
	if (queue_work(acc->reset.wq, &acc->reset.work))
		drm_warn(&acc->drm, "device reset: %s\n", why);
}

void acc_reset_now(struct acc_device *acc, const char *why)
{
	acc_reset_schedule(acc, why);
	flush_work(&acc->reset.work);
}

/*
 * The PCI core resets the function: from here to reset_done its registers do not answer, so nobody
 * may look at them. reset.lock is kept in between. The core holds the device's own lock all the
 * time, so unbind does not interfere.
 */
void acc_reset_prepare(struct pci_dev *pdev)
{
	struct acc_device *acc = pci_get_drvdata(pdev);

	down_write(&acc->reset.lock);
	if (!acc_device_check_lost(acc)) {
		acc_fault_drain(acc);
		acc_reset_stop_queues(acc);
	}
	acc_irq_quiesce(acc);
}

void acc_reset_done(struct pci_dev *pdev)
{
	struct acc_device *acc = pci_get_drvdata(pdev);

	acc_irq_resume(acc);
	if (!READ_ONCE(acc->lost))
		acc_reset_finish(acc, acc_reset_restore(acc));
	up_write(&acc->reset.lock);
}

void acc_reset_quiesce(struct acc_device *acc)
{
	down_write(&acc->reset.lock);
	acc_reset_stop_queues(acc);
	pci_clear_master(acc->pdev);
	/* It may only be called lost (unbind); one that is not there does not mind. */
	acc_write32(acc, ACC_DEV_RESET, ACC_DEV_RESET_KEY);
	acc_device_wait_ready(acc);
	/* The reset has arrived, and behind it what the device still had on the way to memory. */
	acc_read32(acc, ACC_DEV_STATUS);
	pci_wait_for_pending_transaction(acc->pdev);
	up_write(&acc->reset.lock);
}

static void acc_reset_destroy_wq(struct drm_device *drm, void *wq)
{
	destroy_workqueue(wq);
}

int acc_reset_init(struct acc_device *acc)
{
	init_rwsem(&acc->reset.lock);
	INIT_WORK(&acc->reset.work, acc_reset_work);
	INIT_DELAYED_WORK(&acc->reset.hang_check, acc_hang_check);
	/* Ordered: no check during a reset. */
	acc->reset.wq = alloc_ordered_workqueue("acc-reset", WQ_MEM_RECLAIM);
	if (!acc->reset.wq)
		return -ENOMEM;
	return drmm_add_action_or_reset(&acc->drm, acc_reset_destroy_wq, acc->reset.wq);
}

void acc_reset_fini(struct acc_device *acc)
{
	cancel_delayed_work_sync(&acc->reset.hang_check);
	cancel_work_sync(&acc->reset.work);
}
