// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Arrays and sync objects in arguments, and the dma-fences that we make.
 */

/**
 * DOC: Sync objects
 *
 * Everything that becomes a dma-fence here (the end of an asynchronous bind) is promised by the
 * kernel alone: it is prepared when its fence becomes visible, waits for nothing but other
 * dma-fences, of which the same is true, and ends with the address space at the latest. No
 * program can hold it up, so it may go wherever fences go: into sync files, and from there into
 * reservations of buffers of any driver. User fences, which programs do hold up, never get here.
 */

#include <linux/dma-fence-chain.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <drm/drm_file.h>
#include <drm/drm_syncobj.h>

#include "acc_device.h"
#include "acc_sync.h"
#include "uapi/drm/acc_drm.h"

static bool acc_obj_array_fits(const struct drm_acc_obj_array *in, u32 min_stride, u32 max)
{
	return in->stride >= min_stride && in->stride <= ACC_STRUCT_BYTES_MAX &&
	       IS_ALIGNED(in->stride, 8) && in->count && in->count <= max;
}

/**
 * acc_obj_array_get() - Copy an array from the caller
 * @in: where it is, count not 0
 * @min_stride: size of an element in the first version of the interface
 * @size: size of an element as we know it
 * @max: most elements
 *
 * What an older caller does not have is zero; what a newer one has and we do not know must be.
 *
 * Return: array for kvfree(), or an error pointer: -EINVAL, -E2BIG, -EFAULT, -ENOMEM.
 */
void *acc_obj_array_get(const struct drm_acc_obj_array *in, u32 min_stride, u32 size, u32 max)
{
	const void __user *from = u64_to_user_ptr(in->array);
	void *array;
	u32 i;
	int ret;

	if (!acc_obj_array_fits(in, min_stride, max))
		return ERR_PTR(-EINVAL);
	array = kvcalloc(in->count, size, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!array)
		return ERR_PTR(-ENOMEM);

	if (in->stride == size) {
		if (copy_from_user(array, from, array_size(in->count, size))) {
			ret = -EFAULT;
			goto free;
		}
		return array;
	}
	for (i = 0; i < in->count; i++) {
		ret = copy_struct_from_user(array + (size_t)i * size, size,
					    from + (size_t)i * in->stride, in->stride);
		if (ret)
			goto free;
		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			goto free;
		}
		cond_resched();
	}
	return array;

free:
	kvfree(array);
	return ERR_PTR(ret);
}

/**
 * acc_obj_array_get_one() - Copy an array of one element from the caller
 * @in: where it is
 * @min_stride: size of an element in the first version of the interface
 * @to: where to
 * @size: size of an element as we know it
 *
 * As acc_obj_array_get(), without memory from the heap.
 *
 * Return: 0, -EINVAL, -E2BIG, -EFAULT.
 */
int acc_obj_array_get_one(const struct drm_acc_obj_array *in, u32 min_stride, void *to, u32 size)
{
	if (!acc_obj_array_fits(in, min_stride, 1))
		return -EINVAL;
	return copy_struct_from_user(to, size, u64_to_user_ptr(in->array), in->stride);
}

/* --- our fences ---------------------------------------------------------------------------- */

static const char *acc_sync_fence_driver_name(struct dma_fence *fence)
{
	return "acc";
}

static const char *acc_sync_fence_timeline_name(struct dma_fence *fence)
{
	return "acc-sync";
}

static void acc_sync_fence_release(struct dma_fence *fence)
{
	dma_fence_free(fence);
	module_put(THIS_MODULE);
}

/*
 * A fence lives as long as somebody has it, in a sync file for example, which knows nothing of our
 * device: what keeps these functions in memory is the fence's own reference to the module.
 */
static const struct dma_fence_ops acc_sync_fence_ops = {
	.get_driver_name = acc_sync_fence_driver_name,
	.get_timeline_name = acc_sync_fence_timeline_name,
	.release = acc_sync_fence_release,
};

