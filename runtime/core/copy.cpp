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

/// One side of a copy, and the context that it is memory of when that is another one.
struct Side {
    Place place;
    Context::Pin other;
};

/// What a side of a copy may be: programs neither read nor write the runtime's own memory, and do
/// not write code.
void check_access(const Allocation& allocation, uint64_t address, Access access, const char* role) {
    if (is_internal(allocation.kind))
        fail(Status::InvalidValue,
             "copy or fill: the {} {:#x} is not in any allocation of the program", role, address);
    if (access == Access::Write && !allocation.writable)
        fail(Status::InvalidValue, "copy or fill: the {} {:#x} is read-only: {}", role, address,
             allocation.kind == MemoryKind::Module ? "code or read-only data of a module"
                                                   : "cuMemSetAccess gave no access to write");
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
    uint8_t* const host = allocation->host != nullptr ? allocation->host + offset : nullptr;
    return {{address, host, on_device(allocation->kind), nullptr}, {}};
}

/// True when the context's device can use memory of the other context under its address.
bool reaches(Context& context, Context& other, uint64_t address) {
    return context.shares_addresses(other) &&
           other.memory().is_seen_by(context.address_space(), address);
}

/// Memory of another context. Device memory without peer access, and pinned memory where devices do
/// not share addresses, the host copies.
Side resolve_foreign(Context& context, Context::Pin other, uint64_t address, size_t bytes,
                     Access access) {
    Side side = resolve_in_window(*other.get(), address, bytes, access);
    if (!reaches(context, *other.get(), address)) {
        side.place.va = 0;
        if (side.place.device) side.place.foreign = other.get();
    }
    side.other = std::move(other);
    return side;
}

/// True for an address of another context's memory.
bool is_elsewhere(const MemoryManager& memory, uint64_t address) {
    if (!Context::several()) return false;
    const MemoryManager* owner = memory.owner_at(address);
    return owner != nullptr && owner != &memory;
}

Side resolve(Context& context, const void* pointer, size_t bytes, Access access) {
    const auto address = reinterpret_cast<uint64_t>(pointer);
    if (context.memory().in_window(address) && !is_elsewhere(context.memory(), address))
        return resolve_in_window(context, address, bytes, access);
    if (pointer == nullptr)
        fail(Status::InvalidValue, "copy or fill: the {} is a null pointer",
             access == Access::Write ? "destination" : "source");
    if (Context::several()) {
        if (Context::Pin other = Context::pin_at(address))
            return resolve_foreign(context, std::move(other), address, bytes, access);
    }
    uint64_t va = 0;
    if (const auto registered = context.host_memory().find(pointer);
        registered && bytes <= registered->host + registered->bytes - address)
        va = registered->va + (address - registered->host);
    return {{va, const_cast<uint8_t*>(static_cast<const uint8_t*>(pointer)), false, nullptr}, {}};
}

void check_kind(CopyKind kind, const Place& dst, const Place& src) {
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
};

/// Both sides of a copy, checked against the direction that the caller states.
Pair resolve_pair(Context& context, void* dst, size_t dst_bytes, const void* src, size_t src_bytes,
                  CopyKind kind) {
    Pair pair{resolve(context, dst, dst_bytes, Access::Write),
              resolve(context, src, src_bytes, Access::Read)};
    check_kind(kind, pair.to.place, pair.from.place);
    return pair;
}

bool between_devices(const Pair& pair) {
    return (pair.to.other && pair.to.place.device) || (pair.from.other && pair.from.place.device);
}

/// A copy that the program puts into no stream comes after all that the other devices have to do,
/// and before all that they will have to do.
void submit_between_devices(Stream& stream, const Pair& pair, const Work& copy) {
    for (const Side* side : {&pair.to, &pair.from})
        if (side->other && side->place.device) side->other->synchronize();
    stream.submit(copy);
    stream.synchronize();
}

void copy_linear(Stream& stream, void* dst, const void* src, size_t bytes, CopyKind kind,
                 bool blocking) {
    if (bytes == 0) return;
    trace("copy {} bytes to {} from {} {} stream {}{}", bytes, dst, src, to_string(kind),
          stream.id(), blocking ? "" : " asynchronous");
    const Pair pair = resolve_pair(stream.context(), dst, bytes, src, bytes, kind);
    const Work work{work::Copy{pair.to.place, pair.from.place, bytes, blocking}};
    if (blocking && between_devices(pair))
        submit_between_devices(stream, pair, work);
    else
        stream.submit(work);
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

uint8_t* place_in_volume(Context& context, const void* base, const VolumePlace& at) {
    const auto first = reinterpret_cast<uint64_t>(base);
    size_t rows = 0, offset = 0, address = 0;
    if (__builtin_mul_overflow(at.z, at.slice, &rows) ||
        __builtin_add_overflow(rows, at.y, &rows) ||
        __builtin_mul_overflow(rows, at.pitch, &offset) ||
        __builtin_add_overflow(offset, at.x, &offset) ||
        __builtin_add_overflow(offset, first, &address))
        fail(Status::InvalidValue,
             "copy: position ({}, {}, {}) is beyond any memory (pitch {}, {} rows a plane)", at.x,
             at.y, at.z, at.pitch, at.slice);
    // What the base is decides whose memory it is: the place must not become somebody else's.
    if (!context.memory().in_window(first)) return reinterpret_cast<uint8_t*>(address);
    const auto allocation = context.memory().find(first);
    if (allocation && address - allocation->va >= allocation->bytes)
        fail(Status::InvalidValue,
             "copy: position ({}, {}, {}) is beyond the allocation of {} (pitch {}, {} rows a "
             "plane)",
             at.x, at.y, at.z, base, at.pitch, at.slice);
    return reinterpret_cast<uint8_t*>(address);
}

void check_device_range(Context& context, const void* dst, size_t bytes) {
    if (resolve(context, dst, bytes, Access::Write).place.va == 0)
        fail(Status::InvalidValue, "fill: {} is not memory of this context's device", dst);
}

void copy(Stream& stream, void* dst, const void* src, size_t bytes, CopyKind kind) {
    copy_linear(stream, dst, src, bytes, kind, true);
}

void copy_async(Stream& stream, void* dst, const void* src, size_t bytes, CopyKind kind) {
    copy_linear(stream, dst, src, bytes, kind, false);
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
    const Work work{work::CopyRect{pair.to.place, pair.from.place, rect.width, rect.height,
                                   rect.depth, rect.dst_pitch, rect.src_pitch, rect.dst_slice,
                                   rect.src_slice, !async}};
    if (!async && between_devices(pair))
        submit_between_devices(stream, pair, work);
    else
        stream.submit(work);
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
                            Access::Write);
    if (to.place.va == 0)
        fail(Status::InvalidValue, "fill: {} is not memory of this context's device", dst);
    if (to.place.va % element_bytes != 0 || width % element_bytes != 0 ||
        (height > 1 && pitch % element_bytes != 0))
        fail(Status::InvalidValue,
             "fill: address, width and pitch must be multiples of the element's {} bytes",
             element_bytes);
    stream.submit(Work{work::Fill{to.place.va, value, element_bytes, width, pitch,
                                  static_cast<uint32_t>(height)}});
    // Memory the host sees directly: the program may look at it as soon as a synchronous fill
    // returns.
    if (!async && !to.place.device) stream.synchronize();
}

} // namespace acc::rt
