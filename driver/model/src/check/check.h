// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What ACC_MODEL_EXEC=check does with one launch: the interpreter executes it in a shadow of its
// address space, then translated code does, and what they leave in memory is compared. Where it
// differs, both are tried again, and the interpreter in other orders: what is another thing there,
// too, is the program's to leave open.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "driver/model/src/check/pass.h"
#include "driver/model/src/check/shadow.h"
#include "driver/model/src/check/summary.h"

namespace acc::model {

class Checker;

class Check {
  public:
    Check(Checker& checker, const Launch& launch) : checker_(checker), launch_(launch) {}
    Check(const Check&) = delete;
    Check& operator=(const Check&) = delete;

    /// True: the launch can run, or fail().
    bool decided() const { return decided_.load(std::memory_order_acquire); }
    /// Does some of the work. Another thread may be at it: then nothing.
    RunResult work();
    /// The launch is over; nobody is at work.
    void abandon();
    /// It must not run: this is why.
    const std::optional<acc_fault_record>& failure() const { return failure_; }

  private:
    /// The executions, in order. All behind the second only where the first two differ; the last
    /// two tell after which block they do.
    enum Kind { Interpreted, Translated, Again, OneWarp, Backwards, TranslatedAgain, Find, FindIn };
    struct Difference {
        uint64_t address;
        uint64_t interpreted, translated;
    };

    RunResult step();
    bool begin();
    void next_pass();
    void pass_ended();
    void decide(CheckEnd end, const std::string& why = "");
    bool same(const PassResult& a, const PassResult& b) const;
    const uint8_t* page_of(const PassResult& result, uint64_t page) const;
    void find_differences();
    std::string first_block(acc_fault_record& record) const;
    void fail();

    Checker& checker_;
    const Launch& launch_;
    std::mutex lock_; ///< guards everything below but the last two
    std::shared_ptr<Shadow> shadow_;
    std::unique_ptr<Pass> pass_;
    std::vector<PassResult> results_; ///< by Kind
    std::vector<Difference> differences_;
    size_t count_ = 0;                        ///< of differences, of which the first few are kept
    std::optional<acc_fault_record> failure_; ///< written before decided_
    std::atomic<bool> decided_{false};
};

} // namespace acc::model
