// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sets of events. The devices report none through this library, so none can be registered.
#include <algorithm>
#include <chrono>
#include <thread>

#include "runtime/lib/nvml/library.h"

using namespace acc::nvml;

struct nvmlEventSet_st {};

namespace {

std::mutex sets_mutex; // protects sets
std::vector<nvmlEventSet_t>& sets() {
    static auto& made = *new std::vector<nvmlEventSet_t>;
    return made;
}

bool is_set(nvmlEventSet_t set) {
    std::lock_guard lock(sets_mutex);
    return std::find(sets().begin(), sets().end(), set) != sets().end();
}

} // namespace

ACC_LIBRARY_API nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t* set) {
    return call([&] {
        if (set == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        auto made = std::make_unique<nvmlEventSet_st>();
        std::lock_guard lock(sets_mutex);
        sets().push_back(made.get());
        *set = made.release();
        return NVML_SUCCESS;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set) {
    return call([&] {
        std::lock_guard lock(sets_mutex);
        const auto at = std::find(sets().begin(), sets().end(), set);
        if (at == sets().end()) return NVML_ERROR_INVALID_ARGUMENT;
        delete *at;
        sets().erase(at);
        return NVML_SUCCESS;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t device,
                                                              unsigned long long* types) {
    return with(device, [&](const nvmlDevice_st&) { return give(types, nvmlEventTypeNone); });
}

ACC_LIBRARY_API nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long types,
                                                      nvmlEventSet_t set) {
    return with(device, [&](const nvmlDevice_st&) {
        if (!is_set(set)) return NVML_ERROR_INVALID_ARGUMENT;
        return types == nvmlEventTypeNone ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlEventSetWait(nvmlEventSet_t set, nvmlEventData_t* data,
                                              unsigned timeout_ms) {
    return call([&] {
        if (!is_set(set) || data == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        std::this_thread::sleep_for(std::chrono::milliseconds(timeout_ms));
        return NVML_ERROR_TIMEOUT;
    });
}

ACC_LIBRARY_API nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t* data,
                                                 unsigned timeout_ms) {
    return nvmlEventSetWait(set, data, timeout_ms);
}
