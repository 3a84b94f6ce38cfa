// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * System memory in huge pages.
 */

/**
 * DOC: System memory in huge pages
 *
 * The kernel's own tmpfs mount, from which the shmem helper takes memory, never gives huge pages
 * unless the administrator says so. Buffers of 2 MiB and more come from a mount of ours with
 * huge=within_size, as i915 has it: fewer and larger page table entries, and far fewer pages to
 * allocate. Where no huge page is free the kernel gives small ones, without anybody noticing.
 *
 * All else is the shmem helper's: the object is made as drm_gem_shmem_create() makes it, but for
 * where its file is.
 */

#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>

#include <drm/drm_prime.h>
#include <drm/drm_vma_manager.h>

#include "acc_gem.h"

static struct vfsmount *acc_gemfs;

/** acc_gem_huge_init() - Mount; without success all memory is of small pages */
void acc_gem_huge_init(void)
{
	char options[] = "huge=within_size"; /* is parsed in place */
	struct file_system_type *type;
	struct vfsmount *mnt;

	if (!IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE))
		return;
	type = get_fs_type("tmpfs");
	if (!type)
		return;
	mnt = vfs_kern_mount(type, SB_KERNMOUNT, type->name, options);
	if (!IS_ERR(mnt))
		acc_gemfs = mnt;
}

void acc_gem_huge_fini(void)
{
	kern_unmount(acc_gemfs); /* NULL is fine */
	acc_gemfs = NULL;
}

/**
 * acc_gem_huge_create() - Create a buffer in system memory
 * @drm: device
 * @bytes: size, a multiple of the page size
 *
 * Return: the object, or an error pointer; NULL when small pages are just as good.
 */
struct drm_gem_shmem_object *acc_gem_huge_create(struct drm_device *drm, u64 bytes)
{
	struct drm_gem_shmem_object *shmem;
	struct drm_gem_object *obj;
	struct file *file;
	int ret;

	if (!acc_gemfs || bytes < ACC_LARGE_PAGE_BYTES)
		return NULL;
	obj = acc_gem_create_object(drm, bytes);
	if (IS_ERR(obj))
		return ERR_CAST(obj);
	shmem = to_drm_gem_shmem_obj(obj);

	file = shmem_file_setup_with_mnt(acc_gemfs, "acc", bytes, VM_NORESERVE);
	if (IS_ERR(file)) {
		kfree(to_acc_bo(obj));
		return ERR_CAST(file);
	}
	/* Pinned memory must not be movable, and a failure must not wake the OOM killer. */
	mapping_set_gfp_mask(file->f_mapping, GFP_HIGHUSER | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	drm_gem_private_object_init(drm, obj, bytes);
	obj->filp = file;
	INIT_LIST_HEAD(&shmem->madv_list);

	ret = drm_gem_create_mmap_offset(obj);
	if (ret) {
		drm_gem_object_put(obj);
		return ERR_PTR(ret);
	}
	return shmem;
}
