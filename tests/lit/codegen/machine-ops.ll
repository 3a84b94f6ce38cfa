; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Instructions by name: the modifiers of the call are the instruction's.
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: floats:
; CHECK: fadd.f32.rz.ftz.sat r4, r4, r5
; CHECK: fmin.f32.nan.xorsign
; CHECK: ftestp.f32.subnormal p
define i1 @floats(float %a, float %b) {
  %s = call float @__acc_op.fadd.f32.rz.ftz.sat(float %a, float %b)
  %m = call float @__acc_op.fmin.f32.nan.xorsign(float %s, float %b)
  %r = call i1 @__acc_op.ftestp.f32.subnormal(float %m)
  ret i1 %r
}

; CHECK-LABEL: words:
; CHECK: hfma.{{.*}}bf16x2
; CHECK: shf.l.clamp
; CHECK: cvt.f16x2.f32.rz.relu
; CHECK: cvt.s64.f64.rpi
define i64 @words(i32 %a, i32 %b, i32 %c, float %f, double %d) {
  %h = call i32 @__acc_op.hfma.bf16x2.relu(i32 %a, i32 %b, i32 %c)
  %s = call i32 @__acc_op.shf.l.clamp(i32 %h, i32 %b, i32 %c)
  %g = bitcast i32 %s to float
  %p = call i32 @__acc_op.cvt.f16x2.f32.rz.relu(float %g, float %f)
  %l = call i64 @__acc_op.cvt.s64.f64.rpi(double %d)
  %e = zext i32 %p to i64
  %r = add i64 %l, %e
  ret i64 %r
}

; Compiler barriers become no instruction, but no access crosses them.
; CHECK-LABEL: barriers:
; CHECK: st.global.b32 [{{.*}}], r
; CHECK-NEXT: //APP
; CHECK-NEXT: //NO_APP
; CHECK-NEXT: ld.global.b32
; CHECK-NEXT: //APP
; CHECK-NEXT: //NO_APP
; CHECK-NEXT: ret
define i32 @barriers(ptr addrspace(1) %p, i32 %v) {
  store i32 %v, ptr addrspace(1) %p
  call void asm sideeffect "", "~{memory}"()
  %r = load i32, ptr addrspace(1) %p
  %h = call i32 asm sideeffect "", "=r,0"(i32 %r)
  ret i32 %h
}

; The scalar formats read the low half of a word and clear the high one of the result: nothing else does.
; CHECK-LABEL: halves:
; CHECK-NOT: and
; CHECK: hmul.f16
; CHECK-NEXT: hadd.bf16
; CHECK-NEXT: ret
define i32 @halves(i32 %a, i32 %b) {
  %x = and i32 %a, 65535
  %n = trunc i32 %b to i16
  %y = zext i16 %n to i32
  %p = call i32 @__acc_op.hmul.f16(i32 %x, i32 %y)
  %q = and i32 %p, 65535
  %s = call i32 @__acc_op.hadd.bf16(i32 %q, i32 %q)
  %r = and i32 %s, 65535
  ret i32 %r
}

; The packed ones read both.
; CHECK-LABEL: pairs:
; CHECK: and.b32
; CHECK: hmul.f16x2
; CHECK: and.b32
define i32 @pairs(i32 %a, i32 %b) {
  %x = and i32 %a, 65535
  %p = call i32 @__acc_op.hmul.f16x2(i32 %x, i32 %b)
  %q = and i32 %p, 65535
  ret i32 %q
}

declare i32 @__acc_op.hmul.f16(i32, i32)
declare i32 @__acc_op.hmul.f16x2(i32, i32)
declare i32 @__acc_op.hadd.bf16(i32, i32)
declare float @__acc_op.fadd.f32.rz.ftz.sat(float, float)
declare float @__acc_op.fmin.f32.nan.xorsign(float, float)
declare i1 @__acc_op.ftestp.f32.subnormal(float)
declare i32 @__acc_op.hfma.bf16x2.relu(i32, i32, i32)
declare i32 @__acc_op.shf.l.clamp(i32, i32, i32)
declare i32 @__acc_op.cvt.f16x2.f32.rz.relu(float, float)
declare i64 @__acc_op.cvt.s64.f64.rpi(double)
