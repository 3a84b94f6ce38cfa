; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; Constant lane distance, clamp and segment mask are modifiers.
; CHECK-LABEL: shuffle_down:
; CHECK: shfl.down.simm{clamp=31, simmlane=16} r4, r4, rz, -1
define i32 @shuffle_down(i32 %v) {
  %r = call i32 @llvm.nvvm.shfl.sync.down.i32(i32 -1, i32 %v, i32 16, i32 31)
  ret i32 %r
}

; CHECK-LABEL: shuffle_lane:
; CHECK: shfl.idx{{.*}}clamp=31{{.*}} r4, r4, r5, r6
define i32 @shuffle_lane(i32 %v, i32 %lane, i32 %mask) {
  %r = call i32 @llvm.nvvm.shfl.sync.idx.i32(i32 %mask, i32 %v, i32 %lane, i32 31)
  ret i32 %r
}

; CHECK-LABEL: shuffle_predicate:
; CHECK: shfl.up{{.*}} {{r[0-9]+|rz}}|p{{[0-9]}}, r4
define i1 @shuffle_predicate(i32 %v) {
  %s = call { i32, i1 } @llvm.nvvm.shfl.sync.up.i32p(i32 -1, i32 %v, i32 1, i32 0)
  %r = extractvalue { i32, i1 } %s, 1
  ret i1 %r
}

; CHECK-LABEL: votes:
; CHECK: vote.all
; CHECK: vote.ballot r{{[0-9]+}}, {{!?}}p{{[0-9]}}, -1
define i32 @votes(i32 %a) {
  %p = icmp sgt i32 %a, 0
  %q = call i1 @llvm.nvvm.vote.all.sync(i32 -1, i1 %p)
  %r = call i32 @llvm.nvvm.vote.ballot.sync(i32 -1, i1 %q)
  ret i32 %r
}

; CHECK-LABEL: reduce:
; CHECK: redux.add
; CHECK: redux.max_u32
define i32 @reduce(i32 %a, i32 %m) {
  %x = call i32 @llvm.nvvm.redux.sync.add(i32 %a, i32 -1)
  %r = call i32 @llvm.nvvm.redux.sync.umax(i32 %x, i32 %m)
  ret i32 %r
}

; CHECK-LABEL: match:
; CHECK: match.any.b32
; CHECK: match.all.b64
define i32 @match(i32 %a, i64 %b) {
  %x = call i32 @llvm.nvvm.match.any.sync.i32(i32 -1, i32 %a)
  %y = call { i32, i1 } @llvm.nvvm.match.all.sync.i64p(i32 -1, i64 %b)
  %z = extractvalue { i32, i1 } %y, 0
  %r = add i32 %x, %z
  ret i32 %r
}

; CHECK-LABEL: barriers:
; CHECK: warpsync -1
; CHECK: bar.sync 3, r4
; CHECK: bar.red.popc r{{[0-9]+}}, 0, rz, {{!?}}p{{[0-9]}}
define i32 @barriers(i32 %n) {
  call void @llvm.nvvm.bar.warp.sync(i32 -1)
  call void @llvm.nvvm.barrier.cta.sync.aligned.count(i32 3, i32 %n)
  %p = icmp eq i32 %n, 5
  %r = call i32 @llvm.nvvm.barrier.cta.red.popc.aligned.all(i32 0, i1 %p)
  ret i32 %r
}

; A clock is read as often as the program reads it.
; CHECK-LABEL: clocks:
; CHECK: mov.sr64 {{r[0-9]+}}, sr_clock
; CHECK: mov.sr64 {{r[0-9]+}}, sr_clock
define i64 @clocks() {
  %a = call i64 @llvm.nvvm.read.ptx.sreg.clock64()
  %b = call i64 @llvm.nvvm.read.ptx.sreg.clock64()
  %r = sub i64 %b, %a
  ret i64 %r
}
