// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Queues: every packet type, order, completion, faults, reset.
#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <thread>

#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

using namespace std::chrono_literals;

class QueueTest : public testing::Test {
  protected:
    Rig rig;
    UserQueue queue{rig, 3};
    acc_fault_record record{};

    void SetUp() override { ASSERT_TRUE(queue.enabled); }

    /// The packet halts the queue; the record is in `record`.
    void expect_fault(const Packet& p, uint32_t cause) {
        uint64_t index = queue.submit(p);
        EXPECT_FALSE(queue.wait());
        EXPECT_EQ(queue.status(), ACC_QUEUE_ERROR);
        EXPECT_EQ(queue.control().error_cause, cause);
        EXPECT_EQ(queue.control().error_index, index);
        ASSERT_TRUE(rig.chip->fault_pop(record));
        EXPECT_EQ(record.cause, cause);
        EXPECT_EQ(record.vmid, 1u);
        EXPECT_EQ(record.queue, 3u);
        EXPECT_EQ(record.packet_index, index);
        EXPECT_FALSE(rig.chip->fault_pop(record)) << "one fault, one record";
    }
};

TEST_F(QueueTest, EnableChecksItsArguments) {
    Chip& c = *rig.chip;
    uint64_t ring = kSystemVa, control = kSystemVa + 0x8000;
    EXPECT_FALSE(c.queue_enable(256, 1, ring, 64, control, 0));
    EXPECT_FALSE(c.queue_enable(4, 2, ring, 64, control, 0)); // no such address space
    EXPECT_FALSE(c.queue_enable(4, 64, ring, 64, control, 0));
    for (uint32_t packets : {0u, 8u, 17u, 63u, 131072u})
        EXPECT_FALSE(c.queue_enable(4, 1, ring, packets, control, 0));
    EXPECT_FALSE(c.queue_enable(4, 1, ring + 8, 64, control, 0));
    EXPECT_FALSE(c.queue_enable(4, 1, ring, 64, control + 64, 0));
    EXPECT_FALSE(c.queue_enable(4, 1, ring, 64, kUnmappedVa, 0));
    EXPECT_FALSE(c.queue_enable(4, 1, ring, 64, kReadOnlyVa, 0));
    EXPECT_FALSE(c.queue_enable(4, 1, ring, 64, control, 4));
    EXPECT_TRUE(c.queue_enable(4, 1, ring, 64, control, 3));
    EXPECT_FALSE(c.queue_enable(4, 1, ring, 64, control, 3)) << "enabled already";
    rig.stop(4);
}

TEST_F(QueueTest, CompletionStoresValueAndAdvancesReadIndex) {
    Packet p = write_value(kVramVa + 0x1000, 42);
    p.copy.signal = queue.signal_va(1);
    p.copy.value = 0x1122334455667788;
    queue.submit(p);
    EXPECT_TRUE(rig.chip->wait(3, &queue.signal(1), 0x1122334455667788, kForever));
    EXPECT_EQ(*rig.vram<uint64_t>(0x1000), 42u);
    EXPECT_EQ(queue.read_index(), 1u);
    EXPECT_EQ(rig.sink.completions, 0u);
}

TEST_F(QueueTest, InterruptIsRaisedWhenAsked) {
    Packet p = write_value(kVramVa + 0x1000, 42);
    p.header.flags |= ACC_PKT_F_INTERRUPT;
    EXPECT_TRUE(queue.run(p));
    while (rig.sink.completions == 0)
        std::this_thread::yield(); // it follows the store of the signal
    EXPECT_EQ(rig.sink.last_queue, 3u);
}

TEST_F(QueueTest, CompletesWithoutAnybodyWaiting) {
    // Nobody is in Chip::wait, so a worker has to find the packets by itself.
    for (uint64_t i = 1; i <= 20; i++) {
        queue.submit(write_value(kVramVa + 0x1000, 100 + i));
        for (uint64_t slept = 0; queue.signal().load() < i; slept += 1'000'000) {
            ASSERT_LT(slept, kForever) << "packet " << i;
            std::this_thread::sleep_for(1ms);
        }
        EXPECT_EQ(*rig.vram<uint64_t>(0x1000), 100 + i);
        EXPECT_EQ(queue.read_index(), i);
    }
}

