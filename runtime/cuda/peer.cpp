// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Peer access: devices of this build have no link to each other, and a device is no peer of itself.
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaDeviceCanAccessPeer(int* can, int device, int peer) {
    return guard(__func__, [&] {
        require(can, "canAccessPeer");
        Runtime::get().device(device);
        Runtime::get().device(peer);
        *can = 0;
    });
}

ACC_API cudaError_t cudaDeviceEnablePeerAccess(int peer, unsigned flags) {
    return guard(__func__, [&] {
        check_flags(flags, 0, "cudaDeviceEnablePeerAccess");
        if (&Runtime::get().device(peer) == &current_device())
            rt::fail(rt::Status::InvalidDevice, "device {} is not a peer of itself", peer);
        rt::fail(rt::Status::PeerAccessUnsupported, "device {} cannot be reached from device {}",
                 peer, current_device().index);
    });
}

ACC_API cudaError_t cudaDeviceDisablePeerAccess(int peer) {
    return guard(__func__, [&] {
        Runtime::get().device(peer);
        rt::fail(rt::Status::PeerAccessNotEnabled, "access to device {} has not been enabled",
                 peer);
    });
}

ACC_API cudaError_t cudaDeviceGetP2PAttribute(int* value, cudaDeviceP2PAttr attr, int device,
                                              int peer) {
    return guard(__func__, [&] {
        require(value, "value");
        const Device& source = Runtime::get().device(device);
        const Device& target = Runtime::get().device(peer);
        if (&source == &target)
            rt::fail(rt::Status::InvalidDevice, "device {} is not a peer of itself", device);
        if (attr < cudaDevP2PAttrPerformanceRank ||
            attr > cudaDevP2PAttrOnlyPartialNativeAtomicSupported)
            rt::fail(rt::Status::InvalidValue, "peer attribute {} does not exist",
                     static_cast<int>(attr));
        *value = 0;
    });
}
