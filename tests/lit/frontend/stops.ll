; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Stores before the end of a thread are kept: exit, trap and breakpoints read all memory.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=switch-target,inline-ptx,stops %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: define void @leave(
; CHECK: store i32 1
; CHECK-NEXT: call void asm sideeffect "", "~{memory}"()
; CHECK-NEXT: call void @llvm.nvvm.exit()
define void @leave(ptr %p) {
  store i32 1, ptr %p
  call void asm sideeffect "exit;", ""()
  ret void
}

; CHECK-LABEL: define void @trap(
; CHECK: call void asm sideeffect "", "~{memory}"()
; CHECK-NEXT: call void @llvm.trap()
; CHECK: call void asm sideeffect "", "~{memory}"()
; CHECK-NEXT: call void @llvm.debugtrap()
define void @trap() {
  call void @llvm.trap()
  call void asm sideeffect "brkpt;", ""()
  ret void
}
declare void @llvm.trap()
