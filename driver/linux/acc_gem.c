// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Buffers: creation, system memory, extents, kernel mappings.
 */

/**
 * DOC: Buffers
 *
 * A buffer is in device memory (acc_gem_vram.c) or in system memory (shmem helper, cached,
 * coherent), for its whole life; the contents of a new one are zero. What binds want to know is
 * the same for both: a sorted array of extents, runs that are contiguous for the device.
 *
 * System memory gets its pages at the first mmap, bind or export. A bind pins them for the rest of
 * the buffer's life: the device reads page tables whenever it likes, so there is no moment at
 * which pages could be taken away. When a shrinker comes, acc_bo_pin() becomes a count that the
 * last unbind drops, and drm_gpuvm_bo_evict() marks what has to be bound again; purging of
 * unbound buffers hooks into the shmem helper's madvise list. Memory of the process itself
 * (userptr) will be a third kind of buffer whose extents an MMU notifier takes back.
 *
 * A buffer with an exclusive address space shares that one's reservation, so that locking the
 * address space locks all its private buffers; it cannot be exported, because then somebody
 * else's fences would stand in everybody's way.
 *
 * The driver puts no fences into reservations: completion of user-mode queues is invisible to the
 * kernel, and no fence follows it.
 */

#include <linux/delay.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "acc_gem.h"
#include "acc_vm.h"
#include "uapi/drm/acc_drm.h"

struct workqueue_struct *acc_bind_wq;
struct workqueue_struct *acc_free_wq;

/**
 * acc_mem_module_init() - Create the work queues of the memory side
 *
 * They belong to the module and not to a device: a work item may drop the last reference of a
 * drm_device, and must not have to destroy the queue it runs on.
 *
 * Return: 0 or -ENOMEM.
 */
