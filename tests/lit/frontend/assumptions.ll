; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Type-based alias information goes, and a bool in memory is true when its byte is not 0.
; RUN: acc-frontend --passes=assumptions %s | FileCheck %s
; CHECK-NOT: tbaa
; CHECK-NOT: !range
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: define i1 @flag
; CHECK: %byte = load i8, ptr %p
; CHECK-NEXT: %[[TRUE:.*]] = icmp ne i8 %byte, 0
; CHECK-NEXT: ret i1 %[[TRUE]]
define i1 @flag(ptr %p) {
  %byte = load i8, ptr %p, align 1, !tbaa !0, !range !3, !noundef !4
  %value = trunc i8 %byte to i1
  ret i1 %value
}

; A range that says something else about a number stays a fact of the program.
; CHECK-LABEL: define i32 @number
; CHECK: load i32
define i32 @number(ptr %p) {
  %v = load i32, ptr %p, align 4, !tbaa !0
  ret i32 %v
}

!0 = !{!1, !1, i64 0}
!1 = !{!"bool", !2, i64 0}
!2 = !{!"Simple C++ TBAA"}
!3 = !{i8 0, i8 2}
!4 = !{}
