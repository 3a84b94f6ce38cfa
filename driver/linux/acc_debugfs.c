// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: debugfs
 *
 * In /sys/kernel/debug/dri/<PCI address>/ (also dri/<minor>/), for root:
 *
 * - state: the device, its counters, its address spaces.
 * - queues: a line for each hardware queue in use.
 * - vram: what the memory manager has.
 * - gem: a line for each buffer of each open file, with the places of device memory.
 * - inject (write only): fault injection, for tests. One command per write:
 *
 *	hang_queue <hw>		hardware queue <hw> makes no progress until it is reset
 *	hang_device		no queue makes progress, no command ends, until device reset
 *	lose_interrupts <n>	the next <n> interrupts are not sent
 *	poison_page <offset>	the page at this offset of device memory is broken
 *	scrub_page <offset>	the page is good again
 *	corrected_ecc <n>	<n> corrected memory errors happen
 *	vanish			the device is gone, as if pulled out
 *	reset			the driver resets the device
 *
 * Registers are read under reset.lock, as everywhere.
 */

#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <drm/drm_debugfs.h>
#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "acc_device.h"
#include "acc_gem.h"
#include "acc_queue.h"
#include "acc_reset.h"
#include "acc_vm.h"

/* --- reading -------------------------------------------------------------------- */

static const struct acc_debugfs_register {
	const char *name;
	u32 offset;
	u32 bits;
} acc_debugfs_registers[] = {
	{ "status", ACC_DEV_STATUS, 32 },
	{ "timestamp", ACC_DEV_TIMESTAMP, 64 },
	{ "bus_errors", ACC_DEV_BUS_ERRORS, 32 },
	{ "dma_errors", ACC_DEV_DMA_ERRORS, 32 },
	{ "ecc_corrected", ACC_DEV_ECC_CORRECTED, 64 },
	{ "ecc_uncorrected", ACC_DEV_ECC_UNCORRECTED, 64 },
	{ "packets", ACC_DEV_PACKETS, 64 },
	{ "dispatches", ACC_DEV_DISPATCHES, 64 },
	{ "blocks", ACC_DEV_BLOCKS, 64 },
	{ "bytes_copied", ACC_DEV_BYTES_COPIED, 64 },
	{ "faults_waiting", ACC_FAULTS_COUNT, 32 },
	{ "faults_dropped", ACC_FAULTS_LOST, 32 },
};

static void acc_debugfs_show_registers(struct seq_file *m, struct acc_device *acc)
{
	const struct acc_debugfs_register *reg = acc_debugfs_registers;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acc_debugfs_registers); i++, reg++)
		seq_printf(m, "%s: %llu\n", reg->name,
			   reg->bits == 64 ? acc_read64(acc, reg->offset) :
					     acc_read32(acc, reg->offset));
}

static void acc_debugfs_show_vms(struct seq_file *m, struct acc_device *acc)
{
	unsigned int vmid;

	mutex_lock(&acc->vmid_lock);
	for (vmid = 0; vmid < acc->info.vmids; vmid++) {
		const struct acc_vm *vm = acc->vmids[vmid];

		if (vm)
			seq_printf(m, "vmid=%u id=%u users=%u status=0x%x faults=%u%s\n", vmid,
				   vm->id, vm->hw_users, acc_read32(acc, ACC_VM_STATUS(vmid)),
				   vm->faults.count, vm->unusable ? " unusable" : "");
	}
	mutex_unlock(&acc->vmid_lock);
}

