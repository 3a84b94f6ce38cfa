/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * The ioctl interface is a contract with programs that exist already: sizes, offsets and numbers
 * never change. Every figure here was written by hand from the rule "naturally aligned, no hidden
 * padding". Compiled for 64 and for 32 bits, which must agree: the kernel has no translation
 * between them.
 */
#include <stddef.h>

#include <uapi/drm/acc_drm.h>

#define SIZE(type, bytes) _Static_assert(sizeof(struct type) == (bytes), "size of " #type)
#define AT(type, field, offset)                                                                    \
    _Static_assert(offsetof(struct type, field) == (offset), #type "." #field)
/* Nothing lies between a field and what follows it. */
#define LAST(type, field)                                                                          \
    _Static_assert(offsetof(struct type, field) + sizeof(((struct type*)0)->field) ==              \
                       sizeof(struct type),                                                        \
                   "end of " #type)
/* Direction (both ways), size, 'd', number: the bits of an ioctl number on this architecture. */
#define NUMBER(request, type, nr)                                                                  \
    _Static_assert((request) == (0xc0000000u | (unsigned)sizeof(struct type) << 16 | 'd' << 8 |    \
                                 (0x40 + (nr))),                                                   \
                   #request)

SIZE(drm_acc_obj_array, 16);
AT(drm_acc_obj_array, stride, 0);
AT(drm_acc_obj_array, count, 4);
AT(drm_acc_obj_array, array, 8);

SIZE(drm_acc_dev_query, 16);
AT(drm_acc_dev_query, type, 0);
AT(drm_acc_dev_query, size, 4);
AT(drm_acc_dev_query, pointer, 8);

SIZE(drm_acc_dev_info, 80);
AT(drm_acc_dev_info, hw_version, 0);
AT(drm_acc_dev_info, compute_units, 4);
AT(drm_acc_dev_info, clock_khz, 8);
AT(drm_acc_dev_info, max_queues, 12);
AT(drm_acc_dev_info, max_vms, 16);
AT(drm_acc_dev_info, max_priority, 20);
AT(drm_acc_dev_info, vram_bytes, 24);
AT(drm_acc_dev_info, vram_visible_bytes, 32);
AT(drm_acc_dev_info, va_bits, 40);
AT(drm_acc_dev_info, page_bytes, 44);
AT(drm_acc_dev_info, va_window_bytes, 48);
AT(drm_acc_dev_info, uuid, 56);
AT(drm_acc_dev_info, hang_check_ms, 72);
AT(drm_acc_dev_info, pad, 76);
LAST(drm_acc_dev_info, pad);

SIZE(drm_acc_dev_memory, 16);
AT(drm_acc_dev_memory, vram_total, 0);
AT(drm_acc_dev_memory, vram_used, 8);

SIZE(drm_acc_dev_timestamp, 16);
AT(drm_acc_dev_timestamp, device_ns, 0);
AT(drm_acc_dev_timestamp, cpu_ns, 8);

SIZE(drm_acc_dev_errors, 40);
AT(drm_acc_dev_errors, ecc_corrected, 0);
AT(drm_acc_dev_errors, ecc_uncorrected, 8);
AT(drm_acc_dev_errors, faults, 16);
AT(drm_acc_dev_errors, queue_resets, 24);
AT(drm_acc_dev_errors, device_resets, 32);

SIZE(drm_acc_vm_create, 24);
AT(drm_acc_vm_create, va_base, 0);
AT(drm_acc_vm_create, va_bytes, 8);
AT(drm_acc_vm_create, flags, 16);
AT(drm_acc_vm_create, vm_id, 20);

SIZE(drm_acc_vm_destroy, 8);
AT(drm_acc_vm_destroy, vm_id, 0);
AT(drm_acc_vm_destroy, pad, 4);

SIZE(drm_acc_vm_get_state, 16);
AT(drm_acc_vm_get_state, vm_id, 0);
AT(drm_acc_vm_get_state, state, 4);
AT(drm_acc_vm_get_state, faults_pending, 8);
AT(drm_acc_vm_get_state, faults_lost, 12);

SIZE(drm_acc_sync, 16);
AT(drm_acc_sync, flags, 0);
AT(drm_acc_sync, handle, 4);
AT(drm_acc_sync, timeline_value, 8);

SIZE(drm_acc_vm_bind_op, 56);
AT(drm_acc_vm_bind_op, type, 0);
AT(drm_acc_vm_bind_op, flags, 4);
AT(drm_acc_vm_bind_op, bo_handle, 8);
AT(drm_acc_vm_bind_op, pad, 12);
AT(drm_acc_vm_bind_op, bo_offset, 16);
AT(drm_acc_vm_bind_op, va, 24);
AT(drm_acc_vm_bind_op, bytes, 32);
AT(drm_acc_vm_bind_op, syncs, 40);
LAST(drm_acc_vm_bind_op, syncs);

SIZE(drm_acc_vm_bind, 24);
AT(drm_acc_vm_bind, vm_id, 0);
AT(drm_acc_vm_bind, flags, 4);
AT(drm_acc_vm_bind, ops, 8);

SIZE(drm_acc_bo_create, 24);
AT(drm_acc_bo_create, bytes, 0);
AT(drm_acc_bo_create, flags, 8);
AT(drm_acc_bo_create, exclusive_vm_id, 12);
AT(drm_acc_bo_create, handle, 16);
AT(drm_acc_bo_create, pad, 20);

SIZE(drm_acc_bo_mmap_offset, 16);
AT(drm_acc_bo_mmap_offset, handle, 0);
AT(drm_acc_bo_mmap_offset, pad, 4);
AT(drm_acc_bo_mmap_offset, offset, 8);

SIZE(drm_acc_queue_create, 48);
AT(drm_acc_queue_create, vm_id, 0);
AT(drm_acc_queue_create, priority, 4);
AT(drm_acc_queue_create, ring_va, 8);
AT(drm_acc_queue_create, control_va, 16);
AT(drm_acc_queue_create, ring_packets, 24);
AT(drm_acc_queue_create, watchdog_ms, 28);
AT(drm_acc_queue_create, flags, 32);
AT(drm_acc_queue_create, queue_id, 36);
AT(drm_acc_queue_create, doorbell_offset, 40);
LAST(drm_acc_queue_create, doorbell_offset);

SIZE(drm_acc_queue_destroy, 8);
AT(drm_acc_queue_destroy, queue_id, 0);
AT(drm_acc_queue_destroy, pad, 4);

SIZE(drm_acc_queue_get_state, 24);
AT(drm_acc_queue_get_state, queue_id, 0);
AT(drm_acc_queue_get_state, state, 4);
AT(drm_acc_queue_get_state, read_index, 8);
AT(drm_acc_queue_get_state, runtime_ns, 16);

SIZE(drm_acc_queue_set_property, 16);
AT(drm_acc_queue_set_property, queue_id, 0);
AT(drm_acc_queue_set_property, property, 4);
AT(drm_acc_queue_set_property, value, 8);

SIZE(drm_acc_queue_sync, 48);
AT(drm_acc_queue_sync, queue_id, 0);
AT(drm_acc_queue_sync, flags, 4);
AT(drm_acc_queue_sync, syncs, 8);
AT(drm_acc_queue_sync, bo_handle, 24);
AT(drm_acc_queue_sync, pad, 28);
AT(drm_acc_queue_sync, bo_offset, 32);
AT(drm_acc_queue_sync, value, 40);

SIZE(drm_acc_user_fence, 24);
AT(drm_acc_user_fence, address, 0);
AT(drm_acc_user_fence, value, 8);
AT(drm_acc_user_fence, queue_id, 16);
AT(drm_acc_user_fence, pad, 20);

SIZE(drm_acc_wait_fence, 32);
AT(drm_acc_wait_fence, fences, 0);
AT(drm_acc_wait_fence, deadline_ns, 16);
AT(drm_acc_wait_fence, flags, 24);
AT(drm_acc_wait_fence, index, 28);

SIZE(drm_acc_fence_eventfd, 32);
AT(drm_acc_fence_eventfd, queue_id, 0);
AT(drm_acc_fence_eventfd, flags, 4);
AT(drm_acc_fence_eventfd, bo_handle, 8);
AT(drm_acc_fence_eventfd, fd, 12);
AT(drm_acc_fence_eventfd, bo_offset, 16);
AT(drm_acc_fence_eventfd, value, 24);

SIZE(drm_acc_fault, 96);
AT(drm_acc_fault, cause, 0);
AT(drm_acc_fault, access, 4);
AT(drm_acc_fault, queue_id, 8);
AT(drm_acc_fault, lane_mask, 12);
AT(drm_acc_fault, packet_index, 16);
AT(drm_acc_fault, pc, 24);
AT(drm_acc_fault, address, 32);
AT(drm_acc_fault, kernel, 40);
AT(drm_acc_fault, block, 48);
AT(drm_acc_fault, thread, 60);
AT(drm_acc_fault, info, 72);
AT(drm_acc_fault, access_bytes, 80);
AT(drm_acc_fault, compute_unit, 84);
AT(drm_acc_fault, warp, 88);
AT(drm_acc_fault, pad, 92);
LAST(drm_acc_fault, pad);

SIZE(drm_acc_fault_get, 24);
AT(drm_acc_fault_get, vm_id, 0);
AT(drm_acc_fault_get, flags, 4);
AT(drm_acc_fault_get, faults, 8);

NUMBER(DRM_IOCTL_ACC_DEV_QUERY, drm_acc_dev_query, 0);
NUMBER(DRM_IOCTL_ACC_VM_CREATE, drm_acc_vm_create, 1);
NUMBER(DRM_IOCTL_ACC_VM_DESTROY, drm_acc_vm_destroy, 2);
NUMBER(DRM_IOCTL_ACC_VM_GET_STATE, drm_acc_vm_get_state, 3);
NUMBER(DRM_IOCTL_ACC_VM_BIND, drm_acc_vm_bind, 4);
NUMBER(DRM_IOCTL_ACC_BO_CREATE, drm_acc_bo_create, 5);
NUMBER(DRM_IOCTL_ACC_BO_MMAP_OFFSET, drm_acc_bo_mmap_offset, 6);
NUMBER(DRM_IOCTL_ACC_QUEUE_CREATE, drm_acc_queue_create, 7);
NUMBER(DRM_IOCTL_ACC_QUEUE_DESTROY, drm_acc_queue_destroy, 8);
NUMBER(DRM_IOCTL_ACC_QUEUE_GET_STATE, drm_acc_queue_get_state, 9);
NUMBER(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, drm_acc_queue_set_property, 10);
NUMBER(DRM_IOCTL_ACC_QUEUE_SYNC, drm_acc_queue_sync, 11);
NUMBER(DRM_IOCTL_ACC_WAIT_FENCE, drm_acc_wait_fence, 12);
NUMBER(DRM_IOCTL_ACC_FAULT_GET, drm_acc_fault_get, 13);
NUMBER(DRM_IOCTL_ACC_FENCE_EVENTFD, drm_acc_fence_eventfd, 14);

_Static_assert(DRM_ACC_VM_BIND_OP_MAP == 0 && DRM_ACC_VM_BIND_OP_UNMAP == 1 &&
                   DRM_ACC_VM_BIND_OP_SYNC_ONLY == 2,
               "bind types");
_Static_assert(DRM_ACC_VM_BIND_OP_MAP_READONLY == 1 && DRM_ACC_VM_BIND_OP_MAP_EXEC == 2,
               "map flags");
_Static_assert(DRM_ACC_VM_BIND_ASYNC == 1, "bind flags");
_Static_assert(DRM_ACC_WAIT_FENCE_ANY == 1, "wait flags");
_Static_assert(DRM_ACC_BO_VRAM == 1 && DRM_ACC_BO_SYSTEM == 2, "placements");
_Static_assert(DRM_ACC_SYNC_TYPE_SYNCOBJ == 0 && DRM_ACC_SYNC_TYPE_TIMELINE_SYNCOBJ == 1,
               "kinds of sync objects");
_Static_assert((__u32)DRM_ACC_SYNC_SIGNAL == 0x80000000u && DRM_ACC_SYNC_TYPE_MASK == 0xff,
               "sync flags");
_Static_assert(DRM_ACC_QUEUE_STATE_ACTIVE == 1 && DRM_ACC_QUEUE_STATE_FAULT == 2 &&
                   DRM_ACC_QUEUE_STATE_HUNG == 4 && DRM_ACC_QUEUE_STATE_LOST == 8,
               "queue states");
_Static_assert(DRM_ACC_VM_STATE_USABLE == 0 && DRM_ACC_VM_STATE_UNUSABLE == 1,
               "states of address spaces");
