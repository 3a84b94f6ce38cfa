// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Configuration space of the function: identity, BAR 0, MSI-X capability, and the conventional
// "Advanced Features" capability, whose function-level reset Linux knows how to use.
#pragma once

#include <array>
#include <cstdint>

namespace acc::accd {

/// Only the connection's thread calls.
class ConfigSpace {
  public:
    ConfigSpace();
    /// What a write means for the rest of the function.
    struct Effects {
        bool function_reset = false;   ///< FLR was asked for
        bool controls_changed = false; ///< bus mastering, or MSI-X enable or mask
    };
    /// bytes 1..4, any offset; bytes beyond 256 read as ones.
    uint32_t read(uint32_t offset, unsigned bytes) const;
    Effects write(uint32_t offset, uint32_t value, unsigned bytes);
    /// Values after a reset of the function.
    void reset();

    bool memory_enabled() const;
    bool bus_master() const;
    bool msix_enabled() const;
    bool msix_masked() const;
    uint32_t bar0() const;

  private:
    void set16(unsigned offset, uint16_t value);
    void set32(unsigned offset, uint32_t value);
    uint16_t get16(unsigned offset) const;

    std::array<uint8_t, 256> bytes_{}, writable_{};
};

} // namespace acc::accd
