; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; The copy of a structure that is passed by value is made before the call, so that the function can be inlined.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=value-parameters %s | FileCheck %s
target triple = "acc"
target datalayout = "e-p:64:64-p1:64:64-p3:32:32-p4:64:64-p5:32:32-i64:64-A5"

%four = type { float, float, float, float }

; CHECK-LABEL: define float @caller(
; CHECK: [[COPY:%.*]] = alloca %four, align 16, addrspace(5)
; CHECK: [[GENERIC:%.*]] = addrspacecast ptr addrspace(5) [[COPY]] to ptr
; CHECK: call void @llvm.lifetime.start.p5(ptr addrspace(5) [[COPY]])
; CHECK: call void @llvm.memcpy{{.*}}(ptr align 16 [[GENERIC]], ptr align 16 %p, i64 16, i1 false)
; CHECK: {{^ *}}%r = call float @named(ptr align 16 [[GENERIC]])
; CHECK: call void @llvm.lifetime.end.p5(ptr addrspace(5) [[COPY]])
; CHECK: call float %f(ptr byval(%four) align 16 %p)
; CHECK: call float @pointed_to(ptr byval(%four) align 16 %p)
define float @caller(ptr %p, ptr %f) {
  %r = tail call float @named(ptr byval(%four) align 16 %p)
  %s = call float %f(ptr byval(%four) align 16 %p)
  %t = call float @pointed_to(ptr byval(%four) align 16 %p)
  %u = fadd float %r, %s
  %v = fadd float %u, %t
  ret float %v
}

; CHECK: define internal float @named(ptr noalias align 16 dereferenceable(16) %q)
define internal float @named(ptr byval(%four) align 16 %q) {
  %x = load float, ptr %q
  store float 0.0, ptr %q
  ret float %x
}

; What is called through pointers keeps its form.
; CHECK: define internal float @pointed_to(ptr byval(%four) align 16 %q)
define internal float @pointed_to(ptr byval(%four) align 16 %q) {
  %x = load float, ptr %q
  ret float %x
}
@table = global ptr @pointed_to

; So does a kernel.
; CHECK: define ptx_kernel void @kernel(ptr byval(%four) align 16 %q)
define ptx_kernel void @kernel(ptr byval(%four) align 16 %q) {
  ret void
}
