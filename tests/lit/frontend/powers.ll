; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Powers with a constant whole exponent that are one operation.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=powers %s | FileCheck %s
target triple = "acc"

; CHECK-LABEL: define double @square(
; CHECK: [[S:%.*]] = fmul double %x, %x
; CHECK: [[I:%.*]] = fdiv double 1.000000e+00, [[S]]
; CHECK: call double @__nv_pow(double [[I]], double 3.000000e+00)
define double @square(double %x) {
  %s = call double @__nv_pow(double %x, double 2.0)
  %i = call double @__nv_powi(double %s, i32 -1)
  %c = call double @__nv_pow(double %i, double 3.0)
  ret double %c
}

; CHECK-LABEL: define float @same(
; CHECK: [[R:%.*]] = fadd float %x, 1.000000e+00
; CHECK: [[P:%.*]] = call float @__nv_powf(float [[R]], float %x)
; CHECK: ret float [[P]]
define float @same(float %x) {
  %a = call float @__nv_powif(float %x, i32 1)
  %b = call float @__nv_powf(float %x, float 0.0)
  %r = fadd float %a, %b
  %p = call float @__nv_powf(float %r, float %x)
  ret float %p
}
declare double @__nv_pow(double, double)
declare float @__nv_powf(float, float)
declare double @__nv_powi(double, i32)
declare float @__nv_powif(float, i32)
