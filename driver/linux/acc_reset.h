/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Hangs and resets: a queue that makes no progress is reset; a device that does not obey is reset
 * as a whole; a device that does not come back is lost.
 */
#ifndef __ACC_RESET_H__
#define __ACC_RESET_H__

struct acc_device;
struct pci_dev;

int acc_reset_init(struct acc_device *acc);
/* After unplug and with interrupts off: no check or reset runs afterwards. */
void acc_reset_fini(struct acc_device *acc);
/* Makes sure that the hang check runs: there is a queue now. Inside drm_dev_enter(). */
void acc_reset_watch(struct acc_device *acc);
/* Asks for a reset of the device. Any context, inside drm_dev_enter() or an interrupt handler. */
void acc_reset_schedule(struct acc_device *acc, const char *why);
/* The same, and waits until it is over. No locks held. */
void acc_reset_now(struct acc_device *acc, const char *why);
/*
 * Stops every queue with DRM_ACC_QUEUE_STATE_LOST. With reset.lock held for writing, or after
 * unplug.
 */
void acc_reset_stop_queues(struct acc_device *acc);
/* Stops the device's accesses to memory: unbind, shutdown. */
void acc_reset_quiesce(struct acc_device *acc);

/* pci_error_handlers: a reset that somebody else does (sysfs, VFIO) */
void acc_reset_prepare(struct pci_dev *pdev);
void acc_reset_done(struct pci_dev *pdev);

#endif