int acc_mem_module_init(void)
{
	acc_bind_wq = alloc_workqueue("acc-bind", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	acc_free_wq = alloc_workqueue("acc-free", WQ_UNBOUND, 0);
	if (!acc_bind_wq || !acc_free_wq) {
		acc_mem_module_exit();
		return -ENOMEM;
	}
	acc_gem_huge_init();
	return 0;
}

/** acc_mem_module_exit() - Wait for the last work and drop the work queues */
void acc_mem_module_exit(void)
{
	if (acc_bind_wq)
		destroy_workqueue(acc_bind_wq);
	if (acc_free_wq)
		destroy_workqueue(acc_free_wq);
	acc_gem_huge_fini();
}

/* --- extents ------------------------------------------------------------------------------ */

static void acc_extent_add(struct acc_extent *extents, u32 *count, u64 start, u64 address)
{
	struct acc_extent *last = *count ? &extents[*count - 1] : NULL;

	if (last && last->address + (start - last->start) == address)
		return; /* goes on where the last one ends */
	extents[*count].start = start;
	extents[*count].address = address;
	++*count;
}

/* Trims the array, which was allocated for the worst case. */
static struct acc_extent *acc_extents_fit(struct acc_extent *extents, u32 count)
{
	struct acc_extent *fit = kvmemdup(extents, array_size(count, sizeof(*fit)), GFP_KERNEL);

	if (!fit)
		return extents;
	kvfree(extents);
	return fit;
}

/**
 * acc_extents_from_blocks() - Extents of device memory
 * @acc: device
 * @blocks: blocks from acc_vram_alloc()
 * @count: returned: number of extents
 *
 * Return: array for kvfree(), NULL when there is no memory.
 */
struct acc_extent *acc_extents_from_blocks(struct acc_device *acc, struct list_head *blocks,
					   u32 *count)
{
	struct gpu_buddy_block *block;
	struct acc_extent *extents;
	u64 start = 0;

	extents = kvmalloc_array(list_count_nodes(blocks), sizeof(*extents), GFP_KERNEL);
	if (!extents)
		return NULL;
	*count = 0;
	list_for_each_entry(block, blocks, link) {
		acc_extent_add(extents, count, start, gpu_buddy_block_offset(block));
		start += gpu_buddy_block_size(&acc->vram.mm, block);
	}
	return acc_extents_fit(extents, *count);
}

/**
 * acc_extents_from_sgt() - Extents of memory that is mapped for the device
 * @sgt: table with bus addresses
 * @count: returned: number of extents
 *
 * Return: array for kvfree(), NULL when there is no memory.
 */
struct acc_extent *acc_extents_from_sgt(struct sg_table *sgt, u32 *count)
{
	struct acc_extent *extents;
	struct scatterlist *sg;
	unsigned int i;
	u64 start = 0;

	extents = kvmalloc_array(sgt->nents, sizeof(*extents), GFP_KERNEL);
	if (!extents)
		return NULL;
	*count = 0;
	for_each_sgtable_dma_sg(sgt, sg, i) {
		acc_extent_add(extents, count, start, sg_dma_address(sg));
		start += sg_dma_len(sg);
	}
	return acc_extents_fit(extents, *count);
}

static u64 acc_cursor_extent_end(const struct acc_cursor *c)
{
	return c->extent == c->last ? c->size : c->extent[1].start;
}

/**
 * acc_cursor_init() - Stand at a place of a buffer
 * @c: cursor
 * @bo: buffer with extents
 * @offset: where, less than the size
 */
void acc_cursor_init(struct acc_cursor *c, const struct acc_bo *bo, u64 offset)
{
	u32 low = 0, high = bo->extent_count - 1;

	while (low < high) {
		u32 middle = low + (high - low + 1) / 2;

		if (bo->extents[middle].start <= offset)
			low = middle;
		else
			high = middle - 1;
	}
	c->extent = &bo->extents[low];
	c->last = &bo->extents[bo->extent_count - 1];
	c->offset = offset;
	c->size = bo->shmem.base.size;
}

u64 acc_cursor_address(const struct acc_cursor *c)
{
	return c->extent->address + (c->offset - c->extent->start);
}

u64 acc_cursor_run(const struct acc_cursor *c)
{
	return acc_cursor_extent_end(c) - c->offset;
}

void acc_cursor_advance(struct acc_cursor *c, u64 bytes)
{
	c->offset += bytes;
	while (c->extent != c->last && c->offset >= c->extent[1].start)
		c->extent++;
}

/* --- system memory ------------------------------------------------------------------------ */

void acc_bo_mapped(struct acc_bo *bo)
{
	struct acc_device *acc = to_acc(bo->shmem.base.dev);

	spin_lock(&acc->mapped_lock);
	if (list_empty(&bo->mapped_link)) /* an import that comes back through its own export */
		list_add_tail(&bo->mapped_link, &acc->mapped);
	spin_unlock(&acc->mapped_lock);
}

/* Gives the bus addresses back, which the shmem helper would do only when the object is freed. */
static void acc_bo_unmap(struct acc_bo *bo)
{
	struct drm_gem_shmem_object *shmem = &bo->shmem;
	struct drm_gem_object *obj = &shmem->base;

	if (!shmem->sgt)
		return;
	if (obj->import_attach) {
		dma_buf_unmap_attachment_unlocked(obj->import_attach, shmem->sgt,
						  DMA_BIDIRECTIONAL);
	} else {
		dma_unmap_sgtable(obj->dev->dev, shmem->sgt, DMA_BIDIRECTIONAL, 0);
		sg_free_table(shmem->sgt);
		kfree(shmem->sgt);
	}
	shmem->sgt = NULL;
}

static struct acc_bo *acc_gem_first_mapped(struct acc_device *acc)
{
	return list_first_entry_or_null(&acc->mapped, struct acc_bo, mapped_link);
}

/**
 * acc_gem_unmap_all() - Give all bus addresses back, the driver leaves the device
 * @acc: device, unplugged (so no buffer gets new ones) and quiet
 *
 * Buffers live as long as their files, bus addresses only as long as the driver is bound.
 */
void acc_gem_unmap_all(struct acc_device *acc)
{
	struct acc_bo *bo;

	spin_lock(&acc->mapped_lock);
	while ((bo = acc_gem_first_mapped(acc))) {
		bool alive = kref_get_unless_zero(&bo->shmem.base.refcount);

		if (alive)
			list_del_init(&bo->mapped_link);
		spin_unlock(&acc->mapped_lock);
		if (alive) {
			acc_bo_unmap(bo);
			drm_gem_object_put(&bo->shmem.base);
		} else {
			/* acc_gem_free() is at it, and takes it off the list when it is done. */
			usleep_range(100, 1000);
		}
		spin_lock(&acc->mapped_lock);
	}
	spin_unlock(&acc->mapped_lock);
}

/* Pages, their table and extents; what the shmem helper's get_pages_sgt does, not interruptible */
static int acc_bo_pin_locked(struct acc_bo *bo)
{
	struct drm_gem_shmem_object *shmem = &bo->shmem;
	struct device *dev = shmem->base.dev->dev;
	struct acc_extent *extents;
	struct sg_table *sgt;
	u32 count;
	int ret;

	ret = drm_gem_shmem_pin_locked(shmem);
	if (ret)
		return ret;
	sgt = drm_gem_shmem_get_sg_table(shmem);
	if (IS_ERR(sgt)) {
		ret = PTR_ERR(sgt);
		goto unpin;
	}
	ret = dma_map_sgtable(dev, sgt, DMA_BIDIRECTIONAL, 0);
	if (ret)
		goto free;
	extents = acc_extents_from_sgt(sgt, &count);
	if (!extents) {
		ret = -ENOMEM;
		goto unmap;
	}
	shmem->sgt = sgt;
	acc_bo_mapped(bo);
	bo->extent_count = count;
	/* With its count: pairs with acc_bo_pin(), which looks without the lock. */
	smp_store_release(&bo->extents, extents);
	return 0;

unmap:
	dma_unmap_sgtable(dev, sgt, DMA_BIDIRECTIONAL, 0);
free:
	sg_free_table(sgt);
	kfree(sgt);
unpin:
	drm_gem_shmem_unpin_locked(shmem);
	return ret;
}

/**
 * acc_bo_pin() - Make sure that a buffer has memory the device can use
 * @bo: buffer
 *
 * Return: 0 or -ENOMEM.
 */
int acc_bo_pin(struct acc_bo *bo)
{
	struct drm_gem_object *obj = &bo->shmem.base;
	int ret = 0;

	/* Pairs with acc_bo_pin_locked(). */
	if (smp_load_acquire(&bo->extents))
		return 0;
	dma_resv_lock(obj->resv, NULL);
	if (!bo->extents)
		ret = acc_bo_pin_locked(bo);
	dma_resv_unlock(obj->resv);
	return ret;
}

static void acc_gem_free(struct drm_gem_object *obj)
{
	struct acc_device *acc = to_acc(obj->dev);
	struct acc_bo *bo = to_acc_bo(obj);
	struct drm_gem_object *vm_root = bo->vm_root;

	/* First the addresses, then off the list: acc_gem_unmap_all() waits for the second. */
	acc_bo_unmap(bo);
	spin_lock(&acc->mapped_lock);
	list_del_init(&bo->mapped_link);
	spin_unlock(&acc->mapped_lock);
	kvfree(bo->extents);
	mutex_destroy(&bo->gpuva_lock);
	drm_gem_shmem_free(&bo->shmem);
	if (vm_root)
		drm_gem_object_put(vm_root); /* last: it holds the reservation */
}

static enum drm_gem_object_status acc_gem_status(struct drm_gem_object *obj)
{
	struct acc_bo *bo = to_acc_bo(obj);

	return bo->shmem.pages || obj->import_attach ? DRM_GEM_OBJECT_RESIDENT : 0;
}

/**
 * acc_gem_fault_pages() - Which pages of a buffer a fault shall make present
 * @vmf: fault
 * @obj: buffer
 * @page: returned: the page that was touched
 *
 * Touching a page gives some of those after it, too: faults are the dear part.
 *
 * Return: the page after the last one; 0 when the mapping is not inside the buffer.
 */
unsigned long acc_gem_fault_pages(struct vm_fault *vmf, struct drm_gem_object *obj,
				  unsigned long *page)
{
	unsigned long pages = obj->size >> PAGE_SHIFT;
	unsigned long left = (vmf->vma->vm_end - vmf->address) >> PAGE_SHIFT;

	/* Not from vm_start: a mapping that lost its beginning is still right in vm_pgoff. */
	*page = vmf->pgoff - drm_vma_node_start(&obj->vma_node);
	if (*page >= pages)
		return 0;
	return min3(*page + ACC_FAULT_AROUND, *page + left, pages);
}

static vm_fault_t acc_gem_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct drm_gem_object *obj = vma->vm_private_data;
	struct drm_gem_shmem_object *shmem = &to_acc_bo(obj)->shmem;
	unsigned long page, end = acc_gem_fault_pages(vmf, obj, &page);
	unsigned long address = vmf->address;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	dma_resv_lock(obj->resv, NULL);
	if (end && !drm_WARN_ON_ONCE(obj->dev, !shmem->pages)) {
		ret = vmf_insert_pfn(vma, address, page_to_pfn(shmem->pages[page]));
		while (!(ret & VM_FAULT_ERROR) && ++page < end) {
			address += PAGE_SIZE;
			if (vmf_insert_pfn(vma, address, page_to_pfn(shmem->pages[page])) &
			    VM_FAULT_ERROR)
				break; /* only the first one was asked for */
		}
	}
	dma_resv_unlock(obj->resv);
	return ret;
}

