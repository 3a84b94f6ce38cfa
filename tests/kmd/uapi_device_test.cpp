// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// DEV_QUERY, versions of structures, and what is common to all ioctls.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/process.h"

namespace acc::kmd {
namespace {

/// Number of an ioctl of ours whose structure has another size.
constexpr unsigned long sized(unsigned nr, size_t bytes) {
    return _IOC(_IOC_READ | _IOC_WRITE, 'd', DRM_COMMAND_BASE + nr, bytes);
}

TEST(DevQuery, WithoutAPointerTheSizeIsReturned) {
    Device device;
    const std::pair<uint32_t, uint32_t> sizes[] = {{DRM_ACC_DEV_QUERY_INFO, 80},
                                                   {DRM_ACC_DEV_QUERY_MEMORY, 16},
                                                   {DRM_ACC_DEV_QUERY_TIMESTAMP, 16},
                                                   {DRM_ACC_DEV_QUERY_ERRORS, 40}};
    for (auto [type, size] : sizes) {
        drm_acc_dev_query q{.type = type, .size = 0, .pointer = 0};
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), 0);
        // A later driver may know more.
        EXPECT_GE(q.size, size) << "type " << type;
    }
}

TEST(DevQuery, AShorterStructureGetsItsBeginning) {
    Device device;
    const drm_acc_dev_info whole = device.info();
    for (uint32_t size : {0u, 4u, 7u, 40u, 79u}) {
        uint8_t part[96];
        std::memset(part, 0xaa, sizeof part);
        drm_acc_dev_query q{.type = DRM_ACC_DEV_QUERY_INFO,
                            .size = size,
                            .pointer = reinterpret_cast<uint64_t>(part)};
        ASSERT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), 0) << size;
        EXPECT_EQ(q.size, size);
        EXPECT_EQ(std::memcmp(part, &whole, size), 0);
        EXPECT_EQ(part[size], 0xaa) << "nothing is written behind the structure";
    }
}

TEST(DevQuery, ALongerStructureIsClearedBehindWhatTheDriverKnows) {
    Device device;
    uint8_t large[256];
    std::memset(large, 0xaa, sizeof large);
    drm_acc_dev_query ask{.type = DRM_ACC_DEV_QUERY_INFO, .size = 0, .pointer = 0};
    ASSERT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, ask), 0);
    drm_acc_dev_query q{
        .type = DRM_ACC_DEV_QUERY_INFO, .size = 200, .pointer = reinterpret_cast<uint64_t>(large)};
    ASSERT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), 0);
    EXPECT_EQ(q.size, ask.size) << "the number of bytes written";
    for (unsigned i = ask.size; i < 200; i++)
        ASSERT_EQ(large[i], 0) << i;
    EXPECT_EQ(large[200], 0xaa);
}

TEST(DevQuery, InvalidArguments) {
    Device device;
    uint8_t answer[128];
    for (uint32_t type : {4u, 100u, 0xffffffffu}) {
        drm_acc_dev_query q{
            .type = type, .size = 128, .pointer = reinterpret_cast<uint64_t>(answer)};
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), EINVAL) << type;
        q.pointer = 0;
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), EINVAL) << type;
    }
    for (uint32_t bytes : {4097u, ~0u}) {
        drm_acc_dev_query q{
            .type = 0, .size = bytes, .pointer = reinterpret_cast<uint64_t>(answer)};
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), EINVAL) << bytes;
    }
    for (uint64_t pointer : {8ull, 0xffff'8000'0000'0000ull, ~0ull - 7, 1ull << 63}) {
        for (uint32_t type : {0u, 1u, 2u, 3u}) {
            drm_acc_dev_query q{.type = type, .size = 128, .pointer = pointer};
            EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), EFAULT) << std::hex << pointer;
        }
    }
}

TEST(DevQuery, StructuresHaveALargestSize) {
    Device device;
    std::vector<uint8_t> large(8192);
    drm_acc_dev_query q{.type = DRM_ACC_DEV_QUERY_INFO,
                        .size = 4096,
                        .pointer = reinterpret_cast<uint64_t>(large.data())};
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), 0);
    for (uint32_t size : {4097u, 8192u, 1u << 31, ~0u}) {
        q.size = size;
        EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), EINVAL) << size;
    }
}

