// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/launch.h"
#include "runtime/core/demangle.h"

#include "runtime/cuda/launch_attributes.h"
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

rt::Dim3 to_core(dim3 d) {
    return {d.x, d.y, d.z};
}

void launch(const void* function, const rt::LaunchConfig& config, void** arguments,
            cudaStream_t stream) {
    ApiContext& context = current();
    rt::Kernel& kernel = kernel_of(context, function);
    if (arguments == nullptr && !kernel.params.empty()) [[unlikely]]
        rt::fail(rt::Status::InvalidValue,
                 "kernel {}: {} parameters, but the argument array is a null pointer",
                 rt::demangled(kernel.name), kernel.params.size());
    rt::launch(stream_of(context, stream), kernel, config, arguments);
}

} // namespace

ACC_API cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments,
                                     size_t shared, cudaStream_t stream) {
    return guard(__func__, [&] {
        launch(function, {to_core(grid), to_core(block), shared, false}, arguments, stream);
    });
}

ACC_API cudaError_t cudaLaunchCooperativeKernel(const void* function, dim3 grid, dim3 block,
                                                void** arguments, size_t shared,
                                                cudaStream_t stream) {
    return guard(__func__, [&] {
        launch(function, {to_core(grid), to_core(block), shared, true}, arguments, stream);
    });
}

ACC_API cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* function,
                                        void** arguments) {
    return guard(__func__, [&] {
        require(config, "config");
        rt::LaunchConfig wanted{to_core(config->gridDim), to_core(config->blockDim),
                                config->dynamicSmemBytes, false};
        apply(wanted, config->attrs, config->numAttrs);
        launch(function, wanted, arguments, config->stream);
    });
}
