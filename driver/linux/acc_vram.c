// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Device memory.
 */

/**
 * DOC: Device memory
 *
 * One gpu_buddy over all of VRAM gives out blocks of at least 4 KiB to buffers (from the bottom)
 * and to page tables (from the top, so that they do not split the large blocks). The host sees all
 * of it through the aperture, which the driver maps write-combined once, as a whole.
 *
 * A new buffer is cleared through the aperture when it is made, always: nothing is freed clear
 * (that would make freeing expensive, also at exit of a process), so gpu_buddy's tracking of
 * cleared blocks would never find one. When clearing moves to the device or to the background,
 * GPU_BUDDY_CLEARED at acc_vram_free() and GPU_BUDDY_CLEAR_ALLOCATION are its place.
 *
 * Nothing is evicted yet: memory that is not there is -ENOSPC. Eviction will live in
 * acc_vram_alloc()'s failure path, which runs with no locks but reservations held.
 *
 * Life time: buffers of open files outlive the PCI device, so the allocator goes with the
 * drm_device; the mapping of the aperture goes when the driver is unbound.
 */

#include <linux/io.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include <drm/drm_buddy.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "acc_gem.h"

#define ACC_VRAM_BAR 2

static void acc_vram_release(struct drm_device *drm, void *unused)
{
	struct acc_device *acc = to_acc(drm);

	drm_WARN_ON(drm, acc->vram.used);
	gpu_buddy_fini(&acc->vram.mm);
	mutex_destroy(&acc->vram.lock);
}

/* The function whose BAR 2 is the aperture, memory decoding on and the BAR ours. */
static int acc_vram_claim(struct acc_device *acc)
{
	u32 kind = acc_read32(acc, ACC_DEV_APERTURE);
	struct pci_dev *pdev = acc->pdev;
	int ret;

	if (kind == ACC_DEV_APERTURE_BAR2)
		return pci_request_region(pdev, ACC_VRAM_BAR, "acc-vram");
	if (kind != ACC_DEV_APERTURE_COMPANION) {
		drm_err(&acc->drm, "unknown place of the VRAM aperture: %u\n", kind);
		return -ENODEV;
	}

	pdev = pci_get_slot(pdev->bus, PCI_DEVFN(PCI_SLOT(pdev->devfn), 1));
	if (!pdev) {
		drm_err(&acc->drm, "no function 1 with the VRAM aperture\n");
		return -ENODEV;
	}
	ret = pci_enable_device_mem(pdev);
	if (ret)
		goto put;
	ret = pci_request_region(pdev, ACC_VRAM_BAR, "acc-vram");
	if (ret)
		goto disable;
	acc->vram.companion = pdev;
	return 0;

disable:
	pci_disable_device(pdev);
put:
	pci_dev_put(pdev);
	return ret;
}

static void acc_vram_unclaim(struct acc_device *acc)
{
	struct pci_dev *companion = acc->vram.companion;

	if (!companion) {
		pci_release_region(acc->pdev, ACC_VRAM_BAR);
		return;
	}
	pci_release_region(companion, ACC_VRAM_BAR);
	pci_disable_device(companion);
	pci_dev_put(companion);
	acc->vram.companion = NULL;
}

/**
 * acc_vram_init() - Find and map the aperture, set the allocator up
 * @acc: device, registers mapped and asked
 *
 * Return: 0, -ENODEV when there is no usable aperture, or another error.
 */
