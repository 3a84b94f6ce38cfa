// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The function: the chip behind configuration space, BAR 0, interrupts and DMA.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "acc/model/chip.h"
#include "driver/accd/src/address_spaces.h"
#include "driver/accd/src/config_space.h"
#include "driver/accd/src/fault_window.h"
#include "driver/accd/src/guest_memory.h"
#include "driver/accd/src/interrupts.h"
#include "driver/accd/src/msix.h"
#include "driver/accd/src/queues.h"
#include "driver/accd/src/register_table.h"
#include "driver/accd/src/transport.h"

namespace acc::accd {

struct DeviceConfig {
    model::ChipConfig chip;
    uint64_t uuid[2] = {0, 0}; ///< DEV_UUID_LO, DEV_UUID_HI
};

class Device final : public Endpoint, private model::InterruptSink {
  public:
    /// Throws std::system_error when host resources cannot be had. The sender sends this device's
    /// interrupt messages.
    Device(const DeviceConfig&, InterruptSender& sender);
    ~Device() override;

    uint32_t config_read(uint32_t offset, unsigned bytes) override;
    void config_write(uint32_t offset, uint32_t value, unsigned bytes) override;
    uint64_t bar_read(uint64_t address, unsigned bytes) override;
    void bar_write(uint64_t address, uint64_t value, unsigned bytes) override;
    void set_memory(std::vector<MemoryRegion> regions) override;
    void bus_reset() override;
    bool vanished() const override { return vanished_; }

    /// Stops all DMA and interrupts: what the device does when it has been pulled out, or its
    /// connection has ended.
    void stop();

    model::Chip& chip() { return *chip_; }
    const Msix& msix() const { return msix_; }
    uint32_t bus_errors() const { return bus_errors_; }

  private:
    void completion(uint32_t queue) override { interrupts_.completion(queue); }
    void fault() override { interrupts_.set(ACC_IRQ_STATUS_FAULT_MASK); }
    void queue_halted(uint32_t) override { interrupts_.set(ACC_IRQ_STATUS_HALT_MASK); }
    void ecc() override { interrupts_.set(ACC_IRQ_STATUS_ECC_MASK); }

    uint64_t bad_access();
    bool decodes(uint64_t address, unsigned bytes, uint32_t& offset) const;
    uint64_t read_register(const RegisterPlace&);
    void write_register(const RegisterPlace&, uint64_t value);
    uint64_t read_dev(Register) const;
    uint64_t read_inject(Register) const;
    void write_inject(Register, uint64_t value);
    bool inject(uint32_t command, uint64_t argument);
    bool in_msix(uint32_t offset, unsigned bytes) const;
    void push_controls();
    void function_reset();
    void begin_reset();
    void reset_chip();
    void end_reset();

    GuestMemory memory_;
    Msix msix_;
    Interrupts interrupts_;
    std::unique_ptr<model::Chip> chip_;
    Queues queues_;
    AddressSpaces spaces_;
    FaultWindow faults_;
    ConfigSpace config_;
    const uint64_t uuid_[2];

    InterruptSender& sender_;
    std::atomic<uint32_t> bus_errors_{0};
    std::atomic<bool> inject_unlocked_{false};
    std::atomic<uint64_t> inject_argument_{0};
    std::atomic<bool> resetting_{false}; ///< from the request of a reset until READY
    bool vanished_ = false;
};

} // namespace acc::accd
