// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launch records: taken from their pools, handed over, given back; and the errors of threads.
#include "launch.h"

#define DEVICE __MEMORY_SCOPE_DEVICE

namespace {

constexpr u64 kAddress = 0xffffffffffffull, kOneChange = kAddress + 1;

LOCAL Record* pop(Pool* pool) {
    u64 old = __scoped_atomic_load_n(&pool->free, __ATOMIC_ACQUIRE, DEVICE);
    while (u64 first = old & kAddress) {
        // Another thread may have taken it by now; the exchange fails then.
        u64 next = __scoped_atomic_load_n(&((Record*)first)->next, __ATOMIC_RELAXED, DEVICE);
        u64 replacement = (next & kAddress) | ((old & ~kAddress) + kOneChange);
        if (__scoped_atomic_compare_exchange_n(&pool->free, &old, replacement, false,
                                               __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE, DEVICE))
            return (Record*)first;
    }
    return nullptr;
}

/// One that was never used.
LOCAL Record* extend(Pool* pool) {
    u64 old = __scoped_atomic_load_n(&pool->used, __ATOMIC_RELAXED, DEVICE);
    do {
        if (old >= pool->most) return nullptr;
    } while (!__scoped_atomic_compare_exchange_n(&pool->used, &old, old + 1, false,
                                                 __ATOMIC_RELAXED, __ATOMIC_RELAXED, DEVICE));
    return (Record*)(pool->begin + old * pool->bytes);
}

/// What the threads of all grids are told apart by: never 0, and not the same for two threads that
/// matter (64 well-mixed bits).
LOCAL u64 thread_key() {
    u64 key = __acc_sr_gridid() * 0x9e3779b97f4a7c15ull ^ (block_number() << 10 | thread_number());
    key = (key ^ key >> 31) * 0xbf58476d1ce4e5b9ull;
    return (key ^ key >> 29) | 1;
}

/// Threads with an error; few at any time. The rest of the area.
struct Kept {
    u64 key, error;
};
/// `lost`: an error for which there was no place, and above it the grid's number; kAllGrids: of
/// several.
constexpr u32 kGridShift = 16;
constexpr u64 kAllGrids = ~0ull >> kGridShift;
constexpr u32 kMostKept = sizeof(acc_launch_area::kept) / (sizeof(Kept));
using GlobalKept = __attribute__((address_space(1))) Kept;

LOCAL GlobalKept* kept_errors(Area* area) {
    return (GlobalKept*)&area->kept;
}

/// The place of the thread, or null. Only the thread itself takes one and gives it back.
LOCAL GlobalKept* own_place(Area* area, u64 key) {
    GlobalKept* kept = kept_errors(area);
    for (u32 i = 0; i < kMostKept; ++i)
        if (__scoped_atomic_load_n(&kept[i].key, __ATOMIC_RELAXED, DEVICE) == key) return &kept[i];
    return nullptr;
}

LOCAL GlobalKept* take_place(Area* area, u64 key) {
    GlobalKept* kept = kept_errors(area);
    for (u32 i = 0; i < kMostKept; ++i) {
        GlobalKept* place = &kept[(key + i) % kMostKept];
        u64 old = __scoped_atomic_load_n(&place->key, __ATOMIC_RELAXED, DEVICE);
        if (old == 0 &&
            __scoped_atomic_compare_exchange_n(&place->key, &old, key, false, __ATOMIC_ACQUIRE,
                                               __ATOMIC_RELAXED, DEVICE))
            return place;
    }
    return nullptr;
}

/// There was no place for an error: threads of the grid that have none of their own get this one.
LOCAL void lose(Area* area, cudaError_t error) {
    const u64 grid = __acc_sr_gridid() & kAllGrids;
    u64 old = __scoped_atomic_load_n(&area->lost, __ATOMIC_RELAXED, DEVICE);
    u64 replacement;
    do {
        const bool others = old != 0 && old >> kGridShift != grid;
        replacement = (others ? kAllGrids : grid) << kGridShift | u64(error);
    } while (!__scoped_atomic_compare_exchange_n(&area->lost, &old, replacement, false,
                                                 __ATOMIC_RELAXED, __ATOMIC_RELAXED, DEVICE));
}

} // namespace

