; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Addresses whose parts stand in other blocks, and addresses in loops: base + (index << scale) + offset is added up by the
; access, so what a loop does not change belongs to the base.
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; The extension stands in another block because the comparison needs it, too.
; CHECK-LABEL: extended_elsewhere:
; CHECK: zext.u32
; CHECK: ld.global.b32.uidx.volatile [[V:r[0-9]+]], [r4 + r8<<2]
; CHECK: st.global.b32.uidx.volatile [r6 + r8<<2 + 8], [[V]]
define void @extended_elsewhere(ptr addrspace(1) %p, ptr addrspace(1) %q, i32 %i, i64 %n) {
  %x = zext i32 %i to i64
  %c = icmp ult i64 %x, %n
  br i1 %c, label %then, label %done
then:
  %a = getelementptr i32, ptr addrspace(1) %p, i64 %x
  %v = load volatile i32, ptr addrspace(1) %a
  %b = getelementptr i32, ptr addrspace(1) %q, i64 %x
  %d = getelementptr i8, ptr addrspace(1) %b, i64 8
  store volatile i32 %v, ptr addrspace(1) %d
  br label %done
done:
  ret void
}

; The pointer stands in another block.
; CHECK-LABEL: pointer_elsewhere:
; CHECK-NOT: shl
; CHECK-NOT: ilea
; CHECK: ld.global.b32.volatile {{r[0-9]+}}, [r4 + r6<<2]
; CHECK-NOT: ilea
; CHECK: st.global.b32.volatile [r4 + r6<<2], {{r[0-9]+}}
define void @pointer_elsewhere(ptr addrspace(1) %p, i32 %i) {
  %x = sext i32 %i to i64
  %a = getelementptr i32, ptr addrspace(1) %p, i64 %x
  %v = load volatile i32, ptr addrspace(1) %a
  %c = icmp slt i32 %v, 0
  br i1 %c, label %then, label %done
then:
  %q = mul i32 %v, %v
  %r = xor i32 %q, %i
  %t = mul i32 %r, %q
  store volatile i32 %t, ptr addrspace(1) %a
  br label %done
done:
  ret void
}

; Structures passed to a kernel: their distance in the buffer of parameters is the offset of the access.
; CHECK-LABEL: parameter_elsewhere:
; CHECK: mov.sr64 [[P:r[0-9]+]], sr_kernarg
; CHECK-NOT: iadd.b64
; CHECK: ld.const.b32 {{r[0-9]+}}, {{\[}}[[P]] + 12]
define ptx_kernel void @parameter_elsewhere(i64 %n, ptr byval({i32, i32}) align 4 %s, ptr addrspace(1) %out) {
  %c4 = addrspacecast ptr %s to ptr addrspace(4)
  %c = icmp ne i64 %n, 0
  br i1 %c, label %then, label %done
then:
  %f = getelementptr i8, ptr addrspace(4) %c4, i64 4
  %v = load i32, ptr addrspace(4) %f
  store i32 %v, ptr addrspace(1) %out
  br label %done
done:
  ret void
}

; Several structures, the first instruction being one of the casts that go.
; CHECK-LABEL: parameters_twice:
; CHECK: mov.sr64 [[P:r[0-9]+]], sr_kernarg
; CHECK-DAG: ld.const.b32 {{r[0-9]+}}, {{\[}}[[P]] + 12]
; CHECK-DAG: ld.const.b32 {{r[0-9]+}}, {{\[}}[[P]] + 20]
define ptx_kernel void @parameters_twice(ptr addrspace(1) %out, ptr byval({i32, i32}) align 4 %s, ptr byval({i32, i32}) align 4 %t) {
  %s4 = addrspacecast ptr %s to ptr addrspace(4)
  %t4 = addrspacecast ptr %t to ptr addrspace(4)
  %a = getelementptr i8, ptr addrspace(4) %s4, i64 4
  %b = getelementptr i8, ptr addrspace(4) %t4, i64 4
  %v = load i32, ptr addrspace(4) %a
  %w = load i32, ptr addrspace(4) %b
  %sum = add i32 %v, %w
  store i32 %sum, ptr addrspace(1) %out
  ret void
}

; a[row + i], row a 64-bit value: a + row is the base, i the index.
; CHECK-LABEL: rebased:
; CHECK: [[L:.LBB[0-9_]+]]:
; CHECK-NEXT: ld.global.b32.volatile [[V:r[0-9]+]], [{{r[0-9]+}} + [[I:r[0-9]+]]<<2]
; CHECK: st.global.b32.volatile [{{r[0-9]+}} + [[I]]<<2], [[V]]
; CHECK-NOT: b64
; CHECK: bra [[L]]
define void @rebased(ptr addrspace(1) %p, ptr addrspace(1) %q, i64 %row, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [0, %entry], [%next, %loop]
  %x = sext i32 %i to i64
  %at = add i64 %row, %x
  %a = getelementptr i32, ptr addrspace(1) %p, i64 %at
  %v = load volatile i32, ptr addrspace(1) %a
  %b = getelementptr i32, ptr addrspace(1) %q, i64 %at
  store volatile i32 %v, ptr addrspace(1) %b
  %next = add i32 %i, 1
  %c = icmp eq i32 %next, %n
  br i1 %c, label %done, label %loop
done:
  ret void
}

