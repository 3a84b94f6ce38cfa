// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels, queues and devices that hang, and such as only seem to; interrupts that get lost, memory
// that breaks, resets: those concerned are told, everybody else goes on.
#include <gtest/gtest.h>

#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

/// What a client can expect of a queue once it was stopped in a certain way.
void expect_stopped(Client& client, Queue& queue, uint32_t state) {
    EXPECT_ERRNO(queue.wait_for(queue.written() + 1), ECANCELED) << "a value that never comes";
    EXPECT_EQ(queue.state().state, state);
    EXPECT_ERRNO(queue.wait_at(&queue.signal(), queue.signal(), 0), 0) << "a value that is there";
    queue.ring(); // must be harmless
    Queue next(client.device, client.vm);
    EXPECT_ERRNO(next.run(write_value(next.signal_va(1), 7)), 0) << "a new queue works";
    EXPECT_EQ(next.signal(1), 7u);
}

// --- kernels that do not end
// ----------------------------------------------------------------------------------------------

TEST(Watchdog, StopsAnEndlessKernel) {
    Neighbour neighbour;
    Client client(0, {.packets = 64, .priority = 1, .watchdog_ms = 200});
    const Code code = client.code(kEndless);
    const uint64_t resets = client.device.errors().queue_resets;
    client.queue.submit(dispatch(code.kernel(), client.arguments.va, 1000, 256));
    expect_stopped(client, client.queue, DRM_ACC_QUEUE_STATE_FAULT);
    const drm_acc_fault f = client.vm.wait_fault();
    EXPECT_EQ(f.cause, ACC_FAULT_HANG);
    EXPECT_EQ(f.queue_id, client.queue.id());
    EXPECT_EQ(f.packet_index, 0u);
    EXPECT_EQ(f.kernel, code.kernel());
    EXPECT_EQ(client.device.errors().queue_resets, resets) << "no reset was needed";
    Neighbour::expect_unharmed(neighbour.stop());
}

TEST(Watchdog, CanBeSetLater) {
    Client client;
    const Code code = client.code(kEndless);
    client.queue.submit(dispatch(code.kernel(), client.arguments.va, 4, 64));
    EXPECT_ERRNO(client.queue.wait_for(1, 0.1), ETIME);
    drm_acc_queue_set_property set{
        .queue_id = client.queue.id(), .property = DRM_ACC_QUEUE_PROPERTY_WATCHDOG_MS, .value = 50};
    ASSERT_ERRNO(client.device.call(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, set), 0);
    expect_stopped(client, client.queue, DRM_ACC_QUEUE_STATE_FAULT);
    EXPECT_EQ(client.vm.wait_fault().cause, ACC_FAULT_HANG);
}

TEST(Watchdog, WithoutOneAKernelMayRunForEverAndTheNeighbourGoesOn) {
    Neighbour neighbour;
    Client client;
    const Code code = client.code(kEndless);
    client.queue.submit(dispatch(code.kernel(), client.arguments.va, 1000, 256));
    // More than twice as long as the driver's own check for hangs.
    EXPECT_ERRNO(client.queue.wait_for(1, 2.5e-3 * client.device.info().hang_check_ms), ETIME);
    EXPECT_EQ(client.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_ACTIVE});
    neighbour.expect_goes_on();
    client.queue.destroy();
    Neighbour::expect_unharmed(neighbour.stop());
}

TEST(Watchdog, WaitingForAValueIsNoHang) {
    Client client;
    client.queue.submit(wait_value(client.queue.signal_va(1), 1));
    EXPECT_ERRNO(client.queue.wait_for(1, 2.5e-3 * client.device.info().hang_check_ms), ETIME);
    EXPECT_EQ(client.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_ACTIVE});
    client.queue.signal(1) = 1;
    EXPECT_ERRNO(client.queue.wait(), 0);
}

// --- healthy queues on a busy machine
// -----------------------------------------------------------------------------------------

