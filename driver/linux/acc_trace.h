/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Tracepoints: /sys/kernel/tracing/events/acc. Queues are named by hardware number (hw) and by
 * the number that the process knows (id).
 */
#if !defined(__ACC_TRACE_H__) || defined(TRACE_HEADER_MULTI_READ)
#define __ACC_TRACE_H__

#include <linux/tracepoint.h>
#include <linux/types.h>

#include "acc_queue.h"
#include "acc_vm.h"

#undef TRACE_SYSTEM
#define TRACE_SYSTEM acc
#define TRACE_INCLUDE_FILE acc_trace

#define acc_trace_device(acc) dev_name((acc)->drm.dev)

TRACE_EVENT(acc_queue_create,
	    TP_PROTO(const struct acc_queue *queue),
	    TP_ARGS(queue),
	    TP_STRUCT__entry(__string(device, acc_trace_device(queue->acc))
			     __field(u32, id)
			     __field(int, hw)
			     __field(u32, vm)
			     __field(int, vmid)
			     __field(u32, priority)
			     __field(u32, packets)
			     ),
	    TP_fast_assign(__assign_str(device);
			   __entry->id = queue->id;
			   __entry->hw = queue->hw;
			   __entry->vm = queue->vm->id;
			   __entry->vmid = queue->vm->vmid;
			   __entry->priority = queue->priority;
			   __entry->packets = queue->ring_packets;
			   ),
	    TP_printk("%s queue=%u hw=%d vm=%u vmid=%d priority=%u packets=%u",
		      __get_str(device), __entry->id, __entry->hw, __entry->vm, __entry->vmid,
		      __entry->priority, __entry->packets)
);

DECLARE_EVENT_CLASS(acc_queue,
		    TP_PROTO(const struct acc_queue *queue, u32 state),
		    TP_ARGS(queue, state),
		    TP_STRUCT__entry(__string(device, acc_trace_device(queue->acc))
				     __field(u32, id)
				     __field(int, hw)
				     __field(u32, state)
				     __field(u64, read_index)
				     ),
		    TP_fast_assign(__assign_str(device);
				   __entry->id = queue->id;
				   __entry->hw = queue->hw;
				   __entry->state = state;
				   __entry->read_index = queue->read_index;
				   ),
		    TP_printk("%s queue=%u hw=%d state=0x%x read_index=%llu",
			      __get_str(device), __entry->id, __entry->hw, __entry->state,
			      __entry->read_index)
);

/* The process or its end destroys the queue; read_index is what the device had completed. */
DEFINE_EVENT(acc_queue, acc_queue_destroy,
	     TP_PROTO(const struct acc_queue *queue, u32 state),
	     TP_ARGS(queue, state)
);

/* A state bit stops the queue: fault, hang, device reset. */
DEFINE_EVENT(acc_queue, acc_queue_halt,
	     TP_PROTO(const struct acc_queue *queue, u32 state),
	     TP_ARGS(queue, state)
);

/* The hang check resets the queue; `state` is QUEUE_STATUS. */
DEFINE_EVENT(acc_queue, acc_queue_reset,
	     TP_PROTO(const struct acc_queue *queue, u32 state),
	     TP_ARGS(queue, state)
);

TRACE_EVENT(acc_device_reset,
	    TP_PROTO(const struct acc_device *acc, int generation, int result),
	    TP_ARGS(acc, generation, result),
	    TP_STRUCT__entry(__string(device, acc_trace_device(acc))
			     __field(int, generation)
			     __field(int, result)
			     ),
	    TP_fast_assign(__assign_str(device);
			   __entry->generation = generation;
			   __entry->result = result;
			   ),
	    TP_printk("%s generation=%d result=%d", __get_str(device), __entry->generation,
		      __entry->result)
);

