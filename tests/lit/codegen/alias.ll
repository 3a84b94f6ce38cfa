; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; Constant memory does not change, and shared memory is not global memory: both values are read once.
; CHECK-LABEL: read_once:
; CHECK-COUNT-1: ld.const.b32
; CHECK-NOT: ld.const
; CHECK: ret r2
define i32 @read_once(ptr addrspace(4) %c, ptr addrspace(1) %g) {
  %a = load i32, ptr addrspace(4) %c
  store i32 5, ptr addrspace(1) %g
  %b = load i32, ptr addrspace(4) %c
  %r = add i32 %a, %b
  ret i32 %r
}

; CHECK-LABEL: shared_and_global:
; CHECK-COUNT-1: ld.shared.b32
; CHECK-NOT: ld.shared
; CHECK: ret r2
define i32 @shared_and_global(ptr addrspace(3) %s, ptr addrspace(1) %g) {
  %a = load i32, ptr addrspace(3) %s
  store i32 5, ptr addrspace(1) %g
  %b = load i32, ptr addrspace(3) %s
  %r = mul i32 %a, %b
  ret i32 %r
}

; A generic pointer may point to shared memory.
; CHECK-LABEL: generic:
; CHECK: ld.shared.b32
; CHECK: st.generic.b32
; CHECK: ld.shared.b32
define i32 @generic(ptr addrspace(3) %s, ptr %p) {
  %a = load i32, ptr addrspace(3) %s
  store i32 5, ptr %p
  %b = load i32, ptr addrspace(3) %s
  %r = mul i32 %a, %b
  ret i32 %r
}

; A barrier lets other threads write.
; CHECK-LABEL: barrier:
; CHECK: ld.shared.b32
; CHECK: bar.sync
; CHECK: ld.shared.b32
define i32 @barrier(ptr addrspace(3) %s) {
  %a = load i32, ptr addrspace(3) %s
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  %b = load i32, ptr addrspace(3) %s
  %r = mul i32 %a, %b
  ret i32 %r
}
