; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; A loop: one guarded branch at its end.
; CHECK-LABEL: loop:
; CHECK: [[L:.LBB[0-9_]+]]:
; CHECK: isetp
; CHECK: @{{!?}}p{{[0-9]}} bra [[L]]
define float @loop(ptr addrspace(1) %p, i32 %n, float %x) {
entry:
  br label %body
body:
  %i = phi i32 [ 0, %entry ], [ %j, %body ]
  %s = phi float [ 0.0, %entry ], [ %t, %body ]
  %q = fdiv float %s, %x
  %t = fadd float %q, 1.0
  %j = add i32 %i, 1
  %c = icmp slt i32 %j, %n
  br i1 %c, label %body, label %done
done:
  ret float %t
}

; A short conditional store is guarded, not branched around.
; CHECK-LABEL: guarded:
; CHECK-NOT: bra
; CHECK: @{{!?}}p{{[0-9]}} st.global.b32
define void @guarded(ptr addrspace(1) %p, i32 %i, i32 %n, i32 %v) {
  %c = icmp slt i32 %i, %n
  br i1 %c, label %then, label %done
then:
  store i32 %v, ptr addrspace(1) %p
  br label %done
done:
  ret void
}

; What only the block needs is computed by all: its register holds nothing else.
; CHECK-LABEL: computed:
; CHECK: isetp.s32.{{lt|ge}} p0
; CHECK-NEXT: {{^ *}}imul.b32 [[V:r[0-9]+]], {{r[0-9]+}}, 77
; CHECK-NEXT: @{{!?}}p0 st.global.b32 {{.*}}, [[V]]
define void @computed(ptr addrspace(1) %p, i32 %i, i32 %n, i32 %v) {
  %c = icmp slt i32 %i, %n
  br i1 %c, label %then, label %done
then:
  %w = mul i32 %v, 77
  store i32 %w, ptr addrspace(1) %p
  br label %done
done:
  ret void
}

; A barrier is never guarded away.
; CHECK-LABEL: barrier_stays:
; CHECK: bra
; CHECK: {{^[[:space:]]+}}bar.sync
define void @barrier_stays(i32 %i) {
  %c = icmp slt i32 %i, 5
  br i1 %c, label %then, label %done
then:
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  br label %done
done:
  ret void
}

; CHECK-LABEL: traps:
; CHECK: trap 0
define void @traps() {
  call void @llvm.trap()
  unreachable
}

; The operations without an intrinsic (compiler/frontend/README.md).
; CHECK-LABEL: machine_calls:
; CHECK: mov.sr64 r{{[0-9]+}}, sr_printf
; CHECK: hostcall r{{[0-9]+}}, 3
; CHECK: bar.grid
; CHECK: trap 1
declare i64 @__acc_sr_printf()
declare void @__acc_hostcall(i64, i32)
declare void @__acc_bar_grid()
declare void @__acc_trap(i32)
define void @machine_calls() {
  %b = call i64 @__acc_sr_printf()
  call void @__acc_hostcall(i64 %b, i32 3)
  call void @__acc_bar_grid()
  call void @__acc_trap(i32 1)
  ret void
}

; Threads that have nothing to do end at once: no branch to where all end.
; CHECK-LABEL: early_exit:
; CHECK: isetp.s32.ge p0
; CHECK-NEXT: @p0 exit
; CHECK-NOT: bra
; CHECK: st.global
; CHECK-NEXT: exit
define ptx_kernel void @early_exit(ptr addrspace(1) %p, i32 %i, i32 %n) {
  %c = icmp slt i32 %i, %n
  br i1 %c, label %then, label %done
then:
  %a = load volatile i32, ptr addrspace(1) %p
  %b = load volatile i32, ptr addrspace(1) %p
  %d = mul i32 %a, %b
  %e = xor i32 %d, %a
  store volatile i32 %e, ptr addrspace(1) %p
  br label %done
done:
  ret void
}

