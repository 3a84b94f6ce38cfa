// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Errors inside the runtime: an exception with a code and a text that says what, where and what to
// do. The API edge (runtime/cuda) maps the code to the documented CUDA error.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace acc::rt {

/// What went wrong, in the runtime's own terms; one CUDA error code each.
enum class Status {
    Success,
    InvalidValue, ///< an argument is out of range
    OutOfMemory,  ///< device or host memory, or address space, is used up
    NotInitialized,
    Deinitialized, ///< the process is exiting
    NoDevice,
    InvalidDevice,            ///< no such device number
    DeviceUninitialized,      ///< a handle for other processes is opened by the one that made it
    InvalidHandle,            ///< stream, event or module handle that does not exist
    InvalidPointer,           ///< a pointer that is not an allocation of ours
    InvalidMemcpyKind,        ///< direction does not fit the pointers
    InvalidChannelDescriptor, ///< no elements of this format
    InvalidTexture,           ///< not a texture reference
    InvalidTextureBinding,    ///< a texture reference that nothing is bound to
    InvalidSurface,           ///< not a surface reference
    InvalidFilterSetting,     ///< linear filtering of elements that are read as integers
    InvalidNormSetting,       ///< elements that cannot be read as fractions
    InvalidSymbol,            ///< host variable that no loaded module knows
    InvalidKernel,            ///< host function that no loaded module knows
    InvalidConfiguration,     ///< grid, block or shared memory sizes
    LaunchOutOfResources,     ///< too many registers or too much shared memory for this block size
    CooperativeTooLarge,
    InvalidClusterSize,
    InvalidPtx, ///< PTX that does not compile
    UnsupportedPtxVersion,
    CompilerNotFound,   ///< there is no compiler for PTX
    InvalidImage,       ///< malformed code object or fat binary
    NoKernelImage,      ///< nothing in the fat binary is for this device
    IllegalAddress,     ///< fault: unmapped or protected address, bad shared or local range
    MisalignedAddress,  ///< fault
    IllegalInstruction, ///< fault
    InvalidPc,          ///< fault
    HardwareStackError, ///< fault: stack overflow
    Assert,             ///< fault: device assertion
    LaunchFailure,      ///< fault: anything else
    LaunchTimeout,
    EccUncorrectable,
    DeviceUnavailable, ///< the device is gone: unplugged, or it does not answer any more
    NotReady,          ///< work is still running: not a failure
    NotSupported,
    NotPermitted,
    AlreadyMapped,
    NotMapped,
    HostMemoryAlreadyRegistered,
    HostMemoryNotRegistered,
    PeerAccessUnsupported,
    PeerAccessAlreadyEnabled,
    PeerAccessNotEnabled,
    SystemNotReady,           ///< the backend could not be opened
    StreamCaptureUnsupported, ///< what a stream that captures cannot do, or nobody meanwhile
    StreamCaptureInvalidated, ///< an error before has made the capture useless
    StreamCaptureMerge,       ///< two captures would become one
    StreamCaptureUnmatched,   ///< the capture was begun in another stream
    StreamCaptureUnjoined, ///< a stream that was drawn in has work that the first does not wait for
    StreamCaptureIsolation,   ///< the capture would depend on work outside
    StreamCaptureImplicit,    ///< the legacy stream would have to wait for a capture
    StreamCaptureWrongThread, ///< another thread began the capture
    CapturedEvent,            ///< the event stands for captured work
    IllegalState,             ///< the object cannot do this now
    LossyQuery,               ///< the form of the question has no room for the answer
    GraphExecUpdateFailure,   ///< the change is more than an instantiated graph takes
    OperatingSystem,          ///< a file could not be written
    NoSuchName,               ///< a module has no symbol of that name
    FileNotFound,
    Unknown,
};

class Error : public std::runtime_error {
  public:
    Error(Status status, std::string what) : std::runtime_error(std::move(what)), status_(status) {}
    Status status() const { return status_; }

  private:
    Status status_;
};

/// Throws Error with a formatted text.
template <typename... Args>
[[noreturn]] void fail(Status status, fmt::format_string<Args...> text, Args&&... args) {
    throw Error(status, fmt::format(text, std::forward<Args>(args)...));
}

} // namespace acc::rt
