// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: The device
 *
 * Bring-up and tear-down in order, and the two questions everybody asks: is a command over, and is
 * the device still there. A device that has gone (pulled out, its process killed) answers every
 * read with all ones; DEV_ID tells that from a register that happens to be all ones.
 */

#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/pci.h>

#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "uapi/drm/acc_drm.h"

#include "acc_device.h"
#include "acc_gem.h"
#include "acc_queue.h"
#include "acc_reset.h"

/* How long a device may take from reset to ready. */
#define ACC_READY_TIMEOUT_MS 2000
/* The part of the interface's version that this driver knows. */
#define ACC_KNOWN_MAJOR 1
/* The first minor version that has all we use (QUEUE_STALLED_NS). */
#define ACC_LEAST_MINOR 1
/* Page-table entries hold bus addresses of so many bits (ACC_PTE_ADDR_MASK). */
#define ACC_DMA_BITS 52

void acc_device_mark_lost(struct acc_device *acc, const char *why)
{
	unsigned int hw;

	/*
	 * A device that is only deaf may still be at work, and nobody waits for it any more before
	 * memory is freed: it must not reach the host's.
	 */
	pci_clear_master(acc->pdev);
	if (xchg(&acc->lost, true))
		return;
	if (why)
		drm_err(&acc->drm, "the device is lost: %s\n", why);
	for (hw = 0; hw < acc->info.queues; hw++) {
		struct acc_queue *queue = acc_queue_from_hw(acc, hw);

		if (!queue)
			continue;
		acc_queue_stopped(queue, DRM_ACC_QUEUE_STATE_LOST);
		acc_queue_put(queue);
	}
}

bool acc_device_check_lost(struct acc_device *acc)
{
	if (READ_ONCE(acc->lost))
		return true;
	if (acc_read32(acc, ACC_DEV_ID) == ACC_DEV_ID_MAGIC)
		return false;
	acc_device_mark_lost(acc, "its registers do not answer");
	return true;
}

int acc_device_wait_clear(struct acc_device *acc, u32 reg, u32 mask, unsigned int timeout_ms)
{
	ktime_t end = ktime_add_ms(ktime_get(), timeout_ms);
	unsigned int pause_us = 10;
	bool over;
	u32 value;

	if (READ_ONCE(acc->lost))
		return -ENODEV;
	for (;;) {
		/* The clock is read first: a late wake-up still gets its last look. */
		over = ktime_after(ktime_get(), end);
		value = acc_read32(acc, reg);
		if (value == U32_MAX && acc_device_check_lost(acc))
			return -ENODEV;
		if (!(value & mask))
			return 0;
		if (over)
			return -ETIMEDOUT;
		usleep_range(pause_us, 2 * pause_us);
		pause_us = min(2 * pause_us, 1000u);
	}
}

int acc_device_wait_ready(struct acc_device *acc)
{
	int ret = acc_device_wait_clear(acc, ACC_DEV_STATUS, ACC_DEV_STATUS_RESETTING_MASK,
					ACC_READY_TIMEOUT_MS);

	if (ret)
		return ret;
	return acc_read32(acc, ACC_DEV_STATUS) & ACC_DEV_STATUS_READY_MASK ? 0 : -EIO;
}

static int acc_device_map_registers(struct acc_device *acc)
{
	struct pci_dev *pdev = acc->pdev;

	if (pci_resource_len(pdev, 0) < ACC_BAR0_BYTES) {
		drm_err(&acc->drm, "BAR 0 is %pR, need 0x%x bytes\n", &pdev->resource[0],
			ACC_BAR0_BYTES);
		return -ENODEV;
	}
	acc->regs = pcim_iomap_region(pdev, 0, "acc");
	if (IS_ERR(acc->regs))
		return PTR_ERR(acc->regs);
	acc->regs_phys = pci_resource_start(pdev, 0);
	return 0;
}

/*
 * The device may be in any state (the driver before us crashed, another kernel ran): a reset
 * stops its accesses to memory before we give it the right to make some.
 */
