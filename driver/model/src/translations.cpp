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
#include "driver/model/src/tuning.h"

namespace acc::model {
namespace {

/// Nanoseconds that the translator needs for an instruction of a kernel, on a good host. What the
/// interpreter has spent as long on as translating takes is worth that: nobody knows what is to
/// come, and so never takes more than twice what would have been best.
constexpr double kTranslating = 200'000;
/// What a launch has left is known, and worth translating when it would take the interpreter so
/// many times as long as that: host code takes time, too.
constexpr uint64_t kLeft = 2;
/// In larger kernels each instruction takes longer: twice as long in one of so many.
constexpr double kLarge = 1'500;
/// Before that, nobody looks how many there are; what is kept on disk takes as long.
constexpr uint64_t kFirstLook = 1'000'000;
/// The same before the library is loaded: that takes as long, too.
constexpr uint64_t kLoading = 5'000'000;
/// A kernel that jumps to more and more places through registers is made anew so often.
constexpr unsigned kMostRemade = 16;
/// Kernels with many sizes of block or of memory must not add up for ever.
constexpr size_t kMostKnown = 4096;

double on_good_host(size_t instructions) {
    const auto n = static_cast<double>(instructions);
    return n * kTranslating * (kLarge + n) / kLarge;
}

/// What the interpreter would spend on the launch's blocks behind the one at `at`: they begin in
/// order, and those before tell how long one takes.
uint64_t left(const Candidate& candidate, const Launch& launch, const uint32_t (&at)[3]) {
    if (candidate.grid.load(std::memory_order_relaxed) != launch.grid_id) return 0;
    const uint64_t begun = (uint64_t{at[2]} * launch.grid[1] + at[1]) * launch.grid[0] + at[0] + 1;
    const auto spent = static_cast<double>(candidate.spent_on_grid.load(std::memory_order_relaxed));
    return static_cast<uint64_t>(spent / static_cast<double>(begun) *
                                 static_cast<double>(launch.total_blocks - begun));
}

/// All that has been spent, or what is left for sure, is enough to do something that takes so long.
bool is_worth(uint64_t spent, uint64_t left, uint64_t takes) {
    return spent >= takes || left / kLeft >= takes;
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
    std::condition_variable work, done;
    bool started = false, stopping = false;
    std::deque<std::pair<std::shared_ptr<Candidate>, std::unique_ptr<TranslationJob>>> jobs;
    /// Null until it is loaded; once set it stays.
    std::atomic<Translator*> translator{nullptr};
    std::unique_ptr<Translator> owner;
    std::atomic<bool> impossible{false};
    /// What translating takes here, to what it takes on a good host: known after the first one.
    std::atomic<double> slowness{1};

    uint64_t worthwhile(size_t instructions) const;

    static void run(std::shared_ptr<Behind> self);
    void start(std::shared_ptr<Behind> self);
};

uint64_t Translations::Behind::worthwhile(size_t instructions) const {
    constexpr double kNever = 1e18;
    return static_cast<uint64_t>(
        std::min(on_good_host(instructions) * slowness.load(std::memory_order_relaxed), kNever));
}

void Translations::Behind::run(std::shared_ptr<Behind> self) {
    constexpr double kLeast = 0.25, kMost = 32;
    double should = 0, took = 0; // all translations so far
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
        candidate->takes_ns.store(self->worthwhile(job->instructions()), std::memory_order_relaxed);
        candidate->begun_ns.store(now_ns(), std::memory_order_release);
        const uint64_t before = thread_ns();
        try {
            candidate->translation = translate(*job, *candidate);
        } catch (const std::exception&) { // no memory: it stays interpreted
        }
        should += on_good_host(job->instructions());
        took += static_cast<double>(thread_ns() - before);
        self->slowness.store(std::clamp(took / should, kLeast, kMost), std::memory_order_relaxed);
        guard.lock();
        candidate->settled.store(true, std::memory_order_release);
        self->done.notify_all();
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
    place->due.store(more ? 0 : kFirstLook, std::memory_order_relaxed);
    if (translator_) {
        if (const std::unique_ptr<TranslationJob> job = read(*translator_, launch, *place))
            place->translation = translate(*job, *place);
        place->settled.store(true, std::memory_order_release);
    }
    return place;
}

void Translations::spent(const std::shared_ptr<Candidate>& candidate, const Launch& launch,
                         uint64_t nanoseconds, const uint32_t (&at)[3]) {
    if (!behind_ || candidate->settled.load(std::memory_order_relaxed)) return;
    const uint64_t all = candidate->spent.fetch_add(nanoseconds, std::memory_order_relaxed) +
                         nanoseconds;
    if (candidate->grid.exchange(launch.grid_id, std::memory_order_relaxed) != launch.grid_id)
        candidate->spent_on_grid.store(0, std::memory_order_relaxed);
    candidate->spent_on_grid.fetch_add(nanoseconds, std::memory_order_relaxed);
    if (all >= candidate->due.load(std::memory_order_relaxed))
        look(candidate, launch, left(*candidate, launch, at));
}

/// Without it all threads of the host would interpret blocks that host code runs in a fraction of
/// the time. When it takes longer than it should, they do.
bool Translations::had_better_wait(const Candidate& candidate, const Launch& launch,
                                   const uint32_t (&at)[3]) {
    constexpr uint64_t kSlice = 1'000'000;
    const uint64_t begun = candidate.begun_ns.load(std::memory_order_acquire);
    const auto settled = [&] { return candidate.settled.load(std::memory_order_acquire); };
    if (begun == 0 || settled()) return false;
    const uint64_t takes = candidate.takes_ns.load(std::memory_order_relaxed),
                   been = now_ns() - begun;
    // Late: as long again as it has taken so far, perhaps.
    const uint64_t more = been < takes ? (takes - been) / 2 : been;
    if (left(candidate, launch, at) / std::max(launch.num_cus, 1u) < more) return false;
    std::unique_lock guard(behind_->lock);
    return !behind_->done.wait_for(guard, std::chrono::nanoseconds(kSlice), settled);
}

/// The kernel is warm. The library is loaded by the thread; the code is read by whoever executes
/// it, for as long as it does it is there. What another process has made takes about a millisecond,
/// and does not wait for what the thread is busy with.
void Translations::look(const std::shared_ptr<Candidate>& candidate, const Launch& launch,
                        uint64_t left) {
    if (behind_->impossible.load(std::memory_order_relaxed)) {
        candidate->due.store(UINT64_MAX, std::memory_order_relaxed);
        return;
    }
    const uint64_t all = candidate->spent.load(std::memory_order_relaxed);
    const auto look_again_at = [&](uint64_t spent) {
        candidate->due.store(std::min(spent, 2 * all), std::memory_order_relaxed);
    };
    Translator* translator = behind_->translator.load(std::memory_order_acquire);
    if (!translator) {
        if (!is_worth(all, left, kLoading)) return look_again_at(kLoading);
        std::lock_guard guard(behind_->lock);
        behind_->start(behind_);
        return;
    }
    std::unique_lock guard(lock_, std::try_to_lock);
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
    const uint64_t worth = behind_->worthwhile(candidate->job->instructions());
    const bool kept = candidate->job->is_kept();
    if (!is_worth(all, left, worth) && !kept) return look_again_at(worth);
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