TEST_F(QueueTest, RunsThroughItsRingManyTimes) {
    for (uint64_t i = 0; i < 10 * kRingPackets + 7; i++) {
        while (queue.written() - queue.read_index() >= kRingPackets)
            std::this_thread::yield();
        queue.submit(write_value(kVramVa + 0x1000, i));
    }
    EXPECT_TRUE(queue.wait());
    EXPECT_EQ(*rig.vram<uint64_t>(0x1000), 10 * kRingPackets + 6u);
}

TEST_F(QueueTest, WriteValueWritesFourOrEightBytes) {
    *rig.vram<uint64_t>(0x2000) = ~0ull;
    EXPECT_TRUE(queue.run(write_value(kVramVa + 0x2004, 0xaabbccdd11223344, 4)));
    EXPECT_EQ(*rig.vram<uint64_t>(0x2000), 0x11223344ffffffffull);
    EXPECT_TRUE(queue.run(write_value(kVramVa + 0x2000, 0xaabbccdd11223344, 8)));
    EXPECT_EQ(*rig.vram<uint64_t>(0x2000), 0xaabbccdd11223344ull);
}

TEST_F(QueueTest, TimestampIsDeviceTime) {
    Packet p = make_packet(ACC_PKT_TIMESTAMP);
    p.timestamp.address = kVramVa + 0x1000;
    uint64_t before = rig.chip->timestamp_ns();
    EXPECT_TRUE(queue.run(p));
    EXPECT_GE(*rig.vram<uint64_t>(0x1000), before);
    EXPECT_LE(*rig.vram<uint64_t>(0x1000), rig.chip->timestamp_ns());
}

