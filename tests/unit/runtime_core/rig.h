// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A context on the in-process device model, and packets that tests put into its queues.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "runtime/core/context.h"
#include "runtime/core/copy.h"

namespace acc::rt::test {

struct Rig {
    std::unique_ptr<Backend> backend = open_model_backend(0);
    Context context{*backend, 0};

    uint64_t allocate(uint64_t bytes, MemoryKind kind = MemoryKind::Device) {
        return context.memory().allocate(kind, bytes).va;
    }

    /// What the device's memory holds, after all work.
    std::vector<uint8_t> read(uint64_t va, size_t bytes) {
        std::vector<uint8_t> data(bytes);
        copy(context.legacy_stream(), data.data(), reinterpret_cast<void*>(va), bytes,
             CopyKind::DeviceToHost);
        return data;
    }
};

inline acc_packet_fill fill_packet(uint64_t dst, uint8_t value, uint64_t bytes) {
    acc_packet_fill packet{};
    packet.header.type = ACC_PKT_FILL;
    packet.pattern = value;
    packet.dst = dst;
    packet.width = bytes;
    packet.height = 1;
    packet.element_bytes = 1;
    return packet;
}

inline acc_packet_copy copy_packet(uint64_t dst, uint64_t src, uint64_t bytes) {
    acc_packet_copy packet{};
    packet.header.type = ACC_PKT_COPY;
    packet.dst = dst;
    packet.src = src;
    packet.bytes = bytes;
    return packet;
}

/// A stream that cannot go on until the test opens the gate.
class Gate {
  public:
    explicit Gate(Rig& rig) : word_(rig.context.memory().allocate(MemoryKind::Pinned, 64)) {
        *value() = 0;
    }
    void close(Stream& stream) {
        stream.wait_for({reinterpret_cast<std::atomic<uint64_t>*>(word_.host), word_.va}, 1);
        last_ = &stream;
    }
    void open() {
        reinterpret_cast<std::atomic<uint64_t>*>(word_.host)->store(1);
        last_->queue().hardware().doorbell(last_->queue().last());
    }

  private:
    uint64_t* value() { return reinterpret_cast<uint64_t*>(word_.host); }
    Allocation word_;
    Stream* last_ = nullptr;
};

} // namespace acc::rt::test
