// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/launch_area.h"

#include <cstddef>
#include <cstring>

#include "acc/spec/acc_queue.h"

namespace acc::rt {
namespace {

/// Parameters that a record of the first pool has room for, and of the second.
constexpr uint64_t kParameters = 4096, kMostParameters = 32768;
/// Large launches are few. Records without parameters: copies, fills, events; and one for each warp
/// that waits.
constexpr uint64_t kLarge = 64, kOthers = 65536, kJoins = 32768;

constexpr uint64_t round_up(uint64_t value) {
    return (value + 255) & ~uint64_t{255};
}

} // namespace

Allocation make_launch_area(MemoryManager& memory, const LaunchLimits& limits,
                            std::span<const uint8_t> tables) {
    struct {
        uint64_t most, bytes;
    } const pools[ACC_LAUNCH_POOLS] = {
        {limits.pending, sizeof(acc_launch_record) + kParameters},
        {limits.pending != 0 ? kLarge : 0, sizeof(acc_launch_record) + kMostParameters},
        {limits.pending != 0 ? kOthers : 0, sizeof(acc_launch_record)},
        {limits.pending != 0 ? kJoins : 0, sizeof(acc_launch_record)},
    };
    const uint64_t records = sizeof(acc_launch_area) + round_up(tables.size());
    uint64_t bytes = records;
    for (const auto& pool : pools)
        bytes += round_up(pool.most * pool.bytes);
    Allocation memory_of = memory.allocate(MemoryKind::Internal, bytes, 4096);

    acc_launch_area area{};
    area.stack_bytes = static_cast<uint32_t>(limits.stack_bytes);
    area.tables = memory_of.va + sizeof area;
    uint64_t at = memory_of.va + records;
    for (unsigned i = 0; i < ACC_LAUNCH_POOLS; ++i) {
        area.pools[i].begin = at;
        area.pools[i].most = static_cast<uint32_t>(pools[i].most);
        area.pools[i].bytes = static_cast<uint32_t>(pools[i].bytes);
        at += round_up(pools[i].most * pools[i].bytes);
    }
    std::memcpy(memory_of.host, &area, sizeof area);
    if (!tables.empty()) std::memcpy(memory_of.host + sizeof area, tables.data(), tables.size());
    return memory_of;
}

void set_launch_stack(const Allocation& area, uint64_t stack_bytes) {
    const auto bytes = static_cast<uint32_t>(stack_bytes);
    std::memcpy(area.host + offsetof(acc_launch_area, stack_bytes), &bytes, sizeof bytes);
}

} // namespace acc::rt