/// Runs until the word at its parameter is not zero.
const std::string kUntilTold = kPrologue + R"(
again:  ld.global.b32 r16, [r6]
        isetp.u32.eq p0, r16, 0
@p0     bra again
        exit
)";

/// Children that do nothing but use up the guest's processors.
class Load {
  public:
    Load() {
        for (long i = 0; i < 2 * sysconf(_SC_NPROCESSORS_ONLN); i++)
            children_.push_back(std::make_unique<Child>([](Line&) {
                for (;;) {
                }
            }));
    }

  private:
    std::vector<std::unique_ptr<Child>> children_;
};

/// Waits until the driver has looked for hung queues `rounds` more times.
void wait_for_hang_checks(const DriverState& driver, uint64_t rounds) {
    const uint64_t until = driver.number("hang_checks") + rounds;
    const int64_t limit = deadline(10 * kPatience);
    while (driver.number("hang_checks") < until && static_cast<int64_t>(now_ns()) < limit)
        pause_ms(20);
    EXPECT_GE(driver.number("hang_checks"), until) << "the hang check does not run";
}

/// Looks that find a queue hung once it has stalled for hang_check_ms; with some to spare.
constexpr uint64_t kManyLooks = 12;

TEST(Busy, ThirtyTwoStreamsOfLongKernelsOnALoadedMachineAreNotReset) {
    Load load;
    Client client;
    const DriverState driver(client.device);
    if (!driver.available()) GTEST_SKIP() << "needs debugfs";
    const uint64_t resets = client.device.errors().queue_resets;
    const Code code = client.code(kUntilTold);
    client.set_arguments({client.arguments.va + 64});
    std::vector<std::unique_ptr<Queue>> streams;
    for (int i = 0; i < 32; i++) {
        streams.push_back(std::make_unique<Queue>(client.device, client.vm));
        streams.back()->put(dispatch(code.kernel(), client.arguments.va, 64, 256));
        streams.back()->submit(dispatch(code.kernel(), client.arguments.va));
    }
    wait_for_hang_checks(driver, kManyLooks);
    for (auto& stream : streams)
        EXPECT_EQ(stream->state().state, uint32_t{DRM_ACC_QUEUE_STATE_ACTIVE});
    *client.arguments.at<std::atomic<uint32_t>>(64) = 1;
    for (auto& stream : streams)
        EXPECT_ERRNO(stream->wait(10 * kPatience), 0);
    EXPECT_EQ(client.device.errors().queue_resets, resets);
}

TEST(Busy, AQueueThatHardlyEverGetsItsTurnIsNotReset) {
    // 60 queues that count sixteen times as much as the one, which therefore waits for its turn
    // longer than it may stall.
    Client client(0, {.packets = 64, .priority = 0, .watchdog_ms = 0});
    const DriverState driver(client.device);
    if (!driver.available()) GTEST_SKIP() << "needs debugfs";
    Neighbour neighbour;
    const uint64_t resets = client.device.errors().queue_resets;
    const Code code = client.code(kUntilTold);
    client.set_arguments({client.arguments.va + 64});
    std::vector<std::unique_ptr<Queue>> streams;
    for (int i = 0; i < 60; i++) {
        streams.push_back(std::make_unique<Queue>(
            client.device, client.vm,
            Queue::Options{.packets = 64, .priority = 2, .watchdog_ms = 0}));
        streams.back()->submit(dispatch(code.kernel(), client.arguments.va, 64, 256));
    }
    client.queue.submit(dispatch(code.kernel(), client.arguments.va, 64, 256));
    wait_for_hang_checks(driver, kManyLooks);
    EXPECT_EQ(client.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_ACTIVE});
    neighbour.expect_goes_on();
    *client.arguments.at<std::atomic<uint32_t>>(64) = 1;
    EXPECT_ERRNO(client.queue.wait(10 * kPatience), 0);
    for (auto& stream : streams)
        EXPECT_ERRNO(stream->wait(10 * kPatience), 0);
    EXPECT_EQ(client.device.errors().queue_resets, resets);
    Neighbour::expect_unharmed(neighbour.stop());
}