TEST_F(QueueTest, CopyMovesAnySizeAndAlignment) {
    for (uint64_t bytes : {0ull, 1ull, 63ull, 4096ull, 100'001ull, 7'000'001ull}) {
        uint8_t* src = rig.system.at(0);
        for (uint64_t i = 0; i < bytes; i++)
            src[i + 3] = static_cast<uint8_t>(i * 31 + bytes);
        std::memset(rig.vram<uint8_t>(0x100000), 0xee, bytes + 64);
        ASSERT_TRUE(queue.run(copy(kVramVa + 0x100005, kSystemVa + 3, bytes)));
        EXPECT_EQ(std::memcmp(rig.vram<uint8_t>(0x100005), src + 3, bytes), 0);
        EXPECT_EQ(*rig.vram<uint8_t>(0x100004), 0xee);
        EXPECT_EQ(*rig.vram<uint8_t>(0x100005 + bytes), 0xee);
    }
}

TEST_F(QueueTest, CopyRectMovesRowsOfPlanes) {
    constexpr uint32_t width = 5, height = 3, depth = 2, src_pitch = 16, dst_pitch = 8,
                       src_slice = 4, dst_slice = 5;
    uint8_t* src = rig.system.at(0);
    uint8_t* dst = rig.vram<uint8_t>(0x10000);
    for (int i = 0; i < 256; i++)
        src[i] = static_cast<uint8_t>(i);
    std::memset(dst, 0xee, 256);
    Packet p = make_packet(ACC_PKT_COPY_RECT);
    acc_packet_copy_rect& r = p.copy_rect;
    r.width = width, r.height = height, r.depth = depth;
    r.dst = kVramVa + 0x10000, r.src = kSystemVa;
    r.src_pitch = src_pitch, r.dst_pitch = dst_pitch, r.src_slice = src_slice,
    r.dst_slice = dst_slice;
    ASSERT_TRUE(queue.run(p));
    std::vector<uint8_t> expected(256, 0xee);
    for (uint32_t z = 0; z < depth; z++)
        for (uint32_t y = 0; y < height; y++)
            for (uint32_t x = 0; x < width; x++)
                expected[(z * dst_slice + y) * dst_pitch + x] =
                    src[(z * src_slice + y) * src_pitch + x];
    EXPECT_EQ(std::memcmp(dst, expected.data(), 256), 0);
}

TEST_F(QueueTest, CopyRectOfNothingMovesNothing) {
    for (int dimension = 0; dimension < 3; dimension++) {
        Packet p = make_packet(ACC_PKT_COPY_RECT);
        p.copy_rect.width = dimension != 0, p.copy_rect.height = dimension != 1,
        p.copy_rect.depth = dimension != 2;
        p.copy_rect.dst = p.copy_rect.src = kUnmappedVa;
        EXPECT_TRUE(queue.run(p)) << dimension;
    }
}

TEST_F(QueueTest, FillRepeatsElements) {
    for (uint32_t element : {1u, 2u, 4u}) {
        uint8_t* dst = rig.vram<uint8_t>(0x10000);
        std::memset(dst, 0xee, 1024);
        Packet p = make_packet(ACC_PKT_FILL);
        p.fill.pattern = 0x44332211;
        p.fill.dst = kVramVa + 0x10000 + element;
        p.fill.width = 3 * element;
        p.fill.pitch = 32;
        p.fill.height = 4;
        p.fill.element_bytes = element;
        ASSERT_TRUE(queue.run(p));
        std::vector<uint8_t> expected(1024, 0xee);
        for (uint32_t y = 0; y < 4; y++)
            for (uint32_t i = 0; i < 3 * element; i++)
                expected[element + y * 32 + i] = static_cast<uint8_t>(0x11 * (1 + i % element));
        EXPECT_EQ(std::memcmp(dst, expected.data(), 1024), 0) << element;
    }
}

TEST_F(QueueTest, FillKeepsItsPhaseInLargeRanges) {
    constexpr uint64_t bytes = 5'000'004;
    Packet p = make_packet(ACC_PKT_FILL);
    p.fill.pattern = 0xdeadbeef;
    p.fill.dst = kVramVa + 0x10000;
    p.fill.width = bytes;
    p.fill.height = 1;
    p.fill.element_bytes = 4;
    ASSERT_TRUE(queue.run(p));
    auto* words = rig.vram<uint32_t>(0x10000);
    for (uint64_t i = 0; i < bytes / 4; i++)
        ASSERT_EQ(words[i], 0xdeadbeefu) << i;
    EXPECT_EQ(words[bytes / 4], 0u);
}

/// A wait that must not be satisfied at first, then is by `change`.
template <typename Change>
void expect_wait(Rig& rig, UserQueue& queue, const Packet& wait, Change&& change) {
    queue.put(wait);
    queue.submit(write_value(kVramVa + 0x3000, queue.written()));
    uint64_t before = *rig.vram<uint64_t>(0x3000);
    EXPECT_FALSE(queue.wait(3'000'000));
    EXPECT_EQ(*rig.vram<uint64_t>(0x3000), before);
    change();
    EXPECT_TRUE(queue.wait());
}

TEST_F(QueueTest, WaitValueConditions) {
    auto* word = rig.vram<std::atomic<uint64_t>>(0x2000);
    uint64_t at = kVramVa + 0x2000;
    auto store = [&](uint64_t value) { return [=] { word->store(value); }; };
    *word = 4;
    expect_wait(rig, queue, wait_value(at, 5, ACC_WAIT_GEU), store(5));
    *word = ~0ull - 1; // cyclic: 2 lies after it
    expect_wait(rig, queue, wait_value(at, 2, ACC_WAIT_GEQ), store(3));
    *word = 6;
    expect_wait(rig, queue, wait_value(at, 5, ACC_WAIT_EQ), store(5));
    *word = 0x10;
    expect_wait(rig, queue, wait_value(at, 0x0f, ACC_WAIT_AND), store(0x14));
    *word = ~0ull << 8;
    expect_wait(rig, queue, wait_value(at, 0xff, ACC_WAIT_NOR), store(0));
    *word = 0xf5; // the mask counts
    expect_wait(rig, queue, wait_value(at, 5, ACC_WAIT_EQ, 0xff), store(0xff05));
}

TEST_F(QueueTest, WaitValueOfFourBytesIgnoresTheOthers) {
    auto* word = rig.vram<std::atomic<uint64_t>>(0x2000);
    *word = 0xffff'ffff'0000'0004;
    uint64_t at = kVramVa + 0x2000;
    auto low = [&](uint32_t v) { return [=] { word->store(0xffff'ffff'0000'0000 | v); }; };
    expect_wait(rig, queue, wait_value(at, 5, ACC_WAIT_GEU, ~0ull, 4), low(7));
    *word = 0xffff'fffe;
    expect_wait(rig, queue, wait_value(at, 1, ACC_WAIT_GEQ, ~0ull, 4), low(1));
    *word = 0xffff'ffff; // every low bit set: NOR must not see the upper half
    expect_wait(rig, queue, wait_value(at, 0, ACC_WAIT_NOR, ~0ull, 4), low(0xfffffffe));
}

TEST_F(QueueTest, BarriersWaitForAllOrOneOfTheirValues) {
    auto* a = rig.vram<std::atomic<uint64_t>>(0x2000);
    auto* b = rig.vram<std::atomic<uint64_t>>(0x2008);
    Packet p = make_packet(ACC_PKT_BARRIER_AND);
    p.barrier.wait_address[0] = kVramVa + 0x2000;
    p.barrier.wait_address[1] = kVramVa + 0x2008;
    p.barrier.wait_value[0] = p.barrier.wait_value[1] = 1ull << 63; // unsigned
    *a = ~0ull;
    expect_wait(rig, queue, p, [&] { *b = 1ull << 63; });
    *a = *b = 0;
    p.header.type = ACC_PKT_BARRIER_OR;
    expect_wait(rig, queue, p, [&] { *b = ~0ull; });
    p.barrier.wait_address[1] = 0; // unused
    expect_wait(rig, queue, p, [&] { *a = 1ull << 63; });
    p.barrier.wait_address[0] = 0;
    EXPECT_TRUE(queue.run(p)) << "nothing to wait for";
    p.header.type = ACC_PKT_BARRIER_AND;
    EXPECT_TRUE(queue.run(p));
}

TEST_F(QueueTest, QueuesSynchroniseThroughSignals) {
    UserQueue other{rig, 4};
    uint64_t ping = kVramVa + 0x2000, pong = kVramVa + 0x2008;
    constexpr uint64_t rounds = 20;
    for (uint64_t i = 1; i <= rounds; i++) {
        queue.put(wait_value(pong, i - 1));
        queue.put(write_value(ping, i));
        other.put(wait_value(ping, i));
        other.put(write_value(pong, i));
    }
    other.ring();
    queue.ring();
    EXPECT_TRUE(queue.wait());
    EXPECT_TRUE(other.wait());
    EXPECT_EQ(*rig.vram<uint64_t>(0x2008), rounds);
}

TEST_F(QueueTest, CacheInvalidateMakesDecodedCodeStale) {
    std::atomic<uint64_t> epoch{0};
    uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        epoch = b.launch->vm->code_epoch.load();
        return RunResult::Done;
    });
    EXPECT_TRUE(queue.run(dispatch(kernel, 1)));
    uint64_t before = epoch;
    Packet p = make_packet(ACC_PKT_CACHE);
    p.cache.actions = ACC_CACHE_INVALIDATE_DATA | ACC_CACHE_WRITEBACK_DATA;
    EXPECT_TRUE(queue.run(p));
    EXPECT_TRUE(queue.run(dispatch(kernel, 1)));
    EXPECT_EQ(epoch, before);
    p.cache.actions = ACC_CACHE_INVALIDATE_ICACHE;
    EXPECT_TRUE(queue.run(p));
    EXPECT_TRUE(queue.run(dispatch(kernel, 1)));
    EXPECT_GT(epoch, before);
}

TEST_F(QueueTest, BarrierBitOrdersPackets) {
    std::atomic<bool> finished{false}, early{false};
    uint64_t slow = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.slice < 50) return RunResult::Yield;
        finished = true;
        return RunResult::Done;
    });
    uint64_t check = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        if (!finished) early = true;
        return RunResult::Done;
    });
    queue.put(dispatch(slow, 1));
    queue.put(dispatch(check, 1));
    queue.ring();
    EXPECT_TRUE(queue.wait());
    EXPECT_FALSE(early);
}

