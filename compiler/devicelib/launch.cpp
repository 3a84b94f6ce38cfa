// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches from device code, and the synchronisation of CDP1: what clang and programs call for
// kernel<<<...>>>(...) in device code.
#include "launch.h"

namespace {

constexpr u32 kMostParameters = 32764;

using Packet = __attribute__((address_space(1))) acc_packet_dispatch;

LOCAL Packet* packet_of(Record* record) {
    return (Packet*)&record->packet;
}

LOCAL Record* record_of(void* parameters) {
    return (Record*)(u64(parameters) - sizeof(acc_launch_record));
}

/// The sizes of a launch, as the chip would refuse them.
cudaError_t check_sizes(Descriptor* kernel, const dim3& grid, const dim3& block, u32 shared) {
    if (!kernel || kernel->magic != ACC_KERNEL_DESCRIPTOR_MAGIC) return kInvalidDeviceFunction;
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > ACC_MAX_GRID_X ||
        grid.y > ACC_MAX_GRID_Y || grid.z > ACC_MAX_GRID_Z)
        return kInvalidConfiguration;
    const u64 threads = u64(block.x) * block.y * block.z;
    if (threads == 0 || block.x > ACC_MAX_BLOCK_X || block.y > ACC_MAX_BLOCK_Y ||
        block.z > ACC_MAX_BLOCK_Z || threads > ACC_MAX_THREADS_PER_BLOCK)
        return kInvalidConfiguration;
    if (kernel->max_threads != 0 && threads > kernel->max_threads) return kInvalidConfiguration;
    const u32 wanted[] = {block.x, block.y, block.z};
    for (u32 i = 0; i < 3; ++i)
        if (kernel->reqd_block[i] != 0 && kernel->reqd_block[i] != wanted[i])
            return kInvalidConfiguration;
    const u32 fixed = (kernel->shared_bytes + 15) & ~15u;
    if (shared > ACC_SHARED_PER_BLOCK_OPTIN || fixed + shared > ACC_SHARED_PER_BLOCK_OPTIN)
        return kInvalidValue;
    if (kernel->flags & ACC_KD_USES_GRID_BARRIER) return kNotSupported; // no cooperative launches
    return acc_blocks_per_cu(kernel->num_regs, u32(threads), fixed + shared) == 0
               ? kLaunchOutOfResources
               : kSuccess;
}

void fill(Area* area, Record* record, Descriptor* kernel, const dim3& grid, const dim3& block,
          u32 shared) {
    Packet* packet = packet_of(record);
    packet->header.type = ACC_PKT_DISPATCH;
    packet->header.flags = 0;
    packet->grid[0] = grid.x;
    packet->grid[1] = grid.y;
    packet->grid[2] = grid.z;
    packet->block[0] = u16(block.x);
    packet->block[1] = u16(block.y);
    packet->block[2] = u16(block.z);
    packet->cluster = 0;
    packet->dynamic_shared = shared;
    packet->stack_bytes = kernel->flags & ACC_KD_DYNAMIC_STACK ? area->stack_bytes : 0;
    packet->kernel = u64(kernel);
    packet->kernarg = u64(record) + sizeof(acc_launch_record);
    packet->signal = 0;
    packet->value = 0;
}

/// A record with room for parameters; null: the reason is in `error`.
LOCAL Record* record_for(u64 bytes, cudaError_t& error) {
    Area* area = launch_area();
    if (!area || area->pools[kLaunches].most == 0) {
        error = kNotSupported;
        return nullptr;
    }
    error = kInvalidValue;
    if (bytes > kMostParameters) return nullptr;
    const u32 room = area->pools[kLaunches].bytes - u32(sizeof(acc_launch_record));
    Record* record = take_record(area, bytes <= room ? kLaunches : kLargeLaunches);
    error = record ? kSuccess : kLaunchPendingCountExceeded;
    return record;
}

/// Hands the record over, whose packet is complete.
LOCAL cudaError_t start(Area* area, Record* record, cudaStream_t stream) {
    u64 number = 0;
    if (!stream_number(stream, number))
        return u64(stream) >> 56 ? kNotSupported : kInvalidResourceHandle;
    const u32 depth = own_depth(area) + (number == ACC_LAUNCH_STREAM_TAIL ? 0 : 1);
    if (depth > ACC_LAUNCH_MAX_DEPTH) return kLaunchMaxDepthExceeded;
    record->depth = depth;
    record->stream = number;
    record->event = 0;
    record->kind = ACC_LAUNCH_WORK;
    submit(area, record);
    return kSuccess;
}

