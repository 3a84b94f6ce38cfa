// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes of streams, in both APIs: programs read back what they have set; the device has
// nothing to configure for them.
#include <cstring>

#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/driver.h"

namespace acc::cuda {
namespace {

using rt::fail;
using rt::Status;

void check_id(int id) {
    switch (id) {
    case cudaLaunchAttributeAccessPolicyWindow:
    case cudaLaunchAttributeSynchronizationPolicy:
    case cudaLaunchAttributePriority:
    case cudaLaunchAttributeMemSyncDomainMap:
    case cudaLaunchAttributeMemSyncDomain: return;
    default: fail(Status::InvalidValue, "attribute {} is none of streams", id);
    }
}

void check_window(const cudaAccessPolicyWindow& window) {
    if (!(window.hitRatio >= 0 && window.hitRatio <= 1) ||
        window.missProp == cudaAccessPropertyPersisting)
        fail(
            Status::InvalidValue,
            "access policy window: the hit ratio is not between 0 and 1, or misses are to persist");
}

void check_value(int id, const cudaLaunchAttributeValue& value) {
    if (id == cudaLaunchAttributeAccessPolicyWindow) check_window(value.accessPolicyWindow);
    const int policy = value.syncPolicy;
    if (id == cudaLaunchAttributeSynchronizationPolicy &&
        (policy < cudaSyncPolicyAuto || policy > cudaSyncPolicyBlockingSync))
        fail(Status::InvalidValue, "synchronization policy {} does not exist", policy);
    const int domain = value.memSyncDomain;
    if (id == cudaLaunchAttributeMemSyncDomain &&
        (domain < cudaLaunchMemSyncDomainDefault || domain > cudaLaunchMemSyncDomainRemote))
        fail(Status::InvalidValue, "memory synchronization domain {} does not exist", domain);
}

/// What a stream has before anything is set.
cudaLaunchAttributeValue initial(const rt::Stream& stream, int id) {
    cudaLaunchAttributeValue value;
    std::memset(&value, 0, sizeof value);
    if (id == cudaLaunchAttributeSynchronizationPolicy) value.syncPolicy = cudaSyncPolicyAuto;
    if (id == cudaLaunchAttributePriority) value.priority = stream.priority();
    if (id == cudaLaunchAttributeMemSyncDomainMap) value.memSyncDomainMap = {0, 1};
    return value;
}

void set(ApiContext& current, cudaStream_t stream, int id, const cudaLaunchAttributeValue* value) {
    require(value, "value");
    ApiContext& home = home_of(current, stream);
    const rt::Stream& of = stream_of(home, stream);
    check_id(id);
    check_value(id, *value);
    rt::Attributes attributes = home.stream_attributes.get(of);
    rt::Attributes::Value bytes;
    std::memcpy(bytes.data(), value, bytes.size());
    attributes.set(id, bytes);
    home.stream_attributes.set(of, attributes);
}

void get(ApiContext& current, cudaStream_t stream, int id, cudaLaunchAttributeValue* value) {
    require(value, "value_out");
    ApiContext& home = home_of(current, stream);
    const rt::Stream& of = stream_of(home, stream);
    check_id(id);
    const rt::Attributes attributes = home.stream_attributes.get(of);
    if (const auto* have = attributes.find(id))
        std::memcpy(value, have->data(), sizeof *value);
    else
        *value = initial(of, id);
}

void copy(ApiContext& current, cudaStream_t to, cudaStream_t from) {
    ApiContext &to_home = home_of(current, to), &from_home = home_of(current, from);
    const rt::Stream &dst = stream_of(to_home, to), &src = stream_of(from_home, from);
    to_home.stream_attributes.set(dst, from_home.stream_attributes.get(src));
}

} // namespace
} // namespace acc::cuda

using namespace acc::cuda;

ACC_API cudaError_t cudaStreamSetAttribute(cudaStream_t stream, cudaLaunchAttributeID id,
                                           const cudaLaunchAttributeValue* value) {
    return guard(__func__, [&] { set(current(), stream, id, value); });
}

ACC_API cudaError_t cudaStreamGetAttribute(cudaStream_t stream, cudaLaunchAttributeID id,
                                           cudaLaunchAttributeValue* value) {
    return guard(__func__, [&] { get(current(), stream, id, value); });
}

ACC_API cudaError_t cudaStreamCopyAttributes(cudaStream_t to, cudaStream_t from) {
    return guard(__func__, [&] { copy(current(), to, from); });
}

ACC_API CUresult cuStreamSetAttribute(CUstream stream, CUstreamAttrID id,
                                      const CUstreamAttrValue* value) {
    return driver_guard(__func__, [&] {
        set(driver_current(), stream, id, reinterpret_cast<const cudaLaunchAttributeValue*>(value));
    });
}

ACC_API CUresult cuStreamGetAttribute(CUstream stream, CUstreamAttrID id,
                                      CUstreamAttrValue* value) {
    return driver_guard(__func__, [&] {
        get(driver_current(), stream, id, reinterpret_cast<cudaLaunchAttributeValue*>(value));
    });
}

ACC_API CUresult cuStreamCopyAttributes(CUstream to, CUstream from) {
    return driver_guard(__func__, [&] { copy(driver_current(), to, from); });
}
