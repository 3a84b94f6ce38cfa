; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: add_imm:
; CHECK: iadd.b32 r4, r4, 100
; CHECK-NEXT: ret r2
define i32 @add_imm(i32 %a) {
  %r = add i32 %a, 100
  ret i32 %r
}

; A product and a sum are one instruction.
; CHECK-LABEL: mad:
; CHECK: imad.b32 r4, r4, r5, r6
define i32 @mad(i32 %a, i32 %b, i32 %c) {
  %m = mul i32 %a, %b
  %r = add i32 %m, %c
  ret i32 %r
}

; A row index with a constant pitch.
; CHECK-LABEL: mad_imm:
; CHECK: imad.b32 r4, r4, 48, r5
define i32 @mad_imm(i32 %a, i32 %c) {
  %m = mul i32 %a, 48
  %r = add i32 %m, %c
  ret i32 %r
}

; 64-bit products of 32-bit values do not extend their operands first.
; CHECK-LABEL: wide:
; CHECK: imulw.s32 r4, r4, r5
; CHECK-NOT: sext
define i64 @wide(i32 %a, i32 %b) {
  %x = sext i32 %a to i64
  %y = sext i32 %b to i64
  %r = mul i64 %x, %y
  ret i64 %r
}

; CHECK-LABEL: negate:
; CHECK: isub.b32 r4, rz, r4
define i32 @negate(i32 %a) {
  %r = sub i32 0, %a
  ret i32 %r
}

; CHECK-LABEL: shift_add:
; CHECK: ilea.b32{shift=3} r4, r4, r5
define i32 @shift_add(i32 %a, i32 %b) {
  %s = shl i32 %a, 3
  %r = add i32 %s, %b
  ret i32 %r
}

; CHECK-LABEL: divide:
; CHECK: idiv.s32 r4, r4, r5
define i32 @divide(i32 %a, i32 %b) {
  %r = sdiv i32 %a, %b
  ret i32 %r
}

; CHECK-LABEL: remainder64:
; CHECK: irem.u64 r4, r4, r6
define i64 @remainder64(i64 %a, i64 %b) {
  %r = urem i64 %a, %b
  ret i64 %r
}

; A 64-bit constant that is no sign-extended word needs a wide move; others are immediates.
; CHECK-LABEL: const64:
; CHECK: movi.b64 [[C:r[0-9]+]], 0x123456789abcdef0
; CHECK: xor.b64 r4, r4, [[C]]
; CHECK: iadd.b64 r4, r4, -5
define i64 @const64(i64 %a) {
  %x = xor i64 %a, 1311768467463790320
  %r = add i64 %x, -5
  ret i64 %r
}

; Two logical operations are one.
; CHECK-LABEL: logic3:
; CHECK: lop3.b32
; CHECK-NEXT: ret
define i32 @logic3(i32 %a, i32 %b, i32 %c) {
  %x = and i32 %a, %b
  %r = or i32 %x, %c
  ret i32 %r
}

; CHECK-LABEL: minmax:
; CHECK: imin.s32 r4, r4, r5
; CHECK: imax.u32 r4, r4, 7
define i32 @minmax(i32 %a, i32 %b) {
  %m = call i32 @llvm.smin.i32(i32 %a, i32 %b)
  %r = call i32 @llvm.umax.i32(i32 %m, i32 7)
  ret i32 %r
}

; Arithmetic on 128 bits is done in 64-bit steps.
; CHECK-LABEL: add128:
; CHECK-DAG: iadd.b64
; CHECK-DAG: isetp.u64.lt
; CHECK: ret r2
define i128 @add128(i128 %a, i128 %b) {
  %r = add i128 %a, %b
  ret i128 %r
}

; CHECK-LABEL: overflow:
; CHECK: imulhi.u32
define { i32, i1 } @overflow(i32 %a, i32 %b) {
  %r = call { i32, i1 } @llvm.umul.with.overflow.i32(i32 %a, i32 %b)
  ret { i32, i1 } %r
}

; Absolute differences are added up by the instruction that forms them.
; CHECK-LABEL: sum_of_differences:
; CHECK: isad.s32 r4, r4, r5, r6
; CHECK-NEXT: ret
define i32 @sum_of_differences(i32 %a, i32 %b, i32 %sum) {
  %hi = call i32 @llvm.smax.i32(i32 %a, i32 %b)
  %lo = call i32 @llvm.smin.i32(i32 %a, i32 %b)
  %d = sub i32 %hi, %lo
  %r = add i32 %d, %sum
  ret i32 %r
}

; CHECK-LABEL: sum_of_unsigned_differences:
; CHECK: isad.u32 r4, r4, 100, r5
; CHECK-NEXT: ret
define i32 @sum_of_unsigned_differences(i32 %a, i32 %sum) {
  %hi = call i32 @llvm.umax.i32(i32 %a, i32 100)
  %lo = call i32 @llvm.umin.i32(i32 %a, i32 100)
  %d = sub i32 %hi, %lo
  %r = add i32 %sum, %d
  ret i32 %r
}