static int acc_device_identify(struct acc_device *acc)
{
	struct acc_info *info = &acc->info;
	u32 id = acc_read32(acc, ACC_DEV_ID);
	u32 major, minor;
	int ret;

	if (id != ACC_DEV_ID_MAGIC) {
		drm_err(&acc->drm, "DEV_ID is 0x%08x, not an ACC1 device\n", id);
		return -ENODEV;
	}
	info->version = acc_read32(acc, ACC_DEV_VERSION);
	major = info->version >> ACC_DEV_VERSION_MAJOR_SHIFT;
	minor = info->version & ACC_DEV_VERSION_MINOR_MASK;
	if (major != ACC_KNOWN_MAJOR || minor < ACC_LEAST_MINOR) {
		drm_err(&acc->drm, "interface version %u.%u, need %u.%u or a later %u.x\n", major,
			minor, ACC_KNOWN_MAJOR, ACC_LEAST_MINOR, ACC_KNOWN_MAJOR);
		return -ENODEV;
	}

	acc_write32(acc, ACC_DEV_RESET, ACC_DEV_RESET_KEY);
	ret = acc_device_wait_ready(acc);
	if (ret) {
		drm_err(&acc->drm, "the device does not get ready (%d)\n", ret);
		return ret;
	}

	info->compute_units = acc_read32(acc, ACC_DEV_COMPUTE_UNITS);
	info->clock_khz = acc_read32(acc, ACC_DEV_CLOCK_KHZ);
	info->queues = acc_read32(acc, ACC_DEV_QUEUES);
	info->vmids = acc_read32(acc, ACC_DEV_ADDRESS_SPACES);
	info->vram_bytes = acc_read64(acc, ACC_DEV_VRAM_BYTES);
	info->va_window_bytes = acc_read64(acc, ACC_DEV_VA_WINDOW_BYTES);
	info->uuid[0] = acc_read64(acc, ACC_DEV_UUID_LO);
	info->uuid[1] = acc_read64(acc, ACC_DEV_UUID_HI);
	acc->counters.ecc_corrected_base = acc_read64(acc, ACC_DEV_ECC_CORRECTED);
	acc->counters.ecc_uncorrected_base = acc_read64(acc, ACC_DEV_ECC_UNCORRECTED);

	if (!info->queues || info->queues > ACC_MAX_QUEUES || !info->vmids ||
	    info->vmids > ACC_MAX_ADDRESS_SPACES || !info->vram_bytes ||
	    !IS_ALIGNED(info->vram_bytes, ACC_LARGE_PAGE_BYTES)) {
		drm_err(&acc->drm, "impossible: %u queues, %u address spaces, 0x%llx bytes\n",
			info->queues, info->vmids, info->vram_bytes);
		info->queues = 0;
		return -ENODEV;
	}
	return 0;
}

static int acc_device_enable_dma(struct acc_device *acc)
{
	struct device *dev = &acc->pdev->dev;
	int ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(ACC_DMA_BITS));

	if (ret)
		return ret;
	/* Entries are mapped page by page, so a segment may be as long as it likes. */
	dma_set_max_seg_size(dev, UINT_MAX);
	pci_set_master(acc->pdev);
	return 0;
}

/* What files need as long as they are open, also after unbind. */
static int acc_device_init_software(struct acc_device *acc)
{
	int ret;

	spin_lock_init(&acc->queue_lock);
	spin_lock_init(&acc->mapped_lock);
	INIT_LIST_HEAD(&acc->mapped);
	init_completion(&acc->irq.test);
	ret = drmm_mutex_init(&acc->drm, &acc->vmid_lock) ?:
	      drmm_mutex_init(&acc->drm, &acc->fault_lock);
	return ret ?: acc_reset_init(acc);
}

int acc_device_init(struct acc_device *acc)
{
	int ret;

	ret = acc_device_init_software(acc);
	if (ret)
		return ret;
	ret = pcim_enable_device(acc->pdev);
	if (ret)
		return ret;
	ret = acc_device_map_registers(acc);
	if (ret)
		return ret;
	ret = acc_device_identify(acc);
	if (ret)
		return ret;
	ret = acc_device_enable_dma(acc);
	if (ret)
		return ret;
	ret = acc_vram_init(acc);
	if (ret)
		goto err_master;
	ret = acc_irq_init(acc);
	if (ret)
		goto err_vram;

	drm_info(&acc->drm, "ACC1 %u.%u: %u compute units, %llu MiB, %u queues, %u vectors\n",
		 acc->info.version >> ACC_DEV_VERSION_MAJOR_SHIFT,
		 acc->info.version & ACC_DEV_VERSION_MINOR_MASK, acc->info.compute_units,
		 acc->info.vram_bytes >> 20, acc->info.queues, acc->irq.vectors);
	return 0;

err_vram:
	acc_vram_fini(acc);
err_master:
	pci_clear_master(acc->pdev);
	return ret;
}

void acc_device_fini(struct acc_device *acc)
{
	acc_irq_fini(acc);
	acc_reset_fini(acc);
	acc_reset_quiesce(acc);
	acc_gem_unmap_all(acc);
	acc_vram_fini(acc);
}
