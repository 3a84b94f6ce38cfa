; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
@a = internal addrspace(3) global [32 x i32] undef, align 4
@b = internal addrspace(3) global [16 x double] undef, align 8
@only_second = internal addrspace(3) global [100 x i32] undef, align 4
@dynamic = external addrspace(3) global [0 x i32], align 16

; Static variables are constants in the code: no address computation.
; CHECK-LABEL: first:
; CHECK: st.shared.b32 [rz + {{r[0-9]+}}<<2{{( \+ [0-9]+)?}}], {{r[0-9]+}}
; CHECK: bar.sync 0, rz
; CHECK: exit
; Unsized arrays start at sr_dyn_shared.
; CHECK-LABEL: second:
; CHECK: mov.sr [[D:r[0-9]+]], sr_dyn_shared
; CHECK: ld.shared.b32 {{r[0-9]+}}, {{\[}}[[D]] + {{r[0-9]+}}<<2]
; CHECK: exit
define ptx_kernel void @first(i32 %x) {
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %p = getelementptr [32 x i32], ptr addrspace(3) @a, i32 0, i32 %t
  store i32 %x, ptr addrspace(3) %p
  %q = getelementptr [16 x double], ptr addrspace(3) @b, i32 0, i32 %t
  store double 2.0, ptr addrspace(3) %q
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  ret void
}
define ptx_kernel void @second() {
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %p = getelementptr i32, ptr addrspace(3) @dynamic, i32 %t
  %v = load i32, ptr addrspace(3) %p
  %q = getelementptr [100 x i32], ptr addrspace(3) @only_second, i32 0, i32 %t
  store i32 %v, ptr addrspace(3) %q
  ret void
}
; Offset 0 is a variable's: null is the last offset, and a pointer that may be null is generic null again.
; CHECK-LABEL: not_null:
; CHECK: isetp.s32.ne {{p[0-9]}}, {{r[0-9]+}}, -1
define ptx_kernel void @not_null(ptr addrspace(1) %out, ptr addrspace(3) %p) {
  %c = icmp ne ptr addrspace(3) %p, addrspacecast (ptr null to ptr addrspace(3))
  %v = zext i1 %c to i32
  store i32 %v, ptr addrspace(1) %out
  ret void
}
; CHECK-LABEL: to_generic:
; CHECK: isetp.s32.eq {{p[0-9]}}, {{r[0-9]+}}, -1
; CHECK: st.global.b64
define ptx_kernel void @to_generic(ptr addrspace(1) %out, ptr addrspace(3) %p) {
  %g = addrspacecast ptr addrspace(3) %p to ptr
  store ptr %g, ptr addrspace(1) %out
  ret void
}
; Static sizes in the descriptors: 128 + 128 and 400 bytes (magic, version, flags, entry, name, registers, barriers, shared).
; CHECK: first.kd:
; CHECK-NEXT: .long {{0x44434341|1145258817}}
; CHECK-NEXT: .short 1
; CHECK-NEXT: .short 0
; CHECK-NEXT: .quad 0
; CHECK-NEXT: .long 0
; CHECK-NEXT: .short
; CHECK-NEXT: .short 1
; CHECK-NEXT: .long 256
; CHECK: second.kd:
; CHECK-NEXT: .long
; CHECK-NEXT: .short 1
; CHECK-NEXT: .short 0
; CHECK-NEXT: .quad 0
; CHECK-NEXT: .long 0
; CHECK-NEXT: .short
; CHECK-NEXT: .short 0
; CHECK-NEXT: .long 400
