// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/check/check.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>

#include "driver/model/src/check/checker.h"

namespace acc::model {

namespace {

constexpr size_t kMostKept = 8; ///< differences

std::string hex(uint64_t value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

std::string triple(const uint32_t (&v)[3]) {
    return "(" + std::to_string(v[0]) + ", " + std::to_string(v[1]) + ", " + std::to_string(v[2]) +
           ")";
}

std::string describe_end(const PassResult& result) {
    if (!result.faulted) return "ends";
    const acc_fault_record& f = result.fault;
    return "faults with cause " + std::to_string(f.cause) + " at pc " + hex(f.pc) + ", address " +
           hex(f.address) + ", block " + triple(f.block) + ", thread " + triple(f.thread);
}

uint64_t word_at(const uint8_t* page, size_t at) {
    uint64_t word = 0;
    std::memcpy(&word, page + at, sizeof word);
    return word;
}

/// Faults that one program cannot have both of: the same warp, but not the same fault.
bool contradict(const acc_fault_record& a, const acc_fault_record& b) {
    const bool one_warp = a.warp == b.warp && std::equal(a.block, a.block + 3, b.block);
    return one_warp && (a.cause != b.cause || a.pc != b.pc || a.address != b.address ||
                        a.lane_mask != b.lane_mask || a.info != b.info);
}

} // namespace

void Check::abandon() {
    std::lock_guard guard(lock_);
    pass_.reset();
    if (shadow_) {
        shadow_->discard();
        checker_.give_shadow(shadow_);
    }
    shadow_.reset();
    results_.clear();
}

RunResult Check::work() {
    std::unique_lock guard(lock_, std::try_to_lock);
    if (!guard || decided()) return RunResult::Waiting;
    try {
        return step();
    } catch (const std::exception& e) { // no memory, or the host does not tell
        decide(CheckEnd::NotCompared, e.what());
        return RunResult::Yield;
    }
}

RunResult Check::step() {
    if (!shadow_ && !begin()) return decided() ? RunResult::Yield : RunResult::Waiting;
    switch (pass_->step()) {
    case Pass::State::Running: return RunResult::Yield;
    case Pass::State::Waiting: return RunResult::Waiting;
    case Pass::State::Endless:
        decide(CheckEnd::NotCompared, "it does not end alone");
        return RunResult::Yield;
    default: pass_ended(); return RunResult::Yield;
    }
}

/// False: not now, or decided.
bool Check::begin() {
    if ((launch_.kernel.flags & ACC_KD_LAUNCHES) != 0) { // to the copy's queue nobody would listen
        decide(CheckEnd::NotCompared, "it launches kernels");
        return false;
    }
    // Executors know an address space, the chip knows which: all of its launches have one of these.
    shadow_ = checker_.take_shadow(static_cast<Vm&>(*launch_.vm));
    if (!shadow_) return false;
    std::string why;
    if (!shadow_->refresh(why)) {
        decide(CheckEnd::NotCompared, why);
        return false;
    }
    next_pass();
    return !decided();
}

void Check::next_pass() {
    shadow_->discard();
    const auto kind = static_cast<Kind>(results_.size());
    Executor* executor = &checker_.interpreter();
    switch (kind) {
    case OneWarp: executor = &checker_.one_warp(); break;
    case Backwards: executor = &checker_.backwards(); break;
    case Translated:
    case TranslatedAgain:
    case FindIn: executor = &checker_.translated(); break;
    default: break;
    }
    const bool finding = kind == Find || kind == FindIn;
    pass_ = std::make_unique<Pass>(*executor, launch_, *shadow_, kind == Backwards,
                                   finding ? differences_[0].address : 0);
}

void Check::pass_ended() {
    results_.push_back(std::move(pass_->result));
    const auto ended = static_cast<Kind>(results_.size() - 1);
    std::string why;
    if (ended == Interpreted && !checker_.translates(pass_->launch(), why))
        return decide(CheckEnd::NotTranslated, why);
    if (ended == Translated && same(results_[Interpreted], results_[Translated]))
        return decide(CheckEnd::Same);
    if (ended == TranslatedAgain) {
        find_differences();
        if (count_ == 0) return decide(CheckEnd::OrderDepends);
        if (differences_.empty()) return fail(); // in how it ends
    }
    if (ended == FindIn) return fail();
    next_pass();
}

void Check::decide(CheckEnd end, const std::string& why) {
    count_check(end, launch_.kernel_address, why);
    pass_.reset();
    results_.clear();
    if (shadow_) {
        shadow_->discard();
        checker_.give_shadow(shadow_);
        shadow_.reset();
    }
    decided_.store(true, std::memory_order_release);
}

/// How a page looks after an execution.
const uint8_t* Check::page_of(const PassResult& result, uint64_t page) const {
    const auto& pages = result.memory.pages;
    const auto at = std::lower_bound(pages.begin(), pages.end(), page);
    if (at == pages.end() || *at != page) return shadow_->original_page(page);
    return result.memory.page(static_cast<size_t>(at - pages.begin()));
}

bool Check::same(const PassResult& a, const PassResult& b) const {
    if (a.faulted || b.faulted)
        return a.faulted && b.faulted && !contradict(a.fault, b.fault); // stores behind the fault
                                                                        // of another are chance
    for (const auto* pages : {&a.memory.pages, &b.memory.pages})
        for (const uint64_t page : *pages)
            if (std::memcmp(page_of(a, page), page_of(b, page), ACC_PAGE_BYTES) != 0) return false;
    return true;
}

/// In what the interpreter always does alike, and translated code always otherwise.
void Check::find_differences() {
    const PassResult &one = results_[Interpreted], &other = results_[Translated];
    if (std::any_of(results_.begin(), results_.end(), [](auto& r) { return r.faulted; })) {
        bool always = true;
        for (const Kind kind : {Again, OneWarp, Backwards})
            always &= results_[kind].faulted == one.faulted &&
                      !(one.faulted && contradict(one.fault, results_[kind].fault));
        count_ = always && !same(one, other) && !same(one, results_[TranslatedAgain]);
        return;
    }
    std::vector<uint64_t> pages;
    std::set_union(one.memory.pages.begin(), one.memory.pages.end(), other.memory.pages.begin(),
                   other.memory.pages.end(), std::back_inserter(pages));
    for (const uint64_t page : pages) {
        const uint8_t* seen[FindIn];
        for (size_t kind = 0; kind < results_.size(); ++kind)
            seen[kind] = page_of(results_[kind], page);
        for (size_t at = 0; at < ACC_PAGE_BYTES; at += 8) {
            const uint64_t right = word_at(seen[Interpreted], at);
            const auto is_right = [&](Kind kind) { return word_at(seen[kind], at) == right; };
            if (is_right(Translated) || is_right(TranslatedAgain)) continue;
            if (!is_right(Again) || !is_right(OneWarp) || !is_right(Backwards)) continue;
            if (count_++ < kMostKept)
                differences_.push_back({shadow_->space.base + page * ACC_PAGE_BYTES + at, right,
                                        word_at(seen[Translated], at)});
        }
    }
}

/// The first block after which the first difference is there; "" when that does not help.
std::string Check::first_block(acc_fault_record& record) const {
    if (results_.size() <= FindIn) return "";
    const auto &one = results_[Find].watched, &other = results_[FindIn].watched;
    for (size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
        if (one[i].first != other[i].first) return "";
        if (one[i].second == other[i].second) continue;
        launch_.position(one[i].first, record.block);
        return "acc: check:   the first block after which it is there: " + triple(record.block) +
               "\n";
    }
    return "";
}

/// Says what is different; the launch will fail.
void Check::fail() {
    acc_fault_record record{};
    record.cause = ACC_FAULT_TRAP;
    record.info = ACC_TRAP_CHECK;
    std::string text =
        "acc: check: the interpreter and translated code differ: kernel descriptor " +
        hex(launch_.kernel_address) + ", code " + hex(launch_.entry) + ", grid " +
        triple(launch_.grid) + ", block " + triple(launch_.block) + "\n";
    if (differences_.empty()) {
        text += "acc: check:   the interpreter " + describe_end(results_[Interpreted]) + "\n";
        text += "acc: check:   translated code " + describe_end(results_[Translated]) + "\n";
    } else {
        record.address = differences_[0].address;
        text += "acc: check:   in " + std::to_string(count_) + " places of 8 bytes\n";
        for (const Difference& d : differences_)
            text += "acc: check:   " + hex(d.address) + ": " + hex(d.interpreted) +
                    ", translated " + hex(d.translated) + "\n";
        text += first_block(record);
    }
    std::fputs(text.c_str(), stderr);
    failure_ = record;
    decide(CheckEnd::Different);
}

} // namespace acc::model
