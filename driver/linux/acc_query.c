// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Queries
 *
 * One function fills each structure; the rules about sizes (older and newer callers) are in one
 * place for all of them.
 */

#include <linux/ktime.h>
#include <linux/uaccess.h>

#include <drm/drm_drv.h>

#include "uapi/drm/acc_drm.h"

#include "acc_device.h"

static void acc_query_info(struct acc_device *acc, void *answer)
{
	const struct acc_info *info = &acc->info;
	struct drm_acc_dev_info *out = answer;

	*out = (struct drm_acc_dev_info) {
		.hw_version = info->version,
		.compute_units = info->compute_units,
		.clock_khz = info->clock_khz,
		.max_queues = info->queues,
		.max_vms = info->vmids,
		.max_priority = ACC_PRIORITY_UNPRIVILEGED,
		.vram_bytes = info->vram_bytes,
		.vram_visible_bytes = info->vram_bytes,
		.va_bits = ACC_VA_BITS,
		.page_bytes = ACC_PAGE_BYTES,
		.va_window_bytes = info->va_window_bytes,
		.hang_check_ms = acc_hang_check_ms,
	};
	static_assert(sizeof(out->uuid) == sizeof(info->uuid));
	memcpy(out->uuid, info->uuid, sizeof(out->uuid));
}

static void acc_query_memory(struct acc_device *acc, void *answer)
{
	struct drm_acc_dev_memory *out = answer;

	mutex_lock(&acc->vram.lock);
	out->vram_total = acc->vram.mm.size;
	out->vram_used = acc->vram.used;
	mutex_unlock(&acc->vram.lock);
}

static void acc_query_timestamp(struct acc_device *acc, void *answer)
{
	struct drm_acc_dev_timestamp *out = answer;
	u64 before, after;

	/* The register is read somewhere between the two; the middle is the best guess. */
	before = ktime_get_ns();
	out->device_ns = acc_read64(acc, ACC_DEV_TIMESTAMP);
	after = ktime_get_ns();
	out->cpu_ns = before + (after - before) / 2;
}

static void acc_query_errors(struct acc_device *acc, void *answer)
{
	struct acc_counters *counters = &acc->counters;
	struct drm_acc_dev_errors *out = answer;

	out->ecc_corrected = acc_read64(acc, ACC_DEV_ECC_CORRECTED) - counters->ecc_corrected_base;
	out->ecc_uncorrected = acc_read64(acc, ACC_DEV_ECC_UNCORRECTED) -
			       counters->ecc_uncorrected_base;
	out->faults = atomic64_read(&counters->faults);
	out->queue_resets = atomic64_read(&counters->queue_resets);
	out->device_resets = atomic64_read(&counters->device_resets);
}

static const struct acc_query {
	u32 size;
	void (*fill)(struct acc_device *acc, void *answer);
} acc_queries[] = {
	[DRM_ACC_DEV_QUERY_INFO] = { sizeof(struct drm_acc_dev_info), acc_query_info },
	[DRM_ACC_DEV_QUERY_MEMORY] = { sizeof(struct drm_acc_dev_memory), acc_query_memory },
	[DRM_ACC_DEV_QUERY_TIMESTAMP] = { sizeof(struct drm_acc_dev_timestamp),
					  acc_query_timestamp },
	[DRM_ACC_DEV_QUERY_ERRORS] = { sizeof(struct drm_acc_dev_errors), acc_query_errors },
};

/* Room for the largest answer. */
union acc_answer {
	struct drm_acc_dev_info info;
	struct drm_acc_dev_memory memory;
	struct drm_acc_dev_timestamp timestamp;
	struct drm_acc_dev_errors errors;
};

/* Registers are read under reset.lock: while the function is being reset they do not answer. */
static int acc_query_run(struct acc_device *acc, const struct acc_query *query,
			 union acc_answer *answer)
{
	int ret = 0, idx;

	memset(answer, 0, sizeof(*answer));
	if (!drm_dev_enter(&acc->drm, &idx))
		return -ENODEV;
	down_read(&acc->reset.lock);
	if (acc_device_check_lost(acc))
		ret = -ENODEV;
	else
		query->fill(acc, answer);
	up_read(&acc->reset.lock);
	drm_dev_exit(idx);
	return ret;
}

int acc_ioctl_dev_query(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct acc_device *acc = to_acc(drm);
	struct drm_acc_dev_query *args = data;
	const struct acc_query *query;
	union acc_answer answer;
	u32 bytes;
	int ret;

	if (args->type >= ARRAY_SIZE(acc_queries))
		return -EINVAL;
	query = &acc_queries[args->type];
	if (!args->pointer) {
		args->size = query->size;
		return 0;
	}
	if (args->size > ACC_STRUCT_BYTES_MAX)
		return -EINVAL;

	ret = acc_query_run(acc, query, &answer);
	if (ret)
		return ret;
	bytes = min(args->size, query->size);
	if (copy_to_user(u64_to_user_ptr(args->pointer), &answer, bytes) ||
	    clear_user(u64_to_user_ptr(args->pointer + bytes), args->size - bytes))
		return -EFAULT;
	args->size = bytes;
	return 0;
}
