; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Texture and surface instructions by name. Coordinates that a geometry does not have cost nothing.
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
%words = type { i32, i32, i32, i32 }

; CHECK-LABEL: fetch:
; CHECK-NOT: rz
; CHECK: tex.2d [[D:r[0-9]+]], r4, r{{[0-9]+}}, rz
; CHECK-NOT: mov.b32 {{.*}}, 0
; CHECK: ret
define float @fetch(i64 %t, float %x, float %y) {
  %w = call %words @__acc_tex.2d(i64 %t, float %x, float %y, float 0.0, i32 0, i32 0)
  %r = extractvalue %words %w, 0
  %f = bitcast i32 %r to float
  ret float %f
}
declare %words @__acc_tex.2d(i64, float, float, float, i32, i32)

; CHECK-LABEL: others:
; CHECK: tex.1d.s32 {{r[0-9]+}}, r4, {{r[0-9]+}}, rz
; CHECK: tex.lod.acube {{r[0-9]+}}, r4, {{r[0-9]+}}, {{r[0-9]+}}
; CHECK: tex.grad.3d
; CHECK: tex.gather.a2d.b {{r[0-9]+}}, r4, {{r[0-9]+}}, rz
; CHECK: tex.query.height {{r[0-9]+}}, r4, rz
define i32 @others(i64 %t, i32 %i, float %x) {
  %a = call %words @__acc_tex.1d.s32(i64 %t, i32 %i, i32 0, i32 0, i32 0, i32 0)
  %b = call %words @__acc_tex.lod.acube(i64 %t, float %x, float %x, float %x, i32 %i, float %x, i32 0)
  %c = call %words @__acc_tex.grad.3d(i64 %t, float %x, float %x, float %x, i32 0, float %x, float %x, float %x, float %x, float %x, float %x, i32 0, i32 0)
  %d = call %words @__acc_tex.gather.a2d.b(i64 %t, float %x, float %x, float 0.0, i32 %i, i32 0)
  %e = call i32 @__acc_tex.query.height(i64 %t, i32 0)
  %a3 = extractvalue %words %a, 3
  %b2 = extractvalue %words %b, 2
  %c1 = extractvalue %words %c, 1
  %d0 = extractvalue %words %d, 0
  %s1 = add i32 %a3, %b2
  %s2 = add i32 %c1, %d0
  %s3 = add i32 %s1, %s2
  %s4 = add i32 %s3, %e
  ret i32 %s4
}
declare %words @__acc_tex.1d.s32(i64, i32, i32, i32, i32, i32)
declare %words @__acc_tex.lod.acube(i64, float, float, float, i32, float, i32)
declare %words @__acc_tex.grad.3d(i64, float, float, float, i32, float, float, float, float, float, float, i32, i32)
declare %words @__acc_tex.gather.a2d.b(i64, float, float, float, i32, i32)
declare i32 @__acc_tex.query.height(i64, i32)

; A surface's accesses stay in order.
; CHECK-LABEL: surfaces:
; CHECK: surf.ld.2d.zero.b32
; CHECK: surf.st.2d.clamp.b64
; CHECK: surf.ld.2d.zero.b32
define i32 @surfaces(i64 %s, i32 %x, i32 %y, i32 %v) {
  %a = call %words @__acc_surf.ld.2d.zero.b32(i64 %s, i32 %x, i32 %y, i32 0, i32 0)
  call void @__acc_surf.st.2d.clamp.b64(i64 %s, i32 %x, i32 %y, i32 0, i32 0, i32 %v, i32 %v, i32 0, i32 0)
  %b = call %words @__acc_surf.ld.2d.zero.b32(i64 %s, i32 %x, i32 %y, i32 0, i32 0)
  %a0 = extractvalue %words %a, 0
  %b0 = extractvalue %words %b, 0
  %r = sub i32 %a0, %b0
  ret i32 %r
}
declare %words @__acc_surf.ld.2d.zero.b32(i64, i32, i32, i32, i32)
declare void @__acc_surf.st.2d.clamp.b64(i64, i32, i32, i32, i32, i32, i32, i32, i32)