DECLARE_EVENT_CLASS(acc_wait,
		    TP_PROTO(const struct acc_queue *queue, u64 address, u64 value, u32 fences,
			     int result),
		    TP_ARGS(queue, address, value, fences, result),
		    TP_STRUCT__entry(__string(device, acc_trace_device(queue->acc))
				     __field(u32, id)
				     __field(u64, address)
				     __field(u64, value)
				     __field(u32, fences)
				     __field(int, result)
				     ),
		    TP_fast_assign(__assign_str(device);
				   __entry->id = queue->id;
				   __entry->address = address;
				   __entry->value = value;
				   __entry->fences = fences;
				   __entry->result = result;
				   ),
		    TP_printk("%s queue=%u address=0x%llx value=%llu fences=%u result=%d",
			      __get_str(device), __entry->id, __entry->address, __entry->value,
			      __entry->fences, __entry->result)
);

/*
 * WAIT_FENCE goes to sleep; the first of its fences. A wait whose value is there already has
 * neither event.
 */
DEFINE_EVENT(acc_wait, acc_wait_begin,
	     TP_PROTO(const struct acc_queue *queue, u64 address, u64 value, u32 fences,
		      int result),
	     TP_ARGS(queue, address, value, fences, result)
);

DEFINE_EVENT(acc_wait, acc_wait_end,
	     TP_PROTO(const struct acc_queue *queue, u64 address, u64 value, u32 fences,
		      int result),
	     TP_ARGS(queue, address, value, fences, result)
);

TRACE_EVENT(acc_fault,
	    TP_PROTO(const struct acc_device *acc, const struct acc_fault_record *record),
	    TP_ARGS(acc, record),
	    TP_STRUCT__entry(__string(device, acc_trace_device(acc))
			     __field(u32, hw)
			     __field(u32, vmid)
			     __field(u32, cause)
			     __field(u32, access)
			     __field(u64, address)
			     __field(u64, pc)
			     ),
	    TP_fast_assign(__assign_str(device);
			   __entry->hw = record->queue;
			   __entry->vmid = record->vmid;
			   __entry->cause = record->cause;
			   __entry->access = record->access;
			   __entry->address = record->address;
			   __entry->pc = record->pc;
			   ),
	    TP_printk("%s hw=%u vmid=%u cause=%u access=%u address=0x%llx pc=0x%llx",
		      __get_str(device), __entry->hw, __entry->vmid, __entry->cause,
		      __entry->access, __entry->address, __entry->pc)
);

/* One operation of a bind takes effect. */
TRACE_EVENT(acc_vm_bind,
	    TP_PROTO(const struct acc_vm *vm, u32 type, u64 va, u64 bytes, bool async),
	    TP_ARGS(vm, type, va, bytes, async),
	    TP_STRUCT__entry(__string(device, acc_trace_device(vm->acc))
			     __field(u32, vm)
			     __field(u32, type)
			     __field(u64, va)
			     __field(u64, bytes)
			     __field(bool, async)
			     ),
	    TP_fast_assign(__assign_str(device);
			   __entry->vm = vm->id;
			   __entry->type = type;
			   __entry->va = va;
			   __entry->bytes = bytes;
			   __entry->async = async;
			   ),
	    TP_printk("%s vm=%u type=%u va=0x%llx bytes=0x%llx%s", __get_str(device),
		      __entry->vm, __entry->type, __entry->va, __entry->bytes,
		      __entry->async ? " async" : "")
);

/* `bits`: IRQ_STATUS for the event vector, else the group's IRQ_COMPLETION. */
TRACE_EVENT(acc_irq,
	    TP_PROTO(const struct acc_device *acc, unsigned int vector, u64 bits),
	    TP_ARGS(acc, vector, bits),
	    TP_STRUCT__entry(__string(device, acc_trace_device(acc))
			     __field(unsigned int, vector)
			     __field(u64, bits)
			     ),
	    TP_fast_assign(__assign_str(device);
			   __entry->vector = vector;
			   __entry->bits = bits;
			   ),
	    TP_printk("%s vector=%u bits=0x%llx", __get_str(device), __entry->vector,
		      __entry->bits)
);

#endif

/* This part must be outside protection */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#include <trace/define_trace.h>
