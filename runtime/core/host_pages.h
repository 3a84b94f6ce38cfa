// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sharing the program's own pages with the device (Backend::adopt_host_pages). The device reaches
// memory of files only, so the pages are replaced: their contents move into the file, and a shared
// mapping of it takes their place at the same address. What another thread writes to these pages in
// between (a few microseconds per megabyte) is lost, which is why only whole runs of plain memory
// are taken, and never a page of the calling thread's stack.
#pragma once

#include <cstdint>

namespace acc::rt {

/// Throws Error(NotSupported) unless [at, at + bytes) is plain memory of the program: readable,
/// writable, private, no stack.
void check_replaceable(const void* at, uint64_t bytes);

/// Puts private memory with these contents at `at`, over whatever is mapped there. False when there
/// is not enough memory; then nothing has changed.
bool put_private_pages(void* at, const void* contents, uint64_t bytes);

} // namespace acc::rt