/** acc_sync_fence_alloc() - Memory for a fence: kfree() it, or acc_sync_fence_init() it */
struct acc_sync_fence *acc_sync_fence_alloc(void)
{
	BUILD_BUG_ON(offsetof(struct acc_sync_fence, base));
	return kzalloc(sizeof(struct acc_sync_fence), GFP_KERNEL);
}

void acc_sync_fence_init(struct acc_sync_fence *fence, u64 context, u64 seqno)
{
	spin_lock_init(&fence->lock);
	__module_get(THIS_MODULE); /* the caller's file has one: cannot fail */
	dma_fence_init(&fence->base, &acc_sync_fence_ops, &fence->lock, context, seqno);
}

/* --- waiting ------------------------------------------------------------------------------- */

static void acc_deps_cb(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	struct acc_deps *deps = container_of(cb, struct acc_deps, cb);

	deps->ready(deps);
}

/**
 * acc_deps_done() - Whether all fences have signalled
 * @deps: fences
 *
 * Errors of the fences do not matter: what was waited for is over.
 *
 * Return: false when not; ready() is then called when the next one has.
 */
bool acc_deps_done(struct acc_deps *deps)
{
	while (deps->next < deps->count) {
		struct dma_fence *fence = deps->fences[deps->next];

		if (!deps->armed && !dma_fence_add_callback(fence, &deps->cb, acc_deps_cb))
			deps->armed = true;
		if (deps->armed) {
			if (!dma_fence_is_signaled(fence))
				return false;
			/* Also waits for a callback that is being executed. */
			dma_fence_remove_callback(fence, &deps->cb);
			deps->armed = false;
		}
		deps->next++;
	}
	return true;
}

/**
 * acc_deps_fini() - Stop waiting and drop the fences
 * @deps: fences
 */
void acc_deps_fini(struct acc_deps *deps)
{
	u32 i;

	if (deps->armed)
		dma_fence_remove_callback(deps->fences[deps->next], &deps->cb);
	deps->armed = false;
	for (i = 0; i < deps->count; i++)
		dma_fence_put(deps->fences[i]);
	kvfree(deps->fences);
	deps->fences = NULL;
	deps->count = 0;
	deps->next = 0;
}

/* --- arrays of sync objects ---------------------------------------------------------------- */

static int acc_sync_check(const struct drm_acc_sync *sync)
{
	u32 type = sync->flags & DRM_ACC_SYNC_TYPE_MASK;

	if (sync->flags & ~((u32)DRM_ACC_SYNC_TYPE_MASK | (u32)DRM_ACC_SYNC_SIGNAL))
		return -EINVAL;
	if (type == DRM_ACC_SYNC_TYPE_SYNCOBJ)
		return sync->timeline_value ? -EINVAL : 0;
	if (type == DRM_ACC_SYNC_TYPE_TIMELINE_SYNCOBJ)
		return sync->timeline_value ? 0 : -EINVAL;
	return -EINVAL;
}

/* An earlier operation of the same call will signal the sync object (up to this point). */
static bool acc_signals_cover(struct list_head *signals, struct drm_syncobj *syncobj, u64 point)
{
	struct acc_signal *signal;

	list_for_each_entry(signal, signals, link) {
		if (signal->syncobj == syncobj && signal->point >= point)
			return true;
	}
	return false;
}

static int acc_sync_add_wait(struct drm_file *file, const struct drm_acc_sync *sync,
			     struct acc_deps *deps, struct list_head *signals)
{
	u64 point = sync->timeline_value;
	struct drm_syncobj *syncobj;
	struct dma_fence *fence;
	bool covered;
	int ret;

	syncobj = drm_syncobj_find(file, sync->handle);
	if (!syncobj)
		return -ENOENT;
	covered = acc_signals_cover(signals, syncobj, point);
	drm_syncobj_put(syncobj);

