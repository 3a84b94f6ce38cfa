// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Hardware queues
 *
 * The commands of a hardware queue and what they may cost. The device promises that DISABLE stops
 * a queue at an instruction boundary and RESET stops it whatever state it is in; a device that
 * keeps neither promise is reset as a whole by the caller.
 */

#include <linux/lockdep.h>

#include <drm/drm_print.h>

#include "acc_device.h"
#include "acc_queue.h"
#include "acc_vm.h"

/*
 * Generous for what takes microseconds on an idle machine: giving up too early on a busy one would
 * cost all other processes their work.
 */
#define ACC_ENABLE_TIMEOUT_MS 1000
#define ACC_DISABLE_TIMEOUT_MS 500
#define ACC_RESET_TIMEOUT_MS 500

static int acc_queue_hw_command(struct acc_queue *queue, u32 command, unsigned int timeout_ms)
{
	struct acc_device *acc = queue->acc;

	lockdep_assert_held(&queue->command_lock);
	lockdep_assert_held(&acc->reset.lock);
	acc_write32(acc, ACC_QUEUE_COMMAND(queue->hw), command);
	return acc_device_wait_clear(acc, ACC_QUEUE_STATUS(queue->hw), ACC_QUEUE_STATUS_BUSY_MASK,
				     timeout_ms);
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
	ret = acc_queue_hw_command(queue, ACC_QUEUE_COMMAND_ENABLE, ACC_ENABLE_TIMEOUT_MS);
	if (ret)
		return ret;

	status = acc_read32(acc, ACC_QUEUE_STATUS(hw));
	if (status & ACC_QUEUE_STATUS_REJECTED_MASK)
		return -EINVAL;
	if (!(status & ACC_QUEUE_STATUS_ENABLED_MASK))
		return -EIO;
	queue->enabled = true;
	queue->progress = acc_read64(acc, ACC_QUEUE_PROGRESS(hw));
	/* The counter goes on from the number's earlier owners. */
	queue->runtime_base = acc_read64(acc, ACC_QUEUE_RUNTIME_NS(hw));
	queue->stalled_checks = 0;
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
	ret = acc_queue_hw_command(queue, ACC_QUEUE_COMMAND_RESET, ACC_RESET_TIMEOUT_MS);
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
	ret = acc_queue_hw_command(queue, ACC_QUEUE_COMMAND_DISABLE, ACC_DISABLE_TIMEOUT_MS);
	if (ret == -ETIMEDOUT) {
		drm_warn(&queue->acc->drm, "hardware queue %d does not stop\n", queue->hw);
		return acc_queue_hw_reset(queue);
	}
	queue->enabled = false;
	return 0;
}
