// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <thread>

#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

// The ring has 1024 slots: three times around, with the last value of every byte known.
TEST(UserQueue, RingWrapsAround) {
    Rig rig;
    const uint64_t va = rig.allocate(256);
    Stream& stream = rig.context.create_stream(true, 0);
    for (int i = 0; i < 3 * 1024 + 17; ++i)
        stream.submit(fill_work(va + i % 256, static_cast<uint8_t>(i / 256), 1));
    stream.synchronize();
    const auto data = rig.read(va, 256);
    for (int at = 0; at < 256; ++at) {
        const int last = at + (3 * 1024 + 17 - 1 - at) / 256 * 256;
        EXPECT_EQ(data[static_cast<size_t>(at)], last / 256) << at;
    }
}

// Staged copies go through the parameter ring (256 KiB): more of them than fit, each with its own
// contents.
TEST(UserQueue, ParameterRingIsReusedOnlyAfterItsWork) {
    Rig rig;
    constexpr uint32_t kBytes = 48 * 1024;
    constexpr int kCopies = 40;
    const uint64_t va = rig.allocate(uint64_t{kBytes} * kCopies);
    Stream& stream = rig.context.create_stream(true, 0);
    for (int i = 0; i < kCopies; ++i) {
        std::vector<uint8_t> source(kBytes, static_cast<uint8_t>(i + 1));
        stream.submit(staged_work(va + uint64_t{kBytes} * i, source.data(), kBytes));
        std::fill(source.begin(), source.end(), 0); // the source may be reused at once
    }
    stream.synchronize();
    const auto data = rig.read(va, size_t{kBytes} * kCopies);
    for (size_t i = 0; i < data.size(); ++i)
        ASSERT_EQ(data[i], i / kBytes + 1) << i;
}

TEST(UserQueue, MoreParametersThanTheRingHoldsAreRefused) {
    Rig rig;
    const uint64_t va = rig.allocate(1);
    Stream& stream = rig.context.create_stream(true, 0);
    try {
        const Work works[] = {fill_work(va, 2, 1),
                              {work::Launch{nullptr, {}, {1 << 20, {}, {}, {}}}}};
        stream.submit(works);
        FAIL() << "a megabyte of parameters was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.status(), Status::InvalidValue);
    }
    EXPECT_EQ(stream.queue().last(), 0u); // not even what came before
    stream.submit(fill_work(va, 1, 1));   // the queue is as it was
    stream.synchronize();
    EXPECT_EQ(rig.read(va, 1)[0], 1);
}

TEST(UserQueue, ManyThreadsShareOneStream) {
    Rig rig;
    constexpr int kThreads = 4, kEach = 1000;
    const uint64_t va = rig.allocate(kThreads * kEach);
    Stream& stream = rig.context.create_stream(false, 0);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < kEach; ++i)
                stream.submit(fill_work(va + t * kEach + i, static_cast<uint8_t>(t + 1), 1));
        });
    for (auto& thread : threads)
        thread.join();
    stream.synchronize();
    const auto data = rig.read(va, kThreads * kEach);
    for (int i = 0; i < kThreads * kEach; ++i)
        ASSERT_EQ(data[static_cast<size_t>(i)], i / kEach + 1);
}

TEST(UserQueue, WaitGivesUpAfterItsTime) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    Gate gate(rig);
    gate.close(stream);
    EXPECT_FALSE(stream.queue().wait(stream.last(), 1'000'000));
    gate.open();
    EXPECT_TRUE(stream.queue().wait(stream.last()));
}

/// More than half of the parameter ring would find no place once the ring's head has moved, and
/// whoever submits would look for one for ever.
TEST(UserQueue, ParametersThatWouldNotAlwaysFitAreRefused) {
    Rig rig;
    Stream& stream = rig.context.create_stream(true, 0);
    const auto submit = [&](uint32_t bytes) {
        const Work works[] = {{work::Launch{nullptr, {}, {bytes, {}, {}, {}}}}};
        stream.queue().submit({}, works);
    };
    EXPECT_THROW(submit(200 * 1024), Error);
    EXPECT_NO_THROW(submit(100 * 1024));
    EXPECT_THROW(submit(200 * 1024), Error);
}

} // namespace
} // namespace acc::rt::test
