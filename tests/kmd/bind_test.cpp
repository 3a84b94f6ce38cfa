// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What VM_BIND does to an address space, seen by the device: random changes against a reference,
// splits, merges, replacement.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <random>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/environment.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/gate.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/sync.h"

namespace acc::kmd {
namespace {

/// What page of which buffer a page of the address space shows.
struct Target {
    unsigned bo;
    uint64_t page;
    bool readonly, exec;
};

/// An address space that is changed at random, and the reference.
class Reference {
  public:
    static constexpr uint64_t kPages = 1600; // more than two tables of 512 entries

    Reference(Client& client, uint64_t seed)
        : client_(client), random_(seed),
          // In the middle of a table, so that ranges cross its end.
          base_(client.vm.reserve((kPages + 1024) * kPage, 2 << 20) + 300 * kPage),
          probe_(client.allocate(kPages * 8)) {
        // Sizes from one page to more than a large page, in both memories.
        for (uint64_t pages : {1, 7, 64, 600, 1100}) {
            for (uint32_t placement : {DRM_ACC_BO_VRAM, DRM_ACC_BO_SYSTEM}) {
                bos_.emplace_back(client.device, pages * kPage, placement);
                auto* words = bos_.back().at<uint64_t>();
                for (uint64_t p = 0; p < pages; p++)
                    words[p * kPage / 8] = name(static_cast<unsigned>(bos_.size() - 1), p);
            }
        }
    }

    /// A random operation; the reference is changed as the interface says.
    drm_acc_vm_bind_op step() {
        const uint64_t first = below(kPages);
        const bool unmap = below(4) == 0;
        const auto bo = static_cast<unsigned>(below(bos_.size()));
        const uint64_t bo_pages = bos_[bo].bytes() / kPage;
        uint64_t offset = below(3) ? below(bo_pages) : 0;
        uint64_t count = 1 + below(below(2) ? 8 : 1200);
        count = std::min(count, kPages - first);
        if (!unmap) count = std::min(count, bo_pages - offset);
        if (unmap) {
            for (uint64_t p = first; p < first + count; p++)
                pages_.erase(p);
            return unmap_op(base_ + first * kPage, count * kPage);
        }
        const auto flags = static_cast<uint32_t>(below(4));
        for (uint64_t p = 0; p < count; p++)
            pages_[first + p] = {bo, offset + p, (flags & DRM_ACC_VM_BIND_OP_MAP_READONLY) != 0,
                                 (flags & DRM_ACC_VM_BIND_OP_MAP_EXEC) != 0};
        return map_op(bos_[bo].handle(), base_ + first * kPage, count * kPage, offset * kPage,
                      flags);
    }

    using Pages = std::map<uint64_t, Target>;
    /// What the operations so far make of the address space.
    const Pages& pages() const { return pages_; }

    /// The device reads the first word of every mapped page; all must be what the reference says.
    void check_mapped() { check_mapped(pages_); }
    void check_mapped(const Pages& pages) {
        std::memset(probe_.at(), 0, kPages * 8);
        for (const auto& [page, target] : pages) {
            Packet p = copy(probe_.va + page * 8, base_ + page * kPage, 8);
            p.header.flags = 0; // in any order, without interrupts
            client_.queue.put(p);
            if (client_.queue.written() % 32 == 0) flush();
        }
        flush();
        for (uint64_t page = 0; page < kPages; page++) {
            const auto it = pages.find(page);
            const uint64_t expected = it == pages.end() ? 0 : name(it->second.bo, it->second.page);
            ASSERT_EQ(probe_.at<uint64_t>()[page], expected) << "page " << page;
        }
    }