static int acc_debugfs_state(struct seq_file *m, void *data)
{
	struct drm_debugfs_entry *entry = m->private;
	struct acc_device *acc = to_acc(entry->dev);
	const struct acc_counters *counters = &acc->counters;
	int idx;

	if (!drm_dev_enter(&acc->drm, &idx))
		return -ENODEV;
	down_read(&acc->reset.lock);
	seq_printf(m, "lost: %u\nresets: %d\n", acc_device_check_lost(acc),
		   atomic_read(&acc->reset.generation));
	seq_printf(m, "faults: %lld\nfaults_stray: %lld\nqueue_resets: %lld\nwaits_rescued: %lld\n",
		   atomic64_read(&counters->faults), atomic64_read(&counters->faults_stray),
		   atomic64_read(&counters->queue_resets),
		   atomic64_read(&counters->waits_rescued));
	seq_printf(m, "hang_checks: %lld\n", atomic64_read(&counters->hang_checks));
	if (!READ_ONCE(acc->lost)) {
		acc_debugfs_show_registers(m, acc);
		acc_debugfs_show_vms(m, acc);
	}
	up_read(&acc->reset.lock);
	drm_dev_exit(idx);
	return 0;
}

static void acc_debugfs_show_queue(struct seq_file *m, struct acc_queue *queue)
{
	u32 status;

	mutex_lock(&queue->command_lock);
	status = acc_queue_hw_sample(queue);
	seq_printf(m, "hw=%d pid=%d id=%u vm=%u vmid=%d state=0x%x status=0x%x ", queue->hw,
		   queue->pid, queue->id, queue->vm ? queue->vm->id : 0,
		   queue->vm ? queue->vm->vmid : -1, READ_ONCE(queue->state), status);
	seq_printf(m, "priority=%u watchdog_ms=%u ", queue->priority, queue->watchdog_ms);
	if (queue->enabled && !READ_ONCE(queue->acc->lost))
		seq_printf(m, "progress=%llu stalled_ns=%llu ",
			   acc_read64(queue->acc, ACC_QUEUE_PROGRESS(queue->hw)),
			   acc_read64(queue->acc, ACC_QUEUE_STALLED_NS(queue->hw)));
	seq_printf(m, "ring=0x%llx packets=%u control=0x%llx read_index=%llu runtime_ns=%llu\n",
		   queue->ring_va, queue->ring_packets, queue->control_va, queue->read_index,
		   queue->runtime_ns);
	mutex_unlock(&queue->command_lock);
}

static int acc_debugfs_queues(struct seq_file *m, void *data)
{
	struct drm_debugfs_entry *entry = m->private;
	struct acc_device *acc = to_acc(entry->dev);
	unsigned int hw;
	int idx;

	if (!drm_dev_enter(&acc->drm, &idx))
		return -ENODEV;
	down_read(&acc->reset.lock);
	for (hw = 0; hw < acc->info.queues; hw++) {
		struct acc_queue *queue = acc_queue_from_hw(acc, hw);

		if (!queue)
			continue;
		acc_debugfs_show_queue(m, queue);
		acc_queue_put(queue);
	}
	up_read(&acc->reset.lock);
	drm_dev_exit(idx);
	return 0;
}

static int acc_debugfs_vram(struct seq_file *m, void *data)
{
	struct drm_debugfs_entry *entry = m->private;
	struct acc_device *acc = to_acc(entry->dev);
	struct drm_printer p = drm_seq_file_printer(m);

	acc_vram_debugfs_show(acc, &p);
	return 0;
}

static int acc_debugfs_gem(struct seq_file *m, void *data)
{
	struct drm_debugfs_entry *entry = m->private;
	struct acc_device *acc = to_acc(entry->dev);
	struct drm_printer p = drm_seq_file_printer(m);

	acc_gem_debugfs_show(acc, &p);
	return 0;
}

static const struct drm_debugfs_info acc_debugfs_files[] = {
	{ "state", acc_debugfs_state },
	{ "queues", acc_debugfs_queues },
	{ "vram", acc_debugfs_vram },
	{ "gem", acc_debugfs_gem },
};

/* --- injecting ------------------------------------------------------------------- */

