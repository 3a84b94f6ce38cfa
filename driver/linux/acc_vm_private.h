/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Address spaces: inside of the memory side.
 */
#ifndef __ACC_VM_PRIVATE_H__
#define __ACC_VM_PRIVATE_H__

#include <linux/dma-fence.h>
#include <linux/workqueue.h>

#include "acc_mmu.h"
#include "acc_sync.h"
#include "acc_vm.h"

/** struct acc_vm_private - the inside of &struct acc_vm */
struct acc_vm_private {
	struct acc_vm *vm;
	/**
	 * @op_lock: protects the mappings (gpuvm), the page tables and @destroyed. Taken while
	 * fences are waiting: nothing allocates or takes reservations under it.
	 */
	struct mutex op_lock;
	/** @destroyed: no bind is executed any more */
	bool destroyed;
	/** @root: level 3 table */
	struct acc_pt *root;
	/** @pool_lock: protects @pool */
	spinlock_t pool_lock;
	/** @pool: tables that the next updates can use */
	struct acc_pt_stock pool;

	/** @jobs: see acc_vm_queue.c */
	struct {
		/** @submit: one submission at a time, so that fences are in order */
		struct mutex submit;
		/** @lock: protects @list and @done */
		spinlock_t lock;
		/** @list: asynchronous binds not yet done, in order */
		struct list_head list;
		/** @done: those whose remains are to be freed */
		struct list_head done;
		/** @work: does what can be done */
		struct work_struct work;
		/** @free_work: frees @done */
		struct work_struct free_work;
		/** @pending: operations that are not freed */
		atomic_t pending;
		u64 fence_context;
		u64 seqno;
	} jobs;
};

/** struct acc_vma - a mapping */
struct acc_vma {
	struct drm_gpuva base;
	/** @link: in a batch: spare, or dead */
	struct list_head link;
	/** @pte_flags: ACC_PTE_* beside the address */
	u64 pte_flags;
};

static inline struct acc_vma *to_acc_vma(struct drm_gpuva *va)
{
	return container_of(va, struct acc_vma, base);
}

/** struct acc_bind_op - one prepared operation */
struct acc_bind_op {
	u32 type;
	u64 va, bytes;
	u64 bo_offset;
	u64 pte_flags;
	/** @vm_bo: MAP: reference to the pair of buffer and address space */
	struct drm_gpuvm_bo *vm_bo;
};

/**
 * struct acc_bind_batch - operations that are executed together
 *
 * Everything they need is there before the first one is executed.
 */
struct acc_bind_batch {
	/** @vm: address space that is changed */
	struct acc_vm *vm;
	/** @update: the changes of its page tables */
	struct acc_mmu_update update;
	/** @spare: mappings for the operations, enough for the worst case */
	struct list_head spare;
	/** @spare_count: number of mappings in @spare */
	unsigned int spare_count;
	/** @spare_need: number that the operations may need at most */
	unsigned int spare_need;
	/** @dead: mappings that are not in force any more */
	struct list_head dead;
	/** @ops: array of @count prepared operations */
	struct acc_bind_op *ops;
	/** @count: number of @ops */
	u32 count;
	/** @capacity: room in @ops */
	u32 capacity;
	/** @async: for the tracepoint */
	bool async;
	/** @current_op: operation that the steps of drm_gpuvm belong to */
	const struct acc_bind_op *current_op;
};

struct drm_acc_vm_bind_op;

/* --- acc_vm.c --- */
/* Waits for the end of a command of an address space. -ETIMEDOUT, -ENODEV. vmid_lock held. */
int acc_vm_wait(struct acc_device *acc, u32 vmid);

/* --- acc_vm_batch.c --- */
int acc_bind_batch_init(struct acc_bind_batch *batch, struct acc_vm *vm, u32 capacity);
/* Checks the objects of an operation and counts what it needs. */
int acc_bind_batch_add(struct acc_bind_batch *batch, struct drm_file *file,
		       const struct drm_acc_vm_bind_op *op);
int acc_bind_batch_reserve(struct acc_bind_batch *batch);
/* Does not allocate. -ENOENT: destroyed; -ENODEV: unplugged or lost. */
int acc_bind_batch_run(struct acc_bind_batch *batch);
/* Process context; takes reservations. */
void acc_bind_batch_fini(struct acc_bind_batch *batch);
/* All mappings go; nothing can be bound afterwards. */
void acc_vm_unbind_all(struct acc_vm *vm);
int acc_vm_step_map(struct drm_gpuva_op *op, void *priv);
int acc_vm_step_remap(struct drm_gpuva_op *op, void *priv);
int acc_vm_step_unmap(struct drm_gpuva_op *op, void *priv);

/* --- acc_vm_queue.c --- */
void acc_vm_jobs_init(struct acc_vm *vm);
int acc_vm_bind_async(struct acc_vm *vm, struct drm_file *file,
		      const struct drm_acc_vm_bind_op *ops, u32 count);
/* The address space was destroyed: ends what is waiting, and waits until that is done. */
void acc_vm_jobs_end(struct acc_vm *vm);

#endif
