// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Batches of map and unmap operations.
 */

/**
 * DOC: Batches
 *
 * Operations are executed in batches: prepared with everything they can need (pinned buffers,
 * mapping structures, page tables), executed without allocating, then flushed as a whole, then
 * cleaned up. What an operation replaced stays alive until the flush is over.
 *
 * drm_gpuvm splits: a new mapping cuts those it overlaps into the parts before and after it. Their
 * page table entries stay as they are; only the range of the operation itself changes.
 *
 * Locks: the preparation and the clean-up take reservations and gpuva locks, one at a time; the
 * execution takes the op lock and, inside, gpuva locks. No reservation is needed to execute, since
 * buffers do not move. When they do (eviction), the preparation has to lock the reservations of the
 * address space and of the buffers with drm_exec and to add the bind's fence as BOOKKEEP.
 */

#include <linux/slab.h>

#include <drm/drm_drv.h>

#include "acc_trace.h"
#include "acc_vm_private.h"
#include "uapi/drm/acc_drm.h"

static void acc_vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gem_object *obj = vm_bo->obj;
	struct acc_bo *bo = to_acc_bo(obj);

	drm_gem_object_get(obj); /* the lock is in it */
	mutex_lock(&bo->gpuva_lock);
	drm_gpuvm_bo_put(vm_bo);
	mutex_unlock(&bo->gpuva_lock);
	drm_gem_object_put(obj);
}

static struct drm_gpuvm_bo *acc_vm_bo_obtain(struct acc_vm *vm, struct acc_bo *bo)
{
	struct drm_gem_object *obj = &bo->shmem.base;
	struct drm_gpuvm_bo *vm_bo;

	mutex_lock(&bo->gpuva_lock);
	vm_bo = drm_gpuvm_bo_find(&vm->gpuvm, obj);
	mutex_unlock(&bo->gpuva_lock);
	if (vm_bo)
		return vm_bo;

	vm_bo = drm_gpuvm_bo_create(&vm->gpuvm, obj);
	if (!vm_bo)
		return NULL;
	mutex_lock(&bo->gpuva_lock);
	vm_bo = drm_gpuvm_bo_obtain_prealloc(vm_bo);
	mutex_unlock(&bo->gpuva_lock);
	return vm_bo;
}

/* --- preparation ----------------------------------------------------------------------------- */

/**
 * acc_bind_batch_init() - Make an empty batch
 * @batch: batch
 * @vm: address space, of which the caller has a reference as long as the batch exists
 * @capacity: most operations
 *
 * Return: 0 or -ENOMEM; then there is nothing to finish.
 */
int acc_bind_batch_init(struct acc_bind_batch *batch, struct acc_vm *vm, u32 capacity)
{
	memset(batch, 0, sizeof(*batch));
	batch->vm = vm;
	batch->capacity = capacity;
	INIT_LIST_HEAD(&batch->spare);
	INIT_LIST_HEAD(&batch->dead);
	acc_mmu_update_init(&batch->update, vm);
	if (!capacity)
		return 0;
	batch->ops = kvcalloc(capacity, sizeof(*batch->ops), GFP_KERNEL_ACCOUNT);
	return batch->ops ? 0 : -ENOMEM;
}

static int acc_bind_prepare_map(struct acc_bind_batch *batch, struct acc_bind_op *op,
				struct acc_bo *bo)
{
	struct acc_vm *vm = batch->vm;
	u64 size = bo->shmem.base.size;
	int ret;

	if (op->bytes > size || op->bo_offset > size - op->bytes)
		return -EINVAL;
	if (bo->vm_root && bo->vm_root != vm->gpuvm.r_obj)
		return -EINVAL;
	ret = acc_bo_pin(bo);
	if (ret)
		return ret;
	op->vm_bo = acc_vm_bo_obtain(vm, bo);
	if (!op->vm_bo)
		return -ENOMEM;
	if (!(bo->flags & DRM_ACC_BO_VRAM))
		op->pte_flags |= ACC_PTE_SYSTEM;
	acc_mmu_count_map(&batch->update, bo, op->bo_offset, op->va, op->bytes);
	batch->spare_need += 3; /* itself, and what remains before and after it */
	return 0;
}

/**
 * acc_bind_batch_add() - Add an operation
 * @batch: batch with room
 * @file: caller, for the handle
 * @op: MAP or UNMAP; alone its arguments are right (acc_vm_bind.c)
 *
 * Return: 0, -EINVAL (buffer's size, other address space), -ENOENT (handle), -ENOMEM.
 */