TEST(Busy, AClientWithManyQueuesGetsNoMoreThanItsNeighbour) {
    // Judged by the device's own account of the time it gave, which is the same on any machine.
    Load load;
    Client many, single;
    std::vector<std::unique_ptr<Queue>> streams;
    for (Client* client : {&many, &single})
        client->set_arguments({client->arguments.va + 64});
    const Code code = many.code(kUntilTold), same = single.code(kUntilTold);
    for (int i = 0; i < 32; i++) {
        streams.push_back(std::make_unique<Queue>(
            many.device, many.vm, Queue::Options{.packets = 64, .priority = 2, .watchdog_ms = 0}));
        streams.back()->submit(dispatch(code.kernel(), many.arguments.va, 64, 256));
    }
    single.queue.submit(dispatch(same.kernel(), single.arguments.va, 64, 256));
    const auto sum = [&] {
        uint64_t ns = 0;
        for (auto& stream : streams)
            ns += stream->state().runtime_ns;
        return ns;
    };
    const int64_t limit = deadline(10 * kPatience);
    while ((single.queue.state().runtime_ns == 0 || sum() == 0) &&
           static_cast<int64_t>(now_ns()) < limit)
        pause_ms(5);
    const uint64_t single_before = single.queue.state().runtime_ns, many_before = sum();
    uint64_t of_single = 0, of_many = 0;
    do {
        pause_ms(50);
        of_single = single.queue.state().runtime_ns - single_before;
        of_many = sum() - many_before;
    } while (of_single + of_many < 2'000'000'000 && static_cast<int64_t>(now_ns()) < limit);
    for (Client* client : {&many, &single})
        *client->arguments.at<std::atomic<uint32_t>>(64) = 1;
    EXPECT_ERRNO(single.queue.wait(10 * kPatience), 0);
    for (auto& stream : streams)
        EXPECT_ERRNO(stream->wait(10 * kPatience), 0);
    // 33 queues that shared alike would give it 3 %.
    const double share = static_cast<double>(of_single) / static_cast<double>(of_single + of_many);
    EXPECT_GT(share, 0.35);
    EXPECT_LT(share, 0.65);
}

// --- injected
// -------------------------------------------------------------------------------------------------------------

class Injection : public testing::Test {
  protected:
    Client client;
    DriverState driver{client.device};
    void SetUp() override {
        if (!driver.available()) GTEST_SKIP() << "needs debugfs, and root";
    }
};

TEST_F(Injection, OnlyKnownCommandsAreTaken) {
    EXPECT_ERRNO(driver.inject("nonsense 1"), EINVAL);
    EXPECT_ERRNO(driver.inject(""), EINVAL);
    EXPECT_ERRNO(driver.inject("hang_queue x"), EINVAL);
    EXPECT_ERRNO(driver.inject(std::string(500, 'x')), EINVAL);
}

TEST_F(Injection, AHungQueueIsResetAndItsNeighboursGoOn) {
    Neighbour neighbour;
    Queue sibling(client.device, client.vm);
    const uint64_t resets = client.device.errors().queue_resets;
    const auto hardware = driver.hardware_queue(client.queue.id());
    ASSERT_TRUE(hardware.has_value());
    EXPECT_ERRNO(client.queue.run(write_value(client.queue.signal_va(1), 1)), 0);
    ASSERT_ERRNO(driver.inject("hang_queue", *hardware), 0);
    client.queue.submit(write_value(client.queue.signal_va(2), 2));
    EXPECT_ERRNO(client.queue.wait(), ECANCELED);
    expect_stopped(client, client.queue, DRM_ACC_QUEUE_STATE_HUNG);
    EXPECT_EQ(client.queue.signal(2), 0u);
    EXPECT_EQ(client.device.errors().queue_resets, resets + 1);
    EXPECT_ERRNO(sibling.run(write_value(sibling.signal_va(1), 1)), 0);
    EXPECT_EQ(sibling.state().state, 0u);
    Neighbour::expect_unharmed(neighbour.stop());
}

TEST_F(Injection, WhoeverAsksForTheStateDoesNotDelayTheReset) {
    // Threads and a process that ask all the time; the queue is found as soon as without them: by
    // the third look (the time that makes a hang is two looks), or the fourth when one falls badly.
    const uint32_t id = client.queue.id();
    std::atomic<bool> over{false};
    std::vector<std::thread> askers;
    for (int i = 0; i < 4; i++)
        askers.emplace_back([&] {
            drm_acc_queue_get_state get{};
            get.queue_id = id;
            while (!over)
                EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_QUEUE_GET_STATE, get), 0);
        });
    ASSERT_ERRNO(driver.inject("hang_queue", driver.hardware_queue(id).value()), 0);
    const uint64_t looks = driver.number("hang_checks");
    client.queue.submit(write_value(client.queue.signal_va(2), 2));
    EXPECT_ERRNO(client.queue.wait(), ECANCELED);
    EXPECT_EQ(client.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_HUNG});
    EXPECT_LE(driver.number("hang_checks"), looks + 4);
    over = true;
    for (auto& asker : askers)
        asker.join();
}

