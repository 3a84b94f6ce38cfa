// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arguments of the ioctls about queues, fences and faults, and of the doorbells' mmap.
#include <gtest/gtest.h>

#include <csetjmp>
#include <csignal>
#include <functional>
#include <limits>
#include <memory>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/kmd/device.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

// --- creation and destruction
// ---------------------------------------------------------------------------------------------

class QueueCreate : public testing::Test {
  protected:
    Device device, other;
    Vm vm{device};
    Bo memory{device, 8 * kPage, DRM_ACC_BO_SYSTEM};
    const uint64_t va = vm.reserve(16 * kPage);
    drm_acc_queue_create good{};

    void SetUp() override {
        vm.map(memory, va, memory.bytes());
        good.vm_id = vm.id();
        good.priority = 1;
        good.control_va = va;
        good.ring_va = va + kPage;
        good.ring_packets = 64;
    }
    int create(drm_acc_queue_create c, uint32_t* id = nullptr) {
        const int e = device.call(DRM_IOCTL_ACC_QUEUE_CREATE, c);
        if (e != 0) return e;
        EXPECT_NE(c.queue_id, 0u);
        if (id) {
            *id = c.queue_id;
            return 0;
        }
        EXPECT_ERRNO(destroy(c.queue_id), 0);
        return 0;
    }
    int destroy(uint32_t id, uint32_t pad = 0) {
        drm_acc_queue_destroy d{.queue_id = id, .pad = pad};
        return device.call(DRM_IOCTL_ACC_QUEUE_DESTROY, d);
    }
    int changed(const std::function<void(drm_acc_queue_create&)>& change) {
        drm_acc_queue_create c = good;
        change(c);
        return create(c);
    }
};

TEST_F(QueueCreate, ValidArguments) {
    EXPECT_ERRNO(create(good), 0);
    for (uint32_t packets : {16u, 32u, 64u, 256u})
        EXPECT_ERRNO(changed([&](auto& c) { c.ring_packets = packets; }), 0) << packets;
    for (uint32_t priority = 0; priority <= device.info().max_priority; priority++)
        EXPECT_ERRNO(changed([&](auto& c) { c.priority = priority; }), 0) << priority;
    EXPECT_ERRNO(changed([&](auto& c) { c.watchdog_ms = 1; }), 0);
    EXPECT_ERRNO(changed([&](auto& c) { c.watchdog_ms = ~0u; }), 0);
    EXPECT_ERRNO(changed([&](auto& c) { c.queue_id = 77, c.doorbell_offset = 88; }), 0)
        << "outputs";
}

TEST_F(QueueCreate, TheLargestRing) {
    Bo ring(device, 65536 * ACC_PACKET_BYTES, DRM_ACC_BO_SYSTEM);
    const uint64_t at = vm.reserve(ring.bytes());
    vm.map(ring, at, ring.bytes());
    EXPECT_ERRNO(changed([&](auto& c) { c.ring_va = at, c.ring_packets = 65536; }), 0);
    EXPECT_ERRNO(changed([&](auto& c) { c.ring_va = at, c.ring_packets = 131072; }), EINVAL);
}

TEST_F(QueueCreate, InvalidArguments) {
    for (uint32_t packets : {0u, 1u, 8u, 15u, 17u, 63u, 96u, 1u << 17, 1u << 31, ~0u})
        EXPECT_ERRNO(changed([&](auto& c) { c.ring_packets = packets; }), EINVAL) << packets;
    for (uint32_t priority : {4u, 255u, ~0u})
        EXPECT_ERRNO(changed([&](auto& c) { c.priority = priority; }), EINVAL) << priority;
    for (unsigned bit = 0; bit < 32; bit++)
        EXPECT_ERRNO(changed([&](auto& c) { c.flags = 1u << bit; }), EINVAL) << bit;
    for (uint32_t id : {0u, 2u, ~0u})
        EXPECT_ERRNO(changed([&](auto& c) { c.vm_id = id; }), ENOENT) << id;
    for (uint64_t delta : {1ull, 64ull, 2048ull}) {
        EXPECT_ERRNO(changed([&](auto& c) { c.ring_va += delta; }), EINVAL) << delta;
        EXPECT_ERRNO(changed([&](auto& c) { c.control_va += delta; }), EINVAL) << delta;
    }
}

