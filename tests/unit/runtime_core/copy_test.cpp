// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies between contexts: neither device reaches the other's memory, the host reaches both.
#include "runtime/core/copy.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "runtime/core/status.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

constexpr size_t kBytes = 100'000;

void* pointer(uint64_t va) {
    return reinterpret_cast<void*>(va);
}

struct TwoContexts : testing::Test {
    Rig rig;
    Context other{*rig.backend, 0};
    uint64_t mine = rig.allocate(kBytes);
    uint64_t theirs = other.memory().allocate(MemoryKind::Device, kBytes).va;
    std::vector<uint8_t> data = std::vector<uint8_t>(kBytes);

    TwoContexts() { std::iota(data.begin(), data.end(), uint8_t{3}); }

    std::vector<uint8_t> read_theirs() {
        std::vector<uint8_t> out(kBytes);
        copy(other.legacy_stream(), out.data(), pointer(theirs), kBytes, CopyKind::DeviceToHost);
        return out;
    }
};

TEST_F(TwoContexts, DeviceMemoryIsCopiedEitherWay) {
    Stream& stream = rig.context.legacy_stream();
    copy(stream, pointer(mine), data.data(), kBytes, CopyKind::HostToDevice);
    copy(stream, pointer(theirs), pointer(mine), kBytes, CopyKind::DeviceToDevice);
    EXPECT_EQ(read_theirs(), data);
    copy(stream, pointer(mine), data.data() + 1, kBytes - 1, CopyKind::HostToDevice);
    copy(stream, pointer(mine), pointer(theirs), kBytes, CopyKind::Default);
    EXPECT_EQ(rig.read(mine, kBytes), data);
}

TEST_F(TwoContexts, AsynchronousAndRectangularCopiesToo) {
    Stream& stream = rig.context.create_stream(true, 0);
    copy_async(stream, pointer(mine), data.data(), kBytes, CopyKind::HostToDevice);
    copy_async(stream, pointer(theirs), pointer(mine), 1000, CopyKind::Default); // small: not from
                                                                                 // the parameter
                                                                                 // ring
    RectCopy rest;
    rest.dst = pointer(theirs + 1000);
    rest.src = pointer(mine + 1000);
    rest.width = rest.dst_pitch = rest.src_pitch = 900;
    rest.height = (kBytes - 1000) / 900;
    copy_rect(stream, rest, CopyKind::DeviceToDevice, true);
    copy_async(stream, pointer(mine), pointer(theirs), 1000, CopyKind::Default);
    stream.synchronize();
    EXPECT_EQ(read_theirs(), data);
}

TEST_F(TwoContexts, WaitsForTheOtherContextsWork) {
    auto word = other.memory().allocate(MemoryKind::Pinned, 64);
    auto* gate = reinterpret_cast<std::atomic<uint64_t>*>(word.host);
    gate->store(0);
    Stream& their_stream = other.create_stream(true, 0);
    their_stream.submit(Work{work::Wait{word.va, 1}});
    their_stream.submit(fill_work(theirs, 9, kBytes));
    std::thread opener([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        gate->store(1);
        their_stream.queue().hardware().doorbell(their_stream.queue().last());
    });
    copy(rig.context.legacy_stream(), pointer(mine), pointer(theirs), kBytes,
         CopyKind::DeviceToDevice);
    opener.join();
    EXPECT_EQ(rig.read(mine, kBytes), std::vector<uint8_t>(kBytes, 9));
}

