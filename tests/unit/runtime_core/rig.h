// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A context on the in-process device model, and work that tests give it.
#pragma once

#include <functional>
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

inline Work fill_work(uint64_t dst, uint8_t value, uint64_t bytes) {
    return {work::Fill{dst, value, 1, bytes, bytes, 1}};
}

/// A copy of ordinary host memory to the device.
inline Work staged_work(uint64_t dst, const void* source, uint64_t bytes) {
    auto* host = const_cast<uint8_t*>(static_cast<const uint8_t*>(source));
    return {work::Copy{{dst, nullptr, true, nullptr}, {0, host, false, nullptr}, bytes, false}};
}

/// A view: the function must live until the work is submitted or recorded.
inline Work host_call(const std::function<void()>& function, bool even_after_fault = false) {
    return {work::HostCall{&function, even_after_fault}};
}

/// A stream that cannot go on until the test opens the gate.
class Gate {
  public:
    explicit Gate(Rig& rig) : word_(rig.context.memory().allocate(MemoryKind::Pinned, 64)) {
        *value() = 0;
    }
    void close(Stream& stream) {
        stream.submit(Work{work::Wait{word_.va, 1}});
        last_ = stream.shared_queue(); // the stream may be gone when the gate opens
    }
    void open() {
        reinterpret_cast<std::atomic<uint64_t>*>(word_.host)->store(1);
        last_->hardware().doorbell(last_->last());
    }

  private:
    uint64_t* value() { return reinterpret_cast<uint64_t*>(word_.host); }
    Allocation word_;
    std::shared_ptr<UserQueue> last_;
};

} // namespace acc::rt::test
