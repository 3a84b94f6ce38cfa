// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The synchronisation of CDP1: threads wait for what their block has launched.
#include "launch.h"

namespace {

constexpr u32 kSleep = 500; // ns

/// A record of the pool of JOINs. There are fewer of them than threads may wait, so each depth
/// leaves some to the deeper ones: who waits does so for deeper grids only, the deepest of all wait
/// for grids that wait for nothing, and so some record always comes back.
Record* take_join(Area* area) {
    const u64 most = u64(area->pools[kJoins].most) * (own_depth(area) + 1) /
                     (ACC_LAUNCH_MAX_DEPTH + 1);
    for (;;) {
        u64 taken = __scoped_atomic_load_n(&area->joins, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
        while (taken < most)
            if (__scoped_atomic_compare_exchange_n(&area->joins, &taken, taken + 1, false,
                                                   __ATOMIC_RELAXED, __ATOMIC_RELAXED,
                                                   __MEMORY_SCOPE_DEVICE)) {
                Record* record = take_record(area, kJoins);
                // Who gives one back counts it afterwards: there is one, at the next look at least.
                while (!record)
                    record = take_record(area, kJoins);
                return record;
            }
        __nvvm_nanosleep(kSleep);
    }
}

/// Waits for all that threads of the block have launched. The block sleeps meanwhile, so that its
/// compute unit does something else.
__attribute__((noinline)) void wait_for_block(Area* area) {
    Record* record = take_join(area);
    record->kind = ACC_LAUNCH_JOIN;
    record->done = 0;
    submit(area, record);
    while (__scoped_atomic_load_n(&record->done, __ATOMIC_ACQUIRE, __MEMORY_SCOPE_SYSTEM) == 0)
        __nvvm_nanosleep(kSleep);
    return_record(area, record);
    __scoped_atomic_fetch_sub(&area->joins, 1ull, __ATOMIC_RELEASE, __MEMORY_SCOPE_DEVICE);
}

} // namespace

/// One of the threads of a warp that come together waits for all of them. (Each for itself, those
/// with a record would wait for those without one before they hand theirs over.)
extern "C" __attribute__((noinline)) cudaError_t __acc_join() {
    Area* area = launch_area();
    if (!area || area->pools[kJoins].most == 0) return failed(kNotSupported);
    const u32 together = __nvvm_activemask();
    if (u32(__nvvm_read_ptx_sreg_laneid()) == u32(__builtin_ctz(together))) wait_for_block(area);
    __nvvm_bar_warp_sync(together); // what the children have written, all of them see
    return kSuccess;
}

extern "C" cudaError_t cudaDeviceSynchronize() {
    return __acc_join();
}
extern "C" cudaError_t __cudaDeviceSynchronizeDeprecationAvoidance() {
    return __acc_join();
}
