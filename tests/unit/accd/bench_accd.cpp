// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What accd's side costs: a register access, and the way from a doorbell to the interrupt message
// and to the signal in guest memory. usage: bench_accd [ROUNDS]
#include <algorithm>
#include <cstdio>

#include "tests/unit/accd/driver.h"

using namespace acc::accd::test;

namespace {

double microseconds(std::chrono::steady_clock::duration d) {
    return std::chrono::duration<double, std::micro>(d).count();
}

/// Median and 99th percentile of `rounds` runs of `once`.
template <typename F>
void measure(const char* what, int rounds, F&& once) {
    std::vector<double> times;
    for (int i = 0; i < rounds; i++) {
        auto begin = std::chrono::steady_clock::now();
        once(i);
        times.push_back(microseconds(std::chrono::steady_clock::now() - begin));
    }
    std::sort(times.begin(), times.end());
    std::printf("%-44s %8.2f us   p99 %8.2f us\n", what, times[times.size() / 2],
                times[times.size() * 99 / 100]);
}

} // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5000;
    DriverMachine machine;
    DriverQueue queue(machine, 9);
    if (machine.vm_enable() != ACC_VM_STATUS_ENABLED_MASK ||
        queue.enable() != ACC_QUEUE_STATUS_ENABLED_MASK)
        return 1;

    measure("register read over the socket", rounds, [&](int) { machine.read32(ACC_DEV_ID); });
    measure("register write over the socket", rounds,
            [&](int) { machine.write64(ACC_QUEUE_RING(1), 0); });
    measure("100 register reads, device alone", rounds, [&](int) {
        for (int i = 0; i < 100; i++)
            machine.device->bar_read(kBar0 + ACC_DEV_ID, 4);
    });
    measure("doorbell to signal (write_value)", rounds, [&](int i) {
        queue.submit(write_word(kVramVa, static_cast<uint64_t>(i)));
        queue.wait();
    });
    uint64_t sent = machine.device->msix().sent();
    measure("arm, doorbell, interrupt message, bitmap", rounds, [&](int i) {
        machine.write32(ACC_QUEUE_IRQ_ARM(9), 1);
        queue.submit(
            write_word(kVramVa, static_cast<uint64_t>(i), ACC_PKT_F_BARRIER | ACC_PKT_F_INTERRUPT));
        sent++;
        machine.messages.wait_for(sent);
        machine.read64(ACC_IRQ_COMPLETION(0));
    });
    DriverKernel kernel(machine, "exit\n");
    measure("launch of 1 block to signal", rounds, [&](int) { queue.run(kernel.launch(1, 32)); });
    measure("32 launches, a doorbell each, to signal", std::min(rounds, 500), [&](int) {
        for (int n = 0; n < 32; n++)
            queue.submit(kernel.launch(1, 32));
        queue.wait();
    });
    measure("invalidate 1 page of guest memory", rounds, [&](int i) {
        machine.tables->map(kUnmappedVa, kLowGpa + 4096ull * (i % 100), 4096, ACC_PTE_SYSTEM);
        machine.invalidate(kUnmappedVa, 4096);
    });
    measure("invalidate 1000 scattered pages", std::min(rounds, 200), [&](int i) {
        for (uint64_t page = 0; page < 1000; page++)
            machine.tables->map(kUnmappedVa + 4096 * page,
                                kLowGpa + 4096 * ((2 * page + static_cast<uint64_t>(i)) % 4096),
                                4096, ACC_PTE_SYSTEM);
        machine.invalidate(kUnmappedVa, 4096 * 1000);
    });
    return 0;
}
