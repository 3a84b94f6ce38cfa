; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: not acc-llc %s -o /dev/null 2>%t.txt
; RUN: FileCheck %s < %t.txt
; RUN: not acc-llc -O0 -filetype=obj %s -o /dev/null 2>&1 | FileCheck %s
; What cannot be compiled is named with its place; every one is reported, and the process goes on to its end.
target triple = "nvptx64-nvidia-cuda"

; CHECK-DAG: error: file.cu:7:3: in function write_constant {{.*}}: the device cannot do this: a store to constant memory
define void @write_constant(ptr addrspace(4) %p) !dbg !4 {
  store i32 1, ptr addrspace(4) %p, !dbg !5
  ret void
}

; CHECK-DAG: in function write_vector {{.*}}: a store to constant memory
define void @write_vector(ptr addrspace(4) %p, <4 x i32> %v) {
  store <4 x i32> %v, ptr addrspace(4) %p, align 16
  ret void
}

; CHECK-DAG: in function unknown_space {{.*}}: an access to address space 7
define i64 @unknown_space(ptr addrspace(7) %p) {
  %v = load i64, ptr addrspace(7) %p
  ret i64 %v
}

; CHECK-DAG: in function atomic_in_constant {{.*}}: an atomic operation in address space 4
define i32 @atomic_in_constant(ptr addrspace(4) %p) {
  %v = atomicrmw add ptr addrspace(4) %p, i32 1 monotonic
  ret i32 %v
}

; CHECK-DAG: in function unknown_scope {{.*}}: the synchronisation scope 'galaxy'
define i32 @unknown_scope(ptr %p) {
  %v = atomicrmw add ptr %p, i32 1 syncscope("galaxy") monotonic
  ret i32 %v
}

; CHECK-DAG: in function unknown_scope_load {{.*}}: the synchronisation scope 'galaxy'
define i32 @unknown_scope_load(ptr %p) {
  %v = load atomic i32, ptr %p syncscope("galaxy") monotonic, align 4
  ret i32 %v
}

; CHECK-DAG: in function unknown_scope_fence {{.*}}: the synchronisation scope 'galaxy'
define void @unknown_scope_fence() {
  fence syncscope("galaxy") acq_rel
  ret void
}

; CHECK-DAG: in function local_variable {{.*}}: 'local': variables in local memory have no fixed address
@local = internal addrspace(5) global i32 undef
define ptr addrspace(5) @local_variable() {
  ret ptr addrspace(5) @local
}

; CHECK-DAG: in function no_such_register {{.*}}: the special register sr_nonsense
declare i32 @__acc_sr_nonsense()
define i32 @no_such_register() {
  %v = call i32 @__acc_sr_nonsense()
  ret i32 %v
}

; CHECK-DAG: in function trap_code {{.*}}: a code of __acc_trap that is no constant
declare void @__acc_trap(i32)
define void @trap_code(i32 %code) {
  call void @__acc_trap(i32 %code)
  ret void
}

; CHECK-DAG: in function huge_frame {{.*}}: a stack frame of 4294967312 bytes
declare void @use(ptr)
define void @huge_frame() {
  %a = alloca [4294967296 x i8], align 16, addrspace(5)
  %p = addrspacecast ptr addrspace(5) %a to ptr
  call void @use(ptr %p)
  ret void
}

; CHECK-DAG: error: file.cu:9:0: in function _Z5localPi {{.*}}: kernel 'local(int*)' uses too much local memory per thread: 600000 bytes (0x927c0), at most 524288 (0x80000) are possible
define ptx_kernel void @_Z5localPi(ptr %p) !dbg !6 {
  %a = alloca [600000 x i8], align 16, addrspace(5)
  %g = addrspacecast ptr addrspace(5) %a to ptr
  store ptr %g, ptr %p
  ret void
}

; CHECK-DAG: error: file.cu:11:0: in function _Z6sharedPi {{.*}}: kernel 'shared(int*)' uses too much shared memory: 49156 bytes (0xc004), at most 49152 (0xc000) are possible; the largest variable is 'large' with 49152
@large = internal addrspace(3) global [49152 x i8] undef, align 4
@small = internal addrspace(3) global i32 undef, align 4
define ptx_kernel void @_Z6sharedPi(ptr %p) !dbg !7 {
  %a = addrspacecast ptr addrspace(3) @large to ptr
  %b = addrspacecast ptr addrspace(3) @small to ptr
  store ptr %a, ptr %p
  store ptr %b, ptr %p
  ret void
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!8}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus, file: !1, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "file.cu", directory: "")
!2 = !DISubroutineType(types: !3)
!3 = !{}
!4 = distinct !DISubprogram(name: "write_constant", file: !1, line: 6, type: !2, scopeLine: 6, spFlags: DISPFlagDefinition, unit: !0)
!5 = !DILocation(line: 7, column: 3, scope: !4)
!6 = distinct !DISubprogram(name: "local", file: !1, line: 9, type: !2, scopeLine: 9, spFlags: DISPFlagDefinition, unit: !0)
!7 = distinct !DISubprogram(name: "shared", file: !1, line: 11, type: !2, scopeLine: 11, spFlags: DISPFlagDefinition, unit: !0)
!8 = !{i32 2, !"Debug Info Version", i32 3}

; CHECK-DAG: in function unknown_operation {{.*}}: the machine operation fadd.f32.upwards
define float @unknown_operation(float %a) {
  %v = call float @__acc_op.fadd.f32.upwards(float %a, float %a)
  ret float %v
}
declare float @__acc_op.fadd.f32.upwards(float, float)
