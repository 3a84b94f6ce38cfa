// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The translator: from a launch to its program, and from that to host code.
#include <cstdlib>
#include <mutex>
#include <string>

#include "driver/model/jit/alu.h"
#include "driver/model/jit/compile.h"
#include "driver/model/jit/emitter.h"
#include "driver/model/jit/products.h"
#include "driver/model/jit/program.h"
#include "driver/model/jit/stored.h"

namespace acc::model::jit {
namespace {

/// What all translations share, and live less long than.
struct Workshop {
    std::mutex lock; ///< one translation at a time; what is kept does not need it
    Compiler compiler;
    AluLibrary alu{compiler.has_masks()};
    unsigned count = 0;
    /// Of what is kept on disk; empty: nothing is.
    const std::string identity = jit::identity(compiler.host());
    const std::optional<DiskCache> cache = identity.empty() ? std::nullopt
                                                            : DiskCache::from_environment(
                                                                  {"ACC_MODEL_TRANSLATOR_CACHE",
                                                                   "translations"});
};

/// Somebody wants to see what is made.
bool dumps() {
    return std::getenv("ACC_MODEL_TRANSLATOR_DUMP") != nullptr;
}
/// What is made is what it always is, and not looked at.
bool is_usual() {
    return !dumps() && !wanted_gang();
}

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
        if (workshop_->cache && is_usual()) {
            key_ = key_of(program_, size_, workshop_->identity);
            is_kept_ = workshop_->cache->contains(*key_);
        }
    }
    size_t instructions() const override { return instructions_; }
    bool is_kept() const override { return is_kept_; }
    std::shared_ptr<const Translation> run(Refusal& why) override;
    std::shared_ptr<const Translation> take_kept() override;

  private:
    std::shared_ptr<HostTranslation> begin() const;
    std::optional<llvm::SmallVector<char, 0>>
    translate(const std::string& name, HostTranslation& translation, bool& together);
    std::shared_ptr<const Translation> finish(std::shared_ptr<HostTranslation> translation,
                                              llvm::ArrayRef<char> object) const;

    std::shared_ptr<Workshop> workshop_;
    Program program_;
    LaunchSize size_;
    size_t instructions_ = 0;
    std::optional<DiskCache::Key> key_; ///< nothing: it is not kept
    bool is_kept_ = false;
};

std::shared_ptr<HostTranslation> Job::begin() const {
    auto translation = std::make_shared<HostTranslation>();
    translation->workshop = workshop_;
    translation->keep = workshop_->compiler.keeper();
    translation->products = products(workshop_->compiler.has_masks()).all;
    return translation;
}

/// Null: LLVM refused.
std::shared_ptr<const Translation> Job::finish(std::shared_ptr<HostTranslation> translation,
                                               llvm::ArrayRef<char> object) const {
    translation->host = workshop_->compiler.link(object);
    if (!translation->host) return nullptr;
    translation->code_entry = translation->host->entry();
    for (const CodeBlock& block : program_.blocks)
        for (const Inst& inst : block.insts)
            translation->code.push_back({inst.pc, inst.word});
    return translation;
}

std::shared_ptr<const Translation> Job::take_kept() {
    const auto kept = is_kept_ ? workshop_->cache->load(*key_) : std::nullopt;
    if (!kept) return nullptr;
    auto translation = begin();
    translation->from_disk = true;
    const std::span<const char> object = from_bytes(*kept, program_, size_, *translation);
    if (object.empty()) return nullptr;
    return finish(std::move(translation), {object.data(), object.size()});
}

/// The object file; empty: LLVM refused. Nothing: no shapes were found. together: the gangs of a
/// block may meet in its code; then, whether they do.
std::optional<llvm::SmallVector<char, 0>>
Job::translate(const std::string& name, HostTranslation& translation, bool& together) {
    llvm::LLVMContext context;
    llvm::Module module("kernel", context);
    workshop_->compiler.set_layout(module);
    const Host host{workshop_->compiler.has_masks(),  translation.keep != nullptr,
                    workshop_->compiler.has_dots(),   workshop_->compiler.has_gathers(),
                    workshop_->compiler.has_halves(), workshop_->compiler.has_range()};
    const auto emitter_for = [&](unsigned warps) {
        return std::make_unique<Emitter>(module, program_, size_, workshop_->alu, host, warps);
    };
    std::unique_ptr<Emitter> emitter = best_emitter(emitter_for);
    if (!together) emitter->keep_apart();
    bool emitted = emitter->run(Compiler::kFunction, translation);
    together = emitter->together();
    if (!emitted && emitter->one_by_one()) {
        emitter = emitter_for(1);
        emitter->keep_apart();
        emitted = emitter->run(Compiler::kFunction, translation);
    }
    if (!emitted) return std::nullopt;
    if (dumps()) dump(name + ".txt", emitter->describe());
    workshop_->alu.link(module);
    return workshop_->compiler.compile(module, name);
}

std::shared_ptr<const Translation> Job::run(Refusal& why) {
    if (auto kept = take_kept()) return kept;
    std::lock_guard guard(workshop_->lock);
    const std::string name = "acc_kernel_" + std::to_string(workshop_->count++);
    auto translation = begin();
    bool together = true;
    std::optional<llvm::SmallVector<char, 0>> object = translate(name, *translation, together);
    if ((!object || object->empty()) && together) { // each gang on a stack of its own, then
        translation = begin();
        together = false;
        object = translate(name, *translation, together);
    }
    if (!object) {
        why = Refusal::Unsettled;
        return nullptr;
    }
    std::shared_ptr<const Translation> made;
    if (!object->empty()) made = finish(translation, *object);
    if (!made) {
        why = Refusal::Compiler;
        return nullptr;
    }
    dump(name + ".address", "0x" + llvm::utohexstr(translation->host->address()) + "\n");
    if (key_) workshop_->cache->store(*key_, to_bytes(*made, {object->data(), object->size()}));
    return made;
}

class HostTranslator final : public Translator {
  public:
    std::unique_ptr<TranslationJob> read(const Launch& launch, const IndirectTargets& targets,
                                         Refusal& why) override {
        std::optional<Program> program = read_program(launch, targets, why);
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