int acc_vram_init(struct acc_device *acc)
{
	struct acc_vram *vram = &acc->vram;
	u64 bytes = acc->info.vram_bytes;
	struct pci_dev *pdev;
	int ret;

	ret = acc_vram_claim(acc);
	if (ret)
		return ret;

	pdev = vram->companion ?: acc->pdev;
	if (!bytes || !IS_ALIGNED(bytes, ACC_LARGE_PAGE_BYTES) ||
	    pci_resource_len(pdev, ACC_VRAM_BAR) < bytes) {
		drm_err(&acc->drm, "aperture of %llu bytes cannot show VRAM of %llu bytes\n",
			(u64)pci_resource_len(pdev, ACC_VRAM_BAR), bytes);
		ret = -ENODEV;
		goto unclaim;
	}
	vram->phys = pci_resource_start(pdev, ACC_VRAM_BAR);
	vram->virt = ioremap_wc(vram->phys, bytes);
	if (!vram->virt) {
		ret = -ENOMEM;
		goto unclaim;
	}

	ret = gpu_buddy_init(&vram->mm, bytes, SZ_4K);
	if (ret)
		goto unmap;
	mutex_init(&vram->lock);
	ret = drmm_add_action_or_reset(&acc->drm, acc_vram_release, NULL);
	if (ret)
		goto unmap;
	return 0;

unmap:
	iounmap(vram->virt);
	vram->virt = NULL;
unclaim:
	acc_vram_unclaim(acc);
	return ret;
}

/**
 * acc_vram_fini() - Unmap the aperture: the device goes
 * @acc: device, unplugged
 */
void acc_vram_fini(struct acc_device *acc)
{
	if (!acc->vram.virt)
		return;
	iounmap(acc->vram.virt);
	acc->vram.virt = NULL;
	acc_vram_unclaim(acc);
}

/**
 * acc_vram_alloc() - Allocate device memory
 * @acc: device
 * @bytes: how much, a multiple of 4 KiB
 * @flags: GPU_BUDDY_* flags
 * @blocks: the blocks are added here, in the order in which they make up the memory
 *
 * Return: 0, -ENOSPC when there is not enough, -ENOMEM.
 */
int acc_vram_alloc(struct acc_device *acc, u64 bytes, unsigned long flags,
		   struct list_head *blocks)
{
	struct acc_vram *vram = &acc->vram;
	int ret;

	if (bytes > vram->mm.size)
		return -ENOSPC;

	mutex_lock(&vram->lock);
	if (bytes > vram->mm.avail)
		ret = -ENOSPC;
	else
		ret = gpu_buddy_alloc_blocks(&vram->mm, 0, vram->mm.size, bytes, SZ_4K, blocks,
					     flags);
	if (!ret)
		vram->used += bytes;
	mutex_unlock(&vram->lock);
	return ret;
}

/**
 * acc_vram_free() - Give device memory back
 * @acc: device
 * @blocks: what acc_vram_alloc() gave; empty afterwards
 *
 * Nothing may use the memory any more, the device's translations included. Works after unplug.
 */
void acc_vram_free(struct acc_device *acc, struct list_head *blocks)
{
	struct acc_vram *vram = &acc->vram;
	struct gpu_buddy_block *block;

	mutex_lock(&vram->lock);
	list_for_each_entry(block, blocks, link)
		vram->used -= gpu_buddy_block_size(&vram->mm, block);
	gpu_buddy_free_list(&vram->mm, blocks, 0);
	mutex_unlock(&vram->lock);
}

/**
 * acc_vram_clear() - Write zeros to device memory
 * @acc: device, between drm_dev_enter() and drm_dev_exit()
 * @offset: first byte
 * @bytes: how many
 */
void acc_vram_clear(struct acc_device *acc, u64 offset, u64 bytes)
{
	while (bytes) {
		size_t part = min_t(u64, bytes, SZ_1M);

		memset_io(acc->vram.virt + offset, 0, part);
		offset += part;
		bytes -= part;
		cond_resched();
	}
	/* Visible to the device before anybody tells it the address. */
	wmb();
}

/**
 * acc_vram_debugfs_show() - Print the state of the allocator
 * @acc: device
 * @p: where to
 */
void acc_vram_debugfs_show(struct acc_device *acc, struct drm_printer *p)
{
	struct acc_vram *vram = &acc->vram;

	mutex_lock(&vram->lock);
	drm_printf(p, "total: %llu KiB\n", vram->mm.size >> 10);
	drm_printf(p, "used: %llu KiB\n", vram->used >> 10);
	drm_buddy_print(&vram->mm, p);
	mutex_unlock(&vram->lock);
}
