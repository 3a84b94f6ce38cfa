// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cstdio>
#include <cstring>

#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/driver.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

/// The driver API's answers come from the runtime API's where the functions are the same; its last
/// error is not touched.
template <typename F>
CUresult same_as(F&& runtime_call) {
    const cudaError_t before = thread_state().last_error;
    const cudaError_t error = runtime_call();
    set_last_error(before);
    return static_cast<CUresult>(error);
}

} // namespace

ACC_API CUresult cuInit(unsigned flags) {
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    set_initialized();
    return driver_guard(__func__, [] {
        return Runtime::get().devices().empty() ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS;
    });
}

ACC_API CUresult cuDriverGetVersion(int* version) {
    if (version == nullptr) return CUDA_ERROR_INVALID_VALUE;
    *version = CUDA_VERSION;
    return CUDA_SUCCESS;
}

ACC_API CUresult cuDeviceGet(CUdevice* device, int ordinal) {
    return driver_guard(__func__, [&] {
        require(device, "device");
        *device = static_cast<CUdevice>(Runtime::get().device(ordinal).index);
    });
}

ACC_API CUresult cuDeviceGetCount(int* count) {
    return driver_guard(__func__, [&] {
        require(count, "count");
        *count = static_cast<int>(Runtime::get().devices().size());
    });
}

ACC_API CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(name, "name");
        const std::string& text = Runtime::get().device(device).backend->info().name;
        if (length <= 0)
            rt::fail(rt::Status::InvalidValue, "cuDeviceGetName: {} bytes for the name", length);
        std::snprintf(name, static_cast<size_t>(length), "%s", text.c_str());
    });
}

ACC_API CUresult cuDeviceGetUuid_v2(CUuuid* uuid, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(uuid, "uuid");
        std::memcpy(uuid->bytes, Runtime::get().device(device).backend->info().uuid,
                    sizeof uuid->bytes);
    });
}

ACC_API CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(bytes, "bytes");
        *bytes = Runtime::get().device(device).backend->info().vram_bytes;
    });
}

ACC_API CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute attribute, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(value, "pi");
        const auto found = attribute_of(Runtime::get().device(device), attribute);
        if (!found)
            rt::fail(rt::Status::InvalidValue, "device attribute {} does not exist",
                     static_cast<int>(attribute));
        *value = *found;
    });
}

ACC_API CUresult cuDeviceComputeCapability(int* major, int* minor, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(major, "major");
        require(minor, "minor");
        Runtime::get().device(device);
        *major = kComputeMajor;
        *minor = kComputeMinor;
    });
}

ACC_API CUresult cuDeviceGetProperties(CUdevprop* prop, CUdevice device) {
    return driver_guard(__func__, [&] {
        require(prop, "prop");
        const cudaDeviceProp all = properties_of(Runtime::get().device(device));
        prop->maxThreadsPerBlock = all.maxThreadsPerBlock;
        std::memcpy(prop->maxThreadsDim, all.maxThreadsDim, sizeof prop->maxThreadsDim);
        std::memcpy(prop->maxGridSize, all.maxGridSize, sizeof prop->maxGridSize);
        prop->sharedMemPerBlock = static_cast<int>(all.sharedMemPerBlock);
        prop->totalConstantMemory = static_cast<int>(all.totalConstMem);
        prop->SIMDWidth = all.warpSize;
        prop->memPitch = static_cast<int>(all.memPitch);
        prop->regsPerBlock = all.regsPerBlock;
        prop->clockRate = all.clockRate;
        prop->textureAlign = static_cast<int>(all.textureAlignment);
    });
}

ACC_API CUresult cuDeviceGetByPCIBusId(CUdevice* device, const char* id) {
    return driver_guard(
        __func__, [&] { return same_as([&] { return cudaDeviceGetByPCIBusId(device, id); }); });
}

ACC_API CUresult cuDeviceGetPCIBusId(char* id, int length, CUdevice device) {
    return driver_guard(__func__, [&] {
        return same_as([&] { return cudaDeviceGetPCIBusId(id, length, device); });
    });
}

ACC_API CUresult cuDeviceCanAccessPeer(int* can, CUdevice device, CUdevice peer) {
    return driver_guard(__func__, [&] {
        return same_as([&] { return cudaDeviceCanAccessPeer(can, device, peer); });
    });
}
