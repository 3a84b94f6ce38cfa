// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program whose main thread ends with pthread_exit goes on until its last thread ends, and then
// exits with status 0. The runtime's own threads never end, and must not keep such a process alive.
#pragma once

namespace acc::cuda {

/// Begins to look after the end of the main thread when the caller is it. Cheap; may be called
/// often.
void watch_main_thread();

} // namespace acc::cuda
