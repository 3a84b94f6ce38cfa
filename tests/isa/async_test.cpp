// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Asynchronous and bulk copies, and mbarrier objects against a model of their own: counts, bytes
// and a phase, as PTX defines them (not as they lie in memory).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "tests/isa/machine.h"
#include "tests/isa/modifiers.h"

namespace acc::test {
namespace {

constexpr unsigned kThreads = 64, kShared = 4096;
constexpr uint64_t kIn = Machine::kData + 0x1000, kOut = Machine::kData + 0x4000,
                   kSource = Machine::kData + 0x8000, kBack = Machine::kData + 0x10000;

class Async : public ::testing::Test {
  protected:
    void SetUp() override {
        for (unsigned i = 0; i < kShared; ++i)
            machine_.word<uint8_t>(kSource + i) = source_[i] = static_cast<uint8_t>(bits_());
    }
    void run(const std::string& text, unsigned threads) {
        machine_.load(text);
        LaunchShape shape;
        shape.block[0] = threads;
        shape.shared = kShared;
        const Outcome o = machine_.run(shape);
        ASSERT_EQ(o.result, model::RunResult::Done)
            << "cause " << o.fault.cause << " pc +" << o.fault.pc - Machine::kCode << text;
    }
    Machine machine_;
    std::mt19937 bits_{17};
    uint8_t source_[kShared];
};

/// r2 = data, r4 = thread, r6 = source; shared memory is 0xaa.
const char* const kHead = R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        iadd.b64 r6, r2, 0x8000
        mov.b32 r40, 0xaaaaaaaa
        mov.b32 r41, 0xaaaaaaaa
        mov.b64 r42, r40
        shl.b32 r44, r4, 6
        st.shared.b128 [r44], r40
        st.shared.b128 [r44 + 16], r40
        st.shared.b128 [r44 + 32], r40
        st.shared.b128 [r44 + 48], r40
        bar.sync 0, rz
)";
/// Shared memory goes to kBack.
const char* const kTail = R"(
        bar.sync 0, rz
        ld.shared.b128 r40, [r44]
        st.global.b128 [r2 + r44 + 65536], r40
        ld.shared.b128 r40, [r44 + 16]
        st.global.b128 [r2 + r44 + 65552], r40
        ld.shared.b128 r40, [r44 + 32]
        st.global.b128 [r2 + r44 + 65568], r40
        ld.shared.b128 r40, [r44 + 48]
        st.global.b128 [r2 + r44 + 65584], r40
        exit
)";

TEST_F(Async, CopiesOfAThread) {
    const char* const waits[] = {
        "cp.async.wait_all", "cp.async.commit_group\ncp.async.wait_group 0",
        "cp.async.commit_group\nnop\ncp.async.commit_group\ncp.async.wait_group 1"};
    unsigned round = 0;
    for (const Choice& m : choices(row_of("cp.async"))) {
        const unsigned size = 4u << m["cpsize"];
        uint8_t want[kShared];
        std::memset(want, 0xaa, sizeof want);
        for (unsigned t = 0; t < kThreads; ++t) {
            const uint32_t to = t * 64 + bits_() % (64 / size) * size, bytes = bits_() % (size + 3);
            const uint64_t from = kSource + bits_() % (kShared / size) * size;
            const uint32_t words[4] = {to - 48, bytes, static_cast<uint32_t>(from),
                                       static_cast<uint32_t>(from >> 32)};
            std::memcpy(machine_.at<char>(kIn + 16 * t), words, 16);
            const unsigned copied = m.is("cpsrc") ? std::min(bytes, size) : size;
            std::memcpy(want + to, source_ + (from - kSource), copied);
            std::memset(want + to + copied, 0, size - copied);
        }
        run(kHead + std::string("ld.global.b128 r8, [r2 + r4<<4 + 4096]\n") + m.mnemonic() +
                " [r8 + 48], r10, " + (m.is("cpsrc") ? "r9" : "rz") + "\n" + waits[round % 3] +
                kTail,
            kThreads);
        if (HasFatalFailure()) return;
        ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kBack), want, kShared), 0) << m.mnemonic();
        machine_.proves({m.mnemonic()});
        if (round % 3 == 0) machine_.proves({"cp.async.wait_all"});
        if (round % 3 != 0) machine_.proves({"cp.async.commit_group", "cp.async.wait_group"});
        ++round;
    }
}

