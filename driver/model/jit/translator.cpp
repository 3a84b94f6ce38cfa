// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The translator: from a launch to its program, and from that to host code.
#include <cstdlib>
#include <mutex>
#include <string>

#include "driver/model/jit/alu.h"
#include "driver/model/jit/compile.h"
#include "driver/model/jit/emitter.h"
#include "driver/model/jit/program.h"

namespace acc::model::jit {
namespace {

/// What all translations share, and live less long than.
struct Workshop {
    std::mutex lock; ///< one translation at a time
    Compiler compiler;
    AluLibrary alu{compiler.has_masks()};
    unsigned count = 0;
};

struct HostTranslation final : Translation {
    std::shared_ptr<Workshop> workshop;
    std::unique_ptr<HostCode> host; // goes first
};

class Job final : public TranslationJob {
  public:
    Job(std::shared_ptr<Workshop> workshop, Program program, const LaunchSize& size)
        : workshop_(std::move(workshop)), program_(std::move(program)), size_(size) {
        for (const CodeBlock& block : program_.blocks)
            instructions_ += block.insts.size();
    }
    size_t instructions() const override { return instructions_; }
    std::shared_ptr<const Translation> run(Refusal& why) override;

  private:
    std::shared_ptr<Workshop> workshop_;
    Program program_;
    LaunchSize size_;
    size_t instructions_ = 0;
};

std::shared_ptr<const Translation> Job::run(Refusal& why) {
    std::lock_guard guard(workshop_->lock);
    llvm::LLVMContext context;
    llvm::Module module("kernel", context);
    workshop_->compiler.set_layout(module);
    const std::string name = "acc_kernel_" + std::to_string(workshop_->count++);
    auto translation = std::make_shared<HostTranslation>();
    translation->workshop = workshop_;
    translation->keep = workshop_->compiler.keeper();
    const Host host{workshop_->compiler.has_masks(), translation->keep != nullptr,
                    workshop_->compiler.has_dots()};
    const auto emitter_for = [&](unsigned warps) {
        return std::make_unique<Emitter>(module, program_, size_, workshop_->alu, host, warps);
    };
    Emitter emitter(module, program_, size_, workshop_->alu, host, best_gang(emitter_for));
    if (!emitter.run(name, *translation)) {
        why = Refusal::Unsettled;
        return nullptr;
    }
    if (std::getenv("ACC_MODEL_TRANSLATOR_DUMP")) dump(name + ".txt", emitter.describe());
    workshop_->alu.link(module);
    translation->host = workshop_->compiler.compile(module, name);
    if (!translation->host) {
        why = Refusal::Compiler;
        return nullptr;
    }
    translation->code_entry = translation->host->entry();
    for (const CodeBlock& block : program_.blocks)
        for (const Inst& inst : block.insts)
            translation->code.push_back({inst.pc, inst.word});
    return translation;
}

class HostTranslator final : public Translator {
  public:
    std::unique_ptr<TranslationJob> read(const Launch& launch, Refusal& why) override {
        std::optional<Program> program = read_program(launch, why);
        if (!program) return nullptr;
        return std::make_unique<Job>(workshop_, std::move(*program), LaunchSize::of(launch));
    }

  private:
    std::shared_ptr<Workshop> workshop_ = std::make_shared<Workshop>();
};

} // namespace
} // namespace acc::model::jit

extern "C" __attribute__((visibility("default"))) acc::model::Translator*
acc_make_translator(uint32_t version) {
    if (version != acc::model::kTranslationVersion) return nullptr;
    try {
        return new acc::model::jit::HostTranslator;
    } catch (const std::exception&) {
        return nullptr;
    }
}
