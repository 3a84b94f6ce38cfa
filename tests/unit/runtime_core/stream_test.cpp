// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who waits for whom: the legacy stream and the blocking streams wait for each other, non-blocking
// streams for nobody.
#include <gtest/gtest.h>

#include <set>
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
    blocking.submit(fill_work(va, 1, 1));
    rig.context.legacy_stream().submit(fill_work(va, 2, 1));
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
    legacy.submit(fill_work(va, 1, 1));
    blocking.submit(fill_work(va, 2, 1));
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
    own.submit(fill_work(va, 1, 1));
    rig.context.legacy_stream().submit(fill_work(va, 2, 1));
    gate.open();
    EXPECT_EQ(rig.read(va, 1)[0], 2);
}

TEST(Stream, PerThreadStreamsEndWithTheirThreads) {
    Rig rig;
    std::set<const UserQueue*> queues;
    for (int i = 0; i < 200; ++i) // more than a context has queues
        std::thread([&] {
            Stream& own = rig.context.per_thread_stream();
            queues.insert(&own.queue());
            own.submit(Work{work::Barrier{}});
            own.synchronize();
        }).join();
    EXPECT_LE(queues.size(), 2u);
}

TEST(Stream, LegacyWaitsForTheWorkOfThreadsThatHaveEnded) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& legacy = rig.context.legacy_stream();
    Gate gate(rig);
    std::thread([&] {
        Stream& own = rig.context.per_thread_stream();
        gate.close(own); // the stream stays as long as its work
        own.submit(fill_work(va, 1, 1));
    }).join();
    legacy.submit(fill_work(va, 2, 1));
    EXPECT_FALSE(legacy.queue().wait(legacy.last(), 2'000'000));
    gate.open();
    legacy.synchronize();
    EXPECT_EQ(rig.read(va, 1)[0], 2);
}

TEST(Stream, AThreadMayOutliveTheContextOfItsStream) {
    auto rig = std::make_unique<Rig>();
    std::atomic<bool> used{false}, gone{false};
    std::thread thread([&] {
        rig->context.per_thread_stream().submit(Work{work::Barrier{}});
        used = true;
        while (!gone)
            std::this_thread::yield();
    });
    while (!used)
        std::this_thread::yield();
    rig.reset();
    gone = true;
    thread.join();
}

TEST(Stream, HostFunctionsOfManyStreamsRunOneAtATime) {
    Rig rig;
    std::atomic<int> inside{0}, together{0}, ran{0};
    const std::function<void()> function = [&] {
        if (++inside != 1) ++together;
        std::this_thread::yield();
        --inside;
        ++ran;
    };
    // One stands the whole time; more have calls than there are threads for.
    Stream& standing = rig.context.create_stream(true, 0);
    Gate gate(rig);
    gate.close(standing);
    standing.submit(host_call(function));
    std::vector<Stream*> streams;
    for (int i = 0; i < 30; ++i)
        streams.push_back(&rig.context.create_stream(true, 0));
    for (int round = 0; round < 20; ++round)
        for (Stream* stream : streams)
            stream->submit(host_call(function));
    for (Stream* stream : streams)
        stream->synchronize();
    EXPECT_EQ(ran, 600);
    gate.open();
    standing.synchronize();
    EXPECT_EQ(ran, 601);
    EXPECT_EQ(together, 0);
}

TEST(Stream, NonBlockingStreamsDoNotWait) {
    Rig rig;
    const uint64_t va = rig.allocate(2);
    Stream& free_stream = rig.context.create_stream(true, 0);
    Stream& legacy = rig.context.legacy_stream();
    Gate gate(rig);
    gate.close(legacy);
    legacy.submit(fill_work(va, 1, 1));
    free_stream.submit(fill_work(va + 1, 2, 1));
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
    blocking.submit(fill_work(va, 1, 1));
    rig.context.destroy_stream(&blocking);
    rig.context.create_stream(false, 0);
    legacy.submit(fill_work(va, 2, 1));
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
    rig.context.legacy_stream().submit(fill_work(va, 1, 1));
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
            if (const uint64_t sequence = stream.submit(fill_work(va, 1, 1));
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
    first.submit(fill_work(va, 1, 1));
    event.record(first);
    event.wait_on(second);
    second.submit(fill_work(va, 2, 1));
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
    stream.submit(fill_work(va, 1, 1 << 20));
    end.record(stream);
    end.synchronize();
    EXPECT_GT(end.time().value(), start.time().value());
}

TEST(Stream, AnOlderRecordDoesNotChangeTheTimeOfANewerOne) {
    Rig rig;
    Stream& late = rig.context.create_stream(true, 0);
    Stream& stream = rig.context.create_stream(true, 0);
    Event& event = rig.context.create_event(0, true);
    Gate gate(rig);
    gate.close(late);
    event.record(late);
    event.record(stream);
    event.synchronize();
    const uint64_t time = event.time().value();
    gate.open();
    late.synchronize();
    EXPECT_EQ(event.time(), time);
}

TEST(Stream, DestroyingAnEventWaitsForNothingAndDisturbsNoOther) {
    Rig rig;
    Stream& late = rig.context.create_stream(true, 0);
    Stream& stream = rig.context.create_stream(true, 0);
    Gate gate(rig);
    gate.close(late);
    for (int i = 0; i < 3; ++i) {
        Event& event = rig.context.create_event(0, true);
        event.record(late);
        rig.context.destroy_event(&event); // the gate is closed: waiting would never end
    }
    std::vector<std::pair<Event*, uint64_t>> times;
    for (int i = 0; i < 600; ++i) { // more than a block of slots
        Event& event = rig.context.create_event(0, true);
        event.record(stream);
        event.synchronize();
        times.emplace_back(&event, event.time().value());
    }
    gate.open();
    late.synchronize();
    for (const auto& [event, time] : times)
        ASSERT_EQ(event->time(), time);
}

TEST(Stream, WorkOfADestroyedStreamGoesOnWhenItsEventGoes) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& stream = rig.context.create_stream(true, 0);
    Event& event = rig.context.create_event(0, true);
    Gate gate(rig);
    gate.close(stream);
    stream.submit(fill_work(va, 7, 1));
    event.record(stream);
    const std::shared_ptr<UserQueue> queue = stream.shared_queue();
    rig.context.destroy_stream(&stream);
    rig.context.destroy_event(&event);
    gate.open();
    rig.context.synchronize();
    EXPECT_EQ(rig.read(va, 1)[0], 7);
}

