// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/copy.h"

#include <cstring>
#include <limits>

#include "runtime/core/log.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

enum class Access { Read, Write };

const char* to_string(CopyKind kind) {
    switch (kind) {
    case CopyKind::HostToHost: return "host to host";
    case CopyKind::HostToDevice: return "host to device";
    case CopyKind::DeviceToHost: return "device to host";
    case CopyKind::DeviceToDevice: return "device to device";
    case CopyKind::Default: break;
    }
    return "either way";
}

/// One side of a copy: where the host reaches it, and the device if it can.
struct Side {
    uint8_t* host = nullptr;
    uint64_t va = 0;          ///< 0: the device cannot reach it
    bool device = false;      ///< only the device's address is valid for the program
    Context* other = nullptr; ///< device memory of another context: only the host reaches both
};

/// What a side of a copy may be: programs neither read nor write the runtime's own memory, and do
/// not write code.
void check_access(const Allocation& allocation, uint64_t address, Access access, const char* role) {
    if (is_internal(allocation.kind))
        fail(Status::InvalidValue,
             "copy or fill: the {} {:#x} is not in any allocation of the program", role, address);
    if (access == Access::Write && !allocation.writable)
        fail(Status::InvalidValue,
             "copy or fill: the {} {:#x} is code or read-only data of a module", role, address);
}

Side resolve_in_window(Context& context, uint64_t address, size_t bytes, Access access) {
    const char* role = access == Access::Write ? "destination" : "source";
    const auto allocation = context.memory().find(address);
    if (!allocation)
        fail(Status::InvalidValue,
             "copy or fill: the {} {:#x} is not in any allocation (freed before?)", role, address);
    const uint64_t offset = address - allocation->va;
    if (bytes > allocation->bytes - offset)
        fail(Status::InvalidValue,
             "copy or fill: the {} {:#x} has {} bytes left in its allocation, {} are needed", role,
             address, allocation->bytes - offset, bytes);
    check_access(*allocation, address, access, role);
    const bool device = allocation->kind == MemoryKind::Device ||
                        allocation->kind == MemoryKind::Module;
    return {allocation->host + offset, address, device};
}

/// `alive`: held when there are several contexts.
Side resolve(Context& context, const void* pointer, size_t bytes, Access access,
             const Context::Alive& alive) {
    const auto address = reinterpret_cast<uint64_t>(pointer);
    if (context.memory().in_window(address))
        return resolve_in_window(context, address, bytes, access);
    if (pointer == nullptr)
        fail(Status::InvalidValue, "copy or fill: the {} is a null pointer",
             access == Access::Write ? "destination" : "source");
    if (Context* other = alive ? Context::at_address(address) : nullptr) {
        Side side = resolve_in_window(*other, address, bytes, access);
        side.va = 0;
        side.other = side.device ? other : nullptr; // pinned memory is host memory to this context
        return side;
    }
    uint64_t va = 0;
    if (const auto registered = context.host_memory().find(pointer);
        registered && bytes <= registered->host + registered->bytes - address)
        va = registered->va + (address - registered->host);
    return {const_cast<uint8_t*>(static_cast<const uint8_t*>(pointer)), va, false};
}

Context::Alive alive_if_several() {
    return Context::several() ? Context::keep_alive() : Context::Alive();
}

void check_kind(CopyKind kind, const Side& dst, const Side& src) {
    const bool dst_host = kind == CopyKind::HostToHost || kind == CopyKind::DeviceToHost;
    const bool src_host = kind == CopyKind::HostToHost || kind == CopyKind::HostToDevice;
    if (kind == CopyKind::Default) return;
    if ((dst_host && dst.device) || (!dst_host && dst.va == 0 && !dst.device))
        fail(Status::InvalidValue,
             "copy: the destination is {} memory, the stated direction says otherwise",
             dst.device ? "device" : "host");
    if ((src_host && src.device) || (!src_host && src.va == 0 && !src.device))
        fail(Status::InvalidValue,
             "copy: the source is {} memory, the stated direction says otherwise",
             src.device ? "device" : "host");
}

