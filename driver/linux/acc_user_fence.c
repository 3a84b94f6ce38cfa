// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * QUEUE_SYNC, FENCE_EVENTFD: user fences, sync objects, eventfds.
 */

/**
 * DOC: User fences and what is tied to them
 *
 * A user fence is a 64-bit value in a buffer that packets of a queue raise. How long that takes is
 * up to the program, so no dma-fence ever follows one. Two bridges lead away from there and to
 * there; both belong to a queue and are in its list (&acc_queue.fences, under &acc_queue.lock):
 *
 * - a watch: an eventfd that is signalled when the value is there. It is looked at whenever the
 *   queue completes something that raises an interrupt, and from time to time by the hang check,
 *   should an interrupt get lost. It is signalled, too, when the queue stops.
 * - a store: when sync objects have signalled, a work item stores the value. It ends without the
 *   store when the queue is destroyed. A queue that has only stopped keeps its stores: the program
 *   may look at the value itself.
 *
 * Lock order: queue->lock, then the lock of an eventfd, then what those take whom it wakes.
 */

#include <linux/eventfd.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>

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
	/** @event: watch: what it signals; store: NULL */
	struct eventfd_ctx *event;

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
	if (bridge->event)
		eventfd_ctx_put(bridge->event);
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

static void acc_watch_end(struct acc_bridge *watch)
{
	list_del_init(&watch->link);
	eventfd_signal(watch->event);
	acc_bridge_put(watch); /* the list's reference */
}

static void acc_store_wake(struct acc_bridge *store)
{
	kref_get(&store->ref);
	if (!queue_work(acc_bind_wq, &store->work))
		kref_put(&store->ref, acc_bridge_release);
}

/**
 * acc_queue_fences_check() - Signal the watches whose value is there
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
		if (!bridge->event)
			continue;
		if (acc_bo_word_read(&bridge->word) >= bridge->value)
			acc_watch_end(bridge);
		else
			remain = true;
	}
	return remain;
}

/**
 * acc_queue_fences_cancel() - The queue has stopped: signal all watches
 * @queue: queue, its lock held and its state set; any context
 */
void acc_queue_fences_cancel(struct acc_queue *queue)
{
	struct acc_bridge *bridge, *next;

	lockdep_assert_held(&queue->lock);
	list_for_each_entry_safe(bridge, next, &queue->fences, link) {
		if (bridge->event) {
			acc_watch_end(bridge);
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

static int acc_queue_store(struct acc_queue *queue, struct drm_file *file, struct acc_bo *bo,
			   const struct drm_acc_queue_sync *args)
{
	struct acc_bridge *store;
	LIST_HEAD(signals);
	int ret;

	store = acc_bridge_create(queue, bo, args->bo_offset, args->value);
	if (IS_ERR(store))
		return PTR_ERR(store);
	ret = acc_syncs_parse(file, &args->syncs, &store->deps, &signals);
	if (!ret && !list_empty(&signals))
		ret = -EINVAL; /* nothing that follows a user fence is a dma-fence */
	if (!ret)
		ret = acc_bridge_add(queue, store, ACC_QUEUE_STATE_KILLED);
	if (!ret)
		acc_store_wake(store);
	acc_signals_free(&signals);
	acc_bridge_put(store);
	return ret;
}

/* Takes over the reference to `event`. */
static int acc_queue_watch(struct acc_queue *queue, struct acc_bo *bo,
			   const struct drm_acc_fence_eventfd *args, struct eventfd_ctx *event)
{
	struct acc_bridge *watch = acc_bridge_create(queue, bo, args->bo_offset, args->value);
	int ret;

	if (IS_ERR(watch)) {
		eventfd_ctx_put(event);
		return PTR_ERR(watch);
	}
	watch->event = event;
	ret = acc_bridge_add(queue, watch, ~0u);
	if (ret == -ECANCELED) {
		eventfd_signal(event); /* there is nothing to wait for any more */
		ret = 0;
	} else if (!ret) {
		/* It may be there already; asks for an interrupt, if not. */
		acc_queue_completed(queue);
	}
	acc_bridge_put(watch);
	return ret;
}

/* --- ioctls ---------------------------------------------------------------------------------- */

/* The buffer with a user fence; a place that is none is -EINVAL. */
static struct acc_bo *acc_fence_bo_lookup(struct drm_file *file, u32 handle, u64 offset)
{
	struct drm_gem_object *obj;

	if (!IS_ALIGNED(offset, sizeof(u64)))
		return ERR_PTR(-EINVAL);
	obj = drm_gem_object_lookup(file, handle);
	if (!obj)
		return ERR_PTR(-ENOENT);
	if (offset >= obj->size) {
		drm_gem_object_put(obj);
		return ERR_PTR(-EINVAL);
	}
	return to_acc_bo(obj);
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
	struct acc_queue *queue;
	struct acc_bo *bo;
	int idx, ret;

	if (args->flags || args->pad || !args->syncs.count)
		return -EINVAL;
	queue = acc_queue_lookup(file->driver_priv, args->queue_id);
	if (!queue)
		return -ENOENT;
	bo = acc_fence_bo_lookup(file, args->bo_handle, args->bo_offset);
	if (IS_ERR(bo)) {
		ret = PTR_ERR(bo);
	} else {
		ret = -ENODEV;
		if (drm_dev_enter(drm, &idx)) {
			ret = acc_queue_store(queue, file, bo, args);
			drm_dev_exit(idx);
		}
		drm_gem_object_put(&bo->shmem.base);
	}
	acc_queue_put(queue);
	return ret;
}

/**
 * acc_ioctl_fence_eventfd() - &DRM_IOCTL_ACC_FENCE_EVENTFD
 * @drm: device
 * @data: &struct drm_acc_fence_eventfd
 * @file: caller
 *
 * Return: 0, -EINVAL, -ENOENT (queue, buffer), -EBADF, -EBUSY (too many are pending on the queue),
 * -ENOMEM, -ENODEV.
 */
int acc_ioctl_fence_eventfd(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct drm_acc_fence_eventfd *args = data;
	struct eventfd_ctx *event;
	struct acc_queue *queue;
	struct acc_bo *bo;
	int idx, ret;

	if (args->flags)
		return -EINVAL;
	queue = acc_queue_lookup(file->driver_priv, args->queue_id);
	if (!queue)
		return -ENOENT;
	bo = acc_fence_bo_lookup(file, args->bo_handle, args->bo_offset);
	if (IS_ERR(bo)) {
		ret = PTR_ERR(bo);
		goto put_queue;
	}
	ret = -ENODEV;
	if (!drm_dev_enter(drm, &idx))
		goto put_bo;
	event = eventfd_ctx_fdget(args->fd);
	ret = IS_ERR(event) ? PTR_ERR(event) : acc_queue_watch(queue, bo, args, event);
	drm_dev_exit(idx);
put_bo:
	drm_gem_object_put(&bo->shmem.base);
put_queue:
	acc_queue_put(queue);
	return ret;
}
