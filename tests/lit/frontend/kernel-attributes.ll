; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Kernels know what they reach; undefined functions are errors.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=kernel-attributes %s | FileCheck %s
; RUN: not acc-frontend --passes=kernel-attributes %S/Inputs/undefined.ll 2>&1 | FileCheck --check-prefix=ERROR %s
; ERROR-DAG: device function 'missing' is used but not defined
; ERROR-DAG: device variable 'gone' is used but not defined
target triple = "acc-unknown-unknown-elf"
declare i64 @__acc_sr_printf()
declare i64 @__acc_sr_heap()
; CHECK-NOT: @unused
declare void @unused()

define internal i64 @message() {
  %p = call i64 @__acc_sr_printf()
  ret i64 %p
}
; CHECK: define ptx_kernel void @plain() {
define ptx_kernel void @plain() {
  ret void
}
; CHECK: define ptx_kernel void @prints() [[PRINTS:#[0-9]+]]
define ptx_kernel void @prints() {
  %p = call i64 @message()
  ret void
}
; CHECK: define ptx_kernel void @allocates() [[HEAP:#[0-9]+]]
define ptx_kernel void @allocates() {
  %p = call i64 @__acc_sr_heap()
  ret void
}
; CHECK-DAG: attributes [[PRINTS]] = { "acc-hostcall" }
; CHECK-DAG: attributes [[HEAP]] = { "acc-heap" }
