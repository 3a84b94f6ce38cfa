// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device functions of the user's that load and store elements. A plan with one has a step of its
// own for them.
#include "runtime/lib/fft/plan.h"

#include "runtime/lib/common/api.h"

namespace acc::fft {
namespace {

constexpr size_t kMostShared = 16 * 1024; // documented

/// The place of a plan's callback of that type; null: the plan's elements are others.
Callback* callback_of(Plan& plan, cufftXtCallbackType type) {
    const bool store = type >= CUFFT_CB_ST_COMPLEX;
    const int kind = int(type) - (store ? CUFFT_CB_ST_COMPLEX : CUFFT_CB_LD_COMPLEX);
    const bool real = kind >= CUFFT_CB_LD_REAL, twice = kind % 2 != 0;
    const Layout& layout = store ? plan.problem.out : plan.problem.in;
    if (layout.real != real || plan.problem.twice != twice || layout.element == Element::half)
        return nullptr;
    return store ? &plan.store : &plan.load;
}

/// Changes the callback of that type.
template <class Change>
cufftResult change(cufftHandle handle, cufftXtCallbackType type, Change change) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || !plan->made) return CUFFT_INVALID_PLAN;
    if (type < CUFFT_CB_LD_COMPLEX || type >= CUFFT_CB_UNDEFINED) return CUFFT_INVALID_VALUE;
    Callback* callback = callback_of(*plan, type);
    if (callback == nullptr) return CUFFT_INVALID_TYPE;
    const cufftResult result = change(*callback);
    plan->forget_schedules();
    return result;
}

} // namespace
} // namespace acc::fft

using namespace acc::fft;

ACC_LIBRARY_API cufftResult cufftXtSetCallback(cufftHandle plan, void** callback_routine,
                                               cufftXtCallbackType cbType, void** caller_info) {
    return change(plan, cbType, [&](Callback& callback) {
        if (callback_routine == nullptr || *callback_routine == nullptr) return CUFFT_INVALID_VALUE;
        callback.function = *callback_routine;
        callback.info = caller_info != nullptr ? *caller_info : nullptr;
        return CUFFT_SUCCESS;
    });
}

ACC_LIBRARY_API cufftResult cufftXtClearCallback(cufftHandle plan, cufftXtCallbackType cbType) {
    return change(plan, cbType, [&](Callback& callback) {
        callback = {};
        return CUFFT_SUCCESS;
    });
}

ACC_LIBRARY_API cufftResult cufftXtSetCallbackSharedSize(cufftHandle plan,
                                                         cufftXtCallbackType cbType,
                                                         size_t sharedSize) {
    return change(plan, cbType, [&](Callback& callback) {
        if (sharedSize > kMostShared) return CUFFT_INVALID_VALUE;
        callback.shared_size = static_cast<unsigned int>(sharedSize);
        return CUFFT_SUCCESS;
    });
}
