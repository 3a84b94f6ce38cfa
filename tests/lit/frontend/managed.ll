; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Managed variables: the module holds a slot for their address, and their initial value.
; REQUIRES: acc-frontend
; RUN: acc-frontend --passes=managed %s | FileCheck %s
target triple = "acc-unknown-unknown-elf"
@.mark = private constant [12 x i8] c"acc.managed\00", section "llvm.metadata"
@.file = private constant [2 x i8] c"x\00", section "llvm.metadata"
; CHECK-NOT: @llvm.global.annotations
; CHECK-DAG: @counter = addrspace(1) externally_initialized global ptr addrspace(1) null, !acc.managed
; CHECK-DAG: @table = addrspace(1) externally_initialized global ptr addrspace(1) null, !acc.managed
; CHECK-DAG: @table.init = {{.*}}constant [2 x i32] [i32 1, i32 2]
; CHECK-NOT: @counter.init
@counter = addrspace(1) externally_initialized global i32 0
@table = addrspace(1) externally_initialized global [2 x i32] [i32 1, i32 2]
@plain = addrspace(1) externally_initialized global i32 7
@llvm.global.annotations = appending global [2 x { ptr, ptr, ptr, i32, ptr }] [
  { ptr, ptr, ptr, i32, ptr } { ptr addrspacecast (ptr addrspace(1) @counter to ptr), ptr @.mark, ptr @.file, i32 1, ptr null },
  { ptr, ptr, ptr, i32, ptr } { ptr addrspacecast (ptr addrspace(1) @table to ptr), ptr @.mark, ptr @.file, i32 2, ptr null }], section "llvm.metadata"
@llvm.compiler.used = appending global [1 x ptr] [ptr addrspacecast (ptr addrspace(1) @counter to ptr)], section "llvm.metadata"

; CHECK-LABEL: define ptx_kernel void @k(
; CHECK: [[A:%.*]] = load ptr addrspace(1), ptr addrspace(1) @counter, {{.*}}!invariant.load
; CHECK: store i32 1, ptr {{.*}}
; CHECK: load ptr addrspace(1), ptr addrspace(1) @table
; CHECK: store i32 9, ptr addrspace(1) @plain
define ptx_kernel void @k(i64 %i) {
  store i32 1, ptr addrspacecast (ptr addrspace(1) @counter to ptr)
  %p = getelementptr i32, ptr addrspacecast (ptr addrspace(1) @table to ptr), i64 %i
  store i32 2, ptr %p
  store i32 9, ptr addrspace(1) @plain
  ret void
}
