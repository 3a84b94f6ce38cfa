// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel driver's objects as C++ objects that clean up after themselves. Constructors and
// functions named for what they do throw Failure when the driver says no; try_... and call() return
// the errno value, for tests of errors.
//
// A test usually starts from a Client: an open device with an address space, a queue, and buffers
// on demand.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <uapi/drm/acc_drm.h>

#include "acc/spec/acc_code_object.h"
#include "acc/spec/acc_mmu.h"
#include "tests/kmd/packets.h"

namespace acc::kmd {

inline constexpr uint64_t kPage = 4096;
/// Where address spaces begin unless a test says otherwise; any page-aligned number is as good.
inline constexpr uint64_t kVaBase = 0x10'0000'0000, kVaBytes = 1ull << 30;
/// The interface's last ioctl; numbers behind it are unknown.
inline constexpr unsigned kLastIoctl = DRM_ACC_FENCE_EVENTFD;
/// How long a wait may take before a test fails instead of hanging. Generous: the guest may be
/// emulated on a busy host.
inline constexpr double kPatience = 30;

/// The driver, or the environment, refused something that the test needs.
class Failure : public std::runtime_error {
  public:
    Failure(const std::string& what, int code)
        : std::runtime_error(what + ": " + std::strerror(code)), code(code) {}
    int code; ///< errno value
};

/// ioctl(2), restarted after signals: 0 or the errno value.
int call(int fd, unsigned long request, void* argument);
/// CLOCK_MONOTONIC.
uint64_t now_ns();
/// A deadline for WAIT_FENCE, `seconds` from now.
int64_t deadline(double seconds = kPatience);
/// Sleeps a little; for loops that poll.
void pause_ms(unsigned milliseconds);
/// Render nodes of our driver, in the order of their numbers.
std::vector<std::string> device_paths();

/// An open render node.
class Device {
  public:
    /// The index-th device; throws ENODEV when there are fewer.
    explicit Device(unsigned index = 0);
    Device(Device&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}
    Device(const Device&) = delete;
    ~Device();

    int fd() const { return fd_; }
    const std::string& path() const { return path_; }
    void close();
    template <class T>
    int call(unsigned long request, T& argument) const {
        return kmd::call(fd_, request, &argument);
    }
    template <class T>
    T query(uint32_t type) const {
        T answer{};
        drm_acc_dev_query q{
            .type = type, .size = sizeof answer, .pointer = reinterpret_cast<uint64_t>(&answer)};
        if (int e = call(DRM_IOCTL_ACC_DEV_QUERY, q)) throw Failure("DEV_QUERY", e);
        return answer;
    }
    drm_acc_dev_info info() const { return query<drm_acc_dev_info>(DRM_ACC_DEV_QUERY_INFO); }
    drm_acc_dev_memory memory() const {
        return query<drm_acc_dev_memory>(DRM_ACC_DEV_QUERY_MEMORY);
    }
    drm_acc_dev_errors errors() const {
        return query<drm_acc_dev_errors>(DRM_ACC_DEV_QUERY_ERRORS);
    }

  private:
    int fd_ = -1;
    std::string path_;
};

/// A buffer, and its mapping in this process once host() was called.
class Bo {
  public:
    Bo(const Device& device, uint64_t bytes, uint32_t flags, uint32_t exclusive_vm = 0);
    /// Takes over a handle, e.g. an imported one.
    static Bo adopt(const Device& device, uint32_t handle, uint64_t bytes);
    Bo(Bo&& other) noexcept;
    Bo(const Bo&) = delete;
    ~Bo();

    uint32_t handle() const { return handle_; }
    uint64_t bytes() const { return bytes_; }
    /// The contents, mapped at the first call.
    void* host();
    template <class T = uint8_t>
    T* at(uint64_t offset = 0) {
        return reinterpret_cast<T*>(static_cast<uint8_t*>(host()) + offset);
    }
    /// A dma-buf of it; the caller closes the descriptor.
    int export_fd() const;
    /// Unmaps it from the process and closes the handle.
    void close();

  private:
    Bo() = default;
    int fd_ = -1;
    uint32_t handle_ = 0;
    uint64_t bytes_ = 0;
    void* host_ = nullptr;
};

/// GPU address space, with an allocator of addresses that never gives the same one twice.
class Vm {
  public:
    explicit Vm(const Device& device, uint64_t base = kVaBase, uint64_t bytes = kVaBytes);
    Vm(const Vm&) = delete;
    ~Vm();

    uint32_t id() const { return id_; }
    int fd() const { return fd_; }
    /// Fresh addresses, with an unmapped page behind them; aligned to `alignment`.
    uint64_t reserve(uint64_t bytes, uint64_t alignment = kPage);
    /// Binds; 0 or the errno value. `done` gets the number of operations done.
    int try_bind(std::span<const drm_acc_vm_bind_op> ops, uint32_t flags = 0,
                 uint32_t* done = nullptr) const;
    void map(const Bo& bo, uint64_t va, uint64_t bytes, uint64_t offset = 0, uint32_t flags = 0);
    void unmap(uint64_t va, uint64_t bytes);
    drm_acc_vm_get_state state() const;
    /// Reports not taken so far, at most 64.
    std::vector<drm_acc_fault> faults() const;
    /// Waits for the next report: it may come some time after the queue has stopped.
    drm_acc_fault wait_fault(double seconds = kPatience) const;

