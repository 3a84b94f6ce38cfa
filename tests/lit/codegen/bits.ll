; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: count:
; CHECK: popc.b32
; CHECK: clz.b32
; CHECK: ctz.b32
; CHECK: brev.b32
define i32 @count(i32 %a) {
  %p = call i32 @llvm.ctpop.i32(i32 %a)
  %c = call i32 @llvm.ctlz.i32(i32 %p, i1 false)
  %t = call i32 @llvm.cttz.i32(i32 %c, i1 false)
  %r = call i32 @llvm.bitreverse.i32(i32 %t)
  ret i32 %r
}

; CHECK-LABEL: count64:
; CHECK: popc.b64 r4, r4
; CHECK-NEXT: ret
define i32 @count64(i64 %a) {
  %p = call i64 @llvm.ctpop.i64(i64 %a)
  %r = trunc i64 %p to i32
  ret i32 %r
}

; CHECK-LABEL: swap:
; CHECK: prmt r4, r4, {{0x123|291}}, rz
define i32 @swap(i32 %a) {
  %r = call i32 @llvm.bswap.i32(i32 %a)
  ret i32 %r
}

; start 4, length 6
; CHECK-LABEL: field:
; CHECK: bfe.u32 r4, r4, {{0x604|1540}}
define i32 @field(i32 %a) {
  %s = lshr i32 %a, 4
  %r = and i32 %s, 63
  ret i32 %r
}

; start 8, length 16, signed
; CHECK-LABEL: field_signed:
; CHECK: bfe.s32 r4, r4, {{0x1008|4104}}
define i32 @field_signed(i32 %a) {
  %s = shl i32 %a, 8
  %r = ashr i32 %s, 16
  ret i32 %r
}

; CHECK-LABEL: rotate:
; CHECK: shf.l{{.*}} r4, r4, 5, r4
define i32 @rotate(i32 %a) {
  %r = call i32 @llvm.fshl.i32(i32 %a, i32 %a, i32 5)
  ret i32 %r
}

; The machine takes a 64-bit value apart for nothing.
; CHECK-LABEL: high:
; CHECK: mov.b32 r4, r5
; CHECK-NEXT: ret
define i32 @high(i64 %a) {
  %s = lshr i64 %a, 32
  %r = trunc i64 %s to i32
  ret i32 %r
}
