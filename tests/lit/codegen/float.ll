; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: muladd:
; CHECK: ffma.f32 r4, r4, r5, r6
define float @muladd(float %a, float %b, float %c) {
  %m = fmul contract float %a, %b
  %r = fadd contract float %m, %c
  ret float %r
}

; Only where the program allows it: exact algorithms depend on it.
; CHECK-LABEL: exact:
; CHECK: fmul.f32 [[M:r[0-9]+]], r4, r5
; CHECK: fadd.f32 r4, [[M]], r6
define float @exact(float %a, float %b, float %c) {
  %m = fmul float %a, %b
  %r = fadd float %m, %c
  ret float %r
}

; CHECK-LABEL: fma_negated:
; CHECK: ffma.f32{{.*}}.na{{.*}} r4, r4, r5, r6
define float @fma_negated(float %a, float %b, float %c) {
  %n = fneg float %a
  %r = call float @llvm.fma.f32(float %n, float %b, float %c)
  ret float %r
}

; Subtraction is addition of the negated operand.
; CHECK-LABEL: sub:
; CHECK: fadd.f32.nb r4, r4, r5
define float @sub(float %a, float %b) {
  %r = fsub float %a, %b
  ret float %r
}

; CHECK-LABEL: immediates:
; CHECK: fmul.f32 r4, r4, 2.5
define float @immediates(float %a) {
  %r = fmul float %a, 2.5
  ret float %r
}

; An f64 immediate exists when its low word is zero.
; CHECK-LABEL: immediates64:
; CHECK: fadd.f64 r4, r4, 1.5
; CHECK: movi.b64
; CHECK: fmul.f64
define double @immediates64(double %a) {
  %x = fadd double %a, 1.5
  %r = fmul double %x, 0.1
  ret double %r
}

; Division and square root are correctly rounded instructions; 1/x is its own.
; CHECK-LABEL: divide:
; CHECK: fdiv.f32
; CHECK: fsqrt.f32
; CHECK: frcp.f32
define float @divide(float %a, float %b) {
  %d = fdiv float %a, %b
  %s = call float @llvm.sqrt.f32(float %d)
  %r = fdiv float 1.0, %s
  ret float %r
}

; The sign is a bit: exact for every value.
; CHECK-LABEL: signs:
; CHECK: xor.b32 {{r[0-9]+}}, {{r[0-9]+}}, {{0x80000000|-2147483648}}
define float @signs(float %a) {
  %r = fneg float %a
  ret float %r
}

; CHECK-LABEL: rounding:
; CHECK: frnd.f32.rmi
; CHECK: frnd.f32.rpi
; CHECK: frnd.f32.rzi
; CHECK: frnd.f32.rna
; CHECK: frnd.f32{{(.rni)?}} r
define float @rounding(float %a) {
  %f = call float @llvm.floor.f32(float %a)
  %f2 = fadd float %f, %a
  %c = call float @llvm.ceil.f32(float %f2)
  %c2 = fadd float %c, %a
  %t = call float @llvm.trunc.f32(float %c2)
  %t2 = fadd float %t, %a
  %r = call float @llvm.round.f32(float %t2)
  %r2 = fadd float %r, %a
  %n = call float @llvm.rint.f32(float %r2)
  ret float %n
}

; CHECK-LABEL: directed:
; CHECK: fadd.f32.rz
; CHECK: fmul.f32.rp.ftz
; CHECK: ffma.f64.rm
define float @directed(float %a, float %b, double %d) {
  %x = call float @llvm.nvvm.add.rz.f(float %a, float %b)
  %y = call float @llvm.nvvm.mul.rp.ftz.f(float %x, float %b)
  %z = call double @llvm.nvvm.fma.rm.d(double %d, double %d, double %d)
  %t = fptrunc double %z to float
  %r = fadd float %y, %t
  ret float %r
}

; CHECK-LABEL: approximations:
; CHECK: rsqrt.approx.f32
; CHECK: ex2.approx.f32.ftz
; CHECK: sin.approx.f32
define float @approximations(float %a) {
  %x = call float @llvm.nvvm.rsqrt.approx.f(float %a)
  %y = call float @llvm.nvvm.ex2.approx.ftz.f32(float %x)
  %r = call float @llvm.nvvm.sin.approx.f(float %y)
  ret float %r
}

; Halves are computed in f32.
; CHECK-LABEL: half_sum:
; CHECK-DAG: cvt.f32.f16
; CHECK: fadd.f32
; CHECK: cvt.f16.f32
define half @half_sum(half %a, half %b) {
  %r = fadd half %a, %b
  ret half %r
}

; CHECK-LABEL: to_int:
; CHECK: cvt.s32.f32{{(.rzi)?}} r4, r4
define i32 @to_int(float %a) {
  %r = fptosi float %a to i32
  ret i32 %r
}

; CHECK-LABEL: to_unsigned_long:
; CHECK: cvt.u64.f64{{(.rzi)?}} r4, r4
define i64 @to_unsigned_long(double %a) {
  %r = fptoui double %a to i64
  ret i64 %r
}

; CHECK-LABEL: from_int:
; CHECK: cvt.f64.s32 r4, r4
define double @from_int(i32 %a) {
  %r = sitofp i32 %a to double
  ret double %r
}

; CHECK-LABEL: from_unsigned_long:
; CHECK: cvt.f32.u64 r4, r4
define float @from_unsigned_long(i64 %a) {
  %r = uitofp i64 %a to float
  ret float %r
}
