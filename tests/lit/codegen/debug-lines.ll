; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; RUN: acc-llc -filetype=obj %s -o %t.o && llvm-readelf -S -r %t.o | FileCheck %s
; Line tables are DWARF 5, and their references to code are 64-bit relocations.
target triple = "nvptx64-nvidia-cuda"

; CHECK-DAG: .debug_line
; CHECK-DAG: .rela.debug_line
; CHECK-DAG: .debug_info
define i32 @f(i32 %a) !dbg !4 {
  %r = mul i32 %a, 3, !dbg !7
  ret i32 %r, !dbg !8
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2, !3}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus_14, file: !1, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "f.cu", directory: "/src")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !{i32 7, !"Dwarf Version", i32 5}
!4 = distinct !DISubprogram(name: "f", scope: !1, file: !1, line: 1, type: !5, unit: !0, spFlags: DISPFlagDefinition)
!5 = !DISubroutineType(types: !6)
!6 = !{}
!7 = !DILocation(line: 2, scope: !4)
!8 = !DILocation(line: 3, scope: !4)
