// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Asynchronous binds.
 */

/**
 * DOC: Asynchronous binds
 *
 * An address space has one list of jobs, done in order. A job is a batch of operations with the
 * fences it waits for and the fence it signals; consecutive operations of a call share one as long
 * as none waits for something and none signals something before the last. A single work item of
 * the address space does the first job as soon as its fences have signalled, then the next.
 *
 * This is a work queue and not a drm_sched entity, because there is nothing to schedule: one list
 * per address space, no hardware that runs the job, no credits, no time-out; and because a
 * destroyed address space must end its jobs at once, whatever they still wait for.
 *
 * Rules for what signals fences: the work item does not allocate and takes no reservation
 * (annotated for lockdep); what the job leaves behind is freed by another work queue.
 *
 * The driver puts none of these fences into a reservation (see acc_gem.c), but a program may, by a
 * sync file. So a job waits for dma-fences only, never for something that a program has to do.
 */

#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>

#include "acc_vm.h"
#include "acc_vm_private.h"
#include "uapi/drm/acc_drm.h"

/* Operations of an address space that wait or are not cleaned up; each takes some 500 bytes. */
#define ACC_BIND_PENDING_MAX (256 << 10)

struct acc_bind_job {
	struct list_head link;
	/** @vm: reference */
	struct acc_vm *vm;
	struct acc_bind_batch batch;
	struct acc_deps deps;
	struct acc_sync_fence *fence;
	/** @fence_live: @fence is initialised and has a reference of the job's */
	bool fence_live;
};

/* The work item needs the address space: the reference goes when it has run. Any context. */
static void acc_vm_jobs_wake(struct acc_vm *vm)
{
	acc_vm_get(vm);
	if (!queue_work(acc_bind_wq, &vm->private->jobs.work))
		drm_gpuvm_put(&vm->gpuvm); /* never the last one: the caller has one */
}

static void acc_bind_job_ready(struct acc_deps *deps)
{
	acc_vm_jobs_wake(container_of(deps, struct acc_bind_job, deps)->vm);
}

static void acc_bind_job_free(struct acc_bind_job *job)
{
	struct acc_vm *vm = job->vm;

	acc_deps_fini(&job->deps);
	atomic_sub(job->batch.capacity, &vm->private->jobs.pending);
	acc_bind_batch_fini(&job->batch);
	if (job->fence_live)
		dma_fence_put(&job->fence->base);
	else
		kfree(job->fence);
	kfree(job);
	acc_vm_put(vm);
}

static void acc_vm_jobs_free_work(struct work_struct *work)
{
	struct acc_vm_private *priv = container_of(work, struct acc_vm_private, jobs.free_work);
	struct acc_bind_job *job, *next;
	struct acc_vm *vm = priv->vm;
	LIST_HEAD(done);

	spin_lock(&priv->jobs.lock);
	list_splice_init(&priv->jobs.done, &done);
	spin_unlock(&priv->jobs.lock);
	list_for_each_entry_safe(job, next, &done, link)
		acc_bind_job_free(job);
	acc_vm_put(vm);
}

static struct acc_bind_job *acc_bind_job_create(struct acc_vm *vm, u32 capacity)
{
	struct acc_bind_job *job = kzalloc(sizeof(*job), GFP_KERNEL_ACCOUNT);

	if (!job)
		return NULL;
	job->fence = acc_sync_fence_alloc();
	if (!job->fence || acc_bind_batch_init(&job->batch, vm, capacity)) {
		kfree(job->fence);
		kfree(job);
		return NULL;
	}
	job->batch.async = true;
	atomic_add(capacity, &vm->private->jobs.pending);
	INIT_LIST_HEAD(&job->link);
	job->deps.ready = acc_bind_job_ready;
	job->vm = acc_vm_get(vm);
	return job;
}

/* --- execution ------------------------------------------------------------------------------- */

static struct acc_bind_job *acc_vm_jobs_first(struct acc_vm *vm)
{
	struct acc_vm_private *priv = vm->private;
	struct acc_bind_job *job;

	spin_lock(&priv->jobs.lock);
	job = list_first_entry_or_null(&priv->jobs.list, struct acc_bind_job, link);
	spin_unlock(&priv->jobs.lock);
	return job;
}

static void acc_bind_job_run(struct acc_bind_job *job, bool destroyed)
{
	struct dma_fence *fence = &job->fence->base;
	struct acc_vm *vm = job->vm;
	int ret = -ECANCELED;
	bool cookie;

	cookie = dma_fence_begin_signalling();
	if (!destroyed && !READ_ONCE(vm->unusable))
		ret = acc_bind_batch_run(&job->batch);
	if (ret == -ENOENT)
		ret = -ECANCELED; /* destroyed in between */
	if (ret) {
		WRITE_ONCE(vm->unusable, true);
		dma_fence_set_error(fence, ret);
	}
	dma_fence_signal(fence);
	dma_fence_end_signalling(cookie);

	spin_lock(&vm->private->jobs.lock);
	list_move_tail(&job->link, &vm->private->jobs.done);
	spin_unlock(&vm->private->jobs.lock);
}

static void acc_vm_jobs_work(struct work_struct *work)
{
	struct acc_vm_private *priv = container_of(work, struct acc_vm_private, jobs.work);
	struct acc_vm *vm = priv->vm;
	struct acc_bind_job *job;

	while ((job = acc_vm_jobs_first(vm))) {
		bool destroyed = READ_ONCE(priv->destroyed);

		if (!destroyed && !acc_deps_done(&job->deps))
			break;
		acc_bind_job_run(job, destroyed);
	}
	/* Our reference goes to the other work item, unless that has one already. */
	if (!queue_work(acc_free_wq, &priv->jobs.free_work))
		acc_vm_put(vm);
}