; (i + 1) * n + j is i * n + j and n more: one index, two bases.
; CHECK-LABEL: shared_index:
; CHECK: [[L:.LBB[0-9_]+]]:
; CHECK-NEXT: imad.b32 [[X:r[0-9]+]]
; CHECK-NEXT: ld.global.b32.volatile {{r[0-9]+}}, [{{r[0-9]+}} + [[X]]<<2]
; CHECK-NEXT: ld.global.b32.volatile {{r[0-9]+}}, [{{r[0-9]+}} + [[X]]<<2]
; CHECK-NOT: imad
; CHECK: bra [[L]]
define i32 @shared_index(ptr addrspace(1) %p, i32 %n, i32 %j, i32 %rows) {
entry:
  br label %loop
loop:
  %i = phi i32 [0, %entry], [%next, %loop]
  %sum = phi i32 [0, %entry], [%sum2, %loop]
  %m0 = mul nsw i32 %i, %n
  %x0 = add nsw i32 %m0, %j
  %e0 = sext i32 %x0 to i64
  %a0 = getelementptr i32, ptr addrspace(1) %p, i64 %e0
  %v0 = load volatile i32, ptr addrspace(1) %a0
  %next = add nsw i32 %i, 1
  %m1 = mul nsw i32 %next, %n
  %x1 = add nsw i32 %m1, %j
  %e1 = sext i32 %x1 to i64
  %a1 = getelementptr i32, ptr addrspace(1) %p, i64 %e1
  %v1 = load volatile i32, ptr addrspace(1) %a1
  %t = add i32 %v0, %v1
  %sum2 = add i32 %sum, %t
  %c = icmp slt i32 %next, %rows
  br i1 %c, label %loop, label %done
done:
  ret i32 %sum2
}

; Without nsw the sum can overflow where the exact one does not: both indices are computed.
; CHECK-LABEL: not_exact:
; CHECK: [[L:.LBB[0-9_]+]]:
; CHECK: imad.b32
; CHECK: imad.b32
; CHECK: bra [[L]]
define i32 @not_exact(ptr addrspace(1) %p, i32 %n, i32 %j, i32 %rows) {
entry:
  br label %loop
loop:
  %i = phi i32 [0, %entry], [%next, %loop]
  %sum = phi i32 [0, %entry], [%sum2, %loop]
  %m0 = mul i32 %i, %n
  %x0 = add i32 %m0, %j
  %e0 = sext i32 %x0 to i64
  %a0 = getelementptr i32, ptr addrspace(1) %p, i64 %e0
  %v0 = load volatile i32, ptr addrspace(1) %a0
  %next = add nsw i32 %i, 1
  %m1 = mul i32 %next, %n
  %x1 = add i32 %m1, %j
  %e1 = sext i32 %x1 to i64
  %a1 = getelementptr i32, ptr addrspace(1) %p, i64 %e1
  %v1 = load volatile i32, ptr addrspace(1) %a1
  %t = add i32 %v0, %v1
  %sum2 = add i32 %sum, %t
  %c = icmp slt i32 %next, %rows
  br i1 %c, label %loop, label %done
done:
  ret i32 %sum2
}

; A product of 64 bits: the pointer is advanced.
; CHECK-LABEL: advanced:
; CHECK: [[L:.LBB[0-9_]+]]:
; CHECK-NEXT: ld.global.b32.volatile [[V:r[0-9]+]], {{\[}}[[P:r[0-9]+]]]
; CHECK-DAG: st.global.b32.volatile {{\[}}[[P]] + 16], [[V]]
; CHECK-DAG: iadd.b64 [[P]], [[P]], {{r[0-9]+}}
; CHECK-NOT: imul
; CHECK: bra [[L]]
define void @advanced(ptr addrspace(1) %p, i64 %pitch, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
  %m = mul i64 %i, %pitch
  %a = getelementptr i32, ptr addrspace(1) %p, i64 %m
  %v = load volatile i32, ptr addrspace(1) %a
  %b = getelementptr i8, ptr addrspace(1) %a, i64 16
  store volatile i32 %v, ptr addrspace(1) %b
  %next = add i64 %i, 1
  %c = icmp ult i64 %next, %n
  br i1 %c, label %loop, label %done
done:
  ret void
}

