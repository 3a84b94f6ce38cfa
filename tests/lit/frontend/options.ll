; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; --ftz, --prec-div, --prec-sqrt, -maxrregcount.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=reflect,precision %s | FileCheck --check-prefixes=CHECK,PRECISE %s
; RUN: acc-frontend --passes=reflect,precision --ftz --no-prec-div --no-prec-sqrt --maxregs=40 %s | FileCheck --check-prefixes=CHECK,FAST %s
target triple = "nvptx64-nvidia-cuda"
@ftz = private constant [11 x i8] c"__CUDA_FTZ\00"
@other = private constant [8 x i8] c"__OTHER\00"
declare i32 @__nvvm_reflect(ptr)

; CHECK-LABEL: define i32 @reflect(
; PRECISE: add i32 0, 0
; FAST: add i32 1, 0
define i32 @reflect() {
  %a = call i32 @__nvvm_reflect(ptr @ftz)
  %b = call i32 @__nvvm_reflect(ptr @other)
  %c = add i32 %a, %b
  ret i32 %c
}

; CHECK-LABEL: define ptx_kernel void @math(
; PRECISE: fdiv float
; PRECISE: @llvm.sqrt.f32
; FAST: call float @llvm.nvvm.div.full.ftz(
; FAST: call float @llvm.nvvm.sqrt.approx.ftz.f(
; CHECK: fdiv double
; CHECK: @llvm.sqrt.f64
; FAST: attributes {{.*}} "nvvm.maxnreg"="40"
; PRECISE-NOT: nvvm.maxnreg
define ptx_kernel void @math(float %a, float %b, double %c, ptr %p, ptr %q) {
  %d = fdiv float %a, %b
  %s = call float @llvm.sqrt.f32(float %d)
  store float %s, ptr %p
  %e = fdiv double %c, %c
  %t = call double @llvm.sqrt.f64(double %e)
  store double %t, ptr %q
  ret void
}
