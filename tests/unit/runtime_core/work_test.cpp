// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Work as a value: recorded, and submitted in one go.
#include "runtime/core/work.h"

#include <gtest/gtest.h>

#include <numeric>

#include "runtime/core/recording.h"
#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

/// What a queue was told: counts since it was made.
struct Told {
    explicit Told(Stream& stream) : queue(stream.queue()) {}
    uint64_t doorbells() const { return queue.doorbells() - doorbells_before; }
    uint64_t signals() const { return queue.signals() - signals_before; }
    UserQueue& queue;
    uint64_t doorbells_before = queue.doorbells(), signals_before = queue.signals();
};

TEST(Work, ARecordedSequenceIsOneDoorbellAndOneSignal) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    const uint64_t va = rig.allocate(256);
    Recording recording;
    stream.record_to(recording);
    for (int i = 0; i < 100; ++i) // each overwrites what the one before wrote, but for one byte
        stream.submit(fill_work(va + static_cast<uint64_t>(i), static_cast<uint8_t>(i), 100));
    stream.stop_recording();
    EXPECT_EQ(stream.queue().last(), 0u); // nothing was submitted
    ASSERT_EQ(recording.works().size(), 100u);
    for (int round = 0; round < 3; ++round) {
        const Told told(stream);
        stream.submit(recording.works());
        EXPECT_EQ(told.doorbells(), 1u);
        EXPECT_EQ(told.signals(), 1u);
        stream.synchronize();
        const auto data = rig.read(va, 199);
        for (size_t i = 0; i < data.size(); ++i)
            ASSERT_EQ(data[i], std::min<size_t>(i, 99)) << i;
        stream.submit(fill_work(va, 0xff, 256));
    }
}

TEST(Work, WaitsForOtherStreamsComeWithTheSameDoorbell) {
    Rig rig;
    Stream& first = rig.context.create_stream(false, 0);
    Stream& second = rig.context.create_stream(false, 0);
    Stream& legacy = rig.context.legacy_stream();
    const uint64_t va = rig.allocate(1);
    Gate gate(rig), other_gate(rig);
    gate.close(first);
    other_gate.close(second);
    const Told told(legacy);
    legacy.submit(fill_work(va, 5, 1));
    EXPECT_EQ(told.doorbells(), 1u);
    EXPECT_EQ(told.signals(), 1u);
    EXPECT_EQ(legacy.last(), 3u); // two waits and the fill
    gate.open();
    EXPECT_FALSE(legacy.idle());
    other_gate.open();
    EXPECT_EQ(rig.read(va, 1)[0], 5);
}

TEST(Work, APieceThatSomebodyWaitsForSignals) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    const uint64_t va = rig.allocate(2);
    const Allocation word = rig.context.memory().allocate(MemoryKind::Pinned, 64);
    auto* value = reinterpret_cast<std::atomic<uint64_t>*>(word.host);
    value->store(0);
    Work works[] = {fill_work(va, 1, 1), {work::Wait{word.va, 1}}, fill_work(va + 1, 2, 1)};
    works[0].signal = true;
    uint64_t numbers[3] = {};
    const Told told(stream);
    const UserQueue::Placed placed = [&](size_t i, uint64_t number) { numbers[i] = number; };
    stream.queue().submit({}, works, nullptr, &placed);
    EXPECT_EQ(told.doorbells(), 1u);
    EXPECT_EQ(told.signals(), 2u);
    EXPECT_EQ(numbers[0], 1u);
    EXPECT_TRUE(stream.queue().wait(numbers[0])); // although the second stands
    EXPECT_FALSE(stream.queue().reached(numbers[2]));
    value->store(1);
    stream.queue().hardware().doorbell(stream.queue().last());
    EXPECT_TRUE(stream.queue().wait(numbers[2]));
    EXPECT_EQ(rig.read(va, 2), (std::vector<uint8_t>{1, 2}));
}

TEST(Work, TheEndOfUnorderedPiecesIsTheEndOfAll) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    constexpr uint64_t kPieces = 50, kBytes = 4096;
    const uint64_t va = rig.allocate(kPieces * kBytes);
    for (int round = 1; round <= 20; ++round) {
        std::vector<Work> works;
        for (uint64_t i = 0; i < kPieces; ++i) {
            works.push_back(fill_work(va + i * kBytes, static_cast<uint8_t>(round), kBytes));
            works.back().ordered = false;
        }
        stream.submit(works);
        stream.synchronize();
        ASSERT_EQ(rig.read(va, kPieces * kBytes),
                  std::vector<uint8_t>(kPieces * kBytes, static_cast<uint8_t>(round)));
    }
}

// More than the ring (1024 packets) and the parameter ring (256 KiB) hold, in one submission.
TEST(Work, ASubmissionMayBeLongerThanTheRing) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    constexpr size_t kPieces = 5000, kBytes = 1000;
    std::vector<uint8_t> source(kPieces * kBytes);
    std::iota(source.begin(), source.end(), uint8_t{0});
    const uint64_t va = rig.allocate(source.size());
    std::vector<Work> works;
    for (size_t i = 0; i < kPieces; ++i)
        works.push_back(staged_work(va + i * kBytes, source.data() + i * kBytes, kBytes));
    const Told told(stream);
    stream.submit(works);
    stream.synchronize();
    EXPECT_LT(told.signals(), kPieces / 50);
    EXPECT_TRUE(rig.read(va, source.size()) == source);
}