/**
 * acc_vm_jobs_init() - Prepare an address space for asynchronous binds
 * @vm: address space with its private part
 */
void acc_vm_jobs_init(struct acc_vm *vm)
{
	struct acc_vm_private *priv = vm->private;

	mutex_init(&priv->jobs.submit);
	spin_lock_init(&priv->jobs.lock);
	INIT_LIST_HEAD(&priv->jobs.list);
	INIT_LIST_HEAD(&priv->jobs.done);
	INIT_WORK(&priv->jobs.work, acc_vm_jobs_work);
	INIT_WORK(&priv->jobs.free_work, acc_vm_jobs_free_work);
	priv->jobs.fence_context = dma_fence_context_alloc(1);
	priv->vm = vm;
}

/**
 * acc_vm_jobs_end() - End the jobs of a destroyed address space
 * @vm: address space
 *
 * Waits until they are freed: when a file is closed, its memory is back.
 */
void acc_vm_jobs_end(struct acc_vm *vm)
{
	acc_vm_jobs_wake(vm);
	flush_work(&vm->private->jobs.work);
	flush_work(&vm->private->jobs.free_work);
}

/* --- submission ------------------------------------------------------------------------------ */

/* How many operations the next job takes: until one waits, or one has signalled. */
static u32 acc_bind_job_length(const struct drm_acc_vm_bind_op *ops, u32 count)
{
	u32 i = 0;

	/* What its sync objects are is not known yet: an operation with any stands alone. */
	while (i < count && !ops[i].syncs.count)
		i++;
	return max(i, 1u);
}

static int acc_bind_job_fill(struct acc_bind_job *job, struct drm_file *file,
			     const struct drm_acc_vm_bind_op *ops, u32 count,
			     struct list_head *signals)
{
	struct acc_signal *signal;
	u32 i;
	int ret;

	for (i = 0; i < count; i++) {
		if (ops[i].type == DRM_ACC_VM_BIND_OP_SYNC_ONLY)
			continue;
		ret = acc_bind_batch_add(&job->batch, file, &ops[i]);
		if (ret)
			return ret;
	}
	ret = acc_bind_batch_reserve(&job->batch);
	if (ret)
		return ret;
	ret = acc_syncs_parse(file, &ops[0].syncs, &job->deps, signals);
	/* New ones are at the end of the list. */
	list_for_each_entry_reverse(signal, signals, link) {
		if (signal->owner)
			break;
		signal->owner = job;
	}
	return ret;
}

static int acc_bind_jobs_create(struct acc_vm *vm, struct drm_file *file,
				const struct drm_acc_vm_bind_op *ops, u32 count,
				struct list_head *jobs, struct list_head *signals)
{
	int ret = 0;

	while (!ret && count) {
		u32 length = acc_bind_job_length(ops, count);
		struct acc_bind_job *job;

		if (fatal_signal_pending(current))
			return -EINTR;
		if (atomic_read(&vm->private->jobs.pending) + length > ACC_BIND_PENDING_MAX)
			return -EBUSY;
		job = acc_bind_job_create(vm, length);
		if (!job)
			return -ENOMEM;
		list_add_tail(&job->link, jobs);
		ret = acc_bind_job_fill(job, file, ops, length, signals);
		ops += length;
		count -= length;
		cond_resched();
	}
	return ret;
}

/* Nothing here can fail: fences become visible. */
static void acc_bind_jobs_submit(struct acc_vm *vm, struct list_head *jobs,
				 struct list_head *signals)
{
	struct acc_vm_private *priv = vm->private;
	struct acc_signal *signal;
	struct acc_bind_job *job;

	mutex_lock(&priv->jobs.submit);
	list_for_each_entry(job, jobs, link) {
		acc_sync_fence_init(job->fence, priv->jobs.fence_context, ++priv->jobs.seqno);
		job->fence_live = true;
	}
	list_for_each_entry(signal, signals, link) {
		job = signal->owner;
		signal->fence = dma_fence_get(&job->fence->base);
	}
	spin_lock(&priv->jobs.lock);
	list_splice_tail_init(jobs, &priv->jobs.list);
	spin_unlock(&priv->jobs.lock);
	acc_signals_push(signals);
	mutex_unlock(&priv->jobs.submit);
	acc_vm_jobs_wake(vm);
}

/**
 * acc_vm_bind_async() - Do operations later
 * @vm: address space
 * @file: caller
 * @ops: operations whose arguments were checked
 * @count: how many
 *
 * Return: 0, or an error; then nothing happens.
 */
int acc_vm_bind_async(struct acc_vm *vm, struct drm_file *file,
		      const struct drm_acc_vm_bind_op *ops, u32 count)
{
	struct acc_bind_job *job, *next;
	LIST_HEAD(signals);
	LIST_HEAD(jobs);
	int ret;

	ret = acc_bind_jobs_create(vm, file, ops, count, &jobs, &signals);
	if (!ret) {
		acc_bind_jobs_submit(vm, &jobs, &signals);
		return 0;
	}
	acc_signals_free(&signals);
	list_for_each_entry_safe(job, next, &jobs, link) {
		list_del_init(&job->link);
		acc_bind_job_free(job);
	}
	return ret;
}
