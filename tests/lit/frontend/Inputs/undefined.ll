; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
target triple = "acc-unknown-unknown-elf"
@gone = external addrspace(1) global i32
declare void @missing()
define ptx_kernel void @k() {
  call void @missing()
  store i32 1, ptr addrspace(1) @gone
  ret void
}