TEST(Work, FewLargePiecesFillTheParameterRing) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    constexpr size_t kPieces = 40, kBytes = UserQueue::kStagingLimit;
    std::vector<uint8_t> source(kPieces * kBytes);
    for (size_t i = 0; i < source.size(); ++i)
        source[i] = static_cast<uint8_t>(i / kBytes + i);
    const uint64_t va = rig.allocate(source.size());
    std::vector<Work> works;
    for (size_t i = 0; i < kPieces; ++i)
        works.push_back(staged_work(va + i * kBytes, source.data() + i * kBytes, kBytes));
    stream.submit(works);
    stream.synchronize();
    EXPECT_TRUE(rig.read(va, source.size()) == source);
}

TEST(Work, HostCallsStandBetweenOtherPieces) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    const uint64_t va = rig.allocate(1, MemoryKind::Pinned);
    auto* data = reinterpret_cast<volatile uint8_t*>(va);
    std::vector<int> seen;
    Recording recording;
    stream.record_to(recording);
    for (uint8_t i = 1; i <= 3; ++i) {
        stream.submit(fill_work(va, i, 1));
        stream.submit(host_call([&] { seen.push_back(*data); }));
    }
    stream.stop_recording();
    const Told told(stream);
    stream.submit(recording.works());
    stream.submit(recording.works());
    EXPECT_EQ(told.doorbells(), 2u);
    stream.synchronize();
    EXPECT_EQ(seen, (std::vector<int>{1, 2, 3, 1, 2, 3}));
}

// The queue waits for room behind the call, which must be able to run meanwhile.
TEST(Work, AHostCallMayStandBeforeMoreThanTheRingHolds) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    const uint64_t va = rig.allocate(1);
    int ran = 0;
    const std::function<void()> count = [&] { ++ran; };
    std::vector<Work> works;
    for (int i = 0; i < 3; ++i) {
        works.push_back(host_call(count));
        for (int k = 0; k < 1500; ++k)
            works.push_back(fill_work(va, 3, 1));
    }
    stream.submit(works);
    stream.synchronize();
    EXPECT_EQ(ran, 3);
    EXPECT_EQ(rig.read(va, 1)[0], 3);
}

TEST(Work, CopiesAreDecidedWhenTheyAreSubmitted) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    constexpr size_t kLarge = 1 << 20; // more than is staged: the host copies
    std::vector<uint8_t> large(kLarge, 1), small(64, 2), back(kLarge, 0);
    const uint64_t va = rig.allocate(kLarge);
    Recording recording;
    stream.record_to(recording);
    auto* device = reinterpret_cast<void*>(va);
    copy_async(stream, device, large.data(), kLarge, CopyKind::HostToDevice);
    copy_async(stream, device, small.data(), small.size(), CopyKind::HostToDevice);
    copy(stream, back.data(), device, kLarge, CopyKind::DeviceToHost);
    stream.stop_recording();
    EXPECT_EQ(back[0], 0); // nothing has happened
    for (const uint8_t value : {7, 8}) {
        std::fill(large.begin(), large.end(), value);
        std::fill(small.begin(), small.end(), static_cast<uint8_t>(value + 100));
        stream.submit(recording.works());
        EXPECT_EQ(back[0], value + 100);
        EXPECT_EQ(back[63], value + 100);
        EXPECT_EQ(back[64], value);
        EXPECT_EQ(back[kLarge - 1], value);
    }
}

TEST(Work, ARecordingKeepsKernelArguments) {
    uint64_t first = 0x1122334455667788;
    uint32_t second = 0xaabbccdd;
    void* values[] = {&first, &second};
    const acc_kernel_param where[] = {{0, 8, 8, ACC_PARAM_VALUE}, {8, 4, 4, ACC_PARAM_VALUE}};
    Recording recording;
    const Work work{work::Launch{nullptr, {}, {12, nullptr, values, where}}};
    recording.record(std::span(&work, 1));
    first = 0;
    second = 0;
    uint8_t buffer[12];
    std::get<work::Launch>(recording.works()[0].what).arguments.write(buffer);
    const uint8_t expected[] = {0x88, 0x77, 0x66, 0x55, 0x44, 0x33,
                                0x22, 0x11, 0xdd, 0xcc, 0xbb, 0xaa};
    EXPECT_EQ(std::memcmp(buffer, expected, sizeof buffer), 0);
}

TEST(Work, ThereIsNothingToWaitForInARecordingStream) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    Event& event = rig.context.create_event(0, true);
    Event& untimed = rig.context.create_event(0, false);
    Recording recording;
    stream.record_to(recording);
    const std::function<void()> calls[] = {[&] { stream.synchronize(); }, [&] { stream.done(); },
                                           [&] { event.record(stream); },
                                           [&] { untimed.record(stream); }};
    for (const auto& call : calls) {
        try {
            call();
            FAIL() << "call " << &call - calls;
        } catch (const Error& error) {
            EXPECT_EQ(error.status(), Status::StreamCaptureUnsupported);
        }
    }
    EXPECT_TRUE(recording.works().empty());
}

} // namespace
} // namespace acc::rt::test
