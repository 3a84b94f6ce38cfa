; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc %s | FileCheck %s
; RUN: acc-llc -filetype=obj %s -o %t.o && llvm-readelf -h -S -s -x .acc.params %t.o | FileCheck %s --check-prefix=OBJ
target triple = "nvptx64-nvidia-cuda"
@table = internal addrspace(3) global [32 x float] undef, align 4
@other = internal addrspace(3) global [8 x i64] undef, align 8
@coefficients = addrspace(4) externally_initialized global [4 x float] zeroinitializer, align 16

; Parameters are read from the buffer, each at the next multiple of its alignment; the kernel ends with exit.
; CHECK-LABEL: params:
; CHECK: mov.sr64 [[K:r[0-9]+]], sr_kernarg
; CHECK-DAG: ld.const.u8 r{{[0-9]+}}, {{\[}}[[K]] + 8]
; CHECK-DAG: ld.const.b64 r{{[0-9]+}}, {{\[}}[[K]]]
; CHECK-DAG: ld.const.b64 r{{[0-9]+}}, {{\[}}[[K]] + 16]
; CHECK: exit
; CHECK-LABEL: aggregate:
; CHECK: mov.sr64 [[K:r[0-9]+]], sr_kernarg
; CHECK: ld.{{const|generic}}.b64 r{{[0-9]+}}, {{\[}}[[K]] + 16]
; CHECK: exit
; CHECK: .section .acc.kernels
; CHECK: params.kd:
define ptx_kernel void @params(ptr addrspace(1) %out, i8 zeroext %b, double %d) #0 {
  %x = uitofp i8 %b to double
  %s = fadd double %x, %d
  store double %s, ptr addrspace(1) %out
  ret void
}
define ptx_kernel void @aggregate(ptr addrspace(1) %out, ptr byval({ i32, i64 }) align 8 %s) {
  %p = getelementptr { i32, i64 }, ptr %s, i32 0, i32 1
  %v = load i64, ptr %p
  store i64 %v, ptr addrspace(1) %out
  ret void
}
attributes #0 = { "nvvm.maxntid"="128,2" }

; OBJ: Machine: {{.*}}acc1
; OBJ: .acc.kernels PROGBITS {{.*}} 000080 00 A
; OBJ-DAG: 64 OBJECT LOCAL DEFAULT {{.*}} params.kd
; OBJ-DAG: 64 OBJECT LOCAL DEFAULT {{.*}} aggregate.kd
; OBJ-DAG: FUNC GLOBAL DEFAULT {{.*}} params
; OBJ: section '.acc.params'
; out: offset 0, size 8, align 8, pointer; b: offset 8, size 1, align 1; d: offset 16, size 8
; OBJ-NEXT: 00000000 08000000 08000000 01000000
; OBJ-NEXT: 08000000 01000000 01000000 00000000
; OBJ-NEXT: 10000000 08000000 08000000 00000000
