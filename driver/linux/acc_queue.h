/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * User-mode queues. The driver sets a hardware queue up and tears it down; packets and doorbells are between the process and the
 * device. Nothing in the ring or the control block is trusted or even read here.
 */
#ifndef __ACC_QUEUE_H__
#define __ACC_QUEUE_H__

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/wait.h>

#include "acc_device.h"

struct acc_queue {
	struct kref ref;
	struct acc_device *acc;
	struct acc_file *file; /* valid until acc_queue_kill() */
	struct acc_vm *vm;
	u32 id;
	/** @hw: hardware number, constant until the last reference goes; -1 before */
	int hw;
	/** @state: DRM_ACC_QUEUE_STATE_* bits that stopped it; 0 while it may execute. Written under @lock. */
	u32 state;
	/** @lock: protects @state, @fences; taken from interrupt handlers */
	spinlock_t lock;
	/** @wait: woken by completion interrupts, faults, resets and destruction */
	wait_queue_head_t wait;
	/** @fences: dma-fences that follow user fences of this queue (acc_sync.c) */
	struct list_head fences;
	/** @progress: what the hang check saw last; only used by it */
	u64 progress;
	unsigned int stalled_checks;
	/** @private: acc_queue.c */
	u32 priority;
	u32 watchdog_ms;
};

struct acc_queue *acc_queue_lookup(struct acc_file *file, u32 id);
struct acc_queue *acc_queue_get(struct acc_queue *queue);
void acc_queue_put(struct acc_queue *queue);
/* Asks the device for an interrupt at the next completed packet that wants one. Any context. */
void acc_queue_arm(struct acc_queue *queue);
/* Marks the queue as stopped for good, wakes waiters, ends its fences with -ECANCELED. Any context. */
void acc_queue_stopped(struct acc_queue *queue, u32 state_bit);
/* The file is closed: stops and drops all its queues. */
void acc_queue_release_all(struct acc_file *file);

/* acc_sync.c, called with queue->lock held: signals the fences whose value is there; true when some remain (the caller arms). */
bool acc_queue_fences_check(struct acc_queue *queue);
/* acc_sync.c, called with queue->lock held: ends all with `error`. */
void acc_queue_fences_cancel(struct acc_queue *queue, int error);

int acc_ioctl_queue_create(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_queue_destroy(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_queue_get_state(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_queue_set_property(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_queue_sync(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_wait_fence(struct drm_device *drm, void *data, struct drm_file *file);

#endif
