// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

Status fault(Rig& rig, uint64_t address) {
    Stream& stream = rig.context.create_stream(true, 0);
    stream.submit(fill_packet(address, 1, 4));
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
    EXPECT_THROW(rig.context.legacy_stream().submit(fill_packet(va, 1, 4)), Error);
    EXPECT_THROW(rig.context.create_stream(false, 0), Error);
}

TEST(Fault, AnotherContextOfTheDeviceGoesOn) {
    auto backend = open_model_backend(0);
    Context broken(*backend, 0), whole(*backend, 0);
    Stream& stream = broken.create_stream(true, 0);
    stream.submit(fill_packet(0, 1, 4));
    EXPECT_THROW(stream.synchronize(), Error);
    const uint64_t va = whole.memory().allocate(MemoryKind::Pinned, 64).va;
    whole.legacy_stream().submit(fill_packet(va, 3, 64));
    EXPECT_NO_THROW(whole.synchronize());
    EXPECT_EQ(reinterpret_cast<uint8_t*>(va)[63], 3);
}

TEST(Fault, AFreshContextWorksAfterAFault) {
    auto backend = open_model_backend(0);
    for (int round = 0; round < 5; ++round) {
        Context context(*backend, 0);
        const uint64_t va = context.memory().allocate(MemoryKind::Pinned, 64).va;
        context.legacy_stream().submit(fill_packet(va, 3, 64));
        context.synchronize();
        context.legacy_stream().submit(fill_packet(0, 1, 4));
        EXPECT_THROW(context.synchronize(), Error);
    }
}

TEST(Fault, WaitersOfOtherStreamsAreNotLeftHanging) {
    Rig rig;
    Stream& faulty = rig.context.create_stream(true, 0);
    Stream& waiting = rig.context.create_stream(true, 0);
    Event& event = rig.context.create_event(0, false);
    Gate gate(rig);
    gate.close(faulty);
    faulty.submit(fill_packet(0, 1, 4));
    event.record(faulty);
    event.wait_on(waiting);
    gate.open();
    EXPECT_THROW(rig.context.synchronize(), Error);
}

} // namespace
} // namespace acc::rt::test