static void acc_gem_vm_open(struct vm_area_struct *vma)
{
	drm_gem_shmem_vm_ops.open(vma);
}

static void acc_gem_vm_close(struct vm_area_struct *vma)
{
	drm_gem_shmem_vm_ops.close(vma);
}

static const struct vm_operations_struct acc_gem_vm_ops = {
	.fault = acc_gem_fault,
	.open = acc_gem_vm_open,
	.close = acc_gem_vm_close,
};

static const struct drm_gem_object_funcs acc_gem_funcs = {
	.free = acc_gem_free,
	.print_info = drm_gem_shmem_object_print_info,
	.export = acc_gem_prime_export,
	.pin = drm_gem_shmem_object_pin,
	.unpin = drm_gem_shmem_object_unpin,
	.get_sg_table = drm_gem_shmem_object_get_sg_table,
	.vmap = drm_gem_shmem_object_vmap,
	.vunmap = drm_gem_shmem_object_vunmap,
	.mmap = drm_gem_shmem_object_mmap,
	.status = acc_gem_status,
	.vm_ops = &acc_gem_vm_ops,
};

/**
 * acc_gem_create_object() - Allocate a buffer of system memory for the shmem helper
 * @drm: device
 * @size: its size
 *
 * Return: the object, not initialised, or an error pointer.
 */
