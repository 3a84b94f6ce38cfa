/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Sync objects in arguments: what to wait for before an operation, what to signal after it.
 */
#ifndef __ACC_SYNC_H__
#define __ACC_SYNC_H__

#include <linux/dma-fence.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct dma_fence_chain;
struct drm_acc_obj_array;
struct drm_file;
struct drm_syncobj;

/* Sync objects of one operation, at most. */
#define ACC_SYNCS_MAX 1024

/** struct acc_sync_fence - a fence of ours; holds the module and nothing else */
struct acc_sync_fence {
	/** @base: first member, see dma_fence_free() */
	struct dma_fence base;
	/** @lock: of @base */
	spinlock_t lock;
};

/**
 * struct acc_deps - fences to wait for, one after the other, without a thread
 */
struct acc_deps {
	/** @fences: array of @count references */
	struct dma_fence **fences;
	/** @count: number of @fences */
	u32 count;
	/** @next: the first one that may not have signalled */
	u32 next;
	/** @armed: @cb is or was on fences[next] */
	bool armed;
	/** @cb: calls @ready when the fence that is waited for signals */
	struct dma_fence_cb cb;
	/** @ready: called in any context when acc_deps_done() is worth another try */
	void (*ready)(struct acc_deps *deps);
};

/** struct acc_signal - a sync object to signal */
struct acc_signal {
	struct list_head link;
	struct drm_syncobj *syncobj;
	/** @chain: for a timeline: made beforehand; NULL for a binary sync object */
	struct dma_fence_chain *chain;
	/** @point: of the timeline */
	u64 point;
	/** @owner: for whoever parsed: the operation it belongs to */
	void *owner;
	/** @fence: what it will be given, a reference */
	struct dma_fence *fence;
};

/* Copies an array of the caller to kvmalloc()ed memory of elements of `size` bytes. */
void *acc_obj_array_get(const struct drm_acc_obj_array *in, u32 min_stride, u32 size, u32 max);
/* The same for an array of one element, to memory of the caller's. */
int acc_obj_array_get_one(const struct drm_acc_obj_array *in, u32 min_stride, void *to, u32 size);

struct acc_sync_fence *acc_sync_fence_alloc(void);
void acc_sync_fence_init(struct acc_sync_fence *fence, u64 context, u64 seqno);

/*
 * Parses an array of struct drm_acc_sync. Fences to wait for go to `deps`, sync objects to signal
 * are appended to `signals`, which holds those of earlier operations of the same call: waiting
 * for one of them is waiting for the order of operations, nothing else.
 */
int acc_syncs_parse(struct drm_file *file, const struct drm_acc_obj_array *in,
		    struct acc_deps *deps, struct list_head *signals);
/* Gives the sync objects their fences. */
void acc_signals_push(struct list_head *signals);
void acc_signals_free(struct list_head *signals);

/* True when all have signalled; otherwise ready() will be called. One caller at a time. */
bool acc_deps_done(struct acc_deps *deps);
/* Afterwards ready() is not called any more. */
void acc_deps_fini(struct acc_deps *deps);

#endif
