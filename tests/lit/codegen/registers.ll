; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)

; A block of 1024 threads must fit on a compute unit of 65536 registers: without launch bounds a kernel has 64.
; CHECK-LABEL: unbounded:
; CHECK-NOT: {{[[:space:]]r(6[4-9]|[7-9][0-9]|[12][0-9][0-9])[, ]}}
; CHECK: st.local
; CHECK: exit
define ptx_kernel void @unbounded(ptr addrspace(1) %p, ptr addrspace(1) %q) {
  %v = load volatile [80 x i32], ptr addrspace(1) %p
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  store volatile [80 x i32] %v, ptr addrspace(1) %q
  ret void
}

; CHECK-LABEL: bounded:
; CHECK-NOT: st.local
; CHECK: exit
define ptx_kernel void @bounded(ptr addrspace(1) %p, ptr addrspace(1) %q) #0 {
  %v = load volatile [80 x i32], ptr addrspace(1) %p
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  store volatile [80 x i32] %v, ptr addrspace(1) %q
  ret void
}
attributes #0 = { "nvvm.maxntid"="256" }
