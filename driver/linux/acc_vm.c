// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Address spaces.
 */

/**
 * DOC: Address spaces
 *
 * An address space is a drm_gpuvm (which buffer is where), page tables (acc_mmu.c) and a queue of
 * asynchronous binds (acc_vm_queue.c). It belongs to the file that made it, under a number of that
 * file; queues and pending binds hold references.
 *
 * It has a hardware number (VMID) only as long as queues use it, so a process may have more
 * address spaces than the hardware has numbers. Numbers are given under vmid_lock.
 *
 * Destroying one drops all mappings at once, because mappings hold references to it, and ends
 * pending binds with -ECANCELED.
 */

#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "acc_reset.h"
#include "acc_vm.h"
#include "acc_vm_private.h"
#include "uapi/drm/acc_drm.h"

/*
 * The device walks page tables, so how long a command takes is up to the program; no reason to
 * reset the device. It may hang all the same: when a reset was asked for, nobody waits on.
 */
#define ACC_VM_COMMAND_MS 10000
#define ACC_VM_SLICE_MS 50
/* Address spaces of one file; a number beyond reason, so that programs cannot fill the memory. */
#define ACC_VMS_PER_FILE 1024

static struct acc_vm *to_acc_vm(struct drm_gpuvm *gpuvm)
{
	return container_of(gpuvm, struct acc_vm, gpuvm);
}

static void acc_vm_free(struct drm_gpuvm *gpuvm)
{
	struct acc_vm *vm = to_acc_vm(gpuvm);

	drm_WARN_ON(&vm->acc->drm, vm->vmid >= 0);
	acc_mmu_fini(vm);
	mutex_destroy(&vm->private->op_lock);
	mutex_destroy(&vm->private->jobs.submit);
	kfree(vm->private);
	kfree(vm);
}

static const struct drm_gpuvm_ops acc_gpuvm_ops = {
	.vm_free = acc_vm_free,
	.sm_step_map = acc_vm_step_map,
	.sm_step_remap = acc_vm_step_remap,
	.sm_step_unmap = acc_vm_step_unmap,
};

struct acc_vm *acc_vm_get(struct acc_vm *vm)
{
	drm_gpuvm_get(&vm->gpuvm);
	return vm;
}

/* Process context: the last reference frees page tables. NULL is fine. */
void acc_vm_put(struct acc_vm *vm)
{
	if (vm)
		drm_gpuvm_put(&vm->gpuvm);
}

struct acc_vm *acc_vm_lookup(struct acc_file *file, u32 id)
{
	struct acc_vm *vm;

	xa_lock(&file->vms);
	vm = xa_load(&file->vms, id);
	if (vm)
		acc_vm_get(vm);
	xa_unlock(&file->vms);
	return vm;
}

/* --- hardware numbers ------------------------------------------------------------------------ */

int acc_vm_wait(struct acc_device *acc, u32 vmid)
{
	unsigned int waited;
	int ret;

	for (waited = 0; waited < ACC_VM_COMMAND_MS; waited += ACC_VM_SLICE_MS) {
		ret = acc_device_wait_clear(acc, ACC_VM_STATUS(vmid), ACC_VM_STATUS_BUSY_MASK,
					    ACC_VM_SLICE_MS);
		if (ret != -ETIMEDOUT || work_pending(&acc->reset.work))
			return ret;
	}
	return -ETIMEDOUT;
}

static int acc_vm_command(struct acc_device *acc, u32 vmid, u32 command)
{
	int ret;

	lockdep_assert_held(&acc->vmid_lock);
	acc_write32(acc, ACC_VM_COMMAND(vmid), command);
	ret = acc_vm_wait(acc, vmid);
	if (ret == -ETIMEDOUT)
		acc_reset_schedule(acc, "an address space does not obey");
	if (ret)
		return ret;
	if (acc_read32(acc, ACC_VM_STATUS(vmid)) & ACC_VM_STATUS_REJECTED_MASK) {
		drm_err(&acc->drm, "address space %u: command %u rejected\n", vmid, command);
		return -EIO;
	}
	return 0;
}

