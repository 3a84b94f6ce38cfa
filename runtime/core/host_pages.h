// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sharing the program's own pages with the device (Backend::adopt_host_pages). The device reaches
// memory of files only, so the pages are replaced: their contents move into the file, and a shared
// mapping of it takes their place at the same address. What another thread writes to these pages in
// between (a few microseconds per megabyte) is lost, which is why only whole runs of plain memory
// are taken, and never a page of the calling thread's stack or of the main thread's.
//
// To the program its memory stays private, so children of fork() get private copies of these pages.
// fork() in a process with one thread is exact; other threads of the parent may write to such a
// page before the child has its copy, and the child may see it. Children made without fork()'s
// handlers (a bare clone) keep the shared pages.
//
// A program may also free or unmap memory that it has shared, and be given other memory at the same
// address, without telling the runtime. So nothing is ever put in place of a page before the kernel
// has said that it still is the shared one.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/core/process_maps.h"

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

/// [at, at + bytes), whole pages that adopt_host_pages has replaced by a mapping of what is at
/// `view`, too. While the object lives, a child of fork() gets private copies of those that are
/// still there.
class SharedPages {
  public:
    SharedPages(void* at, const void* view, uint64_t bytes);
    ~SharedPages();
    SharedPages(const SharedPages&) = delete;

    /// Makes those that are still there the program's alone, with the same contents. False when
    /// there was not enough memory for all: the program then goes on with shared ones.
    bool give_back();

    /// True when all of them are still there.
    bool in_place() const;

    /// Puts private pages in place of those that the mapping still shows; `step`, if any, is told
    /// how it went with each part. False when there was not enough memory for all.
    bool replace_in(const Mapping& mapping, void (*step)(void* page, uint64_t bytes, bool put));
    SharedPages* next() const { return next_; }

  private:
    /// Calls `f` with each part [from, to) of the pages that the mapping still shows.
    template <typename F>
    void for_parts(const Mapping& mapping, F&& f) const;

    const uint64_t at_, bytes_;
    const uint8_t* const view_;
    std::vector<Mapping> pieces_; ///< what was there when the pages had been replaced
    SharedPages *previous_ = nullptr, *next_ = nullptr; // all of the process
};

} // namespace acc::rt
