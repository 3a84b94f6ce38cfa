// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Faults: the process that caused one gets a precise report, its waits end, and a neighbour that
// computes all the time notices nothing.
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>

#include "tests/kmd/device.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

class FaultTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { neighbour = std::make_unique<Neighbour>(); }
    static void TearDownTestSuite() { neighbour.reset(); }
    void TearDown() override { Neighbour::expect_unharmed(neighbour->report()); }

    /// Submits a packet that faults, with one behind it that must not run, and checks everything
    /// but the report's contents.
    drm_acc_fault fault_of(const Packet& packet) {
        const uint64_t before = client.device.errors().faults;
        const uint64_t index = client.queue.put(packet);
        client.queue.put(write_value(client.queue.signal_va(5), 0xbad));
        client.queue.ring();
        EXPECT_ERRNO(client.queue.wait(), ECANCELED);
        EXPECT_ERRNO(client.queue.wait(), ECANCELED) << "and any later wait";
        EXPECT_EQ(client.queue.state().state, uint32_t{DRM_ACC_QUEUE_STATE_FAULT});
        const drm_acc_fault f = client.vm.wait_fault();
        EXPECT_EQ(f.queue_id, client.queue.id());
        EXPECT_EQ(f.packet_index, index);
        EXPECT_EQ(f.pad, 0u);
        EXPECT_TRUE(client.vm.faults().empty()) << "one report";
        // The control block says so when nothing of the queue runs any more, perhaps a moment after
        // the report.
        const acc_queue_control& control = client.queue.control();
        for (const int64_t end = deadline();
             __atomic_load_n(&control.status, __ATOMIC_ACQUIRE) != ACC_QUEUE_ERROR &&
             static_cast<int64_t>(now_ns()) < end;)
            pause_ms(1);
        EXPECT_EQ(control.status, ACC_QUEUE_ERROR);
        EXPECT_EQ(control.error_cause, f.cause);
        EXPECT_EQ(control.error_index, index);
        EXPECT_EQ(client.queue.signal(5), 0u) << "the packet behind ran";
        EXPECT_GE(client.device.errors().faults, before + 1);
        Queue next(client.device, client.vm);
        EXPECT_ERRNO(next.run(write_value(next.signal_va(1), 1)), 0) << "a new queue works";
        return f;
    }
    /// A kernel in which only thread 37 of block 2 executes `line`, its first instruction behind
    /// the prologue and two others.
    drm_acc_fault fault_of_line(const std::string& line, std::initializer_list<uint64_t> arguments,
                                KernelOptions options = {}) {
        code = std::make_unique<Code>(
            client.device, client.vm,
            kPrologue + "isetp.u32.ne p0, r10, 165\n@p0 exit\n" + line + "\nexit\n", options);
        client.set_arguments(arguments);
        const drm_acc_fault f = fault_of(dispatch(code->kernel(), client.arguments.va, 4, 64));
        EXPECT_EQ(f.kernel, code->kernel());
        EXPECT_EQ(f.block[0], 2u);
        EXPECT_EQ(f.block[1], 0u);
        EXPECT_EQ(f.block[2], 0u);
        EXPECT_EQ(f.thread[0], 37u);
        EXPECT_EQ(f.thread[1], 0u);
        EXPECT_EQ(f.thread[2], 0u);
        EXPECT_EQ(f.warp, 1u);
        EXPECT_EQ(f.lane_mask, 1u << 5);
        EXPECT_LT(f.compute_unit, client.device.info().compute_units);
        return f;
    }
    uint64_t faulting_pc() const { return code->pc(kPrologueLength + 2); }

    static std::unique_ptr<Neighbour> neighbour;
    Client client;
    std::unique_ptr<Code> code;
    /// Never mapped.
    const uint64_t nowhere = kVaBase + kVaBytes - (1 << 20);
};
std::unique_ptr<Neighbour> FaultTest::neighbour;

TEST_F(FaultTest, AReadOfAnUnmappedPage) {
    const auto f = fault_of_line("ld.global.b32 r12, [r6 + 20]", {nowhere});
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_READ);
    EXPECT_EQ(f.pc, faulting_pc());
    EXPECT_EQ(f.address, nowhere + 20);
    EXPECT_EQ(f.access_bytes, 4u);
}

