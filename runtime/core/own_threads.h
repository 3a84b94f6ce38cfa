// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which threads of the process are the runtime's or the device's and not the program's. Names do
// not tell: a thread inherits its creator's, and a program may be called anything.
#pragma once

#include <sys/types.h>

namespace acc::rt {

/// The calling thread is one of ours, until it ends.
void enter_own_thread();
/// True for one of them, by the kernel's number.
bool is_own_thread(pid_t thread);

} // namespace acc::rt