; Words that may wrap, (i * n + j) * m + k: the index of the next row is n * m more.
; CHECK-LABEL: derived:
; CHECK: imul.b32 [[D:r[0-9]+]], r6, r8
; CHECK: [[L:.LBB[0-9_]+]]:
; CHECK-NEXT: imad.b32
; CHECK-NEXT: imad.b32 [[X:r[0-9]+]]
; CHECK-NEXT: ld.global.b32.volatile {{r[0-9]+}}, [r4 + [[X]]<<2]
; CHECK-NEXT: iadd.b32 [[Y:r[0-9]+]], [[X]], [[D]]
; CHECK-NEXT: ld.global.b32.volatile {{r[0-9]+}}, [r4 + [[Y]]<<2]
; CHECK-NOT: imad
; CHECK: bra [[L]]
define i32 @derived(ptr addrspace(1) %p, i32 %n, i32 %j, i32 %m, i32 %k, i32 %rows) {
entry:
  br label %loop
loop:
  %i = phi i32 [0, %entry], [%next, %loop]
  %sum = phi i32 [0, %entry], [%sum2, %loop]
  %m0 = mul i32 %i, %n
  %r0 = add i32 %m0, %j
  %s0 = mul i32 %r0, %m
  %x0 = add i32 %s0, %k
  %e0 = sext i32 %x0 to i64
  %a0 = getelementptr i32, ptr addrspace(1) %p, i64 %e0
  %v0 = load volatile i32, ptr addrspace(1) %a0
  %next = add i32 %i, 1
  %m1 = mul i32 %next, %n
  %r1 = add i32 %m1, %j
  %s1 = mul i32 %r1, %m
  %x1 = add i32 %s1, %k
  %e1 = sext i32 %x1 to i64
  %a1 = getelementptr i32, ptr addrspace(1) %p, i64 %e1
  %v1 = load volatile i32, ptr addrspace(1) %a1
  %t = add i32 %v0, %v1
  %sum2 = add i32 %sum, %t
  %c = icmp slt i32 %next, %rows
  br i1 %c, label %loop, label %done
done:
  ret i32 %sum2
}

; Where the first access does not run its index may have overflowed: the second one has its own.
; CHECK-LABEL: not_everywhere:
; CHECK: [[L:.LBB[0-9_]+]]:
; CHECK: imad.b32
; CHECK: imad.b32
; CHECK: bra [[L]]
define i32 @not_everywhere(ptr addrspace(1) %p, i32 %n, i32 %j, i32 %rows, i32 %k) {
entry:
  br label %loop
loop:
  %i = phi i32 [0, %entry], [%next, %latch]
  %sum = phi i32 [0, %entry], [%sum2, %latch]
  %m0 = mul nsw i32 %i, %n
  %x0 = add nsw i32 %m0, %j
  %e0 = sext i32 %x0 to i64
  %a0 = getelementptr i32, ptr addrspace(1) %p, i64 %e0
  %runs = icmp ult i32 %i, %k
  br i1 %runs, label %then, label %latch
then:
  %v0 = load volatile i32, ptr addrspace(1) %a0
  br label %latch
latch:
  %v = phi i32 [0, %loop], [%v0, %then]
  %next = add nsw i32 %i, 1
  %m1 = mul nsw i32 %next, %n
  %x1 = add nsw i32 %m1, %j
  %e1 = sext i32 %x1 to i64
  %a1 = getelementptr i32, ptr addrspace(1) %p, i64 %e1
  %v1 = load volatile i32, ptr addrspace(1) %a1
  %t = add i32 %v, %v1
  %sum2 = add i32 %sum, %t
  %c = icmp slt i32 %next, %rows
  br i1 %c, label %loop, label %done
done:
  ret i32 %sum2
}

; Both sides of a condition leave the same extended index: it is made where they meet, in the access.
; CHECK-LABEL: both_ways:
; CHECK-NOT: sext.s32
; CHECK: st.global.b32.volatile [{{r[0-9]+}} + {{r[0-9]+}}<<2], {{r[0-9]+}}
; CHECK-NOT: sext.s32
; CHECK: ret
define void @both_ways(ptr addrspace(1) %p, i32 %i, i1 %c, i32 %x) {
entry:
  br i1 %c, label %then, label %else
then:
  %e0 = sext i32 %i to i64
  %a0 = getelementptr inbounds i32, ptr addrspace(1) %p, i64 %e0
  %v0 = load volatile i32, ptr addrspace(1) %a0
  br label %done
else:
  %e1 = sext i32 %i to i64
  br label %done
done:
  %e = phi i64 [%e0, %then], [%e1, %else]
  %v = phi i32 [%v0, %then], [%x, %else]
  %a = getelementptr inbounds i32, ptr addrspace(1) %p, i64 %e
  store volatile i32 %v, ptr addrspace(1) %a
  ret void
}