int acc_bind_batch_add(struct acc_bind_batch *batch, struct drm_file *file,
		       const struct drm_acc_vm_bind_op *op)
{
	struct acc_bind_op *mine = &batch->ops[batch->count];
	struct drm_gem_object *obj;
	int ret = 0;

	*mine = (struct acc_bind_op) {
		.type = op->type,
		.va = op->va,
		.bytes = op->bytes,
		.bo_offset = op->bo_offset,
	};
	if (op->type == DRM_ACC_VM_BIND_OP_MAP) {
		if (!(op->flags & DRM_ACC_VM_BIND_OP_MAP_READONLY))
			mine->pte_flags |= ACC_PTE_WRITE;
		if (op->flags & DRM_ACC_VM_BIND_OP_MAP_EXEC)
			mine->pte_flags |= ACC_PTE_EXEC;
		obj = drm_gem_object_lookup(file, op->bo_handle);
		if (!obj)
			return -ENOENT;
		ret = acc_bind_prepare_map(batch, mine, to_acc_bo(obj));
		drm_gem_object_put(obj);
	} else {
		acc_mmu_count_unmap(&batch->update, op->va, op->bytes);
		batch->spare_need += 2; /* what remains before and after the range */
	}
	if (!ret)
		batch->count++;
	cond_resched();
	/* No memory for so many tables, whatever comes. */
	if (!ret && batch->update.need_leaves > batch->vm->acc->vram.mm.size >> ACC_PAGE_SHIFT)
		ret = -ENOSPC;
	return ret;
}

/**
 * acc_bind_batch_reserve() - Get everything that the operations can need
 * @batch: batch
 *
 * Return: 0, -ENOMEM, -ENOSPC (device memory for page tables).
 */
int acc_bind_batch_reserve(struct acc_bind_batch *batch)
{
	while (batch->spare_count < batch->spare_need) {
		struct acc_vma *vma = kzalloc(sizeof(*vma), GFP_KERNEL_ACCOUNT);

		if (!vma)
			return -ENOMEM;
		list_add(&vma->link, &batch->spare);
		batch->spare_count++;
	}
	return acc_mmu_reserve(&batch->update);
}

/* --- execution ------------------------------------------------------------------------------- */

static struct acc_vma *acc_bind_take_vma(struct acc_bind_batch *batch, u64 pte_flags)
{
	struct acc_vma *vma = list_first_entry(&batch->spare, struct acc_vma, link);

	list_del_init(&vma->link);
	batch->spare_count--;
	vma->pte_flags = pte_flags;
	return vma;
}

static void acc_bind_link(struct acc_vma *vma, struct drm_gpuvm_bo *vm_bo)
{
	struct acc_bo *bo = to_acc_bo(vma->base.gem.obj);

	mutex_lock(&bo->gpuva_lock);
	drm_gpuva_link(&vma->base, vm_bo);
	mutex_unlock(&bo->gpuva_lock);
}

/* Also the mapping's place in its buffer's list goes only then: that may free the buffer. */
static void acc_bind_bury(struct acc_bind_batch *batch, struct acc_vma *vma)
{
	list_add(&vma->link, &batch->dead);
}

int acc_vm_step_map(struct drm_gpuva_op *op, void *priv)
{
	struct acc_bind_batch *batch = priv;
	const struct acc_bind_op *current_op = batch->current_op;
	struct acc_vma *vma = acc_bind_take_vma(batch, current_op->pte_flags);
	int ret;

	ret = acc_mmu_map(&batch->update, to_acc_bo(op->map.gem.obj), op->map.gem.offset,
			  op->map.va.addr, op->map.va.range, vma->pte_flags);
	drm_gpuva_map(&batch->vm->gpuvm, &vma->base, &op->map);
	acc_bind_link(vma, current_op->vm_bo);
	return ret;
}

int acc_vm_step_remap(struct drm_gpuva_op *op, void *priv)
{
	struct acc_bind_batch *batch = priv;
	struct acc_vma *old = to_acc_vma(op->remap.unmap->va), *prev = NULL, *next = NULL;
	u64 start, bytes;
	int ret = 0;

	/* A MAP overwrites the entries of its range. */
	drm_gpuva_op_remap_to_unmap_range(&op->remap, &start, &bytes);
	if (batch->current_op->type == DRM_ACC_VM_BIND_OP_UNMAP)
		ret = acc_mmu_unmap(&batch->update, start, bytes);

	if (op->remap.prev)
		prev = acc_bind_take_vma(batch, old->pte_flags);
	if (op->remap.next)
		next = acc_bind_take_vma(batch, old->pte_flags);
	drm_gpuva_remap(prev ? &prev->base : NULL, next ? &next->base : NULL, &op->remap);
	if (prev)
		acc_bind_link(prev, old->base.vm_bo);
	if (next)
		acc_bind_link(next, old->base.vm_bo);
	acc_bind_bury(batch, old);
	return ret;
}

