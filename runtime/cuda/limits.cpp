// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Limits of a context that programs set, in bytes or counts.
#include <algorithm>

#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_queue.h"
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

/// Launches from device code that are not complete: each takes some 4 KiB.
constexpr size_t kMostPending = 1 << 18;

void check_range(cudaLimit limit, size_t value, size_t most) {
    if (value > most)
        fail(Status::InvalidValue, "limit {}: {} is more than {}", static_cast<int>(limit), value,
             most);
}

} // namespace

cudaError_t set_limit(ApiContext& context, cudaLimit limit, size_t value) {
    rt::Limits& limits = context.core.limits();
    switch (limit) {
    case cudaLimitStackSize:
        check_range(limit, value, ACC_MAX_LOCAL_PER_THREAD);
        limits.stack_bytes = (value + 15) & ~size_t{15};
        context.core.launch_limits_changed();
        return cudaSuccess;
    case cudaLimitPrintfFifoSize:
        check_range(limit, value, context.core.backend().info().vram_bytes / 2);
        limits.printf_bytes = value;
        return cudaSuccess;
    case cudaLimitMallocHeapSize:
        check_range(limit, value, context.core.backend().info().vram_bytes);
        limits.heap_bytes = value;
        return cudaSuccess;
    case cudaLimitDevRuntimePendingLaunchCount:
        check_range(limit, value, kMostPending);
        limits.pending_launches = std::max<size_t>(value, 1);
        context.core.launch_limits_changed();
        return cudaSuccess;
    case cudaLimitDevRuntimeSyncDepth:
        check_range(limit, value, ACC_LAUNCH_MAX_DEPTH);
        limits.sync_depth = value;
        return cudaSuccess;
    case cudaLimitMaxL2FetchGranularity:
        check_range(limit, value, 128);
        context.l2_fetch_granularity = value;
        return cudaSuccess;
    case cudaLimitPersistingL2CacheSize: return cudaErrorUnsupportedLimit;
    default: fail(Status::InvalidValue, "limit {} does not exist", static_cast<int>(limit));
    }
}

cudaError_t get_limit(ApiContext& context, size_t* value, cudaLimit limit) {
    const rt::Limits& limits = context.core.limits();
    switch (limit) {
    case cudaLimitStackSize: *value = limits.stack_bytes; return cudaSuccess;
    case cudaLimitPrintfFifoSize: *value = limits.printf_bytes; return cudaSuccess;
    case cudaLimitMallocHeapSize: *value = limits.heap_bytes; return cudaSuccess;
    case cudaLimitDevRuntimePendingLaunchCount:
        *value = limits.pending_launches;
        return cudaSuccess;
    case cudaLimitDevRuntimeSyncDepth: *value = limits.sync_depth; return cudaSuccess;
    case cudaLimitMaxL2FetchGranularity: *value = context.l2_fetch_granularity; return cudaSuccess;
    case cudaLimitPersistingL2CacheSize: return cudaErrorUnsupportedLimit;
    default: fail(Status::InvalidValue, "limit {} does not exist", static_cast<int>(limit));
    }
}

} // namespace acc::cuda

using namespace acc::cuda;

ACC_API cudaError_t cudaDeviceSetLimit(cudaLimit limit, size_t value) {
    return guard(__func__, [&] { return set_limit(current(), limit, value); });
}

ACC_API cudaError_t cudaDeviceGetLimit(size_t* value, cudaLimit limit) {
    return guard(__func__, [&] {
        require(value, "pValue");
        return get_limit(current(), value, limit);
    });
}

ACC_API cudaError_t cudaThreadSetLimit(cudaLimit limit, size_t value) {
    return guard(__func__, [&] { return set_limit(current(), limit, value); });
}

ACC_API cudaError_t cudaThreadGetLimit(size_t* value, cudaLimit limit) {
    return guard(__func__, [&] {
        require(value, "pValue");
        return get_limit(current(), value, limit);
    });
}
