// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The QUEUE and DOORBELL blocks: hardware queues and their commands.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

#include "acc/model/chip.h"
#include "driver/accd/src/command_thread.h"
#include "driver/accd/src/interrupts.h"
#include "driver/accd/src/register_table.h"

namespace acc::accd {

class Queues {
  public:
    Queues(model::Chip& chip, Interrupts& interrupts) : chip_(chip), interrupts_(interrupts) {}

    /// The connection's thread.
    uint64_t read(Register, uint32_t queue);
    void write(Register, uint32_t queue, uint64_t value);
    void doorbell(uint32_t queue, uint64_t write_index);
    /// Injection: no queue command ends before the next reset.
    void hang();

    /// Whether an enabled queue, or one about to be, belongs to the address space.
    bool any_enabled_in(uint32_t vmid) const;

    /// Begin of a device reset: nothing is accepted, commands that have not run are forgotten. End:
    /// registers at their reset values.
    void begin_reset();
    void end_reset();
    /// No command runs after this.
    void stop() { commands_.stop(); }
    /// Runs a job before the commands that wait, on their thread.
    void run_first(std::function<void()> job) { commands_.post_first(std::move(job)); }
    void run_later(std::function<void()> job, CommandThread::Clock::duration delay) {
        commands_.post(std::move(job), delay);
    }

  private:
    struct State {
        uint64_t ring = 0, control = 0, printf_buffer = 0, heap = 0;
        uint32_t packets = 0, vmid = 0, priority = 0, watchdog_ms = 0;
        uint32_t bound_vmid = 0; ///< VMID when it was enabled
        bool enabled = false, busy = false, rejected = false;
        /// When BUSY was set, for a device that hangs: its commands never end.
        std::chrono::steady_clock::time_point busy_since;
        bool reset_waits = false; ///< a RESET waits for the command thread: another one is the same
        uint64_t command_number = 0; ///< of the command that is going on; a RESET supersedes
                                     ///< another
    };
    uint64_t status(uint32_t queue) const;
    uint64_t stalled_ns(uint32_t queue) const;
    void set_parameter(Register, uint32_t queue, uint64_t value);
    void command(uint32_t queue, uint32_t what);
    void run(uint32_t queue, uint32_t what, uint64_t number);
    bool carry_out(uint32_t queue, uint32_t what, const State& arguments);

    model::Chip& chip_;
    Interrupts& interrupts_;
    mutable std::mutex mutex_; ///< queues_, hung_, next_command_
    std::array<State, model::kMaxQueues> queues_;
    bool hung_ = false;
    uint64_t next_command_ = 1;
    std::atomic<bool> resetting_{false};
    CommandThread commands_;
};

} // namespace acc::accd
