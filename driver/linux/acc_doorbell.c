// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Doorbell pages
 *
 * A process maps the doorbell page of each of its queues: at the page's offset in BAR 0, which is
 * below the offsets of buffers. Hardware numbers are used again, so a mapping must not outlive its
 * queue: a mapping belongs to a queue, not to the page, and once the queue is destroyed (or the
 * device is gone) it shows a page of ordinary memory of its own. Writes to it then go nowhere,
 * which is also what the device does with a doorbell of a queue that is not enabled; the process
 * learns what happened from the calls it waits with.
 *
 * A reset does not revoke doorbells: the queue keeps its number until it is destroyed.
 */

#include <linux/mm.h>

#include <drm/drm_drv.h>

#include "acc_device.h"
#include "acc_queue.h"

static_assert(PAGE_SIZE == ACC_DOORBELL_BYTES, "a page must not show two doorbells");

u64 acc_doorbell_offset(const struct acc_queue *queue)
{
	return ACC_DOORBELL(queue->hw);
}

static vm_fault_t acc_doorbell_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct acc_queue *queue = vma->vm_private_data;
	unsigned long pfn = page_to_pfn(queue->doorbell_dummy);
	vm_fault_t ret;
	int idx;

	mutex_lock(&queue->doorbell_lock);
	if (!queue->doorbell_revoked && drm_dev_enter(&queue->acc->drm, &idx)) {
		pfn = PHYS_PFN(queue->acc->regs_phys + ACC_DOORBELL(queue->hw));
		ret = vmf_insert_pfn(vma, vmf->address, pfn);
		drm_dev_exit(idx);
	} else {
		ret = vmf_insert_pfn(vma, vmf->address, pfn);
	}
	mutex_unlock(&queue->doorbell_lock);
	return ret;
}

static void acc_doorbell_open(struct vm_area_struct *vma)
{
	acc_queue_get(vma->vm_private_data);
}

static void acc_doorbell_close(struct vm_area_struct *vma)
{
	acc_queue_put(vma->vm_private_data);
}

static const struct vm_operations_struct acc_doorbell_vm_ops = {
	.fault = acc_doorbell_fault,
	.open = acc_doorbell_open,
	.close = acc_doorbell_close,
};

int acc_doorbell_mmap(struct acc_file *file, struct vm_area_struct *vma)
{
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	struct acc_queue *queue = NULL;

	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_flags & VM_EXEC) ||
	    vma->vm_end - vma->vm_start != PAGE_SIZE)
		return -EINVAL;
	if (offset >= ACC_DOORBELL(0) && offset < ACC_DOORBELL(file->acc->info.queues))
		queue = acc_queue_from_hw(file->acc,
					  (offset - ACC_DOORBELL(0)) / ACC_DOORBELL_BYTES);
	if (!queue || queue->file != file) {
		if (queue)
			acc_queue_put(queue);
		return -EINVAL;
	}

	/*
	 * The reference goes to the mapping. A child process does not get it: two processes that
	 * ring one queue would only break it.
	 */
	vma->vm_private_data = queue;
	vma->vm_ops = &acc_doorbell_vm_ops;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vm_flags_mod(vma, VM_IO | VM_PFNMAP | VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP,
		     VM_MAYEXEC);
	return 0;
}

void acc_doorbell_revoke(struct acc_queue *queue)
{
	mutex_lock(&queue->doorbell_lock);
	queue->doorbell_revoked = true;
	mutex_unlock(&queue->doorbell_lock);
	/*
	 * A page fault that saw the old state has put its entry there before it gave up the lock,
	 * so it goes now. Mappings of the number's other owners refault.
	 */
	unmap_mapping_range(queue->acc->drm.anon_inode->i_mapping, acc_doorbell_offset(queue),
			    ACC_DOORBELL_BYTES, 1);
}
