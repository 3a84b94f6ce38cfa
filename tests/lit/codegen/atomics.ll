; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: spaces:
; CHECK: atom.global.add.b32.gpu
; CHECK: atom.shared.max.s32.cta
; CHECK: atom.generic.exch.b64.sys
define i64 @spaces(ptr addrspace(1) %g, ptr addrspace(3) %s, ptr %p, i32 %v, i64 %w) {
  %a = atomicrmw add ptr addrspace(1) %g, i32 %v syncscope("device") monotonic
  %b = atomicrmw max ptr addrspace(3) %s, i32 %a syncscope("block") monotonic
  %c = atomicrmw xchg ptr %p, i64 %w monotonic
  %x = sext i32 %b to i64
  %r = add i64 %c, %x
  ret i64 %r
}

; A result that nobody wants goes to rz.
; CHECK-LABEL: reduction:
; CHECK: atom.global.add.f32.gpu rz, [r4 + 8], r6
define void @reduction(ptr addrspace(1) %g, float %v) {
  %q = getelementptr float, ptr addrspace(1) %g, i64 2
  %a = atomicrmw fadd ptr addrspace(1) %q, float %v syncscope("device") monotonic
  ret void
}

; CHECK-LABEL: subtract:
; CHECK: isub.b32 [[N:r[0-9]+]], rz, r6
; CHECK: atom.global.add.b32{{.*}} r4, [r4], [[N]]
define i32 @subtract(ptr addrspace(1) %g, i32 %v) {
  %a = atomicrmw sub ptr addrspace(1) %g, i32 %v syncscope("device") monotonic
  ret i32 %a
}

; CHECK-LABEL: compare_swap:
; CHECK: atom.global.cas.b32.acq_rel.gpu r4, [r4], r6, r7
define i32 @compare_swap(ptr addrspace(1) %g, i32 %c, i32 %v) {
  %p = cmpxchg ptr addrspace(1) %g, i32 %c, i32 %v syncscope("device") acq_rel monotonic
  %r = extractvalue { i32, i1 } %p, 0
  ret i32 %r
}

; What the machine lacks becomes a loop around compare-and-swap.
; CHECK-LABEL: nand:
; CHECK: [[LOOP:.LBB[0-9_]+]]:
; CHECK: atom.global.cas.b32
; CHECK: bra [[LOOP]]
define i32 @nand(ptr addrspace(1) %g, i32 %v) {
  %a = atomicrmw nand ptr addrspace(1) %g, i32 %v monotonic
  ret i32 %a
}

; Bytes are changed in the 16-bit word around them.
; CHECK-LABEL: byte:
; CHECK: atom.global.cas.b16
define i8 @byte(ptr addrspace(1) %g, i8 %v) {
  %a = atomicrmw add ptr addrspace(1) %g, i8 %v monotonic
  ret i8 %a
}

; CHECK-LABEL: ordered:
; CHECK: ld.global.b32.acquire.gpu
; CHECK: fence.acq_rel.cta
; CHECK: fence.sc.gpu
; CHECK: st.global.b32.release.sys
define void @ordered(ptr addrspace(1) %g) {
  %a = load atomic i32, ptr addrspace(1) %g syncscope("device") acquire, align 4
  fence syncscope("block") acq_rel
  fence syncscope("device") seq_cst
  store atomic i32 %a, ptr addrspace(1) %g release, align 4
  ret void
}

; Sequential consistency: a fence before the operation.
; CHECK-LABEL: sequential:
; CHECK: fence.sc.gpu
; CHECK-NEXT: atom.global.or.b32
define i32 @sequential(ptr addrspace(1) %g, i32 %v) {
  %a = atomicrmw or ptr addrspace(1) %g, i32 %v syncscope("device") seq_cst
  ret i32 %a
}
