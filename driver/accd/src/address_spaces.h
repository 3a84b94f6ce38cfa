// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The VM block: address spaces and their commands.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "acc/model/chip.h"
#include "driver/accd/src/command_thread.h"
#include "driver/accd/src/register_table.h"

namespace acc::accd {

class Queues;

class AddressSpaces {
  public:
    AddressSpaces(model::Chip& chip, const Queues& queues) : chip_(chip), queues_(queues) {}

    /// The connection's thread.
    uint64_t read(Register, uint32_t vmid);
    void write(Register, uint32_t vmid, uint64_t value);

    /// Guest memory in a range has changed (0 bytes: all of it): translations follow soon.
    void bus_changed(uint64_t bus, uint64_t bytes);

    /// Begin of a device reset: commands that have not run are forgotten. End: all registers at
    /// their reset values.
    void begin_reset();
    void end_reset();
    /// No command runs after this.
    void stop() { commands_.stop(); }

  private:
    struct Space {
        uint64_t root = 0, va_base = 0, va_bytes = 0, invalidate_va = 0, invalidate_bytes = 0;
        bool enabled = false, busy = false, rejected = false;
    };
    uint64_t* field(Space&, Register);
    void command(uint32_t vmid, uint32_t what);
    void run(uint32_t vmid, uint32_t what, Space arguments, uint64_t generation);
    bool acceptable(uint32_t vmid, const Space&, uint32_t what) const;
    void follow_bus();
    bool carry_out(uint32_t vmid, uint32_t what, const Space& arguments);

    model::Chip& chip_;
    const Queues& queues_;
    std::mutex mutex_; ///< spaces_, generation_
    std::array<Space, model::kMaxAddressSpaces> spaces_;
    std::vector<std::pair<uint64_t, uint64_t>> bus_changes_; ///< to be followed, guarded by mutex_
    uint64_t generation_ = 0; ///< grows with every reset: results of older commands count no more
    CommandThread commands_;
};

} // namespace acc::accd
