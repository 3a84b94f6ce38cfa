// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Host functions in streams. While one runs, calls into the API from its thread give
// cudaErrorNotPermitted.
#include "runtime/cuda/host_function.h"

namespace acc::cuda {

void call_without_api(void (*function)(void*), void* data) {
    const bool inside = std::exchange(thread_state().in_callback, true);
    function(data);
    thread_state().in_callback = inside;
}

void add_host_function(rt::Stream& stream, void (*function)(void*), void* data) {
    const std::function<void()> whole = [function, data] { call_without_api(function, data); };
    stream.submit(rt::Work{rt::work::HostCall{&whole, false, false, function, data}});
}

void add_callback(rt::Stream& stream, std::function<void()> function) {
    stream.check_not_recording("adding a callback");
    const std::function<void()> whole = [function = std::move(function)] {
        thread_state().in_callback = true;
        function();
        thread_state().in_callback = false;
    };
    stream.submit(rt::Work{rt::work::HostCall{&whole, true}});
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void* data) {
    return guard(__func__, [&] {
        require(reinterpret_cast<const void*>(function), "fn");
        ApiContext& context = current();
        add_host_function(stream_of(context, stream), function, data);
    });
}

ACC_API cudaError_t cudaStreamAddCallback(cudaStream_t stream, cudaStreamCallback_t callback,
                                          void* data, unsigned flags) {
    return guard(__func__, [&] {
        require(reinterpret_cast<const void*>(callback), "callback");
        check_flags(flags, 0, "cudaStreamAddCallback");
        ApiContext& context = current();
        add_callback(stream_of(context, stream), [stream, callback, data, &context] {
            callback(stream, to_cuda(context.core.sticky()), data);
        });
    });
}
