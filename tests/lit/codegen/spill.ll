; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
declare i32 @clobber()

; Three predicates survive a call in registers (which this function saves); the fourth goes through a word in memory.
; CHECK-LABEL: predicates:
; CHECK: selp.b32 r1, rz, 1, !p
; CHECK: st.local.b32 [r0 + {{[0-9]+}}], r1
; CHECK: call r2, clobber
; CHECK: ld.local.b32 r1, [r0
; CHECK: isetp.s32.ne p{{[0-9]}}, r1, 0
; CHECK: ret r2
define i32 @predicates(i32 %a, i32 %b, i32 %c, i32 %d) {
  %p = icmp slt i32 %a, %b
  %q = icmp slt i32 %b, %c
  %r = icmp slt i32 %c, %d
  %s = icmp slt i32 %d, %a
  %t = icmp eq i32 %d, %b
  %x = call i32 @clobber()
  %1 = select i1 %p, i32 %x, i32 2
  %2 = select i1 %q, i32 %1, i32 4
  %3 = select i1 %r, i32 %2, i32 8
  %4 = select i1 %s, i32 %3, i32 16
  %5 = select i1 %t, i32 %4, i32 32
  ret i32 %5
}
