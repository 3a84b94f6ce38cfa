// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

#include <new>

void bench::finish() {}

// Every array starts at a cache line, as numerical programs allocate theirs: vectors of 64 bytes
// would else straddle two.
void* operator new(size_t bytes) {
    constexpr size_t line = 64;
    void* memory = std::aligned_alloc(line, std::max((bytes + line - 1) / line, size_t{1}) * line);
    if (!memory) throw std::bad_alloc();
    return memory;
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, size_t) noexcept {
    std::free(memory);
}
