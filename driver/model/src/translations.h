// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which kernels have host code: made at once, before they run for the first time, or by a thread
// behind the launches for those that turn out to be hot.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "driver/model/src/execution_counts.h"
#include "driver/model/src/translation.h"

namespace acc::model {

/// A kernel for one size of block.
struct Candidate {
    /// `translation` is what it will be: null when the interpreter is to run it for good.
    std::atomic<bool> settled{false};
    std::shared_ptr<const Translation> translation;
    Refusal refusal = Refusal::None;         ///< why it is null; once that is settled
    std::shared_ptr<ExecutionCounts> counts; ///< null: nobody wants to know
    std::shared_ptr<IndirectTargets> targets = std::make_shared<IndirectTargets>();
    /// Nanoseconds of processor time that the interpreter has spent on it.
    std::atomic<uint64_t> spent{0};
    /// So many of them, and somebody looks whether it should be translated.
    std::atomic<uint64_t> due{0};

    /// The grid that it was spent on last, and how much on that.
    std::atomic<uint64_t> grid{0}, spent_on_grid{0};
    /// When the thread began with its host code (now_ns), and how long that should take. 0: it has
    /// not.
    std::atomic<uint64_t> begun_ns{0}, takes_ns{0};

    /// AddressSpace::code_epoch at which `translation` was right, or its code has been read: at
    /// another one it may be of other code, until somebody has looked. Written with the lock of
    /// Translations.
    std::atomic<uint64_t> epoch{0};

    // Guarded by the lock of Translations.
    std::unique_ptr<TranslationJob> job;
    unsigned targets_known = 0; ///< when its code was read
    unsigned remade = 0;        ///< how often, for more targets
};

class Translations {
  public:
    using Load = std::unique_ptr<Translator> (*)();
    /// Each kernel is translated when it is first asked for.
    explicit Translations(std::unique_ptr<Translator> translator);
    /// Hot kernels are, behind the launches; `load` finds the translator (throws
    /// std::system_error), and is called only when there is one. The thread calls `thread_begins`
    /// first, unless it is null (ChipConfig).
    Translations(Load load, void (*thread_begins)());
    ~Translations();
    Translations(const Translations&) = delete;
    Translations& operator=(const Translations&) = delete;
    /// For people: how kernels are executed.
    const char* name() const { return behind_ ? "auto" : "jit"; }

    /// On the launch path. The launch's address space holds the code.
    std::shared_ptr<Candidate> find(const Launch& launch);
    /// The interpreter has spent so many more on it, on the launch's block at `at`.
    void spent(const std::shared_ptr<Candidate>& candidate, const Launch& launch,
               uint64_t nanoseconds, const uint32_t (&at)[3]);
    /// Whether the launch's block at `at` had better not begin yet: the thread is about to have
    /// host code, and the interpreter would be busy with the launch for longer. Takes up to a
    /// millisecond; then somebody asks again.
    bool had_better_wait(const Candidate& candidate, const Launch& launch, const uint32_t (&at)[3]);
    /// What is kept about this address space can go.
    void space_ended(uint64_t space);

  private:
    struct Key {
        uint64_t space, entry;
        LaunchSize size;
        auto operator<=>(const Key&) const = default;
    };
    struct Behind;
    void look(const std::shared_ptr<Candidate>& candidate, const Launch& launch, uint64_t left);

    std::mutex lock_; ///< guards everything below, and the candidates' parts
    std::map<Key, std::shared_ptr<Candidate>> known_;
    std::unique_ptr<Translator> translator_;
    std::shared_ptr<Behind> behind_; ///< with the thread, which may outlive this object
};

} // namespace acc::model
