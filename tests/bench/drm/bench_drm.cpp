// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Medians of what a user of the kernel driver waits for: doorbells, launches, fence wake-ups,
// binds, buffers. One thread, an idle device. In an emulated guest the figures say how operations
// compare with each other, not how fast they are on hardware; `clock` and `system call` are there
// to compare with.
//
// usage: bench_drm [SECONDS per line, default 1]
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "tests/bench/harness.h"
#include "tests/kmd/device.h"
#include "tests/kmd/kernels.h"

namespace acc::kmd {
namespace {

double g_seconds = 1;

[[noreturn]] void die(const char* what, int error) {
    std::fprintf(stderr, "bench_drm: %s: %s\n", what, std::strerror(error));
    std::exit(1);
}

void check(const char* what, int error) {
    if (error != 0) die(what, error);
}

/// One line: microseconds, the middle and the edges of the middle 80 %.
void print(const char* name, std::vector<double>& microseconds) {
    std::sort(microseconds.begin(), microseconds.end());
    const size_t n = microseconds.size();
    std::printf("%-52s median %10.2f us   p10 %10.2f   p90 %10.2f   (%zu times)\n", name,
                microseconds[n / 2], microseconds[n / 10], microseconds[n * 9 / 10], n);
    std::fflush(stdout);
}

/// Times `work` until the time is over, at least 20 times; `between` runs unmeasured after each.
void measure(
    const char* name, const std::function<void()>& work,
    const std::function<void()>& between = [] {}) {
    work();
    between();
    std::vector<double> times;
    const double end = bench::wall_seconds() + g_seconds;
    while (times.size() < 20 || bench::wall_seconds() < end) {
        const uint64_t begin = now_ns();
        work();
        times.push_back(static_cast<double>(now_ns() - begin) * 1e-3);
        between();
    }
    print(name, times);
}

void baseline() {
    measure("clock", [] {});
    measure("system call (getppid)", [] { syscall(SYS_getppid); });
    const long page = sysconf(_SC_PAGESIZE);
    void* memory = nullptr;
    measure(
        "anonymous page: mmap and first touch",
        [&] {
            memory = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                          0);
            *static_cast<volatile char*>(memory) = 1;
        },
        [&] { munmap(memory, page); });
}

void launches(Client& client) {
    const Code empty = client.code("        exit\n");
    Queue& queue = client.queue;
    const Packet packet = dispatch(empty.kernel(), client.arguments.va);
    const Packet nothing = make_packet(ACC_PKT_CACHE);
    measure("doorbell, nothing new", [&] { queue.ring(); });
    measure("enqueue: packet and doorbell", [&] { queue.submit(packet); }, [&] { queue.spin(); });
    measure("launch + wait, spinning", [&] {
        queue.submit(packet);
        queue.spin();
    });
    measure("launch + wait, sleeping", [&] {
        queue.submit(packet);
        check("WAIT_FENCE", queue.wait());
    });
    measure("empty packet + wait, spinning", [&] {
        queue.submit(nothing);
        queue.spin();
    });
    measure("32 launches + wait, sleeping (all)", [&] {
        for (int i = 0; i < 32; ++i)
            queue.submit(packet);
        check("WAIT_FENCE", queue.wait());
    });
    measure("WAIT_FENCE, value is there", [&] { check("WAIT_FENCE", queue.wait()); });
}

/// CLOCK_MONOTONIC minus device time, from the quickest of many questions.
double clock_offset_ns(const Device& device) {
    double best = 1e18, offset = 0;
    for (int i = 0; i < 50; ++i) {
        const auto begin = static_cast<double>(now_ns());
        const auto time = device.query<drm_acc_dev_timestamp>(DRM_ACC_DEV_QUERY_TIMESTAMP);
        const double took = static_cast<double>(now_ns()) - begin;
        if (took < best) {
            best = took;
            offset = static_cast<double>(time.cpu_ns) - static_cast<double>(time.device_ns);
        }
    }
    return offset;
}

/// From the moment when the device completes a packet to the moment when the thread that slept for
/// it runs. A kernel of a few milliseconds goes first, so that the thread is really asleep.
void wake_up(Client& client) {
    constexpr uint64_t kRounds = 10'000;
    Buffer words = client.allocate(kPage);
    const Code busy = client.code(kLongComputation);
    client.set_arguments({words.va, kRounds});
    volatile uint64_t* stamp = words.at<uint64_t>(2048);
    Packet work = dispatch(busy.kernel(), client.arguments.va);
    work.header.flags = ACC_PKT_F_BARRIER; // nobody is woken for this one
    Packet time = make_packet(ACC_PKT_TIMESTAMP);
    time.timestamp.address = words.va + 2048;
    std::vector<double> times;
    const double end = bench::wall_seconds() + g_seconds;
    while (times.size() < 20 || bench::wall_seconds() < end) {
        client.queue.put(work);
        client.queue.submit(time);
        check("WAIT_FENCE", client.queue.wait());
        const auto now = static_cast<double>(now_ns());
        times.push_back((now - clock_offset_ns(client.device) - static_cast<double>(*stamp)) *
                        1e-3);
    }
    print("fence wake-up: device's store to the sleeper's return", times);
}

void binds(Client& client) {
    for (const uint32_t placement : {uint32_t{DRM_ACC_BO_SYSTEM}, uint32_t{DRM_ACC_BO_VRAM}}) {
        const char* where = placement == DRM_ACC_BO_VRAM ? "VRAM" : "system memory";
        constexpr uint64_t kMany = 1000;
        const Bo bo(client.device, kMany * kPage, placement);
        const uint64_t va = client.vm.reserve(kMany * kPage);
        std::vector<drm_acc_vm_bind_op> scattered;
        for (uint64_t i = 0; i < kMany; ++i) // backwards, so that no two can be joined
            scattered.push_back(
                map_op(bo.handle(), va + i * kPage, kPage, (kMany - 1 - i) * kPage));
        char name[96];
        const auto line = [&](const char* what) {
            std::snprintf(name, sizeof name, "VM_BIND, %s: %s", where, what);
            return name;
        };
        measure(
            line("map 1 page"), [&] { client.vm.map(bo, va, kPage); },
            [&] { client.vm.unmap(va, kPage); });
        measure(
            line("unmap 1 page"), [&] { client.vm.unmap(va, kPage); },
            [&] { client.vm.map(bo, va, kPage); });
        client.vm.unmap(va, kPage);
        measure(
            line("map 1,000 pages, 1 operation"), [&] { client.vm.map(bo, va, kMany * kPage); },
            [&] { client.vm.unmap(va, kMany * kPage); });
        measure(
            line("map 1,000 pages, 1,000 operations"),
            [&] { check("VM_BIND", client.vm.try_bind(scattered)); },
            [&] { client.vm.unmap(va, kMany * kPage); });
    }
}

void buffers(Client& client) {
    for (const uint32_t placement : {uint32_t{DRM_ACC_BO_SYSTEM}, uint32_t{DRM_ACC_BO_VRAM}}) {
        const char* where = placement == DRM_ACC_BO_VRAM ? "VRAM" : "system memory";
        for (const uint64_t pages : {1, 512}) {
            std::unique_ptr<Bo> bo;
            char name[96];
            std::snprintf(name, sizeof name, "BO create, %s: %llu KiB", where,
                          static_cast<unsigned long long>(pages * 4));
            measure(
                name, [&] { bo = std::make_unique<Bo>(client.device, pages * kPage, placement); },
                [&] { bo.reset(); });
            std::snprintf(name, sizeof name, "BO mmap and touch, %s: %llu KiB", where,
                          static_cast<unsigned long long>(pages * 4));
            bo = std::make_unique<Bo>(client.device, pages * kPage, placement);
            measure(
                name,
                [&] {
                    for (uint64_t i = 0; i < pages; ++i)
                        *const_cast<volatile uint8_t*>(bo->at(i * kPage)) = 1;
                },
                [&] { bo = std::make_unique<Bo>(client.device, pages * kPage, placement); });
        }
    }
}

/// Reading device memory through the aperture against letting the device copy it: which way the
/// runtime should go.
void reads(Client& client) {
    constexpr uint64_t kBytes = 1 << 20;
    Buffer vram = client.allocate(kBytes, DRM_ACC_BO_VRAM),
           system = client.allocate(kBytes, DRM_ACC_BO_SYSTEM);
    std::vector<uint8_t> out(kBytes, 1);
    std::memset(vram.bo.host(), 1, kBytes);
    std::memset(system.bo.host(), 1, kBytes);
    measure("host reads 1 MiB of VRAM (aperture)",
            [&] { std::memcpy(out.data(), vram.bo.host(), kBytes); });
    measure("host writes 1 MiB of VRAM (aperture)",
            [&] { std::memcpy(vram.bo.host(), out.data(), kBytes); });
    measure("device copies 1 MiB to system memory, host copies", [&] {
        check("copy", client.queue.run(copy(system.va, vram.va, kBytes)));
        std::memcpy(out.data(), system.bo.host(), kBytes);
    });
}

int run() {
    Client client;
    const drm_acc_dev_info info = client.device.info();
    std::printf("%s: %u compute units, %llu MiB\n", client.device.path().c_str(),
                info.compute_units, static_cast<unsigned long long>(info.vram_bytes >> 20));
    baseline();
    launches(client);
    wake_up(client);
    binds(client);
    buffers(client);
    reads(client);
    return 0;
}

} // namespace
} // namespace acc::kmd

int main(int argc, char** argv) {
    if (argc > 1) acc::kmd::g_seconds = std::atof(argv[1]);
    try {
        return acc::kmd::run();
    } catch (const acc::kmd::Failure& failure) {
        std::fprintf(stderr, "bench_drm: %s\n", failure.what());
        return 1;
    }
}
