// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * VM_BIND: arguments, and binds that are done at once.
 */

/**
 * DOC: VM_BIND
 *
 * The whole array is checked before anything is done, as far as its elements tell by themselves;
 * handles and the sizes of buffers are looked at when their turn comes.
 *
 * A synchronous bind does its operations in batches (acc_vm_batch.c), so that a long array
 * needs neither memory for all of it nor a round to the device for each element. It never returns
 * EINTR once something was done: the C library would restart a call whose count has changed.
 */

#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>

#include "acc_vm.h"
#include "acc_vm_private.h"
#include "uapi/drm/acc_drm.h"

#define ACC_BIND_OPS_MAX 65536
/* Size of the first version of struct drm_acc_vm_bind_op. */
#define ACC_BIND_OP_MIN_STRIDE offsetofend(struct drm_acc_vm_bind_op, syncs)
/* Operations of a synchronous bind that are done together. */
#define ACC_BIND_BATCH 256
/* Level 0 tables that they fill at most, give or take one operation. */
#define ACC_BIND_BATCH_TABLES 4096

#define ACC_BIND_MAP_FLAGS \
	((u32)(DRM_ACC_VM_BIND_OP_MAP_READONLY | DRM_ACC_VM_BIND_OP_MAP_EXEC))

static int acc_bind_check_range(struct acc_vm *vm, const struct drm_acc_vm_bind_op *op)
{
	u64 start = vm->gpuvm.mm_start, size = vm->gpuvm.mm_range;

	if (!op->bytes || !IS_ALIGNED(op->va | op->bytes | op->bo_offset, ACC_PAGE_BYTES))
		return -EINVAL;
	if (op->va < start || op->bytes > size || op->va - start > size - op->bytes)
		return -EINVAL;
	return 0;
}

static int acc_bind_check(struct acc_vm *vm, const struct drm_acc_vm_bind_op *op, bool async)
{
	if (op->pad || (!async && op->syncs.count))
		return -EINVAL;
	switch (op->type) {
	case DRM_ACC_VM_BIND_OP_MAP:
		if (op->flags & ~ACC_BIND_MAP_FLAGS)
			return -EINVAL;
		return acc_bind_check_range(vm, op);
	case DRM_ACC_VM_BIND_OP_UNMAP:
		if (op->flags || op->bo_handle || op->bo_offset)
			return -EINVAL;
		return acc_bind_check_range(vm, op);
	case DRM_ACC_VM_BIND_OP_SYNC_ONLY:
		if (!async || op->flags || op->bo_handle || op->bo_offset || op->va || op->bytes)
			return -EINVAL;
		return 0;
	default:
		return -EINVAL;
	}
}

/* Does `count` operations. Returns an error and in `done` how many were done before it. */
static int acc_bind_sync_batch(struct acc_vm *vm, struct drm_file *file,
			       const struct drm_acc_vm_bind_op *ops, u32 count, u32 *done)
{
	struct acc_bind_batch batch;
	int ret, add = 0;

	*done = 0;
	ret = acc_bind_batch_init(&batch, vm, count);
	if (ret)
		return ret;
	while (!add && batch.count < count && batch.update.need_leaves < ACC_BIND_BATCH_TABLES)
		add = acc_bind_batch_add(&batch, file, &ops[batch.count]);
	/* What stands before a bad element is done all the same. */
	ret = acc_bind_batch_reserve(&batch);
	if (!ret)
		ret = acc_bind_batch_run(&batch);
	if (!ret)
		*done = batch.count;
	acc_bind_batch_fini(&batch);
	return ret ?: add;
}

static int acc_bind_sync(struct acc_vm *vm, struct drm_file *file,
			 const struct drm_acc_vm_bind_op *ops, u32 total, u32 *count)
{
	u32 batch = ACC_BIND_BATCH, part;
	int ret = 0;

	*count = 0;
	while (!ret && *count < total) {
		/* Only then, for the sake of restarts. */
		if (fatal_signal_pending(current))
			return -EINTR;
		ret = acc_bind_sync_batch(vm, file, ops + *count, min(batch, total - *count),
					  &part);
		*count += part;
		/* Where memory is short one by one may do: unmapping must always be possible. */
		if ((ret == -ENOSPC || ret == -ENOMEM) && batch > 1) {
			batch = 1;
			ret = 0;
		}
		cond_resched();
	}
	return ret;
}

static int acc_vm_bind(struct acc_vm *vm, struct drm_file *file, struct drm_acc_vm_bind *args,
		       const struct drm_acc_obj_array *array)
{
	bool async = args->flags & DRM_ACC_VM_BIND_ASYNC;
	struct drm_acc_vm_bind_op *ops;
	int ret = 0;
	u32 i;

	if (READ_ONCE(vm->acc->lost))
		return -ENODEV;
	if (READ_ONCE(vm->unusable))
		return -EINVAL;
	ops = acc_obj_array_get(array, ACC_BIND_OP_MIN_STRIDE, sizeof(*ops),
				ACC_BIND_OPS_MAX);
	if (IS_ERR(ops))
		return PTR_ERR(ops);
	for (i = 0; !ret && i < array->count; i++)
		ret = acc_bind_check(vm, &ops[i], async);
	if (!ret && async)
		ret = acc_vm_bind_async(vm, file, ops, array->count);
	else if (!ret)
		ret = acc_bind_sync(vm, file, ops, array->count, &args->ops.count);
	kvfree(ops);
	return ret;
}

/**
 * acc_ioctl_vm_bind() - &DRM_IOCTL_ACC_VM_BIND
 * @drm: device
 * @data: &struct drm_acc_vm_bind
 * @file: caller
 *
 * Return: 0, -EINVAL, -E2BIG (fields we do not know), -EFAULT, -ENOENT, -ENOSPC (device memory for
 * page tables), -ENOMEM, -ENODEV.
 */
int acc_ioctl_vm_bind(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_vm_bind *args = data;
	const struct drm_acc_obj_array array = args->ops;
	struct acc_vm *vm;
	int idx, ret;

	if (!(args->flags & DRM_ACC_VM_BIND_ASYNC))
		args->ops.count = 0; /* how many were done */
	if (args->flags & ~(u32)DRM_ACC_VM_BIND_ASYNC)
		return -EINVAL;
	vm = acc_vm_lookup(file->driver_priv, args->vm_id);
	if (!vm)
		return -ENOENT;
	if (drm_dev_enter(drm, &idx)) {
		ret = acc_vm_bind(vm, file, args, &array);
		drm_dev_exit(idx);
	} else {
		ret = -ENODEV;
	}
	acc_vm_put(vm);
	return ret;
}