/// One thread copies to shared memory; all wait for its mbarrier, then read what has come.
TEST_F(Async, BulkCopiesToSharedMemoryCompleteBytes) {
    for (const unsigned bytes : {16u, 48u, 1024u, 2032u}) {
        run(kHead + std::string(R"(
        isetp.s32.ne p0, r4, 0
        mov.b32 r12, 1
@!p0    mbarrier.init [rz + 4088], r12
        bar.sync 0, rz
        mov.b32 r8, 4088
        mov.b32 r9, )") +
                std::to_string(bytes) +
                R"(
        mov.b32 r10, 32
        iadd.b64 r14, r6, 64
@!p0    mbarrier.expect_tx [rz + 4088], r9
@!p0    cp.async.bulk.shared.global [r10 + 16], r14, r8
@!p0    mbarrier.arrive r16, [rz + 4088], r12
wait:   mbarrier.try_wait.parity p1, [rz + 4088], rz
@!p1    bra wait
)" + kTail,
            kThreads);
        if (HasFatalFailure()) return;
        uint8_t want[4088];
        std::memset(want, 0xaa, sizeof want);
        std::memcpy(want + 48, source_ + 64, bytes);
        ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kBack), want, sizeof want), 0) << bytes;
        machine_.proves({"cp.async.bulk.shared.global", "mbarrier.try_wait.parity"});
    }
}

TEST_F(Async, BulkCopiesToGlobalMemoryAreWaitedForByGroups) {
    for (const Choice& m : choices(row_of("cp.async.bulk.wait_group")))
        for (const unsigned bytes : {16u, 80u, 2048u}) {
            std::memset(machine_.at<uint8_t>(kOut), 0x55, 4096);
            run(kHead + std::string(R"(
        shl.b32 r44, r4, 6
        ld.global.b128 r40, [r6 + r44]
        st.shared.b128 [r44], r40
        ld.global.b128 r40, [r6 + r44 + 16]
        st.shared.b128 [r44 + 16], r40
        ld.global.b128 r40, [r6 + r44 + 32]
        st.shared.b128 [r44 + 32], r40
        ld.global.b128 r40, [r6 + r44 + 48]
        st.shared.b128 [r44 + 48], r40
        bar.sync 0, rz
        isetp.s32.ne p0, r4, 5
@p0     exit
        iadd.b64 r8, r2, 16000
        mov.b32 r10, 96
        mov.b32 r11, )") +
                    std::to_string(bytes) +
                    "\ncp.async.bulk.global.shared [r8 + 400], r10, r11\n"
                    "cp.async.bulk.commit_group\n" +
                    m.mnemonic() + " 0\nexit\n",
                kThreads);
            if (HasFatalFailure()) return;
            uint8_t want[4096];
            std::memset(want, 0x55, sizeof want);
            std::memcpy(want + 16, source_ + 96, bytes); // 16000 + 400 = 0x4000 + 16
            ASSERT_EQ(std::memcmp(machine_.at<uint8_t>(kOut), want, sizeof want), 0) << bytes;
            machine_.proves(
                {"cp.async.bulk.global.shared", "cp.async.bulk.commit_group", m.mnemonic()});
        }
}

// ---- mbarrier

/// PTX ISA, "mbarrier".
struct Reference {
    int64_t pending = 0, expected = 0, bytes = 0;
    unsigned phase = 0;
    void complete() {
        if (pending != 0 || bytes != 0) return;
        pending = expected;
        ++phase;
    }
};

/// A random program of one thread, each result stored in turn; and what has to come out.
class MbarrierProgram {
  public:
    MbarrierProgram(std::mt19937& bits, unsigned length) : bits_(bits) {
        text_ = "mov.sr64 r2, sr_kernarg\niadd.b64 r2, r2, 16384\nmov.b32 r8, 24\n";
        init();
        for (unsigned i = 0; i < length; ++i)
            step();
        text_ += "mbarrier.inval [r8 + 8]\n";
        init(); // the memory can be used again
        arrive(1, false, false);
        text_ += "exit\n";
    }
    const std::string& text() const { return text_; }
    const std::vector<uint32_t>& results() const { return results_; }

