; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: not acc-llc %s -o /dev/null 2>&1 | FileCheck %s
; What cannot be compiled is named.
target triple = "nvptx64-nvidia-cuda"
; CHECK: store to constant memory
define void @write_constant(ptr addrspace(4) %p) {
  store i32 1, ptr addrspace(4) %p
  ret void
}
