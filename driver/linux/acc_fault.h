/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Faults: from the device's FIFO to the address space that caused them, from there to FAULT_GET.
 */
#ifndef __ACC_FAULT_H__
#define __ACC_FAULT_H__

#include <linux/spinlock.h>
#include <linux/types.h>

#include "uapi/drm/acc_drm.h"

struct acc_device;
struct drm_device;
struct drm_file;

/* Reports kept for an address space; each halts a queue, so more cannot be of interest. */
#define ACC_FAULTS_KEPT 64

/** struct acc_fault_list - reports of an address space that nobody has taken */
struct acc_fault_list {
	/** @lock: protects the rest; taken in process context only, but under spinlocks */
	spinlock_t lock;
	/** @head: index of the oldest report */
	u32 head;
	/** @count: reports in @ring */
	u32 count;
	/** @lost: reports dropped because @ring was full */
	u32 lost;
	struct drm_acc_fault ring[ACC_FAULTS_KEPT];
};

void acc_fault_list_init(struct acc_fault_list *list);
/*
 * Empties the device's FIFO into the address spaces' lists and stops the queues that faulted.
 * Process context; between drm_dev_enter() and drm_dev_exit().
 */
void acc_fault_drain(struct acc_device *acc);
int acc_ioctl_fault_get(struct drm_device *drm, void *data, struct drm_file *file);

#endif
