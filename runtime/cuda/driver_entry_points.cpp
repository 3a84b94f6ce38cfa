// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of the driver API by name and release: cuGetProcAddress and the runtime API's two forms
// of it (CUDA C++ Programming Guide, "Driver Entry Point Access").
#include <algorithm>
#include <span>
#include <string_view>

#include "runtime/cuda/driver.h"

using namespace acc::cuda;

namespace acc::cuda {

/// One form of a function.
struct DriverEntryPoint {
    std::string_view name; ///< without _v2 and its kin
    int release;           ///< the first that has this form: 12000 for 12.0
    void* function;
    void* per_thread; ///< for per-thread default streams; null when that makes no difference
};

namespace {

// kEntryPoints, sorted by name, then release (generated from the API table).
#include "driver_entry_points.inc"

/// The release that brought the forms for per-thread default streams.
constexpr int kPerThreadRelease = 7000;

struct Found {
    void* function = nullptr;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
};

/// The newest form of `name` that `release` has.
Found find_entry_point(std::string_view name, int release, bool per_thread) {
    Found found;
    for (const DriverEntryPoint& entry :
         std::ranges::equal_range(kEntryPoints, name, {}, &DriverEntryPoint::name)) {
        const bool own = per_thread && entry.per_thread;
        if (std::max(entry.release, own ? kPerThreadRelease : 0) <= release)
            found = {own ? entry.per_thread : entry.function, CU_GET_PROC_ADDRESS_SUCCESS};
        else if (!found.function)
            found.status = CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT;
    }
    return found;
}

} // namespace
} // namespace acc::cuda

ACC_API CUresult cuGetProcAddress_v2(const char* symbol, void** pfn, int release, cuuint64_t flags,
                                     CUdriverProcAddressQueryResult* status) {
    if (symbol == nullptr || pfn == nullptr || release <= 0 ||
        flags > CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM)
        return CUDA_ERROR_INVALID_VALUE;
    const Found found = find_entry_point(symbol, release,
                                         flags == CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM);
    *pfn = found.function;
    if (status != nullptr) *status = found.status;
    return found.function || status ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}

ACC_API cudaError_t cudaGetDriverEntryPointByVersion(const char* symbol, void** function,
                                                     unsigned release, unsigned long long flags,
                                                     cudaDriverEntryPointQueryResult* status) {
    return guard(__func__, [&] {
        require(symbol, "symbol");
        require(function, "funcPtr");
        if (release == 0 || release > 0x7fffffffu || flags > cudaEnablePerThreadDefaultStream)
            return cudaErrorInvalidValue;
        const Found found = find_entry_point(symbol, static_cast<int>(release),
                                             flags == cudaEnablePerThreadDefaultStream);
        *function = found.function;
        if (status != nullptr) *status = static_cast<cudaDriverEntryPointQueryResult>(found.status);
        return found.function || status ? cudaSuccess : cudaErrorSymbolNotFound;
    });
}

ACC_API cudaError_t cudaGetDriverEntryPoint(const char* symbol, void** function,
                                            unsigned long long flags,
                                            cudaDriverEntryPointQueryResult* status) {
    return cudaGetDriverEntryPointByVersion(symbol, function, CUDART_VERSION, flags, status);
}