struct drm_gem_object *acc_gem_create_object(struct drm_device *drm, size_t size)
{
	struct acc_bo *bo = kzalloc(sizeof(*bo), GFP_KERNEL);

	if (!bo)
		return ERR_PTR(-ENOMEM);
	BUILD_BUG_ON(offsetof(struct acc_bo, shmem));
	bo->flags = DRM_ACC_BO_SYSTEM;
	bo->shmem.base.funcs = &acc_gem_funcs;
	INIT_LIST_HEAD(&bo->blocks);
	INIT_LIST_HEAD(&bo->mapped_link);
	mutex_init(&bo->gpuva_lock);
	drm_gem_gpuva_set_lock(&bo->shmem.base, &bo->gpuva_lock);
	return &bo->shmem.base;
}

/* --- kernel mapping of a word -------------------------------------------------------------- */

/**
 * acc_bo_word_map() - Map 8 bytes of a buffer into the kernel
 * @bo: buffer; the mapping takes a reference
 * @offset: first byte, a multiple of 8, inside the buffer
 * @word: the mapping
 *
 * Return: 0 or an error.
 */
int acc_bo_word_map(struct acc_bo *bo, u64 offset, struct acc_bo_word *word)
{
	struct drm_gem_object *obj = &bo->shmem.base;
	struct acc_cursor cursor;
	void *page;
	int ret;

	memset(word, 0, sizeof(*word));
	if (bo->flags & DRM_ACC_BO_VRAM) {
		acc_cursor_init(&cursor, bo, offset);
		iosys_map_set_vaddr_iomem(&word->map, to_acc(obj->dev)->vram.virt +
					  acc_cursor_address(&cursor));
	} else if (obj->import_attach) {
		ret = drm_gem_vmap_unlocked(obj, &word->map);
		if (ret)
			return ret;
		word->imported = true;
		word->offset = offset;
	} else {
		ret = drm_gem_shmem_pin(&bo->shmem);
		if (ret)
			return ret;
		page = vmap(&bo->shmem.pages[offset >> PAGE_SHIFT], 1, VM_MAP, PAGE_KERNEL);
		if (!page) {
			drm_gem_shmem_unpin(&bo->shmem);
			return -ENOMEM;
		}
		iosys_map_set_vaddr(&word->map, page);
		word->pinned = true;
		word->offset = offset_in_page(offset);
	}
	drm_gem_object_get(obj);
	word->bo = bo;
	return 0;
}