TEST_F(QueueTest, PacketsWithoutBarrierBitOverlap) {
    std::atomic<bool> second_ran{false};
    uint64_t first = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        return second_ran ? RunResult::Done : RunResult::Waiting;
    });
    uint64_t second = rig.kernels.add([&](FakeBlock&, acc_fault_record&) {
        second_ran = true;
        return RunResult::Done;
    });
    Packet a = dispatch(first, 1), b = dispatch(second, 1, 32, 0);
    a.copy.signal = queue.signal_va(1), a.copy.value = 1;
    b.copy.signal = queue.signal_va(2), b.copy.value = 1;
    queue.put(a);
    queue.put(b);
    queue.ring();
    EXPECT_TRUE(rig.chip->wait(3, &queue.signal(1), 1, kForever));
    EXPECT_EQ(queue.signal(2), 1u);
    while (queue.read_index() != 2)
        std::this_thread::yield();
}

TEST_F(QueueTest, ManyOverlappingPacketsCompleteOnce) {
    std::atomic<uint32_t> ran{0};
    uint64_t kernel = rig.kernels.add([&](FakeBlock& b, acc_fault_record&) {
        if (b.slice == 0 && b.x % 2) return RunResult::Yield;
        ran++;
        return RunResult::Done;
    });
    constexpr uint32_t packets = 500, blocks = 3;
    for (uint32_t i = 0; i < packets; i++) {
        while (queue.written() - queue.read_index() >= kRingPackets)
            std::this_thread::yield();
        Packet p = dispatch(kernel, blocks, 32, 0);
        if (i == packets - 1) p.header.flags = ACC_PKT_F_BARRIER;
        queue.submit(p);
    }
    EXPECT_TRUE(queue.wait());
    EXPECT_EQ(ran, packets * blocks);
    EXPECT_EQ(rig.chip->counters().dispatches, packets);
    EXPECT_EQ(rig.chip->counters().blocks, packets * blocks);
}

