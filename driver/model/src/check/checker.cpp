// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/check/checker.h"

#include <cstddef>
#include <new>

namespace acc::model {

namespace {

/// A block of the real launch. Those that come first do the check's work.
class CheckedBlock final : public Block {
  public:
    explicit CheckedBlock(Checker& checker) : checker_(checker) {}

    void start(Launch& launch, uint32_t x, uint32_t y, uint32_t z, uint32_t cu) override {
        check_ = checker_.find(launch);
        launch_ = &launch;
        index_[0] = x;
        index_[1] = y;
        index_[2] = z;
        compute_unit_ = cu;
        started_ = false;
    }

    RunResult run(uint64_t budget, acc_fault_record& fault) override {
        if (launch_->abort.load(std::memory_order_relaxed)) return RunResult::Stopped;
        if (!check_->decided()) {
            const RunResult result = check_->work();
            if (!check_->decided()) return result;
        }
        if (check_->failure()) {
            fault = *check_->failure();
            return RunResult::Fault;
        }
        if (!started_ && !begin(fault)) return RunResult::Fault;
        return block_->run(budget, fault);
    }

    void locate(acc_fault_record& fault) const override {
        if (started_) block_->locate(fault);
    }

  private:
    /// False: the host has no memory for it.
    bool begin(acc_fault_record& fault) {
        try {
            if (!block_) block_ = checker_.interpreter().make_block();
            block_->start(*launch_, index_[0], index_[1], index_[2], compute_unit_);
            started_ = true;
            return true;
        } catch (const std::bad_alloc&) {
            fault = {};
            fault.cause = ACC_FAULT_INVALID_LAUNCH;
            fault.info = offsetof(acc_packet_dispatch, stack_bytes);
            return false;
        }
    }

    Checker& checker_;
    std::shared_ptr<Check> check_;
    std::unique_ptr<Block> block_;
    Launch* launch_ = nullptr;
    uint32_t index_[3] = {}, compute_unit_ = 0;
    bool started_ = false;
};

} // namespace

Checker::Checker(std::unique_ptr<Translator> translator)
    : interpreter_(make_interpreter()), one_warp_(make_interpreter(nullptr, {1, false})),
      backwards_(make_interpreter(nullptr, {1, true})) {
    auto translations = std::make_unique<Translations>(std::move(translator));
    translations_ = translations.get();
    translated_ = make_interpreter(nullptr, std::move(translations));
}

void Checker::dispatch_begins(Launch& launch) {
    std::lock_guard guard(lock_);
    checks_[&launch] = std::make_shared<Check>(*this, launch);
}

void Checker::dispatch_ended(Launch& launch) {
    std::shared_ptr<Check> ended;
    {
        std::lock_guard guard(lock_);
        const auto at = checks_.find(&launch);
        ended = std::move(at->second);
        checks_.erase(at);
    }
    ended->abandon();
}

std::shared_ptr<Check> Checker::find(const Launch& launch) {
    std::lock_guard guard(lock_);
    return checks_.at(&launch);
}

std::unique_ptr<Block> Checker::make_block() {
    return std::make_unique<CheckedBlock>(*this);
}

bool Checker::translates(const Launch& launch, std::string& why) {
    const std::shared_ptr<Candidate> candidate = translations_->find(launch);
    if (!candidate->translation) why = refusal_text(candidate->refusal);
    return candidate->translation != nullptr;
}

std::shared_ptr<Shadow> Checker::take_shadow(Vm& vm) {
    std::lock_guard guard(lock_);
    std::shared_ptr<Shadow>& shadow = shadows_[vm.id];
    if (!shadow) shadow = std::make_shared<Shadow>(vm);
    if (shadow->taken) return nullptr;
    shadow->taken = true;
    return shadow;
}

void Checker::give_shadow(const std::shared_ptr<Shadow>& shadow) {
    std::lock_guard guard(lock_);
    shadow->taken = false;
}

void Checker::space_ended(uint64_t space) {
    std::shared_ptr<Shadow> shadow;
    {
        std::lock_guard guard(lock_);
        const auto at = shadows_.find(space);
        if (at != shadows_.end()) {
            shadow = std::move(at->second);
            shadows_.erase(at);
        }
    }
    interpreter_->space_ended(space);
    if (!shadow) return;
    for (Executor* executor : {&*interpreter_, &*one_warp_, &*backwards_, &*translated_})
        executor->space_ended(shadow->space.id);
}

} // namespace acc::model
