// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What runtime/core needs of a device. Implementations: runtime/backend/model (the device model in
// this process) and runtime/backend/drm (the kernel driver). Memory objects, address-space binding,
// user-mode queues, fault delivery, waiting.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "acc/spec/acc_queue.h"
#include "runtime/core/address_window.h"
#include "runtime/core/device_addresses.h"
#include "runtime/core/status.h"

namespace acc::rt {

struct DeviceInfo {
    std::string name; ///< shown to users
    unsigned compute_units = 0;
    unsigned clock_khz = 0;
    uint64_t vram_bytes = 0;
    uint8_t uuid[16] = {};
    unsigned pci_domain = 0, pci_bus = 0, pci_device = 0;
};

enum class Domain {
    Vram,   ///< device memory
    System, ///< host memory that the device reaches by DMA
};

/// Physical memory of one kind. Released when the last reference goes; mappings must have been
/// removed.
class MemoryObject {
  public:
    virtual ~MemoryObject() = default;
    uint64_t bytes() const { return bytes_; }
    Domain domain() const { return domain_; }
    /// The host's view (for VRAM: through the aperture). Never the device address. Valid as long as
    /// the object.
    void* host() const { return host_; }
    /// Of adopt_host_pages: true when the program still has all of these pages at their place (it
    /// may have unmapped them without saying so).
    virtual bool in_place() const { return true; }

  protected:
    MemoryObject(Domain domain, uint64_t bytes, void* host)
        : domain_(domain), bytes_(bytes), host_(host) {}
    void set_host(void* host) { host_ = host; } ///< for those who map it after construction

  private:
    Domain domain_;
    uint64_t bytes_;
    void* host_;
};

struct MapFlags {
    bool write = true;
    bool execute = false;
    bool host_visible = false; ///< also map it at the same address in the process (pinned and
                               ///< managed memory)
};

/// A hardware queue with its ring. One producer at a time.
class HardwareQueue {
  public:
    virtual ~HardwareQueue() = default;
    /// Tells the device that packets up to `write_index` are ready. No system call.
    virtual void doorbell(uint64_t write_index) = 0;
    /// Waits until *word >= value or the time is over (UINT64_MAX: forever). True when the value
    /// was reached. False also, within some 20 ms, when this queue or another one of its address
    /// space has halted with an error (the word may depend on that one), and whenever the backend
    /// likes: the caller looks at its queues and calls again. The calling thread may do device work
    /// meanwhile.
    virtual bool wait(const std::atomic<uint64_t>* word, uint64_t value, uint64_t timeout_ns) = 0;
    /// Address of the message buffer kernels see as sr_printf, and of the heap control block
    /// (sr_heap).
    virtual void set_service(uint64_t printf_buffer, uint64_t heap) = 0;
    /// True when the queue executes nothing any more and its control block may not say so (it was
    /// reset, the device is gone). Found out by wait() and look(). One load.
    bool lost() const { return lost_.load(std::memory_order_acquire); }
    /// Finds out whether the queue is lost, for callers that poll and never wait. Cheap however
    /// often it is called.
    virtual void look() {}

