// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/config_space.h"

#include "acc/spec/acc_regs.h"

namespace acc::accd {

namespace {

// Offsets and bits of the PCI Local Bus Specification 3.0, its MSI-X chapter, and the "Advanced
// Capabilities" ECN.
enum : unsigned {
    kVendor = 0x00,
    kDevice = 0x02,
    kCommand = 0x04,
    kStatus = 0x06,
    kRevision = 0x08,
    kClass = 0x09,
    kCacheLine = 0x0c,
    kHeaderType = 0x0e,
    kBar0 = 0x10,
    kSubsystemVendor = 0x2c,
    kSubsystem = 0x2e,
    kCapabilities = 0x34,
    kInterruptLine = 0x3c,
    kMsix = 0x40,
    kMsixControl = kMsix + 2,
    kAf = 0x50,
    kAfControl = kAf + 4,
};
constexpr uint16_t kMemorySpace = 2, kBusMaster = 4, kInterruptDisable = 0x400;
constexpr uint16_t kStatusCapabilities = 0x10;
constexpr uint8_t kMultifunction = 0x80; // the VRAM aperture is function 1 of the slot
constexpr uint8_t kCapMsix = 0x11, kCapAf = 0x13;
constexpr uint16_t kMsixEnable = 0x8000, kMsixMaskAll = 0x4000;
constexpr uint8_t kAfTransactionsPending = 1, kAfFlr = 2;

} // namespace

ConfigSpace::ConfigSpace() {
    reset();
    auto writable32 = [&](unsigned offset, uint32_t mask) {
        for (unsigned i = 0; i < 4; i++)
            writable_[offset + i] = static_cast<uint8_t>(mask >> (8 * i));
    };
    writable32(kCommand, kMemorySpace | kBusMaster | kInterruptDisable);
    writable32(kBar0, ~(ACC_BAR0_BYTES - 1));
    writable_[kCacheLine] = 0xff;
    writable_[kInterruptLine] = 0xff;
    writable_[kMsixControl + 1] = (kMsixEnable | kMsixMaskAll) >> 8;
}

void ConfigSpace::reset() {
    bytes_ = {};
    set16(kVendor, ACC_PCI_VENDOR_ID);
    set16(kDevice, ACC_PCI_DEVICE_ID);
    set16(kStatus, kStatusCapabilities);
    bytes_[kRevision] = 1;
    for (unsigned i = 0; i < 3; i++)
        bytes_[kClass + i] = static_cast<uint8_t>(ACC_PCI_CLASS >> (8 * i));
    bytes_[kHeaderType] = kMultifunction;
    set16(kSubsystemVendor, ACC_PCI_VENDOR_ID);
    set16(kSubsystem, ACC_PCI_DEVICE_ID);
    bytes_[kCapabilities] = kMsix;
    // Interrupt pin (0x3d) stays 0: there is no INTx.
    bytes_[kMsix] = kCapMsix;
    bytes_[kMsix + 1] = kAf;
    set16(kMsixControl, ACC_MSIX_VECTORS - 1);
    set32(kMsix + 4, ACC_MSIX_TABLE); // in BAR 0
    set32(kMsix + 8, ACC_MSIX_PBA);
    bytes_[kAf] = kCapAf;
    bytes_[kAf + 2] = 6; // length
    bytes_[kAf + 3] = kAfTransactionsPending | kAfFlr;
}

uint32_t ConfigSpace::read(uint32_t offset, unsigned bytes) const {
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++) {
        uint64_t at = uint64_t{offset} + i;
        value |= uint32_t{at < bytes_.size() ? bytes_[at] : uint8_t{0xff}} << (8 * i);
    }
    return value;
}

ConfigSpace::Effects ConfigSpace::write(uint32_t offset, uint32_t value, unsigned bytes) {
    Effects effects;
    const uint16_t command = get16(kCommand), msix = get16(kMsixControl);
    for (unsigned i = 0; i < bytes; i++) {
        uint64_t at = uint64_t{offset} + i;
        if (at >= bytes_.size()) break;
        uint8_t byte = static_cast<uint8_t>(value >> (8 * i)), mask = writable_[at];
        bytes_[at] = static_cast<uint8_t>((bytes_[at] & ~mask) | (byte & mask));
        if (at == kAfControl && (byte & 1)) effects.function_reset = true; // INITIATE_FLR reads 0
    }
    effects.controls_changed = command != get16(kCommand) || msix != get16(kMsixControl);
    return effects;
}

bool ConfigSpace::memory_enabled() const {
    return get16(kCommand) & kMemorySpace;
}
bool ConfigSpace::bus_master() const {
    return get16(kCommand) & kBusMaster;
}
bool ConfigSpace::msix_enabled() const {
    return get16(kMsixControl) & kMsixEnable;
}
bool ConfigSpace::msix_masked() const {
    return get16(kMsixControl) & kMsixMaskAll;
}
uint32_t ConfigSpace::bar0() const {
    return read(kBar0, 4) & ~0xfu;
}

void ConfigSpace::set16(unsigned offset, uint16_t value) {
    bytes_[offset] = static_cast<uint8_t>(value);
    bytes_[offset + 1] = static_cast<uint8_t>(value >> 8);
}
void ConfigSpace::set32(unsigned offset, uint32_t value) {
    set16(offset, static_cast<uint16_t>(value));
    set16(offset + 2, static_cast<uint16_t>(value >> 16));
}
uint16_t ConfigSpace::get16(unsigned offset) const {
    return static_cast<uint16_t>(bytes_[offset] | bytes_[offset + 1] << 8);
}

} // namespace acc::accd