/// What becomes of a record that was not handed over.
LOCAL cudaError_t end(Area* area, Record* record, cudaError_t error) {
    if (error == kSuccess) return error;
    return_record(area, record);
    return failed(error);
}

} // namespace

/// Its parameters lie behind the record that launched it, if one did.
u32 own_depth(Area* area) {
    const u64 parameters = __acc_sr_kernarg();
    for (u32 i = kLaunches; i <= kLargeLaunches; ++i) {
        Pool* pool = &area->pools[i];
        const u64 offset = parameters - pool->begin;
        if (parameters >= pool->begin && offset < u64(pool->most) * pool->bytes)
            return ((Record*)(parameters - sizeof(acc_launch_record)))->depth;
    }
    return 0;
}

bool stream_number(cudaStream_t stream, u64& number) {
    const u64 handle = u64(stream);
    constexpr u64 kLegacy = 1, kPerThread = 2;
    if (handle == 0 || handle == kLegacy)
        number = ACC_LAUNCH_STREAM_BLOCK;
    else if (handle == kPerThread)
        number = (block_number() * ACC_MAX_THREADS_PER_BLOCK + thread_number()) << 8 | kPerThread;
    else
        number = handle;
    return handle <= ACC_LAUNCH_STREAM_FREE || (handle >> 56 == 0 && (handle & 255) == kStreamTag);
}

extern "C" __attribute__((noinline)) void* cudaGetParameterBuffer(unsigned long,
                                                                  unsigned long bytes) {
    cudaError_t error;
    Record* record = record_for(bytes, error);
    if (record) return (void*)(record + 1);
    failed(error);
    return nullptr;
}

extern "C" __attribute__((noinline)) cudaError_t cudaLaunchDevice(void* func, void* parameters,
                                                                  dim3 grid, dim3 block, u32 shared,
                                                                  cudaStream_t stream) {
    Area* area = launch_area();
    if (!area || !parameters) return kInvalidValue; // there was no buffer: that is the error
    Record* record = record_of(parameters);
    Descriptor* kernel = (Descriptor*)u64(func);
    cudaError_t error = check_sizes(kernel, grid, block, shared);
    if (error == kSuccess) {
        fill(area, record, kernel, grid, block, shared);
        error = start(area, record, stream);
    }
    return end(area, record, error);
}

extern "C" __attribute__((noinline)) void* cudaGetParameterBufferV2(void* func, dim3 grid,
                                                                    dim3 block, u32 shared) {
    Descriptor* kernel = (Descriptor*)u64(func);
    cudaError_t error = check_sizes(kernel, grid, block, shared);
    Record* record = error == kSuccess ? record_for(kernel->kernarg_bytes, error) : nullptr;
    if (!record) {
        failed(error);
        return nullptr;
    }
    fill(launch_area(), record, kernel, grid, block, shared);
    return (void*)(record + 1);
}

extern "C" __attribute__((noinline)) cudaError_t cudaLaunchDeviceV2(void* parameters,
                                                                    cudaStream_t stream) {
    Area* area = launch_area();
    if (!area || !parameters) return kInvalidValue; // there was no buffer: that is the error
    Record* record = record_of(parameters);
    return end(area, record, start(area, record, stream));
}

LOCAL cudaStream_t per_thread(cudaStream_t stream) {
    return stream ? stream : (cudaStream_t)2;
}
extern "C" cudaError_t cudaLaunchDevice_ptsz(void* func, void* parameters, dim3 grid, dim3 block,
                                             u32 shared, cudaStream_t stream) {
    return cudaLaunchDevice(func, parameters, grid, block, shared, per_thread(stream));
}
extern "C" cudaError_t cudaLaunchDeviceV2_ptsz(void* parameters, cudaStream_t stream) {
    return cudaLaunchDeviceV2(parameters, per_thread(stream));
}

// The names that nvcc 12's PTX calls.
extern "C" void* __cudaCDP2GetParameterBuffer(unsigned long alignment, unsigned long bytes) {
    return cudaGetParameterBuffer(alignment, bytes);
}
extern "C" void* __cudaCDP2GetParameterBufferV2(void* func, dim3 grid, dim3 block, u32 shared) {
    return cudaGetParameterBufferV2(func, grid, block, shared);
}
extern "C" cudaError_t __cudaCDP2LaunchDevice(void* func, void* parameters, dim3 grid, dim3 block,
                                              u32 shared, cudaStream_t stream) {
    return cudaLaunchDevice(func, parameters, grid, block, shared, stream);
}
extern "C" cudaError_t __cudaCDP2LaunchDeviceV2(void* parameters, cudaStream_t stream) {
    return cudaLaunchDeviceV2(parameters, stream);
}