; A block of nothing but a compiler barrier is no end: its threads go on with the store.
; CHECK-LABEL: only_a_barrier:
; CHECK-NOT: @{{.*}} exit
; CHECK: st.global.b32{{.*}} + 400]
; CHECK-NEXT: exit
define ptx_kernel void @only_a_barrier(ptr addrspace(1) %p, i1 %c, i1 %d) {
  br i1 %c, label %others, label %some
others:
  %o0 = getelementptr i32, ptr addrspace(1) %p, i32 50
  store volatile i32 50, ptr addrspace(1) %o0
  %o1 = getelementptr i32, ptr addrspace(1) %p, i32 53
  store volatile i32 51, ptr addrspace(1) %o1
  %o2 = getelementptr i32, ptr addrspace(1) %p, i32 56
  store volatile i32 52, ptr addrspace(1) %o2
  %o3 = getelementptr i32, ptr addrspace(1) %p, i32 59
  store volatile i32 53, ptr addrspace(1) %o3
  %o4 = getelementptr i32, ptr addrspace(1) %p, i32 62
  store volatile i32 54, ptr addrspace(1) %o4
  %o5 = getelementptr i32, ptr addrspace(1) %p, i32 65
  store volatile i32 55, ptr addrspace(1) %o5
  br label %join
some:
  br i1 %d, label %work, label %fence
work:
  %w0 = getelementptr i32, ptr addrspace(1) %p, i32 1
  store volatile i32 1, ptr addrspace(1) %w0
  %w1 = getelementptr i32, ptr addrspace(1) %p, i32 4
  store volatile i32 2, ptr addrspace(1) %w1
  %w2 = getelementptr i32, ptr addrspace(1) %p, i32 7
  store volatile i32 3, ptr addrspace(1) %w2
  %w3 = getelementptr i32, ptr addrspace(1) %p, i32 10
  store volatile i32 4, ptr addrspace(1) %w3
  %w4 = getelementptr i32, ptr addrspace(1) %p, i32 13
  store volatile i32 5, ptr addrspace(1) %w4
  %w5 = getelementptr i32, ptr addrspace(1) %p, i32 16
  store volatile i32 6, ptr addrspace(1) %w5
  br label %fence
fence:
  call void asm sideeffect "", "~{memory}"()
  br label %join
join:
  %q = getelementptr i32, ptr addrspace(1) %p, i32 100
  store volatile i32 7, ptr addrspace(1) %q
  ret void
}

; The end of the loop is no place for two branches: the threads that go on take the one that they took before.
; CHECK-LABEL: loop_then_exit:
; CHECK: [[L:.LBB[0-9_]+]]:
; CHECK: @{{!?}}p{{[0-9]}} bra [[L]]
; CHECK-NEXT: exit
define ptx_kernel void @loop_then_exit(ptr addrspace(1) %p, i32 %n) {
entry:
  br label %body
body:
  %i = phi i32 [ 0, %entry ], [ %j, %body ]
  store volatile i32 %i, ptr addrspace(1) %p
  %j = add i32 %i, 1
  %c = icmp slt i32 %j, %n
  br i1 %c, label %body, label %done
done:
  ret void
}

; Conditions are computed whole, and their negation is the branch's.
; CHECK-LABEL: both:
; CHECK: isetp.s32.ge [[P:p[0-9]]], r6, r7
; CHECK-NEXT: isetp.s32.ge.or [[Q:p[0-9]]], r4, r5, [[P]]
; CHECK-NEXT: @[[Q]] bra
; CHECK-NEXT: bar.sync
define void @both(i32 %x, i32 %w, i32 %y, i32 %h) {
  %a = icmp slt i32 %x, %w
  %b = icmp slt i32 %y, %h
  %c = and i1 %a, %b
  br i1 %c, label %then, label %done
then:
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  br label %done
done:
  ret void
}
