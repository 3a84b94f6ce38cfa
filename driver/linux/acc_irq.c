// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: Interrupts
 *
 * Vector 0 tells events (faults, halted queues, memory errors) and has a threaded handler, which
 * may sleep. Vectors 1..4 tell completions, one for each 64 queues: the register says which
 * queues, reading clears it, each of them wakes its waiters at once, and a thread looks after
 * their fences. A queue interrupts only once for each time it is armed, so a process that does
 * not wait costs nothing.
 */

#include <linux/interrupt.h>
#include <linux/pci.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "acc_device.h"
#include "acc_fault.h"
#include "acc_queue.h"
#include "acc_trace.h"

#define ACC_EVENTS (ACC_IRQ_STATUS_FAULT_MASK | ACC_IRQ_STATUS_HALT_MASK | \
		    ACC_IRQ_STATUS_ECC_MASK | ACC_IRQ_STATUS_TEST_MASK)
#define ACC_QUEUES_PER_VECTOR 64
/* For the interrupt that probe makes; the device may be slow, not that slow. */
#define ACC_IRQ_TEST_MS 1000

/* Wakes waiters at once; true when there are fences, which is work for a thread. */
static bool acc_irq_completions(struct acc_irq_group *group, u64 *bits)
{
	struct acc_device *acc = group->acc;
	u64 with_fences = 0;
	unsigned int bit;

	*bits = acc_read64(acc, ACC_IRQ_COMPLETION(group->index));
	if (*bits == U64_MAX && acc_device_check_lost(acc))
		return false;
	if (*bits)
		trace_acc_irq(acc, ACC_MSIX_COMPLETION + group->index, *bits);
	for (bit = 0; bit < ACC_QUEUES_PER_VECTOR; bit++) {
		struct acc_queue *queue;

		if (!(*bits & BIT_ULL(bit)))
			continue;
		queue = acc_queue_from_hw(acc, group->index * ACC_QUEUES_PER_VECTOR + bit);
		if (!queue)
			continue; /* destroyed since */
		acc_queue_wake(queue);
		if (!list_empty_careful(&queue->fences))
			with_fences |= BIT_ULL(bit);
		acc_queue_put(queue);
	}
	atomic64_or(with_fences, &group->pending);
	return with_fences;
}

static irqreturn_t acc_irq_completion(int irq, void *data)
{
	u64 bits;

	if (acc_irq_completions(data, &bits))
		return IRQ_WAKE_THREAD;
	return bits ? IRQ_HANDLED : IRQ_NONE;
}

/*
 * A queue may have many fences, and each look at one is a read of memory far away: not with
 * interrupts off for all of them, whatever a process does.
 */
static irqreturn_t acc_irq_fences(int irq, void *data)
{
	struct acc_irq_group *group = data;
	u64 bits = atomic64_xchg(&group->pending, 0);
	unsigned int bit;

	for (bit = 0; bit < ACC_QUEUES_PER_VECTOR; bit++) {
		struct acc_queue *queue;

		if (!(bits & BIT_ULL(bit)))
			continue;
		queue = acc_queue_from_hw(group->acc,
					  group->index * ACC_QUEUES_PER_VECTOR + bit);
		if (!queue)
			continue;
		acc_queue_completed(queue);
		acc_queue_put(queue);
	}
	return IRQ_HANDLED;
}

/* The report of a fault may have been dropped because the FIFO was full; the state says all. */
static void acc_irq_find_halted(struct acc_device *acc)
{
	unsigned int hw;

	for (hw = 0; hw < acc->info.queues; hw++) {
		struct acc_queue *queue = acc_queue_from_hw(acc, hw);
		u32 status;

		if (!queue)
			continue;
		status = acc_read32(acc, ACC_QUEUE_STATUS(hw));
		if (status != U32_MAX && (status & ACC_QUEUE_STATUS_HALTED_MASK))
			acc_queue_stopped(queue, DRM_ACC_QUEUE_STATE_FAULT);
		acc_queue_put(queue);
	}
}

/* The process that read the bad page gets a fault; this is for who looks after the machine. */
static void acc_irq_memory_error(struct acc_device *acc)
{
	u64 count = acc_read64(acc, ACC_DEV_ECC_UNCORRECTED) - acc->counters.ecc_uncorrected_base;

	if (count)
		dev_warn_ratelimited(acc->drm.dev, "%llu uncorrected memory errors since probe\n",
				     count);
}

