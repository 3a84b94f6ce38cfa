// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attacks. Whatever a client does with its ring, packets, doorbells, kernels and address space:
// another process computes the right results all the time, no memory of others is seen, and a new
// client works afterwards.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <sys/mman.h>

#include "compiler/isa/assemble.h"
#include "tests/kmd/device.h"
#include "tests/kmd/environment.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

class Attack : public testing::Test {
  protected:
    static void SetUpTestSuite() { victim = std::make_unique<Neighbour>(); }
    static void TearDownTestSuite() { victim.reset(); }
    void SetUp() override { RecordProperty("seed", static_cast<int>(first_seed())); }
    void TearDown() override {
        Neighbour::expect_unharmed(victim->report());
        Client fresh;
        Buffer out = fresh.allocate(kPage, DRM_ACC_BO_VRAM);
        EXPECT_ERRNO(fresh.launch(fresh.code(kNumber), {out.va, 5}), 0);
        EXPECT_EQ(out.at()[31], 36u);
        if (HasFailure())
            std::fprintf(stderr, "ACC_KMD_SEED=%llu\n",
                         static_cast<unsigned long long>(first_seed()));
    }

    static std::unique_ptr<Neighbour> victim;
    std::mt19937_64 random{first_seed()};
    uint64_t pick(std::initializer_list<uint64_t> values) {
        return values.begin()[random() % values.size()];
    }
};
std::unique_ptr<Neighbour> Attack::victim;

/// A client whose queue is replaced when it has been stopped. Kernels that do not end are stopped
/// by a watchdog.
struct Attacker {
    static constexpr Queue::Options kOptions{.packets = 64, .priority = 1, .watchdog_ms = 30};
    Device device{0};
    Vm vm{device};
    Bo memory{device, 64 * kPage, DRM_ACC_BO_VRAM};
    const uint64_t va = vm.reserve(64 * kPage);
    std::unique_ptr<Queue> queue = std::make_unique<Queue>(device, vm, kOptions);
    unsigned stopped = 0, completed = 0, endless = 0;

    Attacker() { vm.map(memory, va, memory.bytes()); }
    void replace() {
        queue.reset();
        queue = std::make_unique<Queue>(device, vm, kOptions);
    }
    /// Any outcome is fine, but one there must be: complete, stopped, or held up by a wait that
    /// nobody satisfies.
    void finish(double patience = 0.25) {
        const int e = queue->wait(patience);
        EXPECT_TRUE(one_of(e, {0, ECANCELED, ETIME}));
        (e == 0 ? completed : e == ECANCELED ? stopped : endless)++;
        if (e != 0) replace();
        vm.faults();
    }
};

TEST_F(Attack, EveryByteOfValidPackets) {
    Attacker a;
    const Code code(a.device, a.vm, kNumber);
    *a.memory.at<uint64_t>(0x4000) = a.va; // parameters
    const auto address = [&] {
        return pick({a.va, a.va + 8, a.va + 64 * kPage - 8, a.va + 64 * kPage, 0, 8, kVaBase - 8,
                     kVaBase + kVaBytes - 8, ~0ull & ~7ull, ACC_SHARED_APERTURE, ACC_LOCAL_APERTURE,
                     1ull << 47, a.queue->ring_va(), a.queue->control_va(),
                     a.queue->control_va() + 64, code.kernel()});
    };
    for (unsigned i = 0; i < effort(250); i++) {
        Packet p{};
        switch (random() % 8) {
        case 0:
            p = dispatch(code.kernel(), a.va + 0x4000, 1 + random() % 4, 1 + random() % 64);
            break;
        case 1: p = copy(address(), address(), pick({0, 8, 4096, 1 << 20, ~0ull})); break;
        case 2: p = fill(address(), 1, pick({0, 4, 4096, 1 << 20, ~3ull})); break;
        case 3: p = write_value(address(), random()); break;
        case 4: p = wait_value(address(), random() % 2); break;
        case 5: p = timestamp(address()); break;
        case 6: p = flush_code(); break;
        default:
            for (uint64_t& word : p.words)
                word = random();
            p.header.type = static_cast<uint16_t>(1 + random() % 10);
        }
        if (random() % 4 == 0) p.copy.signal = address();
        if (random() % 2) p.bytes[random() % ACC_PACKET_BYTES] = static_cast<uint8_t>(random());
        a.queue->put_raw(p);
        a.queue->submit(write_value(a.va + 0x8000, i));
        a.finish(0.05);
    }
    EXPECT_GT(a.stopped, 0u);
    EXPECT_GT(a.completed, 0u);
}

