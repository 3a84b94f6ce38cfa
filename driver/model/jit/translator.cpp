// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The translator: what has been translated, by address space, kernel and size of block.
#include <array>
#include <cstdlib>
#include <map>
#include <mutex>

#include "driver/model/jit/compile.h"
#include "driver/model/jit/emitter.h"
#include "driver/model/jit/program.h"

namespace acc::model::jit {
namespace {

/// What the code of a translation depends on, but for the instructions.
struct Key {
    uint64_t space, entry;
    std::array<uint32_t, 3> block;
    uint32_t num_regs, kernarg_bytes, shared_bytes, dyn_shared, local_bytes;
    auto operator<=>(const Key&) const = default;
};
Key key_of(const Launch& launch) {
    return {launch.vm->id,
            launch.entry,
            {launch.block[0], launch.block[1], launch.block[2]},
            launch.kernel.num_regs,
            launch.kernel.kernarg_bytes,
            launch.shared_bytes,
            launch.dyn_shared_offset,
            launch.local_bytes};
}

struct HostTranslation final : Translation {
    std::unique_ptr<HostCode> host;
};

/// The words of all instructions, to see whether code memory still holds the same.
std::vector<isa::Word> words_of(const Program& program) {
    std::vector<isa::Word> words;
    for (const CodeBlock& block : program.blocks)
        for (const Inst& inst : block.insts)
            words.push_back(inst.word);
    return words;
}

class HostTranslator final : public Translator {
  public:
    const char* name() const override { return "jit"; }

    std::shared_ptr<const Translation> translate(const Launch& launch) override {
        const uint64_t epoch = launch.vm->code_epoch.load(std::memory_order_acquire);
        std::lock_guard guard(lock_);
        Entry& entry = known_[key_of(launch)];
        if (entry.epoch == epoch) return entry.translation;
        entry.epoch = epoch;
        const std::optional<Program> program = read_program(launch);
        if (!program) return entry.translation = nullptr;
        std::vector<isa::Word> words = words_of(*program);
        if (entry.words == words) return entry.translation;
        entry.words = std::move(words);
        return entry.translation = make(*program, launch);
    }

    void space_ended(uint64_t space) override {
        std::lock_guard guard(lock_);
        std::erase_if(known_, [&](const auto& entry) { return entry.first.space == space; });
    }

  private:
    struct Entry {
        uint64_t epoch = 0; ///< AddressSpace::code_epoch at which `words` were in memory; 0: never
        std::vector<isa::Word> words;
        std::shared_ptr<const Translation> translation; ///< null: the interpreter runs it
    };

    std::shared_ptr<const Translation> make(const Program& program, const Launch& launch) {
        const LlvmUse use;
        if (!use) return nullptr;
        llvm::LLVMContext context;
        llvm::Module module("kernel", context);
        compiler_.set_layout(module);
        const std::string name = "acc_kernel_" + std::to_string(count_++);
        auto translation = std::make_shared<HostTranslation>();
        Emitter emitter(module, program, launch, alu_, compiler_.has_masks());
        if (!emitter.run(name, *translation)) return nullptr;
        if (std::getenv("ACC_MODEL_TRANSLATOR_DUMP")) dump(name + ".txt", emitter.describe());
        alu_.link(module);
        translation->host = compiler_.compile(module, name);
        if (!translation->host) return nullptr;
        translation->code = translation->host->entry();
        return translation;
    }

    std::mutex lock_;   ///< guards everything
    Compiler compiler_; ///< lives longer than its code
    AluLibrary alu_{compiler_.has_masks()};
    std::map<Key, Entry> known_;
    unsigned count_ = 0;
};

} // namespace
} // namespace acc::model::jit

extern "C" __attribute__((visibility("default"))) acc::model::Translator*
acc_make_translator(uint32_t version) {
    if (version != acc::model::kTranslationVersion) return nullptr;
    const acc::model::jit::LlvmUse use;
    if (!use) return nullptr;
    try {
        return new acc::model::jit::HostTranslator;
    } catch (const std::exception&) {
        return nullptr;
    }
}