TEST_F(QueueTest, InvalidPacketNamesTheField) {
    Packet p = write_value(kVramVa, 0);
    p.write_value.reserved[2] = 1;
    expect_fault(p, ACC_FAULT_INVALID_PACKET);
    EXPECT_EQ(record.info, 24u);
    EXPECT_EQ(queue.read_index(), 0u);
}

TEST_F(QueueTest, InvalidTypeIsNotExecuted) {
    Packet p{};
    p.copy.signal = queue.signal_va(), p.copy.value = 1;
    expect_fault(p, ACC_FAULT_INVALID_PACKET);
    EXPECT_EQ(record.info, 0u);
    EXPECT_EQ(queue.signal(), 0u);
}

TEST_F(QueueTest, NothingAfterAFaultRuns) {
    queue.put(write_value(kUnmappedVa, 1));
    queue.put(write_value(kVramVa + 0x1000, 1));
    queue.ring();
    EXPECT_FALSE(queue.wait());
    queue.submit(write_value(kVramVa + 0x1000, 1));
    EXPECT_FALSE(queue.wait());
    EXPECT_EQ(*rig.vram<uint64_t>(0x1000), 0u);
    EXPECT_EQ(rig.sink.faults, 1u);
    EXPECT_EQ(queue.control().error_index, 0u);
}

TEST_F(QueueTest, ResetMakesAHaltedQueueUsable) {
    queue.run(write_value(kUnmappedVa, 1));
    rig.stop(3);
    UserQueue again{rig, 3};
    ASSERT_TRUE(again.enabled);
    EXPECT_EQ(again.status(), ACC_QUEUE_ACTIVE);
    EXPECT_TRUE(again.run(write_value(kVramVa + 0x1000, 7)));
    EXPECT_EQ(*rig.vram<uint64_t>(0x1000), 7u);
}

TEST_F(QueueTest, AFaultLeavesOtherQueuesAlone) {
    UserQueue other{rig, 4};
    EXPECT_FALSE(queue.run(write_value(kUnmappedVa, 1)));
    EXPECT_TRUE(other.run(write_value(kVramVa + 0x1000, 7)));
    EXPECT_EQ(other.status(), ACC_QUEUE_ACTIVE);
}