/* What the device can inject, by the name of the command. */
static const struct acc_injection {
	const char *name;
	u32 command;
	bool takes_argument;
} acc_injections[] = {
	{ "hang_queue", ACC_INJECT_COMMAND_HANG_QUEUE, true },
	{ "hang_device", ACC_INJECT_COMMAND_HANG_DEVICE, false },
	{ "lose_interrupts", ACC_INJECT_COMMAND_LOSE_INTERRUPTS, true },
	{ "poison_page", ACC_INJECT_COMMAND_POISON_PAGE, true },
	{ "scrub_page", ACC_INJECT_COMMAND_SCRUB_PAGE, true },
	{ "corrected_ecc", ACC_INJECT_COMMAND_CORRECTED_ECC, true },
	{ "vanish", ACC_INJECT_COMMAND_VANISH, false },
};

/* The device ignores what it cannot do; whoever injects wants to know. */
static bool acc_debugfs_can_inject(struct acc_device *acc, const struct acc_injection *injection,
				   const u64 *argument)
{
	if (injection->takes_argument && !argument)
		return false;
	switch (injection->command) {
	case ACC_INJECT_COMMAND_HANG_QUEUE:
		return *argument < acc->info.queues;
	case ACC_INJECT_COMMAND_POISON_PAGE:
	case ACC_INJECT_COMMAND_SCRUB_PAGE:
		return *argument < acc->info.vram_bytes;
	default:
		return true;
	}
}

/* `argument` is NULL when there was none. */
static int acc_debugfs_inject_command(struct acc_device *acc, const char *name,
				      const u64 *argument)
{
	const struct acc_injection *injection = acc_injections;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acc_injections); i++, injection++) {
		if (strcmp(name, injection->name))
			continue;
		if (!acc_debugfs_can_inject(acc, injection, argument))
			return -EINVAL;
		acc_write32(acc, ACC_INJECT_UNLOCK, ACC_INJECT_UNLOCK_KEY);
		acc_write64(acc, ACC_INJECT_ARGUMENT, argument ? *argument : 0);
		acc_write32(acc, ACC_INJECT_COMMAND, injection->command);
		acc_write32(acc, ACC_INJECT_UNLOCK, 0);
		drm_info(&acc->drm, "injected: %s %llu\n", name, argument ? *argument : 0);
		return 0;
	}
	return -EINVAL;
}

static int acc_debugfs_run(struct acc_device *acc, const char *name, const u64 *argument)
{
	int ret, idx;

	if (!drm_dev_enter(&acc->drm, &idx))
		return -ENODEV;
	if (!strcmp(name, "reset")) {
		acc_reset_now(acc, "asked for through debugfs");
		ret = READ_ONCE(acc->lost) ? -ENODEV : 0;
	} else {
		down_read(&acc->reset.lock);
		ret = acc_device_check_lost(acc) ? -ENODEV :
						   acc_debugfs_inject_command(acc, name, argument);
		up_read(&acc->reset.lock);
	}
	drm_dev_exit(idx);
	return ret;
}

static ssize_t acc_debugfs_inject(struct file *filp, const char __user *buffer, size_t bytes,
				  loff_t *pos)
{
	char line[64], *rest = line, *name, *number;
	u64 argument;
	ssize_t length;
	int ret;

	length = simple_write_to_buffer(line, sizeof(line) - 1, pos, buffer, bytes);
	if (length < 0)
		return length;
	if (length < bytes)
		return -EINVAL; /* longer than any command */
	line[length] = '\0';

	name = strsep(&rest, " \t\n");
	number = rest ? strim(rest) : NULL;
	if (number && *number) {
		ret = kstrtou64(number, 0, &argument);
		if (ret)
			return ret;
	}
	ret = acc_debugfs_run(filp->private_data, name, number && *number ? &argument : NULL);
	return ret ?: length;
}

static const struct file_operations acc_debugfs_inject_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = acc_debugfs_inject,
	.llseek = noop_llseek,
};

void acc_debugfs_init(struct drm_minor *minor)
{
	struct drm_device *drm = minor->dev;

	drm_debugfs_add_files(drm, acc_debugfs_files, ARRAY_SIZE(acc_debugfs_files));
	debugfs_create_file("inject", 0200, drm->debugfs_root, to_acc(drm),
			    &acc_debugfs_inject_fops);
}
