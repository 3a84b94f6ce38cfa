; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; clang calls C's function for __builtin_logb: on the device that is the device library's.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=math-calls %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
declare double @logb(double)
declare i32 @ilogbf(float)
declare double @erff(double)
define double @cbrt(double %x) {
  ret double %x
}
; CHECK-LABEL: define double @f(
define double @f(double %d, float %f) {
; CHECK: call double @__nv_logb(double %d)
  %a = call double @logb(double %d)
; CHECK: call i32 @__nv_ilogbf(float %f)
  %b = call i32 @ilogbf(float %f)
; Not C's: its type is another; the program has its own.
; CHECK: call double @erff(double %a)
  %c = call double @erff(double %a)
; CHECK: call double @cbrt(double %c)
  %e = call double @cbrt(double %c)
  ret double %e
}