struct Pair {
    Side to, from;
    Context::Alive alive; ///< held when a side is another context's
    /// Both sides are reachable by the device.
    bool reachable() const { return to.va != 0 && from.va != 0; }
    bool on_device() const { return to.device && from.device && reachable(); }
};

/// Waits until the host may copy: for the stream, and for all work of the other contexts that the
/// sides belong to.
void wait_for_host_copy(Stream& stream, const Pair& pair) {
    stream.synchronize();
    for (Context* other : {pair.to.other, pair.from.other})
        if (other != nullptr) other->synchronize();
}

/// Both sides of a copy, checked against the direction that the caller states.
Pair resolve_pair(Context& context, void* dst, size_t dst_bytes, const void* src, size_t src_bytes,
                  CopyKind kind) {
    auto alive = alive_if_several();
    Pair pair{resolve(context, dst, dst_bytes, Access::Write, alive),
              resolve(context, src, src_bytes, Access::Read, alive),
              {}};
    check_kind(kind, pair.to, pair.from);
    if (pair.to.other != nullptr || pair.from.other != nullptr) pair.alive = std::move(alive);
    return pair;
}

uint64_t submit_linear(Stream& stream, const Side& dst, const Side& src, size_t bytes) {
    acc_packet_copy packet{};
    packet.header.type = ACC_PKT_COPY;
    packet.dst = dst.va;
    packet.src = src.va;
    packet.bytes = bytes;
    return stream.submit(packet);
}

void copy_rows(const RectCopy& rect, uint8_t* dst, const uint8_t* src) {
    for (size_t z = 0; z < rect.depth; ++z)
        for (size_t y = 0; y < rect.height; ++y)
            std::memmove(dst + (z * rect.dst_slice + y) * rect.dst_pitch,
                         src + (z * rect.src_slice + y) * rect.src_pitch, rect.width);
}

bool fits_packet(const RectCopy& rect) {
    constexpr size_t limit = std::numeric_limits<uint32_t>::max();
    return rect.width <= limit && rect.height <= limit && rect.depth <= limit &&
           rect.dst_pitch <= limit && rect.src_pitch <= limit && rect.dst_slice <= limit &&
           rect.src_slice <= limit;
}

void submit_rect(Stream& stream, const RectCopy& rect, const Side& dst, const Side& src) {
    acc_packet_copy_rect packet{};
    packet.header.type = ACC_PKT_COPY_RECT;
    packet.width = static_cast<uint32_t>(rect.width);
    packet.height = static_cast<uint32_t>(rect.height);
    packet.depth = static_cast<uint32_t>(rect.depth);
    packet.dst = dst.va;
    packet.src = src.va;
    packet.dst_pitch = static_cast<uint32_t>(rect.dst_pitch);
    packet.src_pitch = static_cast<uint32_t>(rect.src_pitch);
    packet.dst_slice = static_cast<uint32_t>(rect.dst_slice);
    packet.src_slice = static_cast<uint32_t>(rect.src_slice);
    stream.submit(packet);
}

} // namespace

size_t rect_extent(size_t width, size_t height, size_t depth, size_t pitch, size_t slice) {
    size_t rows = 0, bytes = 0;
    if (__builtin_mul_overflow(depth - 1, slice, &rows) ||
        __builtin_add_overflow(rows, height - 1, &rows) ||
        __builtin_mul_overflow(rows, pitch, &bytes) || __builtin_add_overflow(bytes, width, &bytes))
        fail(Status::InvalidValue,
             "copy or fill: {} planes of {} rows of {} bytes, {} bytes from row to row and {} rows "
             "from plane to plane, are more than any memory",
             depth, height, width, pitch, slice);
    return bytes;
}

void check_device_range(Context& context, const void* dst, size_t bytes) {
    if (resolve(context, dst, bytes, Access::Write, alive_if_several()).va == 0)
        fail(Status::InvalidValue, "fill: {} is not memory of this context's device", dst);
}

