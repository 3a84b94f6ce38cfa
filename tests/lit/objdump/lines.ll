; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Instructions stand under the source lines that the IR gives them; kernels and symbols are listed.
; REQUIRES: acc-llc, accc-objdump
; RUN: acc-llc --filetype=obj %s -o %t.o
; RUN: accc-objdump -dl %t.o | FileCheck %s --check-prefix=LINES
; RUN: accc-objdump -x %t.o | FileCheck %s --check-prefix=HEADERS
; RUN: not accc-objdump %t.o.missing 2>&1 | FileCheck %s --check-prefix=MISSING

; LINES-LABEL: <scale>:
; LINES: ; /src/dir/scale.cu:20
; LINES: mov.sr64 {{r[0-9]+}}, sr_kernarg
; LINES: ; /src/dir/scale.cu:21
; LINES: mov.sr {{r[0-9]+}}, sr_tid_x
; LINES: ; /src/dir/scale.cu:22
; LINES: ld.global
; LINES: ; /src/dir/scale.cu:23
; LINES: fmul.f32
; LINES: st.global
; LINES: ; /src/dir/scale.cu:24
; LINES: exit

; HEADERS: Kernels:
; HEADERS-NEXT: scale
; HEADERS: 8 bytes of parameters
; HEADERS-NEXT: 0: offset 0, 8 bytes
; HEADERS: Symbols:
; HEADERS: kernel {{ *}}scale
; HEADERS: variable {{ *}}counter

; MISSING: accc-objdump: {{.*}}missing: cannot open the file

target triple = "acc-unknown-unknown-elf"

@counter = addrspace(1) externally_initialized global i32 7, align 4

define ptx_kernel void @scale(ptr addrspace(1) %out) !dbg !4 {
  %tid = call i32 @llvm.nvvm.read.ptx.sreg.tid.x(), !dbg !7
  %index = zext i32 %tid to i64, !dbg !8
  %place = getelementptr inbounds float, ptr addrspace(1) %out, i64 %index, !dbg !8
  %old = load volatile float, ptr addrspace(1) %place, align 4, !dbg !8
  %new = fmul float %old, 3.0, !dbg !9
  store volatile float %new, ptr addrspace(1) %place, align 4, !dbg !9
  ret void, !dbg !10
}

declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2, !3}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus_14, file: !1, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "scale.cu", directory: "/src/dir")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !{i32 2, !"Dwarf Version", i32 5}
!4 = distinct !DISubprogram(name: "scale", scope: !1, file: !1, line: 20, type: !5, scopeLine: 20, spFlags: DISPFlagDefinition, unit: !0)
!5 = !DISubroutineType(types: !6)
!6 = !{}
!7 = !DILocation(line: 21, column: 5, scope: !4)
!8 = !DILocation(line: 22, column: 5, scope: !4)
!9 = !DILocation(line: 23, column: 5, scope: !4)
!10 = !DILocation(line: 24, column: 1, scope: !4)
