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