TEST_F(FaultTest, AWriteToAnUnmappedPage) {
    const auto f = fault_of_line("st.global.b64 [r6 + 40], r2", {nowhere});
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_WRITE);
    EXPECT_EQ(f.pc, faulting_pc());
    EXPECT_EQ(f.address, nowhere + 40);
    EXPECT_EQ(f.access_bytes, 8u);
}

TEST_F(FaultTest, AccessesOutsideOfTheWindow) {
    EXPECT_EQ(fault_of_line("ld.global.b32 r12, [r6]", {kVaBase + kVaBytes}).cause,
              ACC_FAULT_UNMAPPED);
}

TEST_F(FaultTest, AWriteToAReadOnlyPage) {
    Buffer page = client.allocate(kPage, DRM_ACC_BO_VRAM, DRM_ACC_VM_BIND_OP_MAP_READONLY);
    const auto f = fault_of_line("st.global.b32 [r6 + 12], r10", {page.va});
    EXPECT_EQ(f.cause, ACC_FAULT_PERMISSION);
    EXPECT_EQ(f.access, ACC_ACCESS_WRITE);
    EXPECT_EQ(f.pc, faulting_pc());
    EXPECT_EQ(f.address, page.va + 12);
    EXPECT_EQ(page.at()[3], 0u);
}

TEST_F(FaultTest, AnAtomicOnAReadOnlyPage) {
    Buffer page = client.allocate(kPage, DRM_ACC_BO_SYSTEM, DRM_ACC_VM_BIND_OP_MAP_READONLY);
    const auto f = fault_of_line("atom.global.add.b32.gpu r12, [r6], r10", {page.va});
    EXPECT_EQ(f.cause, ACC_FAULT_PERMISSION);
    EXPECT_EQ(f.access, ACC_ACCESS_ATOMIC);
    EXPECT_EQ(f.address, page.va);
}

TEST_F(FaultTest, CodeThatIsNotExecutable) {
    Buffer page = client.allocate(kPage);
    const auto f = fault_of_line("brx [r6]", {page.va});
    EXPECT_EQ(f.cause, ACC_FAULT_PERMISSION);
    EXPECT_EQ(f.access, ACC_ACCESS_EXECUTE);
    EXPECT_EQ(f.pc, page.va);
}

TEST_F(FaultTest, CodeThatIsNotThere) {
    const auto f = fault_of_line("brx [r6]", {nowhere});
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_EXECUTE);
    EXPECT_EQ(f.pc, nowhere);
}

TEST_F(FaultTest, ATrapCarriesItsCode) {
    const auto f = fault_of_line("trap 3", {0});
    EXPECT_EQ(f.cause, ACC_FAULT_TRAP);
    EXPECT_EQ(f.info, 3u);
    EXPECT_EQ(f.pc, faulting_pc());
}

TEST_F(FaultTest, AnIllegalInstruction) {
    const auto f = fault_of_line(".word 0xfff, 0x0", {0});
    EXPECT_EQ(f.cause, ACC_FAULT_ILLEGAL_INSTRUCTION);
    EXPECT_EQ(f.pc, faulting_pc());
}

TEST_F(FaultTest, AMisalignedAccess) {
    Buffer page = client.allocate(kPage);
    const auto f = fault_of_line("ld.global.b64 r12, [r6 + 4]", {page.va});
    EXPECT_EQ(f.cause, ACC_FAULT_MISALIGNED);
    EXPECT_EQ(f.address, page.va + 4);
}

TEST_F(FaultTest, BeyondSharedMemory) {
    const auto f = fault_of_line("st.shared.b32 [r6], r10", {256}, {.shared_bytes = 128});
    EXPECT_EQ(f.cause, ACC_FAULT_SHARED_RANGE);
    EXPECT_EQ(f.address, ACC_SHARED_APERTURE + 256);
}

TEST_F(FaultTest, TheWholeWarpFaultsTogether) {
    const Code store = client.code(kPrologue + "st.global.b32 [r6 + r10<<2], r10\nexit\n");
    client.set_arguments({nowhere});
    const auto f = fault_of(dispatch(store.kernel(), client.arguments.va));
    EXPECT_EQ(f.lane_mask, 0xffffffffu);
    EXPECT_EQ(f.thread[0], 0u);
    EXPECT_EQ(f.address, nowhere);
}

TEST_F(FaultTest, ACopyFromAndToNowhere) {
    Buffer page = client.allocate(kPage);
    auto f = fault_of(copy(page.va, nowhere, 64));
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_READ);
    EXPECT_EQ(f.address, nowhere);
    EXPECT_EQ(f.pc, 0u);
    EXPECT_EQ(f.kernel, 0u);
}

