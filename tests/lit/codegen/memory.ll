; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; base + (index << scale) + offset in one instruction, with the index as the program has it: a word.
; CHECK-LABEL: indexed:
; CHECK: ld.global.b32 r4, [r4 + r6<<2 + 16]
; CHECK-NEXT: ret
define i32 @indexed(ptr addrspace(1) %p, i32 %i) {
  %x = sext i32 %i to i64
  %q = getelementptr i32, ptr addrspace(1) %p, i64 %x
  %e = getelementptr i32, ptr addrspace(1) %q, i64 4
  %r = load i32, ptr addrspace(1) %e
  ret i32 %r
}

; CHECK-LABEL: indexed_unsigned:
; CHECK: st.global.b64.uidx [r4 + r6<<3], r8
define void @indexed_unsigned(ptr addrspace(1) %p, i32 %i, i64 %v) {
  %x = zext i32 %i to i64
  %q = getelementptr i64, ptr addrspace(1) %p, i64 %x
  store i64 %v, ptr addrspace(1) %q
  ret void
}

; Each space has its own instructions; small loads extend.
; CHECK-LABEL: spaces:
; CHECK: ld.generic.s8
; CHECK: ld.const.u16
; CHECK: ld.shared.b32
; CHECK: ld.local.b32
define i32 @spaces(ptr %g, ptr addrspace(4) %c, ptr addrspace(3) %s, ptr addrspace(5) %l) {
  %a = load i8, ptr %g
  %a2 = sext i8 %a to i32
  %b = load i16, ptr addrspace(4) %c
  %b2 = zext i16 %b to i32
  %d = load i32, ptr addrspace(3) %s
  %e = load i32, ptr addrspace(5) %l
  %x = add i32 %a2, %b2
  %y = mul i32 %x, %d
  %r = sub i32 %y, %e
  ret i32 %r
}

; Aligned vectors are one access, unaligned ones are not.
; CHECK-LABEL: vector:
; CHECK: ld.global.b128 [[Q:r[0-9]+]], [r4]
; CHECK: st.shared.b128 [r6], [[Q]]
; CHECK-NEXT: ret
define void @vector(ptr addrspace(1) %p, ptr addrspace(3) %q) {
  %v = load <4 x float>, ptr addrspace(1) %p, align 16
  store <4 x float> %v, ptr addrspace(3) %q, align 16
  ret void
}

; CHECK-LABEL: vector_doubles:
; CHECK: ld.global.b128
; CHECK: fadd.f64
; CHECK: st.global.b128
define void @vector_doubles(ptr addrspace(1) %p, double %d) {
  %v = load <2 x double>, ptr addrspace(1) %p, align 16
  %i = insertelement <2 x double> poison, double %d, i32 0
  %s = shufflevector <2 x double> %i, <2 x double> poison, <2 x i32> zeroinitializer
  %r = fadd <2 x double> %v, %s
  store <2 x double> %r, ptr addrspace(1) %p, align 16
  ret void
}

; CHECK-LABEL: vector_unaligned:
; CHECK-NOT: b128
; CHECK-NOT: b64
; CHECK: ret
define float @vector_unaligned(ptr addrspace(1) %p) {
  %v = load <4 x float>, ptr addrspace(1) %p, align 4
  %a = extractelement <4 x float> %v, i32 0
  %b = extractelement <4 x float> %v, i32 3
  %r = fadd float %a, %b
  ret float %r
}

; Neighbouring scalar accesses are merged when the alignment is known.
; CHECK-LABEL: merged:
; CHECK: ld.global.b64
; CHECK-NOT: ld.global
; CHECK: ret
define i32 @merged(ptr addrspace(1) align 8 %p) {
  %a = load i32, ptr addrspace(1) %p, align 8
  %q = getelementptr i32, ptr addrspace(1) %p, i64 1
  %b = load i32, ptr addrspace(1) %q, align 4
  %r = mul i32 %a, %b
  ret i32 %r
}

; Zero is a register.
; CHECK-LABEL: zero:
; CHECK: st.global.b32 [r4], rz
define void @zero(ptr addrspace(1) %p) {
  store i32 0, ptr addrspace(1) %p
  ret void
}

; Generic pointers carry the space in the high word.
; CHECK-LABEL: casts:
; CHECK-DAG: {{mov.*0x2000000|mov.*33554432}}
; CHECK: ret
define ptr @casts(ptr addrspace(5) %p) {
  %r = addrspacecast ptr addrspace(5) %p to ptr
  ret ptr %r
}