TEST_F(Attack, RingsOfRandomBytes) {
    Attacker a;
    for (unsigned i = 0; i < effort(60); i++) {
        auto* ring = a.queue->memory().at<uint64_t>(kPage);
        for (unsigned w = 0; w < kPage / 8; w++)
            ring[w] = random() % 3 ? random() % 12 : random();
        *a.queue->doorbell() = pick({1, 16, 64, random() % 64});
        EXPECT_TRUE(one_of(a.queue->wait_for(1, 0.02), {0, ECANCELED, ETIME}));
        a.replace();
        a.vm.faults();
    }
}

TEST_F(Attack, DoorbellsWithAnyValueAndWidth) {
    Attacker a;
    for (unsigned i = 0; i < effort(40); i++) {
        a.queue->submit(write_value(a.va, i));
        volatile uint64_t* bell = a.queue->doorbell();
        switch (random() % 6) {
        case 0: *bell = ~0ull; break;
        case 1: *bell = 0; break; // backwards
        case 2: *bell = random(); break;
        case 3:
            *reinterpret_cast<volatile uint32_t*>(bell) = static_cast<uint32_t>(random());
            break;
        case 4: reinterpret_cast<volatile uint8_t*>(bell)[random() % 8] = 1; break;
        default: bell[1 + random() % 511] = random(); break; // elsewhere in the page
        }
        a.finish(0.05);
    }
    // Reading it is allowed or not, but gives nothing away: the register cannot be read.
    const uint64_t read = *a.queue->doorbell();
    EXPECT_TRUE(read == 0 || read == ~0ull) << std::hex << read;
}

TEST_F(Attack, TheRingChangesWhileItIsRead) {
    Attacker a;
    for (unsigned round = 0; round < effort(6); round++) {
        auto* ring = reinterpret_cast<std::atomic<uint64_t>*>(
            a.queue->memory().at<uint64_t>(kPage));
        *a.queue->doorbell() = 64;
        for (unsigned i = 0; i < 3000; i++)
            ring[random() % (kPage / 8)].store(random() % 3 ? random() % 12 : random(),
                                               std::memory_order_relaxed);
        a.replace();
        a.vm.faults();
    }
}

TEST_F(Attack, TheControlBlockIsOverwrittenWhileTheQueueRuns) {
    Attacker a;
    for (unsigned i = 0; i < effort(20); i++) {
        for (unsigned n = 0; n < 20; n++)
            a.queue->put(fill(a.va, n, 32 * kPage));
        a.queue->ring();
        auto* words = reinterpret_cast<volatile uint64_t*>(&a.queue->control());
        for (unsigned w = 0; w < 200; w++)
            words[random() % 24] = random();
        EXPECT_TRUE(one_of(a.queue->wait(0.1), {0, ECANCELED, ETIME}));
        a.queue->state();
        a.replace();
        a.vm.faults();
    }
}

TEST_F(Attack, RingAndControlBlockDisappearUnderTheQueue) {
    for (unsigned i = 0; i < effort(8); i++) {
        Attacker a;
        for (unsigned n = 0; n < 10; n++)
            a.queue->put(fill(a.va, n, 64 * kPage));
        if (i % 2) a.queue->ring();
        a.vm.unmap(i % 4 < 2 ? a.queue->ring_va() : a.queue->control_va(), kPage);
        a.queue->ring();
        EXPECT_TRUE(one_of(a.queue->wait(0.2), {0, ECANCELED, ETIME}));
        // Somebody else's memory at the same place: the queue may use it, it is the process's own
        // mistake.
        a.vm.map(a.memory, a.queue->ring_va(), kPage);
        a.queue->ring();
        a.finish();
    }
}

TEST_F(Attack, KernelsWithFlippedBits) {
    Attacker a;
    const isa::Assembly program = isa::assemble(kPrologue + R"(
        mov.b32 r12, 0
loop:   iadd.b32 r12, r12, 1
        ld.global.b32 r13, [r6 + r10<<2]
        iadd.b32 r13, r13, r12
        st.global.b32 [r6 + r10<<2], r13
        st.shared.b32 [r12], r13
        bar.sync 0, rz
        isetp.u32.lt p0, r12, 4
@p0     bra loop
        exit
)");
    ASSERT_TRUE(program.ok());
    *a.memory.at<uint64_t>(0x4000) = a.va;
    for (unsigned i = 0; i < effort(120); i++) {
        std::vector<std::pair<uint64_t, uint64_t>> words;
        for (const isa::Word& w : program.words)
            words.emplace_back(w.lo, w.hi);
        for (uint64_t flips = 1 + random() % 3; flips > 0; flips--) {
            auto& [lo, hi] = words[random() % words.size()];
            (random() % 2 ? lo : hi) ^= 1ull << random() % 64;
        }
        const Code code(a.device, a.vm, words, {.registers = 32, .shared_bytes = 64});
        a.queue->submit(dispatch(code.kernel(), a.va + 0x4000, 2, 64));
        a.finish(5);
    }
    EXPECT_GT(a.stopped, 0u);
    EXPECT_EQ(a.endless, 0u) << "the watchdog ends them";
}