TEST_F(QueueCreate, MemoryThatIsNotThere) {
    const uint64_t unmapped = va + 12 * kPage;
    for (uint64_t at :
         {unmapped, uint64_t{0}, kVaBase + kVaBytes, kVaBase - kPage, uint64_t{1} << 48, -kPage}) {
        EXPECT_ERRNO(changed([&](auto& c) { c.ring_va = at; }), EINVAL) << std::hex << at;
        EXPECT_ERRNO(changed([&](auto& c) { c.control_va = at; }), EINVAL) << std::hex << at;
    }
    EXPECT_ERRNO(changed([&](auto& c) { c.ring_va = va + 7 * kPage, c.ring_packets = 128; }),
                 EINVAL)
        << "the ring's second page is not mapped";
}

TEST_F(QueueCreate, TheControlBlockMustBeWritable) {
    vm.map(memory, va, kPage, 0, DRM_ACC_VM_BIND_OP_MAP_READONLY);
    EXPECT_ERRNO(create(good), EINVAL);
    vm.map(memory, va, kPage, 0);
    EXPECT_ERRNO(create(good), 0);
}

TEST_F(QueueCreate, TheRingMayBeReadOnlyAndInDeviceMemory) {
    Bo ring(device, kPage, DRM_ACC_BO_VRAM), control(device, kPage, DRM_ACC_BO_VRAM);
    const uint64_t ring_va = vm.reserve(kPage), control_va = vm.reserve(kPage);
    vm.map(ring, ring_va, kPage, 0, DRM_ACC_VM_BIND_OP_MAP_READONLY);
    vm.map(control, control_va, kPage);
    EXPECT_ERRNO(changed([&](auto& c) { c.ring_va = ring_va, c.control_va = control_va; }), 0);
}

TEST_F(QueueCreate, TheReadIndexInTheControlBlockTellsTheFirstPacket) {
    auto* control = memory.at<acc_queue_control>();
    control->read_index = 1000;
    uint32_t id = 0;
    ASSERT_ERRNO(create(good, &id), 0);
    drm_acc_queue_get_state state{};
    state.queue_id = id;
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_QUEUE_GET_STATE, state), 0);
    EXPECT_EQ(state.read_index, 1000u);
    EXPECT_EQ(state.state, 0u);
    EXPECT_ERRNO(destroy(id), 0);
}

TEST_F(QueueCreate, HighPriorityNeedsAPrivilege) {
    Child child([](Line&) {
        Device mine;
        Vm space(mine);
        Queue usual(mine, space);
        ASSERT_EQ(setresuid(65534, 65534, 65534), 0);
        const uint32_t highest = mine.info().max_priority;
        ASSERT_LE(highest, 3u);
        ASSERT_GE(highest, 1u) << "1 is normal";
        EXPECT_NO_THROW(Queue(mine, space, {.packets = 64, .priority = highest}));
        drm_acc_queue_set_property set{
            .queue_id = usual.id(), .property = DRM_ACC_QUEUE_PROPERTY_PRIORITY, .value = highest};
        EXPECT_ERRNO(mine.call(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, set), 0);
        for (uint32_t priority = highest + 1; priority <= 3; priority++) {
            try {
                Queue(mine, space, {.packets = 64, .priority = priority});
                ADD_FAILURE() << "priority " << priority;
            } catch (const Failure& f) {
                EXPECT_ERRNO(f.code, EACCES);
            }
            set.value = priority;
            EXPECT_ERRNO(mine.call(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, set), EACCES);
        }
    });
    EXPECT_EQ(child.join(), 0);
    for (uint32_t priority = 0; priority <= 3; priority++)
        EXPECT_ERRNO(changed([&](auto& c) { c.priority = priority; }), 0) << "as root";
}

