// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/msix.h"

namespace acc::accd {

namespace {
constexpr unsigned kControl = 3; ///< word of an entry; bit 0 masks it
} // namespace

std::array<uint32_t, Msix::kWords> Msix::masked_table() {
    std::array<uint32_t, kWords> table{};
    for (unsigned v = 0; v < ACC_MSIX_VECTORS; v++)
        table[4 * v + kControl] = 1;
    return table;
}

uint64_t Msix::read_table(uint32_t offset, unsigned bytes) const {
    std::lock_guard lock(mutex_);
    uint64_t value = table_[offset / 4];
    if (bytes == 8) value |= uint64_t{table_[offset / 4 + 1]} << 32;
    return value;
}

void Msix::write_table(uint32_t offset, uint64_t value, unsigned bytes) {
    std::lock_guard lock(mutex_);
    for (unsigned i = 0; i < bytes / 4; i++) {
        unsigned word = offset / 4 + i;
        auto half = static_cast<uint32_t>(value >> (32 * i));
        if (word % 4 == kControl) half &= 1;
        if (word % 4 == 0) half &= ~3u;
        table_[word] = half;
    }
    release_unmasked();
}

uint64_t Msix::read_pending(uint32_t offset, unsigned bytes) const {
    std::lock_guard lock(mutex_);
    uint64_t value = uint64_t{pending_} >> (8 * offset);
    return bytes == 4 ? static_cast<uint32_t>(value) : value;
}

void Msix::set_controls(bool enabled, bool masked, bool bus_master) {
    std::lock_guard lock(mutex_);
    enabled_ = enabled;
    masked_ = masked;
    bus_master_ = bus_master;
    release_unmasked();
}

bool Msix::deliverable(unsigned v) const {
    return enabled_ && bus_master_ && !masked_ && !(table_[4 * v + kControl] & 1);
}

void Msix::release_unmasked() {
    for (unsigned v = 0; v < ACC_MSIX_VECTORS; v++) {
        if (!(pending_ & (1u << v)) || !deliverable(v)) continue;
        pending_ &= ~(1u << v);
        sender_.post(*this, v);
    }
}

void Msix::raise(unsigned v) {
    std::lock_guard lock(mutex_);
    if (!enabled_)
        return; // a function without MSI-X enabled has no way to interrupt; nothing becomes pending
    if (!deliverable(v))
        pending_ |= 1u << v;
    else
        sender_.post(*this, v);
}

void Msix::lose(uint64_t count) {
    std::lock_guard lock(mutex_);
    lose_ = count;
}

void Msix::reset() {
    std::lock_guard lock(mutex_);
    table_ = masked_table();
    pending_ = 0;
    enabled_ = masked_ = bus_master_ = false;
    lose_ = 0;
    posted_.store(0, std::memory_order_relaxed);
}

std::optional<InterruptMessage> Msix::take(unsigned v) {
    std::lock_guard lock(mutex_);
    if (!enabled_) return std::nullopt;
    if (!deliverable(v)) {
        pending_ |= 1u << v;
        return std::nullopt;
    }
    if (lose_ > 0) {
        lose_--;
        lost_.fetch_add(1, std::memory_order_relaxed);
        return std::nullopt;
    }
    sent_.fetch_add(1, std::memory_order_relaxed);
    const uint32_t* entry = &table_[4 * v];
    return InterruptMessage{entry[0] | uint64_t{entry[1]} << 32, entry[2]};
}

InterruptSender::InterruptSender(MessageBus& bus) : bus_(bus), thread_([this] { run(); }) {}

InterruptSender::~InterruptSender() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void InterruptSender::add(Msix& source) {
    std::lock_guard lock(mutex_);
    sources_.push_back(&source);
}

void InterruptSender::remove(Msix& source) {
    std::lock_guard idle(sending_);
    std::lock_guard lock(mutex_);
    std::erase(sources_, &source);
}

void InterruptSender::post(Msix& source, unsigned v) {
    // A vector that is posted already will be sent after this: one message is enough for both.
    if (source.posted_.fetch_or(1u << v) & (1u << v)) return;
    std::lock_guard lock(mutex_);
    ready_ = true;
    wake_.notify_one();
}

void InterruptSender::run() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return ready_ || stop_; });
            if (stop_) return;
            ready_ = false;
        }
        std::lock_guard busy(sending_);
        std::vector<Msix*> sources;
        {
            std::lock_guard lock(mutex_);
            sources = sources_;
        }
        for (Msix* source : sources)
            send_posted(*source);
    }
}

void InterruptSender::send_posted(Msix& source) {
    uint32_t posted = source.posted_.exchange(0);
    for (unsigned v = 0; posted != 0; v++, posted >>= 1) {
        if (!(posted & 1)) continue;
        if (auto message = source.take(v)) bus_.write(*message);
    }
}

} // namespace acc::accd