TEST_F(Injection, AHungQueueAmongManyBusyOnesIsFound) {
    Load load;
    const Code code = client.code(kUntilTold);
    client.set_arguments({client.arguments.va + 64});
    std::vector<std::unique_ptr<Queue>> streams;
    for (int i = 0; i < 16; i++) {
        streams.push_back(std::make_unique<Queue>(client.device, client.vm));
        streams.back()->submit(dispatch(code.kernel(), client.arguments.va, 64, 256));
    }
    ASSERT_ERRNO(driver.inject("hang_queue", driver.hardware_queue(client.queue.id()).value()), 0);
    client.queue.submit(write_value(client.queue.signal_va(2), 2));
    EXPECT_ERRNO(client.queue.wait(10 * kPatience), ECANCELED);
    EXPECT_EQ(client.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_HUNG});
    *client.arguments.at<std::atomic<uint32_t>>(64) = 1;
    for (auto& stream : streams)
        EXPECT_ERRNO(stream->wait(10 * kPatience), 0);
}

TEST_F(Injection, AHungQueueThatIsDestroyedAtOnce) {
    for (int i = 0; i < 3; i++) {
        Queue queue(client.device, client.vm);
        ASSERT_ERRNO(driver.inject("hang_queue", driver.hardware_queue(queue.id()).value()), 0);
        queue.submit(write_value(queue.signal_va(1), 1));
        queue.destroy();
    }
    EXPECT_ERRNO(client.queue.run(write_value(client.queue.signal_va(1), 1)), 0);
}

TEST_F(Injection, AHungDeviceIsResetAndEverybodyTold) {
    Client other;
    Buffer kept = client.allocate(kPage, DRM_ACC_BO_VRAM);
    ASSERT_EQ(client.queue.run(fill(kept.va, 0x5eed, kPage)), 0);
    const uint64_t resets = client.device.errors().device_resets;
    ASSERT_ERRNO(driver.inject("hang_device"), 0);
    client.queue.submit(write_value(client.queue.signal_va(1), 1));
    expect_stopped(client, client.queue, DRM_ACC_QUEUE_STATE_LOST);
    EXPECT_EQ(client.device.errors().device_resets, resets + 1);
    // Somebody who had nothing to do with it: the queue is gone, address space and buffers are not.
    other.queue.submit(write_value(other.queue.signal_va(1), 1));
    expect_stopped(other, other.queue, DRM_ACC_QUEUE_STATE_LOST);
    EXPECT_EQ(other.vm.state().state, uint32_t{DRM_ACC_VM_STATE_USABLE});
    Queue next(client.device, client.vm);
    Buffer out = client.allocate(kPage);
    ASSERT_EQ(next.run(copy(out.va, kept.va, kPage)), 0);
    EXPECT_EQ(out.at()[9], 0x5eedu) << "device memory survives";
}

