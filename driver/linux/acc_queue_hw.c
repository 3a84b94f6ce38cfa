// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Hardware queues
 *
 * The commands of a hardware queue and what they may cost. The device promises that DISABLE stops
 * a queue at an instruction boundary and RESET stops it whatever state it is in; a device that
 * keeps neither promise is reset as a whole by the caller.
 */

#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/time64.h>

#include <drm/drm_print.h>

#include "acc_device.h"
#include "acc_queue.h"
#include "acc_vm.h"

/*
 * A command is waited for as long as the device has a reason to be slow. Giving up on a busy one
 * would cost all other processes their work; whether the queue hangs tells STALLED_NS, not the
 * clock. The end is for a device that says neither.
 */
#define ACC_COMMAND_TIMEOUT_MS 10000
/* How often STALLED_NS is looked at meanwhile. */
#define ACC_COMMAND_LOOK_MS 50
/* What counts as a stall when the hang check is off and only commands ask. */
#define ACC_STALL_DEFAULT_MS 500

bool acc_queue_hw_stalled(struct acc_queue *queue)
{
	u64 limit = (acc_hang_check_ms ?: ACC_STALL_DEFAULT_MS) * (u64)NSEC_PER_MSEC;
	u64 stalled = acc_read64(queue->acc, ACC_QUEUE_STALLED_NS(queue->hw));

	return stalled >= limit && stalled != U64_MAX; /* all ones: the device is gone */
}

static int acc_queue_hw_command(struct acc_queue *queue, u32 command)
{
	ktime_t end = ktime_add_ms(ktime_get(), ACC_COMMAND_TIMEOUT_MS);
	struct acc_device *acc = queue->acc;
	int ret;

	lockdep_assert_held(&queue->command_lock);
	lockdep_assert_held(&acc->reset.lock);
	acc_write32(acc, ACC_QUEUE_COMMAND(queue->hw), command);
	do {
		ret = acc_device_wait_clear(acc, ACC_QUEUE_STATUS(queue->hw),
					    ACC_QUEUE_STATUS_BUSY_MASK, ACC_COMMAND_LOOK_MS);
	} while (ret == -ETIMEDOUT && !acc_queue_hw_stalled(queue) &&
		 ktime_before(ktime_get(), end));
	return ret;
}

int acc_queue_hw_enable(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	u32 hw = queue->hw, status;
	int ret;

	/* The number's last owner left it disabled, or there was a device reset since. */
	acc_write64(acc, ACC_QUEUE_RING(hw), queue->ring_va);
	acc_write64(acc, ACC_QUEUE_CONTROL(hw), queue->control_va);
	acc_write32(acc, ACC_QUEUE_PACKETS(hw), queue->ring_packets);
	acc_write32(acc, ACC_QUEUE_VMID(hw), queue->vm->vmid);
	acc_write32(acc, ACC_QUEUE_PRIORITY(hw), queue->priority);
	acc_write32(acc, ACC_QUEUE_WATCHDOG_MS(hw), queue->watchdog_ms);
	acc_write64(acc, ACC_QUEUE_PRINTF(hw), queue->printf_va);
	acc_write64(acc, ACC_QUEUE_HEAP(hw), queue->heap_va);
	ret = acc_queue_hw_command(queue, ACC_QUEUE_COMMAND_ENABLE);
	if (ret)
		return ret;

	status = acc_read32(acc, ACC_QUEUE_STATUS(hw));
	if (status & ACC_QUEUE_STATUS_REJECTED_MASK)
		return -EINVAL;
	if (!(status & ACC_QUEUE_STATUS_ENABLED_MASK))
		return -EIO;
	queue->enabled = true;
	/* The counter goes on from the number's earlier owners. */
	queue->runtime_base = acc_read64(acc, ACC_QUEUE_RUNTIME_NS(hw));
	return 0;
}

u32 acc_queue_hw_sample(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	u64 read_index, runtime_ns;
	u32 status;

	lockdep_assert_held(&queue->command_lock);
	if (!queue->enabled || READ_ONCE(acc->lost))
		return 0;
	read_index = acc_read64(acc, ACC_QUEUE_READ_INDEX(queue->hw));
	runtime_ns = acc_read64(acc, ACC_QUEUE_RUNTIME_NS(queue->hw));
	status = acc_read32(acc, ACC_QUEUE_STATUS(queue->hw));
	if (status == U32_MAX && acc_device_check_lost(acc))
		return 0;
	queue->read_index = read_index;
	queue->runtime_ns = max(queue->runtime_ns, runtime_ns - queue->runtime_base);
	return status;
}

int acc_queue_hw_reset(struct acc_queue *queue)
{
	int ret;

	if (!queue->enabled)
		return 0;
	ret = acc_queue_hw_command(queue, ACC_QUEUE_COMMAND_RESET);
	if (ret == -ETIMEDOUT)
		return ret;
	queue->enabled = false;
	return 0;
}

int acc_queue_hw_disable(struct acc_queue *queue)
{
	int ret;

	if (!queue->enabled)
		return 0;
	ret = acc_queue_hw_command(queue, ACC_QUEUE_COMMAND_DISABLE);
	if (ret == -ETIMEDOUT) {
		drm_warn(&queue->acc->drm, "hardware queue %d does not stop\n", queue->hw);
		return acc_queue_hw_reset(queue);
	}
	queue->enabled = false;
	return 0;
}
