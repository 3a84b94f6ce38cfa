// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cufftXt's data on a plan's devices: one device.
#include "runtime/lib/fft/plan.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/common/report.h"

#include <algorithm>
#include <new>

namespace acc::fft {
namespace {

/// The memory of a descriptor; null: it is none of ours.
void* memory_of(const cudaLibXtDesc* d) {
    if (d == nullptr || d->library != LIB_FORMAT_CUFFT || d->descriptor == nullptr ||
        d->descriptor->nGPUs != 1)
        return nullptr;
    return d->descriptor->data[0];
}

cufftResult execute(cufftHandle handle, cudaLibXtDesc* input, cudaLibXtDesc* output,
                    Transform transform, int twice, int direction) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    const Problem& p = plan->problem;
    if (p.transform != transform || (twice >= 0 && p.twice != (twice != 0)))
        return CUFFT_INVALID_TYPE;
    const bool complex = transform == Transform::complex;
    if (complex && direction != CUFFT_FORWARD && direction != CUFFT_INVERSE)
        return CUFFT_INVALID_VALUE;
    return plan->execute(memory_of(input), memory_of(output),
                         complex && direction == CUFFT_INVERSE);
}

} // namespace
} // namespace acc::fft

using namespace acc::fft;

ACC_LIBRARY_API cufftResult cufftXtSetGPUs(cufftHandle handle, int nGPUs, int* whichGPUs) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || plan->made) return CUFFT_INVALID_PLAN;
    if (nGPUs < 1 || nGPUs > MAX_CUDA_DESCRIPTOR_GPUS || whichGPUs == nullptr)
        return CUFFT_INVALID_VALUE;
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess) return CUFFT_SETUP_FAILED;
    for (int i = 0; i < nGPUs; ++i)
        if (whichGPUs[i] < 0 || whichGPUs[i] >= devices) return CUFFT_INVALID_DEVICE;
    if (nGPUs > 1) {
        acc::lib::report(acc::lib::Level::error, "cufft",
                         "cufftXtSetGPUs: plans on %d devices are not supported", nGPUs);
        return CUFFT_NOT_SUPPORTED;
    }
    plan->devices = 1;
    plan->device = whichGPUs[0];
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftXtMalloc(cufftHandle handle, cudaLibXtDesc** descriptor,
                                          cufftXtSubFormat format) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    if (descriptor == nullptr) return CUFFT_INVALID_VALUE;
    size_t size = 0;
    switch (format) {
    case CUFFT_XT_FORMAT_INPUT:
    case CUFFT_XT_FORMAT_1D_INPUT_SHUFFLED: size = plan->in_size(); break;
    case CUFFT_XT_FORMAT_OUTPUT: size = plan->out_size(false); break;
    case CUFFT_XT_FORMAT_INPLACE:
    case CUFFT_XT_FORMAT_INPLACE_SHUFFLED:
        size = std::max(plan->in_size(), plan->out_size(true));
        break;
    default: return CUFFT_INVALID_VALUE;
    }
    cudaXtDesc* memory = new (std::nothrow) cudaXtDesc();
    cudaLibXtDesc* made = new (std::nothrow) cudaLibXtDesc();
    if (memory == nullptr || made == nullptr || cudaMalloc(&memory->data[0], size) != cudaSuccess) {
        delete memory;
        delete made;
        return CUFFT_ALLOC_FAILED;
    }
    memory->version = made->version = CUDA_XT_DESCRIPTOR_VERSION;
    memory->nGPUs = 1;
    memory->GPUs[0] = plan->device;
    memory->size[0] = size;
    made->descriptor = memory;
    made->library = LIB_FORMAT_CUFFT;
    made->subFormat = format;
    *descriptor = made;
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftXtFree(cudaLibXtDesc* descriptor) {
    if (descriptor == nullptr) return CUFFT_SUCCESS;
    if (descriptor->descriptor != nullptr) cudaFree(descriptor->descriptor->data[0]);
    delete descriptor->descriptor;
    delete descriptor;
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftXtMemcpy(cufftHandle handle, void* dstPointer, void* srcPointer,
                                          cufftXtCopyType type) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    if (dstPointer == nullptr || srcPointer == nullptr) return CUFFT_INVALID_VALUE;
    auto* to = static_cast<cudaLibXtDesc*>(dstPointer);
    auto* from = static_cast<cudaLibXtDesc*>(srcPointer);
    cudaError_t error = cudaErrorInvalidValue;
    switch (type) {
    case CUFFT_COPY_HOST_TO_DEVICE:
        if (void* memory = memory_of(to))
            error = cudaMemcpy(memory, srcPointer, to->descriptor->size[0], cudaMemcpyHostToDevice);
        break;
    case CUFFT_COPY_DEVICE_TO_HOST:
        if (void* memory = memory_of(from))
            error = cudaMemcpy(dstPointer, memory, from->descriptor->size[0],
                               cudaMemcpyDeviceToHost);
        break;
    case CUFFT_COPY_DEVICE_TO_DEVICE:
        if (memory_of(from) != nullptr && memory_of(to) != nullptr)
            error = cudaMemcpy(memory_of(to), memory_of(from),
                               std::min(to->descriptor->size[0], from->descriptor->size[0]),
                               cudaMemcpyDeviceToDevice);
        break;
    default: return CUFFT_INVALID_VALUE;
    }
    return error == cudaSuccess             ? CUFFT_SUCCESS
           : error == cudaErrorInvalidValue ? CUFFT_INVALID_VALUE
                                            : CUFFT_INTERNAL_ERROR;
}

