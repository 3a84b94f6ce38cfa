; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

declare i32 @callee(i32, i64, i32)
declare void @variadic(i32, ...)

; Arguments from r4; pairs are aligned; the link register is saved by who calls.
; CHECK-LABEL: simple:
; CHECK: iadd.b32 r0, r0, -16
; CHECK: st.local.b64 [r0{{.*}}], r2
; CHECK-DAG: mov.b32 r4, 1
; CHECK-DAG: mov.b64 r6, 2
; CHECK-DAG: mov.b32 r5, 3
; CHECK: call r2, callee
; CHECK: ld.local.b64 r2, [r0
; CHECK: iadd.b32 r0, r0, 16
; CHECK-NEXT: ret r2
define i32 @simple() {
  %r = call i32 @callee(i32 1, i64 2, i32 3)
  ret i32 %r
}

; A value that lives across a call is in a preserved register.
; CHECK-LABEL: preserved:
; CHECK: mov.b32 [[V:r(2[4-9]|3[0-9])]], r4
; CHECK: call r2, callee
; CHECK: iadd.b32 r4, {{.*}}[[V]]
define i32 @preserved(i32 %a) {
  %r = call i32 @callee(i32 %a, i64 2, i32 3)
  %s = add i32 %r, %a
  ret i32 %s
}

; CHECK-LABEL: indirect:
; CHECK: callx r2, [r
define i32 @indirect(ptr %f, i32 %x) {
  %r = call i32 %f(i32 %x)
  ret i32 %r
}

; The twenty-first word goes to the stack.
; CHECK-LABEL: on_stack:
; CHECK: ld.local.b32 [[V:r[0-9]+]], [r0]
; CHECK: iadd.b32 r4, {{.*}}
define i32 @on_stack([20 x i32] %a, i32 %b) {
  %x = extractvalue [20 x i32] %a, 0
  %r = add i32 %x, %b
  ret i32 %r
}

; Variable arguments: on the stack, naturally aligned.
; CHECK-LABEL: call_variadic:
; CHECK-DAG: st.local.b64 [r0], r
; CHECK-DAG: st.local.b32 [r0 + 8], r
; CHECK: call r2, variadic
define void @call_variadic(double %d, i32 %i) {
  call void (i32, ...) @variadic(i32 7, double %d, i32 %i)
  ret void
}

; Members of structures have their own size there.
; CHECK-LABEL: call_variadic_small:
; CHECK-DAG: st.local.b8 [r0], r
; CHECK-DAG: st.local.b8 [r0 + 1], r
; CHECK-DAG: st.local.b16 [r0 + 2], r
; CHECK: call r2, variadic
define void @call_variadic_small(i8 %a, i8 %b, i16 %c) {
  call void (i32, ...) @variadic(i32 7, i8 %a, i8 %b, i16 %c)
  ret void
}

; A structure result: the caller's memory through a generic pointer.
%big = type { [10 x i32] }
declare void @fill(ptr sret(%big))
; CHECK-LABEL: structure:
; CHECK-DAG: iadd.b32 r4, r0, {{[0-9]+}}
; CHECK-DAG: mov.b32 r5, {{0x2000000|33554432}}
; CHECK: call r2, fill
define i32 @structure() {
  %a = alloca %big, align 4, addrspace(5)
  %g = addrspacecast ptr addrspace(5) %a to ptr
  call void @fill(ptr sret(%big) %g)
  %v = load i32, ptr addrspace(5) %a
  ret i32 %v
}

; A stack that moves needs a frame pointer.
; CHECK-LABEL: dynamic:
; CHECK: st.local.b32 [r0{{.*}}], r24
; CHECK: iadd.b32 r24, r0
; CHECK: call r2, use
; CHECK: iadd.b32 r0, r24
declare void @use(ptr addrspace(5))
define void @dynamic(i32 %n) {
  %a = alloca i32, i32 %n, align 4, addrspace(5)
  call void @use(ptr addrspace(5) %a)
  ret void
}

; A structure passed by value is copied with accesses that fit its alignment.
; CHECK-LABEL: by_value_bytes:
; CHECK-COUNT-3: ld.generic.u8
; CHECK: call r2, takes_bytes
declare void @takes_bytes(ptr byval([3 x i8]) align 1)
define void @by_value_bytes(ptr %p) {
  call void @takes_bytes(ptr byval([3 x i8]) align 1 %p)
  ret void
}