/**
 * acc_bo_word_unmap() - Drop a mapping of acc_bo_word_map()
 * @word: the mapping
 *
 * Process context; takes the reservation.
 */
void acc_bo_word_unmap(struct acc_bo_word *word)
{
	struct drm_gem_object *obj = &word->bo->shmem.base;

	if (word->imported) {
		drm_gem_vunmap_unlocked(obj, &word->map);
	} else if (word->pinned) {
		vunmap(word->map.vaddr);
		drm_gem_shmem_unpin(&word->bo->shmem);
	}
	drm_gem_object_put(obj);
	word->bo = NULL;
}

u64 acc_bo_word_read(const struct acc_bo_word *word)
{
	u64 value = iosys_map_rd(&word->map, word->offset, u64);

	/* Whoever sees the value sees what was written before it. */
	smp_rmb();
	return value;
}

void acc_bo_word_write(struct acc_bo_word *word, u64 value)
{
	/* What was written before the value is visible before it, to the device, too. */
	wmb();
	iosys_map_wr(&word->map, word->offset, u64, value);
	/* Nobody waits for a write-combining buffer to be full. */
	wmb();
}

/* --- ioctls -------------------------------------------------------------------------------- */

static struct acc_bo *acc_gem_system_create(struct acc_device *acc, u64 bytes)
{
	struct drm_gem_shmem_object *shmem;

	/* More can never get pages; the check keeps the arrays for them within reason, too. */
	if (bytes >> PAGE_SHIFT > totalram_pages())
		return ERR_PTR(-ENOMEM);
	shmem = acc_gem_huge_create(&acc->drm, bytes) ?: drm_gem_shmem_create(&acc->drm, bytes);
	return IS_ERR(shmem) ? ERR_CAST(shmem) : to_acc_bo(&shmem->base);
}

static int acc_gem_create_with_handle(struct acc_device *acc, struct drm_file *file,
				      struct acc_vm *vm, struct drm_acc_bo_create *args)
{
	u64 bytes = PAGE_ALIGN(args->bytes);
	struct acc_bo *bo;
	int ret;

	if (args->flags == DRM_ACC_BO_VRAM)
		bo = acc_gem_vram_create(acc, bytes);
	else
		bo = acc_gem_system_create(acc, bytes);
	if (IS_ERR(bo))
		return PTR_ERR(bo);

	if (vm) {
		bo->vm_root = vm->gpuvm.r_obj;
		drm_gem_object_get(bo->vm_root);
		bo->shmem.base.resv = bo->vm_root->resv;
	}
	ret = drm_gem_handle_create(file, &bo->shmem.base, &args->handle);
	drm_gem_object_put(&bo->shmem.base); /* the handle has its own reference */
	if (!ret)
		args->bytes = bytes;
	return ret;
}

/**
 * acc_ioctl_bo_create() - &DRM_IOCTL_ACC_BO_CREATE
 * @drm: device
 * @data: &struct drm_acc_bo_create
 * @file: caller
 *
 * Return: 0; -EINVAL, -ENOENT (address space), -ENOSPC (device memory), -ENOMEM, -ENODEV.
 */
