// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/device_heap.h"

#include <cstring>

namespace acc::rt {
namespace {

/// The control block's fields that the host sets; the rest starts as zero (docs/device-heap.md).
struct Control {
    uint64_t begin, end;
    uint64_t used, launches;
    uint64_t free_lists[40];
};
static_assert(sizeof(Control) == 352);

} // namespace

Allocation make_device_heap(MemoryManager& memory, uint64_t bytes) {
    const uint64_t usable = bytes & ~uint64_t{15};
    Allocation heap = memory.allocate(MemoryKind::Internal, sizeof(Control) + usable, 4096);
    Control control{};
    control.begin = heap.va + sizeof(Control);
    control.end = control.begin + usable;
    std::memcpy(heap.host, &control, sizeof control);
    return heap;
}

} // namespace acc::rt
