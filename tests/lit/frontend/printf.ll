; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; The size of the argument buffer, and the number of arguments as the result.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=printf %s | FileCheck %s
; RUN: not acc-frontend --passes=printf %S/Inputs/vprintf.ll 2>&1 | FileCheck --check-prefix=ERROR %s
; ERROR: vprintf with an argument buffer that is not a local variable
target triple = "nvptx64-nvidia-cuda"
@format = private constant [6 x i8] c"%d %f\00"
%args = type { i32, double }
declare i32 @vprintf(ptr, ptr)

; CHECK-LABEL: define i32 @two(
; CHECK: [[S:%.*]] = call i32 @__acc_printf(ptr @format, ptr %buffer, i32 16)
; CHECK: [[LOST:%.*]] = icmp slt i32 [[S]], 0
; CHECK: [[R:%.*]] = select i1 [[LOST]], i32 [[S]], i32 2
; CHECK: ret i32 [[R]]
define i32 @two() {
  %buffer = alloca %args, align 8
  %r = call i32 @vprintf(ptr @format, ptr %buffer)
  ret i32 %r
}

; CHECK-LABEL: define i32 @none(
; CHECK: call i32 @__acc_printf(ptr @format, ptr null, i32 0)
define i32 @none() {
  %r = call i32 @vprintf(ptr @format, ptr null)
  ret i32 %r
}
