// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * QUEUE_SYNC: user fences and sync objects.
 */

/**
 * DOC: User fences and sync objects
 *
 * A user fence is a 64-bit value in a buffer that packets of a queue raise. Two bridges lead from
 * there to sync objects and back; both belong to a queue and are in its list (&acc_queue.fences,
 * under &acc_queue.lock):
 *
 * - a watch: a dma-fence that signals when the value is there. It is looked at whenever the queue
 *   completes something that raises an interrupt, and from time to time by the hang check, should
 *   an interrupt get lost. It ends with -ECANCELED when the queue stops.
 * - a store: when sync objects have signalled, a work item stores the value. It ends without the
 *   store when the queue is destroyed. A queue that has only stopped keeps its stores: the program
 *   may look at the value itself.
 *
 * How long a watch takes is up to the program. So its fence never goes into a reservation, and the
 * same is true for everything that waits for it (asynchronous binds, stores).
 *
 * Lock order: queue->lock, then the lock of a fence, then what callbacks of fences take.
 */

#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_syncobj.h>

#include "acc_gem.h"
#include "acc_queue.h"
#include "acc_sync.h"
#include "uapi/drm/acc_drm.h"

/* Watches and stores of one queue: the interrupt handler looks at all of them. */
#define ACC_BRIDGES_MAX 1024

/** struct acc_bridge - a watch or a store */
struct acc_bridge {
	/** @link: in &acc_queue.fences, guarded by &acc_queue.lock; empty when it is over */
	struct list_head link;
	struct kref ref;
	struct acc_bo_word word;
	u64 value;
	/** @fence: watch: what it signals; store: NULL */
	struct acc_sync_fence *fence;

	/* Store only: */
	/** @queue: reference */
	struct acc_queue *queue;
	struct acc_deps deps;
	/** @work: does the store, or ends it */
	struct work_struct work;

	/** @free_work: drops mappings, which interrupt handlers cannot */
	struct work_struct free_work;
};

static void acc_bridge_free_work(struct work_struct *work)
{
	struct acc_bridge *bridge = container_of(work, struct acc_bridge, free_work);
	struct drm_device *drm = &bridge->queue->acc->drm;

	acc_deps_fini(&bridge->deps);
	if (bridge->word.bo)
		acc_bo_word_unmap(&bridge->word);
	if (bridge->fence)
		dma_fence_put(&bridge->fence->base);
	acc_queue_put(bridge->queue);
	kfree(bridge);
	drm_dev_put(drm); /* the file may have been closed long ago */
}

static void acc_bridge_release(struct kref *ref)
{
	struct acc_bridge *bridge = container_of(ref, struct acc_bridge, ref);

	queue_work(acc_free_wq, &bridge->free_work);
}

/* Any context. */
static void acc_bridge_put(struct acc_bridge *bridge)
{
	kref_put(&bridge->ref, acc_bridge_release);
}

/* --- under queue->lock ----------------------------------------------------------------------- */

static void acc_watch_end(struct acc_bridge *watch, int error)
{
	list_del_init(&watch->link);
	if (error)
		dma_fence_set_error(&watch->fence->base, error);
	dma_fence_signal(&watch->fence->base);
	acc_bridge_put(watch); /* the list's reference */
}

static void acc_store_wake(struct acc_bridge *store)
{
	kref_get(&store->ref);
	if (!queue_work(acc_bind_wq, &store->work))
		kref_put(&store->ref, acc_bridge_release);
}

/**
 * acc_queue_fences_check() - Signal the fences whose value is there
 * @queue: queue, its lock held; any context
 *
 * Return: true when some remain.
 */
bool acc_queue_fences_check(struct acc_queue *queue)
{
	struct acc_bridge *bridge, *next;
	bool remain = false;

	lockdep_assert_held(&queue->lock);
	list_for_each_entry_safe(bridge, next, &queue->fences, link) {
		if (!bridge->fence)
			continue;
		if (acc_bo_word_read(&bridge->word) >= bridge->value)
			acc_watch_end(bridge, 0);
		else
			remain = true;
	}
	return remain;
}

/**
 * acc_queue_fences_cancel() - The queue has stopped: signal all fences with an error
 * @queue: queue, its lock held and its state set; any context
 * @error: the error
 */
void acc_queue_fences_cancel(struct acc_queue *queue, int error)
{
	struct acc_bridge *bridge, *next;

	lockdep_assert_held(&queue->lock);
	list_for_each_entry_safe(bridge, next, &queue->fences, link) {
		if (bridge->fence) {
			acc_watch_end(bridge, error);
		} else if (queue->state & ACC_QUEUE_STATE_KILLED) {
			list_del_init(&bridge->link);
			acc_store_wake(bridge);
			acc_bridge_put(bridge); /* the list's reference */
		}
	}
}

/* --- creation -------------------------------------------------------------------------------- */

static void acc_store_ready(struct acc_deps *deps)
{
	acc_store_wake(container_of(deps, struct acc_bridge, deps));
}

static void acc_store_work(struct work_struct *work)
{
	struct acc_bridge *store = container_of(work, struct acc_bridge, work);
	struct acc_queue *queue = store->queue;
	unsigned long flags;
	bool mine;
	int idx;

	spin_lock_irqsave(&queue->lock, flags);
	mine = !list_empty(&store->link);
	spin_unlock_irqrestore(&queue->lock, flags);
	if (!mine) {
		/* No callback may come when the last reference is gone. */
		acc_deps_fini(&store->deps);
		goto put;
	}
	if (!acc_deps_done(&store->deps))
		goto put;

	spin_lock_irqsave(&queue->lock, flags);
	mine = !list_empty(&store->link);
	list_del_init(&store->link);
	spin_unlock_irqrestore(&queue->lock, flags);
	if (!mine)
		goto put;
	if (drm_dev_enter(&queue->acc->drm, &idx)) {
		acc_bo_word_write(&store->word, store->value);
		drm_dev_exit(idx);
	}
	acc_bridge_put(store); /* the list's reference */
put:
	acc_bridge_put(store); /* the work's reference */
}

