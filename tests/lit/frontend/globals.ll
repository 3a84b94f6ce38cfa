; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Every global gets an address space; extern __shared__ arrays start where the launch's shared memory starts.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=switch-target,globals %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-DAG: @text = private unnamed_addr addrspace(4) constant [3 x i8] c"hi\00"
@text = private unnamed_addr constant [3 x i8] c"hi\00"
; CHECK-DAG: @guard = internal addrspace(1) global i32 5
@guard = internal global i32 5
; CHECK-DAG: @table = addrspace(1) externally_initialized global ptr addrspacecast (ptr addrspace(4) @text to ptr)
@table = addrspace(1) externally_initialized global ptr @text
; CHECK-DAG: @tile = internal addrspace(3) global [64 x float] undef
@tile = internal addrspace(3) global [64 x float] undef
; CHECK-NOT: @dynamic
@dynamic = external addrspace(3) global [0 x float]

; CHECK-LABEL: define ptr @literal(
; CHECK: ret ptr addrspacecast (ptr addrspace(4) @text to ptr)
define ptr @literal() {
  ret ptr @text
}

; CHECK-LABEL: define float @dynamic_shared(
; CHECK: [[START:%.*]] = call i32 @__acc_sr_dyn_shared()
; CHECK: inttoptr i32 [[START]] to ptr addrspace(3)
define float @dynamic_shared(i64 %i) {
  %p = getelementptr float, ptr addrspacecast (ptr addrspace(3) @dynamic to ptr), i64 %i
  %x = load float, ptr %p
  ret float %x
}