static irqreturn_t acc_irq_event(int irq, void *data)
{
	struct acc_device *acc = data;
	u32 status = acc_read32(acc, ACC_IRQ_STATUS);

	if (!status)
		return IRQ_HANDLED; /* acc_irq_poll() was faster */
	trace_acc_irq(acc, ACC_MSIX_EVENT, status);
	if (status == U32_MAX) {
		acc_device_check_lost(acc);
		return IRQ_HANDLED;
	}
	/* Cleared before it is handled: what comes meanwhile makes a new interrupt. */
	acc_write32(acc, ACC_IRQ_STATUS, status);

	/* First the reports, so that whoever is woken by the halt finds them. */
	if (status & (ACC_IRQ_STATUS_FAULT_MASK | ACC_IRQ_STATUS_HALT_MASK))
		acc_fault_drain(acc);
	if (status & ACC_IRQ_STATUS_HALT_MASK)
		acc_irq_find_halted(acc);
	if (status & ACC_IRQ_STATUS_ECC_MASK)
		acc_irq_memory_error(acc);
	if (status & ACC_IRQ_STATUS_TEST_MASK)
		complete(&acc->irq.test);
	return IRQ_HANDLED;
}

void acc_irq_enable_events(struct acc_device *acc)
{
	acc_write32(acc, ACC_IRQ_ENABLE, ACC_EVENTS);
}

void acc_irq_poll(struct acc_device *acc)
{
	unsigned int i;
	u64 bits;

	for (i = 0; i + ACC_MSIX_COMPLETION < acc->irq.vectors; i++)
		if (acc_irq_completions(&acc->irq.groups[i], &bits))
			acc_irq_fences(0, &acc->irq.groups[i]);
	acc_irq_event(0, acc);
}

void acc_irq_quiesce(struct acc_device *acc)
{
	unsigned int i;

	for (i = 0; i < acc->irq.vectors; i++)
		disable_irq(pci_irq_vector(acc->pdev, i));
}

void acc_irq_resume(struct acc_device *acc)
{
	unsigned int i;

	for (i = 0; i < acc->irq.vectors; i++)
		enable_irq(pci_irq_vector(acc->pdev, i));
}

/* A machine that loses our interrupts works (waits look again from time to time), but slowly. */
static void acc_irq_check(struct acc_device *acc)
{
	acc_write32(acc, ACC_IRQ_TEST, 1);
	if (!wait_for_completion_timeout(&acc->irq.test, msecs_to_jiffies(ACC_IRQ_TEST_MS)))
		drm_warn(&acc->drm, "the test interrupt did not arrive; waits will be slow\n");
}

/* Gives back the event vector and so many completion vectors. */
static void acc_irq_free(struct acc_device *acc, unsigned int groups)
{
	while (groups--)
		pci_free_irq(acc->pdev, ACC_MSIX_COMPLETION + groups, &acc->irq.groups[groups]);
	pci_free_irq(acc->pdev, ACC_MSIX_EVENT, acc);
	pci_free_irq_vectors(acc->pdev);
}

int acc_irq_init(struct acc_device *acc)
{
	unsigned int groups = DIV_ROUND_UP(acc->info.queues, ACC_QUEUES_PER_VECTOR);
	const char *name = dev_name(&acc->pdev->dev);
	unsigned int i;
	int ret;

	ret = pci_alloc_irq_vectors(acc->pdev, ACC_MSIX_COMPLETION + groups,
				    ACC_MSIX_COMPLETION + groups, PCI_IRQ_MSIX);
	if (ret < 0) {
		drm_err(&acc->drm, "no %u MSI-X vectors (%d)\n", ACC_MSIX_COMPLETION + groups,
			ret);
		return ret;
	}
	ret = pci_request_irq(acc->pdev, ACC_MSIX_EVENT, NULL, acc_irq_event, acc,
			      "acc-event:%s", name);
	if (ret) {
		pci_free_irq_vectors(acc->pdev);
		return ret;
	}
	for (i = 0; i < groups; i++) {
		acc->irq.groups[i].acc = acc;
		acc->irq.groups[i].index = i;
		ret = pci_request_irq(acc->pdev, ACC_MSIX_COMPLETION + i, acc_irq_completion,
				      acc_irq_fences, &acc->irq.groups[i], "acc-done%u:%s", i,
				      name);
		if (ret) {
			acc_irq_free(acc, i);
			return ret;
		}
	}
	acc->irq.vectors = ACC_MSIX_COMPLETION + groups;
	acc_irq_enable_events(acc);
	acc_irq_check(acc);
	return 0;
}

void acc_irq_fini(struct acc_device *acc)
{
	if (!READ_ONCE(acc->lost))
		acc_write32(acc, ACC_IRQ_ENABLE, 0);
	acc_irq_free(acc, acc->irq.vectors - ACC_MSIX_COMPLETION);
	acc->irq.vectors = 0;
}