// Whoever waits must not keep other threads from making streams: these tests hang otherwise.

TEST(Stream, WaitingForTheLegacyStreamLocksNobodyOut) {
    Rig rig;
    Stream& blocking = rig.context.create_stream(false, 0);
    const uint64_t va = rig.allocate(1);
    Gate gate(rig);
    gate.close(blocking);
    blocking.submit(fill_work(va, 1, 1));
    std::atomic<bool> waits{false};
    std::thread waiter([&] {
        waits = true;
        rig.context.legacy_stream().synchronize();
    });
    while (!waits)
        std::this_thread::yield();
    for (int i = 0; i < 1000; ++i)
        rig.context.destroy_stream(&rig.context.create_stream(i % 2 == 0, 0));
    gate.open();
    waiter.join();
}

TEST(Stream, AFullRingLocksNobodyOut) {
    Rig rig;
    Stream& blocking = rig.context.create_stream(false, 0);
    Stream& legacy = rig.context.legacy_stream();
    const uint64_t va = rig.allocate(1);
    Gate gate(rig);
    gate.close(blocking);
    blocking.submit(fill_work(va, 1, 1));
    std::thread filler([&] {
        for (int i = 0; i < 600; ++i) // each with a wait for the blocking stream before it
            legacy.submit(fill_work(va, 1, 1));
    });
    while (legacy.queue().last() < 1024)
        std::this_thread::yield();
    for (int i = 0; i < 1000; ++i)
        rig.context.destroy_stream(&rig.context.create_stream(i % 2 == 0, 0));
    const uint64_t freed = rig.context.pool().allocate(blocking, 512);
    EXPECT_TRUE(rig.context.pool().release(rig.context.create_stream(true, 0), freed));
    gate.open();
    filler.join();
    legacy.synchronize();
}

TEST(Stream, HostFunctionsRunInOrderAndHoldTheStream) {
    Rig rig;
    Stream& stream = rig.context.create_stream(false, 0);
    const uint64_t va = rig.allocate(4, MemoryKind::Pinned);
    auto* data = reinterpret_cast<volatile uint8_t*>(va);
    std::vector<int> seen;
    stream.submit(fill_work(va, 5, 4));
    stream.submit(host_call([&] { seen.push_back(data[0]); }));
    stream.submit(fill_work(va, 6, 4));
    stream.submit(host_call([&] { seen.push_back(data[0]); }));
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

TEST(Stream, QueuesComeBackWhenTheirStreamEnds) {
    Rig rig;
    int ran = 0;
    Event& event = rig.context.create_event(0, true);
    for (int i = 0; i < 300; ++i) {
        Stream& stream = rig.context.create_stream(i % 2 == 0, -(i % 4));
        stream.submit(host_call([&] { ++ran; }));
        event.record(stream);
        stream.synchronize();
        rig.context.destroy_stream(&stream);
    }
    EXPECT_EQ(ran, 300);
    std::set<const UserQueue*> queues{&rig.context.legacy_stream().queue()};
    for (int i = 0; i < 120; ++i)
        queues.insert(&rig.context.create_stream(true, 0).queue());
    EXPECT_EQ(queues.size(), 121u); // none shares
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
            fill_work(va + static_cast<uint64_t>(i), static_cast<uint8_t>(i), 1));
    rig.context.synchronize();
    const auto data = rig.read(va, kStreams);
    for (int i = 0; i < kStreams; ++i)
        EXPECT_EQ(data[static_cast<size_t>(i)], static_cast<uint8_t>(i));
}

} // namespace
} // namespace acc::rt::test