static int acc_vm_enable(struct acc_vm *vm, u32 vmid)
{
	struct acc_device *acc = vm->acc;

	wmb(); /* page tables are written before the device looks */
	acc_write64(acc, ACC_VM_ROOT(vmid), acc_mmu_root(vm));
	acc_write64(acc, ACC_VM_VA_BASE(vmid), vm->gpuvm.mm_start);
	acc_write64(acc, ACC_VM_VA_BYTES(vmid), vm->gpuvm.mm_range);
	return acc_vm_command(acc, vmid, ACC_VM_COMMAND_ENABLE);
}

static int acc_vm_hw_assign(struct acc_vm *vm)
{
	struct acc_device *acc = vm->acc;
	u32 vmid;
	int ret;

	for (vmid = 0; vmid < acc->info.vmids; vmid++) {
		if (acc->vmids[vmid])
			continue;
		ret = acc_vm_enable(vm, vmid);
		if (ret)
			return ret;
		acc->vmids[vmid] = vm;
		vm->vmid = vmid;
		return 0;
	}
	return -EBUSY;
}

/**
 * acc_vm_hw_get() - Give an address space a hardware number, or count one more user
 * @vm: address space; the caller holds reset.lock and is inside drm_dev_enter()
 *
 * Return: 0; -EBUSY when all numbers are taken, -EINVAL (unusable), -ENODEV, -ETIMEDOUT, -EIO.
 */
int acc_vm_hw_get(struct acc_vm *vm)
{
	struct acc_device *acc = vm->acc;
	int ret = 0;

	mutex_lock(&acc->vmid_lock);
	if (vm->private->destroyed)
		ret = -ENOENT;
	else if (READ_ONCE(vm->unusable))
		ret = -EINVAL;
	else if (vm->vmid < 0)
		ret = acc_vm_hw_assign(vm);
	if (!ret)
		vm->hw_users++;
	mutex_unlock(&acc->vmid_lock);
	return ret;
}

/**
 * acc_vm_hw_put() - One user of the hardware number less
 * @vm: address space; the user's queue is disabled, the caller holds reset.lock
 *
 * The last user disables it. Works without the device, too.
 */
void acc_vm_hw_put(struct acc_vm *vm)
{
	struct acc_device *acc = vm->acc;
	int idx;

	mutex_lock(&acc->vmid_lock);
	if (!--vm->hw_users) {
		if (drm_dev_enter(&acc->drm, &idx)) {
			if (!READ_ONCE(acc->lost))
				acc_vm_command(acc, vm->vmid, ACC_VM_COMMAND_DISABLE);
			drm_dev_exit(idx);
		}
		acc->vmids[vm->vmid] = NULL;
		vm->vmid = -1;
	}
	mutex_unlock(&acc->vmid_lock);
}

/**
 * acc_vm_hw_restore() - After a device reset: enable again what had hardware numbers
 * @acc: device; reset.lock is held for writing, no queue is enabled
 *
 * One that cannot be enabled becomes unusable; the others, and the device, are not its victims.
 *
 * Return: 0, or -ENODEV.
 */
int acc_vm_hw_restore(struct acc_device *acc)
{
	int ret = 0;
	u32 vmid;

	mutex_lock(&acc->vmid_lock);
	for (vmid = 0; ret != -ENODEV && vmid < acc->info.vmids; vmid++) {
		struct acc_vm *vm = acc->vmids[vmid];

		if (!vm || READ_ONCE(vm->unusable))
			continue;
		ret = acc_vm_enable(vm, vmid);
		if (ret && ret != -ENODEV) {
			drm_warn(&acc->drm, "address space %u does not survive the reset (%d)\n",
				 vmid, ret);
			WRITE_ONCE(vm->unusable, true);
		}
	}
	mutex_unlock(&acc->vmid_lock);
	return ret == -ENODEV ? ret : 0;
}

/**
 * acc_vm_from_vmid() - The address space with a hardware number
 * @acc: device
 * @vmid: the number, anything
 *
 * Return: a reference, or NULL.
 */
struct acc_vm *acc_vm_from_vmid(struct acc_device *acc, u32 vmid)
{
	struct acc_vm *vm = NULL;

