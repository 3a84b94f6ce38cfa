// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Queues: doorbells, waiting, and what becomes of a queue that the driver has stopped.
#include <gtest/gtest.h>
#include <time.h>

#include "runtime/core/context.h"
#include "runtime/core/status.h"
#include "tests/unit/runtime_drm/fake_kernel.h"

namespace acc::rt::drm::test {
namespace {

struct Rig {
    FakeKernel fake;
    std::unique_ptr<DrmBackend> backend = fake.backend();
    std::unique_ptr<AddressSpaceHandle> space = backend->create_address_space();
    std::unique_ptr<HardwareQueue> queue = space->create_queue(space->base() + 4096, 64,
                                                               space->base(), 1);
    std::atomic<uint64_t> word{0};

    uint32_t id() const { return fake.queues.begin()->first; }
};

int64_t now_ns() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

TEST(DrmQueue, IsCreatedWhereTheCallerSays) {
    Rig rig;
    const drm_acc_queue_create& create = rig.fake.queues.begin()->second.create;
    EXPECT_EQ(create.vm_id, rig.fake.vms.begin()->first);
    EXPECT_EQ(create.ring_va, rig.space->base() + 4096);
    EXPECT_EQ(create.control_va, rig.space->base());
    EXPECT_EQ(create.ring_packets, 64u);
    EXPECT_EQ(create.priority, 1u);
    EXPECT_EQ(create.watchdog_ms, 0u);
    rig.queue.reset();
    EXPECT_TRUE(rig.fake.queues.empty());
}

TEST(DrmQueue, TakesNoHigherPriorityThanTheProcessMay) {
    Rig rig;
    auto high = rig.space->create_queue(rig.space->base() + 4096, 64, rig.space->base(), 3);
    EXPECT_EQ(rig.fake.queues.rbegin()->second.create.priority, 2u);
}

TEST(DrmQueue, DoorbellIsAStoreAndNoCall) {
    Rig rig;
    const size_t calls = rig.fake.calls.size();
    rig.queue->doorbell(42);
    EXPECT_EQ(rig.fake.doorbell(rig.id()), 42u);
    rig.queue->doorbell(0x1'0000'0001);
    EXPECT_EQ(rig.fake.doorbell(rig.id()), 0x1'0000'0001u);
    EXPECT_EQ(rig.fake.calls.size(), calls);
}

TEST(DrmQueue, IsDestroyedWhenItsDoorbellCannotBeMapped) {
    Rig rig;
    rig.fake.map_fails = true;
    EXPECT_THROW(rig.space->create_queue(rig.space->base() + 4096, 64, rig.space->base(), 0),
                 Error);
    EXPECT_EQ(rig.fake.queues.size(), 1u);
}

TEST(DrmQueue, WaitingForWhatIsThereMakesNoCall) {
    Rig rig;
    rig.word = 5;
    const size_t calls = rig.fake.calls.size();
    EXPECT_TRUE(rig.queue->wait(&rig.word, 5, UINT64_MAX));
    EXPECT_FALSE(rig.queue->wait(&rig.word, 6, 0)); // only looks
    EXPECT_EQ(rig.fake.calls.size(), calls);
}

TEST(DrmQueue, SleepsInTheKernelWithAnAbsoluteDeadline) {
    Rig rig;
    const int64_t start = now_ns();
    rig.fake.on_wait = [&](const FakeKernel::Wait& wait) {
        EXPECT_EQ(wait.address, reinterpret_cast<uint64_t>(&rig.word));
        EXPECT_EQ(wait.value, 7u);
        EXPECT_EQ(wait.queue_id, rig.id());
        EXPECT_GE(wait.deadline_ns, start + 15'000'000);
        EXPECT_LE(wait.deadline_ns, now_ns() + 15'000'000);
        rig.word = 7;
        return 0;
    };
    EXPECT_TRUE(rig.queue->wait(&rig.word, 7, 15'000'000));
    EXPECT_EQ(rig.fake.count(DRM_IOCTL_ACC_WAIT_FENCE), 1u);
}

// The caller then looks at the other queues of its context: one of them may have halted.
TEST(DrmQueue, ASleepForEverComesBackAfterASlice) {
    Rig rig;
    rig.fake.on_wait = [&](const FakeKernel::Wait& wait) {
        EXPECT_LE(wait.deadline_ns, now_ns() + 20'000'000);
        return -ETIME;
    };
    EXPECT_FALSE(rig.queue->wait(&rig.word, 1, UINT64_MAX));
    EXPECT_EQ(rig.fake.count(DRM_IOCTL_ACC_WAIT_FENCE), 1u);
    EXPECT_FALSE(rig.queue->lost());
}

TEST(DrmQueue, TimeOverIsNotAnError) {
    Rig rig;
    rig.fake.on_wait = [](const FakeKernel::Wait&) { return -ETIME; };
    EXPECT_FALSE(rig.queue->wait(&rig.word, 1, 1000));
    EXPECT_FALSE(rig.queue->lost());
}

TEST(DrmQueue, AnInterruptedSleepKeepsItsDeadline) {
    Rig rig;
    std::vector<int64_t> deadlines;
    rig.fake.on_wait = [&](const FakeKernel::Wait& wait) {
        deadlines.push_back(wait.deadline_ns);
        return deadlines.size() < 4 ? -EINTR : -ETIME;
    };
    EXPECT_FALSE(rig.queue->wait(&rig.word, 1, 10'000'000));
    ASSERT_EQ(deadlines.size(), 4u);
    for (const int64_t deadline : deadlines)
        EXPECT_EQ(deadline, deadlines.front());
}

struct Stop {
    uint32_t state;
    StopReason reason;
};

class DrmQueueStop : public testing::TestWithParam<Stop> {};

TEST_P(DrmQueueStop, WaitingEndsAndTheReasonIsKnown) {
    Rig rig;
    rig.fake.on_wait = [&](const FakeKernel::Wait&) {
        return rig.fake.stop_queue(GetParam().state);
    };
    EXPECT_FALSE(rig.queue->wait(&rig.word, 1, UINT64_MAX));
    EXPECT_TRUE(rig.queue->lost());
    EXPECT_EQ(rig.space->stop_reason(), GetParam().reason);
    // Nobody sleeps for a lost queue again.
    EXPECT_FALSE(rig.queue->wait(&rig.word, 1, UINT64_MAX));
    EXPECT_EQ(rig.fake.count(DRM_IOCTL_ACC_WAIT_FENCE), 1u);
}

INSTANTIATE_TEST_SUITE_P(, DrmQueueStop,
                         testing::Values(Stop{DRM_ACC_QUEUE_STATE_FAULT, StopReason::Unknown},
                                         Stop{DRM_ACC_QUEUE_STATE_HUNG, StopReason::Hung},
                                         Stop{DRM_ACC_QUEUE_STATE_LOST, StopReason::DeviceReset},
                                         Stop{DRM_ACC_QUEUE_STATE_HUNG | DRM_ACC_QUEUE_STATE_LOST,
                                              StopReason::Hung}));

TEST(DrmQueue, AValueThatCameBeforeTheStopCounts) {
    Rig rig;
    rig.fake.on_wait = [&](const FakeKernel::Wait&) {
        rig.word = 1;
        return -ECANCELED;
    };
    EXPECT_TRUE(rig.queue->wait(&rig.word, 1, UINT64_MAX));
}

TEST(DrmQueue, LearnsFromAnyCallThatTheDeviceIsGone) {
    Rig rig;
    rig.fake.remove_device();
    EXPECT_THROW(rig.backend->allocate(Domain::Vram, 4096), Error);
    EXPECT_TRUE(rig.queue->lost());
    EXPECT_EQ(rig.space->stop_reason(), StopReason::DeviceGone);
}

TEST(DrmQueue, WaitingEndsWhenTheDeviceGoes) {
    Rig rig;
    rig.fake.remove_device();
    EXPECT_FALSE(rig.queue->wait(&rig.word, 1, UINT64_MAX));
    EXPECT_TRUE(rig.queue->lost());
    EXPECT_EQ(rig.space->stop_reason(), StopReason::DeviceGone);
}

TEST(DrmQueue, PollingFindsOutThatItWasReset) {
    Rig rig;
    rig.queue->look();
    EXPECT_FALSE(rig.queue->lost());
    rig.fake.queues.begin()->second.state = DRM_ACC_QUEUE_STATE_LOST;
    const unsigned before = rig.fake.count(DRM_IOCTL_ACC_QUEUE_GET_STATE);
    uint64_t polls = 0;
    for (; !rig.queue->lost(); ++polls)
        rig.queue->look();
    EXPECT_EQ(rig.space->stop_reason(), StopReason::DeviceReset);
    EXPECT_LE(rig.fake.count(DRM_IOCTL_ACC_QUEUE_GET_STATE), before + 1); // however often it was
                                                                          // polled
    EXPECT_GT(polls, 1u);
}

TEST(DrmQueue, ServicesAreSetOnce) {
    Rig rig;
    rig.queue->set_service(0x1000, 0);
    rig.queue->set_service(0x1000, 0);
    rig.queue->set_service(0x1000, 0x2000);
    EXPECT_EQ(rig.fake.count(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY), 2u);
    const auto& properties = rig.fake.queues.begin()->second.properties;
    EXPECT_EQ(properties.at(DRM_ACC_QUEUE_PROPERTY_PRINTF_BUFFER), 0x1000u);
    EXPECT_EQ(properties.at(DRM_ACC_QUEUE_PROPERTY_DEVICE_HEAP), 0x2000u);
}

// ---- the same seen from a context

Status synchronized(Context& context) {
    const Work nothing{work::Barrier{}};
    try {
        context.legacy_stream().submit(nothing);
        context.synchronize();
    } catch (const Error& error) {
        return error.status();
    }
    return Status::Success;
}

TEST(DrmContext, WorkEnds) {
    FakeKernel fake;
    auto backend = fake.backend();
    {
        Context context(*backend, 0);
        EXPECT_EQ(synchronized(context), Status::Success);
        EXPECT_EQ(fake.doorbell(fake.queues.begin()->first), 1u);
    }
    EXPECT_TRUE(fake.queues.empty());
    EXPECT_TRUE(fake.vms.empty());
    EXPECT_TRUE(fake.buffers.empty());
}

TEST(DrmContext, AHungQueueIsALaunchTimeoutForGood) {
    FakeKernel fake;
    auto backend = fake.backend();
    Context context(*backend, 0);
    fake.on_wait = [&](const FakeKernel::Wait&) {
        return fake.stop_queue(DRM_ACC_QUEUE_STATE_HUNG);
    };
    EXPECT_EQ(synchronized(context), Status::LaunchTimeout);
    EXPECT_EQ(synchronized(context), Status::LaunchTimeout);
    EXPECT_EQ(context.sticky(), Status::LaunchTimeout);
}

TEST(DrmContext, WhoOnlyGivesWorkLearnsTheReasonWhenTheRingIsFull) {
    FakeKernel fake;
    auto backend = fake.backend();
    Context context(*backend, 0);
    fake.on_wait = [&](const FakeKernel::Wait&) {
        return fake.stop_queue(DRM_ACC_QUEUE_STATE_HUNG);
    };
    const Work nothing{work::Barrier{}};
    Status status = Status::Success;
    for (int i = 0; i < 100'000 && status == Status::Success; ++i) {
        try {
            context.legacy_stream().submit(nothing);
        } catch (const Error& error) {
            status = error.status();
        }
    }
    EXPECT_EQ(status, Status::LaunchTimeout);
    EXPECT_EQ(context.sticky(), Status::LaunchTimeout);
}

TEST(DrmContext, AQueueThatStopsEndsTheWaitsForOthers) {
    FakeKernel fake;
    auto backend = fake.backend();
    Context context(*backend, 0);
    Stream& stopping = context.create_stream(true, 0);
    Stream& waiting = context.create_stream(true, 0);
    const Work nothing{work::Barrier{}};
    stopping.submit(nothing);
    waiting.submit(nothing);
    fake.on_wait = [&](const FakeKernel::Wait&) { // nothing is ever done
        std::next(fake.queues.begin())->second.state = DRM_ACC_QUEUE_STATE_HUNG;
        return -ETIME;
    };
    Status status = Status::Success;
    try {
        waiting.synchronize();
    } catch (const Error& error) {
        status = error.status();
    }
    EXPECT_EQ(status, Status::LaunchTimeout);
}

TEST(DrmContext, ADeviceResetIsALaunchFailure) {
    FakeKernel fake;
    auto backend = fake.backend();
    Context context(*backend, 0);
    fake.on_wait = [&](const FakeKernel::Wait&) {
        return fake.stop_queue(DRM_ACC_QUEUE_STATE_LOST);
    };
    EXPECT_EQ(synchronized(context), Status::LaunchFailure);
}

TEST(DrmContext, ADeviceThatGoesIsUnavailableAndNothingHangsOrCrashes) {
    FakeKernel fake;
    auto backend = fake.backend();
    {
        Context context(*backend, 0);
        const uint64_t va = context.memory().allocate(MemoryKind::Pinned, 4096).va;
        fake.remove_device();
        EXPECT_EQ(synchronized(context), Status::DeviceUnavailable);
        EXPECT_THROW(context.memory().allocate(MemoryKind::Device, 8 << 20), Error);
        EXPECT_TRUE(context.memory().release(va, MemoryKind::Pinned));
    }
    EXPECT_THROW(Context(*backend, 0), Error);
}

TEST(DrmContext, AFaultKeepsItsOwnError) {
    FakeKernel fake;
    auto backend = fake.backend();
    Context context(*backend, 0);
    fake.on_wait = [&](const FakeKernel::Wait&) {
        drm_acc_fault fault{};
        fault.cause = ACC_FAULT_MISALIGNED;
        fake.faults.push_back(fault);
        return fake.stop_queue(DRM_ACC_QUEUE_STATE_FAULT);
    };
    EXPECT_EQ(synchronized(context), Status::MisalignedAddress);
}

TEST(DrmContext, AFaultRecordMayComeLaterThanTheHalt) {
    FakeKernel fake;
    auto backend = fake.backend();
    Context context(*backend, 0);
    fake.on_wait = [&](const FakeKernel::Wait&) {
        fake.fault_delay = 5;
        drm_acc_fault fault{};
        fault.cause = ACC_FAULT_ECC;
        fake.faults.push_back(fault);
        return fake.stop_queue(DRM_ACC_QUEUE_STATE_FAULT);
    };
    EXPECT_EQ(synchronized(context), Status::EccUncorrectable);
    EXPECT_GE(fake.count(DRM_IOCTL_ACC_FAULT_GET), 6u);
}

TEST(DrmContext, StreamsShareQueuesWhenTheDeviceHasNoneFree) {
    FakeKernel fake;
    auto backend = fake.backend();
    Context context(*backend, 0);
    fake.fail_next(DRM_IOCTL_ACC_QUEUE_CREATE, {EBUSY, EBUSY});
    Stream& first = context.create_stream(true, 0);
    Stream& second = context.create_stream(true, 0);
    Stream& third = context.create_stream(true, 0);
    EXPECT_EQ(&first.queue(), &context.legacy_stream().queue());
    EXPECT_EQ(&second.queue(), &context.legacy_stream().queue());
    EXPECT_NE(&third.queue(), &context.legacy_stream().queue());
}

TEST(DrmContext, WithoutAnyQueueThereIsNoContext) {
    FakeKernel fake;
    auto backend = fake.backend();
    fake.fail_next(DRM_IOCTL_ACC_QUEUE_CREATE, {EBUSY});
    EXPECT_THROW(Context(*backend, 0), Error);
    EXPECT_TRUE(fake.vms.empty());
    EXPECT_TRUE(fake.buffers.empty());
}

} // namespace
} // namespace acc::rt::drm::test
