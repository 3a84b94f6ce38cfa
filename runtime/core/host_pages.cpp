// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_pages.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>

#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// True when every page of the range is readable, writable and private (copy on write), as the
/// kernel lists it.
bool plain_memory(uint64_t first, uint64_t end) {
    const std::unique_ptr<FILE, int (*)(FILE*)> maps(std::fopen("/proc/self/maps", "re"),
                                                     &std::fclose);
    if (!maps) return false;
    char line[4096];
    while (first < end && std::fgets(line, sizeof line, maps.get()) != nullptr) {
        uint64_t from = 0, to = 0;
        char access[5] = {};
        if (std::sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &from, &to, access) != 3 ||
            to <= first)
            continue;
        if (from > first || std::strncmp(access, "rw", 2) != 0 || access[3] != 'p') return false;
        first = to;
    }
    return first >= end;
}

/// True when the range touches the calling thread's stack: its pages cannot be exchanged while the
/// thread runs on them.
bool overlaps_stack(uint64_t first, uint64_t end) {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return false;
    void* stack = nullptr;
    size_t bytes = 0;
    pthread_attr_getstack(&attributes, &stack, &bytes);
    pthread_attr_destroy(&attributes);
    const auto low = reinterpret_cast<uint64_t>(stack);
    return first < low + bytes && low < end;
}

} // namespace

void check_replaceable(const void* at, uint64_t bytes) {
    const auto first = reinterpret_cast<uint64_t>(at);
    if (overlaps_stack(first, first + bytes))
        fail(Status::NotSupported,
             "memory of the calling thread's stack cannot be shared with the device");
    if (!plain_memory(first, first + bytes))
        fail(Status::NotSupported,
             "{} bytes at {}: only plain writable memory (not shared, not a device's) can be "
             "registered",
             bytes, at);
}

bool put_private_pages(void* at, const void* contents, uint64_t bytes) {
    void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return false;
    copy_pages(pages, contents, bytes);
    if (mremap(pages, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, at) != MAP_FAILED) return true;
    munmap(pages, bytes);
    return false;
}

void copy_pages(void* to, const void* from, uint64_t bytes) {
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

namespace {

/// The process's shared pages, and the fork that is under way. The lock is held from before a fork
/// until both sides are done with it.
struct Forking {
    std::mutex mutex;
    SharedPages* first = nullptr;
    int done[2] = {-1, -1}; // a pipe: the child says that it has its copies
} g_forking;

/// How long the parent waits for the child's copies. Only a guard: a debugger may hold the child.
constexpr int kPatienceMs = 2000;

void before_fork() {
    g_forking.mutex.lock();
    if (g_forking.first == nullptr || pipe2(g_forking.done, O_CLOEXEC) != 0)
        g_forking.done[0] = g_forking.done[1] = -1;
}

void in_parent() {
    if (g_forking.done[0] >= 0) {
        close(g_forking.done[1]);
        pollfd end{g_forking.done[0], POLLIN, 0};
        poll(&end, 1, kPatienceMs); // a child that died, or a fork that failed, ends it, too
        close(g_forking.done[0]);
    }
    g_forking.mutex.unlock();
}

void in_child() {
    for (SharedPages* pages = g_forking.first; pages != nullptr; pages = pages->next()) {
        if (put_private_pages(pages->at(), pages->at(), pages->bytes())) continue;
        constexpr char kText[] = "acc: error: fork: no memory for the child's own copy of pages "
                                 "that the device shares\n";
        [[maybe_unused]] const auto written = write(STDERR_FILENO, kText, sizeof kText - 1);
        abort();
    }
    g_forking.first = nullptr;
    if (g_forking.done[0] >= 0) {
        close(g_forking.done[0]);
        close(g_forking.done[1]);
    }
    g_forking.mutex.unlock();
}

} // namespace

SharedPages::SharedPages(void* at, uint64_t bytes) : at_(at), bytes_(bytes) {
    static std::once_flag once;
    std::call_once(once, [] { pthread_atfork(&before_fork, &in_parent, &in_child); });
    std::lock_guard lock(g_forking.mutex);
    next_ = g_forking.first;
    if (next_ != nullptr) next_->previous_ = this;
    g_forking.first = this;
}

SharedPages::~SharedPages() {
    std::lock_guard lock(g_forking.mutex);
    (previous_ != nullptr ? previous_->next_ : g_forking.first) = next_;
    if (next_ != nullptr) next_->previous_ = previous_;
}

} // namespace acc::rt
