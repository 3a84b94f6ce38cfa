; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Short copies of constant length stay, all others become loops of the widest access that the alignment allows.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=switch-target,memory-intrinsics %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: define void @short(
; CHECK: call void @llvm.memcpy.p1.p1.i64(
; CHECK-NEXT: ret void
define void @short(ptr addrspace(1) %d, ptr addrspace(1) %s) {
  call void @llvm.memcpy.p1.p1.i64(ptr addrspace(1) align 4 %d, ptr addrspace(1) align 4 %s, i64 128, i1 false)
  ret void
}

; CHECK-LABEL: define void @long(
; CHECK-NOT: @llvm.memcpy
; CHECK: load <4 x i32>, ptr addrspace(1) {{.*}}, align 16
; CHECK: store <4 x i32> {{.*}}, align 16
; CHECK: ret void
define void @long(ptr addrspace(1) %d, ptr addrspace(1) %s) {
  call void @llvm.memcpy.p1.p1.i64(ptr addrspace(1) align 16 %d, ptr addrspace(1) align 16 %s, i64 4096, i1 false)
  ret void
}

; CHECK-LABEL: define void @unknown_length(
; CHECK: load i32, ptr {{.*}}, align 4
; CHECK: load i8, ptr
; CHECK: ret void
define void @unknown_length(ptr %d, ptr %s, i32 %n) {
  call void @llvm.memcpy.p0.p0.i32(ptr align 4 %d, ptr align 8 %s, i32 %n, i1 false)
  ret void
}

; CHECK-LABEL: define void @fill(
; CHECK: mul i64 {{.*}}, 72340172838076673
; CHECK: store i64
; CHECK: ret void
define void @fill(ptr addrspace(3) %d, i8 %v, i64 %n) {
  call void @llvm.memset.p3.i64(ptr addrspace(3) align 8 %d, i8 %v, i64 %n, i1 false)
  ret void
}

; Overlap is possible: both directions.
; CHECK-LABEL: define void @move(
; CHECK: icmp ule ptr %d, %s
; CHECK: ret void
define void @move(ptr %d, ptr %s, i64 %n) {
  call void @llvm.memmove.p0.p0.i64(ptr %d, ptr %s, i64 %n, i1 false)
  ret void
}

; Shared and local memory never overlap.
; CHECK-LABEL: define void @move_between_spaces(
; CHECK-NOT: icmp ule
; CHECK: ret void
define void @move_between_spaces(ptr addrspace(3) %d, ptr addrspace(5) %s, i64 %n) {
  call void @llvm.memmove.p3.p5.i64(ptr addrspace(3) %d, ptr addrspace(5) %s, i64 %n, i1 false)
  ret void
}
