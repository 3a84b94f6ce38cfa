; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Branches around moves are selections: threads that disagree need not run one after the other.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=selections %s | FileCheck %s

target triple = "acc"

; A key and its value change places with others: four selections, no branch.
; CHECK-LABEL: @swap(
; CHECK-NOT: br i1
; CHECK: select i1 %c, i32 %b, i32 %a
; CHECK-NEXT: select i1 %c, i32 %a, i32 %b
; CHECK-NEXT: select i1 %c, i32 %y, i32 %x
; CHECK-NEXT: select i1 %c, i32 %x, i32 %y
; CHECK-NEXT: br label %join
define i32 @swap(i32 %a, i32 %b, i32 %x, i32 %y) {
  %c = icmp sgt i32 %a, %b
  br i1 %c, label %then, label %join
then:
  br label %join
join:
  %p = phi i32 [ %b, %then ], [ %a, %0 ]
  %q = phi i32 [ %a, %then ], [ %b, %0 ]
  %r = phi i32 [ %y, %then ], [ %x, %0 ]
  %s = phi i32 [ %x, %then ], [ %y, %0 ]
  %t = sub i32 %p, %q
  %u = mul i32 %r, %t
  %v = xor i32 %s, %u
  ret i32 %v
}

; Both sides compute a little; a third way into the join keeps its values.
; CHECK-LABEL: @both(
; CHECK: switch i32 %first
; CHECK: head:
; CHECK: %one = add i32 %a, 1
; CHECK-NEXT: %other = mul i32 %b, 3
; CHECK-NEXT: [[V:%.*]] = select i1 %c, i32 %one, i32 %other
; CHECK-NEXT: br label %join
; CHECK: phi i32 [ 7, %0 ], [ [[V]], %head ]
define i32 @both(i32 %first, i32 %a, i32 %b) {
  switch i32 %first, label %head [ i32 5, label %join ]
head:
  %c = icmp eq i32 %a, %b
  br i1 %c, label %then, label %otherwise
then:
  %one = add i32 %a, 1
  br label %join
otherwise:
  %other = mul i32 %b, 3
  br label %join
join:
  %p = phi i32 [ %one, %then ], [ %other, %otherwise ], [ 7, %0 ]
  ret i32 %p
}

; What may fault, is a store, or is too much stays under its branch.
; CHECK-LABEL: @load(
; CHECK: br i1 %c
define i32 @load(i1 %c, ptr addrspace(1) %p) {
  br i1 %c, label %then, label %join
then:
  %v = load i32, ptr addrspace(1) %p
  br label %join
join:
  %r = phi i32 [ %v, %then ], [ 0, %0 ]
  ret i32 %r
}
; CHECK-LABEL: @divide(
; CHECK: br i1 %c
define i64 @divide(i1 %c, i64 %a) {
  br i1 %c, label %then, label %join
then:
  %v = udiv i64 %a, 7
  br label %join
join:
  %r = phi i64 [ %v, %then ], [ 0, %0 ]
  ret i64 %r
}
; CHECK-LABEL: @much(
; CHECK: br i1 %c
define i32 @much(i1 %c, i32 %a, i32 %b) {
  br i1 %c, label %then, label %join
then:
  %1 = add i32 %a, %b
  %2 = mul i32 %1, %b
  %3 = xor i32 %2, %a
  %4 = add i32 %3, %b
  %5 = mul i32 %4, %b
  %6 = xor i32 %5, %a
  br label %join
join:
  %r = phi i32 [ %6, %then ], [ 0, %0 ]
  ret i32 %r
}

; A loop's end is no side.
; CHECK-LABEL: @loop(
; CHECK: br i1 %again, label %body, label %end
define i32 @loop(i32 %n) {
  br label %body
body:
  %i = phi i32 [ 0, %0 ], [ %next, %body ]
  %next = add i32 %i, 1
  %again = icmp slt i32 %next, %n
  br i1 %again, label %body, label %end
end:
  ret i32 %i
}
