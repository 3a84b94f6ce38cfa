// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Peer access: devices whose contexts share addresses can be given each other's memory
// (docs/runtime.md). A device is no peer of itself.
#include "runtime/cuda/driver.h"
#include "runtime/cuda/peers.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

void check_connected(const Device& device, const Device& peer, rt::Status status) {
    if (!connected(device, peer))
        rt::fail(status, "device {} cannot be reached from device {}", peer.index, device.index);
}

void enable(ApiContext& context, ApiContext& peer) {
    if (!context.core.set_peer_access(peer.core, true))
        rt::fail(rt::Status::PeerAccessAlreadyEnabled,
                 "access to the memory of device {} has been enabled already", peer.core.device());
}

void disable(ApiContext& context, ApiContext* peer) {
    context.core.synchronize(); // its work may be using the memory
    if (peer == nullptr || !context.core.set_peer_access(peer->core, false))
        rt::fail(rt::Status::PeerAccessNotEnabled,
                 "access to the other device's memory has not been enabled");
}

int attribute(cudaDeviceP2PAttr attr, bool connected) {
    switch (attr) {
    case cudaDevP2PAttrPerformanceRank: return 0; // all links are the same
    case cudaDevP2PAttrAccessSupported:
    case cudaDevP2PAttrNativeAtomicSupported: return connected;
    case cudaDevP2PAttrCudaArrayAccessSupported: return 0;
    case cudaDevP2PAttrOnlyPartialNativeAtomicSupported: return 0;
    }
    rt::fail(rt::Status::InvalidValue, "peer attribute {} does not exist", static_cast<int>(attr));
}

int attribute_between(cudaDeviceP2PAttr attr, int device, int peer) {
    const Device& source = Runtime::get().device(device);
    const Device& target = Runtime::get().device(peer);
    if (&source == &target)
        rt::fail(rt::Status::InvalidDevice, "device {} is not a peer of itself", device);
    return attribute(attr, connected(source, target));
}

/// The other context, alive.
ApiContext& peer_of(const ApiContext& context, CUcontext peer) {
    ApiContext* live = handle_of(peer).live.load(std::memory_order_acquire);
    if (live == nullptr || live == &context) throw DriverFailure{CUDA_ERROR_INVALID_CONTEXT};
    return *live;
}

} // namespace

ACC_API cudaError_t cudaDeviceCanAccessPeer(int* can, int device, int peer) {
    return guard(__func__, [&] {
        require(can, "canAccessPeer");
        *can = connected(Runtime::get().device(device), Runtime::get().device(peer));
    });
}

ACC_API cudaError_t cudaDeviceEnablePeerAccess(int peer, unsigned flags) {
    return guard(__func__, [&] {
        check_flags(flags, 0, "cudaDeviceEnablePeerAccess");
        Device& other = Runtime::get().device(peer);
        check_connected(current_device(), other, rt::Status::InvalidDevice);
        enable(current(), Runtime::get().open(other.primary));
    });
}

ACC_API cudaError_t cudaDeviceDisablePeerAccess(int peer) {
    return guard(__func__, [&] {
        Device& other = Runtime::get().device(peer);
        disable(current(), other.primary.live.load(std::memory_order_acquire));
    });
}

ACC_API cudaError_t cudaDeviceGetP2PAttribute(int* value, cudaDeviceP2PAttr attr, int device,
                                              int peer) {
    return guard(__func__, [&] {
        require(value, "value");
        *value = attribute_between(attr, device, peer);
    });
}

ACC_API CUresult cuCtxEnablePeerAccess(CUcontext peer, unsigned flags) {
    return driver_guard(__func__, [&] {
        check_flags(flags, 0, "cuCtxEnablePeerAccess");
        ApiContext& context = driver_current();
        ApiContext& other = peer_of(context, peer);
        check_connected(context.handle.device, other.handle.device,
                        rt::Status::PeerAccessUnsupported);
        enable(context, other);
    });
}

ACC_API CUresult cuCtxDisablePeerAccess(CUcontext peer) {
    return driver_guard(__func__, [&] {
        ApiContext& context = driver_current();
        disable(context, &peer_of(context, peer));
    });
}

ACC_API CUresult cuDeviceGetP2PAttribute(int* value, CUdevice_P2PAttribute attr, CUdevice device,
                                         CUdevice peer) {
    return driver_guard(__func__, [&] {
        require(value, "value");
        *value = attribute_between(static_cast<cudaDeviceP2PAttr>(attr), device, peer);
    });
}