int acc_vm_step_unmap(struct drm_gpuva_op *op, void *priv)
{
	struct acc_bind_batch *batch = priv;
	struct acc_vma *old = to_acc_vma(op->unmap.va);
	int ret = 0;

	if (batch->current_op->type == DRM_ACC_VM_BIND_OP_UNMAP)
		ret = acc_mmu_unmap(&batch->update, old->base.va.addr, old->base.va.range);
	drm_gpuva_unmap(&op->unmap);
	acc_bind_bury(batch, old);
	return ret;
}

static int acc_bind_execute(struct acc_bind_batch *batch, const struct acc_bind_op *op)
{
	struct drm_gpuvm *gpuvm = &batch->vm->gpuvm;

	batch->current_op = op;
	trace_acc_vm_bind(batch->vm, op->type, op->va, op->bytes, batch->async);
	if (op->type == DRM_ACC_VM_BIND_OP_UNMAP)
		return drm_gpuvm_sm_unmap(gpuvm, batch, op->va, op->bytes);
	return drm_gpuvm_sm_map(gpuvm, batch, op->va, op->bytes, op->vm_bo->obj, op->bo_offset);
}

/**
 * acc_bind_batch_run() - Execute the operations, in order
 * @batch: batch for which everything was reserved
 *
 * Does not allocate and takes no reservations. Either all operations are done or, when the address
 * space was destroyed or the device is gone, none is in force on the device.
 *
 * Return: 0, -ENOENT (destroyed), -ENODEV.
 */
int acc_bind_batch_run(struct acc_bind_batch *batch)
{
	struct acc_vm_private *priv = batch->vm->private;
	int idx, ret = 0, flushed;
	u32 i;

	if (!batch->count)
		return 0;
	if (!drm_dev_enter(&batch->vm->acc->drm, &idx))
		return -ENODEV;
	mutex_lock(&priv->op_lock);
	if (priv->destroyed)
		ret = -ENOENT;
	for (i = 0; !ret && i < batch->count; i++) {
		ret = acc_bind_execute(batch, &batch->ops[i]);
		cond_resched();
	}
	batch->current_op = NULL;
	mutex_unlock(&priv->op_lock);
	flushed = acc_mmu_flush(&batch->update);
	drm_dev_exit(idx);
	return ret ?: flushed;
}

/* --- clean-up -------------------------------------------------------------------------------- */

static void acc_bind_free_dead(struct acc_bind_batch *batch)
{
	struct acc_vma *vma, *next;

	list_for_each_entry_safe(vma, next, &batch->dead, link) {
		struct drm_gem_object *obj = vma->base.gem.obj;
		struct acc_bo *bo = to_acc_bo(obj);

		drm_gem_object_get(obj); /* the lock is in it */
		mutex_lock(&bo->gpuva_lock);
		drm_gpuva_unlink(&vma->base);
		mutex_unlock(&bo->gpuva_lock);
		drm_gem_object_put(obj);
		kfree(vma);
		cond_resched();
	}
}

/**
 * acc_bind_batch_fini() - Free what a batch held or replaced
 * @batch: batch, run or not
 */
void acc_bind_batch_fini(struct acc_bind_batch *batch)
{
	struct acc_vma *vma, *next;
	u32 i;

	acc_bind_free_dead(batch);
	list_for_each_entry_safe(vma, next, &batch->spare, link)
		kfree(vma);
	for (i = 0; i < batch->capacity; i++) {
		if (batch->ops[i].vm_bo)
			acc_vm_bo_put(batch->ops[i].vm_bo);
	}
	kvfree(batch->ops);
	acc_mmu_update_fini(&batch->update);
}

/**
 * acc_vm_unbind_all() - Drop all mappings of a destroyed address space
 * @vm: address space without queues, so that nothing needs to be removed from its page tables
 */
void acc_vm_unbind_all(struct acc_vm *vm)
{
	struct drm_gpuva *va, *next;
	struct acc_bind_batch batch;

	acc_bind_batch_init(&batch, vm, 0);
	mutex_lock(&vm->private->op_lock);
	drm_gpuvm_for_each_va_safe(va, next, &vm->gpuvm) {
		drm_gpuva_remove(va);
		acc_bind_bury(&batch, to_acc_vma(va));
	}
	mutex_unlock(&vm->private->op_lock);
	acc_bind_batch_fini(&batch);
}
