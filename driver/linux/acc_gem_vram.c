// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Buffers in device memory.
 */

/**
 * DOC: Buffers in device memory
 *
 * A buffer is a list of gpu_buddy blocks, scattered if need be; extents tell where each part is.
 * Programs see it through the aperture, write-combined, page by page as they touch it. The kernel
 * sees it in its own mapping of the whole aperture, or, when somebody wants a scattered buffer in
 * one piece (a dma-buf importer), in a mapping made for that.
 */

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <drm/drm_drv.h>
#include <drm/drm_prime.h>
#include <drm/drm_print.h>

#include "acc_gem.h"
#include "uapi/drm/acc_drm.h"

static void acc_gem_vram_free(struct drm_gem_object *obj)
{
	struct acc_bo *bo = to_acc_bo(obj);
	struct drm_gem_object *vm_root = bo->vm_root;

	drm_WARN_ON(obj->dev, bo->vmap_users);
	if (!list_empty(&bo->blocks))
		acc_vram_free(to_acc(obj->dev), &bo->blocks);
	if (bo->dummy)
		__free_page(bo->dummy);
	kvfree(bo->extents);
	mutex_destroy(&bo->gpuva_lock);
	drm_gem_object_release(obj);
	kfree(bo);
	if (vm_root)
		drm_gem_object_put(vm_root); /* last: it holds the reservation */
}

static unsigned long acc_gem_vram_pfn(struct acc_bo *bo, u64 offset)
{
	struct acc_device *acc = to_acc(bo->shmem.base.dev);
	struct acc_cursor cursor;

	acc_cursor_init(&cursor, bo, offset);
	return PHYS_PFN(acc->vram.phys + acc_cursor_address(&cursor));
}

#ifdef CONFIG_VMAP_PFN
static void *acc_gem_vram_vmap_scattered(struct acc_bo *bo)
{
	unsigned long count = bo->shmem.base.size >> PAGE_SHIFT, i, *pfns;
	void *map;

	pfns = kvmalloc_array(count, sizeof(*pfns), GFP_KERNEL);
	if (!pfns)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < count; i++)
		pfns[i] = acc_gem_vram_pfn(bo, (u64)i << PAGE_SHIFT);
	map = vmap_pfn(pfns, count, pgprot_writecombine(PAGE_KERNEL_IO));
	kvfree(pfns);
	return map ?: ERR_PTR(-ENOMEM);
}
#else
static void *acc_gem_vram_vmap_scattered(struct acc_bo *bo)
{
	return ERR_PTR(-EOPNOTSUPP); /* the kernel was built without any driver that needs it */
}
#endif

static int acc_gem_vram_vmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	struct acc_bo *bo = to_acc_bo(obj);
	struct acc_device *acc = to_acc(obj->dev);

	dma_resv_assert_held(obj->resv);
	if (!acc->vram.virt)
		return -ENODEV;
	if (bo->extent_count == 1) {
		iosys_map_set_vaddr_iomem(map, acc->vram.virt + bo->extents[0].address);
		return 0;
	}
	if (!bo->vmap_users) {
		void *vmap = acc_gem_vram_vmap_scattered(bo);

		if (IS_ERR(vmap))
			return PTR_ERR(vmap);
		bo->vmap = vmap;
	}
	bo->vmap_users++;
	iosys_map_set_vaddr_iomem(map, (void __force __iomem *)bo->vmap);
	return 0;
}

static void acc_gem_vram_vunmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	struct acc_bo *bo = to_acc_bo(obj);

	dma_resv_assert_held(obj->resv);
	if (bo->extent_count == 1 || --bo->vmap_users)
		return;
	vunmap(bo->vmap);
	bo->vmap = NULL;
}

/*
 * The device is unplugged. A process cannot be expected to survive SIGBUS, so it sees a page of
 * ordinary memory, the same one at each place of the buffer, and learns what happened from its
 * calls. The page is the buffer's own: a common one would connect strangers.
 */
