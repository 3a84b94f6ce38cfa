// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/host_pages.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <string_view>

#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// True when every page of the range is readable, writable and private (copy on write), and none of
/// the main thread's stack.
bool plain_memory(uint64_t first, uint64_t end) {
    ProcessMaps maps;
    for (Mapping mapping; first < end && maps.next(mapping);) {
        if (mapping.to <= first) continue;
        const bool plain = (mapping.protection & (PROT_READ | PROT_WRITE)) ==
                               (PROT_READ | PROT_WRITE) &&
                           mapping.is_private && !mapping.stack;
        if (mapping.from > first || !plain) return false;
        first = mapping.to;
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

template <typename F>
void SharedPages::for_parts(const Mapping& mapping, F&& f) const {
    for (const Mapping& piece : pieces_) {
        const uint64_t from = std::max(piece.from, mapping.from);
        const uint64_t to = std::min(piece.to, mapping.to);
        if (from < to && mapping.same_file_at(piece, from)) f(from, to);
    }
}

bool SharedPages::replace_in(const Mapping& mapping, void (*step)(void*, uint64_t, bool)) {
    // In steps, so that whoever waits for it sees that it goes on.
    constexpr uint64_t kStep = 64ull << 20;
    bool all = true;
    for_parts(mapping, [&](uint64_t from, uint64_t to) {
        for (uint64_t bytes = 0; from < to; from += bytes) {
            bytes = std::min(to - from, kStep);
            auto* page = reinterpret_cast<void*>(from);
            const bool put = put_private_pages(page, view_ + (from - at_), bytes);
            if (put && mapping.protection != (PROT_READ | PROT_WRITE))
                mprotect(page, bytes, mapping.protection);
            if (step != nullptr) step(page, bytes, put);
            all = all && put;
        }
    });
    return all;
}

bool SharedPages::in_place() const {
    uint64_t there = 0;
    ProcessMaps maps;
    for (Mapping mapping; maps.next(mapping) && mapping.from < at_ + bytes_;)
        for_parts(mapping, [&](uint64_t from, uint64_t to) { there += to - from; });
    return there == bytes_;
}

namespace {

/// The process's shared pages, and the fork that is under way. The lock is held from before a fork
/// until both sides are done with it.
struct Forking {
    std::mutex mutex;
    SharedPages* first = nullptr;
    int done[2] = {-1, -1}; // a pipe: the child says how it gets on, and its end says it all
} g_forking;

/// How long the parent waits for the child's next step. Only a guard: a debugger may hold the
/// child.
constexpr int kPatienceMs = 10000;

void before_fork() {
    g_forking.mutex.lock();
    if (g_forking.first == nullptr || pipe2(g_forking.done, O_CLOEXEC | O_NONBLOCK) != 0)
        g_forking.done[0] = g_forking.done[1] = -1;
}

/// Waits for the child's next step. False when there will be none.
bool child_goes_on(int pipe) {
    pollfd end{pipe, POLLIN, 0};
    int ready = 0;
    do {
        ready = poll(&end, 1, kPatienceMs);
    } while (ready < 0 && errno == EINTR);
    char steps[64];
    return ready > 0 && read(pipe, steps, sizeof steps) > 0;
}

void in_parent() {
    if (g_forking.done[0] >= 0) {
        close(g_forking.done[1]);
        // A child that died, or a fork that failed, ends it, too.
        while (child_goes_on(g_forking.done[0])) {
        }
        close(g_forking.done[0]);
    }
    g_forking.mutex.unlock();
}

void say(std::string_view text) {
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

/// The child has no memory for its own copy of these pages. It may not need them (before exec,
/// say), but must not write to the parent's: from here on they are out of reach.
void take_away(void* page, uint64_t bytes) {
    say("acc: error: fork: no memory for the child's own copy of pages that the device shares; the "
        "child cannot use them\n");
    if (mprotect(page, bytes, PROT_NONE) != 0) munmap(page, bytes);
}

void child_steps(void* page, uint64_t bytes, bool put) {
    if (!put) take_away(page, bytes);
    [[maybe_unused]] const auto told = write(g_forking.done[1], "", 1);
}

void in_child() {
    if (g_forking.first != nullptr) {
        ProcessMaps maps;
        if (!maps.readable())
            say("acc: error: fork: the child cannot read /proc/self/maps, and goes on sharing "
                "memory "
                "that the parent has registered\n");
        for (Mapping mapping; maps.next(mapping);)
            for (SharedPages* pages = g_forking.first; pages != nullptr; pages = pages->next())
                pages->replace_in(mapping, &child_steps);
    }
    g_forking.first = nullptr;
    if (g_forking.done[0] >= 0) {
        close(g_forking.done[0]);
        close(g_forking.done[1]);
    }
    g_forking.mutex.unlock();
}

} // namespace

SharedPages::SharedPages(void* at, const void* view, uint64_t bytes)
    : at_(reinterpret_cast<uint64_t>(at)), bytes_(bytes), view_(static_cast<const uint8_t*>(view)) {
    ProcessMaps maps;
    for (Mapping mapping; maps.next(mapping) && mapping.from < at_ + bytes_;) {
        if (mapping.to <= at_) continue;
        const uint64_t cut = at_ > mapping.from ? at_ - mapping.from : 0;
        mapping.from += cut;
        mapping.offset += cut;
        mapping.to = std::min(mapping.to, at_ + bytes_);
        pieces_.push_back(mapping);
    }
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

bool SharedPages::give_back() {
    ProcessMaps maps;
    bool all = maps.readable();
    for (Mapping mapping; maps.next(mapping) && mapping.from < at_ + bytes_;)
        all = replace_in(mapping, nullptr) && all;
    return all;
}

} // namespace acc::rt
