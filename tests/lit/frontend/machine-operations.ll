; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Machine operations are pure functions, whatever clang says of device functions; others stay as they are.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=machine-operations %s | FileCheck %s
target triple = "acc"

; CHECK-LABEL: define i32 @f(
; CHECK: call i32 @__acc_op.hadd.f16(i32 %a, i32 %a) #[[QUIET:[0-9]+]]
; CHECK: call i32 @other(i32 %a) #[[CALL:[0-9]+]]
define i32 @f(i32 %a) {
  %b = call i32 @__acc_op.hadd.f16(i32 %a, i32 %a) #0
  %c = call i32 @other(i32 %a) #0
  %d = add i32 %b, %c
  ret i32 %d
}

; CHECK: declare i32 @__acc_op.hadd.f16(i32, i32) #[[PURE:[0-9]+]]
declare i32 @__acc_op.hadd.f16(i32, i32) #0
declare i32 @other(i32) #0

; CHECK: attributes #[[PURE]] = { nosync nounwind speculatable willreturn memory(none) }
; CHECK: attributes #[[CALL]] = { convergent nounwind }
; CHECK: attributes #[[QUIET]] = { nounwind }
attributes #0 = { convergent nounwind }
