; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; The scopes that the headers name in calls go to the atomics and fences; the calls are gone.
; RUN: acc-frontend --passes=atomic-scopes %s | FileCheck %s
; CHECK-NOT: __acc_
target triple = "nvptx64-nvidia-cuda"

declare ptr @__acc_atomic_scope(ptr, i32)
declare void @__acc_fence_scope(i32)

; CHECK-LABEL: define void @scopes
define void @scopes(ptr %p) {
  %system = call ptr @__acc_atomic_scope(ptr %p, i32 0)
  %device = call ptr @__acc_atomic_scope(ptr %p, i32 1)
  %block = call ptr @__acc_atomic_scope(ptr %p, i32 2)
  %warp = call ptr @__acc_atomic_scope(ptr %p, i32 3)
  %thread = call ptr @__acc_atomic_scope(ptr %p, i32 4)
  %cluster = call ptr @__acc_atomic_scope(ptr %p, i32 5)
  ; CHECK-NEXT: atomicrmw add ptr %p, i32 1 monotonic
  %1 = atomicrmw add ptr %system, i32 1 monotonic
  ; CHECK-NEXT: atomicrmw add ptr %p, i32 2 syncscope("device") monotonic
  %2 = atomicrmw add ptr %device, i32 2 monotonic
  ; CHECK-NEXT: cmpxchg ptr %p, i32 1, i32 2 syncscope("block") monotonic monotonic
  %3 = cmpxchg ptr %block, i32 1, i32 2 monotonic monotonic
  ; CHECK-NEXT: store atomic i32 1, ptr %p syncscope("block") release
  store atomic i32 1, ptr %warp release, align 4
  ; CHECK-NEXT: load atomic i32, ptr %p syncscope("singlethread") monotonic
  %4 = load atomic i32, ptr %thread monotonic, align 4
  ; CHECK-NEXT: atomicrmw fadd ptr %p, float 1.000000e+00 syncscope("cluster") monotonic
  %5 = atomicrmw fadd ptr %cluster, float 1.0 monotonic
  ; CHECK-NEXT: fence syncscope("device") acq_rel
  call void @__acc_fence_scope(i32 1)
  fence acq_rel
  ; CHECK-NEXT: fence seq_cst
  call void @__acc_fence_scope(i32 0)
  fence seq_cst
  ret void
}
