/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The device: what every part of the driver knows of it.
 *
 * Life time: struct acc_device is allocated with devm_drm_dev_alloc() and outlives the PCI device
 * as long as files are open. Everything that touches registers or the aperture is between
 * drm_dev_enter() and drm_dev_exit(), or runs before unplug.
 *
 * Locks and their order: docs/kernel-driver.md.
 */
#ifndef __ACC_DEVICE_H__
#define __ACC_DEVICE_H__

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <drm/drm_buddy.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>

#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_queue.h"
#include "acc/spec/acc_regs.h"

struct acc_queue;
struct acc_vm;

/*
 * No structure of the interface will be longer, in no version. What the two sides' versions differ
 * by is cleared or checked to be zero; a wild size must not keep the kernel busy with gigabytes.
 */
#define ACC_STRUCT_BYTES_MAX 4096

/* The priority any process may ask for; what is above needs CAP_SYS_NICE. Shares, not ranks. */
#define ACC_PRIORITY_UNPRIVILEGED 2
#define ACC_PRIORITY_HIGHEST 3

/** struct acc_info - what the device said about itself at probe; constant afterwards */
struct acc_info {
	u32 version;
	u32 compute_units;
	u32 clock_khz;
	u32 queues;
	u32 vmids;
	u64 vram_bytes;
	u64 va_window_bytes;
	u64 uuid[2];
};

/** struct acc_vram - device memory */
struct acc_vram {
	/** @lock: protects @mm and @used */
	struct mutex lock;
	struct gpu_buddy mm;
	u64 used;
	/** @phys: host physical address of the aperture, which shows all of the memory */
	phys_addr_t phys;
	/**
	 * @virt: the driver's own mapping of the aperture, write-combined, for page tables,
	 * clearing and user fences
	 */
	void __iomem *virt;
	/** @companion: function that carries the aperture, NULL when it is BAR 2 of our own */
	struct pci_dev *companion;
};

/** struct acc_counters - events since probe */
struct acc_counters {
	atomic64_t faults;
	/** @faults_stray: reports whose queue or address space was gone */
	atomic64_t faults_stray;
	atomic64_t queue_resets;
	atomic64_t device_resets;
	/** @hang_checks: rounds of the hang check */
	atomic64_t hang_checks;
	/** @waits_rescued: user fences found by the periodic look, not by an interrupt */
	atomic64_t waits_rescued;
	/** @ecc_corrected_base: what the device had counted before we came */
	u64 ecc_corrected_base;
	/** @ecc_uncorrected_base: the same for uncorrected errors */
	u64 ecc_uncorrected_base;
};

struct acc_device {
	struct drm_device drm;
	struct pci_dev *pdev;
	void __iomem *regs;
	/** @regs_phys: host physical address of @regs, for doorbell mappings */
	phys_addr_t regs_phys;
	struct acc_info info;
	struct acc_vram vram;
	struct acc_counters counters;

	/**
	 * @vmid_lock: protects @vmids and every &acc_vm.vmid; taken in process context only
	 */
	struct mutex vmid_lock;
	/** @vmids: address space that has each hardware number, NULL when free */
	struct acc_vm *vmids[ACC_MAX_ADDRESS_SPACES];

	/** @queue_lock: protects @queues; taken from interrupt handlers (irqsave) */
	spinlock_t queue_lock;
	/** @queues: queue that has each hardware number, NULL when free */
	struct acc_queue *queues[ACC_MAX_QUEUES];

	/** @fault_lock: makes one reader of the fault FIFO */
	struct mutex fault_lock;

	/** @mapped_lock: protects @mapped */
	spinlock_t mapped_lock;
	/** @mapped: buffers that have bus addresses (acc_gem.c), which go when the device goes */
	struct list_head mapped;

	/** @lost: the device does not answer any more; set once, never cleared */
	bool lost;

