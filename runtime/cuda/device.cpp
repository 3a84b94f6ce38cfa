// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <cstring>
#include <limits>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/capture.h"
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
using acc::rt::fail;
using acc::rt::Status;

namespace {

constexpr unsigned kScheduleFlags = cudaDeviceScheduleMask;
constexpr unsigned kDeviceFlags = cudaDeviceScheduleMask | cudaDeviceMapHost |
                                  cudaDeviceLmemResizeToMax | cudaDeviceSyncMemops;

void check_device_flags(unsigned flags) {
    check_flags(flags, kDeviceFlags, "device flags");
    const unsigned schedule = flags & kScheduleFlags;
    if ((schedule & (schedule - 1)) != 0)
        fail(Status::InvalidValue, "device flags {:#x}: more than one scheduling policy", flags);
}

void synchronize_device() {
    ApiContext& context = current();
    acc::rt::Capture::check_wait(context.core);
    context.core.synchronize();
}

/// How well a device fits what cudaChooseDevice asks for: the number of fields that are asked for
/// and satisfied.
int matches(const cudaDeviceProp& have, const cudaDeviceProp& want) {
    int score = 0;
    score += want.major != 0 && have.major >= want.major;
    score += want.minor != 0 && (have.major > want.major || have.minor >= want.minor);
    score += want.totalGlobalMem != 0 && have.totalGlobalMem >= want.totalGlobalMem;
    score += want.multiProcessorCount != 0 && have.multiProcessorCount >= want.multiProcessorCount;
    score += want.sharedMemPerBlock != 0 && have.sharedMemPerBlock >= want.sharedMemPerBlock;
    score += want.maxThreadsPerBlock != 0 && have.maxThreadsPerBlock >= want.maxThreadsPerBlock;
    score += want.concurrentKernels != 0 && have.concurrentKernels != 0;
    return score;
}

} // namespace

// ---- which devices
// ------------------------------------------------------------------------------------------------

ACC_API cudaError_t cudaGetDeviceCount(int* count) {
    return guard(__func__, [&] {
        require(count, "count");
        *count = static_cast<int>(Runtime::get().devices().size());
        return *count != 0 ? cudaSuccess : cudaErrorNoDevice;
    });
}

ACC_API cudaError_t cudaGetDevice(int* device) {
    return guard(__func__, [&] {
        require(device, "device");
        *device = static_cast<int>(current_device().index);
    });
}

ACC_API cudaError_t cudaSetDevice(int device) {
    return guard(__func__, [&] {
        Device& chosen = Runtime::get().device(device);
        Runtime::get().open(chosen.primary); // CUDA 12: choosing a device makes its context
        thread_state().context = &chosen.primary;
    });
}

ACC_API cudaError_t cudaInitDevice(int device, unsigned flags, unsigned which) {
    return guard(__func__, [&] {
        check_flags(which, cudaInitDeviceFlagsAreValid, "cudaInitDevice");
        Device& chosen = Runtime::get().device(device);
        if ((which & cudaInitDeviceFlagsAreValid) != 0) {
            check_device_flags(flags);
            chosen.flags = flags;
        }
        Runtime::get().open(chosen.primary);
    });
}

ACC_API cudaError_t cudaSetValidDevices(int* devices, int count) {
    return guard(__func__, [&] {
        // An order of preference for threads that have not chosen: the first one that exists is
        // what they get.
        if (devices == nullptr && count == 0) return;
        require(devices, "device_arr");
        if (count <= 0) fail(Status::InvalidValue, "cudaSetValidDevices: {} devices", count);
        for (int i = 0; i < count; ++i)
            Runtime::get().device(devices[i]);
        if (thread_state().context == nullptr)
            thread_state().context = &Runtime::get().device(devices[0]).primary;
    });
}

ACC_API cudaError_t cudaChooseDevice(int* device, const cudaDeviceProp* prop) {
    return guard(__func__, [&] {
        require(device, "device");
        require(prop, "prop");
        Runtime::get().device(0); // there must be one
        int best = -1;
        for (const auto& candidate : Runtime::get().devices()) {
            const int score = matches(properties_of(*candidate), *prop);
            if (score > best) {
                best = score;
                *device = static_cast<int>(candidate->index);
            }
        }
    });
}

ACC_API cudaError_t cudaSetDeviceFlags(unsigned flags) {
    return guard(__func__, [&] {
        check_device_flags(flags);
        current_device().flags = flags;
    });
}

ACC_API cudaError_t cudaGetDeviceFlags(unsigned* flags) {
    return guard(__func__, [&] {
        require(flags, "flags");
        *flags = current_device().flags | cudaDeviceMapHost; // host memory is always mapped
    });
}

// ---- what they are
// ------------------------------------------------------------------------------------------------