TEST_F(Injection, LostInterruptsOnlyDelay) {
    const auto wait_and_fence = [&](uint64_t value) {
        const int event = eventfd(0, EFD_CLOEXEC);
        drm_acc_fence_eventfd tell{.queue_id = client.queue.id(),
                                   .flags = 0,
                                   .bo_handle = client.queue.memory().handle(),
                                   .fd = event,
                                   .bo_offset = client.queue.signal_offset(3),
                                   .value = value};
        ASSERT_ERRNO(client.device.call(DRM_IOCTL_ACC_FENCE_EVENTFD, tell), 0);
        client.queue.submit(wait_value(client.queue.signal_va(4), value));
        client.queue.submit(write_value(client.queue.signal_va(3), value));
        client.queue.signal(4) = value;
        EXPECT_ERRNO(client.queue.wait(), 0);
        pollfd p{.fd = event, .events = POLLIN, .revents = 0};
        EXPECT_EQ(poll(&p, 1, static_cast<int>(kPatience * 1000)), 1);
        close(event);
    };
    ASSERT_ERRNO(driver.inject("lose_interrupts", 1'000'000), 0);
    for (uint64_t i = 1; i <= 3; i++)
        wait_and_fence(i);
    // A fault whose interrupts are lost.
    Queue doomed(client.device, client.vm);
    doomed.submit(write_value(0x123000, 1));
    EXPECT_ERRNO(doomed.wait(), ECANCELED);
    EXPECT_EQ(client.vm.wait_fault().queue_id, doomed.id());
    ASSERT_ERRNO(driver.inject("lose_interrupts", 0), 0);
    wait_and_fence(10);
    EXPECT_EQ(client.queue.state().state, 0u);
}

TEST_F(Injection, AfterALostInterruptTheNextOnesComeAgain) {
    // A wait that sleeps: the value comes some time after it began.
    uint64_t value = 0;
    const auto sleep_for_one = [&] {
        client.queue.submit(wait_value(client.queue.signal_va(4), ++value));
        std::thread opener([&] {
            pause_ms(10);
            client.queue.signal(4) = value;
        });
        EXPECT_ERRNO(client.queue.wait(), 0);
        opener.join();
    };
    sleep_for_one();
    ASSERT_ERRNO(driver.inject("lose_interrupts", 1), 0);
    sleep_for_one();
    ASSERT_ERRNO(driver.inject("lose_interrupts", 0), 0);
    // Waits that were only ended by the driver's looking from time to time are counted. One may be
    // by chance.
    const uint64_t rescued = driver.number("waits_rescued");
    for (int i = 0; i < 6; i++)
        sleep_for_one();
    EXPECT_LE(driver.number("waits_rescued"), rescued + 1);
}

TEST_F(Injection, CorrectedErrorsAreCounted) {
    const auto before = client.device.errors();
    ASSERT_ERRNO(driver.inject("corrected_ecc", 5), 0);
    const auto after = client.device.errors();
    EXPECT_EQ(after.ecc_corrected, before.ecc_corrected + 5);
    EXPECT_EQ(after.ecc_uncorrected, before.ecc_uncorrected);
    EXPECT_ERRNO(client.queue.run(write_value(client.queue.signal_va(1), 1)), 0);
}