TEST_F(FaultTest, AFillThatRunsIntoAnUnmappedPage) {
    Buffer pages = client.allocate(2 * kPage);
    const auto f = fault_of(fill(pages.va + kPage, 1, 2 * kPage));
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_WRITE);
    EXPECT_EQ(f.address, pages.va + 2 * kPage);
    EXPECT_EQ(pages.at()[0], 0u);
}

TEST_F(FaultTest, ASignalThatCannotBeStored) {
    Packet p = write_value(client.queue.signal_va(1), 1);
    p.write_value.signal = nowhere;
    const auto f = fault_of(p);
    EXPECT_EQ(f.cause, ACC_FAULT_UNMAPPED);
    EXPECT_EQ(f.access, ACC_ACCESS_WRITE);
    EXPECT_EQ(f.address, nowhere);
}

/// What is wrong with a packet, and where the report says it is.
struct BadPacket {
    const char* name;
    void (*change)(Packet&);
    uint32_t cause;
    uint64_t info;
};

class BadPacketTest : public FaultTest, public testing::WithParamInterface<BadPacket> {};

TEST_P(BadPacketTest, IsReportedWithItsField) {
    const Code good = client.code("exit\n");
    Packet p = dispatch(good.kernel(), client.arguments.va);
    p.dispatch.signal = client.queue.signal_va();
    GetParam().change(p);
    const auto f = fault_of(p);
    EXPECT_EQ(f.cause, GetParam().cause);
    EXPECT_EQ(f.info, GetParam().info);
    EXPECT_EQ(f.pc, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Packets, BadPacketTest,
    testing::Values(BadPacket{"UnknownType", [](Packet& p) { p.header.type = 99; },
                              ACC_FAULT_INVALID_PACKET, offsetof(acc_packet_header, type)},
                    BadPacket{"UnknownFlag", [](Packet& p) { p.header.flags |= 0x8000; },
                              ACC_FAULT_INVALID_PACKET, offsetof(acc_packet_header, flags)},
                    BadPacket{"ClusterNotGiven", [](Packet& p) { p.dispatch.cluster = 1; },
                              ACC_FAULT_INVALID_LAUNCH, offsetof(acc_packet_dispatch, cluster)},
                    BadPacket{"MisalignedKernel", [](Packet& p) { p.dispatch.kernel += 8; },
                              ACC_FAULT_INVALID_PACKET, offsetof(acc_packet_dispatch, kernel)},
                    BadPacket{"MisalignedParameters", [](Packet& p) { p.dispatch.kernarg += 4; },
                              ACC_FAULT_INVALID_PACKET, offsetof(acc_packet_dispatch, kernarg)},
                    BadPacket{"MisalignedSignal", [](Packet& p) { p.dispatch.signal += 4; },
                              ACC_FAULT_INVALID_PACKET, offsetof(acc_packet_dispatch, signal)},
                    BadPacket{"EmptyGrid", [](Packet& p) { p.dispatch.grid[1] = 0; },
                              ACC_FAULT_INVALID_LAUNCH, offsetof(acc_packet_dispatch, grid) + 4},
                    BadPacket{"LargeGrid", [](Packet& p) { p.dispatch.grid[2] = 65536; },
                              ACC_FAULT_INVALID_LAUNCH, offsetof(acc_packet_dispatch, grid) + 8},
                    BadPacket{"LargeBlock", [](Packet& p) { p.dispatch.block[0] = 1025; },
                              ACC_FAULT_INVALID_LAUNCH, offsetof(acc_packet_dispatch, block)},
                    BadPacket{"TooMuchSharedMemory",
                              [](Packet& p) { p.dispatch.dynamic_shared = 1 << 20; },
                              ACC_FAULT_INVALID_LAUNCH,
                              offsetof(acc_packet_dispatch, dynamic_shared)}),
    [](const auto& i) { return i.param.name; });

/// What is wrong with a kernel descriptor.
struct BadKernel {
    const char* name;
    void (*change)(acc_kernel_descriptor&);
    uint64_t info;
};

class BadKernelTest : public FaultTest, public testing::WithParamInterface<BadKernel> {};

TEST_P(BadKernelTest, IsReportedWithItsField) {
    Code kernel = client.code("exit\n");
    GetParam().change(kernel.descriptor());
    const auto f = fault_of(dispatch(kernel.kernel(), client.arguments.va));
    EXPECT_EQ(f.cause, ACC_FAULT_INVALID_KERNEL);
    EXPECT_EQ(f.info, GetParam().info);
    EXPECT_EQ(f.kernel, kernel.kernel());
}

INSTANTIATE_TEST_SUITE_P(
    Descriptors, BadKernelTest,
    testing::Values(BadKernel{"Magic", [](acc_kernel_descriptor& k) { k.magic ^= 1; },
                              offsetof(acc_kernel_descriptor, magic)},
                    BadKernel{"Version", [](acc_kernel_descriptor& k) { k.version = 2; },
                              offsetof(acc_kernel_descriptor, version)},
                    BadKernel{"Entry", [](acc_kernel_descriptor& k) { k.entry += 8; },
                              offsetof(acc_kernel_descriptor, entry)},
                    BadKernel{"Registers", [](acc_kernel_descriptor& k) { k.num_regs = 300; },
                              offsetof(acc_kernel_descriptor, num_regs)},
                    BadKernel{"LocalMemory", [](acc_kernel_descriptor& k) { k.local_bytes = ~0u; },
                              offsetof(acc_kernel_descriptor, local_bytes)}),
    [](const auto& i) { return i.param.name; });

TEST_F(FaultTest, ADescriptorThatIsNotThere) {
    const auto f = fault_of(dispatch(nowhere, client.arguments.va));
    EXPECT_TRUE(f.cause == ACC_FAULT_UNMAPPED || f.cause == ACC_FAULT_INVALID_KERNEL) << f.cause;
}

TEST_F(FaultTest, ADoorbellBeyondTheRing) {
    *client.queue.doorbell() = 1'000'000;
    EXPECT_ERRNO(client.queue.wait_for(1), ECANCELED);
    const drm_acc_fault f = client.vm.wait_fault();
    EXPECT_EQ(f.queue_id, client.queue.id());
    EXPECT_EQ(f.cause, ACC_FAULT_INVALID_PACKET);
}

TEST_F(FaultTest, ReportsOfTwoQueuesSayWhich) {
    Queue one(client.device, client.vm), two(client.device, client.vm);
    two.submit(write_value(nowhere, 2));
    EXPECT_ERRNO(two.wait(), ECANCELED);
    EXPECT_EQ(client.vm.wait_fault().queue_id, two.id());
    EXPECT_ERRNO(one.run(write_value(one.signal_va(2), 3)), 0) << "the other one goes on";
    one.submit(write_value(nowhere, 1));
    EXPECT_ERRNO(one.wait(), ECANCELED);
    EXPECT_EQ(client.vm.wait_fault().queue_id, one.id());
}

TEST_F(FaultTest, ReportsGoToTheirAddressSpaceOnly) {
    Client other;
    Vm sibling(client.device, kVaBase, kVaBytes); // of the same file
    client.queue.submit(write_value(nowhere, 2));
    EXPECT_ERRNO(client.queue.wait(), ECANCELED);
    EXPECT_EQ(client.vm.wait_fault().address, nowhere);
    EXPECT_TRUE(other.vm.faults().empty());
    EXPECT_TRUE(sibling.faults().empty());
    EXPECT_EQ(other.queue.state().state, 0u);
}

TEST_F(FaultTest, ReportsThatNobodyTakesAreCountedNotKeptForEver) {
    constexpr uint32_t many = 80;
    for (uint32_t i = 0; i < many; i++) {
        Queue queue(client.device, client.vm);
        queue.submit(write_value(nowhere + 8 * i, 2));
        ASSERT_ERRNO(queue.wait(), ECANCELED);
    }
    const auto state = client.vm.state();
    EXPECT_EQ(state.faults_pending + state.faults_lost, many);
    EXPECT_GT(state.faults_lost, 0u) << "no process may fill the kernel's memory";
    drm_acc_fault first[3];
    drm_acc_fault_get get{
        .vm_id = client.vm.id(), .flags = 0, .faults = DRM_ACC_OBJ_ARRAY(3, first)};
    ASSERT_ERRNO(client.device.call(DRM_IOCTL_ACC_FAULT_GET, get), 0);
    ASSERT_EQ(get.faults.count, 3u);
    EXPECT_LT(first[0].address, first[1].address) << "oldest first";
    EXPECT_LT(first[1].address, first[2].address);
    EXPECT_EQ(client.vm.faults().size(), state.faults_pending - 3);
}

} // namespace
} // namespace acc::kmd