  private:
    int fd_;
    uint32_t id_ = 0;
    uint64_t next_ = 0, end_ = 0;
};

drm_acc_vm_bind_op map_op(uint32_t bo, uint64_t va, uint64_t bytes, uint64_t offset = 0,
                          uint32_t flags = 0);
drm_acc_vm_bind_op unmap_op(uint64_t va, uint64_t bytes);

/// A buffer that both sides see.
struct Buffer {
    Bo bo;
    uint64_t va;

    template <class T = uint32_t>
    T* at(uint64_t offset = 0) {
        return bo.at<T>(offset);
    }
};

/// A user-mode queue in system memory: control block, ring, and one page of 64-bit values of which
/// the first is the signal that counts packets.
class Queue {
  public:
    struct Options {
        uint32_t packets = 64, priority = 1, watchdog_ms = 0;
    };
    Queue(const Device& device, Vm& vm) : Queue(device, vm, Options{}) {}
    Queue(const Device& device, Vm& vm, Options options);
    Queue(const Queue&) = delete;
    ~Queue();

    uint32_t id() const { return id_; }
    uint64_t ring_va() const { return va_ + kPage; }
    uint64_t control_va() const { return va_; }
    uint64_t signal_va(unsigned i = 0) const { return va_ + signals_ + 8 * i; }
    acc_queue_control& control() { return *memory_.at<acc_queue_control>(); }
    std::atomic<uint64_t>& signal(unsigned i = 0) {
        return *memory_.at<std::atomic<uint64_t>>(signals_ + 8 * i);
    }
    Bo& memory() { return memory_; }
    uint64_t signal_offset(unsigned i = 0) const { return signals_ + 8 * i; }
    volatile uint64_t* doorbell() { return doorbell_; }
    uint64_t doorbell_offset() const { return doorbell_offset_; }
    uint64_t written() const { return written_; }

    /// Writes a packet into the ring as it is; returns its index. The ring must have room.
    uint64_t put_raw(const Packet& packet);
    /// Gives the packet the queue's signal (unless it has one), writes it, returns its index.
    uint64_t put(Packet packet);
    void ring();
    uint64_t submit(const Packet& packet);
    /// Waits until everything put so far is complete: 0, or the errno value of WAIT_FENCE.
    int wait(double seconds = kPatience) { return wait_for(written_, seconds); }
    int wait_for(uint64_t value, double seconds = kPatience);
    int wait_at(void* address, uint64_t value, int64_t deadline_ns) const;
    int run(const Packet& packet) {
        submit(packet);
        return wait();
    }
    /// Spins on the signal, without any system call.
    void spin() {
        while (signal().load(std::memory_order_acquire) < written_) {
        }
    }
    drm_acc_queue_get_state state() const;
    void destroy();

  private:
    int fd_;
    Vm& vm_;
    uint64_t ring_bytes_, signals_;
    uint32_t packets_;
    Bo memory_;
    uint64_t va_ = 0, written_ = 0, doorbell_offset_ = 0;
    uint32_t id_ = 0;
    volatile uint64_t* doorbell_ = nullptr;
};

/// What a kernel's descriptor says, where it matters.
struct KernelOptions {
    uint16_t registers = 32;
    uint32_t shared_bytes = 0, local_bytes = 0, kernarg_bytes = 64;
};

/// A kernel in memory of its own, executable and read-only for the device: descriptor at the start,
/// code behind it.
class Code {
  public:
    Code(const Device& device, Vm& vm, const std::string& text, KernelOptions options = {});
    /// Raw 16-byte words instead of assembly.
    Code(const Device& device, Vm& vm, std::span<const std::pair<uint64_t, uint64_t>> words,
         KernelOptions options = {});
    Code(Code&&) = default;

    uint64_t kernel() const { return va_; }
    uint64_t entry() const { return va_ + kEntry; }
    /// Address of the n-th instruction.
    uint64_t pc(unsigned n) const { return entry() + 16 * n; }
    acc_kernel_descriptor& descriptor() { return *bo_.at<acc_kernel_descriptor>(); }

  private:
    static constexpr uint64_t kEntry = 0x100, kBytes = 4 * kPage;
    void load(Vm& vm, std::span<const std::pair<uint64_t, uint64_t>> words, KernelOptions options);
    Bo bo_;
    uint64_t va_;
};

/// An open device with everything that is needed to run work.
struct Client {
    explicit Client(unsigned index = 0, Queue::Options options = {})
        : device(index), vm(device), queue(device, vm, options),
          arguments(allocate(kPage, DRM_ACC_BO_SYSTEM)) {}

    Buffer allocate(uint64_t bytes, uint32_t flags = DRM_ACC_BO_SYSTEM, uint32_t map_flags = 0);
    Code code(const std::string& text, KernelOptions options = {}) {
        return Code(device, vm, text, options);
    }
    /// Sets the kernel parameters, 64 bits each.
    void set_arguments(std::initializer_list<uint64_t> values);
    /// Launches with those parameters and waits: 0 or the errno value of the wait.
    int launch(const Code& code, std::initializer_list<uint64_t> values, uint32_t blocks = 1,
               uint16_t threads = 32);

    Device device;
    Vm vm;
    Queue queue;
    Buffer arguments;
};

} // namespace acc::kmd
