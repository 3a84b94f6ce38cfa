; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; What is not known is named, with the statement.
; REQUIRES: acc-frontend
; RUN: not acc-frontend --passes=switch-target,inline-ptx %s 2>&1 | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
define i32 @errors(i32 %a) {
; CHECK: inline PTX 'frob.u32 $0, $1': instruction 'frob' is not supported
  %r = call i32 asm "frob.u32 $0, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mov.u32 $0, %nosuch': register %nosuch
  %s = call i32 asm "mov.u32 $0, %nosuch;", "=r"()
; CHECK: inline PTX 'bra done': instruction 'bra' is not supported
  call void asm sideeffect "bra done;", ""()
; CHECK: inline PTX 'add.u32 $0, $1': expected 3 operands
  %t = call i32 asm "add.u32 $0, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX in 'mov.u32 $0 $1': expected ','
  %u = call i32 asm "mov.u32 $0 $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mov.u32 $0, $7': operand number out of range
  %v = call i32 asm "mov.u32 $0, $7;", "=r,r"(i32 %a)
  ret i32 %r
}
