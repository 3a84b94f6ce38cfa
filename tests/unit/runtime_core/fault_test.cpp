// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <thread>

#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

Status fault(Rig& rig, uint64_t address) {
    Stream& stream = rig.context.create_stream(true, 0);
    stream.submit(fill_work(address, 1, 4));
    try {
        stream.synchronize();
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

TEST(Fault, AccessToUnmappedMemoryIsAnIllegalAddress) {
    Rig rig;
    EXPECT_EQ(fault(rig, rig.context.address_space().base() + (100ull << 30)),
              Status::IllegalAddress);
}

TEST(Fault, NullAndForeignAddressesAreIllegal) {
    Rig first;
    EXPECT_EQ(fault(first, 0), Status::IllegalAddress);
    Rig second;
    int local = 0;
    EXPECT_EQ(fault(second, reinterpret_cast<uint64_t>(&local) & ~uint64_t{3}),
              Status::IllegalAddress);
    EXPECT_EQ(local, 0);
}

TEST(Fault, StaysUntilTheContextGoes) {
    Rig rig;
    const uint64_t va = rig.allocate(64);
    fault(rig, 0);
    EXPECT_EQ(rig.context.sticky(), Status::IllegalAddress);
    EXPECT_THROW(rig.context.synchronize(), Error);
    EXPECT_THROW(rig.context.legacy_stream().submit(fill_work(va, 1, 4)), Error);
    EXPECT_THROW(rig.context.create_stream(false, 0), Error);
}

TEST(Fault, AnotherContextOfTheDeviceGoesOn) {
    auto backend = open_model_backend(0);
    Context broken(*backend, 0), whole(*backend, 0);
    Stream& stream = broken.create_stream(true, 0);
    stream.submit(fill_work(0, 1, 4));
    EXPECT_THROW(stream.synchronize(), Error);
    const uint64_t va = whole.memory().allocate(MemoryKind::Pinned, 64).va;
    whole.legacy_stream().submit(fill_work(va, 3, 64));
    EXPECT_NO_THROW(whole.synchronize());
    EXPECT_EQ(reinterpret_cast<uint8_t*>(va)[63], 3);
}

TEST(Fault, AFreshContextWorksAfterAFault) {
    auto backend = open_model_backend(0);
    for (int round = 0; round < 5; ++round) {
        Context context(*backend, 0);
        const uint64_t va = context.memory().allocate(MemoryKind::Pinned, 64).va;
        context.legacy_stream().submit(fill_work(va, 3, 64));
        context.synchronize();
        context.legacy_stream().submit(fill_work(0, 1, 4));
        EXPECT_THROW(context.synchronize(), Error);
    }
}

/// A stream that waits for one that is going to fault.
struct Waiting : Rig {
    Stream& faulty = context.create_stream(true, 0);
    Stream& waiting = context.create_stream(true, 0);
    Gate gate{*this};

    Waiting() {
        Event& event = context.create_event(0, false);
        gate.close(faulty);
        faulty.submit(fill_work(0, 1, 4));
        event.record(faulty);
        event.wait_on(waiting);
    }
};

template <typename F>
Status status_of(F&& body) {
    try {
        body();
        return Status::Success;
    } catch (const Error& error) {
        return error.status();
    }
}

TEST(Fault, EndsWaitsOfTheContext) {
    Waiting rig;
    rig.gate.open();
    EXPECT_EQ(status_of([&] { rig.context.synchronize(); }), Status::IllegalAddress);
}

TEST(Fault, EndsWaitsOfOtherStreams) {
    Waiting rig;
    rig.gate.open();
    EXPECT_EQ(status_of([&] { rig.waiting.synchronize(); }), Status::IllegalAddress);
}

TEST(Fault, EndsWaitsForEventsOfOtherStreams) {
    Waiting rig;
    Event& event = rig.context.create_event(0, true);
    event.record(rig.waiting);
    rig.gate.open();
    EXPECT_EQ(status_of([&] { event.synchronize(); }), Status::IllegalAddress);
}

TEST(Fault, EndsWaitsThroughTheLegacyStream) {
    Rig rig;
    Stream& faulty = rig.context.per_thread_stream();
    Stream& legacy = rig.context.legacy_stream();
    const uint64_t va = rig.allocate(64);
    Gate gate(rig);
    gate.close(faulty);
    faulty.submit(fill_work(0, 1, 4));
    legacy.submit(fill_work(va, 1, 4));
    gate.open();
    EXPECT_EQ(status_of([&] { rig.context.wait(legacy.queue(), legacy.last()); }),
              Status::IllegalAddress);
}

TEST(Fault, EndsPollingOfOtherStreamsAndTheirEvents) {
    for (const bool event_too : {false, true}) {
        Waiting rig;
        Event& event = rig.context.create_event(0, false);
        event.record(rig.waiting);
        rig.gate.open();
        EXPECT_EQ(status_of([&] {
                      while (!(event_too ? event.complete() : rig.waiting.done()))
                          std::this_thread::yield();
                  }),
                  Status::IllegalAddress);
    }
}

TEST(Fault, EndsWaitsForRoomInOtherStreams) {
    Waiting rig;
    const uint64_t va = rig.allocate(64);
    std::thread opener([&] {
        while (rig.waiting.queue().last() < 1024) // the ring is full
            std::this_thread::yield();
        rig.gate.open();
    });
    EXPECT_EQ(status_of([&] {
                  for (int i = 0; i < 5000; ++i)
                      rig.waiting.submit(fill_work(va, 1, 4));
              }),
              Status::IllegalAddress);
    opener.join();
}

TEST(Fault, HostFunctionsOfOtherStreamsAreDropped) {
    bool ran = false;
    Status told = Status::Success;
    {
        Waiting rig;
        rig.waiting.submit(host_call([&] { ran = true; }));
        rig.waiting.submit(host_call([&] { told = rig.context.sticky(); }, true));
        rig.gate.open();
        EXPECT_THROW(rig.context.synchronize(), Error);
    } // the context ends, although the stream will never get there
    EXPECT_FALSE(ran);
    EXPECT_EQ(told, Status::IllegalAddress);
}

} // namespace
} // namespace acc::rt::test