int acc_ioctl_bo_create(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_bo_create *args = data;
	struct acc_vm *vm = NULL;
	int idx, ret;

	if (args->pad || !args->bytes || args->bytes > U64_MAX - PAGE_SIZE ||
	    (args->flags != DRM_ACC_BO_VRAM && args->flags != DRM_ACC_BO_SYSTEM))
		return -EINVAL;

	if (args->exclusive_vm_id) {
		vm = acc_vm_lookup(file->driver_priv, args->exclusive_vm_id);
		if (!vm)
			return -ENOENT;
	}
	ret = -ENODEV;
	if (drm_dev_enter(drm, &idx)) {
		if (!READ_ONCE(to_acc(drm)->lost))
			ret = acc_gem_create_with_handle(to_acc(drm), file, vm, args);
		drm_dev_exit(idx);
	}
	acc_vm_put(vm);
	return ret;
}

/**
 * acc_ioctl_bo_mmap_offset() - &DRM_IOCTL_ACC_BO_MMAP_OFFSET
 * @drm: device
 * @data: &struct drm_acc_bo_mmap_offset
 * @file: caller
 *
 * Return: 0, -EINVAL, -ENOENT.
 */
int acc_ioctl_bo_mmap_offset(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_bo_mmap_offset *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->pad)
		return -EINVAL;
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = drm_gem_create_mmap_offset(obj);
	if (!ret)
		args->offset = drm_vma_node_offset_addr(&obj->vma_node);
	drm_gem_object_put(obj);
	return ret;
}

/**
 * acc_gem_show_fdinfo() - Print the memory of a file's buffers by region
 * @p: where to
 * @file: file
 */
void acc_gem_show_fdinfo(struct drm_printer *p, struct drm_file *file)
{
	struct drm_memory_stats vram = {}, system = {}, *stats;
	struct drm_gem_object *obj;
	int id;

	spin_lock(&file->table_lock);
	idr_for_each_entry(&file->object_idr, obj, id) {
		stats = to_acc_bo(obj)->flags & DRM_ACC_BO_VRAM ? &vram : &system;
		if (drm_gem_object_is_shared_for_memory_stats(obj))
			stats->shared += obj->size;
		else
			stats->private += obj->size;
		if (obj->funcs->status(obj) & DRM_GEM_OBJECT_RESIDENT)
			stats->resident += obj->size;
	}
	spin_unlock(&file->table_lock);

	drm_print_memory_stats(p, &vram, DRM_GEM_OBJECT_RESIDENT, "vram0");
	drm_print_memory_stats(p, &system, DRM_GEM_OBJECT_RESIDENT, "system");
}

static void acc_gem_debugfs_show_bo(struct drm_printer *p, pid_t pid, int handle,
				    const struct acc_bo *bo)
{
	bool vram = bo->flags & DRM_ACC_BO_VRAM;
	u32 i;

	drm_printf(p, "pid=%d handle=%d bytes=%zu kind=%s", pid, handle, bo->shmem.base.size,
		   vram ? "vram" : bo->shmem.base.import_attach ? "import" : "system");
	/* Bus addresses of system memory are nobody's business. */
	for (i = 0; vram && i < bo->extent_count; i++)
		drm_printf(p, " 0x%llx@0x%llx", bo->extents[i].start, bo->extents[i].address);
	drm_printf(p, "\n");
}

/**
 * acc_gem_debugfs_show() - Print the buffers of all files
 * @acc: device
 * @p: where to
 *
 * A line for each handle; for device memory followed by OFFSET-IN-BUFFER@OFFSET-IN-VRAM for each
 * contiguous run.
 */
void acc_gem_debugfs_show(struct acc_device *acc, struct drm_printer *p)
{
	struct drm_gem_object *obj;
	struct drm_file *file;
	int handle;

	mutex_lock(&acc->drm.filelist_mutex);
	list_for_each_entry(file, &acc->drm.filelist, lhead) {
		pid_t pid;

		rcu_read_lock();
		pid = pid_nr(rcu_dereference(file->pid));
		rcu_read_unlock();
		spin_lock(&file->table_lock);
		idr_for_each_entry(&file->object_idr, obj, handle)
			acc_gem_debugfs_show_bo(p, pid, handle, to_acc_bo(obj));
		spin_unlock(&file->table_lock);
	}
	mutex_unlock(&acc->drm.filelist_mutex);
}
