// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The other side of accd's connection: a bus master that speaks the protocol of QEMU's proxy
// device, and collects the interrupt messages that QEMU would get through qtest.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "acc/spec/acc_mmu.h"
#include "acc/spec/acc_regs.h"
#include "driver/accd/src/device.h"

namespace acc::accd::test {

/// Interrupt messages, in the order of arrival.
class Messages final : public MessageBus {
  public:
    bool write(const InterruptMessage& message) override {
        std::lock_guard lock(mutex_);
        all_.push_back(message);
        arrived_.notify_all();
        return true;
    }
    /// Waits until `count` have arrived; false after a long time without.
    bool wait_for(size_t count) {
        std::unique_lock lock(mutex_);
        return arrived_.wait_for(lock, std::chrono::seconds(20),
                                 [&] { return all_.size() >= count; });
    }
    std::vector<InterruptMessage> all() {
        std::lock_guard lock(mutex_);
        return all_;
    }
    size_t count() { return all().size(); }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<InterruptMessage> all_;
};

/// A file of memory, mapped.
class MemoryFile {
  public:
    explicit MemoryFile(uint64_t bytes)
        : fd_(memfd_create("test-ram", MFD_CLOEXEC)), bytes_(bytes) {
        if (ftruncate(fd_, static_cast<off_t>(bytes)) != 0) std::abort();
        data_ = static_cast<uint8_t*>(
            mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0));
    }
    ~MemoryFile() {
        munmap(data_, bytes_);
        close(fd_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    int fd() const { return fd_; }
    uint64_t bytes() const { return bytes_; }
    uint8_t* at(uint64_t offset) const { return data_ + offset; }

  private:
    int fd_;
    uint64_t bytes_;
    uint8_t* data_;
};

/// The raw connection, and accesses through it. One thread at a time.
class Bus {
  public:
    explicit Bus(int socket) : socket_(socket) {}
    ~Bus() { hang_up(); }

    /// Sends a message as it is; what a broken or hostile peer would do.
    bool send_raw(const void* data, size_t bytes, const std::vector<int>& fds = {}) {
        iovec part{const_cast<void*>(data), bytes};
        std::vector<char> control(CMSG_SPACE(sizeof(int) * std::max<size_t>(fds.size(), 1)));
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        if (!fds.empty()) {
            message.msg_control = control.data();
            message.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
            cmsghdr* header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
            std::memcpy(CMSG_DATA(header), fds.data(), sizeof(int) * fds.size());
        }
        return sendmsg(socket_, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(bytes);
    }
    bool send(int32_t command, const void* payload, size_t bytes,
              const std::vector<int>& fds = {}) {
        std::vector<char> message(16 + bytes);
        uint64_t size = bytes;
        std::memcpy(message.data(), &command, 4);
        std::memcpy(message.data() + 8, &size, 8);
        if (bytes) std::memcpy(message.data() + 16, payload, bytes);
        return send_raw(message.data(), message.size(), fds);
    }
    /// The value of a reply. A connection that has ended gives what QEMU makes of it: all ones.
    uint64_t reply() {
        unsigned char text[24];
        if (recv(socket_, text, sizeof text, MSG_WAITALL) != sizeof text) return ~0ull;
        int32_t command;
        uint64_t size, value;
        std::memcpy(&command, text, 4);
        std::memcpy(&size, text + 8, 8);
        std::memcpy(&value, text + 16, 8);
        EXPECT_EQ(command, 1); // RET
        EXPECT_EQ(size, 8u);
        return value;
    }
    /// True when the other side has closed the connection (and sent nothing more).
    bool closed() {
        char byte;
        return recv(socket_, &byte, 1, 0) <= 0; // an error when it has not read all we sent
    }
    void hang_up() {
        if (socket_ >= 0) close(socket_);
        socket_ = -1;
    }

    uint32_t config_read(uint32_t offset, int bytes) {
        ConfigPayload p{offset, 0, bytes};
        send(3, &p, sizeof p);
        return static_cast<uint32_t>(reply());
    }
    void config_write(uint32_t offset, uint32_t value, int bytes) {
        ConfigPayload p{offset, value, bytes};
        send(2, &p, sizeof p);
        reply();
    }
    uint64_t read(uint64_t address, uint32_t bytes) {
        BarPayload p{address, 0, bytes, 1};
        send(5, &p, sizeof p);
        return reply();
    }
    void write(uint64_t address, uint64_t value, uint32_t bytes) {
        BarPayload p{address, value, bytes, 1};
        send(4, &p, sizeof p);
        reply();
    }
    void bus_reset() {
        send(7, nullptr, 0);
        reply();
    }
    struct Piece {
        uint64_t gpa, bytes;
        int64_t offset;
        int fd;
    };
    void set_memory(const std::vector<Piece>& pieces) {
        SyncSysmemPayload p{};
        std::vector<int> fds;
        for (size_t i = 0; i < pieces.size(); i++) {
            p.gpas[i] = pieces[i].gpa;
            p.sizes[i] = pieces[i].bytes;
            p.offsets[i] = pieces[i].offset;
            fds.push_back(pieces[i].fd);
        }
        send(0, &p, sizeof p, fds);
    }

  private:
    int socket_;
};

inline constexpr uint64_t kBar0 = 0xfe800000;
inline constexpr uint64_t kVramBytes = 64ull << 20;
/// Guest memory: two pieces of one file, in the wrong order, with a hole between them.
inline constexpr uint64_t kLowGpa = 0x100000, kHighGpa = 1ull << 32, kPieceBytes = 16ull << 20;

/// A device with its connection, and a driver's first steps: BAR 0 placed, memory and bus mastering
/// on.
class Machine {
  public:
    Machine() {
        int fds[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) std::abort();
        bus = std::make_unique<Bus>(fds[0]);
        DeviceConfig config;
        config.chip.compute_units = 2;
        config.chip.vram_bytes = kVramBytes;
        config.chip.doorbells_wake = true;
        config.uuid[0] = 0x1122334455667788;
        config.uuid[1] = 0x99aabbccddeeff00;
        device = std::make_unique<Device>(config, sender);
        server_ = std::thread([this, fd = fds[1]] {
            Connection connection{UniqueFd(fd)};
            ended = serve(connection, *device, counters);
            device->stop();
        });
        share_memory();
        power_on();
    }
    ~Machine() {
        bus->hang_up();
        if (server_.joinable()) server_.join();
    }
    /// Ends the connection and returns why the device's side thinks it ended.
    std::string hang_up() {
        bus->hang_up();
        server_.join();
        return ended;
    }
    void share_memory() {
        bus->set_memory(
            {{kLowGpa, kPieceBytes, kPieceBytes, ram.fd()}, {kHighGpa, kPieceBytes, 0, ram.fd()}});
    }
    void power_on() {
        bus->config_write(0x10, kBar0, 4);
        bus->config_write(0x04, 6, 2);
    }
    /// Host address of guest memory.
    uint8_t* guest(uint64_t gpa) {
        return gpa >= kHighGpa ? ram.at(gpa - kHighGpa) : ram.at(kPieceBytes + gpa - kLowGpa);
    }

    uint32_t read32(uint32_t offset) { return static_cast<uint32_t>(bus->read(kBar0 + offset, 4)); }
    uint64_t read64(uint32_t offset) { return bus->read(kBar0 + offset, 8); }
    void write32(uint32_t offset, uint32_t value) { bus->write(kBar0 + offset, value, 4); }
    void write64(uint32_t offset, uint64_t value) { bus->write(kBar0 + offset, value, 8); }
    /// Reads a 32-bit register until (value & mask) == wanted.
    bool poll(uint32_t offset, uint32_t mask, uint32_t wanted) {
        auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while ((read32(offset) & mask) != wanted)
            if (std::chrono::steady_clock::now() > limit) return false;
        return true;
    }
    bool reset_device() {
        write32(ACC_DEV_RESET, ACC_DEV_RESET_KEY);
        return ready();
    }
    bool ready() {
        return poll(ACC_DEV_STATUS, ACC_DEV_STATUS_READY_MASK, ACC_DEV_STATUS_READY_MASK);
    }
    /// Message `v` goes to 0xfee00000 with data 0x4000 + v.
    void enable_msix() {
        for (uint32_t v = 0; v < ACC_MSIX_VECTORS; v++) {
            write32(ACC_MSIX_TABLE + 16 * v, 0xfee00000);
            write32(ACC_MSIX_TABLE + 16 * v + 8, 0x4000 + v);
            write32(ACC_MSIX_TABLE + 16 * v + 12, 0);
        }
        bus->config_write(0x42, 0x8000, 2);
    }
    void unlock_injection() { write32(ACC_INJECT_UNLOCK, ACC_INJECT_UNLOCK_KEY); }
    void inject(uint32_t command, uint64_t argument) {
        write64(ACC_INJECT_ARGUMENT, argument);
        write32(ACC_INJECT_COMMAND, command);
    }

    Messages messages;
    InterruptSender sender{messages};
    MemoryFile ram{2 * kPieceBytes};
    std::unique_ptr<Device> device;
    std::unique_ptr<Bus> bus;
    TransportCounters counters;
    std::string ended;

  private:
    std::thread server_;
};

} // namespace acc::accd::test