TEST_F(QueueTest, MemoryFaultsOfPacketsSayWhatAndWhere) {
    struct Case {
        Packet packet;
        uint32_t cause, access;
        uint64_t address;
    };
    Packet fill = make_packet(ACC_PKT_FILL);
    fill.fill.dst = kReadOnlyVa - 0; // one page, read-only
    fill.fill.width = 8;
    fill.fill.height = 1;
    fill.fill.element_bytes = 1;
    Packet rect = make_packet(ACC_PKT_COPY_RECT);
    rect.copy_rect.width = 4, rect.copy_rect.height = 2, rect.copy_rect.depth = 1;
    rect.copy_rect.dst = kVramVa + 0x1000, rect.copy_rect.src = kSystemVa + kMapped - 4,
    rect.copy_rect.src_pitch = 100;
    Packet barrier = make_packet(ACC_PKT_BARRIER_AND);
    barrier.barrier.wait_address[1] = kUnmappedVa;
    Packet stamp = make_packet(ACC_PKT_TIMESTAMP);
    stamp.timestamp.address = kReadOnlyVa + 8;
    const Case cases[] = {
        {copy(kUnmappedVa, kVramVa, 8), ACC_FAULT_UNMAPPED, ACC_ACCESS_WRITE, kUnmappedVa},
        {copy(kVramVa, kUnmappedVa + 5, 8), ACC_FAULT_UNMAPPED, ACC_ACCESS_READ, kUnmappedVa + 5},
        {copy(kVramVa + kMapped - 16, kSystemVa, 4096), ACC_FAULT_UNMAPPED, ACC_ACCESS_WRITE,
         kVramVa + kMapped},
        {copy(kVramVa, kPoisonVa, 8), ACC_FAULT_ECC, ACC_ACCESS_READ, kPoisonVa},
        {copy(kVramVa, ~0ull - 3, 8), ACC_FAULT_UNMAPPED, ACC_ACCESS_READ, ~0ull - 3},
        {fill, ACC_FAULT_PERMISSION, ACC_ACCESS_WRITE, kReadOnlyVa},
        {rect, ACC_FAULT_UNMAPPED, ACC_ACCESS_READ, kSystemVa + kMapped + 96},
        {barrier, ACC_FAULT_UNMAPPED, ACC_ACCESS_READ, kUnmappedVa},
        {stamp, ACC_FAULT_PERMISSION, ACC_ACCESS_WRITE, kReadOnlyVa + 8},
        {wait_value(kPoisonVa + 8, 0), ACC_FAULT_ECC, ACC_ACCESS_READ, kPoisonVa + 8},
        {write_value(ACC_SHARED_APERTURE, 0), ACC_FAULT_UNMAPPED, ACC_ACCESS_WRITE,
         ACC_SHARED_APERTURE},
    };
    for (const Case& c : cases) {
        rig.stop(3);
        UserQueue fresh{rig, 3};
        fresh.submit(c.packet);
        EXPECT_FALSE(fresh.wait());
        ASSERT_TRUE(rig.chip->fault_pop(record));
        EXPECT_EQ(record.cause, c.cause) << std::hex << c.address;
        EXPECT_EQ(record.access, c.access) << std::hex << c.address;
        EXPECT_EQ(record.address, c.address) << std::hex << c.address;
    }
}

TEST_F(QueueTest, SignalThatCannotBeStoredIsAFault) {
    Packet p = write_value(kVramVa + 0x1000, 1);
    p.copy.signal = kReadOnlyVa + 16;
    p.copy.value = 1;
    expect_fault(p, ACC_FAULT_PERMISSION);
    EXPECT_EQ(record.address, kReadOnlyVa + 16);
}

TEST_F(QueueTest, RingThatGoesAwayIsAFault) {
    rig.tables->unmap(queue.ring_va(), ACC_PAGE_BYTES);
    rig.chip->tlb_invalidate(1, queue.ring_va(), ACC_PAGE_BYTES);
    expect_fault(write_value(kVramVa, 0), ACC_FAULT_UNMAPPED);
    EXPECT_EQ(record.address, queue.ring_va());
    EXPECT_EQ(record.access, ACC_ACCESS_READ);
}

TEST_F(QueueTest, ControlBlockThatGoesAwayIsAFaultInTheFifo) {
    rig.tables->unmap(queue.control_va(), ACC_PAGE_BYTES);
    rig.chip->tlb_invalidate(1, queue.control_va(), ACC_PAGE_BYTES);
    queue.submit(write_value(kVramVa + 0x1000, 1));
    EXPECT_FALSE(queue.wait());
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(record.address, queue.control_va() + 64);
}

TEST_F(QueueTest, DoorbellBeyondTheRingIsAFault) {
    rig.chip->doorbell(3, kRingPackets + 1);
    EXPECT_FALSE(rig.chip->wait(3, &queue.signal(), 1, kForever));
    ASSERT_TRUE(rig.chip->fault_pop(record));
    EXPECT_EQ(record.cause, ACC_FAULT_INVALID_PACKET);
}

TEST_F(QueueTest, OldAndStrayDoorbellsAreIgnored) {
    EXPECT_TRUE(queue.run(write_value(kVramVa + 0x1000, 1)));
    rig.chip->doorbell(3, 0);
    rig.chip->doorbell(3, 1);
    rig.chip->doorbell(200, 1);
    rig.chip->doorbell(~0u, 1);
    EXPECT_TRUE(queue.run(write_value(kVramVa + 0x1000, 2)));
    EXPECT_FALSE(rig.chip->fault_pop(record));
}