static vm_fault_t acc_gem_vram_fault_dummy(struct vm_fault *vmf, struct acc_bo *bo)
{
	struct page *page = READ_ONCE(bo->dummy);

	if (!page) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			return VM_FAULT_OOM;
		if (cmpxchg(&bo->dummy, NULL, page)) {
			__free_page(page); /* another thread was faster */
			page = READ_ONCE(bo->dummy);
		}
	}
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
}

static vm_fault_t acc_gem_vram_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct drm_gem_object *obj = vma->vm_private_data;
	struct acc_bo *bo = to_acc_bo(obj);
	unsigned long page, end = acc_gem_fault_pages(vmf, obj, &page);
	unsigned long address = vmf->address;
	vm_fault_t ret;
	int idx;

	if (!end)
		return VM_FAULT_SIGBUS;
	if (!drm_dev_enter(obj->dev, &idx))
		return acc_gem_vram_fault_dummy(vmf, bo);
	ret = vmf_insert_pfn(vma, address, acc_gem_vram_pfn(bo, (u64)page << PAGE_SHIFT));
	while (!(ret & VM_FAULT_ERROR) && ++page < end) {
		address += PAGE_SIZE;
		if (vmf_insert_pfn(vma, address, acc_gem_vram_pfn(bo, (u64)page << PAGE_SHIFT)) &
		    VM_FAULT_ERROR)
			break; /* only the first one was asked for */
	}
	drm_dev_exit(idx);
	return ret;
}

static const struct vm_operations_struct acc_gem_vram_vm_ops = {
	.fault = acc_gem_vram_fault,
	.open = drm_gem_vm_open,
	.close = drm_gem_vm_close,
};

static int acc_gem_vram_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = pgprot_writecombine(vm_get_page_prot(vma->vm_flags));
	return 0;
}

static enum drm_gem_object_status acc_gem_vram_status(struct drm_gem_object *obj)
{
	return DRM_GEM_OBJECT_RESIDENT;
}

static const struct drm_gem_object_funcs acc_gem_vram_funcs = {
	.free = acc_gem_vram_free,
	.export = acc_gem_prime_export,
	.vmap = acc_gem_vram_vmap,
	.vunmap = acc_gem_vram_vunmap,
	.mmap = acc_gem_vram_mmap,
	.status = acc_gem_vram_status,
	.vm_ops = &acc_gem_vram_vm_ops,
};

/**
 * acc_gem_vram_create() - Create a buffer in device memory, filled with zeros
 * @acc: device, between drm_dev_enter() and drm_dev_exit()
 * @bytes: size, a multiple of the page size
 *
 * Return: the buffer, or an error pointer: -ENOSPC when there is not enough device memory.
 */
struct acc_bo *acc_gem_vram_create(struct acc_device *acc, u64 bytes)
{
	struct acc_cursor cursor;
	struct acc_bo *bo;
	int ret;

	if (bytes > acc->vram.mm.size)
		return ERR_PTR(-ENOSPC);
	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return ERR_PTR(-ENOMEM);
	bo->flags = DRM_ACC_BO_VRAM;
	bo->shmem.base.funcs = &acc_gem_vram_funcs;
	INIT_LIST_HEAD(&bo->blocks);
	mutex_init(&bo->gpuva_lock);
	drm_gem_private_object_init(&acc->drm, &bo->shmem.base, bytes);
	drm_gem_gpuva_set_lock(&bo->shmem.base, &bo->gpuva_lock);

	ret = drm_gem_create_mmap_offset(&bo->shmem.base);
	if (ret)
		goto put;
	ret = acc_vram_alloc(acc, bytes, 0, &bo->blocks);
	if (ret)
		goto put;
	bo->extents = acc_extents_from_blocks(acc, &bo->blocks, &bo->extent_count);
	if (!bo->extents) {
		ret = -ENOMEM;
		goto put;
	}
	acc_cursor_init(&cursor, bo, 0);
	while (cursor.offset < bytes) {
		u64 run = min_t(u64, acc_cursor_run(&cursor), SZ_64M);

		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			goto put;
		}
		acc_vram_clear(acc, acc_cursor_address(&cursor), run);
		acc_cursor_advance(&cursor, run);
	}
	return bo;

put:
	drm_gem_object_put(&bo->shmem.base);
	return ERR_PTR(ret);
}