TEST_F(Attack, KernelsOfRandomWords) {
    Attacker a;
    for (unsigned i = 0; i < effort(20); i++) {
        std::vector<std::pair<uint64_t, uint64_t>> words(64);
        for (auto& [lo, hi] : words) {
            // Valid opcode numbers are small; the fields are anything.
            lo = random() % 3 ? (random() & ~0xfffull) | random() % 0x600 : random();
            hi = random();
        }
        const Code code(a.device, a.vm, words);
        a.queue->submit(dispatch(code.kernel(), a.va, 2, 64));
        a.finish(5);
    }
    EXPECT_EQ(a.endless, 0u);
}

TEST_F(Attack, WildAddressesReadNothing) {
    Attacker a;
    Client secret_keeper;
    // The victim's secret lies in both memories, at addresses that mean nothing to the attacker.
    Buffer system = secret_keeper.allocate(64 * kPage, DRM_ACC_BO_SYSTEM),
           vram = secret_keeper.allocate(64 * kPage, DRM_ACC_BO_VRAM);
    constexpr uint64_t kSecret = 0x5ec7'e75e'c7e7'5ec7;
    std::fill_n(system.at<uint64_t>(), 64 * kPage / 8, kSecret);
    std::fill_n(vram.at<uint64_t>(), 64 * kPage / 8, kSecret);
    const uint64_t vram_bytes = a.device.info().vram_bytes;
    std::vector<uint64_t> addresses = {
        0,
        kPage,
        0x10'0000,
        0x100'0000,     // where systems have memory
        vram_bytes / 2, // offsets in device memory
        vram_bytes - kPage,
        0xfebf'0000,                             // registers of devices
        0xffff'8880'0010'0000,                   // the kernel's view of memory
        reinterpret_cast<uint64_t>(system.at()), // the process's own addresses
        reinterpret_cast<uint64_t>(vram.at()),
        kVaBase + kVaBytes,
        kVaBase - kPage,
        system.va + (1ull << 30),
        ~0ull - 4095,
        ACC_SHARED_APERTURE,
        ACC_LOCAL_APERTURE,
        1ull << 47,
        1ull << 48,
        0x0300'0000'0000'0000,
    };
    for (unsigned i = 0; i < effort(20); i++)
        addresses.push_back((random() & ((1ull << 48) - 1)) & ~(kPage - 1));
    const Code load(a.device, a.vm, kLoad), store(a.device, a.vm, kStore);
    auto* words = a.memory.at<uint64_t>();
    for (uint64_t address : addresses) {
        words[0x1000] = 0x1111;
        const Packet attempts[] = {copy(a.va + 0x8000, address, 64), copy(address, a.va, 64),
                                   dispatch(load.kernel(), a.va + 0x4000, 1, 1),
                                   dispatch(store.kernel(), a.va + 0x4000, 1, 1)};
        for (const Packet& attempt : attempts) {
            words[0x800] = address;
            words[0x801] = a.va + 0x8000;
            a.queue->submit(attempt);
            EXPECT_ERRNO(a.queue->wait(), ECANCELED) << std::hex << address;
            EXPECT_EQ(words[0x1000], 0x1111u) << std::hex << address;
            a.replace();
            a.vm.faults();
        }
    }
    for (uint64_t i = 0; i < 64 * kPage / 8; i++) {
        ASSERT_EQ(system.at<uint64_t>()[i], kSecret) << i;
        ASSERT_EQ(vram.at<uint64_t>()[i], kSecret) << i;
    }
}

TEST_F(Attack, SpinningOnEveryUnitWithThousandsOfBlocks) {
    std::vector<std::unique_ptr<Client>> attackers;
    std::vector<Code> codes;
    const uint32_t highest = Device().info().max_priority;
    for (int i = 0; i < 4; i++) {
        attackers.push_back(
            std::make_unique<Client>(0, Queue::Options{.packets = 64, .priority = highest}));
        Client& a = *attackers.back();
        codes.push_back(a.code(kEndless));
        for (int n = 0; n < 4; n++) {
            Packet p = dispatch(codes.back().kernel(), a.arguments.va, 5000, 1024);
            p.header.flags = 0; // all at the same time
            a.queue.submit(p);
        }
    }
    pause_ms(700);
    Neighbour::expect_unharmed(victim->report());
}

