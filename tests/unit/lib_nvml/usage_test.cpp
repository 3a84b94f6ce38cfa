// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the kernel says of open files (Documentation/gpu/drm-usage-stats.rst), well formed and not.
#include "runtime/lib/nvml/usage.h"

#include <gtest/gtest.h>

namespace acc::nvml {
namespace {

constexpr const char* kFile = "pos:\t0\nflags:\t02100002\nmnt_id:\t21\nino:\t400\n"
                              "drm-driver:\tacc\ndrm-client-id:\t7\ndrm-pdev:\t0000:00:04.0\n"
                              "drm-engine-compute:\t123456 ns\ndrm-total-vram0:\t3 MiB\n"
                              "drm-shared-vram0:\t0\ndrm-total-system:\t5 KiB\n";

TEST(Usage, AFileOfTheDeviceIsRead) {
    uint64_t client = 0;
    Usage use;
    ASSERT_TRUE(parse_fdinfo(kFile, "0000:00:04.0", client, use));
    EXPECT_EQ(client, 7u);
    EXPECT_EQ(use.compute_ns, 123456u);
    EXPECT_EQ(use.vram_bytes, 3u << 20);
}

TEST(Usage, OtherFilesAreNot) {
    uint64_t client = 0;
    Usage use;
    EXPECT_FALSE(parse_fdinfo(kFile, "0000:00:05.0", client, use)); // another device
    EXPECT_FALSE(parse_fdinfo("", "0000:00:04.0", client, use));
    EXPECT_FALSE(parse_fdinfo("pos:\t0\n", "0000:00:04.0", client, use));
    EXPECT_FALSE(parse_fdinfo("drm-driver:\tother\ndrm-client-id:\t7\ndrm-pdev:\t0000:00:04.0\n",
                              "0000:00:04.0", client, use));
    EXPECT_FALSE(parse_fdinfo("drm-driver:\tacc\ndrm-client-id:\tx\ndrm-pdev:\t0000:00:04.0\n",
                              "0000:00:04.0", client, use));
    EXPECT_FALSE(
        parse_fdinfo("drm-driver:\ndrm-client-id:\ndrm-pdev:\n", "0000:00:04.0", client, use));
}

TEST(Usage, SizesHaveUnits) {
    const std::string head = "drm-driver:\tacc\ndrm-client-id:\t1\ndrm-pdev:\ta\n";
    for (const auto& [text, bytes] : {std::pair<const char*, uint64_t>{"4096", 4096},
                                      {"8 KiB", 8192},
                                      {"2 MiB", 2 << 20},
                                      {"", 0},
                                      {"much", 0}}) {
        uint64_t client = 0;
        Usage use;
        ASSERT_TRUE(parse_fdinfo(head + "drm-total-vram0:\t" + text + "\n", "a", client, use));
        EXPECT_EQ(use.vram_bytes, bytes) << text;
    }
}

TEST(Usage, AnAddressWithoutADriverIsNotTheKernelDrivers) {
    EXPECT_FALSE(of_kernel_driver("ffff:ff:1f.7"));
    EXPECT_FALSE(of_kernel_driver(""));
}

} // namespace
} // namespace acc::nvml
