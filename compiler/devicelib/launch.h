// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The launch area (acc/spec/acc_queue.h) as device code sees it: docs/dynamic-parallelism.md.
#pragma once

#include <stdint.h>

#include "acc/spec/acc_code_object.h"
#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_occupancy.h"
#include "acc/spec/acc_queue.h"
#include "runtime.h"

extern "C" {
__attribute__((const)) u64 __acc_sr_gridid();
__attribute__((const)) u64 __acc_sr_kernarg();
}

/// CUDA's types, as its headers lay them out.
struct dim3 {
    u32 x, y, z;
};
typedef struct CUstream_st* cudaStream_t;
typedef struct CUevent_st* cudaEvent_t;
typedef int cudaError_t;

/// CUDA's error codes.
constexpr cudaError_t kSuccess = 0, kInvalidValue = 1, kMemoryAllocation = 2,
                      kInvalidConfiguration = 9, kInvalidDevicePointer = 17,
                      kLaunchMaxDepthExceeded = 65, kLaunchPendingCountExceeded = 69,
                      kInvalidDeviceFunction = 98, kInvalidDevice = 101, kNotSupported = 801,
                      kInvalidResourceHandle = 400, kLaunchOutOfResources = 701, kInvalidPitch = 12;

using Area = __attribute__((address_space(1))) acc_launch_area;
using Record = __attribute__((address_space(1))) acc_launch_record;
using Pool = __attribute__((address_space(1))) acc_launch_pool;
using Descriptor = const __attribute__((address_space(1))) acc_kernel_descriptor;

/// Pools of the area.
enum PoolNumber : u32 { kLaunches, kLargeLaunches, kOthers, kJoins };

/// The area; null when the host's runtime has made none: then there is no heap either.
LOCAL Area* launch_area() {
    const u64 heap = __acc_sr_heap();
    if (heap == 0) return nullptr;
    return (Area*)*(__attribute__((address_space(1))) u64*)(heap + ACC_LAUNCH_AREA_IN_HEAP);
}

/// How many launches from device code have led to the thread's grid.
u32 own_depth(Area* area);
/// Linear number of the block in the grid, of the thread in the block.
u64 block_number();
u32 thread_number();

/// A record of a pool, or null: none is left.
Record* take_record(Area* area, u32 pool);
void return_record(Area* area, Record* record);
/// Hands a record over; all but grid, block and next is filled in.
void submit(Area* area, Record* record);

/// The thread's last error: returns it.
cudaError_t failed(cudaError_t error);
/// The number by which the chip knows a stream; false: it is none.
bool stream_number(cudaStream_t stream, u64& number);

constexpr u64 kStreamTag = 5, kEventTag = 6; ///< low byte of a handle
