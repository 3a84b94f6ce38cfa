// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sharing the program's own pages with the device (Backend::adopt_host_pages). The device reaches
// memory of files only, so the pages are replaced: their contents move into the file, and a shared
// mapping of it takes their place at the same address. What another thread writes to these pages in
// between (a few microseconds per megabyte) is lost, which is why only whole runs of plain memory
// are taken, and never a page of the calling thread's stack.
//
// To the program its memory stays private, so children of fork() get private copies of these pages
// (SharedPages). fork() in a process with one thread is exact; other threads of the parent may
// write to such a page before the child has its copy, and the child may see it. Children made
// without fork()'s handlers (a bare clone) keep the shared pages.
#pragma once

#include <cstdint>

namespace acc::rt {

/// Throws Error(NotSupported) unless [at, at + bytes) is plain memory of the program: readable,
/// writable, private, no stack.
void check_replaceable(const void* at, uint64_t bytes);

/// Puts private memory with these contents at `at`, over whatever is mapped there. False when there
/// is not enough memory; then nothing has changed.
bool put_private_pages(void* at, const void* contents, uint64_t bytes);

/// memcpy for memory whose neighbours a sanitizer of the program guards: not instrumented, not
/// intercepted.
void copy_pages(void* to, const void* from, uint64_t bytes);

/// While it lives, a child of fork() gets a private copy of [at, at + bytes), whole pages that
/// adopt_host_pages has replaced.
class SharedPages {
  public:
    SharedPages(void* at, uint64_t bytes);
    ~SharedPages();
    SharedPages(const SharedPages&) = delete;

    void* at() const { return at_; }
    uint64_t bytes() const { return bytes_; }
    SharedPages* next() const { return next_; }

  private:
    void* const at_;
    const uint64_t bytes_;
    SharedPages *previous_ = nullptr, *next_ = nullptr; // all of the process
};

} // namespace acc::rt