TEST_F(QueueCreate, HardwareQueuesRunOutAndComeBack) {
    std::vector<uint32_t> ids;
    int e = 0;
    const uint32_t most = device.info().max_queues;
    while (ids.size() <= most) {
        uint32_t id = 0;
        if ((e = create(good, &id)) != 0) break;
        ids.push_back(id);
    }
    EXPECT_ERRNO(e, EBUSY);
    EXPECT_LE(ids.size(), most);
    EXPECT_GT(ids.size(), 0u);
    for (uint32_t id : ids)
        EXPECT_ERRNO(destroy(id), 0);
    EXPECT_ERRNO(create(good), 0);
}

TEST_F(QueueCreate, AddressSpaceNumbersRunOutAndComeBack) {
    struct Space {
        Vm vm;
        Bo bo;
        uint32_t queue = 0;
        explicit Space(const Device& d) : vm(d), bo(d, 2 * kPage, DRM_ACC_BO_SYSTEM) {
            vm.map(bo, kVaBase, 2 * kPage);
        }
    };
    std::vector<std::unique_ptr<Space>> spaces;
    int e = 0;
    const uint32_t most = device.info().max_vms;
    while (spaces.size() <= most) {
        auto space = std::make_unique<Space>(device);
        drm_acc_queue_create c = good;
        c.vm_id = space->vm.id();
        c.control_va = kVaBase;
        c.ring_va = kVaBase + kPage;
        if ((e = create(c, &space->queue)) != 0) break;
        spaces.push_back(std::move(space));
    }
    EXPECT_ERRNO(e, EBUSY);
    EXPECT_LE(spaces.size(), most);
    EXPECT_GT(spaces.size(), 0u);
    for (auto& space : spaces)
        EXPECT_ERRNO(destroy(space->queue), 0);
    spaces.clear();
    EXPECT_ERRNO(create(good), 0);
}

TEST_F(QueueCreate, DestroyArguments) {
    for (uint32_t id : {0u, 1u, ~0u})
        EXPECT_ERRNO(destroy(id), ENOENT) << id;
    uint32_t id = 0;
    ASSERT_ERRNO(create(good, &id), 0);
    EXPECT_ERRNO(destroy(id, 1), EINVAL);
    drm_acc_queue_destroy foreign{.queue_id = id, .pad = 0};
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_QUEUE_DESTROY, foreign), ENOENT);
    EXPECT_ERRNO(destroy(id), 0);
    EXPECT_ERRNO(destroy(id), ENOENT) << "twice";
}

TEST(QueueDestroy, StopsWhatRuns) {
    Client client;
    const Code code = client.code(kEndless);
    client.queue.submit(dispatch(code.kernel(), client.arguments.va, 1000, 256));
    EXPECT_ERRNO(client.queue.wait_for(1, 0.02), ETIME);
    client.queue.destroy();
    Queue again(client.device, client.vm);
    EXPECT_ERRNO(again.run(write_value(again.signal_va(1), 1)), 0);
}

// --- state and properties
// -------------------------------------------------------------------------------------------------

TEST(QueueGetState, Arguments) {
    Client client;
    Device other;
    drm_acc_queue_get_state state{};
    for (uint32_t id : {0u, 2u, ~0u}) {
        state.queue_id = id;
        EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_QUEUE_GET_STATE, state), ENOENT);
    }
    state.queue_id = client.queue.id();
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_QUEUE_GET_STATE, state), ENOENT);
}

TEST(QueueGetState, SaysWhatTheQueueDoes) {
    Client client;
    auto& gate = client.queue.signal(7);
    client.queue.submit(wait_value(client.queue.signal_va(7), 1));
    EXPECT_ERRNO(client.queue.wait_for(1, 0.01), ETIME);
    EXPECT_EQ(client.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_ACTIVE});
    EXPECT_EQ(client.queue.state().read_index, 0u);
    gate = 1;
    EXPECT_ERRNO(client.queue.wait(), 0);
    EXPECT_EQ(client.queue.state().state, 0u);
    EXPECT_EQ(client.queue.state().read_index, 1u);
    const Code code = client.code(kLongComputation);
    Buffer out = client.allocate(kPage);
    EXPECT_ERRNO(client.launch(code, {out.va, 1000}, 4, 64), 0);
    EXPECT_GT(client.queue.state().runtime_ns, 0u);
}