ACC_API cudaError_t cudaGetDeviceProperties(cudaDeviceProp* prop, int device) {
    return guard(__func__, [&] {
        require(prop, "prop");
        *prop = properties_of(Runtime::get().device(device));
    });
}

ACC_API cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attr, int device) {
    return guard(__func__, [&] {
        require(value, "value");
        const auto found = attribute_of(Runtime::get().device(device), attr);
        if (!found)
            fail(Status::InvalidValue, "device attribute {} does not exist",
                 static_cast<int>(attr));
        *value = *found;
    });
}

ACC_API cudaError_t cudaDeviceGetPCIBusId(char* id, int length, int device) {
    return guard(__func__, [&] {
        require(id, "pciBusId");
        const auto& info = Runtime::get().device(device).backend->info();
        char text[32];
        const int needed = std::snprintf(text, sizeof text, "%04x:%02x:%02x.0", info.pci_domain,
                                         info.pci_bus, info.pci_device);
        if (length <= needed)
            fail(Status::InvalidValue, "pciBusId: {} bytes given, {} needed", length, needed + 1);
        std::memcpy(id, text, static_cast<size_t>(needed) + 1);
    });
}

ACC_API cudaError_t cudaDeviceGetByPCIBusId(int* device, const char* id) {
    return guard(__func__, [&] {
        require(device, "device");
        require(id, "pciBusId");
        unsigned domain = 0, bus = 0, number = 0, function = 0;
        const bool full = std::sscanf(id, "%x:%x:%x.%x", &domain, &bus, &number, &function) >= 3;
        if (!full) {
            domain = 0;
            if (std::sscanf(id, "%x:%x.%x", &bus, &number, &function) < 2)
                fail(Status::InvalidValue,
                     "'{}' is not of the form [domain]:[bus]:[device].[function]", id);
        }
        for (const auto& candidate : Runtime::get().devices()) {
            const auto& info = candidate->backend->info();
            if (info.pci_domain == domain && info.pci_bus == bus && info.pci_device == number &&
                function == 0) {
                *device = static_cast<int>(candidate->index);
                return;
            }
        }
        fail(Status::InvalidDevice, "there is no device at {}", id);
    });
}

// ---- the context of a device
// --------------------------------------------------------------------------------------

ACC_API cudaError_t cudaDeviceSynchronize(void) {
    return guard(__func__, synchronize_device);
}
/// No cache keeps lines longer than it likes.
ACC_API cudaError_t cudaCtxResetPersistingL2Cache(void) {
    return guard(__func__, [] { current(); });
}
ACC_API cudaError_t cudaThreadSynchronize(void) {
    return guard(__func__, synchronize_device);
}

ACC_API cudaError_t cudaDeviceReset(void) {
    return guard(__func__, [&] { Runtime::get().reset(current_device()); });
}
ACC_API cudaError_t cudaThreadExit(void) {
    return guard(__func__, [&] { Runtime::get().reset(current_device()); });
}

// ---- preferences: kept and given back, the hardware has nothing to configure
// --------------------------------------

namespace {

void set_cache_config(cudaFuncCache config) {
    if (config < cudaFuncCachePreferNone || config > cudaFuncCachePreferEqual)
        fail(Status::InvalidValue, "cache configuration {} does not exist",
             static_cast<int>(config));
    current().cache_config = config;
}

} // namespace

ACC_API cudaError_t cudaDeviceSetCacheConfig(cudaFuncCache config) {
    return guard(__func__, [&] { set_cache_config(config); });
}

ACC_API cudaError_t cudaThreadSetCacheConfig(cudaFuncCache config) {
    return guard(__func__, [&] { set_cache_config(config); });
}

ACC_API cudaError_t cudaDeviceGetCacheConfig(cudaFuncCache* config) {
    return guard(__func__, [&] {
        require(config, "pCacheConfig");
        *config = current().cache_config;
    });
}

ACC_API cudaError_t cudaThreadGetCacheConfig(cudaFuncCache* config) {
    return guard(__func__, [&] {
        require(config, "pCacheConfig");
        *config = current().cache_config;
    });
}

ACC_API cudaError_t cudaDeviceSetSharedMemConfig(cudaSharedMemConfig config) {
    return guard(__func__, [&] {
        if (config < cudaSharedMemBankSizeDefault || config > cudaSharedMemBankSizeEightByte)
            fail(Status::InvalidValue, "shared memory configuration {} does not exist",
                 static_cast<int>(config));
        current(); // banks are always four bytes wide
    });
}

ACC_API cudaError_t cudaDeviceGetSharedMemConfig(cudaSharedMemConfig* config) {
    return guard(__func__, [&] {
        require(config, "pConfig");
        *config = current().shared_config;
    });
}
