// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/translations.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include "driver/model/src/address_space.h"
#include "driver/model/src/signals_blocked.h"

namespace acc::model {
namespace {

/// Nanoseconds that the translator needs for an instruction of a kernel. What the interpreter has
/// spent as long on as translating takes is worth that: nobody knows what is to come, and so never
/// takes more than twice what would have been best.
constexpr uint64_t kTranslating = 200'000;
/// In larger kernels each instruction takes longer: twice as long in one of so many.
constexpr uint64_t kLarge = 1'500;
/// Before that, nobody looks how many there are; what is kept on disk takes as long.
constexpr uint64_t kFirstLook = 1'000'000;
/// The same before the library is loaded: that takes as long, too.
constexpr uint64_t kLoading = 5'000'000;
/// A kernel that jumps to more and more places through registers is made anew so often.
constexpr unsigned kMostRemade = 16;
/// Kernels with many sizes of block or of memory must not add up for ever.
constexpr size_t kMostKnown = 4096;

uint64_t worthwhile(uint64_t instructions) {
    return instructions * kTranslating * (kLarge + instructions) / kLarge;
}

/// Code memory holds what was translated.
bool unchanged(const Translation& translation, const AddressSpace& vm, uint64_t entry) {
    return std::all_of(translation.code.begin(), translation.code.end(), [&](const CodeWord& code) {
        return read_code(vm, entry + code.pc) == code.word;
    });
}

/// The translation of what has been read; it takes its time, unless it is kept. Null: there is
/// none, or nothing is kept.
enum class Source : bool { Made, Kept };
std::shared_ptr<const Translation> translate(TranslationJob& job, Candidate& candidate,
                                             Source source = Source::Made) {
    const auto begin = std::chrono::steady_clock::now();
    ExecutionCounts* const counts = candidate.counts.get();
    Refusal& why = candidate.refusal;
    const bool kept = source == Source::Kept;
    std::shared_ptr<const Translation> made = kept ? job.take_kept() : job.run(why);
    if (!counts || (kept && !made)) return made;
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    if (made)
        counts->translated(job.instructions(), took.count(), made->from_disk);
    else
        counts->refused(why, job.instructions());
    return made;
}

/// What another process has made; false: nothing can be used.
bool take_kept(TranslationJob& job, Candidate& candidate) {
    try {
        candidate.translation = translate(job, candidate, Source::Kept);
    } catch (const std::exception&) { // no memory
    }
    if (!candidate.translation) return false;
    candidate.settled.store(true, std::memory_order_release);
    return true;
}

/// It has jumped to places that its host code does not know.
bool jumps_further(const Candidate& candidate) {
    return candidate.settled.load(std::memory_order_acquire) && candidate.translation &&
           candidate.targets->count() > candidate.targets_known && candidate.remade < kMostRemade;
}

std::unique_ptr<TranslationJob> read(Translator& translator, const Launch& launch,
                                     Candidate& candidate) {
    candidate.targets_known = candidate.targets->count();
    std::unique_ptr<TranslationJob> job = translator.read(launch, *candidate.targets,
                                                          candidate.refusal);
    if (!job && candidate.counts) candidate.counts->refused(candidate.refusal, 0);
    return job;
}

} // namespace

/// What the thread and the launches have in common.
struct Translations::Behind {
    Load load = nullptr;
    void (*thread_begins)() = nullptr;
    std::mutex lock;
    std::condition_variable work;
    bool started = false, stopping = false;
    std::deque<std::pair<std::shared_ptr<Candidate>, std::unique_ptr<TranslationJob>>> jobs;
    /// Null until it is loaded; once set it stays.
    std::atomic<Translator*> translator{nullptr};
    std::unique_ptr<Translator> owner;
    std::atomic<bool> impossible{false};