TEST_F(Attack, StormsOfInterruptsBindsAndFaults) {
    Attacker a;
    Bo bo(a.device, 32 * kPage, DRM_ACC_BO_SYSTEM);
    const uint64_t va = a.vm.reserve(1024 * kPage);
    for (unsigned i = 0; i < effort(40); i++) {
        for (unsigned n = 0; n < 60; n++)
            a.queue->put(write_value(a.va, n));
        a.queue->ring();
        for (unsigned n = 0; n < 8; n++) {
            a.vm.map(bo, va + random() % 900 * kPage, 32 * kPage);
            a.vm.unmap(va + random() % 900 * kPage, 100 * kPage);
        }
        ASSERT_ERRNO(a.queue->wait(), 0);
        if (i % 4) continue;
        a.queue->submit(write_value(0, 0));
        a.finish();
    }
}

TEST_F(Attack, AllOfDeviceMemoryIsOverwritten) {
    // Page tables and the victim's buffers are in device memory, too; what can be allocated is none
    // of it.
    Client a;
    std::vector<Buffer> all;
    for (uint64_t size = 16 << 20; size >= kPage; size /= 16) {
        try {
            for (;;)
                all.push_back(a.allocate(size, DRM_ACC_BO_VRAM));
        } catch (const Failure& f) {
            EXPECT_TRUE(one_of(f.code, {ENOSPC, ENOMEM}));
        }
        if (all.size() > 300) break;
    }
    ASSERT_FALSE(all.empty());
    for (Buffer& b : all)
        ASSERT_ERRNO(a.queue.run(fill(b.va, 0xffffffff, b.bo.bytes())), 0);
    Neighbour::expect_unharmed(victim->report());
}

TEST_F(Attack, MemoryOfADeadProcessIsNotReadByTheNext) {
    constexpr uint64_t bytes = 32 << 20;
    for (uint32_t placement : {DRM_ACC_BO_VRAM, DRM_ACC_BO_SYSTEM}) {
        Child first([placement](Line&) {
            Client client;
            Buffer b = client.allocate(bytes, placement);
            ASSERT_ERRNO(client.queue.run(fill(b.va, 0x5ec7e75e, bytes)), 0);
        });
        EXPECT_EQ(first.join(), 0);
        // The device looks, so that what the processor's caches say does not matter: OR of all
        // words.
        Client second;
        Buffer b = second.allocate(bytes, placement), out = second.allocate(kPage);
        const Code code = second.code(kPrologue + R"(
        ld.const.b64 r14, [r2 + 8]
        ld.const.b32 r16, [r2 + 16]
        mov.b32 r12, 0
more:   ld.global.b32 r13, [r14 + r10<<2]
        or.b32 r12, r12, r13
        iadd.b32 r10, r10, 1024
        isetp.u32.lt p0, r10, r16
@p0     bra more
        atom.global.or.b32.gpu rz, [r6], r12
        exit
)");
        ASSERT_ERRNO(second.launch(code, {out.va, b.va, bytes / 4}, 4, 256), 0);
        EXPECT_EQ(out.at()[0], 0u);
    }
}

TEST_F(Attack, MappingsOfTheHostCannotGrow) {
    Client a;
    Buffer b = a.allocate(2 * kPage, DRM_ACC_BO_VRAM), c = a.allocate(2 * kPage);
    EXPECT_EQ(mremap(b.at(), 2 * kPage, 64 * kPage, MREMAP_MAYMOVE), MAP_FAILED);
    EXPECT_EQ(mremap(c.at(), 2 * kPage, 64 * kPage, MREMAP_MAYMOVE), MAP_FAILED);
    EXPECT_EQ(mremap(const_cast<uint64_t*>(a.queue.doorbell()), kPage, 2 * kPage, MREMAP_MAYMOVE),
              MAP_FAILED);
}

TEST_F(Attack, TakingEveryQueue) {
    Client a;
    std::vector<std::unique_ptr<Queue>> queues;
    try {
        for (;;)
            queues.push_back(std::make_unique<Queue>(a.device, a.vm));
    } catch (const Failure& f) {
        EXPECT_ERRNO(f.code, EBUSY);
    }
    EXPECT_LT(queues.size(), a.device.info().max_queues);
    // One client may not have them all: another one comes and works.
    Child second([](Line&) {
        Client b;
        EXPECT_ERRNO(b.queue.run(write_value(b.queue.signal_va(1), 1)), 0);
    });
    EXPECT_EQ(second.join(), 0);
    Neighbour::expect_unharmed(victim->report());
}

TEST_F(Attack, TakingAllDeviceMemory) {
    Device a;
    std::vector<Bo> bos;
    try {
        for (;;)
            bos.emplace_back(a, 4 << 20, DRM_ACC_BO_VRAM);
    } catch (const Failure& f) {
        EXPECT_ERRNO(f.code, ENOSPC);
    }
    Neighbour::expect_unharmed(victim->report());
    // TearDown shows that it is there again.
    bos.clear();
}

} // namespace
} // namespace acc::kmd
