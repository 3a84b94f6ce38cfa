; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Local variables move to address space 5; markers follow, everything else sees a cast.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=switch-target,allocas %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
; CHECK: target datalayout = "e-p:64:64-p1:64:64-p3:32:32-p4:64:64-p5:32:32{{.*}}-A5"
; CHECK: target triple = "acc-unknown-unknown-elf"

declare void @use(ptr)

; CHECK-LABEL: define void @scalar(
; CHECK: %x = alloca i32, align 4, addrspace(5)
; CHECK: [[G:%.*]] = addrspacecast ptr addrspace(5) %x to ptr
; CHECK: call void @llvm.lifetime.start.p5(ptr addrspace(5) %x)
; CHECK: call void @use(ptr [[G]])
; CHECK: call void @llvm.lifetime.end.p5(ptr addrspace(5) %x)
define void @scalar() "target-cpu"="sm_80" "target-features"="+ptx88" {
  %x = alloca i32, align 4
  call void @llvm.lifetime.start.p0(ptr %x)
  call void @use(ptr %x)
  call void @llvm.lifetime.end.p0(ptr %x)
  ret void
}

; CHECK-LABEL: define void @dynamic(
; CHECK: alloca double, i32 %n, align 16, addrspace(5)
define void @dynamic(i32 %n) {
  %a = alloca double, i32 %n, align 16
  call void @use(ptr %a)
  ret void
}
; CHECK-NOT: target-cpu
; CHECK-NOT: ptx88
