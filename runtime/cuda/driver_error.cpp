// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/log.h"
#include "runtime/cuda/driver.h"
#include "runtime/cuda/error_table.h"

namespace acc::cuda {
namespace {

std::atomic<bool> initialized{false};

} // namespace

CUresult to_driver(rt::Status status) {
    switch (status) {
    // Where the driver has no code of its own for what the runtime API tells apart:
    case rt::Status::InvalidConfiguration:
    case rt::Status::InvalidChannelDescriptor:
    case rt::Status::InvalidFilterSetting:
    case rt::Status::InvalidNormSetting:
    case rt::Status::InvalidMemcpyKind: return CUDA_ERROR_INVALID_VALUE;
    case rt::Status::InvalidSymbol: return CUDA_ERROR_NOT_FOUND;
    case rt::Status::InvalidTexture:
    case rt::Status::InvalidTextureBinding:
    case rt::Status::InvalidSurface:
    case rt::Status::InvalidKernel: return CUDA_ERROR_INVALID_HANDLE;
    // Everything else has the same number in both.
    default: return static_cast<CUresult>(to_cuda(status));
    }
}

CUresult caught_driver(const char* function) noexcept {
    try {
        throw;
    } catch (const DriverFailure& failure) {
        return failure.code;
    } catch (...) {
        return to_driver(log_caught(function));
    }
}

void trace_call(const char* function, CUresult result) noexcept {
    const ErrorRow* row = error_row(result);
    trace_call(function, row != nullptr ? row->driver_name : nullptr);
}

void require_init() {
    if (!initialized.load(std::memory_order_relaxed))
        throw DriverFailure{CUDA_ERROR_NOT_INITIALIZED};
}

void set_initialized() {
    initialized.store(true, std::memory_order_relaxed);
}

} // namespace acc::cuda

using namespace acc::cuda;

// Called by the generated stubs (scripts/gen/cuda_api.py).
CUresult acc_api_unsupported_driver(const char* name, bool first) {
    if (first) acc::rt::log().error("{} is not supported", name);
    return CUDA_ERROR_NOT_SUPPORTED;
}

CUresult acc_api_invalid_driver(const char* name, const char* parameter) {
    return driver_guard(name, [&] {
        acc::rt::fail(acc::rt::Status::InvalidValue, "{} is null or has an invalid value",
                      parameter);
    });
}

ACC_API CUresult cuGetErrorName(CUresult error, const char** name) {
    const ErrorRow* row = error_row(error);
    const char* found = row != nullptr ? row->driver_name : nullptr;
    if (name != nullptr) *name = found;
    return found != nullptr && name != nullptr ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

ACC_API CUresult cuGetErrorString(CUresult error, const char** text) {
    const ErrorRow* row = error_row(error);
    const char* found = row != nullptr && row->driver_name != nullptr ? row->text : nullptr;
    if (text != nullptr) *text = found;
    return found != nullptr && text != nullptr ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