TEST_F(Injection, ABrokenPageFaultsWhoeverUsesItAndNobodyElse) {
    // All free device memory is ours, so a page in the middle of it is, too.
    Neighbour neighbour;
    std::vector<Buffer> buffers;
    try {
        for (;;)
            buffers.push_back(client.allocate(8 << 20, DRM_ACC_BO_VRAM));
    } catch (const Failure&) {
    }
    ASSERT_GT(buffers.size(), 3u);
    const auto before = client.device.errors();
    const uint64_t offset = client.device.info().vram_bytes / 2 + 5 * kPage;
    ASSERT_ERRNO(driver.inject("poison_page", offset), 0);
    uint64_t broken = 0;
    for (Buffer& buffer : buffers) {
        Queue queue(client.device, client.vm);
        queue.submit(fill(buffer.va, 1, buffer.bo.bytes()));
        const int e = queue.wait();
        if (e == 0) continue;
        EXPECT_ERRNO(e, ECANCELED);
        const drm_acc_fault f = client.vm.wait_fault();
        EXPECT_EQ(f.cause, ACC_FAULT_ECC);
        EXPECT_EQ(f.queue_id, queue.id());
        EXPECT_EQ(broken, 0u) << "one page broke";
        broken = f.address;
        EXPECT_GE(f.address, buffer.va);
        EXPECT_LT(f.address, buffer.va + buffer.bo.bytes());
    }
    EXPECT_NE(broken, 0u) << "the page was used";
    EXPECT_GT(client.device.errors().ecc_uncorrected, before.ecc_uncorrected);
    EXPECT_ERRNO(client.queue.run(fill(buffers[0].va, 1, kPage)), 0);
    Neighbour::expect_unharmed(neighbour.stop());
    // The page is for everybody again.
    ASSERT_ERRNO(driver.inject("scrub_page", offset), 0);
    if (broken) EXPECT_ERRNO(client.queue.run(fill(broken & ~(kPage - 1), 2, kPage)), 0);
}

// --- resets from outside
// --------------------------------------------------------------------------------------------------

class FunctionReset : public Injection {};

TEST_F(FunctionReset, WhileNothingRuns) {
    Buffer kept = client.allocate(kPage, DRM_ACC_BO_VRAM);
    ASSERT_EQ(client.queue.run(fill(kept.va, 0xfeed, kPage)), 0);
    ASSERT_ERRNO(driver.reset_function(), 0);
    expect_stopped(client, client.queue, DRM_ACC_QUEUE_STATE_LOST);
    EXPECT_EQ(kept.at()[1], 0xfeedu);
    Queue next(client.device, client.vm);
    EXPECT_ERRNO(next.run(fill(kept.va, 0xcafe, kPage)), 0);
    EXPECT_EQ(kept.at()[1], 0xcafeu);
}

TEST_F(FunctionReset, WhileKernelsRunAndProcessesWait) {
    const Code code = client.code(kEndless);
    client.queue.submit(dispatch(code.kernel(), client.arguments.va, 100, 256));
    Child waiter([](Line& line) {
        Client other;
        other.queue.submit(wait_value(other.queue.signal_va(1), 1));
        EXPECT_ERRNO(other.queue.wait_for(1, 0.05), ETIME);
        line.send(1);
        EXPECT_ERRNO(other.queue.wait(), ECANCELED);
        EXPECT_EQ(other.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_LOST});
        Queue next(other.device, other.vm);
        EXPECT_ERRNO(next.run(write_value(next.signal_va(1), 1)), 0);
    });
    ASSERT_TRUE(waiter.line().receive().has_value());
    ASSERT_ERRNO(driver.reset_function(), 0);
    expect_stopped(client, client.queue, DRM_ACC_QUEUE_STATE_LOST);
    EXPECT_EQ(waiter.join(), 0);
}

TEST_F(FunctionReset, ThroughTheDriverWhileCopiesRun) {
    Buffer from = client.allocate(8 << 20, DRM_ACC_BO_VRAM), to = client.allocate(8 << 20);
    for (int i = 0; i < 40; i++)
        client.queue.put(copy(to.va, from.va, 8 << 20));
    client.queue.ring();
    ASSERT_ERRNO(driver.inject("reset"), 0);
    const int e = client.queue.wait();
    EXPECT_TRUE(one_of(e, {0, ECANCELED})) << "0 when the copies were faster";
    EXPECT_EQ(client.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_LOST});
    Queue next(client.device, client.vm);
    EXPECT_ERRNO(next.run(copy(to.va, from.va, 8 << 20)), 0);
}

} // namespace
} // namespace acc::kmd
