// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a TLB invalidate costs: pages that are contiguous, scattered over host mappings, and
// scattered beyond what the host allows.
#include <memory>

#include "driver/model/src/address_space.h"
#include "tests/bench/model/measure.h"
#include "tests/unit/model/page_table_writer.h"
#include "tests/unit/model/system_memory.h"

namespace acc::model::test {
namespace {

constexpr uint64_t kPage = ACC_PAGE_BYTES, kBase = 0x7f00'0000'0000, kWindow = 4ull << 30;

struct Bench {
    Vram vram{64ull << 20};
    Aperture aperture{vram.fd(), vram.bytes()};
    SystemMemory system{1ull << 30};
    PageTableWriter tables{aperture, 0};
    MapAccounts accounts{24'000};
    std::shared_ptr<Vm> vm;

    Bench() {
        system.addressable = true;
        vm = Vm::create(1, vram, system, accounts, tables.root(), kBase, kWindow);
    }
    /// Page i is page i * step of system memory.
    void map(uint64_t pages, uint64_t step) {
        for (uint64_t i = 0; i < pages; i++)
            tables.map(kBase + i * kPage, i * step * kPage, kPage, ACC_PTE_SYSTEM | ACC_PTE_WRITE);
    }
    void run(const char* what, uint64_t pages, uint64_t step, int rounds) {
        char name[64];
        auto report = [&](const char* does) {
            std::snprintf(name, sizeof name, "%s %llu %s pages", does,
                          static_cast<unsigned long long>(pages), what);
            return name;
        };
        auto invalidate = [&] { vm->invalidate(kBase, pages * kPage); };
        std::vector<double> map_us, unmap_us;
        auto time = [](auto&& f) {
            auto begin = Clock::now();
            f();
            return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
        };
        for (int i = 0; i < rounds; i++) {
            map(pages, step);
            map_us.push_back(time(invalidate));
            tables.unmap(kBase, pages * kPage);
            unmap_us.push_back(time(invalidate));
        }
        for (auto [does, times] : {std::pair{"map", &map_us}, std::pair{"unmap", &unmap_us}}) {
            std::sort(times->begin(), times->end());
            std::printf("%-44s median %9.1f us   p90 %9.1f us\n", report(does),
                        (*times)[times->size() / 2], (*times)[times->size() * 9 / 10]);
        }
    }
};

} // namespace
} // namespace acc::model::test

int main() {
    acc::model::test::Bench bench;
    bench.run("contiguous", 1, 1, 1000);
    bench.run("contiguous", 1000, 1, 200);
    bench.run("contiguous", 100'000, 1, 20);
    bench.run("scattered", 1000, 2, 100);
    bench.run("scattered", 16'000, 2, 10);
    bench.run("scattered", 100'000, 2, 10);
}
