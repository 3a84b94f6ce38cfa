// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Executions and the settings of plans.
#include "runtime/lib/fft/plan.h"

#include "runtime/lib/common/api.h"

namespace acc::fft {
namespace {

/// Executes a plan that must be of this kind.
cufftResult execute(cufftHandle handle, void* in, void* out, Transform transform, bool twice,
                    int direction) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    if (plan->problem.transform != transform || plan->problem.twice != twice ||
        plan->problem.in.element == Element::half)
        return CUFFT_INVALID_TYPE;
    if (direction != CUFFT_FORWARD && direction != CUFFT_INVERSE) return CUFFT_INVALID_VALUE;
    return plan->execute(in, out, direction == CUFFT_INVERSE && transform == Transform::complex);
}

} // namespace
} // namespace acc::fft

using namespace acc::fft;

ACC_LIBRARY_API cufftResult cufftExecC2C(cufftHandle plan, cufftComplex* idata, cufftComplex* odata,
                                         int direction) {
    return execute(plan, idata, odata, Transform::complex, false, direction);
}
ACC_LIBRARY_API cufftResult cufftExecR2C(cufftHandle plan, cufftReal* idata, cufftComplex* odata) {
    return execute(plan, idata, odata, Transform::to_complex, false, CUFFT_FORWARD);
}
ACC_LIBRARY_API cufftResult cufftExecC2R(cufftHandle plan, cufftComplex* idata, cufftReal* odata) {
    return execute(plan, idata, odata, Transform::to_real, false, CUFFT_INVERSE);
}
ACC_LIBRARY_API cufftResult cufftExecZ2Z(cufftHandle plan, cufftDoubleComplex* idata,
                                         cufftDoubleComplex* odata, int direction) {
    return execute(plan, idata, odata, Transform::complex, true, direction);
}
ACC_LIBRARY_API cufftResult cufftExecD2Z(cufftHandle plan, cufftDoubleReal* idata,
                                         cufftDoubleComplex* odata) {
    return execute(plan, idata, odata, Transform::to_complex, true, CUFFT_FORWARD);
}
ACC_LIBRARY_API cufftResult cufftExecZ2D(cufftHandle plan, cufftDoubleComplex* idata,
                                         cufftDoubleReal* odata) {
    return execute(plan, idata, odata, Transform::to_real, true, CUFFT_INVERSE);
}

ACC_LIBRARY_API cufftResult cufftXtExec(cufftHandle handle, void* input, void* output,
                                        int direction) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    const bool complex = plan->problem.transform == Transform::complex;
    // Of real transforms the direction is the only one that there is.
    if (complex && direction != CUFFT_FORWARD && direction != CUFFT_INVERSE)
        return CUFFT_INVALID_VALUE;
    return plan->execute(input, output, complex && direction == CUFFT_INVERSE);
}

ACC_LIBRARY_API cufftResult cufftSetStream(cufftHandle handle, cudaStream_t stream) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan) return CUFFT_INVALID_PLAN;
    plan->stream = stream;
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftGetSize(cufftHandle handle, size_t* workSize) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    if (workSize == nullptr) return CUFFT_INVALID_VALUE;
    *workSize = plan->work_size;
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftSetWorkArea(cufftHandle handle, void* workArea) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    plan->user_work = workArea;
    if (workArea != nullptr) {
        cudaFree(plan->own_work);
        plan->own_work = nullptr;
    }
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftSetAutoAllocation(cufftHandle handle, int autoAllocate) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan) return CUFFT_INVALID_PLAN;
    if (plan->made) return CUFFT_INVALID_VALUE; // documented as before the plan is made
    plan->auto_allocate = autoAllocate != 0;
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftGetVersion(int* version) {
    if (version == nullptr) return CUFFT_INVALID_VALUE;
    *version = CUFFT_VERSION;
    return CUFFT_SUCCESS;
}

ACC_LIBRARY_API cufftResult cufftGetProperty(libraryPropertyType type, int* value) {
    if (value == nullptr) return CUFFT_INVALID_VALUE;
    switch (type) {
    case MAJOR_VERSION: *value = CUFFT_VER_MAJOR; return CUFFT_SUCCESS;
    case MINOR_VERSION: *value = CUFFT_VER_MINOR; return CUFFT_SUCCESS;
    case PATCH_LEVEL: *value = CUFFT_VER_PATCH; return CUFFT_SUCCESS;
    default: return CUFFT_INVALID_TYPE;
    }
}

namespace {
/// The place of a property, which nothing but its getter looks at; null: no such property.
long long* property_of(Plan& plan, cufftProperty property) {
    switch (property) {
    case NVFFT_PLAN_PROPERTY_INT64_PATIENT_JIT: return &plan.patient_jit;
    case NVFFT_PLAN_PROPERTY_INT64_MAX_NUM_HOST_THREADS: return &plan.host_threads;
    }
    return nullptr;
}
} // namespace

ACC_LIBRARY_API cufftResult cufftSetPlanPropertyInt64(cufftHandle handle, cufftProperty property,
                                                      const long long int inputValueInt) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || plan->made) return CUFFT_INVALID_PLAN;
    long long* place = property_of(*plan, property);
    if (place == nullptr) return CUFFT_NOT_SUPPORTED;
    *place = inputValueInt;
    return CUFFT_SUCCESS;
}
ACC_LIBRARY_API cufftResult cufftGetPlanPropertyInt64(cufftHandle handle, cufftProperty property,
                                                      long long int* returnPtrValue) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan) return CUFFT_INVALID_PLAN;
    long long* place = property_of(*plan, property);
    if (place == nullptr) return CUFFT_NOT_SUPPORTED;
    if (returnPtrValue == nullptr) return CUFFT_INVALID_VALUE;
    *returnPtrValue = *place;
    return CUFFT_SUCCESS;
}
ACC_LIBRARY_API cufftResult cufftResetPlanProperty(cufftHandle handle, cufftProperty property) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || plan->made) return CUFFT_INVALID_PLAN;
    long long* place = property_of(*plan, property);
    if (place == nullptr) return CUFFT_NOT_SUPPORTED;
    *place = property == NVFFT_PLAN_PROPERTY_INT64_MAX_NUM_HOST_THREADS ? 1 : 0;
    return CUFFT_SUCCESS;
}
