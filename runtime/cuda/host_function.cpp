// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Host functions in streams. While one runs, calls into the API from its thread give
// cudaErrorNotPermitted.
#include "runtime/cuda/host_function.h"

namespace acc::cuda {

void add_host_function(ApiContext& context, rt::Stream& stream, std::function<void()> function) {
    context.core.host_function(stream, [function = std::move(function)] {
        thread_state().in_callback = true;
        function();
        thread_state().in_callback = false;
    });
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t function, void* data) {
    return guard(__func__, [&] {
        require(reinterpret_cast<const void*>(function), "fn");
        ApiContext& context = current();
        add_host_function(context, stream_of(context, stream),
                          [function, data] { function(data); });
    });
}

ACC_API cudaError_t cudaStreamAddCallback(cudaStream_t stream, cudaStreamCallback_t callback,
                                          void* data, unsigned flags) {
    return guard(__func__, [&] {
        require(reinterpret_cast<const void*>(callback), "callback");
        check_flags(flags, 0, "cudaStreamAddCallback");
        ApiContext& context = current();
        add_host_function(context, stream_of(context, stream), [stream, callback, data, &context] {
            callback(stream, to_cuda(context.core.sticky()), data);
        });
    });
}