TEST(QueueGetState, RunTimeIsTheQueuesOwn) {
    { // leaves its hardware queue, the lowest free number, to the next
        Client before;
        const Code code = before.code(kLongComputation);
        Buffer out = before.allocate(kPage);
        EXPECT_ERRNO(before.launch(code, {out.va, 1000}, 4, 64), 0);
        EXPECT_GT(before.queue.state().runtime_ns, 0u);
    }
    Client client;
    EXPECT_EQ(client.queue.state().runtime_ns, 0u);
}

TEST(QueueSetProperty, Arguments) {
    Client client;
    Device other;
    const auto set = [&](uint32_t id, uint32_t property, uint64_t value) {
        drm_acc_queue_set_property s{.queue_id = id, .property = property, .value = value};
        return client.device.call(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, s);
    };
    const uint32_t id = client.queue.id();
    for (uint32_t wrong : {0u, 9u, ~0u})
        EXPECT_ERRNO(set(wrong, DRM_ACC_QUEUE_PROPERTY_PRIORITY, 1), ENOENT) << wrong;
    for (uint32_t property : {4u, 100u, ~0u})
        EXPECT_ERRNO(set(id, property, 1), EINVAL) << property;
    for (uint64_t priority : {4ull, 1ull << 32, ~0ull})
        EXPECT_ERRNO(set(id, DRM_ACC_QUEUE_PROPERTY_PRIORITY, priority), EINVAL) << priority;
    EXPECT_ERRNO(set(id, DRM_ACC_QUEUE_PROPERTY_WATCHDOG_MS, 1ull << 32), EINVAL);
    EXPECT_ERRNO(set(id, DRM_ACC_QUEUE_PROPERTY_PRIORITY, 0), 0);
    EXPECT_ERRNO(set(id, DRM_ACC_QUEUE_PROPERTY_WATCHDOG_MS, 100), 0);
    EXPECT_ERRNO(set(id, DRM_ACC_QUEUE_PROPERTY_WATCHDOG_MS, 0), 0);
    drm_acc_queue_set_property foreign{.queue_id = id, .property = 0, .value = 1};
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, foreign), ENOENT);
}

TEST(QueueSetProperty, KernelsReadTheirBuffersAddresses) {
    Client client;
    const Code code = client.code(kPrologue + R"(
        mov.sr64 r12, sr_printf
        mov.sr64 r14, sr_heap
        st.global.b64 [r6], r12
        st.global.b64 [r6 + 8], r14
        exit
)");
    Buffer out = client.allocate(kPage);
    const auto set = [&](uint32_t property, uint64_t value) {
        drm_acc_queue_set_property s{
            .queue_id = client.queue.id(), .property = property, .value = value};
        return client.device.call(DRM_IOCTL_ACC_QUEUE_SET_PROPERTY, s);
    };
    EXPECT_ERRNO(client.launch(code, {out.va}), 0);
    EXPECT_EQ(out.at<uint64_t>()[0], 0u);
    EXPECT_EQ(out.at<uint64_t>()[1], 0u);
    ASSERT_ERRNO(set(DRM_ACC_QUEUE_PROPERTY_PRINTF_BUFFER, kVaBase + 0x123000), 0);
    ASSERT_ERRNO(set(DRM_ACC_QUEUE_PROPERTY_DEVICE_HEAP, kVaBase + 0x456000), 0);
    EXPECT_ERRNO(client.launch(code, {out.va}), 0);
    EXPECT_EQ(out.at<uint64_t>()[0], kVaBase + 0x123000);
    EXPECT_EQ(out.at<uint64_t>()[1], kVaBase + 0x456000);
}

// --- waiting
// --------------------------------------------------------------------------------------------------------------

