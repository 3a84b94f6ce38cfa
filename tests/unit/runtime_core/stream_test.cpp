// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who waits for whom: the legacy stream and the blocking streams wait for each other, non-blocking
// streams for nobody.
#include <gtest/gtest.h>

#include <thread>

#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

TEST(Stream, LegacyWaitsForBlockingStreams) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& blocking = rig.context.create_stream(false, 0);
    Gate gate(rig);
    gate.close(blocking);
    blocking.submit(fill_packet(va, 1, 1));
    rig.context.legacy_stream().submit(fill_packet(va, 2, 1));
    EXPECT_FALSE(rig.context.legacy_stream().idle());
    gate.open();
    EXPECT_EQ(rig.read(va, 1)[0], 2);
}

TEST(Stream, BlockingStreamsWaitForLegacy) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& blocking = rig.context.create_stream(false, 0);
    Stream& legacy = rig.context.legacy_stream();
    Gate gate(rig);
    gate.close(legacy);
    legacy.submit(fill_packet(va, 1, 1));
    blocking.submit(fill_packet(va, 2, 1));
    EXPECT_FALSE(blocking.queue().wait(blocking.last(), 2'000'000));
    gate.open();
    blocking.synchronize();
    EXPECT_EQ(rig.read(va, 1)[0], 2);
}

TEST(Stream, PerThreadStreamIsABlockingStream) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& own = rig.context.per_thread_stream();
    EXPECT_EQ(&own, &rig.context.per_thread_stream());
    Gate gate(rig);
    gate.close(own);
    own.submit(fill_packet(va, 1, 1));
    rig.context.legacy_stream().submit(fill_packet(va, 2, 1));
    gate.open();
    EXPECT_EQ(rig.read(va, 1)[0], 2);
}

TEST(Stream, NonBlockingStreamsDoNotWait) {
    Rig rig;
    const uint64_t va = rig.allocate(2);
    Stream& free_stream = rig.context.create_stream(true, 0);
    Stream& legacy = rig.context.legacy_stream();
    Gate gate(rig);
    gate.close(legacy);
    legacy.submit(fill_packet(va, 1, 1));
    free_stream.submit(fill_packet(va + 1, 2, 1));
    EXPECT_TRUE(free_stream.queue().wait(free_stream.last())); // although the legacy stream stands
    gate.open();
    EXPECT_EQ(rig.read(va, 2), (std::vector<uint8_t>{1, 2}));
}

TEST(Stream, LegacyWaitsForTheWorkOfDestroyedBlockingStreams) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& blocking = rig.context.create_stream(false, 0);
    Stream& legacy = rig.context.legacy_stream();
    Gate gate(rig);
    gate.close(blocking);
    blocking.submit(fill_packet(va, 1, 1));
    rig.context.destroy_stream(&blocking);
    rig.context.create_stream(false, 0);
    legacy.submit(fill_packet(va, 2, 1));
    EXPECT_FALSE(legacy.queue().wait(legacy.last(), 2'000'000));
    gate.open();
    legacy.synchronize();
    EXPECT_EQ(rig.read(va, 1)[0], 2);
}

TEST(Stream, EventInABlockingStreamWaitsForLegacy) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& blocking = rig.context.create_stream(false, 0);
    Event& event = rig.context.create_event(0, false);
    Gate gate(rig);
    gate.close(rig.context.legacy_stream());
    rig.context.legacy_stream().submit(fill_packet(va, 1, 1));
    event.record(blocking);
    EXPECT_FALSE(event.complete());
    gate.open();
    event.synchronize();
    EXPECT_TRUE(rig.context.legacy_stream().idle());
}

TEST(Stream, LastCoversWhatAnyThreadHasSubmitted) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& stream = rig.context.create_stream(true, 0);
    std::atomic<int> missed{0};
    auto submit = [&] {
        for (int i = 0; i < 20000; ++i)
            if (const uint64_t sequence = stream.submit(fill_packet(va, 1, 1));
                stream.last() < sequence)
                ++missed;
    };
    std::thread other(submit), another(submit);
    submit();
    other.join();
    another.join();
    EXPECT_EQ(missed, 0);
    EXPECT_EQ(stream.last(), stream.queue().last());
    stream.synchronize();
}

TEST(Stream, EventOrdersTwoStreams) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& first = rig.context.create_stream(true, 0);
    Stream& second = rig.context.create_stream(true, 0);
    Event& event = rig.context.create_event(0, false);
    Gate gate(rig);
    gate.close(first);
    first.submit(fill_packet(va, 1, 1));
    event.record(first);
    event.wait_on(second);
    second.submit(fill_packet(va, 2, 1));
    EXPECT_FALSE(event.complete());
    EXPECT_FALSE(second.queue().wait(second.last(), 2'000'000));
    gate.open();
    second.synchronize();
    EXPECT_TRUE(event.complete());
    EXPECT_EQ(rig.read(va, 1)[0], 2);
}

TEST(Stream, EventTimesGrow) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    Event& start = rig.context.create_event(0, true);
    Event& end = rig.context.create_event(0, true);
    const uint64_t va = rig.allocate(1 << 20);
    start.record(stream);
    stream.submit(fill_packet(va, 1, 1 << 20));
    end.record(stream);
    end.synchronize();
    EXPECT_GT(end.timestamp(), start.timestamp());
}

TEST(Stream, HostFunctionsRunInOrderAndHoldTheStream) {
    Rig rig;
    Stream& stream = rig.context.create_stream(false, 0);
    const uint64_t va = rig.allocate(4, MemoryKind::Pinned);
    auto* data = reinterpret_cast<volatile uint8_t*>(va);
    std::vector<int> seen;
    stream.submit(fill_packet(va, 5, 4));
    rig.context.host_function(stream, [&] { seen.push_back(data[0]); });
    stream.submit(fill_packet(va, 6, 4));
    rig.context.host_function(stream, [&] { seen.push_back(data[0]); });
    stream.synchronize();
    EXPECT_EQ(seen, (std::vector<int>{5, 6}));
}

TEST(Stream, DestroyedHandlesAreRefused) {
    Rig rig;
    Stream& stream = rig.context.create_stream(false, 0);
    rig.context.destroy_stream(&stream);
    try {
        rig.context.check(&stream);
        FAIL() << "a destroyed stream was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::InvalidHandle);
    }
}

TEST(Stream, MoreStreamsThanQueuesStillRun) {
    Rig rig;
    constexpr int kStreams = 300;
    const uint64_t va = rig.allocate(kStreams);
    std::vector<Stream*> streams;
    for (int i = 0; i < kStreams; ++i)
        streams.push_back(&rig.context.create_stream(i % 2 == 0, 0));
    for (int i = 0; i < kStreams; ++i)
        streams[static_cast<size_t>(i)]->submit(
            fill_packet(va + static_cast<uint64_t>(i), static_cast<uint8_t>(i), 1));
    rig.context.synchronize();
    const auto data = rig.read(va, kStreams);
    for (int i = 0; i < kStreams; ++i)
        EXPECT_EQ(data[static_cast<size_t>(i)], static_cast<uint8_t>(i));
}

} // namespace
} // namespace acc::rt::test