  private:
    struct Token {
        unsigned phase; ///< when it was given
        int64_t pending;
        unsigned reg;
    };
    void constant(int64_t value) { text_ += "mov.b32 r10, " + std::to_string(value) + "\n"; }
    void store(uint32_t want) {
        text_ += "st.global.b32 [r2 + " + std::to_string(4 * results_.size()) + "], r11\n";
        results_.push_back(want);
    }
    void store_pred(bool want) {
        text_ += "mov.b32 r11, 1\nselp.b32 r11, r11, rz, p1\n";
        store(want);
    }
    void init() {
        b_ = {};
        b_.pending = b_.expected = 1 + bits_() % 9;
        constant(b_.pending);
        text_ += "mbarrier.init [r8 + 8], r10\n";
        tokens_.clear();
    }
    void arrive(int64_t count, bool drop, bool no_complete) {
        const unsigned reg = 12 + 2 * (tokens_.size() % 4);
        constant(count);
        text_ += std::string("mbarrier.arrive") + (drop ? ".drop" : "") +
                 (no_complete ? ".nocomplete" : "") + " r" + std::to_string(reg) +
                 ", [r8 + 8], r10\n";
        tokens_.push_back({b_.phase, b_.pending, reg});
        b_.pending -= count;
        if (drop) b_.expected -= count;
        if (!no_complete) b_.complete();
        text_ += "mbarrier.pending_count r11, r" + std::to_string(reg) + "\n";
        store(static_cast<uint32_t>(tokens_.back().pending));
    }
    void step() {
        switch (bits_() % 8) {
        case 0:
        case 1: {
            const bool drop = bits_() % 4 == 0, no_complete = bits_() % 4 == 0;
            int64_t most = b_.pending - (no_complete ? 1 : 0);
            if (drop) most = std::min(most, b_.expected - 1);
            if (most >= 1) arrive(1 + static_cast<int64_t>(bits_()) % most, drop, no_complete);
            break;
        }
        case 2: {
            const int64_t n = bits_() % 5000;
            constant(n);
            text_ += "mbarrier.expect_tx [r8 + 8], r10\n";
            b_.bytes += n;
            break;
        }
        case 3: {
            const int64_t n = bits_() % 2 ? b_.bytes : bits_() % 100;
            if (n > b_.bytes) break;
            constant(n);
            text_ += "mbarrier.complete_tx [r8 + 8], r10\n";
            b_.bytes -= n;
            b_.complete();
            break;
        }
        case 4: // with noinc it counts as one arrival, else as none
            if (bits_() % 2) {
                text_ += "cp.async.mbarrier.arrive [r8 + 8]\n";
            } else if (b_.pending >= 1) {
                text_ += "cp.async.mbarrier.arrive.noinc [r8 + 8]\n";
                b_.pending -= 1;
                b_.complete();
            }
            break;
        case 5:
        case 6: {
            if (tokens_.empty()) break;
            const Token& token = tokens_.back();
            if (b_.phase - token.phase > 1) break; // only this phase and the one before
            text_ += std::string(bits_() % 2 ? "mbarrier.test_wait" : "mbarrier.try_wait") +
                     " p1, [r8 + 8], r" + std::to_string(token.reg) + "\n";
            store_pred(b_.phase != token.phase);
            break;
        }
        default: {
            const unsigned parity = bits_() % 2;
            constant(parity);
            text_ += std::string(bits_() % 2 ? "mbarrier.test_wait" : "mbarrier.try_wait") +
                     ".parity p1, [r8 + 8], r10\n";
            store_pred((b_.phase & 1) != parity);
            break;
        }
        }
    }
    std::mt19937& bits_;
    std::string text_;
    std::vector<uint32_t> results_;
    Reference b_;
    std::vector<Token> tokens_;
};

TEST_F(Async, MbarriersCountArrivalsAndBytes) {
    for (unsigned round = 0; round < 150; ++round) {
        const MbarrierProgram program(bits_, 40);
        run(program.text(), 1);
        if (HasFatalFailure()) return;
        for (unsigned i = 0; i < program.results().size(); ++i)
            ASSERT_EQ(machine_.word<uint32_t>(kOut + 4 * i), program.results()[i])
                << "result " << i << "\n"
                << program.text();
        for (const char* row :
             {"cp.async.mbarrier.arrive", "mbarrier.init", "mbarrier.inval", "mbarrier.arrive",
              "mbarrier.expect_tx", "mbarrier.complete_tx", "mbarrier.test_wait",
              "mbarrier.test_wait.parity", "mbarrier.try_wait", "mbarrier.try_wait.parity",
              "mbarrier.pending_count"})
            if (program.text().find(std::string(row) + " ") != std::string::npos ||
                program.text().find(std::string(row) + ".drop") != std::string::npos ||
                program.text().find(std::string(row) + ".no") != std::string::npos)
                machine_.proves({row});
    }
}

/// Threads of several warps meet at an mbarrier, phase after phase.
TEST_F(Async, AnMbarrierIsABarrier) {
    run(R"(
        mov.sr64 r2, sr_kernarg
        mov.sr r4, sr_tid_x
        mov.b32 r9, 64
        isetp.s32.ne p0, r4, 0
@!p0    mbarrier.init [rz], r9
        bar.sync 0, rz
        mov.b32 r10, 0
        mov.b32 r12, 1
        shl.b32 r5, r4, 2
        mov.b32 r20, r4
phase:  st.shared.b32 [r5 + 16], r20
        mbarrier.arrive r14, [rz], r12
wait:   mbarrier.test_wait p1, [rz], r14
@!p1    bra wait
        xor.b32 r6, r5, 252
        ld.shared.b32 r20, [r6 + 16]
        mbarrier.arrive r14, [rz], r12
wait2:  mbarrier.try_wait p1, [rz], r14
@!p1    bra wait2
        iadd.b32 r10, r10, 1
        isetp.s32.lt p1, r10, 7
@p1     bra phase
        st.global.b32 [r2 + r5 + 16384], r20
        exit
)",
        kThreads);
    for (unsigned t = 0; t < kThreads; ++t)
        EXPECT_EQ(machine_.word<uint32_t>(kOut + 4 * t), 63 - t);
}

} // namespace
} // namespace acc::test
