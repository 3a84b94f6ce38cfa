// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Error codes: names and texts, the thread's last error, and what core's statuses become.
#include <atomic>
#include <new>
#include <stdexcept>
#include <string_view>

#include "runtime/core/log.h"
#include "runtime/cuda/api.h"
#include "runtime/cuda/error_table.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {
namespace {

using rt::Status;

constexpr ErrorRow kRows[] = {
#include "runtime/cuda/error_table.inc"
};

struct StatusRow {
    Status status;
    cudaError_t error;
};

// One row per Status. Order is that of the enumeration; checked below.
constexpr StatusRow kStatuses[] = {
    {Status::Success, cudaSuccess},
    {Status::InvalidValue, cudaErrorInvalidValue},
    {Status::OutOfMemory, cudaErrorMemoryAllocation},
    {Status::NotInitialized, cudaErrorInitializationError},
    {Status::Deinitialized, cudaErrorCudartUnloading},
    {Status::NoDevice, cudaErrorNoDevice},
    {Status::InvalidDevice, cudaErrorInvalidDevice},
    {Status::DeviceUninitialized, cudaErrorDeviceUninitialized},
    {Status::InvalidHandle, cudaErrorInvalidResourceHandle},
    {Status::InvalidPointer, cudaErrorInvalidValue},
    {Status::InvalidMemcpyKind, cudaErrorInvalidMemcpyDirection},
    {Status::InvalidChannelDescriptor, cudaErrorInvalidChannelDescriptor},
    {Status::InvalidTexture, cudaErrorInvalidTexture},
    {Status::InvalidTextureBinding, cudaErrorInvalidTextureBinding},
    {Status::InvalidSurface, cudaErrorInvalidSurface},
    {Status::InvalidFilterSetting, cudaErrorInvalidFilterSetting},
    {Status::InvalidNormSetting, cudaErrorInvalidNormSetting},
    {Status::InvalidSymbol, cudaErrorInvalidSymbol},
    {Status::InvalidKernel, cudaErrorInvalidDeviceFunction},
    {Status::InvalidConfiguration, cudaErrorInvalidConfiguration},
    {Status::LaunchOutOfResources, cudaErrorLaunchOutOfResources},
    {Status::CooperativeTooLarge, cudaErrorCooperativeLaunchTooLarge},
    {Status::InvalidClusterSize, cudaErrorInvalidClusterSize},
    {Status::InvalidPtx, cudaErrorInvalidPtx},
    {Status::UnsupportedPtxVersion, cudaErrorUnsupportedPtxVersion},
    {Status::CompilerNotFound, cudaErrorJitCompilerNotFound},
    {Status::InvalidImage, cudaErrorInvalidKernelImage},
    {Status::NoKernelImage, cudaErrorNoKernelImageForDevice},
    {Status::IllegalAddress, cudaErrorIllegalAddress},
    {Status::MisalignedAddress, cudaErrorMisalignedAddress},
    {Status::IllegalInstruction, cudaErrorIllegalInstruction},
    {Status::InvalidPc, cudaErrorInvalidPc},
    {Status::HardwareStackError, cudaErrorHardwareStackError},
    {Status::Assert, cudaErrorAssert},
    {Status::LaunchFailure, cudaErrorLaunchFailure},
    {Status::LaunchTimeout, cudaErrorLaunchTimeout},
    {Status::EccUncorrectable, cudaErrorECCUncorrectable},
    {Status::DeviceUnavailable, cudaErrorDevicesUnavailable},
    {Status::NotReady, cudaErrorNotReady},
    {Status::NotSupported, cudaErrorNotSupported},
    {Status::NotPermitted, cudaErrorNotPermitted},
    {Status::AlreadyMapped, cudaErrorAlreadyMapped},
    {Status::NotMapped, cudaErrorNotMapped},
    {Status::HostMemoryAlreadyRegistered, cudaErrorHostMemoryAlreadyRegistered},
    {Status::HostMemoryNotRegistered, cudaErrorHostMemoryNotRegistered},
    {Status::PeerAccessUnsupported, cudaErrorPeerAccessUnsupported},
    {Status::PeerAccessAlreadyEnabled, cudaErrorPeerAccessAlreadyEnabled},
    {Status::PeerAccessNotEnabled, cudaErrorPeerAccessNotEnabled},
    {Status::SystemNotReady, cudaErrorSystemNotReady},
    {Status::StreamCaptureUnsupported, cudaErrorStreamCaptureUnsupported},
    {Status::StreamCaptureInvalidated, cudaErrorStreamCaptureInvalidated},
    {Status::StreamCaptureMerge, cudaErrorStreamCaptureMerge},
    {Status::StreamCaptureUnmatched, cudaErrorStreamCaptureUnmatched},
    {Status::StreamCaptureUnjoined, cudaErrorStreamCaptureUnjoined},
    {Status::StreamCaptureIsolation, cudaErrorStreamCaptureIsolation},
    {Status::StreamCaptureImplicit, cudaErrorStreamCaptureImplicit},
    {Status::StreamCaptureWrongThread, cudaErrorStreamCaptureWrongThread},
    {Status::CapturedEvent, cudaErrorCapturedEvent},
    {Status::IllegalState, cudaErrorIllegalState},
    {Status::LossyQuery, cudaErrorLossyQuery},
    {Status::GraphExecUpdateFailure, cudaErrorGraphExecUpdateFailure},
    {Status::OperatingSystem, cudaErrorOperatingSystem},
    {Status::NoSuchName, cudaErrorSymbolNotFound},
    {Status::FileNotFound, cudaErrorFileNotFound},
    {Status::Unknown, cudaErrorUnknown},
};

constexpr bool in_order() {
    for (unsigned i = 0; i < std::size(kStatuses); ++i)
        if (static_cast<unsigned>(kStatuses[i].status) != i) return false;
    return true;
}
static_assert(in_order() && std::size(kStatuses) == static_cast<unsigned>(Status::Unknown) + 1);

/// A person must see these without asking for a log: the program cannot do what it was written for.
/// Device faults are logged where they are found, once.
bool stops_a_program(Status status, std::string_view function) {
    switch (status) {
    case Status::InvalidValue:
        return function.find("Launch") != function.npos; // launches are often not checked
    case Status::InvalidKernel:
    case Status::InvalidSymbol:
    case Status::InvalidConfiguration:
    case Status::LaunchOutOfResources:
    case Status::CooperativeTooLarge:
    case Status::InvalidClusterSize:
    case Status::InvalidPtx:
    case Status::UnsupportedPtxVersion:
    case Status::CompilerNotFound:
    case Status::InvalidImage:
    case Status::NoKernelImage:
    case Status::NotSupported:
    case Status::SystemNotReady:
    case Status::Unknown: return true;
    default: return false;
    }
}

/// Most programs that find no memory end, and the message says what gives them more; some ask until
/// nothing is left.
bool first_out_of_memory() {
    static std::atomic<bool> said = false;
    return !said.exchange(true, std::memory_order_relaxed);
}

} // namespace