TEST(WaitFence, Arguments) {
    Client client;
    alignas(8) uint64_t value = 5;
    const auto wait = [&](const void* address, uint64_t wanted, uint32_t queue, uint32_t flags = 0,
                          int64_t until = 0) {
        const drm_acc_user_fence fence{.address = reinterpret_cast<uint64_t>(address),
                                       .value = wanted,
                                       .queue_id = queue,
                                       .pad = 0};
        drm_acc_wait_fence w{};
        w.fences = DRM_ACC_OBJ_ARRAY(1, &fence);
        w.deadline_ns = until;
        w.flags = flags;
        return client.device.call(DRM_IOCTL_ACC_WAIT_FENCE, w);
    };
    const uint32_t id = client.queue.id();
    EXPECT_ERRNO(wait(&value, 5, id), 0);
    EXPECT_ERRNO(wait(&value, 0, id), 0);
    EXPECT_ERRNO(wait(&value, 6, id), ETIME);
    EXPECT_ERRNO(wait(&value, 6, id, 0, -1), ETIME) << "a time in the past";
    EXPECT_ERRNO(wait(&value, 6, id, 0, std::numeric_limits<int64_t>::min()), ETIME);
    EXPECT_ERRNO(wait(&value, 5, id, DRM_ACC_WAIT_FENCE_ANY), 0);
    for (unsigned bit = 1; bit < 32; bit++)
        EXPECT_ERRNO(wait(&value, 5, id, 1u << bit), EINVAL) << bit;
    for (unsigned delta : {1u, 2u, 4u, 7u})
        EXPECT_ERRNO(wait(reinterpret_cast<char*>(&value) + delta, 0, id), EINVAL) << delta;
    for (uint64_t pointer : {0ull, 64ull, 0xffff'8880'0000'0000ull, 1ull << 63, ~0ull - 7})
        EXPECT_ERRNO(wait(reinterpret_cast<void*>(pointer), 0, id), EFAULT) << std::hex << pointer;
    for (uint32_t wrong : {0u, 2u, ~0u})
        EXPECT_ERRNO(wait(&value, 5, wrong), ENOENT) << wrong;
    Device other;
    const drm_acc_user_fence fence{
        .address = reinterpret_cast<uint64_t>(&value), .value = 5, .queue_id = id, .pad = 0};
    drm_acc_wait_fence foreign{};
    foreign.fences = DRM_ACC_OBJ_ARRAY(1, &fence);
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_WAIT_FENCE, foreign), ENOENT);
}

TEST(WaitFence, ComparesWithoutSign) {
    Client client;
    alignas(8) uint64_t value = ~0ull;
    EXPECT_ERRNO(client.queue.wait_at(&value, 1, 0), 0);
    value = 1;
    EXPECT_ERRNO(client.queue.wait_at(&value, ~0ull, 0), ETIME);
}

TEST(WaitFence, WakesUpWhenThePacketCompletes) {
    uint64_t gate = 0;
    Client client;
    for (uint32_t placement : {DRM_ACC_BO_SYSTEM, DRM_ACC_BO_VRAM}) {
        Buffer flag = client.allocate(kPage, placement);
        client.queue.submit(wait_value(client.queue.signal_va(1), ++gate));
        client.queue.submit(write_value(flag.va, 9));
        EXPECT_ERRNO(client.queue.wait_at(flag.at<uint64_t>(), 9, deadline(0.01)), ETIME);
        std::thread opener([&] {
            pause_ms(20);
            client.queue.signal(1) = gate;
        });
        EXPECT_ERRNO(client.queue.wait_at(flag.at<uint64_t>(), 9, deadline()), 0);
        EXPECT_EQ(*flag.at<uint64_t>(), 9u);
        opener.join();
    }
}

TEST(WaitFence, NoLimitMeansNoLimit) {
    Client client;
    client.queue.submit(write_value(client.queue.signal_va(3), 4));
    EXPECT_ERRNO(
        client.queue.wait_at(&client.queue.signal(3), 4, std::numeric_limits<int64_t>::max()), 0);
}

TEST(WaitFence, IsInterruptedBySignalsAndRestarted) {
    Client client;
    static volatile sig_atomic_t calls;
    calls = 0;
    struct sigaction action{};
    action.sa_handler = [](int) { calls = calls + 1; };
    struct sigaction before{};
    sigaction(SIGALRM, &action, &before);
    ualarm(20'000, 20'000);
    const drm_acc_user_fence fence{.address = reinterpret_cast<uint64_t>(&client.queue.signal()),
                                   .value = 1,
                                   .queue_id = client.queue.id(),
                                   .pad = 0};
    drm_acc_wait_fence w{};
    w.fences = DRM_ACC_OBJ_ARRAY(1, &fence);
    w.deadline_ns = deadline();
    errno = 0;
    EXPECT_EQ(ioctl(client.device.fd(), DRM_IOCTL_ACC_WAIT_FENCE, &w), -1);
    EXPECT_ERRNO(errno, EINTR);
    w.deadline_ns = deadline(0.2);
    EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_WAIT_FENCE, w), ETIME) << "restarted until then";
    ualarm(0, 0);
    sigaction(SIGALRM, &before, nullptr);
    EXPECT_GE(calls, 2);
}