	if (vmid >= ARRAY_SIZE(acc->vmids))
		return NULL;
	mutex_lock(&acc->vmid_lock);
	if (acc->vmids[vmid])
		vm = acc_vm_get(acc->vmids[vmid]);
	mutex_unlock(&acc->vmid_lock);
	return vm;
}

/**
 * acc_vm_is_mapped() - Whether a range is mapped
 * @vm: address space
 * @va: first address, anything
 * @bytes: size, not 0
 * @write: writable mappings only
 *
 * What is true now need not be true later: good for telling mistakes, not for trusting.
 *
 * Return: true when every byte is.
 */
bool acc_vm_is_mapped(struct acc_vm *vm, u64 va, u64 bytes, bool write)
{
	struct drm_gpuva *mapping;
	u64 end, covered = va;

	if (check_add_overflow(va, bytes, &end))
		return false;
	mutex_lock(&vm->private->op_lock);
	drm_gpuvm_for_each_va_range(mapping, &vm->gpuvm, va, end) {
		if (mapping->va.addr > covered ||
		    (write && !(to_acc_vma(mapping)->pte_flags & ACC_PTE_WRITE)))
			break;
		covered = mapping->va.addr + mapping->va.range;
	}
	mutex_unlock(&vm->private->op_lock);
	return covered >= end;
}

/* --- creation and destruction ---------------------------------------------------------------- */

static struct acc_vm *acc_vm_new(struct acc_device *acc, u64 va_base, u64 va_bytes)
{
	struct drm_gem_object *root;
	struct acc_vm *vm;
	int ret;

	vm = kzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return ERR_PTR(-ENOMEM);
	vm->private = kzalloc(sizeof(*vm->private), GFP_KERNEL_ACCOUNT);
	if (!vm->private) {
		kfree(vm);
		return ERR_PTR(-ENOMEM);
	}
	vm->acc = acc;
	vm->vmid = -1;
	acc_fault_list_init(&vm->faults);
	mutex_init(&vm->private->op_lock);
	acc_vm_jobs_init(vm);

	root = drm_gpuvm_resv_object_alloc(&acc->drm);
	if (!root) {
		ret = -ENOMEM;
		goto free;
	}
	ret = acc_mmu_init(vm);
	if (ret) {
		drm_gem_object_put(root);
		goto free;
	}
	drm_gpuvm_init(&vm->gpuvm, "acc", 0, &acc->drm, root, va_base, va_bytes, 0, 0,
		       &acc_gpuvm_ops);
	drm_gem_object_put(root); /* drm_gpuvm has its own reference */
	return vm;

free:
	kfree(vm->private);
	kfree(vm);
	return ERR_PTR(ret);
}

/* No more binds and queues. -EBUSY when it has queues. */
static int acc_vm_close(struct acc_vm *vm)
{
	struct acc_device *acc = vm->acc;
	int ret = 0;

	mutex_lock(&vm->private->op_lock);
	mutex_lock(&acc->vmid_lock);
	if (vm->hw_users)
		ret = -EBUSY;
	else
		vm->private->destroyed = true;
	mutex_unlock(&acc->vmid_lock);
	mutex_unlock(&vm->private->op_lock);
	return ret;
}

/* The file's reference goes; what is mapped and what waits goes with it. */
static void acc_vm_drop(struct acc_vm *vm)
{
	acc_vm_jobs_end(vm);
	acc_vm_unbind_all(vm);
	acc_vm_put(vm);
}

/**
 * acc_vm_release_all() - The file is closed: drop all its address spaces
 * @file: file whose queues are gone already
 */
void acc_vm_release_all(struct acc_file *file)
{
	struct acc_vm *vm;
	unsigned long id;

	xa_for_each(&file->vms, id, vm) {
		xa_erase(&file->vms, id);
		drm_WARN_ON(&file->acc->drm, acc_vm_close(vm));
		acc_vm_drop(vm);
	}
	xa_destroy(&file->vms);
}

