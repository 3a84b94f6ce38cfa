// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/execution_counts.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "acc/spec/isa_table.h"

namespace acc::model {
namespace {

const char* text(HandOver why) {
    switch (why) {
    case HandOver::Call: return "call, return or jump without host code";
    case HandOver::Barrier: return "wait of part of a warp";
    case HandOver::WarpOperation: return "warp operation of part of a warp";
    case HandOver::Loop: return "long loop of parted threads";
    case HandOver::Address: return "address that wraps";
    case HandOver::NoInstruction: return "no instruction";
    }
    return "?";
}

} // namespace

const char* refusal_text(Refusal why) {
    switch (why) {
    case Refusal::None: return "no translator";
    case Refusal::TooLarge: return "too many instructions";
    case Refusal::Unreadable: return "code that cannot be read";
    case Refusal::Unsettled: return "shapes that do not settle";
    case Refusal::Compiler: return "no host code from LLVM";
    }
    return "?";
}

namespace {

/// All kernels of the process, written when it ends.
struct Report {
    std::mutex lock;
    std::vector<std::shared_ptr<ExecutionCounts>> kernels;
    std::string file; ///< "-": standard error

    void write() {
        std::ostringstream out;
        {
            std::lock_guard guard(lock);
            for (const auto& kernel : kernels)
                kernel->print(out);
        }
        const std::string all = out.str();
        std::FILE* to = file == "-" ? stderr : std::fopen(file.c_str(), "a");
        if (!to) {
            std::fprintf(stderr, "ACC_MODEL_TRANSLATOR_STATS: %s: %s\n", file.c_str(),
                         std::strerror(errno));
            return;
        }
        std::fwrite(all.data(), 1, all.size(), to);
        if (to != stderr) std::fclose(to);
    }
};

/// Null: nobody wants to know. Never destroyed: kernels may be running at exit.
Report* report() {
    static Report* const the = []() -> Report* {
        const char* file = std::getenv("ACC_MODEL_TRANSLATOR_STATS");
        if (!file || !*file) return nullptr;
        auto* made = new Report;
        made->file = file;
        std::atexit([] { report()->write(); });
        return made;
    }();
    return the;
}

const char* mnemonic(uint16_t opcode) {
    const isa::RowInfo* row = isa::find_row(opcode);
    return row ? row->mnemonic : "?";
}

} // namespace

ExecutionCounts::ExecutionCounts(const Launch& launch)
    : entry_(launch.entry), size_(LaunchSize::of(launch)) {}

void ExecutionCounts::translated(size_t instructions, double milliseconds, bool from_disk) {
    std::lock_guard guard(lock_);
    state_ = State::Translated;
    instructions_ = instructions;
    milliseconds_ = milliseconds;
    from_disk_ = from_disk;
}

void ExecutionCounts::refused(Refusal why, size_t instructions) {
    std::lock_guard guard(lock_);
    state_ = State::Refused;
    refusal_ = why;
    instructions_ = instructions;
}

void ExecutionCounts::handed_over(HandOver why, uint64_t pc, uint16_t opcode) {
    std::lock_guard guard(lock_);
    ++handed_over_[{why, {pc, opcode}}];
}

void ExecutionCounts::executed(uint64_t pc, uint16_t opcode) {
    std::lock_guard guard(lock_);
    ++executed_[{pc, opcode}];
}

void ExecutionCounts::accessed(uint64_t pc, uint16_t opcode) {
    std::lock_guard guard(lock_);
    ++accessed_[{pc, opcode}];
}

void ExecutionCounts::print_places(std::ostream& out, const char* what,
                                   const std::map<Place, uint64_t>& places) const {
    for (const auto& [place, count] : places)
        out << "  " << what << ' ' << std::dec << count << ": " << mnemonic(place.second)
            << " at +0x" << std::hex << place.first - entry_ << '\n';
}

void ExecutionCounts::print_state(std::ostream& out) const {
    switch (state_) {
    case State::Waiting: out << "not translated: not hot"; break;
    case State::Translated:
        out << "translated, " << std::dec << instructions_ << " instructions, " << milliseconds_
            << " ms" << (from_disk_ ? ", from disk" : "");
        break;
    case State::Refused:
        out << "not translated: " << refusal_text(refusal_);
        if (instructions_) out << ", " << std::dec << instructions_ << " instructions";
    }
}

void ExecutionCounts::print(std::ostream& out) const {
    std::lock_guard guard(lock_);
    out << std::hex << "kernel at 0x" << entry_ << std::dec << ", block " << size_.block[0] << 'x'
        << size_.block[1] << 'x' << size_.block[2] << ": ";
    print_state(out);
    out << '\n';
    for (const auto& [what, count] : handed_over_) {
        const auto& [why, place] = what;
        out << "  handed over " << std::dec << count << std::hex << ": " << text(why) << ", "
            << mnemonic(place.second) << " at +0x" << place.first - entry_ << '\n';
    }
    if (const uint64_t n = interpreted_.load(std::memory_order_relaxed))
        out << "  interpreted " << std::dec << n << ": warp-instructions after that\n";
    print_places(out, "executed", executed_);
    print_places(out, "accessed", accessed_);
}

std::shared_ptr<ExecutionCounts> execution_counts(const Launch& launch) {
    Report* const to = report();
    if (!to) return nullptr;
    auto counts = std::make_shared<ExecutionCounts>(launch);
    std::lock_guard guard(to->lock);
    to->kernels.push_back(counts);
    return counts;
}

} // namespace acc::model