  protected:
    std::atomic<bool> lost_{false};
};

/// Why a queue stopped, when no fault record tells.
enum class StopReason {
    Unknown,
    Hung,        ///< it made no progress and was reset
    DeviceReset, ///< the device was reset, perhaps because of somebody else
    DeviceGone,  ///< the device does not answer any more
};

/// A GPU address space.
class AddressSpaceHandle {
  public:
    virtual ~AddressSpaceHandle() = default;
    /// The range of device addresses, reserved in this process too, so that device pointers are
    /// unique. Address spaces that have the same one can map each other's memory, of their devices
    /// too: what is at an address is the same in all of them, or nothing.
    virtual DeviceAddresses& addresses() const = 0;
    uint64_t base() const { return addresses().base(); }
    uint64_t bytes() const { return addresses().bytes(); }
    /// All sizes and addresses are multiples of 4096. Throws Error(OutOfMemory).
    virtual void map(uint64_t va, const std::shared_ptr<MemoryObject>& memory, uint64_t offset,
                     uint64_t bytes, MapFlags flags) = 0;
    /// Takes the host's view at the same address away, too.
    void unmap(uint64_t va, uint64_t bytes) {
        unmap_device(va, bytes);
        AddressWindow::close(va, bytes);
    }
    /// The device's side alone: the host's view is another address space's.
    virtual void unmap_device(uint64_t va, uint64_t bytes) = 0;
    /// Ring of `packets` (a power of two) and control block at device addresses. Throws Error.
    virtual std::unique_ptr<HardwareQueue> create_queue(uint64_t ring, uint32_t packets,
                                                        uint64_t control, uint32_t priority) = 0;
    /// The oldest fault of this address space that nobody has taken. Called when a queue has halted
    /// or is lost.
    virtual std::optional<acc_fault_record> take_fault() = 0;
    /// Why queues of this address space are lost.
    virtual StopReason stop_reason() const { return StopReason::Unknown; }
};

class Backend {
  public:
    virtual ~Backend() = default;
    virtual const DeviceInfo& info() const = 0;
    /// What tells the devices that reach each other's memory from others: address spaces of theirs
    /// have the same addresses. Null: this one reaches no other. Starts nothing.
    virtual const void* bus() const { return nullptr; }
    /// Throws Error(OutOfMemory).
    virtual std::shared_ptr<MemoryObject> allocate(Domain domain, uint64_t bytes) = 0;
    virtual std::unique_ptr<AddressSpaceHandle> create_address_space() = 0;
    /// Shares whole pages of the program's memory with the device: same contents, same host
    /// address, system memory. Those that are still there are the program's alone again when the
    /// object goes. `at` and `bytes` are multiples of 4096. Throws Error(NotSupported) when the
    /// pages are not plain writable private memory, Error(OutOfMemory).
    virtual std::shared_ptr<MemoryObject> adopt_host_pages(void* at, uint64_t bytes) = 0;
    /// The file that memory of this backend lies in, for other processes of the user. Nothing when
    /// there is none, or the memory is not in one piece.
    struct FilePiece {
        int fd = -1; ///< the backend's own; identified by its inode
        uint64_t inode = 0;
        uint64_t offset = 0;
    };
    virtual std::optional<FilePiece> file_of(const MemoryObject& memory) const {
        static_cast<void>(memory);
        return std::nullopt;
    }
    /// Memory of a device, or system memory, of another process: a piece of a file that file_of
    /// gave there, in whole pages. `fd` need not stay open. Throws Error(NotSupported,
    /// InvalidHandle, OutOfMemory).
    virtual std::shared_ptr<MemoryObject> import_file(int fd, uint64_t inode, uint64_t offset,
                                                      uint64_t bytes) {
        static_cast<void>(fd), static_cast<void>(inode), static_cast<void>(offset);
        fail(Status::NotSupported,
             "{} bytes of another process's memory: this device cannot reach them", bytes);
    }
    /// Bytes of VRAM not in use.
    virtual uint64_t vram_free() const = 0;
    /// Device time in nanoseconds, the clock of TIMESTAMP packets.
    virtual uint64_t timestamp_ns() const = 0;
};

/// Opens device `index` of the in-process model (defined in runtime/backend/model). Cheap: the chip
/// starts with the first address space. Throws Error(SystemNotReady).
std::unique_ptr<Backend> open_model_backend(unsigned index);
/// How many there are (ACC_DEVICES). Throws Error(SystemNotReady).
unsigned count_model_devices();

// Defined in runtime/backend, the one place that knows which backends there are.
// ACC_BACKEND=model|drm chooses; else it is the kernel driver when a device of ours is there, else
// the model.

/// Number of devices, constant in a process. Throws Error(SystemNotReady) when ACC_BACKEND has an
/// unknown value.
unsigned count_devices();
/// Opens device `index` < count_devices(). Throws Error.
std::unique_ptr<Backend> open_backend(unsigned index);

} // namespace acc::rt
