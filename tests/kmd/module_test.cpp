// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The module and its device from the administrator's side: unloading and loading, what is told
// through /proc and tracing. Everything that opens the device does so in a child process, because
// nodes come and go here.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <sys/syscall.h>
#include <unistd.h>
#include <xf86drm.h>

#include "tests/kmd/device.h"
#include "tests/kmd/driver_state.h"
#include "tests/kmd/expect.h"
#include "tests/kmd/gate.h"
#include "tests/kmd/kernels.h"
#include "tests/kmd/process.h"
#include "tests/kmd/sync.h"

namespace acc::kmd {
namespace {

/// Where the guest of scripts/vm has the module.
std::string module_path() {
    const char* given = std::getenv("ACC_KMD_MODULE");
    return given ? given : "/run/acc/modules/acc.ko";
}

int unload() {
    return syscall(SYS_delete_module, "acc", O_NONBLOCK) ? errno : 0;
}

/// The kernel puts closed files away a moment after close(2).
int unload_soon() {
    int e = 0;
    for (int i = 0; i < 200; i++) {
        e = unload();
        if (e != EWOULDBLOCK) return e;
        pause_ms(10);
    }
    return e;
}

int load() {
    const int fd = open(module_path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int e = syscall(SYS_finit_module, fd, "", 0) ? errno : 0;
    close(fd);
    return e;
}

void write_to(const std::string& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    file.flush();
    ASSERT_TRUE(file.good()) << path;
}

std::string contents(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// A process that uses the device from open to close; fails the test when it does not work.
void expect_working(unsigned index = 0) {
    Child child([index](Line&) {
        Client client(index);
        Buffer out = client.allocate(kPage, DRM_ACC_BO_VRAM);
        EXPECT_ERRNO(client.launch(client.code(kNumber), {out.va, 3}), 0);
        EXPECT_EQ(out.at()[4], 7u);
    });
    EXPECT_EQ(child.join(), 0);
}

class Module : public testing::Test {
  protected:
    void SetUp() override {
        if (access(module_path().c_str(), R_OK) != 0)
            GTEST_SKIP() << "no module at " << module_path();
        ASSERT_EQ(geteuid(), 0u);
    }
    // Whatever a test did: the next one finds the module loaded.
    void TearDown() override {
        if (!std::filesystem::exists("/sys/module/acc")) ASSERT_ERRNO(load(), 0);
    }
};

TEST_F(Module, GoesAndComesWhenUnused) {
    for (int round = 0; round < 3; round++) {
        expect_working();
        ASSERT_ERRNO(unload_soon(), 0);
        EXPECT_TRUE(device_paths().empty());
        ASSERT_ERRNO(load(), 0);
    }
    expect_working();
}

TEST_F(Module, StaysWhileSomethingOfItIsInUse) {
    // What a process may hold on to, each alone: the file, a mapping, a dma-buf, a sync file.
    const std::function<void(Line&)> holders[] = {
        [](Line& line) {
            Device device;
            line.send(0), line.receive();
        },
        [](Line& line) {
            auto device = std::make_unique<Device>();
            Bo bo(*device, kPage, DRM_ACC_BO_VRAM);
            *bo.at<uint32_t>() = 1;
            device.reset();
            line.send(0), line.receive();
        },
        [](Line& line) {
            auto device = std::make_unique<Device>();
            const int fd = Bo(*device, kPage, DRM_ACC_BO_SYSTEM).export_fd();
            device.reset();
            line.send(0), line.receive();
            close(fd);
        },
        [](Line& line) {
            int fd = -1;
            {
                Client client;
                Syncobj done(client.device);
                Bo bo(client.device, kPage, DRM_ACC_BO_SYSTEM);
                ASSERT_ERRNO(bind_later(client.vm,
                                        map_op(bo.handle(), client.vm.reserve(kPage), kPage),
                                        {done.signal_to()}),
                             0);
                ASSERT_EQ(drmSyncobjExportSyncFile(client.device.fd(), done.handle(), &fd), 0);
            }
            line.send(0), line.receive();
            close(fd);
        },
    };
    int n = 0;
    for (const auto& holder : holders) {
        Child child(holder);
        ASSERT_TRUE(child.line().receive().has_value());
        EXPECT_ERRNO(unload(), EWOULDBLOCK) << "holder " << n++;
        child.line().send(0);
        EXPECT_EQ(child.join(), 0);
        ASSERT_TRUE(std::filesystem::exists("/sys/module/acc"));
    }
    ASSERT_ERRNO(unload_soon(), 0);
    ASSERT_ERRNO(load(), 0);
}

TEST_F(Module, GoesRightAfterAFileWithPendingWorkIsClosed) {
    for (int round = 0; round < 3; round++) {
        const Gate closed;
        Child child([&](Line&) {
            Client client;
            // Something that does not come; a store and a bind that wait for it.
            Syncobj gate = closed.object(client.device), done(client.device);
            Bo bo(client.device, kPage, DRM_ACC_BO_VRAM);
            ASSERT_ERRNO(queue_sync(client.device, client.queue.id(), {gate.wait_for()}, bo, 0, 5),
                         0);
            ASSERT_ERRNO(bind_later(client.vm, map_op(bo.handle(), client.vm.reserve(kPage), kPage),
                                    {gate.wait_for(), done.signal_to()}),
                         0);
            _exit(0);
        });
        EXPECT_EQ(child.join(), 0);
        ASSERT_ERRNO(unload_soon(), 0);
        ASSERT_ERRNO(load(), 0);
    }
}

TEST_F(Module, TellsWhatAProcessUses) {
    Child child([](Line&) {
        Client client;
        Bo vram(client.device, 3 << 20, DRM_ACC_BO_VRAM),
            system(client.device, 5 << 20, DRM_ACC_BO_SYSTEM);
        Buffer out = client.allocate(kPage);
        const auto engine = [&] {
            std::istringstream text(
                contents("/proc/self/fdinfo/" + std::to_string(client.device.fd())));
            uint64_t time = 0;
            for (std::string key; text >> key;)
                if (key == "drm-engine-compute:") text >> time;
            return time;
        };
        const uint64_t before = engine();
        EXPECT_ERRNO(client.launch(client.code(kLongComputation), {out.va, 2000}, 4, 64), 0);
        EXPECT_GT(engine(), before) << "device time of the process";
        const std::string text = contents("/proc/self/fdinfo/" +
                                          std::to_string(client.device.fd()));
        EXPECT_NE(text.find("drm-driver:\tacc\n"), std::string::npos) << text;
        EXPECT_NE(text.find("drm-client-id:"), std::string::npos);
        EXPECT_NE(text.find("drm-pdev:"), std::string::npos);
        const auto kib = [&](const std::string& key) {
            const auto at = text.find(key + ":");
            if (at == std::string::npos) return uint64_t{0};
            std::istringstream value(text.substr(at + key.size() + 1));
            uint64_t n = 0;
            std::string unit;
            value >> n >> unit;
            return unit == "MiB" ? n * 1024 : unit == "KiB" ? n : n / 1024;
        };
        EXPECT_GE(kib("drm-total-vram0"), 3072u) << text;
        EXPECT_LT(kib("drm-total-vram0"), 4096u);
        EXPECT_GE(kib("drm-total-system"), 5120u);
        EXPECT_LT(kib("drm-total-system"), 6144u);
    });
    EXPECT_EQ(child.join(), 0);
}

TEST_F(Module, TracesItsLife) {
    const std::string tracing = "/sys/kernel/tracing/";
    if (access((tracing + "events/acc/enable").c_str(), W_OK) != 0)
        GTEST_SKIP() << "no tracefs, or no events of ours";
    write_to(tracing + "trace", "");
    write_to(tracing + "events/acc/enable", "1");
    Child child([](Line&) {
        Client client;
        client.queue.submit(write_value(0, 1));
        EXPECT_ERRNO(client.queue.wait(), ECANCELED);
        client.vm.wait_fault();
    });
    EXPECT_EQ(child.join(), 0);
    write_to(tracing + "events/acc/enable", "0");
    const std::string trace = contents(tracing + "trace");
    for (const char* event : {"acc_queue_create", "acc_vm_bind", "acc_fault", "acc_queue_halt",
                              "acc_queue_destroy", "acc_wait_begin", "acc_wait_end"})
        EXPECT_NE(trace.find(event), std::string::npos) << event;
}

} // namespace
} // namespace acc::kmd
