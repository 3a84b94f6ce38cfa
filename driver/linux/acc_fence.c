// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Waiting for user fences
 *
 * A user fence is a 64-bit value in memory that both the process and the device reach. The driver
 * does not know which packet stores it. So a waiter asks for the queue's next completion
 * interrupt, looks at the value, and sleeps; in this order nothing is missed. Each wake-up goes
 * around once more.
 *
 * Interrupts can be lost (a bridge, a virtual machine, a test): nobody sleeps longer than
 * ACC_RECHECK_MS without looking.
 */

#include <linux/ktime.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include <drm/drm_drv.h>

#include "uapi/drm/acc_drm.h"

#include "acc_device.h"
#include "acc_queue.h"
#include "acc_trace.h"

#define ACC_RECHECK_MS 100

/* 1: the value is there; 0: not yet; -EFAULT. */
static int acc_fence_reached(const struct drm_acc_wait_fence *args)
{
	u64 __user *address = u64_to_user_ptr(args->address);
	u64 now;

	if (get_user(now, address))
		return -EFAULT;
	/* What the device wrote before the value is read after it. */
	smp_rmb();
	return now >= args->value;
}

/* Why waiting makes no sense (any more); 0 when it does. */
static int acc_fence_hopeless(const struct acc_queue *queue)
{
	if (drm_dev_is_unplugged(&queue->acc->drm) || READ_ONCE(queue->acc->lost))
		return -ENODEV;
	return READ_ONCE(queue->state) ? -ECANCELED : 0;
}

/* One nap: until the queue has woken since `wakes`, the deadline, or the time to look again. */
static int acc_fence_nap(struct acc_queue *queue, int wakes, ktime_t deadline, bool *by_clock)
{
	ktime_t nap = ktime_sub(deadline, ktime_get());
	int ret;

	if (deadline == KTIME_MAX || nap > ms_to_ktime(ACC_RECHECK_MS))
		nap = ms_to_ktime(ACC_RECHECK_MS);
	/* Over in the meantime: a timer takes a negative time for an overflow and never ends. */
	nap = max(nap, 0);
	ret = wait_event_interruptible_hrtimeout(queue->wait,
						 atomic_read(&queue->wakes) != wakes ||
						 READ_ONCE(queue->state), nap);
	*by_clock = ret == -ETIME;
	return ret == -ETIME ? 0 : ret;
}

/* The value came without an interrupt. If one was lost, so are all that follow until we look. */
static void acc_fence_rescued(struct acc_queue *queue)
{
	struct acc_device *acc = queue->acc;
	int idx;

	atomic64_inc(&acc->counters.waits_rescued);
	if (!drm_dev_enter(&acc->drm, &idx))
		return;
	down_read(&acc->reset.lock);
	if (!READ_ONCE(acc->lost))
		acc_irq_poll(acc);
	up_read(&acc->reset.lock);
	drm_dev_exit(idx);
}

static int acc_fence_sleep(struct acc_queue *queue, const struct drm_acc_wait_fence *args)
{
	ktime_t deadline = args->deadline_ns;
	bool by_clock = false, over;
	int ret, wakes;

	for (;;) {
		/* The clock is read before the value, so that the last look is after the end. */
		over = deadline != KTIME_MAX && ktime_compare(ktime_get(), deadline) >= 0;
		wakes = atomic_read(&queue->wakes);
		ret = acc_fence_hopeless(queue);
		if (!ret && !over)
			acc_queue_arm(queue);

		/* Also when there is no hope: it may have been the last thing that happened. */
		switch (acc_fence_reached(args)) {
		case 0:
			break;
		case 1:
			if (by_clock)
				acc_fence_rescued(queue);
			return 0;
		default:
			return -EFAULT;
		}
		if (ret)
			return ret;
		if (over)
			return -ETIME;
		ret = acc_fence_nap(queue, wakes, deadline, &by_clock);
		if (ret)
			return ret;
	}
}

int acc_ioctl_wait_fence(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_wait_fence *args = data;
	struct acc_queue *queue;
	int ret;

	if (args->flags || !IS_ALIGNED(args->address, sizeof(u64)))
		return -EINVAL;
	queue = acc_queue_lookup(file->driver_priv, args->queue_id);
	if (!queue)
		return -ENOENT;

	/* The common case costs no register access. */
	ret = acc_fence_reached(args);
	if (ret == 1) {
		ret = 0;
	} else if (!ret) {
		trace_acc_wait_begin(queue, args->address, args->value, 0);
		ret = acc_fence_sleep(queue, args);
		trace_acc_wait_end(queue, args->address, args->value, ret);
	}
	acc_queue_put(queue);
	return ret;
}