static int acc_vm_check_window(struct acc_device *acc, const struct drm_acc_vm_create *args)
{
	u64 limit = 1ull << ACC_VA_BITS;

	if (args->flags || !args->va_bytes ||
	    !IS_ALIGNED(args->va_base | args->va_bytes, ACC_PAGE_BYTES) ||
	    args->va_bytes > acc->info.va_window_bytes ||
	    args->va_base >= limit || args->va_bytes > limit - args->va_base)
		return -EINVAL;
	return 0;
}

/**
 * acc_ioctl_vm_create() - &DRM_IOCTL_ACC_VM_CREATE
 * @drm: device
 * @data: &struct drm_acc_vm_create
 * @drm_file: caller
 *
 * Return: 0, -EINVAL, -ENOSPC (device memory, numbers), -ENOMEM, -ENODEV.
 */
int acc_ioctl_vm_create(struct drm_device *drm, void *data, struct drm_file *drm_file)
{
	struct acc_file *file = drm_file->driver_priv;
	struct drm_acc_vm_create *args = data;
	struct acc_device *acc = to_acc(drm);
	struct acc_vm *vm;
	int idx, ret;
	u32 id;

	ret = acc_vm_check_window(acc, args);
	if (ret)
		return ret;
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	vm = READ_ONCE(acc->lost) ? ERR_PTR(-ENODEV) :
				    acc_vm_new(acc, args->va_base, args->va_bytes);
	drm_dev_exit(idx);
	if (IS_ERR(vm))
		return PTR_ERR(vm);

	/* Nobody can find it before it is complete. */
	ret = xa_alloc(&file->vms, &id, NULL, XA_LIMIT(1, ACC_VMS_PER_FILE), GFP_KERNEL);
	if (ret) {
		acc_vm_put(vm);
		return ret == -EBUSY ? -ENOSPC : ret;
	}
	vm->id = id;
	args->vm_id = id;
	xa_store(&file->vms, id, vm, GFP_KERNEL); /* the entry is reserved: cannot fail */
	return 0;
}

/**
 * acc_ioctl_vm_destroy() - &DRM_IOCTL_ACC_VM_DESTROY
 * @drm: device
 * @data: &struct drm_acc_vm_destroy
 * @drm_file: caller
 *
 * Return: 0, -EINVAL, -ENOENT, -EBUSY while it has queues.
 */
int acc_ioctl_vm_destroy(struct drm_device *drm, void *data, struct drm_file *drm_file)
{
	struct acc_file *file = drm_file->driver_priv;
	struct drm_acc_vm_destroy *args = data;
	struct acc_vm *vm;
	int ret;

	if (args->pad)
		return -EINVAL;
	vm = acc_vm_lookup(file, args->vm_id);
	if (!vm)
		return -ENOENT;
	ret = acc_vm_close(vm);
	/* Of two that destroy the same one, one finds it in the array. */
	if (!ret && xa_cmpxchg(&file->vms, args->vm_id, vm, NULL, 0) == vm)
		acc_vm_drop(vm);
	else if (!ret)
		ret = -ENOENT;
	acc_vm_put(vm);
	return ret;
}

/**
 * acc_ioctl_vm_get_state() - &DRM_IOCTL_ACC_VM_GET_STATE
 * @drm: device
 * @data: &struct drm_acc_vm_get_state
 * @drm_file: caller
 *
 * Return: 0, -ENOENT.
 */
int acc_ioctl_vm_get_state(struct drm_device *drm, void *data, struct drm_file *drm_file)
{
	struct drm_acc_vm_get_state *args = data;
	struct acc_device *acc = to_acc(drm);
	unsigned long flags;
	struct acc_vm *vm;

	vm = acc_vm_lookup(drm_file->driver_priv, args->vm_id);
	if (!vm)
		return -ENOENT;
	args->state = DRM_ACC_VM_STATE_USABLE;
	if (READ_ONCE(vm->unusable) || READ_ONCE(acc->lost) || drm_dev_is_unplugged(drm))
		args->state = DRM_ACC_VM_STATE_UNUSABLE;
	spin_lock_irqsave(&vm->faults.lock, flags);
	args->faults_pending = vm->faults.count;
	args->faults_lost = vm->faults.lost;
	spin_unlock_irqrestore(&vm->faults.lock, flags);
	acc_vm_put(vm);
	return 0;
}
