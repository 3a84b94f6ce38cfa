// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Waiting for user fences
 *
 * A user fence is a 64-bit value in memory that both the process and the device reach. The driver
 * does not know which packet stores it. So a waiter asks for the next completion interrupt of the
 * queues concerned, looks at the values, and sleeps; in this order nothing is missed. Each wake-up
 * goes around once more.
 *
 * Interrupts can be lost (a bridge, a virtual machine, a test): nobody sleeps longer than
 * ACC_RECHECK_MS without looking.
 */

#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include <drm/drm_drv.h>

#include "uapi/drm/acc_drm.h"

#include "acc_device.h"
#include "acc_queue.h"
#include "acc_sync.h"
#include "acc_trace.h"

#define ACC_RECHECK_MS 100

/* Fences of one call. */
#define ACC_WAIT_FENCES_MAX 1024

/** struct acc_wait_one - one fence of a wait */
struct acc_wait_one {
	/** @queue: reference */
	struct acc_queue *queue;
	u64 __user *address;
	u64 value;
	/** @there: it has been seen to have its value */
	bool there;
	/** @wakes: &acc_queue.wakes before the last look */
	int wakes;
	/** @entry: in &acc_queue.wait while the caller may sleep */
	struct wait_queue_entry entry;
};

/** struct acc_wait - a call of WAIT_FENCE */
struct acc_wait {
	struct acc_wait_one *fences;
	u32 count;
	/** @any: one of them is enough */
	bool any;
	/** @index: of the fence that decided */
	u32 index;
};

/* 1: the value is there; 0: not yet; -EFAULT. */
static int acc_fence_reached(const struct acc_wait_one *fence)
{
	u64 now;

	if (get_user(now, fence->address))
		return -EFAULT;
	/* What the device wrote before the value is read after it. */
	smp_rmb();
	return now >= fence->value;
}

/* Why waiting makes no sense (any more); 0 when it does. */
static int acc_fence_hopeless(const struct acc_queue *queue)
{
	if (drm_dev_is_unplugged(&queue->acc->drm) || READ_ONCE(queue->acc->lost))
		return -ENODEV;
	return READ_ONCE(queue->state) ? -ECANCELED : 0;
}

/* 1: what is waited for is there; 0: not yet; -ECANCELED, -ENODEV, -EFAULT: never. */
static int acc_wait_look(struct acc_wait *wait)
{
	int hopeless = 0;
	u32 i, missing = 0;

	for (i = 0; i < wait->count; i++) {
		struct acc_wait_one *fence = &wait->fences[i];
		int why, ret;

		if (fence->there)
			continue;
		/* Before the value, which may have been the last thing that happened. */
		why = acc_fence_hopeless(fence->queue);
		ret = acc_fence_reached(fence);
		if (ret < 0)
			return ret;
		if (!ret) {
			missing++;
			if (why && !hopeless) {
				hopeless = why;
				wait->index = i;
			}
			continue;
		}
		fence->there = true;
		if (wait->any) {
			wait->index = i;
			return 1;
		}
	}
	return missing ? hopeless : 1;
}

/* Asks for interrupts; in this order nothing that happens from here on is missed. */
static void acc_wait_arm(struct acc_wait *wait, bool interrupts)
{
	struct acc_wait_one *fence;
	u32 i;

	for (i = 0; i < wait->count; i++) {
		fence = &wait->fences[i];
		fence->wakes = atomic_read(&fence->queue->wakes);
		/* Fences of one queue usually stand together. */
		if (!interrupts || fence->there || (i && fence[-1].queue == fence->queue &&
						    !fence[-1].there))
			continue;
		acc_queue_arm(fence->queue);
	}
}

static bool acc_wait_woken(const struct acc_wait *wait)
{
	u32 i;

	for (i = 0; i < wait->count; i++)
		if (atomic_read(&wait->fences[i].queue->wakes) != wait->fences[i].wakes)
			return true;
	return false;
}

/*
 * One nap: until a queue has woken since acc_wait_arm(), the deadline, or the time to look again.
 * -ERESTARTSYS: a signal.
 */
