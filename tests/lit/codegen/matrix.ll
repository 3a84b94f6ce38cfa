; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
; Matrix operations: words of the IR are registers that follow each other.
target triple = "nvptx64-nvidia-cuda"

declare { i32, i32, i32, i32 } @__acc_warp.mma.m16n8k16.f32.f16.f16(i32, i32, i32, i32, i32, i32, i32, i32, i32, i32) convergent memory(none)
declare { double, double } @__acc_warp.mma.m8n8k4.f64(double, double, double, double) convergent memory(none)
declare { i32, i32 } @__acc_warp.mma.m8n8k16.s32.i8.satfinite.u8(i32, i32, i32, i32) convergent memory(none)
declare { i32, i32, i32, i32 } @__acc_warp.ldmatrix.x4.trans(i32) convergent memory(read)
declare void @__acc_warp.stmatrix.x2(i32, i32, i32) convergent
declare i32 @__acc_warp.movmatrix(i32) convergent memory(none)

; CHECK-LABEL: product:
; CHECK: ldmatrix.x4.trans [[A:r[0-9]+]], [{{r[0-9]+}}]
; CHECK: mma.m16n8k16.f32.f16.f16 [[D:r[0-9]+]], [[A]], {{r[0-9]+}}, [[D]]
; CHECK: mma.m16n8k16.f32.f16.f16 {{r[0-9]+}}, [[A]], {{r[0-9]+}}, [[D]]
define void @product(i32 %p, <2 x i32> %b, ptr addrspace(1) %c) {
  %a = call { i32, i32, i32, i32 } @__acc_warp.ldmatrix.x4.trans(i32 %p)
  %a0 = extractvalue { i32, i32, i32, i32 } %a, 0
  %a1 = extractvalue { i32, i32, i32, i32 } %a, 1
  %a2 = extractvalue { i32, i32, i32, i32 } %a, 2
  %a3 = extractvalue { i32, i32, i32, i32 } %a, 3
  %b0 = extractelement <2 x i32> %b, i32 0
  %b1 = extractelement <2 x i32> %b, i32 1
  %c4 = load <4 x i32>, ptr addrspace(1) %c, align 16
  %c0 = extractelement <4 x i32> %c4, i32 0
  %c1 = extractelement <4 x i32> %c4, i32 1
  %c2 = extractelement <4 x i32> %c4, i32 2
  %c3 = extractelement <4 x i32> %c4, i32 3
  %d = call { i32, i32, i32, i32 } @__acc_warp.mma.m16n8k16.f32.f16.f16(i32 %a0, i32 %a1, i32 %a2, i32 %a3, i32 %b0, i32 %b1, i32 %c0, i32 %c1, i32 %c2, i32 %c3)
  %d0 = extractvalue { i32, i32, i32, i32 } %d, 0
  %d1 = extractvalue { i32, i32, i32, i32 } %d, 1
  %d2 = extractvalue { i32, i32, i32, i32 } %d, 2
  %d3 = extractvalue { i32, i32, i32, i32 } %d, 3
  %e = call { i32, i32, i32, i32 } @__acc_warp.mma.m16n8k16.f32.f16.f16(i32 %a0, i32 %a1, i32 %a2, i32 %a3, i32 %b0, i32 %b1, i32 %d0, i32 %d1, i32 %d2, i32 %d3)
  %e0 = extractvalue { i32, i32, i32, i32 } %e, 0
  store i32 %e0, ptr addrspace(1) %c
  ret void
}

; CHECK-LABEL: doubles:
; CHECK: mma.m8n8k4.f64 r{{[0-9]+}}, r{{[0-9]+}}, r{{[0-9]+}}, r{{[0-9]+}}
define double @doubles(double %a, double %b) {
  %d = call { double, double } @__acc_warp.mma.m8n8k4.f64(double %a, double %b, double %a, double %b)
  %r = extractvalue { double, double } %d, 1
  ret double %r
}

; CHECK-LABEL: integers:
; CHECK: mma.m8n8k16.s32.i8.satfinite.u8.sb r{{[0-9]+}}, r4, r5, r4
; CHECK: movmatrix
; CHECK: stmatrix.x2 [r4], r{{[0-9]+}}
define void @integers(i32 %a, i32 %b) {
  %d = call { i32, i32 } @__acc_warp.mma.m8n8k16.s32.i8.satfinite.u8(i32 %a, i32 %b, i32 %a, i32 %b)
  %d0 = extractvalue { i32, i32 } %d, 0
  %d1 = extractvalue { i32, i32 } %d, 1
  %t = call i32 @__acc_warp.movmatrix(i32 %d1)
  call void @__acc_warp.stmatrix.x2(i32 %a, i32 %d0, i32 %t)
  ret void
}
