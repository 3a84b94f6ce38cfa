; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Math that is no instruction goes to the device library.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=math-calls %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: define float @single(
; CHECK: call float @__nv_sinf(float %x)
; CHECK: call float @__nv_powf(float {{.*}}, float %x)
; CHECK: call float @__nv_fmodf(float {{.*}}, float %x)
; CHECK: call float @llvm.floor.f32(
define float @single(float %x) {
  %s = call float @llvm.sin.f32(float %x)
  %p = call float @llvm.pow.f32(float %s, float %x)
  %m = frem float %p, %x
  %f = call float @llvm.floor.f32(float %m)
  ret float %f
}

; CHECK-LABEL: define double @twice(
; CHECK: call double @__nv_exp(double %x)
; CHECK: call double @__nv_fmod(
define double @twice(double %x) {
  %s = call double @llvm.exp.f64(double %x)
  %m = frem double %s, %x
  ret double %m
}
