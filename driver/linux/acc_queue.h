/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * User-mode queues. The driver sets a hardware queue up and tears it down; packets and doorbells
 * are between the process and the device. Nothing in the ring or the control block is trusted or
 * even read here.
 */
#ifndef __ACC_QUEUE_H__
#define __ACC_QUEUE_H__

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/wait.h>

#include "acc_device.h"

/* Bit of &acc_queue.state beside DRM_ACC_QUEUE_STATE_*: destroyed, nobody can name it any more. */
#define ACC_QUEUE_STATE_KILLED BIT(31)

struct acc_queue {
	struct kref ref;
	struct acc_device *acc;
	/** @file: owner; valid until acc_queue_kill() */
	struct acc_file *file;
	/** @vm: address space; NULL after acc_queue_kill(), which changes it under @command_lock */
	struct acc_vm *vm;
	u32 id;
	/** @pid: process that created it, for messages and debugfs */
	pid_t pid;
	/** @comm: its name */
	char comm[TASK_COMM_LEN];
	/** @hw: hardware number, ours until acc_queue_kill(); -1 before it has one */
	int hw;
	/**
	 * @state: DRM_ACC_QUEUE_STATE_* bits (and KILLED) that stopped it; 0 while it may execute.
	 * Written under @lock.
	 */
	u32 state;
	/** @lock: protects @state, @fences; taken from interrupt handlers */
	spinlock_t lock;
	/** @wait: woken by completion interrupts, faults, resets and destruction */
	wait_queue_head_t wait;
	/** @wakes: counts what wakes @wait, so that a waiter can look at its value in between */
	atomic_t wakes;
	/** @fences: what is tied to user fences of this queue (acc_user_fence.c) */
	struct list_head fences;
	/** @dying: bit 0: somebody destroys it */
	unsigned long dying;

	/** @command_lock: one command at a time; protects all of this group */
	struct mutex command_lock;
	/** @enabled: the hardware queue runs for us */
	bool enabled;
	u64 ring_va;
	u64 control_va;
	u64 printf_va;
	u64 heap_va;
	u32 ring_packets;
	u32 priority;
	u32 watchdog_ms;
	/** @read_index: last value seen, what remains of it when the device is reset */
	u64 read_index;
	/** @runtime_ns: the same for the device time */
	u64 runtime_ns;
	/** @runtime_base: the device's counter when the queue was enabled */
	u64 runtime_base;

	/** @doorbell_lock: protects @doorbell_revoked against page faults; under mmap_lock */
	struct mutex doorbell_lock;
	bool doorbell_revoked;
	/** @doorbell_dummy: what mappings show once the queue is destroyed */
	struct page *doorbell_dummy;
};

/* acc_queue.c */
struct acc_queue *acc_queue_lookup(struct acc_file *file, u32 id);
/* Reference to the queue with hardware number `hw`, NULL when free. Any context. */
struct acc_queue *acc_queue_from_hw(struct acc_device *acc, u32 hw);
struct acc_queue *acc_queue_get(struct acc_queue *queue);
/* Any context. */
void acc_queue_put(struct acc_queue *queue);
/* Asks for an interrupt at the next completed packet that wants one. Any context. */
void acc_queue_arm(struct acc_queue *queue);
/* Lets waiters look again. Any context. */
void acc_queue_wake(struct acc_queue *queue);
/* Something may have completed: ends fences whose value is there, wakes waiters. Any context. */
void acc_queue_completed(struct acc_queue *queue);
/* Marks the queue as stopped for good, wakes waiters, cancels its fences. Any context. */
void acc_queue_stopped(struct acc_queue *queue, u32 state_bit);
/* The file is closed: stops and drops all its queues. */
void acc_queue_release_all(struct acc_file *file);
/* Device time of all the file's queues, the destroyed ones too, in nanoseconds. */
u64 acc_queue_file_runtime(struct acc_file *file);

/* acc_queue_hw.c: command_lock held, reset.lock held for reading at least */
int acc_queue_hw_enable(struct acc_queue *queue);
/*
 * It was given the device for as long as hang_check_ms says and did nothing. Other than the rest
 * here it may be called without command_lock; the number may then be somebody else's by now.
 */
bool acc_queue_hw_stalled(struct acc_queue *queue);
/* Stops it by DISABLE, then RESET. -ETIMEDOUT: only a device reset helps. */
int acc_queue_hw_disable(struct acc_queue *queue);
/* The same without asking nicely first, for a queue that hangs. */
int acc_queue_hw_reset(struct acc_queue *queue);
/* Reads the counters into @read_index and @runtime_ns; returns QUEUE_STATUS. */
u32 acc_queue_hw_sample(struct acc_queue *queue);

/* acc_doorbell.c */
u64 acc_doorbell_offset(const struct acc_queue *queue);
int acc_doorbell_mmap(struct acc_file *file, struct vm_area_struct *vma);
/* From now on every mapping of the queue's doorbell page shows a dummy. */
void acc_doorbell_revoke(struct acc_queue *queue);

/*
 * acc_user_fence.c, called with queue->lock held: signals the eventfds whose value is there; true
 * when some remain (the caller arms).
 */
bool acc_queue_fences_check(struct acc_queue *queue);
/* acc_user_fence.c, called with queue->lock held: the queue has stopped, signals all. */
void acc_queue_fences_cancel(struct acc_queue *queue);

int acc_ioctl_queue_create(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_queue_destroy(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_queue_get_state(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_queue_set_property(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_queue_sync(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_fence_eventfd(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_wait_fence(struct drm_device *drm, void *data, struct drm_file *file);

#endif
