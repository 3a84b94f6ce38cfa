// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Latency of the chip alone, through the in-process interface, with kernels that do nothing:
// doorbell, launch and wait, batches, larger grids, cross-queue signals, copies. Prints medians,
// and the process's CPU time per operation.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "tests/bench/model/measure.h"
#include "tests/unit/model/rig.h"

namespace acc::model::test {
namespace {

int run() {
    Rig rig(0);
    UserQueue queue{rig, 0}, other{rig, 1};
    uint64_t empty = rig.kernels.add([](FakeBlock&, acc_fault_record&) { return RunResult::Done; });
    uint64_t work = rig.kernels.add([](FakeBlock&, acc_fault_record&) {
        auto end = Clock::now() + std::chrono::microseconds(1);
        while (Clock::now() < end) {
        }
        return RunResult::Done;
    });
    std::printf("%u compute units\n", rig.chip->compute_units());
    measure("launch + wait, 1 empty block", 20000, [&] { queue.run(dispatch(empty, 1)); });
    measure("launch + wait, 8 empty blocks", 20000, [&] { queue.run(dispatch(empty, 8)); });
    measure("launch + wait, 1000 empty blocks", 2000, [&] { queue.run(dispatch(empty, 1000)); });
    measure("launch + wait, 1000 blocks of 1 us", 200, [&] { queue.run(dispatch(work, 1000)); });
    measure("write_value + wait", 20000, [&] { queue.run(write_value(kVramVa + 0x1000, 1)); });
    measure("copy of 4 KiB + wait", 20000,
            [&] { queue.run(copy(kVramVa + 0x100000, kSystemVa, 4096)); });
    measure("copy of 4 MiB + wait", 200,
            [&] { queue.run(copy(kVramVa + 0x100000, kSystemVa, 4 << 20)); });
    measure(
        "32 launches of 1 empty block, then wait", 2000,
        [&] {
            for (int i = 0; i < 32; i++)
                queue.submit(dispatch(empty, 1));
            queue.wait();
        },
        32);
    measure("event between two queues", 5000, [&] {
        uint64_t event = kVramVa + 0x2000, next = *rig.vram<uint64_t>(0x2000) + 1;
        other.put(wait_value(event, next));
        other.submit(dispatch(empty, 1));
        queue.put(dispatch(empty, 1));
        queue.submit(write_value(event, next));
        other.wait();
        queue.wait();
    });
    measure("launch, host busy 200 us, wait", 500, [&] {
        queue.submit(dispatch(empty, 1));
        auto end = Clock::now() + std::chrono::microseconds(200);
        while (Clock::now() < end) {
        }
        queue.wait();
    });
    std::vector<double> rings;
    for (int i = 0; i < 20000; i++) {
        queue.put(dispatch(empty, 1));
        auto begin = Clock::now();
        queue.ring();
        rings.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
        if (i % 32 == 31) queue.wait();
    }
    queue.wait();
    std::sort(rings.begin(), rings.end());
    std::printf("%-44s median %8.3f us   p90 %8.3f us\n", "doorbell", rings[rings.size() / 2],
                rings[rings.size() * 9 / 10]);
    return 0;
}

} // namespace
} // namespace acc::model::test

int main() {
    return acc::model::test::run();
}
