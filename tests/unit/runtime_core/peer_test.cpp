// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contexts of two devices: whose memory each sees, and how they wait for each other.
#include <gtest/gtest.h>

#include <cstring>
#include <optional>

#include "runtime/core/event.h"
#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

Status fill_status(Context& context, uint64_t va, uint8_t value, uint64_t bytes) {
    try {
        context.legacy_stream().submit(fill_work(va, value, bytes));
        context.synchronize();
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

/// An access that faults ends its context: each has one of its own.
Status status_in_new_context(Backend& backend, Context* peer, uint64_t va) {
    Context context(backend, 1);
    if (peer != nullptr) context.set_peer_access(*peer, true);
    return fill_status(context, va, 1, 64);
}

uint8_t first_byte(Rig& rig, uint64_t va) {
    return rig.read(va, 1)[0];
}

TEST(Peer, AddressesMeanTheSameToAllContexts) {
    Rig one, two;
    EXPECT_TRUE(one.context.shares_addresses(two.context));
    EXPECT_EQ(one.context.address_space().base(), two.context.address_space().base());
    const uint64_t a = one.allocate(4096), b = two.allocate(4096);
    EXPECT_NE(a, b);
    EXPECT_EQ(one.context.memory().owner_at(b), &two.context.memory());
    EXPECT_EQ(Context::pin_at(a).get(), &one.context);
    EXPECT_EQ(Context::pin_at(b).get(), &two.context);
}

TEST(Peer, DeviceMemoryIsItsOwnContextsUntilAccessIsEnabled) {
    Rig one, two;
    const uint64_t before = two.allocate(64);
    EXPECT_EQ(status_in_new_context(*one.backend, nullptr, before), Status::IllegalAddress);
    EXPECT_TRUE(one.context.set_peer_access(two.context, true));
    EXPECT_FALSE(one.context.set_peer_access(two.context, true)); // already
    const uint64_t after = two.allocate(8 << 20);
    EXPECT_EQ(fill_status(one.context, before, 7, 64), Status::Success);
    EXPECT_EQ(fill_status(one.context, after + (4 << 20), 8, 64), Status::Success);
    EXPECT_EQ(first_byte(two, before), 7);
    EXPECT_EQ(first_byte(two, after + (4 << 20)), 8);
    // The other way round nothing was enabled.
    EXPECT_EQ(fill_status(two.context, one.allocate(64), 1, 64), Status::IllegalAddress);
}

TEST(Peer, WhatIsFreedOrDisabledIsGone) {
    Rig one, two;
    const uint64_t va = two.allocate(8 << 20);
    EXPECT_EQ(status_in_new_context(*one.backend, &two.context, va), Status::Success);
    Context disabled(*one.backend, 0), freed(*one.backend, 0);
    disabled.set_peer_access(two.context, true);
    EXPECT_TRUE(disabled.set_peer_access(two.context, false));
    EXPECT_EQ(fill_status(disabled, va, 1, 64), Status::IllegalAddress);
    freed.set_peer_access(two.context, true);
    two.context.memory().release(va, MemoryKind::Device);
    EXPECT_EQ(fill_status(freed, va, 1, 64), Status::IllegalAddress);
}

TEST(Peer, PinnedAndRegisteredMemoryIsEverybodys) {
    Rig one;
    const uint64_t early = one.allocate(64, MemoryKind::Pinned);
    Rig two;
    const uint64_t late = one.allocate(1 << 20, MemoryKind::Managed);
    std::vector<uint8_t> own(10000, 0);
    const uint64_t registered = one.context.host_memory().add(own.data(), own.size(), 0, true);
    for (const uint64_t va : {early, late, registered})
        EXPECT_EQ(fill_status(two.context, va, 5, 64), Status::Success);
    EXPECT_EQ(*reinterpret_cast<uint8_t*>(early), 5);
    EXPECT_EQ(*reinterpret_cast<uint8_t*>(late), 5);
    EXPECT_EQ(own[63], 5);
    // Its own address for the same pages is as good.
    const auto borrowed = two.context.host_memory().find(own.data());
    ASSERT_TRUE(borrowed);
    EXPECT_EQ(fill_status(two.context, borrowed->va, 6, 64), Status::Success);
    EXPECT_EQ(own[0], 6);
}

TEST(Peer, ThePinnedMemoryOfAContextThatEndsIsLeftToNobody) {
    Rig one;
    uint64_t va = 0;
    {
        Rig two;
        va = two.allocate(64, MemoryKind::Pinned);
        EXPECT_EQ(fill_status(one.context, va, 5, 64), Status::Success);
    }
    EXPECT_EQ(fill_status(one.context, va, 5, 64), Status::IllegalAddress);
}

// The contents come from a copy by the device that reads and one that writes, forth and back.
TEST(Peer, CopiesBetweenDevicesWithAndWithoutAccess) {
    constexpr size_t kBytes = 200000;
    for (const bool access : {false, true}) {
        Rig one, two;
        if (access) one.context.set_peer_access(two.context, true);
        const uint64_t here = one.allocate(kBytes), there = two.allocate(kBytes);
        std::vector<uint8_t> data(kBytes);
        for (size_t i = 0; i < kBytes; ++i)
            data[i] = static_cast<uint8_t>(i * 7 + i / 256);
        Stream& stream = one.context.create_stream(true, 0);
        const auto at = [](uint64_t va) { return reinterpret_cast<void*>(va); };
        copy(stream, at(here), data.data(), kBytes, CopyKind::HostToDevice);
        copy_async(stream, at(there), at(here), kBytes, CopyKind::Default);
        stream.synchronize();
        EXPECT_EQ(two.read(there, kBytes), data) << access;
        fill_status(one.context, here, 0, kBytes);
        copy(stream, at(here), at(there), kBytes, CopyKind::DeviceToDevice);
        EXPECT_EQ(one.read(here, kBytes), data) << access;
    }
}

TEST(Peer, AStreamWaitsForAnotherDevicesEventWithoutTheHost) {
    Rig one, two;
    const uint64_t va = two.allocate(64, MemoryKind::Pinned);
    auto* bytes = reinterpret_cast<std::atomic<uint8_t>*>(va);
    bytes->store(0);
    Stream& first = one.context.create_stream(true, 0);
    Stream& second = two.context.create_stream(true, 0);
    Event& event = one.context.create_event(0, false);
    Gate gate(one);
    gate.close(first);
    event.record(first);
    event.wait_on(second); // returns: nobody has opened the gate
    second.submit(fill_work(va, 9, 64));
    EXPECT_FALSE(second.done());
    EXPECT_EQ(bytes->load(), 0);
    gate.open();
    second.synchronize();
    EXPECT_EQ(bytes->load(), 9);
}

TEST(Peer, WhoWaitsForAContextThatFailsGoesOn) {
    Rig one, two;
    const uint64_t va = two.allocate(64, MemoryKind::Pinned);
    Stream& first = one.context.create_stream(true, 0);
    Stream& second = two.context.create_stream(true, 0);
    Event& event = one.context.create_event(0, false);
    Gate gate(one);
    gate.close(first);
    first.submit(fill_work(0, 1, 4)); // faults
    event.record(first);
    event.wait_on(second);
    second.submit(fill_work(va, 9, 64));
    gate.open();
    EXPECT_NO_THROW(second.synchronize());
    EXPECT_EQ(*reinterpret_cast<uint8_t*>(va), 9);
    EXPECT_THROW(one.context.synchronize(), Error);
    EXPECT_THROW(event.synchronize(), Error);
    EXPECT_NO_THROW(two.context.synchronize());
}

TEST(Peer, AContextEndsAfterWhoWaitsForIt) {
    Rig one;
    const uint64_t va = one.allocate(64, MemoryKind::Pinned);
    Stream& waiting = one.context.create_stream(true, 0);
    {
        Rig two;
        Stream& stream = two.context.create_stream(true, 0);
        Event& event = two.context.create_event(0, false);
        stream.submit(fill_work(two.allocate(32 << 20), 1, 32 << 20));
        event.record(stream);
        event.wait_on(waiting);
        waiting.submit(fill_work(va, 4, 64));
        one.context.set_peer_access(two.context, true);
    }
    EXPECT_NO_THROW(waiting.synchronize());
    EXPECT_EQ(*reinterpret_cast<uint8_t*>(va), 4);
}

TEST(Peer, AFaultNamesTheOtherDevicesMemory) {
    Rig one;
    Context other(*one.backend, 3);
    const uint64_t va = other.memory().allocate(MemoryKind::Device, 64).va;
    std::string text;
    try {
        one.context.legacy_stream().submit(fill_work(va, 1, 64));
        one.context.synchronize();
    } catch (const Error& error) {
        text = error.what();
    }
    EXPECT_NE(text.find("belongs to device 3"), std::string::npos) << text;
}

} // namespace
} // namespace acc::rt::test