u64 block_number() {
    const u64 y = u64(u32(__nvvm_read_ptx_sreg_ctaid_z())) * u32(__nvvm_read_ptx_sreg_nctaid_y()) +
                  u32(__nvvm_read_ptx_sreg_ctaid_y());
    return y * u32(__nvvm_read_ptx_sreg_nctaid_x()) + u32(__nvvm_read_ptx_sreg_ctaid_x());
}

u32 thread_number() {
    return (u32(__nvvm_read_ptx_sreg_tid_z()) * u32(__nvvm_read_ptx_sreg_ntid_y()) +
            u32(__nvvm_read_ptx_sreg_tid_y())) *
               u32(__nvvm_read_ptx_sreg_ntid_x()) +
           u32(__nvvm_read_ptx_sreg_tid_x());
}

Record* take_record(Area* area, u32 number) {
    Pool* pool = &area->pools[number];
    Record* record = pop(pool);
    if (!record) record = extend(pool);
    if (record) record->pool = number;
    return record;
}

void return_record(Area* area, Record* record) {
    Pool* pool = &area->pools[record->pool];
    u64 old = __scoped_atomic_load_n(&pool->free, __ATOMIC_RELAXED, DEVICE);
    u64 replacement;
    do {
        __scoped_atomic_store_n(&record->next, old & kAddress, __ATOMIC_RELAXED, DEVICE);
        replacement = u64(record) | ((old & ~kAddress) + kOneChange);
    } while (!__scoped_atomic_compare_exchange_n(&pool->free, &old, replacement, false,
                                                 __ATOMIC_RELEASE, __ATOMIC_RELAXED, DEVICE));
}

/// Kernels that reach this function carry ACC_KD_LAUNCHES.
extern "C" __attribute__((noinline)) void __acc_submit(Area* area, Record* record) {
    const u64 grid = __acc_sr_gridid();
    record->grid = grid;
    record->block = block_number();
    auto* newest = &area->submitted[grid % ACC_LAUNCH_QUEUES];
    u64 old = __scoped_atomic_load_n(newest, __ATOMIC_RELAXED, DEVICE);
    do
        record->next = old;
    while (!__scoped_atomic_compare_exchange_n(newest, &old, u64(record), false, __ATOMIC_RELEASE,
                                               __ATOMIC_RELAXED, __MEMORY_SCOPE_SYSTEM));
}

void submit(Area* area, Record* record) {
    __acc_submit(area, record);
}

extern "C" __attribute__((noinline)) cudaError_t __acc_failed(cudaError_t error) {
    Area* area = launch_area();
    if (!area) return error;
    const u64 key = thread_key();
    GlobalKept* place = own_place(area, key);
    if (!place) place = take_place(area, key);
    if (place)
        place->error = u64(error);
    else
        lose(area, error);
    __scoped_atomic_fetch_add(&area->errors, 1u, __ATOMIC_RELAXED, DEVICE);
    return error;
}

cudaError_t failed(cudaError_t error) {
    return __acc_failed(error);
}

namespace {

cudaError_t last_error(bool clear) {
    Area* area = launch_area();
    if (!area || area->errors == 0) return kSuccess;
    const u64 key = thread_key();
    if (GlobalKept* place = own_place(area, key)) {
        const cudaError_t error = cudaError_t(place->error);
        if (clear) __scoped_atomic_store_n(&place->key, 0ull, __ATOMIC_RELEASE, DEVICE);
        return error;
    }
    const u64 lost = __scoped_atomic_load_n(&area->lost, __ATOMIC_RELAXED, DEVICE);
    const u64 grid = lost >> kGridShift;
    const bool ours = grid == kAllGrids || grid == (__acc_sr_gridid() & kAllGrids);
    return ours ? cudaError_t(lost & ((1u << kGridShift) - 1)) : kSuccess;
}

} // namespace

extern "C" cudaError_t cudaGetLastError() {
    return last_error(true);
}
extern "C" cudaError_t cudaPeekAtLastError() {
    return last_error(false);
}