TEST_F(QueueTest, KernelDescriptorIsValidated) {
    rig.vram<acc_kernel_descriptor>(0)->num_barriers = 99;
    expect_fault(dispatch(16, 1), ACC_FAULT_INVALID_KERNEL);
    EXPECT_EQ(record.info, 22u);
    EXPECT_EQ(record.kernel, kVramVa);
}

TEST_F(QueueTest, UnreadableKernelDescriptorIsInvalid) {
    Packet p = dispatch(16, 1);
    p.dispatch.kernel = kUnmappedVa;
    expect_fault(p, ACC_FAULT_INVALID_KERNEL);
    EXPECT_EQ(record.kernel, kUnmappedVa);
}

TEST_F(QueueTest, LaunchLimitsAreEnforced) {
    expect_fault(dispatch(16, 0), ACC_FAULT_INVALID_LAUNCH);
    EXPECT_EQ(record.info, 4u);
}

TEST_F(QueueTest, FaultFifoKeepsTheOldestAndCounts) {
    constexpr uint32_t faults = FaultFifo::kCapacity + 10;
    rig.stop(3);
    for (uint32_t i = 0; i < faults; i++) {
        UserQueue q{rig, 3};
        EXPECT_FALSE(q.run(write_value(kUnmappedVa + 8 * i, 1)));
    }
    EXPECT_EQ(rig.chip->counters().faults_lost, 10u);
    EXPECT_EQ(rig.chip->counters().faults, faults);
    for (uint32_t i = 0; i < FaultFifo::kCapacity; i++) {
        ASSERT_TRUE(rig.chip->fault_pop(record));
        EXPECT_EQ(record.address, kUnmappedVa + 8 * i);
    }
    EXPECT_FALSE(rig.chip->fault_pop(record));
}

TEST_F(QueueTest, DisableStopsABlockedWait) {
    queue.submit(wait_value(kVramVa + 0x2000, 1));
    std::thread waiter([&] { EXPECT_FALSE(queue.wait()); });
    std::this_thread::sleep_for(5ms);
    rig.stop(3);
    waiter.join();
    EXPECT_EQ(queue.status(), ACC_QUEUE_IDLE);
}

TEST_F(QueueTest, DisableStopsAnEndlessCopy) {
    Packet p = make_packet(ACC_PKT_COPY_RECT);
    p.copy_rect.width = 4096;
    p.copy_rect.height = p.copy_rect.depth = 0xffffffff; // pitch 0: the same row for ever
    p.copy_rect.dst = kVramVa + 0x1000;
    p.copy_rect.src = kSystemVa;
    queue.submit(p);
    UserQueue other{rig, 4};
    for (int i = 0; i < 20; i++)
        EXPECT_TRUE(other.run(write_value(kVramVa + 0x8000, 1))) << "others go on meanwhile";
    rig.stop(3);
    EXPECT_EQ(queue.signal(), 0u);
}

TEST_F(QueueTest, VmDisableStopsItsQueues) {
    queue.submit(wait_value(kVramVa + 0x2000, 1));
    rig.chip->vm_disable(1);
    EXPECT_FALSE(queue.wait());
    EXPECT_FALSE(
        rig.chip->queue_enable(3, 1, queue.ring_va(), kRingPackets, queue.control_va(), 0));
    EXPECT_TRUE(rig.chip->vm_enable(1, rig.tables->root(), kVa, kVaBytes));
}

TEST_F(QueueTest, WaitTimesOut) {
    EXPECT_FALSE(rig.chip->wait(3, &queue.signal(), 1, 0));
    EXPECT_FALSE(rig.chip->wait(3, &queue.signal(), 1, 1'000'000));
    EXPECT_FALSE(rig.chip->wait(99, &queue.signal(), 1, kForever)) << "no such queue";
    EXPECT_TRUE(rig.chip->wait(99, &queue.signal(), 0, 0)) << "reached already";
}

TEST_F(QueueTest, WaitSeesValuesThatNobodySignals) {
    std::thread writer([&] {
        std::this_thread::sleep_for(20ms);
        queue.signal().store(5);
    });
    EXPECT_TRUE(rig.chip->wait(3, &queue.signal(), 5, kForever));
    writer.join();
}

} // namespace
} // namespace acc::model::test