ACC_LIBRARY_API cufftResult cufftXtSetWorkArea(cufftHandle plan, void** workArea) {
    return workArea == nullptr ? CUFFT_INVALID_VALUE : cufftSetWorkArea(plan, workArea[0]);
}

ACC_LIBRARY_API cufftResult cufftXtSetWorkAreaPolicy(cufftHandle handle,
                                                     cufftXtWorkAreaPolicy policy,
                                                     size_t* workSize) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan) return CUFFT_INVALID_PLAN;
    if (policy < CUFFT_WORKAREA_MINIMAL || policy > CUFFT_WORKAREA_PERFORMANCE)
        return CUFFT_INVALID_VALUE;
    // There is one way to do a transform: what it needs is the least and the best.
    if (policy == CUFFT_WORKAREA_USER && (workSize == nullptr || *workSize < plan->work_size))
        return CUFFT_NO_WORKSPACE;
    if (workSize != nullptr) *workSize = plan->work_size;
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftXtExecDescriptorC2C(cufftHandle plan, cudaLibXtDesc* input,
                                                     cudaLibXtDesc* output, int direction) {
    return execute(plan, input, output, Transform::complex, 0, direction);
}
ACC_LIBRARY_API cufftResult cufftXtExecDescriptorZ2Z(cufftHandle plan, cudaLibXtDesc* input,
                                                     cudaLibXtDesc* output, int direction) {
    return execute(plan, input, output, Transform::complex, 1, direction);
}
ACC_LIBRARY_API cufftResult cufftXtExecDescriptorR2C(cufftHandle plan, cudaLibXtDesc* input,
                                                     cudaLibXtDesc* output) {
    return execute(plan, input, output, Transform::to_complex, 0, CUFFT_FORWARD);
}
ACC_LIBRARY_API cufftResult cufftXtExecDescriptorD2Z(cufftHandle plan, cudaLibXtDesc* input,
                                                     cudaLibXtDesc* output) {
    return execute(plan, input, output, Transform::to_complex, 1, CUFFT_FORWARD);
}
ACC_LIBRARY_API cufftResult cufftXtExecDescriptorC2R(cufftHandle plan, cudaLibXtDesc* input,
                                                     cudaLibXtDesc* output) {
    return execute(plan, input, output, Transform::to_real, 0, CUFFT_INVERSE);
}
ACC_LIBRARY_API cufftResult cufftXtExecDescriptorZ2D(cufftHandle plan, cudaLibXtDesc* input,
                                                     cudaLibXtDesc* output) {
    return execute(plan, input, output, Transform::to_real, 1, CUFFT_INVERSE);
}
ACC_LIBRARY_API cufftResult cufftXtExecDescriptor(cufftHandle handle, cudaLibXtDesc* input,
                                                  cudaLibXtDesc* output, int direction) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    return execute(handle, input, output, plan->problem.transform, -1, direction);
}
