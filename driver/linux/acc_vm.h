/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * GPU address spaces. Owned by the file that made them; queues and asynchronous binds hold
 * references.
 */
#ifndef __ACC_VM_H__
#define __ACC_VM_H__

#include <linux/kref.h>
#include <drm/drm_gpuvm.h>

#include "acc_device.h"
#include "acc_fault.h"

/*
 * The memory side owns the inside of struct acc_vm (page table, gpuvm, bind queue); this is what
 * the rest may use.
 */
struct acc_vm {
	struct drm_gpuvm gpuvm; /* reference count: drm_gpuvm_get(), drm_gpuvm_put() */
	struct acc_device *acc;
	u32 id;
	/** @vmid: hardware number, -1 when it has none; guarded by acc->vmid_lock */
	int vmid;
	/** @hw_users: queues that need @vmid; guarded by acc->vmid_lock */
	unsigned int hw_users;
	/** @faults: reports nobody has taken */
	struct acc_fault_list faults;
	/** @unusable: a bind failed half way, a reset did not bring it back, or no device */
	bool unusable;
	/** @private: page tables and binds, acc_vm.c */
	struct acc_vm_private *private;
};

/*
 * Reference to the file's address space `id`; NULL when there is none. acc_vm_put() gives it back.
 */
struct acc_vm *acc_vm_lookup(struct acc_file *file, u32 id);
struct acc_vm *acc_vm_get(struct acc_vm *vm);
void acc_vm_put(struct acc_vm *vm);

/*
 * Gives the address space a hardware number and enables it, or counts one more user. -EBUSY when no
 * number is free.
 */
int acc_vm_hw_get(struct acc_vm *vm);
/* One user less; the last one disables it. The user's queue must be disabled. */
void acc_vm_hw_put(struct acc_vm *vm);
/*
 * After a device reset (reset.lock held for writing, all queues disabled): enables again what had
 * numbers.
 */
int acc_vm_hw_restore(struct acc_device *acc);
/* Reference to the address space with hardware number `vmid`, NULL when free. */
struct acc_vm *acc_vm_from_vmid(struct acc_device *acc, u32 vmid);

/* The whole range is mapped at the moment (with `write`: writable). */
bool acc_vm_is_mapped(struct acc_vm *vm, u64 va, u64 bytes, bool write);

/* The file is closed: drops all its address spaces (its queues are gone already). */
void acc_vm_release_all(struct acc_file *file);

int acc_ioctl_vm_create(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_vm_destroy(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_vm_get_state(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_vm_bind(struct drm_device *drm, void *data, struct drm_file *file);

#endif