	/** @irq: see acc_irq.c */
	struct {
		/** @vectors: MSI-X vectors in use, 0 when interrupts are not set up */
		unsigned int vectors;
		/** @test: completed by the TEST event */
		struct completion test;
		/** @groups: what the handler of each completion vector gets */
		struct acc_irq_group {
			struct acc_device *acc;
			unsigned int index;
			/** @pending: queues whose fences the thread has to look at */
			atomic64_t pending;
		} groups[ACC_MAX_QUEUES / 64];
	} irq;

	/** @bind_wq: runs asynchronous binds and the stores of QUEUE_SYNC */
	struct workqueue_struct *bind_wq;

	/** @reset: see acc_reset.h */
	struct {
		/**
		 * @lock: read side: whoever commands queues and address spaces; write side:
		 * the device reset
		 */
		struct rw_semaphore lock;
		struct work_struct work;
		struct workqueue_struct *wq;
		struct delayed_work hang_check;
		/** @generation: number of device resets */
		atomic_t generation;
	} reset;
};

/** struct acc_file - an open of the render node */
struct acc_file {
	struct acc_device *acc;
	struct drm_file *drm;
	/** @vms: address spaces by number (1..) */
	struct xarray vms;
	/** @queues: queues by number (1..) */
	struct xarray queues;
	/** @queue_count: hardware queues of this file */
	atomic_t queue_count;
	/** @runtime_ns: device time of queues that are gone, for fdinfo */
	atomic64_t runtime_ns;
};

static inline struct acc_device *to_acc(struct drm_device *drm)
{
	return container_of(drm, struct acc_device, drm);
}

static inline u32 acc_read32(struct acc_device *acc, u32 reg)
{
	return readl(acc->regs + reg);
}

static inline u64 acc_read64(struct acc_device *acc, u32 reg)
{
	return readq(acc->regs + reg);
}

static inline void acc_write32(struct acc_device *acc, u32 reg, u32 value)
{
	writel(value, acc->regs + reg);
}

static inline void acc_write64(struct acc_device *acc, u32 reg, u64 value)
{
	writeq(value, acc->regs + reg);
}

/* acc_device.c */
int acc_device_init(struct acc_device *acc);
void acc_device_fini(struct acc_device *acc);
/*
 * Declares the device dead, for good: ends everything that waits for it and the device's accesses
 * to memory. `why` is for the log, NULL when it is no error. Any context.
 */
void acc_device_mark_lost(struct acc_device *acc, const char *why);
/* Registers answer with all ones: declares the device dead. True when it is. Any context. */
bool acc_device_check_lost(struct acc_device *acc);
/*
 * Waits until (register & mask) == 0, sleeping; -ETIMEDOUT, or -ENODEV when the device is gone.
 */
int acc_device_wait_clear(struct acc_device *acc, u32 reg, u32 mask, unsigned int timeout_ms);
/* After a reset of whatever kind: waits until the device is ready for commands. */
int acc_device_wait_ready(struct acc_device *acc);

/* acc_irq.c */
int acc_irq_init(struct acc_device *acc);
void acc_irq_fini(struct acc_device *acc);
/* Tells the device which events raise interrupts: at probe and after each reset. */
void acc_irq_enable_events(struct acc_device *acc);
/*
 * Handles what interrupts should have told. The device sends a message only for the first bit of
 * a register, so a lost one would silence all queues of the vector for ever. Process context,
 * inside drm_dev_enter(), reset.lock held.
 */
void acc_irq_poll(struct acc_device *acc);
/* No handler runs between the two; for resets during which registers do not answer. */
void acc_irq_quiesce(struct acc_device *acc);
void acc_irq_resume(struct acc_device *acc);

/* acc_query.c */
int acc_ioctl_dev_query(struct drm_device *drm, void *data, struct drm_file *file);

/* acc_debugfs.c */
void acc_debugfs_init(struct drm_minor *minor);

/* acc_drv.c: module parameters */
extern unsigned int acc_hang_check_ms;

#endif
