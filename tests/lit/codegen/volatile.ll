; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; A volatile access through a generic pointer whose space is known is one of that space.
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: global:
; CHECK: ld.global.b32.volatile
; CHECK: st.global.b32.volatile
define ptx_kernel void @global(ptr %p) {
  %v = load volatile i32, ptr %p
  %w = add i32 %v, 1
  store volatile i32 %w, ptr %p
  ret void
}