TEST(WaitFence, EndsWhenTheQueueIsDestroyed) {
    Client client;
    alignas(8) uint64_t never = 0;
    std::atomic<bool> started{false};
    int result = -1;
    const uint32_t id = client.queue.id();
    std::thread waiter([&] {
        const drm_acc_user_fence fence{
            .address = reinterpret_cast<uint64_t>(&never), .value = 1, .queue_id = id, .pad = 0};
        drm_acc_wait_fence wait{};
        wait.fences = DRM_ACC_OBJ_ARRAY(1, &fence);
        wait.deadline_ns = deadline();
        started = true;
        result = client.device.call(DRM_IOCTL_ACC_WAIT_FENCE, wait);
    });
    while (!started)
        pause_ms(1);
    pause_ms(20);
    client.queue.destroy();
    waiter.join();
    EXPECT_TRUE(one_of(result, {ECANCELED, ENOENT})) << "ENOENT if the wait came too late";
}

// --- fault reports
// --------------------------------------------------------------------------------------------------------

TEST(FaultGet, Arguments) {
    Client client;
    Device other;
    drm_acc_fault faults[2];
    const auto get = [&](uint32_t vm, uint32_t flags, drm_acc_obj_array array) {
        drm_acc_fault_get g{.vm_id = vm, .flags = flags, .faults = array};
        const int e = client.device.call(DRM_IOCTL_ACC_FAULT_GET, g);
        if (e == 0) EXPECT_EQ(g.faults.count, 0u);
        return e;
    };
    const uint32_t vm = client.vm.id();
    EXPECT_ERRNO(get(vm, 0, DRM_ACC_OBJ_ARRAY(2, faults)), 0) << "none there";
    EXPECT_ERRNO(get(vm, 0, {.stride = 96, .count = 0, .array = 0}), 0);
    for (unsigned bit = 0; bit < 32; bit++)
        EXPECT_ERRNO(get(vm, 1u << bit, DRM_ACC_OBJ_ARRAY(2, faults)), EINVAL) << bit;
    for (uint32_t id : {0u, 2u, ~0u})
        EXPECT_ERRNO(get(id, 0, DRM_ACC_OBJ_ARRAY(2, faults)), ENOENT) << id;
    for (uint32_t stride : {8u, 88u, 92u, 95u, 97u, 100u, 8192u})
        EXPECT_ERRNO(
            get(vm, 0, {.stride = stride, .count = 1, .array = reinterpret_cast<uint64_t>(faults)}),
            EINVAL)
            << stride;
    drm_acc_fault_get foreign{.vm_id = vm, .flags = 0, .faults = DRM_ACC_OBJ_ARRAY(2, faults)};
    EXPECT_ERRNO(other.call(DRM_IOCTL_ACC_FAULT_GET, foreign), ENOENT);
}

TEST(FaultGet, ABadPointerOrALongerStructure) {
    Client client;
    client.queue.submit(write_value(0x123000, 1)); // not mapped
    EXPECT_ERRNO(client.queue.wait(), ECANCELED);
    for (int i = 0; i < 1000 && client.vm.state().faults_pending == 0; i++)
        pause_ms(2);
    ASSERT_EQ(client.vm.state().faults_pending, 1u);
    drm_acc_fault_get get{
        .vm_id = client.vm.id(), .flags = 0, .faults = {.stride = 96, .count = 1, .array = 64}};
    EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_FAULT_GET, get), EFAULT);
    struct {
        drm_acc_fault fault;
        uint64_t more[2];
    } longer;
    std::memset(&longer, 0xaa, sizeof longer);
    get.faults = DRM_ACC_OBJ_ARRAY(1, &longer);
    EXPECT_ERRNO(client.device.call(DRM_IOCTL_ACC_FAULT_GET, get), 0);
    if (get.faults.count == 1) { // a driver may lose the report that it could not store
        EXPECT_EQ(longer.fault.cause, ACC_FAULT_UNMAPPED);
        EXPECT_EQ(longer.fault.pad, 0u);
        EXPECT_EQ(longer.more[0], 0u) << "what the driver does not know is zero";
        EXPECT_EQ(longer.more[1], 0u);
    }
    EXPECT_EQ(client.vm.state().faults_pending, 0u);
}

