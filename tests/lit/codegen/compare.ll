; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: select_less:
; CHECK: isetp.s32.lt [[P:p[0-9]]], r4, r5
; CHECK: selp.b32 r4, r6, r7, [[P]]
define i32 @select_less(i32 %a, i32 %b, i32 %c, i32 %d) {
  %p = icmp slt i32 %a, %b
  %r = select i1 %p, i32 %c, i32 %d
  ret i32 %r
}

; A comparison takes a second predicate along.
; CHECK-LABEL: in_range:
; CHECK: isetp.s32.lt [[P:p[0-9]]], r{{[45]}}, r
; CHECK: isetp.s32.lt.and p{{[0-9]}}, r{{[45]}}, r{{[67]}}, [[P]]
; CHECK-NOT: plop
; CHECK: ret
define i32 @in_range(i32 %a, i32 %b, i32 %n, i32 %m) {
  %p = icmp slt i32 %a, %n
  %q = icmp slt i32 %b, %m
  %c = and i1 %p, %q
  %r = select i1 %c, i32 %a, i32 %b
  ret i32 %r
}

; CHECK-LABEL: unordered:
; CHECK: fsetp.f32.ltu
define i1 @unordered(float %a, float %b) {
  %r = fcmp ult float %a, %b
  ret i1 %r
}

; CHECK-LABEL: nan:
; CHECK: fsetp.f64.nan
define i1 @nan(double %a, double %b) {
  %r = fcmp uno double %a, %b
  ret i1 %r
}

; CHECK-LABEL: unsigned64:
; CHECK: isetp.u64.gt p{{[0-9]}}, r4, r6
define i1 @unsigned64(i64 %a, i64 %b) {
  %r = icmp ugt i64 %a, %b
  ret i1 %r
}

; A negated condition costs nothing.
; CHECK-LABEL: negated:
; CHECK-NOT: pmov
; CHECK: selp.b32
define i32 @negated(i1 %p, i32 %a, i32 %b) {
  %n = xor i1 %p, true
  %r = select i1 %n, i32 %a, i32 %b
  ret i32 %r
}

; CHECK-LABEL: to_int:
; CHECK: selp.b32 r4, rz, 1, !p
define i32 @to_int(i32 %a) {
  %p = icmp eq i32 %a, 3
  %r = zext i1 %p to i32
  ret i32 %r
}

; CHECK-LABEL: to_float:
; CHECK: selp.b64
; CHECK: ret r2
define double @to_float(i32 %a) {
  %p = icmp eq i32 %a, 3
  %r = uitofp i1 %p to double
  ret double %r
}