static int acc_wait_nap(const struct acc_wait *wait, ktime_t deadline, bool *by_clock)
{
	ktime_t nap = ktime_sub(deadline, ktime_get());
	int ret = 0;

	if (deadline == KTIME_MAX || nap > ms_to_ktime(ACC_RECHECK_MS))
		nap = ms_to_ktime(ACC_RECHECK_MS);
	/* Over in the meantime: a timer takes a negative time for an overflow and never ends. */
	nap = max(nap, 0);
	*by_clock = false;
	set_current_state(TASK_INTERRUPTIBLE);
	if (!acc_wait_woken(wait)) {
		if (signal_pending(current))
			ret = -ERESTARTSYS;
		else
			*by_clock = !schedule_hrtimeout_range(&nap, current->timer_slack_ns,
							      HRTIMER_MODE_REL);
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

/* A value came without an interrupt. If one was lost, so are all that follow until we look. */
static void acc_wait_rescued(struct acc_device *acc)
{
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

static int acc_wait_loop(struct acc_wait *wait, struct acc_device *acc, ktime_t deadline)
{
	bool by_clock = false, over;
	int ret;

	for (;;) {
		/* The clock is read before the values, so that the last look is after the end. */
		over = deadline != KTIME_MAX && ktime_compare(ktime_get(), deadline) >= 0;
		acc_wait_arm(wait, !over);
		ret = acc_wait_look(wait);
		if (ret == 1 && by_clock)
			acc_wait_rescued(acc);
		if (ret)
			return ret;
		if (over)
			return -ETIME;
		ret = acc_wait_nap(wait, deadline, &by_clock);
		if (ret)
			return ret;
	}
}

static int acc_wait_sleep(struct acc_wait *wait, struct acc_device *acc, ktime_t deadline)
{
	const struct acc_wait_one *first = wait->fences;
	u32 i;
	int ret;

	trace_acc_wait_begin(first->queue, (uintptr_t)first->address, first->value, wait->count, 0);
	for (i = 0; i < wait->count; i++) {
		init_waitqueue_entry(&wait->fences[i].entry, current);
		add_wait_queue(&wait->fences[i].queue->wait, &wait->fences[i].entry);
	}
	ret = acc_wait_loop(wait, acc, deadline);
	for (i = 0; i < wait->count; i++)
		remove_wait_queue(&wait->fences[i].queue->wait, &wait->fences[i].entry);
	trace_acc_wait_end(first->queue, (uintptr_t)first->address, first->value, wait->count,
			   min(ret, 0));
	return ret;
}

/* --- arguments ------------------------------------------------------------------------------- */

static int acc_wait_add(struct acc_wait *wait, struct acc_file *file,
			const struct drm_acc_user_fence *from)
{
	struct acc_wait_one *fence = &wait->fences[wait->count];

	if (from->pad || !IS_ALIGNED(from->address, sizeof(u64)))
		return -EINVAL;
	fence->queue = acc_queue_lookup(file, from->queue_id);
	if (!fence->queue)
		return -ENOENT;
	fence->address = u64_to_user_ptr(from->address);
	fence->value = from->value;
	fence->there = false;
	wait->count++;
	return 0;
}

static int acc_wait_run(struct acc_wait *wait, struct acc_file *file,
			const struct drm_acc_user_fence *from, u32 count,
			struct drm_acc_wait_fence *args)
{
	int ret = 0;
	u32 i;

	for (i = 0; !ret && i < count; i++)
		ret = acc_wait_add(wait, file, &from[i]);
	if (!ret) {
		/* The common case costs no register access, and leaves no trace. */
		ret = acc_wait_look(wait);
		if (ret != 1 && ret != -EFAULT)
			ret = acc_wait_sleep(wait, file->acc, args->deadline_ns);
	}
	if (ret == -ECANCELED || (ret == 1 && wait->any))
		args->index = wait->index;
	for (i = 0; i < wait->count; i++)
		acc_queue_put(wait->fences[i].queue);
	return min(ret, 0);
}

/* One fence, as nearly always: without memory from the heap. */
static int acc_wait_for_one(struct acc_wait *wait, struct acc_file *file,
			    struct drm_acc_wait_fence *args)
{
	struct drm_acc_user_fence from;
	struct acc_wait_one fence;
	int ret;

	ret = acc_obj_array_get_one(&args->fences, sizeof(from), &from, sizeof(from));
	if (ret)
		return ret;
	wait->fences = &fence;
	return acc_wait_run(wait, file, &from, 1, args);
}

static int acc_wait_for_many(struct acc_wait *wait, struct acc_file *file,
			     struct drm_acc_wait_fence *args)
{
	u32 count = args->fences.count;
	struct drm_acc_user_fence *from;
	int ret = -ENOMEM;

	from = acc_obj_array_get(&args->fences, sizeof(*from), sizeof(*from), ACC_WAIT_FENCES_MAX);
	if (IS_ERR(from))
		return PTR_ERR(from);
	wait->fences = kvcalloc(count, sizeof(*wait->fences), GFP_KERNEL_ACCOUNT);
	if (wait->fences)
		ret = acc_wait_run(wait, file, from, count, args);
	kvfree(wait->fences);
	kvfree(from);
	return ret;
}

/**
 * acc_ioctl_wait_fence() - &DRM_IOCTL_ACC_WAIT_FENCE
 * @drm: device
 * @data: &struct drm_acc_wait_fence
 * @file: caller
 *
 * Return: 0, -EINVAL, -ENOENT (queue), -EFAULT, -ENOMEM, -ETIME, -ECANCELED (a queue stopped),
 * -ERESTARTSYS, -ENODEV.
 */
int acc_ioctl_wait_fence(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_wait_fence *args = data;
	struct acc_wait wait = { .any = args->flags & DRM_ACC_WAIT_FENCE_ANY };

	if (args->flags & ~(u32)DRM_ACC_WAIT_FENCE_ANY)
		return -EINVAL;
	if (args->fences.count == 1)
		return acc_wait_for_one(&wait, file->driver_priv, args);
	return acc_wait_for_many(&wait, file->driver_priv, args);
}
