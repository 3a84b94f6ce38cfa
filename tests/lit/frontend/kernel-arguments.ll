; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Pointers that the host passes point to global memory; structures are read where they lie, or copied when they are written.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=switch-target,kernel-arguments-early %s | FileCheck --check-prefixes=CHECK,EARLY %s
; RUN: acc-frontend --passes=switch-target,kernel-arguments %s | FileCheck --check-prefixes=CHECK,LATE %s
target triple = "nvptx64-nvidia-cuda"
%S = type { ptr, [4 x i32] }
declare void @use(ptr)
declare void @look(ptr nocapture readonly)

; CHECK-LABEL: define ptx_kernel void @pointer(
; EARLY: [[P:%.*]] = addrspacecast ptr %p to ptr addrspace(1)
; EARLY: [[Q:%.*]] = addrspacecast ptr addrspace(1) [[P]] to ptr
; EARLY: store i32 1, ptr [[Q]]
define ptx_kernel void @pointer(ptr %p) {
  store i32 1, ptr %p
  ret void
}

; CHECK-LABEL: define ptx_kernel void @read_only(
; CHECK-NOT: alloca
; CHECK: [[C:%.*]] = addrspacecast ptr %s to ptr addrspace(4)
; CHECK: [[G:%.*]] = addrspacecast ptr addrspace(4) [[C]] to ptr
; CHECK: call void @look(ptr [[G]])
; CHECK: [[L:%.*]] = load ptr, ptr [[G]]
; CHECK: addrspacecast ptr [[L]] to ptr addrspace(1)
define ptx_kernel void @read_only(ptr byval(%S) align 8 %s) {
  call void @look(ptr %s)
  %p = load ptr, ptr %s
  store i32 1, ptr %p
  ret void
}

; CHECK-LABEL: define ptx_kernel void @written(
; CHECK: [[A:%.*]] = alloca %S, align {{8|16}}, addrspace(5)
; CHECK: [[G:%.*]] = addrspacecast ptr addrspace(5) [[A]] to ptr
; CHECK: [[C:%.*]] = addrspacecast ptr %s to ptr addrspace(4)
; CHECK: call void @llvm.memcpy.p5.p4.i64(ptr addrspace(5) {{.*}}[[A]], ptr addrspace(4) {{.*}}[[C]], i64 24
; CHECK: store i64 0, ptr [[G]]
define ptx_kernel void @written(ptr byval(%S) align 8 %s) {
  store i64 0, ptr %s
  ret void
}

; Early, inlining may still show that the callee only reads.
; CHECK-LABEL: define ptx_kernel void @passed(
; EARLY-NOT: alloca
; EARLY: call void @use(ptr %s)
; LATE: alloca %S
define ptx_kernel void @passed(ptr byval(%S) align 8 %s) {
  call void @use(ptr %s)
  ret void
}

; Functions that are no kernels get generic pointers.
; CHECK-LABEL: define void @function(
; CHECK-NEXT: store i32 1, ptr %p
define void @function(ptr %p) {
  store i32 1, ptr %p
  ret void
}
