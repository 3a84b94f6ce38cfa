// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Streams, events, copies and fills that device code asks for.
#include "launch.h"

namespace {

/// The bytes of a packet, cleared.
template <typename Packet>
LOCAL __attribute__((address_space(1))) Packet* packet_in(Record* record, u16 type) {
    auto* words = (__attribute__((address_space(1))) u64*)&record->packet;
#pragma unroll
    for (u32 i = 0; i < ACC_PACKET_BYTES / 8; ++i)
        words[i] = 0;
    auto* packet = (__attribute__((address_space(1))) Packet*)words;
    packet->header.type = type;
    return packet;
}

/// A record for a stream, filled in but for its packet; null: the error is in `error`.
Record* record_in(cudaStream_t stream, u32 kind, u64 event, cudaError_t& error) {
    Area* area = launch_area();
    u64 number = 0;
    error = kSuccess;
    if (!area || area->pools[kOthers].most == 0)
        error = kNotSupported;
    else if (!stream_number(stream, number))
        error = u64(stream) >> 56 ? kNotSupported : kInvalidResourceHandle;
    else if (number == ACC_LAUNCH_STREAM_TAIL && kind != ACC_LAUNCH_WORK)
        error = kInvalidResourceHandle;
    Record* record = error == kSuccess ? take_record(area, kOthers) : nullptr;
    if (error == kSuccess && !record) error = kLaunchPendingCountExceeded;
    if (!record) {
        failed(error);
        return nullptr;
    }
    record->kind = kind;
    record->stream = number;
    record->event = event;
    record->depth = 0;
    return record;
}

cudaError_t submit_in(Record* record) {
    submit(launch_area(), record);
    return kSuccess;
}

bool is_event(cudaEvent_t event) {
    return (u64(event) & 255) == kEventTag && u64(event) >> 56 == 0;
}

/// A handle that is no other's.
u64 new_handle(u64 tag, cudaError_t& error) {
    Area* area = launch_area();
    if (!area) {
        error = failed(kNotSupported);
        return 0;
    }
    error = kSuccess;
    const u64 number = __scoped_atomic_fetch_add(&area->next_handle, 1ull, __ATOMIC_RELAXED,
                                                 __MEMORY_SCOPE_DEVICE);
    return (number + 1) << 8 | tag;
}

/// Global memory: shared and local memory have no address outside of their block.
bool is_global(const void* pointer) {
    return pointer && u64(pointer) >> 56 == 0;
}

cudaError_t copy_rect(u64 to, u64 from, u64 to_pitch, u64 from_pitch, u64 to_rows, u64 from_rows,
                      u64 width, u64 height, u64 depth, cudaStream_t stream) {
    if (width == 0 || height == 0 || depth == 0) return kSuccess;
    if ((height > 1 || depth > 1) && (to_pitch < width || from_pitch < width))
        return failed(kInvalidPitch);
    if (depth > 1 && (to_rows < height || from_rows < height)) return failed(kInvalidValue);
    constexpr u64 kMost = 0xffffffffull;
    if (width > kMost || height > kMost || depth > kMost || to_pitch > kMost ||
        from_pitch > kMost || to_rows > kMost || from_rows > kMost)
        return failed(kInvalidValue);
    if (!is_global((void*)to) || !is_global((void*)from)) return failed(kInvalidValue);
    cudaError_t error;
    Record* record = record_in(stream, ACC_LAUNCH_WORK, 0, error);
    if (!record) return error;
    auto* packet = packet_in<acc_packet_copy_rect>(record, ACC_PKT_COPY_RECT);
    packet->width = u32(width);
    packet->dst = to;
    packet->src = from;
    packet->dst_pitch = u32(to_pitch);
    packet->src_pitch = u32(from_pitch);
    packet->height = u32(height);
    packet->depth = u32(depth);
    packet->dst_slice = u32(to_rows);
    packet->src_slice = u32(from_rows);
    return submit_in(record);
}

struct Rows {
    u64 to, width, pitch, height;
};

void fill_packet(Record* record, const Rows& rows, int value) {
    auto* packet = packet_in<acc_packet_fill>(record, ACC_PKT_FILL);
    packet->pattern = u32(value) & 255;
    packet->dst = rows.to;
    packet->width = rows.width;
    packet->pitch = rows.pitch;
    packet->height = u32(rows.height);
    packet->element_bytes = 1;
}

/// Gives back records that `next` links.
void return_records(Record* record) {
    while (record) {
        Record* next = (Record*)record->next;
        return_record(launch_area(), record);
        record = next;
    }
}

/// A fill for each slice; all of them or none.
cudaError_t fill_slices(Rows rows, int value, u64 slices, u64 slice_bytes, cudaStream_t stream) {
    if (rows.width == 0 || rows.height == 0 || slices == 0) return kSuccess;
    if (!is_global((void*)rows.to) || rows.height > 0xffffffffull) return failed(kInvalidValue);
    if ((rows.height > 1 || slices > 1) && rows.pitch < rows.width) return failed(kInvalidPitch);
    if (slices > 1 && slice_bytes / rows.height < rows.pitch) return failed(kInvalidValue); // rows
    Record* last = nullptr;
    rows.to += slices * slice_bytes;
    for (u64 left = slices; left != 0; --left) { // from the last one on
        cudaError_t error;
        Record* record = record_in(stream, ACC_LAUNCH_WORK, 0, error);
        if (!record) {
            return_records(last);
            return error;
        }
        rows.to -= slice_bytes;
        fill_packet(record, rows, value);
        record->next = u64(last);
        last = record;
    }
    while (last) {
        Record* next = (Record*)last->next;
        submit_in(last);
        last = next;
    }
    return kSuccess;
}

} // namespace