Status copy_status(Rig& rig, uint64_t dst, uint64_t src, size_t bytes, CopyKind kind) {
    try {
        copy(rig.context.legacy_stream(), pointer(dst), pointer(src), bytes, kind);
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

TEST_F(TwoContexts, MistakesAreFound) {
    EXPECT_EQ(copy_status(rig, mine, theirs, kBytes + 4096, CopyKind::Default),
              Status::InvalidValue);
    EXPECT_EQ(copy_status(rig, mine, theirs + (64ull << 30), 16, CopyKind::Default),
              Status::InvalidValue);
    EXPECT_EQ(copy_status(rig, mine, theirs, 16, CopyKind::HostToDevice), Status::InvalidValue);
    EXPECT_EQ(copy_status(rig, theirs, mine, 16, CopyKind::DeviceToHost), Status::InvalidValue);
    EXPECT_THROW(fill(rig.context.legacy_stream(), pointer(theirs), 0, 1, 16, 1, 16, false), Error);
}

Status rect_status(Rig& rig, const RectCopy& rect) {
    try {
        copy_rect(rig.context.legacy_stream(), rect, CopyKind::DeviceToDevice, false);
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

Status fill_status(Rig& rig, uint64_t dst, uint32_t element, size_t width, size_t height,
                   size_t pitch) {
    try {
        fill(rig.context.legacy_stream(), pointer(dst), 0, element, width, height, pitch, false);
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

// Each product or sum below is a small number modulo 2^64.
TEST_F(TwoContexts, ExtentsBeyond64BitsAreRefused) {
    const uint64_t to = rig.allocate(4096), from = rig.allocate(1 << 20),
                   beside = rig.allocate(4096);
    const auto rect = [&](size_t w, size_t h, size_t d, size_t pitch, size_t slice) {
        return rect_status(rig, {pointer(to), pointer(from), w, h, d, pitch, pitch, slice, slice});
    };
    EXPECT_EQ(rect(1, 1, 3, 1ull << 31, 1ull << 32), Status::InvalidValue);
    EXPECT_EQ(rect(1, (1ull << 34) + 1, 1, 1ull << 30, 0), Status::InvalidValue);
    EXPECT_EQ(rect(~0ull, 1, 1, ~0ull, 0), Status::InvalidValue);
    EXPECT_EQ(rect(1ull << 63, 3, 1, 1ull << 63, 0), Status::InvalidValue);
    EXPECT_EQ(rect(16, ~0ull, ~0ull, 16, ~0ull), Status::InvalidValue);
    EXPECT_EQ(rect(16, 2, 2, 16, 1ull << 60), Status::InvalidValue);
    EXPECT_EQ(fill_status(rig, to, 1, 1, (1ull << 34) + 1, 1ull << 30), Status::InvalidValue);
    EXPECT_EQ(fill_status(rig, to, 1, 1ull << 63, 3, 1ull << 63), Status::InvalidValue);
    EXPECT_EQ(fill_status(rig, to, 4, 8, 4, 10), Status::InvalidValue); // pitch of 2.5 elements
    EXPECT_EQ(fill_status(rig, to, 4, 8, 4, 12), Status::Success);
    EXPECT_EQ(rig.read(beside, 4096), rig.read(beside, 4096));
    rig.context.synchronize();
}

TEST_F(TwoContexts, TheRuntimesOwnMemoryIsOutOfReach) {
    for (const MemoryKind kind : {MemoryKind::Internal, MemoryKind::Commands}) {
        const uint64_t own = rig.allocate(4096, kind);
        EXPECT_EQ(copy_status(rig, own, mine, 16, CopyKind::Default), Status::InvalidValue);
        EXPECT_EQ(copy_status(rig, mine, own, 16, CopyKind::Default), Status::InvalidValue);
        EXPECT_EQ(fill_status(rig, own, 1, 16, 1, 16), Status::InvalidValue);
    }
}

TEST_F(TwoContexts, TheDeviceCannotWriteCommands) {
    Stream& stream = rig.context.create_stream(true, 0);
    stream.submit(fill_work(rig.allocate(4096, MemoryKind::Commands), 1, 16));
    EXPECT_THROW(stream.synchronize(), Error);
    EXPECT_EQ(rig.context.sticky(), Status::IllegalAddress);
}

TEST_F(TwoContexts, PinnedMemoryOfTheOtherIsHostMemory) {
    const Allocation pinned = other.memory().allocate(MemoryKind::Pinned, kBytes);
    std::memcpy(pointer(pinned.va), data.data(), kBytes);
    EXPECT_EQ(copy_status(rig, mine, pinned.va, kBytes, CopyKind::HostToDevice), Status::Success);
    EXPECT_EQ(rig.read(mine, kBytes), data);
}

TEST_F(TwoContexts, MemoryOfAContextThatIsGoneIsNoDeviceMemory) {
    uint64_t stale = 0;
    {
        Context brief(*rig.backend, 0);
        stale = brief.memory().allocate(MemoryKind::Device, kBytes).va;
    }
    EXPECT_EQ(copy_status(rig, mine, stale, 16, CopyKind::DeviceToDevice), Status::InvalidValue);
}

} // namespace
} // namespace acc::rt::test