static struct acc_bridge *acc_bridge_create(struct acc_queue *queue, struct acc_bo *bo, u64 offset,
					    u64 value)
{
	struct acc_bridge *bridge = kzalloc(sizeof(*bridge), GFP_KERNEL_ACCOUNT);
	int ret;

	if (!bridge)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&bridge->link);
	kref_init(&bridge->ref);
	INIT_WORK(&bridge->work, acc_store_work);
	INIT_WORK(&bridge->free_work, acc_bridge_free_work);
	bridge->deps.ready = acc_store_ready;
	bridge->value = value;
	bridge->queue = acc_queue_get(queue);
	drm_dev_get(&queue->acc->drm);
	ret = acc_bo_word_map(bo, offset, &bridge->word);
	if (ret) {
		acc_bridge_put(bridge);
		return ERR_PTR(ret);
	}
	return bridge;
}

/*
 * Puts it into the queue's list, which gets a reference. -EBUSY: too many; -ECANCELED: the queue
 * has stopped.
 */
static int acc_bridge_add(struct acc_queue *queue, struct acc_bridge *bridge, u32 stopped)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&queue->lock, flags);
	if (queue->state & stopped) {
		ret = -ECANCELED;
	} else if (list_count_nodes(&queue->fences) >= ACC_BRIDGES_MAX) {
		ret = -EBUSY;
	} else {
		kref_get(&bridge->ref);
		list_add_tail(&bridge->link, &queue->fences);
	}
	spin_unlock_irqrestore(&queue->lock, flags);
	return ret;
}

/* Signal `signals` when the value is there. */
static int acc_queue_watch(struct acc_queue *queue, struct acc_bridge *watch,
			   struct list_head *signals)
{
	struct acc_signal *signal;
	int ret;

	watch->fence = acc_sync_fence_alloc();
	if (!watch->fence)
		return -ENOMEM;
	acc_sync_fence_init(watch->fence, dma_fence_context_alloc(1), 1);

	ret = acc_bridge_add(queue, watch, ~0u);
	if (ret == -EBUSY) {
		dma_fence_signal(&watch->fence->base); /* nobody has it */
		return ret;
	}
	if (ret) {
		if (acc_bo_word_read(&watch->word) < watch->value)
			dma_fence_set_error(&watch->fence->base, ret);
		dma_fence_signal(&watch->fence->base);
	}
	list_for_each_entry(signal, signals, link)
		signal->fence = dma_fence_get(&watch->fence->base);
	acc_signals_push(signals);
	acc_queue_completed(queue); /* it may be there already; asks for an interrupt, if not */
	return 0;
}

static int acc_queue_sync_bo(struct acc_queue *queue, struct drm_file *file, struct acc_bo *bo,
			     const struct drm_acc_queue_sync *args)
{
	struct acc_bridge *bridge;
	LIST_HEAD(signals);
	int ret;

	bridge = acc_bridge_create(queue, bo, args->bo_offset, args->value);
	if (IS_ERR(bridge))
		return PTR_ERR(bridge);

	ret = acc_syncs_parse(file, &args->syncs, &bridge->deps, &signals);
	if (!ret && bridge->deps.count && !list_empty(&signals)) {
		ret = -EINVAL; /* all to wait for, or all to signal */
	} else if (!ret && bridge->deps.count) {
		ret = acc_bridge_add(queue, bridge, ACC_QUEUE_STATE_KILLED);
		if (!ret)
			acc_store_wake(bridge);
	} else if (!ret) {
		ret = acc_queue_watch(queue, bridge, &signals);
	}
	acc_signals_free(&signals);
	acc_bridge_put(bridge);
	return ret;
}

/**
 * acc_ioctl_queue_sync() - &DRM_IOCTL_ACC_QUEUE_SYNC
 * @drm: device
 * @data: &struct drm_acc_queue_sync
 * @file: caller
 *
 * Return: 0, -EINVAL, -ENOENT (queue, buffer, sync object), -EBUSY (too many are pending on the
 * queue), -EFAULT, -ENOMEM, -ENODEV.
 */
int acc_ioctl_queue_sync(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_queue_sync *args = data;
	struct drm_gem_object *obj = NULL;
	struct acc_queue *queue;
	int idx, ret;

	if (args->flags || args->pad || !IS_ALIGNED(args->bo_offset, sizeof(u64)) ||
	    !args->syncs.count)
		return -EINVAL;
	queue = acc_queue_lookup(file->driver_priv, args->queue_id);
	if (!queue)
		return -ENOENT;
	obj = drm_gem_object_lookup(file, args->bo_handle);
	if (!obj) {
		ret = -ENOENT;
	} else if (args->bo_offset >= obj->size) {
		ret = -EINVAL;
	} else if (!drm_dev_enter(drm, &idx)) {
		ret = -ENODEV;
	} else {
		ret = acc_queue_sync_bo(queue, file, to_acc_bo(obj), args);
		drm_dev_exit(idx);
	}
	if (obj)
		drm_gem_object_put(obj);
	acc_queue_put(queue);
	return ret;
}
