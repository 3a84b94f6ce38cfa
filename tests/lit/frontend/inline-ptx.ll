; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Inline PTX becomes IR.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=switch-target,inline-ptx %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: define i32 @laneid(
; CHECK: [[L:%.*]] = call i32 @llvm.nvvm.read.ptx.sreg.laneid()
; CHECK: ret i32 [[L]]
define i32 @laneid() {
  %r = call i32 asm "mov.u32 $0, %laneid;", "=r"()
  ret i32 %r
}

; CHECK-LABEL: define float @load_nc(
; CHECK: [[A:%.*]] = inttoptr i64 %p to ptr addrspace(1)
; CHECK: [[B:%.*]] = getelementptr i8, ptr addrspace(1) [[A]], i64 16
; CHECK: load volatile i32, ptr addrspace(1) [[B]], align 4
define float @load_nc(i64 %p) {
  %r = call float asm sideeffect "ld.global.nc.f32 $0, [$1+16];", "=f,l"(i64 %p)
  ret float %r
}

; CHECK-LABEL: define void @vector_store(
; CHECK: inttoptr i32 %p to ptr addrspace(3)
; CHECK: store volatile <4 x i32> {{.*}}, ptr addrspace(3) {{.*}}, align 16
define void @vector_store(i32 %p, i32 %a, i32 %b) {
  call void asm sideeffect "st.shared.v4.u32 [$0], {$1, $2, $1, 7};", "r,r,r,~{memory}"(i32 %p, i32 %a, i32 %b)
  ret void
}

; The truth table of a xor b xor c.
; CHECK-LABEL: define i32 @lop3(
; CHECK-NOT: asm
; CHECK: ret i32
define i32 @lop3(i32 %a, i32 %b, i32 %c) {
  %r = call i32 asm "lop3.b32 $0, $1, $2, $3, 0x96;", "=r,r,r,r"(i32 %a, i32 %b, i32 %c)
  ret i32 %r
}

; Declared registers, several statements, two results.
; CHECK-LABEL: define { i32, i32 } @wide(
; CHECK: [[A:%.*]] = zext i32 %a to i64
; CHECK: [[B:%.*]] = zext i32 %b to i64
; CHECK: [[M:%.*]] = mul i64 [[A]], [[B]]
; CHECK: trunc i64 {{.*}} to i32
; CHECK: insertvalue { i32, i32 }
define { i32, i32 } @wide(i32 %a, i32 %b) {
  %r = call { i32, i32 } asm "{ .reg .u64 t; mul.wide.u32 t, $2, $3; mov.b64 {$0, $1}, t; }", "=r,=r,r,r"(i32 %a, i32 %b)
  ret { i32, i32 } %r
}

; Predicates and guards.
; CHECK-LABEL: define i32 @guarded(
; CHECK: [[C:%.*]] = icmp slt i32 %a, 0
; CHECK: br i1 [[C]], label %[[THEN:.*]], label %
; CHECK: [[N:%.*]] = sub i32 0, %a
; CHECK: phi i32 [ [[N]], %[[THEN]] ], [ %a,
define i32 @guarded(i32 %a) {
  %r = call i32 asm "{ .reg .pred p; mov.u32 $0, $1; setp.lt.s32 p, $1, 0; @p neg.s32 $0, $1; }", "=&r,r"(i32 %a)
  ret i32 %r
}

; A tied operand is the value before.
; CHECK-LABEL: define i32 @tied(
; CHECK: add i32 %x, 1
define i32 @tied(i32 %x) {
  %r = call i32 asm "add.u32 $0, $0, 1;", "=r,0"(i32 %x)
  ret i32 %r
}

; An empty statement hides the value from the optimiser and is a barrier for it.
; CHECK-LABEL: define i32 @hidden(
; CHECK-NEXT: call void asm sideeffect "", "~{memory}"()
; CHECK: [[X:%.*]] = call i32 asm sideeffect "", "=r,0"(i32 %x) [[HIDDEN:#[0-9]+]]
; CHECK: [[Y:%.*]] = call i32 asm sideeffect "", "=r,0"(i32 [[X]]) [[HIDDEN]]
; CHECK-NEXT: ret i32 [[Y]]
define i32 @hidden(i32 %x) {
  %r = call i32 asm sideeffect "", "=r,0,~{memory}"(i32 %x)
  ret i32 %r
}

; A volatile statement without effects of its own: what goes in and comes out is hidden. One that is
; not volatile is an expression.
; CHECK-LABEL: define half @volatile_arithmetic(
; CHECK: [[BITS:%.*]] = zext i16 {{.*}} to i32
; CHECK: call i32 asm sideeffect "", "=r,0"(i32 [[BITS]]) [[HIDDEN]]
; CHECK: call i32 @__acc_op.hadd.f16.sat(
; CHECK: call i32 asm sideeffect "", "=r,0"
define half @volatile_arithmetic(half %a) {
  %r = call half asm sideeffect "add.sat.f16 $0, $1, $1;", "=h,h"(half %a)
  ret half %r
}
; CHECK-LABEL: define i32 @expression(
; CHECK-NEXT: %[[R:.*]] = add i32 %a, 1
; CHECK-NEXT: ret i32 %[[R]]
define i32 @expression(i32 %a) {
  %r = call i32 asm "add.u32 $0, $1, 1;", "=r,r"(i32 %a)
  ret i32 %r
}

; "memory" and volatile: barriers at both sides, volatile accesses, no hidden operands.
; CHECK-LABEL: define i32 @volatile_load(
; CHECK-NEXT: call void asm sideeffect "", "~{memory}"()
; CHECK-NEXT: inttoptr i64 %p
; CHECK: load volatile i32
; CHECK-NEXT: call void asm sideeffect "", "~{memory}"()
; CHECK-NEXT: ret
define i32 @volatile_load(i64 %p) {
  %r = call i32 asm sideeffect "ld.global.cg.u32 $0, [$1];", "=r,l,~{memory}"(i64 %p)
  ret i32 %r
}
; CHECK-LABEL: define i32 @plain_load(
; CHECK-NOT: asm
; CHECK: load i32
; CHECK: load volatile i32
; CHECK: load atomic i32, {{.*}} syncscope("block") acquire
; CHECK: load volatile <4 x i32>, {{.*}} align 16
; CHECK: fence syncscope("device") acquire
; CHECK: ret
define i32 @plain_load(i64 %p) {
  %r = call i32 asm "ld.global.cg.u32 $0, [$1];", "=r,l"(i64 %p)
  %s = call i32 asm "ld.global.cv.u32 $0, [$1];", "=r,l"(i64 %p)
  %t = call i32 asm "ld.acquire.cta.global.u32 $0, [$1];", "=r,l"(i64 %p)
  %u = call i32 asm "ld.acquire.gpu.global.v4.u32 {$0, _, _, _}, [$1];", "=r,l"(i64 %p)
  ret i32 %r
}

; Scopes: the inner t is another register.
; CHECK-LABEL: define i32 @scopes(
; CHECK-NEXT: ret i32 %a
define i32 @scopes(i32 %a) {
  %r = call i32 asm "{.reg .u32 t; mov.u32 t, $1; {.reg .u32 t; mov.u32 t, 2;} mov.u32 $0, t;}", "=r,r"(i32 %a)
  ret i32 %r
}

; A tied input counts: $2 is it.
; CHECK-LABEL: define i32 @tied_in_the_middle(
; CHECK-NEXT: %[[R:.*]] = sub i32 %b, %a
; CHECK-NEXT: ret i32 %[[R]]
define i32 @tied_in_the_middle(i32 %a, i32 %b, i32 %c) {
  %r = call i32 asm "sub.s32 $0, $1, $2;", "=r,r,0,r"(i32 %b, i32 %a, i32 %c)
  ret i32 %r
}

; CHECK-LABEL: define i32 @atomics(
; CHECK: atomicrmw volatile add ptr addrspace(1) {{.*}}, i32 %v syncscope("device") monotonic
; CHECK: fence syncscope("device") acq_rel
; CHECK: cmpxchg volatile ptr {{.*}}, i32 %v, i32 5 syncscope("block") acquire
define i32 @atomics(i64 %p, i32 %v) {
  %a = call i32 asm sideeffect "atom.global.add.u32 $0, [$1], $2;", "=r,l,r"(i64 %p, i32 %v)
  call void asm sideeffect "fence.acq_rel.gpu;", "~{memory}"()
  %b = call i32 asm sideeffect "atom.acquire.cta.cas.b32 $0, [$1], $2, 5;", "=r,l,r"(i64 %p, i32 %v)
  ret i32 %b
}

; The carry lives between the instructions of one statement.
; CHECK-LABEL: define { i32, i32 } @carry(
; CHECK: [[S:%.*]] = add i33
; CHECK: lshr i33 [[S]], 32
define { i32, i32 } @carry(i32 %a, i32 %b) {
  %r = call { i32, i32 } asm "add.cc.u32 $0, $2, $3;\0A\09addc.u32 $1, $2, 0;", "=r,=r,r,r"(i32 %a, i32 %b)
  ret { i32, i32 } %r
}
; Of subnormal numbers, too, and exact: not the machine's approximation.
; CHECK-LABEL: define double @rsqrt(
; CHECK: call double @__acc_rsqrt(double %x)
define double @rsqrt(double %x) {
  %r = call double asm "rsqrt.approx.f64 $0, $1;", "=d,d"(double %x)
  ret double %r
}

; CHECK: attributes [[HIDDEN]] = { convergent nounwind willreturn memory(inaccessiblemem: readwrite) }
