; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Special registers in the place of threadIdx and its kin; who copies one has it on the stack.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=builtin-variables %s | FileCheck %s
target triple = "acc"
@threadIdx = external addrspace(1) constant { i32, i32, i32 }
@blockDim = external addrspace(1) constant { i32, i32, i32 }

; CHECK-NOT: @threadIdx
; CHECK-LABEL: define i32 @fields(
; CHECK-NEXT: [[X:%.*]] = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
; CHECK-NEXT: [[Z:%.*]] = call i32 @llvm.nvvm.read.ptx.sreg.tid.z()
; CHECK-NEXT: [[Y:%.*]] = call i32 @llvm.nvvm.read.ptx.sreg.ntid.y()
; CHECK-NEXT: add i32 [[X]], [[Z]]
define i32 @fields() {
  %x = load i32, ptr addrspacecast (ptr addrspace(1) @threadIdx to ptr)
  %z = load i32, ptr getelementptr (i8, ptr addrspacecast (ptr addrspace(1) @threadIdx to ptr), i64 8)
  %y = load i32, ptr getelementptr ({ i32, i32, i32 }, ptr addrspacecast (ptr addrspace(1) @blockDim to ptr), i32 0, i32 1)
  %a = add i32 %x, %z
  %b = add i32 %a, %y
  ret i32 %b
}

; CHECK-LABEL: define void @copy(
; CHECK: alloca [3 x i32]
; CHECK: call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
; CHECK: call i32 @llvm.nvvm.read.ptx.sreg.tid.y()
; CHECK: call i32 @llvm.nvvm.read.ptx.sreg.tid.z()
; CHECK: call void @llvm.memcpy
define void @copy(ptr %to) {
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr addrspacecast (ptr addrspace(1) @threadIdx to ptr), i64 12, i1 false)
  ret void
}
