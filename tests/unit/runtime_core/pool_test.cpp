// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/pool.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

TEST(Pool, MemoryFreedInAStreamIsReusedThereAtOnce) {
    Rig rig;
    Pool pool(rig.context);
    Stream& stream = rig.context.create_stream(true, 0);
    Gate gate(rig);
    gate.close(stream);
    const uint64_t first = pool.allocate(stream, 10000);
    EXPECT_TRUE(pool.release(stream, first));
    EXPECT_EQ(pool.allocate(stream, 10000), first); // stream order protects it
    gate.open();
    rig.context.synchronize();
}

TEST(Pool, AnotherStreamGetsItOnlyAfterTheWork) {
    Rig rig;
    Pool pool(rig.context);
    Stream& stream = rig.context.create_stream(true, 0);
    Stream& other = rig.context.create_stream(true, 0);
    Gate gate(rig);
    const uint64_t first = pool.allocate(stream, 10000);
    gate.close(stream);
    stream.submit(fill_work(first, 1, 10000));
    pool.release(stream, first);
    const uint64_t second = pool.allocate(other, 10000);
    EXPECT_NE(second, first);
    gate.open();
    stream.synchronize();
    EXPECT_EQ(pool.allocate(other, 10000), first);
}

// The context's own pool hears of every way in which the host sees that work is done.
TEST(Pool, GivesBackWhateverTheHostSynchronisesBy) {
    Rig rig;
    Pool& pool = rig.context.pool();
    Stream& stream = rig.context.create_stream(true, 0);
    Event& event = rig.context.create_event(0, true);
    const std::function<void()> ways[] = {
        [&] { rig.context.synchronize(); },
        [&] { stream.synchronize(); },
        [&] { event.synchronize(); },
        [&] {
            while (!stream.done()) {
            }
        },
        [&] {
            while (!event.complete()) {
            }
        },
        [&] {
            while (!event.time()) {
            }
        },
    };
    for (const auto& way : ways) {
        pool.release(stream, pool.allocate(stream, 1 << 20));
        event.record(stream);
        EXPECT_EQ(pool.reserved(), 1u << 20);
        way();
        EXPECT_EQ(pool.reserved(), 0u) << "way " << &way - ways;
    }
}

TEST(Pool, MemoryIsNotGivenBackBeforeTheStreamIsDone) {
    Rig rig;
    Pool pool(rig.context);
    Stream& stream = rig.context.create_stream(false, 0);
    Gate gate(rig);
    const uint64_t va = pool.allocate(stream, 1 << 20);
    gate.close(stream);
    stream.submit(fill_work(va, 1, 1 << 20));
    pool.release(rig.context.legacy_stream(), va); // freed in another stream that waits for this
                                                   // one
    pool.synchronized();
    EXPECT_TRUE(rig.context.memory().find(va));
    EXPECT_EQ(pool.used(), 0u);
    EXPECT_EQ(pool.reserved(), 1u << 20);
    gate.open();
    rig.context.synchronize(); // a fault here would mean that the memory was gone
    pool.synchronized();
    EXPECT_FALSE(rig.context.memory().find(va));
    EXPECT_EQ(pool.reserved(), 0u);
}

TEST(Pool, TheThresholdKeepsMemory) {
    Rig rig;
    Pool pool(rig.context);
    Stream& stream = rig.context.create_stream(true, 0);
    pool.set_threshold(UINT64_MAX);
    const uint64_t va = pool.allocate(stream, 5000);
    pool.release(stream, va);
    stream.synchronize();
    pool.synchronized();
    EXPECT_GT(pool.reserved(), 0u);
    pool.trim(0);
    EXPECT_EQ(pool.reserved(), 0u);
    EXPECT_EQ(pool.used_high(), 5120u); // 5000 in units of 512
}

TEST(Pool, KnowsOnlyItsOwn) {
    Rig rig;
    Pool pool(rig.context);
    const uint64_t va = rig.allocate(100);
    EXPECT_FALSE(pool.release(rig.context.legacy_stream(), va));
    EXPECT_FALSE(pool.release_now(va));
}

} // namespace
} // namespace acc::rt::test