const ErrorRow* error_row(int code) {
    for (const ErrorRow& row : kRows)
        if (row.code == code) return &row;
    return nullptr;
}

cudaError_t to_cuda(Status status) {
    return kStatuses[static_cast<unsigned>(status)].error;
}

void set_last_error(cudaError_t error) noexcept {
    thread_state().last_error = error;
}

Status log_caught(const char* function) noexcept {
    try {
        throw;
    } catch (const rt::Error& error) {
        const bool seen = stops_a_program(error.status(), function) ||
                          (error.status() == Status::OutOfMemory && first_out_of_memory());
        const auto level = seen ? spdlog::level::err : spdlog::level::debug;
        rt::log().log(level, "{}: {}", function, error.what());
        return error.status();
    } catch (const std::bad_alloc&) {
        rt::log().debug("{}: the host is out of memory", function);
        return Status::OutOfMemory;
    } catch (const std::exception& error) {
        rt::log().error("{}: {}", function, error.what());
        return Status::Unknown;
    } catch (...) {
        return Status::Unknown;
    }
}

void trace_call(const char* function, const char* result) noexcept {
    rt::trace("{}: {}", function, result != nullptr ? result : "an unknown code");
}

void trace_call(const char* function, cudaError_t result) noexcept {
    trace_call(function, cudaGetErrorName(result));
}

cudaError_t caught(const char* function) noexcept {
    return failed(to_cuda(log_caught(function)));
}

cudaError_t failed(cudaError_t error) noexcept {
    // An answer, not an error: programs ask an event and check cudaGetLastError after the next
    // call.
    if (error != cudaErrorNotReady) set_last_error(error);
    return error;
}

} // namespace acc::cuda

using namespace acc::cuda;

// Called by the generated stubs (scripts/gen/cuda_api.py).
cudaError_t acc_api_unsupported_runtime(const char* name, bool first) {
    if (first) acc::rt::log().error("{} is not supported", name);
    return failed(cudaErrorNotSupported);
}

cudaError_t acc_api_invalid_runtime(const char* name, const char* parameter) {
    return guard(name, [&] {
        acc::rt::fail(acc::rt::Status::InvalidValue, "{} is null or has an invalid value",
                      parameter);
    });
}

ACC_API cudaError_t cudaGetLastError(void) {
    const cudaError_t error = cudaPeekAtLastError();
    set_last_error(cudaSuccess);
    return error;
}

ACC_API cudaError_t cudaPeekAtLastError(void) {
    const cudaError_t error = thread_state().last_error;
    // A device fault stays the answer until the device is reset, whoever asked first.
    return error != cudaSuccess ? error : to_cuda(sticky_status());
}

ACC_API const char* cudaGetErrorName(cudaError_t error) {
    const ErrorRow* row = error_row(error);
    return row != nullptr && row->runtime_name != nullptr ? row->runtime_name
                                                          : "unrecognized error code";
}

ACC_API const char* cudaGetErrorString(cudaError_t error) {
    const ErrorRow* row = error_row(error);
    return row != nullptr && row->runtime_name != nullptr ? row->text : "unrecognized error code";
}
