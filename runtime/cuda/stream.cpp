// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/device_properties.h"
#include "runtime/cuda/memory.h"
#include "runtime/cuda/streams.h"

namespace acc::cuda {

void create_stream(ApiContext& context, cudaStream_t* made, unsigned flags, int priority) {
    require(made, "stream");
    check_flags(flags, cudaStreamNonBlocking, "stream");
    rt::Stream& stream = context.core.create_stream((flags & cudaStreamNonBlocking) != 0, priority);
    *made = HandleTable<rt::Stream>::get().of<cudaStream_t>(stream, context);
}

void destroy_stream(ApiContext& context, cudaStream_t stream) {
    if (stream == nullptr || stream == cudaStreamLegacy || stream == cudaStreamPerThread)
        rt::fail(rt::Status::InvalidHandle, "a default stream cannot be destroyed");
    stream_of(context, stream);
    const auto dying = HandleTable<rt::Stream>::get().take(stream);
    if (dying.object == nullptr) no_such_stream(); // another thread was first
    dying.owner->stream_attributes.forget(*dying.object);
    dying.owner->core.destroy_stream(dying.object);
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaStreamCreate(cudaStream_t* made) {
    return guard(__func__, [&] { create_stream(current(), made, cudaStreamDefault, 0); });
}

ACC_API cudaError_t cudaStreamCreateWithFlags(cudaStream_t* made, unsigned flags) {
    return guard(__func__, [&] { create_stream(current(), made, flags, 0); });
}

ACC_API cudaError_t cudaStreamCreateWithPriority(cudaStream_t* made, unsigned flags, int priority) {
    return guard(__func__, [&] { create_stream(current(), made, flags, priority); });
}

ACC_API cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    return guard(__func__, [&] { destroy_stream(home_of(current(), stream), stream); });
}

ACC_API cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    return guard(__func__, [&] { find_stream(current(), stream).synchronize(); });
}

ACC_API cudaError_t cudaStreamQuery(cudaStream_t stream) {
    return guard(__func__, [&] {
        return find_stream(current(), stream).done() ? cudaSuccess : cudaErrorNotReady;
    });
}

ACC_API cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned flags) {
    return guard(__func__, [&] { wait_event(current(), stream, event, flags); });
}

ACC_API cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
    return guard(__func__, [&] {
        current();
        if (least != nullptr) *least = kLeastPriority;
        if (greatest != nullptr) *greatest = kGreatestPriority;
    });
}

ACC_API cudaError_t cudaStreamGetPriority(cudaStream_t stream, int* priority) {
    return guard(__func__, [&] {
        require(priority, "priority");
        *priority = find_stream(current(), stream).priority();
    });
}

ACC_API cudaError_t cudaStreamGetFlags(cudaStream_t stream, unsigned* flags) {
    return guard(__func__, [&] {
        require(flags, "flags");
        *flags = find_stream(current(), stream).blocking() ? cudaStreamDefault
                                                           : cudaStreamNonBlocking;
    });
}

ACC_API cudaError_t cudaStreamGetId(cudaStream_t stream, unsigned long long* id) {
    return guard(__func__, [&] {
        require(id, "streamId");
        *id = find_stream(current(), stream).id();
    });
}

ACC_API cudaError_t cudaStreamGetDevice(cudaStream_t stream, int* device) {
    return guard(__func__, [&] {
        require(device, "device");
        *device = find_stream(current(), stream).context().device();
    });
}

/// All managed memory is visible to all streams at all times, so attaching changes nothing; the
/// arguments are checked.
ACC_API cudaError_t cudaStreamAttachMemAsync(cudaStream_t stream, void* pointer, size_t length,
                                             unsigned flags) {
    return guard(__func__, [&] {
        if (flags != cudaMemAttachGlobal && flags != cudaMemAttachHost &&
            flags != cudaMemAttachSingle)
            rt::fail(rt::Status::InvalidValue,
                     "cudaStreamAttachMemAsync: flags {:#x} name no attachment", flags);
        ApiContext& context = current();
        stream_of(context, stream);
        const PointerInfo info = describe(context, pointer);
        if (!info.known || info.kind != rt::MemoryKind::Managed)
            rt::fail(rt::Status::InvalidValue, "cudaStreamAttachMemAsync: {} is not managed memory",
                     pointer);
        if (length != 0 && length != info.bytes)
            rt::fail(rt::Status::InvalidValue,
                     "cudaStreamAttachMemAsync: {} bytes are not the whole allocation of {}",
                     length, info.bytes);
    });
}
