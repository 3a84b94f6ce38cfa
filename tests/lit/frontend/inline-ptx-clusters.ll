; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Instructions of clusters: what .shared::cluster, remote barriers and bulk copies become, and what is refused.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=switch-target,inline-ptx %s | FileCheck %s
; RUN: sed 's/^;BAD //' %s | not acc-frontend --passes=switch-target,inline-ptx - 2>&1 | FileCheck --check-prefix=BAD %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: define void @accesses(
; CHECK: [[M:%.*]] = call i64 @__acc_op.mapa(i32 %a, i32 %b)
; CHECK: [[T:%.*]] = trunc i64 [[M]] to i32
; CHECK: inttoptr i32 {{.*}} to ptr addrspace(3)
; CHECK: store volatile i32 %b, ptr addrspace(3)
; CHECK: store volatile i32 %b, ptr addrspace(3)
; CHECK: call void @llvm.nvvm.mbarrier.complete.tx.scope.cta.space.cta(ptr addrspace(3) {{.*}}, i32 4)
; CHECK: atomicrmw or ptr addrspace(3) {{.*}}, i32 %b syncscope("cluster") monotonic
; CHECK: call void @llvm.nvvm.mbarrier.complete.tx.scope.cta.space.cta(ptr addrspace(3) {{.*}}, i32 4)
; CHECK: call i64 @llvm.nvvm.mbarrier.arrive.scope.cta.space.cta(ptr addrspace(3)
define void @accesses(i32 %a, i32 %b) {
  %m = call i32 asm "mapa.shared::cluster.u32 $0, $1, $2;", "=r,r,r"(i32 %a, i32 %b)
  call void asm sideeffect "st.shared::cluster.u32 [$0], $1;", "r,r,~{memory}"(i32 %m, i32 %b)
  call void asm sideeffect "st.async.shared::cluster.mbarrier::complete_tx::bytes.u32 [$0], $1, [$2];", "r,r,r,~{memory}"(i32 %m, i32 %b, i32 %m)
  call void asm sideeffect "red.async.relaxed.cluster.shared::cluster.mbarrier::complete_tx::bytes.or.b32 [$0], $1, [$2];", "r,r,r,~{memory}"(i32 %m, i32 %b, i32 %m)
  call void asm sideeffect "mbarrier.arrive.release.cluster.shared::cluster.b64 _, [$0];", "r,~{memory}"(i32 %m)
  ret void
}

; CHECK-LABEL: define void @copies(
; CHECK: call void @__acc_bulk_load(i32 {{.*}}, i64 {{.*}}, i32 {{.*}}, i32 %a)
; CHECK: call void @__acc_cp_bulk_multicast(i32 {{.*}}, i64 {{.*}}, i32 {{.*}}, i32 %a, i32
; CHECK: call void @__acc_bulk_send(i32 {{.*}}, i32 {{.*}}, i32 {{.*}}, i32 %a)
; CHECK: call void @__acc_bulk_store(i64 {{.*}}, i32 {{.*}}, i32 %a)
; CHECK: call void @__acc_cp_reduce_max_s64(i64 {{.*}}, i32 {{.*}}, i32 %a)
; CHECK: call void @llvm.nvvm.cp.async.bulk.commit.group()
; CHECK: call void @llvm.nvvm.cp.async.bulk.wait.group.read(i32 1)
define void @copies(i32 %a, i64 %p, i16 %m) {
  call void asm sideeffect "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [$0], [$1], $0, [$0];", "r,l,~{memory}"(i32 %a, i64 %p)
  call void asm sideeffect "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.multicast::cluster [$0], [$1], $0, [$0], $2;", "r,l,h,~{memory}"(i32 %a, i64 %p, i16 %m)
  call void asm sideeffect "cp.async.bulk.shared::cluster.shared::cta.mbarrier::complete_tx::bytes [$0], [$0], $0, [$0];", "r,~{memory}"(i32 %a)
  call void asm sideeffect "cp.async.bulk.global.shared::cta.bulk_group.L2::cache_hint [$1], [$0], $0, $1;", "r,l,~{memory}"(i32 %a, i64 %p)
  call void asm sideeffect "cp.reduce.async.bulk.global.shared::cta.bulk_group.max.s64 [$1], [$0], $0;", "r,l,~{memory}"(i32 %a, i64 %p)
  call void asm sideeffect "cp.async.bulk.commit_group;", "~{memory}"()
  call void asm sideeffect "cp.async.bulk.wait_group.read 1;", "~{memory}"()
  ret void
}

define void @bad(i32 %a, i64 %p) {
; BAD: the result of an arrival in .shared::cluster must be '_'
;BAD   %s = call i64 asm sideeffect "mbarrier.arrive.shared::cluster.b64 $0, [$1];", "=l,r,~{memory}"(i32 %a)
; BAD: the number of registers must be a multiple of 8 from 24 to 256
;BAD   call void asm sideeffect "setmaxnreg.inc.sync.aligned.u32 20;", ""()
; BAD: expected 4 to 6 operands
;BAD   call void asm sideeffect "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [$0], [$1], $0;", "r,l"(i32 %a, i64 %p)
; BAD: an operand that needs .L2::cache_hint
;BAD   call void asm sideeffect "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [$0], [$1], $0, [$0], $1;", "r,l"(i32 %a, i64 %p)
; BAD: it needs one of .mbarrier::complete_tx::bytes
;BAD   call void asm sideeffect "st.async.shared::cluster.u32 [$0], $0, [$0];", "r"(i32 %a)
; BAD: the modifier '.inc' is not supported here
;BAD   call void asm sideeffect "cp.reduce.async.bulk.global.shared::cta.bulk_group.inc.s32 [$1], [$0], $0;", "r,l"(i32 %a, i64 %p)
  ret void
}