    /// A page that is not mapped, or is mapped read-only.
    std::optional<uint64_t> some_page(bool mapped_readonly) {
        return some_page(pages_, mapped_readonly);
    }
    std::optional<uint64_t> some_page(const Pages& pages, bool mapped_readonly) {
        for (int i = 0; i < 1000; i++) {
            const uint64_t page = below(kPages);
            const auto it = pages.find(page);
            if (mapped_readonly ? it != pages.end() && it->second.readonly : it == pages.end())
                return base_ + page * kPage;
        }
        return std::nullopt;
    }
    std::optional<uint64_t> some_writable(uint64_t& expected_bo, uint64_t& bo_page) {
        for (int i = 0; i < 1000; i++) {
            const auto it = pages_.find(below(kPages));
            if (it == pages_.end() || it->second.readonly) continue;
            expected_bo = it->second.bo;
            bo_page = it->second.page;
            return base_ + it->first * kPage;
        }
        return std::nullopt;
    }
    Bo& bo(uint64_t index) { return bos_[index]; }
    uint64_t below(uint64_t n) { return random_() % n; }
    static uint64_t name(unsigned bo, uint64_t page) {
        return 0xacc0'0000'0000ull | uint64_t{bo} << 32 | (page + 1);
    }

  private:
    void flush() {
        Packet last = write_value(client_.queue.signal_va(2), 1);
        client_.queue.submit(last);
        ASSERT_EQ(client_.queue.wait(), 0);
    }
    Client& client_;
    std::mt19937_64 random_;
    uint64_t base_;
    Buffer probe_;
    std::vector<Bo> bos_;
    Pages pages_;
};

/// A fault on a queue of its own in the same address space.
drm_acc_fault fault_of(Client& client, const Packet& packet) {
    Queue queue(client.device, client.vm);
    queue.submit(packet);
    EXPECT_ERRNO(queue.wait(), ECANCELED);
    return client.vm.wait_fault();
}

TEST(BindProperty, RandomChangesAgainstAReference) {
    for (unsigned round = 0; round < effort(2); round++) {
        const uint64_t seed = first_seed() + round;
        SCOPED_TRACE("ACC_KMD_SEED=" + std::to_string(seed));
        Client client;
        Reference reference(client, seed);
        for (int step = 0; step < 6; step++) {
            // One call with several operations, as a runtime does, or several calls with one.
            std::vector<drm_acc_vm_bind_op> ops;
            for (uint64_t n = 1 + reference.below(12); n > 0; n--)
                ops.push_back(reference.step());
            if (reference.below(2)) {
                uint32_t done = 0;
                ASSERT_ERRNO(client.vm.try_bind(ops, 0, &done), 0);
                EXPECT_EQ(done, ops.size());
            } else {
                for (const auto& op : ops)
                    ASSERT_ERRNO(client.vm.try_bind({&op, 1}), 0);
            }
            ASSERT_NO_FATAL_FAILURE(reference.check_mapped()) << "after step " << step;
        }
        for (int i = 0; i < 3; i++) {
            if (auto va = reference.some_page(false)) {
                const drm_acc_fault f = fault_of(client, write_value(*va + 8, 1));
                EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
                EXPECT_EQ(f.address, *va + 8);
            }
            if (auto va = reference.some_page(true)) {
                const drm_acc_fault f = fault_of(client, write_value(*va + 16, 1));
                EXPECT_EQ(f.cause, ACC_FAULT_PERMISSION);
                EXPECT_EQ(f.access, ACC_ACCESS_WRITE);
                EXPECT_EQ(f.address, *va + 16);
            }
            uint64_t bo = 0, page = 0;
            if (auto va = reference.some_writable(bo, page)) {
                ASSERT_EQ(client.queue.run(write_value(*va + 24, 0x1234)), 0);
                EXPECT_EQ(*reference.bo(bo).at<uint64_t>(page * kPage + 24), 0x1234u);
            }
        }
    }
}

TEST(BindProperty, AsynchronousChangesInOrderWhateverSignalsFirst) {
    for (unsigned round = 0; round < effort(2); round++) {
        const uint64_t seed = first_seed() + 1000 + round;
        SCOPED_TRACE("ACC_KMD_SEED=" + std::to_string(seed));
        std::mt19937_64 random(seed);
        Client client;
        Reference reference(client, seed);
        // Every operation waits for a gate of its own. They open in random order; at any time just
        // those operations have happened before which (and at which) all gates are open.
        constexpr size_t count = 12;
        std::vector<Gate> gates(count);
        Syncobj timeline(client.device);
        std::vector<Reference::Pages> after{reference.pages()}; // [n]: the first n operations
        for (size_t i = 0; i < count; i++) {
            const Syncobj gate = gates[i].object(client.device);
            ASSERT_ERRNO(bind_later(client.vm, reference.step(),
                                    {gate.wait_for(), timeline.signal_to(i + 1)}),
                         0);
            after.push_back(reference.pages());
        }
        std::vector<size_t> order(count);
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random);
        std::vector<bool> open(count);
        size_t done = 0;
        for (const size_t next : order) {
            gates[next].open();
            open[next] = true;
            const size_t before = done;
            while (done < count && open[done])
                done++;
            if (done != before) ASSERT_ERRNO(timeline.wait(kPatience, done), 0);
            if (done == before && done != 0) continue; // seen already
            ASSERT_NO_FATAL_FAILURE(reference.check_mapped(after[done])) << done << " operations";
            ASSERT_EQ(timeline.point(), done) << "operation " << done << " did not wait";
            if (auto va = reference.some_page(after[done], false))
                EXPECT_EQ(fault_of(client, write_value(*va, 1)).cause, ACC_FAULT_UNMAPPED);
        }
        EXPECT_EQ(done, count);
    }
}

TEST(Bind, OneCallMapsAThousandScatteredPages) {
    Client client;
    constexpr uint64_t n = 1000;
    Bo bo(client.device, n * kPage, DRM_ACC_BO_VRAM);
    const uint64_t va = client.vm.reserve(2 * n * kPage);
    std::vector<drm_acc_vm_bind_op> ops;
    for (uint64_t i = 0; i < n; i++)
        ops.push_back(map_op(bo.handle(), va + 2 * i * kPage, kPage, (n - 1 - i) * kPage));
    uint32_t done = 0;
    ASSERT_ERRNO(client.vm.try_bind(ops, 0, &done), 0);
    EXPECT_EQ(done, n);
    for (uint64_t i : {uint64_t{0}, uint64_t{1}, uint64_t{511}, uint64_t{512}, n - 1}) {
        ASSERT_EQ(client.queue.run(write_value(va + 2 * i * kPage, i + 5)), 0);
        EXPECT_EQ(*bo.at<uint64_t>((n - 1 - i) * kPage), i + 5);
    }
    const drm_acc_vm_bind_op all = unmap_op(va, 2 * n * kPage);
    EXPECT_ERRNO(client.vm.try_bind({&all, 1}), 0);
    EXPECT_EQ(fault_of(client, write_value(va + 2 * 511 * kPage, 1)).cause, ACC_FAULT_UNMAPPED);
}

TEST(Bind, ALargePageIsSplitWhenItsMiddleGoes) {
    Client client;
    constexpr uint64_t large = ACC_LARGE_PAGE_BYTES;
    for (uint32_t placement : {DRM_ACC_BO_VRAM, DRM_ACC_BO_SYSTEM}) {
        Bo bo(client.device, 2 * large, placement);
        const uint64_t va = client.vm.reserve(2 * large, large);
        client.vm.map(bo, va, 2 * large);
        ASSERT_EQ(client.queue.run(fill(va, 0x11111111, 2 * large)), 0);
        client.vm.unmap(va + large / 2, kPage);
        EXPECT_EQ(fault_of(client, write_value(va + large / 2, 1)).cause, ACC_FAULT_UNMAPPED);
        ASSERT_EQ(client.queue.run(fill(va + large / 2 - kPage, 0x22222222, kPage)), 0);
        ASSERT_EQ(client.queue.run(fill(va + large / 2 + kPage, 0x33333333, kPage)), 0);
        client.vm.map(bo, va + large / 2, kPage, large / 2);
        ASSERT_EQ(client.queue.run(fill(va + large / 2, 0x44444444, kPage)), 0);
        const auto* words = bo.at<uint32_t>();
        EXPECT_EQ(words[large / 8 - kPage / 4], 0x22222222u);
        EXPECT_EQ(words[large / 8], 0x44444444u);
        EXPECT_EQ(words[large / 8 + kPage / 4], 0x33333333u);
        EXPECT_EQ(words[0], 0x11111111u);
        EXPECT_EQ(words[2 * large / 4 - 1], 0x11111111u);
    }
}

TEST(Bind, AMappingCanBeReplacedUnderARunningQueue) {
    Client client;
    Bo one(client.device, kPage, DRM_ACC_BO_SYSTEM), two(client.device, kPage, DRM_ACC_BO_VRAM);
    const uint64_t va = client.vm.reserve(kPage);
    for (uint64_t i = 1; i <= 20; i++) {
        Bo& target = i % 2 ? one : two;
        client.vm.map(target, va, kPage);
        ASSERT_EQ(client.queue.run(write_value(va, i)), 0);
        ASSERT_EQ(*target.at<uint64_t>(), i);
    }
}

TEST(Bind, TheSameMemoryAtManyAddresses) {
    Client client;
    Bo bo(client.device, kPage, DRM_ACC_BO_VRAM);
    const uint64_t va = client.vm.reserve(64 * kPage);
    for (uint64_t i = 0; i < 64; i++)
        client.vm.map(bo, va + i * kPage, kPage);
    for (uint64_t i = 0; i < 64; i++)
        client.queue.submit(write_value(va + i * kPage + 8 * i, i + 1));
    ASSERT_EQ(client.queue.wait(), 0);
    for (uint64_t i = 0; i < 64; i++)
        EXPECT_EQ(bo.at<uint64_t>()[i], i + 1);
}

TEST(Bind, TheMemoryLivesAsLongAsItIsMapped) {
    Client client;
    constexpr uint64_t bytes = 8 << 20; // more than page tables come to
    const uint64_t before = settled_vram(client.device);
    Bo bo(client.device, bytes, DRM_ACC_BO_VRAM);
    const uint64_t va = client.vm.reserve(bytes);
    client.vm.map(bo, va, bytes);
    bo.close();
    pause_ms(20);
    EXPECT_GE(client.device.memory().vram_used, before + bytes);
    ASSERT_EQ(client.queue.run(fill(va, 3, bytes)), 0);
    Buffer out = client.allocate(kPage);
    ASSERT_EQ(client.queue.run(copy(out.va, va + bytes - kPage, kPage)), 0);
    EXPECT_EQ(out.at()[9], 3u);
    client.vm.unmap(va, bytes);
    for (const int64_t end = deadline(); client.device.memory().vram_used >= before + bytes &&
                                         static_cast<int64_t>(now_ns()) < end;)
        pause_ms(10);
    EXPECT_LT(client.device.memory().vram_used, before + bytes);
    EXPECT_EQ(fault_of(client, write_value(va, 1)).cause, ACC_FAULT_UNMAPPED);
}

TEST(Bind, CodeNeedsTheFlagAndDataCanTakeItAway) {
    Client client;
    const Code code = client.code(kNumber);
    Buffer out = client.allocate(kPage);
    ASSERT_EQ(client.launch(code, {out.va, 1}), 0);
    // The same code in a buffer that is not executable.
    Buffer copy_of_it = client.allocate(4 * kPage);
    ASSERT_EQ(client.queue.run(copy(copy_of_it.va, code.kernel(), 4 * kPage)), 0);
    drm_acc_fault f = fault_of(client, dispatch(copy_of_it.va, client.arguments.va));
    EXPECT_EQ(f.cause, ACC_FAULT_PERMISSION);
    EXPECT_EQ(f.access, ACC_ACCESS_EXECUTE);
    client.vm.map(copy_of_it.bo, copy_of_it.va, 4 * kPage, 0, DRM_ACC_VM_BIND_OP_MAP_EXEC);
    client.set_arguments({out.va, 100});
    ASSERT_EQ(client.queue.run(dispatch(copy_of_it.va, client.arguments.va)), 0);
    EXPECT_EQ(out.at()[3], 103u);
    client.vm.map(copy_of_it.bo, copy_of_it.va, 4 * kPage);
    EXPECT_EQ(fault_of(client, dispatch(copy_of_it.va, client.arguments.va)).cause,
              ACC_FAULT_PERMISSION);
}

TEST(Bind, AnAddressSpaceWithoutQueuesCanBeFilledInAdvance) {
    Device device;
    Vm vm(device);
    Bo bo(device, 16 * kPage, DRM_ACC_BO_VRAM);
    const uint64_t va = vm.reserve(16 * kPage);
    vm.map(bo, va, 16 * kPage);
    vm.unmap(va + 4 * kPage, kPage);
    for (int round = 0; round < 2; round++) { // its hardware number may be another one each time
        Queue queue(device, vm);
        ASSERT_EQ(queue.run(fill(va, 6, 4 * kPage)), 0);
        EXPECT_EQ(bo.at<uint32_t>()[4 * kPage / 4 - 1], 6u);
        EXPECT_EQ(bo.at<uint32_t>()[4 * kPage / 4], 0u);
    }
}

TEST(Bind, UnmappingWorksWhenDeviceMemoryIsFull) {
    // Two large pages, of which parts go: each needs a new page table, when there is no memory left
    // for one.
    constexpr uint64_t large = 2 << 20;
    Device device;
    Vm vm(device);
    Bo bo(device, 2 * large, DRM_ACC_BO_VRAM);
    const uint64_t va = vm.reserve(2 * large, large);
    vm.map(bo, va, 2 * large);
    std::vector<Bo> fillers;
    for (uint64_t bytes : {64ull << 20, 8ull << 20, 1ull << 20, 64ull << 10, 4ull << 10}) {
        try {
            for (;;)
                fillers.emplace_back(device, bytes, DRM_ACC_BO_VRAM);
        } catch (const Failure& f) {
            ASSERT_ERRNO(f.code, ENOSPC);
        }
    }
    EXPECT_EQ(device.memory().vram_used, device.memory().vram_total);
    std::vector<drm_acc_vm_bind_op> ops;
    for (uint64_t i = 1; i < 1024; i += 2)
        ops.push_back(unmap_op(va + i * kPage, kPage));
    uint32_t done = 0;
    EXPECT_ERRNO(vm.try_bind(ops, 0, &done), 0) << done;
    const drm_acc_vm_bind_op all = unmap_op(va, 2 * large);
    EXPECT_ERRNO(vm.try_bind({&all, 1}), 0);
}

TEST(Bind, LargeBuffersOfSystemMemoryCanBeSplit) {
    constexpr uint64_t large = 2 << 20, bytes = 4 * large;
    Client client;
    Bo bo(client.device, bytes, DRM_ACC_BO_SYSTEM);
    const uint64_t va = client.vm.reserve(bytes, large), hole = va + large + 5 * kPage;
    client.vm.map(bo, va, bytes);
    ASSERT_EQ(client.queue.run(fill(va, 1, bytes)), 0);
    client.vm.unmap(hole, kPage);
    ASSERT_EQ(client.queue.run(fill(va, 2, hole - va)), 0);
    ASSERT_EQ(client.queue.run(fill(hole + kPage, 3, va + bytes - hole - kPage)), 0);
    const auto* words = bo.at<uint32_t>();
    for (uint64_t at = 0; at < bytes; at += kPage / 2)
        ASSERT_EQ(words[at / 4], va + at < hole ? 2u : va + at < hole + kPage ? 1u : 3u) << at;
    EXPECT_EQ(fault_of(client, write_value(hole, 1)).cause, ACC_FAULT_UNMAPPED);
}

TEST(Bind, DestroyingAnAddressSpaceFreesItsTablesAndMappings) {
    Device device;
    // The first one may leave caches warm.
    for (int round = 0; round < 2; round++) {
        const uint64_t used = settled_vram(device);
        {
            const uint64_t bytes = std::min<uint64_t>(device.info().va_window_bytes, 16ull << 30);
            Vm vm(device, 0, bytes);
            Bo bo(device, kPage, DRM_ACC_BO_VRAM);
            for (uint64_t i = 0; i < 16; i++)
                vm.map(bo, i * (bytes / 16), kPage);
            bo.close();
        }
        if (round == 0) continue;
        EXPECT_EQ(wait_for_vram(device, used), used);
    }
}

} // namespace
} // namespace acc::kmd
