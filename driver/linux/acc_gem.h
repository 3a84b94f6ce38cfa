/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Buffers: GEM objects in device memory (gpu_buddy blocks) or system memory (shmem helper), and
 * imported dma-bufs.
 */
#ifndef __ACC_GEM_H__
#define __ACC_GEM_H__

#include <linux/iosys-map.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include <drm/drm_gem.h>
#include <drm/drm_gem_shmem_helper.h>

#include "acc_device.h"

struct drm_printer;

/**
 * struct acc_extent - a run of a buffer that is contiguous for the device
 */
struct acc_extent {
	/** @start: offset of its first byte in the buffer */
	u64 start;
	/** @address: where that byte is: offset in VRAM, or bus address */
	u64 address;
};

/**
 * struct acc_bo - a buffer
 */
struct acc_bo {
	/**
	 * @shmem: GEM object; buffers in device memory use nothing but its base. First member:
	 * the shmem helper frees the whole.
	 */
	struct drm_gem_shmem_object shmem;
	/** @flags: DRM_ACC_BO_*; imported buffers are DRM_ACC_BO_SYSTEM */
	u32 flags;
	/** @extent_count: elements of @extents */
	u32 extent_count;
	/**
	 * @extents: the whole buffer in order. Of system memory: NULL until the first bind has
	 * pinned the pages (set once, under the reservation), then constant.
	 */
	struct acc_extent *extents;
	/** @mapped_link: in &acc_device.mapped while shmem.sgt has bus addresses */
	struct list_head mapped_link;
	/** @blocks: device memory, gpu_buddy blocks */
	struct list_head blocks;
	/** @vm_root: reservation object of the only address space that may map it, or NULL */
	struct drm_gem_object *vm_root;
	/**
	 * @gpuva_lock: protects the list of mappings, obj->gpuva. A lock of its own, because
	 * asynchronous binds change the list and must not take reservations.
	 */
	struct mutex gpuva_lock;
	/** @dummy: what mappings of device memory show once the device is unplugged, or NULL */
	struct page *dummy;
	/** @vmap: kernel mapping of scattered device memory; guarded by the reservation */
	void *vmap;
	/** @vmap_users: users of @vmap; guarded by the reservation */
	unsigned int vmap_users;
};

static inline struct acc_bo *to_acc_bo(struct drm_gem_object *obj)
{
	return container_of(to_drm_gem_shmem_obj(obj), struct acc_bo, shmem);
}

/**
 * struct acc_cursor - a place in a buffer, for walking its extents
 */
struct acc_cursor {
	/** @extent: the extent that the place is in */
	const struct acc_extent *extent;
	/** @last: the buffer's last extent */
	const struct acc_extent *last;
	/** @offset: of the place in the buffer */
	u64 offset;
	/** @size: of the buffer */
	u64 size;
};

/**
 * struct acc_bo_word - 64 bits of a buffer that the kernel reads and writes (a user fence)
 */
struct acc_bo_word {
	/** @bo: the buffer, held by a reference */
	struct acc_bo *bo;
	/** @map: where the kernel sees the word, or what is around it */
	struct iosys_map map;
	/** @offset: of the word in @map */
	size_t offset;
	/** @pinned: @map is of one pinned page of system memory */
	bool pinned;
	/** @imported: @map is of the whole foreign dma-buf */
	bool imported;
};

/* --- device memory: acc_vram.c ----------------------------------------------------------- */

int acc_vram_init(struct acc_device *acc);
void acc_vram_fini(struct acc_device *acc);
/* -ENOSPC when there is not enough. The contents are whatever they were. */
int acc_vram_alloc(struct acc_device *acc, u64 bytes, unsigned long flags,
		   struct list_head *blocks);
void acc_vram_free(struct acc_device *acc, struct list_head *blocks);
/* Inside drm_dev_enter(); may sleep. */
void acc_vram_clear(struct acc_device *acc, u64 offset, u64 bytes);
void acc_vram_debugfs_show(struct acc_device *acc, struct drm_printer *p);

/* --- buffers: acc_gem.c, acc_gem_vram.c --------------------------------------------------- */

int acc_mem_module_init(void);
void acc_mem_module_exit(void);
/* Runs asynchronous binds and stores to user fences: ends fences, so nothing on it allocates. */
extern struct workqueue_struct *acc_bind_wq;
/* Frees what binds and fences leave behind; takes reservations, so it ends no fences. */
extern struct workqueue_struct *acc_free_wq;

int acc_ioctl_bo_create(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_bo_mmap_offset(struct drm_device *drm, void *data, struct drm_file *file);
/* fdinfo: memory of the file's buffers by region. */
void acc_gem_show_fdinfo(struct drm_printer *p, struct drm_file *file);
/* debugfs: a line for each handle of each file. */
void acc_gem_debugfs_show(struct acc_device *acc, struct drm_printer *p);

/* acc_gem_huge.c */
void acc_gem_huge_init(void);
void acc_gem_huge_fini(void);
struct drm_gem_shmem_object *acc_gem_huge_create(struct drm_device *drm, u64 bytes);

struct acc_bo *acc_gem_vram_create(struct acc_device *acc, u64 bytes);
struct acc_extent *acc_extents_from_blocks(struct acc_device *acc, struct list_head *blocks,
					   u32 *count);
struct acc_extent *acc_extents_from_sgt(struct sg_table *sgt, u32 *count);
/* Pins system memory and finds its extents. Takes the reservation, not interruptible. */
int acc_bo_pin(struct acc_bo *bo);

/* Remembers that the buffer has bus addresses. Inside drm_dev_enter(). */
void acc_bo_mapped(struct acc_bo *bo);
/* The device is unplugged and makes no accesses any more: gives all bus addresses back. */
void acc_gem_unmap_all(struct acc_device *acc);

/* Pages made present by one fault; a fault costs about as much as a few dozen entries. */
#define ACC_FAULT_AROUND 16
unsigned long acc_gem_fault_pages(struct vm_fault *vmf, struct drm_gem_object *obj,
				  unsigned long *page);

void acc_cursor_init(struct acc_cursor *c, const struct acc_bo *bo, u64 offset);
u64 acc_cursor_address(const struct acc_cursor *c);
/* Bytes from here that are contiguous for the device. */
u64 acc_cursor_run(const struct acc_cursor *c);
void acc_cursor_advance(struct acc_cursor *c, u64 bytes);

/* A kernel mapping of 8 bytes at `offset`, usable in any context until acc_bo_word_unmap(). */
int acc_bo_word_map(struct acc_bo *bo, u64 offset, struct acc_bo_word *word);
void acc_bo_word_unmap(struct acc_bo_word *word);
u64 acc_bo_word_read(const struct acc_bo_word *word);
void acc_bo_word_write(struct acc_bo_word *word, u64 value);

/* --- drm_driver hooks ---------------------------------------------------------------------- */

struct drm_gem_object *acc_gem_create_object(struct drm_device *drm, size_t size);
struct drm_gem_object *acc_gem_prime_import(struct drm_device *drm, struct dma_buf *dma_buf);
struct drm_gem_object *acc_gem_prime_import_sg_table(struct drm_device *drm,
						     struct dma_buf_attachment *attach,
						     struct sg_table *sgt);
struct dma_buf *acc_gem_prime_export(struct drm_gem_object *obj, int flags);

#endif