TEST(DevQuery, APageThatEndsInTheMiddleOfTheAnswerIsABadPointer) {
    Device device;
    auto* pages = static_cast<uint8_t*>(
        mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(pages, MAP_FAILED);
    munmap(pages + kPage, kPage);
    drm_acc_dev_query q{.type = DRM_ACC_DEV_QUERY_INFO,
                        .size = 80,
                        .pointer = reinterpret_cast<uint64_t>(pages + kPage - 40)};
    EXPECT_ERRNO(device.call(DRM_IOCTL_ACC_DEV_QUERY, q), EFAULT);
    munmap(pages, kPage);
}

TEST(DevQuery, MemoryInUseFollowsBuffers) {
    Device device;
    const uint64_t before = settled_vram(device);
    {
        Bo bo(device, 8 << 20, DRM_ACC_BO_VRAM);
        EXPECT_GE(device.memory().vram_used, before + (8 << 20));
        Bo other(device, 8 << 20, DRM_ACC_BO_SYSTEM);
        EXPECT_LT(device.memory().vram_used, before + (16 << 20));
    }
    EXPECT_EQ(wait_for_vram(device, before), before);
}

TEST(Ioctls, UnknownNumbersAreRefused) {
    Device device;
    uint8_t argument[64] = {};
    for (unsigned nr : {kLastIoctl + 1, kLastIoctl + 2, 40u, 95u})
        EXPECT_ERRNO(call(device.fd(), sized(nr, 24), argument), EINVAL) << nr;
}

TEST(Ioctls, ABadArgumentPointerIsRefused) {
    Device device;
    for (unsigned nr = 0; nr <= kLastIoctl; nr++)
        for (uint64_t pointer : {0ull, 8ull, 0xffff'8880'0000'0000ull, ~0ull - 15})
            EXPECT_ERRNO(call(device.fd(), sized(nr, 16), reinterpret_cast<void*>(pointer)), EFAULT)
                << nr << " " << std::hex << pointer;
}

TEST(Ioctls, OlderCallersHaveShorterStructures) {
    // What a shorter structure lacks counts as zero.
    Device device;
    struct {
        uint64_t va_base = kVaBase, va_bytes = 1 << 20;
        uint8_t behind[16];
    } create{};
    std::memset(create.behind, 0xff, sizeof create.behind);
    EXPECT_ERRNO(call(device.fd(), sized(DRM_ACC_VM_CREATE, 16), &create), 0);
    for (uint8_t byte : create.behind)
        EXPECT_EQ(byte, 0xff) << "nothing is written behind the caller's structure";
    // A window of size zero is as invalid as one that is given.
    EXPECT_ERRNO(call(device.fd(), sized(DRM_ACC_VM_CREATE, 8), &create), EINVAL);
    EXPECT_ERRNO(call(device.fd(), sized(DRM_ACC_BO_CREATE, 8), &create), EINVAL);
    EXPECT_ERRNO(call(device.fd(), sized(DRM_ACC_QUEUE_DESTROY, 4), &create), ENOENT);
}

TEST(Ioctls, LaterCallersHaveLongerStructures) {
    Device device;
    struct {
        drm_acc_bo_create create{};
        uint64_t more[8] = {};
    } longer{};
    longer.create.bytes = kPage;
    longer.create.flags = DRM_ACC_BO_SYSTEM;
    ASSERT_ERRNO(call(device.fd(), sized(DRM_ACC_BO_CREATE, sizeof longer), &longer), 0);
    EXPECT_NE(longer.create.handle, 0u);
    for (uint64_t word : longer.more)
        EXPECT_EQ(word, 0u);
    EXPECT_EQ(drmCloseBufferHandle(device.fd(), longer.create.handle), 0);
}

TEST(Ioctls, AThirtyTwoBitProcessCanCallToo) {
    // int 0x80 is the 32-bit entry of the kernel; it takes addresses below 4 GiB.
    Device device;
    auto* low = static_cast<uint8_t*>(mmap(nullptr, kPage, PROT_READ | PROT_WRITE,
                                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0));
    ASSERT_NE(low, MAP_FAILED);
    auto* q = reinterpret_cast<drm_acc_dev_query*>(low);
    auto* info = reinterpret_cast<drm_acc_dev_info*>(low + 256);
    *q = {.type = DRM_ACC_DEV_QUERY_INFO,
          .size = sizeof *info,
          .pointer = reinterpret_cast<uint64_t>(info)};
    long result;
    asm volatile("int $0x80"
                 : "=a"(result)
                 : "a"(54L /* ioctl */), "b"(static_cast<long>(device.fd())),
                   "c"(static_cast<long>(DRM_IOCTL_ACC_DEV_QUERY)), "d"(reinterpret_cast<long>(q))
                 : "memory", "r8", "r9", "r10", "r11");
    const int code = -static_cast<int>(result);
    if (code == ENOSYS) GTEST_SKIP() << "the kernel has no 32-bit entry";
    EXPECT_ERRNO(code, 0);
    EXPECT_EQ(info->page_bytes, kPage);
    munmap(low, kPage);
}

TEST(Ioctls, TheRenderNodeNeedsNoPrivileges) {
    Child child([](Line&) {
        Device device; // opened before: the node's own permissions are the system's business
        ASSERT_EQ(setresgid(65534, 65534, 65534), 0);
        ASSERT_EQ(setresuid(65534, 65534, 65534), 0);
        EXPECT_EQ(device.info().page_bytes, kPage);
        Vm vm(device);
        Bo bo(device, kPage, DRM_ACC_BO_VRAM);
        const uint64_t va = vm.reserve(kPage);
        vm.map(bo, va, kPage);
        Queue queue(device, vm);
        EXPECT_EQ(queue.run(fill(va, 1, kPage)), 0);
    });
    EXPECT_EQ(child.join(), 0);
}

TEST(Ioctls, TheDriverIsKnownByItsName) {
    Device device;
    drmVersion* version = drmGetVersion(device.fd());
    ASSERT_NE(version, nullptr);
    EXPECT_STREQ(version->name, "acc");
    EXPECT_EQ(version->version_major, DRM_ACC_VERSION_MAJOR);
    EXPECT_EQ(version->version_minor, DRM_ACC_VERSION_MINOR);
    drmFreeVersion(version);
    uint64_t value = 0;
    EXPECT_EQ(drmGetCap(device.fd(), DRM_CAP_SYNCOBJ, &value), 0);
    EXPECT_EQ(value, 1u);
    EXPECT_EQ(drmGetCap(device.fd(), DRM_CAP_SYNCOBJ_TIMELINE, &value), 0);
    EXPECT_EQ(value, 1u);
    EXPECT_EQ(drmGetCap(device.fd(), DRM_CAP_PRIME, &value), 0);
    EXPECT_EQ(value, uint64_t{DRM_PRIME_CAP_IMPORT | DRM_PRIME_CAP_EXPORT});
}

} // namespace
} // namespace acc::kmd
