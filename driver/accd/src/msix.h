// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The MSI-X table with its masks and pending bits, and the thread that sends the messages.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "acc/spec/acc_regs.h"

namespace acc::accd {

/// An interrupt message: a 32-bit write to a bus address.
struct InterruptMessage {
    uint64_t address = 0;
    uint32_t data = 0;
};

/// Where interrupt messages go: the guest's bus.
class MessageBus {
  public:
    virtual ~MessageBus() = default;
    /// May take its time: only the sender's thread calls. False when the bus is gone.
    virtual bool write(const InterruptMessage&) = 0;
};

class InterruptSender;

/// The table of one function. Any thread may call anything; nothing blocks.
class Msix {
  public:
    explicit Msix(InterruptSender& sender) : sender_(sender) {}

    /// Table and pending bits as BAR 0 shows them: offset within the table or the pending bits,
    /// bytes 4 or 8, aligned.
    uint64_t read_table(uint32_t offset, unsigned bytes) const;
    void write_table(uint32_t offset, uint64_t value, unsigned bytes);
    uint64_t read_pending(uint32_t offset, unsigned bytes) const;

    /// From configuration space.
    void set_controls(bool enabled, bool masked, bool bus_master);
    /// The function wants vector `v` delivered.
    void raise(unsigned v);
    /// Injection: the next `count` messages are lost.
    void lose(uint64_t count);
    /// Table entries masked and zero, nothing pending, controls off.
    void reset();

    /// For the sender: the message of vector `v`, unless it is masked now (then it becomes
    /// pending), disabled or lost.
    std::optional<InterruptMessage> take(unsigned v);
    uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }
    uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

  private:
    friend class InterruptSender;
    bool deliverable(unsigned v) const; ///< not masked anyhow
    void release_unmasked();
    static constexpr unsigned kWords = ACC_MSIX_VECTORS * 4; ///< address low, high, data, control

    InterruptSender& sender_;
    mutable std::mutex mutex_; ///< table_, pending_, controls, lose_
    std::array<uint32_t, kWords> table_ = masked_table();
    uint32_t pending_ = 0;
    bool enabled_ = false, masked_ = false, bus_master_ = false;
    uint64_t lose_ = 0;
    std::atomic<uint32_t> posted_{0}; ///< vectors that the sender has to look at
    std::atomic<uint64_t> sent_{0}, lost_{0};
    static std::array<uint32_t, kWords> masked_table();
};

/// Sends the messages of all functions, on a thread of its own: the other side of the bus may need
/// the very thread that waits for an answer from us right now, so no access and no device thread
/// ever waits for a message to be sent.
class InterruptSender {
  public:
    explicit InterruptSender(MessageBus& bus);
    ~InterruptSender();
    /// Before the first post, for every function.
    void add(Msix& source);
    /// After this the source is not touched any more.
    void remove(Msix& source);
    void post(Msix& source, unsigned v);

  private:
    void run();
    void send_posted(Msix& source);

    MessageBus& bus_;
    std::mutex sending_; ///< held while the sources are looked at; taken before mutex_
    std::mutex mutex_;   ///< sources_, ready_, stop_
    std::condition_variable wake_;
    std::vector<Msix*> sources_;
    bool ready_ = false, stop_ = false;
    std::thread thread_;
};

} // namespace acc::accd