void copy(Stream& stream, void* dst, const void* src, size_t bytes, CopyKind kind) {
    if (bytes == 0) return;
    trace("copy {} bytes to {} from {} {} stream {}", bytes, dst, src, to_string(kind),
          stream.id());
    const Pair pair = resolve_pair(stream.context(), dst, bytes, src, bytes, kind);
    if (pair.on_device()) {
        submit_linear(stream, pair.to, pair.from, bytes);
        return;
    }
    wait_for_host_copy(stream, pair);
    std::memmove(pair.to.host, pair.from.host, bytes);
}

void copy_async(Stream& stream, void* dst, const void* src, size_t bytes, CopyKind kind) {
    if (bytes == 0) return;
    trace("copy {} bytes to {} from {} {} stream {} asynchronous", bytes, dst, src, to_string(kind),
          stream.id());
    const Pair pair = resolve_pair(stream.context(), dst, bytes, src, bytes, kind);
    if (pair.reachable()) {
        submit_linear(stream, pair.to, pair.from, bytes);
    } else if (pair.to.va != 0 && pair.from.other == nullptr && bytes <= Queue::kStagingLimit) {
        stream.submit_staged_copy(pair.to.va, pair.from.host, static_cast<uint32_t>(bytes));
    } else {
        wait_for_host_copy(stream, pair);
        std::memmove(pair.to.host, pair.from.host, bytes);
    }
}

void copy_rect(Stream& stream, const RectCopy& rect, CopyKind kind, bool async) {
    if (rect.width == 0 || rect.height == 0 || rect.depth == 0) return;
    trace(
        "copy {} planes of {} rows of {} bytes to {} (pitch {}) from {} (pitch {}) {} stream {}{}",
        rect.depth, rect.height, rect.width, rect.dst, rect.dst_pitch, rect.src, rect.src_pitch,
        to_string(kind), stream.id(), async ? " asynchronous" : "");
    if ((rect.height > 1 || rect.depth > 1) &&
        (rect.dst_pitch < rect.width || rect.src_pitch < rect.width))
        fail(Status::InvalidValue, "copy: pitches {} and {} must be at least the width {}",
             rect.dst_pitch, rect.src_pitch, rect.width);
    const Pair pair = resolve_pair(
        stream.context(), rect.dst,
        rect_extent(rect.width, rect.height, rect.depth, rect.dst_pitch, rect.dst_slice), rect.src,
        rect_extent(rect.width, rect.height, rect.depth, rect.src_pitch, rect.src_slice), kind);
    if (pair.reachable() && fits_packet(rect) && (async || pair.on_device())) {
        submit_rect(stream, rect, pair.to, pair.from);
        return;
    }
    wait_for_host_copy(stream, pair);
    copy_rows(rect, pair.to.host, pair.from.host);
}

void fill(Stream& stream, void* dst, uint32_t value, uint32_t element_bytes, size_t width,
          size_t height, size_t pitch, bool async) {
    if (width == 0 || height == 0) return;
    trace("fill {} rows of {} bytes at {} (pitch {}) with {:#x} stream {}", height, width, dst,
          pitch, value, stream.id());
    if (height > 1 && pitch < width)
        fail(Status::InvalidValue, "fill: the pitch {} must be at least the width {}", pitch,
             width);
    if (height > std::numeric_limits<uint32_t>::max())
        fail(Status::InvalidValue, "fill: {} rows are too many", height);
    const Side to = resolve(stream.context(), dst, rect_extent(width, height, 1, pitch, 0),
                            Access::Write, alive_if_several());
    if (to.va == 0)
        fail(Status::InvalidValue, "fill: {} is not memory of this context's device", dst);
    if (to.va % element_bytes != 0 || width % element_bytes != 0 ||
        (height > 1 && pitch % element_bytes != 0))
        fail(Status::InvalidValue,
             "fill: address, width and pitch must be multiples of the element's {} bytes",
             element_bytes);
    acc_packet_fill packet{};
    packet.header.type = ACC_PKT_FILL;
    packet.pattern = value;
    packet.dst = to.va;
    packet.width = width;
    packet.pitch = pitch;
    packet.height = static_cast<uint32_t>(height);
    packet.element_bytes = element_bytes;
    stream.submit(packet);
    // Memory the host sees directly: the program may look at it as soon as a synchronous fill
    // returns.
    if (!async && !to.device) stream.synchronize();
}

} // namespace acc::rt
