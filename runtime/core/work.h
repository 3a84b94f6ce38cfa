// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A piece of device work, as a value: a stream submits it at once, or hands it to a recorder; a
// queue turns a span of it into packets (queue.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <type_traits>
#include <variant>

#include "acc/spec/acc_code_object.h"
#include "acc/spec/acc_queue.h"

namespace acc::rt {

class Context;
class Kernel;
struct Timeline;

/// Where a kernel's arguments are: ready-made in one buffer, or each on its own, as callers have
/// them. A view: whoever keeps the work keeps what it points to (Recording makes copies).
struct KernelArguments {
    uint32_t bytes = 0;                      ///< of the parameter buffer
    const uint8_t* packed = nullptr;         ///< `bytes` bytes; null: they are in `separate`
    void* const* separate = nullptr;         ///< one pointer to each parameter's value
    std::span<const acc_kernel_param> where; ///< with `separate`: offset and size of each
    /// Fills a parameter buffer of `bytes` bytes.
    void write(uint8_t* to) const;
};

/// One side of a copy.
struct Place {
    uint64_t va = 0;         ///< 0: this context's device cannot reach it
    uint8_t* host = nullptr; ///< where the host reaches it
    bool device = false;     ///< device memory: for the program only the device's address is valid
    Context* foreign = nullptr; ///< device memory of another context; the caller keeps that alive
};

namespace work {

/// A kernel. The packet is complete but for kernarg and signal.
struct Launch {
    const Kernel* kernel = nullptr;
    acc_packet_dispatch packet{};
    KernelArguments arguments;
};

/// How a copy is done is decided when it is submitted (Stream::submit): by the device when it
/// reaches both sides; staged when the source is little host memory; else by the host, which waits
/// for the stream before.
struct Copy {
    Place to, from;
    size_t bytes = 0;
    /// The caller wants it done on return unless both sides are device memory: the host copies
    /// what it can reach.
    bool blocking = false;
};

/// `height` rows of `width` bytes in `depth` planes; else like Copy.
struct CopyRect {
    Place to, from;
    size_t width = 0, height = 1, depth = 1;
    size_t to_pitch = 0, from_pitch = 0; ///< bytes from row to row
    size_t to_slice = 0, from_slice = 0; ///< rows from plane to plane
    bool blocking = false;
};

/// `height` rows of `width` bytes filled with the low `element_bytes` (1, 2, 4) of `value`.
struct Fill {
    uint64_t to = 0;
    uint32_t value = 0, element_bytes = 1;
    uint64_t width = 0, pitch = 0; ///< bytes; width a multiple of the element
    uint32_t height = 1;
};

/// A function that the host runs when everything before is done; what comes after waits for it. A
/// view like KernelArguments: whoever keeps the work copies the function.
struct HostCall {
    const std::function<void()>* function = nullptr;
    bool even_after_fault = false; ///< run when the context is lost, too
    /// The runtime's own: runs beside the program's functions, which run one at a time.
    bool internal = false;
    /// What the program gave, when a graph can repeat it; the function calls it.
    void (*plain)(void*) = nullptr;
    void* data = nullptr;
};

/// Waits for the word of `bytes` (4, 8) at `address`: unless told otherwise until it is at least
/// `value` (unsigned).
struct Wait {
    uint64_t address = 0, value = 0;
    uint32_t condition = ACC_WAIT_GEU; ///< ACC_WAIT_*
    uint32_t bytes = 8;
};

/// Stores `value` to the word of `bytes` (4, 8) at `address`.
struct Signal {
    uint64_t address = 0, value = 0;
    uint32_t bytes = 8;
};

/// Nothing, when everything before is done.
struct Barrier {};

/// Stores the device time in nanoseconds at `address`.
struct Timestamp {
    uint64_t address = 0;
};

} // namespace work

struct Work {
    std::variant<work::Launch, work::Copy, work::CopyRect, work::Fill, work::HostCall, work::Wait,
                 work::Signal, work::Barrier, work::Timestamp>
        what;
    /// Starts only when all earlier work of the queue is done.
    bool ordered = true;
    /// Somebody waits for this piece: the queue's timeline says when it, and all before it, is
    /// done. The last piece of a submission always signals.
    bool signal = false;
};

// Filling, passing and dropping one is nothing but its bytes: this is the launch path.
static_assert(std::is_trivially_copyable_v<Work> && std::is_trivially_destructible_v<Work>);

class CaptureMember;

/// What takes the work of a stream while it records.
class Recorder {
  public:
    virtual ~Recorder() = default;
    /// Takes copies. Throws Error(NotSupported) for what cannot be repeated.
    virtual void record(std::span<const Work> works) = 0;
    /// The program did with the stream what no recording can have. Throws the error that it gets.
    [[noreturn]] virtual void refuse(const char* what);
    /// The stream's part in a capture; null when this is none.
    virtual CaptureMember* capture() { return nullptr; }
};

} // namespace acc::rt
