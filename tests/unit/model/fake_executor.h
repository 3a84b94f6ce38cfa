// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An executor whose kernels are C++ functions, chosen by the dispatch's kernarg address (16 *
// number).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "driver/model/src/exec.h"

namespace acc::model::test {

/// What a fake kernel sees of its block. It is called for each slice.
struct FakeBlock {
    Launch* launch = nullptr;
    uint32_t x = 0, y = 0, z = 0, compute_unit = 0;
    uint64_t slice = 0; ///< 0 for the first
    uint64_t budget = 0;
    uint64_t scratch = 0; ///< the kernel's own, 0 at the start
};

using FakeKernel = std::function<RunResult(FakeBlock&, acc_fault_record&)>;

/// The kernels of one test. Registered before they are launched.
class FakeKernels {
  public:
    /// Returns the kernarg address that selects the kernel.
    uint64_t add(FakeKernel kernel) {
        std::lock_guard lock(mutex_);
        kernels_.push_back(std::make_unique<FakeKernel>(std::move(kernel)));
        return 16 * kernels_.size();
    }
    const FakeKernel& at(uint64_t kernarg) {
        std::lock_guard lock(mutex_);
        return *kernels_.at(kernarg / 16 - 1);
    }

  private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<FakeKernel>> kernels_;
};

class FakeExecutor final : public Executor {
  public:
    explicit FakeExecutor(FakeKernels& kernels) : kernels_(kernels) {}
    const char* name() const override { return "fake"; }
    std::unique_ptr<Block> make_block() override { return std::make_unique<Running>(kernels_); }

  private:
    class Running final : public Block {
      public:
        explicit Running(FakeKernels& kernels) : kernels_(kernels) {}
        void start(Launch& launch, uint32_t x, uint32_t y, uint32_t z, uint32_t cu) override {
            block_ = {&launch, x, y, z, cu};
            kernel_ = &kernels_.at(launch.kernarg);
        }
        RunResult run(uint64_t budget, acc_fault_record& fault) override {
            block_.budget = budget;
            RunResult result = (*kernel_)(block_, fault);
            block_.slice++;
            return result;
        }

      private:
        FakeKernels& kernels_;
        const FakeKernel* kernel_ = nullptr;
        FakeBlock block_;
    };

    FakeKernels& kernels_;
};

} // namespace acc::model::test