extern "C" cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, u32 flags) {
    constexpr u32 kNonBlocking = 1;
    if (!stream || flags != kNonBlocking) return failed(kInvalidValue);
    cudaError_t error;
    *stream = (cudaStream_t)new_handle(kStreamTag, error);
    return error;
}

/// What is in it goes on.
extern "C" cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    return (u64(stream) & 255) == kStreamTag ? kSuccess : failed(kInvalidResourceHandle);
}

extern "C" cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, u32 flags) {
    if (flags > 1) return failed(kInvalidValue);
    if (!is_event(event)) return failed(kInvalidResourceHandle);
    cudaError_t error;
    Record* record = record_in(stream, ACC_LAUNCH_WAIT, u64(event), error);
    return record ? submit_in(record) : error;
}

extern "C" cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, u32 flags) {
    constexpr u32 kDisableTiming = 2;
    if (!event || flags != kDisableTiming) return failed(kInvalidValue);
    cudaError_t error;
    *event = (cudaEvent_t)new_handle(kEventTag, error);
    return error;
}

extern "C" cudaError_t cudaEventDestroy(cudaEvent_t event) {
    return is_event(event) ? kSuccess : failed(kInvalidResourceHandle);
}

extern "C" cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    if (!is_event(event)) return failed(kInvalidResourceHandle);
    cudaError_t error;
    Record* record = record_in(stream, ACC_LAUNCH_MARK, u64(event), error);
    return record ? submit_in(record) : error;
}

extern "C" cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream, u32 flags) {
    return flags == 0 ? cudaEventRecord(event, stream) : failed(kInvalidValue);
}

extern "C" cudaError_t cudaMemcpyAsync(void* to, const void* from, unsigned long bytes, int,
                                       cudaStream_t stream) {
    if (bytes == 0) return kSuccess;
    if (!is_global(to) || !is_global(from)) return failed(kInvalidValue);
    cudaError_t error;
    Record* record = record_in(stream, ACC_LAUNCH_WORK, 0, error);
    if (!record) return error;
    auto* packet = packet_in<acc_packet_copy>(record, ACC_PKT_COPY);
    packet->dst = u64(to);
    packet->src = u64(from);
    packet->bytes = bytes;
    return submit_in(record);
}

extern "C" cudaError_t cudaMemcpy2DAsync(void* to, unsigned long to_pitch, const void* from,
                                         unsigned long from_pitch, unsigned long width,
                                         unsigned long height, int, cudaStream_t stream) {
    return copy_rect(u64(to), u64(from), to_pitch, from_pitch, height, height, width, height, 1,
                     stream);
}

namespace {

/// cudaPitchedPtr, cudaPos, cudaExtent, cudaMemcpy3DParms.
struct Pitched {
    void* pointer;
    unsigned long pitch, width, height;
};
struct Position {
    unsigned long x, y, z;
};
struct CopyParameters {
    void* from_array;
    Position from_at;
    Pitched from;
    void* to_array;
    Position to_at;
    Pitched to;
    Position extent;
    int kind;
};

/// Whether the rows and planes of a copy fit the memory's.
bool fits(const Pitched& memory, const Position& at, const Position& extent) {
    if ((extent.y > 1 || extent.z > 1) && (at.x > memory.pitch || extent.x > memory.pitch - at.x))
        return false;
    return extent.z <= 1 || (at.y <= memory.height && extent.y <= memory.height - at.y);
}

u64 place(const Pitched& memory, const Position& at) {
    return u64(memory.pointer) + at.x + memory.pitch * (at.y + memory.height * at.z);
}

} // namespace

extern "C" cudaError_t cudaMemcpy3DAsync(const CopyParameters* p, cudaStream_t stream) {
    if (!p) return failed(kInvalidValue);
    if (p->from_array || p->to_array) return failed(kNotSupported);
    const Position& extent = p->extent;
    if (extent.x == 0 || extent.y == 0 || extent.z == 0) return kSuccess;
    if (!fits(p->to, p->to_at, extent) || !fits(p->from, p->from_at, extent))
        return failed(kInvalidValue);
    return copy_rect(place(p->to, p->to_at), place(p->from, p->from_at), p->to.pitch, p->from.pitch,
                     p->to.height, p->from.height, p->extent.x, p->extent.y, p->extent.z, stream);
}

extern "C" cudaError_t cudaMemsetAsync(void* to, int value, unsigned long bytes,
                                       cudaStream_t stream) {
    return fill_slices({u64(to), bytes, bytes, 1}, value, 1, 0, stream);
}

extern "C" cudaError_t cudaMemset2DAsync(void* to, unsigned long pitch, int value,
                                         unsigned long width, unsigned long height,
                                         cudaStream_t stream) {
    return fill_slices({u64(to), width, pitch, height}, value, 1, 0, stream);
}

extern "C" cudaError_t cudaMemset3DAsync(Pitched memory, int value, Position extent,
                                         cudaStream_t stream) {
    return fill_slices({u64(memory.pointer), extent.x, memory.pitch, extent.y}, value, extent.z,
                       memory.pitch * memory.height, stream);
}
