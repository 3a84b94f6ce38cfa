// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Streams and events of the driver API; the handles are the runtime API's.
#include "runtime/cuda/driver.h"
#include "runtime/cuda/host_function.h"
#include "runtime/cuda/streams.h"

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API CUresult cuStreamCreate(CUstream* made, unsigned flags) {
    return driver_guard(__func__, [&] { create_stream(driver_current(), made, flags, 0); });
}

ACC_API CUresult cuStreamCreateWithPriority(CUstream* made, unsigned flags, int priority) {
    return driver_guard(__func__, [&] { create_stream(driver_current(), made, flags, priority); });
}

ACC_API CUresult cuStreamDestroy_v2(CUstream stream) {
    return driver_guard(__func__,
                        [&] { destroy_stream(home_of(driver_current(), stream), stream); });
}

ACC_API CUresult cuStreamSynchronize(CUstream stream) {
    return driver_guard(__func__, [&] { find_stream(driver_current(), stream).synchronize(); });
}

ACC_API CUresult cuStreamQuery(CUstream stream) {
    return driver_guard(__func__, [&] {
        return find_stream(driver_current(), stream).done() ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
    });
}

ACC_API CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags) {
    return driver_guard(__func__, [&] { wait_event(driver_current(), stream, event, flags); });
}

ACC_API CUresult cuStreamGetPriority(CUstream stream, int* priority) {
    return driver_guard(__func__, [&] {
        require(priority, "priority");
        *priority = find_stream(driver_current(), stream).priority();
    });
}

ACC_API CUresult cuStreamGetFlags(CUstream stream, unsigned* flags) {
    return driver_guard(__func__, [&] {
        require(flags, "flags");
        *flags = find_stream(driver_current(), stream).blocking() ? CU_STREAM_DEFAULT
                                                                  : CU_STREAM_NON_BLOCKING;
    });
}

ACC_API CUresult cuStreamGetId(CUstream stream, unsigned long long* id) {
    return driver_guard(__func__, [&] {
        require(id, "streamId");
        *id = find_stream(driver_current(), stream).id();
    });
}

ACC_API CUresult cuStreamGetDevice(CUstream stream, CUdevice* device) {
    return driver_guard(__func__, [&] {
        require(device, "device");
        *device = find_stream(driver_current(), stream).context().device();
    });
}

static CUcontext context_of(CUstream stream) {
    ApiContext& of = home_of(driver_current(), stream);
    stream_of(of, stream); // which says when there is none
    return handle_of(of.handle);
}

ACC_API CUresult cuStreamGetCtx(CUstream stream, CUcontext* context) {
    return driver_guard(__func__, [&] {
        require(context, "pctx");
        *context = context_of(stream);
    });
}

ACC_API CUresult cuStreamGetCtx_v2(CUstream stream, CUcontext* context, CUgreenCtx* green) {
    return driver_guard(__func__, [&] {
        require(context, "pCtx");
        require(green, "pGreenCtx");
        *context = context_of(stream);
        *green = nullptr; // there are no streams of green contexts
    });
}

ACC_API CUresult cuStreamAddCallback(CUstream stream, CUstreamCallback callback, void* data,
                                     unsigned flags) {
    return driver_guard(__func__, [&] {
        require(reinterpret_cast<const void*>(callback), "callback");
        check_flags(flags, 0, "cuStreamAddCallback");
        ApiContext& context = driver_current();
        add_callback(stream_of(context, stream), [stream, callback, data, &context] {
            callback(stream, to_driver(context.core.sticky()), data);
        });
    });
}

ACC_API CUresult cuEventCreate(CUevent* event, unsigned flags) {
    return driver_guard(__func__, [&] { create_event(driver_current(), event, flags); });
}

ACC_API CUresult cuEventDestroy_v2(CUevent event) {
    return driver_guard(__func__, [&] { destroy_event(driver_current(), event); });
}

ACC_API CUresult cuEventRecord(CUevent event, CUstream stream) {
    return driver_guard(__func__, [&] { record_event(driver_current(), event, stream, 0); });
}

ACC_API CUresult cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned flags) {
    return driver_guard(__func__, [&] { record_event(driver_current(), event, stream, flags); });
}

ACC_API CUresult cuEventQuery(CUevent event) {
    return driver_guard(__func__, [&] {
        return event_to_ask(driver_current(), event).complete() ? CUDA_SUCCESS
                                                                : CUDA_ERROR_NOT_READY;
    });
}

ACC_API CUresult cuEventSynchronize(CUevent event) {
    return driver_guard(__func__, [&] { event_to_ask(driver_current(), event).synchronize(); });
}

ACC_API CUresult cuEventElapsedTime_v2(float* ms, CUevent start, CUevent end) {
    return driver_guard(__func__, [&] {
        return elapsed_time(driver_current(), ms, start, end) ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
    });
}