// --- doorbells
// ------------------------------------------------------------------------------------------------------------

TEST(Doorbell, OnlyOneWritableSharedPage) {
    Client client;
    const auto offset = static_cast<off_t>(client.queue.doorbell_offset());
    const auto map = [&](uint64_t bytes, int protection, int flags, int fd, off_t at) {
        void* p = mmap(nullptr, bytes, protection, flags, fd, at);
        if (p == MAP_FAILED) return errno;
        munmap(p, bytes);
        return 0;
    };
    const int fd = client.device.fd();
    EXPECT_ERRNO(map(kPage, PROT_WRITE, MAP_SHARED, fd, offset), 0);
    EXPECT_TRUE(one_of(map(2 * kPage, PROT_WRITE, MAP_SHARED, fd, offset), {EINVAL}));
    EXPECT_TRUE(one_of(map(kPage, PROT_WRITE, MAP_PRIVATE, fd, offset), {EINVAL}));
    EXPECT_NE(map(kPage, PROT_WRITE | PROT_EXEC, MAP_SHARED, fd, offset), 0);
    Device other;
    EXPECT_NE(map(kPage, PROT_WRITE, MAP_SHARED, other.fd(), offset), 0) << "another file's";
    Client neighbour;
    if (neighbour.queue.doorbell_offset() != client.queue.doorbell_offset())
        EXPECT_NE(map(kPage, PROT_WRITE, MAP_SHARED, neighbour.device.fd(), offset), 0);
    for (off_t delta : {off_t{1}, off_t{4}, off_t{255}})
        EXPECT_NE(
            map(kPage, PROT_WRITE, MAP_SHARED, fd, offset + delta * static_cast<off_t>(kPage)), 0)
            << "a queue that is not there, " << delta;
    client.queue.destroy();
    EXPECT_NE(map(kPage, PROT_WRITE, MAP_SHARED, fd, offset), 0) << "after destruction";
}

TEST(Doorbell, CannotBeMadeExecutable) {
    Client client;
    EXPECT_NE(
        mprotect(const_cast<uint64_t*>(client.queue.doorbell()), kPage, PROT_READ | PROT_EXEC), 0);
}

sigjmp_buf after_bus_error;

TEST(Doorbell, OfADestroyedQueueReachesNobody) {
    Client attacker;
    void* p = mmap(nullptr, kPage, PROT_WRITE, MAP_SHARED, attacker.device.fd(),
                   static_cast<off_t>(attacker.queue.doorbell_offset()));
    ASSERT_NE(p, MAP_FAILED);
    *static_cast<volatile uint64_t*>(p) = 0; // the page is present now
    attacker.queue.destroy();
    // The next queues get the hardware number sooner or later; their packets wait for their owner's
    // doorbell.
    std::vector<std::unique_ptr<Client>> victims;
    for (int i = 0; i < 4; i++) {
        victims.push_back(std::make_unique<Client>());
        victims.back()->queue.put(write_value(victims.back()->queue.signal_va(1), 1));
    }
    struct sigaction action{};
    action.sa_handler = [](int) { siglongjmp(after_bus_error, 1); };
    struct sigaction before{};
    sigaction(SIGBUS, &action, &before);
    if (sigsetjmp(after_bus_error, 1) == 0) *static_cast<volatile uint64_t*>(p) = 1;
    sigaction(SIGBUS, &before, nullptr);
    pause_ms(50);
    for (auto& victim : victims) {
        EXPECT_EQ(victim->queue.signal(1), 0u) << "somebody else rang";
        victim->queue.ring();
        EXPECT_ERRNO(victim->queue.wait(), 0);
    }
    munmap(p, kPage);
}

} // namespace
} // namespace acc::kmd