    static void run(std::shared_ptr<Behind> self);
    void start(std::shared_ptr<Behind> self);
};

void Translations::Behind::run(std::shared_ptr<Behind> self) {
    if (self->thread_begins) self->thread_begins();
    pthread_setname_np(pthread_self(), "acc-translate");
    try {
        self->owner = self->load();
    } catch (const std::exception&) { // no library: the interpreter runs everything
        self->impossible.store(true, std::memory_order_relaxed);
        return;
    }
    self->translator.store(self->owner.get(), std::memory_order_release);
    for (;;) {
        std::unique_lock guard(self->lock);
        self->work.wait(guard, [&] { return self->stopping || !self->jobs.empty(); });
        if (self->stopping) return;
        // The smallest first: a large one takes long, and the others need not wait for it.
        const auto next = std::min_element(
            self->jobs.begin(), self->jobs.end(), [](const auto& x, const auto& y) {
                return x.second->instructions() < y.second->instructions();
            });
        auto [candidate, job] = std::move(*next);
        self->jobs.erase(next);
        guard.unlock();
        try {
            candidate->translation = translate(*job, *candidate);
        } catch (const std::exception&) { // no memory: it stays interpreted
        }
        candidate->settled.store(true, std::memory_order_release);
    }
}

/// With the lock.
void Translations::Behind::start(std::shared_ptr<Behind> self) {
    if (started) return;
    started = true;
    const SignalsBlocked guard; // the thread inherits this
    try {
        std::thread(run, std::move(self)).detach();
    } catch (const std::system_error&) {
        impossible.store(true, std::memory_order_relaxed);
    }
}

Translations::Translations(std::unique_ptr<Translator> translator)
    : translator_(std::move(translator)) {}

Translations::Translations(Load load, void (*thread_begins)())
    : behind_(std::make_shared<Behind>()) {
    behind_->load = load;
    behind_->thread_begins = thread_begins;
}

Translations::~Translations() {
    if (!behind_) return;
    std::lock_guard guard(behind_->lock);
    behind_->stopping = true;
    behind_->work.notify_all();
}

std::shared_ptr<Candidate> Translations::find(const Launch& launch) {
    const uint64_t epoch = launch.vm->code_epoch.load(std::memory_order_acquire);
    std::lock_guard guard(lock_);
    if (known_.size() > kMostKnown) known_.clear(); // whoever uses one keeps it
    std::shared_ptr<Candidate>& place =
        known_[{launch.vm->id, launch.entry, LaunchSize::of(launch)}];
    if (place && place->epoch != epoch) {
        // Other code may stand there now. A program may allocate memory between launches: what has
        // been spent on the kernel counts, and what is being made is looked at when it is there.
        const bool settled = place->settled.load(std::memory_order_acquire);
        const bool made = place->due.load(std::memory_order_relaxed) == UINT64_MAX;
        if (!settled && !made) {
            place->epoch = epoch;
            place->job = nullptr;
        } else if (settled && place->translation &&
                   unchanged(*place->translation, *launch.vm, launch.entry)) {
            place->epoch = epoch;
        } else if (settled) {
            place = nullptr;
        }
    }
    const bool more = place && jumps_further(*place);
    if (place && !more) return place;
    const std::shared_ptr<Candidate> before = std::exchange(place, std::make_shared<Candidate>());
    if (more) {
        place->targets = before->targets;
        place->remade = before->remade + 1;
    }
    place->epoch = epoch;
    place->counts = execution_counts(launch);
    const bool loaded = behind_ && behind_->translator.load(std::memory_order_relaxed);
    place->due.store(more ? 0 : loaded ? kFirstLook : kLoading, std::memory_order_relaxed);
    if (translator_) {
        if (const std::unique_ptr<TranslationJob> job = read(*translator_, launch, *place))
            place->translation = translate(*job, *place);
        place->settled.store(true, std::memory_order_release);
    }
    return place;
}

void Translations::spent(const std::shared_ptr<Candidate>& candidate, const Launch& launch,
                         uint64_t nanoseconds) {
    if (!behind_ || candidate->settled.load(std::memory_order_relaxed)) return;
    const uint64_t all = candidate->spent.fetch_add(nanoseconds, std::memory_order_relaxed) +
                         nanoseconds;
    if (all >= candidate->due.load(std::memory_order_relaxed)) look(candidate, launch);
}

/// The kernel is warm. The library is loaded by the thread; the code is read by whoever executes
/// it, for as long as it does it is there. What another process has made takes about a millisecond,
/// and does not wait for what the thread is busy with.
void Translations::look(const std::shared_ptr<Candidate>& candidate, const Launch& launch) {
    if (behind_->impossible.load(std::memory_order_relaxed)) {
        candidate->due.store(UINT64_MAX, std::memory_order_relaxed);
        return;
    }
    Translator* translator = behind_->translator.load(std::memory_order_acquire);
    if (!translator) {
        std::lock_guard guard(behind_->lock);
        behind_->start(behind_);
        return;
    }
    std::unique_lock guard(lock_, std::try_to_lock);
    const uint64_t all = candidate->spent.load(std::memory_order_relaxed);
    if (!guard || all < candidate->due.load(std::memory_order_relaxed)) return;
    if (!candidate->job) {
        // One that was found at another epoch stands for other code, perhaps.
        if (candidate->epoch == launch.vm->code_epoch.load(std::memory_order_acquire))
            candidate->job = read(*translator, launch, *candidate);
        if (!candidate->job) {
            candidate->due.store(UINT64_MAX, std::memory_order_relaxed);
            candidate->settled.store(true, std::memory_order_release);
            return;
        }
    }
    const uint64_t worth = worthwhile(candidate->job->instructions());
    const bool kept = candidate->job->is_kept();
    if (all < worth && !kept) {
        candidate->due.store(worth, std::memory_order_relaxed);
        return;
    }
    candidate->due.store(UINT64_MAX, std::memory_order_relaxed); // nobody else looks
    std::unique_ptr<TranslationJob> job = std::move(candidate->job);
    guard.unlock();
    if (kept && take_kept(*job, *candidate)) return;
    std::lock_guard queue(behind_->lock);
    behind_->jobs.emplace_back(candidate, std::move(job));
    behind_->work.notify_one();
}

void Translations::space_ended(uint64_t space) {
    std::lock_guard guard(lock_);
    std::erase_if(known_, [&](const auto& entry) { return entry.first.space == space; });
}

} // namespace acc::model
