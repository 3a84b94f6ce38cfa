// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The executor of ACC_MODEL_EXEC=check (docs/translator.md): each launch is tried in shadows of its
// address space (check.h); then the interpreter runs it for real, unless a difference was found.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "driver/model/src/check/check.h"
#include "driver/model/src/exec.h"
#include "driver/model/src/translations.h"

namespace acc::model {

class Checker final : public Executor {
  public:
    explicit Checker(std::unique_ptr<Translator> translator);
    const char* name() const override { return "check"; }
    void dispatch_begins(Launch& launch) override;
    void dispatch_ended(Launch& launch) override;
    std::unique_ptr<Block> make_block() override;
    void space_ended(uint64_t space) override;

    std::shared_ptr<Check> find(const Launch& launch);

    // For a check.
    Executor& interpreter() { return *interpreter_; }
    Executor& one_warp() { return *one_warp_; }   ///< at a time
    Executor& backwards() { return *backwards_; } ///< likewise, the last first
    Executor& translated() { return *translated_; }
    /// False: the launch would be interpreted, and `why`.
    bool translates(const Launch& launch, std::string& why);
    /// The shadow of a space, for one check at a time; null while another has it.
    std::shared_ptr<Shadow> take_shadow(Vm& vm);
    void give_shadow(const std::shared_ptr<Shadow>& shadow);

  private:
    std::unique_ptr<Executor> interpreter_, one_warp_, backwards_, translated_;
    Translations* translations_;                          ///< of translated_
    std::mutex lock_;                                     ///< guards what follows
    std::map<uint64_t, std::shared_ptr<Shadow>> shadows_; ///< by the space's number
    std::map<const Launch*, std::shared_ptr<Check>> checks_;
};

} // namespace acc::model
