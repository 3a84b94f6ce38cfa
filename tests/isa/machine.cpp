// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/isa/machine.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include "compiler/isa/assemble.h"
#include "compiler/isa/disassemble.h"
#include "driver/model/src/translation.h"
#include "driver/model/src/translations.h"
#include "driver/model/src/translator_library.h"
#include "tests/isa/proofs.h"

namespace acc::test {

Machine::Machine(const char* simd) : Machine(simd, std::getenv("ACC_TEST_TRANSLATOR")) {}

Machine::Machine(const char* simd, bool translated) {
    constexpr uint64_t bytes = kEnd - kBase;
    void* p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) throw std::runtime_error("mmap of the address space failed");
    memory_ = static_cast<uint8_t*>(p);
    space_.window = memory_;
    if (std::getenv("ACC_TEST_INDIRECT")) make_indirect();
    perm_.resize(bytes >> ACC_PAGE_SHIFT);
    using namespace model;
    protect(kCode, 0x10000, kPermRead | kPermExec);
    protect(kData, kDataBytes, kPermRead | kPermWrite);
    protect(kReadOnly, 0x1000, kPermRead);
    protect(kPoisoned, 0x1000, kPermRead | kPermWrite | kPermPoison);
    space_.base = kBase;
    space_.bytes = bytes;
    space_.perm = perm_.data();
    executor_ = make_interpreter(
        simd, translated ? std::make_unique<Translations>(load_translator()) : nullptr);
}

Machine::~Machine() {
    if (space_.window != memory_) munmap(space_.window, kEnd - kBase);
    munmap(memory_, kEnd - kBase);
}

/// No page is in the window, where an access would end the program.
void Machine::make_indirect() {
    void* nothing = mmap(nullptr, kEnd - kBase, PROT_NONE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (nothing == MAP_FAILED) throw std::runtime_error("mmap of the window failed");
    space_.window = static_cast<uint8_t*>(nothing);
    for (uint64_t offset = 0; offset < kEnd - kBase; offset += ACC_PAGE_BYTES)
        direct_.push_back(memory_ + offset);
    space_.direct = direct_.data();
}

void Machine::protect(uint64_t va, uint64_t bytes, uint8_t perm) {
    if (!direct_.empty()) perm |= model::kPermIndirect;
    std::memset(perm_.data() + ((va - kBase) >> ACC_PAGE_SHIFT), perm, bytes >> ACC_PAGE_SHIFT);
}

void Machine::load(std::string_view text) {
    const isa::Assembly assembly = isa::assemble(text, kCode);
    if (!assembly.ok()) {
        std::string message = "does not assemble:";
        for (const isa::AsmError& e : assembly.errors)
            message += "\n  " + e.text();
        throw std::runtime_error(message + "\n" + std::string(text));
    }
    std::vector<std::pair<uint64_t, uint64_t>> words;
    for (const isa::Word& w : assembly.words)
        words.emplace_back(w.lo, w.hi);
    load_words(words);
}

void Machine::load_words(const std::vector<std::pair<uint64_t, uint64_t>>& words) {
    std::memset(at<char>(kCode), 0, 0x10000);
    uint64_t* out = at<uint64_t>(kCode);
    words_.clear();
    for (const auto& [lo, hi] : words) {
        *out++ = lo;
        *out++ = hi;
        words_.push_back({lo, hi});
    }
    ++space_.code_epoch;
}

namespace {

/// The mnemonic with the suffixes of its modifiers.
std::string full_mnemonic(isa::Word word) {
    const std::string text = isa::disassemble(word, 0);
    const size_t start = text[0] == '@' ? text.find_first_not_of(' ', text.find(' ')) : 0;
    return text.substr(start, text.find_first_of(" {", start) - start);
}

} // namespace

void Machine::proves(const std::vector<std::string>& mnemonics) const {
    for (const std::string& wanted : mnemonics) {
        const std::string name = wanted.substr(0, wanted.find('{'));
        bool found = false;
        for (const isa::Word word : words_) {
            const isa::RowInfo* row = isa::find_row(isa::get(word, isa::Field::opcode));
            if (!row || (name != row->mnemonic && name != full_mnemonic(word))) continue;
            found = true;
            Proofs::instance().add(word);
        }
        if (!found) throw std::logic_error("no " + wanted + " in the program that was loaded last");
    }
}

Outcome Machine::run(const LaunchShape& shape, unsigned resident, uint64_t budget,
                     unsigned max_turns) {
    model::Launch launch;
    launch.vm = &space_;
    launch.kernel.num_regs = static_cast<uint16_t>(shape.regs);
    launch.kernel_address = kReadOnly;
    launch.entry = kCode;
    launch.threads = launch.total_blocks = 1;
    for (int i = 0; i < 3; ++i) {
        launch.grid[i] = shape.grid[i];
        launch.block[i] = shape.block[i];
        launch.threads *= shape.block[i];
        launch.total_blocks *= shape.grid[i];
        launch.cluster[i] = shape.cluster[i];
        launch.cluster_blocks *= shape.cluster[i];
    }
    launch.is_cluster = launch.cluster_blocks > 1;
    launch.warps = (launch.threads + 31) / 32;
    launch.shared_bytes = launch.dyn_shared_offset = shape.shared;
    launch.local_bytes = shape.local;
    launch.kernarg = kData;
    launch.grid_id = ++grid_id_;
    launch.num_cus = 1;
    launch.cooperative = shape.cooperative;
    launch.clean_memory = shape.clean;
    while (blocks_.size() < resident)
        blocks_.push_back(executor_->make_block());

    timespec before{}, after{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    Outcome outcome;
    uint64_t next = 0;
    std::vector<bool> busy(resident, false);
    for (unsigned turns = 0;; ++turns) {
        bool any = false;
        for (unsigned slot = 0; slot < resident; ++slot) {
            if (!busy[slot] && next < launch.clusters()) {
                uint32_t first[3];
                launch.position(next, first);
                blocks_[slot]->start(launch, first[0], first[1], first[2], 0);
                busy[slot] = true;
                ++next;
            }
            if (!busy[slot]) continue;
            any = true;
            outcome.result = blocks_[slot]->run(budget, outcome.fault);
            if (outcome.result == model::RunResult::Fault) return outcome;
            busy[slot] = outcome.result != model::RunResult::Done;
        }
        if (!any) break;
        if (turns > max_turns) return outcome;
    }
    outcome.result = model::RunResult::Done;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    seconds_ = static_cast<double>(after.tv_sec - before.tv_sec) +
               1e-9 * static_cast<double>(after.tv_nsec - before.tv_nsec);
    return outcome;
}

} // namespace acc::test
