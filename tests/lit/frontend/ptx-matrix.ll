; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Matrix instructions of PTX become the machine's, which all threads of a warp call together; shapes that the machine lacks are made of others.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=switch-target,inline-ptx %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: define { float, float, float, float } @mma(
; CHECK: [[D:%.*]] = call { i32, i32, i32, i32 } @__acc_warp.mma.m16n8k16.f32.f16.f16(i32 %a, i32 %a, i32 %a, i32 %a, i32 %b, i32 %b, i32 0, i32 0, i32 0, i32 0) [[CONVERGENT:#[0-9]+]]
; CHECK: extractvalue { i32, i32, i32, i32 } [[D]], 3
define { float, float, float, float } @mma(i32 %a, i32 %b) {
  %r = call { float, float, float, float } asm sideeffect "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {$0,$1,$2,$3}, {$4,$4,$4,$4}, {$5,$5}, {0,0,0,0};", "=f,=f,=f,=f,r,r"(i32 %a, i32 %b)
  ret { float, float, float, float } %r
}

; Modifiers: A unsigned, B signed, saturating.
; CHECK-LABEL: define { i32, i32 } @integers(
; CHECK: @__acc_warp.mma.m8n8k16.s32.i8.satfinite.u8(i32 %a, i32 %b, i32 %a, i32 %b)
define { i32, i32 } @integers(i32 %a, i32 %b) {
  %r = call { i32, i32 } asm sideeffect "mma.sync.aligned.m8n8k16.row.col.satfinite.s32.u8.s8.s32 {$0,$1}, {$2}, {$3}, {$2,$3};", "=r,=r,r,r"(i32 %a, i32 %b)
  ret { i32, i32 } %r
}

; Of k = 16 the two halves, one after the other.
; CHECK-LABEL: define { double, double, double, double } @doubles(
; CHECK: [[H:%.*]] = call { double, double, double, double } @__acc_warp.mma.m16n8k8.f64(double [[A:%[0-9]+]], double [[A]], double [[A]], double [[A]], double [[B:%[0-9]+]], double [[B]], double [[A]], double [[A]], double [[A]], double [[A]])
; CHECK: [[H0:%.*]] = extractvalue { double, double, double, double } [[H]], 0
; CHECK: call { double, double, double, double } @__acc_warp.mma.m16n8k8.f64(double [[B]], double [[B]], double [[B]], double [[B]], double [[A]], double [[A]], double [[H0]]
define { double, double, double, double } @doubles(double %a, double %b) {
  %r = call { double, double, double, double } asm sideeffect "mma.sync.aligned.m16n8k16.row.col.f64.f64.f64.f64 {$0,$1,$2,$3}, {$4,$4,$4,$4,$5,$5,$5,$5}, {$5,$5,$4,$4}, {$4,$4,$4,$4};", "=d,=d,=d,=d,d,d"(double %a, double %b)
  ret { double, double, double, double } %r
}

; A generic address is one in shared memory.
; CHECK-LABEL: define { i32, i32 } @ldmatrix(
; CHECK: [[P:%.*]] = addrspacecast ptr {{.*}} to ptr addrspace(3)
; CHECK: [[A:%.*]] = ptrtoint ptr addrspace(3) [[P]] to i32
; CHECK: call { i32, i32 } @__acc_warp.ldmatrix.x2.trans(i32 [[A]])
define { i32, i32 } @ldmatrix(i64 %p) {
  %r = call { i32, i32 } asm sideeffect "ldmatrix.sync.aligned.x2.m8n8.trans.b16 {$0,$1}, [$2+16];", "=r,=r,l"(i64 %p)
  ret { i32, i32 } %r
}

; CHECK-LABEL: define void @stmatrix(
; CHECK: call void @__acc_warp.stmatrix.x1(i32 {{.*}}, i32 %v)
define void @stmatrix(i32 %p, i32 %v) {
  call void asm sideeffect "stmatrix.sync.aligned.m8n8.x1.shared::cta.b16 [$0], {$1};", "r,r,~{memory}"(i32 %p, i32 %v)
  ret void
}

; Four accumulators of a row of pieces: two products. The last registers of A and B repeat the first.
; CHECK-LABEL: define { i32, i32, i32, i32 } @wmma(
; CHECK: @__acc_warp.mma.m16n8k16.f16.f16.f16(i32 %a, i32 %a, i32 %a, i32 %a, i32 %b, i32 %b, i32 %a, i32 %a)
; CHECK: @__acc_warp.mma.m16n8k16.f16.f16.f16(i32 %a, i32 %a, i32 %a, i32 %a, i32 %b, i32 %b, i32 %b, i32 %b)
define { i32, i32, i32, i32 } @wmma(i32 %a, i32 %b) {
  %r = call { i32, i32, i32, i32 } asm sideeffect "wmma.mma.sync.aligned.col.row.m16n16k16.f16.f16 {$0,$1,$2,$3}, {$4,$4,$4,$4,$4,$4,$4,$4}, {$5,$5,$5,$5,$5,$5,$5,$5}, {$4,$4,$5,$5};", "=r,=r,=r,=r,r,r"(i32 %a, i32 %b)
  ret { i32, i32, i32, i32 } %r
}

; A by rows: two neighbours are one word; by columns they are loaded one by one.
; CHECK-LABEL: define i32 @load_rows(
; CHECK-COUNT-2: load volatile i32, ptr addrspace(1) {{.*}}, align 4
; CHECK-NOT: load
; CHECK: ret
define i32 @load_rows(i64 %p, i32 %s) {
  %r = call { i32, i32 } asm sideeffect "wmma.load.b.sync.aligned.col.m32n8k16.global.bf16 {$0,$1}, [$2], $3;", "=r,=r,l,r"(i64 %p, i32 %s)
  %e = extractvalue { i32, i32 } %r, 1
  ret i32 %e
}
; CHECK-LABEL: define i32 @load_columns(
; CHECK-COUNT-4: load i16, ptr addrspace(3) {{.*}}, align 2
; CHECK-NOT: load
; CHECK: ret
define i32 @load_columns(i32 %p) {
  %r = call { i32, i32 } asm "wmma.load.b.sync.aligned.row.m32n8k16.shared.bf16 {$0,$1}, [$2];", "=r,=r,r"(i32 %p)
  %e = extractvalue { i32, i32 } %r, 1
  ret i32 %e
}

; Stores are ordinary ones: a statement without results is volatile in any case.
; CHECK-LABEL: define void @store_rows(
; CHECK-COUNT-8: store i32 {{.*}}, ptr addrspace(1) {{.*}}, align 4
; CHECK-NOT: store
; CHECK: ret
define void @store_rows(i64 %p, i32 %s, float %f) {
  call void asm sideeffect "wmma.store.d.sync.aligned.row.m8n32k16.global.f32 [$0], {$2,$2,$2,$2,$2,$2,$2,$2}, $1;", "l,r,f"(i64 %p, i32 %s, float %f)
  ret void
}
; CHECK: attributes [[CONVERGENT]] = { convergent }