	/* A point that is there already may be of other work; a binary one is replaced. */
	if (covered && !point)
		return 0;
	ret = drm_syncobj_find_fence(file, sync->handle, point, 0, &fence);
	if (ret)
		return covered ? 0 : ret;
	deps->fences[deps->count++] = fence;
	return 0;
}

static void acc_signal_free(struct acc_signal *signal)
{
	dma_fence_put(signal->fence);
	dma_fence_chain_free(signal->chain);
	drm_syncobj_put(signal->syncobj);
	kfree(signal);
}

static int acc_sync_add_signal(struct drm_file *file, const struct drm_acc_sync *sync,
			       struct list_head *signals)
{
	struct acc_signal *signal = kzalloc(sizeof(*signal), GFP_KERNEL_ACCOUNT);

	if (!signal)
		return -ENOMEM;
	signal->point = sync->timeline_value;
	signal->syncobj = drm_syncobj_find(file, sync->handle);
	if (!signal->syncobj) {
		kfree(signal);
		return -ENOENT;
	}
	if (signal->point) {
		signal->chain = dma_fence_chain_alloc();
		if (!signal->chain) {
			acc_signal_free(signal);
			return -ENOMEM;
		}
	}
	list_add_tail(&signal->link, signals);
	return 0;
}

/**
 * acc_syncs_parse() - Take over an array of &struct drm_acc_sync
 * @file: caller
 * @in: array, may be empty
 * @deps: gets the fences to wait for; to be finished by the caller, in any case
 * @signals: gets the sync objects to signal, behind those of earlier operations of this call
 *
 * Waits are resolved against what was there before the operation, so it can wait for the former
 * fence of a sync object that it signals.
 *
 * Return: 0, -EINVAL (argument, or a sync object without a fence), -ENOENT, -EFAULT, -ENOMEM.
 */
int acc_syncs_parse(struct drm_file *file, const struct drm_acc_obj_array *in,
		    struct acc_deps *deps, struct list_head *signals)
{
	struct drm_acc_sync *syncs;
	int ret = 0;
	u32 i;

	if (!in->count)
		return 0;
	syncs = acc_obj_array_get(in, sizeof(*syncs), sizeof(*syncs), ACC_SYNCS_MAX);
	if (IS_ERR(syncs))
		return PTR_ERR(syncs);
	deps->fences = kvcalloc(in->count, sizeof(*deps->fences), GFP_KERNEL_ACCOUNT);
	if (!deps->fences)
		ret = -ENOMEM;
	for (i = 0; !ret && i < in->count; i++)
		ret = acc_sync_check(&syncs[i]);
	for (i = 0; !ret && i < in->count; i++) {
		if (!(syncs[i].flags & (u32)DRM_ACC_SYNC_SIGNAL))
			ret = acc_sync_add_wait(file, &syncs[i], deps, signals);
	}
	for (i = 0; !ret && i < in->count; i++) {
		if (syncs[i].flags & (u32)DRM_ACC_SYNC_SIGNAL)
			ret = acc_sync_add_signal(file, &syncs[i], signals);
	}
	kvfree(syncs);
	return ret;
}

/**
 * acc_signals_push() - Give sync objects their fences
 * @signals: sync objects, all with a fence; empty afterwards
 */
void acc_signals_push(struct list_head *signals)
{
	struct acc_signal *signal, *next;

	list_for_each_entry_safe(signal, next, signals, link) {
		if (signal->chain) {
			drm_syncobj_add_point(signal->syncobj, signal->chain, signal->fence,
					      signal->point);
			signal->chain = NULL; /* the sync object's now */
		} else {
			drm_syncobj_replace_fence(signal->syncobj, signal->fence);
		}
		list_del(&signal->link);
		acc_signal_free(signal);
	}
}

/**
 * acc_signals_free() - Forget sync objects that were to be signalled
 * @signals: sync objects; empty afterwards
 */
void acc_signals_free(struct list_head *signals)
{
	struct acc_signal *signal, *next;

	list_for_each_entry_safe(signal, next, signals, link) {
		list_del(&signal->link);
		acc_signal_free(signal);
	}
}
