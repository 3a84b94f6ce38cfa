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
    their_stream.wait_for({gate, word.va}, 1);
    their_stream.submit(fill_packet(theirs, 9, kBytes));
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
