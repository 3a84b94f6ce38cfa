// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program that frees registered memory without unregistering it, and uses its addresses for
// something else: that stays as it is when the process forks and when the device is reset.
#include "../common/check.h"

#include <sys/mman.h>

static int in_child() {
    const pid_t child = fork();
    if (child == 0) _exit(7);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void* map(void* at, size_t bytes) {
    return mmap(at, bytes, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | (at != nullptr ? MAP_FIXED_NOREPLACE : 0), -1, 0);
}

int main() {
    constexpr size_t kBytes = 4 << 20;
    // First, so that it is not where the freed one was, whose registration lasts.
    auto* pages = static_cast<unsigned char*>(map(nullptr, kBytes));
    auto* heap = static_cast<unsigned char*>(std::malloc(kBytes));
    CHECK(cudaHostRegister(heap, kBytes, cudaHostRegisterDefault));
    std::free(heap);
    EXPECT(in_child() == 7);
    heap = static_cast<unsigned char*>(std::malloc(kBytes)); // likely at the same address
    std::memset(heap, 3, kBytes);

    std::memset(pages, 1, kBytes);
    CHECK(cudaHostRegister(pages, kBytes, cudaHostRegisterDefault));
    munmap(pages, kBytes);
    EXPECT(in_child() == 7);
    EXPECT(map(pages, kBytes) == pages);
    std::memset(pages, 2, kBytes);
    EXPECT(in_child() == 7);
    CHECK(cudaDeviceReset());
    size_t wrong = 0;
    for (size_t i = 0; i < kBytes; ++i)
        wrong += (heap[i] != 3) + (pages[i] != 2);
    EXPECT(wrong == 0, "%zu bytes", wrong);
    EXPECT(in_child() == 7);
    return finish();
}