; CHECK-LABEL: cast_back:
; CHECK-NEXT: ret
define ptr addrspace(3) @cast_back(ptr %p) {
  %r = addrspacecast ptr %p to ptr addrspace(3)
  ret ptr addrspace(3) %r
}

; CHECK-LABEL: volatile_access:
; CHECK: ld.global.b32.volatile
; CHECK: st.global.b32.volatile
define void @volatile_access(ptr addrspace(1) %p) {
  %v = load volatile i32, ptr addrspace(1) %p
  store volatile i32 %v, ptr addrspace(1) %p
  ret void
}

; Copies: every byte, in the widest pieces that the alignment allows.
; CHECK-LABEL: copy_aligned:
; CHECK-DAG: ld.global.b128 {{r[0-9]+}}, [r4]
; CHECK-DAG: ld.global.b128 {{r[0-9]+}}, [r4 + 16]
; CHECK-DAG: st.shared.b128 [r6], {{r[0-9]+}}
; CHECK-DAG: st.shared.b128 [r6 + 16], {{r[0-9]+}}
; CHECK: ret
define void @copy_aligned(ptr addrspace(1) %p, ptr addrspace(3) %q) {
  call void @llvm.memcpy.p3.p1.i64(ptr addrspace(3) align 16 %q, ptr addrspace(1) align 16 %p, i64 32, i1 false)
  ret void
}

; CHECK-LABEL: copy_words:
; CHECK-DAG: st.shared.b32 [r6],
; CHECK-DAG: st.shared.b32 [r6 + 4],
; CHECK-DAG: st.shared.b32 [r6 + 8],
; CHECK: ret
define void @copy_words(ptr addrspace(1) %p, ptr addrspace(3) %q) {
  call void @llvm.memcpy.p3.p1.i64(ptr addrspace(3) align 4 %q, ptr addrspace(1) align 4 %p, i64 12, i1 false)
  ret void
}

; CHECK-LABEL: set_bytes:
; CHECK-COUNT-16: st.global.b8
; CHECK: ret
define void @set_bytes(ptr addrspace(1) %p, i8 %v) {
  call void @llvm.memset.p1.i64(ptr addrspace(1) align 1 %p, i8 %v, i64 16, i1 false)
  ret void
}

; The parts of a variable share its address.
; CHECK-LABEL: parts:
; CHECK: lea.pc [[A:r[0-9]+]], table
; CHECK-NOT: lea.pc
; CHECK: ld.const.b32.volatile {{r[0-9]+}}, {{\[}}[[A]] + 4]
; CHECK: ld.const.b32.volatile {{r[0-9]+}}, {{\[}}[[A]] + 20]
@table = internal addrspace(4) constant [8 x i32] [i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8]
define i32 @parts() {
  %a = load volatile i32, ptr addrspace(4) getelementptr (i8, ptr addrspace(4) @table, i64 4)
  %b = load volatile i32, ptr addrspace(4) getelementptr (i8, ptr addrspace(4) @table, i64 20)
  %r = add i32 %a, %b
  ret i32 %r
}

; Copies of up to 128 bytes have no loop.
; CHECK-LABEL: copy_of_100:
; CHECK-NOT: bra
; CHECK-COUNT-25: st.local.b32
; CHECK-NOT: st.local
; CHECK: ret
define void @copy_of_100(ptr addrspace(5) %to, ptr addrspace(1) %from) {
  call void @llvm.memcpy.p5.p1.i64(ptr addrspace(5) align 4 %to, ptr addrspace(1) align 4 %from, i64 100, i1 false)
  ret void
}

; A predicate in memory is a byte.
; CHECK-LABEL: predicate_in_memory:
; CHECK: ld.global.u8 [[B:r[0-9]+]], [r4]
; CHECK: st.global.b8 [r6], {{r[0-9]+}}
; CHECK: st.global.b8 [r4], {{r[0-9]+}}
define void @predicate_in_memory(ptr addrspace(1) %p, ptr addrspace(1) %q, i32 %x) {
  %b = load i1, ptr addrspace(1) %p
  %n = xor i1 %b, true
  store i1 %n, ptr addrspace(1) %q
  store i1 true, ptr addrspace(1) %p
  ret void
}
